"""``python -m sourcebook check | census | anchor | notebooks | pdf``: the commands an author uses."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sourcebook.errors import LedgerError
from sourcebook.paths import ROOT, SEEDS_VARIABLE


def _check(arguments: argparse.Namespace) -> int:
    from sourcebook import checks

    report = checks.run(arguments.root)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    count = len(report.problems)
    print(f"checked {report.rows} rows by {len(checks.RULES)} rules; anchors: {report.anchors}")
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
    print(f"{done} quotations anchored, {left} left (`python -m sourcebook check` says why)")
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
    notebooks = commands.add_parser("notebooks", help="execute every notebook in place")
    notebooks.add_argument("--workers", type=int, default=2, help="how many at a time (default: 2)")
    notebooks.set_defaults(run=_notebooks)
    commands.add_parser("pdf", help="make a PDF of the built pages").set_defaults(run=_pdf)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except LedgerError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
