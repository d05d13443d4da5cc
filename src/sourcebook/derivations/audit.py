"""Derived values on the documents themselves: how much each states, on whose word, and what bears checking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sourcebook.derived import derived
from sourcebook.documents import names
from sourcebook.joins import AGES, GRAVITY, OLDER
from sourcebook.quantity import Quantity

DOMAINS = ("political", "security", "economic", "transit", "legitimacy")
NUMBERS = "exact|about|at_least|nearly|range"
"""Qualifiers of a claim whose words hold a number; the others are ranks, and vague words."""

KINDS: Mapping[str, str] = {
    "between": "with another document",
    "within": "with itself",
    "upstream": "with what it relies on, or with the world",
    "calendar": "with the calendar",
    "citation": "in a citation",
    "name": "in a name",
    "geography": "with the map",
    "arithmetic": "with arithmetic",
}
SEVERITIES: Mapping[str, str] = {
    "finding": "that bear on a finding",
    "trust": "that bear on the trust in it",
    "slip": "that are slips",
}

VERDICTS: Mapping[str, tuple[str, str]] = {
    "contradicted": ("gravest=contradicts&mildest=contradicts", "that the pages read against them contradict"),
    "disputed": ("gravest=contradicts&mildest!=contradicts", "that a page contradicts and another does not"),
    "partly": ("gravest=partly", "that a page bears out in part"),
    "other-origin": ("gravest=confirms_other_origin", "whose number holds, of another origin"),
    "holds": ("gravest=confirms", "that every page read bears out"),
    "not-found": ("gravest=not_found", "looked for and not found"),
    "unreviewed": ("gravest=", "not held against a page"),
}
"""What became of a claim or an event: a query of `sourcebook.joins`, and the words of a label."""

_RULE = f"each counted once, by the gravest verdict of its reviews ({', '.join(GRAVITY)}, in this order)"
_COUNTED = "rows counted"


def _same(value: Quantity) -> Quantity:
    return value


def _ratio(top: Quantity, bottom: Quantity) -> Quantity:
    return top / bottom


def _per_thousand(count: Quantity, words: Quantity) -> Quantity:
    return count / (words / 1000).counted_as("kiloword")


def _plain(value: Quantity) -> Quantity:
    return value.counted_as("")


def _count(key: str, query: str, unit: str, label: str, formula: str = _COUNTED) -> None:
    derived(f"audit-{key}", query, unit=unit, digits=0, label=label, formula=formula)(_same)


def _share(key: str, part: str, whole: str, label: str) -> None:
    """Register a part of a whole in percent; both are derived values of this module."""
    inputs = (f"derived:audit-{part}", f"derived:audit-{whole}")
    formula = f"{part.replace('-', ' ')} ÷ {whole.replace('-', ' ')}"
    derived(f"audit-{key}", *inputs, unit="percent", digits=0, label=label, formula=formula)(_ratio)


def _rate(key: str, count: str, source: str, unit: str, label: str) -> None:
    """Register a count of one document for each thousand of its words."""
    inputs = (f"derived:audit-{count}-{source}", f"derived:audit-words-{source}")
    formula = "count ÷ words × 1,000"
    derived(f"audit-{key}-{source}", *inputs, unit=f"{unit}/kiloword", digits=1, label=label, formula=formula)(
        _per_thousand
    )


def _claims_of(source: str, name: str) -> None:
    """Register what one document states, and on whose word."""
    own = f"tally:claims?source_id={source}"
    _count(f"claims-{source}", own, "claim", f"claims of {name}")
    for domain in DOMAINS:
        _count(f"{domain}-{source}", f"{own}&domain={domain}", "claim", f"{domain} claims of {name}")
    for key, condition, words in (
        ("number", f"qualifier={NUMBERS}", f"claims of {name} whose words hold a number"),
        ("rank", "qualifier=rank", f"claims of {name} that are a place in an order"),
        ("vague", "qualifier=vague", f"claims of {name} in words such as many or most"),
        ("own", "role=primary", f"claims that {name} makes itself"),
        ("relayed", "role=relayed&origin_id!=unknown", f"claims that {name} relays, of a known origin"),
        ("uncredited", "origin_id=unknown", f"claims that {name} relays, of no origin that was found"),
    ):
        _count(f"{key}-{source}", f"{own}&{condition}", "claim", words)


def _density_of(source: str, name: str) -> None:
    """Register the length of one document, and what it states for its length."""
    _count(f"words-{source}", f"document:words/{source}", "", f"words of {name}", "words counted by blanks")
    sentences = f"tally:sentences?source_id={source}&kind=sentence&distinct=sentence_id"
    _count(f"sentences-{source}", sentences, "sentence", f"sentences of {name}, notes and headings left out")
    _count(f"events-{source}", f"tally:events?source_id={source}", "event", f"dated events that {name} tells")
    _count(
        f"undated-{source}",
        f"tally:events?source_id={source}&inferred=true",
        "event",
        f"events of {name} whose date was inferred",
    )
    for what, unit, words in (
        ("claim", "claim", "claims"),
        ("event", "event", "events"),
        ("conflict", "contradiction", "contradictions"),
    ):
        _rate(f"{what}-rate", f"{what}s", source, unit, f"{words} for each thousand words of {name}")
    told = f"contradictions of {name} without another document's part, for each thousand words"
    _rate("alone-rate", "alone", source, "contradiction", told)
    inputs = (f"derived:audit-claims-{source}", f"derived:audit-sentences-{source}")
    key, label = f"audit-claim-density-{source}", f"claims for each sentence of {name}"
    derived(key, *inputs, unit="claim/sentence", digits=2, label=label, formula="claims ÷ sentences")(_ratio)


def _reviews_of(source: str, name: str) -> None:
    """Register what became of the claims and events of one document that were held against pages."""
    for table, unit, words in (("claims", "claim", "claims"), ("events", "event", "events")):
        own = f"joined:{table}?source_id={source}"
        _count(f"reviewed-{table}-{source}", f"{own}&gravest!=", unit, f"{words} of {name} held against a page", _RULE)
        against = f"{words} of {name} that some page contradicts"
        _count(f"against-{table}-{source}", f"{own}&gravest=contradicts", unit, against, _RULE)
        for key, (condition, told) in VERDICTS.items():
            if table == "events" and key == "other-origin":
                continue  # a date has no origin of its own
            _count(f"{key}-{table}-{source}", f"{own}&{condition}", unit, f"{words} of {name} {told}", _RULE)


def _ages_of(source: str, name: str) -> None:
    """Register how old the events of one document were when it appeared."""
    for key, (bands, words) in AGE_BANDS.items():
        query = f"joined:events?source_id={source}&age={bands}"
        _count(f"age-{key}-{source}", query, "event", f"events of {name} dated {words}", _AGE)
    derived(
        f"audit-lag-{source}",
        f"document:lag/{source}",
        unit="month",
        digits=0,
        label=f"age of the newest dated event when {name} appeared",
        formula="date of publication − date of the newest event, from the least to the most that their precision allows",
        silent=True,
    )(_same)


_YEARS = list(AGES)
_AGE = "year of publication − year of the event"
AGE_BANDS: Mapping[str, tuple[str, str]] = {
    "new": (_YEARS[0], "in the year of its publication"),
    "late": (f"{_YEARS[0]}|{_YEARS[1]}", "in the year of its publication or the year before"),
    "year": (_YEARS[1], "in the year before its publication"),
    "recent": (_YEARS[2], "two to four calendar years before its publication"),
    "old": (_YEARS[3], "five to twenty calendar years before its publication"),
    "older": (OLDER, "more than twenty calendar years before its publication"),
}
"""Bands of the age of an event: the values of `sourcebook.joins`, and the words of a label; `late` is two of them."""


def _conflicts_of(source: str, name: str) -> None:
    """Register the contradictions in which one document takes part."""
    own = f"joined:conflict_parties?source_id={source}&distinct=conflict_id"
    _count(f"conflicts-{source}", own, "contradiction", f"contradictions in which {name} takes part")
    told = f"contradictions of {name} without another document's part"
    _count(f"alone-{source}", f"{own}&kind!=between", "contradiction", told)
    for column, values in (("kind", KINDS), ("severity", SEVERITIES)):
        for value, words in values.items():
            query = f"{own}&{column}={value}"
            _count(f"conflicts-{value}-{source}", query, "contradiction", f"contradictions of {name} {words}")


def _citations_of(source: str, name: str) -> None:
    """Register how far what one document cites can be followed up."""
    own = f"tally:citations?source_id={source}&kind!=bibliography&same_as="
    for key, condition, words in (
        ("cited", "", "counted once each"),
        ("cited-address", "&url!=", "with an address"),
        ("cited-dated", "&url=&date!=", "with a date and no address"),
        ("cited-named", "&url=&date=", "by name alone"),
    ):
        _count(f"{key}-{source}", own + condition, "citation", f"works and statements that {name} cites, {words}")


def _census_of(source: str, name: str) -> None:
    """Register what became of the numbers of one text."""
    own = f"tally:census?source_id={source}"
    for key, condition, words in (
        ("census", "", "numeric expressions of"),
        ("census-record", "&class=claim|event", "numeric expressions that belong to a claim or an event of"),
        ("census-apparatus", "&class=apparatus", "numbers of notes, pages and dates of issue in"),
        ("census-other", "&class=name|ordinal|other", "numbers in names, lists and turns of phrase of"),
    ):
        _count(f"{key}-{source}", own + condition, "expression", f"{words} {name}")


_PARTS = (_claims_of, _density_of, _reviews_of, _ages_of, _conflicts_of, _citations_of, _census_of)
for _source, _name in names().items():
    for _register in _PARTS:
        _register(_source, _name)


def _totals(rows: Iterable[tuple[str, str, str, str]]) -> None:
    for key, query, unit, label in rows:
        _count(key, query, unit, label)


_totals(
    (
        ("documents", "tally:sources", "document", "documents of this book"),
        ("documents-undated", "tally:sources?date_basis=inferred", "document", "documents whose date of publication was inferred"),
        ("claims", "tally:claims", "claim", "claims of the documents"),
        ("events", "tally:events", "event", "dated events of the documents"),
        ("own", "tally:claims?role=primary", "claim", "claims that the documents make themselves"),
        ("uncredited", "tally:claims?origin_id=unknown", "claim", "claims of no origin that was found"),
        ("conflicts", "tally:conflicts", "contradiction", "contradictions of the record"),
        ("census", "tally:census", "expression", "numeric expressions of the texts"),
        ("reviews", "tally:reviews", "review", "reviews of the record"),
        ("reviews-reprint", "tally:reviews?source_kind=reprint", "review", "reviews that rest on a press copy"),
        ("bibliography", "tally:citations?kind=bibliography", "citation", "entries of a bibliography in the record"),
        ("read-dated", "tally:citations?date!=&date_accessed!=", "citation", "citations with a date of publication and one of access"),
        ("read-early", "joined:citations?early=true", "citation", "citations read before the page was published"),
        ("own-number", f"tally:claims?role=primary&qualifier={NUMBERS}", "claim", "claims that hold a number and that the documents make themselves"),
        ("own-length", f"tally:claims?role=primary&qualifier={NUMBERS}&unit=year|decade|month|week|day|item|objective", "claim", "claims that the documents make themselves and that are a length of time or a count of points"),
        ("origins", "tally:origins?origin_id!=unknown", "origin", "known origins of claims"),
        ("origins-shared", "joined:claims?shared=true&distinct=origin_id", "origin", "known origins behind claims of more than one document"),
        ("shared", "joined:claims?shared=true", "claim", "claims whose origin stands behind another document too"),
    )
)  # fmt: skip

for _key, _where, _label in (
    ("questions", "", "questions that claims answer"),
    ("questions-shared", "?documents!=1", "questions that more than one document answers"),
    ("questions-origins", "?origins!=0|1", "questions with two known origins or more"),
    ("questions-both", "?documents!=1&origins!=0|1", "questions with two documents and two known origins or more"),
):
    derived(f"audit-{_key}", f"joined:questions{_where}", unit="", digits=0, label=_label, formula=_COUNTED)(_plain)

for _table, _unit, _borne in (
    ("claims", "claim", "confirms|confirms_other_origin"),
    ("events", "event", "confirms"),
):
    for _key, _where, _label in (
        (f"reviewed-{_table}", "gravest!=", "held against a page"),
        (f"against-{_table}", "gravest=contradicts", "that some page contradicts"),
        (f"contradicted-{_table}", "mildest=contradicts", "that every page contradicts"),
        (f"borne-out-{_table}", f"gravest={_borne}", "that every page bears out, of whatever origin"),
        (f"borne-out-{_table}-mildest", f"mildest={_borne}", "that some page bears out, of whatever origin"),
    ):
        _count(_key, f"joined:{_table}?{_where}", _unit, f"{_table} of the documents {_label}", _RULE)
    _share(f"reviewed-{_table}-share", f"reviewed-{_table}", _table, f"{_table} held against a page, of all")
    for _key, _label in (("against", "that some page contradicts"), ("borne-out", "that every page bears out")):
        _part, _told = f"{_key}-{_table}", f"{_table} {_label}, of those reviewed"
        _share(f"{_part}-share", _part, f"reviewed-{_table}", _told)
_share("own-share", "own", "claims", "claims that the documents make themselves, of all")
_share("uncredited-share", "uncredited", "claims", "claims of no origin that was found, of all")

for _key, _top, _bottom, _label in (
    ("claims-ratio", "claims-rehalem-2025", "claims-did-2026", "claims of the longest document for each of the shortest"),
    ("claim-rate-ratio", "claim-rate-wakhan-2025", "claim-rate-csrs-2024", "claims by length, the Wakhan article against the CSRS brief"),
):  # fmt: skip
    _inputs = (f"derived:audit-{_top}", f"derived:audit-{_bottom}")
    derived(f"audit-{_key}", *_inputs, unit="", digits=1, label=_label, formula="the first ÷ the second")(_ratio)
