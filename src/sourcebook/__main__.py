"""``python -m sourcebook check | census | anchor | notebooks | add-source | accept-source | remove-source | pdf``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sourcebook.errors import LedgerError, SourcebookError
from sourcebook.paths import ROOT, SEEDS_VARIABLE


def _check(arguments: argparse.Namespace) -> int:
    from sourcebook import checks
    from sourcebook.acceptance import progress
    from sourcebook.intake import underway

    report = checks.run(arguments.root)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    count = len(report.problems)
    print(f"checked {report.rows} rows by {len(checks.RULES)} rules; anchors: {report.anchors}")
    print(f"published values: {report.published}")
    for intake in underway(arguments.root):
        print(f"being taken in, and in no table yet: {progress(intake)}")
    print(f"{count} problem{'' if count == 1 else 's'}" if count else "the record is in order")
    return 1 if count else 0


def _anchor(arguments: argparse.Namespace) -> int:
    from sourcebook.anchoring import anchor
    from sourcebook.ledger import seeds_folder

    folder = seeds_folder(arguments.root)
    if folder is None or not folder.is_dir():
        print(f"no seed texts: set {SEEDS_VARIABLE} to the folder that holds them", file=sys.stderr)
        return 2
    done, left = anchor(arguments.root)
    print(f"{done} quotations anchored, {left} left (`.venv/bin/python -m sourcebook check` says why)")
    return 1 if left else 0


def _census(arguments: argparse.Namespace) -> int:
    from sourcebook import census
    from sourcebook.ledger import read_tables, seed_texts, seeds_folder

    folder = seeds_folder(arguments.root)
    if folder is None or not folder.is_dir():
        print(f"no seed texts: set {SEEDS_VARIABLE} to the folder that holds them", file=sys.stderr)
        return 2
    tables, problems = read_tables(arguments.root)
    if problems:
        raise LedgerError(problems)
    found = list(census.problems(tables["census"], seed_texts(arguments.root, tables)))
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"{len(tables['census'].rows)} numeric expressions classified, {len(found)} unclassified or moved")
    return 1 if found else 0


DESCRIBED = (
    "source_id", "short_name", "called", "title", "author", "producer", "kind", "language", "date_published",
    "date_basis", "date_note", "file",
)  # fmt: skip
"""Columns of a document's record that an author gives, each with an option of its name."""


def _ask(column: str, what: str) -> str:
    return input(f"{column} ({what}): ")


def _say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


def _add_source(arguments: argparse.Namespace) -> int:
    from sourcebook import acceptance, intake
    from sourcebook.ledger import read_tables

    given = {column: getattr(arguments, column) or "" for column in DESCRIBED}
    ask = _ask if sys.stdin.isatty() and not arguments.no_input else None
    begun = intake.begin(arguments.root, arguments.text, given, ask)
    intake.prepare(begun, _say, arguments.supersedes or "")
    left = acceptance.left(begun, read_tables(arguments.root)[0])
    print(acceptance.progress(begun))
    print(
        f"{len(left)} left; settle them in {begun.name('')}, then `.venv/bin/python -m sourcebook accept-source {begun.source_id}`"
    )
    return 0


def _accept_source(arguments: argparse.Namespace) -> int:
    from sourcebook import acceptance
    from sourcebook.intake import Intake

    begun = Intake(arguments.root, arguments.source_id)
    if not begun.source():
        print(f"{arguments.source_id!r} is not being taken in: begin with add-source", file=sys.stderr)
        return 2
    try:
        changed = acceptance.accept(begun)
    except LedgerError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} left; {acceptance.progress(begun)}")
        return 1
    print(f"{arguments.source_id} is in the record; written: {', '.join(changed)}")
    print("now write its dossier, and follow `.venv/bin/python -m sourcebook check`")
    return 0


def _remove_source(arguments: argparse.Namespace) -> int:
    from sourcebook import withdrawal
    from sourcebook.ledger import Ledger

    ledger = Ledger.load(arguments.root)
    plan = withdrawal.plan(ledger, arguments.source_id)
    for use in plan.uses:
        print(use, file=sys.stderr)
    print(plan.told)
    if not arguments.yes:
        print("nothing is changed yet: give --yes and a --reason to do it")
        return 0
    successor = arguments.superseded_by or ""
    changed = withdrawal.withdraw(
        ledger,
        plan.source_id,
        day=arguments.date or date.today().isoformat(),
        reason=arguments.reason or "",
        successor=successor,
    )
    print(f"{plan.source_id} is taken out; changed: {', '.join(changed)}")
    print("its text is left where it is; mend the places above, and follow `.venv/bin/python -m sourcebook check`")
    return 0


def _source_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = commands.add_parser("add-source", help="take a new document in; given again, it goes on")
    add.add_argument("text", type=Path, metavar="FILE", help="the text of the document, in UTF-8")
    for column in DESCRIBED:
        names: Sequence[str] = (f"--{column.replace('_', '-')}",)
        add.add_argument(
            *(("--id",) if column == "source_id" else ()), *names, dest=column, help="as in seeds/sources.csv"
        )
    add.add_argument("--supersedes", metavar="ID", help="a document of which this is a better text or a new edition")
    add.add_argument("--no-input", action="store_true", help="ask nothing: what is missing is an error")
    add.set_defaults(run=_add_source)
    accept = commands.add_parser("accept-source", help="put what is settled of a new document into the tables")
    accept.add_argument("source_id", metavar="ID")
    accept.set_defaults(run=_accept_source)
    remove = commands.add_parser("remove-source", help="show what goes with a document; with --yes take it out")
    remove.add_argument("source_id", metavar="ID")
    remove.add_argument("--reason", help="why, for the page of changes")
    remove.add_argument("--superseded-by", metavar="ID", help="the document that stands in its place")
    remove.add_argument("--date", help="day of the correction (default: today)")
    remove.add_argument("--yes", action="store_true", help="do it")
    remove.set_defaults(run=_remove_source)


def _notebooks(arguments: argparse.Namespace) -> int:
    from sourcebook.notebooks import execute_all

    return execute_all(arguments.root, workers=arguments.workers)


def _pdf(arguments: argparse.Namespace) -> int:
    from sourcebook.pdf.making import make
    from sourcebook.pdf.problems import MissingTool, PrintError

    try:
        print(f"The PDF is ready: {make(arguments.root)}")
    except MissingTool as error:
        print(error, file=sys.stderr)
        return 2
    except PrintError as error:
        print(error, f"{len(error.problems)} in the way of the PDF", sep="\n", file=sys.stderr)
        return 1
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 in order, 1 problems found, 2 cannot run."""
    parser = argparse.ArgumentParser(prog="python -m sourcebook", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project (default: this one)")
    commands = parser.add_subparsers(required=True, metavar="command")
    commands.add_parser("check", help="hold the record against every rule").set_defaults(run=_check)
    commands.add_parser("anchor", help="write offsets and digests beside the quotations").set_defaults(run=_anchor)
    commands.add_parser("census", help="list the numbers of the texts that are unclassified or moved").set_defaults(
        run=_census
    )
    _source_commands(commands)
    notebooks = commands.add_parser("notebooks", help="execute every notebook in place")
    notebooks.add_argument("--workers", type=int, default=2, help="how many at a time (default: 2)")
    notebooks.set_defaults(run=_notebooks)
    commands.add_parser("pdf", help="make a PDF of the built pages").set_defaults(run=_pdf)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except SourcebookError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; give the same command again, and it goes on", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
