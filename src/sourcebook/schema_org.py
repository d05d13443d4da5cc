"""The record in the terms of schema.org: the data set, and what a reviewed claim or event was found to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sourcebook.derived import record
from sourcebook.exports import Address
from sourcebook.formatting import date_text, text_of
from sourcebook.joins import verdicts
from sourcebook.ledger import Ledger, read_descriptor
from sourcebook.models import Anchor, Review, Source

CONTEXT = "https://schema.org"
_PERSONS = ("academic", "author")
Made = dict[str, Any]


def dataset(ledger: Ledger, url: str, files: Mapping[str, tuple[str, str, int]]) -> Made:
    """Return the data package as a ``Dataset``.

    Parameters
    ----------
    ledger : Ledger
        The record.
    url : str
        Address of the page about it; blank where it is not known.
    files : mapping
        For each form in which it is published its title: address, media type and bytes.
    """
    descriptor = read_descriptor(ledger.root)
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": descriptor["title"],
        "description": descriptor["description"],
        **({"url": url} if url else {}),
        "version": descriptor["version"],
        "license": descriptor["licenses"][0]["path"],
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "keywords": descriptor["keywords"],
        "creator": [organization(ledger)],
        "dateModified": modified(ledger),
        "temporalCoverage": "/".join(coverage(ledger)),
        "spatialCoverage": list(_countries(ledger)),
        "variableMeasured": list(_variables(ledger)),
        "measurementTechnique": "Quotations coded by a written rule, each held to its place in the document",
        "isBasedOn": [_document(source) for source in ledger.sources.values()],
        "distribution": [
            {
                "@type": "DataDownload", "name": title, "contentUrl": address, "encodingFormat": media,
                "contentSize": f"{size} B",
            }
            for title, (address, media, size) in files.items()
        ],
    }  # fmt: skip


def organization(ledger: Ledger, url: str = "") -> Made:
    """Return who speaks in the book."""
    name = read_descriptor(ledger.root)["contributors"][0]["title"]
    return {"@type": "Organization", "name": name, **({"url": url} if url else {})}


def modified(ledger: Ledger) -> str:
    """Return the latest day on which anything was read, corrected or answered; the clock has no part in it."""
    days = {row["date"] for name in ("corrections", "replies") for row in ledger.tables[name].rows}
    for table in ledger.tables.values():
        if "date_accessed" in table.columns:
            days |= {row["date_accessed"] for row in table.rows}
    return max(days, default="")


def coverage(ledger: Ledger) -> tuple[str, str]:
    """Return the first and the last date that a claim covers or an event has, as precise as they are."""
    dates = {event.date for event in ledger.events.values()}
    dates |= {date for claim in ledger.claims.values() for date in (claim.period_start, claim.period_end)}
    known = sorted(date for date in dates if date)
    return known[0], known[-1]


def _countries(ledger: Ledger) -> Iterator[Made]:
    """Yield the countries of the gazetteer in which a claim or an event is placed."""
    told = {claim.place_id for claim in ledger.claims.values()} | {event.place_id for event in ledger.events.values()}
    codes = {place.country for place in ledger.places.values() if place.place_id in told and place.country}
    for place in ledger.places.values():
        if place.kind == "country" and place.country in codes:
            point = {"@type": "GeoCoordinates", "latitude": place.lat, "longitude": place.lon}
            yield {"@type": "Place", "name": place.name, "geo": point}


def _variables(ledger: Ledger) -> Iterator[Made]:
    """Yield the questions that more than one claim answers: what can be compared."""
    for question in ledger.questions.values():
        if len(ledger.voices(question.question_id).claims) > 1:
            unit = {"unitText": question.unit} if question.unit else {}
            yield {"@type": "PropertyValue", "name": question.text, **unit}


def _author(source: Source) -> Made:
    if source.author:
        return {"@type": "Person", "name": source.author}
    return {"@type": "Organization", "name": source.producer}


def _document(source: Source) -> Made:
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "author": _author(source),
        "publisher": {"@type": "Organization", "name": source.producer},
        "datePublished": source.date_published,
        "inLanguage": source.language,
    }


def rating(ledger: Ledger, reviews: Sequence[Review]) -> tuple[int, str] | None:
    """Return what a claim or an event is rated by the gravest verdict of its reviews, and the rating's name.

    None where nothing was found, and where one page contradicts and another confirms: which of them is right would be
    a verdict of ours, and the record holds those of pages only.
    """
    found = verdicts(reviews)
    disagree = found["gravest"] == "contradicts" and found["mildest"].startswith("confirms")
    row = next((r for r in ledger.tables["ratings"].rows if r["verdict"] == found["gravest"]), None)
    return None if row is None or disagree else (int(row["rating"]), row["name"])


def reviewed(ledger: Ledger) -> list[tuple[str, str]]:
    """Return the kind and id of every claim and event that has a rating."""
    records = dict.fromkeys(review.record for review in ledger.reviews.values())
    return [found for found in records if rating(ledger, ledger.reviews_of(*found)) is not None]


def claim_reviews(ledger: Ledger, records: Iterable[tuple[str, str]], address: Address, book: str = "") -> Made:
    """Return the ``ClaimReview`` of each record that has a rating, as one graph.

    Parameters
    ----------
    ledger : Ledger
        The record.
    records : iterable
        Kind and id of each claim or event.
    address : callable
        Gives the address of an entry.
    book : str
        Address of the book; blank where it is not known.
    """
    rated = [(kind, key) for kind, key in records if rating(ledger, ledger.reviews_of(kind, key)) is not None]
    author = organization(ledger, book)
    graph = [_claim_review(ledger, kind, key) | {"url": address(kind, key), "author": author} for kind, key in rated]
    return {"@context": CONTEXT, "@graph": graph}


def _claim_review(ledger: Ledger, kind: str, key: str) -> Made:
    reviews = ledger.reviews_of(kind, key)
    value, name = rating(ledger, reviews) or (0, "")
    scale = [int(row["rating"]) for row in ledger.tables["ratings"].rows]
    pages = [review for review in reviews if review.verdict != "not_found"]
    return {
        "@type": "ClaimReview",
        "claimReviewed": _words(ledger, kind, key),
        "dateCreated": max(review.date_accessed for review in pages),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": max(scale),
            "worstRating": min(scale),
            "alternateName": name,
        },
        "itemReviewed": _claim(ledger, kind, key),
        "citation": [review.url for review in pages],  # their titles stand in the entry, and weigh as much again
    }


def _words(ledger: Ledger, kind: str, key: str) -> str:
    if kind == "event":
        event = ledger.event(key)
        return f"{event.title}: {date_text(event.date)}"
    claim = ledger.claim(key)
    value = text_of(record(ledger, "claim", key), ledger.units)
    if claim.stated.qualifier == "vague":
        value = f"“{claim.anchor.quote}”"  # the number is our reading of words that state none
    return f"{claim.subject}, {claim.measure}: {value}"


def _claim(ledger: Ledger, kind: str, key: str) -> Made:
    anchor: Anchor = ledger.event(key).anchor if kind == "event" else ledger.claim(key).anchor
    source = ledger.source(anchor.source_id)
    made = {
        "@type": "Claim",
        "text": anchor.quote,
        "author": _author(source),
        "datePublished": source.date_published,
        "appearance": {"@type": "CreativeWork", "name": source.title, "datePublished": source.date_published},
    }
    if kind == "event":
        return made
    origin = ledger.origins[ledger.claim(key).origin_id]
    if origin.url and ledger.claim(key).role == "relayed":
        who = {"@type": "Person" if origin.kind in _PERSONS else "Organization", "name": origin.name}
        made["firstAppearance"] = {"@type": "CreativeWork", "url": origin.url, "author": who}
    return made
