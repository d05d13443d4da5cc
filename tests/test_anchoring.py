import pytest

from sourcebook import anchoring, checks
from sourcebook.errors import LedgerError
from sourcebook.ledger import ANCHORED
from sourcebook.paths import SEEDS_VARIABLE
from sourcebook.quotes import digest


@pytest.fixture
def unanchored(project):
    for table in ANCHORED:
        project.write(table, [{**row, "start": "", "end": "", "digest": ""} for row in project.rows(table)])
    return project


def test_offsets_and_digest_are_written_beside_every_quotation(unanchored):
    assert unanchored.anchor() == (9, 0)
    sha256 = {row["source_id"]: row["sha256"] for row in unanchored.rows("sources")}
    for table in ANCHORED:
        for row in unanchored.rows(table):
            start, end = int(row["start"]), int(row["end"])
            text = unanchored.seed(row["source_id"]).read_text(encoding="utf-8")
            assert text[start:end].replace("\n", " ") == row["quote"]
            assert row["digest"] == digest(sha256[row["source_id"]], start, end, row["quote"])
    assert unanchored.problems(checks.anchors) == []


def test_anchoring_again_changes_no_byte(project):
    before = {name: project.path(name).read_bytes() for name in project.tables}
    assert project.anchor() == (9, 0)
    assert {name: project.path(name).read_bytes() for name in project.tables} == before


@pytest.mark.parametrize(
    "cells",
    [
        {"quote": "the ferry never crossed at all"},
        {"quote": "the"},  # it stands in the text more than once
        {"source_id": "lighthouse-2023"},
        {"source_id": "nowhere-1900"},
    ],
)
def test_a_quotation_that_does_not_stand_once_is_left_as_it_was(unanchored, cells):
    unanchored.change("claims", 3, **cells)
    assert unanchored.anchor() == (8, 1)
    row = unanchored.rows("claims")[1]
    assert (row["start"], row["end"], row["digest"]) == ("", "", "")


def test_nothing_is_anchored_against_an_altered_text(project):
    before = project.path("claims").read_bytes()
    project.seed("harbour-2024").write_text("Another text.", encoding="utf-8")
    assert project.anchor() == (2, 7)
    assert project.path("claims").read_bytes() == before


def test_texts_are_looked_for_where_the_variable_says(unanchored, tmp_path, monkeypatch):
    unanchored.seed("harbour-2024").parent.rename(tmp_path / "elsewhere")
    assert anchoring.anchor(unanchored.root) == (0, 9)
    monkeypatch.setenv(SEEDS_VARIABLE, str(tmp_path / "elsewhere"))
    assert anchoring.anchor(unanchored.root) == (9, 0)


def test_cells_that_hold_commas_quotes_and_line_ends_survive(project):
    note = 'said "no", twice,\nand left'
    project.change("claims", 3, note=note)
    project.anchor()
    assert project.rows("claims")[1]["note"] == note
    assert b"\r" not in project.path("claims").read_bytes()


def damage_bytes(change):
    return lambda project: project.set_bytes("claims", change(project.path("claims").read_bytes()))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (damage_bytes(lambda raw: raw.replace(b"crossings in spring", b"caf\xe9")), "data/claims.csv:2: is not UTF-8"),
        (damage_bytes(lambda raw: raw.replace(b",note", b",remark", 1)), "data/claims.csv:1: column 'note' is missing"),
        (damage_bytes(lambda raw: raw + b'x,"never closed\n'), "data/claims.csv:7: quotation mark is not closed"),
        (damage_bytes(lambda raw: raw + b"x,y\n"), "data/claims.csv:7: row has 2 cells, the header 23"),
        (lambda project: project.path("claims").unlink(), "data/claims.csv:1: file is missing"),
        (lambda project: project.path("questions").unlink(), "data/questions.csv:1: file is missing"),
    ],
    ids=["Latin-1", "unknown column", "quotation mark", "ragged row", "no claims", "no questions"],
)
def test_a_table_that_is_not_of_its_form_is_refused_and_nothing_is_written(unanchored, damage, problem):
    damage(unanchored)
    paths = [path for path in map(unanchored.path, unanchored.tables) if path.exists()]
    before = [path.read_bytes() for path in paths]
    with pytest.raises(LedgerError) as caught:
        unanchored.anchor()
    assert str(caught.value.problems[0]).startswith(problem)
    assert [path.read_bytes() for path in paths] == before


def test_a_blank_quotation_is_left(unanchored):
    unanchored.change("claims", 3, quote="")
    assert unanchored.anchor() == (8, 1)
