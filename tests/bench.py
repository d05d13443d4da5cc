"""``make bench``: ratios measured in one run, since machines differ and are noisy.

Notebooks two at a time against one; the HTML build against Jupyter Book's stock execution of the same content;
the PDF from the built HTML, in seconds, its size, and whether another folder gives the same bytes;
the HTML build with roles and gate against the same pages without them (`without_roles` says what is left out);
loading and checking the record at 1, 100 and 1,000 times its size, with the growth exponent; and a library of
fifty documents, forty-five of them invented and taken in by the author's own commands.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from made_library import describe, record_of, take_in, text_of
from sourcebook import census, checks, quotes
from sourcebook.anchoring import anchor
from sourcebook.ledger import Ledger, seeds_folder
from sourcebook.models import FIGURE_MIME
from sourcebook.paths import SEEDS_VARIABLE
from sourcebook.pdf.making import PDF
from whole_book import copy_project

SIZES = (1, 100, 1000)
LIBRARY = (5, 10, 25, 50)
"""How many documents the growing library is measured at."""
ROLE = re.compile(
    r"\{(?:claim|event|derived|series|review|period|plain|conflict|stance|judgement|voices|lang)\}`(?:([^`<]+?)\s*<[^`<>]+>|([^`]+))`"
)
WITHOUT_GATE = """
from sourcebook import sphinx_ext
from sourcebook.sphinx_ext import cards, confirmed, gate, uses

for module in (cards, confirmed, gate, uses):
    module.setup = lambda app: None
setup = sphinx_ext.setup
"""
SCALED = ("claims", "questions", "reviews")


def timed(command: list[str], folder: Path) -> float:
    """Run a command and return its seconds."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def empty(folder: Path) -> Path:
    """Make a folder and return it."""
    folder.mkdir()
    return folder


def notebooks(folder: Path, workers: int) -> float:
    """Execute the notebooks of a copy."""
    return timed(
        [sys.executable, "-m", "sourcebook", "--root", str(folder), "notebooks", "--workers", str(workers)], folder
    )


def html(folder: Path, *options: str) -> float:
    """Build the HTML of a copy from nothing."""
    shutil.rmtree(folder / "_build", ignore_errors=True)
    return timed([str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-q", *options], folder)


def pdf(folder: Path) -> float:
    """Print the built HTML of a copy."""
    return timed([sys.executable, "-m", "sourcebook", "--root", str(folder), "pdf"], folder)


def printed(book: Path, base: Path) -> None:
    """Print how long the PDF takes and what it weighs, and whether another folder gives the same bytes."""
    took = pdf(book)
    made = (book / PDF).read_bytes()
    print(
        f"PDF: {took:.1f} s from the built HTML, on {os.cpu_count()} cores (target: at most 30); {len(made) / 1e6:.1f} MB"
    )
    other = copy_project(empty(base / "printed in another folder"))
    html(other)
    pdf(other)
    print(f"PDF: two clean builds in different folders, the same bytes: {(other / PDF).read_bytes() == made}")


def without_roles(folder: Path) -> Path:
    """Leave of every role in a copy its words, or its id where it has none, and turn off what looks at numbers.

    Roles go from pages, from the notebooks' Markdown and from captions. The numeral gate, the look for *confirmed*,
    the look for unused claims and the cards are not set up. What stays: the pages of the record, figures with
    their alt texts and tables filled from it, the judgements with their roles, and the check that outputs are fresh.
    """
    for path in [
        folder / "index.md",
        *folder.glob("book/*.md"),
        *folder.glob("seeds/*.md"),
        folder / "data/codebook.md",
    ]:
        path.write_text(ROLE.sub(_words, path.read_text("utf-8")), encoding="utf-8")
    for path in folder.glob("notebooks/*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = ROLE.sub(_words, "".join(cell["source"]))
            for data in (output["data"] for output in cell.get("outputs", ())):
                if FIGURE_MIME in data:
                    data[FIGURE_MIME]["caption"] = ROLE.sub(_words, data[FIGURE_MIME]["caption"])
        path.write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "without_gate.py").write_text(WITHOUT_GATE, encoding="utf-8")
    config = folder / "_config.yml"
    text = config.read_text("utf-8").replace("- sourcebook.sphinx_ext\n", "- without_gate\n")
    config.write_text(text.replace("sphinx:\n", "sphinx:\n  local_extensions: {without_gate: .}\n"), encoding="utf-8")
    return folder


def _words(role: re.Match[str]) -> str:
    return role[1] or role[2]


def roles(base: Path) -> None:
    """Print what roles and gate cost the build: processor time, the less of two builds each, taken in turns."""
    books = {True: copy_project(empty(base / "bound")), False: without_roles(copy_project(empty(base / "unbound")))}
    took: dict[bool, float] = dict.fromkeys(books, math.inf)
    for _ in range(2):
        for bound, folder in books.items():
            before = os.times()
            html(folder, "-n", "-W", "--keep-going")
            after = os.times()
            spent = after.children_user - before.children_user + after.children_system - before.children_system
            took[bound] = min(took[bound], spent)
    bound, unbound = took[True], took[False]
    print(
        f"HTML: with roles and gate {bound:.1f} s of the processor, without {unbound:.1f} s, "
        f"ratio {bound / unbound:.2f} (target: at most 1.25)"
    )


def scaled(folder: Path, times: int) -> Path:
    """Write a project with `times` as many claims, questions and reviews, over seed texts grown with them."""
    copy_project(folder)
    tables = {t.name: t for t in Ledger.load(folder).tables.values()}
    seeds = folder / "seeds" / "text"
    seeds.mkdir(parents=True)
    spoken: dict[str, list[str]] = {row["source_id"]: [] for row in tables["sources"].rows}
    for name in SCALED:
        table = tables[name]
        rows = [grown(dict(row.cells), name, copy, spoken) for copy in range(times) for row in table.rows]
        rows.sort(key=lambda row: row[table.key[0]])
        write(folder / table.path, table.columns, rows)
    sources = [dict(row.cells) for row in tables["sources"].rows]
    for source in sources:
        text = "\n\n".join(spoken[source["source_id"]]) + "\n\nand nothing else.\n" * 40 * times
        (seeds / source["file"]).write_text(text, encoding="utf-8")
        source["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        source["words"] = str(len(text.split()))
    write(folder / tables["sources"].path, tables["sources"].columns, sources)
    for name in ("events", "event_actors", "claim_actors"):  # their words, or claims, are not in these texts
        write(folder / tables[name].path, tables[name].columns, [])
    write(folder / tables["census"].path, tables["census"].columns, counted(folder, sources))
    return folder


def counted(folder: Path, sources: list[dict[str, str]]) -> list[dict[str, str]]:
    """Take the census of the grown texts."""
    rows = []
    for source in sources:
        text = (folder / "seeds" / "text" / source["file"]).read_text("utf-8")
        for e in census.expressions(text):
            row = {"source_id": source["source_id"], "start": str(e.start), "end": str(e.end)}
            rows.append(row | {"text": " ".join(e.text.split()), "class": "other", "reason": "grown"})
    return rows


def grown(row: dict[str, str], table: str, copy: int, spoken: dict[str, list[str]]) -> dict[str, str]:
    """Return one copy of a row under ids of its own; the first copy keeps its ids, which derived values name."""
    if copy:
        for column in ("claim_id", "question_id", "review_id"):
            if row.get(column):
                row[column] += f"-{copy}"
    if table == "claims":
        row["quote"] = f"{' '.join(quotes.normalise(row['quote']).split()[:14])} x{copy}y"
        spoken[row["source_id"]].append(row["quote"] + ". Then six words that are filler.")
        row.update(start="", end="", digest="")
    return row


def write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def record(base: Path) -> None:
    """Print how long loading, anchoring and checking take as the record grows."""
    took: dict[int, float] = {}
    for times in SIZES:
        folder = scaled(empty(base / f"x{times}"), times)
        os.environ[SEEDS_VARIABLE] = str(folder / "seeds" / "text")
        anchor(folder)
        began = time.perf_counter()
        ledger = Ledger.load(folder)
        loaded = time.perf_counter() - began
        began = time.perf_counter()
        report = checks.run(folder)
        took[times] = time.perf_counter() - began
        found = {p.rule for p in report.problems} - {"quotation_limits"}  # these texts are all quotation
        assert not found, report.problems[:3]
        print(f"  {times:>5} ×: {len(ledger.claims):>7,} claims, load {loaded:6.2f} s, check {took[times]:7.2f} s")
    for small, large in ((1, 1000), (100, 1000)):
        exponent = math.log(took[large] / took[small]) / math.log(large / small)
        print(f"  growth from {small} × to {large} ×: n^{exponent:.2f} (target: at most n^1.1)")


PAGES = "format: jb-book\nroot: index\nparts:\n  - chapters:\n      - file: book/ledger-derived\n      - file: book/ledger\n        sections:\n"


def library(base: Path) -> None:
    """Print how the parts of the work grow with the number of documents, in seconds of the processor."""
    folder = copy_project(empty(base / "library"))
    seeds = folder / "seeds" / "text"
    seeds.mkdir()
    for path in _texts().iterdir():
        shutil.copyfile(path, seeds / path.name)  # without its mode: the texts may be write-protected
    os.environ[SEEDS_VARIABLE] = str(seeds)
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    contents, had = folder / "_toc.yml", len(list(seeds.iterdir()))
    took: dict[str, dict[int, float]] = {}
    for size in LIBRARY:
        for number in range(had, size):
            (base / "made.txt").write_text(text_of(number), encoding="utf-8")
            take_in(folder, base / "made.txt", record_of(number))
            describe(folder, record_of(number)["source_id"])
        had = max(had, size)
        whole = contents.read_text("utf-8")
        pages = sorted(path.stem for path in folder.glob("book/record-*-2*.md"))
        contents.write_text(PAGES + "".join(f"          - file: book/{page}\n" for page in pages), encoding="utf-8")
        own = [sys.executable, "-m", "sourcebook", "--root", str(folder)]
        for what, command in (
            ("check", [*own, "check"]), ("census", [*own, "census"]), ("anchor", [*own, "anchor"]),
            ("pages", [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-q", "--all"]),
        ):  # fmt: skip
            took.setdefault(what, {})[size] = spent(command, folder, environment)
        contents.write_text(whole, encoding="utf-8")
        pages_built = len(list((folder / "_build/html/book").glob("record-*-2*.html")))
        assert pages_built == len(pages), f"{pages_built} of {len(pages)} pages of the record were built"
        shutil.rmtree(folder / "_build/jupyter_execute", ignore_errors=True)
        built = sum(path.stat().st_size for path in (folder / "_build/html").rglob("*.html"))
        told = ", ".join(f"{what} {of[size]:.1f} s" for what, of in took.items())
        print(f"  {size:>3} documents: {told}, {built / 1e6:.1f} MB of pages", flush=True)
    for what, of in took.items():
        steps = [math.log(of[b] / of[a]) / math.log(b / a) for a, b in pairwise(LIBRARY)]
        print(f"  growth of {what}: {', '.join(f'n^{step:.2f}' for step in steps)}")


def _texts() -> Path:
    folder = seeds_folder()
    if folder is None or not folder.is_dir():
        sys.exit(f"the library is measured with the texts: set {SEEDS_VARIABLE} to their folder")
    return folder


def spent(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Run a command and return the seconds of the processor that it took, in all of its processes."""
    before = os.times()
    subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> None:
    """Measure everything and print it; with a name of a part, that alone."""
    if sys.argv[1:] == ["library"]:
        with tempfile.TemporaryDirectory() as name:
            library(Path(name))
        return
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        book, stock_book = (copy_project(empty(base / name)) for name in ("book", "stock"))
        one, two = notebooks(book, 1), notebooks(book, 2)
        print(
            f"notebooks: one at a time {one:.1f} s, two at a time {two:.1f} s, ratio {two / one:.2f} (target: at most 0.7)"
        )
        ours = html(book)
        config = stock_book / "_config.yml"
        config.write_text(config.read_text("utf-8").replace('"off"', "force"), encoding="utf-8")
        stock = html(stock_book)
        print(
            f"HTML: ours {ours:.1f} s, stock execution {stock:.1f} s, ratio {ours / stock:.2f} (target: at most 0.35)"
        )
        printed(book, base)
        print(f"notebooks and HTML: {two + ours:.1f} s, ratio {(two + ours) / stock:.2f} (target: at most 1.0)")
        roles(base)
        if seeds_folder() is not None:
            print("library:")
            library(base)
        print("record:")
        record(base)


if __name__ == "__main__":
    main()
