"""Problems that are collected, and exceptions that are raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place, with what to do about it.

    Its text is ``file:line: what is wrong: what to do``.
    """

    path: str
    line: int
    what: str
    todo: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}: {self.todo}"


class SourcebookError(Exception):
    """Base of every exception of this package."""


class LedgerError(SourcebookError):
    """The tables cannot be read as a ledger; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UnknownId(SourcebookError, KeyError):
    """No record has this id; the message names the nearest ones."""

    def __init__(self, kind: str, key: str, known: Iterable[str]) -> None:
        near = get_close_matches(key, list(known), n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        self.message = f"no {kind} has the id {key!r}{hint}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class Silence(SourcebookError):
    """Nothing is said that could be measured."""


class SetAside(SourcebookError):
    """What was asked for rests only on documents that are set aside."""


class UnitMismatch(SourcebookError, ValueError):
    """Two quantities of different kinds were added or compared."""


class FigureError(SourcebookError, ValueError):
    """A figure breaks the contract of `sourcebook.charts.show`."""
