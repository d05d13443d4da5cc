from dataclasses import replace
from types import MappingProxyType

import pytest

from sourcebook import checks, conflicts


def told(project):
    return [(found.parties, found.what) for found in conflicts.contradictions(project.load())]


def missing(project):
    return [p.what for p in project.problems(checks.conflicts_complete)]


# --- what a program can see -------------------------------------------------------------------------------


def test_the_sound_project_contradicts_itself_nowhere(project):
    assert told(project) == []


def test_claims_on_one_question_that_do_not_meet_are_found_across_units(project):
    project.change("claims", 4, value_low="57", value_high="57", quote="he walked 92 kilometres to the town")
    parties = (("claim", "coast-row"), ("claim", "keeper-walk"))
    what = "coast-row (57 mile) and keeper-walk (57 km) answer the question 'row-length' and do not meet"
    assert told(project) == [(parties, what)]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {}, 1),
        ({"period_start": "2020", "period_end": "2021"}, {"period_start": "2023", "period_end": "2023"}, 0),
        ({"period_start": "2020", "period_end": "2021"}, {"period_start": "2021-06", "period_end": "2023"}, 1),
        ({"period_start": "2024"}, {"period_end": "2022"}, 0),
        ({"qualifier": "at_least", "value_high": ""}, {}, 0),
    ],
)
def test_claims_of_different_times_are_no_contradiction(project, one, other, found):
    project.change("claims", 2, **{"value_low": "20", "value_high": "20", "unit": "km", **one})
    project.change("claims", 4, **other)
    assert len(told(project)) == found


def test_a_length_of_time_that_is_not_that_of_its_dates_is_found(project):
    project.change("claims", 6, period_start="2024-03-01", period_end="2024-03-21")
    assert told(project) == []
    project.change("claims", 6, period_end="2024-04-30")
    what = "repair-time (20 to 22 day) is not the length of its period, 2024-03-01 to 2024-04-30"
    assert told(project) == [((("claim", "repair-time"),), what)]


def test_two_dates_of_one_happening_are_found_and_a_month_and_its_day_are_none(project):
    project.change("events", 2, happening_id="snow")
    project.add("events", event_id="snow-again", happening_id="snow", date="2023-11-04", precision="day")
    assert told(project) == []
    project.change("events", 3, date="2023-12-04")
    what = "first-snow (2023-11) and snow-again (2023-12-04) date one happening differently"
    assert told(project) == [((("event", "first-snow"), ("event", "snow-again")), what)]


def test_a_page_that_contradicts_is_found(project):
    project.change("reviews", 2, verdict="contradicts")
    assert told(project) == [
        ((("claim", "crossings"), ("review", "crossings-almanac")), "crossings-almanac contradicts crossings")
    ]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"date": "2023-05", "date_accessed": "2023-05-02"}, None),
        ({"date": "2023-05", "date_accessed": "2023-04-30"}, "was read on 2023-04-30 and published on 2023-05"),
        ({"date": "2023-10-31", "event_id": "first-snow"}, "of 2023-10-31 is cited for first-snow of 2023-11"),
        ({"date": "2023-11-30", "event_id": "first-snow"}, None),
    ],
)
def test_a_citation_older_than_what_it_reports_is_found(project, cells, found):
    project.add("citations", **cells)
    assert [what for _, what in told(project)] == ([f"harbour-note {found}"] if found else [])


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"author": "Jane Tidewater"}, {"author": "Tidewater, J."}, 0),
        ({"author": "Jane Tidewater"}, {"author": "Tidewater, Jane & Max Ebb"}, 0),
        ({"author": "Tidewater et. al."}, {"author": "Max Ebb, Jane Tidewater"}, 0),
        ({"author": "Jane Tidewater"}, {"author": "Jane Tidewatter"}, 1),
        ({"date": "2023"}, {"date": "2023-04"}, 0),
        ({"date": "2013-04"}, {"date": "2023-04"}, 1),
        ({"url": "https://example.org/Tides/"}, {"url": "https://example.org/tides"}, 0),
        ({"url": "https://example.org/tides"}, {"url": "https://example.org/ebb"}, 1),
    ],
)
def test_one_title_under_two_authors_dates_or_addresses_is_found(project, one, other, found):
    project.add("citations", **one)
    project.add("citations", citation_id="harbour-note-2", **other)
    assert len(told(project)) == found


def test_one_address_with_two_days_of_access_is_found(project):
    for number, day in enumerate(("2023-12-23", "2024-12-23")):
        page = {"url": "https://example.org/tides", "date_accessed": day, "title": "", "date": ""}
        project.add("citations", citation_id=f"harbour-note-{number}", **page)
    assert len(told(project)) == 1


# --- what has to be in the table --------------------------------------------------------------------------


def test_an_author_is_told_which_claims_conflict_and_what_row_to_add(project):
    project.change("claims", 4, value_low="57", value_high="57")
    problem = next(iter(project.problems(checks.conflicts_complete)))
    assert problem.path == "data/conflicts.csv"
    assert problem.what.startswith("coast-row (57 mile) and keeper-walk (57 km)")
    assert "add a row of kind within, between" in problem.todo
    assert "conflict_parties.csv claim coast-row, claim keeper-walk" in problem.todo


def test_a_row_with_all_its_parties_and_a_fitting_kind_settles_it(project):
    project.change("claims", 4, value_low="57", value_high="57")
    project.add("conflicts")
    project.add("conflict_parties")
    assert len(missing(project)) == 1
    project.add("conflict_parties", party="2", claim_id="keeper-walk")
    assert missing(project) == []
    project.change("conflicts", 2, kind="citation")
    assert len(missing(project)) == 1


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"claim_id": ""}, "party 1 of rowed-or-walked is 0 records and no quotation"),
        ({"event_id": "first-snow"}, "party 1 of rowed-or-walked is 2 records and no quotation"),
        ({"quote": "the only clock"}, "party 1 of rowed-or-walked is 1 records and a quotation"),
        ({"claim_id": "", "quote": "the only clock"}, "has a quotation without its source, or the reverse"),
    ],
)
def test_a_party_is_one_record_or_a_quotation(project, cells, what):
    project.add("conflicts")
    project.add("conflict_parties", **cells)
    assert any(what in p.what for p in project.problems(checks.conflict_rows))


def test_a_party_may_be_words_and_these_are_anchored(project):
    project.add("conflicts")
    project.add("conflict_parties", claim_id="", source_id="harbour-2024", quote="the only clock")
    assert project.anchor() == (10, 0)
    assert list(project.problems(checks.conflict_rows, checks.anchors)) == []


# --- the book ---------------------------------------------------------------------------------------------


def covers(conflict, found):
    parties = {(party.kind, party.key) for party in conflict.parties}
    return conflict.kind in found.kinds and set(found.parties) <= parties


def test_removing_any_row_that_answers_a_computed_contradiction_is_noticed(book):
    computed = list(conflicts.contradictions(book))
    assert len(computed) > 60
    assert list(conflicts.missing(book)) == []
    needed = 0
    for found in computed:
        answering = {key for key, conflict in book.conflicts.items() if covers(conflict, found)}
        left = {key: conflict for key, conflict in book.conflicts.items() if key not in answering}
        assert found in list(conflicts.missing(replace(book, conflicts=MappingProxyType(left))))
        needed += len(answering) == 1
    assert needed > 0.9 * len(computed)


def test_every_conflict_says_what_the_book_uses_and_why(book):
    for conflict in book.conflicts.values():
        assert conflict.parties
        assert conflict.used
        assert conflict.reason


def test_every_lead_that_checks_a_document_is_used_or_rejected(book):
    rows = book.tables["leads"].rows
    assert len(rows) == 417
    assert all(bool(row["review_id"] or row["row_id"]) != bool(row["reason"]) for row in rows)
