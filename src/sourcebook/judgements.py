"""Read the judgements, each of their words with its line.

``data/judgements.yml`` is written by hand and holds more than a cell can. It is read as pyyaml's nodes, which know
their lines, so that every problem is told at once and in its place. What the judgements say is held against the
record by `sourcebook.accounts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from sourcebook.errors import Problem
from sourcebook.files import read_text
from sourcebook.models import Evidence, Judgement, Passage

FILE = "data/judgements.yml"
KEYS = (
    "id", "title", "statement", "likelihood", "confidence", "confidence_why", "evidence_for", "evidence_against",
    "against_none", "assumptions", "would_change", "chapter",
)  # fmt: skip
"""What a judgement says, in the order in which it is written."""
EVIDENCE_KEYS = ("text", "refs")
_TEXTS = ("title", "statement", "likelihood", "confidence", "confidence_why", "chapter")
_STRING, _NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null"


def read_judgements(root: Path) -> tuple[tuple[Judgement, ...], list[Problem]]:
    """Return the judgements under `root` in their order, with every problem of form that they have.

    What a judgement lacks is blank in it, so that one problem does not hide another.
    """
    text, problems = read_text(root, FILE, "restore it from the repository")
    if text is None:
        return (), problems
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return (), [*problems, _no_yaml(text, error)]
    if node is None:
        return (), [*problems, Problem(FILE, 1, "is empty", "write a judgement")]
    reader = _Reader(text, problems)
    return tuple(reader.judgement(item) for item in reader.items(node, "the file")), reader.problems


def _no_yaml(text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    at = text.count("\n", 0, getattr(error, "position", 0)) if mark is None else mark.line
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    return Problem(FILE, at + 1, f"is no YAML ({what})", "mend it; text with : # ` or { wants a block (>-) or quotes")


@dataclass
class _Reader:
    """Takes the nodes of one file apart and collects what is wrong with them."""

    text: str
    problems: list[Problem] = field(default_factory=list)

    def judgement(self, node: Node) -> Judgement:
        """Return one judgement, blank where it lacks something."""
        found = self.fields(node, KEYS, "a judgement")
        return Judgement(
            judgement_id=self.words(found, "id", node),
            evidence_for=self.evidence(found, "evidence_for", node),
            evidence_against=self.against(found, node),
            assumptions=self.passages(found, "assumptions", node),
            would_change=self.passages(found, "would_change", node),
            **{name: self.words(found, name, node) for name in _TEXTS},
        )

    def fields(self, node: Node, keys: Sequence[str], what: str) -> dict[str, Node]:
        """Return the values of a mapping by key."""
        if not isinstance(node, MappingNode):
            self.tell(node, f"{what} is no mapping", f"write its keys: {', '.join(keys)}")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in keys:
                self.tell(key, f"{what} has no key {name!r}", f"use one of {', '.join(keys)}")
            elif name in found:
                self.tell(key, f"{name} stands twice", "drop one of them")
            found.setdefault(name, value)
        return found

    def items(self, node: Node, what: str) -> list[Node]:
        """Return the items of a list that holds some."""
        if not isinstance(node, SequenceNode):
            self.tell(node, f"{what} is no list", "begin each item with a dash")
            return []
        if not node.value:
            self.tell(node, f"{what} is empty", "fill it")
        return list(node.value)

    def words(self, found: Mapping[str, Node], name: str, parent: Node) -> Passage:
        """Return the words of a key."""
        node = self.wanted(found, name, parent)
        return Passage("", _line(parent)) if node is None else self.passage(node, name)

    def passages(self, found: Mapping[str, Node], name: str, parent: Node) -> tuple[Passage, ...]:
        """Return the words of each item of a key's list."""
        node = self.wanted(found, name, parent)
        return () if node is None else tuple(self.passage(item, name) for item in self.items(node, name))

    def wanted(self, found: Mapping[str, Node], name: str, parent: Node) -> Node | None:
        """Return the value of a key that has to be there, None if it is not."""
        if isinstance(parent, MappingNode) and name not in found:
            self.tell(parent, f"{name} is missing", "add it")
        return found.get(name)

    def evidence(self, found: Mapping[str, Node], name: str, parent: Node) -> tuple[Evidence, ...]:
        """Return what speaks for a judgement, or against it."""
        node = self.wanted(found, name, parent)
        items = [] if node is None else self.items(node, name)
        return tuple(self.one_evidence(item, name) for item in items)

    def one_evidence(self, node: Node, name: str) -> Evidence:
        """Return one item of the evidence."""
        found = self.fields(node, EVIDENCE_KEYS, f"an item of {name}")
        return Evidence(self.words(found, "text", node), self.passages(found, "refs", node))

    def against(self, found: Mapping[str, Node], parent: Node) -> tuple[Evidence, ...]:
        """Return what speaks against a judgement; that nothing does has to be said."""
        none = found.get("against_none")
        if none is None:
            return self.evidence(found, "evidence_against", parent)
        if none.value != "true":
            self.tell(none, "against_none is not true", "write true, or drop it and fill evidence_against")
        if "evidence_against" in found:
            self.tell(none, "against_none stands beside evidence_against", "drop one of them")
            return self.evidence(found, "evidence_against", parent)
        return ()

    def passage(self, node: Node, name: str) -> Passage:
        """Return a text and the line on which it begins: that of a block is the one below its mark."""
        if not isinstance(node, ScalarNode) or node.tag not in (_STRING, _NULL):
            self.tell(node, f"{name} is no text", "write words; put what YAML takes for something else in quotes")
            return Passage("", _line(node))
        text = str(node.value).strip()
        if not text:
            self.tell(node, f"{name} is empty", "fill it")
        elif self.is_cut(node):
            self.tell(node, f"{name} ends before a #", "quote the text, or give the comment a line of its own")
        return Passage(text, _line(node) + (node.style in ("|", ">")))

    def is_cut(self, node: ScalarNode) -> bool:
        """Whether a comment follows a text without quotes: YAML would drop half a sentence without a word."""
        rest = self.text[node.end_mark.index :].partition("\n")[0]
        return not node.style and rest.lstrip().startswith("#")

    def tell(self, node: Node, what: str, todo: str) -> None:
        """Collect a problem."""
        self.problems.append(Problem(FILE, _line(node), what, todo))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
