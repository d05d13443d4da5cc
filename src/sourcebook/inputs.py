"""What a notebook's outputs depend on, and one digest of it; and one of the outputs themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

STAMP = "sourcebook_inputs"
OUTPUTS = "sourcebook_outputs"
_PACKAGE = "src/sourcebook"
_NOT_INPUTS = ("sphinx_ext", "pdf", "exports.py", "schema_org.py")  # they act on the pages, after the notebooks
_INPUTS = ("data", "seeds")


def input_files(root: Path) -> Iterator[Path]:
    """Yield the files that a notebook's outputs depend on: tables, outlines, package and lock.

    The judgements are in none of them: they rest on the notebooks, and no notebook shows one.
    """
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


def outputs_digest(notebook: Mapping[str, Any]) -> str:
    """Return one sha256 over a notebook's cells of code, as its file has them: sources, counts and outputs.

    Who changes one of them by hand has not executed it. That the outputs are what the sources give, nbval proves.
    """
    keys = ("execution_count", "outputs", "source")
    cells = [{key: cell.get(key) for key in keys} for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()
