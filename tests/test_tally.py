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
