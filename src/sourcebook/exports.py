"""What is published beside the pages: the record as Web Annotations, and the data package as one file.

Everything here comes out byte-identical from an unchanged record: no clock, no order of a file system.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sourcebook.derived import record
from sourcebook.errors import SourcebookError
from sourcebook.formatting import text_of
from sourcebook.ledger import Ledger, read_descriptor
from sourcebook.models import Anchor, Claim, Event, Review, Source, Stance
from sourcebook.paths import DATAPACKAGE
from sourcebook.stances import Segments, spans

CLAIMS, SUMS = "claims.json", "SHA256SUMS"
DOCUMENTS = ("data/README.md", "data/codebook.md", "seeds/README.md", "LICENSE", "CITATION.cff")
"""What goes into the package beside its descriptor and its resources."""
CONTEXT = (
    "http://www.w3.org/ns/anno.jsonld",
    {
        "schema": "https://schema.org/",
        "record": "schema:mainEntity",
        "key": "schema:identifier",
        "about": "schema:description",
        "title": "schema:headline",
        "author": "schema:author",
        "producer": "schema:publisher",
        "date_published": "schema:datePublished",
        "stated": "schema:value",
        "low": "schema:minValue",
        "high": "schema:maxValue",
        "unit": "schema:unitText",
        "reviews": "schema:review",
        "publisher": "schema:publisher",
        "url": {"@id": "schema:url", "@type": "@id"},
    },
)
"""Web Annotation's own context, and terms of schema.org for what the record adds; none of the former's is changed."""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can hold: a file's own differs from clone to clone

Address = Callable[[str, str], str]
"""Returns the address of a record's entry by kind and id; blank where it has none."""
Made = dict[str, Any]


def named(sha256: str) -> str:
    """Return the name of some bytes by their sha256 (RFC 6920): an identifier for a text that has no address."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}"


def collection(ledger: Ledger, address: Address, here: str = CLAIMS) -> Made:
    """Return every claim, event and stance as an annotation of its document, in one collection.

    Parameters
    ----------
    ledger : Ledger
        The record.
    address : callable
        Gives the address of an entry.
    here : str
        Address of the collection.

    Raises
    ------
    SourcebookError
        If a quotation is not anchored.
    """
    items = list(_Annotations(ledger, address, here, spans(ledger.tables["sentences"])).items())
    descriptor = read_descriptor(ledger.root)
    return {
        "@context": list(CONTEXT),
        "id": here,
        "type": "AnnotationCollection",
        "label": descriptor["title"],
        "creator": {"type": "Organization", "name": descriptor["contributors"][0]["title"]},
        "rights": descriptor["licenses"][0]["path"],
        "total": len(items),
        "first": {"id": f"{here}#items", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }


@dataclass(frozen=True)
class _Annotations:
    """Makes the annotations.

    A text is named by its sha256, having no address. Its words are selected twice: by their offsets in code points,
    and by themselves. A stance's words are unique in their sentence only, and are sought within it. Prefix and suffix
    would quote more of a text than the record may.
    """

    ledger: Ledger
    address: Address
    here: str
    sentences: Segments

    def items(self) -> Iterator[Made]:
        for claim in self.ledger.claims.values():
            quote = {"type": "TextQuoteSelector", "exact": claim.anchor.exact}
            yield self._annotation("claim", claim.claim_id, claim.anchor, quote, self._claim(claim))
        for event in self.ledger.events.values():
            quote = {"type": "TextQuoteSelector", "exact": event.anchor.exact}
            yield self._annotation("event", event.event_id, event.anchor, quote, self._event(event))
        for stance in self.ledger.coding():
            quote = self._within_sentence(stance)
            yield self._annotation("stance", stance.stance_id, stance.anchor, quote, self._stance(stance))

    def _annotation(self, kind: str, key: str, anchor: Anchor, quote: Made, made: Made) -> Made:
        entry = self.address(kind, key)
        target = {
            "type": "SpecificResource",
            "source": _source(self.ledger.source(anchor.source_id)),
            "selector": [_position(*_span(anchor, f"{kind} {key!r}")), quote],
        }
        return {
            "id": f"{self.here}#{kind}-{key}",
            "type": "Annotation",
            "motivation": "classifying" if kind == "stance" else "describing",
            **({"body": {"id": entry, "type": "Text", "format": "text/html", "language": "en"}} if entry else {}),
            "target": target,
            "record": _filled({"kind": kind, "key": key, **made, **self._held(kind, key)}),
        }

    def _within_sentence(self, stance: Stance) -> Made:
        start, end = _span(stance.anchor, f"stance {stance.stance_id!r}")
        quote = {"type": "TextQuoteSelector", "exact": stance.anchor.exact}
        for first, last in self.sentences.get(stance.sentence_id, []):
            if first <= start and end <= last:
                return {**_position(first, last), "refinedBy": quote}
        raise SourcebookError(f"stance {stance.stance_id!r} stands outside its sentence")

    def _claim(self, claim: Claim) -> Made:
        stated, read = claim.stated, claim.quantity
        origin = self.ledger.origins[claim.origin_id]
        return {
            "about": f"{claim.subject}: {claim.measure}",
            "text": text_of(record(self.ledger, "claim", claim.claim_id), self.ledger.units),
            "stated": _filled({"low": _plain(stated.low), "high": _plain(stated.high), "unit": stated.unit}),
            "qualifier": stated.qualifier,
            "interval": {"low": _plain(read.low), "high": _plain(read.high)},
            "value_note": claim.value_note,
            "period_start": claim.period_start,
            "period_end": claim.period_end,
            "place_id": claim.place_id,
            "origin": _filled({"origin_id": origin.origin_id, "name": origin.name, "url": origin.url}),
            "role": claim.role,
            "domain": claim.domain,
            "question_id": claim.question_id,
            "note": claim.note,
        }

    def _event(self, event: Event) -> Made:
        return {
            "about": event.title,
            "date": event.date,
            "precision": event.precision,
            "inferred": event.inferred,
            "actors": list(event.actors),
            "place_id": event.place_id,
            "happening_id": event.happening_id,
            "domain": event.domain,
            "note": event.note,
        }

    def _stance(self, stance: Stance) -> Made:
        return {
            "about": self.ledger.issues[stance.issue_id].name,
            "sentence_id": stance.sentence_id,
            "actors": [actor for actor in (stance.actor_a, stance.actor_b) if actor],
            "relation": stance.relation,
            "issue_id": stance.issue_id,
            "modality": stance.modality,
            "strength": stance.strength,
            "voice": stance.voice,
            "domain": stance.domain,
        }

    def _held(self, kind: str, key: str) -> Made:
        conflicts = [
            {
                "conflict_id": c.conflict_id, "kind": c.kind, "severity": c.severity, "what": c.what, "used": c.used,
                "url": self.address("conflict", c.conflict_id),
            }
            for c in self.ledger.conflicts_of(kind, key)
        ]  # fmt: skip
        return {
            "reviews": [_review(review) for review in self.ledger.reviews_of(kind, key)],
            "conflicts": [_filled(conflict) for conflict in conflicts],
        }


def _source(source: Source) -> Made:
    plain = ("source_id", "title", "author", "producer", "date_published", "sha256")
    described = {column: getattr(source, column) for column in plain}
    return _filled(
        {"id": named(source.sha256), "type": "Text", "format": "text/plain", "language": source.language} | described
    )


def _review(review: Review) -> Made:
    plain = (
        "review_id", "verdict", "value", "publisher", "title", "date", "url", "date_accessed", "source_kind", "note",
    )  # fmt: skip
    return _filled({column: getattr(review, column) for column in plain})


def _span(anchor: Anchor, what: str) -> tuple[int, int]:
    if anchor.start is None or anchor.end is None:
        raise SourcebookError(
            f"{what} is not anchored: run `.venv/bin/python -m sourcebook anchor` where the texts are"
        )
    return anchor.start, anchor.end


def _position(start: int, end: int) -> Made:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def _plain(end: float | None) -> float | int | None:
    """Return the end of an interval as JSON can hold it: an open one is null."""
    if end is None or not math.isfinite(end):
        return None
    return int(end) if end == int(end) else round(end, 10)


def _filled(made: Made) -> Made:
    """Return what is known; a blank says nothing."""
    return {key: value for key, value in made.items() if value not in ("", None, [], {})}


def claims_json(ledger: Ledger, address: Address, here: str = CLAIMS) -> bytes:
    """Return the `collection` as JSON, an annotation a line: two releases can be compared line by line."""
    made = collection(ledger, address, here)
    page = made["first"]
    items = ",\n".join(json.dumps(item, ensure_ascii=False) for item in page.pop("items"))
    head = json.dumps(made, ensure_ascii=False)
    assert head.endswith("}}")
    return f'{head[:-2]}, "items": [\n{items}\n]}}}}\n'.encode()


def package_name(root: Path) -> str:
    """Return what the file of the data package is called."""
    return f"{read_descriptor(root)['name']}-data.zip"


def package(root: Path) -> bytes:
    """Return the data package under `root` as a zip: descriptor, resources, definitions and terms.

    Raises
    ------
    SourcebookError
        If one of the files is missing.
    """
    resources = [resource["path"] for resource in read_descriptor(root)["resources"]]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in (DATAPACKAGE, *dict.fromkeys((*DOCUMENTS, *resources))):
            try:
                content = (root / name).read_bytes()
            except FileNotFoundError:
                raise SourcebookError(f"{name} is missing, and belongs into the data package") from None
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as Unix writes it, on every machine
            made.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the sha256 of each file in the form that ``sha256sum --check`` reads."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
