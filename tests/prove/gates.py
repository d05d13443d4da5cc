"""The gates, by name: how each is asked, and which code it is that must not be empty."""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

import test_book
import test_pdf
from prove import suite
from prove.site import BOOK
from sourcebook import checks, dates, files, formatting, ledger, sphinx_ext
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext import (
    confirmed,
    conflict_pages,
    domain,
    figures,
    freshness,
    gate,
    inert,
    judgement_pages,
    own_script,
    pages,
    pictures,
    upstream_pages,
    uses,
)
from sourcebook.sphinx_ext.finished import Pages


def nothing(*args: Any, **options: Any) -> list[Any]:
    """What an emptied gate finds."""
    return []


def no_nodes(*args: Any, **options: Any) -> tuple[list[Any], list[Any]]:
    """What an emptied role makes."""
    return [], []


def unread(root: Path, path: str, if_missing: str) -> tuple[str, list[Any]]:
    """What an emptied reader says of a file."""
    return (root / path).read_bytes().decode("utf-8"), []


def unchecked(root: Path) -> Any:
    """What an emptied loader makes of a record."""
    from sourcebook.judgements import read_judgements
    from sourcebook.ledger import Ledger, read_tables

    return Ledger.from_tables(root, read_tables(root)[0], judgements=read_judgements(root)[0])


@dataclass(frozen=True)
class Gate:
    """A gate.

    Attributes
    ----------
    name : str
        As the table names it.
    arena : str
        Where it is asked: record, pages, site, suite, print.
    code : function
        What is emptied to show that the gate is needed.
    empty : callable
        What it then does.
    """

    name: str
    arena: str
    code: FunctionType | None
    empty: Callable[..., Any] = nothing


OF_GIT = ("corrections", "unpublished")
"""Rules that ask git, of which a copy has none: `test_history` and `test_intake` plant their errors in repositories."""


def _of_the_record() -> list[Gate]:
    rules = [Gate(f"checks.{r.__name__}", "record", r) for r in checks.RULES if r.__name__ not in OF_GIT]  # type: ignore[arg-type]
    return [
        *rules,
        Gate("ledger.form", "record", ledger._header_problems),
        Gate("files.bytes", "record", files.read_text, unread),
    ]


def no_walk(*args: Any, **options: Any) -> Any:
    """What an emptied walk over a page finds."""
    from sourcebook.sphinx_ext.gate import Walk  # here: the code runs in another function's place

    return Walk()


def _of_pages() -> list[Gate]:
    return [
        Gate("gate.untraced", "pages", gate.walk, no_walk),
        Gate("gate.plain", "pages", gate.PlainRole._warn),
        Gate("domain.number", "pages", formatting.verify),
        Gate("domain.date", "pages", dates.verify_date),
        Gate("domain.unknown_number", "pages", domain.EvidenceRole._warn),
        Gate("domain.unknown_date", "pages", domain.DateRole.run, no_nodes),
        Gate("domain.unknown_entry", "pages", domain.EntryRole.run, no_nodes),
        Gate("domain.unknown_voices", "pages", domain.VoicesRole.run, no_nodes),
        Gate("domain.entries", "pages", domain.EvidenceDomain.note_entry),
        Gate("sphinx.nitpick", "pages", None),
        Gate("pages.of_source", "pages", pages.OfSource.run),
        Gate("pages.series", "pages", pages.Series.run),
        Gate("conflict_pages.severity", "pages", conflict_pages.Conflicts.run),
        Gate("upstream_pages.verdict", "pages", upstream_pages.Reviews.run),
        Gate("pictures.unknown", "pages", pictures.Picture.run),
        Gate("confirmed.words", "pages", confirmed.unsupported),
        Gate("figures.record", "pages", figures.FigureRenderer.handle_mime),
        Gate("figures.place", "pages", figures.PlaceFigures.apply),
        Gate("freshness.edited", "pages", freshness._check),
        Gate("freshness.stale", "pages", freshness._check),
        Gate("inert.outputs", "pages", inert._outputs),
        Gate("inert.texts", "pages", inert._texts),
        Gate("own_script.language", "pages", own_script.LanguageRole.run, no_nodes),
        Gate("uses.unused", "pages", uses._check),
        Gate("sphinx_ext.ledger", "pages", sphinx_ext._ledger, unchecked),
        Gate("judgement_pages.scale", "pages", judgement_pages.JudgementDirective._lost),
    ]


def _of_the_site() -> list[Gate]:
    found = [
        Gate("test_book.hosts", "site", test_book.test_no_page_asks_another_host_for_anything),
        Gate("test_book.entries", "site", test_book.test_every_bound_number_leads_to_an_entry_that_exists),
        Gate("test_book.figures", "site", test_book.test_every_figure_has_number_caption_alt_source_and_data),
        Gate("test_book.untraced", "site", test_book.test_no_page_shows_a_number_that_could_not_be_traced),
    ]
    for name in ("pictures", "links", "ids", "policy"):
        code = vars(Pages)[f"_{name}"]
        found.append(Gate(f"finished.{name}", "site", getattr(code, "__func__", code)))
    code = test_pdf.test_the_pdf_of_the_book_is_sound_and_its_fonts_are_embedded
    return [*found, Gate("test_pdf.fonts", "print", code)]


GATES: Mapping[str, Gate] = {
    gate.name: gate
    for gate in (*_of_the_record(), *_of_pages(), *_of_the_site(), Gate("suite.idle", "suite", suite.idle))
}


def ask_record(root: Path, name: str) -> list[str]:
    """Return what a gate of the record tells of a tree."""
    rules = [rule for rule in checks.RULES if f"checks.{rule.__name__}" == name]  # none: of the form of the files
    return [str(problem) for problem in checks.run(root, rules).problems]


def ask_site(site: Path, name: str) -> list[str]:
    """Return what a gate of finished pages tells of a built book."""
    if name.startswith("finished."):
        return list(Pages(site).problems())
    return failed(name, site)


def ask_print(folder: Path, name: str) -> list[str]:
    """Return what a gate of the PDF tells of it."""
    return failed(name, (folder / BOOK, None, ""))


def failed(name: str, of: Any) -> list[str]:
    """Return why a test fails that is a gate; it is called by hand."""
    try:
        GATES[name].code(of)  # type: ignore[misc]
    except AssertionError as error:
        return [str(error)]
    return []


ASK: Mapping[str, Callable[[Path, str], list[str]]] = {"record": ask_record, "site": ask_site, "print": ask_print}
"""How a gate is asked of a tree, where it is not asked of a page or of the tests."""


def code_digest(gate: Gate) -> str:
    """Return a digest of the modules that a gate is written in: its own, and those of the package that it imports.

    A gate of Sphinx has none of ours; what is planted for it is ours.
    """
    own = [Path(inspect.getsourcefile(gate.code) or "")] if gate.code else []
    planting = (path for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__main__", "table"))
    modules = {*own, *(path for module in own for path in _imported(module)), *planting}
    found = hashlib.sha256()
    for path in sorted(modules):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


@lru_cache(maxsize=64)
def _imported(module: Path) -> tuple[Path, ...]:
    """Return the modules of the package that a module names in its imports."""
    paths = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sourcebook"):
            folder = ROOT / "src" / str(node.module).replace(".", "/")
            names = [folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)]
            paths += [path for path in names if path.is_file()]
    return tuple(paths)
