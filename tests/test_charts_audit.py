"""The figures of the audit, and every number behind them, counted again from the tables."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta

import pytest

from drawn_figures import figures_of
from sourcebook.charts import canvas, counts_of, crossed, documents, dots, paired, split_bars, tabled
from sourcebook.derived import definitions, evaluate
from sourcebook.ledger import Ledger
from sourcebook.paths import ROOT

LEDGER = Ledger.load()
NOTEBOOK = "08-audit"


def rows(name):
    with (ROOT / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


TABLES = ("claims", "events", "reviews", "conflicts", "conflict_parties", "citations", "census", "sentences", "origins")
DATA = {name: rows(f"data/{name}.csv") for name in (*TABLES, "stances")}
SOURCES = {r["source_id"]: r for r in rows("seeds/sources.csv")}
LONGEST_FIRST = sorted(SOURCES, key=lambda source: -int(SOURCES[source]["words"]))
DOMAINS = ("political", "security", "economic", "transit", "legitimacy")
KINDS = ("between", "within", "upstream", "calendar", "citation", "name", "geography", "arithmetic")
HELD = ("contradicted", "disputed", "partly", "other-origin", "holds", "not-found", "unreviewed")
BANDS = ("new", "year", "recent", "old", "older")


def of(table, source, **cells):
    return [r for r in DATA[table] if r["source_id"] == source and all(r[c] in v for c, v in cells.items())]


def given(kind, key):
    """The verdicts of the pages that were read against a record, and whether a search ended without one."""
    found = [r["verdict"] for r in DATA["reviews"] if r[f"{kind}_id"] == key]
    return {v for v in found if v != "not_found"}, "not_found" in found


def fate(kind, key):
    pages, sought = given(kind, key)
    if not pages:
        return "not-found" if sought else "unreviewed"
    if "contradicts" in pages:
        return "contradicted" if pages == {"contradicts"} else "disputed"
    if "partly" in pages:
        return "partly"
    return "other-origin" if "confirms_other_origin" in pages else "holds"


def documents_of(party):
    """The document whose words take part in a contradiction; none for a review."""
    if party["source_id"]:
        return {party["source_id"]}
    for kind in ("claim", "event", "stance", "citation"):
        if party[f"{kind}_id"]:
            return {r["source_id"] for r in DATA[f"{kind}s"] if r[f"{kind}_id"] == party[f"{kind}_id"]}
    return set()


CONFLICTS = defaultdict(set)
for _party in DATA["conflict_parties"]:
    for _source in documents_of(_party):
        CONFLICTS[_source].add(_party["conflict_id"])
KIND = {r["conflict_id"]: r["kind"] for r in DATA["conflicts"]}
SEVERITY = {r["conflict_id"]: r["severity"] for r in DATA["conflicts"]}
NUMBER = ("exact", "about", "at_least", "nearly", "range")


def band(source, event):
    years = int(SOURCES[source]["date_published"][:4]) - int(event["date"][:4])
    return BANDS[sum(years > most for most in (0, 1, 4, 20))]


def ends(stamp):
    """The first and the last day of a date of any precision."""
    year, month, day = (*map(int, stamp.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    if day:
        return first, first
    following = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    return first, following - timedelta(days=1)


def lag(source):
    """The most months between the newest dated event and the publication."""
    newest = max(ends(e["date"])[0] for e in of("events", source))
    return (ends(SOURCES[source]["date_published"])[1] - newest).days / (365.25 / 12)


def claims_of(source):
    """What one document states, by the last part of the id."""
    claims, events, words = of("claims", source), of("events", source), int(SOURCES[source]["words"])
    sentences = {r["sentence_id"] for r in of("sentences", source, kind=["sentence"])}
    found = {
        "claims": len(claims),
        "events": len(events),
        "undated": len(of("events", source, inferred=["true"])),
        "words": words,
        "sentences": len(sentences),
        "claim-rate": 1000 * len(claims) / words,
        "event-rate": 1000 * len(events) / words,
        "conflict-rate": 1000 * len(CONFLICTS[source]) / words,
        "alone-rate": 1000 * sum(KIND[c] != "between" for c in CONFLICTS[source]) / words,
        "claim-density": len(claims) / len(sentences),
        "number": sum(c["qualifier"] in NUMBER for c in claims),
        "rank": len(of("claims", source, qualifier=["rank"])),
        "vague": len(of("claims", source, qualifier=["vague"])),
        "own": len(of("claims", source, role=["primary"])),
        "relayed": sum(c["role"] == "relayed" and c["origin_id"] != "unknown" for c in claims),
        "uncredited": len(of("claims", source, origin_id=["unknown"])),
        "lag": lag(source),
    }
    return found | {domain: len(of("claims", source, domain=[domain])) for domain in DOMAINS}


def held_of(source):
    """What became of the claims and events of one document, and how old its events were."""
    found = {}
    for kind in ("claim", "event"):
        fates = [fate(kind, r[f"{kind}_id"]) for r in of(f"{kind}s", source)]
        found |= {f"{key}-{kind}s": fates.count(key) for key in HELD if (key, kind) != ("other-origin", "event")}
        found[f"reviewed-{kind}s"] = len(fates) - fates.count("unreviewed")
        found[f"against-{kind}s"] = fates.count("contradicted") + fates.count("disputed")
    bands = [band(source, event) for event in of("events", source)]
    found |= {f"age-{key}": bands.count(key) for key in BANDS}
    return found | {"age-late": bands.count("new") + bands.count("year")}


def told_of(source):
    """The contradictions, citations and numbers of one document."""
    mine = CONFLICTS[source]
    cited = [c for c in of("citations", source) if c["kind"] != "bibliography" and not c["same_as"]]
    census = [r["class"] for r in of("census", source)]
    found = {f"conflicts-{kind}": sum(KIND[c] == kind for c in mine) for kind in KINDS}
    found |= {f"conflicts-{s}": sum(SEVERITY[c] == s for c in mine) for s in ("finding", "trust", "slip")}
    return found | {
        "conflicts": len(mine),
        "alone": sum(KIND[c] != "between" for c in mine),
        "cited": len(cited),
        "cited-address": sum(bool(c["url"]) for c in cited),
        "cited-dated": sum(bool(c["date"]) and not c["url"] for c in cited),
        "cited-named": sum(not c["date"] and not c["url"] for c in cited),
        "census": len(census),
        "census-record": sum(c in ("claim", "event") for c in census),
        "census-apparatus": census.count("apparatus"),
        "census-other": sum(c in ("name", "ordinal", "other") for c in census),
    }


def totals():
    """What is counted over all documents."""
    claims = DATA["claims"]
    behind, answers = defaultdict(set), defaultdict(list)
    for claim in claims:
        behind[claim["origin_id"]].add(claim["source_id"])
        answers[claim["question_id"]].append(claim)
    shared = {o for o, sources in behind.items() if len(sources) > 1 and o != "unknown"}
    by = {
        q: (len({c["source_id"] for c in a}), len({c["origin_id"] for c in a} - {"unknown"}))
        for q, a in answers.items()
    }
    own = [c for c in claims if c["role"] == "primary" and c["qualifier"] in NUMBER]
    dated = [c for c in DATA["citations"] if c["date"] and c["date_accessed"]]
    points = ("year", "decade", "month", "week", "day", "item", "objective")
    found = {
        "documents": len(SOURCES),
        "documents-undated": sum(s["date_basis"] == "inferred" for s in SOURCES.values()),
        "claims": len(claims),
        "events": len(DATA["events"]),
        "own": sum(c["role"] == "primary" for c in claims),
        "uncredited": sum(c["origin_id"] == "unknown" for c in claims),
        "conflicts": len(DATA["conflicts"]),
        "census": len(DATA["census"]),
        "reviews": len(DATA["reviews"]),
        "reviews-reprint": sum(r["source_kind"] == "reprint" for r in DATA["reviews"]),
        "bibliography": sum(c["kind"] == "bibliography" for c in DATA["citations"]),
        "read-dated": len(dated),
        "read-early": sum(ends(c["date_accessed"])[1] < ends(c["date"])[0] for c in dated),
        "own-number": len(own),
        "own-length": sum(c["unit"] in points for c in own),
        "origins": len(DATA["origins"]) - 1,
        "origins-shared": len(shared),
        "shared": sum(c["origin_id"] in shared for c in claims),
        "questions": len(by),
        "questions-shared": sum(documents > 1 for documents, _ in by.values()),
        "questions-origins": sum(origins > 1 for _, origins in by.values()),
        "questions-both": sum(documents > 1 and origins > 1 for documents, origins in by.values()),
    }
    for kind in ("claim", "event"):
        keys = [r[f"{kind}_id"] for r in DATA[f"{kind}s"]]
        fates = [fate(kind, key) for key in keys]
        found[f"reviewed-{kind}s"] = len(fates) - fates.count("unreviewed")
        found[f"contradicted-{kind}s"] = fates.count("contradicted")
        found[f"against-{kind}s"] = fates.count("contradicted") + fates.count("disputed")
        found[f"borne-out-{kind}s"] = fates.count("holds") + fates.count("other-origin")
        kindly = [given(kind, key)[0] & {"confirms", "confirms_other_origin"} for key in keys]
        found[f"borne-out-{kind}s-mildest"] = sum(map(bool, kindly))
        found[f"reviewed-{kind}s-share"] = 100 * found[f"reviewed-{kind}s"] / len(keys)
        for part in ("against", "borne-out"):
            found[f"{part}-{kind}s-share"] = 100 * found[f"{part}-{kind}s"] / found[f"reviewed-{kind}s"]
    return found | {
        "own-share": 100 * found["own"] / len(claims),
        "uncredited-share": 100 * found["uncredited"] / len(claims),
    }


BY_DOCUMENT = {source: claims_of(source) | held_of(source) | told_of(source) for source in SOURCES}
EXPECTED = totals() | {f"{key}-{source}": n for source, found in BY_DOCUMENT.items() for key, n in found.items()}
EXPECTED["claims-ratio"] = max(f["claims"] for f in BY_DOCUMENT.values()) / min(
    f["claims"] for f in BY_DOCUMENT.values()
)
_RATES = [found["claim-rate"] for found in BY_DOCUMENT.values()]
EXPECTED["claim-rate-ratio"] = max(_RATES) / min(_RATES)


def test_every_value_of_the_audit_is_counted_again():
    assert set(EXPECTED) == {key.removeprefix("audit-") for key in definitions() if key.startswith("audit-")}


@pytest.mark.parametrize("source", ["", *SOURCES])
def test_a_value_is_what_the_tables_hold(source):
    own = [k for k in EXPECTED if (k.endswith(source) if source else not any(k.endswith(s) for s in SOURCES))]
    assert len(own) > 30
    wrong = {k: evaluate(LEDGER, f"audit-{k}").high for k in own if evaluate(LEDGER, f"audit-{k}").high != pytest.approx(EXPECTED[k])}  # fmt: skip
    assert wrong == {}
    assert all(evaluate(LEDGER, f"audit-{k}").is_point for k in own if not k.startswith("lag-"))


def test_what_is_shown_adds_up():
    for source, found in BY_DOCUMENT.items():
        assert sum(found[d] for d in DOMAINS) == found["number"] + found["rank"] + found["vague"] == found["claims"]
        assert found["own"] + found["relayed"] + found["uncredited"] == found["claims"], source
        assert sum(found[f"{key}-claims"] for key in HELD) == found["claims"]
        assert sum(found[f"age-{key}"] for key in BANDS) == found["events"]
        assert sum(found[f"conflicts-{kind}"] for kind in KINDS) == found["conflicts"]
        assert found["census-record"] + found["census-apparatus"] + found["census-other"] == found["census"]


# --- what the page says in words -------------------------------------------------------------------------------


def test_the_densest_and_the_sparsest_document_are_those_that_the_caption_names():
    rates = {source: found["claim-rate"] for source, found in BY_DOCUMENT.items()}
    assert (min(rates, key=rates.get), max(rates, key=rates.get)) == ("csrs-2024", "wakhan-2025")
    counts = {source: found["claims"] for source, found in BY_DOCUMENT.items()}
    assert [max(counts, key=counts.get), min(counts, key=counts.get)] == [LONGEST_FIRST[0], LONGEST_FIRST[-1]]


def test_the_fewest_contradictions_by_length_are_those_that_the_text_names():
    every = {source: found["conflict-rate"] for source, found in BY_DOCUMENT.items()}
    alone = {source: found["alone-rate"] for source, found in BY_DOCUMENT.items()}
    assert (min(every, key=every.get), max(every, key=every.get)) == ("rehalem-2025", "did-2026")
    assert (min(alone, key=alone.get), max(alone, key=alone.get)) == ("zeeshan-2024", "did-2026")


def test_both_shared_origins_are_of_the_paper_and_the_article_on_different_questions():
    for origin in ("un-monitoring-team", "us-defense-department"):
        asked = defaultdict(set)
        for claim in DATA["claims"]:
            if claim["origin_id"] == origin:
                asked[claim["source_id"]].add(claim["question_id"])
        assert set(asked) == {"rehalem-2025", "wakhan-2025"}
        assert not asked["rehalem-2025"] & asked["wakhan-2025"]


def test_only_the_paper_prints_dates_of_access():
    assert {c["source_id"] for c in DATA["citations"] if c["date_accessed"]} == {"rehalem-2025"}


def test_slips_of_its_own_are_most_of_what_contradicts_the_paper():
    found = BY_DOCUMENT["rehalem-2025"]
    own = sum(found[f"conflicts-{kind}"] for kind in ("within", "citation", "name", "calendar"))
    assert own > found["conflicts"] / 2


# --- what the pictures show ------------------------------------------------------------------------------------


def expected(keys, pattern="{key}-{source}"):
    """One row a document, the longest first, one column a key."""
    return [[EXPECTED.get(pattern.format(key=key, source=s), 0) for key in keys] for s in LONGEST_FIRST]


def bars_of(ax):
    """Widths by row and part, whatever the height at which a bar of the row is drawn."""
    names = len(ax.get_yticks())
    return [
        [sum(p.get_width() for p in part if round(p.get_y() + p.get_height() / 2) == row) for part in ax.containers]
        for row in range(names)
    ]


def dots_of(ax):
    """Areas of the dots by row and column, as parts of the largest; and the numbers beside them."""
    size = (len(ax.get_yticks()), len(ax.get_xticks()))
    areas = [[0.0] * size[1] for _ in range(size[0])]
    numbers = [[None] * size[1] for _ in range(size[0])]
    for line in ax.lines:
        areas[int(line.get_ydata()[0])][round(line.get_xdata()[0])] = line.get_markersize() ** 2
    for text in ax.texts:
        x, y = text.get_position()
        numbers[int(y)][round(x)] = int(text.get_text())
    largest = max(map(max, areas))
    return [[a / largest for a in row] for row in areas], numbers


def same(drawn, counted):
    assert [len(row) for row in drawn] == [len(row) for row in counted]
    for one, two in zip(drawn, counted, strict=True):
        assert one == pytest.approx(two)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("audit-domains", expected(DOMAINS)),
        ("audit-ages", expected(BANDS, "age-{key}-{source}")),
        ("audit-conflict-kinds", [list(row) for row in zip(*expected(KINDS, "conflicts-{key}-{source}"), strict=True)]),
    ],
)
def test_dots_are_as_large_as_the_counts_beside_them(name, counted):
    figure, _, _ = figures_of(NOTEBOOK)[name]
    areas, numbers = dots_of(figure.axes[0])
    assert numbers == counted
    greatest = max(map(max, counted))
    same(areas, [[n / greatest for n in row] for row in counted])


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("audit-words", ("number", "rank", "vague")),
        ("audit-origins", ("own", "relayed", "uncredited")),
        ("audit-census", ("census-record", "census-apparatus", "census-other")),
    ],
)
def test_bars_of_equal_length_are_split_by_the_counts(name, keys):
    figure, _, _ = figures_of(NOTEBOOK)[name]
    counted = expected(keys)
    same(bars_of(figure.axes[0]), [[n / sum(row) for n in row] for row in counted])


def test_bars_of_citations_are_the_counts():
    figure, _, _ = figures_of(NOTEBOOK)["audit-citations"]
    same(bars_of(figure.axes[0]), expected(("cited-address", "cited-dated", "cited-named")))


def test_counts_stand_beside_what_they_are_by_length():
    left, right = figures_of(NOTEBOOK)["audit-density"][0].axes
    same(bars_of(left), expected(("claims", "events")))
    same(bars_of(right), expected(("claim-rate", "event-rate")))


def test_contradictions_are_drawn_by_weight_and_by_length():
    left, right = figures_of(NOTEBOOK)["audit-conflict-weights"][0].axes
    same(bars_of(left), expected(("finding", "trust", "slip"), "conflicts-{key}-{source}"))
    same(bars_of(right), expected(("conflict-rate", "alone-rate")))


def test_verdicts_are_drawn_for_claims_and_events_and_what_was_not_reviewed_is_written():
    for ax, what in zip(figures_of(NOTEBOOK)["audit-verdicts"][0].axes, ("claims", "events"), strict=True):
        same(bars_of(ax), expected(HELD[:-1], f"{{key}}-{what}-{{source}}"))
        assert max(sum(row) for row in bars_of(ax)) < ax.get_xlim()[1]
        written = [t.get_text() for t in ax.texts if t.get_text().startswith("+")]
        assert written == [f"+{EXPECTED[f'unreviewed-{what}-{source}']}" for source in LONGEST_FIRST]


@pytest.mark.parametrize(
    ("name", "at", "counted"),
    [
        ("audit-words", 0, expected(("number", "rank", "vague"))),
        ("audit-origins", 0, expected(("own", "relayed", "uncredited"))),
        ("audit-census", 0, expected(("census-record", "census-apparatus", "census-other"))),
        ("audit-citations", 0, expected(("cited-address", "cited-dated", "cited-named"))),
        ("audit-verdicts", 0, expected(HELD[:-1], "{key}-claims-{source}")),
        ("audit-verdicts", 1, expected(HELD[:-1], "{key}-events-{source}")),
    ],
)
def test_each_number_written_into_a_bar_is_that_of_its_part(name, at, counted):
    ax = figures_of(NOTEBOOK)[name][0].axes[at]
    written = [text for text in ax.texts if text.get_text().isdigit()]
    for text in written:
        point = ax.transData.transform(text.get_position())
        (part,) = [n for n, bars in enumerate(ax.containers) if any(bar.contains_point(point) for bar in bars)]
        assert int(text.get_text()) == counted[text.get_position()[1]][part]
    assert len(written) > len(LONGEST_FIRST)


def test_a_table_under_a_figure_holds_a_reference_for_each_mark():
    _, data, bound = figures_of(NOTEBOOK)["audit-verdicts"]
    assert list(data["Reviewed"][:2]) == ["Rehalem, claims", "CSRS brief, claims"]
    assert bound["borne out"] == "borne out ref"
    assert data["borne out ref"][0] == "derived:audit-holds-claims-rehalem-2025"
    assert set(data["other origin ref"][5:]) == {""}


# --- the marks themselves --------------------------------------------------------------------------------------


def test_documents_stand_the_longest_first_without_their_year():
    assert next(iter(documents(LEDGER).items())) == ("Rehalem", "rehalem-2025")
    assert list(documents(LEDGER).values()) == LONGEST_FIRST
    assert "DID" in documents(LEDGER, short=True)


def test_references_are_crossed_counted_and_tabled():
    refs = crossed({"a\nb": "did-2026"}, {"all\nof it": "claims", "none": "transit"}, "derived:audit-{column}-{row}")
    refs["blank"] = ""
    assert counts_of(LEDGER, refs).to_numpy().tolist() == [[6, 0, 0]]
    data, bound = tabled(refs, "Whose")
    assert data.to_dict("records") == [
        {
            "Whose": "a b",
            "all of it ref": "derived:audit-claims-did-2026",
            "none ref": "derived:audit-transit-did-2026",
            "blank ref": "",
        }
    ]
    assert bound == {"all of it": "all of it ref", "none": "none ref", "blank": "blank ref"}


@pytest.fixture
def counts():
    refs = crossed({"x": "rehalem-2025", "y": "did-2026"}, {"p": "own", "q": "relayed"}, "derived:audit-{column}-{row}")
    return counts_of(LEDGER, refs)


def test_a_part_of_no_length_is_not_drawn_and_a_narrow_one_bears_no_number(counts):
    _, ax = canvas(1.5)
    split_bars(ax, counts, {"one": "solid", "two": "blank"}, beyond=(7, 0))
    assert [len(part) for part in ax.containers] == [2, 1]
    assert [t.get_text() for t in ax.texts] == ["66", "47", "+7", "+0"]


def test_shares_fill_the_axis_and_are_named_above_the_first_bar(counts):
    _, ax = canvas(1.5)
    split_bars(ax, counts, {"one": "solid", "two": "blank"}, shares=True)
    assert [sum(row) for row in bars_of(ax)] == pytest.approx([1, 1])
    assert {t.get_text() for t in ax.texts} >= {"one", "two", "66", "47", "2"}
    assert list(ax.get_xticks()) == []


def test_pairs_have_their_numbers_behind_them(counts):
    _, ax = canvas(1.5)
    paired(ax, counts, {"one": "solid", "two": "blank"}, digits=1)
    assert [t.get_text() for t in ax.texts] == ["66.0", "2.0", "47.0", "0.0"]
    assert all(t.get_position()[0] > 0 for t in ax.texts)


def test_a_cell_without_anything_has_a_number_and_no_dot(counts):
    _, ax = canvas(1.5)
    dots(ax, counts)
    assert len(ax.lines) == 3
    assert [t.get_text() for t in ax.texts] == ["66", "2", "47", "0"]
