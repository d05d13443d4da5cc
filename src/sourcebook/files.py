"""Read a file of the record as text, with what is wrong with its bytes; and keep names within their folder."""

from __future__ import annotations

import re
from pathlib import Path

from sourcebook.errors import Problem


def read_text(root: Path, path: str, if_missing: str) -> tuple[str | None, list[Problem]]:
    """Return the text of a file, None if it has none, and what is wrong with its bytes.

    `if_missing` says what to do where the file is not there.
    """
    try:
        raw = (root / path).read_bytes()
        text = raw.decode("utf-8")
    except FileNotFoundError:
        return None, [Problem(path, 1, "file is missing", if_missing)]
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Problem(path, line, "is not UTF-8", "save the file as UTF-8")]
    problems = []
    if text.startswith("\ufeff"):
        problems.append(Problem(path, 1, "begins with a byte-order mark", "save the file as UTF-8 without it"))
    strange = (("\r", "line ends with CR", "save the file with LF line ends"), ("\0", "holds a NUL byte", "delete it"))
    for mark, what, todo in strange:
        if mark in text:
            problems.append(Problem(path, text.count("\n", 0, text.index(mark)) + 1, what, todo))
    return text, problems


def inside(folder: Path, name: str) -> Path | None:
    """Return the file of this name in a folder; None where the name leads out of it."""
    if not name or name in (".", "..") or any(mark in name for mark in "/\\\0:"):
        return None
    return folder / name


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a cell begins that a spreadsheet takes for a formula, full-width forms included."""


def begins_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell: it begins as a formula does, and is no number."""
    return cell.startswith(FORMULA) and not re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", cell)


def inert_cell(cell: object) -> object:
    """Return a cell as a spreadsheet shows it and does not run it: a text that begins as a formula gets an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and begins_formula(cell) else cell
