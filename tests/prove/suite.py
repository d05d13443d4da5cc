"""Tests that can't fail: the census of them, and tests emptied for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from prove.mutants import kind, shuffled

FAILS = ("raises", "wait_for_selector")
"""What of pytest and playwright fails by itself."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(root: Path) -> dict[str, str]:
    """The modules of the suite by their paths."""
    paths = [*root.glob("tests/*.py"), *root.glob("tests/browser/*.py")]
    return {p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in sorted(paths)}


def idle(modules: Mapping[str, str]) -> list[str]:
    """Return each test in which nothing can fail: it asserts nothing, and calls nothing that does."""
    functions = {path: list(_functions(text)) for path, text in modules.items()}
    able = {f.name for found in functions.values() for f, fails, _ in found if fails}
    calls = {f.name: called for found in functions.values() for f, _, called in found}
    while more := {name for name, called in calls.items() if name not in able and called & able}:
        able |= more
    return [
        f"{path}:{f.lineno}: {f.name} can't fail: assert something, or drop it"
        for path, found in functions.items()
        for f, fails, called in found
        if f.name.startswith("test_") and not fails and not called & able
    ]


@lru_cache(maxsize=1 << 10)
def _functions(text: str) -> tuple[tuple[Function, bool, frozenset[str]], ...]:
    """Return every function of a module, whether it can fail by itself, and what it calls."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            inside = [part for line in node.body for part in ast.walk(line)]
            called = {_name(part.func) for part in inside if isinstance(part, ast.Call)}
            fails = any(isinstance(part, ast.Assert) for part in inside) or not called.isdisjoint(FAILS)
            found.append((node, fails, frozenset(called)))
    return tuple(found)


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def tests(source, rng) -> Iterator[tuple[str, Function]]:
    """The tests of the suite, drawn."""
    found = [(path, f) for path, text in sources(source.root).items() for f, _, _ in _functions(text)]
    return iter(shuffled(rng, ((path, f) for path, f in found if f.name.startswith("test_"))))


def lines_of(source, path: str, node: ast.AST):
    """The offsets of the lines of some code."""
    starts = [0]
    for line in source.text(path).splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts[node.lineno - 1], starts[node.end_lineno]


@kind("a test emptied", "suite.idle", 20)
def body_emptied(source, rng):
    for path, function in tests(source, rng):
        start, end = lines_of(source, path, function.body[0])[0], lines_of(source, path, function.body[-1])[1]
        indent = " " * function.body[0].col_offset
        yield (source.cut(path, start, end, f"{indent}pass\n"),), path, f": {function.name} can't fail"


@kind("the asserts of a test taken out", "suite.idle", 10)
def asserts_removed(source, rng):
    for path, function in tests(source, rng):
        asserts = [line for line in function.body if isinstance(line, ast.Assert)]
        others = [line for line in function.body if line not in asserts]
        inside = [part for line in others for part in ast.walk(line)]
        called = any(isinstance(part, ast.Assert | ast.Call) for part in inside)
        if asserts and not called:  # what it calls may still fail, and says so
            splices = []
            for line in asserts:
                start, end = lines_of(source, path, line)
                splices.append(source.cut(path, start, end, f"{' ' * line.col_offset}pass\n"))
            yield tuple(splices), path, f": {function.name} can't fail"
