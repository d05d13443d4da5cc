"""What a judgement's account must keep: words of the scales, evidence that leads somewhere, confidence that it bears."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from sourcebook.derived import definitions, evidence_of
from sourcebook.errors import Problem, UnknownId
from sourcebook.judgements import FILE
from sourcebook.ledger import UNKNOWN, Ledger, Table
from sourcebook.models import Conflict, Judgement, Passage

MOST = 8
"""How many judgements the book may call its key ones."""
CONTENTS = "_toc.yml"
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONFIRMS = ("confirms", "confirms_other_origin")

KNOWN: Mapping[str, Callable[[Ledger], Collection[str]]] = {
    "claim": lambda ledger: ledger.claims,
    "event": lambda ledger: ledger.events,
    "stance": lambda ledger: {stance.stance_id for stance in ledger.coding()},
    "review": lambda ledger: ledger.reviews,
    "series": lambda ledger: ledger.rows,
    "derived": lambda ledger: definitions(),
    "conflict": lambda ledger: ledger.conflicts,
}
"""Kinds of record that can be evidence, and their ids."""
_CALLED = {"series": "series row", "derived": "derived value"}


def check_reference(ledger: Ledger, reference: str) -> None:
    """Raise `UnknownId` where ``kind:id`` names no record that can be evidence."""
    kind, _, key = reference.partition(":")
    if kind not in KNOWN:
        raise UnknownId("kind of evidence", kind, KNOWN)
    known = KNOWN[kind](ledger)
    if key not in known:
        raise UnknownId(_CALLED.get(kind, kind), key, known)


def _problem(at: Passage, what: str, todo: str) -> Problem:
    return Problem(FILE, at.line, what, todo)


def row_problems(judgements: Sequence[Judgement], tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield what is wrong with the judgements by themselves: their number, their ids, the words of the scales."""
    for judgement in judgements[MOST:]:
        what = f"{judgement.key} is one judgement too many, {MOST} are allowed"
        yield _problem(judgement.judgement_id, what, "drop one, or merge two")
    yield from _id_problems([judgement.judgement_id for judgement in judgements if judgement.key])
    words = [row["word"] for row in tables["likelihoods"].rows]
    levels = [row["level"] for row in tables["confidences"].rows]
    for judgement in judgements:
        yield from _off_scale("likelihood", judgement.likelihood, words)
        yield from _off_scale("confidence", judgement.confidence, levels)


def _id_problems(ids: Sequence[Passage]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for at in ids:
        if not _KEBAB.fullmatch(at.text):
            yield _problem(at, f"id {at.text!r} is no readable id", "join small letters and digits by hyphens")
        if at.text in lines:
            what = f"id {at.text!r} is used twice (also on line {lines[at.text]})"
            yield _problem(at, what, "give one of them another id")
        lines.setdefault(at.text, at.line)


def _off_scale(name: str, word: Passage, scale: Sequence[str]) -> Iterator[Problem]:
    if word.text and scale and word.text not in scale:
        yield _problem(word, f"{name} {word.text!r} is no word of the scale", f"use one of {', '.join(scale)}")


def scale_problems(table: Table) -> Iterator[Problem]:
    """Yield each word of the scale of likelihood whose range runs backwards."""
    for row in table.rows:
        low, high = row["percent_low"], row["percent_high"]
        if low.isdecimal() and high.isdecimal() and int(low) > int(high):
            what = f"percent_low {low} is above percent_high {high}"
            yield Problem(table.path, row.line, what, "swap them, or mend one")


def evidence_problems(judgements: Sequence[Judgement], ledger: Ledger) -> Iterator[Problem]:
    """Yield what is wrong with the evidence: it leads nowhere, stands on both sides, or bears less than it should."""
    for judgement in judgements:
        yield from _lost(judgement, ledger)
        against = {ref.text for item in judgement.evidence_against for ref in item.refs}
        for item in judgement.evidence_for:
            for ref in item.refs:
                if ref.text in against:
                    what = f"{judgement.key} has {ref.text} both for and against it"
                    yield _problem(ref, what, "keep it on one side, and say there what speaks the other way")
        yield from _overconfident(judgement, ledger)


def _lost(judgement: Judgement, ledger: Ledger) -> Iterator[Problem]:
    for ref in judgement.refs:
        try:
            if ref.text:
                check_reference(ledger, ref.text)
        except UnknownId as error:
            yield _problem(ref, f"evidence of {judgement.key} leads nowhere: {error}", "name a record as kind:id")


def _overconfident(judgement: Judgement, ledger: Ledger) -> Iterator[Problem]:
    """Hold the confidence against those of its criteria that can be computed."""
    wanted = ledger.confidences.get(judgement.confidence.text)
    if wanted is None:
        return
    behind = stated_evidence(judgement, ledger)
    origins = known_origins(behind, ledger)
    if len(origins) < wanted.origins and not confirmed(behind, ledger):
        what = (
            f"{judgement.key} has {wanted.level} confidence on {len(origins)} of {wanted.origins} known origins, "
            "and no review confirms one"
        )
        yield _problem(judgement.confidence, what, "add the evidence, or lower the confidence")
    if wanted.settled:
        for conflict in open_conflicts(judgement, behind, ledger):
            what = f"{judgement.key} has {wanted.level} confidence while {conflict.conflict_id} is open"
            todo = f"weigh conflict:{conflict.conflict_id} for or against, or lower the confidence"
            yield _problem(judgement.confidence, what, todo)


def stated_evidence(judgement: Judgement, ledger: Ledger) -> tuple[str, ...]:
    """Return each ``kind:id`` that speaks for a judgement, what derived values are made from instead of them."""
    found: dict[str, None] = {}
    for ref in (ref.text for item in judgement.evidence_for for ref in item.refs):
        try:
            check_reference(ledger, ref)
            found |= dict.fromkeys(sorted(evidence_of(ledger, ref)))
        except UnknownId:
            continue  # told by itself, or by the rule on derived values
    return tuple(found)


def known_origins(references: Sequence[str], ledger: Ledger) -> set[str]:
    """Return the origins of the claims among references, as far as they are known."""
    claims = {f"claim:{key}": claim for key, claim in ledger.claims.items()}
    return {claims[reference].origin_id for reference in references if reference in claims} - {UNKNOWN}


def confirmed(references: Sequence[str], ledger: Ledger) -> bool:
    """Whether a review among references, or one of a claim or event among them, confirms what it is held against."""
    confirming = (review for review in ledger.reviews.values() if review.verdict in _CONFIRMS)
    names = {name for review in confirming for name in (f"review:{review.review_id}", ":".join(review.record))}
    return not names.isdisjoint(references)


def open_conflicts(judgement: Judgement, references: Sequence[str], ledger: Ledger) -> list[Conflict]:
    """Return the conflicts of references that bear on a finding, are settled for no side, and are not in the account."""
    weighed = {ref.text for ref in judgement.refs}
    found = {c.conflict_id: c for r in references for c in ledger.conflicts_of(*r.split(":", 1))}
    return [
        conflict
        for key, conflict in sorted(found.items())
        if conflict.severity == "finding" and conflict.used == "neither" and f"conflict:{key}" not in weighed
    ]


def chapter_problems(judgements: Sequence[Judgement], root: Path) -> Iterator[Problem]:
    """Yield each judgement whose chapter is no page of the book."""
    try:
        pages = set(_pages(yaml.safe_load((root / CONTENTS).read_text(encoding="utf-8"))))
    except FileNotFoundError:
        yield Problem(CONTENTS, 1, "file is missing", "restore it from the repository")
        return
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        yield Problem(CONTENTS, line, f"cannot be read ({type(error).__name__})", "mend it")
        return
    for chapter in (judgement.chapter for judgement in judgements):
        if chapter.text and chapter.text not in pages:
            what = str(UnknownId("page of the contents", chapter.text, sorted(pages)))
            yield _problem(chapter, what, f"name a page as {CONTENTS} does")


def _pages(contents: object) -> Iterator[str]:
    """Yield every page that a table of contents names, at any depth."""
    if isinstance(contents, list):
        for item in contents:
            yield from _pages(item)
    elif isinstance(contents, dict):
        for key, value in contents.items():
            if key in ("root", "file"):
                yield str(value)
            else:
                yield from _pages(value)
