"""Names in their own script: `` {lang}`瓦罕走廊 <zh>` `` marks which language they are in, and which way it runs.

A screen reader changes its voice by it, a browser its font, and the PDF has them tagged in their language.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from sourcebook.sphinx_ext.domain import warn

_NAMED = re.compile(r"(?P<words>[^<>]+?)\s*<(?P<language>[a-z]{2,3}(?:-[A-Za-z]+)*)>")
_TO_THE_LEFT = ("ar", "fa", "ps", "ug", "ur")


class name_in_script(nodes.inline):  # noqa: N801 -- docutils names the visitor after it
    """Words of another language; other builders than HTML take them for plain ones."""


class LanguageRole(SphinxRole):
    """Words, and the code of their language."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the words, or a warning where no language is named."""
        found = _NAMED.fullmatch(self.text)
        if found is None:
            message = f"no language in {self.text!r}: write the words and then its code, as in `瓦罕走廊 <zh>`"
            warn(self.env, message, self.get_location(), "unknown")
            return [nodes.Text(self.text)], []
        return [name_in_script("", found["words"], lang=found["language"])], []


def visit(self: HTML5Translator, node: name_in_script) -> None:
    """Open the words with their language, and their direction where it is not that of the page."""
    direction = {"dir": "rtl"} if node["lang"].partition("-")[0] in _TO_THE_LEFT else {}
    self.body.append(self.starttag(node, "span", "", lang=node["lang"], **direction))


def depart(self: HTML5Translator, node: name_in_script) -> None:
    """Close them."""
    self.body.append("</span>")


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_node(name_in_script, html=(visit, depart))
    app.add_role("lang", LanguageRole())
