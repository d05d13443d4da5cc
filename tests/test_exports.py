"""What is published beside the pages: annotations that others can follow, and a package that is whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from anchorpoint.textselectors import TextPositionSelector, TextQuoteSelector, TextSelectionError
from frictionless import Package, system

import sourcebook.exports
import sourcebook.schema_org
import sourcebook.sphinx_ext
from sourcebook import checks
from sourcebook.derived import evaluate
from sourcebook.errors import SourcebookError
from sourcebook.exports import CLAIMS, DOCUMENTS, SUMS, claims_json, collection, named, package, package_name, sums
from sourcebook.inputs import input_files
from sourcebook.ledger import Ledger
from sourcebook.paths import ROOT


def nowhere(kind, key):
    return ""


def entry(kind, key):
    return f"page.html#{kind}-{key}"


# --- the words, found by a program that is not ours ---------------------------------------------------------


def selected(selector, text, offset=0):
    """Where a selector leads in a text, by the classes of anchorpoint alone."""
    if selector["type"] == "TextQuoteSelector":
        found = TextQuoteSelector(exact=selector["exact"]).as_unique_position(text)
    else:
        found = TextPositionSelector(start=selector["start"], end=selector["end"])
        if "refinedBy" in selector:
            return selected(selector["refinedBy"], found.select_text(text), found.start)
    return offset + found.start, offset + found.end, found.select_text(text)


def exact_of(annotation):
    quotes = [s.get("refinedBy", s) for s in annotation["target"]["selector"]]
    return next(s["exact"] for s in quotes if s["type"] == "TextQuoteSelector")


def lost(annotations, texts):
    """The annotations whose selectors do not all lead to their exact words, at one place."""
    found = []
    for annotation in annotations:
        text = texts[annotation["target"]["source"]["sha256"]]
        try:
            places = {selected(selector, text) for selector in annotation["target"]["selector"]}
        except (TextSelectionError, IndexError):
            places = set()
        if {words for _, _, words in places} != {exact_of(annotation)} or len(places) != 1:
            found.append(annotation["id"])
    return found


def texts_by_sum(folder, sources):
    texts = {}
    for source in sources.values():
        raw = (folder / source.file).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == source.sha256
        texts[source.sha256] = raw.decode("utf-8")
    return texts


@pytest.fixture
def invented(project):
    """Annotations of the invented texts, one of words that a line's end and typesetting run through; and the texts."""
    project.record_seed(
        "lighthouse-2023",
        "Nobody asks the keeper’s brother for *his 12 lamps*.\nA keeper asks. Gulls come\nback with 31 herring, and no keeper asks.\n",
    )
    project.write("census", [])
    for table in ("stances", "codings", "adjudications", "sentences", "events", "event_actors", "conflicts"):
        project.write(table, [])
    rows = [
        {"claim_id": "herring", "quote": "Gulls come back with 31 herring", "value_low": "31", "value_high": "31"},
        {"claim_id": "lamps", "quote": "the keeper's brother for his 12 lamps", "value_low": "12", "value_high": "12"},
    ]
    project.write("claims", [project.make_claim(source_id="lighthouse-2023", **row) for row in rows])
    place = {"source_id": "lighthouse-2023", "kind": "sentence"}
    project.write(
        "sentences",
        [
            project.make("sentences", **place, sentence_id="lighthouse-2023-s001", start="0", end="52"),
            project.make("sentences", **place, sentence_id="lighthouse-2023-s002", start="53", end="67"),
        ],
    )
    twice = {"source_id": "lighthouse-2023", "sentence_id": "lighthouse-2023-s002", "quote": "keeper asks"}
    project.write("stances", [project.make("stances", stance_id="lighthouse-2023-s002-china", **twice)])
    assert project.anchor() == (3, 0)
    ledger = project.load()
    made = collection(ledger, nowhere)["first"]["items"]
    return made, texts_by_sum(project.seed("lighthouse-2023").parent, ledger.sources)


def test_another_program_finds_every_quotation_of_an_invented_text(invented):
    annotations, texts = invented
    assert lost(annotations, texts) == []
    assert [exact_of(a) for a in annotations] == [
        "Gulls come\nback with 31 herring",
        "the keeper’s brother for *his 12 lamps",
        "keeper asks",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda place, quote: quote.update(exact="Gulls come back with 31 herring"),  # as a page shows it
        lambda place, quote: quote.update(exact="no such words"),
        lambda place, quote: quote.update(exact="keeper"),  # it stands there twice
        lambda place, quote: place.update(start=place["start"] + 1),
        lambda place, quote: place.update(end=10_000),
    ],
)
def test_a_selector_that_leads_elsewhere_is_found_out(invented, change):
    annotations, texts = invented
    change(*annotations[0]["target"]["selector"])
    assert lost(annotations, texts) == ["claims.json#claim-herring"]


def test_a_stance_is_sought_in_its_sentence_alone(invented):
    annotations, texts = invented
    selectors = annotations[2]["target"]["selector"]
    assert (selectors[1]["start"], selectors[1]["end"]) == (53, 67)
    selectors[1] = selectors[1]["refinedBy"]  # in the whole text the words stand twice
    assert lost(annotations, texts) == ["claims.json#stance-lighthouse-2023-s002-china"]


def test_another_program_finds_every_quotation_of_the_record_in_the_seed_texts(site):
    if not os.environ.get("SOURCEBOOK_SEEDS"):
        pytest.skip("the seed texts are not here: set SOURCEBOOK_SEEDS to their folder")
    ledger = Ledger.load(texts=True)
    texts = {ledger.sources[key].sha256: text.text for key, text in ledger.texts.items()}
    assert len(texts) == 5
    made = json.loads((site / "data" / CLAIMS).read_text(encoding="utf-8"))
    annotations = made["first"]["items"]
    assert len(annotations) == len(ledger.claims) + len(ledger.events) + len(ledger.coding()) > 1000
    assert lost(annotations, texts) == []


# --- passages -----------------------------------------------------------------------------------------------


def passages(project):
    return [(p.path, p.line, p.what) for p in project.problems(checks.passages)]


def test_a_passage_is_written_where_the_text_has_other_characters_than_the_quote(project):
    quote = "but the keeper counts the boats"
    project.change("claims", 3, quote=quote, passage="stale")
    assert project.anchor() == (9, 0)
    assert [row["passage"] for row in project.rows("claims")] == ["", "but the\nkeeper counts the boats", "", "", ""]
    assert passages(project) == []
    project.change("claims", 3, quote="the ferry crossed 1,382 times")
    project.anchor()
    assert {row["passage"] for row in project.rows("claims")} == {""}


@pytest.mark.parametrize("with_texts", [True, False])
@pytest.mark.parametrize(
    ("passage", "told"),
    [
        ("the ferry crossed 1,383 times", "passage 'the ferry crossed 1,383 times' is not another shape of the quote"),
        ("the ferry crossed 1,382 times", "passage 'the ferry crossed 1,382 times' is not another shape of the quote"),
        ("the  ferry crossed 1,382 times", "passage has 30 characters, its offsets are 29 apart"),
    ],
)
def test_a_passage_that_is_not_what_was_anchored_is_reported_with_and_without_texts(project, passage, told, with_texts):
    project.change("claims", 3, passage=passage)
    if not with_texts:
        project.remove_seeds()
    assert passages(project) == [("data/claims.csv", 3, told)]


def test_a_passage_of_the_right_length_is_held_against_the_text(project):
    project.change("claims", 3, passage="the\nferry crossed 1,382 times")
    assert passages(project) == [("data/claims.csv", 3, "passage is not what the text has at its offsets")]
    project.remove_seeds()
    assert passages(project) == []


# --- the annotations ----------------------------------------------------------------------------------------

CLASSES = {"TextQuoteSelector": {"type", "exact"}, "TextPositionSelector": {"type", "start", "end", "refinedBy"}}


def unfit(made):
    """What the Web Annotation Data Model requires (https://www.w3.org/TR/annotation-model/) and `made` has not."""
    wrong = []
    context = made["@context"]
    if (context if isinstance(context, str) else context[0]) != "http://www.w3.org/ns/anno.jsonld":
        wrong.append("context")
    page = made["first"]
    if (made["type"], page["type"]) != ("AnnotationCollection", "AnnotationPage") or made["total"] != len(
        page["items"]
    ):
        wrong.append("collection")
    ids = Counter(item.get("id") for item in page["items"])
    wrong += [f"id {key}" for key, count in ids.items() if not key or count > 1]
    for item in page["items"]:
        target = item["target"]
        fits = (
            item["type"] == "Annotation",
            item["motivation"] in ("describing", "classifying"),
            item.get("body", {"id": "-"})["id"],
            target["type"] == "SpecificResource",
            isinstance(target["source"]["id"], str) and ":" in target["source"]["id"],
            all(_selects(selector) for selector in target["selector"]),
        )
        if not all(fits):
            wrong.append(item["id"])
    return wrong


def _selects(selector):
    allowed = CLASSES.get(selector["type"])
    if allowed is None or not {*selector, "refinedBy"} <= allowed | {"refinedBy"}:
        return False
    if "start" in selector and not 0 <= selector["start"] < selector["end"]:
        return False
    return "refinedBy" not in selector or _selects(selector["refinedBy"])


@pytest.fixture
def made(project):
    return collection(project.load(), entry, "https://example.org/data/claims.json")


def test_the_collection_is_one_of_the_web_annotation_model(made):
    assert unfit(made) == []
    assert made["total"] == 5 + 1 + 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda made: made.update({"@context": "https://schema.org"}), "context"),
        (lambda made: made.update(total=3), "collection"),
        (lambda made: made["first"]["items"][0].update(id=""), "id "),
        (
            lambda made: made["first"]["items"][0].update(type="Note"),
            "https://example.org/data/claims.json#claim-coast-row",
        ),
        (
            lambda made: made["first"]["items"][0]["target"]["selector"][1].update(prefix="and "),
            "https://example.org/data/claims.json#claim-coast-row",
        ),
    ],
)
def test_a_collection_that_is_none_is_found_out(made, change, told):
    change(made)
    assert told in unfit(made)


def test_an_annotation_tells_source_value_origin_verdicts_and_conflicts(project):
    project.add("conflicts")
    project.add("conflict_parties", claim_id="crossings")
    ledger = project.load()
    items = {i["record"]["key"]: i for i in collection(ledger, entry)["first"]["items"]}
    claim = items["crossings"]
    assert claim["body"]["id"] == "page.html#claim-crossings"
    source = claim["target"]["source"]
    sha256 = ledger.sources["harbour-2024"].sha256
    assert (source["title"], source["producer"], source["date_published"], source["sha256"]) == (
        "The harbour", "Harbour Press", "2024-03-01", sha256,
    )  # fmt: skip
    assert source["id"] == named(sha256)
    record = claim["record"]
    assert record["stated"] == {"low": 1382, "high": 1382, "unit": "event"}
    assert record["interval"] == {"low": 1382, "high": 1382}
    assert (record["qualifier"], record["role"]) == ("exact", "primary")
    assert record["origin"] == {"origin_id": "harbour-office", "name": "Harbour office"}
    (review,) = record["reviews"]
    assert (review["verdict"], review["publisher"], review["url"]) == (
        "partly", "Almanac Society", "https://example.org/almanac",
    )  # fmt: skip
    (conflict,) = record["conflicts"]
    assert (conflict["conflict_id"], conflict["severity"], conflict["url"]) == (
        "rowed-or-walked", "trust", "page.html#conflict-rowed-or-walked",
    )  # fmt: skip
    assert items["repair-cost"]["record"]["stated"] == {"high": 100_000_000, "unit": "USD"}
    assert items["repair-cost"]["record"]["interval"] == {"low": 90_000_000, "high": 100_000_000}
    assert items["first-snow"]["record"]["inferred"] is True
    assert items["harbour-2024-s004-china"]["motivation"] == "classifying"


def test_an_open_end_of_an_interval_is_null(project):
    project.change("claims", 3, qualifier="at_least", value_high="")
    record = collection(project.load(), entry)["first"]["items"][1]["record"]
    assert record["stated"] == {"low": 1382, "unit": "event"}
    assert record["interval"] == {"low": 1382, "high": None}


def test_units_are_those_of_the_table(book):
    records = [item["record"] for item in collection(book, nowhere)["first"]["items"]]
    units = {record["stated"].get("unit", "") for record in records if record["kind"] == "claim"}
    assert {part for unit in units for part in unit.split("/")} <= {*book.units, ""}


def test_the_file_has_an_annotation_a_line_and_is_the_collection(project):
    ledger = project.load()
    text = claims_json(ledger, entry).decode()
    assert json.loads(text) == collection(ledger, entry)
    assert text.count("\n") == 7 + 2


def test_a_quotation_that_is_not_anchored_is_not_published(project):
    project.change("events", 2, start="", end="")
    with pytest.raises(
        SourcebookError, match=r"event 'first-snow' is not anchored: run `.venv/bin/python -m sourcebook anchor`"
    ):
        collection(project.load(), entry)


def test_a_stance_outside_its_sentence_is_not_published(project):
    project.change("stances", 2, start="0", end="3")
    with pytest.raises(SourcebookError, match="stands outside its sentence"):
        collection(project.load(), entry)


def test_a_text_is_named_by_its_checksum_as_rfc_6920_does():
    digest = hashlib.sha256(b"Hello World!").hexdigest()
    assert named(digest) == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"


# --- the package --------------------------------------------------------------------------------------------


@pytest.fixture
def whole(project):
    for name in DOCUMENTS:
        (project.root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, project.root / name)
    return project


def test_the_package_has_the_same_bytes_in_another_clone(whole, tmp_path):
    other = whole.copy(tmp_path / "other")
    os.utime(other.path("claims"), (0, 0))
    other.path("claims").chmod(0o600)
    assert package(other.root) == package(whole.root)
    other.change("claims", 3, note="changed")
    assert package(other.root) != package(whole.root)


def test_the_package_holds_descriptor_resources_definitions_and_terms(whole):
    with zipfile.ZipFile(io.BytesIO(package(whole.root))) as made:
        names = made.namelist()
        descriptor = json.loads(made.read("datapackage.json"))
        modes = {info.external_attr >> 16 for info in made.infolist()}
    assert names[0] == "datapackage.json"
    assert len(names) == len(set(names))
    assert {*names} == {"datapackage.json", *DOCUMENTS, *(resource["path"] for resource in descriptor["resources"])}
    assert modes == {0o100644}


def test_a_file_that_is_missing_is_named(whole):
    (whole.root / "LICENSE").unlink()
    with pytest.raises(SourcebookError, match=r"^LICENSE is missing, and belongs into the data package$"):
        package(whole.root)


def unsound(folder):
    """The files that are not what the checksums beside them say, or that none of them names."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    told = {name: digest for digest, name in (line.split("  ") for line in lines)}
    changed = [n for n, d in told.items() if hashlib.sha256((folder / n).read_bytes()).hexdigest() != d]
    files = {p.name for p in folder.iterdir() if p.suffix != ".html"}  # a page of the book lies there too
    return changed + sorted(files - {*told, SUMS})


def test_a_file_that_was_changed_or_added_is_found_out_by_the_checksums(tmp_path):
    files = {"b.txt": b"two", "a.txt": b"one"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / SUMS).write_bytes(sums(files))
    assert unsound(tmp_path) == []
    assert (tmp_path / SUMS).read_text(encoding="utf-8").splitlines()[0].endswith("  a.txt")
    (tmp_path / "b.txt").write_bytes(b"three")
    assert unsound(tmp_path) == ["b.txt"]
    (tmp_path / "c.txt").write_bytes(b"three")
    assert unsound(tmp_path) == ["b.txt", "c.txt"]


# --- as they are published ----------------------------------------------------------------------------------


def test_the_published_package_is_valid_when_unpacked(site, tmp_path):
    with zipfile.ZipFile(site / "data" / package_name(ROOT)) as made:
        made.extractall(tmp_path)
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    assert report.stats["tasks"] == len(json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"])


def test_the_published_files_are_linked_with_their_sizes_and_have_their_checksums(site):
    names = {package_name(ROOT), CLAIMS}
    assert unsound(site / "data") == []
    sums_of = (site / "data" / SUMS).read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in sums_of} == names
    page = (site / "book/data.html").read_text(encoding="utf-8")
    rows = re.findall(r'href="\.\./data/([^"]+)">[^<]+</a>, ([\d.]+) (bytes|kB|MB)', page, re.DOTALL)
    assert {name for name, _, _ in rows} == {*names, SUMS}
    for name, number, unit in rows:
        size, scale = (site / "data" / name).stat().st_size, {"bytes": 1, "kB": 1e3, "MB": 1e6}[unit]
        assert abs(size / scale - float(number)) <= (0.05 if unit == "MB" else 0.5), name


def test_addresses_in_the_published_annotations_lead_to_entries_of_the_book(site):
    made = json.loads((site / "data" / CLAIMS).read_text(encoding="utf-8"))
    assert unfit(made) == []
    wanted = {}
    for item in made["first"]["items"]:
        found = [item["body"]["id"], *(c["url"] for c in item["record"].get("conflicts", []))]
        for address in found:
            page, _, anchor = address.partition("#")
            wanted.setdefault((site / "data" / page).resolve(), set()).add(anchor)
    for page, anchors in wanted.items():
        assert anchors <= set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8"))), page.name
    assert sum(map(len, wanted.values())) > 1000


def test_the_example_of_the_readme_gives_the_number_of_the_record(site, book):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    assert len(example.split("\n")) - example.count("\n\n") - 1 == 5  # lines of code
    no_network = "import socket\ndef refuse(*_): raise OSError('no network')\nsocket.socket.connect = refuse\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", no_network + example],
        cwd=site / "data",
        capture_output=True,
        text=True,
        check=True,
    )
    ratio, total = evaluate(book, "china-meetings-ratio"), book.claim("meetings-total").stated
    assert done.stdout.strip() == f"China: {ratio.low:.1f}% of {total.low:,.0f} meetings"
    assert f"It prints `{done.stdout.strip()}`" in readme


@pytest.mark.parametrize("module", [sourcebook.exports, sourcebook.schema_org])
def test_pages_are_made_anew_when_a_module_changes_that_no_notebook_depends_on(tmp_path, monkeypatch, module):
    before = sourcebook.sphinx_ext._own_digest()
    name = Path(module.__file__).name
    assert not any(path.name == name for path in input_files(ROOT))
    (tmp_path / name).write_text("changed", encoding="utf-8")
    monkeypatch.setattr(module, "__file__", str(tmp_path / name))
    assert sourcebook.sphinx_ext._own_digest() != before
