"""The judgements on their page and in short, the words that lead to them, and what is told of their texts."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace

import pytest
from sphinx.testing.util import SphinxTestApp

from small_book import CONF, article, make_book, page  # noqa: F401  -- a fixture
from sourcebook.accounts import KNOWN
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext.cards import Cards
from sourcebook.sphinx_ext.judgement_pages import record_words

FILE = "data/judgements.yml"
ONE = """\
- id: china-meets-most
  title: Who meets most
  statement: >-
    China likely meets most, {claim}`215 meetings <china-meetings>` by the article.
  likelihood: likely
  confidence: low
  confidence_why: It rests on a count that the article relays.
  evidence_for:
    - text: China leads *Turkey*.
      refs: [claim:china-meetings, claim:turkey-meetings]
  evidence_against:
    - text: Companies are no meetings.
      refs: [claim:csrs-companies]
  assumptions:
    - Every meeting was announced.
  would_change:
    - A list of the meetings.
  chapter: record
"""
UNOPPOSED = re.sub(r"  evidence_against:\n.*\n.*\n", "  against_none: true\n", ONE)


def judged(text, yml=ONE):
    """Pages over the record with other judgements."""
    return page(text) | {FILE: yml}


def lines_told(warnings, text):
    """The lines of the judgements' file at which a text is told."""
    return [int(n) for n, said in re.findall(r"data/judgements\.yml:(\d+): WARNING: (.*)", warnings) if text in said]


# --- the page ---------------------------------------------------------------------------------------------


def test_a_judgement_is_a_section_with_an_address_its_statement_first(make_book):
    out, warnings = make_book(judged("```{judgements}\n```"))
    assert warnings == ""
    section = article(out)[article(out).index('<section id="judgement-china-meets-most"') :]
    text = " ".join(re.sub(r"<[^>]+>", " ", section[: section.index("</section>")]).split())
    order = (
        "Who meets most", "China likely meets most, 215 meetings by the article.",
        "Likely (55–75 percent), low confidence . It rests on a count",
        "Evidence for China leads Turkey . 215 meetings : Wakhan article (2025); 194 meetings : Wakhan article (2025).",
        "Evidence against Companies are no meetings. at least 100 companies : CSRS brief (2024).",
        "Assumptions Every meeting was announced.", "What would change it A list of the meetings.", "Argued in Record .",
    )  # fmt: skip
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)] + " in " + text
    assert places == sorted(places)
    assert section.count('class="evidence evidence-claim reference internal" href="record.html#claim-china-') == 2
    assert '<a class="reference internal" href="record.html"><span class="doc">Record</span></a>' in section


def test_every_piece_of_evidence_has_a_card(make_book):
    out, _ = make_book(judged("```{judgements}\n```"))
    found = re.search(r'id="evidence-records">(.*?)</script>', article(out), re.DOTALL)
    assert set(json.loads(found[1])) == {"claim-china-meetings", "claim-turkey-meetings", "claim-csrs-companies"}


def test_that_nothing_was_found_against_it_is_a_sentence(make_book):
    out, warnings = make_book(judged("```{judgements}\n```", UNOPPOSED))
    assert warnings == ""
    assert re.search(r"<dt>Evidence against</dt><dd><p[^>]*>None was found in the documents\.</p>", article(out))


def test_every_kind_of_evidence_has_words_a_reader_can_use(book):
    names = {
        "claim:contracts-chinese-share": ("read as 50–100 percent", ": Wakhan article (2025)"),
        "event:wakhan-takeover": ("August 2021", f", {book.event('wakhan-takeover').title}: Wakhan article (2025)"),
        "series:contracts-mcc-spent": ("at least USD 430 million", ": Afghanistan Peace Campaign (2025)"),
        "derived:china-over-turkey": ("21 meetings", ": computed"),
        "review:contracts-signed-afp": (
            "The Jago Times (AFP text)", " on Wakhan article (2025): confirms in part",
        ),
        "stance:wakhan-2025-s096-china": ("“leads the race in Afghanistan”", ": Wakhan article (2025)"),
        "conflict:contracts-200-count": ("Contradiction", ", against what it relies on, or the world"),
    }  # fmt: skip
    assert {name.partition(":")[0] for name in names} == set(KNOWN)
    for name, words in names.items():
        assert record_words(book, *name.split(":")) == words
    for kind, known in KNOWN.items():
        for key in known(book):
            assert record_words(book, kind, key)[0], key


def test_the_judgements_in_short_lead_to_account_and_chapter(make_book):
    pages = judged("```{key-judgements}\n```\n\n```{toctree}\njudgements\n```")
    pages["judgements.md"] = "# Judgements\n\n```{judgements}\n```\n"
    out, warnings = make_book(pages)
    assert warnings == ""
    short = article(out)[: article(out).index("toctree-wrapper")]
    assert '<ul class="key-judgements' in short
    assert "<strong>Likely</strong> (55–75 percent), <strong>low</strong> confidence" in short
    account = 'href="judgements.html#judgement-china-meets-most">For, against, what would change it</a>'
    assert account in short
    assert 'href="record.html#claim-china-meetings">215 meetings</a>' in short
    assert '<span class="doc">Record</span>' in short


def test_the_two_scales_are_printed(make_book, book):
    out, warnings = make_book(page("```{likelihoods}\n```\n\n```{confidences}\n```"))
    assert warnings == ""
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr.*?</tr>", article(out), re.DOTALL)]
    printed = [" ".join(row) for row in rows]
    assert printed[1:8] == [
        "remote chance 0–5 percent", "highly unlikely 10–20 percent", "unlikely 25–35 percent",
        "realistic possibility 40–50 percent", "likely or probable 55–75 percent", "highly likely 80–90 percent",
        "almost certain 95–100 percent",
    ]  # fmt: skip
    assert [row[0] for row in rows[9:]] == ["high", "moderate", "low"]
    assert book.confidence("high").criteria in printed[9]


@pytest.mark.parametrize(("builder", "file"), [("text", "index.txt"), ("latex", "projectnamenotset.tex")])
def test_other_builders_print_the_words(make_book, builder, file):
    out, warnings = make_book(judged("```{judgements}\n```\n\n```{key-judgements}\n```"), builder)
    assert [w for w in warnings.splitlines() if "judgement" in w or "unknown node" in w] == []
    text = (out / file).read_text(encoding="utf-8")
    assert text.count("China likely meets most") == 2
    assert "Every meeting was announced" in text


# --- what is told of their texts, with the file and line where they stand -----------------------------------


def test_a_number_that_leads_nowhere_is_told_in_every_text(make_book):
    planted = ONE.replace("Who meets most", "The 7 meetings").replace("China likely", "In 99 rounds China likely")
    for old, new in (
        ("It rests on a count", "It rests on 12 counts"), ("China leads", "By 13 China leads"),
        ("Companies are", "14 companies are"), ("Every meeting", "Each of 15 meetings"), ("A list", "16 lists"),
    ):  # fmt: skip
        planted = planted.replace(old, new)
    _, warnings = make_book(judged("```{judgements}\n```", planted))
    assert lines_told(warnings, "leads nowhere") == [2, 4, 7, 9, 12, 15, 17]
    assert "index.md" not in warnings


@pytest.mark.parametrize(
    ("old", "new", "line", "told", "shown"),
    [
        ("`215 meetings", "`216 meetings", 4, "says 216 where the record has 215", "[?china-meetings]"),
        ("<china-meetings>", "<chyna-meetings>", 4, "no claim has the id 'chyna-meetings'", "[?chyna-meetings]"),
        ("claim:turkey-meetings", "claim:turkey-meeting", 10, "no claim has the id 'turkey-meeting'", "[?claim:turk"),
        ("claim:turkey-meetings", "turkey", 10, "no kind of evidence has the id 'turkey'", "[?turkey]"),
        ("likelihood: likely", "likelihood: sure", 5, "no likelihood has the id 'sure'", "[?sure]"),
        ("confidence: low", "confidence: lowish", 6, "no confidence has the id 'lowish'", "[?lowish]"),
        ("chapter: record", "chapter: recorder", 18, "unknown document: '/recorder'", "Argued in"),
        ("article relays", "article relays; it is confirmed", 7, "says 'confirmed' without a claim", "confirmed"),
    ],
)
def test_what_the_record_does_not_bear_is_told_and_shown(make_book, old, new, line, told, shown):
    assert ONE.count(old) == 1
    out, warnings = make_book(judged("```{judgements}\n```", ONE.replace(old, new)))
    assert lines_told(warnings, told) == [line]
    assert shown in article(out)


def test_a_page_s_own_lines_are_told_as_before_behind_the_judgements(make_book):
    _, warnings = make_book(judged("```{judgements}\n```\n\nThen {claim}`216 <china-meetings>` and 17."))
    assert re.search(r"index\.md:6: WARNING: china-meetings: '216' says 216 where", warnings)
    assert re.search(r"index\.md:6: WARNING: number '17' leads nowhere", warnings)


def test_a_file_of_another_form_fails_the_build_and_what_can_be_shown_is(make_book):
    broken = ONE.replace("  title: Who meets most\n", "")
    out, warnings = make_book(judged("```{judgements}\n```", broken))
    assert "ERROR: data/judgements.yml:1: title is missing: add it" in warnings
    assert "China likely meets most" in article(out)


HOSTILE = "<script>alert(1)</script> & \u202eright to left\u202c <b onclick=alert(2)>bold</b>"


def test_hostile_text_comes_out_as_text(make_book):
    planted = ONE
    for old in ("Who meets most", "It rests on a count", "Companies are", "Every meeting", "A list"):
        planted = planted.replace(old, f"{HOSTILE} {old}")
    out, _ = make_book(judged("{judgement}`here <china-meets-most>`\n\n```{judgements}\n```", planted))
    text = article(out)
    assert "<script>alert" not in text
    assert "<b onclick" not in text
    assert text.count(html.escape("<script>alert(", quote=False)) >= 5
    found = re.search(r'id="evidence-records">(.*?)</script>', text, re.DOTALL)
    assert json.loads(found[1])["judgement-china-meets-most"]["title"] == f"{HOSTILE} Who meets most"


# --- words that lead to a judgement ------------------------------------------------------------------------


def test_words_lead_to_the_account_with_a_card(make_book):
    text = "China {judgement}`meets most <china-meets-most>`.\n\n```{judgements}\n```"
    out, warnings = make_book(judged(text))
    assert warnings == ""
    assert (
        '<a class="evidence evidence-judgement reference internal" href="#judgement-china-meets-most">meets most</a>'
    ) in article(out)
    found = re.search(r'id="evidence-records">(.*?)</script>', article(out), re.DOTALL)
    card = json.loads(found[1])["judgement-china-meets-most"]
    assert (card["kind"], card["title"]) == ("Judged", "Who meets most")
    assert card["value"] == "Likely (55–75 percent), low confidence"
    assert [(line["label"], line["text"]) for line in card["lines"]] == [
        ("Evidence for", "1 point"), ("Evidence against", "1 point"), ("What would change it", "1 thing"),
    ]  # fmt: skip
    assert card["entry"] == "For, against, what would change it"
    assert card["cite"].endswith("record judgement:china-meets-most.")


@pytest.mark.parametrize(
    ("role", "told", "shown"),
    [
        ("{judgement}`most <china-meets-more>`", "no judgement has the id 'china-meets-more'; did you mean", "[?china"),
        ("{judgement}`china-meets-most`", "has no words: write `words <id>`", "[?china-meets-most]"),
        ("{judgement}`215 meetings <china-meets-most>`", "number '215' leads nowhere", "215 meetings"),
    ],
)
def test_a_link_to_a_judgement_hides_no_number_and_no_typing_error(make_book, role, told, shown):
    out, warnings = make_book(judged(f"On {role}.\n\n```{{judgements}}\n```"))
    assert re.search(rf"index\.md:3: WARNING: .*{re.escape(told)}", warnings)
    assert shown in article(out)


def test_a_judgement_with_nothing_against_it_says_so_on_its_card(book):
    judgement = replace(next(iter(book.judgements.values())), evidence_against=())
    ledger = replace(book, judgements={"free": judgement})
    card = Cards(ledger, lambda kind, key: "").card("judgement", "free")
    assert {"label": "Evidence against", "text": "none found"} in card["lines"]


# --- incremental builds ------------------------------------------------------------------------------------


def test_a_changed_judgement_rereads_the_pages_that_show_one_and_no_other(tmp_path):
    source = tmp_path / "book"
    for folder in ("data", "seeds"):
        shutil.copytree(ROOT / folder, source / folder)
    for name in ("datapackage.json", "requirements.txt"):
        shutil.copy(ROOT / name, source)
    (source / "conf.py").write_text(CONF + 'exclude_patterns = ["data", "seeds", "_build"]\n', encoding="utf-8")
    pages = judged("{judgement}`this <china-meets-most>`\n\n```{toctree}\njudgements\nshort\nother\n```")
    pages |= {"judgements.md": "# A\n\n```{judgements}\n```\n", "short.md": "# B\n\n```{key-judgements}\n```\n"}
    pages["other.md"] = "# C\n\nNo judgement.\n"
    for name, text in pages.items():
        (source / name).write_text(text, encoding="utf-8")

    def read():
        seen = set()
        app = SphinxTestApp("html", srcdir=source, builddir=source / "_build", freshenv=False)
        app.connect("doctree-read", lambda app, doctree: seen.add(app.env.docname))
        try:
            app.build()
        finally:
            app.cleanup()
        return seen

    assert read() == {"index", "judgements", "short", "other", "record"}
    assert read() == set()
    (source / FILE).write_text(ONE.replace("confidence: low", "confidence: moderate"), encoding="utf-8")
    assert read() == {"index", "judgements", "short"}
    assert "<strong>moderate</strong> confidence" in (source / "_build/html/short.html").read_text(encoding="utf-8")
    assert '"value": "Likely (55–75 percent), moderate confidence"' in (source / "_build/html/index.html").read_text(
        encoding="utf-8"
    )
