"""What is done with the built pages: a PDF that was made of them is linked in them, and a release is gathered.

``python -m sourcebook.sphinx_ext.release <pages> <folder>`` gathers; ``python -m sourcebook.sphinx_ext.release --link <pages> <pdf>`` links.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zipfile
from pathlib import Path

SUMS = "SHA256SUMS"
PAGES = "convergence-and-divergence-html.zip"
DATA = "data"  # folder of the exports, below the pages
WAITING = re.compile(r"<!--pdf ([^ >]+)-->")
EPOCH = (1980, 1, 1, 0, 0, 0)


def zipped(folder: Path) -> bytes:
    """Return a folder as a zip whose bytes depend on names and content alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(f"convergence-and-divergence/{path.relative_to(folder).as_posix()}", EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(info, path.read_bytes())
    return out.getvalue()


def assets(pages: Path) -> dict[str, bytes]:
    """Return what a release has, by name: the pages, the PDF and the data where they are there."""
    found = {PAGES: zipped(pages)}
    for path in (*sorted(pages.glob("*.pdf")), *sorted((pages / DATA).glob("*"))):
        if path.is_file() and path.suffix in (".pdf", ".zip", ".json"):
            found[path.name] = path.read_bytes()
    return found


def write(pages: Path, folder: Path) -> None:
    """Write the assets and their checksums, as ``sha256sum -c`` reads them."""
    made = assets(pages)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(made[name]).hexdigest()}  {name}\n" for name in sorted(made))
    (folder / SUMS).write_text(sums, encoding="utf-8", newline="\n")


def link(pages: Path, pdf: Path) -> None:
    """Put the PDF beside the pages that it was made of, and the link to it where they keep a place for it."""
    (pages / pdf.name).write_bytes(pdf.read_bytes())
    for path in sorted(pages.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        linked = WAITING.sub(r'<a class="header-link" href="\1" title="The book as PDF">PDF</a>', text)
        if linked != text:
            path.write_text(linked, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1] == "--link":
        link(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        write(Path(sys.argv[1]), Path(sys.argv[2]))
