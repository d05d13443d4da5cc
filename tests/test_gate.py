"""The numeral gate: unit by unit, and over the whole book."""

from __future__ import annotations

import csv
import json
import pickle
import re
import shutil
from pathlib import Path

import pytest
import yaml

from small_book import (  # noqa: F401  -- fixtures too
    ALL_PAGES,
    CONF,
    built,
    is_notebook,
    lay_out,
    make_book,
    notebook,
    page,
    payload,
    shelf,
    titled,
)
from small_book import build as build_small
from sourcebook.models import FIGURE_MIME
from sourcebook.numerals import find_numerals
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext.gate import numerals, sums
from whole_book import READ, build, copy_project

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
    "title of the page": "# Some {} here",
    "admonition": "```{{note}}\nSome {} here.\n```",
    "table": "| a |\n| --- |\n| Some {} here |",
    "footnote": "Text.[^a]\n\n[^a]: Some {} here.",
    "emphasis": "Some *{}* here.",
    "list": "- Some {} here.",
    "admonition title": "```{{admonition}} Some {} here\nText.\n```",
    "quotation": "> Some {} here.",
    "directive table": "```{{list-table}}\n* - Some {} here\n```",
    "table caption": "```{{table}} Some {} here\n| a |\n| --- |\n| b |\n```",
    "figure caption": "```{{figure}} picture.png\n:alt: A picture\n\nSome {} here.\n```",
    "alt text": "```{{image}} picture.png\n:alt: Some {} here\n```",
    "alt text of a figure": "```{{figure}} picture.png\n:alt: Some {} here\n\nWords.\n```",
    "alt text in a line": "A picture ![Some {} here](picture.png).",
    "link": "Some [{} things](https://example.org) here.",
}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param(before.format(number), word, id=f"{place}: {number}")
        for place, before in PLACES.items()
        for number, word in (("about 40 %", "40"), ("forty per cent", "forty"))
    ],
)
def test_an_unbound_number_is_told_with_file_and_line(built, word):
    found = [line for line in built.warnings.splitlines() if f"number '{word}' leads nowhere" in line]
    assert len(found) == 1
    assert re.search(r"\.md:\d+: WARNING", found[0])


HTML = {
    "block": "Text.\n\n<div>Some about 40 % here.</div>",
    "tag in a line": 'Some <abbr title="about 40 %">share</abbr> here.',
    "directive": "```{raw} html\n<p>Some about 40 % here.</p>\n```",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HTML.items()])
def test_an_unbound_number_in_an_author_s_html_is_told(built):
    assert re.search(r"\.md:\d+: WARNING: number '40' leads nowhere", built.warnings)


CELLS = {
    "Markdown": "On {} of them.",
    "heading": "Text.\n\n## On {} of them",
    "table": "| a |\n| --- |\n| {} of them |",
    "caption": "China has {} of them.",
    "alt text": "A bar of {} of them.",
}


def cell(place, words):
    """A cell with a number in some place of it; the name of a figure is its words."""
    words = CELLS[place].format(words)
    name = re.sub(r"\W+", "-", words.lower()).strip("-")
    return {"caption": payload(name=name, caption=words), "alt text": payload(name=name, alt=words)}.get(place, words)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param(notebook("Text.", cell(place, number)), word, id=f"{place}: {number}")
        for place in CELLS
        for number, word in (("about 40 %", "40"), ("forty per cent", "forty"))
    ],
)
def test_an_unbound_number_in_a_notebook_is_told_with_cell_and_line(built, word):
    (told,) = built.warnings.splitlines()
    assert re.search(rf"\.ipynb:3\d{{4}}: WARNING: number '{word}' leads nowhere", told)  # in the third cell


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(before.format(role), id=f"{place}: {role}")
        for place, before in PLACES.items()
        for role in ("{claim}`215 meetings <china-meetings>`", "{plain}`40 % <count>`")
        if not place.startswith("alt text")  # it has placeholders, not roles
        and (place, role[:7]) != ("link", "{claim}")  # a link within a link is none
    ],
)
def test_a_bound_or_plain_number_is_silent(built):
    assert "leads nowhere" not in built.warnings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{plain}`40 % <because>`", "plain number '40 %' has the reason 'because': use one of count, date"),
        ("{plain}`40 %`", "has the reason ''"),
        ("{plain}`some of it <count>`", "'some of it' holds no number that needs a reason: drop the role"),
    ],
)
def test_a_reason_is_one_of_a_list_and_needed(built, told):
    assert told in built.warnings


def test_code_and_citation_keys_are_structural(tmp_path, capsys):
    lay_out(tmp_path / "book")
    shutil.copy(ROOT / "book/references.bib", tmp_path / "book")
    pages = page("As {cite}`wakhan-2025` has it, the file `data/2024.csv` and\n\n```python\nx = 40\n```\n")
    pages["index.md"] += "\n```{bibliography}\n```\n"
    conf = f"{CONF}extensions.append('sphinxcontrib.bibtex')\nbibtex_bibfiles = ['references.bib']\n"
    _, warnings = build_small(tmp_path / "book", pages, conf=conf)
    assert warnings == ""
    assert "2 numerals: 0 bound, 2 structural, 0 plain" in capsys.readouterr().out  # a block of code is not counted


@pytest.mark.parametrize(
    "text",
    [f"{{claim}}`{words} <china-meetings>`" for words in ("200 meetings", "over 215 meetings", "two hundred meetings")],
)
def test_another_number_than_the_record_s_fails(built):
    assert ".md:3: WARNING: china-meetings:" in built.warnings
    assert "[?china-meetings]" in built.article


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(notebook("Text.", cell), id=f"{words}: {name}")
        for words in ("200 meetings", "over 215 meetings")
        for role in [f"China has {{claim}}`{words} <china-meetings>`."]
        for name, cell in (("Markdown", role), ("caption", payload(name=f"meetings-{words[:3].strip()}", caption=role)))
    ],
)
def test_another_number_than_the_record_s_fails_in_a_notebook(built):
    (told,) = built.warnings.splitlines()
    assert re.search(r"\.ipynb:3\d{4}: WARNING: china-meetings:", told)


@pytest.mark.parametrize("text", ["{claim}`two hundred mining contracts <contracts-signed>`"])
def test_words_of_the_record_may_be_spelt_out(built):
    assert built.warnings == ""


FAULTS = (
    "Some 40 % here.", "{lang}`no language`", "{claim}`nobody`", "{event}`nobody`", '<div onclick="run()">Words.</div>',
    *(f"```{{{name}}} nobody\n```" for name in ("claims", "series-rows", "conflicts", "reviews", "picture")),
    notebook("Text.", payload(rows=[["China"]])),
)  # fmt: skip


def test_a_page_that_was_wrong_is_wrong_again_when_nothing_changed(make_book, tmp_path):
    """Each fault on a page of its own: what is told of one has the whole page read again."""
    source = tmp_path / "book"
    pages = {
        f"wrong-{i}.{'ipynb' if is_notebook(text) else 'md'}": text if is_notebook(text) else titled(text)
        for i, text in enumerate(FAULTS)
    }
    pages |= dict.fromkeys(("one.md", "other.md"), titled("```{claims} did-2026\n```"))
    first = make_book({"index.md": ALL_PAGES, **pages})[1]
    from sphinx.testing.util import SphinxTestApp

    app = SphinxTestApp("html", srcdir=source, builddir=source / "_build")
    try:
        app.build()
        again = re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
    finally:
        app.cleanup()
    assert {int(i) for i in re.findall(r"wrong-(\d+)\.", first)} == set(range(len(FAULTS)))
    assert all("stands on" in told for told in (first, again))
    lines = [sorted(line for line in told.splitlines() if "stands on" not in line) for told in (first, again)]
    assert lines[0] == lines[1]


# --- dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
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
def test_a_date_is_held_against_the_record(built, told):
    assert (told in built.warnings) if told else built.warnings == ""


# --- the whole book ---------------------------------------------------------------------------------------


def authored():
    """Every text that an author wrote, by file: pages, notebook cells, and captions and alt texts of outputs."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for name in ["index", *re.findall(r"file: (\S+)", toc)]:
        path = next(p for p in (ROOT / f"{name}.md", ROOT / f"{name}.ipynb") if p.exists())
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            yield name, [text, *judged(text)], []
            continue
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [o["data"] for cell in cells for o in cell.get("outputs", ())]
        figures = [payload for data in outputs for mime, payload in data.items() if mime.endswith("figure+json")]
        prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        yield name, [*prose, *(f["caption"] for f in figures)], [f["alt"] for f in figures]


def judged(page):
    """The texts of judgements that a page shows: all, or the statements."""
    found = yaml.safe_load((ROOT / "data/judgements.yml").read_text(encoding="utf-8"))
    if "```{key-judgements}" in page:
        yield from (j["statement"] for j in found)
    if "```{judgements}" in page:
        for j in found:
            yield from (j["title"], j["statement"], j["confidence_why"], *j["assumptions"], *j["would_change"])
            yield from (item["text"] for item in [*j["evidence_for"], *j.get("evidence_against", [])])


def count_independently(texts, alts):
    """Count numbers in source text, by other means than the gate: (bound, structural, plain, left over)."""
    bound = structural = plain = 0
    left = []
    for text in texts:
        text = re.sub(r"(?ms)^```\{glossary\}\n(.*?)^```$", r"\1", text)  # below: the other fences around prose
        text = re.sub(r"(?ms)^(`{3,}|:{3,})\{(?:container|table)\}([^\n]*\n.*?)^\1\s*$", r"\2", text)
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


ROLE = re.compile(r"\{(?:claim|event|derived|series|review|period|plain)\}`([^`<]+?)\s*<[^`]*>`")


def delete_roles(path):
    """Leave the words of every role on a page; return, for each line that had one, the first line of its block."""
    lines = path.read_text(encoding="utf-8").split("\n")
    bare = [ROLE.sub(r"\1", line) for line in lines]
    path.write_text("\n".join(bare), encoding="utf-8")
    changed = [i for i, line in enumerate(lines) if bare[i] != line]
    return [(next(n for n in range(i, -1, -1) if not n or not lines[n - 1].strip()) + 1, i + 1) for i in changed]


def delete_roles_of_notebook(path):
    """Leave the words of every role in its Markdown and captions; return, for each cell that had one, its lines."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    changed = []
    for number, cell in enumerate(notebook["cells"], 1):
        texts = [(cell, "source")] if cell["cell_type"] == "markdown" else []
        texts += [(o["data"][FIGURE_MIME], "caption") for o in cell.get("outputs", ()) if FIGURE_MIME in o["data"]]
        for holder, key in texts:
            before = "".join(holder[key])
            holder[key] = ROLE.sub(r"\1", before)
            changed += [(number * 10_000, number * 10_000 + 9_999)] if holder[key] != before else []
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return changed


def add_to(path, words):
    """Write a paragraph at the end of a page or notebook."""
    if path.suffix == ".md":
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")
        return
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "added", "metadata": {}, "source": [words]})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def change_claims(path):
    """Change a value, set a claim that is used aside, and one that is not used no more; return the latter's id."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    unused = next(row for row in rows if row["aside"])
    for row in rows:
        if row["claim_id"] == "meetings-total":
            row["value_low"] = row["value_high"] = "1383"
        if row["claim_id"] == "china-meetings":  # a figure has it
            row["aside"] = "detail"
    unused["aside"] = ""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return unused["claim_id"]


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    """What the build tells of a copy without the roles of its pages, with a few wrong ones, and with other claims.

    Also where the roles were, by file, and the claim that needs a reason now.
    """
    folder = copy_project(tmp_path_factory.mktemp("wrong"))
    places = {}
    for name, _, _ in authored():
        for suffix, delete in ((".md", delete_roles), (".ipynb", delete_roles_of_notebook)):
            path = folder / f"{name}{suffix}"
            if path.exists() and (found := delete(path)):
                places[path.relative_to(folder).as_posix()] = found
    add_to(folder / "book/russia.md", "China held {claim}`216 meetings <china-meetings>`.")
    add_to(
        folder / "notebooks/01-diplomacy.ipynb",
        "Of {claim}`1,382 meetings <meetings-total>`, {derived}`22 meetings <china-over-turkey>`.",
    )
    unused = change_claims(folder / "data/claims.csv")
    code, output = build(folder, *READ)
    assert code != 0
    return output.replace(f"{folder}/", ""), places, unused


def test_deleting_any_role_fails_the_build_with_file_and_line_or_cell(wrong):
    output, places, _ = wrong
    assert {Path(file).suffix for file in places} == {".md", ".ipynb"}
    told = re.findall(r"^(\S+):(\d+): WARNING: number", output, re.MULTILINE)
    assert {file for file, _ in told} == places.keys()
    for file, of_file in places.items():
        lines = [int(line) for name, line in told if name == file]
        silent = [place for place in of_file if not any(place[0] <= line <= place[1] for line in lines)]
        assert silent == [], file


@pytest.mark.parametrize(
    "told",
    [
        r"book/russia\.md:\d+: WARNING: china-meetings: .* says 216 where the record has 215",
        r"notebooks/01-diplomacy\.ipynb:\d+: WARNING: china-over-turkey: .* says 22 where the record has 21",
        r"notebooks/01-diplomacy\.ipynb:\d+: WARNING: meetings-total: .* says 1,382 where the record has 1,383",
        r"notebooks/01-diplomacy\.ipynb: WARNING: outputs are older than data, package or lock: run `make notebooks`",
        r"data/claims\.csv:\d+: WARNING: claim 'china-meetings' is used, and set aside as 'detail'",
    ],
)
def test_a_changed_number_or_claim_fails_the_build(wrong, told):
    output, *_ = wrong
    assert re.search(f"^{told}", output, re.MULTILINE)


def test_a_claim_that_no_page_uses_needs_a_reason(wrong):
    output, _, unused = wrong
    assert re.search(rf"^data/claims\.csv:\d+: WARNING: claim '{unused}' is used by no page", output, re.MULTILINE)
