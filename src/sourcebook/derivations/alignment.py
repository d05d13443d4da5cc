"""Derived values on where the powers agree and conflict: counts and balances for each pair, alone and by domain.

The ids read ``align-<actor>-<actor>[-<domain>]-<what>``. A cell that is silent has no value at all, except that the
pair without a statement has their count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sourcebook.alignment import FEW, FROM, MEASURES
from sourcebook.derived import derived
from sourcebook.documents import names
from sourcebook.quantity import Quantity

CSRS, DID, REHALEM, WAKHAN, ZEESHAN = "csrs-2024", "did-2026", "rehalem-2025", "wakhan-2025", "zeeshan-2024"
DOCUMENTS = {key: names()[key] for key in sorted(names())}
ACTORS = {
    "china": "China", "russia": "Russia", "pakistan": "Pakistan", "taliban-government": "the Taliban government",
}  # fmt: skip
Name = tuple[str, str, str]
"""Two actors and a domain, blank for all of them."""

CELLS: Mapping[Name, tuple[str, ...]] = {
    ("china", "russia", "political"): (CSRS,),
    ("china", "russia", "security"): (CSRS, WAKHAN),
    ("china", "russia", "economic"): (CSRS,),
    ("china", "russia", "transit"): (CSRS,),
    ("china", "pakistan", "political"): (WAKHAN,),
    ("china", "pakistan", "security"): (DID, WAKHAN, ZEESHAN),
    ("china", "pakistan", "transit"): (CSRS,),
    ("china", "taliban-government", "political"): (CSRS, DID, REHALEM, WAKHAN),
    ("china", "taliban-government", "security"): (CSRS, DID, REHALEM, ZEESHAN),
    ("china", "taliban-government", "economic"): (CSRS, DID, REHALEM, WAKHAN),
    ("china", "taliban-government", "transit"): (CSRS, WAKHAN),
    ("china", "taliban-government", "legitimacy"): (CSRS, DID, REHALEM, WAKHAN),
    ("russia", "taliban-government", "political"): (CSRS, WAKHAN),
    ("russia", "taliban-government", "security"): (CSRS,),
    ("russia", "taliban-government", "economic"): (CSRS,),
    ("russia", "taliban-government", "transit"): (WAKHAN,),
    ("russia", "taliban-government", "legitimacy"): (CSRS, REHALEM),
    ("pakistan", "taliban-government", "political"): (WAKHAN,),
    ("pakistan", "taliban-government", "security"): (DID, WAKHAN, ZEESHAN),
    ("pakistan", "taliban-government", "transit"): (CSRS, WAKHAN),
    ("pakistan", "taliban-government", "legitimacy"): (DID,),
}
"""The cells that are spoken of and the documents that speak: which values there are to define; a test holds it
against the record."""


def _pairs() -> dict[Name, tuple[str, ...]]:
    found: dict[Name, set[str]] = {}
    for (a, b, _), documents in CELLS.items():
        found.setdefault((a, b, ""), set()).update(documents)
    return {name: tuple(sorted(documents)) for name, documents in found.items()}


PAIRS: Mapping[Name, tuple[str, ...]] = _pairs()
"""The pairs that are spoken of, over all domains."""


def key_of(name: Name, what: str) -> str:
    """Return the id of a value of a cell."""
    return "-".join(("align", *filter(None, name), what))


def _query(what: str, name: Name, **conditions: str) -> str:
    a, b, domain = name
    given = {"pair": f"{a}+{b}", "domain": domain, **conditions}
    return f"alignment:{what}?" + "&".join(f"{key}={value}" for key, value in given.items() if value)


def _told(name: Name) -> str:
    a, b, domain = name
    return f"{ACTORS[a]} and {ACTORS[b]}{f', {domain}' if domain else ''}"


def _as_measured(value: Quantity) -> Quantity:
    return value


def _hull(*values: Quantity) -> Quantity:
    return Quantity(min(v.low for v in values), max(v.high for v in values), values[0].unit)


def _share(part: Quantity, whole: Quantity) -> Quantity:
    return part / whole


_LABELS = {
    "statements": ("statements", "statements counted"),
    "converging": ("statements that they converge", "statements counted"),
    "diverging": ("statements that they diverge", "statements counted"),
    "shaded": ("conditional or possible statements", "statements counted"),
    "diverging-shaded": ("conditional or possible statements that they diverge", "statements counted"),
    "explicit-statements": ("explicit and actual statements", "statements counted"),
    "credited": (
        "statements told as an actor's words or credited to others",
        "statements of the voices actor and third, counted",
    ),
}


def _value(key: str, query: str, *, unit: str, label: str, formula: str) -> None:
    """Register what is counted on the record."""
    derived(key, query, unit=unit, digits=0, label=label, formula=formula)(_as_measured)


def _count(name: Name, what: str) -> None:
    label, formula = _LABELS[what]
    _value(key_of(name, what), _query(what, name), unit="stance", label=f"{_told(name)}: {label}", formula=formula)


def _balance(name: Name, what: str) -> None:
    measure = MEASURES[what]
    derived(
        key_of(name, what), _query(what, name), unit="", digits=2, label=f"{_told(name)}: {measure.label}",
        formula=measure.formula, signed=True,
    )(_as_measured)  # fmt: skip


def _range(name: Name, what: str, inputs: Iterable[str], label: str, formula: str) -> None:
    derived(
        key_of(name, what), *inputs, unit="", digits=2, label=f"{_told(name)}: {label}", formula=formula, signed=True
    )(_hull)


def _cell(name: Name, documents: Sequence[str]) -> None:
    """Register what every cell has, and every pair."""
    for what in ("statements", "converging", "diverging", "shaded", "credited"):
        _count(name, what)
    _value(
        key_of(name, "documents"), _query("documents", name), unit="document",
        label=f"{_told(name)}: documents that speak of it", formula="different documents of the statements",
    )  # fmt: skip
    for document in documents:
        _value(
            key_of(name, f"from-{document}"), _query("statements", name, documents=document), unit="stance",
            label=f"{_told(name)}: statements in {DOCUMENTS[document]}", formula="statements counted",
        )  # fmt: skip
    _balance(name, "balance")
    _range(
        name, "coder-range", [_query("balance", name, coder=coder) for coder in ("first", "second")],
        "balance by either coder alone", "lesser to greater of the balances of the two codings before adjudication",
    )  # fmt: skip


def _shared(name: Name, documents: Sequence[str]) -> None:
    """Register what a cell has only if several documents speak."""
    _balance(name, "by-document")
    measure = MEASURES["balance"]
    for document in documents:
        derived(
            key_of(name, f"without-{document}"), _query("balance", name, without=document), unit="", digits=2,
            label=f"{_told(name)}: {measure.label} without {DOCUMENTS[document]}", formula=measure.formula, signed=True,
        )(_as_measured)  # fmt: skip
    _range(
        name, "without-one", [f"derived:{key_of(name, f'without-{document}')}" for document in documents],
        "balance without any one document", "least to greatest balance when each document in turn is left out",
    )  # fmt: skip


def _pair(name: Name) -> None:
    """Register what a pair has over all domains alone."""
    for what in ("diverging-shaded", "explicit-statements"):
        _count(name, what)
    for what in ("whole", "actual", "explicit", "by-issue"):
        _balance(name, what)
    derived(
        key_of(name, "share"), f"derived:{key_of(name, 'statements')}", "derived:align-statements", unit="percent",
        digits=0, label=f"{_told(name)}: share of all statements on pairs",
        formula="statements on the pair ÷ statements on all pairs",
    )(_share)  # fmt: skip


def _without(document: str) -> None:
    """Register what a document says, and what would be left if it were not there."""
    words = DOCUMENTS[document]
    _value(
        f"align-statements-{document}", f"alignment:statements?documents={document}", unit="stance",
        label=f"all pairs: statements in {words}", formula="statements counted",
    )  # fmt: skip
    for kind in ("silent", "solid"):
        label, formula = _KINDS[kind]
        _value(
            f"align-cells-{kind}-without-{document}", f"alignment:cells-{kind}?without={document}", unit="",
            label=f"cells of pair and domain {label} if {words} is left out", formula=f"cells counted {formula}",
        )  # fmt: skip
    derived(
        f"align-cells-lost-without-{document}", f"derived:align-cells-silent-without-{document}",
        "derived:align-cells-silent", unit="", digits=0,
        label=f"cells of pair and domain of which {words} alone speaks",
        formula="cells that are silent without it − cells that are silent",
    )(lambda without, now: without - now)  # fmt: skip


_KINDS = {
    "spoken": ("of which some document speaks", "with a statement or more"),
    "silent": ("of which no document speaks", "without a statement"),
    "solid": ("that are not thin", f"with {FEW} statements or more from {FROM} documents or more"),
    "thin": ("that are thin", f"with fewer than {FEW} statements or fewer than {FROM} documents, and with some"),
    "one-document": ("that rest on one document alone", "whose statements are all of one document"),
}
_OUTCOMES = {
    "kept": "that come out the same under every measure",
    "reversed": "that are turned round by some measure",
    "tied": "that some measure levels and none turns round",
}

for _name, _documents in {**PAIRS, **CELLS}.items():
    _cell(_name, _documents)
    if len(_documents) > 1:
        _shared(_name, _documents)
for _name in PAIRS:
    _pair(_name)
_count(("russia", "pakistan", ""), "statements")
for _key, _what in {"align-statements": "statements", "align-statements-credited": "credited"}.items():
    _label, _formula = _LABELS[_what]
    _value(_key, f"alignment:{_what}", unit="stance", label=f"all pairs: {_label}", formula=_formula)
for _kind, (_label, _formula) in _KINDS.items():
    _value(
        f"align-cells-{_kind}", f"alignment:cells-{_kind}", unit="", label=f"cells of pair and domain {_label}",
        formula=f"cells counted {_formula}",
    )  # fmt: skip
for _document in DOCUMENTS:
    _without(_document)
for _outcome, _label in _OUTCOMES.items():
    _value(
        f"align-orders-{_outcome}", f"alignment:orders-{_outcome}", unit="",
        label=f"comparisons of two pairs {_label}",
        formula=f"comparisons of the pairs spoken of, under {len(MEASURES)} measures, counted",
    )  # fmt: skip
