"""A tiny but complete project, and what it takes to break it in one place."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import chromium
import pytest

import second_machine
import sourcebook.derivations  # noqa: F401  -- registers the book's own values, before a test sets them aside
from invented import JUDGEMENTS
from sourcebook import anchoring, census, checks, derived, segments
from sourcebook.ledger import Ledger
from sourcebook.paths import DATAPACKAGE, ROOT, SEED_TEXTS, SEEDS_VARIABLE
from whole_book import printed, site  # noqa: F401  -- fixtures

LONG = (
    "test_book", "test_notebooks", "test_checks", "test_every_page", "test_gate", "test_published", "test_axe", "test_pages", "test_touch", "test_interactive",
    "test_sphinx_ext", "test_open_cards", "test_main",
)  # fmt: skip
"""Files that take longest, in the order in which they begin: one builds the book, and the next does not wait for it."""


def pytest_configure(config):
    config.option.loadscopereorder = False  # xdist would begin with the files that have most tests
    config.pluginmanager.register(second_machine)  # a hook of this file is not asked about notebooks


def pytest_collection_modifyitems(items):
    """Begin with long files, so that at the end no worker sits over one alone; notebooks come before short files."""
    ranks = {name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(LONG) + (item.path.suffix != ".ipynb")))


def pytest_sessionfinish(session):
    """Fail a run in which pages were not looked at for want of a browser: what was skipped was not tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", ()) if reporter else ()
    if any(chromium.MISSING in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# Invented: no test quotes a real seed. The form feed of a printed page arrives as a blank line.
SEEDS = {
    "harbour-2024": (
        "The harbour office keeps a ledger of arrivals. In spring the ferry crossed 1,382 times to the outer "
        "islands, and the crew rowed 57 miles along the coast.\n"
        "Repairs lasted 20–22 days and cost nearly $100 million in all. Over 100 companies sent a bid, but the\n"
        "keeper counts the boats every morning and writes\n\ntheir names on a slate beside the door.\n"
        "He says that the tide is the only clock he trusts, and that no visitor believes him.\n"
    ),
    "lighthouse-2023": (
        "Visitors climb the tower on foot. The stair has two hundred steps of stone, worn by many boots.\n"
        "The keeper of the lamp was the third in his family, and he walked 92 kilometres to the town each year.\n"
        "Nobody has counted the gulls. They come back with the herring and leave before the first snow falls.\n"
    ),
}

DEFAULTS = {
    "sources": {
        "source_id": "harbour-2024",
        "short_name": "Harbour",
        "called": "the harbour article",
        "title": "The harbour",
        "producer": "Harbour Press",
        "kind": "article",
        "language": "en",
        "date_published": "2024-03-01",
        "date_basis": "stated",
        "date_note": "Title page",
    },
    "questions": {
        "question_id": "crossings",
        "text": "How often did the ferry cross?",
        "unit": "event",
        "domain": "transit",
    },
    "origins": {"origin_id": "harbour-office", "name": "Harbour office", "kind": "government"},
    "places": {"place_id": "outer-islands", "name": "Outer Islands", "kind": "region", "lat": "36.5", "lon": "71.0"},
    "actors": {"actor_id": "ferry-company", "name": "Ferry company", "kind": "company"},
    "issues": {
        "issue_id": "tolls",
        "name": "Tolls",
        "domain": "economic",
        "proposition": "Ships pay a toll",
    },
    "routes": {"route_id": "coast", "name": "Coast", "status": "operating"},
    "route_legs": {
        "route_id": "coast",
        "leg": "1",
        "from_place_id": "outer-islands",
        "to_place_id": "outer-islands",
        "mode": "sea",
        "km": "12.5",
    },
    "claims": {
        "claim_id": "crossings",
        "source_id": "harbour-2024",
        "question_id": "crossings",
        "quote": "the ferry crossed 1,382 times",
        "subject": "ferry",
        "measure": "crossings in spring",
        "value_low": "1382",
        "value_high": "1382",
        "unit": "event",
        "qualifier": "exact",
        "origin_id": "harbour-office",
        "role": "primary",
        "domain": "transit",
    },
    "events": {
        "event_id": "first-snow",
        "source_id": "lighthouse-2023",
        "quote": "leave before the first snow",
        "date": "2023-11",
        "precision": "month",
        "inferred": "true",
        "title": "First snow",
        "domain": "political",
        "note": "The herring leave in November",
    },
    "event_actors": {"event_id": "first-snow", "actor_id": "ferry-company"},
    "claim_actors": {"claim_id": "crossings", "actor_id": "ferry-company"},
    "stances": {
        "stance_id": "harbour-2024-s004-china",
        "source_id": "harbour-2024",
        "sentence_id": "harbour-2024-s004",
        "quote": "sent a bid",
        "actor_a": "china",
        "relation": "wants",
        "issue_id": "tolls",
        "modality": "actual",
        "strength": "implied",
        "voice": "author",
    },
    "adjudications": {
        "adjudication_id": "harbour-2024-s004-china",
        "sentence_id": "harbour-2024-s004",
        "actor_a": "china",
        "taken": "first",
        "reason": "A bid is a deed",
    },
    "reviews": {
        "review_id": "crossings-almanac",
        "claim_id": "crossings",
        "verdict": "partly",
        "value": "1,400",
        "value_low": "1400",
        "value_high": "1400",
        "unit": "event",
        "qualifier": "about",
        "period": "2024",
        "publisher": "Almanac Society",
        "title": "Almanac",
        "date": "2024",
        "url": "https://example.org/almanac",
        "date_accessed": "2024-05-01",
        "source_kind": "independent",
        "note": "Counts the whole year.",
    },
    "meetings": {
        "row_id": "meetings-pilots",
        "label": "Meetings of the pilots",
        "value_low": "12",
        "value_high": "12",
        "unit": "meeting",
        "qualifier": "exact",
        "period_start": "2024",
        "period_end": "2024",
        "publisher": "Pilots' Guild",
        "url": "https://example.org/guild",
        "date_accessed": "2024-05-01",
        "source_kind": "primary",
    },
}
DEFAULTS["conflicts"] = {"conflict_id": "rowed-or-walked", "kind": "between", "severity": "trust"} | {
    "what": "57 miles are not 92 km.",
    "used": "neither",
    "reason": "Nobody measured.",
}
DEFAULTS["conflict_parties"] = {"conflict_id": "rowed-or-walked", "party": "1", "claim_id": "coast-row"}
DEFAULTS["citations"] = {"citation_id": "harbour-note", "source_id": "harbour-2024", "kind": "note"} | {
    "quote": "the tide is the only clock",
    "title": "Tides",
    "date": "2023",
}
DEFAULTS["leads"] = {"lead_id": "C001", "url": "https://example.org/almanac", "review_id": "crossings-almanac"}
DEFAULTS["trade"] = {**DEFAULTS["meetings"], "row_id": "trade-herring", "flow": "exports", "reporter": "china"}
DEFAULTS["codings"] = {**DEFAULTS["stances"], "coding_id": "first-harbour-2024-s004-china", "coder": "first"}
del DEFAULTS["codings"]["stance_id"]
DEFAULTS["sentences"] = {"source_id": "harbour-2024", "kind": "sentence"}
DEFAULTS["census"] = {"class": "other", "reason": "invented"}
DEFAULTS["border"] = {**DEFAULTS["meetings"], "row_id": "border-length", "unit": "km"}

ROWS = {
    "sources": [
        {},
        {"source_id": "lighthouse-2023", "short_name": "Lighthouse", "title": "The lighthouse"}
        | {"called": "the lighthouse article"},
    ],
    "questions": [
        {},
        {"question_id": "repair-cost", "unit": "USD", "domain": "economic"},
        {"question_id": "repair-time", "unit": "day"},
        {"question_id": "row-length", "unit": "km"},
    ],
    "origins": [{}],
    "places": [{}],
    "actors": [{"actor_id": "china", "name": "China", "kind": "state"}, {}, {"actor_id": "russia", "name": "Russia"}],
    "issues": [{}],
    "routes": [{}],
    "route_legs": [{}],
    "claims": [
        {"claim_id": "coast-row", "question_id": "row-length", "quote": "the crew rowed 57 miles along the coast"}
        | {"value_low": "57", "value_high": "57", "unit": "mile", "place_id": "outer-islands"},
        {},
        {"claim_id": "keeper-walk", "source_id": "lighthouse-2023", "question_id": "row-length"}
        | {"quote": "he walked 92 kilometres to the town", "value_low": "92", "value_high": "92", "unit": "km"},
        {"claim_id": "repair-cost", "question_id": "repair-cost", "quote": "cost nearly $100 million in all"}
        | {"value_low": "", "value_high": "100000000", "unit": "USD", "qualifier": "nearly"},
        {"claim_id": "repair-time", "question_id": "repair-time", "quote": "Repairs lasted 20–22 days"}
        | {"value_low": "20", "value_high": "22", "unit": "day", "qualifier": "range"},
    ],
    "events": [{}],
    "event_actors": [{}],
    "claim_actors": [{}],
    "stances": [{}],
    "codings": [{}, {"coding_id": "second-harbour-2024-s004-china", "coder": "second"}],
    "reviews": [{}],
    "meetings": [{}],
}


CONTENTS = "format: jb-book\nroot: index\nparts:\n  - chapters:\n      - file: book/ferry\n"


@dataclass(frozen=True)
class Project:
    """A project under `root`; tables are named as in the data package."""

    root: Path

    @property
    def tables(self):
        resources = json.loads((self.root / DATAPACKAGE).read_text("utf-8"))["resources"]
        return {r["name"]: r for r in resources if "schema" in r}

    def path(self, table):
        return self.root / self.tables[table]["path"]

    def columns(self, table):
        return [field["name"] for field in self.tables[table]["schema"]["fields"]]

    def copy(self, folder):
        """A copy of the project in `folder`."""
        return Project(Path(shutil.copytree(self.root, folder / "project")))

    def make(self, table, **overrides):
        """A row of `table` with good defaults."""
        return {**dict.fromkeys(self.columns(table), ""), **DEFAULTS[table], **overrides}

    def make_claim(self, **overrides):
        return self.make("claims", **overrides)

    def rows(self, table):
        with self.path(table).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def write(self, table, rows):
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns(table), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.set_bytes(table, out.getvalue().encode())

    def add(self, table, **overrides):
        """Append a row."""
        self.write(table, [*self.rows(table), self.make(table, **overrides)])

    def change(self, table, line, **cells):
        """Change cells of the row that stands on `line` of the file."""
        rows = self.rows(table)
        rows[line - 2].update(cells)
        self.write(table, rows)

    def change_line(self, table, line, change):
        """Put `change(line)` in the place of one line."""
        lines = self.path(table).read_text("utf-8").splitlines()
        lines[line - 1] = change(lines[line - 1])
        self.set_bytes(table, ("\n".join(lines) + "\n").encode())

    def set_bytes(self, table, raw):
        self.path(table).parent.mkdir(parents=True, exist_ok=True)
        self.path(table).write_bytes(raw)

    @property
    def judgements(self):
        return self.root / "data/judgements.yml"

    def change_judgements(self, old, new):
        """Put `new` in the place of `old`, which stands there once."""
        text = self.judgements.read_text("utf-8")
        assert text.count(old) == 1, old
        self.judgements.write_text(text.replace(old, new), encoding="utf-8")

    def seed(self, source_id):
        """The path of a seed text."""
        return self.root / SEED_TEXTS / f"{source_id}.txt"

    def record_seed(self, source_id, text):
        """Write a seed text, and its sha256 and words into ``sources.csv``."""
        self.seed(source_id).parent.mkdir(parents=True, exist_ok=True)
        self.seed(source_id).write_text(text, encoding="utf-8", newline="\n")
        rows = self.rows("sources")
        row = next(r for r in rows if r["source_id"] == source_id)
        row.update(file=f"{source_id}.txt", words=str(len(text.split())))
        row["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        self.write("sources", rows)

    def remove_seeds(self):
        shutil.rmtree(self.root / SEED_TEXTS)

    def count(self):
        """Take the census of the texts: every number in them is somebody's invention."""
        rows = [
            self.make("census", source_id=source, start=str(e.start), end=str(e.end), text=" ".join(e.text.split()))
            for source, text in SEEDS.items()
            for e in census.expressions(text)
        ]
        self.write("census", rows)

    def cut(self):
        """Cut the texts into sentences."""
        rows = []
        for source, text in SEEDS.items():
            number = 0
            for segment in segments.draft(text):
                number += segment.kind == "sentence"
                place = {"source_id": source, "start": str(segment.start), "end": str(segment.end)}
                rows.append(place | {"kind": segment.kind, "sentence_id": f"{source}-s{number:03d}"})
        self.write("sentences", rows)

    def anchor(self):
        return anchoring.anchor(self.root)

    def load(self, **options):
        return Ledger.load(self.root, **options)

    def report(self, *rules):
        """What the named rules say; all but the book's own derivations if none is named."""
        own = [rule for rule in checks.RULES if rule is not checks.derived_values]
        return checks.run(self.root, rules or own)

    def problems(self, *rules):
        return self.report(*rules).problems


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(SEEDS_VARIABLE, raising=False)
        project = Project(tmp_path_factory.mktemp("template"))
        descriptor = json.loads((ROOT / DATAPACKAGE).read_text("utf-8"))
        for resource in descriptor["resources"]:
            resource.pop("hash", None)  # of the book's own codings
        (project.root / DATAPACKAGE).write_text(json.dumps(descriptor), encoding="utf-8")
        for name in project.tables:
            project.write(name, [project.make(name, **row) for row in ROWS.get(name, [])])
        for name in ("units", "likelihoods", "confidences", "ratings"):
            shutil.copy(ROOT / project.tables[name]["path"], project.path(name))
        project.judgements.write_text(JUDGEMENTS, encoding="utf-8")
        (project.root / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
        for source_id, text in SEEDS.items():
            project.record_seed(source_id, text)
        project.count()
        project.cut()
        assert project.anchor() == (9, 0)
        return project


@pytest.fixture
def project(template, tmp_path, monkeypatch):
    """A project in order, whose seed texts are in ``seeds/text``."""
    monkeypatch.delenv(SEEDS_VARIABLE, raising=False)
    return template.copy(tmp_path)


@pytest.fixture
def no_derivations(monkeypatch):
    """The book's derived values set aside; they need the real record."""
    monkeypatch.setattr(derived, "_DEFINITIONS", {})


@pytest.fixture(scope="session")
def book():
    """The ledger of the book itself."""
    return Ledger.load()
