"""Take a new document in: its record, and a proposal for every number of it.

What is proposed lies in ``proposed/<source_id>/``, which git ignores: the proposals quote a text at each of its
numbers, and together they would say more of it than the record may. The tables stay as they are until everything is
settled; then `sourcebook.acceptance` puts the rows into them. Whoever is interrupted gives the same command again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sourcebook.census import Expression, expressions
from sourcebook.errors import LedgerError, Problem, SourcebookError
from sourcebook.files import inside
from sourcebook.ledger import Ledger, Table, read_tables, seeds_folder
from sourcebook.paths import PROPOSED, SEED_TEXTS
from sourcebook.periods import days_of
from sourcebook.proposals import Proposal, propose
from sourcebook.quotes import SeedText
from sourcebook.rows import replace_files, written
from sourcebook.segments import draft

MOST_BYTES = 20_000_000
"""A text that is longer is no document: every number of it would have to be read."""
JOURNAL = "journal.jsonl"
STEP = 200  # proposals between two words on progress
SETTLED = "settled"
CENSUS = ("start", "end", "text", "context", "class", "ref", "reason", SETTLED)
EXTRA: Mapping[str, tuple[str, ...]] = {"claims": ("question", "actors"), "events": ("actors",)}
"""What a claim or an event is asked beside its own columns: the text of a question that is new, and actors, joined by |."""
COMPUTED = ("source_id", "digest", "passage")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Intake:
    """A document that is being taken in: the project, its id, and the folder of its proposals."""

    root: Path
    source_id: str

    @property
    def folder(self) -> Path:
        """Where its proposals lie."""
        return self.root / PROPOSED / self.source_id

    def name(self, what: str) -> str:
        """Return the name of one of its files, as a problem tells it."""
        return f"{PROPOSED}/{self.source_id}/{what}"

    def rows(self, what: str) -> list[tuple[int, dict[str, str]]]:
        """Return the rows of one of its tables with their lines; none where it is not there."""
        try:
            with (self.folder / f"{what}.csv").open(encoding="utf-8", newline="") as handle:
                reader = csv.DictReader(handle, restval="")
                found, line = [], 2
                for row in reader:
                    found.append((line, {key: cell or "" for key, cell in row.items() if key}))
                    line = reader.line_num + 1
                return found
        except FileNotFoundError:
            return []
        except (UnicodeDecodeError, csv.Error) as error:
            raise LedgerError(
                [Problem(self.name(f"{what}.csv"), 1, f"cannot be read ({error})", "save it as CSV in UTF-8")]
            ) from None

    def source(self) -> dict[str, str]:
        """Return the record of the document as far as it is known."""
        return next((row for _, row in self.rows("source")), {})


def underway(root: Path) -> list[Intake]:
    """Return the documents that are being taken in."""
    return [Intake(root, path.name) for path in sorted((root / PROPOSED).glob("*")) if (path / "source.csv").is_file()]


# --- the record of the document ---------------------------------------------------------------------------


def read_document(file: Path) -> tuple[bytes, str]:
    """Return bytes and text of a document.

    Raises
    ------
    SourcebookError
        If it is no text that could be coded.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SourcebookError(f"{file} has more than {MOST_BYTES:,} bytes: give the text of one document")
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise SourcebookError(f"{file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise SourcebookError(f"{file} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    if "\0" in text:
        raise SourcebookError(f"{file} holds a NUL byte: it is no text")
    if not text.split():
        raise SourcebookError(f"{file} holds no word")
    return raw, text


def described(table: Table, given: Mapping[str, str], others: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a document's record that are not as the schema wants them, each with what is wrong."""
    for column, of in table.fields.items():
        rules, cell = of.get("constraints", {}), given.get(column, "")
        if rules.get("required") and not cell:
            yield column, "is blank"
        elif cell and re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", cell):
            yield column, "holds a control character"
        elif len(cell) > 1000:
            yield column, "is longer than 1,000 characters"
        elif cell and "enum" in rules and cell not in rules["enum"]:
            yield column, f"{cell!r} is none of {', '.join(rules['enum'])}"
        elif cell and "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
            yield column, f"{cell!r} does not fit the pattern {rules['pattern']}"
        elif rules.get("unique") and any(cell == other[column] for other in others):
            yield column, f"{cell!r} is another document's"
    published = given.get("date_published", "")
    if published and re.fullmatch(table.fields["date_published"]["constraints"]["pattern"], published):
        try:
            days_of(published)
        except ValueError:
            yield "date_published", f"{published!r} is no date"


def begin(root: Path, file: Path, given: Mapping[str, str], ask: Callable[[str, str], str] | None = None) -> Intake:
    """Write the record of a document and put its text beside the others.

    Parameters
    ----------
    root, file : Path
        The project, and the text.
    given : mapping
        Columns of ``sources.csv``; blank ones are asked for, or taken from an intake of the same text that was
        interrupted.
    ask : callable, optional
        Gets a column and what it is, and returns an answer; without it nobody is asked.

    Raises
    ------
    SourcebookError
        If the record is not complete, the document is in the record already, or its text cannot be put anywhere.
    """
    raw, text = read_document(file)
    sha256 = hashlib.sha256(raw).hexdigest()
    tables, problems = read_tables(root)
    if problems:
        raise LedgerError(problems)
    table = tables["sources"]
    for row in table.rows:
        if row["sha256"] == sha256:
            raise SourcebookError(f"this text is in the record already, as {row['source_id']}")
    known = next((i.source() for i in underway(root) if i.source().get("sha256") == sha256), {})
    cells = {**known, **{column: cell for column, cell in given.items() if cell}}
    cells |= {"sha256": sha256, "words": str(len(text.split())), "language": cells.get("language") or "en"}
    others = [row.cells for row in table.rows] + [
        i.source() for i in underway(root) if i.source().get("sha256") != sha256
    ]
    retired = {row["id"] for row in tables["corrections"].rows} - {row["source_id"] for row in table.rows}
    for column, of in table.fields.items():
        if column == "file" and not cells.get("file") and cells.get("source_id"):
            cells["file"] = file.name if _is_in(file, seeds_folder(root)) else f"{cells['source_id']}.txt"
        while ask and (column not in cells or column in dict(described(table, cells, others))):
            cells[column] = ask(column, of["description"]).strip()
            if not cells[column] and not of.get("constraints", {}).get("required"):
                break
            _keep(root, table, cells, others)
    wrong = [f"{column} {what}" for column, what in described(table, cells, others)]
    if cells.get("source_id") in retired:
        wrong.append(
            f"source_id {cells['source_id']!r} was another document's, which was taken out: ids are never reused"
        )
    if wrong:
        raise SourcebookError("; ".join(wrong) + ". Give it with the option of that name (--help lists them)")
    _place_text(root, file, raw, cells["file"])
    _keep(root, table, cells, others)
    return Intake(root, cells["source_id"])


def _keep(root: Path, table: Table, cells: Mapping[str, str], others: Iterable[Mapping[str, str]]) -> None:
    """Write what is known of a document, as soon as it has an id: an answer is never asked for twice."""
    if "source_id" not in dict(described(table, cells, others)):
        intake = Intake(root, cells["source_id"])
        replace_files(root, {intake.name("source.csv"): written(table.columns, [cells])})


def _is_in(file: Path, folder: Path | None) -> bool:
    return folder is not None and file.resolve().parent == folder.resolve()


def _place_text(root: Path, file: Path, raw: bytes, name: str) -> None:
    """Put a text beside the others, unless it is there; never over another."""
    folder = seeds_folder(root) or root / SEED_TEXTS
    place = inside(folder, name)
    if place is None:
        raise SourcebookError(f"file {name!r} leads out of the folder of texts")
    if place.exists() and place.read_bytes() == raw:
        return
    if place.exists():
        raise SourcebookError(f"{place} is another text: give --file another name")
    if folder.is_dir() and not folder.stat().st_mode & 0o222:  # whoever may write everywhere would not be stopped
        raise SourcebookError(
            f"{folder} is write-protected: put the text of {file} there as {name}, or name another folder"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.part")
        part.write_bytes(raw)
        part.replace(place)
    except OSError as error:
        raise SourcebookError(f"{place} cannot be written ({error.strerror}): put the text of {file} there") from None


def text_of(intake: Intake) -> SeedText:
    """Return the text of a document that is being taken in.

    Raises
    ------
    SourcebookError
        If it is missing, or not the one that was given.
    """
    cells = intake.source()
    folder = seeds_folder(intake.root) or intake.root / SEED_TEXTS
    place = inside(folder, cells["file"])
    if place is None or not place.is_file():
        raise SourcebookError(f"the text of {intake.source_id} is not in {folder} as {cells['file']}")
    raw, text = read_document(place)
    if hashlib.sha256(raw).hexdigest() != cells["sha256"]:
        raise SourcebookError(f"{place} is not the text that was given for {intake.source_id}")
    return SeedText(intake.source_id, text)


# --- proposals ---------------------------------------------------------------------------------------------


def prepare(intake: Intake, say: Say, supersedes: str = "") -> None:
    """Write the proposals of a document, those that are not there: what an author has changed stays.

    Each proposal goes into a journal as it is made, so that an interruption costs one. What the record has of a
    document that this one `supersedes` is proposed again where its words stand in the new text.
    """
    text = text_of(intake)
    tables, problems = read_tables(intake.root)
    if problems:
        raise LedgerError(problems)
    if not (intake.folder / "census.csv").exists():
        ledger = Ledger.from_tables(intake.root, tables)
        before = _statements_of(ledger, supersedes, text, say) if supersedes else {}
        made = _proposed(intake, text, ledger, say)
        replace_files(intake.root, dict(_proposal_files(intake, text, tables, made, before)))
        (intake.folder / JOURNAL).unlink(missing_ok=True)
    if not (intake.folder / "sentences.csv").exists():
        say("cutting the text into sentences")
        replace_files(intake.root, {intake.name("sentences.csv"): _sentences(intake, text)})
    if not (intake.folder / "tellings.csv").exists():
        replace_files(intake.root, {intake.name("tellings.csv"): _tellings(intake, tables)})


def _proposed(intake: Intake, text: SeedText, ledger: Ledger, say: Say) -> list[Proposal]:
    journal = intake.folder / JOURNAL
    made = _journalled(journal)
    total = sum(1 for _ in expressions(text.text))
    done = sum(len(proposal.expressions) for proposal in made)
    say(f"{total} numeric expressions" + (f", {done} of them proposed before" if done else ""))
    with journal.open("a", encoding="utf-8", newline="\n") as handle:
        after = made[-1].expressions[-1].end if made else 0
        for proposal in propose(text, ledger.units, after):
            handle.write(json.dumps(asdict(proposal)) + "\n")
            handle.flush()
            made.append(proposal)
            done += len(proposal.expressions)
            if len(made) % STEP == 0:
                say(f"proposed {done} of {total}")
    say(f"proposed {done} of {total}")
    return made


def _journalled(journal: Path) -> list[Proposal]:
    """Return the proposals of a journal, and cut off what was being written when it ended."""
    if not journal.exists():
        return []
    whole = journal.read_bytes().rpartition(b"\n")[0]
    journal.write_bytes(whole + b"\n" if whole else b"")
    made = []
    for line in whole.decode("utf-8").splitlines():
        cells = json.loads(line)
        made.append(Proposal(tuple(Expression(**e) for e in cells.pop("expressions")), **cells))
    return made


Before = Mapping[tuple[int, int], tuple[str, Mapping[str, str]]]
"""Kind and cells of what an older document says, by its place in the new text."""


def _statements_of(ledger: Ledger, source_id: str, text: SeedText, say: Say) -> Before:
    """Return the claims and events of an older document whose words stand once in a new text."""
    ledger.source(source_id)
    found: dict[tuple[int, int], tuple[str, Mapping[str, str]]] = {}
    for kind in ("claim", "event"):
        rows = [row for row in ledger.tables[f"{kind}s"].rows if row["source_id"] == source_id]
        for row in rows:
            actors = ledger.claims[row["claim_id"]].actors if kind == "claim" else ledger.events[row["event_id"]].actors
            if len(places := text.find(row["quote"])) == 1:
                kept = {c: cell for c, cell in row.cells.items() if c not in (*COMPUTED, f"{kind}_id", "start", "end")}
                found[places[0]] = kind, kept | {"actors": "|".join(actors)}
        say(f"{sum(k == kind for k, _ in found.values())} of {len(rows)} {kind}s of {source_id} stand in this text too")
    return found


def _known(proposal: Proposal, before: Before) -> tuple[Proposal, Mapping[str, str]]:
    """Return a proposal as the older document was coded at this place, with the cells of its row."""
    for (start, end), (kind, cells) in before.items():
        if start <= proposal.expressions[0].start and proposal.expressions[-1].end <= end:
            place = {"start": str(start), "end": str(end)}
            return replace(proposal, kind=kind, why=""), {**cells, **place}
    return proposal, {}


def _proposal_files(
    intake: Intake, text: SeedText, tables: Mapping[str, Table], made: list[Proposal], before: Before
) -> Iterator[tuple[str, str]]:
    census, found = [], dict[str, list[dict[str, str]]](claims=[], events=[])
    for number, first in enumerate(made, start=1):
        proposal, known = _known(first, before)
        ref = f"{proposal.kind[0]}{number:04d}" if proposal.kind in ("claim", "event") else ""
        if ref:
            found[f"{proposal.kind}s"].append({**_statement(ref, proposal), **known})
        for e in proposal.expressions:
            around = " ".join(text.text[max(0, e.start - 40) : e.end + 40].split())
            row = {"start": str(e.start), "end": str(e.end), "text": " ".join(e.text.split()), "context": around}
            census.append(row | {"class": proposal.kind, "ref": ref, "reason": "" if ref else proposal.why})
    for name, rows in found.items():
        columns = [c for c in tables[name].columns if c not in COMPUTED]
        yield intake.name(f"{name}.csv"), written(("ref", *columns, *EXTRA[name], SETTLED), rows)
    yield intake.name("census.csv"), written(CENSUS, census)  # last: where it is, the others are


def _statement(ref: str, proposal: Proposal) -> dict[str, str]:
    place = {"start": str(proposal.start), "end": str(proposal.end)} if proposal.quote else {}
    shared = {"ref": ref, "quote": proposal.quote, **place}
    if proposal.kind == "event":
        precision = ("year", "month", "day")[proposal.date.count("-")]
        return shared | {"date": proposal.date, "precision": precision, "inferred": "false"}
    cells = {"value_low": proposal.low, "value_high": proposal.high, "unit": proposal.unit}
    return shared | cells | {"qualifier": proposal.qualifier, "aside": "detail"}


def _sentences(intake: Intake, text: SeedText) -> str:
    rows, number = [], 0
    for segment in draft(text.text):
        number += segment.kind == "sentence"
        key = f"{intake.source_id}-s{number:03d}" if segment.kind in ("sentence", "continuation") else ""
        words = " ".join(text.text[segment.start : segment.end].split())
        shown = words if len(words) < 60 else f"{words[:30]} … {words[-25:]}"
        rows.append(
            {
                "start": str(segment.start),
                "end": str(segment.end),
                "kind": segment.kind,
                "sentence_id": key,
                "words": shown,
            }
        )
    return written(("start", "end", "kind", "sentence_id", "words", SETTLED), rows)


def _tellings(intake: Intake, tables: Mapping[str, Table]) -> str:
    """Return a row for each attack that the other documents are asked about; one after the document is settled."""
    published = days_of(intake.source()["date_published"])[1]
    asked = {row["happening_id"] for row in tables["tellings"].rows}
    rows = []
    for row in tables["incidents"].rows:
        if row["happening_id"] in asked:
            later = days_of(row["date"])[0] > published
            rows.append({"happening_id": row["happening_id"], "name": row["name"], "manner": "later" if later else ""})
    return written(("happening_id", "name", "manner", "event_id", "claim_id", "note"), rows)
