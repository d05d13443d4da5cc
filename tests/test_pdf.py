"""The PDF: pages put together, set, joined, and read back by tools that are not ours."""

import gc
import io
import json
import pickle
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import Executor, Future
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pymupdf
import pytest
from lxml import etree, html

from sourcebook.pdf import assembly, evidence, flow, fonts, front, joining, lettering, outlines, patches, setting
from sourcebook.pdf.contents import Place, Plan, read_places, read_plan
from sourcebook.pdf.making import make
from sourcebook.pdf.problems import MissingTool, PrintError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="345pt" height="100pt"><path d="M 9 9 L 99 99" stroke="#123456"/></svg>'
CONFIG = """title: The ferry
author: The harbour office
copyright: "2024"
pdf:
  subtitle: Crossings and tolls
  appendices: The record
  leave_out: [book/ledger-reviews]
  only_linked: [book/ledger-derived, book/ledger-series]
"""
TOC = """root: index
parts:
  - caption: Crossings
    chapters:
      - file: book/ferry
        sections:
          - file: book/pilots
      - file: book/tolls
  - caption: The record
    chapters:
      - file: book/ledger
      - file: book/ledger-derived
      - file: book/ledger-series
      - file: book/ledger-reviews
"""
FIGURE = """<figure class="evidence-figure" id="fig-tolls"><div class="figure-picture">
<img alt="A line that rises." class="only-light" src="../_images/toll.svg">
<img alt="A line that rises." class="only-dark" src="../_images/toll-dark.svg"></div>
<figcaption><p><span class="caption-number">Fig. 1 </span><span class="caption-text">Tolls rise to
<a class="evidence evidence-derived reference internal" href="ledger-derived.html#derived-toll">12</a>.</span></p>
<div class="legend"><p class="evidence-generated">Source: Harbour (2024).</p><details class="figure-data"><summary>Data</summary>
<table><tbody><tr><td>99999</td></tr></tbody></table><p>Download: <a class="reference download internal"
href="../_downloads/1/tolls.csv"><code>tolls.csv</code></a></p></details></div></figcaption></figure>"""
PAGES = {
    "index": '<section id="the-ferry"><h1>The ferry<a class="headerlink" href="#the-ferry">#</a></h1><p>It crosses. '
    '<a class="reference internal" href="book/ferry.html">See how.</a></p><script>hidden()</script></section>',
    "book/ferry": '<section id="ferry"><h1>How it crosses</h1><p>Names: 中国, Россия, پاکستان. It crossed '
    '<a class="evidence evidence-claim reference internal" href="ledger.html#claim-crossings">1,382 times</a>.'
    '<a class="footnote-reference" href="#note-1">[1]</a></p><section id="days"><h2>Days</h2><p>Every day.</p></section>'
    '<details class="admonition hide"><summary>Show</summary><div class="cell_input"><pre>secret_code()</pre></div></details>'
    '<aside class="footnote-list"><aside class="footnote" id="note-1"><span class="label">[1]</span>'
    "<p>Counted by the keeper.</p></aside></aside></section>",
    "book/pilots": '<section id="pilots"><h1>The pilots</h1><p>They steer '
    '<a class="evidence evidence-series reference internal" href="ledger-series.html#series-herring">well</a>.</p></section>',
    "book/tolls": f'<section id="tolls"><h1>Tolls</h1><p>They rise.</p>{FIGURE}<table id="t"><thead><tr><th>Year</th>'
    "<th>Toll</th></tr></thead><tbody><tr><td>one</td><td>12</td></tr></tbody></table></section>",
    "book/ledger": '<section id="ledger"><h1>The record</h1><dl class="evidence-entries"><dt><span class="target" '
    'id="claim-crossings"></span><strong>1,382 times</strong></dt><dd><p>“the ferry crossed”, Harbour.</p><p>Note: by hand.</p>'
    '<p>Held against upstream: <span class="target" id="review-almanac"></span>partly</p>'
    '<p><a class="evidence-link" href="ledger-reviews.html#listed">listed</a></p></dd></dl></section>',
    "book/ledger-derived": '<section id="derived"><h1>Derived values</h1><section id="tolls"><h2>Of tolls</h2>'
    '<dl class="evidence-entries"><dt><span class="target" id="derived-toll"></span>12</dt><dd><p>From '
    '<a class="evidence-link" href="#derived-base">6</a>.</p></dd><dt><span class="target" id="derived-base"></span>6'
    "</dt><dd><p>Counted.</p></dd></dl></section><section id='gulls'><h2>Of gulls</h2><p>Introduced.</p><dl class='evidence-entries'><dt>"
    '<span class="target" id="derived-gulls"></span>7</dt><dd><p>Nobody asks.</p></dd></dl></section></section>',
    "book/ledger-series": '<section id="series"><h1>Series</h1><table><thead><tr><th>What</th></tr></thead><tbody><tr><td>'
    '<p><span class="target" id="series-herring"></span>Herring</p></td></tr><tr><td><p><span class="target" '
    'id="series-cod"></span>Cod</p></td></tr></tbody></table></section>',
    "book/ledger-reviews": '<section id="listed"><h1>Reviews</h1><p>Again.</p></section>',
}  # fmt: skip


def build(root, **changes):
    """The invented book as Jupyter Book would leave it, with some pages changed: `book_ferry=(old, new)`."""
    site = root / assembly.BUILT
    for name, text in PAGES.items():
        if pair := changes.get(name.replace("/", "_").replace("-", "_")):
            assert pair[0] in text
            text = text.replace(*pair)
        path = site / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'<html><body><article class="bd-article">{text}</article></body></html>', encoding="utf-8")
    (site / "_images").mkdir(exist_ok=True)
    (site / "_images/toll.svg").write_text(SVG, encoding="utf-8")
    (root / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    return root


@pytest.fixture
def book(tmp_path):
    return assembly.assemble(build(tmp_path))


def told(tmp_path, **changes):
    """What keeps the changed book from being printed."""
    with pytest.raises(PrintError) as caught:
        assembly.assemble(build(tmp_path, **changes))
    return caught.value.problems


def article(book, name):
    return next(page.article for page in book.pages if page.place.docname == name)


def text_of(pdf):
    return run("pdftotext", "-enc", "UTF-8", str(pdf), "-").stdout


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


# What is printed, and in which order


def test_chapters_are_numbered_through_the_parts_and_appendices_have_letters(book):
    assert [(p.place.number, p.place.docname) for p in book.pages] == [
        ("", "index"), ("1", "book/ferry"), ("1.1", "book/pilots"), ("2", "book/tolls"), ("A", "book/ledger"),
        ("B", "book/ledger-derived"), ("C", "book/ledger-series"),
    ]  # fmt: skip
    assert [p.place.part for p in book.pages if p.place.part] == ["Part I: Crossings", "Part II: The record"]


def test_the_root_page_is_called_summary_since_the_title_page_has_its_name(book):
    assert book.pages[0].title == "Summary"
    assert article(book, "index").xpath("string(.//h1)") == "Summary"


def test_a_book_without_parts_has_numbered_chapters(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: index\nchapters:\n  - file: a.md\n  - file: b\n", encoding="utf-8")
    assert read_places(tmp_path, Plan("x"))[1:] == [Place("a", 1, "", "1"), Place("b", 1, "", "2")]


def test_the_plan_of_the_book_names_pages_that_are_in_its_contents():
    from sourcebook.paths import ROOT

    plan = read_plan(ROOT)
    names = {place.docname for place in read_places(ROOT, Plan(plan.title))}
    assert plan.leave_out | plan.only_linked <= names
    assert plan.appendices in (ROOT / "_toc.yml").read_text("utf-8")


# One tree


def test_ids_bear_their_page_and_links_lead_to_them(book):
    assert article(book, "index").xpath("string(.//p/a/@href)") == "#book-ferry"
    assert article(book, "book/ferry").xpath('string(.//a[contains(@class, "evidence")]/@href)') == (
        "#book-ledger--claim-crossings"
    )
    assert article(book, "book/ledger").xpath('.//dt[@id="book-ledger--claim-crossings"]')


def test_what_a_reader_of_paper_cannot_use_is_left_out(book):
    words = " ".join(page.article.text_content() for page in book.pages)
    assert "secret_code" not in words
    assert "hidden()" not in words
    assert "99999" not in words
    assert "#" not in article(book, "index").text_content()
    assert article(book, "book/tolls").xpath(".//img/@src") == ["picture:///_images/toll.svg"]


def test_a_figure_names_the_file_of_its_data(book):
    assert "Source: Harbour (2024). Data: tolls.csv." in article(book, "book/tolls").text_content()


def test_a_footnote_stands_where_it_is_called(book):
    note = article(book, "book/ferry").xpath('.//p/span[@class="footnote"]')
    assert [n.text_content().strip() for n in note] == ["Counted by the keeper."]


def test_headings_lie_below_those_of_their_part(book):
    assert [h.tag for h in article(book, "book/ferry").iter("h1", "h2", "h3")] == ["h2", "h3"]
    assert article(book, "book/pilots").xpath("string(.//h3)") == "1.1\u2002The pilots"


def test_a_table_is_numbered_and_called_by_its_heading_and_its_numbers_stand_right(book):
    table = book.tables[0]
    assert table.xpath("string(caption)") == "Table 1 Tolls"
    assert table.xpath("./thead//th/@scope") == ["col", "col"]
    assert [cell.text_content() for cell in table.xpath('.//*[@class="number"]')] == ["Toll", "12"]


def test_facts_of_an_entry_run_in_and_its_reviews_keep_their_lines(book):
    paragraphs = [" ".join(p.text_content().split()) for p in article(book, "book/ledger").xpath(".//dd/p")]
    assert paragraphs == ["“the ferry crossed”, Harbour. Note: by hand.", "Held against upstream: partly", "listed"]


def test_entries_that_nothing_leads_to_are_left_to_the_html_and_it_is_said(book):
    ids = article(book, "book/ledger-derived").xpath(".//dt/@id")
    assert ids == ["book-ledger-derived--derived-toll", "book-ledger-derived--derived-base"]
    assert book.kept == (3, 5)
    assert article(book, "book/ledger-series").xpath(".//tbody/tr/td/@id") == ["book-ledger-series--series-herring"]
    words = article(book, "book/ledger-derived").text_content()
    assert "2 entries of 3" in words
    assert "Of gulls" not in words
    assert "Introduced" not in words


def test_a_link_to_a_page_that_is_left_out_is_plain_words(book):
    assert "listed" in article(book, "book/ledger").text_content()
    assert not article(book, "book/ledger").xpath('.//a[text()="listed"]')


def test_an_entry_reached_through_a_number_beside_the_entries_is_printed():
    page = html.fromstring(
        '<div><p><a href="#x">7</a></p><dl class="evidence-entries"><dt id="x">7</dt><dd/></dl></div>'
    )
    assert evidence.linked([], [page]) == ({"x"}, 1, 1)


# Errors name their page


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"book_tolls": ('alt="A line that rises." class="only-light"', 'class="only-light"')},
         "book/tolls: a picture has no alternative text: toll.svg"),
        ({"book_tolls": ('alt="A line that rises." class="only-light"', 'alt="_images/toll.svg" class="only-light"')},
         "book/tolls: a picture has no alternative text: toll.svg"),
        ({"book_tolls": ("../_images/toll.svg", "https://example.org/toll.svg")},
         "book/tolls: a picture is not in the book: https://example.org/toll.svg"),
        ({"index": ("book/ferry.html", "book/lost.html")}, "index: a link leads nowhere: book/lost.html"),
        ({"book_ferry": ("#claim-crossings", "#claim-lost")}, "book/ferry: a link leads nowhere: ledger.html#claim-lost"),
        ({"book_ferry": ('id="days"', 'id="ferry"')}, "book/ferry: the id 'ferry' is there 2 times"),
        ({"book_pilots": ("They steer", "They \ua66e steer")},
         "book/pilots: no font of the book has ꙮ (U+A66E): add one to src/sourcebook/pdf/fonts"),
        ({"book_ferry": ('href="#note-1"', 'href="#note-2"')}, "book/ferry: a footnote is called that is not there: note-2"),
        ({"book_pilots": ("h1", "h9")}, "book/pilots: the page has no heading"),
        ({"book_ferry": ("ledger.html#claim-crossings", "ledger-reviews.html#listed")},
         "book/ferry: the entry of a number is not printed: ledger-reviews.html#listed"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_told_with_its_page(tmp_path, changes, problem):
    assert problem in told(tmp_path, **changes)


def test_problems_come_out_of_a_worker_as_they_went_in():
    problems = ["index: one", "book/ferry: another"]
    assert pickle.loads(pickle.dumps(PrintError(problems))).problems == problems


def test_problems_are_told_together(tmp_path):
    changed = {"index": ("book/ferry.html", "lost.html"), "book_pilots": ("They steer", "\ua66e")}
    assert len(told(tmp_path, **changed)) == 2


def test_a_page_that_is_not_built_is_told(tmp_path):
    (build(tmp_path) / assembly.BUILT / "book/pilots.html").unlink()
    with pytest.raises(PrintError, match="book/pilots: this page is not built: run `make html`"):
        assembly.assemble(tmp_path)


def test_a_missing_font_is_told_with_the_command_for_three_systems(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(
        MissingTool, match=r"NotoSansSC_400Regular\.ttf.*Debian, macOS and Windows: git checkout"
    ) as caught:
        setting.engine()
    assert "\n" not in str(caught.value)


def test_a_missing_pango_is_one_line_with_the_command_for_three_systems(tmp_path):
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango-1.0-0")', encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from sourcebook.__main__ import main; sys.exit(main(['pdf']))"
    done = run(sys.executable, "-c", code)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    for words in (
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "brew install pango",
        "pacman",
    ):
        assert words in done.stderr


def test_the_fonts_have_latin_cyrillic_arabic_and_chinese_and_no_other_is_needed():
    assert fonts.unwritten("Ää é ≠ − ≈ ⊘ Россия Қазақстан پاکستان افغانستان 中国 阿富汗") == []
    assert fonts.unwritten("ꙮ") == ["ꙮ"]


def test_every_stack_of_the_stylesheet_ends_with_every_script():
    style = setting.STYLE.read_text(encoding="utf-8")
    tails = []
    for rule in re.finditer(r'font(?:-family)?:[^;}"]*"Book (Serif|Sans|Mono)"([^;}]*)', style):
        if "content: counter" not in style[: rule.start()].rsplit("{", 1)[1]:  # a page's number has digits only
            tails.append((rule[1], rule[2].replace(' "Book Sans",', "").strip()))  # behind the serif it is one more
    assert {tail for _, tail in tails} == {', "Book Arabic", "Book Han", "Book Signs"'}
    assert {first for first, _ in tails} == {"Serif", "Sans", "Mono"}
    assert len(tails) > 10


def test_no_type_of_the_stylesheet_is_below_8_points():
    style = setting.STYLE.read_text(encoding="utf-8")
    sizes = [float(size) for size in re.findall(r"(?:font:|font-size:)[^;}]*?(\d+(?:\.\d+)?)pt", style)]
    assert min(sizes) >= 8
    assert len(sizes) > 20


# The writing in charts

LETTERS = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><g id="text_1">'
    '<g style="fill: #123456" transform="translate(1 2) rotate(-90) scale(0.1 -0.1)"><defs><path id="DejaVuSans-18" d="M 0 0"/>'
    '</defs><use xlink:href="#DejaVuSans-18"/><use xlink:href="#DejaVuSans-13" transform="translate(63 0)"/></g></g></svg>'
)


def test_outlined_letters_of_a_chart_become_text():
    text = lettering.with_text(LETTERS.encode()).decode()
    assert '<text transform="translate(1 2) rotate(-90)" font-family="Book Chart" font-size="10"' in text
    assert ">50</text>" in text
    assert "<use" not in text


def test_letters_that_are_not_understood_stay_outlines():
    strange = LETTERS.replace("DejaVuSans-13", "DejaVuSans-ffff").encode()
    assert lettering.with_text(strange) == strange


def test_every_letter_of_the_book_s_charts_is_understood():
    drawn = [lettering.with_text(svg).decode() for svg in charts()]
    assert len(drawn) > 40
    assert not [svg for svg in drawn if "#DejaVuSans" in svg]
    assert sum(svg.count("<text") for svg in drawn) > 1000


def charts():
    """The charts of the notebooks, as they are stored."""
    from sourcebook.models import FIGURE_MIME
    from sourcebook.paths import NOTEBOOKS, ROOT

    return [
        "".join(output["data"]["image/svg+xml"]).encode()
        for path in (ROOT / NOTEBOOKS).glob("*.ipynb")
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", ())
        if FIGURE_MIME in output.get("data", {})
    ]


def test_styles_and_groups_of_a_chart_are_written_as_attributes():
    written = (
        '<svg xmlns="http://www.w3.org/2000/svg"><defs><style type="text/css">*{stroke-linejoin: round}</style></defs>'
        '<g id="axes"><g id="patch" style="opacity: 0.5"><path d="M 0 0" style="fill: #123456; stroke: none"/></g></g></svg>'
    )
    tree = etree.fromstring(lettering.with_text(written.encode()))
    assert tree.get("stroke-linejoin") == "round"
    assert [(e.tag.rpartition("}")[2], dict(e.attrib)) for e in tree[1:][0].iter()] == [
        ("g", {"id": "patch", "opacity": "0.5"}), ("path", {"d": "M 0 0", "fill": "#123456", "stroke": "none"}),
    ]  # fmt: skip


# The lines of charts


@pytest.mark.parametrize(
    ("path", "operators"),
    [
        ("M 1 2 \nL 3 -4.5 \nz\n", b"1 2 m\n3 -4.5 l\nh"),
        ("M 0 0 C 1 2 3 4 5 6", b"0 0 m\n1 2 3 4 5 6 c"),
        ("M 0 3 Q 3 3 6 0", b"0 3 m\n2.000 3.000 4.000 2.000 6 0 c"),  # a quadratic curve as a cubic one
        ("M 1 1 L 2 2 z M 3 3 L 4 4", b"1 1 m\n2 2 l\nh\n3 3 m\n4 4 l"),
        ("M 1 1 l 2 2", None),
        ("M 1 1 L 2 2 3 3", None),
        ("M 1 1 L 2 2 z L 3 3", None),
        ("M 1e3 1", None),
        ("", None),
    ],
)
def test_a_path_is_written_in_operators_or_left_to_weasyprint(path, operators):
    assert outlines.operators(path) == operators


def test_every_path_of_the_book_s_charts_is_written_at_once():
    paths = [p.get("d") for svg in charts() for p in etree.fromstring(svg).iter(f"{lettering.SVG}path") if p.get("d")]
    assert len(paths) > 1000
    assert not [path for path in paths if outlines.operators(path) is None]


def test_what_is_changed_in_weasyprint_is_there_and_is_put_back():
    weasyprint = setting.engine()
    import pydyf
    import tinyhtml5
    from weasyprint import svg
    from weasyprint.layout import inline, preferred

    def now():
        split = inline.split_first_line, preferred.split_first_line
        return [svg.TAGS["path"], *split, tinyhtml5.parse, pydyf.PDF.page_references]

    assert weasyprint.__version__ == "70.0"
    before = now()
    with patches.patched():
        assert all(one is not other for one, other in zip(now(), before, strict=True))
    assert now() == before


def test_a_document_is_read_as_weasyprint_reads_it():
    import tinyhtml5

    article = '<section id="a"><p>A&amp;B\u00a0<em lang="fa">\u0642</em><br>1 &lt; 2</p><table><tbody><tr><td>x</td></tr></tbody></table></section>'
    html = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title></head><body>{article}</body></html>'
    ours = patches.tree(io.StringIO(html))
    assert ours.find(".//em").text == "\u0642"
    assert ElementTree.tostring(ours) == ElementTree.tostring(tinyhtml5.parse(html, namespace_html_elements=False))


def test_pages_are_named_as_pydyf_names_them_also_when_one_comes_later():
    import pydyf

    pdf = pydyf.PDF()
    for count in range(1, 4):
        pdf.add_page(pydyf.Dictionary({"Type": "/Page"}))
        assert tuple(patches.page_references(pdf)) == pdf.page_references
        assert len(pdf.page_references) == count


def test_a_line_is_split_off_once_for_a_text_in_a_style_at_a_width():
    asked = []

    class Line:
        pass

    def split(text, style, context, width, minimum=False):
        asked.append((text, style["lang"], width, minimum))
        return Line(), len(text)

    style, other = (dict.fromkeys(patches.OF_LINES, "") | {"lang": lang} for lang in ("en", "fa"))
    first_line = patches.remembered(split)
    found = [first_line("Amu", of, None, width) for of in (style, other, dict(style)) for width in (60, 50)]
    first_line("Amu", style, None, 60, minimum=True)
    assert asked == [("Amu", "en", 60, False), ("Amu", "en", 50, False), ("Amu", "fa", 60, False),
                     ("Amu", "fa", 50, False), ("Amu", "en", 60, True)]  # fmt: skip
    assert {measure for _, measure in found} == {3}
    assert len({id(line) for line, _ in found}) == len(found)


def test_everything_that_weasyprint_asks_of_a_style_to_split_a_line_tells_lines_apart():
    setting.engine()
    from weasyprint.text import fonts as of_fonts
    from weasyprint.text import line_break

    asked = {
        name
        for module in (line_break, of_fonts)
        for name in re.findall(r"style\['(\w+)'\]", Path(module.__file__).read_text(encoding="utf-8"))
    }
    assert asked == {*patches.OF_LINES, "line_height"}  # which moves a line, and is no part of its width


def test_a_line_that_ends_without_need_is_split_off_again_a_pixel_narrower():
    def split(text, style, context, max_width):
        return ("layout", 3, 4, 30.5 if max_width == 600 else 580.0)

    assert patches.full(split)("Amu TV", None, None, 600)[3] == 580.0
    assert patches.full(lambda *_: ("layout", 3, 4, 30.5))("a https", None, None, 600)[3] == 30.5
    assert patches.full(lambda *_: ("layout", 3, None, 30.5))("Amu", None, None, 600)[3] == 30.5


# Where figures stand


def block(place, tag="p", height=50.0, section=0, **more):
    return flow.Block(section, place, tag, opens=False, whole=tag == "figure", leads=False, height=height, **more)


def order(*given, height=500.0):
    return [b.place for b in flow.fill(list(given), height)]


def test_paragraphs_go_before_a_figure_that_does_not_fit():
    assert order(block(0, height=300), block(1, "figure", 250), block(2), block(3, "h2")) == [0, 2, 1, 3]


def test_a_figure_that_fits_stays_where_it_is():
    assert order(block(0, height=200), block(1, "figure", 250), block(2)) == [0, 1, 2]


def test_no_more_paragraphs_go_before_a_figure_than_the_page_takes():
    given = (block(0, height=300), block(1, "figure", 250), block(2, height=95), block(3), block(4))
    assert order(*given) == [0, 2, 1, 3, 4]


@pytest.mark.parametrize(
    "after",
    [
        (block(2, "h2"), block(3)),
        (block(2, section=1), block(3, section=1)),
        (block(2), block(3, "figure", 90)),  # it leads to the next figure
        (flow.Block(0, 2, "p", opens=False, whole=False, leads=True, height=50.0), block(3, "ul")),
    ],
)
def test_what_belongs_to_something_else_does_not_go_before_a_figure(after):
    assert order(block(0, height=300), block(1, "figure", 250), *after) == [0, 1, 2, 3]


# The invented book, set


class Here(Executor):
    """Set parts in this process, where WeasyPrint is loaded once for all tests."""

    def submit(self, function, /, *words, **named):
        future = Future()
        try:
            future.set_result(function(*words, **named))
        finally:
            gc.enable()  # a worker does without
        return future


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = build(tmp_path_factory.mktemp("small"))
    return make(root, say=lambda _: None, pool=Here())


def checker(name, *words):
    """How to run a checker of this environment: its script may not be on the path."""
    code = {"outloud": "from outloud.cli import main; main()", "pdfua": "from pdfua.cli import main; sys.exit(main())"}
    before = ["check"] if name == "pdfua" else ["-q"]
    return sys.executable, "-c", f"import sys; sys.argv[0] = {name!r}; {code[name]}", *before, *map(str, words)


def test_scripts_of_four_kinds_are_read_out_of_the_pdf_and_every_font_is_embedded(small):
    words = text_of(small)
    for name in ("中国", "Россия", "پاکستان", "How it crosses", "Counted by the keeper."):
        assert name in words
    rows = run("pdffonts", str(small)).stdout.splitlines()[2:]
    assert {row.split()[0].split("+")[1] for row in rows} >= {"Book-Arabic", "Book-Han", "Book-Serif", "Book-Sans"}
    assert all(" yes yes yes " in row for row in rows)


def test_pages_have_labels_and_the_contents_name_them(small):
    with pikepdf.open(small) as pdf:
        labels = [page.label for page in pdf.pages]
        assert labels[:2] == ["i", "ii"]
        assert "1" in labels
        assert labels[-3:] == ["A1", "B1", "C1"]
        last = joining.destinations(pdf)["book-ledger-derived"][0]
        label = next(page.label for page in pdf.pages if page.objgen == last.objgen)
    contents = run("pdftotext", "-layout", "-f", "3", "-l", "3", str(small), "-").stdout
    line = next(x for x in contents.splitlines() if "Derived values" in x)
    assert line.split()[0] == "B"
    assert line.rstrip().endswith(f" {label}")


def test_bookmarks_lead_through_parts_and_chapters(small):
    with pikepdf.open(small) as pdf:
        titles = [" ".join(title.split()) for _, title in joining.outline(pdf)]
    for title in ("Contents", "Summary", "Part I Crossings", "1 How it crosses", "1.1 The pilots", "A The record"):
        assert title in titles


def test_every_link_inside_the_pdf_has_its_place_and_says_where_it_leads(small):
    with pikepdf.open(small) as pdf:
        places = joining.destinations(pdf)
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", ())]
        inside = [link for link in links if "/Dest" in link]
        assert inside
        assert all(str(link.Dest) in places for link in inside)
        assert not [link for link in links if str(link.get("/A", {}).get("/URI", "")).startswith(joining.BETWEEN)]
        number = next(link for link in inside if str(link.Dest) == "book-ledger--claim-crossings")
        assert str(number.Contents) == "1,382 times"


def test_two_folders_give_the_same_bytes(small, tmp_path):
    assert make(build(tmp_path), say=lambda _: None, pool=Here()).read_bytes() == small.read_bytes()


def test_the_edition_is_told_on_the_title_page(small):
    assert f"Version {front.read_edition(small.parents[2]).version}" in text_of(small)


# The whole book


@pytest.fixture(scope="module")
def whole(printed, site):
    """The book's PDF, its assembly and its text."""
    return printed, assembly.assemble(site.parents[1]), text_of(printed)


def test_the_pdf_of_the_book_is_sound_and_its_fonts_are_embedded(whole):
    path, _, _ = whole
    done = run("qpdf", "--check", str(path))
    assert done.returncode == 0, done.stdout
    told = run("pdfinfo", str(path)).stdout
    assert re.search(r"Tagged:\s+yes", told)
    assert re.search(r"Title:\s+Convergence and Divergence: China, Russia and Pakistan", told)
    rows = run("pdffonts", str(path)).stdout.splitlines()[2:]
    assert rows
    assert all(re.search(r"yes yes yes +\d+ +0$", row) for row in rows)


def test_the_pdf_has_the_charts_of_the_html_as_vectors(whole, site):
    path, book, _ = whole
    pages = [page.place.docname for page in book.pages]
    shown = sum((site / f"{name}.html").read_text("utf-8").count('class="only-light"') for name in pages)
    with pikepdf.open(path) as pdf:
        figures = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Figure"]
        assert len(figures) == shown == book.charts > 40
        assert all(str(figure.Alt).strip() for figure in figures)
        assert not [name for page in pdf.pages for name in page.get_images()]


def elements(root):
    todo = [root]
    while todo:
        kids = todo.pop().get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                yield kid
                if "/S" in kid:
                    todo.append(kid)


def test_every_number_of_the_pdf_links_to_its_entry_in_the_pdf(whole):
    path, book, _ = whole
    with pikepdf.open(path) as pdf:
        places = joining.destinations(pdf)
        linked = {str(link.Dest) for page in pdf.pages for link in page.obj.get("/Annots", ()) if "/Dest" in link}
    targets = {a.get("href")[1:] for a in book.bound}
    assert len(book.bound) > 1000
    assert targets <= set(places)
    assert targets <= linked


def test_every_chapter_has_its_bookmark_and_is_read_out_of_the_pdf(whole):
    path, book, text = whole
    flat = " ".join(text.split())
    with pikepdf.open(path) as pdf:
        titles = {" ".join(title.split()) for _, title in joining.outline(pdf)}
    for page in book.pages:
        assert " ".join(f"{page.place.number} {page.title}".split()) in titles
        assert page.title in flat


def test_words_in_other_scripts_are_read_out_of_the_pdf(whole):
    _, book, text = whole
    flat = "".join(unicodedata.normalize("NFKC", text).split())  # Chinese breaks anywhere
    other = {
        word
        for page in book.pages
        for word in re.findall(r"[\u0370-\u1fff\u2e80-\ufeff]+", page.article.text_content())
    }
    named = {e.get("lang") for page in book.pages for e in page.article.xpath(".//*[@lang]")}
    assert {"ar", "fa", "ps", "ru", "ug", "ur", "zh"} <= named
    assert len(other) > 10
    assert {word for word in other if unicodedata.normalize("NFKC", word) not in flat} == set()


def test_no_type_of_the_book_is_below_8_points(whole):
    with pymupdf.open(whole[0]) as pdf:
        small = {
            (page.get_label(), span["text"])
            for page in pdf
            for part in page.get_text("dict", flags=0)["blocks"]
            for line in part["lines"]
            for span in line["spans"]
            if span["text"].strip() and span["size"] < 7.99
        }
    assert small == set()


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("notebooks/01-diplomacy", "link to this figure"),
        ("notebooks/01-diplomacy", "(png)"),
        ("notebooks/06-timeline", "a button under"),
        ("book/methods", "set documents aside ("),
        ("book/data", "can be downloaded"),
    ],
)
def test_nothing_of_the_screen_alone_is_printed(whole, site, page, told):
    shown = re.sub(r"<[^>]+>", "", (site / f"{page}.html").read_text(encoding="utf-8"))
    assert told in " ".join(shown.split()).lower()
    assert told not in " ".join(whole[2].split()).lower()


def test_tables_are_not_called_by_the_same_heading_twice(whole):
    captions = [" ".join(table.xpath("string(caption)").split()).split(" ", 2)[2] for table in whole[1].tables]
    assert len(captions) > 20
    assert len(set(captions)) == len(captions)


def test_the_checkers_find_no_error_in_the_book(whole):
    done = run(*checker("pdfua", whole[0]))
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(*checker("outloud", whole[0]))
    assert done.returncode == 0, done.stdout
