"""Rows counted by what other tables say of them."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace

import pytest

from sourcebook import derived
from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.joins import FURTHER, age, count, early, told, verdicts
from sourcebook.ledger import Ledger, Row
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext import figures

LEDGER = Ledger.load()


def rows(name):
    with (ROOT / f"data/{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class Judged:
    def __init__(self, verdict):
        self.verdict = verdict


@pytest.mark.parametrize(
    ("given", "gravest", "mildest"),
    [
        ((), "", ""),
        (("confirms",), "confirms", "confirms"),
        (("confirms", "contradicts", "partly"), "contradicts", "confirms"),
        (("confirms", "confirms_other_origin"), "confirms_other_origin", "confirms"),
        (("not_found", "partly"), "partly", "partly"),
        (("contradicts", "not_found"), "contradicts", "contradicts"),
        (("not_found",), "not_found", "not_found"),
    ],
)
def test_a_record_has_its_gravest_and_its_mildest_verdict(given, gravest, mildest):
    assert verdicts([Judged(v) for v in given]) == {"gravest": gravest, "mildest": mildest}


@pytest.mark.parametrize(
    ("date", "band"),
    [("2025-07-03", "same year"), ("2024", "1 year"), ("2023-12", "2-4 years"), ("2021", "2-4 years"),
     ("2020", "5-20 years"), ("2005", "5-20 years"), ("2004-12-31", "older"), ("1687", "older")],
)  # fmt: skip
def test_an_age_is_counted_in_calendar_years(date, band):
    assert age(date, "2025-02") == band


def test_an_event_behind_the_publication_is_refused():
    with pytest.raises(SourcebookError, match="2026 lies behind the publication in 2025"):
        age("2026", "2025")


def test_a_reviewed_claim_is_found_by_its_gravest_verdict():
    given = defaultdict(set)
    for review in rows("reviews"):
        given[review["claim_id"]].add(review["verdict"])
    mine = {r["claim_id"] for r in rows("claims") if r["source_id"] == "rehalem-2025"}
    expected = sum("contradicts" in given[claim] for claim in mine)
    found = count(LEDGER, "claims?source_id=rehalem-2025&gravest=contradicts")
    assert (found.low, found.high, found.unit) == (expected, expected, "claim")
    assert count(LEDGER, "claims?source_id=rehalem-2025&gravest=").low == sum(not given[claim] for claim in mine) > 0


def test_an_origin_is_shared_by_documents_and_the_unknown_one_never():
    behind = defaultdict(set)
    for claim in rows("claims"):
        behind[claim["origin_id"]].add(claim["source_id"])
    shared = {origin for origin, sources in behind.items() if len(sources) > 1} - {"unknown"}
    assert len(behind["unknown"]) > 1
    assert count(LEDGER, "claims?shared=true&distinct=origin_id").low == len(shared) > 0
    expected = sum(r["origin_id"] in shared for r in rows("claims"))
    assert count(LEDGER, "claims?shared=true").low == expected


def test_a_contradiction_counts_once_for_each_document_that_takes_part():
    sides = defaultdict(set)
    for conflict in LEDGER.conflicts.values():
        for side in conflict.parties:
            if side.kind != "review":
                sides[LEDGER.anchor_of(side).source_id].add(conflict.conflict_id)
    assert set(sides) == set(LEDGER.sources)
    for source, conflicts in sides.items():
        assert count(LEDGER, f"conflict_parties?source_id={source}&distinct=conflict_id").low == len(conflicts)
    between = {c for c in sides["did-2026"] if LEDGER.conflicts[c].kind == "between"}
    assert count(LEDGER, "conflict_parties?source_id=did-2026&kind=between&distinct=conflict_id").low == len(between)


@pytest.mark.parametrize(
    ("published", "read", "expected"),
    [
        ("2023-08-04", "2022-11-08", True),
        ("2024-05-02", "2024-05-01", True),
        ("2024-05-02", "2024-05-02", False),
        ("2024-05-02", "2024-05", False),  # a later day of the month
        ("2024", "2023-12", True),
        ("", "2024-05-01", False),
        ("2024-05-02", "", False),
    ],
)
def test_a_page_can_be_read_before_it_appeared(published, read, expected):
    assert early(published, read) is expected


def test_early_readings_are_counted():
    expected = sum(early(r["date"], r["date_accessed"]) for r in rows("citations"))
    assert count(LEDGER, "citations?early=true").low == expected > 0


@pytest.mark.parametrize(
    ("query", "lost"),
    [
        ("origins?kind=media", "table with further columns"),
        ("claims?graves=confirms", "column of claims"),
        ("events?gravest=confirmed", "value of events.gravest"),
        ("questions?distinct=document", "column of questions"),
    ],
)
def test_a_typing_error_counts_nothing_silently(query, lost):
    with pytest.raises(UnknownId, match=lost):
        count(LEDGER, query)


@pytest.mark.parametrize("kind", ["claim", "event", "citation", "conflict"])
def test_a_party_that_is_no_record_is_told_by_its_id(kind):
    columns = {"source_id": "", "claim_id": "", "event_id": "", "citation_id": "", "stance_id": ""}
    cells = {**columns, "conflict_id": next(iter(LEDGER.conflicts)), f"{kind}_id": "nobody"}
    table = replace(LEDGER.tables["conflict_parties"], rows=(Row(2, cells),))
    lost = replace(LEDGER, tables={**LEDGER.tables, "conflict_parties": table})
    with pytest.raises(UnknownId, match=f"no {kind} has the id 'nobody'"):
        count(lost, "conflict_parties?severity=finding")


def test_a_query_is_read_out_with_the_meaning_of_its_columns():
    assert told("claims?source_id=did-2026&gravest!=") == (
        "rows of claims.csv where source_id = did-2026, gravest verdict of its reviews ≠ blank"
    )


def test_a_table_gains_only_columns_that_it_says():
    for table, columns in FURTHER.items():
        for column in columns:
            assert count(LEDGER, f"{table}?distinct={column}").low > 0


def test_everything_measured_on_the_record_is_credited():
    assert set(figures.MEASURED) | {"period"} == set(derived._MEASURED)
    found = figures.evidence_of(LEDGER, "derived:audit-reviewed-claims-did-2026")
    assert {figures.credit(LEDGER, name) for name in found} == {"our record"}
