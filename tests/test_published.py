"""What is told of a book and its pages without a browser: theme, stylesheet, policy, head, foot, pictures, checks."""

from __future__ import annotations

import filecmp
import io
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from PIL import Image

from small_book import LEDGER, lay_out, notebook, payload, stamped
from small_book import build as build_book
from sourcebook import __version__
from sourcebook.inputs import inputs_digest
from sourcebook.palette import DARK, PALETTE
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext import colophon, finished, head, languages, policy, prints, scripts, styles, theme

PUBLISHED = (".html", ".css", ".js", ".svg", ".png", ".xml", ".json", ".csv")
SITE = "https://example.org/book"
CONF = """
project = html_title = "A book"
extensions = ["myst_nb", "sphinx_book_theme", "sourcebook.sphinx_ext"]
html_theme = "sphinx_book_theme"
html_theme_options = {"footer_content_items": ["colophon.html"], "primary_sidebar_end": [], "back_to_top_button": False}
html_show_search_summary = False
html_use_index = False
nb_execution_mode = "off"
numfig = True
suppress_warnings = ["sourcebook.ledger", "ref.conflict", "ref.origin", "myst.xref_missing"]
exclude_patterns = ["data", "seeds", "_build"]
"""
LEAD = "This sentence says what the page is about, and at some length. Another adds to it. " * 2


def make(folder, pages, site="", conf="", repository=""):
    """Build a book in the theme; return the output folder and the warnings."""
    lay_out(folder)
    shutil.copy(ROOT / "CITATION.cff", folder)
    for name in pages:
        (folder / name).parent.mkdir(exist_ok=True)
    stamp = inputs_digest(folder)
    pages = {n: stamped(t, stamp) if n.endswith(".ipynb") else t for n, t in pages.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", site)
        patch.setenv("REPOSITORY_URL", repository)
        return build_book(folder, pages, conf=CONF + conf)


@pytest.fixture
def made(tmp_path):
    """Build a book of the test's own."""
    return partial(make, tmp_path / "book")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A book with a figure, without an address of the site; tests read it and write nothing."""
    return make(tmp_path_factory.mktemp("plain") / "book", figure_book())


@pytest.fixture(scope="module")
def addressed(tmp_path_factory):
    """The same book with an address."""
    return make(tmp_path_factory.mktemp("addressed") / "book", figure_book(), site=SITE)


def figure_book():
    tree = "\n```{toctree}\nnotebooks/one\nrecord\n```\n"
    one = notebook(payload())
    return {"index.md": f"# Title\n\n{LEAD}\n{tree}", "notebooks/one.ipynb": one, "record.md": LEDGER}


# --- theme ------------------------------------------------------------------------------------------------


def test_what_is_relied_on_is_in_the_installed_themes():
    assert theme.missing() == []


def test_a_theme_that_has_changed_is_told_with_file_and_words(monkeypatch):
    monkeypatch.setitem(theme.RELIED_ON, ("pydata", "layout.html"), ("{% block gone %}",))
    monkeypatch.setitem(theme.RELIED_ON, ("book", "gone.html"), ("x",))
    assert theme.missing() == ["pydata: layout.html: '{% block gone %}' is gone", "book: gone.html is gone"]


def test_every_template_of_ours_is_listed_and_takes_the_place_of_one():
    ours = {p.relative_to(theme.TEMPLATES).as_posix() for p in theme.TEMPLATES.rglob("*.html")}
    assert ours - {"404.html", "components/colophon.html"} == set(theme.TEMPLATES_OF_OURS)
    for name in theme.TEMPLATES_OF_OURS:
        assert any(theme.theme_file(of, name).is_file() for of in theme.ROOTS), name


# --- stylesheet -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".used{a:b}.gone{a:b}", ".used{a:b}"),
        (".used,.gone .used{a:b}", ".used{a:b}"),
        ("p.used>a:hover{a:b}", "p.used>a:hover{a:b}"),
        ("video{a:b}#here{a:b}#gone{a:b}", "#here{a:b}"),
        ("p:not(.gone){a:b}[data-x=gone]{a:b}", "p:not(.gone){a:b}[data-x=gone]{a:b}"),
        ("@media print{.gone{a:b}}@media print{.used{a:b}}", "@media print{.used{a:b}}"),
        ('@import "x.css";@charset "utf-8";', ""),
        ("@font-face{font-family:Font Awesome 6}.used::before{content:var(--fa)}", ""),
        ("/* told */.made-by-script{a:b}", ".made-by-script{a:b}"),
    ],
)
def test_a_rule_stays_if_a_page_or_a_script_can_match_it(css, kept):
    of = styles.used(['<p class="used" id="here"><a href="#">x</a></p>'], ['x.className = "made-by-script"'])
    assert styles.trim(css, of) == kept


def test_custom_properties_and_animations_that_nothing_refers_to_go_and_what_only_they_referred_to():
    css = 'html{--a:var(--b);--b:1;--c:url("x;y");--d:2}p{color:var(--c)}@keyframes gone{from{a:b}to{a:b}}'
    assert (
        styles.without_unreferenced(css, "style.getPropertyValue('--d')")
        == 'html{--c:url("x;y");--d:2}p{color:var(--c)}'
    )


def test_the_colours_of_the_charts_are_those_of_the_pages():
    light, dark = styles.palette().split("html[data-theme=dark]")
    for name, color in PALETTE.items():
        assert f"--{name}:{color};" in light
        assert f"--{name}:{DARK[color]};" in dark


# --- pages in the theme -----------------------------------------------------------------------------------


def test_a_page_has_the_policy_one_stylesheet_and_no_script_but_ours(plain):
    out, warnings = plain
    assert warnings == ""
    ours = {p.name for p in theme.STATIC.iterdir()}
    for path in (out / "index.html", out / "notebooks/one.html"):
        html = path.read_text(encoding="utf-8")
        assert f'content="{policy.POLICY}"' in html
        assert html.index("Content-Security-Policy") < html.index("<script")
        sheets = [s for s in re.findall(r'<link[^>]*rel="stylesheet"[^>]*>', html) if "noscript" not in s]
        assert len(sheets) == 1
        assert {s.rpartition("/")[2].partition("?")[0] for s in re.findall(r'<script[^>]*src="([^"]*)"', html)} <= ours
        assert re.findall(r"<script>(.*?)</script>", html, re.DOTALL) == [policy.FIRST]
    digest = re.search(r"book\.css\?v=([0-9a-f]{10})", html)[1]
    assert digest != styles.UNSTAMPED
    static = {p.relative_to(out / "_static").as_posix() for p in (out / "_static").rglob("*")}
    assert not {s for s in static if "fontawesome" in s or "bootstrap" in s or "pydata" in s}
    assert not static & {*styles.OWN}  # they are in the one sheet


def test_nothing_unsafe_is_in_the_policy_and_nothing_from_elsewhere():
    rules = dict(rule.split(" ", 1) for rule in policy.POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy.POLICY
    assert "http" not in policy.POLICY
    assert rules["script-src"] == f"'self' {policy.digest(policy.FIRST)}"


def test_without_an_address_of_the_site_nothing_needs_one(plain):
    out, _ = plain
    html = (out / "index.html").read_text(encoding="utf-8")
    assert '<meta name="description" content="This sentence says what the page is about, and at some length.' in html
    assert "canonical" not in html
    assert "og:" not in html
    assert not (out / "sitemap.xml").exists()
    assert not (out / "404.html").exists()


def test_with_an_address_pages_have_theirs_and_the_site_a_map_and_a_page_for_the_lost(addressed):
    out, warnings = addressed
    assert warnings == ""
    html = (out / "notebooks/one.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{SITE}/notebooks/one.html" />' in html
    assert f'<meta property="og:url" content="{SITE}/notebooks/one.html" />' in html
    assert '<meta property="og:title" content="Notebook" />' in html
    assert f'<link rel="canonical" href="{SITE}/" />' in (out / "index.html").read_text(encoding="utf-8")
    assert f'<meta property="og:image" content="{SITE}/figures/bars.png" />' in html
    assert re.search('<meta property="og:image:alt" content="[^"]{10,}" />', html)
    assert (out / "figures/bars.png").is_file()
    places = re.findall("<loc>(.*)</loc>", (out / "sitemap.xml").read_text(encoding="utf-8"))
    assert places == [f"{SITE}/", f"{SITE}/notebooks/one.html", f"{SITE}/record.html"]
    lost = (out / "404.html").read_text(encoding="utf-8")
    assert 'href="/book/_static/book.css?v=' in lost
    assert 'href="/book/search.html"' in lost
    assert "canonical" not in lost + (out / "search.html").read_text(encoding="utf-8")


def test_a_page_without_a_figure_is_shared_with_the_picture_of_the_front_page(made):
    pages = figure_book()
    pages["index.md"] += "\n```{picture} bars\nWhat it shows.\n```\n"
    out, _ = made(pages, site=SITE)
    image = f'<meta property="og:image" content="{SITE}/figures/bars.png" />'
    assert image in (out / "index.html").read_text(encoding="utf-8")
    assert image in (out / "record.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        ([], ""),
        (["Short."], "Short."),
        (["A short one.", "And another one that follows it."], "A short one. And another one that follows it."),
        (["word " * 10 + "end. " + "word " * 40], "word " * 10 + "end. " + "word " * 19 + "word…"),
        (["word " * 20 + "end. " + "word " * 40], "word " * 20 + "end."),
        (["word " * 20 + "end? " + "word " * 40], "word " * 20 + "end?"),
        (["word " * 20 + "end: " + "word " * 40], "word " * 20 + "end."),
        (["word " * 20 + "end, " + "word " * 40], "word " * 20 + "end…"),
        (["word " * 15 + "end. " + "word " * 10 + "end; " + "word " * 40], "word " * 15 + "end."),
    ],
)
def test_a_description_is_cut_at_a_sentence_a_clause_or_a_word(paragraphs, told):
    doctree = new_document("page")
    doctree += [nodes.paragraph("", "", nodes.emphasis("", "a subtitle"))]
    doctree += [nodes.paragraph("", text.strip()) for text in paragraphs]
    doctree += [nodes.paragraph("", "from the record", classes=["evidence-generated"])]
    assert head.description(doctree) == told
    assert len(told) <= head.LENGTH


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nothing foreign.", [("Nothing foreign.", [])]),
        ("In Rossiyskaya Gazeta (2024)", [("In ", []), ("Rossiyskaya Gazeta", ["language-ru-Latn"]), (" (2024)", [])]),
        ("Qawsi and Huanqiu", [("Qawsi and ", []), ("Huanqiu", ["language-zh-Latn"])]),
    ],
)
def test_words_of_other_languages_say_which(text, told):
    found = [(node.astext(), getattr(node, "attributes", {}).get("classes", [])) for node in languages.marked(text)]
    assert found == told


def test_a_page_marks_words_of_other_languages_but_not_in_titles_code_or_what_it_marks_itself(made):
    page = "# Deutsche Welle\n\nDeutsche Welle, [La Repubblica](https://example.org), `Qaws`.\n"
    out, told = made({"index.md": page})
    assert told == ""
    body = (out / "index.html").read_text(encoding="utf-8").partition("<article")[2]
    assert re.findall(r'<span lang="([\w-]+)">([^<]+)</span>', body) == [
        ("de", "Deutsche Welle"),
        ("it", "La Repubblica"),
    ]
    assert "language-" not in body.partition("</article>")[0]


def test_the_foot_of_a_page_says_version_evidence_and_how_to_cite(addressed, book):
    out, _ = addressed
    html = (out / "index.html").read_text(encoding="utf-8")
    told = [p for p in re.findall(r'<p class="colophon">(.*?)</p>', html, re.DOTALL) if "<" not in p]
    assert told[0].startswith(f"Version {__version__}. Evidence as of ")
    assert told[1].startswith("Cite as: The authors of Convergence and Divergence (2026).")
    assert told[1].endswith(f"{SITE}/")
    days = [
        row["date_accessed"] for table in book.tables.values() for row in table.rows if "date_accessed" in row.cells
    ]
    assert colophon.evidence_date(book) == max(days)


def test_the_commit_is_told_where_git_knows_it_and_whether_files_differ(tmp_path):
    assert colophon.commit(tmp_path) == ""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(tmp_path)]
    (tmp_path / "page").write_text("one", encoding="utf-8")
    for command in (["init", "-q"], ["add", "page"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)
    name = colophon.commit(tmp_path)
    assert re.fullmatch("[0-9a-f]{10}", name)
    (tmp_path / "page").write_text("two", encoding="utf-8")
    assert colophon.commit(tmp_path) == f"{name}+"


def test_the_header_links_to_the_pdf_once_there_is_one(made, plain, tmp_path):
    out, _ = plain
    assert "PDF" not in (out / "index.html").read_text(encoding="utf-8")
    pdf = tmp_path / "book" / colophon.PRINTED
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(b"%PDF")
    out, _ = made(figure_book())
    html = (out / "notebooks/one.html").read_text(encoding="utf-8")
    assert html.count(f'href="../{colophon.PDF}"') == 2  # at the foot too: on a phone the header has no room for it
    assert (out / colophon.PDF).read_bytes() == b"%PDF"


@pytest.mark.parametrize(
    ("repository", "page", "address"),
    [
        (
            "https://github.com/a/b/",
            "notebooks/01-x",
            "https://mybinder.org/v2/gh/a/b/HEAD?labpath=notebooks%2F01-x.ipynb",
        ),
        ("https://github.com/a/b/", "book/china", ""),
        ("https://example.org/a/b/", "notebooks/01-x", ""),
        ("", "notebooks/01-x", ""),
    ],
)
def test_a_notebook_can_be_run_where_its_repository_can_be(repository, page, address):
    assert colophon.binder(repository, page) == address


# --- scripts ----------------------------------------------------------------------------------------------


def test_a_script_is_published_without_comments_and_says_the_same():
    script = 'const a = `x  // ${b}\n  y`; // why\nconst c = "/* no */";\nreturn /[/]"/.test(c);\n'
    assert scripts.published(script) == 'const a=`x  // ${b}\n  y`;const c="/* no */";return/[/]"/.test(c);\n'


def test_the_published_scripts_are_those_of_the_folder_without_comments(plain):
    out, _ = plain
    paths = list(theme.STATIC.glob("*.js"))
    for path in paths:
        copied = out / "_static" / path.name
        assert copied.read_text(encoding="utf-8") == scripts.published(path.read_text(encoding="utf-8"))
        assert copied.stat().st_size < 0.85 * path.stat().st_size
    assert len(paths) > 5


# --- figures ----------------------------------------------------------------------------------------------


def test_a_figure_has_an_address_of_its_own_and_a_png_with_its_sources(plain):
    out, _ = plain
    html = (out / "notebooks/one.html").read_text(encoding="utf-8")
    assert '<a class="reference internal" href="#fig-bars">Link to this figure</a>' in html
    assert 'href="../figures/bars.png"' in html
    with Image.open(out / "figures/bars.png") as picture:
        assert picture.width == prints.WIDTH


def test_the_png_of_a_figure_is_the_same_bytes_and_has_its_source_line():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36">'
        '<rect width="72" height="36" fill="#b3541e"/></svg>'
    )
    first, other = prints.drawn(svg, "Source: one."), prints.drawn(svg, "Source: two and three.")
    assert first == prints.drawn(svg, "Source: one.")
    assert first != other
    picture = Image.open(io.BytesIO(first)).convert("RGB")
    assert picture.size[1] == prints.WIDTH // 2 + prints.LEADING + 2 * prints.MARGIN
    assert picture.getpixel((600, 300))[0] > 150
    foot = picture.crop((0, picture.height - prints.LEADING - prints.MARGIN, prints.WIDTH, picture.height))
    assert len(foot.getcolors()) > 4


def test_a_source_line_is_broken_where_it_would_not_fit():
    lines = prints._lines("Source: " + "; ".join(["Somebody of some office (2024)"] * 30), 1000)
    assert len(lines) > 3
    assert all(prints._font().getlength(line) <= 1000 for line in lines)


def test_pictures_have_room_and_load_when_they_come_near(tmp_path):
    (tmp_path / "a.svg").write_text('<svg width="72pt" height="36pt" viewBox="0 0 72 36"/>', encoding="utf-8")
    made = finished.with_room('<img alt="x" src="i/a.svg" /><img src="none.png" />', lambda s: tmp_path / s[2:])
    assert made == (
        '<img loading="lazy" decoding="async" width="96" height="48" alt="x" src="i/a.svg" />'
        '<img loading="lazy" decoding="async" src="none.png" />'
    )


# --- finished pages ---------------------------------------------------------------------------------------

PAGE = '<h1 id="a">A</h1><p>text</p>'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<img src="a.svg" />', "the picture a.svg has no alt text"),
        ('<img src="a.svg" alt="a.svg" />', "the picture a.svg has no alt text"),
        ('<p id="a"></p>', "the id 'a' stands 2 times"),
        ("<h1>B</h1>", "has 2 headings of the first level"),
        ('<a href="gone.html">x</a>', "links to gone.html, which is not there"),
        ('<a href="other.html#gone">x</a>', "links to other.html#gone: the page has no such id"),
        ('<a href="#gone">x</a>', "links to #gone: the page has no such id"),
        ("<script>alert(1)</script>", "has a script in the page, which its policy forbids: 'alert(1)'"),
        ('<p style="color: red">x</p>', "has a style attribute on <p>, which its policy forbids"),
        ('<p onclick="x()">x</p>', "has a onclick attribute on <p>"),
        ("<style>p {}</style>", "has a style element"),
    ],
)
def test_what_is_wrong_with_a_page_is_told_with_its_name(tmp_path, body, told):
    (tmp_path / "part").mkdir()
    (tmp_path / "part/page.html").write_text(PAGE + body, encoding="utf-8")
    (tmp_path / "part/other.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "part/a.svg").write_text("<svg/>", encoding="utf-8")
    (problem,) = finished.Pages(tmp_path).problems()
    assert problem.startswith(f"part/page.html: {told}")


def test_what_is_right_is_not_told(tmp_path):
    body = (
        '<a href="https://example.org/gone">x</a><a href="mailto:a@example.org">x</a><a href="#a">x</a><a href="./">x</a>'
        f'<script>{policy.FIRST}</script><script type="application/json">{{"x": "<p style=\\"a\\">"}}</script>'
    )
    (tmp_path / "index.html").write_text(PAGE + body, encoding="utf-8")
    assert list(finished.Pages(tmp_path).problems()) == []


FAULTY = """# Title

<p style="color: red" id="twice">x</p>
<p id="twice"><a href="gone.html">x</a></p>

```{image} there.png
```
"""


def test_what_is_wrong_with_a_page_is_told_by_the_build_and_fails_a_strict_one(made, tmp_path):
    (tmp_path / "book").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "book/there.png")
    out, warnings = made({"index.md": FAULTY})
    told = re.findall("WARNING: index.html: (.*)", warnings)
    assert [line.split(":")[0] for line in told] == [
        "the picture there.png has no alt text",
        "the id 'twice' stands 2 times",
        "links to gone.html, which is not there",
        "has a style attribute on <p>, which its policy forbids",
    ]
    strict = [sys.executable, "-m", "sphinx", "-qW", "--keep-going", str(tmp_path / "book"), str(out.parent / "strict")]
    assert subprocess.run(strict, check=False, capture_output=True).returncode == 1


def test_pages_are_the_same_bytes_in_another_folder_under_another_seed_of_hashes(addressed, tmp_path):
    out, _ = addressed
    other = tmp_path / "deeper" / "copy"
    shutil.copytree(out.parents[1], other, ignore=shutil.ignore_patterns("_build"))
    command = [sys.executable, "-m", "sphinx", "-q", str(other), str(other / "_build/html")]
    subprocess.run(
        command,
        env={**os.environ, "PYTHONHASHSEED": "4", "SITE_URL": SITE, "REPOSITORY_URL": ""},
        check=True,
        capture_output=True,
    )
    names = sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file() and p.suffix in PUBLISHED)
    assert {str(name) for name in names} >= {"index.html", "notebooks/one.html", "_static/book.css", "searchindex.js"}
    _, different, gone = filecmp.cmpfiles(out, other / "_build/html", names, shallow=False)
    assert different + gone == []


def test_the_lists_that_all_builds_of_a_process_share_stay_as_they_are():
    static, templates = [], []
    config = SimpleNamespace(html_theme=theme.THEME, html_static_path=static, templates_path=templates)
    theme._register(None, config)
    assert config.html_static_path == [str(theme.STATIC)]
    assert str(theme.TEMPLATES) in config.templates_path
    assert static == templates == []
