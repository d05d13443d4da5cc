"""The numeral gate: unit by unit, and over the whole book."""

from __future__ import annotations

import csv
import io
import json
import pickle
import re

import pytest

from small_book import make_book, page  # noqa: F401  -- a fixture
from sourcebook.numerals import find_numerals
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext.gate import numerals, sums
from whole_book import build, copy_project, site  # noqa: F401  -- a fixture

NOUNS = frozenset(["meeting", "meetings", "country", "day", "days"])


# --- what is a number -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("about 40 % of it", ["40"]),
        ("forty per cent", ["forty"]),
        ("two hundred contracts", ["two hundred"]),
        ("20–22 days, 2.3 billion tonnes", ["20–22", "2.3 billion"]),
        ("half of them, twice, dozens", ["half", "twice", "dozens"]),
        ("one meeting and one power", ["one"]),
        ("the first meeting, the first power", ["first"]),
        ("both countries, both powers", []),
        ("both meetings, once a day", ["both"]),
        ("no number at all", []),
        ("August 2021", ["2021"]),
        ("the fifth-largest", ["fifth"]),
        ("someone, anyone, stone, firsthand", []),
    ],
)
def test_digits_and_words_are_numbers_and_small_words_only_before_a_unit(text, found):
    assert list(numerals(text, NOUNS)) == found


# --- where a number stands --------------------------------------------------------------------------------

PLACES = {
    "paragraph": "Some {} here.",
    "heading": "Text.\n\n## Some {} here",
    "admonition": "```{{note}}\nSome {} here.\n```",
    "table": "| a |\n| --- |\n| Some {} here |",
    "footnote": "Text.[^a]\n\n[^a]: Some {} here.",
    "emphasis": "Some *{}* here.",
    "list": "- Some {} here.",
    "figure caption": "```{{figure}} picture.png\n:alt: A picture\n\nSome {} here.\n```",
    "alt text": "```{{image}} picture.png\n:alt: Some {} here\n```",
    "link": "Some [{} things](https://example.org) here.",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", ["about 40 %", "forty per cent"])
def test_an_unbound_number_is_told_with_file_and_line(make_book, tmp_path, place, number):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/picture.png").write_bytes(b"")
    _, warnings = make_book(page(PLACES[place].format(number)))
    word = re.search(r"40|forty", number)[0]
    found = [line for line in warnings.splitlines() if f"number '{word}' leads nowhere" in line]
    assert len(found) == 1
    assert re.search(r"index\.md:\d+: WARNING", found[0])


@pytest.mark.parametrize("place", [name for name in PLACES if name != "alt text"])
@pytest.mark.parametrize("role", ["{claim}`215 meetings <china-meetings>`", "{plain}`40 % <count>`"])
def test_a_bound_or_plain_number_is_silent(make_book, tmp_path, place, role):
    if place == "link" and role.startswith("{claim}"):
        pytest.skip("a link within a link is none")
    (tmp_path / "book").mkdir()
    (tmp_path / "book/picture.png").write_bytes(b"")
    _, warnings = make_book(page(PLACES[place].format(role)))
    assert "leads nowhere" not in warnings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{plain}`40 % <because>`", "plain number '40 %' has the reason 'because': use one of count, date"),
        ("{plain}`40 %`", "has the reason ''"),
        ("{plain}`some of it <count>`", "'some of it' holds no number that needs a reason: drop the role"),
    ],
)
def test_a_reason_is_one_of_a_list_and_needed(make_book, text, told):
    assert told in make_book(page(text))[1]


def test_code_and_citation_keys_are_structural(make_book):
    _, warnings = make_book(page("The file `data/2024.csv` and\n\n```python\nx = 40\n```\n"))
    assert warnings == ""


@pytest.mark.parametrize("words", ["200 meetings", "over 215 meetings", "two hundred meetings"])
def test_another_number_than_the_record_s_fails(make_book, words):
    _, warnings = make_book(page(f"{{claim}}`{words} <china-meetings>`"))
    assert "index.md:3: WARNING: china-meetings:" in warnings


def test_words_of_the_record_may_be_spelt_out(make_book):
    assert make_book(page("{claim}`two hundred mining contracts <contracts-signed>`"))[1] == ""


def test_a_page_that_was_wrong_is_wrong_again_when_nothing_changed(make_book, tmp_path):
    source = tmp_path / "book"
    assert "leads nowhere" in make_book(page("Some 40 % here."))[1]
    from sphinx.testing.util import SphinxTestApp

    app = SphinxTestApp("html", srcdir=source, builddir=source / "_build")
    try:
        app.build()
        assert "leads nowhere" in app.warning.getvalue()
    finally:
        app.cleanup()


# --- dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("{event}`November 2024 <wakhan-shoigu-kabul>`", None),
        ("{event}`2024 <wakhan-shoigu-kabul>`", None),
        ("{event}`wakhan-shoigu-kabul`", None),
        ("{event}`25 November 2024 <wakhan-shoigu-kabul>`", "says 25 November 2024 where the record has November 2024"),
        ("{event}`October 2024 <wakhan-shoigu-kabul>`", "says October 2024 where the record has November 2024"),
        ("{event}`the visit <wakhan-shoigu-kabul>`", "must hold November 2024"),
        ("{event}`no-such-event`", "no event has the id 'no-such-event'"),
        ("{period}`August 2021 to February 2024 <meetings-total>`", None),
        ("{period}`August 2021 to March 2024 <meetings-total>`", "says March 2024 where the record has February 2024"),
        ("{period}`2021 <meetings-total>`", "must hold August 2021 and February 2024"),
        ("{review}`25 November 2024 <wakhan-shoigu-kabul-mehr>`", None),
        ("{review}`26 November 2024 <wakhan-shoigu-kabul-mehr>`", "says 26 November 2024 where the record has 25"),
    ],
)
def test_a_date_is_held_against_the_record(make_book, role, told):
    pages = page(f"On {role}.")
    pages["record.md"] += "\n```{events} wakhan-2025\n```\n"
    _, warnings = make_book(pages)
    assert (told in warnings) if told else warnings == ""


# --- the whole book ---------------------------------------------------------------------------------------


def authored():
    """Every text that an author wrote, by file: pages, notebook cells, and captions and alt texts of outputs."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for name in ["index", *re.findall(r"file: (\S+)", toc)]:
        path = next(p for p in (ROOT / f"{name}.md", ROOT / f"{name}.ipynb") if p.exists())
        if path.suffix == ".md":
            yield name, [path.read_text(encoding="utf-8")], []
            continue
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [o["data"] for cell in cells for o in cell.get("outputs", ())]
        figures = [payload for data in outputs for mime, payload in data.items() if mime.endswith("figure+json")]
        prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        yield name, [*prose, *(f["caption"] for f in figures)], [f["alt"] for f in figures]


def count_independently(texts, alts):
    """Count numbers in source text, by other means than the gate: (bound, structural, plain, left over)."""
    bound = structural = plain = 0
    left = []
    for text in texts:
        prose = re.sub(r"(?ms)^(`{3,}|:{3,}).*?^\1\s*$", "", text)
        roles = re.findall(r"\{(\w+)\}`([^`]+)`", prose)
        bound += sum(name in ("claim", "event", "derived", "series", "review", "period", "voices") for name, _ in roles)
        plain += sum(name == "plain" for name, _ in roles)
        keys = [key for name, words in roles if name == "cite" for key in words.split(",")]
        structural += sum(bool(re.search(r"\d{4}", key)) for key in keys)
        prose = re.sub(r"\{\w+\}`[^`]+`", "\ufffc", prose)
        for code in re.findall(r"`([^`]+)`", prose):
            structural += len(list(numerals(code, frozenset())))
        prose = re.sub(r"`[^`]+`|\]\([^)]*\)|^\[\w+\]:.*$", "\ufffc", prose, flags=re.MULTILINE)
        prose = re.sub(r"(?m)^\s*\d+\. ", "", prose)
        left += [prose[n.start : n.end] for n in find_numerals(prose)]
    for alt in alts:
        for kind, _ in re.findall(r"\{(?:(\w+):)?([^{}:]+)\}", alt):
            plain += kind in ("count", "date", "name", "method", "order")
            bound += kind not in ("count", "date", "name", "method", "order")
    small = ("one", "first", "both", "once")
    return bound, structural, plain, [words for words in left if words.lower() not in small]


def test_the_gate_s_count_is_that_of_an_independent_one_over_the_source(site):
    with (site.parent / ".doctrees/environment.pickle").open("rb") as handle:
        counted = sums(pickle.load(handle))
    bound = structural = plain = 0
    for name, texts, alts in authored():
        b, s, p, left = count_independently(texts, alts)
        assert left == [], name
        bound, structural, plain = bound + b, structural + s, plain + p
    assert (counted.bound, counted.structural, counted.plain) == (bound, structural, plain)
    assert counted.total > 300


def test_deleting_any_role_fails_the_build_with_file_and_line(tmp_path):
    folder = copy_project(tmp_path)
    wanted = []
    for name, _, _ in authored():
        path = folder / f"{name}.md"
        if not path.exists():
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        for i, line in enumerate(lines):
            bare = re.sub(r"\{(?:claim|event|derived|series|review|period|plain)\}`([^`<]+?)\s*<[^`]*>`", r"\1", line)
            if bare != line:
                wanted.append((f"{name}.md", i + 1))
                lines[i] = bare
        path.write_text("\n".join(lines), encoding="utf-8")
    code, output = build(folder)
    assert code != 0
    told = {(file, int(at)) for file, at in re.findall(r"(\S+?\.md):(\d+): WARNING: number", output)}
    told = {(file.removeprefix(f"{folder}/"), at) for file, at in told}
    files = {file for file, _ in wanted}
    assert {file for file, _ in told} == files
    for file in files:
        # a paragraph's warning carries its first line
        starts = sorted(at for name, at in told if name == file)
        assert all(any(start <= at for start in starts) for name, at in wanted if name == file)


def test_a_claim_that_no_page_uses_needs_a_reason_and_a_used_one_has_none(tmp_path):
    folder = copy_project(tmp_path)
    path = folder / "data/claims.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    columns = lines[0].split(",")
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    unused = next(row for row in rows if row["aside"])["claim_id"]
    used = next(row for row in rows if not row["aside"])["claim_id"]
    for row in rows:
        row["aside"] = {unused: "", used: "detail"}.get(row["claim_id"], row["aside"])
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    code, output = build(folder)
    assert code != 0
    assert f"claim '{unused}' is used by no page" in output
    assert f"claim '{used}' is used, and set aside as 'detail'" in output
    assert re.search(r"data/claims\.csv:\d+: WARNING", output)
