"""A figure of a notebook shown again on another page: the front page's picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.models import FIGURE_MIME
from sourcebook.sphinx_ext import outlines
from sourcebook.sphinx_ext.domain import ledger_of, nothing
from sourcebook.sphinx_ext.figures import FOLDER, fill, recolor, references_of


def stored(root: Path, name: str) -> tuple[Path, dict[str, Any], str]:
    """Return the notebook that publishes a figure, the figure's payload, and its picture as SVG.

    Raises
    ------
    UnknownId
        If no notebook publishes it.
    """
    names = []
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for data in (output.get("data", {}) for output in cell.get("outputs", ())):
                if FIGURE_MIME in data:
                    names.append(data[FIGURE_MIME]["name"])
                    if names[-1] == name:
                        return path, data[FIGURE_MIME], "".join(data["image/svg+xml"])
    raise UnknownId("figure", name, names)


class Picture(SphinxDirective):
    """``{picture} <name>``: the picture of a notebook's figure, with the words below it as caption.

    It has no number of its own: the caption names the figure that it is.
    """

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the picture in light and dark, or ``[?name]`` beside a typed warning."""
        root, name = Path(self.env.srcdir), self.arguments[0]
        try:
            notebook, payload, svg = stored(root, name)
            alt = fill(payload["alt"], ledger_of(self.env))
        except SourcebookError as error:
            return nothing(self, name, str(error))
        self.env.note_dependency(str(notebook))
        svg = outlines.shorter(svg)
        for suffix, text in (("", svg), ("-dark", recolor(svg))):
            path = root / FOLDER / f"{name}{suffix}.svg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        light = nodes.image("", uri=f"/{FOLDER}/{name}.svg", alt=alt, classes=["only-light"])
        dark = nodes.image("", uri=f"/{FOLDER}/{name}-dark.svg", alt=alt, classes=["only-dark"])
        caption = nodes.paragraph("", "", classes=["picture-caption"])
        inner, messages = self.state.inline_text("\n".join(self.content), self.content_offset + 1)
        caption += inner
        caption.source, caption.line = self.get_source_info()
        pictures = nodes.container("", light, addnodes.only("", dark, expr="html"), classes=["evidence-generated"])
        picture = nodes.container("", pictures, caption, classes=["evidence-picture", f"picture-of--{name}"])
        picture["shown"], picture["references"] = name, references_of(payload)
        return [picture, *messages]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("picture", Picture)
