"""Where the powers agree and conflict, measured over stances.

A statement is one sentence of one document on one pair. What it is about gives the domain. Every measure is a
function of statements alone: it can be taken of the record or of either coding, and of any choice of documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

from sourcebook.errors import SetAside, Silence, SourcebookError, UnknownId
from sourcebook.ledger import Ledger
from sourcebook.models import Stance
from sourcebook.quantity import Quantity
from sourcebook.stances import PAIRS

DOMAINS = ("political", "security", "economic", "transit", "legitimacy")
SHADES = ("conditional", "possible")
FEW, FROM = 5, 2
"""A cell with fewer statements, or from fewer documents, is thin: conventions of this book."""

T = TypeVar("T")
Weights = Mapping[str, float]
Statements = Sequence[Stance]

HALF: Weights = {"actual": 1.0, "conditional": 0.5, "possible": 0.5}
WHOLE: Weights = {"actual": 1.0, "conditional": 1.0, "possible": 1.0}
ACTUAL: Weights = {"actual": 1.0, "conditional": 0.0, "possible": 0.0}
"""What a statement counts by its modality."""


def balance(statements: Iterable[Stance], weights: Weights = HALF) -> float | None:
    """Return what converges less what diverges over both, each statement weighted by its modality.

    Parameters
    ----------
    statements : iterable of Stance
        On pairs.
    weights : mapping
        Modality to weight. By default a conditional or a possible statement counts half: it says less than one of
        what is so and more than nothing, and no theory says how much; `WHOLE` and `ACTUAL` are the two ends.

    Returns
    -------
    float or None
        From -1, all diverge, to 1, all converge; None where nothing is said, or nothing that weighs.
    """
    sums = {"converges": 0.0, "diverges": 0.0}
    for statement in statements:
        sums[statement.relation] += weights[statement.modality]
    total = sums["converges"] + sums["diverges"]
    return (sums["converges"] - sums["diverges"]) / total if total else None


def mean_balance(statements: Iterable[Stance], voter: Callable[[Stance], str]) -> float | None:
    """Return the mean of the balances of groups: one vote for each document, or each issue, however much it says."""
    groups: dict[str, list[Stance]] = defaultdict(list)
    for statement in statements:
        groups[voter(statement)].append(statement)
    found = [value for key in sorted(groups) if (value := balance(groups[key])) is not None]
    return sum(found) / len(found) if found else None


@dataclass(frozen=True)
class Measure:
    """A way to put statements into one number.

    Attributes
    ----------
    label, formula : str
        What it is, in a few words, and how it is computed.
    of : callable
        Takes statements; returns -1 to 1, or None.
    """

    label: str
    formula: str
    of: Callable[[Statements], float | None]


_NET = "(converging − diverging) ÷ (converging + diverging)"
MEASURES: Mapping[str, Measure] = {
    "balance": Measure(
        "balance of the statements", f"{_NET}; conditional and possible statements at half weight", balance
    ),
    "whole": Measure(
        "balance with every statement whole", f"{_NET}, of all statements alike", lambda s: balance(s, WHOLE)
    ),
    "actual": Measure(
        "balance of actual statements alone", f"{_NET}; conditional and possible ones left out",
        lambda s: balance(s, ACTUAL),
    ),
    "explicit": Measure(
        "balance of explicit and actual statements alone", f"{_NET}; implied, conditional and possible ones left out",
        lambda s: balance(_explicit(s)),
    ),
    "by-document": Measure(
        "balance with one vote for each document", "mean of the balances of the documents that speak of it",
        lambda s: mean_balance(s, lambda stance: stance.source_id),
    ),
    "by-issue": Measure(
        "balance with one vote for each issue", "mean of the balances of the issues that it is about",
        lambda s: mean_balance(s, lambda stance: stance.issue_id),
    ),
}  # fmt: skip
"""The balance that the book uses, and what else it might have been."""


def _explicit(statements: Iterable[Stance]) -> list[Stance]:
    return [s for s in statements if s.strength == "explicit" and s.modality == "actual"]


COUNTS: Mapping[str, Callable[[Statements], int]] = {
    "statements": len,
    "converging": lambda s: sum(x.relation == "converges" for x in s),
    "diverging": lambda s: sum(x.relation == "diverges" for x in s),
    "shaded": lambda s: sum(x.modality in SHADES for x in s),
    "diverging-shaded": lambda s: sum(x.relation == "diverges" and x.modality in SHADES for x in s),
    "explicit-statements": lambda s: len(_explicit(s)),
    "credited": lambda s: sum(x.voice != "author" for x in s),
}
"""What is counted of statements."""


@dataclass(frozen=True)
class Cell:
    """What the documents say of one pair in one domain.

    Attributes
    ----------
    pair : tuple of str
        Two actors.
    domain : str
        Field of policy; blank for all of them.
    stances : tuple of Stance
        The statements, each on this pair.
    """

    pair: tuple[str, str]
    domain: str
    stances: tuple[Stance, ...]

    def count(self, what: str) -> int:
        """Return one of `COUNTS`."""
        return COUNTS[what](self.stances)

    @property
    def documents(self) -> frozenset[str]:
        """The documents that speak of it."""
        return frozenset(s.source_id for s in self.stances)

    @property
    def balance(self) -> float | None:
        """The balance of its statements; None where nothing is said."""
        return balance(self.stances)

    @property
    def is_thin(self) -> bool:
        """Whether it rests on fewer than `FEW` statements or fewer than `FROM` documents, and on some."""
        return len(self.stances) > 0 and (len(self.stances) < FEW or len(self.documents) < FROM)


def cells(stances: Iterable[Stance], documents: Collection[str] | None = None) -> tuple[Cell, ...]:
    """Return a cell for each pair and domain, in this order, empty ones included.

    Parameters
    ----------
    stances : iterable of Stance
        Of one coding; those of single actors are left aside.
    documents : collection of str, optional
        The documents to read; all if not given.
    """
    found: dict[tuple[str, str, str], list[Stance]] = {(*pair, domain): [] for pair in PAIRS for domain in DOMAINS}
    for stance in _on_pairs(stances, documents):
        found[stance.actor_a, stance.actor_b, stance.domain].append(stance)
    return tuple(Cell((a, b), domain, tuple(rows)) for (a, b, domain), rows in found.items())


def pairs(stances: Iterable[Stance], documents: Collection[str] | None = None) -> tuple[Cell, ...]:
    """Return a cell over all domains for each pair; the parameters are those of `cells`."""
    found: dict[tuple[str, str], list[Stance]] = {pair: [] for pair in PAIRS}
    for stance in _on_pairs(stances, documents):
        found[stance.actor_a, stance.actor_b].append(stance)
    return tuple(Cell(pair, "", tuple(rows)) for pair, rows in found.items())


def _on_pairs(stances: Iterable[Stance], documents: Collection[str] | None) -> list[Stance]:
    return [s for s in stances if s.actor_b and (documents is None or s.source_id in documents)]


def without_one(statements: Statements) -> Mapping[str, float | None]:
    """Return the balance without each of the documents in turn; nothing where only one speaks."""
    documents = sorted({s.source_id for s in statements})
    if len(documents) < 2:
        return {}
    return {left_out: balance(s for s in statements if s.source_id != left_out) for left_out in documents}


def orders(stances: Iterable[Stance], documents: Collection[str] | None = None) -> Mapping[str, int]:
    """Return how many comparisons of two pairs come out alike under every one of `MEASURES`.

    Returns
    -------
    mapping
        ``kept``, the same pair is ahead under all; ``reversed``, each is ahead under some; ``tied``, neither:
        they are level under some and never change places.
    """
    spoken = [cell.stances for cell in pairs(stances, documents) if cell.stances]
    values = [[measure.of(statements) for measure in MEASURES.values()] for statements in spoken]
    found = {"kept": 0, "reversed": 0, "tied": 0}
    for one, other in combinations(values, 2):
        signs = {_sign(a - b) for a, b in zip(one, other, strict=True) if a is not None and b is not None}
        found["reversed" if {1, -1} <= signs else "tied" if 0 in signs else "kept"] += 1
    return found


def _sign(value: float) -> int:
    return 0 if abs(value) < 1e-9 else 1 if value > 0 else -1


@dataclass(frozen=True)
class Query:
    """A measure of some statements, as a derived value names it.

    Attributes
    ----------
    what : str
        One of `COUNTS` or `MEASURES`, ``documents``, ``cells-`` and a kind of cell, or ``orders-`` and an outcome.
    pair : tuple of str
        The pair; empty for all.
    domain, documents, coder : str, tuple of str, str
        The domain, blank for all; the documents read, empty for all; the coding.
    without : str
        A document left out.
    """

    what: str
    pair: tuple[str, ...] = ()
    domain: str = ""
    documents: tuple[str, ...] = ()
    without: str = ""
    coder: str = "record"

    @property
    def told(self) -> str:
        """The query in words."""
        coding = "the record" if self.coder == "record" else f"the {self.coder} coding"
        parts = [f"statements of {coding}", " and ".join(self.pair) or "all pairs"]
        parts += [self.domain] if self.domain else []
        parts += [f"from {', '.join(self.documents)}"] if self.documents else []
        parts += [f"without {self.without}"] if self.without else []
        return ", ".join(parts)


def parse(text: str) -> Query:
    """Take ``what?pair=a+b&domain=…&documents=a+b&without=…&coder=…`` apart; every condition may be missing.

    Raises
    ------
    SourcebookError
        If it does not read as one.
    UnknownId
        If pair, domain or coder are none of the codebook.
    """
    what, _, rest = text.partition("?")
    given = dict(part.partition("=")[::2] for part in filter(None, rest.split("&")))
    strange = given.keys() - {"pair", "domain", "documents", "without", "coder"}
    if strange or not all(given.values()):
        raise SourcebookError(f"the query {text!r} holds what is no condition: write pair=a+b&domain=name")
    pair, documents = (tuple(filter(None, given.get(name, "").split("+"))) for name in ("pair", "documents"))
    for kind, value, known in (
        ("pair", "+".join(pair), ["+".join(p) for p in PAIRS]),
        ("domain", given.get("domain", ""), DOMAINS),
    ):
        if value and value not in known:
            raise UnknownId(kind, value, known)
    return Query(what, pair, given.get("domain", ""), documents, given.get("without", ""), given.get("coder", "record"))


def measure(ledger: Ledger, text: str) -> Quantity:
    """Return what a query (`parse`) asks of the stances.

    Raises
    ------
    UnknownId
        If there is no such measure, pair, domain, document or coding.
    Silence
        If nothing is said that could be measured: silence has no balance.
    SetAside
        If every document that the query names is set aside.
    """
    query = parse(text)
    for document in filter(None, (*query.documents, query.without)):
        ledger.whole.source(document)
    if query.documents and ledger.away.issuperset(query.documents):
        raise SetAside(f"the documents of {query.told} are set aside")
    read = [d for d in query.documents or ledger.sources if d != query.without]
    stances = ledger.coding(query.coder)
    if query.what.startswith("cells-"):
        return Quantity.point(_kinds(cells(stances, read), query.what), "")
    if query.what.startswith("orders-"):
        found = {f"orders-{outcome}": count for outcome, count in orders(stances, read).items()}
        return Quantity.point(_named(found, query.what), "")
    of = _by_cell(ledger, query.coder).get((query.pair, query.domain), ())
    statements = [s for s in of if s.source_id in read]
    if query.what == "documents":
        return Quantity.point(len({s.source_id for s in statements}), "document")
    if query.what in COUNTS:
        return Quantity.point(COUNTS[query.what](statements), "stance")
    value = _named(MEASURES, query.what).of(statements)
    if value is None:
        raise Silence(f"nothing to measure in {query.told}: silence has no balance")
    return Quantity.point(value, "")


@lru_cache(maxsize=128)
def _by_cell(ledger: Ledger, coder: str) -> Mapping[tuple[tuple[str, ...], str], list[Stance]]:
    """Return the statements on pairs by pair and domain, with or without either."""
    found: dict[tuple[tuple[str, ...], str], list[Stance]] = defaultdict(list)
    for s in _on_pairs(ledger.coding(coder), None):
        for pair in ((), (s.actor_a, s.actor_b)):
            for domain in ("", s.domain):
                found[pair, domain].append(s)
    return found


def _kinds(found: Iterable[Cell], what: str) -> int:
    spoken = [cell for cell in found if cell.stances]
    counts = {
        "cells-spoken": len(spoken),
        "cells-silent": len(PAIRS) * len(DOMAINS) - len(spoken),
        "cells-solid": sum(not cell.is_thin for cell in spoken),
        "cells-thin": sum(cell.is_thin for cell in spoken),
        "cells-one-document": sum(len(cell.documents) == 1 for cell in spoken),
    }
    return _named(counts, what)


def _named(known: Mapping[str, T], what: str) -> T:
    try:
        return known[what]
    except KeyError:
        raise UnknownId("measure of stances", what, [*known, *COUNTS, *MEASURES, "documents"]) from None
