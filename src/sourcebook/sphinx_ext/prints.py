"""Each figure as a PNG at an address that stays: the picture, and below it where its numbers come from.

Who pastes a picture elsewhere leaves page and caption behind; the source line goes with it. The pictures are drawn
when the pages are written, by all processors, and only those that have changed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import textwrap
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import resvg_py
from docutils import nodes
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sourcebook.models import FIGURE_MIME
from sourcebook.palette import MUTED, PAPER
from sourcebook.sphinx_ext.site import folder_of, relative

FOLDER = "figures"  # below the pages
WIDTH = 1200  # px: a column of print at 300 dpi
MARGIN, SIZE, LEADING = 24, 20, 28  # px
BUILDERS = ("html", "dirhtml")
_ONLY = " or ".join(f"builder_{name}" for name in BUILDERS)


def addresses(env: BuildEnvironment, name: str, source: str) -> nodes.Node:
    """Return the links to a figure's own address and to its PNG, and note that the PNG is to be drawn."""
    _kept(env).setdefault(env.docname, {})[name] = source
    builder = env.app.builder  # another than these has no address for a page
    path = relative(f"{FOLDER}/{name}.png", folder_of(builder, env.docname) if builder.name in BUILDERS else "")
    links = (
        nodes.reference("", "Link to this figure", refuri=f"#fig-{name}", internal=True),
        nodes.Text(" · "),
        nodes.reference("", "Picture with its sources (PNG)", refuri=path, internal=True),
    )
    told = nodes.paragraph("", "", *links, classes=["evidence-generated", "figure-addresses"])
    return addnodes.only("", told, expr=_ONLY)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), SIZE)


def _lines(text: str, width: int) -> list[str]:
    """Return a text in lines that are no wider than this."""
    columns = width // 9
    while True:
        lines = textwrap.wrap(text, columns)
        if columns < 20 or all(_font().getlength(line) <= width for line in lines):
            return lines
        columns -= 3


def drawn(svg: str, source: str) -> bytes:
    """Return a figure as PNG with its source line; the same bytes from the same figure."""
    # without a resolution a size in points is none; the letters of a picture are paths, so no font is sought
    made = resvg_py.svg_to_bytes(svg_string=svg, width=WIDTH, dpi=96, background=PAPER, skip_system_fonts=True)
    picture = Image.open(io.BytesIO(bytes(made))).convert("RGB")
    lines = _lines(source, WIDTH - 2 * MARGIN)
    sheet = Image.new("RGB", (WIDTH, picture.height + LEADING * len(lines) + 2 * MARGIN), PAPER)
    sheet.paste(picture, (0, MARGIN // 2))
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        pen.text((MARGIN, picture.height + MARGIN + number * LEADING), line, font=_font(), fill=MUTED)
    out = io.BytesIO()
    sheet.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, format="PNG")
    return out.getvalue()


def _draw(path: Path, svg: str, source: str) -> None:
    path.write_bytes(drawn(svg, source))


def _wanted(app: Sphinx) -> Iterable[tuple[str, str, str]]:
    """Yield name, picture and source line of every figure of the book."""
    for docname, figures in sorted(_kept(app.env).items()):
        notebook = json.loads(Path(app.env.doc2path(docname)).read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for data in (output.get("data", {}) for output in cell.get("outputs", ())):
                name = data.get(FIGURE_MIME, {}).get("name")
                if name in figures:
                    yield name, "".join(data["image/svg+xml"]), figures[name]


def _publish(app: Sphinx, error: Exception | None) -> None:
    """Draw what has changed into the folder of figures, and copy all of it beside the pages."""
    if error is not None or app.builder.name not in BUILDERS or not _kept(app.env):
        return
    # not below the pages, which a clean build removes, and not in sourcebook.sphinx_ext.figures.FOLDER, which is read
    cache, target = Path(app.srcdir, "_build", "prints"), Path(app.outdir, FOLDER)
    for folder in (cache, target):
        folder.mkdir(parents=True, exist_ok=True)
    by = str(app.config.html_title or app.config.project)
    found, waiting = {}, []
    for name, svg, source in _wanted(app):
        told = f"{source} {by}."
        made = cache / f"{hashlib.sha256(f'{WIDTH} {told} {svg}'.encode()).hexdigest()[:32]}.png"
        found[name] = made
        if not made.is_file():
            waiting.append((made, svg, told))
    if waiting:
        with ProcessPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
            list(pool.map(_draw, *zip(*waiting, strict=True)))
    for name, made in found.items():
        (target / f"{name}.png").write_bytes(made.read_bytes())


def _kept(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    if not hasattr(env, "sourcebook_prints"):
        env.sourcebook_prints = {}  # type: ignore[attr-defined]
    kept: dict[str, dict[str, str]] = env.sourcebook_prints  # type: ignore[attr-defined]
    return kept


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _kept(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    _kept(env).update({name: _kept(other)[name] for name in docnames if name in _kept(other)})


def setup(app: Sphinx) -> None:
    """Draw when the pages are written."""
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _publish)
