"""A document is taken out with what hangs on it, the rest stays byte for byte, and the corrections say so."""

from __future__ import annotations

import json

import pytest

from sourcebook import checks, withdrawal
from sourcebook.__main__ import main
from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.paths import DATAPACKAGE


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


@pytest.fixture
def paged(project):
    """The project with two pages that name what goes, and pages of the document itself."""
    for name, text in (
        ("book/ferry.md", "# Ferry\n\nHe walked {claim}`92 km <keeper-walk>`.\n"),
        ("seeds/lighthouse-2023.md", "# Lighthouse\n"),
        ("book/record-lighthouse-2023.md", "# The record\n"),
        ("_toc.yml", "root: index\nchapters:\n  - file: book/ferry\n  - file: book/record-lighthouse-2023\n  - file: seeds/lighthouse-2023\n"),
    ):  # fmt: skip
        (project.root / name).parent.mkdir(exist_ok=True)
        (project.root / name).write_text(text, encoding="utf-8")
    return project


def test_a_plan_changes_nothing_and_names_every_place_to_mend(paged, capsys):
    before = {path: path.read_bytes() for path in paged.root.rglob("*") if path.is_file()}
    assert main(["--root", str(paged.root), "remove-source", "lighthouse-2023"]) == 0
    assert {path: path.read_bytes() for path in paged.root.rglob("*") if path.is_file()} == before
    shown = capsys.readouterr()
    assert "book/ferry.md:3: names keeper-walk: say it otherwise, or leave it out" in shown.err
    assert "data/judgements.yml:14: names first-snow" in shown.err
    assert "1 of claims" in shown.out
    assert "nothing is changed yet" in shown.out


def test_its_rows_go_and_every_other_stays_as_it_is(paged):
    paged.write("sentences", paged.rows("sentences"))
    before = {name: lines(paged.path(name)) for name in paged.tables}
    withdrawal.withdraw(paged.load(), "lighthouse-2023", day="2025-01-02", reason="A forgery")
    for name in paged.tables:
        after = lines(paged.path(name))
        if name != "corrections":
            assert [line for line in before[name] if line in after] == after, name
    for name in ("sources", "claims", "events", "census", "sentences"):
        assert "lighthouse-2023" not in {row["source_id"] for row in paged.rows(name)}
    assert {row["event_id"] for row in paged.rows("event_actors")} == set()
    assert paged.rows("corrections") == [
        {"date": "2025-01-02", "id": "lighthouse-2023", "old": "Lighthouse, 1 claims and 1 events", "new": "taken out", "reason": "A forgery"}
    ]  # fmt: skip
    assert (paged.root / "_toc.yml").read_text(encoding="utf-8") == "root: index\nchapters:\n  - file: book/ferry\n"
    assert not (paged.root / "seeds/lighthouse-2023.md").exists()
    rules = [rule for rule in checks.RULES if rule.__name__ not in ("derived_values", "judgement_evidence")]
    assert paged.problems(*rules) == []


def test_a_successor_is_named_in_the_corrections(paged):
    command = ["--root", str(paged.root), "remove-source", "lighthouse-2023", "--yes", "--reason", "A better text"]
    assert main([*command, "--superseded-by", "harbour-2024", "--date", "2025-02-03"]) == 0
    (row,) = paged.rows("corrections")
    assert (row["date"], row["new"], row["reason"]) == ("2025-02-03", "superseded by Harbour", "A better text")


def test_its_id_is_never_used_again(paged, tmp_path, capsys):
    withdrawal.withdraw(paged.load(), "lighthouse-2023", day="2025-01-02", reason="A forgery")
    (tmp_path / "text.txt").write_text("It had 40 ships.\n", encoding="utf-8")
    command = ["--root", str(paged.root), "add-source", str(tmp_path / "text.txt"), "--id", "lighthouse-2023"]
    assert main(command) == 1
    assert "was another document's, which was taken out: ids are never reused" in capsys.readouterr().err


def test_a_file_that_the_package_holds_to_a_sum_gets_its_new_one(paged):
    descriptor = json.loads((paged.root / DATAPACKAGE).read_text("utf-8"))
    for resource in descriptor["resources"]:
        if resource["name"] == "events":
            resource["hash"] = "sha256:" + "0" * 64
    (paged.root / DATAPACKAGE).write_text(json.dumps(descriptor), encoding="utf-8")
    withdrawal.withdraw(paged.load(), "lighthouse-2023", day="2025-01-02", reason="A forgery")
    assert paged.problems(checks.schema) == []


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"source_id": "lighthouse-2022"}, UnknownId, "did you mean lighthouse-2023"),
        ({"reason": " "}, SourcebookError, "give the reason"),
        ({"successor": "nobody"}, UnknownId, "no source has the id"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(paged, given, error, told):
    before = {path: path.read_bytes() for path in paged.root.rglob("*") if path.is_file()}
    asked = {"source_id": "lighthouse-2023", "reason": "A forgery", "successor": ""} | given
    with pytest.raises(error, match=told):
        withdrawal.withdraw(paged.load(), asked.pop("source_id"), day="2025-01-02", **asked)
    assert {path: path.read_bytes() for path in paged.root.rglob("*") if path.is_file()} == before


def test_the_last_document_stays(paged):
    withdrawal.withdraw(paged.load(), "lighthouse-2023", day="2025-01-02", reason="A forgery")
    with pytest.raises(SourcebookError, match="is the only document"):
        withdrawal.withdraw(paged.load(), "harbour-2024", day="2025-01-02", reason="A forgery")
