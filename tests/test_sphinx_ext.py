"""Roles, entries and figures, built with each builder in a tiny book over the real record."""

from __future__ import annotations

import html
import json
import re
import shutil

import pytest

from small_book import LEDGER, article, make_book, page  # noqa: F401  -- a fixture
from sourcebook.inputs import STAMP, inputs_digest
from sourcebook.models import FIGURE_MIME
from sourcebook.paths import ROOT


@pytest.mark.parametrize(
    "words",
    ["215 meetings <china-meetings>", "215 <china-meetings>", "china-meetings", "about 200 meetings <china-meetings>"],
)
def test_a_bound_number_links_to_its_entry(make_book, words):
    out, warnings = make_book(page(f"China: {{claim}}`{words}`."))
    assert warnings == ""
    shown = words.split(" <")[0] if "<" in words else "215 meetings"
    assert f'href="record.html#claim-china-meetings">{shown}</a>' in article(out)
    assert 'id="claim-china-meetings"' in (out / "record.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("role", "subtype", "told"),
    [
        ("{claim}`216 meetings <china-meetings>`", "sourcebook.unequal", "says 216 where the record has 215"),
        ("{claim}`215 visits <china-meetings>`", "sourcebook.unequal", "does not name the unit 'meeting'"),
        ("{claim}`USD 100 million <mining-revenue-2024>`", "sourcebook.unequal", "drops the qualifier 'nearly'"),
        ("{claim}`20 days <rail-days>`", "sourcebook.unequal", "gives one number where the record has 20 to 22"),
        ("{claim}`215 meetings <china-meeting>`", "sourcebook.unknown", "did you mean china-meetings"),
        ("{derived}`15.7 percent <china-meetings-ratio>`", "sourcebook.unequal", "says 15.7 where the record has 15.6"),
        ("{series}`no-such-row`", "sourcebook.unknown", "no series row has the id 'no-such-row'"),
        ("{review}`meetings-years-sigar`", "sourcebook.unknown", "carries no number"),
    ],
)
def test_a_number_that_the_record_does_not_bear_is_told_with_its_line_and_shown(make_book, role, subtype, told):
    out, warnings = make_book(page(f"First line.\n\nThen {role} here."))
    assert told in warnings
    assert re.search(r"index\.md:5: WARNING", warnings)
    key = re.search(r"([a-z0-9-]+)>?`$", role)[1]
    assert f"[?{key}]" in article(out)
    assert f"record.html#claim-{key}" not in article(out)


def test_warnings_carry_the_type_by_which_a_reader_can_find_them(make_book):
    pages = page("{claim}`216 meetings <china-meetings>`")
    pages["index.md"] = pages["index.md"].replace("# Title", "# Title {claim}`no-such`")
    _, warnings = make_book(pages)
    assert warnings.count("WARNING") == 2


def test_a_bound_number_in_a_heading_is_plain_in_every_copy_of_the_title(make_book):
    pages = page("Text.")
    pages["two.md"] = "# On {claim}`215 meetings <china-meetings>`\n\n## And {claim}`194 <turkey-meetings>`\n"
    pages["index.md"] = pages["index.md"].replace("record\n```", "record\ntwo\n```")
    out, warnings = make_book(pages)
    assert warnings == ""
    text = (out / "two.html").read_text(encoding="utf-8")
    assert "<title>On 215 meetings &#8212;" in text
    assert '<h1>On <a class="evidence evidence-claim reference internal"' in text
    index = (out / "index.html").read_text(encoding="utf-8")
    assert re.search(r'href="two\.html">On 215 meetings</a>', index)
    assert 'href="two.html#and-194">And 194</a>' in index


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table", "| a |\n| --- |\n| {claim}`215 meetings <china-meetings>` |"),
        ("admonition", ":::{note}\n{claim}`215 meetings <china-meetings>`\n:::"),
        ("footnote", "Text[^a].\n\n[^a]: Note of {claim}`215 meetings <china-meetings>`."),
        ("list", "- {claim}`215 meetings <china-meetings>`"),
    ],
)
def test_roles_work_in_every_place(make_book, name, text):
    out, warnings = make_book(page(text))
    assert warnings == ""
    assert '#claim-china-meetings">215 meetings' in article(out)


@pytest.mark.parametrize(
    ("builder", "file", "bound", "entry"),
    [
        (
            "latex",
            "projectnamenotset.tex",
            r"{\hyperref[\detokenize{record:claim-china-meetings}]",
            "claim-china-meetings",
        ),
        ("text", "index.txt", "China: 215 meetings.", None),
        ("man", "projectnamenotset.1", r"China: \fI\%215 meetings\fP", None),
        ("texinfo", "projectnamenotset.texi", ",,215 meetings}.", "claim-china-meetings}"),
        ("singlehtml", "index.html", '#claim-china-meetings">215 meetings</a>', 'id="claim-china-meetings"'),
        ("epub", "index.xhtml", '#claim-china-meetings">215 meetings</a>', None),
    ],
)
def test_every_other_builder_prints_the_words(make_book, builder, file, bound, entry):
    out, warnings = make_book(page("China: {claim}`215 meetings <china-meetings>`."), builder)
    assert [w for w in warnings.splitlines() if "evidence" in w or "sourcebook" in w or "unknown node" in w] == []
    path = out / file
    if not path.exists():
        path = next(p for p in out.iterdir() if p.suffix == path.suffix)
    text = path.read_text(encoding="utf-8")
    assert bound in text
    assert entry is None or entry in text


def test_a_number_without_an_entry_is_a_broken_reference(make_book):
    pages = {"index.md": "# Title\n\n{claim}`215 meetings <china-meetings>`\n"}
    _, warnings = make_book(pages)
    assert "evidence:claim reference target not found: china-meetings" in warnings


def test_an_entry_on_two_pages_is_told(make_book):
    pages = page("Text.")
    pages["again.md"] = "---\norphan: true\n---\n# Again\n\n```{claims} csrs-2024\n```\n"
    _, warnings = make_book(pages)
    assert "entry claim 'csrs-companies' stands on" in warnings


@pytest.mark.parametrize(
    ("directive", "told"),
    [("{claims} nobody", "no source has the id 'nobody'"), ("{series-rows} tides", "no series 'tides'")],
)
def test_a_directive_for_what_is_not_there_warns(make_book, directive, told):
    out, warnings = make_book(page(f"```{directive}\n```"))
    assert told in warnings
    assert "[?" in article(out)


def test_hostile_text_in_the_record_comes_out_as_text(make_book, tmp_path):
    make_book(page("Text."))
    path = tmp_path / "book" / "data" / "claims.csv"
    hostile = "<script>alert(1)</script> & \u202eright to left\u202c"
    text = path.read_text(encoding="utf-8").replace("Credited to SIGAR", hostile + " Credited to SIGAR", 1)
    path.write_text(text, encoding="utf-8")
    out, warnings = make_book(page("Text."), root=tmp_path / "book")
    assert warnings == ""
    record = (out / "record.html").read_text(encoding="utf-8")
    assert html.escape(hostile, quote=False) in record
    assert "<script>alert" not in record


def test_events_are_listed_by_date_with_actors_and_inference(make_book):
    pages = page("Text.")
    pages["record.md"] = LEDGER + "\n## Events\n\n```{events} did-2026\n```\n"
    out, warnings = make_book(pages)
    assert warnings == ""
    text = (out / "record.html").read_text(encoding="utf-8")
    dates = re.findall(r'id="event-did-[^"]+"></span><strong>([^<]+)</strong>', text)
    assert dates == ["2020", "January 2026"]
    assert "January 2026</strong> (inferred) · " in text


def test_questions_count_documents_and_known_origins(make_book):
    pages = page("Text.")
    entries = "\n".join(f"```{{claims}} {s}\n```" for s in ("rehalem-2025", "did-2026", "zeeshan-2024"))
    pages["record.md"] = f"{LEDGER}\n{entries}\n\n```{{questions}}\n```\n\n```{{unknown-origins}}\n```\n"
    out, warnings = make_book(pages)
    assert warnings == ""
    text = (out / "record.html").read_text(encoding="utf-8")
    border = text[text.index(">border-length<") :][:600]
    assert "1 document, no known origin, 3 claims of unknown origin." in border
    assert border.count("#claim-rehalem-") == 3
    assert re.search(r"<p[^>]*>\d+ of 241 claims have no origin that was found\.</p>", text)


def notebook(payload, svg="<svg xmlns='http://www.w3.org/2000/svg' fill='#1f2328'></svg>", stamp=None):
    data = {FIGURE_MIME: payload, "image/svg+xml": svg, "text/plain": "figure"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [output], "source": "x"}
    title = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "# Notebook"}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, STAMP: stamp}
    return json.dumps({"cells": [title, cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def payload(**overrides):
    made = {
        "name": "bars",
        "caption": "China has {claim}`215 meetings <china-meetings>`.",
        "alt": "One bar of {china-meetings}.",
        "columns": ["Partner", "Meetings"],
        "rows": [["China", {"ref": "claim:china-meetings"}]],
    }
    return {**made, **overrides}


@pytest.fixture
def figure_book(make_book, tmp_path):
    def build(builder="html", stamp=None, **overrides):
        make_book(page("Text."))  # lays the data out, so that the stamp can be computed
        root = tmp_path / "book"
        pages = page("See {numref}`fig-bars`.")
        pages["index.md"] = pages["index.md"].replace("record\n```", "record\nbook\n```")
        pages["book.ipynb"] = notebook(payload(**overrides), stamp=stamp or inputs_digest(root))
        return make_book(pages, builder, root=root)

    return build


def test_a_figure_is_numbered_bound_credited_and_downloadable(figure_book):
    out, warnings = figure_book()
    assert warnings == ""
    text = (out / "book.html").read_text(encoding="utf-8")
    figure = text[text.index("<figure") : text.index("</figure>")]
    assert figure.count("<figcaption>") == 1
    assert 'id="fig-bars"' in figure
    assert "Fig. 1" in figure
    assert 'alt="One bar of 215 meetings."' in figure
    assert re.search(r'class="only-dark" src="[^"]+-dark\.svg"', figure)
    assert figure.count('href="record.html#claim-china-meetings"') == 2  # caption and data table
    assert "Source: Wakhan article (2025)." in figure
    csv_path = next((out / "_downloads").rglob("bars.csv"))
    expected = "China,215.0,215.0,meeting,exact,claim:china-meetings,Wakhan article (2025)"
    assert csv_path.read_text(encoding="utf-8").splitlines()[1] == expected
    assert '<span class="std std-numref">Fig. 1</span>' in (out / "index.html").read_text(encoding="utf-8")


def test_the_dark_twin_has_the_colours_of_a_dark_page(figure_book):
    out, _ = figure_book()
    twin = next((out / "_images").glob("*-dark.svg")).read_text(encoding="utf-8")
    assert "#e6edf3" in twin
    assert "#1f2328" not in twin


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"alt": "A bar of {chyna-meetings}."}, "no claim has the id 'chyna-meetings'"),
        ({"rows": [["China", {"ref": "claim:gone"}]]}, "no claim has the id 'gone'"),
        ({"caption": "China has {claim}`216 meetings <china-meetings>`."}, "says 216 where the record has 215"),
    ],
)
def test_a_figure_that_the_record_does_not_bear_is_told(figure_book, overrides, told):
    _, warnings = figure_book(**overrides)
    assert told in warnings


def test_outputs_older_than_their_inputs_are_told(figure_book):
    _, warnings = figure_book(stamp="0" * 64)
    assert "outputs are older than data, package or lock: run `make notebooks`" in warnings


def test_a_figure_in_latex_keeps_caption_and_data(figure_book):
    out, warnings = figure_book("latex")
    assert "unknown node" not in warnings
    text = next(out.glob("*.tex")).read_text(encoding="utf-8")
    assert "One bar" not in text or "215 meetings" in text
    assert r"\caption{China has" in text
    assert "dark.svg" not in text


# --- words that say that sources agree ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The count is confirmed.", "'confirmed'"),
        ("Corroborated by many.", "'Corroborated'"),
        ("Multiple sources have it.", "'Multiple sources'"),
        ("It is confirmed that {claim}`215 meetings <china-meetings>` were held.", "'confirmed'"),
        ("First {claim}`57 miles <rehalem-border-miles>`. It is confirmed.", "'confirmed'"),
    ],
)
def test_confirmed_needs_a_claim_of_two_origins_in_its_sentence(make_book, text, said):
    _, warnings = make_book(page(text))
    assert f"says {said} without a claim in the sentence that 2 origins or more answer" in warnings
    assert "index.md:3: WARNING" in warnings


@pytest.mark.parametrize(
    "text",
    ["It was never confirmed.", "The word *confirmed* is one.", "An unconfirmed report.", "He confirms it."],
)
def test_words_that_claim_no_agreement_are_free(make_book, text):
    assert make_book(page(text))[1] == ""


def test_two_origins_bear_the_word_and_one_does_not(make_book):
    text = page("It is confirmed: {claim}`rehalem-recognition-only`.")
    text["record.md"] += "\n```{claims} rehalem-2025\n```\n"
    assert make_book(text)[1] == ""
    assert "says 'confirmed'" in make_book(page("It is confirmed: {claim}`csrs-terror-groups`."))[1]


def test_voices_tells_documents_and_origins(make_book):
    out, warnings = make_book(
        page("Said by {voices}`china-meetings`.") | {"record.md": LEDGER + "\n```{questions}\n```\n"}
    )
    assert "1 document, 1 origin" in article(out)
    assert "[?" not in article(out)
    _, warnings = make_book(page("Said by {voices}`no-such-question`."))
    assert "no question has the id 'no-such-question'" in warnings


def test_words_lead_to_a_contradiction_and_to_a_stance_with_their_cards(make_book, book):
    stance = next(s.stance_id for s in book.coding() if s.source_id == "wakhan-2025" and s.actor_b)
    text = (
        f"It gives {{conflict}}`miles and kilometres <rehalem-border-miles-or-km>` and {{stance}}`wants it <{stance}>`."
    )
    pages = page(text)
    pages["record.md"] += "\n\n```{conflicts} finding\n```\n\n```{alignment}\n```\n"
    out, warnings = make_book(pages)
    html = article(out)
    assert 'href="record.html#conflict-rehalem-border-miles-or-km"' in html
    assert f'href="record.html#stance-{stance}"' in html
    assert '"kind": "Contradiction"' in html
    assert "index.md" not in warnings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{conflict}`the unit <rehalem-border-mile>`", "rehalem-border-miles-or-km"),
        ("{conflict}`rehalem-border-miles-or-km`", "has no words"),
        ("{conflict}`57 miles or not <rehalem-border-miles-or-km>`", "number '57' leads nowhere"),
    ],
)
def test_a_link_to_a_contradiction_hides_no_number_and_no_typing_error(make_book, text, told):
    _, warnings = make_book(page(text))
    assert re.search(rf"index\.md:3: WARNING: .*{re.escape(told)}", warnings)


def test_a_notebook_s_picture_can_stand_on_another_page_with_a_caption_of_its_own(make_book, tmp_path):
    source = tmp_path / "book"
    (source / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks/01-diplomacy.ipynb", source / "notebooks")
    text = "```{picture} meetings-by-partner\nChina had {claim}`215 meetings <china-meetings>`.\n```"
    out, warnings = make_book(page(text))
    assert "index.md" not in warnings
    html = article(out)
    assert re.search(r'<img alt="[^"]*215[^"]*" class="only-light" src="_images/meetings-by-partner.svg"', html)
    assert 'class="only-dark" src="_images/meetings-by-partner-dark.svg"' in html
    assert 'href="record.html#claim-china-meetings">215 meetings</a>' in html


def test_a_picture_that_no_notebook_publishes_is_told(make_book):
    _, warnings = make_book(page("```{picture} meetings\n```"))
    assert "index.md:3: WARNING: no figure has the id 'meetings'" in warnings
