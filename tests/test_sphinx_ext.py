"""Roles, entries and figures, built with each builder in a tiny book over the real record."""

from __future__ import annotations

import html
import json
import re
import shutil

import pytest

from small_book import (  # noqa: F401  -- fixtures too
    CONF,
    article,
    build,
    built,
    lay_out,
    make_book,
    notebook,
    page,
    payload,
    shelf,
    stamped,
)
from sourcebook.inputs import OUTPUTS, STAMP, inputs_digest
from sourcebook.paths import ROOT


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("China: {claim}`215 meetings <china-meetings>`.", "215 meetings"),
        ("China: {claim}`215 <china-meetings>`.", "215"),
        ("China: {claim}`china-meetings`.", "215 meetings"),
        ("China: {claim}`about 200 meetings <china-meetings>`.", "about 200 meetings"),
    ],
)
def test_a_bound_number_links_to_its_entry(built, shown):
    assert built.warnings == ""
    assert f'href="record.html#claim-china-meetings">{shown}</a>' in built.article
    assert 'id="claim-china-meetings"' in built.record


BORNE_OUT_BY_NONE = [
    ("{claim}`216 meetings <china-meetings>`", "says 216 where the record has 215"),
    ("{claim}`215 visits <china-meetings>`", "does not name the unit 'meeting'"),
    ("{claim}`USD 100 million <mining-revenue-2024>`", "drops the qualifier 'nearly'"),
    ("{claim}`20 days <rail-days>`", "gives one number where the record has 20 to 22"),
    ("{claim}`215 meetings <china-meeting>`", "did you mean china-meetings"),
    ("{derived}`15.7 percent <china-meetings-ratio>`", "says 15.7 where the record has 15.6"),
    ("{series}`no-such-row`", "no series row has the id 'no-such-row'"),
    ("{review}`meetings-years-sigar`", "carries no number"),
]


@pytest.mark.parametrize(
    ("text", "role", "told"),
    [
        pytest.param(f"First line.\n\nThen {role} here.", role, told, id=f"{role}-{told}")
        for role, told in BORNE_OUT_BY_NONE
    ],
)
def test_a_number_that_the_record_does_not_bear_is_told_with_its_line_and_shown(built, role, told):
    assert told in built.warnings
    assert re.search(r"\.md:5: WARNING", built.warnings)
    key = re.search(r"([a-z0-9-]+)>?`$", role)[1]
    assert f"[?{key}]" in built.article
    assert f"record.html#claim-{key}" not in built.article


def test_warnings_carry_the_type_by_which_they_can_be_told_apart(tmp_path):
    pages = page("{claim}`216 meetings <china-meetings>` of 40")
    pages["index.md"] = pages["index.md"].replace("# Title", "# Title {claim}`no-such`")
    lay_out(tmp_path / "book")
    _, warnings = build(tmp_path / "book", pages, conf=f"{CONF}show_warning_types = True\n")
    assert re.findall(r" \[([\w.]+)\]$", warnings, re.MULTILINE) == [
        f"sourcebook.{what}" for what in ("unknown", "unequal", "untraced")
    ]


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
    "text",
    [
        pytest.param("| a |\n| --- |\n| {claim}`215 meetings <china-meetings>` |", id="table"),
        pytest.param(":::{note}\n{claim}`215 meetings <china-meetings>`\n:::", id="admonition"),
        pytest.param("Text[^a].\n\n[^a]: Note of {claim}`215 meetings <china-meetings>`.", id="footnote"),
        pytest.param("- {claim}`215 meetings <china-meetings>`", id="list"),
    ],
)
def test_roles_work_in_every_place(built):
    assert built.warnings == ""
    assert '#claim-china-meetings">215 meetings' in built.article


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
    ("text", "told"),
    [
        ("```{claims} nobody\n```", "no source has the id 'nobody'"),
        ("```{series-rows} tides\n```", "no series 'tides'"),
        ("```{reviews} doubts\n```", "no verdict 'doubts': use one of confirms, "),
    ],
)
def test_a_directive_for_what_is_not_there_warns(built, told):
    assert told in built.warnings
    assert "[?" in built.article


def test_hostile_text_in_the_record_comes_out_as_text(make_book, tmp_path):
    lay_out(tmp_path / "book")
    path = tmp_path / "book" / "data" / "claims.csv"
    hostile = "<script>alert(1)</script> & \u202eright to left\u202c"
    text = path.read_text(encoding="utf-8").replace("Credited to SIGAR", hostile + " Credited to SIGAR", 1)
    path.write_text(text, encoding="utf-8")
    out, warnings = make_book(page("Text."), root=tmp_path / "book")
    assert warnings == ""
    record = (out / "record.html").read_text(encoding="utf-8")
    assert html.escape(hostile, quote=False) in record
    assert "<script>alert" not in record


@pytest.mark.parametrize("text", ["Text."])
def test_events_are_listed_by_date_with_actors_and_inference(built):
    dates = re.findall(r'id="event-did-[^"]+"></span><strong>([^<]+)</strong>', built.record)
    assert dates == ["2020", "January 2026"]
    assert "January 2026</strong> (inferred) · " in built.record


@pytest.mark.parametrize("text", ["Text."])
def test_questions_count_documents_and_known_origins(built):
    border = built.record[built.record.index(">border-length<") :][:600]
    assert "1 document, no known origin, 3 claims of unknown origin." in border
    assert border.count("#claim-rehalem-") == 3
    assert re.search(r"<p[^>]*>\d+ of 241 claims have no origin that was found\.</p>", built.record)


@pytest.mark.parametrize("text", ["Text."])
def test_quotations_keep_their_own_quotation_marks_and_dashes(built, book):
    shown = html.unescape(built.record)
    assert sum('"' in claim.anchor.quote or "'" in claim.anchor.quote for claim in book.claims.values()) > 5
    assert [key for key, c in book.claims.items() if f'<em class="quoted">{c.anchor.quote}</em>' not in shown] == []


@pytest.mark.parametrize("text", ["Text."])
def test_every_origin_has_an_entry_that_counts_its_claims_by_document(built, book):
    entries = dict(re.findall(r'id="origin-([a-z0-9-]+)"></span>.*?<dd><p[^>]*>Claims: ([^<]*)\.</p>', built.record))
    assert entries.keys() == book.origins.keys()
    counted = [int(number) for told in entries.values() for number in re.findall(r", (\d+)(?:;|$)", told)]
    assert sum(counted) == len(book.claims)
    assert entries["washington-institute"] == "Wakhan article (2025), 6"
    assert built.record.count('href="#origin-washington-institute"') == 6


def straight(text):
    """A text with the quotation marks and dots that are typed; the pages set others."""
    return text.translate(str.maketrans("“”‘’", "\"\"''")).replace("…", "...")


def test_every_review_is_listed_and_leads_to_its_entry(site, book):
    listed = html.unescape(re.sub(r"</?span[^>]*>", "", (site / "book/ledger-reviews.html").read_text("utf-8")))
    listed = listed.partition('<script type="application/json"')[0]  # the cards behind the text have the words too
    addresses = re.findall(r'href="(record-[a-z0-9-]+\.html)#(review-[a-z0-9-]+)"', listed)
    assert sorted({key for _, key in addresses}) == sorted(f"review-{key}" for key in book.reviews)
    pages = {name: (site / "book" / name).read_text("utf-8") for name in {name for name, _ in addresses}}
    assert all(f'id="{key}"' in pages[name] for name, key in addresses)
    words = straight(listed)
    assert [key for key, review in book.reviews.items() if straight(review.note) not in words] == []


@pytest.mark.parametrize("text", ["Text."])
def test_an_entry_is_found_by_its_actors_and_by_the_powers_they_act_for(built):
    def classes(key):
        return re.search(rf'<dt class="([^"]*)"><span class="target" id="{key}">', built.record)[1].split()

    assert {"facet-actor--taliban", "facet-actor--taliban-government"} <= set(classes("claim-rehalem-takeover-years"))
    assert {"facet-actor--sergei-shoigu", "facet-actor--russia"} <= set(classes("event-wakhan-shoigu-kabul"))
    assert not [name for name in classes("claim-copper-ore") if name.startswith("facet-actor")]
    names = json.loads(re.search(r'id="facet-names">(.*?)</script>', built.record, re.DOTALL)[1])
    assert names["actor"]["taliban-government"] == "Taliban government"
    assert names["verdict"]["confirms_other_origin"] == "confirms the number, of another origin"
    assert "facet-names" not in built.html


def figure_book(source, builder="html"):
    """A book with one notebook of one figure, and a reference to it."""
    lay_out(source)
    pages = page("See {numref}`fig-bars`.")
    pages["index.md"] = pages["index.md"].replace("record\n```", "record\nbook\n```")
    pages["book.ipynb"] = stamped(notebook(payload()), inputs_digest(source))
    return build(source, pages, builder)


@pytest.fixture(scope="module")
def figured(tmp_path_factory):
    return figure_book(tmp_path_factory.mktemp("figure") / "book")


def test_a_figure_is_numbered_bound_credited_and_downloadable(figured):
    out, warnings = figured
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


def test_the_dark_twin_has_the_colours_of_a_dark_page(figured):
    out, _ = figured
    twin = next((out / "_images").glob("*-dark.svg")).read_text(encoding="utf-8")
    assert "#e6edf3" in twin
    assert "#1f2328" not in twin


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(notebook(payload(**overrides)), told, id=told)
        for overrides, told in (
            ({"name": "alt", "alt": "A bar of {chyna-meetings}."}, "no claim has the id 'chyna-meetings'"),
            ({"name": "cell", "rows": [["China", {"ref": "claim:gone"}]]}, "no claim has the id 'gone'"),
            (
                {"name": "caption", "caption": "China has {claim}`216 meetings <china-meetings>`."},
                "says 216 where the record has 215",
            ),
        )
    ],
)
def test_a_figure_that_the_record_does_not_bear_is_told(built, told):
    assert told in built.warnings


@pytest.mark.parametrize(
    "text", [pytest.param(notebook(payload(name="stale"), **{STAMP: "0" * 64}), id="another digest")]
)
def test_outputs_older_than_their_inputs_are_told(built):
    assert "outputs are older than data, package or lock: run `make notebooks`" in built.warnings


@pytest.mark.parametrize(
    "text", [pytest.param(notebook(payload(name="edited"), **{OUTPUTS: "0" * 64}), id="another digest of outputs")]
)
def test_outputs_that_were_changed_by_hand_are_told(built):
    assert "code or outputs are not as they were executed: run `make notebooks`" in built.warnings


def test_a_figure_in_latex_keeps_caption_and_data(tmp_path):
    out, warnings = figure_book(tmp_path / "book", "latex")
    assert "unknown node" not in warnings
    text = next(out.glob("*.tex")).read_text(encoding="utf-8")
    bound = r"{\hyperref[\detokenize{record:claim-china-meetings}]{\sphinxcrossref{%s}}}"
    assert rf"\caption{{China has {bound % '215 meetings'}.}}" in text
    table = text[text.index(r"\caption{China has") :]
    cells = re.findall(r"\\sphinxAtStartPar\n(.+)\n(?:&|\\\\)", table)
    assert cells == ["Partner", "Meetings (meetings)", "China", bound % "215"]
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
def test_confirmed_needs_a_claim_of_two_origins_in_its_sentence(built, said):
    assert f"says {said} without a claim in the sentence that 2 origins or more answer" in built.warnings
    assert ".md:3: WARNING" in built.warnings


@pytest.mark.parametrize(
    "text",
    ["It was never confirmed.", "The word *confirmed* is one.", "An unconfirmed report.", "He confirms it."],
)
def test_words_that_claim_no_agreement_are_free(built):
    assert built.warnings == ""


@pytest.mark.parametrize("text", ["It is confirmed: {claim}`rehalem-recognition-only`."])
def test_two_origins_bear_the_word(built):
    assert built.warnings == ""


@pytest.mark.parametrize("text", ["It is confirmed: {claim}`csrs-terror-groups`."])
def test_one_origin_does_not_bear_the_word(built):
    assert "says 'confirmed'" in built.warnings


@pytest.mark.parametrize("text", ["Said by {voices}`china-meetings`."])
def test_voices_tells_documents_and_origins(built):
    assert "1 document, 1 origin" in built.article
    assert "[?" not in built.article


@pytest.mark.parametrize("text", ["Said by {voices}`no-such-question`."])
def test_voices_of_no_question_are_told(built):
    assert "no question has the id 'no-such-question'" in built.warnings


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
def test_a_link_to_a_contradiction_hides_no_number_and_no_typing_error(built, told):
    assert re.search(rf"\.md:3: WARNING: .*{re.escape(told)}", built.warnings)


def test_a_notebook_s_picture_can_stand_on_another_page_with_a_caption_of_its_own(make_book, tmp_path):
    source = tmp_path / "book"
    (source / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks/01-diplomacy.ipynb", source / "notebooks")
    text = "```{picture} meetings-by-partner\nChina had {claim}`215 meetings <china-meetings>`.\n```"
    out, warnings = make_book(page(text))
    assert "index.md" not in warnings
    html = article(out)
    assert re.search(
        r'<img [^>]*alt="[^"]*215[^"]*" class="only-light"[^>]* src="_images/meetings-by-partner.svg"', html
    )
    assert 'class="only-dark" src="_images/meetings-by-partner-dark.svg"' in html
    assert 'href="record.html#claim-china-meetings">215 meetings</a>' in html


@pytest.mark.parametrize("text", ["```{picture} meetings\n```"])
def test_a_picture_that_no_notebook_publishes_is_told(built):
    assert ".md:3: WARNING: no figure has the id 'meetings'" in built.warnings
