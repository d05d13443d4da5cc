"""Records, ledgers, names and notebooks that mean harm: a clear error or inert text, and no file outside the project."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_library import record_of
from small_book import build, built, lay_out, notebook, page, payload, shelf  # noqa: F401  -- fixtures
from sourcebook import checks, files, rows
from sourcebook.errors import SourcebookError
from sourcebook.intake import begin, prepare
from sourcebook.ledger import Ledger, read_tables
from sourcebook.paths import SEEDS_VARIABLE
from sourcebook.sphinx_ext import inert
from sourcebook.sphinx_ext.figures import csv_text

BOUNDED = settings(
    derandomize=True, database=None, deadline=None, max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
"""The same examples in every run. The suite is bounded by their number: a deadline for each fails on a busy machine."""
HARM = [
    "<script>alert(1)</script>", "../../outside", "/etc/passwd", "..\\..\\outside", "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1",
    "-1+1", "\t=1", "\r=1", "a\0b", "\u202egpj.exe", '"', "'", ",", "\n", "${7*7}", "{{7*7}}", "%00", "CON", "~",
    "javascript:alert(1)", "\ufeff", "\ud7ff", "١٢", "²", "1e999", "-", "nan", "\x1b[31m", "{claim}`x <y>`", "```{raw} html\n<b>\n```",
]  # fmt: skip
harmful = st.one_of(
    st.sampled_from(HARM), st.text(max_size=60), st.builds("{}{}".format, st.sampled_from(HARM), st.text(max_size=8))
)
FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture(autouse=True)
def own_texts(monkeypatch):
    """Each project has its own folder of texts: what is tried here is written there, and nowhere else."""
    monkeypatch.delenv(SEEDS_VARIABLE, raising=False)


def refusal(act):
    """Act, and return the words with which it was refused; None where it was not."""
    try:
        act()
    except SourcebookError as error:
        return str(error)
    return None


def files_below(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() or p.is_symlink()}


# --- the ledger ---------------------------------------------------------------------------------------------

QUICK = [rule for rule in checks.RULES if rule not in (checks.schema, checks.derived_values)]


@BOUNDED
@given(
    table=st.sampled_from(["sources", "claims", "events", "census", "corrections", "reviews", "units"]), data=st.data()
)
def test_a_cell_that_means_harm_is_told_or_is_words_and_nothing_is_written(template, tmp_path_factory, table, data):
    project = template.copy(tmp_path_factory.mktemp("harm"))
    found = project.rows(table) or [dict.fromkeys(project.columns(table), "x")]  # the project has no correction
    column = data.draw(st.sampled_from(project.columns(table)))
    found[0][column] = data.draw(harmful)
    project.write(table, found) if "\0" not in found[0][column] else None
    before = files_below(project.root.parent)
    report = checks.run(project.root, QUICK)
    assert all(p.path and p.line >= 1 and p.what and p.todo for p in report.problems)
    told = refusal(project.load)
    assert told is None or re.match(r"[\w./-]+:\d+: ", told)
    assert files_below(project.root.parent) == before


@BOUNDED
@given(
    table=st.sampled_from(["sources", "claims", "units", "census"]), raw=st.binary(max_size=200), at=st.integers(0, 400)
)
def test_bytes_that_are_no_table_are_told(template, tmp_path_factory, table, raw, at):
    project = template.copy(tmp_path_factory.mktemp("bytes"))
    old = project.path(table).read_bytes()
    project.set_bytes(table, old[:at] + raw + old[at:])
    tables, problems = read_tables(project.root)
    assert table in tables
    told = refusal(lambda: Ledger.from_tables(project.root, tables)) if not problems else None
    assert all(p.line >= 1 and p.todo for p in problems)
    assert told is None or re.match(r"[\w./-]+:\d+: ", told)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"note": "=cmd|' /C calc'!A0"}, "note begins with '=', which a spreadsheet runs as a formula"),
        ({"measure": "@SUM(A1)"}, "measure begins with '@'"),
        ({"subject": "+ferry"}, "subject begins with '+'"),
        ({"note": "gpj\u202eexe"}, "note holds the control character '\\u202e'"),
        ({"note": "\x1b[31mred"}, "note holds the control character '\\x1b'"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_told(project, cells, told):
    project.change("claims", 3, **cells)
    (found,) = project.problems(checks.inert_cells)
    assert (found.path, found.line, found.what.startswith(told)) == ("data/claims.csv", 3, True)


def test_a_negative_number_is_no_formula(project):
    project.change("claims", 3, value_low="-12.5", value_high="1e3")
    assert project.problems(checks.inert_cells) == []


def test_a_cell_without_end_is_told_as_such(project):
    project.change("claims", 3, note="x" * 200_000)
    (found,) = read_tables(project.root)[1]
    assert (found.path, found.line, found.what) == ("data/claims.csv", 3, "a cell is longer than 131,072 characters")


@BOUNDED
@given(name=harmful)
def test_a_name_leads_to_a_file_of_its_folder_or_nowhere(tmp_path, name):
    found = files.inside(tmp_path, name)
    assert found is None or (found.parent == tmp_path and found.name == name)


def test_a_text_outside_the_folder_of_texts_is_not_read(project):
    secret = project.root / "secret.txt"
    secret.write_bytes(project.seed("harbour-2024").read_bytes())
    project.seed("harbour-2024").unlink()
    project.change("sources", 2, file="../../secret.txt")
    assert "harbour-2024" not in project.load(texts=True).texts
    assert any("is missing" in p.what for p in project.problems(checks.seeds))


# --- rows ---------------------------------------------------------------------------------------------------


@BOUNDED
@given(cells=st.lists(harmful.filter(lambda cell: "\0" not in cell and "\r" not in cell), min_size=2, max_size=4))
def test_rows_are_put_in_and_taken_out_without_touching_another(template, cells):
    tables, _ = read_tables(template.root)
    table, text = tables["claims"], template.path("claims").read_text(encoding="utf-8")
    new = [template.make_claim(claim_id=f"new-{n}", note=cell) for n, cell in enumerate(cells)]
    longer = rows.with_rows(table, text, new)
    assert sorted([*text.splitlines(), *rows.written(table.columns, new, header=False).splitlines()]) == sorted(
        longer.splitlines()
    )
    read = {row["claim_id"]: row["note"] for row in csv.DictReader(io.StringIO(longer, newline=""))}
    assert [read[f"new-{n}"] for n in range(len(cells))] == cells
    assert rows.without_rows(table, text, {row.line for row in table.rows}) == text.splitlines(keepends=True)[0]


# --- the record of a document ---------------------------------------------------------------------------------


@BOUNDED
@given(
    cells=st.dictionaries(
        st.sampled_from([*record_of(1), "file", "author", "language"]), harmful, min_size=1, max_size=3
    )
)
def test_the_record_of_a_document_never_leads_out_of_the_project(template, tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("intake")
    project = template.copy(folder)
    (folder / "text.txt").write_text("It had 40 ships in 2021, they say.\n", encoding="utf-8")
    before = files_below(folder)
    told = refusal(lambda: prepare(begin(project.root, folder / "text.txt", {**record_of(1), **cells}), print))
    assert told is None or len(told) > 20
    new = files_below(folder) - before
    assert all(
        re.fullmatch(r"project/(?:proposed/[a-z0-9-]+/[a-z]+\.csv|seeds/text/[A-Za-z0-9_][\w.-]*)", name)
        for name in new
    ), new


@BOUNDED
@given(raw=st.one_of(st.binary(max_size=300), harmful.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_a_file_of_any_bytes_is_taken_in_or_refused(template, tmp_path_factory, raw):
    folder = tmp_path_factory.mktemp("bytes")
    project = template.copy(folder)
    (folder / "text.txt").write_bytes(raw)
    told = refusal(lambda: prepare(begin(project.root, folder / "text.txt", record_of(1)), print))
    assert (told is None) == (project.root / "proposed" / "made-001-2025" / "census.csv").is_file()
    assert told is None or told.startswith(str(folder / "text.txt"))


# --- exports --------------------------------------------------------------------------------------------------


def formulas(book, words):
    """The cells of a figure's file with these words that a spreadsheet would run."""
    made = payload(columns=[words[0], "Meetings"], rows=[[word, {"ref": "claim:china-meetings"}] for word in words[1:]])
    cells = [cell for line in csv.reader(io.StringIO(csv_text(book, made), newline="")) for cell in line]
    number = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
    return [cell for cell in cells if FORMULA.match(cell) and not number.fullmatch(cell)]


@BOUNDED
@given(words=st.lists(harmful.filter(lambda text: "\0" not in text), min_size=2, max_size=5))
def test_no_cell_of_a_figures_file_is_run_by_a_spreadsheet(book, words):
    assert formulas(book, words) == []


def test_no_cell_of_a_figures_file_is_run_behind_a_carriage_return(book):
    assert formulas(book, ["a", "b\r=1"]) == []


# --- notebooks and pages ---------------------------------------------------------------------------------------


@BOUNDED
@given(
    st.recursive(
        st.none() | st.booleans() | harmful,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["cells", "outputs", "data", "output_type", "text/html"]) | st.text(max_size=5),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_a_notebook_of_any_form_is_read_without_a_fault(made):
    assert all(isinstance(what, str) for what in inert.output_problems(made))


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ({"output_type": "display_data", "data": {"text/html": "<b>"}}, "of the type 'text/html'"),
        (
            {"output_type": "execute_result", "data": {"application/javascript": "1"}},
            "of the type 'application/javascript'",
        ),
        ({"output_type": "display_data", "data": {"text/markdown": "x"}}, "of the type 'text/markdown'"),
        ({"output_type": "display_data", "data": {"image/svg+xml": "<svg><script>1</script></svg>"}}, "'<script'"),
        ({"output_type": "display_data", "data": {"image/svg+xml": ["<svg ", "onload='x'>"]}}, "onload="),
        (
            {"output_type": "display_data", "data": {"image/svg+xml": "<image href='//host/x.png'/>"}},
            "would run or fetch",
        ),
        ({"output_type": "error", "ename": "x"}, "is an error"),
    ],
)
def test_an_output_that_would_run_in_the_page_is_named(output, told):
    (found,) = inert.output_problems({"cells": [{"outputs": [output]}]})
    assert found.startswith("cell 1: ")
    assert told in found


def test_the_outputs_of_the_book_are_of_the_types_that_pages_show(book):
    names = sorted((book.root / "notebooks").glob("*.ipynb"))
    assert names
    for path in names:
        assert list(inert.output_problems(json.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("address", "harm"),
    [
        ("javascript:alert(1)", True), (" java\nscript:alert(1)", True), ("data:text/html,x", True), ("VBScript:x", True),
        ("https://example.org/a:b", False), ("page.html#a", False), ("mailto:a@example.org", False), ("#a:b", False),
        ("a/b:c", False),
    ],
)  # fmt: skip
def test_an_address_is_of_the_web_or_runs(address, harm):
    assert inert.runs(address) == harm


def test_a_build_ends_at_an_output_that_would_run(tmp_path):
    lay_out(tmp_path / "book")
    made = json.loads(notebook(payload()))
    made["cells"][1]["outputs"].append(
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>1</script>"}}
    )
    from sphinx.errors import ExtensionError

    with pytest.raises(ExtensionError, match="notebook: cell 2: an output is of the type 'text/html'"):
        build(tmp_path / "book", {**page("Words."), "notebook.ipynb": json.dumps(made)})


WOULD_RUN = [
    ("Words <script>alert(1)</script> and more.", "HTML that would run in the page: '<script>'"),
    ("<div><img src=x onerror=alert(1)></div>", "HTML that would run in the page"),
    ("```{eval-rst}\n`A link <javascript:alert(1)>`_ here.\n```", "'javascript:alert(1)' is none of the web"),
    (notebook(payload(name="../../outside")), "has a name that is no words joined by hyphens"),
    (notebook({"name": "bars"}), "is not of the form that sourcebook.charts.show writes"),
    (notebook(payload(rows=[["China"]])), "has a row that is not as long as its head"),
]


@pytest.mark.parametrize(("text", "told"), WOULD_RUN)
def test_a_page_shows_as_words_what_would_run_and_tells_it(built, text, told):
    assert told in built.warnings
    assert not re.search(r"<script>alert|<img[^>]*onerror|href=\"\s*javascript", built.html)
    assert not list(built.out.parent.parent.parent.glob("**/outside*"))


@pytest.mark.parametrize("text", ["[A link](javascript:alert) here."])
def test_an_address_of_markdown_that_would_run_stays_words(built, text):
    assert not re.search(r"href=\"\s*javascript", built.html)
