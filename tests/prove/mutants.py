"""What a planted error is, where it is planted, and the tree in which it stands for as long as a gate looks."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from sourcebook.ledger import Ledger, Table, read_tables

SEED = "2026-11"
"""What the generator of the full table starts from."""
EACH = 6
"""How many errors of a kind are planted, where a kind does not say otherwise."""
T = TypeVar("T")


@dataclass(frozen=True)
class Splice:
    """Characters of a file, and what takes their place."""

    path: str
    line: int
    start: int
    end: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_short(self.old)} → {_short(self.new)}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")


@dataclass(frozen=True)
class Mutant:
    """One error.

    Attributes
    ----------
    kind : str
        What is wrong, in the words of the table.
    gate : str
        The gate that must find it, a key of `gates.GATES`.
    splices : tuple of Splice
        What is changed; the first is the place.
    where, told : str
        What a line that the gate tells must begin with, and must hold.
    page : str
        The page that has to be read again, for gates that read pages.
    """

    kind: str
    gate: str
    splices: tuple[Splice, ...]
    where: str
    told: str
    page: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {'; '.join(map(str, self.splices))} [{self.gate}]"

    def is_told(self, lines: Iterable[str]) -> bool:
        """Whether one of the lines that a gate told is of this error."""
        return any(line.startswith(self.where) and self.told in line for line in lines)


@dataclass(frozen=True)
class Kind:
    """A kind of error: its words, the gate, and the function that yields such errors in the order of a draw."""

    name: str
    gate: str
    plant: Callable[..., Iterator[Mutant]]
    each: int
    needs_texts: bool


KINDS: list[Kind] = []


def kind(name: str, gate: str, each: int = EACH, needs_texts: bool = False) -> Callable[[T], T]:
    """Register a function that takes a `Source` and a `random.Random`, and yields what makes a `Mutant`."""

    def register(function: Any) -> Any:
        KINDS.append(Kind(name, gate, function, each, needs_texts))
        return function

    return register


def mutants_of(of: Kind, source: Source, seed: str = SEED) -> list[Mutant]:
    """Return the errors of a kind, drawn by `seed`; adding a kind changes no other's."""
    rng = random.Random(f"{seed} {of.name} {of.gate}")
    drawn = (Mutant(of.name, of.gate, *made) for made in of.plant(source, rng))
    return list(islice(drawn, of.each))


def shuffled(rng: random.Random, items: Iterable[T]) -> list[T]:
    """Return the items in the order of a draw."""
    found = list(items)
    rng.shuffle(found)
    return found


def other_digit(text: str, rng: random.Random) -> str:
    """Return a text with one of its digits changed; the text itself if it has none."""
    places = [i for i, c in enumerate(text) if c in "0123456789"]
    if not places:
        return text
    at = rng.choice(places)
    first = at == 0 or not (text[at - 1].isdigit() or text[at - 1] in ".,")
    digit = rng.choice([d for d in "0123456789"[first:] if d != text[at]])
    return text[:at] + digit + text[at + 1 :]


# --- what is read of the real book ------------------------------------------------------------------------

_CELL = re.compile(r'"(?:[^"]|"")*"|[^,\n]*')


@dataclass(frozen=True)
class Cell:
    """A cell of a CSV file, with its offsets."""

    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Line:
    """A row of a table with the offsets of its cells and of itself, its line end included."""

    table: Table
    number: int
    start: int
    end: int
    cells: Mapping[str, Cell]

    def __getitem__(self, column: str) -> str:
        return self.cells[column].value

    @property
    def where(self) -> str:
        """The place as a problem names it."""
        return f"{self.table.path}:{self.number}:"


def records(text: str) -> Iterator[list[Cell]]:
    """Yield the records of a CSV file that is in order, as cells with their offsets."""
    at = 0
    while at < len(text):
        cells = []
        while True:
            match = _CELL.match(text, at)
            assert match
            raw = match[0]
            value = raw[1:-1].replace('""', '"') if raw.startswith('"') else raw
            cells.append(Cell(at, match.end(), value))
            at = match.end() + 1
            if text[match.end() : at] != ",":
                break
        yield cells


def _lines(table: Table, text: str) -> Iterator[Line]:
    (header, *rows), number, at = list(records(text)), 1, 0
    names = [cell.value for cell in header]
    for cells in rows:
        start, end = cells[0].start, cells[-1].end + 1
        number, at = number + text.count("\n", at, start), start
        yield Line(table, number, start, end, dict(zip(names, cells, strict=True)))


def encoding(path: str) -> str:
    """Return how a file is read as text: a PDF as bytes."""
    return "latin-1" if path.endswith(".pdf") else "utf-8"


def quoted(value: str) -> str:
    """Return a value as a cell of a CSV file."""
    return '"' + value.replace('"', '""') + '"' if re.search(r'[",\n]', value) else value


@dataclass
class Source:
    """The real book, as errors are planted in it."""

    root: Path
    _texts: dict[str, str] = field(default_factory=dict)
    _lines: dict[str, list[Line]] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """Return a file's text."""
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_bytes().decode(encoding(path))
        return self._texts[path]

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name."""
        return read_tables(self.root)[0]

    @cached_property
    def ledger(self) -> Ledger:
        """The record."""
        return Ledger.load(self.root)

    def lines(self, name: str) -> list[Line]:
        """Return the rows of a table."""
        if name not in self._lines:
            self._lines[name] = list(_lines(self.tables[name], self.text(self.tables[name].path)))
        return self._lines[name]

    def cut(self, path: str, start: int, end: int, new: str) -> Splice:
        """Return the splice that puts `new` in the place of a file's characters."""
        text = self.text(path)
        return Splice(path, text.count("\n", 0, start) + 1, start, end, text[start:end], new)

    def change(self, line: Line, **cells: str) -> tuple[Splice, ...]:
        """Return the splices that change cells of a row."""
        return tuple(
            self.cut(line.table.path, line.cells[c].start, line.cells[c].end, quoted(value))
            for c, value in cells.items()
        )

    def drop(self, *lines: Line) -> tuple[Splice, ...]:
        """Return the splices that drop rows."""
        return tuple(self.cut(line.table.path, line.start, line.end, "") for line in lines)

    def add(self, name: str, **cells: str) -> tuple[Splice, ...]:
        """Return the splice that adds a row at a table's end."""
        table = self.tables[name]
        end = len(self.text(table.path))
        row = ",".join(quoted(cells.get(column, "")) for column in table.columns)
        return (self.cut(table.path, end, end, f"{row}\n"),)


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return a text with its splices made."""
    for splice in sorted(splices, key=lambda s: s.start, reverse=True):
        assert text[splice.start : splice.end] == splice.old, splice
        text = text[: splice.start] + splice.new + text[splice.end :]
    return text


@contextmanager
def planted(root: Path, mutants: Sequence[Mutant]) -> Iterator[None]:
    """Let errors stand in a copy of the book; its files may be hard links, so none is written in place."""
    by_path: dict[Path, list[Splice]] = {}
    for mutant in mutants:
        for splice in mutant.splices:
            by_path.setdefault(root / splice.path, []).append(splice)
    kept = {path: path.with_name(f"{path.name}.kept") for path in by_path}
    for path, splices in by_path.items():
        text = spliced(path.read_bytes().decode(encoding(path.name)), splices)
        path.rename(kept[path])
        path.write_bytes(text.encode(encoding(path.name)))
    try:
        yield
    finally:
        for path, before in kept.items():
            before.replace(path)


def link_tree(source: Path, target: Path) -> Path:
    """Make a copy of a folder out of hard links, or copies where the two lie on different disks."""
    for folder, _, names in os.walk(source):
        to = target / Path(folder).relative_to(source)
        to.mkdir(parents=True, exist_ok=True)
        for name in names:
            try:
                os.link(Path(folder, name), to / name)
            except OSError:
                (to / name).write_bytes(Path(folder, name).read_bytes())
    return target


# --- gates ------------------------------------------------------------------------------------------------


@contextmanager
def code_of(function: FunctionType, code: Callable[..., Any]) -> Iterator[None]:
    """Let a function, wherever it was imported to, run another's code."""
    before = function.__code__
    function.__code__ = code.__code__
    try:
        yield
    finally:
        function.__code__ = before
