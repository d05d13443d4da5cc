"""What CONTRIBUTING says of the tree, held against the tree."""

from __future__ import annotations

import ast
import re

from sourcebook.paths import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "src/sourcebook"


def imported(path):
    """The parts of the package that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "sourcebook":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sourcebook."):
            yield node.module.split(".")[1]


def test_imports_point_the_way_that_is_written():
    (written,) = re.findall(r"Imports point one way: `(.*)`", TEXT)
    ranks = {part: rank for rank, group in enumerate(written.split(" → ")) for part in group.split()}
    parts = {path: path.relative_to(PACKAGE).with_suffix("").parts[0] for path in PACKAGE.rglob("*.py")}
    assert set(parts.values()) == {*ranks, "__init__"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for path, part in parts.items()
        if part != "__init__"
        for other in imported(path)
        if other in ranks and ranks[other] > ranks[part]
    ]
    assert wrong == []
    assert len(parts) > 80


def test_every_file_that_owns_something_is_there():
    table = TEXT[TEXT.index("| file | owns |") : TEXT.index("## Decisions where")]
    named = [name for row in re.findall(r"(?m)^\| (`.*?) \|", table) for name in re.findall(r"`([^`]+)`", row)]
    folders = (ROOT, PACKAGE, PACKAGE / "sphinx_ext")
    assert [name for name in named if not any([*folder.glob(name)] for folder in folders)] == []
    assert len(named) > 60
