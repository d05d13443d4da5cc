"""The numeral gate: every number that an author writes is bound to the record, structural, or given a reason.

Pages are walked when they are read, before references are resolved. What directives write from the record is no
author's number; what a figure's caption says is. The counts are kept for each page, so that an incremental build
can print the sum.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.addnodes import download_reference, pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from sourcebook.ledger import Ledger
from sourcebook.models import REASONS
from sourcebook.numerals import find_numerals
from sourcebook.sphinx_ext.domain import NAME, UNNUMBERED, ledger_of, missing, warn
from sourcebook.sphinx_ext.figures import PLACEHOLDER

PLAIN = "plain"
_ONLY_WITH_UNIT = ("one", "first", "both", "once")
_WORDS = re.compile(
    r"\b(?:half|halves|quarters?|twice|thrice|doubled?|tripled?|dozens?|hundreds|thousands|both|once)\b", re.IGNORECASE
)
_EXPLICIT = re.compile(r"(?P<words>.+?)\s*<(?P<reason>[^<>]+)>\s*", re.DOTALL)
_GAP = "\ufffc"  # stands for what is no author's prose, so that numbers on its two sides do not become one
GENERATED = ("evidence-entries", "evidence-table", "evidence-missing", "evidence-generated")
"""Classes of what is written from the record."""


@dataclass
class Counts:
    """How many numerals of a page are bound, structural and plain."""

    bound: int = 0
    structural: int = 0
    plain: int = 0

    @property
    def total(self) -> int:
        """Every numeral that an author wrote."""
        return self.bound + self.structural + self.plain


@dataclass
class Walk:
    """What one page holds: its counts, and its untraced numerals with the block each stands in."""

    counts: Counts = field(default_factory=Counts)
    untraced: list[tuple[str, Node]] = field(default_factory=list)


class PlainRole(SphinxRole):
    """``{plain}`two pairs <count>` ``: a number that the record does not hold, and the reason."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the words, or ``[?reason]`` beside a typed warning."""
        found = _EXPLICIT.fullmatch(self.text)
        words, reason = (found["words"], found["reason"].strip()) if found else (self.text, "")
        if reason not in REASONS:
            self._warn(f"plain number {words!r} has the reason {reason!r}: use one of {', '.join(REASONS)}")
            return [missing(words, reason)], []
        if not list(numerals(words, nouns_of(ledger_of(self.env)))):
            self._warn(f"{words!r} holds no number that needs a reason: drop the role")
        return [nodes.inline("", words, classes=[PLAIN], reason=reason)], []

    def _warn(self, message: str) -> None:
        warn(self.env, message, self.get_location(), "plain")


def numerals(text: str, nouns: frozenset[str]) -> Iterator[str]:
    """Yield every number that a text states, in digits or in words.

    *One*, *first*, *both* and *once* are numbers before a noun of a unit only; without `nouns` they are not.
    """
    spans = [(n.start, n.end) for n in find_numerals(text)]
    spans += [m.span() for m in _WORDS.finditer(text) if not any(a < m.end() and m.start() < b for a, b in spans)]
    for start, end in sorted(spans):
        words = text[start:end]
        if words.lower() in _ONLY_WITH_UNIT:
            following = re.match(r"[\s\u00a0-]+([^\W\d_]+)", text[end:])
            if not following or following[1].lower() not in nouns:
                continue
        yield words


def nouns_of(ledger: Ledger) -> frozenset[str]:
    """Return every noun of a unit, in lower case."""
    return frozenset(word for unit in ledger.units.values() for word in unit.words if word.isalpha())


def walk(doctree: Node, nouns: frozenset[str]) -> Walk:
    """Walk every block of text of a page."""
    found = Walk()
    for block in doctree.findall(nodes.TextElement):
        inside = any(isinstance(at, nodes.TextElement) for at in _upwards(block.parent))  # a reference's words too
        if not inside and not _generated(block) and not _code(block):
            _block(block, nouns, found)
    for figure in doctree.findall(nodes.figure):
        if "template" in figure:  # of a notebook: the alt text before the record filled it
            for placeholder in PLACEHOLDER.finditer(figure["template"]):
                if placeholder["kind"] in REASONS:
                    found.counts.plain += 1
                else:
                    found.counts.bound += 1
            _texts([PLACEHOLDER.sub(_GAP, figure["template"])], figure, nouns, found)
    for image in doctree.findall(nodes.image):
        if not _of_notebook(image) and not _generated(image):
            _texts([image.get("alt", "")], image, nouns, found)
    return found


def _of_notebook(image: Node) -> bool:
    return any(isinstance(node, nodes.figure) and "template" in node for node in _upwards(image))


def _upwards(node: Node) -> Iterator[Node]:
    at: Node | None = node
    while at is not None:
        yield at
        at = at.parent


def _code(node: Node) -> bool:
    """Whether a block is no prose: code, or what a cell printed; HTML that an author wrote is prose, tags and all."""
    if isinstance(node, nodes.raw):
        return any("cell_output" in at.get("classes", ()) for at in _upwards(node) if isinstance(at, nodes.Element))
    return isinstance(node, nodes.literal_block | nodes.math_block | nodes.comment | nodes.target | nodes.label)


def _generated(node: Node) -> bool:
    return any(isinstance(at, nodes.Element) and set(GENERATED) & set(at.get("classes", ())) for at in _upwards(node))


def _block(block: nodes.TextElement, nouns: frozenset[str], found: Walk) -> None:
    texts: list[str] = []
    _inline(block, texts, found.counts)
    _texts(texts, block, nouns, found)


def _inline(node: nodes.Element, texts: list[str], counts: Counts) -> None:
    """Gather the prose of a block, and count what in it is bound, structural or plain."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            texts.append(str(child))
        elif isinstance(child, pending_xref) and child.get("refdomain") == NAME and child["reftype"] not in UNNUMBERED:
            counts.bound += 1
            texts.append(_GAP)
        elif isinstance(child, nodes.Element) and set(GENERATED) & set(child.get("classes", ())):
            texts.append(_GAP)  # a number that failed has been told of
        elif isinstance(child, nodes.inline) and PLAIN in child.get("classes", ()):
            counts.plain += 1
            texts.append(_GAP)
        elif isinstance(child, pending_xref | download_reference) and child.get("refdomain") == "cite":
            counts.structural += sum(1 for key in child["reftarget"].split(",") if re.search(r"\d{4}", key))
            texts.append(_GAP)
        elif isinstance(child, pending_xref) and not child.get("refexplicit"):
            texts.append(_GAP)  # a reference whose words the build writes
        elif isinstance(child, nodes.literal | nodes.math):
            counts.structural += len(list(numerals(child.astext(), frozenset())))
            texts.append(_GAP)
        elif isinstance(child, nodes.Element) and not isinstance(child, nodes.image | nodes.footnote_reference):
            _inline(child, texts, counts)


def _texts(texts: Iterable[str], where: Node, nouns: frozenset[str], found: Walk) -> None:
    found.untraced += [(words, where) for words in numerals("".join(texts), nouns)]


def _check(app: Sphinx, doctree: nodes.document) -> None:
    found = walk(doctree, nouns_of(ledger_of(app.env)))
    for words, where in found.untraced:
        message = (
            f"number {words!r} leads nowhere: bind it with {{claim}}, {{event}}, {{derived}}, {{series}} or {{review}}, "
            f"or give a reason with {{{PLAIN}}}`{words} <{'|'.join(REASONS)}>`"
        )
        warn(app.env, message, _with_line(where), "untraced")
    _kept(app.env)[app.env.docname] = found.counts


def _with_line(node: Node) -> Node:
    """Return the nearest node that knows its line: a cell of a table does not."""
    return next((at for at in _upwards(node) if at.line), node)


def _kept(env: BuildEnvironment) -> dict[str, Counts]:
    if not hasattr(env, "sourcebook_numerals"):
        env.sourcebook_numerals = {}  # type: ignore[attr-defined]
    kept: dict[str, Counts] = env.sourcebook_numerals  # type: ignore[attr-defined]
    return kept


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _kept(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    _kept(env).update({name: _kept(other)[name] for name in docnames if name in _kept(other)})


def sums(env: BuildEnvironment) -> Counts:
    """Return the counts of the whole book."""
    total: Counter[str] = Counter()
    for counts in _kept(env).values():
        total.update(bound=counts.bound, structural=counts.structural, plain=counts.plain)
    return Counts(**total)


def _tell(app: Sphinx, error: Exception | None) -> None:
    if error is None:
        n = sums(app.env)
        # print, not log: the builds of the Makefile are quiet, and this line is what they are run for
        print(f"{n.total} numerals: {n.bound} bound, {n.structural} structural, {n.plain} plain")


def setup(app: Sphinx) -> None:
    """Hold every page to it when it is read, and tell the sum at the end."""
    app.add_role(PLAIN, PlainRole())
    app.connect("doctree-read", _check)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _tell)
