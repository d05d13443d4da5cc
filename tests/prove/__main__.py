"""``make prove``: plant every error, ask its gate, list the survivors and write the table of the book."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from prove import table
from prove.mutants import KINDS, SEED
from prove.prover import Unsound, run
from sourcebook.paths import ROOT
from whole_book import build, copy_project


def main() -> int:
    """Return 1 if an error survived that the list does not excuse."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument("--built", type=Path, help="a folder in which the book was built (default: build it)")
    parser.add_argument("--seed", default=SEED, help=f"what errors are drawn from (default: {SEED}, that of the table)")
    arguments = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        built = arguments.built or copy_project(Path(folder))
        code, output = (0, "") if arguments.built else build(built)
        if code:
            print(output, file=sys.stderr)
            return 2
        if not any((built / "_build/pdf").glob("*.pdf")):
            from sourcebook.pdf.making import make

            make(built)
        try:
            results = run(built.resolve(), arguments.seed)
        except Unsound as error:
            print(f"the book is not in order before anything is planted:\n{error}", file=sys.stderr)
            return 2
    survivors = [result for result in results if not result.killed]
    for result in survivors:
        excuse = " (on the list)" if table.excused(ROOT, result) else ""
        print(f"survived{excuse}: {result.mutant}", *(f"  instead: {line}" for line in result.told), sep="\n")
    found, listed = table.rows(results), table.write_errors(ROOT, results)
    seconds = time.perf_counter() - began
    killed = len(results) - len(survivors)
    print(f"{len(results)} errors of {len(found)} kinds planted, {killed} found by the gate named, in {seconds:.0f} s")
    print(f"each of them is in {listed.relative_to(ROOT)}")
    if len(found) < len(KINDS):
        print("some kinds need the texts of the documents (SOURCEBOOK_SEEDS): the table is left as it was")
    elif arguments.seed == SEED:
        table.write(ROOT, found)
    return 1 if any(not table.excused(ROOT, result) for result in survivors) else 0


if __name__ == "__main__":
    sys.exit(main())
