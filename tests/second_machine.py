"""Another machine, simulated: its processor, hash seed, time zone and locale; and the proof that it is one.

Of the hash seed there is none: `sourcebook.notebooks.execute` gives every kernel the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FIRST = {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
SECOND = {
    "PYTHONHASHSEED": "4242",
    "TZ": "Pacific/Chatham",
    "LC_ALL": "C",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Prescott",
}
PROBE = """
import ctypes, json, locale, time
from pathlib import Path
import numpy
from numpy._core._multiarray_umath import __cpu_features__ as features
wanted = ("X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR")
(path,) = Path(numpy.__file__).parents[1].glob("numpy.libs/*openblas*")
core = ctypes.CDLL(str(path)).scipy_openblas_get_corename64_
core.restype = ctypes.c_char_p
found = {name: features[name] for name in wanted if name in features}
own = {"zone": time.strftime("%z"), "locale": locale.setlocale(locale.LC_CTYPE)}
print(json.dumps({"features": found, "core": core().decode(), **own}))
"""
"""What a process knows of itself: numpy's dispatched features, for which processor OpenBLAS computes, its time zone and locale."""


def environment(of: dict[str, str], **more: str) -> dict[str, str]:
    """Return the environment of a process on one of the machines."""
    return {**{k: v for k, v in os.environ.items() if k not in SECOND}, **of, **more}


def probe(of: dict[str, str], folder: Path) -> dict[str, object]:
    """Return what a kernel, started as those of the notebooks are, knows of its machine; the notebook that asked stays."""
    cell = {"cell_type": "code", "execution_count": None, "id": "probe", "metadata": {}, "outputs": [], "source": PROBE}
    path = folder / "probe.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    run = f"from pathlib import Path; from sourcebook.notebooks import execute; execute(Path({str(path)!r}), '')"
    subprocess.run([sys.executable, "-c", run], env=environment(of), check=True)
    (output,) = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["outputs"]
    return dict(json.loads("".join(output["text"])))


def not_simulated(folder: Path) -> list[str]:
    """Return what keeps the second machine from being another: a name that numpy or OpenBLAS does not know only warns."""
    first, second = probe(FIRST, folder), probe(SECOND, folder)
    told = [] if second["features"] else ["numpy knows none of these features: the simulation needs other names"]
    told += [f"the feature {name} is on" for name, on in dict(second["features"]).items() if on]  # type: ignore[call-overload]
    if any(dict(first["features"]).values()) and first["core"] == second["core"]:  # type: ignore[call-overload]
        told.append(f"OpenBLAS runs its kernels for {first['core']} on both")
    return told + [f"the {what} is {first[what]} on both" for what in ("zone", "locale") if first[what] == second[what]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> object:
    """Have nbval start the kernels of notebooks on the second machine, whose outputs shall be those that are stored."""
    with pytest.MonkeyPatch.context() as patch:
        if item.path.suffix == ".ipynb":
            for name, value in SECOND.items():
                patch.setenv(name, value)
        return (yield)
