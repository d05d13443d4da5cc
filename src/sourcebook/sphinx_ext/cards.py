"""The evidence card: what one gesture on a bound number shows, written into each page as data.

The page carries the records of its own numbers as JSON; ``static/evidence.js`` fills one popover from them. Without
the script the numbers are links to their entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sourcebook.derived import definition, evidence_of, record
from sourcebook.formatting import date_text, dated_text, period_text, text_of
from sourcebook.ledger import Ledger
from sourcebook.models import Anchor, Claim, Conflict, Dated, Event, Figure, Party
from sourcebook.numerals import find_numerals
from sourcebook.quotes import normalise
from sourcebook.sphinx_ext.conflict_pages import host
from sourcebook.sphinx_ext.domain import NAME, EvidenceDomain, entry_id, island, ledger_of
from sourcebook.sphinx_ext.pages import CONFLICT_KINDS, VERDICTS, VOICES, rounding_text, said_by

Card = dict[str, Any]
TITLE = "Convergence and Divergence: China, Russia and Pakistan in Taliban-ruled Afghanistan"


@dataclass(frozen=True)
class Cards:
    """Makes the cards of one page.

    Attributes
    ----------
    ledger : Ledger
        The record.
    href : callable
        Returns the address of an entry, relative to the page; blank where it has none.
    """

    ledger: Ledger
    href: Callable[[str, str], str]

    def card(self, kind: str, key: str) -> Card:
        """Return what the card of one record shows; raises `UnknownId`."""
        makers: Mapping[str, Callable[[str], Card]] = {
            "claim": self._claim, "event": self._event, "derived": self._derived,
            "series": self._series, "review": self._review, "conflict": self._conflict, "stance": self._stance,
            "question": self._question, "judgement": self._judgement,
        }  # fmt: skip
        made = makers[kind](key)
        made["cite"] = f"{made['title']}: {made['value']}. In: {TITLE}, record {kind}:{key}."
        return made

    def _claim(self, key: str) -> Card:
        claim = self.ledger.claim(key)
        origin = self.ledger.origins[claim.origin_id]
        lines = [_line("Origin", f"{origin.name}; {said_by(claim)}", origin.url)]
        period = period_text(claim.period_start, claim.period_end)
        lines += [_line("Period", period)] if period else []
        lines += [_line("How the words were read", claim.value_note)] if claim.value_note else []
        lines.append(_line("Who speaks to the question", self.ledger.voices(claim.question_id).told))
        return {
            "kind": "Reported",
            "title": f"{claim.subject}: {claim.measure}",
            "value": text_of(record(self.ledger, "claim", key), self.ledger.units),
            "quote": self._quote(claim.anchor, _marks(claim)),
            "lines": lines,
            **self._held("claim", key),
        }

    def _event(self, key: str) -> Card:
        event: Event = self.ledger.event(key)
        lines = [_line("How it is dated", event.note)] if event.inferred else []
        return {
            "kind": "Dated",
            "title": event.title,
            "value": dated_text(Dated("event", key, event.date, event.inferred)),
            "quote": self._quote(event.anchor, []),
            "lines": lines,
            **self._held("event", key),
        }

    def _derived(self, key: str) -> Card:
        made = definition(key)
        return {
            "kind": "Derived",
            "title": made.label,
            "value": text_of(record(self.ledger, "derived", key), self.ledger.units),
            "lines": [
                _line("Formula", made.formula),
                _line("Rounded to", rounding_text(made.digits)),
            ],
            "inputs": list(self._inputs(made.inputs)),
            "conflicts": [
                c for name in sorted(evidence_of(self.ledger, f"derived:{key}")) for c in self._findings(name)
            ],
        }

    def _findings(self, reference: str) -> list[Card]:
        """Return the conflicts of an input that bear on a finding."""
        conflicts: list[Card] = self._held(*reference.split(":", 1))["conflicts"]
        return [c for c in conflicts if c["severity"] == "finding"]

    def _inputs(self, names: tuple[str, ...]) -> Iterator[Card]:
        for name in names:
            kind, _, key = name.partition(":")
            if kind in ("claim", "series", "review", "derived"):
                text = text_of(record(self.ledger, kind, key), self.ledger.units)
                yield {"text": text, "href": self.href(kind, key)}
            elif kind == "apart":
                event, _, review = key.partition("/")
                yield {"text": date_text(self.ledger.event(event).date), "href": self.href("event", event)}
                yield {"text": date_text(self.ledger.review(review).dated), "href": self.href("review", review)}
            elif kind == "period":
                of = "claim" if key in self.ledger.claims else "series"
                yield {"text": "the period covered", "href": self.href(of, key)}

    def _series(self, key: str) -> Card:
        figure = self.ledger.figure(key)
        return self._published(figure, "series", key)

    def _review(self, key: str) -> Card:
        review = self.ledger.review(key)
        if review.figure:
            return self._published(review.figure, "review", key)
        lines = [_line("Published by", review.publisher, review.url)]
        lines += [_line("It says", review.value)] if review.value and not review.dated else []
        return {
            "kind": "Published elsewhere",
            "title": f"{review.publisher} on {review.record[1]}",
            "value": date_text(review.dated) if review.dated else VERDICTS[review.verdict],
            "lines": [*lines, _line("Note", review.note)],
        }

    def _judgement(self, key: str) -> Card:
        judgement = self.ledger.judgement(key)
        likelihood = self.ledger.likelihood(judgement.likelihood.text)
        confidence = self.ledger.confidence(judgement.confidence.text)
        sides = (("Evidence for", judgement.evidence_for), ("Evidence against", judgement.evidence_against))
        counts = [_line(side, _counted(len(items), "point")) for side, items in sides]
        changes = _line("What would change it", _counted(len(judgement.would_change), "thing"))
        return {
            "kind": "Judged",
            "title": judgement.title.text,
            "value": f"{likelihood.word.capitalize()} ({likelihood.range}), {confidence.level} confidence",
            "lines": [*counts, changes],
            "entry": "For, against, what would change it",
        }

    def _conflict(self, key: str) -> Card:
        conflict = self.ledger.conflicts[key]
        lines = [self._side(party) for party in conflict.parties]
        lines += [_line("Held against", host(conflict.url), conflict.url)] if conflict.url else []
        lines += [_line("The book uses", _used(conflict)), _line("Why", conflict.reason)]
        return {"kind": "Contradiction", "title": conflict.what, "value": CONFLICT_KINDS[conflict.kind], "lines": lines}

    def _side(self, party: Party) -> Card:
        if party.kind == "review":
            review = self.ledger.review(party.key)
            return _line(review.publisher, f"{VERDICTS[review.verdict]}: {review.value}", review.url)
        anchor = self.ledger.anchor_of(party)
        return _line(self.ledger.source(anchor.source_id).short_name, f"“{anchor.quote}”")

    def _question(self, key: str) -> Card:
        question, voices = self.ledger.questions[key], self.ledger.voices(key)
        lines = [
            _line(
                self.ledger.source(claim.source_id).short_name,
                f"{text_of(record(self.ledger, 'claim', claim.claim_id), self.ledger.units)} "
                f"({self.ledger.origins[claim.origin_id].name})",
            )
            for claim in voices.claims
        ]
        return {"kind": "Counted", "title": question.text, "value": voices.told, "lines": lines}

    def _stance(self, key: str) -> Card:
        stance = next(s for s in self.ledger.coding() if s.stance_id == key)
        issue = self.ledger.issues[stance.issue_id]
        who = " and ".join(self.ledger.actors[actor] for actor in (stance.actor_a, stance.actor_b) if actor)
        coded = ", ".join((stance.modality, stance.strength, VOICES[stance.voice]))
        return {
            "kind": "Coded",
            "title": f"{who}: {issue.name}",
            "value": stance.relation,
            "quote": self._quote(stance.anchor, []),
            "lines": [_line("Coded as", coded), _line("Being for it means", issue.proposition)],
        }

    def _published(self, figure: Figure, kind: str, key: str) -> Card:
        when = f", {date_text(figure.date)}" if figure.date else ""
        lines = [_line("Published by", f"{figure.publisher}{when}", figure.url)]
        period = period_text(*filter(_dated, (figure.period_start, figure.period_end)))
        lines += [_line("Period", period)] if period else []
        lines += [_line("Read", date_text(figure.date_accessed))] if figure.date_accessed else []
        lines += [_line("Note", figure.note)] if figure.note else []
        value = text_of(record(self.ledger, kind, key), self.ledger.units)
        return {"kind": "Published elsewhere", "title": figure.label, "value": value, "lines": lines}

    def _quote(self, anchor: Anchor, marks: list[list[int]]) -> Card:
        place = f"characters {anchor.start:,} to {anchor.end:,}" if anchor.start is not None else ""
        source = self.ledger.source(anchor.source_id).short_name
        return {"text": anchor.quote, "mark": marks, "source": source, "place": place}

    def _held(self, kind: str, key: str) -> Card:
        verdicts = [
            {
                "verdict": VERDICTS[r.verdict], "key": r.verdict, "publisher": r.publisher, "url": r.url,
                "text": r.value, "note": r.note,
            }
            for r in self.ledger.reviews_of(kind, key)
        ]  # fmt: skip
        conflicts = [
            {
                "severity": c.severity, "what": c.what, "href": self.href("conflict", c.conflict_id),
                "used": _used(c),
            }
            for c in self.ledger.conflicts_of(kind, key)
        ]  # fmt: skip
        return {"verdicts": verdicts, "conflicts": conflicts}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else "none found"


def _used(conflict: Conflict) -> str:
    return "none of the values" if conflict.used == "neither" else conflict.used


def _line(label: str, text: str, url: str = "") -> Card:
    return {"label": label, "text": text, **({"url": url} if url else {})}


def _dated(stamp: str) -> bool:
    return len(stamp) >= 4 and stamp[:4].isdigit() and stamp.replace("-", "").isdigit()


def _marks(claim: Claim) -> list[list[int]]:
    """Return where the value stands in the quotation."""
    if normalise(claim.anchor.quote) != claim.anchor.quote:
        return []  # offsets would be those of other words
    ends = {claim.stated.low, claim.stated.high}
    found = find_numerals(claim.anchor.quote)
    return [[n.start, n.end] for n in found if {n.low, n.high} & ends]


def _add(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.format != "html":
        return
    domain = app.env.get_domain(NAME)
    assert isinstance(domain, EvidenceDomain)

    def href(kind: str, key: str) -> str:
        page = domain.entries.get((kind, key))
        return f"{app.builder.get_relative_uri(pagename, page)}#{entry_id(kind, key)}" if page else ""

    cards = Cards(ledger_of(app.env), href)
    named = dict.fromkeys(node[NAME] for node in doctree.findall(nodes.reference) if NAME in node)
    if named:
        records = {entry_id(kind, key): cards.card(kind, key) for kind, key in named}
        context["body"] += island("evidence-records", records)
        app.add_js_file("evidence.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Write the cards' data into every page that has bound numbers."""
    app.add_css_file("evidence.css", priority=901)
    app.connect("html-page-context", _add)
