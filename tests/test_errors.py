import pytest

from sourcebook.errors import LedgerError, Problem, SourcebookError, UnitMismatch, UnknownId


def make_problem(**overrides):
    return Problem(**{"path": "data/claims.csv", "line": 3, "what": "is odd", "todo": "mend it", **overrides})


def test_a_problem_reads_file_line_what_and_what_to_do():
    assert str(make_problem(rule="values")) == "data/claims.csv:3: is odd: mend it"


def test_a_ledger_error_carries_every_problem_in_the_order_of_file_and_line():
    later, first, other = make_problem(line=20), make_problem(line=3), make_problem(path="data/actors.csv", line=9)
    error = LedgerError([later, first, other])
    assert error.problems == [other, first, later]
    assert str(error).splitlines() == [
        "data/actors.csv:9: is odd: mend it",
        "data/claims.csv:3: is odd: mend it",
        "data/claims.csv:20: is odd: mend it",
    ]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("repair-cots", "no claim has the id 'repair-cots'; did you mean repair-cost, repair-time?"),
        ("repair", "no claim has the id 'repair'; did you mean repair-time, repair-cost?"),
        ("zzz", "no claim has the id 'zzz'"),
        ("", "no claim has the id ''"),
    ],
)
def test_an_unknown_id_names_near_misses_only(key, message):
    assert str(UnknownId("claim", key, ["repair-cost", "repair-time", "crossings"])) == message


def test_at_most_three_near_misses_are_named():
    error = UnknownId("claim", "boat", [f"boat-{n}" for n in range(9)])
    assert str(error).count("boat-") == 3


@pytest.mark.parametrize(
    ("error", "builtin"),
    [(UnknownId("claim", "x", []), KeyError), (UnitMismatch("km is no day"), ValueError), (LedgerError([]), Exception)],
)
def test_every_exception_is_one_of_ours_and_of_its_kind(error, builtin):
    assert isinstance(error, SourcebookError)
    assert isinstance(error, builtin)
