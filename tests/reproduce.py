"""``make reproduce``: notebooks, pages, exports and PDF made twice, as on two machines, and compared byte for byte."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import second_machine
from whole_book import copy_project

MADE = ("notebooks", "_build/html", "_build/pdf")
STEPS = {
    "notebooks": ("-m", "sourcebook", "--root", ".", "notebooks"),
    "pages": (str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-n", "-W", "--keep-going", "-q"),
    "pdf": ("-m", "sourcebook", "--root", ".", "pdf"),
}
UNREAD = (".buildinfo",)
"""What Sphinx notes for its own next build: a hash of its settings, of which one is where the package lies."""
AROUND = 40  # bytes shown on each side of a difference


class Failed(Exception):
    """A step of a build that failed; carries what it told."""


def make(folder: Path, of: dict[str, str]) -> None:
    """Make everything in a clean folder, by the package that is in it."""
    folder.mkdir(parents=True)
    copy_project(folder)
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        notebook.write_text(stripped(notebook.read_text(encoding="utf-8")), encoding="utf-8")
    environment = second_machine.environment(of, PYTHONPATH=str(folder / "src"), SITE_URL="", REPOSITORY_URL="")
    for name, command in STEPS.items():
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Failed(f"{folder.name}: {name}\n{done.stdout}{done.stderr}")
        print(f"  {folder.name}: {name} in {time.perf_counter() - began:.0f} s", flush=True)


def stripped(notebook: str) -> str:
    """Return a notebook without outputs, so that what is compared was made here."""
    import nbformat

    made = nbformat.reads(notebook, as_version=4)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return str(nbformat.writes(made, version=4))


def files(folder: Path) -> dict[str, Path]:
    """Return what was made, by its path."""
    found = (
        path
        for name in MADE
        for path in sorted((folder / name).rglob("*"))
        if path.is_file() and path.name not in UNREAD
    )
    return {path.relative_to(folder).as_posix(): path for path in found}


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield each file that is not the same in two folders, with the first byte that differs and what is around it."""
    first, second = files(one), files(other)
    for name in sorted({*first, *second}):
        if name not in first or name not in second:
            yield f"{name}: only in {one.name if name in first else other.name}"
            continue
        a, b = first[name].read_bytes(), second[name].read_bytes()
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            shown = [text[max(0, at - AROUND) : at + AROUND] for text in (a, b)]
            yield f"{name}: byte {at}: {shown[0]!r} against {shown[1]!r}"


def main() -> int:
    """Return 1 if a byte differs, 2 if something could not be made."""
    with tempfile.TemporaryDirectory() as base:
        if told := second_machine.not_simulated(Path(base)):
            print("\n".join(told), file=sys.stderr)
            return 2
        one, other = Path(base, "first-machine"), Path(base, "elsewhere", "in a folder", "second-machine")
        try:
            make(one, second_machine.FIRST)
            make(other, second_machine.SECOND)
        except Failed as error:
            print(error, file=sys.stderr)
            return 2
        made, found = files(one), list(differences(one, other))
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(made)} files, {len(found)} of them different")
    return 1 if found or not made else 0


if __name__ == "__main__":
    sys.exit(main())
