import hashlib

import pytest

from sourcebook.quotes import SeedText, crosses_page, digest, normalise, normalise_with_map


def found(quote, text):
    """What stands in `text` at the offsets where `quote` was found."""
    return [text[start:end] for start, end in SeedText("harbour", text).find(quote)]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("“tea” and ‘salt’", "\"tea\" and 'salt'"),
        ("„tea” «salt»", '"tea" "salt"'),
        ("don’t", "don't"),
        ("ﬁfty oﬃces, ﬂoor, oﬀ, baﬄe", "fifty offices, floor, off, baffle"),
        ("co\u00adoperate", "cooperate"),
        ("co-\noperate", "cooperate"),
        ("co-\r\n  operate", "cooperate"),
        ("far\u2011off", "far-off"),
        ("*bold* and **bolder**", "bold and bolder"),
        (r"\$100 million and a\_b", "$100 million and a_b"),
        ("two\u00a0hundred", "two hundred"),
        ("  a  b\n\tc ", "a b c"),
    ],
)
def test_typesetting_is_taken_away(text, normal):
    assert normalise(text) == normal


@pytest.mark.parametrize(
    "text",
    [
        "-5 and −5 and +5",
        "5% and 5 %",
        "€3, $3, £3",
        "1,382.5",
        "20–22 days",
        "one—two",
        "½ of 3²",
        "naïve",
        "far-off",
        "12.5",
        "C:\\boats",
    ],
)
def test_signs_marks_and_digits_are_never_touched(text):
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("text", "normal"), [("20-\n22 days", "20- 22 days"), ("post-\nRoman", "post- Roman"), ("table-\n4", "table- 4")]
)
def test_a_hyphen_at_a_lines_end_stays_beside_a_digit_or_a_capital(text, normal):
    assert normalise(text) == normal


def test_each_normalised_character_knows_where_it_came_from():
    assert normalise_with_map("a  ﬁ\u00adx") == ("a fix", [0, 1, 3, 3, 5])


@pytest.mark.parametrize(
    ("quote", "text", "passages"),
    [
        ("215 meetings", "held 215 meetings in all", ["215 meetings"]),
        ("5 meetings", "held 215 meetings in all", []),
        ("15 meetings in all", "held 215 meetings in all", []),
        ("1,382 boats in all", "sent 1,382 boats in all", ["1,382 boats in all"]),
        ("382 boats in all", "sent 1,382 boats in all", []),
        ("5 boats in all", "sent 12.5 boats in all", []),
        ("sent 1", "sent 1,382 boats", []),
        ("about 12", "about 12.5 boats", []),
        ("about 12", "about 12. Then", ["about 12"]),
        ("about 100", "about 100% of it", []),
        ("100 in all", "cost $100 in all", []),
        ("100 in all", "cost €100 in all", []),
        ("$100 in all", "cost $100 in all", ["$100 in all"]),
        ("382 boats in all", "sent 1 382 boats in all", []),
        ("382 boats in all", "sent 1\u00a0382 boats in all", []),
        ("5 points in all", "by -5 points in all", []),
        ("5 points in all", "by −5 points in all", []),
        ("100 in all", "cost $ 100 in all", []),
        ("22 days in all", "lasted 20–22 days in all", []),
        ("22 days in all", "lasted 20 – 22 days in all", []),
        ("22 days in all", "a long way – 22 days in all", ["22 days in all"]),
        ("about 100", "about 100 % of it", []),
        ("about 1", "about 1 382 boats", []),
        ("back in 2021", "back in 2021 only", ["back in 2021"]),
        ("lasted about 20", "lasted about 20–22 days", []),
        ("lasted about 20", "lasted about 20 - 22 days", []),
        ("cost about 2", "cost about 2 million", []),
        ("cost about 2", "cost about 2-million", []),
        ("cost about 2", "cost about 2 bn", []),
        ("cost about 2", "cost about 2 millimetres", ["cost about 2"]),
        ("happy men came in", "unhappy men came in", []),
        ("men came in", "men came into it", []),
        ("walked 5 m", "walked 5 m² of it", []),
    ],
)
def test_words_and_numbers_at_the_ends_are_whole(quote, text, passages):
    assert found(quote, text) == passages


@pytest.mark.parametrize(
    ("quote", "text", "passage"),
    [
        ("the first office of all", "In the ﬁrst oﬃce\nof  all.", "the ﬁrst oﬃce\nof  all"),
        ("cooperation of the men", "the co-\noperation of the men", "co-\noperation of the men"),
        ('"free" city of old', "the “free” city of old", "“free” city of old"),
        ("long and hard", "the road—long and hard—ends here", "long and hard"),
        ("road—long and hard", "the road—long and hard—ends here", "road—long and hard"),
        ("$100 million in all", r"costs \$100 million in all", "$100 million in all"),
        ("fourth of all words", "the *fourth* of all words", "fourth* of all words"),
        ("two hundred steps up", "has two\u00a0hundred steps up", "two\u00a0hundred steps up"),
    ],
)
def test_a_quotation_is_found_through_typesetting(quote, text, passage):
    assert found(quote, text) == [passage]


def test_sense_is_not_forgiven():
    text = "The crew rowed 20–22 miles along the coast."
    for quote in (
        "crew rowed 20-22 miles",
        "The Crew rowed 20–22 miles",
        "crew rowed 20–22 km",
        "rowed crew 20–22 miles",
    ):
        assert found(quote, text) == []


def test_every_occurrence_is_found():
    assert SeedText("harbour", "a cat sat, a cat sat down").find("a cat sat") == [(0, 9), (11, 20)]
    assert SeedText("harbour", "a cat sat, a cat sat down").find("a cat sat down") == [(11, 25)]


@pytest.mark.parametrize("quote", ["", "   ", "…", "–", '"'])
def test_a_quotation_without_a_word_stands_nowhere(quote):
    assert SeedText("harbour", 'short – "words" … here').find(quote) == []


def test_a_quotation_longer_than_the_text_is_not_found():
    assert SeedText("harbour", "short").find("four words stand here") == []


@pytest.mark.parametrize(
    ("passage", "crosses"),
    [("one\ntwo", False), ("one\n\ntwo", True), ("one\n \t\ntwo", True), ("one two", False), ("one\r\n\r\ntwo", True)],
)
def test_a_blank_line_is_a_page_break(passage, crosses):
    assert crosses_page(passage) is crosses


TEXT = SeedText("harbour", "one two three four five")


@pytest.mark.parametrize(
    ("spans", "covered", "longest"),
    [
        ([], 0, 0),
        ([(0, 7)], 2, 2),
        ([(0, 3), (8, 13)], 2, 1),
        ([(8, 13), (0, 7)], 3, 3),  # neighbours make one run
        ([(0, 13), (4, 7)], 3, 3),  # what is covered twice counts once
        ([(0, 3), (0, 23), (1, 2)], 5, 5),
        ([(1, 2)], 1, 1),  # part of a word counts as the word
    ],
)
def test_covered_words_counts_the_union(spans, covered, longest):
    assert TEXT.covered_words(spans) == (covered, longest, 5)


def test_a_digest_proves_source_offsets_and_words():
    proof = digest("ab", 3, 9, "“tea”")
    assert proof == hashlib.sha256(b'ab|3|9|"tea"').hexdigest()
    assert proof == digest("ab", 3, 9, '"tea"')
    others = {
        digest("cd", 3, 9, '"tea"'),
        digest("ab", 4, 9, '"tea"'),
        digest("ab", 3, 8, '"tea"'),
        digest("ab", 3, 9, "t"),
    }
    assert proof not in others
    assert len(others) == 4
