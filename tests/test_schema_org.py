"""Structured data: what search engines ask for is there, and a rating says no more than the pages do."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from sourcebook import checks, schema_org
from sourcebook.joins import GRAVITY

LIST = Path(__file__).with_name("structured_data.csv")
"""What search engines require and recommend of each type, with the address that says so."""
PROPERTIES = list(csv.DictReader(LIST.read_text(encoding="utf-8").splitlines()))


def typed(data):
    """Every object with a type, however deep."""
    if isinstance(data, list):
        return [found for item in data for found in typed(item)]
    if not isinstance(data, dict):
        return []
    return ([data] if "@type" in data else []) + [found for item in data.values() for found in typed(item)]


def lacking(data):
    """What is asked for and not there, as type and property; and what is there and cannot be."""
    wrong = []
    for found in typed(data):
        asked = [row["property"] for row in PROPERTIES if row["type"] == found["@type"]]
        wrong += [f"{found['@type']}.{name}" for name in asked if found.get(name) in (None, "", [], {})]
        if found["@type"] == "Rating" and not 1 <= found["worstRating"] <= found["ratingValue"] <= found["bestRating"]:
            wrong.append("Rating out of its scale")
        if found["@type"] == "Dataset" and not 50 <= len(found["description"]) <= 5000:
            wrong.append("Dataset.description too short or too long")
        if found["@type"] == "ClaimReview" and found["reviewRating"]["alternateName"] in found["claimReviewed"]:
            wrong.append("ClaimReview gives its rating away")
    return wrong


def blocks(page):
    """The structured data of a page, as a reader of it would take them out."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert all("<" not in block for block in found)
    return [json.loads(block) for block in found]


def entry(kind, key):
    return f"page.html#{kind}-{key}"


@pytest.fixture
def dataset(project):
    project.change("places", 2, country="XA")
    project.add("places", place_id="sea-land", name="Sea Land", kind="country", country="XA")
    project.add("places", place_id="sky-land", name="Sky Land", kind="country", country="XB")
    files = {"The package": ("data/all.zip", "application/zip", 12)}
    return schema_org.dataset(project.load(), "", files)


@pytest.fixture
def review(project):
    made = schema_org.claim_reviews(project.load(), [("claim", "crossings")], entry)
    return made["@graph"][0]


# --- the rating ---------------------------------------------------------------------------------------------


def rated(project, *verdicts):
    project.write("reviews", [project.make("reviews", review_id=f"r{n}", verdict=v) for n, v in enumerate(verdicts)])
    ledger = project.load()
    return schema_org.rating(ledger, ledger.reviews_of("claim", "crossings"))


@pytest.mark.parametrize(
    ("verdicts", "rating"),
    [
        (["confirms"], (4, "Borne out")),
        (["confirms", "not_found"], (4, "Borne out")),
        (["confirms", "confirms_other_origin"], (3, "Number borne out, origin not")),
        (["confirms", "partly"], (2, "Borne out in part")),
        (["partly", "contradicts"], (1, "Contradicted")),
        (["contradicts", "not_found"], (1, "Contradicted")),
        (["not_found"], None),
        (["confirms", "contradicts"], None),
        (["confirms_other_origin", "contradicts", "partly"], None),
        ([], None),
    ],
)
def test_a_record_is_rated_by_the_gravest_page_unless_pages_disagree_or_none_was_found(project, verdicts, rating):
    assert rated(project, *verdicts) == rating


def test_what_has_no_rating_has_no_review(project):
    project.change("reviews", 2, verdict="not_found")
    ledger = project.load()
    assert schema_org.reviewed(ledger) == []
    assert schema_org.claim_reviews(ledger, [("claim", "crossings")], entry)["@graph"] == []


def test_the_scale_runs_in_the_order_of_the_verdicts(project):
    assert project.problems(checks.ratings) == []
    project.change("ratings", 2, rating="1")
    project.change("ratings", 4, rating="4")
    (problem,) = project.problems(checks.ratings)
    assert (problem.path, problem.what) == (
        "data/ratings.csv", "ratings run confirms, partly, confirms_other_origin, contradicts",
    )  # fmt: skip
    assert problem.todo == f"let them run {', '.join(GRAVITY[:-1])}"


# --- what is told -------------------------------------------------------------------------------------------


def test_the_data_set_has_what_is_asked_for(dataset):
    assert lacking(dataset) == []
    assert dataset["dateModified"] == "2024-05-01"  # the last day on which a page was read
    assert dataset["temporalCoverage"] == "2023-11/2023-11"
    assert [work["name"] for work in dataset["isBasedOn"]] == ["The harbour", "The lighthouse"]
    assert dataset["variableMeasured"] == [
        {"@type": "PropertyValue", "name": "How often did the ferry cross?", "unitText": "km"}
    ]
    assert [place["name"] for place in dataset["spatialCoverage"]] == ["Sea Land"]  # where a claim is placed
    assert "url" not in dataset


def test_a_correction_and_a_reply_are_changes_of_the_data_set(project):
    project.write("corrections", [dict.fromkeys(project.columns("corrections"), "x") | {"date": "2025-01-02"}])
    assert schema_org.modified(project.load()) == "2025-01-02"
    project.write("replies", [dict.fromkeys(project.columns("replies"), "x") | {"date": "2025-02-03"}])
    assert schema_org.modified(project.load()) == "2025-02-03"


def test_a_review_tells_who_claims_what_where_and_what_the_pages_are(review):
    assert lacking(review) == []
    assert review["claimReviewed"] == "ferry, crossings in spring: 1,382 events"
    assert review["url"] == "page.html#claim-crossings"
    assert review["dateCreated"] == "2024-05-01"
    claim = review["itemReviewed"]
    assert (claim["text"], claim["author"]["name"]) == ("the ferry crossed 1,382 times", "Harbour Press")
    assert (claim["datePublished"], claim["appearance"]["name"]) == ("2024-03-01", "The harbour")
    assert review["citation"] == ["https://example.org/almanac"]
    assert review["reviewRating"] == {
        "@type": "Rating", "ratingValue": 2, "bestRating": 4, "worstRating": 1, "alternateName": "Borne out in part",
    }  # fmt: skip


def test_who_first_said_it_is_told_where_the_document_relays_it(project):
    project.change("origins", 2, url="https://example.org/log", kind="academic")
    project.change("claims", 3, role="relayed")
    (review,) = schema_org.claim_reviews(project.load(), [("claim", "crossings")], entry)["@graph"]
    assert review["itemReviewed"]["firstAppearance"] == {
        "@type": "CreativeWork", "url": "https://example.org/log",
        "author": {"@type": "Person", "name": "Harbour office"},
    }  # fmt: skip


def test_vague_words_are_given_as_they_stand_and_not_as_the_number_read_from_them(project):
    project.change("claims", 3, qualifier="vague", value_low="2", value_high="")
    (review,) = schema_org.claim_reviews(project.load(), [("claim", "crossings")], entry)["@graph"]
    assert review["claimReviewed"] == "ferry, crossings in spring: “the ferry crossed 1,382 times”"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda review: review.pop("url"), "ClaimReview.url"),
        (lambda review: review.update(claimReviewed=""), "ClaimReview.claimReviewed"),
        (lambda review: review["reviewRating"].pop("alternateName"), "Rating.alternateName"),
        (lambda review: review["reviewRating"].update(ratingValue=5), "Rating out of its scale"),
        (lambda review: review["itemReviewed"]["author"].update(name=""), "Organization.name"),
        (
            lambda review: review.update(claimReviewed="Borne out in part: crossings"),
            "ClaimReview gives its rating away",
        ),
    ],
)
def test_a_review_that_lacks_something_is_found_out(review, change, told):
    review["reviewRating"].setdefault("alternateName", "")
    change(review)
    review["reviewRating"].setdefault("alternateName", "")
    assert told in lacking(review)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.pop("name"), "Dataset.name"),
        (lambda data: data.update(description="Short."), "Dataset.description too short or too long"),
        (lambda data: data["distribution"][0].pop("contentUrl"), "DataDownload.contentUrl"),
    ],
)
def test_a_data_set_that_lacks_something_is_found_out(dataset, change, told):
    change(dataset)
    assert told in lacking(dataset)


# --- as it is published -------------------------------------------------------------------------------------


def test_the_pages_tell_of_the_data_set_once_and_of_every_rated_record_where_it_stands(site, book):
    told = {page.relative_to(site).as_posix(): blocks(page) for page in sorted(site.rglob("*.html"))}
    found = [(page, data) for page, all_of_it in told.items() for data in all_of_it]
    assert [lacking(data) for _, data in found if lacking(data)] == []
    assert [page for page, data in found if data.get("@type") == "Dataset"] == ["book/data.html"]
    urls = Counter()
    for page, data in found:
        ids = re.findall(r'\bid="([^"]+)"', (site / page).read_text(encoding="utf-8"))
        for review in data.get("@graph", []):
            name, _, anchor = review["url"].partition("#")
            assert name == Path(page).name
            assert anchor in ids
            urls[anchor] += 1
    assert set(urls.values()) == {1}
    assert set(urls) == {f"{kind}-{key}" for kind, key in schema_org.reviewed(book)}
    assert len(urls) > 150
