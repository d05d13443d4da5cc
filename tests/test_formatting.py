import json
import math
import random
import re

import pytest

from sourcebook.dates import verify_date
from sourcebook.derived import definitions, record
from sourcebook.errors import SourcebookError
from sourcebook.formatting import cell_text, date_text, number_text, period_text, rounded, text_of, unit_text, verify
from sourcebook.models import Record, Stated
from sourcebook.paths import ROOT


def make_record(low, high, unit, qualifier="exact", digits=None):
    return Record("claim", "boats", Stated(low, high, unit, qualifier), "boats", digits)


MEETINGS = make_record(1382, 1382, "meeting")
ROAD = make_record(57, 57, "mile")
JOURNEY = make_record(20, 22, "day", "range")
BIDDERS = make_record(100, None, "company", "at_least")
COST = make_record(None, 1e8, "USD", "nearly")
WAIT = make_record(None, 8, "hour", "at_most")
TRADE = make_record(2.3e9, 2.3e9, "USD", "about")
SHARE = make_record(10, 10, "percent")
PLACE = make_record(1, 1, "rank", "rank")
RATE = make_record(12.48, 12.48, "meeting/month", digits=1)
BY_LENGTH = make_record(22.727, 22.727, "claim/kiloword", digits=1)
RATIO = make_record(1.87, 1.87, "", digits=1)
FALL = make_record(-5, -5, "percent")
SPENT = make_record(4.3e8, None, "USD", "at_least")
ORE = make_record(2.3e9, 2.3e9, "t", "about")
WORTH = make_record(2e12, None, "USD", "vague")
MOST = make_record(50, 100, "percent", "vague")
DRILLED = make_record(5.606, 6.852, "percent", "range", digits=0)
FLOOR = make_record(1069.25, None, "km", digits=-1)
ALIKE = make_record(5.6, 6.4, "percent", "range", digits=0)


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("1,382 meetings", MEETINGS),
        ("1382 meetings", MEETINGS),
        ("1,382", MEETINGS),
        ("about 1,400 meetings", MEETINGS),
        ("some 1,380 meetings", MEETINGS),
        ("more than 1,380 meetings", MEETINGS),
        ("nearly 1,400 meetings", MEETINGS),
        ("57 miles", ROAD),
        ("57-mile", ROAD),
        ("fifty-seven miles", ROAD),
        ("about 92 km", ROAD),
        ("about 92 kilometres", ROAD),
        ("around 90 km", ROAD),
        ("20–22 days", JOURNEY),
        ("20 to 22 days", JOURNEY),
        ("between 20 and 22 days", JOURNEY),
        ("20-22", JOURNEY),
        ("up to 22 days", JOURNEY),
        ("at least 20 days", JOURNEY),
        ("over 100 companies", BIDDERS),
        ("more than 100 firms", BIDDERS),
        ("100 or more companies", BIDDERS),
        ("nearly USD 100 million", COST),
        ("almost $100 million", COST),
        ("just under US$100 million", COST),
        ("nearly 100 million dollars", COST),
        ("up to 8 hours", WAIT),
        ("under eight hours", WAIT),
        ("about USD 2.3 billion", TRADE),
        ("roughly $2.3 billion", TRADE),
        ("close to 1,400 meetings", MEETINGS),
        ("about 1,382 meetings", MEETINGS),
        ("no more than 1,400 meetings", MEETINGS),
        ("over USD 430 million", SPENT),
        ("more than USD 400 million", SPENT),
        ("no less than $430 million", SPENT),
        ("upwards of the US$ 430 million", SPENT),
        ("430 million dollars or more", SPENT),
        ("USD 430 million or more", SPENT),
        ("over a hundred companies", BIDDERS),
        ("100 firms and more", BIDDERS),
        ("an estimated 2.3 billion tonnes", ORE),
        ("about 2.30 billion tonnes", ORE),
        ("about $17 bn", make_record(1.7e10, 1.7e10, "USD", "about")),
        ("no more than 8 hours", WAIT),
        ("not more than 9 hours", make_record(None, 8.5, "hour", "at_most")),
        ("8 hours or less", WAIT),
        ("trillions of dollars", WORTH),
        ("over USD 2 trillion", WORTH),
        ("50 percent", MOST),
        ("about 100 percent", MOST),
        ("50–100 percent", MOST),
        ("6 to 7 percent", DRILLED),
        ("about 5.6 to 6.9 percent", DRILLED),
        ("at least 6 percent", DRILLED),
        ("up to 7 percent", DRILLED),
        ("at least 1,070 km", FLOOR),
        ("over 1,000 km", FLOOR),
        ("6 percent", ALIKE),
        ("the first nation", PLACE),
        ("more than 1.8 times", RATIO),
        ("10%", SHARE),
        ("10 %", SHARE),
        ("ten per cent", SHARE),
        ("first", PLACE),
        ("1st", PLACE),
        ("first place", PLACE),
        ("12.5 meetings per month", RATE),
        ("22.7 claims per thousand words", BY_LENGTH),
        ("1.9 times", RATIO),
        ("1.9", RATIO),
        ("about 2 times", RATIO),
        ("-5 percent", FALL),
        ("one contract", make_record(1, 1, "contract")),
    ],
)
def test_words_that_the_record_bears_out(words, made, book):
    assert verify(words, made, book.units) == []


@pytest.mark.parametrize(
    ("words", "made", "telling"),
    [
        # the value is another
        ("1,383 meetings", MEETINGS, "says 1,383 where the record has 1,382"),
        ("second", PLACE, "says 2 where the record has 1"),
        ("nearly USD 100 billion", COST, "where the record has 100,000,000"),
        ("over 200 companies", BIDDERS, "says 200 where the record has 100"),
        ("20–23 days", JOURNEY, "says 23 where the record has 22"),
        ("5 percent", FALL, "says 5 where the record has -5"),
        # rounded without a hedge, or to what it does not round to
        ("1,400 meetings", MEETINGS, "says 1,400 where the record has 1,382"),
        ("about 1,300 meetings", MEETINGS, "says 1,300 where the record has 1,382"),
        ("2.0 times", RATIO, "says 2 where the record has"),
        ("12.48 meetings per month", RATE, "says 12.48 where the record has"),
        # the hedge is dropped, or another
        ("100 companies", BIDDERS, "drops the qualifier 'at_least'"),
        ("up to 100 companies", BIDDERS, "drops the qualifier 'at_least'"),
        ("USD 100 million", COST, "drops the qualifier 'nearly'"),
        ("about USD 100 million", COST, "drops the qualifier 'nearly'"),
        ("8 hours", WAIT, "drops the qualifier 'at_most'"),
        ("USD 2.3 billion", TRADE, "drops the qualifier 'about'"),
        ("no more than 100 companies", BIDDERS, "drops the qualifier 'at_least'"),
        ("no less than 8 hours", WAIT, "drops the qualifier 'at_most'"),
        ("over the years 100 companies", BIDDERS, "drops the qualifier 'at_least'"),
        ("1,070 km", FLOOR, "drops the qualifier 'at_least'"),
        ("up to 1,070 km", FLOOR, "drops the qualifier 'at_least'"),
        # rounded the wrong way, or too far
        ("over 1,400 meetings", MEETINGS, "says 1,400 where the record has 1,382"),
        ("over 1,000 meetings", MEETINGS, "says 1,000 where the record has 1,382"),
        ("nearly 1,380 meetings", MEETINGS, "says 1,380 where the record has 1,382"),
        ("up to 2,000 meetings", MEETINGS, "says 2,000 where the record has 1,382"),
        ("roughly $2 billion", TRADE, "says 2,000,000,000 where the record has 2,300,000,000"),
        ("about 2.0 times", RATIO, "says 2 where the record has 1.9"),
        ("over USD 440 million", SPENT, "says 440,000,000 where the record has 430,000,000"),
        ("over USD 300 million", SPENT, "says 300,000,000 where the record has 430,000,000"),
        ("up to 7 hours", WAIT, "says 7 where the record has 8"),
        ("nearly USD 90 million", COST, "says 90,000,000 where the record has 100,000,000"),
        ("at least 7 percent", DRILLED, "says 7 where the record has 6"),
        # a hedge that stands elsewhere declares nothing
        ("over time 1,380 meetings", MEETINGS, "says 1,380 where the record has 1,382"),
        ("1,400 meetings in about every place", MEETINGS, "says 1,400 where the record has 1,382"),
        # a hedge that the record lacks
        ("at least 1,382 meetings", MEETINGS, "adds a hedge that the record lacks"),
        ("up to 1,382 meetings", MEETINGS, "adds a hedge that the record lacks"),
        ("nearly 1,382 meetings", MEETINGS, "adds a hedge that the record lacks"),
        ("nearly 1.9 times", RATIO, "adds a hedge that the record lacks"),
        ("1,382 meetings or more", MEETINGS, "adds a hedge that the record lacks"),
        ("at least 20–22 days", JOURNEY, "adds a hedge that the record lacks"),
        ("between 20 and 22 days or more", JOURNEY, "adds a hedge that the record lacks"),
        ("57-mile or more", ROAD, "adds a hedge that the record lacks"),
        ("about 100 or more companies", BIDDERS, "hedges in two ways"),
        ("20 to over 22 days", JOURNEY, "hedges in two ways"),
        # the noun is another
        ("1,382 trucks", MEETINGS, "does not name the unit 'meeting' (meeting, meetings)"),
        ("57 days", ROAD, "does not name the unit 'mile'"),
        ("nearly EUR 100 million", COST, "does not name the unit 'USD'"),
        ("10 points", SHARE, "does not name the unit 'percent'"),
        ("12.5 meetings per year", RATE, "does not name the unit 'meeting/month'"),
        ("22.7 claims per hundred words", BY_LENGTH, "does not name the unit 'claim/kiloword'"),
        # converted without a hedge, or not at all
        ("92 km", ROAD, "says 92 where the record has 91.732608"),
        ("57 km", ROAD, "says 57 where the record has 91.732608"),
        ("about 93 km", ROAD, "says 93 where the record has 91.732608"),
        # one number for a range, and a range for one number
        ("20 days", JOURNEY, "gives one number where the record has 20 to 22"),
        ("about 21 days", JOURNEY, "gives one number where the record has 20 to 22"),
        ("nearly 22 days", JOURNEY, "gives one number where the record has 20 to 22"),
        ("50–90 percent", MOST, "says 90 where the record has 100"),
        ("75 percent", MOST, "says 75 where the record has 50"),
        ("2–3 trillion dollars", WORTH, "gives a range where the record has 2,000,000,000,000"),
        ("the second nation", PLACE, "says 2 where the record has 1"),
        ("5 days", make_record(None, None, "day"), "gives a number where the record has none"),
        ("1,382–1,400 meetings", MEETINGS, "gives a range where the record has 1,382"),
        ("100–200 companies", BIDDERS, "gives a range where the record has 100"),
        # no number, or too many
        ("meetings", MEETINGS, "must hold one number, or the two ends of a range"),
        ("", MEETINGS, "must hold one number, or the two ends of a range"),
        ("1,382 meetings with 80 states in 3 years", MEETINGS, "must hold one number, or the two ends of a range"),
    ],
)
def test_words_that_the_record_does_not_bear_out(words, made, telling, book):
    problems = verify(words, made, book.units)
    assert len([p for p in problems if telling in p]) == 1, problems
    assert all(repr(words) in p for p in problems)


ROLE = re.compile(r"\{(claim|derived|series|review)\}`([^`<]+?)\s*<([^<>`]+)>`")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("1.9 times", []),
        ("1.9 times as long", []),
        ("1.9 camels", []),  # no unit of the record: words of the author's own
        ("1.9 days", ["'1.9 days' names the unit 'day', the record has a plain number"]),
        ("1.9 contracts", ["'1.9 contracts' names the unit 'contract', the record has a plain number"]),
        ("187 percent", []),
        ("1.9 percent", ["'1.9 percent' says 1.9 where the record has 187"]),
    ],
)
def test_a_plain_ratio_is_told_in_no_unit(words, told, book):
    assert verify(words, RATIO, book.units) == told


def pages():
    """The text of every page that binds numbers, by its name."""
    for path in [ROOT / "index.md", *(ROOT / "book").glob("*.md"), *(ROOT / "seeds").glob("*.md")]:
        yield path.name, path.read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.name, "\n".join("".join(cell["source"]) for cell in cells)


def test_every_word_that_a_page_binds_is_borne_out(book):
    bound = [(page, *found) for page, text in pages() for found in ROLE.findall(text)]
    assert len(bound) > 100
    assert [(page, *found) for page, kind, words, key in bound if (found := told(book, kind, words, key))] == []


def told(book, kind, words, key):
    if kind == "review" and re.fullmatch(r"\d{4}(-\d\d){0,2}", book.review(key).value):
        return verify_date(words, book.review(key).value)
    try:
        return verify(words, record(book, kind, key), book.units)
    except SourcebookError as error:
        return [str(error)]


def test_every_number_of_the_book_is_borne_out_by_its_own_text(book):
    references = [
        *(("claim", key) for key in book.claims),
        *(("series", key) for rows in book.series.values() for key in rows),
        *(("review", key) for key, review in book.reviews.items() if review.figure),
        *(("derived", key) for key in definitions()),
    ]
    assert len(references) > 100
    wrong = {}
    for kind, key in references:
        made = record(book, kind, key)
        problems = verify(text_of(made, book.units), made, book.units)
        if problems:
            wrong[f"{kind}:{key}"] = problems
    assert wrong == {}


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (MEETINGS, "1,382 meetings"),
        (JOURNEY, "20–22 days"),
        (BIDDERS, "at least 100 companies"),
        (COST, "nearly USD 100 million"),
        (WAIT, "up to 8 hours"),
        (TRADE, "about USD 2.3 billion"),
        (SHARE, "10 percent"),
        (PLACE, "first"),
        (RATE, "12.5 meetings per month"),
        (RATIO, "1.9"),
        (make_record(1, 1, "contract"), "1 contract"),
        (make_record(11, 11, "rank", "rank"), "11 places"),
        (make_record(2e9, 3e9, "USD", "range"), "USD 2–3 billion"),
        (make_record(1e6, 2e9, "t", "range"), "1 million to 2 billion tonnes"),
        (make_record(999_999, 1e6, "t", "range"), "999,999 to 1 million tonnes"),
        (make_record(2, 3e6, "t", "range"), "2 to 3,000,000 tonnes"),
        (make_record(1e6, 1_234_567, "t", "range"), "1 million to 1,234,567 tonnes"),
        (make_record(-5, -3, "percent", "range"), "-5 to -3 percent"),
        (make_record(-2e6, -1e6, "USD", "range"), "USD -2 million to -1 million"),
        (make_record(4.5e5, 1.2e6, "USD", "range", digits=-4), "USD 450,000 to 1.20 million"),
        (ALIKE, "6 percent"),
        (make_record(-0.2, 0.3, "percent", "range", digits=0), "0 percent"),
        (make_record(None, 5.46e6, "USD/company", digits=-5), "up to USD 5.5 million per company"),
        (WORTH, "at least USD 2 trillion"),
        (MOST, "50–100 percent"),
        (make_record(3, 3, "USD/person"), "USD 3 per person"),
        (make_record(1382, 1382, "meeting", digits=-2), "1,400 meetings"),
        (make_record(5, None, "day"), "at least 5 days"),
        (make_record(None, 5, "day"), "up to 5 days"),
    ],
)
def test_a_record_is_written_as_prose_and_read_back(made, text, book):
    assert text_of(made, book.units) == text
    assert verify(text, made, book.units) == []


ENDS = {
    "exact": lambda low, high: (low, low),
    "range": lambda low, high: (low, high),
    "at_least": lambda low, high: (low, None),
    "nearly": lambda low, high: (None, high),
}


@pytest.mark.parametrize("qualifier", sorted(ENDS))
def test_what_is_written_is_borne_out_whatever_the_number(qualifier, book):
    chance = random.Random(qualifier)
    for _ in range(1500):
        low, high = sorted(round(chance.choice((1, -1)) * 10 ** chance.uniform(-3, 13), 3) for _ in range(2))
        digits = chance.choice((None, 2, 0, -1, -4)) if qualifier in ("exact", "range") else None
        made = make_record(*ENDS[qualifier](low, high), chance.choice(("t", "USD", "km/day")), qualifier, digits)
        assert verify(text_of(made, book.units), made, book.units) == [], made


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, None, "0"),
        (1382, None, "1,382"),
        (15.6, None, "15.6"),
        (10, None, "10"),
        (0.1, None, "0.1"),
        (1 / 3, None, "0.333333"),
        (-5, None, "-5"),
        (999_999, None, "999,999"),
        (1e6, None, "1 million"),
        (2.3e9, None, "2.3 billion"),
        (1.5e12, None, "1.5 trillion"),
        (-2.5e6, None, "-2.5 million"),
        (1 / 3, 2, "0.33"),
        (2.345, 2, "2.35"),
        (100, 1, "100.0"),
        (1382.5, 0, "1,383"),
        (1382, -2, "1,400"),
        (2_345_678, -5, "2.3 million"),
        (1_234_567, None, "1,234,567"),
        (1_234_000, None, "1.234 million"),
        (1_234_567_800_000, None, "1,234,567,800,000"),
        (1e6, 0, "1,000,000"),
        (2_345_678.25, 1, "2,345,678.3"),
        (999_999.7, 0, "1,000,000"),
        (960_000, -5, "1.0 million"),
        (999_996, -1, "1,000,000"),
        (-0.3, 0, "0"),
        (-1e-9, None, "0"),
    ],
)
def test_number_text(value, digits, text):
    assert number_text(value, digits) == text


@pytest.mark.parametrize(
    ("value", "digits", "result"),
    [(0.5, 0, 1), (1.5, 0, 2), (2.5, 0, 3), (-2.5, 0, -3), (2.675, 2, 2.68), (1250, -2, 1300), (math.inf, 1, math.inf)],
)
def test_halves_are_rounded_away_from_zero(value, digits, result):
    assert rounded(value, digits) == result


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("2024-02-22", "22 February 2024"),
        ("2024-12-01", "1 December 2024"),
        ("2021-08", "August 2021"),
        ("2003", "2003"),
    ],
)
def test_date_text_keeps_the_precision(date, text):
    assert date_text(date) == text


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        (("2021-08", "2024-02"), "August 2021 to February 2024"),
        (("2024", "2024"), "2024"),
        (("", "2024"), "2024"),
        (("", ""), ""),
    ],
)
def test_a_period_whose_ends_are_one_is_written_once(ends, text):
    assert period_text(*ends) == text


@pytest.mark.parametrize(
    ("unit", "many", "one"),
    [
        ("meeting", "meetings", "meeting"),
        ("meeting/month", "meetings per month", "meeting per month"),
        ("percent", "percent", "percent"),
        ("USD", "dollars", "dollar"),
        ("", "", ""),
        ("furlong", "furlong", "furlong"),
    ],
)
def test_unit_text(unit, many, one, book):
    assert (unit_text(unit, book.units), unit_text(unit, book.units, one=True)) == (many, one)


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        (Stated(1200, 1500, "km", "range"), "1,200–1,500"),
        (Stated(2e9, 3e9, "USD", "range"), "2–3 billion"),
        (Stated(100, None, "company", "at_least"), "≥ 100"),
        (Stated(None, 8, "hour", "at_most"), "≤ 8"),
        (Stated(None, 1e8, "USD", "nearly"), "nearly 100 million"),
        (Stated(500, 500, "t", "about"), "≈ 500"),
        (Stated(999_999, 1e6, "t", "range"), "999,999 to 1 million"),
        (Stated(57, 57, "mile"), "57"),
        (Stated(None, None, "mile", "vague"), ""),
    ],
)
def test_a_cell_leaves_the_unit_to_its_columns_head(stated, text):
    assert cell_text(stated) == text
