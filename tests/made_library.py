"""A library of invented documents, and an author who settles every proposal at once: for tests and for `make bench`."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

from sourcebook.acceptance import accept
from sourcebook.belongings import DOSSIER
from sourcebook.intake import Intake, begin, prepare

WORDS = (
    "harbour ferry keeper tide rope slate lantern herring gull mast anchor cargo pilot channel warehouse ledger "
    "merchant captain sailor crane winch barrel canvas compass fog shore island quay breakwater customs clerk"
).split()
PLACES = "northern southern eastern western outer inner upper lower old new".split()


def text_of(number: int, *, paragraphs: int = 40, seed: int = 2026) -> str:
    """An invented document: the same for the same number and seed, with a number or a date in each paragraph."""
    draw = random.Random(seed * 1000 + number)
    made = [f"Report on the {draw.choice(PLACES)} {draw.choice(WORDS)} of office {chr(65 + number % 26)}"]
    for _ in range(paragraphs):
        before, after = (" ".join(draw.choices(WORDS, k=draw.randint(12, 18))) for _ in range(2))
        count, unit = draw.randint(3, 9999), draw.choice(["kilometres", "companies", "days", "meetings", "percent"])
        year = f"{draw.choice(['March', 'June', 'October'])} {draw.randint(2001, 2024)}"
        fact = draw.choice([f"counted {count:,} {unit}", f"was opened in {year}", f"saw over {count:,} {unit}"])
        made.append(f"The {before} {fact} beside the {after}.")
    return "\n\n".join(made) + "\n"


def record_of(number: int) -> dict[str, str]:
    """The record of an invented document."""
    return {
        "source_id": f"made-{number:03d}-2025", "short_name": f"Report {_letters(number)} (2025)",
        "called": f"report {_letters(number)}", "title": f"Report {_letters(number)}", "producer": "Harbour office",
        "kind": "report", "date_published": "2025", "date_basis": "stated", "date_note": "Title page",
    }  # fmt: skip


def _letters(number: int) -> str:
    return chr(65 + number // 26) + chr(65 + number % 26)


def settle(intake: Intake, *, actor: str = "china", origin: str = "unknown") -> None:
    """Settle every proposal as it is, each claim with a question of its own; what has no quotation or value is other."""
    whole = {
        name: {
            r["ref"]
            for _, r in intake.rows(name)
            if r["quote"] and (r.get("value_low") or r.get("value_high") or r.get("date"))
        }
        for name in ("claims", "events")
    }

    def census(row: dict[str, str]) -> None:
        if row["ref"] and row["ref"] not in whole[f"{row['class']}s"]:
            row.update({"class": "other", "ref": "", "reason": "no value"})
        row["settled"] = "yes"

    def claim(row: dict[str, str]) -> None:
        key = f"{intake.source_id}-{row['ref']}"
        row.update(claim_id=key, question_id=key, question=f"How many in {key}?", subject="Harbour", measure="made up")
        row.update(unit=row["unit"] or "item", origin_id=origin, role="relayed", domain="economic", settled="yes")

    def event(row: dict[str, str]) -> None:
        key = f"{intake.source_id}-{row['ref']}"
        row.update(event_id=key, title="Opening", domain="economic", actors=actor, settled="yes")

    edit(intake, "census", census)
    edit(intake, "claims", claim)
    edit(intake, "events", event)
    edit(intake, "sentences", lambda row: row.update(settled="yes"))
    edit(intake, "tellings", lambda row: row.update(manner=row["manner"] or "omitted"))


def edit(intake: Intake, name: str, change) -> None:
    """Change every row of one of an intake's tables."""
    path = intake.folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        rows, columns = list(reader), reader.fieldnames
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def take_in(root: Path, file: Path, record: dict[str, str], **settled: str) -> list[str]:
    """Take a document in from its text to its rows; return the files written."""
    intake = begin(root, file, record)
    prepare(intake, lambda words: None)
    settle(intake, **settled)
    return accept(intake)


def describe(root: Path, source_id: str) -> None:
    """Write a dossier, and the way to the page of the record."""
    path = root / "seeds" / f"{source_id}.md"
    text = path.read_text(encoding="utf-8")
    for heading in DOSSIER:
        text = text.replace(f"## {heading}\n", f"## {heading}\n\nInvented.\n")
    path.write_text(text, encoding="utf-8")
    ledger = root / "book" / "ledger.md"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(
        re.sub(r"(\{doc\}`record-[\w-]*\d{4}`)(?=;)", rf"\1, {{doc}}`record-{source_id}`", text), encoding="utf-8"
    )
