"""The measures of alignment: their values against a count of the tables by hand, and what must hold of any stances."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from coded_stances import ACTORS, CODED, DOMAINS, PAIRS, RECORD, cell_values, documents_of, kinds, measures, rows_of
from small_book import article, make_book, page  # noqa: F401  -- make_book is a fixture
from sourcebook import alignment
from sourcebook.alignment import (
    ACTUAL,
    HALF,
    MEASURES,
    WHOLE,
    balance,
    cells,
    mean_balance,
    measure,
    pairs,
    without_one,
)
from sourcebook.derivations.alignment import CELLS
from sourcebook.derived import definitions, evaluate
from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.ledger import Ledger

LEDGER = Ledger.load()
SOURCES = sorted(LEDGER.sources)
SUBSETS = [set(chosen) for size in range(1, 6) for chosen in combinations(SOURCES, size)]
OURS = [key for key in definitions() if key.startswith("align-")]


def expected_values():
    """Every derived value of alignment by id, from the tables."""
    found = {}
    for pair in PAIRS:
        for domain in ("", *DOMAINS):
            if rows_of(RECORD, pair, domain):
                head = "-".join(filter(None, ("align", *pair, domain)))
                found |= {f"{head}-{what}": value for what, value in cell_values(pair, domain).items()}
    counts = {
        "russia-pakistan-statements": 0,
        "statements": len(RECORD),
        "statements-credited": sum(row["voice"] != "author" for row in RECORD),
        **{f"cells-{kind}": count for kind, count in kinds(RECORD).items()},
        **{f"orders-{outcome}": count for outcome, count in comparisons().items()},
    }
    for document in SOURCES:
        others = [row for row in RECORD if row["source_id"] != document]
        counts[f"statements-{document}"] = len(RECORD) - len(others)
        left = kinds(others)
        counts[f"cells-silent-without-{document}"] = left["silent"]
        counts[f"cells-solid-without-{document}"] = left["solid"]
        counts[f"cells-lost-without-{document}"] = kinds(RECORD)["spoken"] - left["spoken"]
    return found | {f"align-{key}": (count, count) for key, count in counts.items()}


def comparisons():
    """How two spoken pairs compare under the six measures, over all twos of them."""
    found = {"kept": 0, "reversed": 0, "tied": 0}
    for one, other in combinations(
        [m for pair in PAIRS if (rows := rows_of(RECORD, pair)) for m in [measures(rows)]], 2
    ):
        ahead = {(round(one[m], 9) > round(other[m], 9)) - (round(one[m], 9) < round(other[m], 9)) for m in one}
        found["reversed" if {1, -1} <= ahead else "tied" if 0 in ahead else "kept"] += 1
    return found


# --- against the tables -----------------------------------------------------------------------------------


def test_every_derived_value_is_what_the_tables_give_and_none_is_missing_or_too_many():
    expected = expected_values()
    assert sorted(OURS) == sorted(expected)
    wrong = {}
    for key, (low, high) in expected.items():
        value = evaluate(LEDGER, key)
        if (value.low, value.high) != pytest.approx((low, high), abs=1e-12):
            wrong[key] = (value, low, high)
    assert wrong == {}
    assert len(expected) > 300


def test_the_list_of_cells_is_that_of_the_record():
    spoken = {(*pair, domain): rows for pair in PAIRS for domain in DOMAINS if (rows := rows_of(RECORD, pair, domain))}
    assert {name: tuple(documents_of(rows)) for name, rows in spoken.items()} == dict(CELLS)


def test_what_the_text_says_of_the_pairs_holds():
    last = cell_values(("pakistan", "taliban-government"))
    assert last["coder-range"][1] < 0 > last["without-one"][1]
    for pair in PAIRS:
        if rows_of(RECORD, pair) and pair != ("pakistan", "taliban-government"):
            values = measures(rows_of(RECORD, pair))
            mine = measures(rows_of(RECORD, ("pakistan", "taliban-government")))
            assert all(values[name] > mine[name] for name in values)
            assert cell_values(pair)["without-one"][0] > 0 < cell_values(pair)["coder-range"][0]
    for coder in CODED.values():
        assert rows_of(coder, ("russia", "pakistan")) == []
    for domain in DOMAINS:
        assert cell_values(("china", "taliban-government"), domain)["balance"][0] > 0
    solid = {name: cell_values(name[:2], name[2]) for name, documents in CELLS.items() if len(documents) > 1}
    negative = [n for n, v in solid.items() if v["statements"][0] >= 5 and v["balance"][0] < 0]
    assert negative == [("pakistan", "taliban-government", "security")]
    shaded = [
        row for row in rows_of(RECORD, ("china", "taliban-government"), "security") if row["modality"] != "actual"
    ]
    assert documents_of(shaded) == ["rehalem-2025"]
    assert not any(row["modality"] == "actual" for row in rows_of(RECORD, ("china", "russia"), "transit"))


# --- what must hold of any stances ------------------------------------------------------------------------


@pytest.mark.parametrize("documents", SUBSETS, ids=lambda chosen: "+".join(sorted(chosen)))
def test_over_every_choice_of_documents(documents):
    stances = LEDGER.coding()
    read = [s for s in stances if s.source_id in documents]
    chosen = (*cells(stances, documents), *pairs(stances, documents))
    assert chosen == (*cells(read), *pairs(read))
    for cell in chosen:
        assert cell.documents <= documents
        assert sum(cell.count(what) for what in ("converging", "diverging")) == len(cell.stances)
        for found in MEASURES.values():
            value = found.of(cell.stances)
            assert value is None or -1 <= value <= 1
            assert value == pytest.approx(found.of(cell.stances[::-1])), "the order of the statements matters"
        assert (cell.balance is None) == (not cell.stances)
        actual, half, whole = (balance(cell.stances, weights) for weights in (ACTUAL, HALF, WHOLE))
        if actual is not None:
            assert min(actual, whole) - 1e-12 <= half <= max(actual, whole) + 1e-12
        if len(cell.documents) == 1:
            assert mean_balance(cell.stances, lambda s: s.source_id) == cell.balance
            assert without_one(cell.stances) == {}
            assert cell.is_thin
        if len(cell.documents) > 1:
            assert without_one(cell.stances).keys() == cell.documents
    assert sum(len(cell.stances) for cell in cells(read)) == sum(len(cell.stances) for cell in pairs(read))


@pytest.mark.parametrize("document", SOURCES)
def test_a_document_that_says_nothing_of_a_cell_changes_nothing_and_one_that_does_is_given_back(document):
    stances, others = LEDGER.coding(), set(SOURCES) - {document}
    for full, rest, own in zip(cells(stances), cells(stances, others), cells(stances, {document}), strict=True):
        assert sorted((*rest.stances, *own.stances), key=lambda s: s.unit) == sorted(full.stances, key=lambda s: s.unit)
        assert balance((*rest.stances, *own.stances)) == pytest.approx(full.balance)
        if document not in full.documents:
            assert rest == full
        elif len(full.documents) > 1:
            assert without_one(full.stances)[document] == rest.balance


def test_turning_every_relation_round_turns_every_measure_round():
    from dataclasses import replace

    turned = {"converges": "diverges", "diverges": "converges"}
    for cell in pairs(LEDGER.coding()):
        other = [replace(s, relation=turned[s.relation]) for s in cell.stances]
        for found in MEASURES.values():
            value = found.of(cell.stances)
            assert found.of(other) == (None if value is None else pytest.approx(-value))


def test_which_coder_came_first_does_not_matter():
    from dataclasses import replace

    codings = {**LEDGER.codings, "first": LEDGER.coding("second"), "second": LEDGER.coding("first")}
    swapped = replace(LEDGER, codings=codings)
    for key in (k for k in OURS if k.endswith("coder-range")):
        assert evaluate(swapped, key) == evaluate(LEDGER, key)


def test_each_vote_counts_the_same_however_much_is_said():
    stances = [s for s in LEDGER.coding() if s.actor_b]
    yes = [s for s in stances if s.relation == "converges" and s.source_id == "csrs-2024"]
    no = [s for s in stances if s.relation == "diverges" and s.source_id == "rehalem-2025"][:1]
    assert len(yes) > 50
    assert balance(yes + no) > 0.9
    assert mean_balance(yes + no, lambda s: s.source_id) == 0


# --- queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "error", "told"),
    [
        ("balance?pair=russia+pakistan", SourcebookError, "silence has no balance"),
        ("balance?pair=china+russia&domain=legitimacy", SourcebookError, "silence has no balance"),
        ("balance?pair=russia+china", UnknownId, "no pair has the id 'russia.china'"),
        ("balance?pair=china+russia&domain=military", UnknownId, "no domain"),
        ("balance?pair=china+russia&without=csrs-2025", UnknownId, "did you mean csrs-2024"),
        ("balance?pair=china+russia&documents=csrs-2024+nobody", UnknownId, "no source"),
        ("balance?pair=china+russia&coder=third", UnknownId, "no coding"),
        ("balances?pair=china+russia", UnknownId, "no measure of stances"),
        ("cells-empty", UnknownId, "no measure of stances"),
        ("balance?pairs=china+russia", SourcebookError, "no condition"),
        ("balance?pair=", SourcebookError, "no condition"),
    ],
)
def test_a_query_that_measures_nothing_is_refused(query, error, told):
    with pytest.raises(error, match=told):
        measure(LEDGER, query)


def test_a_query_reads_the_documents_that_it_names():
    both = measure(LEDGER, "statements?documents=csrs-2024+did-2026").low
    one, other = (measure(LEDGER, f"statements?documents={d}").low for d in ("csrs-2024", "did-2026"))
    assert both == one + other
    assert measure(LEDGER, "statements?without=csrs-2024").low == measure(LEDGER, "statements").low - one
    told = alignment.parse("balance?pair=china+russia&domain=transit&without=csrs-2024&coder=first").told
    assert told == "statements of the first coding, china and russia, transit, without csrs-2024"


# --- the page of the record -------------------------------------------------------------------------------


def text_of_cells(row):
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)]


def test_the_page_of_the_record_gives_each_cell_its_numbers(make_book):
    out, _ = make_book({**page("Text."), "record.md": "# Record\n\n```{alignment}\n```\n"})
    html = article(out, "record")
    rows = [text_of_cells(row) for row in re.findall(r"<tr.*?>(.*?)</tr>", html, re.DOTALL)][1:]
    assert len(rows) == 6 * (1 + len(DOMAINS))
    names = [LEDGER.actors[actor] for actor in ACTORS]
    slots = [(i, domain) for i in range(6) for domain in ("", *DOMAINS)]
    for cells_, (i, domain) in zip(rows, slots, strict=True):
        pair = PAIRS[i]
        told = " and ".join(names[ACTORS.index(actor)] for actor in pair)
        assert cells_[0] == f"{told}: {domain or 'all domains'}"
        if not rows_of(RECORD, pair, domain):
            assert cells_[1:] == ["–"] * 7
            continue
        expected = cell_values(pair, domain)
        counts = ("converging", "diverging", "shaded", "documents")
        assert [int(n) for n in cells_[1:5]] == [expected[what][0] for what in counts]
        assert float(cells_[5]) == pytest.approx(expected["balance"][0], abs=0.00501)
        for text, what in ((cells_[6], "coder-range"), (cells_[7], "without-one")):
            if what not in expected:
                assert text == "single text"
                continue
            ends = [float(end) for end in re.findall(r"-?\d\.\d\d", text)]
            assert (ends[0], ends[-1]) == pytest.approx(expected[what], abs=0.00501)
