"""What is left without some documents, held against what the CSV files say by themselves."""

from __future__ import annotations

import csv
from itertools import combinations

import pytest

from sourcebook.derived import definitions, evaluate, record
from sourcebook.errors import SetAside, UnknownId
from sourcebook.formatting import cell_text
from sourcebook.ledger import Ledger
from sourcebook.paths import ROOT
from sourcebook.remainder import changes, folded, left, mask, remainder, resting, subsets

FIVE = ("csrs-2024", "did-2026", "rehalem-2025", "wakhan-2025", "zeeshan-2024")
ALL = [frozenset(some) for size in range(1, 6) for some in combinations(FIVE, size)]


def rows(name):
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def book():
    return Ledger.load()


def test_there_are_thirty_one_choices_and_each_has_a_number_of_its_own(book):
    assert set(subsets(book)) == set(ALL)
    assert [mask(book, away) for away in subsets(book)] == list(range(1, 32))


@pytest.mark.parametrize("away", ALL, ids=lambda away: "+".join(sorted(s.split("-")[0] for s in away)))
def test_counts_are_those_of_the_rows_that_are_left(book, away):
    left_over = remainder(book, away)
    claims = [row for row in rows("claims") if row["source_id"] not in away]
    stances = [row for row in rows("stances") if row["source_id"] not in away]
    events = [row for row in rows("events") if row["source_id"] not in away]
    assert set(left_over.claims) == {row["claim_id"] for row in claims}
    assert set(left_over.events) == {row["event_id"] for row in events}
    assert set(left_over.questions) == {row["question_id"] for row in claims}
    assert set(left_over.origins) == {row["origin_id"] for row in claims} | unnamed()
    on_pairs = sum(bool(row["actor_b"]) for row in stances)
    assert evaluate(left_over, "align-statements").low == on_pairs
    assert evaluate(left_over, "audit-claims").low == len(claims)
    assert evaluate(left_over, "audit-documents").low == 5 - len(away)
    answered = {row["question_id"] for row in claims}
    for question in list(answered)[:40]:
        answers = [row for row in claims if row["question_id"] == question]
        voices = left_over.voices(question)
        assert voices.documents == len({row["source_id"] for row in answers})
        assert voices.origins == len({row["origin_id"] for row in answers} - {"unknown"})


def unnamed():
    """Origins that no claim names: they hang on no document."""
    return {row["origin_id"] for row in rows("origins")} - {row["origin_id"] for row in rows("claims")}


@pytest.mark.parametrize("away", ALL, ids=lambda away: "+".join(sorted(s.split("-")[0] for s in away)))
def test_a_balance_is_that_of_the_statements_that_are_left(book, away):
    issues = {row["issue_id"]: row["domain"] for row in rows("issues")}
    cells = {}
    for row in rows("stances"):
        if row["actor_b"] and row["source_id"] not in away:
            key = f"{row['actor_a']}-{row['actor_b']}-{issues[row['issue_id']]}"
            sums = cells.setdefault(key, {"converges": 0.0, "diverges": 0.0})
            sums[row["relation"]] += 1.0 if row["modality"] == "actual" else 0.5
    keys = [key for key in definitions() if key.startswith("align-") and key.endswith("-balance")]
    of_cells = [key for key in keys if key.removeprefix("align-").removesuffix("-balance") in all_cells()]
    assert len(of_cells) > 15
    for key in of_cells:
        sums = cells.get(key.removeprefix("align-").removesuffix("-balance"))
        found = left(book, "derived", key, away)
        if sums is None:
            assert found is None
        else:
            value = (sums["converges"] - sums["diverges"]) / (sums["converges"] + sums["diverges"])
            assert float(found.replace("−", "-")) == pytest.approx(value, abs=0.0051)


def all_cells():
    issues = {row["issue_id"]: row["domain"] for row in rows("issues")}
    return {f"{r['actor_a']}-{r['actor_b']}-{issues[r['issue_id']]}" for r in rows("stances") if r["actor_b"]}


def test_a_claim_rests_on_every_document_that_says_as_much(book):
    claims = {row["claim_id"]: row for row in rows("claims")}
    shared = {key: resting(book, "claim", key) for key in claims if len(resting(book, "claim", key)) > 1}
    assert shared
    for key, documents in shared.items():
        same = [r for r in claims.values() if r["question_id"] == claims[key]["question_id"]]
        assert documents <= {row["source_id"] for row in same}
        assert claims[key]["source_id"] in documents
    alone = [key for key in claims if key not in shared]
    assert all(resting(book, "claim", key) == {claims[key]["source_id"]} for key in alone)


def test_what_another_document_says_less_firmly_does_not_bear_a_claim(project):
    project.change("claims", 2, value_low="1382", value_high="1382")
    project.add("claims", claim_id="many-crossings", source_id="lighthouse-2023", quote="has two hundred steps of stone",
                value_low="200", value_high="", qualifier="at_least")  # fmt: skip
    ledger = Ledger.load(project.root)
    assert resting(ledger, "claim", "crossings") == {"harbour-2024"}
    assert resting(ledger, "claim", "many-crossings") == {"harbour-2024", "lighthouse-2023"}


def test_what_rests_on_nothing_that_is_left_cannot_be_looked_up_and_what_stands_can(project):
    project.add("claims", claim_id="crossings-too", source_id="lighthouse-2023", quote="has two hundred steps of stone",
                value_low="1382", value_high="1382")  # fmt: skip
    ledger = Ledger.load(project.root)
    rest = remainder(ledger, frozenset({"harbour-2024"}))
    assert rest.claim("crossings").value_note == ledger.claim("crossings").value_note
    assert "crossings" not in rest.claims
    assert left(ledger, "claim", "crossings", rest.away) == ""
    with pytest.raises(SetAside, match="rests only on documents that are set aside"):
        remainder(ledger, frozenset({"harbour-2024", "lighthouse-2023"})).claim("crossings")
    with pytest.raises(UnknownId):
        remainder(ledger, frozenset({"harbor-2024"}))


@pytest.mark.parametrize(
    "kind",
    ["claim", "event", "stance", "citation", "conflict", "question", "judgement", "derived", "review", "series", "kin"],
)
def test_what_leads_nowhere_is_no_record_that_stands(book, kind):
    with pytest.raises(UnknownId):
        left(book, kind, "nowhere", frozenset({"did-2026"}))


def test_a_contradiction_between_documents_needs_words_on_both_sides(book):
    keys = {row["conflict_id"]: row for row in rows("conflicts")}
    parties = [row for row in rows("conflict_parties") if row["conflict_id"] == "etim-absent-from-csrs"]
    assert keys["etim-absent-from-csrs"]["kind"] == "between"
    assert {row["side"] for row in parties} == {"a", "b"}
    assert left(book, "conflict", "etim-absent-from-csrs", frozenset({"csrs-2024"})) is None
    others = {"rehalem-2025", "did-2026", "zeeshan-2024", "wakhan-2025"}
    for one in others:
        assert left(book, "conflict", "etim-absent-from-csrs", frozenset({one})) == ""
    assert left(book, "conflict", "etim-absent-from-csrs", frozenset(others)) is None
    assert left(book, "conflict", "tip-called-turkmenistan", frozenset({"rehalem-2025"})) == ""
    assert left(book, "conflict", "tip-called-turkmenistan", frozenset({"wakhan-2025"})) is None


def test_what_was_published_elsewhere_and_how_the_coders_agree_stand(book):
    away = frozenset(FIVE)
    assert left(book, "series", "fighters-ttp-2024", away) == ""
    assert left(book, "review", rows("reviews")[0]["review_id"], away) == ""
    agreed = cell_text(record(book, "derived", "agreement-presence").stated, 2)
    assert left(book, "derived", "agreement-presence", away) == agreed


def test_a_judgement_says_how_many_of_its_grounds_are_gone(book):
    key = "parallel-not-coordinated"
    assert left(book, "judgement", key, frozenset()) == ""
    told = left(book, "judgement", key, frozenset(FIVE))
    # the other ground of each side rests on a page elsewhere, which is no document that can be set aside
    assert told == "grounds gone: 1 of 2 for, 1 of 2 against"


@pytest.mark.parametrize(
    "kind_and_key", ["claim:china-meetings", "derived:align-statements", "question:attacks-on-chinese-pakistan"]
)
def test_the_bits_that_matter_give_the_same_answers(book, kind_and_key):
    kind, _, key = kind_and_key.partition(":")
    full = left(book, kind, key, frozenset())
    found = changes(book, kind, key)
    bits, few = folded(book, found, full)
    assert few
    for number in range(1, 32):
        assert found.get(number, full) == few.get(number & bits, full)
