"""Dates in a figure's table, and the plot behind a figure, built with each builder in a tiny book."""

from __future__ import annotations

import json
import re
import shutil
from importlib.resources import files

import pytest
from sphinx.errors import ExtensionError

from small_book import article, make_book, page, stamped  # noqa: F401  -- a fixture
from sourcebook.inputs import inputs_digest
from sourcebook.models import PLOTLY_MIME
from sourcebook.palette import DARK
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext.explore import SCRIPT, STYLE, guard, rules
from test_sphinx_ext import notebook, payload

RECORD = "# Record\n\n```{events} csrs-2024\n```\n\n```{claims} csrs-2024\n```\n"
DATES = {
    "name": "visits",
    "caption": "Some visits.",
    "alt": "Dots at {event:csrs-shoigu-kabul} and {review:csrs-shoigu-kabul-amu-tv}.",
    "columns": ["What", "Date", "The page's date"],
    "rows": [
        ["Visit", {"ref": "event:csrs-shoigu-kabul"}, {"ref": "review:csrs-shoigu-kabul-amu-tv"}],
        ["Founding", {"ref": "event:csrs-founded"}, ""],
    ],
}
PLOT = {
    "data": [
        {
            "type": "scatter", "x": [1, 2], "y": ["2024-12-06", "2009-07-16"], "marker": {"color": "#0072b2"},
            "customdata": ["event:csrs-shoigu-kabul", "event:csrs-founded"], "hovertext": ["</script>", "b"],
        }
    ],
    "layout": {"height": 300},
}  # fmt: skip


@pytest.fixture
def dated_book(make_book, tmp_path):
    """Build a book with one notebook, whose figure has dates, and a plot where one is given."""

    def build(builder="html", plot=None, keep=True, **overrides):
        root = tmp_path / "book"
        for folder in ("data", "seeds"):
            shutil.copytree(ROOT / folder, root / folder, dirs_exist_ok=True)
        for name in ("datapackage.json", "requirements.txt"):
            shutil.copy(ROOT / name, root)
        book = json.loads(notebook(payload(**{**DATES, **overrides})))
        data = book["cells"][1]["outputs"][0]["data"]
        if plot:
            data[PLOTLY_MIME] = plot
        if not keep:
            book["cells"][1]["outputs"][0]["data"] = {PLOTLY_MIME: plot, "text/plain": "a plot"}
        pages = page("Text.")
        pages["index.md"] = pages["index.md"].replace("record\n```", "record\nbook\n```")
        return make_book(
            pages | {"record.md": RECORD, "book.ipynb": stamped(json.dumps(book), inputs_digest(root))},
            builder,
            root=root,
        )

    return build


def figure_of(out):
    text = (out / "book.html").read_text(encoding="utf-8")
    return text[text.index("<figure") : text.index("</figure>")]


# --- dates in a table ------------------------------------------------------------------------------------


def test_a_cell_of_an_event_shows_its_date_and_leads_to_its_entry(dated_book):
    out, warnings = dated_book()
    assert warnings == ""
    figure = figure_of(out)
    assert 'href="record.html#event-csrs-shoigu-kabul">6 December 2024 (inferred)</a>' in figure
    assert 'href="record.html#event-csrs-founded">July 2009</a>' in figure
    assert 'href="record.html#review-csrs-shoigu-kabul-amu-tv">25 November 2024</a>' in figure
    assert 'alt="Dots at 6 December 2024 and 25 November 2024."' in figure
    assert "Source: Amu TV (2024); CSRS brief (2024). ≠: another value contradicts" in figure


def test_a_date_that_a_page_contradicts_bears_its_mark(make_book, dated_book):
    out, _ = dated_book()
    text = (out / "book.html").read_text(encoding="utf-8")
    assert '"event-csrs-shoigu-kabul": {' in text  # its card
    pages = page("On {event}`6 December 2024 <csrs-shoigu-kabul>`.")
    pages["record.md"] = RECORD + "\n```{conflicts} trust\n```\n"
    out, _ = make_book(pages)
    assert 'href="record.html#conflict-shoigu-kabul-date" title="Contradicted: ' in article(out)


def test_the_file_gives_date_precision_inference_and_source(dated_book):
    out, _ = dated_book()
    header, first, second = next((out / "_downloads").rglob("visits.csv")).read_text(encoding="utf-8").splitlines()
    parts = ("date", "precision", "inferred", "reference", "source")
    assert header == ",".join(["What", *(f"{c} {p}" for c in ("Date", "The page's date") for p in parts)])
    assert first == (
        "Visit,2024-12-06,day,true,event:csrs-shoigu-kabul,CSRS brief (2024),"
        "2024-11-25,day,false,review:csrs-shoigu-kabul-amu-tv,Amu TV (2024)"
    )
    assert second == "Founding,2009-07,month,false,event:csrs-founded,CSRS brief (2024),,,,,"


def test_a_date_of_no_record_is_told(dated_book):
    _, warnings = dated_book(rows=[["Visit", {"ref": "event:csrs-shoigu"}, ""]])
    assert "no event has the id 'csrs-shoigu'; did you mean csrs-shoigu-kabul" in warnings


# --- the plot --------------------------------------------------------------------------------------------


def test_the_plot_stands_in_the_page_as_data_behind_the_picture(dated_book):
    out, warnings = dated_book(plot=PLOT)
    assert warnings == ""
    figure = figure_of(out)
    (name, island) = re.search(
        r'<script type="application/json" class="figure-plot" data-name="([^"]*)">(.*?)</script>', figure, re.DOTALL
    ).groups()
    found = json.loads(island)
    assert name == "visits"
    assert found["data"] == PLOT["data"]
    assert found["dark"] == dict(DARK)
    assert found["guard"] == guard() != ""
    assert figure.index("<img") < figure.index(island) < figure.index("<figcaption")
    assert "<button" not in figure  # without the script there is none


def test_only_a_page_with_a_plot_has_its_script_and_none_loads_plotly(dated_book):
    out, _ = dated_book(plot=PLOT)
    pages = {name: (out / f"{name}.html").read_text(encoding="utf-8") for name in ("book", "index", "record")}
    assert [name for name, text in pages.items() if "explore.js" in text] == ["book"]
    assert [name for name, text in pages.items() if "explore.css" in text] == ["book"]
    assert [name for name, text in pages.items() if SCRIPT in text or STYLE in text] == []
    assert (out / "_static" / SCRIPT).read_bytes() == (files("plotly") / "package_data" / SCRIPT).read_bytes()


def test_a_book_without_a_plot_carries_no_plotly(dated_book):
    out, _ = dated_book()
    assert not (out / "_static" / SCRIPT).exists()
    assert "explore.js" not in (out / "book.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("builder", "file", "picture"),
    [
        ("latex", "projectnamenotset.tex", r"\sphinxincludegraphics{{"),
        ("man", "projectnamenotset.1", "[image: Dots at 6 December 2024"),
        ("epub", "book.xhtml", '<img alt="Dots at 6 December 2024'),
    ],
)
def test_other_builders_show_the_picture_alone(dated_book, builder, file, picture):
    out, warnings = dated_book(builder, plot=PLOT)
    assert [w for w in warnings.splitlines() if "unknown node" in w or "plotly" in w or "sourcebook" in w] == []
    text = (out / file).read_text(encoding="utf-8")
    assert picture in text
    assert "figure-plot" not in text
    assert not list(out.rglob(SCRIPT))


def test_a_plot_that_show_did_not_publish_is_told(dated_book):
    _, warnings = dated_book(plot=PLOT, keep=False)
    assert "a plot without picture, caption and data: publish it by sourcebook.charts.show" in warnings


def test_the_styles_that_plotly_would_write_are_those_of_the_wheel():
    bundle = (files("plotly") / "package_data" / SCRIPT).read_text(encoding="utf-8")
    sheet = rules(bundle)
    assert sheet.count("\n") > 40
    assert ".js-plotly-plot .plotly .modebar {position:absolute;top:2px;right:2px;}\n" in sheet
    assert not re.search(r"(^|[ ,])[XY]\b", sheet, re.MULTILINE)


def test_a_bundle_whose_styles_are_elsewhere_stops_the_build():
    with pytest.raises(ExtensionError, match="style rules of plotly"):
        rules('var a={"X,X div":"margin:0;"};for(b in a)c(b)')
