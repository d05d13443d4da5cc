"""Execute the notebooks in place, byte for byte the same on unchanged inputs."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from sourcebook.paths import NOTEBOOKS

STAMP = "sourcebook_inputs"
_PACKAGE = "src/sourcebook"
_NOT_INPUTS = ("sphinx_ext", "pdf")  # they act on the pages, after the notebooks
_INPUTS = ("data", "seeds")


def input_files(root: Path) -> Iterator[Path]:
    """Yield the files that a notebook's outputs depend on: data, package and lock."""
    yield root / "datapackage.json"
    yield root / "requirements.txt"
    for folder in _INPUTS:
        yield from (p for p in sorted((root / folder).rglob("*")) if p.suffix in (".csv", ".geojson"))
    for path in sorted((root / _PACKAGE).rglob("*.py")):
        if path.relative_to(root / _PACKAGE).parts[0] not in _NOT_INPUTS:
            yield path


def inputs_digest(root: Path) -> str:
    """Return one sha256 over the names and bytes of `input_files`."""
    total = hashlib.sha256()
    for path in input_files(root):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def paths(root: Path) -> list[Path]:
    """Return the notebooks in the order of their names."""
    return sorted((root / NOTEBOOKS).glob("*.ipynb"))


def _tidy(notebook: Any, stamp: str) -> None:
    """Take out what differs between machines; keep what readers and nbval need."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, STAMP: stamp}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def execute(path: Path, stamp: str) -> float:
    """Run one notebook from a fresh kernel and write it back; return the seconds it took.

    Raises
    ------
    CellExecutionError
        If a cell fails; the file is then left as it was.
    """
    began = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )  # fmt: skip
    client.execute(env={**os.environ, "PYTHONHASHSEED": "0", "MPLBACKEND": "agg"})
    _tidy(notebook, stamp)
    text = nbformat.writes(notebook, version=4, indent=1, ensure_ascii=False)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    return time.perf_counter() - began


def execute_all(root: Path, workers: int = 2) -> int:
    """Execute every notebook, `workers` at a time, say how it went, and return the exit code."""
    stamp, failed = inputs_digest(root), 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        jobs = [(path, pool.submit(execute, path, stamp)) for path in paths(root)]
        for path, job in jobs:
            try:
                print(f"  {path.name}: {job.result():.1f} s", flush=True)
            except CellExecutionError as error:
                failed += 1
                print(f"  {path.name}: failed\n{error}", file=sys.stderr, flush=True)
    print(f"{len(jobs) - failed} of {len(jobs)} notebooks executed")
    return 1 if failed else 0
