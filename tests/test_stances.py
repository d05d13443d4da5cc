import csv
import hashlib
import json
import subprocess
from dataclasses import replace

import pytest

from sourcebook import checks, stances
from sourcebook.agreement import VARIABLES, agreement, measure, nominal_alpha
from sourcebook.errors import UnknownId
from sourcebook.ledger import Ledger
from sourcebook.paths import DATAPACKAGE, ROOT


def said(project, *rules):
    return [str(p) for p in project.problems(*rules)]


# --- units ------------------------------------------------------------------------------------------------


def test_a_sentence_has_ten_units_four_actors_and_six_pairs():
    found = stances.units(["s1"])
    assert len(found) == len(set(found)) == 10
    assert sum(not unit[2] for unit in found) == 4


def test_both_coders_worked_on_the_same_units(book):
    units = set(stances.units(book.sentences))
    assert len(units) == 5440
    for name in ("first", "second", "record"):
        mine = [stance.unit for stance in book.coding(name)]
        assert len(mine) == len(set(mine)) > 600
        assert set(mine) <= units


# --- what a row must be -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells_", "what"),
    [
        ({"actor_a": "ferry-company"}, "slot 'ferry-company' is none of the codebook"),
        ({"actor_a": "russia", "actor_b": "china"}, "slot 'russia and china' is none of the codebook"),
        ({"relation": "converges"}, "relation 'converges' is not one of one actor: use wants, supports, opposes"),
        ({"actor_b": "russia"}, "relation 'wants' is not one of a pair: use converges, diverges"),
        ({"source_id": "lighthouse-2023"}, "sentence harbour-2024-s004 is of harbour-2024, not lighthouse-2023"),
        ({"start": "0", "end": "5"}, "quote 'sent a bid' stands outside sentence harbour-2024-s004"),
        ({"sentence_id": "harbour-2024-s003"}, "quote 'sent a bid' stands outside sentence harbour-2024-s003"),
    ],
)
def test_a_stance_outside_the_codebook_is_reported(project, cells_, what):
    project.change("stances", 2, **cells_)
    assert any(f"data/stances.csv:2: {what}" in line for line in said(project, checks.stance_rows))


def test_a_quotation_is_looked_for_in_its_sentence_alone(project):
    project.change("stances", 2, quote="and", start="", end="", digest="")
    project.anchor()
    row = project.rows("stances")[0]
    text = project.seed("harbour-2024").read_text("utf-8")
    assert text[int(row["start"]) - 8 : int(row["end"])] == "morning and"
    assert said(project, checks.anchors) == []


def test_words_of_another_sentence_are_said_to_stand_elsewhere(project):
    project.change("stances", 2, quote="the ferry crossed")
    problems = said(project, checks.anchors)
    assert any("is not in harbour-2024-s004; it stands in harbour-2024" in line for line in problems)


# --- adjudication -----------------------------------------------------------------------------------------


def test_a_record_that_differs_from_a_coding_needs_a_reason(project):
    project.change("codings", 3, strength="explicit")
    assert "the record is not what both coders found" in said(project, checks.adjudicated)[0]
    project.add("adjudications")
    assert said(project, checks.adjudicated) == []


def test_a_stance_that_only_one_coder_found_needs_a_reason_whichever_way_it_goes(project):
    project.write("codings", project.rows("codings")[:1])
    assert len(said(project, checks.adjudicated)) == 1
    project.write("stances", [])
    assert len(said(project, checks.adjudicated)) == 1
    project.add("adjudications", taken="second")
    assert said(project, checks.adjudicated) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"taken": "second"}, "is said to follow the second coder, and does not"),
        ({"adjudication_id": "else"}, "id 'else' does not name the unit"),
    ],
)
def test_a_wrong_adjudication_is_reported(project, change, what):
    project.change("codings", 3, strength="explicit")
    project.add("adjudications", **change)
    assert what in said(project, checks.adjudicated)[0]


def test_an_adjudication_without_disagreement_is_reported(project):
    project.add("adjudications")
    assert "harbour-2024-s004-china is no disagreement: drop the row" in said(project, checks.adjudicated)[0]


def test_every_disagreement_of_the_book_has_a_reason(book):
    first, second = ({s.unit: s for s in book.coding(name)} for name in ("first", "second"))

    def values(stance):
        return stance and tuple(getattr(stance, value) for value in stances.VALUES)

    differ = {unit for unit in first | second if values(first.get(unit)) != values(second.get(unit))}
    settled = {stances.unit_of(row): row for row in book.tables["adjudications"].rows}
    assert len(differ) > 100
    assert differ <= settled.keys()
    assert all(len(row["reason"].split()) > 2 for row in settled.values())


# --- the codings are as they were handed in ---------------------------------------------------------------


def test_a_changed_coding_is_reported(project):
    descriptor = json.loads((project.root / DATAPACKAGE).read_text("utf-8"))
    resource = next(r for r in descriptor["resources"] if r["name"] == "codings")
    resource["hash"] = "sha256:" + hashlib.sha256(project.path("codings").read_bytes()).hexdigest()
    (project.root / DATAPACKAGE).write_text(json.dumps(descriptor), encoding="utf-8")
    assert said(project, checks.schema) == []
    project.change("codings", 2, voice="third")
    assert "data/codings.csv:1: is not the file that was handed in" in said(project, checks.schema)[0]


def test_no_coding_was_changed_after_its_commit():
    git = ["git", "-C", str(ROOT), "log", "--format=%H", "--follow", "--", "data/codings.csv"]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    commits = done.stdout.split()
    if done.returncode or not commits:
        pytest.skip("no history here: the sha256 in datapackage.json is checked instead")
    changed = [c for c in commits if _rows_at(c)]
    assert len(changed) == 1, "the file holds codings from one commit on, and none changed it"


def _rows_at(commit):
    """How many codings a commit's version of the file holds, if the commit touched them."""
    shown = subprocess.run(
        ["git", "-C", str(ROOT), "show", f"{commit}:data/codings.csv"], capture_output=True, text=True, check=True
    )
    return len(list(csv.DictReader(shown.stdout.splitlines())))


# --- agreement --------------------------------------------------------------------------------------------


@pytest.fixture
def coded(project):
    """The tiny project with codings of the five sentences of the lighthouse; nobody coded those of the harbour."""
    rows = []
    for coder, stance_of in (("first", (1, 2, 3, 4)), ("second", (1, 2, 5))):
        for n in stance_of:
            sentence = f"lighthouse-2023-s{n:03d}"
            relation = "opposes" if (coder, n) == ("second", 2) else "wants"
            rows.append(
                project.make(
                    "codings",
                    coding_id=f"{coder}-{sentence}-china",
                    coder=coder,
                    source_id="lighthouse-2023",
                    sentence_id=sentence,
                    relation=relation,
                )
            )
    project.write("codings", rows)
    return Ledger.load(project.root)


def test_agreement_counts_units_without_a_stance(coded):
    found = agreement(coded, "presence")
    assert found.units == 50  # five sentences, ten slots
    assert found.both == 2
    assert found.percent == 94.0  # they differ in three
    # by hand: 7 values "stance" and 93 "none" of 100; observed 2 * 3, expected 2 * 7 * 93 pairs
    assert found.alpha == pytest.approx(1 - 99 * 6 / (2 * 7 * 93), abs=1e-12)
    assert found.low <= found.alpha <= found.high


def test_a_variable_is_compared_only_over_the_units_that_are_asked_it(coded):
    assert agreement(coded, "relation-actor").units == 20
    assert agreement(coded, "relation-pair").units == 30
    assert agreement(coded, "relation-actor").percent_both == 50.0
    assert agreement(coded, "direction").percent == 92.0


def test_our_alpha_is_that_of_the_library_for_every_variable_of_the_book(book):
    import numpy as np

    for name, variable in VARIABLES.items():
        found = [{s.unit: variable.value(s) for s in book.coding(coder)} for coder in ("first", "second")]
        asked = [unit for unit in stances.units(book.sentences) if variable.of(unit)]
        values = [[coding.get(unit, "none") for unit in asked] for coding in found]
        names = sorted({*values[0], *values[1]})
        used = np.array([values[0].count(n) + values[1].count(n) for n in names], dtype=float)
        disagree = 2 * sum(a != b for a, b in zip(*values, strict=True))
        assert agreement(book, name).alpha == pytest.approx(float(nominal_alpha(disagree, used)), abs=1e-9)


def test_a_coding_compared_with_itself_agrees(coded):
    same = replace(coded, codings={"first": coded.coding("first"), "second": coded.coding("first")})
    found = agreement(same, "issue")
    assert (found.alpha, found.percent, found.percent_both) == (1.0, 100.0, 100.0)


@pytest.mark.parametrize("key", ["settled/nope", "sentences/nope", "quotes/nope", "nope/issue", "alpha/nope"])
def test_a_measure_of_the_codings_that_is_none_is_told(coded, key):
    with pytest.raises(UnknownId):
        measure(coded, key)
