"""Say what of a new document is left to settle, and put its rows into the tables when nothing is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sourcebook import quotes
from sourcebook.belongings import DOSSIER
from sourcebook.errors import LedgerError, Problem
from sourcebook.intake import COMPUTED, SETTLED, Intake, text_of
from sourcebook.ledger import Table, read_tables
from sourcebook.quotes import SeedText
from sourcebook.rows import replace_files, with_rows

SETTLES = ("yes", "y", "x", "true", "1")
"""What an author writes into the column `settled`; a spreadsheet writes some of them by itself."""


def left(intake: Intake, tables: Mapping[str, Table]) -> list[Problem]:
    """Return everything that is left to settle, with its file and line."""
    return sorted([*_left_of_census(intake, tables), *_left_of_statements(intake, tables), *_left_of_rest(intake)])


def progress(intake: Intake) -> str:
    """Return in a few words how much of a document is settled."""
    rows = [row for _, row in intake.rows("census")]
    settled = sum(_settled(row) for row in rows)
    return f"{intake.source_id}: {settled} of {len(rows)} numeric expressions settled"


def _settled(row: Mapping[str, str]) -> bool:
    return row.get(SETTLED, "").strip().lower() in SETTLES


def _left_of_census(intake: Intake, tables: Mapping[str, Table]) -> Iterator[Problem]:
    path = intake.name("census.csv")
    if not (intake.folder / "census.csv").exists():
        yield Problem(
            path, 1, "nothing is proposed yet", "run `.venv/bin/python -m sourcebook add-source` on the text again"
        )
        return
    classes = tables["census"].fields["class"]["constraints"]["enum"]
    refs = {name: {row["ref"] for _, row in intake.rows(f"{name}s")} for name in ("claim", "event")}
    for line, row in intake.rows("census"):
        what = f"{row['text']!r} ({row['context']!r})"
        if not _settled(row):
            yield Problem(
                path, line, f"{what} is not settled", f"mend class, ref and reason, and write yes into {SETTLED}"
            )
        elif row["class"] not in classes:
            yield Problem(path, line, f"{what} has the class {row['class']!r}", f"use one of {', '.join(classes)}")
        elif row["class"] in refs and row["ref"] not in refs[row["class"]]:
            todo = f"name a row of {intake.name(row['class'] + 's.csv')}; add one if need be"
            yield Problem(path, line, f"{what} is of the class {row['class']} and names none", todo)
        elif row["class"] not in refs and not row["reason"]:
            yield Problem(
                path, line, f"{what} is {row['class']} without a reason", "say why it is neither claim nor event"
            )


def _left_of_statements(intake: Intake, tables: Mapping[str, Table]) -> Iterator[Problem]:
    text = text_of(intake)
    for name in ("claims", "events"):
        path, table = intake.name(f"{name}.csv"), tables[name]
        named = {row["ref"] for _, row in intake.rows("census") if row["class"] == name[:-1]}
        questions = {row["question_id"] for row in tables["questions"].rows}
        for line, row in intake.rows(name):
            if row["ref"] not in named:
                continue  # no expression is said to belong to it
            blank = [
                column for column, of in table.fields.items()
                if of.get("constraints", {}).get("required") and column not in COMPUTED and not row.get(column)
            ]  # fmt: skip
            if name == "claims" and row["question_id"] and row["question_id"] not in questions and not row["question"]:
                blank.append("question")
            if name == "events" and not row["actors"]:
                blank.append("actors")
            if blank:
                yield Problem(path, line, f"{row['ref']} ({row['quote']!r}) has no {', '.join(blank)}", "fill them")
            elif not _settled(row):
                yield Problem(
                    path, line, f"{row['ref']} ({row['quote']!r}) is not settled", f"write yes into {SETTLED}"
                )
            elif len(text.find(row["quote"])) != 1:
                what = f"quote {row['quote']!r} stands {len(text.find(row['quote']))} times in the text"
                yield Problem(path, line, what, "quote words that stand once")


def _left_of_rest(intake: Intake) -> Iterator[Problem]:
    path = intake.name("sentences.csv")
    sentences = intake.rows("sentences")
    if sentences and not _settled(sentences[0][1]):
        yield Problem(
            path, 2, "the sentences are not read", f"mend their cuts, and write yes into {SETTLED} of this row"
        )
    for line, row in intake.rows("tellings"):
        if not row["manner"]:
            what = f"how it tells the attack {row['name']!r} is not said"
            yield Problem(
                intake.name("tellings.csv"), line, what, "write singly, generally, omitted or undecided into manner"
            )


# --- into the tables --------------------------------------------------------------------------------------------


def accept(intake: Intake) -> list[str]:
    """Put the rows of a document that is settled into the tables, with its page and a dossier to be written.

    Returns
    -------
    list of str
        The files that were written.

    Raises
    ------
    LedgerError
        If something is left to settle; carries all of it, and nothing is written.
    """
    tables, problems = read_tables(intake.root)
    problems += left(intake, tables) if not problems else []
    if problems:
        raise LedgerError(problems)
    files = {}
    for name, rows in _accepted(intake, tables).items():
        table = tables[name]
        text = (intake.root / table.path).read_text(encoding="utf-8")
        files[table.path] = with_rows(table, text, rows)
    files |= _pages(intake)
    changed = [name for name, text in files.items() if _differs(intake.root / name, text)]
    replace_files(intake.root, files)
    shutil.rmtree(intake.folder)
    return changed


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_bytes() != text.encode()


def _accepted(intake: Intake, tables: Mapping[str, Table]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of a document, by table."""
    source, text = intake.source(), text_of(intake)
    own = {"source_id": intake.source_id}
    census = [own | row for _, row in intake.rows("census")]
    found: dict[str, list[dict[str, str]]] = {"sources": [source], "census": census, "questions": []}
    for name in ("claims", "events"):
        kind, key = name[:-1], f"{name[:-1]}_id"
        named = {row["ref"] for row in census if row["class"] == kind}
        rows = [own | row for _, row in intake.rows(name) if row["ref"] in named]
        keys = {row["ref"]: row[key] for row in rows}
        for row in census:
            row[key] = keys[row["ref"]] if row["class"] == kind else ""
        found[name] = [_anchored(row, text, source["sha256"]) for row in rows]
        found[f"{kind}_actors"] = [
            {key: row[key], "actor_id": actor} for row in rows for actor in filter(None, row["actors"].split("|"))
        ]
    known = {row["question_id"] for row in tables["questions"].rows}
    for row in found["claims"]:
        if row["question_id"] not in known:
            asked = {column: row[column] for column in ("question_id", "unit", "domain")}
            found["questions"].append(asked | {"text": row["question"]})
    for row in census:
        row["reason"] = "" if row["class"] in ("claim", "event") else row["reason"]
    found["sentences"] = [own | row for _, row in intake.rows("sentences")]
    found["tellings"] = [own | row for _, row in intake.rows("tellings")]
    return found


def _anchored(row: dict[str, str], text: SeedText, sha256: str) -> dict[str, str]:
    ((start, end),) = text.find(row["quote"])
    passage = text.text[start:end]
    proof = quotes.digest(sha256, start, end, row["quote"])
    place = {"start": str(start), "end": str(end), "digest": proof}
    return row | place | {"passage": "" if passage == row["quote"] else passage}


RECORD_PAGE = """\
# The record: {title}

Every quantitative statement and every dated happening found in this document, with its words; the document itself is described in {{doc}}`../seeds/{source_id}`.

The tables as files: {{download}}`claims.csv <../data/claims.csv>`, {{download}}`claim_actors.csv <../data/claim_actors.csv>`, {{download}}`events.csv <../data/events.csv>`, {{download}}`reviews.csv <../data/reviews.csv>`.

## Claims

```{{claims}} {source_id}
```

## Events

Dates that are not in the quoted words are marked as inferred, with the reason.

```{{events}} {source_id}
```
"""


def _pages(intake: Intake) -> dict[str, str]:
    """Return the page of the record, the dossier and the contents; a page that is there stays."""
    title = re.sub(r"\d+(?:[–-]\d+)?", lambda m: f"{{plain}}`{m[0]} <name>`", intake.source()["short_name"])
    title = re.sub(r"[<>\[\]*_$\\]", "", title) if title == intake.source()["short_name"] else title
    files = {
        f"book/record-{intake.source_id}.md": RECORD_PAGE.format(title=title, source_id=intake.source_id),
        f"seeds/{intake.source_id}.md": f"# {title}\n\n" + "\n".join(f"## {heading}\n" for heading in DOSSIER),
    }
    files = {name: text for name, text in files.items() if not (intake.root / name).exists()}
    contents = intake.root / "_toc.yml"
    if contents.is_file():
        text = contents.read_text(encoding="utf-8")
        for pattern, page in (
            ("seeds/", f"seeds/{intake.source_id}"),
            ("book/record-", f"book/record-{intake.source_id}"),
        ):
            text = _listed(text, pattern, page)
        files["_toc.yml"] = text
    return files


def _listed(contents: str, pattern: str, page: str) -> str:
    """Return the contents with a page behind the last of its kind that has a document's name."""
    lines = contents.splitlines(keepends=True)
    alike = [i for i, line in enumerate(lines) if re.match(rf"\s*- file: {pattern}[\w-]*\d{{4}}\s*$", line)]
    if not alike or any(line.strip() == f"- file: {page}" for line in lines):
        return contents
    indent = lines[alike[-1]][: len(lines[alike[-1]]) - len(lines[alike[-1]].lstrip())]
    return "".join([*lines[: alike[-1] + 1], f"{indent}- file: {page}\n", *lines[alike[-1] + 1 :]])
