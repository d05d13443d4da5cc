"""Addresses: relative where nobody said where the book is published, whole where somebody did."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from small_book import CONF, build, lay_out
from sourcebook.exports import CLAIMS, DOCUMENTS, SUMS
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext.exports import script
from sourcebook.sphinx_ext.site import relative
from test_schema_org import blocks, lacking

PAGES = {
    "index.md": "# Data\n\n```{exports}\n```\n\n```{ratings}\n```\n\n```{replies}\n```\n\n```{report-error}\n```\n\n"
    "```{toctree}\npart/record\n```\n",
    "part/record.md": "# Record\n\n```{claims} wakhan-2025\n```\n\n```{conflicts} finding\n```\n",
}
REPLIES = (
    "reply-of-press,2026-12-02,did-2026,DID Press,conflict:afghanistan-in-bri,Either is right.,Both stand.,\n"
    "reply-one,2026-12-01,,A <b>reader</b>,claim:china-meetings,It was 216.,It says 215.,https://example.org/r\n"
)
SITE = "https://example.org/books/one"


ALONE = re.sub(
    r"suppress_warnings = .*", 'suppress_warnings = ["ref"]', CONF
)  # a part of the record, which links to the rest


def lay(folder):
    lay_out(folder)
    (folder / "part").mkdir()
    for name in ("LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A book that nobody has published yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SITE_URL", raising=False)
        patch.delenv("REPOSITORY_URL", raising=False)
        out, warnings = build(lay(tmp_path_factory.mktemp("plain") / "book"), PAGES, conf=ALONE)
    assert warnings == ""
    return out


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A book with an address, a repository and a reply."""
    folder = lay(tmp_path_factory.mktemp("published") / "book")
    path = folder / "data/replies.csv"
    path.write_text(path.read_text(encoding="utf-8") + REPLIES, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", SITE)
        patch.setenv("REPOSITORY_URL", "https://example.org/owner/book/")
        out, warnings = build(folder, PAGES, "dirhtml", ALONE)
    assert warnings == ""
    return out


def annotations(out):
    return json.loads((out / "data" / CLAIMS).read_text(encoding="utf-8"))


def test_without_an_address_every_one_is_relative_to_its_file(plain):
    made = annotations(plain)
    first = made["first"]["items"][0]
    assert made["id"] == "claims.json"
    assert first["id"] == "claims.json#claim-ambassador-first"
    assert first["body"]["id"] == "../part/record.html#claim-ambassador-first"
    (data,) = blocks(plain / "index.html")
    assert lacking(data) == []
    assert "url" not in data
    assert [d["contentUrl"] for d in data["distribution"]] == [
        "data/convergence-and-divergence-data.zip", "data/claims.json",
    ]  # fmt: skip
    (reviews,) = blocks(plain / "part/record.html")
    assert all(review["url"].startswith("record.html#") for review in reviews["@graph"])
    assert "url" not in reviews["@graph"][0]["author"]


def test_with_an_address_every_one_is_whole(published):
    made = annotations(published)
    first = made["first"]["items"][0]
    assert made["id"] == f"{SITE}/data/claims.json"
    assert first["id"] == f"{SITE}/data/claims.json#claim-ambassador-first"
    assert first["body"]["id"] == f"{SITE}/part/record/#claim-ambassador-first"
    (data,) = blocks(published / "index.html")
    assert lacking(data) == []
    assert data["url"] == f"{SITE}/"
    assert {d["contentUrl"].rpartition("/")[0] for d in data["distribution"]} == {f"{SITE}/data"}
    (reviews,) = blocks(published / "part/record/index.html")
    assert all(review["url"].startswith(f"{SITE}/part/record/#") for review in reviews["@graph"])
    assert {review["author"]["url"] for review in reviews["@graph"]} == {f"{SITE}/"}


@pytest.mark.parametrize("book", ["plain", "published"])
def test_links_between_files_of_the_book_are_relative_either_way(request, book):
    out = request.getfixturevalue(book)
    links = re.findall(r'href="([^"]+(?:zip|json|SUMS))"', (out / "index.html").read_text(encoding="utf-8"))
    assert links == [f"data/{name}" for name in ("convergence-and-divergence-data.zip", CLAIMS, SUMS)]
    assert all((out / link).is_file() for link in links)


def test_no_repository_is_made_up(plain):
    text = (plain / "index.html").read_text(encoding="utf-8")
    assert "This copy was built without the address of its repository" in text
    assert "Report an error in this record" not in (plain / "part/record.html").read_text(encoding="utf-8")


def test_a_repository_has_a_form_for_each_record(published):
    assert "https://example.org/owner/book/issues/new/choose" in (published / "index.html").read_text(encoding="utf-8")
    text = (published / "part/record/index.html").read_text(encoding="utf-8")
    assert "issues/new?template=correction.yml&amp;record=claim%3Achina-meetings" in text


def test_a_reply_stands_in_the_table_and_in_the_entry_that_it_concerns(plain, published):
    assert "No reply has come so far." in (plain / "index.html").read_text(encoding="utf-8")
    table = (published / "index.html").read_text(encoding="utf-8")
    row = table[table.index("1 December 2026") :][:900]
    assert 'href="https://example.org/r">A &lt;b&gt;reader&lt;/b&gt;</a>' in row
    assert re.search(r'href="part/record/#claim-china-meetings">.*It was 216\..*It says 215\.', row, re.DOTALL)
    entries = (published / "part/record/index.html").read_text(encoding="utf-8")
    assert entries.count("It was 216.") == 1
    entry = entries[entries.index('id="claim-china-meetings"') :]
    assert "It was 216." in entry[: entry.index("</dd>")]
    conflict = entries[entries.index('id="conflict-afghanistan-in-bri"') :]
    assert "DID Press, 2 December 2026: Either is right. The book: Both stand." in conflict[: conflict.index("</dd>")]


def test_the_scale_of_ratings_is_printed_from_the_best(plain):
    text = (plain / "index.html").read_text(encoding="utf-8")
    rows = re.findall(r"<td><p>([^<]+)</p></td>\s*<td><p>(\d)</p></td>\s*<td><p>([^<]+)</p></td>", text)
    assert rows == [
        ("confirms", "4", "Borne out"),
        ("confirms the number, of another origin", "3", "Number borne out, origin not"),
        ("confirms in part", "2", "Borne out in part"),
        ("contradicts", "1", "Contradicted"),
    ]


@pytest.mark.parametrize("wrong", ["example.org", "ftp://example.org/", "https://", "https://example.org/?a=1"])
def test_what_is_no_address_is_refused(tmp_path, monkeypatch, wrong):
    monkeypatch.setenv("SITE_URL", wrong)
    (tmp_path / "conf.py").write_text('extensions = ["myst_nb", "sourcebook.sphinx_ext"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"SITE_URL .* is no address of a site: write https://host/path/, or leave"):
        SphinxTestApp("html", srcdir=tmp_path)


def test_structured_data_cannot_end_their_element():
    made = script({"name": "</script><script>alert(1)</script>"})
    assert made.count("<") == 2
    text = re.fullmatch(r'<script type="application/ld\+json">(.*)</script>\n', made)[1]
    assert json.loads(text) == {"name": "</script><script>alert(1)</script>"}


def test_a_package_that_is_not_whole_is_told_and_nothing_is_published(tmp_path):
    folder = lay(tmp_path / "book")
    (folder / DOCUMENTS[-1]).unlink()
    out, warnings = build(folder, {"index.md": "# Data\n\n```{exports}\n```\n"}, conf=CONF)
    assert "index.md: WARNING: CITATION.cff is missing, and belongs into the data package" in warnings
    assert not (out / "data").exists()


def test_a_book_without_the_list_publishes_nothing(tmp_path):
    out, warnings = build(lay(tmp_path / "book"), {"index.md": "# Page\n\n```{claims} did-2026\n```\n"})
    assert warnings == ""
    assert not (out / "data").exists()
    assert blocks(out / "index.html") == []


@pytest.mark.parametrize("builder", ["text", "latex", "singlehtml"])
def test_another_form_of_the_book_says_where_the_files_are(tmp_path, builder):
    out, warnings = build(lay(tmp_path / "book"), {"index.md": "# Data\n\n```{exports}\n```\n"}, builder)
    assert warnings == ""
    (made,) = [
        path for path in out.iterdir() if path.suffix in (".txt", ".html") or path.name == "projectnamenotset.tex"
    ]
    text = made.read_text(encoding="utf-8")
    assert "The files are published with the pages of the book." in text
    assert not (out / "data").exists()


@pytest.mark.parametrize(
    ("path", "folder", "address"),
    [
        ("book/a.html#x", "data", "../book/a.html#x"),
        ("book/a.html#x", "book", "a.html#x"),
        ("data/claims.json", "", "data/claims.json"),
        ("part/record/#x", "data", "../part/record/#x"),
        ("part/record/#x", "part/record", "./#x"),
        ("#x", "data", "../#x"),
        ("", "part", "../"),
    ],
)
def test_an_address_is_counted_from_the_folder_of_its_file(path, folder, address):
    assert relative(path, folder) == address
