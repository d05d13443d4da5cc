import pytest

from sourcebook import segments
from sourcebook.ledger import read_tables, seed_texts

LONG = "Every morning and every evening the keeper of the tower by the harbour wrote down on a slate"


def cut(text):
    """(kind, words) of every segment that is proposed."""
    return [(s.kind, text[s.start : s.end]) for s in segments.draft(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One ship came. Two left!", [("sentence", "One ship came."), ("sentence", "Two left!")]),
        ("The U.S. ship came. It left.", [("sentence", "The U.S. ship came."), ("sentence", "It left.")]),
        ("Maj. Gen. Hall spoke, et al. too.", [("sentence", "Maj. Gen. Hall spoke, et al. too.")]),
        ("He said “go.” She went.", [("sentence", "He said “go.”"), ("sentence", "She went.")]),
        ("It grew by 3.5 times. So be it.", [("sentence", "It grew by 3.5 times."), ("sentence", "So be it.")]),
        (
            "So he said.[1] She left.¹² All did.",
            [("sentence", w) for w in ("So he said.[1]", "She left.¹²", "All did.")],
        ),
        ("Harbour Dues\nThey rose.", [("heading", "Harbour Dues"), ("sentence", "They rose.")]),
        ("1. Dues rose. 2. They fell.", [("sentence", "1. Dues rose."), ("sentence", "2. They fell.")]),
        (
            f"{LONG}\n\n¹ A note, 1999.\n\ntheir names. He left.",
            [
                ("sentence", LONG),
                ("note", "¹ A note, 1999."),
                ("continuation", "their names."),
                ("sentence", "He left."),
            ],
        ),
        ("References\nA book. 1999.", [("heading", "References"), ("note", "A book. 1999.")]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences_and_what_is_none(text, found):
    assert cut(text) == found


def test_no_word_is_lost_in_the_draft_of_invented_texts(project):
    tables, _ = read_tables(project.root)
    assert list(segments.problems(tables["sentences"], seed_texts(project.root, tables))) == []


@pytest.mark.parametrize(
    ("line", "cells", "said"),
    [
        (3, {"start": "40"}, "segment begins at 40, inside the one before"),
        (3, {"start": "48"}, "harbour-2024 has words in no segment before 48: 'I'"),
        (3, {"end": "154"}, "segment 47 to 154 of harbour-2024 begins or ends with a blank, or outside the text"),
        (8, {"end": "9000"}, "segment 346 to 9000 of harbour-2024 begins or ends with a blank, or outside the text"),
        (8, {"end": "420"}, "harbour-2024 has words in no segment after 420: 'ieves him.'"),
    ],
)
def test_a_segment_that_leaves_words_out_is_reported(project, line, cells, said):
    project.change("sentences", line, **cells)
    tables, _ = read_tables(project.root)
    found = [str(p) for p in segments.problems(tables["sentences"], seed_texts(project.root, tables))]
    assert any(f"data/sentences.csv:{line}: {said}" in problem for problem in found), found
