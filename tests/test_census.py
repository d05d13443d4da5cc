"""The census finds every number of a text, and tells what is unclassified or has moved."""

from __future__ import annotations

import pytest

from sourcebook import census, checks
from sourcebook.__main__ import main


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On December 30th, 2024, it rained", ["30th", "2024"]),
        ("a journey of 20-22 days", ["20-22"]),
        ("1200–1500 kilometres", ["1200–1500"]),
        ("the Cold War era (1949–1989)", ["1949–1989"]),
        ("2.3 billion metric tons", ["2.3", "billion"]),
        ("their first three years", ["first three"]),
        ("a two-pronged strategy and a 20-year war", ["two-pronged", "20-year"]),
        ("dozens of boats, once, twice and half a century", ["dozens", "once", "twice", "half", "century"]),
        ("the nineteenth century and the 1940s", ["nineteenth", "century", "1940s"]),
        ("15 % of 5.5%", ["15 %", "5.5%"]),
        ("as he said¹² and again[ii] or [3]", ["¹²", "[ii]", "[3]"]),
        ("https://example.org/2024/03 and https://example.org/plain", ["https://example.org/2024/03"]),
        ("twenty-two boats, two hundred oars", ["twenty-two", "two hundred"]),
        ("post-2021 order of R46955", ["2021", "46955"]),
        ("anyone, someone, tonight and attention", []),
    ],
)
def test_every_numeric_expression_is_found(text, found):
    assert [e.text for e in census.expressions(text)] == found


def test_offsets_point_into_the_text():
    text = "In spring, 1,382 crossings; in autumn two."
    assert [text[e.start : e.end] for e in census.expressions(text)] == ["1,382", "two"]


def test_a_number_planted_in_a_text_is_reported(project):
    text = (project.root / "seeds/text/harbour-2024.txt").read_text(encoding="utf-8")
    project.record_seed("harbour-2024", text + "\nSeventeen gulls.\n")
    found = project.problems(checks.census_complete)
    assert [(p.path, p.line) for p in found] == [("data/census.csv", 1)]
    assert "has 'Seventeen' at" in found[0].what
    assert "add a row to the census" in found[0].todo


def test_what_moved_is_reported_at_its_row(project):
    project.change("census", 3, start="99")
    found = project.problems(checks.census_complete)
    assert [(p.line, p.todo) for p in found] == [
        (1, "add a row to the census"),
        (3, "it moved or is gone: mend or drop the row"),
    ]


def test_a_changed_text_of_an_expression_is_reported(project):
    project.change("census", 2, text="1,383")
    (found,) = project.problems(checks.census_complete)
    assert (found.line, found.what) == (2, "harbour-2024 has '1,382' at 75, the census '1,383'")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"class": "claim"}, "class 'claim' with claim_id ''"),
        ({"event_id": "first-snow"}, "class 'other' with event_id 'first-snow'"),
        ({"class": "claim", "claim_id": "keeper-walk"}, "claim 'keeper-walk' is of lighthouse-2023"),
    ],
)
def test_a_row_must_lead_to_its_own_document_or_say_why_not(project, cells, told):
    project.change("census", 2, **cells)
    (found,) = project.problems(checks.census_rows)
    assert (found.line, told in found.what) == (2, True)


def test_the_command_lists_what_is_left_and_exits_with_one(project, capsys):
    assert main(["--root", str(project.root), "census"]) == 0
    project.write("census", project.rows("census")[1:])
    assert main(["--root", str(project.root), "census"]) == 1
    shown = capsys.readouterr()
    assert "'1,382' at 75 unclassified" in shown.err
    assert shown.out.endswith("1 unclassified or moved\n")


def test_without_texts_the_command_says_what_it_needs(project, capsys):
    project.remove_seeds()
    assert main(["--root", str(project.root), "census"]) == 2
    assert "set SOURCEBOOK_SEEDS" in capsys.readouterr().err


def test_an_event_without_actor_is_reported(project):
    project.write("event_actors", [])
    (found,) = project.problems(checks.event_precision)
    assert found.what == "event 'first-snow' has no actor"


def test_an_inferred_date_needs_its_reason(project):
    project.change("events", 2, note="")
    (found,) = project.problems(checks.event_dates)
    assert found.what == "date 2023-11 is inferred without a reason"
