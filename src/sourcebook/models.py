"""The records of the ledger, one frozen class per table that code asks for by id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sourcebook.quantity import Quantity, reading

REASONS = {
    "count": "counted by the reader on the page itself",
    "date": "a date of the documents, of a page or of this book, and no dated happening of the record",
    "name": "part of a name or a title",
    "method": "a convention or a setting of this book",
    "order": "a place in this text's own order",
}
"""Why a number in prose may be bound to nothing."""

FIGURE_MIME = "application/vnd.sourcebook.figure+json"
"""The MIME type by which a notebook hands a figure's name, caption, alt text and data to the book."""
PLOTLY_MIME = "application/vnd.plotly.v1+json"
"""The MIME type of a figure that plotly draws."""
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(frozen=True)
class Stated:
    """A number as a text states it: its ends, its unit and the hedge it carries.

    Attributes
    ----------
    low, high : float or None
        Ends as stated; None where the words leave an end open.
    unit : str
        Unit of both, a key of ``data/units.csv``; blank for a plain ratio.
    qualifier : str
        exact, about, at_least, at_most, nearly, range, rank or vague.
    """

    low: float | None
    high: float | None
    unit: str
    qualifier: str = "exact"

    @property
    def quantity(self) -> Quantity:
        """The interval that the words allow (`sourcebook.quantity.reading`)."""
        return reading(self.low, self.high, self.qualifier, self.unit)


@dataclass(frozen=True)
class Source:
    """One seed document."""

    source_id: str
    short_name: str
    called: str
    title: str
    author: str
    producer: str
    kind: str
    language: str
    date_published: str
    date_basis: str
    date_note: str
    file: str
    sha256: str
    words: int


@dataclass(frozen=True)
class Unit:
    """How a unit is written."""

    unit: str
    definition: str
    singular: str
    plural: str
    symbol: str
    aliases: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """Every word or symbol that prose may use for it, in lower case."""
        own = (self.unit, self.singular, self.plural, self.symbol, *self.aliases)
        return frozenset(word.lower() for word in own if word)


@dataclass(frozen=True)
class Question:
    """What claims can be compared on."""

    question_id: str
    text: str
    unit: str
    domain: str


@dataclass(frozen=True)
class Origin:
    """Whoever first said it."""

    origin_id: str
    name: str
    kind: str
    url: str
    note: str


@dataclass(frozen=True)
class Anchor:
    """A quotation and its place in a seed text.

    Attributes
    ----------
    source_id, quote : str
        The document, and its words as a page shows them.
    start, end : int or None
        Offsets in the text, in code points.
    digest : str
        Proof that the words were found there.
    passage : str
        The text between the offsets, where it is not `quote` character for character.
    """

    source_id: str
    quote: str
    start: int | None
    end: int | None
    digest: str
    passage: str = ""

    @property
    def exact(self) -> str:
        """The words character for character as the text has them."""
        return self.passage or self.quote


@dataclass(frozen=True)
class Claim:
    """One quantitative statement of one seed document."""

    claim_id: str
    question_id: str
    anchor: Anchor
    subject: str
    measure: str
    stated: Stated
    value_note: str
    period_start: str
    period_end: str
    place_id: str
    origin_id: str
    role: str
    domain: str
    aside: str
    note: str
    actors: tuple[str, ...]

    @property
    def source_id(self) -> str:
        """The document that makes the claim."""
        return self.anchor.source_id

    @property
    def quantity(self) -> Quantity:
        """The interval that the claim's words allow."""
        return self.stated.quantity


@dataclass(frozen=True)
class Event:
    """One dated happening that one seed document tells."""

    event_id: str
    anchor: Anchor
    date: str
    precision: str
    inferred: bool
    title: str
    domain: str
    happening_id: str
    place_id: str
    note: str
    actors: tuple[str, ...]

    @property
    def source_id(self) -> str:
        """The document that tells it."""
        return self.anchor.source_id

    @property
    def happening(self) -> str:
        """What happened: the same for every telling of it."""
        return self.happening_id or self.event_id


@dataclass(frozen=True)
class Issue:
    """What a stance is about; `proposition` says what being for it means."""

    issue_id: str
    name: str
    domain: str
    proposition: str
    note: str


@dataclass(frozen=True)
class Stance:
    """What one sentence says of one actor, or of a pair.

    Attributes
    ----------
    stance_id : str
        Identifier, of the record or of a coding.
    anchor : Anchor
        The words that carry it.
    sentence_id : str
        The sentence.
    actor_a, actor_b : str
        The actor; the second of a pair, blank for one actor.
    relation : str
        wants, supports or opposes of one actor; converges or diverges of a pair.
    issue_id, domain : str
        What about, and the issue's field of policy.
    modality : str
        actual, conditional or possible.
    strength : str
        explicit or implied.
    voice : str
        Who says so: author, actor or third.
    """

    stance_id: str
    anchor: Anchor
    sentence_id: str
    actor_a: str
    actor_b: str
    relation: str
    issue_id: str
    domain: str
    modality: str
    strength: str
    voice: str

    @property
    def source_id(self) -> str:
        """The document that says it."""
        return self.anchor.source_id

    @property
    def unit(self) -> tuple[str, str, str]:
        """The unit of coding: sentence and slot."""
        return self.sentence_id, self.actor_a, self.actor_b

    @property
    def direction(self) -> str:
        """For or against: what is left of the relation without its shades."""
        return "against" if self.relation in ("opposes", "diverges") else "for"


@dataclass(frozen=True)
class Voices:
    """How many speak to one question: documents, and the separate origins behind them.

    Attributes
    ----------
    claims : tuple of Claim
        The claims that answer it.
    documents, origins : int
        Documents, and known origins; three documents that repeat one ministry are one origin.
    unknown : int
        Claims whose origin is unknown: each may or may not be one of the known ones.
    """

    claims: tuple[Claim, ...]
    documents: int
    origins: int
    unknown: int

    @property
    def told(self) -> str:
        """The count as prose gives it: "2 documents, 1 origin"; unknown origins are told beside the known."""
        origins = _count(self.origins, "origin") if self.origins else "no known origin"
        known = [_count(self.documents, "document"), origins]
        return ", ".join(known + ([f"{_count(self.unknown, 'claim')} of unknown origin"] if self.unknown else []))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class Figure:
    """A number published outside the seed documents: a review of a claim, or a row of a series."""

    figure_id: str
    stated: Stated
    label: str
    period_start: str
    period_end: str
    publisher: str
    title: str
    date: str
    url: str
    date_accessed: str
    source_kind: str
    note: str

    @property
    def quantity(self) -> Quantity:
        """The interval that the published words allow."""
        return self.stated.quantity


@dataclass(frozen=True)
class Review:
    """A claim or an event held against an upstream or independent page."""

    review_id: str
    claim_id: str
    event_id: str
    verdict: str
    value: str
    figure: Figure | None
    publisher: str
    title: str
    date: str
    url: str
    date_accessed: str
    source_kind: str
    note: str

    @property
    def record(self) -> tuple[str, str]:
        """Kind and id of what is reviewed: an event may have the id of a claim."""
        return ("claim", self.claim_id) if self.claim_id else ("event", self.event_id)

    @property
    def dated(self) -> str:
        """The date that the page gives, as precise as it is; blank where its value is none."""
        return self.value if _DATE.fullmatch(self.value) else ""


@dataclass(frozen=True)
class Dated:
    """A date that a record carries in the place of a number: an event's, or the one that a page gives for it.

    Attributes
    ----------
    kind, key : str
        event or review, and its id.
    date : str
        ISO 8601, as precise as it is known.
    inferred : bool
        Whether the date was resolved by us.
    """

    kind: str
    key: str
    date: str
    inferred: bool

    @property
    def precision(self) -> str:
        """How much of the date is known: its day, month or year."""
        return ("year", "month", "day")[self.date.count("-")]


@dataclass(frozen=True)
class Citation:
    """What one document cites, as it prints it."""

    citation_id: str
    anchor: Anchor
    number: str
    kind: str
    author: str
    title: str
    publisher: str
    date: str
    date_accessed: str
    url: str
    same_as: str
    event_id: str
    note: str

    @property
    def source_id(self) -> str:
        """The document that cites."""
        return self.anchor.source_id


@dataclass(frozen=True)
class Party:
    """What takes part in a conflict: a record, or words of a document.

    Attributes
    ----------
    kind, key : str
        Kind of record (claim, event, stance, review, citation) and its id; both blank for words alone.
    anchor : Anchor or None
        The words, where no record has them.
    side : str
        Which side it takes; blank where each document is a side of its own.
    """

    kind: str
    key: str
    anchor: Anchor | None
    side: str = ""


@dataclass(frozen=True)
class Conflict:
    """A contradiction, and what the book does about it."""

    conflict_id: str
    kind: str
    severity: str
    what: str
    used: str
    reason: str
    url: str
    parties: tuple[Party, ...]


@dataclass(frozen=True)
class Likelihood:
    """A word for how likely a judgement is, and the probabilities that it stands for, in percent."""

    word: str
    percent_low: int
    percent_high: int
    order: int

    @property
    def range(self) -> str:
        """The probabilities as prose gives them."""
        return f"{self.percent_low}–{self.percent_high} percent"


@dataclass(frozen=True)
class Confidence:
    """How far evidence carries a judgement.

    Attributes
    ----------
    level, criteria : str
        The word, and what makes a judgement one of this level.
    origins : int
        Known origins that the claims among the evidence for it need at least, where no review confirms one of them.
    settled : bool
        Whether no contradiction that bears on a finding may be open among that evidence, unless the account names it.
    order : int
        Place in the scale, from the highest.
    """

    level: str
    criteria: str
    origins: int
    settled: bool
    order: int


@dataclass(frozen=True)
class Passage:
    """Words that an author wrote into a file of the record, and the line on which they begin."""

    text: str
    line: int


@dataclass(frozen=True)
class Evidence:
    """One thing that speaks for or against a judgement, and the records that bear it, each as ``kind:id``."""

    text: Passage
    refs: tuple[Passage, ...]


@dataclass(frozen=True)
class Judgement:
    """A conclusion of the book, with its account.

    Attributes
    ----------
    judgement_id : Passage
        Identifier.
    title, statement : Passage
        What it is about, in a few plain words; the conclusion, in MyST.
    likelihood, confidence : Passage
        A word of each scale.
    confidence_why : Passage
        Which of the criteria, in MyST.
    evidence_for, evidence_against : tuple of Evidence
        What speaks for it and against it; none against it says that none was found.
    assumptions, would_change : tuple of Passage
        What it takes for granted, and what would change it, in MyST.
    chapter : Passage
        The page on which it is argued.
    """

    judgement_id: Passage
    title: Passage
    statement: Passage
    likelihood: Passage
    confidence: Passage
    confidence_why: Passage
    evidence_for: tuple[Evidence, ...]
    evidence_against: tuple[Evidence, ...]
    assumptions: tuple[Passage, ...]
    would_change: tuple[Passage, ...]
    chapter: Passage

    @property
    def key(self) -> str:
        """The identifier alone."""
        return self.judgement_id.text

    @property
    def refs(self) -> tuple[Passage, ...]:
        """Every reference of the account, for and against."""
        return tuple(ref for item in (*self.evidence_for, *self.evidence_against) for ref in item.refs)


@dataclass(frozen=True)
class Place:
    """A place of the gazetteer, in degrees (WGS 84)."""

    place_id: str
    name: str
    kind: str
    country: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Leg:
    """One leg of a corridor."""

    route_id: str
    leg: int
    from_place_id: str
    to_place_id: str
    mode: str
    km: float | None
    url: str


@dataclass(frozen=True)
class Route:
    """A corridor and its legs in order."""

    route_id: str
    name: str
    status: str
    note: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class Record:
    """What a bound number leads to, whatever table it stands in.

    Attributes
    ----------
    kind : str
        claim, review, series or derived.
    key : str
        Identifier within the kind.
    stated : Stated
        The number.
    label : str
        What it is about, in a few words.
    digits : int or None
        Decimals it is published with; None for a stated number, which is never rounded.
    """

    kind: str
    key: str
    stated: Stated
    label: str
    digits: int | None = None
