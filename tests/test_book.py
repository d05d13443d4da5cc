"""The whole book: built strictly and drawn completely, every number of it traced."""

from __future__ import annotations

import gzip
import html
import re
from pathlib import Path

import yaml

from sourcebook import checks
from sourcebook.ledger import seeds_folder
from sourcebook.paths import ROOT
from whole_book import copy_project, published_figures


def pages(site):
    return [
        p
        for p in sorted(site.rglob("*.html"))
        if "_static" not in p.parts and p.name not in ("search.html", "genindex.html")
    ]


def toc_files():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]

    def walk(items):
        for item in items:
            found.append(item["file"])
            walk(item.get("sections", []))

    for part in toc["parts"]:
        walk(part["chapters"])
    return found


def test_the_contents_list_every_page_and_only_pages_that_exist(site):
    assert {p.relative_to(site).with_suffix("").as_posix() for p in pages(site)} == set(toc_files())
    written = {
        p.relative_to(ROOT).with_suffix("").as_posix()
        for p in [*ROOT.glob("book/*.md"), *ROOT.glob("notebooks/*.ipynb")]
    }
    assert written <= set(toc_files())


def test_no_page_shows_a_number_that_could_not_be_traced(site):
    for page in pages(site):
        assert "evidence-missing" not in page.read_text(encoding="utf-8"), page.name


def test_every_bound_number_leads_to_an_entry_that_exists(site):
    ids: dict[Path, set[str]] = {
        p: set(re.findall(r'\bid="([^"]+)"', p.read_text(encoding="utf-8"))) for p in pages(site)
    }
    count = 0
    for page in ids:
        for href in re.findall(r'<a class="evidence [^"]*" href="([^"]+)"', page.read_text(encoding="utf-8")):
            target, _, anchor = href.partition("#")
            assert html.unescape(anchor) in ids[(page.parent / target).resolve() if target else page], (
                f"{page.name}: {href}"
            )
            count += 1
    assert count > 300


def test_every_figure_has_number_caption_alt_source_and_data(site):
    figures = [
        f
        for p in pages(site)
        for f in re.findall(r'<figure class="evidence-figure.*?</figure>', p.read_text(encoding="utf-8"), re.DOTALL)
    ]
    published = published_figures()
    assert len(figures) == published > 40
    numbers = [int(re.search(r"Fig\. (\d+)", f)[1]) for f in figures]
    assert sorted(numbers) == list(range(1, published + 1))
    for figure in figures:
        alts = re.findall(r'<img [^>]*alt="([^"]*)"', figure)
        assert len(alts) == 2
        assert len(set(alts)) == 1
        assert len(alts[0]) > 60
        assert not re.search(r"[{}]|\.svg", alts[0])
        assert re.search(r"<p[^>]*>Source: .+\.</p>", figure)
        assert "Data of this figure" in figure
        assert re.search(r'download="" href="[^"]+\.csv"', figure)


def test_no_page_asks_another_host_for_anything(site):
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(https?:)?//', text)
        assert loaded == [], page.name


def test_no_seed_text_is_published(site):
    assert [p for p in site.rglob("*.txt") if not p.name.endswith(".LICENSE.txt")] == []


def test_a_changed_number_in_the_record_fails_the_check(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCEBOOK_SEEDS", raising=False)
    folder = copy_project(tmp_path)
    path = folder / "data/claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",215,215,", ",216,216,"), encoding="utf-8")
    problems = checks.run(folder).problems
    assert {p.rule for p in problems} == {"values_in_quotes", "verdicts"}
    assert any("value_low 216 is not in the quote" in str(p) for p in problems)


def test_the_record_is_in_order():
    report = checks.run(ROOT)
    assert [str(p) for p in report.problems] == []
    with_texts = seeds_folder() is not None
    assert report.anchors.startswith("offsets and sha256 of 5 of 5" if with_texts else "digests only")


def test_our_own_scripts_weigh_at_most_eight_kilobytes_on_a_page_of_text(site):
    ours = {path.name for path in (ROOT / "src/sourcebook/sphinx_ext/static").glob("*.js")}
    for page in (site / "index.html", site / "book/china.html", site / "book/methods.html"):
        loaded = re.findall(r'<script[^>]* src="([^"?]+)', page.read_text(encoding="utf-8"))
        own = [(page.parent / src).resolve() for src in loaded if Path(src).name in ours]
        assert {path.name for path in own} >= {"evidence.js", "switch.js"}
        assert sum(len(gzip.compress(path.read_bytes())) for path in own) <= 8000
