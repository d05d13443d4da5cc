"""A new document is taken in step by step, nothing of the others is disturbed, and nothing is lost on the way."""

from __future__ import annotations

import io
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest

from made_library import edit, record_of, settle, take_in, text_of
from sourcebook import acceptance, checks, intake, proposals
from sourcebook.__main__ import main
from sourcebook.errors import LedgerError, SourcebookError
from sourcebook.intake import JOURNAL, Intake, begin, prepare
from sourcebook.ledger import read_tables
from sourcebook.paths import PROPOSED, SEEDS_VARIABLE
from sourcebook.quotes import SeedText

TEXT = (
    "The pilots' almanac\n\nIn March 2021 the harbour saw over 40 companies, and 12 percent of them paid.[1]\n\n"
    "1. The lamp of type R46 burnt nearly 300 days of the year 2019, as page 7 of the log has it.\n"
)
RECORD = {**record_of(1), "source_id": "almanac-2022", "date_published": "2022"}
FLAGS = [item for column, cell in RECORD.items() for item in (f"--{column.replace('_', '-')}", cell)]


def quiet(words):
    pass


def snapshot(project, *besides):
    """The bytes of every file, but those below a folder of proposals and those named."""
    files = (p for p in project.root.rglob("*") if p.is_file() and PROPOSED not in p.parts)
    return {name: p.read_bytes() for p in files if (name := p.relative_to(project.root).as_posix()) not in besides}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "almanac.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def begun(project, file):
    found = begin(project.root, file, RECORD)
    prepare(found, quiet)
    return found


def cells(begun, name, *columns):
    return [tuple(row[c] for c in columns) for _, row in begun.rows(name)]


# --- proposals ---------------------------------------------------------------------------------------------


def test_every_number_is_proposed_with_what_it_may_be(begun):
    assert cells(begun, "census", "text", "class", "reason") == [
        ("2021", "event", ""),
        ("40", "claim", ""),
        ("12", "claim", ""),
        ("[1]", "apparatus", "mark of a note"),
        ("1", "apparatus", "number of a list"),
        ("46", "name", "part of a name"),
        ("300", "claim", ""),
        ("2019", "event", ""),
        ("7", "apparatus", "page, part or version of a document"),
    ]


def test_a_claim_is_proposed_with_its_value_unit_and_hedge(begun):
    found = cells(begun, "claims", "value_low", "value_high", "unit", "qualifier")
    assert found == [("40", "", "company", "at_least"), ("12", "12", "percent", "exact"), ("", "300", "day", "nearly")]


def test_a_date_is_proposed_as_precisely_as_it_is_written(begun):
    assert cells(begun, "events", "date", "precision") == [("2021-03", "month"), ("2019", "year")]


def test_a_proposed_quotation_stands_once_at_its_place_and_is_of_the_length_allowed(begun):
    rows = [row for name in ("claims", "events") for _, row in begun.rows(name)]
    assert len(rows) == 5
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        assert SeedText("x", TEXT).find(row["quote"]) == [(start, end)]
        assert " ".join(TEXT[start:end].split()) == row["quote"]
        assert 4 <= len(row["quote"].split()) <= 15


def test_a_quotation_grows_until_it_stands_once_and_is_blank_where_none_does():
    text = SeedText("x", "He saw five ships on the quay today. He saw five ships on the mole today.\n\nno five no\n")
    quotes = [p.quote for p in proposals.propose(text, {})]
    assert [text.find(q) != [] and len(text.find(q)) for q in quotes[:2]] == [1, 1]
    assert quotes[2] == ""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("It was 3 May 1999 then, all said.", "1999-05-03"),
        ("On December 30th, 2024, it rained a lot.", "2024-12-30"),
        ("It was Sept. 2001, as they said.", "2001-09"),
        ("as of 2024-02-29 it was open", "2024-02-29"),
        ("adopted (05/2013) by the office there", "2013-05"),
    ],
)
def test_dates_are_read_in_the_forms_in_which_texts_have_them(text, date):
    (found,) = [p for p in proposals.propose(SeedText("x", text), {}) if p.kind == "event"]
    assert found.date == date


def test_the_proposals_name_each_expression_of_the_census_once(book):
    text = SeedText("x", "".join(text_of(n) for n in range(3)) + TEXT)
    from sourcebook.census import expressions

    assert [e for p in proposals.propose(text, book.units) for e in p.expressions] == list(expressions(text.text))


# --- nothing is disturbed ------------------------------------------------------------------------------------


def test_until_it_is_settled_no_file_of_the_record_changes(project, file):
    before = snapshot(project)
    prepare(begin(project.root, file, RECORD), quiet)
    after = snapshot(project)
    assert after.pop("seeds/text/almanac-2022.txt") == file.read_bytes()
    assert after == before


def test_what_is_accepted_leaves_every_row_of_the_others_as_it_is(project, file):
    before = snapshot(project)
    changed = take_in(project.root, file, RECORD, actor="china", origin="harbour-office")
    after = snapshot(project)
    assert {name for name in after if after[name] != before.get(name)} - {"seeds/text/almanac-2022.txt"} == set(changed)
    for name in changed:
        old = before.get(name, b"").splitlines(keepends=True)
        new = after[name].splitlines(keepends=True)
        assert [line for line in new if line in old] == old, name
    assert not (project.root / PROPOSED / "almanac-2022").exists()
    assert project.problems() == []


def test_an_accepted_document_is_anchored_and_its_census_complete(project, file):
    take_in(project.root, file, RECORD, origin="harbour-office")
    before = snapshot(project)
    assert project.anchor()[1] == 0
    assert snapshot(project) == before
    mine = [row for row in project.rows("claims") if row["source_id"] == "almanac-2022"]
    assert [row["value_low"] or row["value_high"] for row in mine] == ["40", "12", "300"]
    assert {row["claim_id"] for row in project.rows("census") if row["claim_id"]} >= {row["claim_id"] for row in mine}


def test_its_pages_are_made_and_listed_and_the_dossier_waits_to_be_written(project, file):
    toc = project.root / "_toc.yml"
    toc.write_text(
        "root: index\nchapters:\n  - file: seeds/harbour-2024\n  - file: book/record-harbour-2024\n", encoding="utf-8"
    )
    (project.root / "book").mkdir(exist_ok=True)
    (project.root / "book/ledger.md").write_text("See {doc}`record-almanac-2022`.\n", encoding="utf-8")
    take_in(project.root, file, RECORD, origin="harbour-office")
    assert "  - file: seeds/harbour-2024\n  - file: seeds/almanac-2022\n" in toc.read_text(encoding="utf-8")
    assert toc.read_text(encoding="utf-8").endswith("harbour-2024\n  - file: book/record-almanac-2022\n")
    page = (project.root / "book/record-almanac-2022.md").read_text(encoding="utf-8")
    assert page.startswith("# The record: Report AB ({plain}`2025 <name>`)\n")
    found = [p for p in project.problems(checks.document_pages) if "almanac" in f"{p.path}{p.what}"]
    assert [(p.path, p.line, p.what) for p in found] == [
        ("seeds/almanac-2022.md", 3 + 2 * n, f"says nothing under {heading!r}")
        for n, heading in enumerate(acceptance.DOSSIER)
    ]


# --- what is left --------------------------------------------------------------------------------------------


def test_what_is_left_is_told_with_its_file_and_line_and_nothing_is_written(begun, project):
    before = snapshot(project)
    with pytest.raises(LedgerError) as caught:
        acceptance.accept(begun)
    told = [str(p) for p in caught.value.problems]
    assert snapshot(project) == before
    assert told[0].startswith("proposed/almanac-2022/census.csv:2: '2021' (")
    assert any(
        t.startswith("proposed/almanac-2022/claims.csv:2: c0002 (") and "has no claim_id, question_id" in t
        for t in told
    )
    assert any(t.startswith("proposed/almanac-2022/sentences.csv:2: the sentences are not read") for t in told)
    assert acceptance.progress(begun) == "almanac-2022: 0 of 9 numeric expressions settled"


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("census", lambda row: row.update(settled="") if row["text"] == "7" else None, "is not settled"),
        ("census", lambda row: row.update(reason="") if row["text"] == "7" else None, "without a reason"),
        ("census", lambda row: row.update(ref="c9999") if row["text"] == "40" else None, "names none"),
        ("census", lambda row: row.update({"class": "fact"}) if row["text"] == "40" else None, "has the class 'fact'"),
        ("claims", lambda row: row.update(question=""), "has no question"),
        ("claims", lambda row: row.update(quote="the"), "quote 'the' stands"),
        ("events", lambda row: row.update(actors=""), "has no actors"),
        ("sentences", lambda row: row.update(settled="no"), "the sentences are not read"),
    ],
)  # fmt: skip
def test_each_thing_that_is_left_keeps_a_document_out(begun, name, change, told):
    settle(begun, origin="harbour-office")
    assert acceptance.left(begun, read_tables(begun.root)[0]) == []
    edit(begun, name, change)
    with pytest.raises(LedgerError, match=told):
        acceptance.accept(begun)


def test_a_check_counts_what_is_being_taken_in(begun, no_derivations, capsys):
    assert main(["--root", str(begun.root), "check"]) == 0
    assert (
        "being taken in, and in no table yet: almanac-2022: 0 of 9 numeric expressions settled\n"
        in capsys.readouterr().out
    )


# --- interruption ------------------------------------------------------------------------------------------


def test_proposals_go_on_where_they_were_interrupted(project, file, monkeypatch):
    begun, made = begin(project.root, file, RECORD), []

    def interrupted(text, units, after=0):
        for proposal in proposals.propose(text, units, after):
            if len(made) == 4:
                raise KeyboardInterrupt
            made.append(proposal)
            yield proposal

    monkeypatch.setattr(intake, "propose", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare(begun, quiet)
    with (begun.folder / JOURNAL).open("a", encoding="utf-8") as handle:
        handle.write('{"expressions": [{"sta')  # what a machine that stopped had begun to write
    seen = []
    monkeypatch.setattr(intake, "propose", lambda *given: seen.append(given[2]) or proposals.propose(*given))
    said = []
    prepare(begun, said.append)
    assert seen == [made[-1].expressions[-1].end]
    assert said[0] == "9 numeric expressions, 4 of them proposed before"
    resumed = {p.name: p.read_bytes() for p in begun.folder.iterdir()}
    for path in begun.folder.iterdir():
        if path.name != "source.csv":
            path.unlink()
    monkeypatch.undo()
    monkeypatch.delenv(SEEDS_VARIABLE, raising=False)
    prepare(begun, quiet)
    assert {p.name: p.read_bytes() for p in begun.folder.iterdir()} == resumed


def test_what_a_kill_leaves_is_gone_on_with_by_the_same_command(project, tmp_path):
    draw = random.Random(1)
    path = tmp_path / "long.txt"
    path.write_text(
        "".join(f"Ship {n} of {draw.randint(10, 9**9)} barrels came.\n\n" for n in range(300)), encoding="utf-8"
    )
    command = [sys.executable, "-m", "sourcebook", "--root", str(project.root), "add-source", str(path), *FLAGS]
    journal = Intake(project.root, "almanac-2022").folder / JOURNAL
    running = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    began = time.monotonic()
    while not (journal.exists() and journal.stat().st_size > 8_000):
        assert running.poll() is None
        assert time.monotonic() - began < 60
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not (journal.parent / "census.csv").exists()
    kept = journal.read_bytes().rpartition(b"\n")[0]
    assert kept
    assert main(["--root", str(project.root), "add-source", str(path)]) == 0  # the record is known: no option is needed
    rows = [row["text"] for _, row in Intake(project.root, "almanac-2022").rows("census")]
    assert len(rows) == 600
    assert not journal.exists()


def test_what_an_author_has_settled_is_not_proposed_again(begun, project, file):
    settle(begun)
    before = {p.name: p.read_bytes() for p in begun.folder.iterdir()}
    assert main(["--root", str(project.root), "add-source", str(file)]) == 0
    assert {p.name: p.read_bytes() for p in begun.folder.iterdir()} == before


def test_accepting_goes_on_where_it_was_interrupted(project, file, monkeypatch):
    begun = begin(project.root, file, RECORD)
    prepare(begun, quiet)
    settle(begun, origin="harbour-office")
    whole = project.copy(project.root.parent / "other")
    acceptance.accept(Intake(whole.root, "almanac-2022"))
    replace = type(project.root).replace

    def stop(path, target):
        if target.name == "events.csv":
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(type(project.root), "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        acceptance.accept(begun)
    monkeypatch.setattr(type(project.root), "replace", replace)
    acceptance.accept(begun)
    assert snapshot(project) == snapshot(whole)


# --- the record of the document, by options or asked for ----------------------------------------------------


def test_a_document_is_described_by_options_alone(project, file, capsys):
    assert main(["--root", str(project.root), "add-source", str(file), "--no-input", *FLAGS]) == 0
    out = capsys.readouterr()
    assert out.out.startswith("almanac-2022: 0 of 9 numeric expressions settled\n")
    assert "proposed 9 of 9" in out.err
    source = Intake(project.root, "almanac-2022").source()
    assert (source["words"], source["file"], source["language"]) == (str(len(TEXT.split())), "almanac-2022.txt", "en")


def test_what_no_option_gives_is_asked_for_and_an_answer_is_asked_for_once(project, file, monkeypatch, capsys):
    answers = {**RECORD, "kind": "a novel", "author": ""}
    asked = []

    def answer(prompt):
        column = prompt.partition(" ")[0]
        asked.append(column)
        if column == "date_note" and asked.count(column) == 1:
            raise KeyboardInterrupt
        given = answers[column]
        if column == "kind":
            answers["kind"] = "report"
        return given

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys, "stdin", type("Terminal", (io.StringIO,), {"isatty": lambda self: True})())
    command = ["--root", str(project.root), "add-source", str(file)]
    assert main(command) == 130
    assert "give the same command again" in capsys.readouterr().err
    assert main(command) == 0
    assert asked.count("source_id") == asked.count("title") == 1
    assert asked.count("kind") == 2
    assert asked.count("date_note") == 2
    assert Intake(project.root, "almanac-2022").source()["kind"] == "report"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"source_id": ""}, "source_id is blank"),
        ({"source_id": "../../etc"}, "source_id '../../etc' does not fit the pattern"),
        ({"source_id": "harbour-2024"}, "source_id 'harbour-2024' is another document's"),
        ({"short_name": "Harbour"}, "short_name 'Harbour' is another document's"),
        ({"kind": "novel"}, "kind 'novel' is none of article"),
        ({"date_published": "2022-02-30"}, "date_published '2022-02-30' is no date"),
        ({"file": "../almanac.txt"}, "file '../almanac.txt' does not fit the pattern"),
        ({"title": "A\u202eB"}, "title holds a control character"),
        ({"title": "x" * 5000}, "title is longer than 1,000 characters"),
        ({"file": "harbour-2024.txt"}, "is another text: give --file another name"),
    ],
)
def test_a_record_that_is_not_of_its_form_is_refused_and_nothing_is_written(project, file, given, told):
    before = snapshot(project)
    with pytest.raises(SourcebookError, match=re.escape(told)):
        begin(project.root, file, {**RECORD, **given})
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"caf\xe9 1,000", "is not UTF-8"), (b"a\0b 12", "holds a NUL byte"), (b" \n", "holds no word")],
)
def test_a_file_that_is_no_text_is_refused(project, file, raw, told):
    file.write_bytes(raw)
    with pytest.raises(SourcebookError, match=told):
        begin(project.root, file, RECORD)


def test_a_text_that_the_record_has_is_refused(project):
    with pytest.raises(SourcebookError, match="in the record already, as harbour-2024"):
        begin(project.root, project.seed("harbour-2024"), RECORD)


def test_a_folder_of_texts_that_cannot_be_written_is_told(project, file, monkeypatch):
    monkeypatch.setenv(SEEDS_VARIABLE, str(file))  # a file, where a folder should be
    with pytest.raises(SourcebookError, match="cannot be written"):
        begin(project.root, file, RECORD)


def test_a_new_edition_is_proposed_as_the_old_was_coded_where_its_words_stand(project, tmp_path):
    path = tmp_path / "second.txt"
    path.write_text("Second edition.\n\n" + project.seed("harbour-2024").read_text(encoding="utf-8"), encoding="utf-8")
    begun = begin(project.root, path, RECORD)
    said = []
    prepare(begun, said.append, "harbour-2024")
    assert "4 of 4 claims of harbour-2024 stand in this text too" in said
    found = {row["quote"]: row for _, row in begun.rows("claims")}
    row = found["the ferry crossed 1,382 times"]
    assert (row["question_id"], row["origin_id"], row["actors"], row["claim_id"]) == (
        "crossings",
        "harbour-office",
        "ferry-company",
        "",
    )


def test_git_keeps_neither_texts_nor_proposals(project, begun):
    for command in (["init", "-q"], ["add", "-f", "."]):
        subprocess.run(["git", "-C", str(project.root), *command], check=True, capture_output=True)
    found = {p.path for p in project.problems(checks.unpublished)}
    assert {"seeds/text/harbour-2024.txt", "proposed/almanac-2022/claims.csv"} <= found


def test_a_folder_of_texts_that_is_write_protected_is_left_alone(project, file):
    folder = project.seed("harbour-2024").parent
    before = snapshot(project)
    folder.chmod(0o555)
    try:
        with pytest.raises(SourcebookError, match="is write-protected"):
            begin(project.root, file, RECORD)
    finally:
        folder.chmod(0o755)
    assert snapshot(project) == before
