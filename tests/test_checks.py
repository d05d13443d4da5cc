import hashlib

import pytest

from sourcebook import checks, derived
from sourcebook.checks import RULES
from sourcebook.formatting import date_text
from sourcebook.ledger import read_tables
from sourcebook.paths import DATAPACKAGE, ROOT, SEEDS_VARIABLE

NOWHERE = "0" * 64


def said(project, *rules):
    """Each problem as rule, place and what is wrong; the rules are all but the book's own derivations."""
    return [(p.rule, f"{p.path}:{p.line}", p.what) for p in project.problems(*rules)]


def places(project, *rules):
    return [(rule, place) for rule, place, _ in said(project, *rules)]


# --- a sound record, and one planted error a rule ---------------------------------------------------------


def test_a_sound_project_has_no_problem_under_any_rule(project, no_derivations):
    report = checks.run(project.root)
    assert [str(p) for p in report.problems] == []
    assert report.anchors == "offsets and sha256 of 2 of 2 seed texts, and digests"
    assert report.rows == sum(len(table.rows) for table in read_tables(project.root)[0].values())


def plant_derivation(project):
    function = lambda value: value / 0  # noqa: E731
    derived.derived("broken", "claim:crossings", unit="event", digits=0, label="", formula="")(function)


def plant_three_documents(project):
    project.add("sources", source_id="quay-2022", words="9")
    project.add("conflicts", kind="between")
    for party, source in enumerate(("harbour-2024", "lighthouse-2023", "quay-2022"), 1):
        words = {"source_id": source, "quote": "words of a document"}
        project.add("conflict_parties", claim_id="", party=str(party), **words)


def plant_long_quote(project):
    project.change("stances", 2, quote="Over 100 companies sent a bid, but")
    project.anchor()


PLANTED = {
    "schema": (
        lambda project: project.change("claims", 3, qualifier="roughly"),
        "data/claims.csv:3",
        "qualifier 'roughly' is none of exact, about, at_least",
    ),
    "keys": (
        lambda project: project.write("questions", project.rows("questions")[::-1]),
        "data/questions.csv:3",
        "row 'repair-time' is out of order",
    ),
    "series_ids": (
        lambda project: project.add("border", row_id="meetings-pilots"),
        "data/series/border.csv:2",
        "row id 'meetings-pilots' stands in data/series/meetings.csv too",
    ),
    "units": (
        lambda project: project.change("claims", 3, unit="furlong"),
        "data/claims.csv:3",
        "unknown unit 'furlong'",
    ),
    "values": (
        lambda project: project.change("claims", 6, value_low="22", value_high="20"),
        "data/claims.csv:6",
        "value_low 22 is above value_high 20",
    ),
    "dates": (
        lambda project: project.change("claims", 4, period_start="2024-13-45"),
        "data/claims.csv:4",
        "period_start '2024-13-45' is no date",
    ),
    "coordinates": (
        lambda project: project.change("places", 2, lon=""),
        "data/places.csv:2",
        "place has lat without lon",
    ),
    "values_in_quotes": (
        lambda project: project.change("claims", 5, value_high="200000000"),
        "data/claims.csv:5",
        "value_high 200000000 is not in the quote 'cost nearly $100 million in all'",
    ),
    "quote_length": (plant_long_quote, "data/stances.csv:2", "quote has 7 words, 1 to 6 are allowed"),
    "anchors": (
        lambda project: project.change("events", 2, digest=NOWHERE),
        "data/events.csv:2",
        "digest does not fit source, offsets and quote",
    ),
    "quotation_limits": (
        lambda project: project.change("events", 2, start="0", end="132"),
        "data/claims.csv:1",
        "quotations cover 26 words of lighthouse-2023 in one run, 25 are allowed",
    ),
    "seeds": (
        lambda project: project.change("sources", 3, words="3"),
        "seeds/sources.csv:3",
        "words of lighthouse-2023 are 57",
    ),
    "question_units": (
        lambda project: project.change("claims", 4, unit="day"),
        "data/claims.csv:4",
        "unit 'day' cannot be compared with 'km' of the question 'row-length'",
    ),
    "evidence": (lambda project: project.change("reviews", 2, url=""), "data/reviews.csv:2", "review has no url"),
    "census_complete": (
        lambda project: project.write("census", project.rows("census")[1:]),
        "data/census.csv:1",
        "harbour-2024 has '1,382' at 75 unclassified",
    ),
    "census_rows": (
        lambda project: project.change("census", 2, reason=""),
        "data/census.csv:2",
        "'1,382' is other without a reason",
    ),
    "event_dates": (
        lambda project: project.change("events", 2, inferred="false"),
        "data/events.csv:2",
        "date 2023-11 is stated, but 2023, November is not in the quote",
    ),
    "claim_actors": (
        lambda project: project.change("claims", 3, subject="Ferry company and Russia"),
        "data/claims.csv:3",
        "claim 'crossings' is about Russia, and not joined to it",
    ),
    "sentences": (
        lambda project: project.write("sentences", project.rows("sentences")[1:]),
        "data/sentences.csv:2",
        "harbour-2024 has words in no segment before 47: 'The harbour office keeps a ledger of arrivals.'",
    ),
    "stance_rows": (
        lambda project: project.change("codings", 3, actor_a="russia"),
        "data/codings.csv:3",
        "id 'second-harbour-2024-s004-china' does not name the unit",
    ),
    "adjudicated": (
        lambda project: project.change("stances", 2, relation="opposes"),
        "data/stances.csv:2",
        "harbour-2024-s004-china: the record is not what both coders found",
    ),
    "verdicts": (
        lambda project: project.change("reviews", 2, verdict="confirms", value_low="5000", value_high="5000"),
        "data/reviews.csv:2",
        "crossings-almanac confirms crossings, which its value does not meet",
    ),
    "leads": (
        lambda project: project.add("leads", review_id=""),
        "data/leads.csv:2",
        "lead C001 is neither used nor rejected",
    ),
    "one_side": (
        lambda project: project.add("trade", reporter="", unit="USD"),
        "data/series/trade.csv:2",
        "trade-herring does not say whose statistics it is from",
    ),
    "conflict_rows": (
        lambda project: project.add("conflicts"),
        "data/conflicts.csv:2",
        "conflict 'rowed-or-walked' has no party",
    ),
    "conflicts_complete": (
        lambda project: project.change("reviews", 2, verdict="contradicts"),
        "data/conflicts.csv:1",
        "crossings-almanac contradicts crossings",
    ),
    "sides": (
        plant_three_documents,
        "data/conflicts.csv:2",
        "conflict 'rowed-or-walked' has 3 documents, and not each is on side a or b",
    ),
    "judgements": (
        lambda project: project.change_judgements("likelihood: likely", "likelihood: doubtless"),
        "data/judgements.yml:4",
        "likelihood 'doubtless' is no word of the scale",
    ),
    "judgement_evidence": (
        lambda project: project.change_judgements("claim:coast-row", "claim:coast-rows"),
        "data/judgements.yml:13",
        "evidence of ferry-slows leads nowhere: no claim has the id 'coast-rows'; did you mean coast-row",
    ),
    "judgement_chapters": (
        lambda project: project.change_judgements("book/ferry", "book/fairy"),
        "data/judgements.yml:22",
        "no page of the contents has the id 'book/fairy'; did you mean book/ferry",
    ),
    "event_precision": (
        lambda project: project.change("events", 2, precision="day"),
        "data/events.csv:2",
        "date 2023-11 is not of precision day",
    ),
    "passages": (
        lambda project: project.change("claims", 3, passage="the  ferry crossed 1,382 times"),
        "data/claims.csv:3",
        "passage has 30 characters, its offsets are 29 apart",
    ),
    "ratings": (
        lambda project: project.write("ratings", project.rows("ratings")[1:]),
        "data/ratings.csv:1",
        "ratings run contradicts, partly, confirms_other_origin",
    ),
    "replies": (
        lambda project: project.write("replies", [dict.fromkeys(project.columns("replies"), "") | {"about": "book/x"}]),
        "data/replies.csv:2",
        "'book/x' is neither a record nor a page",
    ),
    "derived_values": (
        plant_derivation,
        "src/sourcebook/derivations:1",
        "derived value 'broken' fails: divisor 0 holds zero",
    ),
}


ELSEWHERE = {
    "corrections": "test_history", "document_counts": "test_library", "document_pages": "test_library",
    "inert_cells": "test_hostile", "tellings_complete": "test_library", "unpublished": "test_intake",
}  # fmt: skip
"""Rules whose errors need more than a table: where they are planted."""


def test_every_rule_has_a_planted_error():
    assert sorted([*PLANTED, *ELSEWHERE]) == sorted(rule.__name__ for rule in RULES)
    for rule, module in ELSEWHERE.items():
        assert f"checks.{rule}" in (ROOT / f"tests/{module}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", sorted(PLANTED))
def test_a_rule_finds_its_planted_error_in_its_place(project, no_derivations, rule):
    plant, place, telling = PLANTED[rule]
    plant(project)
    found = project.problems(getattr(checks, rule))
    assert [(f"{p.path}:{p.line}", telling in p.what) for p in found] == [(place, True)], found
    assert found[0].todo


def test_rules_that_were_not_asked_for_stay_silent(project):
    project.change("reviews", 2, url="")
    assert said(project, checks.values, checks.keys) == []
    assert checks.count_by_rule(project.problems(checks.values, checks.evidence)) == {"evidence": 1}


def test_problems_come_in_the_order_of_file_and_line(project):
    project.change("reviews", 2, url="")
    project.change("claims", 6, value_low="22", value_high="20")
    project.change("claims", 3, unit="furlong")
    found = places(project, checks.evidence, checks.values, checks.units)
    assert [place for _, place in found] == ["data/claims.csv:3", "data/claims.csv:6", "data/reviews.csv:2"]


# --- form -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (lambda raw: b"\xef\xbb\xbf" + raw, 1, "begins with a byte-order mark"),
        (lambda raw: raw.replace(b"\n", b"\r\n"), 1, "line ends with CR"),
        (lambda raw: raw.replace(b"Harbour office", b"Caf\xe9"), 2, "is not UTF-8"),
        (lambda raw: raw.replace(b"government,,", b"government,"), 2, "row has 4 cells, the header 5"),
        (lambda raw: raw.replace(b"government,,", b"government,,one, two"), 2, "row has 6 cells, the header 5"),
        (lambda raw: raw.replace(b",note", b""), 1, "column 'note' is missing"),
        (lambda raw: raw.replace(b",note", b",note,colour"), 1, "column 'colour' is unknown"),
    ],
    ids=["byte-order mark", "CRLF", "Latin-1", "a cell too few", "a cell too many", "column missing", "column unknown"],
)
def test_a_fault_of_form_is_reported_by_a_check(project, change, line, what):
    project.set_bytes("origins", change(project.path("origins").read_bytes()))
    found = checks.run(project.root, rules=()).problems
    assert ("data/origins.csv", line, what) in [(p.path, p.line, p.what) for p in found]


def test_a_missing_file_does_not_hide_other_problems(project):
    project.path("questions").unlink()
    project.change("reviews", 2, url="")
    found = said(project, checks.schema, checks.evidence)
    assert ("", "data/questions.csv:1", "file is missing") in found
    assert ("evidence", "data/reviews.csv:2", "review has no url") in found


# --- the schema -----------------------------------------------------------------------------------------


CELLS = [
    ("claims", 2, "value_low", "many", "value_low 'many' is no number"),
    ("claims", 3, "role", "hearsay", "role 'hearsay' is none of primary, relayed"),
    ("claims", 3, "subject", "", "subject is blank"),
    ("claims", 4, "period_start", "May 2024", "period_start 'May 2024' does not fit the pattern ^"),
    ("claims", 6, "claim_id", "Repair!", "claim_id 'Repair!' does not fit the pattern ^[a-z0-9]+"),
    ("sources", 2, "words", "few", "words 'few' is no integer"),
    ("places", 2, "lon", "-200", "lon '-200' is below -180"),
    ("places", 2, "lat", "99", "lat '99' is above 90"),
    ("reviews", 2, "url", "javascript:alert(1)", "url 'javascript:alert(1)' does not fit the pattern ^https?://"),
    ("reviews", 2, "date_accessed", "yesterday", "date_accessed 'yesterday' is no date"),
    ("events", 2, "inferred", "perhaps", "inferred 'perhaps' is no boolean"),
    ("sources", 3, "short_name", "Harbour", "short_name 'Harbour' is used twice"),
    ("events", 2, "precision", "century", "precision 'century' is none of day, month, year"),
]
KEYS = [
    ("claims", 3, "question_id", "questions"),
    ("claims", 4, "source_id", "sources"),
    ("claims", 5, "origin_id", "origins"),
    ("claims", 6, "unit", "units"),
    ("claims", 2, "place_id", "places"),
    ("reviews", 2, "claim_id", "claims"),
    ("stances", 2, "actor_a", "actors"),
    ("stances", 2, "issue_id", "issues"),
    ("route_legs", 2, "from_place_id", "places"),
    ("meetings", 2, "actor_id", "actors"),
    ("claim_actors", 2, "claim_id", "claims"),
    ("claim_actors", 2, "actor_id", "actors"),
]


@pytest.fixture(scope="module")
def broken(template, tmp_path_factory):
    """What the schema says of a project with all of these faults; one run, since each takes a second."""

    def plant(faults):
        project = template.copy(tmp_path_factory.mktemp("broken"))
        for table, line, column, value in faults:
            project.change(table, line, **{column: value})
        return said(project, checks.schema)

    return {
        "cells": plant([fault[:4] for fault in CELLS]),
        "keys": plant([(*fault[:3], "nobody") for fault in KEYS]),
    }


@pytest.mark.parametrize(("table", "line", "column", "value", "telling"), CELLS)
def test_a_cell_that_the_schema_forbids_is_reported(template, broken, table, line, column, value, telling):
    place = f"{template.tables[table]['path']}:{line}"
    found = [what for _, at, what in broken["cells"] if at == place and what.startswith(f"{column} ")]
    assert [telling in what for what in found] == [True], found


@pytest.mark.parametrize(("table", "line", "column", "target"), KEYS)
def test_an_id_that_no_row_has_is_a_broken_foreign_key(template, broken, table, line, column, target):
    place = f"{template.tables[table]['path']}:{line}"
    found = [what for _, at, what in broken["keys"] if at == place and f'for "{column}"' in what]
    what = f'broken foreign key: for "{column}": values "nobody" not found in the lookup table "{target}"'
    assert [said.startswith(what) for said in found] == [True], found


def test_a_foreign_key_to_no_table_is_told(project):
    path = project.root / DATAPACKAGE
    path.write_text(path.read_text("utf-8").replace('"resource": "questions"', '"resource": "riddles"'), "utf-8")
    what = "a foreign key of claims leads to 'riddles', which is no table"
    assert ("schema", "datapackage.json:1", what) in said(project, checks.schema)


def test_the_schema_reports_each_of_many_faults_once(broken):
    assert (len(broken["cells"]), len(broken["keys"])) == (len(CELLS), len(KEYS))
    assert {rule for rule, _, _ in broken["cells"] + broken["keys"]} == {"schema"}


def test_a_problem_is_placed_behind_cells_that_hold_line_ends(project):
    project.change("claims", 2, note="three\nlines\nlong")
    project.change("claims", 3, role="hearsay")
    assert places(project, checks.schema) == [("schema", "data/claims.csv:5")]


def test_a_problem_is_placed_behind_a_blank_line(project):
    project.change("claims", 4, role="hearsay")
    project.change_line("claims", 2, lambda line: "\n" + line)
    assert places(project, checks.schema) == [("", "data/claims.csv:2"), ("schema", "data/claims.csv:5")]


@pytest.mark.parametrize("table", ["questions", "units", "claims"])
def test_a_missing_file_is_reported_once_and_alone(project, no_derivations, table):
    define_from_claim()
    project.path(table).unlink()
    assert said(project, *RULES) == [("", f"{project.tables[table]['path']}:1", "file is missing")]


def define_from_claim():
    derived.derived("made", "claim:repair-time", unit="hour", digits=0, label="", formula="")(lambda value: value)


FORM = {
    "actors": lambda raw: raw.replace(b"company,,\n", b"company\n"),
    "corrections": lambda raw: b"",
    "issues": lambda raw: raw.replace(b"economic,", b"economic,one, two"),
    "origins": lambda raw: raw.replace(b"\nharbour", b"\n\nharbour"),
    "places": lambda raw: raw.replace(b"kind", b"name"),
    "questions": lambda raw: raw.replace(b"ferry", b"f\xe9rry"),
    "routes": lambda raw: raw.replace(b"Coast", b"Co\0ast"),
}


def test_a_fault_of_form_is_reported_by_the_ledger_alone(project, no_derivations):
    for table, change in FORM.items():
        project.set_bytes(table, change(project.path(table).read_bytes()))
    found = project.problems(*RULES)
    assert {p.path for p in found if not p.rule} == {f"data/{table}.csv" for table in FORM}
    assert [p for p in found if p.rule and p.path.removeprefix("data/").removesuffix(".csv") in FORM] == []


def test_an_unclosed_quotation_mark_is_reported_with_its_line(project, no_derivations):
    project.change_line("claims", 6, lambda line: line.replace(",ferry,", ',"ferry,'))
    assert ("", "data/claims.csv:6", "quotation mark is not closed or misplaced") in said(project)


def test_a_blank_id_is_blank_and_neither_doubled_nor_out_of_order(project):
    project.write("issues", [project.make("issues", issue_id=""), project.make("issues", issue_id="")])
    for table in ("stances", "codings"):
        project.write(table, [])
    found = said(project, checks.schema, checks.keys)
    assert found == [("schema", f"data/issues.csv:{line}", "issue_id is blank") for line in (2, 3)]


# --- keys -----------------------------------------------------------------------------------------------


def test_a_duplicated_id_names_both_lines_and_is_reported_once(project):
    project.write("claims", [*project.rows("claims"), project.rows("claims")[-1]])
    assert said(project, checks.schema, checks.keys) == [
        ("keys", "data/claims.csv:7", "id 'repair-time' is used twice (also on line 6)")
    ]


def test_a_duplicated_id_of_two_columns_is_told_from_one_part_shared(project):
    project.add("route_legs", leg="2")
    assert said(project, checks.keys) == []
    project.add("route_legs", leg="2")
    assert said(project, checks.keys) == [
        ("keys", "data/route_legs.csv:4", "id 'coast/2' is used twice (also on line 3)")
    ]


def test_numbers_in_a_key_are_sorted_as_numbers(project):
    for leg in range(2, 12):
        project.add("route_legs", leg=str(leg))
    assert said(project, checks.keys) == []
    project.add("route_legs", leg="0")
    assert places(project, checks.keys) == [("keys", "data/route_legs.csv:13")]


def test_the_first_row_out_of_order_is_reported_once(project):
    project.write("claims", project.rows("claims")[::-1])
    assert said(project, checks.keys) == [("keys", "data/claims.csv:3", "row 'repair-cost' is out of order")]


def test_a_row_id_twice_in_one_series_is_a_matter_of_keys_alone(project):
    project.add("meetings")
    assert said(project, checks.series_ids) == []
    assert places(project, checks.keys) == [("keys", "data/series/meetings.csv:3")]


# --- units and values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "line"), [("claims", 3), ("questions", 2), ("reviews", 2), ("meetings", 2)])
def test_an_unknown_unit_is_reported_in_every_table_that_has_units(project, table, line):
    project.change(table, line, unit="furlong")
    assert said(project, checks.units) == [
        ("units", f"{project.tables[table]['path']}:{line}", "unknown unit 'furlong'")
    ]


@pytest.mark.parametrize("definition", ["[yoke", "2**", "((", "3 +", "[x", "nosuch", "=", "a = b"])
def test_a_definition_that_means_nothing_to_pint_is_reported_in_its_line(project, definition):
    project.change_line("units", 33, lambda line: f"{line}\nyoke,{definition},yoke,yokes,,")
    [(rule, place, what)] = said(project, checks.units, checks.question_units)
    assert (rule, place) == ("units", "data/units.csv:34")
    assert what.startswith(f"definition {definition!r} of 'yoke' is none of pint's")


def test_a_blank_definition_is_said_once(project):
    last = len(project.rows("units")) + 1
    project.change_line("units", last, lambda line: f"{line}\nyoke,,yoke,yokes,,")
    assert said(project) == [("schema", f"data/units.csv:{last + 1}", "definition is blank")]


def test_a_unit_whose_name_pint_cannot_read_is_reported(project):
    last = len(project.rows("units")) + 1
    project.change_line("units", last, lambda line: f"{line}\nyo ke,[yoke],yoke,yokes,,")
    assert said(project, checks.units) == [
        ("units", f"data/units.csv:{last + 1}", "unit 'yo ke' is no name of letters")
    ]


@pytest.mark.parametrize("cell", ["nan", "inf", "-inf", "1e999", "many"])
@pytest.mark.parametrize("column", ["value_low", "value_high"])
def test_a_value_that_is_no_finite_number_is_reported(project, column, cell):
    project.change("meetings", 2, qualifier="range", **{column: cell})
    what = f"{column} {cell!r} is no number"
    assert said(project, checks.values) == [("values", "data/series/meetings.csv:2", what)]


@pytest.mark.parametrize(
    ("table", "line", "column", "cell"),
    [
        ("claims", 3, "period_end", "2024-02-30"),
        ("claims", 3, "period_start", "2024-00"),
        ("sources", 2, "date_published", "2024-13"),
        ("events", 2, "date", "0000"),
        ("meetings", 2, "date_accessed", "2023-02-29"),
        ("reviews", 2, "date", "２０２４"),
    ],
)
def test_a_date_that_is_in_no_calendar_is_reported(project, table, line, column, cell):
    project.change(table, line, **{column: cell})
    what = f"{column} {cell!r} is no date"
    assert said(project, checks.dates) == [("dates", f"{project.tables[table]['path']}:{line}", what)]


def test_what_two_rules_find_in_one_cell_is_said_once(project):
    project.change("claims", 2, value_low="many", value_high="many", start="²")
    project.change("meetings", 2, date_accessed="2023-02-29")
    found = [(place, what) for _, place, what in said(project, checks.schema, checks.values, checks.dates)]
    assert found == [
        ("data/claims.csv:2", "start '²' is no integer"),
        ("data/claims.csv:2", "value_high 'many' is no number"),
        ("data/claims.csv:2", "value_low 'many' is no number"),
        ("data/series/meetings.csv:2", "date_accessed '2023-02-29' is no date"),
    ]


@pytest.mark.parametrize(("start", "end"), [("2024-03", "2024-02-29"), ("2025", "2024"), ("2024-02-02", "2024-02-01")])
def test_a_period_that_ends_before_it_begins_is_reported(project, start, end):
    project.change("claims", 3, period_start=start, period_end=end)
    what = f"period_start {start} is after period_end {end}"
    assert said(project, checks.dates) == [("dates", "data/claims.csv:3", what)]


@pytest.mark.parametrize(("start", "end"), [("2024", "2024"), ("2024-02", "2024"), ("2024", "2024-02"), ("", "2024")])
def test_a_period_whose_ends_may_meet_is_none_that_runs_backwards(project, start, end):
    project.change("claims", 3, period_start=start, period_end=end)
    assert said(project, checks.dates) == []


def test_a_checked_date_is_written_without_an_error(project):
    for stamp in ("2024", "2024-12", "2024-12-31", "1999-01-01"):
        project.change("claims", 3, period_start=stamp, period_end=stamp)
        assert said(project, checks.dates) == []
        assert date_text(stamp)


def test_a_place_may_have_no_coordinates_but_not_one(project):
    project.change("places", 2, lat="", lon="")
    assert said(project, checks.coordinates) == []
    project.change("places", 2, lon="71")
    assert said(project, checks.coordinates) == [("coordinates", "data/places.csv:2", "place has lon without lat")]


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"value_low": "1383"}, "value_low 1383 is above value_high 1382"),
        ({"value_low": "", "value_high": ""}, "has no value"),
        ({"qualifier": "at_least"}, "qualifier 'at_least' needs value_low alone"),
        ({"qualifier": "at_most"}, "qualifier 'at_most' needs value_high alone"),
        ({"qualifier": "nearly"}, "qualifier 'nearly' needs value_high alone"),
        ({"qualifier": "at_least", "value_low": ""}, "qualifier 'at_least' needs value_low alone"),
        ({"value_low": ""}, "qualifier 'exact' needs one number"),
        ({"value_high": "1400"}, "qualifier 'exact' needs one number"),
        ({"qualifier": "about", "value_high": "1400"}, "qualifier 'about' needs one number"),
    ],
)
def test_the_ends_given_must_fit_the_qualifier(project, cells, what):
    project.change("claims", 3, **cells)
    assert ("values", "data/claims.csv:3", what) in said(project, checks.values)


@pytest.mark.parametrize(
    "cells",
    [
        {"qualifier": "about"},
        {"qualifier": "rank"},
        {"qualifier": "range", "value_high": "1400"},
        {"qualifier": "vague", "value_high": ""},
        {"qualifier": "at_least", "value_high": ""},
        {"qualifier": "at_most", "value_low": ""},
    ],
)
def test_ends_that_fit_their_qualifier_pass(project, cells):
    project.change("claims", 3, **cells)
    assert said(project, checks.values) == []


def test_a_review_needs_no_value_but_a_series_does(project):
    project.change("reviews", 2, value_low="", value_high="", qualifier="")
    assert said(project, checks.values) == []
    project.change("meetings", 2, value_low="", value_high="")
    assert said(project, checks.values) == [("values", "data/series/meetings.csv:2", "has no value")]


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("1382", "the ferry crossed 1,382 times"),
        ("200", "stair has two hundred steps"),
        ("3", "was the third in his family"),
        ("2300000000", "cost 2.3 billion in all"),
        ("20", "lasted 20–22 days in all"),
        ("22", "lasted 20–22 days in all"),
    ],
)
def test_a_value_is_found_in_its_quote_in_digits_and_in_words(project, value, quote):
    project.change("claims", 3, value_low=value, value_high=value, quote=quote)
    assert said(project, checks.values_in_quotes) == []


@pytest.mark.parametrize("value", ["1383", "382", "138.2", "13820", "-1382"])
def test_a_value_that_is_not_in_its_quote_needs_a_note(project, value):
    project.change("claims", 3, value_low=value)
    assert said(project, checks.values_in_quotes) == [
        (
            "values_in_quotes",
            "data/claims.csv:3",
            f"value_low {value} is not in the quote 'the ferry crossed 1,382 times'",
        )
    ]
    project.change("claims", 3, value_note="Counted both ways.")
    assert said(project, checks.values_in_quotes) == []


# --- quotations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "words", "allowed"),
    [("claims", 3, "4 to 15"), ("claims", 16, "4 to 15"), ("events", 3, "4 to 15"), ("stances", 7, "1 to 6")],
)
def test_a_quote_that_is_too_short_or_too_long_is_reported(project, table, words, allowed):
    project.change(table, 2, quote=" ".join(["word"] * words))
    what = f"quote has {words} words, {allowed} are allowed"
    assert said(project, checks.quote_length) == [("quote_length", f"data/{table}.csv:2", what)]


@pytest.mark.parametrize(("table", "words"), [("claims", 4), ("claims", 15), ("stances", 1), ("stances", 6)])
def test_a_quote_of_a_permitted_length_passes(project, table, words):
    project.change(table, 2, quote=" ".join(["word"] * words))
    assert said(project, checks.quote_length) == []


DIGEST = "digest does not fit source, offsets and quote: one of them changed since it was anchored"


def test_a_quote_of_another_source_names_the_source_that_has_it(project):
    project.change("claims", 3, source_id="lighthouse-2023")
    what = "quote 'the ferry crossed 1,382 times' is not in lighthouse-2023; it stands in harbour-2024"
    assert said(project, checks.anchors) == [
        ("anchors", "data/claims.csv:3", DIGEST),
        ("anchors", "data/claims.csv:3", what),
    ]
    assert [p.todo for p in project.problems(checks.anchors)][1] == "mend the source_id"


@pytest.mark.parametrize(
    "quote", ["the ferry crossed 1,383 times", "The ferry crossed 1,382 times", "sank without trace there"]
)
def test_a_quote_of_no_source_is_said_to_stand_in_none(project, quote):
    project.change("claims", 3, quote=quote)
    what = f"quote {quote!r} is not in harbour-2024; it stands in none of the texts"
    assert ("anchors", "data/claims.csv:3", what) in said(project, checks.anchors)


def test_a_quote_that_stands_twice_is_reported_with_its_count(project):
    text = project.seed("harbour-2024").read_text(encoding="utf-8")
    project.record_seed("harbour-2024", text + "Repairs lasted 20–22 days again.\n")
    project.anchor()
    found = said(project, checks.anchors)
    assert ("anchors", "data/claims.csv:6", "quote 'Repairs lasted 20–22 days' stands 2 times in harbour-2024") in found
    assert {place for _, place, _ in found} == {"data/claims.csv:6"}


def test_a_quote_across_a_page_break_is_reported(project):
    project.change("events", 2, source_id="harbour-2024", quote="morning and writes their names")
    assert project.anchor() == (9, 0)
    assert said(project, checks.anchors) == [
        ("anchors", "data/events.csv:2", "quote runs over a page break or footnote")
    ]


def test_a_quote_over_a_line_break_is_none_across_a_page(project):
    project.change("events", 2, source_id="harbour-2024", quote="but the keeper counts the boats")
    project.anchor()
    assert said(project, checks.anchors) == []


def test_offsets_that_point_elsewhere_are_reported(project):
    project.change("claims", 3, start="1", end="30")
    assert ("anchors", "data/claims.csv:3", "quote stands at 57-86, not at 1-30") in said(project, checks.anchors)


@pytest.mark.parametrize("cells", [{"start": ""}, {"end": ""}, {"digest": ""}])
def test_a_quote_that_was_never_anchored_is_reported(project, cells):
    project.change("claims", 3, **cells)
    assert ("anchors", "data/claims.csv:3", "quote is not anchored") in said(project, checks.anchors)


@pytest.mark.parametrize("cells", [{"start": "²"}, {"end": "x"}, {"end": "-1"}, {"start": "9" * 5000}])
def test_an_offset_that_is_no_number_stops_no_rule(project, no_derivations, cells):
    project.change("claims", 3, **cells)
    rules = [rule for rule in RULES if rule is not checks.schema]
    assert ("anchors", "data/claims.csv:3", "quote is not anchored") in said(project, *rules)


def test_a_blank_quote_is_blank_and_not_in_none_of_the_texts(project):
    project.change("claims", 3, quote="")
    assert [what for _, _, what in said(project) if "quote" in what and "value" not in what] == [
        "digest does not fit source, offsets and quote: one of them changed since it was anchored",
        "quote is blank",
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"quote": "the ferry crossed 1,383 times"},
        {"start": "58"},
        {"source_id": "lighthouse-2023"},
        {"digest": NOWHERE},
    ],
)
def test_without_the_texts_a_change_since_anchoring_is_still_found(project, cells):
    project.remove_seeds()
    assert said(project, checks.anchors) == []
    project.change("claims", 3, **cells)
    assert said(project, checks.anchors) == [("anchors", "data/claims.csv:3", DIGEST)]


def test_without_the_texts_the_report_says_what_was_not_proved(project):
    project.remove_seeds()
    report = project.report(checks.anchors, checks.seeds)
    assert list(report.problems) == []
    assert report.anchors.startswith("digests only (no seed texts here: set SOURCEBOOK_SEEDS")


# --- how much is quoted ---------------------------------------------------------------------------------


def quote_words(project, words, *spans):
    """A text of `words` two-letter words, with claims whose offsets cover each span of words."""
    for table in ("stances", "codings"):
        project.write(table, [])
    project.record_seed("harbour-2024", " ".join(["ab"] * words))
    rows = [
        project.make_claim(claim_id=f"claim-{n:03}", start=str(3 * first), end=str(3 * last - 1))
        for n, (first, last) in enumerate(spans)
    ]
    project.write("claims", rows)


@pytest.mark.parametrize(
    ("spans", "run"),
    [([(0, 25)], 0), ([(0, 26)], 26), ([(0, 15), (15, 25)], 0), ([(0, 15), (15, 28)], 28), ([(0, 15), (10, 26)], 26)],
)
def test_quotations_that_meet_may_not_run_over_25_words(project, spans, run):
    quote_words(project, 600, *spans)
    what = f"quotations cover {run} words of harbour-2024 in one run, 25 are allowed"
    assert said(project, checks.quotation_limits) == ([("quotation_limits", "data/claims.csv:1", what)] if run else [])


@pytest.mark.parametrize(
    ("words", "every", "covered", "share"),
    [(500, 25, 200, 0), (500, 24, 210, 40), (490, 24, 210, 0), (480, 16, 300, 60)],
)
def test_quotations_may_not_cover_40_percent_of_a_text_or_60_of_a_short_one(project, words, every, covered, share):
    quote_words(project, words, *((first, first + 10) for first in range(0, words, every)))
    what = f"quotations cover {covered} of the {words} words of harbour-2024, {share}% are allowed"
    assert said(project, checks.quotation_limits) == (
        [("quotation_limits", "data/claims.csv:1", what)] if share else []
    )


def test_quotations_of_all_tables_are_counted_together(project):
    quote_words(project, 600, (0, 15))
    project.change("events", 2, source_id="harbour-2024", start="45", end="89")
    what = "quotations cover 30 words of harbour-2024 in one run, 25 are allowed"
    assert said(project, checks.quotation_limits) == [("quotation_limits", "data/claims.csv:1", what)]


# --- seed texts -----------------------------------------------------------------------------------------


def test_a_missing_text_is_reported(project):
    project.seed("harbour-2024").unlink()
    assert said(project, checks.anchors, checks.seeds) == [
        ("seeds", "seeds/sources.csv:2", "text harbour-2024.txt of harbour-2024 is missing")
    ]


def test_an_altered_text_is_reported_and_not_quoted_from(project):
    with project.seed("harbour-2024").open("a", encoding="utf-8") as handle:
        handle.write(" ")
    what = "text harbour-2024.txt of harbour-2024 is altered: its sha256 is not the recorded one"
    assert said(project, checks.anchors, checks.seeds) == [("seeds", "seeds/sources.csv:2", what)]
    assert project.report(checks.seeds).anchors == "offsets and sha256 of 1 of 2 seed texts, and digests"


def test_a_text_that_is_not_utf8_is_reported(project, no_derivations):
    project.seed("harbour-2024").write_bytes(b"Caf\xe9")
    project.change("sources", 2, sha256=hashlib.sha256(b"Caf\xe9").hexdigest())
    what = "text harbour-2024.txt of harbour-2024 is not UTF-8"
    assert ("seeds", "seeds/sources.csv:2", what) in said(project, *RULES)


def test_a_source_without_a_file_has_no_text_to_miss(project):
    project.change("sources", 2, file="")
    assert said(project, checks.schema, checks.seeds) == [("schema", "seeds/sources.csv:2", "file is blank")]


def test_a_folder_that_the_variable_names_and_that_does_not_exist_is_reported(project, tmp_path, monkeypatch):
    monkeypatch.setenv(SEEDS_VARIABLE, str(tmp_path / "mistyped"))
    what = f"{SEEDS_VARIABLE} names {tmp_path / 'mistyped'}, which is no folder"
    assert said(project, checks.seeds) == [("seeds", "seeds/sources.csv:1", what)]


def test_texts_are_checked_where_the_variable_says(project, tmp_path, monkeypatch):
    project.seed("harbour-2024").parent.rename(tmp_path / "elsewhere")
    assert project.report(checks.seeds).anchors.startswith("digests only")
    monkeypatch.setenv(SEEDS_VARIABLE, str(tmp_path / "elsewhere"))
    assert project.report(checks.seeds).anchors == "offsets and sha256 of 2 of 2 seed texts, and digests"
    assert said(project, checks.seeds) == []
    (tmp_path / "elsewhere" / "harbour-2024.txt").write_text("Another text.", encoding="utf-8")
    assert places(project, checks.seeds) == [("seeds", "seeds/sources.csv:2")]


# --- what belongs together ------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["mile", "km"])
def test_claims_in_units_of_one_kind_answer_one_question(project, unit):
    project.change("claims", 4, unit=unit)
    assert said(project, checks.question_units) == []


@pytest.mark.parametrize("unit", ["day", "USD", "percent", "meeting"])
def test_claims_in_units_of_another_kind_do_not(project, unit):
    project.change("claims", 4, unit=unit)
    what = f"unit {unit!r} cannot be compared with 'km' of the question 'row-length'"
    assert said(project, checks.question_units) == [("question_units", "data/claims.csv:4", what)]


@pytest.mark.parametrize("column", ["url", "publisher", "source_kind"])
def test_a_review_shows_where_it_was_found_unless_nothing_was(project, column):
    project.change("reviews", 2, **{column: ""})
    assert said(project, checks.evidence) == [("evidence", "data/reviews.csv:2", f"review has no {column}")]
    project.change("reviews", 2, verdict="not_found")
    assert said(project, checks.evidence) == []


@pytest.mark.parametrize("cells", [{"claim_id": ""}, {"event_id": "first-snow"}])
def test_a_review_names_one_claim_or_event(project, cells):
    project.change("reviews", 2, **cells)
    assert said(project, checks.evidence) == [
        ("evidence", "data/reviews.csv:2", "review names no claim or event, or both")
    ]


def test_a_review_may_name_an_event(project):
    project.change("reviews", 2, claim_id="", event_id="first-snow")
    assert said(project, checks.schema, checks.evidence) == []


@pytest.mark.parametrize(
    ("reference", "unit", "telling"),
    [
        ("claim:gone", "event", "derived value 'made' fails: no claim has the id 'gone'"),
        ("claim:crossings", "km", "derived value 'made' fails: event is no km"),
        ("claim:coast-row", "furlong", "derived value 'made' fails: unknown unit 'furlong'"),
    ],
)
def test_a_derived_value_that_cannot_be_computed_is_reported(project, no_derivations, reference, unit, telling):
    derived.derived("made", reference, unit=unit, digits=0, label="", formula="")(lambda value: value)
    assert said(project, checks.derived_values) == [("derived_values", "src/sourcebook/derivations:1", telling)]


def test_an_unknown_unit_of_a_derived_values_input_is_reported(project, no_derivations):
    define_from_claim()
    project.change("claims", 6, unit="furlong")
    what = "derived value 'made' fails: unknown unit 'furlong'"
    assert said(project, checks.derived_values) == [("derived_values", "src/sourcebook/derivations:1", what)]
