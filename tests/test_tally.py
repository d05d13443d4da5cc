"""Counting rows of the record."""

from __future__ import annotations

import csv

import pytest

from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.ledger import Ledger
from sourcebook.paths import ROOT
from sourcebook.tally import count, parse

LEDGER = Ledger.load()


def rows(name):
    with (ROOT / f"data/{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_rows_are_counted_by_their_cells():
    expected = sum(r["source_id"] == "wakhan-2025" and r["role"] == "relayed" for r in rows("claims"))
    found = count(LEDGER, "claims?source_id=wakhan-2025&role=relayed")
    assert (found.low, found.high, found.unit) == (expected, expected, "claim")
    assert expected > 10


def test_a_condition_can_name_several_values_or_exclude_them():
    expected = sum(r["severity"] in ("finding", "trust") for r in rows("conflicts"))
    assert count(LEDGER, "conflicts?severity=finding|trust").low == expected
    assert count(LEDGER, "conflicts?severity!=slip").low == expected
    assert count(LEDGER, "conflicts").low == len(rows("conflicts")) > expected


def test_different_values_of_a_column_are_counted_once_and_blanks_never():
    expected = {r["happening_id"] for r in rows("events")} - {""}
    found = count(LEDGER, "events?distinct=happening_id")
    assert (found.low, found.unit) == (len(expected), "event")


def test_a_stance_has_the_domain_of_its_issue():
    domains = {r["issue_id"]: r["domain"] for r in rows("issues")}
    expected = sum(domains[r["issue_id"]] == "transit" and r["actor_a"] == "pakistan" for r in rows("stances"))
    assert count(LEDGER, "stances?domain=transit&actor_a=pakistan").low == expected > 0


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("claim?role=relayed", "table"),
        ("claims?rolle=relayed", "column of claims"),
        ("claims?role=relaid", "value of claims.role"),
        ("claims?distinct=source", "column of claims"),
    ],
)
def test_a_typing_error_counts_nothing_silently(query, told):
    with pytest.raises(UnknownId, match=told):
        count(LEDGER, query)


def test_what_is_no_condition_is_refused():
    with pytest.raises(SourcebookError, match="no condition"):
        parse("claims?role")


def test_a_query_can_be_read_out():
    assert parse("claims?role!=primary&distinct=origin_id").told == (
        "different origin_id among rows of claims.csv where role ≠ primary"
    )


def test_an_event_has_its_year_its_happening_and_whether_a_page_gives_another_date():
    events = rows("events")
    named = {r["happening_id"] or r["event_id"] for r in events}
    assert count(LEDGER, "events?distinct=happening").low == len(named)
    assert count(LEDGER, "events?year=2024").low == sum(r["date"].startswith("2024") for r in events)
    wrong = {r["event_id"] for r in rows("reviews") if r["verdict"] == "contradicts" and r["value"][:4].isdigit()}
    assert count(LEDGER, "events?contradicted=yes").low == len(wrong & {r["event_id"] for r in events} - {""}) > 5


def test_an_event_knows_how_many_documents_tell_what_happened():
    told = {}
    for row in rows("events"):
        told.setdefault(row["happening_id"] or row["event_id"], set()).add(row["source_id"])
    expected = sum(len(sources) == 2 for sources in told.values())
    assert count(LEDGER, "events?documents=2&distinct=happening").low == expected > 0


def test_who_took_part_is_counted_by_the_power_that_they_belong_to_and_by_all_columns_of_the_event():
    of = {r["actor_id"]: r["belongs_to"] for r in rows("actors")}
    when = {r["event_id"]: r["date"][:4] for r in rows("events")}
    expected = {r["event_id"] for r in rows("event_actors") if of[r["actor_id"]] == "russia"}
    found = count(LEDGER, "event_actors?belongs_to=russia&year=2024&distinct=event_id")
    assert (found.low, found.unit) == (sum(when[e] == "2024" for e in expected), "event")
    assert found.low > 0
