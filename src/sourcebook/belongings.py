"""What a document needs beside its row to be in the book, and whether it has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sourcebook.errors import Problem
from sourcebook.ledger import Table
from sourcebook.numerals import find_numerals

DOSSIER = ("Who speaks", "What is argued", "Where its figures come from", "Where it is weak", "How it is dated")
"""The headings under which a document is described."""
CONTENTS, RECORD = "_toc.yml", "book/ledger.md"
TOLD = ("README.md", "seeds/README.md")
"""Files that say in words, bound to nothing, how many documents there are."""
_COUNTED = re.compile(r"\b(?P<count>[\w-]+) (?:seed )?(?:documents|texts)\b", re.IGNORECASE)


def page_problems(root: Path, sources: Table) -> Iterator[Problem]:
    """Yield every place that a document should have in the book and has not."""
    if not (root / RECORD).is_file():
        return  # a record without its book
    contents, record = ((root / name).read_text(encoding="utf-8") for name in (CONTENTS, RECORD))
    for row in sources.rows:
        source = row["source_id"]
        dossier, page = f"seeds/{source}", f"book/record-{source}"
        for name, todo in (
            (dossier, "describe the document there under the headings of the others"),
            (page, f"make it after {next(iter(root.glob('book/record-*-*.md')), Path('another')).name}"),
        ):
            if not (root / f"{name}.md").is_file():
                yield Problem(sources.path, row.line, f"{source} has no page {name}.md", todo)
            if not re.search(rf"- file: {re.escape(name)}\s*$", contents, re.MULTILINE):
                line = contents.count("\n") or 1
                yield Problem(
                    CONTENTS, line, f"{name} is not in the contents", f"add `- file: {name}` beside the others"
                )
        yield from _dossier_problems(root, f"{dossier}.md")
        yield from _record_problems(root, f"{page}.md", source)
        if f"record-{source}`" not in record:
            line = next((n for n, text in enumerate(record.splitlines(), start=1) if "{doc}`record-" in text), 1)
            yield Problem(RECORD, line, f"does not lead to record-{source}", f"name {{doc}}`record-{source}` there")


def _dossier_problems(root: Path, name: str) -> Iterator[Problem]:
    if not (root / name).is_file():
        return
    text = (root / name).read_text(encoding="utf-8")
    for heading in DOSSIER:
        found = re.search(rf"^## {heading}\s*$(?P<words>.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        if not found or not found["words"].strip():
            line = text.count("\n", 0, found.start()) + 1 if found else 1
            yield Problem(name, line, f"says nothing under {heading!r}", "write it")


def _record_problems(root: Path, name: str, source: str) -> Iterator[Problem]:
    if not (root / name).is_file():
        return
    text = (root / name).read_text(encoding="utf-8")
    for directive in ("claims", "events"):
        if not re.search(rf"^```\{{{directive}\}} {re.escape(source)}\s*$", text, re.MULTILINE):
            yield Problem(name, 1, f"does not list the {directive} of {source}", f"add the directive {{{directive}}}")


def telling_problems(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield every attack of which some document is asked how it tells it and another is not."""
    table = tables["tellings"]
    there = {(row["happening_id"], row["source_id"]) for row in table.rows}
    asked = dict.fromkeys(row["happening_id"] for row in table.rows)
    for row in tables["sources"].rows:
        missing = [attack for attack in asked if (attack, row["source_id"]) not in there]
        if missing:
            what = (
                f"{row['source_id']} has no row on {len(missing)} of {len(asked)} attacks: {', '.join(missing[:3])} …"
            )
            yield Problem(table.path, 1, what, "say how the document tells each, or that it leaves it out")


def count_problems(root: Path, sources: Table) -> Iterator[Problem]:
    """Yield every number of documents that is told in words and is not how many there are."""
    for name in TOLD:
        path = root / name
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else (), start=1):
            for found in _COUNTED.finditer(text):
                numbers = [n.low for n in find_numerals(found["count"])]
                if numbers and 2 < numbers[0] != len(sources.rows):
                    what = f"{found[0]!r}, and the record has {len(sources.rows)}"
                    yield Problem(name, line, what, "write how many there are")
