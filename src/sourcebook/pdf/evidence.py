"""Which entries of the record are printed: of some pages all, of others those that a printed page leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Element = Any
"""An element of lxml, which ships no types."""


def entries(article: Element) -> Iterator[list[Element]]:
    """Yield the elements of each entry of a page: a term with what is known, or a row of a table."""
    for term in article.xpath('.//dl[contains(@class, "evidence-entries")]/dt'):
        group = [term]
        while (after := group[-1].getnext()) is not None and after.tag == "dd":
            group.append(after)
        yield group
    for row in article.xpath('.//table//tr[.//*[contains(@id, "--series-")]]'):
        yield [row]


def ids_of(entry: Iterable[Element]) -> set[str]:
    """Return the ids in the elements of an entry."""
    return {found for element in entry for found in element.xpath("descendant-or-self::*/@id")}


def targets_of(elements: Iterable[Element]) -> set[str]:
    """Return the ids that links in some elements lead to."""
    hrefs = (href for element in elements for href in element.xpath("descendant-or-self::a/@href"))
    return {href[1:] for href in hrefs if href.startswith("#")}


def _targets_beside(article: Element, groups: Iterable[Iterable[Element]]) -> set[str]:
    inside = {link for group in groups for element in group for link in element.xpath("descendant-or-self::a")}
    return {a.get("href", "")[1:] for a in article.xpath(".//a") if a not in inside}


def linked(printed: Iterable[Element], partial: Iterable[Element]) -> tuple[set[str], int, int]:
    """Return the ids of the entries of `partial` pages that are led to, directly or through other entries.

    Returns
    -------
    The ids, how many entries have one of them, and how many entries there are.
    """
    of_id: dict[str, int] = {}
    groups: list[list[Element]] = []
    led_to = targets_of(printed)
    for article in partial:
        own = list(entries(article))
        for group in own:
            of_id |= dict.fromkeys(ids_of(group), len(groups))
            groups.append(group)
        led_to |= _targets_beside(article, own)  # a number in the words and tables around the entries is printed too
    todo = [of_id[target] for target in led_to if target in of_id]
    kept: set[int] = set()
    while todo:
        number = todo.pop()
        if number not in kept:
            kept.add(number)
            todo += [of_id[target] for target in targets_of(groups[number]) if target in of_id]
    return {found for number in kept for found in ids_of(groups[number])}, len(kept), len(groups)


def prune(article: Element, kept: set[str]) -> tuple[int, int]:
    """Take the entries out of a page that have no id in `kept`, with what is then empty.

    Returns
    -------
    How many entries stay, and how many there were.
    """
    groups = list(entries(article))
    gone = [group for group in groups if not ids_of(group) & kept]
    emptied = {section for group in gone for section in group[0].iterancestors("section") if section is not article}
    for group in gone:
        for element in group:
            element.drop_tree()
    for empty in article.xpath('.//dl[contains(@class, "evidence-entries")][not(*)] | .//table[not(tbody/tr)]'):
        empty.drop_tree()
    for section in article.xpath(".//section"):  # its heading and what introduces the entries go with the last of them
        if section in emptied and not section.xpath(".//dl | .//table") and section.getparent() is not None:
            section.drop_tree()
    return len(groups) - len(gone), len(groups)
