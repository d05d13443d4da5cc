"""What is printed, and in which order: `_toc.yml`, and what `_config.yml` says below ``pdf``."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Plan:
    """How the book is printed."""

    title: str
    author: str = ""
    copyright: str = ""
    subtitle: str = ""
    summary: str = "Summary"
    """What the root page is called, whose own title stands on the title page."""
    appendices: str = ""
    """The part whose chapters have letters."""
    leave_out: frozenset[str] = frozenset()
    """Pages that are not printed."""
    only_linked: frozenset[str] = frozenset()
    """Pages of which only the entries are printed that another printed page leads to."""


@dataclass(frozen=True)
class Place:
    """Where a page stands in the book."""

    docname: str
    depth: int = 0
    """0 for the root page, 1 for a chapter, 2 for a page below it."""
    part: str = ""
    """The part that it opens: ``Part II: What each wants``; blank for the other pages."""
    number: str = ""
    """``3``, ``3.1``, ``A``; blank for the root page."""

    @property
    def slug(self) -> str:
        """Return what the ids of the page begin with."""
        return re.sub(r"[^0-9A-Za-z]+", "-", self.docname).strip("-")


@dataclass
class _Numbers:
    """Count chapters through the parts, and appendices by letters."""

    appendices: str
    chapters: int = 0
    letters: Iterator[str] = field(default_factory=lambda: iter(string.ascii_uppercase))

    def next(self, caption: str) -> str:
        if self.appendices and caption == self.appendices:
            return next(self.letters)
        self.chapters += 1
        return str(self.chapters)


def read_plan(root: Path) -> Plan:
    """Read how the book is printed from `_config.yml`."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    own = config.get("pdf") or {}
    return Plan(
        title=str(config["title"]),
        author=str(config.get("author", "")),
        copyright=str(config.get("copyright", "")),
        subtitle=str(own.get("subtitle", "")),
        summary=str(own.get("summary", "Summary")),
        appendices=str(own.get("appendices", "")),
        leave_out=frozenset(own.get("leave_out", ())),
        only_linked=frozenset(own.get("only_linked", ())),
    )


def read_places(root: Path, plan: Plan) -> list[Place]:
    """Return the printed pages in the order of `_toc.yml`."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    numbers, places = _Numbers(plan.appendices), [Place(_docname(toc["root"]))]
    parts = toc.get("parts") or [{"chapters": toc.get("chapters") or toc.get("sections") or []}]
    for count, part in enumerate(parts, start=1):
        caption = part.get("caption", "")
        heading = f"Part {ROMAN[count]}: {caption}" if caption else ""
        for item in part.get("chapters", ()):
            if (name := _docname(item["file"])) in plan.leave_out:
                continue
            number = numbers.next(caption)
            places.append(Place(name, 1, heading, number))
            places += _below(item, number, plan)
            heading = ""
    return places


def _below(item: dict[str, Any], number: str, plan: Plan) -> list[Place]:
    names = [_docname(below["file"]) for below in item.get("sections", ())]
    printed = [name for name in names if name not in plan.leave_out]
    return [Place(name, 2, "", f"{number}.{count}") for count, name in enumerate(printed, start=1)]


def _docname(file: str) -> str:
    return re.sub(r"\.(md|ipynb|rst)$", "", file)
