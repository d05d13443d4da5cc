"""Take a document out again: its rows and what hangs on them, with a row in the corrections that stays.

What hangs on it is what `sourcebook.remainder` says: a question that nobody answers any more, a contradiction that is
none without it. Pages that name what goes are listed, not changed: what they say then is their author's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sourcebook.belongings import CONTENTS
from sourcebook.errors import Problem, SourcebookError
from sourcebook.ledger import Ledger, read_descriptor
from sourcebook.paths import DATAPACKAGE
from sourcebook.remainder import remainder
from sourcebook.rows import replace_files, with_rows, without_rows

NAMED = ("claims", "events", "stances", "reviews", "conflicts", "questions", "citations")
"""Tables whose rows pages and derived values name by their ids."""
PAGES = (
    "index.md",
    "book/*.md",
    "seeds/*.md",
    "notebooks/*.ipynb",
    "data/judgements.yml",
    "src/sourcebook/derivations/*.py",
)


@dataclass(frozen=True)
class Plan:
    """What goes with a document.

    Attributes
    ----------
    source_id : str
        The document.
    rows : mapping
        Table -> lines of its file that go.
    pages : tuple of str
        Pages of its own.
    uses : tuple of Problem
        Places that name what goes; an author mends them.
    """

    source_id: str
    rows: Mapping[str, frozenset[int]]
    pages: tuple[str, ...]
    uses: tuple[Problem, ...]

    @property
    def told(self) -> str:
        """The plan in words."""
        counts = ", ".join(f"{len(lines)} of {name}" for name, lines in self.rows.items())
        return f"{self.source_id}: {counts}; pages: {', '.join(self.pages) or 'none'}; {len(self.uses)} places to mend"


def plan(ledger: Ledger, source_id: str) -> Plan:
    """Return what goes with a document; nothing is changed.

    Raises
    ------
    UnknownId
        If there is no such document.
    """
    rest = remainder(ledger, frozenset({source_id}))
    rows = {}
    for name, table in ledger.tables.items():
        kept = {row.line for row in rest.tables[name].rows}
        gone = frozenset(row.line for row in table.rows if row.line not in kept)
        if gone:
            rows[name] = gone
    own = (f"seeds/{source_id}.md", f"book/record-{source_id}.md")
    pages = tuple(page for page in own if (ledger.root / page).is_file())
    return Plan(source_id, rows, pages, tuple(sorted(_uses(ledger, rows, source_id, pages))))


def _uses(
    ledger: Ledger, rows: Mapping[str, frozenset[int]], source_id: str, own: tuple[str, ...]
) -> Iterator[Problem]:
    ids = {source_id}
    for name in NAMED:
        table = ledger.tables[name]
        ids |= {row[table.key[0]] for row in table.rows if row.line in rows.get(name, ())}
    named = re.compile(
        rf"(?<![\w-])(?:record-)?(?P<id>{'|'.join(sorted(map(re.escape, ids), key=len, reverse=True))})(?![\w-])"
    )
    for path in (path for pattern in PAGES for path in sorted(ledger.root.glob(pattern))):
        name = path.relative_to(ledger.root).as_posix()
        if name in own:
            continue
        for line, text in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if len(text) < 20_000:  # a longer line is a picture
                found = dict.fromkeys(match["id"] for match in named.finditer(text))
                if found:
                    yield Problem(name, line, f"names {', '.join(found)}", "say it otherwise, or leave it out")


def withdraw(ledger: Ledger, source_id: str, *, day: str, reason: str, successor: str = "") -> list[str]:
    """Take a document out, and say so in the corrections; return the files that were written or deleted.

    Parameters
    ----------
    ledger : Ledger
        The record.
    source_id : str
        The document.
    day, reason : str
        ISO 8601 date and why, for the row in the corrections.
    successor : str
        The document that stands in its place; blank where none does.

    Raises
    ------
    UnknownId
        If there is no such document.
    SourcebookError
        If there is no reason, or it is the last document.
    """
    if not reason.strip():
        raise SourcebookError("give the reason: it stands on the page of changes")
    if successor:
        ledger.source(successor)
    if len(ledger.sources) == 1:
        raise SourcebookError(f"{source_id} is the only document: without it there is no record")
    going = plan(ledger, source_id)
    files = {}
    for name, lines in going.rows.items():
        path = ledger.tables[name].path
        files[path] = without_rows(ledger.tables[name], (ledger.root / path).read_text(encoding="utf-8"), lines)
    source, corrections = ledger.source(source_id), ledger.tables["corrections"]
    row = {
        "date": day,
        "id": source_id,
        "old": f"{source.short_name}, {len(ledger.claims_of(source_id))} claims and {len(ledger.events_of(source_id))} events",
        "new": f"superseded by {ledger.source(successor).short_name}" if successor else "taken out",
        "reason": reason.strip(),
    }
    text = (ledger.root / corrections.path).read_text(encoding="utf-8")
    files[corrections.path] = with_rows(corrections, text, [row])
    if (ledger.root / CONTENTS).is_file():
        own = rf"^\s*- file: (?:{'|'.join(re.escape(page.removesuffix('.md')) for page in going.pages)})\s*\n"
        contents = (ledger.root / CONTENTS).read_text(encoding="utf-8")
        files[CONTENTS] = re.sub(own, "", contents, flags=re.MULTILINE) if going.pages else contents
    files |= _hashed(ledger.root, files)
    replace_files(ledger.root, files)
    for page in going.pages:
        (ledger.root / page).unlink()
    return [*files, *going.pages]


def _hashed(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Return the descriptor with the sha256 of each file that it holds to one and that changes."""
    descriptor = read_descriptor(root)
    text = (root / DATAPACKAGE).read_text(encoding="utf-8")
    for resource in descriptor["resources"]:
        if "hash" in resource and resource["path"] in files:
            now = f"sha256:{hashlib.sha256(files[resource['path']].encode()).hexdigest()}"
            text = text.replace(json.dumps(resource["hash"]), json.dumps(now))
    return {DATAPACKAGE: text}
