"""Plant errors and ask their gates, each in the cheapest place where it can be asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from prove import pages, record, site, suite  # noqa: F401  -- they register their kinds
from prove.gates import ASK, GATES
from prove.mutants import KINDS, SEED, Kind, Mutant, Source, link_tree, mutants_of, planted, spliced
from prove.reader import Reader
from sourcebook import checks
from sourcebook.ledger import seeds_folder
from sourcebook.paths import ROOT
from whole_book import copy_project

TOGETHER = ("checks.schema",)
"""Gates that take seconds: errors in different rows are planted at once, and each must be told in its own row."""
HTML = "_build/html"
MOST = 5  # lines that are kept of what else a gate told


@dataclass(frozen=True)
class Result:
    """What became of an error, and the first lines that the gate told where it did not tell of it."""

    mutant: Mutant
    killed: bool
    told: tuple[str, ...] = ()


class Unsound(Exception):
    """Gates tell something of the book as it is."""


class Prover:
    """Copies of the book, made when they are needed; `built` is a folder in which the book was built."""

    def __init__(self, folder: Path, built: Path, root: Path = ROOT) -> None:
        self._folder, self._built = folder, built
        self._stack = ExitStack()
        self.source = Source(root)
        self._pages = Source(built / HTML)
        self.has_texts = seeds_folder(root) is not None

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def _record(self) -> Path:
        return copy_project(self._new("record"))

    @cached_property
    def _reader(self) -> Reader:
        return self._stack.enter_context(Reader(self._new("pages"), self._built))

    @cached_property
    def _html(self) -> Path:
        return link_tree(self._built / HTML, self._new("html")).resolve()

    @cached_property
    def _printed(self) -> Path:
        folder = self._new("print")
        site.written_out(next(iter(self._pdfs())), folder)
        return folder

    def _pdfs(self) -> list[Path]:
        return sorted((self._built / "_build/pdf").glob("*.pdf"))

    def unsound(self, arena: str) -> list[str]:
        """Return what gates tell of the book as it is: where that is anything, finding an error would prove nothing."""
        if arena == "record":
            return [str(problem) for problem in checks.run(self._record).problems]
        if arena == "pages":
            return self._reader.told(Mutant("none", "", (), "", "", "index"))
        if arena == "suite":
            return suite.idle(suite.sources(self.source.root))
        tree = self._html if arena == "site" else self._printed
        return [line for name, gate in GATES.items() if gate.arena == arena for line in ASK[arena](tree, name)]

    def _new(self, name: str) -> Path:
        path = self._folder / name
        path.mkdir()
        return path

    def kinds(self) -> list[Kind]:
        """The kinds that can be planted here: some gates read the texts, which not everybody has, some the PDF."""
        here = [kind for kind in KINDS if self.has_texts or not kind.needs_texts]
        return [kind for kind in here if GATES[kind.gate].arena != "print" or self._pdfs()]

    def drawn(self, kind: Kind, seed: str = SEED) -> list[Mutant]:
        """Return the errors of a kind."""
        arena = GATES[kind.gate].arena
        if arena == "print":
            return mutants_of(kind, Source(self._printed), seed)
        return mutants_of(kind, self._pages if arena == "site" else self.source, seed)

    def told(self, gate: str, mutants: Sequence[Mutant]) -> list[str]:
        """Return what a gate tells of errors that stand in one copy of the book."""
        arena = GATES[gate].arena
        if arena == "pages":
            (mutant,) = mutants
            return self._reader.told(mutant)
        if arena == "suite":
            modules = suite.sources(self.source.root)
            for mutant in mutants:
                path = mutant.splices[0].path
                modules[path] = spliced(modules[path], mutant.splices)
            return suite.idle(modules)
        tree = {"record": lambda: self._record, "site": lambda: self._html, "print": lambda: self._printed}[arena]()
        with planted(tree, mutants):
            return ASK[arena](tree, gate)

    def results(self, mutants: Iterable[Mutant]) -> Iterator[Result]:
        """Plant errors, and yield what became of each."""
        for gate, together in _batches(mutants):
            try:
                lines = self.told(gate, together)
            except Exception as error:  # a gate that breaks tells nobody what is wrong, and where
                lines = [f"{gate} broke: {error!r}"]
            for mutant in together:
                killed = mutant.is_told(lines)
                yield Result(mutant, killed, () if killed else tuple(lines[:MOST]))


def _batches(mutants: Iterable[Mutant]) -> Iterator[tuple[str, list[Mutant]]]:
    """Yield errors one at a time; those of the slow gates together, as long as no two are in one row."""
    waiting: list[tuple[str, list[Mutant]]] = []
    for mutant in mutants:
        if mutant.gate not in TOGETHER:
            yield mutant.gate, [mutant]
            continue
        rows = {(s.path, s.line) for s in mutant.splices}
        for gate, others in waiting:
            if gate == mutant.gate and rows.isdisjoint((s.path, s.line) for m in others for s in m.splices):
                others.append(mutant)
                break
        else:
            waiting.append((mutant.gate, [mutant]))
    yield from waiting


ARENAS = (("pages",), ("record",), ("site", "suite", "print"))
"""What one process does after another; two work at a time, and pages take longest."""


def prove(arenas: Sequence[str], built: Path, seed: str) -> list[Result]:
    """Plant the errors of some arenas; run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder, Prover(Path(folder), built) as prover:
        kinds = [kind for kind in prover.kinds() if GATES[kind.gate].arena in arenas]
        if told := [line for arena in {GATES[kind.gate].arena for kind in kinds} for line in prover.unsound(arena)]:
            raise Unsound("\n".join(told))
        return list(prover.results(mutant for kind in kinds for mutant in prover.drawn(kind, seed)))


def run(built: Path, seed: str, arenas: Sequence[Sequence[str]] = ARENAS) -> list[Result]:
    """Plant every error, two processes at a time."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = pool.map(prove, arenas, repeat(built), repeat(seed))
        return [result for results in found for result in results]
