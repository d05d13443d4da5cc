"""The proof that gates can fail: a small draw of its errors, each gate emptied in turn, and the stored table."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from prove import suite, table
from prove.gates import GATES, OF_GIT
from prove.mutants import KINDS, Mutant, Source, Splice, code_of, mutants_of, other_digit, planted
from prove.prover import Prover, Result
from sourcebook import checks
from sourcebook.paths import ROOT
from whole_book import printed, site  # noqa: F401  -- fixtures

SEED = "sample"


@pytest.fixture(scope="module")
def prover(site, printed, tmp_path_factory):  # printed: the PDF lies where the book was built
    with Prover(tmp_path_factory.mktemp("prove"), site.parents[1]) as made:
        yield made


@pytest.fixture(scope="module")
def drawn(prover, site):
    """One error for each gate: of a few that are drawn, the one on the smallest page."""

    def size(mutant):
        return (site / f"{mutant.page}.html").stat().st_size if mutant.page else 0

    found = {}
    for of in prover.kinds():
        if of.gate not in found:
            found[of.gate] = min(prover.drawn(replace(of, each=6), SEED), key=size)
    return found


@pytest.mark.parametrize("name", GATES)
def test_a_gate_finds_what_is_planted_for_it_and_does_not_when_it_is_emptied(prover, drawn, name):
    if name not in drawn:
        assert name in {of.gate for of in KINDS} - {of.gate for of in prover.kinds()}
        pytest.skip("it reads the texts of the documents, which are not here")
    mutant, gate = drawn[name], GATES[name]
    assert [r.killed for r in prover.results([mutant])] == [True], mutant
    if gate.code:
        with code_of(gate.code, gate.empty):
            assert [r.killed for r in prover.results([mutant])] == [False], mutant


def test_every_rule_and_every_gate_of_the_extension_has_a_kind_and_every_table_an_error(prover):
    planted_for = {of.gate for of in KINDS}
    assert planted_for == set(GATES)
    assert {f"checks.{rule.__name__}" for rule in checks.RULES if rule.__name__ not in OF_GIT} <= planted_for
    source = prover.source
    touched = {
        s.path for of in prover.kinds() if GATES[of.gate].arena == "record" for m in prover.drawn(of) for s in m.splices
    }
    assert {t.path for t in source.tables.values() if t.rows} <= touched


WARNS = "logger.warning(|logger.error(|warn(self.env|warn(app.env|warn(env|self._warn(".split("|")


def test_every_module_of_the_extension_that_warns_is_a_gate():
    modules = {
        p.stem
        for p in (ROOT / "src/sourcebook/sphinx_ext").glob("*.py")
        if any(w in p.read_text("utf-8") for w in WARNS)
    }
    named = {name.partition(".")[0] for name, gate in GATES.items() if gate.arena in ("pages", "site")}
    # the list of exports warns of what no page can cause: a record that makes no data package
    assert modules - {"__init__", "exports"} <= named | {"sphinx_ext"}


def test_the_same_seed_draws_the_same_and_another_another(prover):
    of = next(k for k in KINDS if k.gate == "checks.values_in_quotes")
    again = Source(ROOT)
    assert mutants_of(of, again, "a") == mutants_of(of, prover.source, "a")
    assert mutants_of(of, again, "a") != mutants_of(of, again, "b")


def test_what_was_planted_is_taken_out_again(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "linked.md").hardlink_to(path)
    mutant = Mutant("a kind", "a gate", (Splice("page.md", 2, 4, 7, "two", "three"),), "", "")
    with planted(tmp_path, [mutant]):
        assert path.read_text(encoding="utf-8") == "one\nthree\n"
        assert (tmp_path / "linked.md").read_text(encoding="utf-8") == "one\ntwo\n"
    assert path.read_text(encoding="utf-8") == "one\ntwo\n"


@pytest.mark.parametrize("text", ["215", "0.5", "1,382", "20–22 days", "−0.59", "2024-11"])
def test_another_digit_is_one_other_digit_and_no_leading_nought(text):
    for seed in range(50):
        new = other_digit(text, random.Random(seed))
        assert len(new) == len(text)
        assert sum(a != b for a, b in zip(text, new, strict=True)) == 1
        assert not new.startswith("0") or text.startswith("0")


def test_no_test_of_this_suite_is_empty():
    assert suite.idle(suite.sources(ROOT)) == []


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("def test_a():\n    pass\n", True),
        ("def test_a():\n    print(1)\n", True),
        ("def test_a():\n    assert 1\n", False),
        ("def test_a():\n    with pytest.raises(KeyError):\n        f()\n", False),
        ("def same(a):\n    assert a\n\ndef test_a():\n    same(1)\n", False),
        ("def same(a):\n    assert a\n\ndef both(a):\n    same(a)\n\ndef test_a():\n    both(1)\n", False),
        ("def same(a):\n    return a\n\ndef test_a():\n    same(1)\n", True),
    ],
)
def test_an_empty_test_is_one_in_which_nothing_can_fail(text, empty):
    assert bool(suite.idle({"tests/test_x.py": text})) is empty


def test_the_table_was_made_with_the_gates_as_they_are():
    assert table.stale(ROOT) == [], "run `make prove`"


def test_every_error_of_the_table_was_found_or_is_on_the_list():
    missed = [row for row in table.read(ROOT / table.TABLE) if row["tried"] != row["killed"]]
    excused = {row["kind"] for row in table.read(ROOT / table.SURVIVORS) if row["reason"]}
    assert {row["kind"] for row in missed} <= excused


def test_a_table_is_stale_when_a_gate_s_code_or_a_kind_changed(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    rows = [dict(row) for row in table.read(ROOT / table.TABLE)]
    first, last = rows[0], rows.pop()
    first["code"] = "0" * 12
    table.write(tmp_path, rows)
    told = table.stale(tmp_path)
    assert f"{first['gate']}: its code changed since the table was made" in told
    assert f"{last['kind']} [{last['gate']}]: not in the table" in told
    monkeypatch.setattr("prove.table.KINDS", [of for of in KINDS if of.name != first["kind"]])
    assert f"{first['kind']} [{first['gate']}]: in the table, and planted no more" in table.stale(tmp_path)


def test_a_survivor_is_excused_by_kind_and_file_and_only_with_a_reason(tmp_path):
    (tmp_path / "book").mkdir()
    result = Result(Mutant("a kind", "a gate", (Splice("data/x.csv", 2, 0, 1, "a", "b"),), "", ""), killed=False)
    for line, wanted in (
        ("a kind,data/x.csv,why", True),
        ("a kind,data/x.csv,", False),
        ("a kind,data/y.csv,why", False),
    ):
        (tmp_path / table.SURVIVORS).write_text(f"kind,file,reason\n{line}\n", encoding="utf-8")
        assert table.excused(tmp_path, result) is wanted
