"""What the evidence card is filled with."""

from __future__ import annotations

import html
import json
import re

import pytest

from small_book import HOSTILE, hostile_book, make_book, page  # noqa: F401  -- fixtures too
from sourcebook.derived import definitions
from sourcebook.sphinx_ext.cards import Cards
from sourcebook.sphinx_ext.conflict_pages import host


def cards(ledger):
    return Cards(ledger, lambda kind, key: f"page.html#{kind}-{key}")


def records_of(html):
    found = re.search(r'<script type="application/json" id="evidence-records">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1]) if found else None


def test_a_claim_s_card_has_words_origin_verdicts_conflicts_and_citation(book):
    card = cards(book).card("claim", "rehalem-border-miles")
    assert card["kind"] == "Reported"
    assert card["value"] == "57 miles"
    start, end = card["quote"]["mark"][0]
    assert card["quote"]["text"][start:end] == "57"
    assert card["quote"]["source"] == "Rehalem (2025)"
    assert next(line["label"] for line in card["lines"]) == "Origin"
    assert {v["key"] for v in card["verdicts"]} >= {"confirms", "contradicts"}
    conflict = next(c for c in card["conflicts"] if c["href"] == "page.html#conflict-rehalem-border-miles-or-km")
    assert "57 miles" in conflict["what"]
    assert "57 kilometres" in conflict["what"]
    assert card["cite"].endswith("record claim:rehalem-border-miles.")


def test_a_derived_value_s_card_has_formula_inputs_and_rounding(book):
    card = cards(book).card("derived", "china-meetings-ratio")
    assert card["kind"] == "Derived"
    assert card["value"] == "15.6 percent"
    assert [line["label"] for line in card["lines"]] == ["Formula", "Rounded to"]
    assert {"text": "215 meetings", "href": "page.html#claim-china-meetings"} in card["inputs"]


def test_an_event_s_card_says_how_it_is_dated_and_where_others_date_it_otherwise(book):
    card = cards(book).card("event", "csrs-shoigu-kabul")
    assert card["value"] == "6 December 2024 (inferred)"
    (how,) = [line["text"] for line in card["lines"] if line["label"] == "How it is dated"]
    assert how == book.event("csrs-shoigu-kabul").note
    assert how.startswith("Day and month as stated, year from the issue's cover.")
    assert card["conflicts"]
    assert any(v["text"] == "2024-11-25" for v in card["verdicts"])


def test_every_record_has_a_card(book):
    made = cards(book)
    names = [("claim", k) for k in book.claims] + [("event", k) for k in book.events]
    names += [("derived", k) for k in definitions()] + [("series", k) for k in book.rows]
    names += [("review", k) for k in book.reviews] + [("judgement", k) for k in book.judgements]
    names += [("conflict", k) for k in book.conflicts] + [("stance", s.stance_id) for s in book.coding()]
    names += [("question", k) for k in book.questions]
    for kind, key in names:
        card = made.card(kind, key)
        assert card["title"], key
        assert card["value"], key
    assert len(names) > 2000


def test_a_conflict_s_card_has_every_side_and_what_the_book_does(book):
    card = cards(book).card("conflict", "rehalem-border-miles-or-km")
    assert card["kind"] == "Contradiction"
    sides = [line["text"] for line in card["lines"] if line["label"] == "Rehalem (2025)"]
    assert any("57-mile" in side for side in sides)
    assert any("57-kilometer" in side for side in sides)
    assert {line["label"] for line in card["lines"]} >= {"The book uses", "Why"}


def test_a_review_without_number_or_date_shows_its_verdict_and_what_the_page_says(book):
    card = cards(book).card("review", "contracts-chinese-share-afp")
    assert card["value"] == "contradicts"
    assert {"label": "It says", "text": "the majority with local companies"} in card["lines"]


def test_a_stance_s_card_has_its_words_and_how_they_were_coded(book):
    stance = next(s for s in book.coding() if s.actor_b and s.modality == "possible")
    card = cards(book).card("stance", stance.stance_id)
    assert card["quote"]["text"] == stance.anchor.quote
    assert "possible" in card["lines"][0]["text"]


def test_a_derived_value_tells_what_contradicts_its_inputs(book):
    told = cards(book).card("derived", "revenue-per-contract")["conflicts"]
    assert {c["href"] for c in told} >= {"page.html#conflict-contracts-200-count"}
    assert cards(book).card("derived", "border-published")["conflicts"] == []


def test_what_the_record_holds_comes_out_as_text_on_the_page_and_in_its_data(hostile_book, book):
    page, record = ((hostile_book / f"{name}.html").read_text(encoding="utf-8") for name in ("index", "record"))
    card = records_of(page)["claim-china-meetings"]
    assert card["quote"]["text"] == HOSTILE
    assert card["title"] == f"{HOSTILE}: {HOSTILE}"
    shown = {line["label"]: line["text"] for line in card["lines"]}
    assert shown["Origin"].startswith(f"{HOSTILE}; ")
    assert shown["How the words were read"] == HOSTILE
    assert {(v["publisher"], v["text"], v["note"]) for v in card["verdicts"]} == {(HOSTILE, HOSTILE, HOSTILE)}
    for text in (page, record):
        assert "<script>alert" not in text
    assert f'<em class="quoted">{HOSTILE}</em>' in html.unescape(record)
    # quotation, subject, measure, how it was read, note; publisher, value and note of each review; each claim's origin
    claims = sum(claim.origin_id == book.claims["china-meetings"].origin_id for claim in book.claims.values())
    assert record.count("&lt;/script&gt;&lt;script&gt;alert") == 5 + 3 * len(card["verdicts"]) + claims


def test_a_page_without_bound_numbers_carries_neither_data_nor_script(make_book):
    out, _ = make_book(page("Words alone."))
    html = (out / "index.html").read_text(encoding="utf-8")
    assert records_of(html) is None
    assert "evidence.js" not in html


def test_a_page_carries_the_records_of_its_own_numbers_only(make_book):
    out, _ = make_book(page("{claim}`215 meetings <china-meetings>` and again {claim}`215 <china-meetings>`."))
    html = (out / "index.html").read_text(encoding="utf-8")
    assert list(records_of(html)) == ["claim-china-meetings"]
    assert html.count("evidence.js") == 1
    assert 'class="evidence evidence-claim' not in (out / "record.html").read_text(encoding="utf-8")


def test_a_contradicted_number_bears_a_mark_that_leads_to_the_contradiction(make_book):
    pages = page("{claim}`200 mining contracts <contracts-signed>` and {claim}`194 <turkey-meetings>`.")
    pages["record.md"] += "\n```{conflicts} finding\n```\n"
    out, _warnings = make_book(pages)
    html = (out / "index.html").read_text(encoding="utf-8")
    marks = re.findall(r'<a class="conflict-mark[^"]*" href="record\.html#conflict-([a-z0-9-]+)"[^>]*>≠</a>', html)
    assert len(marks) == 1
    assert marks[0].startswith("contracts")


@pytest.mark.parametrize(
    ("address", "told"),
    [("https://www.example.org/tides?x=1", "example.org"), ("about corridors", "about corridors"), ("", "")],
)
def test_an_address_is_told_by_its_host_and_what_is_none_as_it_stands(address, told):
    assert host(address) == told
