import re
import subprocess
import sys

import pytest

from sourcebook import checks
from sourcebook.__main__ import main
from sourcebook.paths import SEEDS_VARIABLE


def run(project, *arguments):
    command = [sys.executable, "-m", "sourcebook", "--root", str(project.root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def own_lines(done):
    """What was reported, but for the book's derived values: they need the book's record."""
    return [line for line in done.stderr.splitlines() if not line.startswith("src/sourcebook/derivations:")]


def test_ten_faults_at_once_are_all_reported_in_one_run(project):
    project.change("claims", 2, qualifier="roughly")
    project.change("claims", 3, origin_id="nobody")
    project.change("claims", 4, unit="day")
    project.change("claims", 5, value_high="200000000")
    project.change("claims", 6, value_low="22", value_high="20")
    project.change("events", 2, digest="0" * 64)
    project.change("reviews", 2, url="")
    project.change("sources", 3, words="3")
    project.add("border", row_id="meetings-pilots")
    project.set_bytes("actors", b"\xef\xbb\xbf" + project.path("actors").read_bytes())
    done = run(project, "check")
    assert done.returncode == 1
    lines = own_lines(done)
    assert [(line.split(": ")[0], line.split(": ")[1][:24]) for line in lines] == [
        ("data/actors.csv:1", "begins with a byte-order"),
        ("data/claims.csv:2", "qualifier 'roughly' is n"),
        ("data/claims.csv:3", "broken foreign key"),
        ("data/claims.csv:4", "unit 'day' cannot be com"),
        ("data/claims.csv:5", "value_high 200000000 is "),
        ("data/claims.csv:6", "value_low 22 is above va"),
        ("data/events.csv:2", "digest does not fit sour"),
        ("data/reviews.csv:2", "review has no url"),
        ("data/series/border.csv:2", "row id 'meetings-pilots'"),
        ("seeds/sources.csv:3", "words of lighthouse-2023"),
    ]
    assert all(re.fullmatch(r"[\w./-]+:\d+: \S.*\S: \S.*\S", line) for line in done.stderr.splitlines())
    assert re.search(r"^\d+ problems$", done.stdout, re.MULTILINE)


def test_a_record_in_order_ends_with_0(project, no_derivations, capsys):
    assert main(["--root", str(project.root), "check"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        f"checked {project.report().rows} rows by {len(checks.RULES)} rules; anchors: "
        "offsets and sha256 of 2 of 2 seed texts, and digests",
        "published values: held against nothing (no release before this one)",
        "the record is in order",
    ]


def test_one_problem_ends_with_1_and_is_counted(project, no_derivations, capsys):
    project.change("reviews", 2, url="")
    assert main(["--root", str(project.root), "check"]) == 1
    out, err = capsys.readouterr()
    assert err == "data/reviews.csv:2: review has no url: fill url, or use the verdict not_found\n"
    assert out.splitlines()[-1] == "1 problem"


def test_a_folder_that_is_no_project_ends_with_1(tmp_path, capsys):
    assert main(["--root", str(tmp_path), "check"]) == 1
    assert capsys.readouterr().err == "datapackage.json:1: file is missing: restore it from the repository\n"


def test_anchoring_ends_with_0_when_every_quotation_stands(project, capsys):
    project.change("claims", 3, start="", end="", digest="")
    assert main(["--root", str(project.root), "anchor"]) == 0
    assert capsys.readouterr().out.startswith("9 quotations anchored, 0 left")
    assert project.rows("claims")[1]["start"] == "57"


def test_anchoring_ends_with_1_when_one_is_left(project, capsys):
    project.change("claims", 3, quote="sank without trace there")
    assert main(["--root", str(project.root), "anchor"]) == 1
    assert capsys.readouterr().out.startswith("8 quotations anchored, 1 left")


def test_anchoring_without_the_texts_ends_with_2_and_changes_nothing(project, capsys):
    project.remove_seeds()
    before = project.path("claims").read_bytes()
    assert main(["--root", str(project.root), "anchor"]) == 2
    assert capsys.readouterr().err == f"no seed texts: set {SEEDS_VARIABLE} to the folder that holds them\n"
    assert project.path("claims").read_bytes() == before


def test_anchoring_a_table_that_cannot_be_read_ends_with_1_and_names_it(project, capsys):
    project.path("questions").unlink()
    assert main(["--root", str(project.root), "anchor"]) == 1
    assert capsys.readouterr().err.startswith("data/questions.csv:1: file is missing: ")


def test_a_mistyped_folder_of_texts_is_said_by_both_commands(project, no_derivations, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(SEEDS_VARIABLE, str(tmp_path / "mistyped"))
    assert main(["--root", str(project.root), "anchor"]) == 2
    assert main(["--root", str(project.root), "check"]) == 1
    assert f"seeds/sources.csv:1: {SEEDS_VARIABLE} names {tmp_path / 'mistyped'}, which is no folder: set" in (
        capsys.readouterr().err
    )


def test_a_check_imports_neither_pandas_nor_sphinx():
    code = "import sys, sourcebook.checks; print([m for m in ('pandas', 'sphinx', 'frictionless') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("arguments", [[], ["mend"], ["check", "--loudly"]])
def test_a_command_that_cannot_be_understood_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m sourcebook" in capsys.readouterr().err
