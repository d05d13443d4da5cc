"""Execute the notebooks in place, byte for byte the same on unchanged inputs."""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from sourcebook.inputs import OUTPUTS, STAMP, inputs_digest, outputs_digest
from sourcebook.paths import NOTEBOOKS


def paths(root: Path) -> list[Path]:
    """Return the notebooks in the order of their names."""
    return sorted((root / NOTEBOOKS).glob("*.ipynb"))


def _tidy(notebook: Any, stamp: str) -> None:
    """Take out what differs between machines; keep what readers and nbval need."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, STAMP: stamp}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def _text(notebook: Any) -> str:
    return str(nbformat.writes(notebook, version=4, indent=1, ensure_ascii=False)).rstrip("\n") + "\n"


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
        extra_arguments=["--log-level=ERROR"],  # each kernel would warn that it listens on this machine without a cipher
    )  # fmt: skip
    client.execute(env={**os.environ, "PYTHONHASHSEED": "0", "MPLBACKEND": "agg"})
    _tidy(notebook, stamp)
    notebook.metadata[OUTPUTS] = outputs_digest(json.loads(_text(notebook)))
    path.write_text(_text(notebook), encoding="utf-8", newline="\n")
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
