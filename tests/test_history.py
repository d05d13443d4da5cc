"""Published values are held against the last release, in a repository made for the purpose."""

from __future__ import annotations

import subprocess

import pytest

from small_book import build, lay_out
from sourcebook import checks

IDENTITY = (
    "-c",
    "user.name=Keeper",
    "-c",
    "user.email=keeper@example.org",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "tag.gpgsign=false",
)


def git(project, *arguments):
    command = ["git", "-C", str(project.root), *IDENTITY, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def commit(project, words):
    git(project, "add", "datapackage.json", "data", "seeds/sources.csv")
    git(project, "commit", "-q", "-m", words)


@pytest.fixture
def released(project):
    git(project, "init", "-q")
    commit(project, "The record")
    git(project, "tag", "v1.0")
    return project


def told(project):
    return [str(p) for p in project.problems(checks.corrections)]


def correct(project, **cells):
    row = {
        "date": "2025-01-02",
        "id": "crossings",
        "old": "1,382 crossings",
        "new": "1,400 crossings",
        "reason": "Read again",
    }
    project.write("corrections", [*project.rows("corrections"), row | cells])


CHANGED = {"value_low": "1400", "value_high": "1400", "value_note": "Read again"}


def test_a_value_that_changed_since_the_release_without_a_correction_is_told(released):
    assert told(released) == []
    released.change("claims", 3, **CHANGED)
    assert told(released) == [
        "data/claims.csv:3: crossings was 1382 event exact in v1.0 and is 1400 event exact now: "
        "add a row to data/corrections.csv with the old value, the new and the reason"
    ]


def test_a_change_that_is_committed_after_the_release_is_told_too(released):
    released.change("claims", 3, **CHANGED)
    commit(released, "Another number")
    assert len(told(released)) == 1


def test_a_release_is_held_against_the_one_before_and_what_follows_against_it(released):
    released.change("claims", 3, **CHANGED)
    commit(released, "Another number")
    git(released, "tag", "v1.1")
    assert len(told(released)) == 1
    assert "in v1.0 and is 1400" in told(released)[0]
    released.change("claims", 3, value_low="1401", value_high="1401")
    assert len(told(released)) == 1
    assert "in v1.1 and is 1401" in told(released)[0]


def test_with_its_correction_a_value_may_change(released):
    released.change("claims", 3, **CHANGED)
    correct(released)
    assert told(released) == []


@pytest.mark.parametrize("cells", [{"old": "1,383 crossings"}, {"new": "1,500 crossings"}, {"old": "fewer"}])
def test_a_correction_has_both_values(released, cells):
    released.change("claims", 3, **CHANGED)
    correct(released, **cells)
    (found,) = told(released)
    assert "write both values into its row" in found


@pytest.mark.parametrize(
    ("table", "line", "cells", "words"),
    [
        ("claims", 3, {"unit": "meeting"}, "crossings was 1382 event exact in v1.0 and is 1382 meeting exact now"),
        ("claims", 5, {"qualifier": "at_most"}, "repair-cost was 100000000 USD nearly in v1.0"),
        ("events", 2, {"date": "2023-12"}, "first-snow was 2023-11 in v1.0 and is 2023-12 now"),
        ("reviews", 2, {"value_low": "1500", "value_high": "1500"}, "crossings-almanac was 1400 event about in v1.0"),
        ("meetings", 2, {"value_low": "13", "value_high": "13"}, "meetings-pilots was 12 meeting exact in v1.0"),
    ],
)
def test_every_kind_of_published_value_is_held(released, table, line, cells, words):
    released.change(table, line, **cells)
    (found,) = told(released)
    assert words in found


def test_a_record_that_is_gone_is_told_and_may_go_with_its_document(released):
    released.write("claims", [row for row in released.rows("claims") if row["source_id"] != "lighthouse-2023"])
    (found,) = told(released)
    assert "keeper-walk was 92 km exact in v1.0 and is gone" in found
    correct(released, id="lighthouse-2023", old="Lighthouse, 1 claim", new="taken out")
    assert len(told(released)) == 1  # its document is still there
    released.write("sources", [row for row in released.rows("sources") if row["source_id"] != "lighthouse-2023"])
    assert not any("keeper-walk" in line for line in told(released))


def test_a_note_and_a_new_record_need_no_correction(released):
    released.change("claims", 3, note="Looked at again")
    released.add("meetings", row_id="meetings-later", value_low="5", value_high="5")
    assert told(released) == []


def test_a_published_correction_stays_as_it_was(released):
    released.change("claims", 3, **CHANGED)
    correct(released)
    commit(released, "Corrected")
    git(released, "tag", "v1.1")
    assert told(released) == []
    released.change("corrections", 2, reason="No reason")
    assert told(released) == [
        "data/corrections.csv:1: the row of 2025-01-02 on 'crossings', published in v1.1, is changed or gone: "
        "put it back as it was; what is new is a row of its own"
    ]


def test_an_old_correction_does_not_excuse_a_new_change(released):
    released.change("claims", 3, **CHANGED)
    correct(released)
    commit(released, "Corrected")
    git(released, "tag", "v1.1")
    released.change("claims", 3, value_low="1382", value_high="1382")
    assert len(told(released)) == 1


def test_a_tag_that_is_no_release_counts_for_nothing(released):
    released.change("claims", 3, **CHANGED)
    commit(released, "Another number")
    git(released, "tag", "before-tea")
    assert len(told(released)) == 1


@pytest.mark.parametrize("repository", [False, True])
def test_where_there_is_no_release_nothing_was_compared_and_it_is_said(project, repository):
    if repository:
        git(project, "init", "-q")
        commit(project, "The record")
    assert told(project) == []
    assert project.report(checks.corrections).published == "held against nothing (no release before this one)"


def test_what_it_was_held_against_is_said(released):
    assert (
        released.report(checks.corrections).published == "held against nothing (no release before this one)"
    )  # the first
    released.change("claims", 3, value_note="Read again")
    assert released.report(checks.corrections).published == "held against v1.0"


def test_the_old_value_and_the_reason_stay_on_the_page_of_changes(tmp_path):
    lay_out(tmp_path / "book")
    with (tmp_path / "book/data/corrections.csv").open("a", encoding="utf-8") as handle:
        handle.write("2026-12-02,china-meetings,214 meetings,215 meetings,A page was counted twice\n")
        handle.write('2026-12-03,gone-2020,"Gone (2020), 3 claims",taken out,A forgery\n')
    out, _ = build(tmp_path / "book", {"index.md": "# Changes\n\n```{corrections}\n```\n"})
    html = (out / "index.html").read_text(encoding="utf-8")
    for words in ("214 meetings", "A page was counted twice", "Gone (2020), 3 claims", "taken out", "A forgery"):
        assert words in html
