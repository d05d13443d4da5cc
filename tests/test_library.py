"""What a document needs beside its row is told with file and line, and a library may grow."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from made_library import text_of
from sourcebook import anchoring, census, checks
from sourcebook.belongings import DOSSIER
from sourcebook.derived import definitions
from sourcebook.documents import names
from sourcebook.ledger import ANCHORED
from sourcebook.parallel import over_cores
from sourcebook.paths import ROOT
from sourcebook.remainder import EVERY, changes, folded, left, mask, one_at_a_time, remainder, subsets


@pytest.fixture
def paged(project):
    """The project with every page that its documents need."""
    pages = {"book/ledger.md": "See {doc}`record-harbour-2024`, {doc}`record-lighthouse-2023`.\n"}
    contents = "root: index\nchapters:\n"
    for source in ("harbour-2024", "lighthouse-2023"):
        pages[f"seeds/{source}.md"] = "# Title\n" + "".join(f"\n## {heading}\n\nWords.\n" for heading in DOSSIER)
        pages[f"book/record-{source}.md"] = f"```{{claims}} {source}\n```\n\n```{{events}} {source}\n```\n"
        contents += f"  - file: seeds/{source}\n  - file: book/record-{source}\n"
    for name, text in {**pages, "_toc.yml": contents}.items():
        (project.root / name).parent.mkdir(exist_ok=True)
        (project.root / name).write_text(text, encoding="utf-8")
    return project


def test_a_document_with_all_its_pages_is_in_order(paged):
    assert paged.problems(checks.document_pages) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "_toc.yml",
            "  - file: seeds/harbour-2024\n",
            "",
            "_toc.yml:5: seeds/harbour-2024 is not in the contents: add",
        ),
        ("_toc.yml", "record-harbour-2024", "record-harbour-2023", "book/record-harbour-2024 is not in the contents"),
        ("book/ledger.md", "harbour-2024", "harbour-2023", "book/ledger.md:1: does not lead to record-harbour-2024"),
        (
            "seeds/harbour-2024.md",
            "## Where it is weak\n\nWords.",
            "## Where it is weak\n",
            "says nothing under 'Where it is weak'",
        ),
        (
            "seeds/harbour-2024.md",
            "## Who speaks",
            "## Who",
            "seeds/harbour-2024.md:1: says nothing under 'Who speaks'",
        ),
        ("book/record-harbour-2024.md", "{events}", "{claims}", "does not list the events of harbour-2024"),
    ],
)
def test_what_a_document_lacks_is_told_with_file_and_line(paged, name, old, new, told):
    path = paged.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(told in str(problem) for problem in paged.problems(checks.document_pages))


@pytest.mark.parametrize("name", ["seeds/harbour-2024.md", "book/record-harbour-2024.md"])
def test_a_page_that_is_missing_is_told_at_the_documents_row(paged, name):
    (paged.root / name).unlink()
    (found,) = paged.problems(checks.document_pages)
    assert (found.path, found.line, found.what) == ("seeds/sources.csv", 2, f"harbour-2024 has no page {name}")


def test_a_number_of_documents_in_words_is_held_to_the_record(project):
    (project.root / "README.md").write_text(
        "A book.\n\nIt rests on five documents, of which two documents agree.\n", encoding="utf-8"
    )
    (found,) = project.problems(checks.document_counts)
    assert str(found) == "README.md:3: 'five documents', and the record has 2: write how many there are"


def test_every_document_is_asked_about_the_same_attacks(project):
    row = {
        "happening_id": "storm-2024",
        "source_id": "harbour-2024",
        "manner": "omitted",
        "event_id": "",
        "claim_id": "",
        "note": "",
    }
    project.write("tellings", [row])
    (found,) = project.problems(checks.tellings_complete)
    assert found.what.startswith("lighthouse-2023 has no row on 1 of 1 attacks: storm-2024")


def test_each_document_of_the_record_has_its_derived_values():
    known = definitions()
    for source in names():
        for key in (
            "audit-claims",
            "audit-lag",
            "security-statements",
            "timeline-of",
            "attacks-omitted",
            "align-statements",
        ):
            assert f"{key}-{source}" in known


def test_a_new_row_gives_a_document_its_name_and_no_code_does(tmp_path):
    path = tmp_path / "sources.csv"
    path.write_text(
        (ROOT / "seeds/sources.csv").read_text(encoding="utf-8")
        + "x-2025,X,the X,T,,P,brief,en,2025,stated,N,x.txt,0,400\n",
        encoding="utf-8",
    )
    assert list(names(path)) == ["rehalem-2025", "csrs-2024", "wakhan-2025", "zeeshan-2024", "x-2025", "did-2026"]
    assert names(path)["x-2025"] == "the X"


# --- many documents ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(book):
    """The book's record with more documents than can be set aside in every choice; the new ones say nothing."""
    like = book.sources["did-2026"]
    more = {f"made-{n}-2025": replace(like, source_id=f"made-{n}-2025") for n in range(EVERY)}
    return replace(book, sources=MappingProxyType({**book.sources, **more}))


def test_of_a_large_library_one_document_is_set_aside_at_a_time(large):
    assert one_at_a_time(large)
    assert subsets(large) == tuple(frozenset({source}) for source in sorted(large.sources))
    assert [mask(large, away) for away in subsets(large)] == list(range(1, len(large.sources) + 1))
    assert mask(large, frozenset()) == 0


def test_what_changes_is_found_by_the_place_of_the_document(large):
    own = large.claims["china-meetings"].source_id
    found = changes(large, "claim", "china-meetings")
    assert found == {mask(large, frozenset({own})): None}
    bits, by_place = folded(large, found)
    assert {n: by_place.get(n & bits, "") for n in range(len(large.sources) + 1)} == {
        n: None if n == mask(large, frozenset({own})) else "" for n in range(len(large.sources) + 1)
    }
    assert folded(large, {}) == (0, {})


def test_a_count_follows_one_document_as_in_a_small_library(large, book):
    away = frozenset({"wakhan-2025"})
    assert left(large, "derived", "audit-claims", away) == left(book, "derived", "audit-claims", away)
    assert remainder(large, away).claims.keys() == remainder(book, away).claims.keys()


# --- over all cores ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_census_is_the_same_whatever_the_number_of_processes(workers):
    texts = [text_of(n, paragraphs=n) for n in (9, 1, 5)]
    assert census.found_in(texts, workers) == [list(census.expressions(text)) for text in texts]


def test_anchoring_is_the_same_whatever_the_number_of_processes(project):
    for table in ANCHORED:
        project.write(table, [{**row, "start": "", "end": "", "digest": ""} for row in project.rows(table)])
    other = project.copy(project.root.parent / "other")
    assert anchoring.anchor(project.root, workers=1) == anchoring.anchor(other.root, workers=2) == (9, 0)
    assert {t: project.path(t).read_bytes() for t in project.tables} == {
        t: other.path(t).read_bytes() for t in other.tables
    }


def test_what_is_shared_out_comes_back_in_its_order():
    assert over_cores(len, ["aaa", "b", "cc"], [3, 1, 2], workers=2) == [3, 1, 2]
