import pytest

from sourcebook.numerals import Numeral, find_numerals


def ends(text):
    return [(n.low, n.high) for n in find_numerals(text)]


def words(text):
    return [text[n.start : n.end] for n in find_numerals(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,382", 1382),
        ("1,000,000.5", 1_000_000.5),
        ("15.6 hours", 15.6),
        ("0.5", 0.5),
        ("-5", -5),
        ("−7 degrees", -7),
        ("2.3 billion", 2_300_000_000),
        ("1.2bn", 1_200_000_000),
        ("$5m", 5_000_000),
        ("4tn", 4_000_000_000_000),
        ("2 hundred thousand", 200_000),
        ("57-mile", 57),
        ("20,000-strong", 20_000),
        ("100%", 100),
        ("two hundred", 200),
        ("a hundred", 100),
        ("twelve thousand", 12_000),
        ("three hundred thousand", 300_000),
        ("Twenty-Two", 22),
        ("twenty two", 22),
        ("seventeen", 17),
        ("third", 3),
        ("twenty-first", 21),
        ("thirtieth", 30),
        ("19th", 19),
        ("21st century", 21),
        ("hundreds of trucks", 200),  # the plural alone is two at the least
        ("trillions", 2_000_000_000_000),
        ("tens of thousands", 20_000),
        ("hundreds of thousands of trucks", 200_000),
        ("dozens", 24),
        ("two dozen", 24),
        ("a dozen", 12),
        ("two hundred and fifty thousand", 250_000),
        ("two hundred and three", 203),
        ("twelve thousand three hundred", 12_300),
        ("one million two hundred thousand", 1_200_000),
        ("two thousand and twenty-first", 2021),
        ("a hundred and twenty-two thousand five hundred and six", 122_506),
        ("5 bn", 5_000_000_000),
        ("a wall of 5 m", 5),
        ("a hall of 300 m²", 300),
    ],
)
def test_a_single_number_is_read_with_its_scale(text, value):
    assert ends(text) == [(value, value)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("20-22 days", 20, 22),
        ("20–22 days", 20, 22),
        ("1,200–1,500 km", 1200, 1500),
        ("12 to 15", 12, 15),
        ("two to three million", 2_000_000, 3_000_000),
        ("USD 2–3 billion", 2_000_000_000, 3_000_000_000),
        ("1 million to 2 million", 1_000_000, 2_000_000),
        ("500 thousand to 2 million", 500_000, 2_000_000),
        ("500–1.2 million", 500, 1_200_000),
        ("999,999 to 1 million", 999_999, 1_000_000),
        ("two to three hundred", 200, 300),
        ("two hundred to three hundred thousand", 200_000, 300_000),
        ("-5 to 3", -5, 3),
    ],
)
def test_a_range_shares_the_scale_of_its_second_end(text, low, high):
    assert ends(text) == [(low, high)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("first three years", [1, 3]),
        ("2021-08-15", [2021, 8, 15]),
        ("between two hundred and three hundred", [200, 300]),
        ("between two thousand and three thousand", [2000, 3000]),
        ("five thousand first editions", [5000, 1]),
        ("-5 to -3", [-5, -3]),
        ("from 5 to 3", [5, 3]),
        ("1,500,000 to 1 million", [1_500_000, 1_000_000]),
        ("5, 6 and 7", [5, 6, 7]),
        ("in 2021, 215 meetings", [2021, 215]),
    ],
)
def test_numbers_that_are_no_range_stay_apart(text, values):
    assert ends(text) == [(value, value) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no numeral here",
        "someone",
        "an hour",
        "the seconds",
        "A4",
        "G7",
        "v1.2.3",
        "10x",
        "1,38",
        "often",
        "half a million",
    ],
)
def test_what_only_looks_like_a_number_is_left_out(text):
    assert ends(text) == []


def test_a_sentence_ends_a_number():
    assert words("He counted 5. Then 1,382.") == ["5", "1,382"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("about USD 2–3 billion a year", ["2–3 billion"]),
        ("the first three years", ["first", "three"]),
        ("it fell by -5 points", ["-5"]),
        ("some two hundred steps of stone", ["two hundred"]),
    ],
)
def test_offsets_cut_out_exactly_what_was_written(text, written):
    assert words(text) == written


def test_offsets_are_counted_in_code_points():
    assert list(find_numerals("𝕬 7")) == [Numeral(7, 7, 2, 3)]
