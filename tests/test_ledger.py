import dataclasses
import hashlib
import json

import pytest

from sourcebook.errors import LedgerError, UnknownId
from sourcebook.formatting import dated_text
from sourcebook.ledger import Ledger, read_descriptor, read_tables, seed_texts, seeds_folder
from sourcebook.models import Stated
from sourcebook.paths import DATAPACKAGE, SEEDS_VARIABLE

UNCLOSED = "quotation mark is not closed or misplaced: close it; within a quoted cell write it twice"


def said(project):
    """The problems that loading reports, as text."""
    with pytest.raises(LedgerError) as caught:
        project.load()
    return [str(problem) for problem in caught.value.problems]


def test_a_claim_is_read_with_its_number_its_quotation_and_its_source(project):
    claim = project.load().claim("repair-cost")
    assert claim.stated == Stated(None, 100_000_000, "USD", "nearly")
    assert (claim.quantity.low, claim.quantity.high) == (90_000_000, 100_000_000)
    assert claim.anchor.quote == "cost nearly $100 million in all"
    assert (claim.source_id, claim.origin_id, claim.domain) == ("harbour-2024", "harbour-office", "transit")
    assert claim.anchor.end - claim.anchor.start == len(claim.anchor.quote)


def test_each_table_is_read_into_records_of_its_kind(project):
    ledger = project.load()
    assert ledger.source("harbour-2024").words == 80
    assert ledger.questions["crossings"].text == "How often did the ferry cross?"
    assert ledger.origins["harbour-office"].kind == "government"
    assert (ledger.place("outer-islands").lat, ledger.place("outer-islands").lon) == (36.5, 71.0)
    assert ledger.route("coast").legs[0].km == 12.5
    assert ledger.review("crossings-almanac").figure.stated == Stated(1400, 1400, "event", "about")
    assert ledger.figure("meetings-pilots").publisher == "Pilots' Guild"
    assert list(ledger.series["meetings"]) == ["meetings-pilots"]
    assert ledger.unit("mile").plural == "miles"
    assert ledger.unit("percent").words == {"percent", "%", "per cent"}


def test_claims_and_events_know_whom_they_are_about_and_an_actor_its_power(project):
    project.change("actors", 3, belongs_to="china")
    ledger = project.load()
    assert ledger.claim("crossings").actors == ledger.event("first-snow").actors == ("ferry-company",)
    assert ledger.claim("coast-row").actors == ()
    assert ledger.powers == {"china": "", "ferry-company": "china", "russia": ""}


def test_a_review_without_a_number_has_no_figure(project):
    project.change("reviews", 2, value_low="", value_high="")
    assert project.load().review("crossings-almanac").figure is None


def test_claims_are_found_by_source_and_reviews_by_claim(project):
    ledger = project.load()
    assert [c.claim_id for c in ledger.claims_of("harbour-2024")] == [
        "coast-row",
        "crossings",
        "repair-cost",
        "repair-time",
    ]
    assert ledger.claims_of("nowhere") == []
    assert [r.review_id for r in ledger.reviews_of("claim", "crossings")] == ["crossings-almanac"]
    assert list(ledger.reviews_of("claim", "repair-cost")) == []


@pytest.mark.parametrize(
    ("look_up", "key", "message"),
    [
        ("claim", "repair-tme", "no claim has the id 'repair-tme'; did you mean repair-time"),
        ("source", "harbour-2023", "no source has the id 'harbour-2023'; did you mean harbour-2024"),
        ("place", "outer-island", "no place has the id 'outer-island'; did you mean outer-islands?"),
        ("route", "cost", "no route has the id 'cost'; did you mean coast?"),
        ("review", "crossings", "no review has the id 'crossings'; did you mean crossings-almanac?"),
        ("figure", "meetings-pilot", "no series row has the id 'meetings-pilot'; did you mean meetings-pilots?"),
        ("unit", "mil", "no unit has the id 'mil'; did you mean mile"),
        ("claim", "qqq", "no claim has the id 'qqq'"),
    ],
)
def test_an_unknown_id_names_near_misses(project, look_up, key, message):
    with pytest.raises(UnknownId) as caught:
        getattr(project.load(), look_up)(key)
    assert str(caught.value).startswith(message)


def test_a_ledger_cannot_be_changed(project):
    ledger = project.load()
    with pytest.raises(TypeError):
        ledger.claims["new"] = ledger.claim("crossings")
    with pytest.raises(dataclasses.FrozenInstanceError):
        ledger.claim("crossings").note = "changed"
    with pytest.raises(TypeError):
        ledger.tables["claims"].rows[0].cells["note"] = "changed"


def test_a_hostile_value_is_text_and_stays_as_it_is(project):
    hostile = "<script>alert(1)</script>"
    project.change("claims", 3, note=hostile)
    assert project.problems() == []
    assert project.load().claim("crossings").note == hostile


def test_a_table_knows_the_line_of_each_row(project):
    project.change("claims", 2, note="of two\nlines")
    table = read_tables(project.root)[0]["claims"]
    assert [(row.line, row["claim_id"]) for row in table.rows][:3] == [
        (2, "coast-row"),
        (4, "crossings"),
        (5, "keeper-walk"),
    ]


def test_a_table_knows_the_line_of_each_physical_record(project):
    project.change("claims", 2, note="of two\nlines")
    project.change_line("claims", 4, lambda line: "\n" + line)
    assert read_tables(project.root)[0]["claims"].lines == (1, 2, 4, 5, 6, 7, 8)


def test_a_table_turns_into_a_frame_of_text(project):
    frame = project.load().tables["claims"].frame()
    assert list(frame.columns) == project.columns("claims")
    assert list(frame["value_low"]) == ["57", "1382", "92", "", "20"]


def test_an_empty_table_keeps_its_columns(project):
    frame = project.load().tables["corrections"].frame()
    assert (len(frame), list(frame.columns)) == (0, ["date", "id", "old", "new", "reason"])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda raw: b"\xef\xbb\xbf" + raw, "1: begins with a byte-order mark: save the file as UTF-8 without it"),
        (lambda raw: raw.replace(b"\n", b"\r\n"), "1: line ends with CR: save the file with LF line ends"),
        (
            lambda raw: raw.replace(b"government,,\n", b"government,,\r\n"),
            "2: line ends with CR: save the file with LF line ends",
        ),
        (lambda raw: raw.replace(b"Harbour office", b"Caf\xe9"), "2: is not UTF-8: save the file as UTF-8"),
        (
            lambda raw: raw.replace(b"government,,", b"government,"),
            "2: row has 4 cells, the header 5: quote cells that hold commas, and count the commas",
        ),
        (
            lambda raw: raw.replace(b"government,,", b"government,,one, two"),
            "2: row has 6 cells, the header 5: quote cells that hold commas, and count the commas",
        ),
        (lambda raw: raw.replace(b"Harbour", b"Har\0bour"), "2: holds a NUL byte: delete it"),
        (lambda raw: raw.replace(b"\nharbour", b"\n\nharbour"), "2: line is blank: delete it"),
        (lambda raw: raw + b"\n", "3: line is blank: delete it"),
        (lambda raw: raw.replace(b"Harbour office", b'"Harbour office'), f"2: {UNCLOSED}"),
        (lambda raw: raw.replace(b"Harbour office", b'"Harbour" office'), f"2: {UNCLOSED}"),
        (lambda raw: raw + b'second,"Harbour\noffice,media,,\nthird,Office,media,,\n', f"3: {UNCLOSED}"),
    ],
    ids=[
        "byte-order mark", "CRLF", "one CR", "Latin-1", "a cell too few", "a cell too many", "NUL", "blank line",
        "blank line at the end", "quotation mark not closed", "quotation mark misplaced", "rows swallowed",
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_its_line(project, change, problem):
    project.set_bytes("origins", change(project.path("origins").read_bytes()))
    assert said(project) == [f"data/origins.csv:{problem}"]


def test_a_missing_column_and_an_unknown_one_are_both_named(project):
    project.change_line("origins", 1, lambda line: line.replace("note", "remark"))
    assert said(project) == [
        "data/origins.csv:1: column 'note' is missing: add it; datapackage.json lists all",
        "data/origins.csv:1: column 'remark' is unknown: drop it, or add it to datapackage.json",
    ]


def test_a_column_that_stands_twice_and_one_without_a_name_are_refused(project):
    project.change_line("origins", 1, lambda line: line.replace("kind", "name"))
    assert "data/origins.csv:1: column 'name' stands twice in the header: drop one of them" in said(project)
    project.change_line("origins", 1, lambda line: line + ",")
    assert any(problem.startswith("data/origins.csv:1: a column has no name: ") for problem in said(project))


def test_rows_before_a_faulty_quotation_mark_are_still_read(project):
    project.set_bytes("origins", project.path("origins").read_bytes() + b'second,"Harbour\n')
    tables, problems = read_tables(project.root)
    assert [row["origin_id"] for row in tables["origins"].rows] == ["harbour-office"]
    assert [problem.line for problem in problems] == [3]


def test_an_empty_file_lacks_every_column(project):
    project.set_bytes("corrections", b"")
    assert [problem.split(":")[2] for problem in said(project)] == [
        f" column {column!r} is missing" for column in ("date", "id", "new", "old", "reason")
    ]


def test_a_missing_file_is_named(project):
    project.path("questions").unlink()
    assert said(project) == ["data/questions.csv:1: file is missing: restore it, or take it out of datapackage.json"]


def test_problems_of_several_files_are_reported_at_once(project):
    project.path("questions").unlink()
    project.set_bytes("actors", b"\xef\xbb\xbf" + project.path("actors").read_bytes())
    project.change_line("claims", 4, lambda line: line + ",x")
    assert [problem.split(": ")[0] for problem in said(project)] == [
        "data/actors.csv:1",
        "data/claims.csv:4",
        "data/questions.csv:1",
    ]


@pytest.mark.parametrize(
    ("table", "column", "cell", "problem"),
    [
        ("claims", "value_low", "many", "data/claims.csv:2: value_low 'many' is no number"),
        ("claims", "value_high", "nan", "data/claims.csv:2: value_high 'nan' is no number"),
        ("meetings", "value_low", "inf", "data/series/meetings.csv:2: value_low 'inf' is no number"),
        ("reviews", "value_low", "1e999", "data/reviews.csv:2: value_low '1e999' is no number"),
        ("claims", "start", "²", "data/claims.csv:2: start '²' is no integer"),
        ("events", "end", "x", "data/events.csv:2: end 'x' is no integer"),
        ("sources", "words", "", "seeds/sources.csv:2: words is blank"),
        ("places", "lat", "north", "data/places.csv:2: lat 'north' is no number"),
        ("route_legs", "km", "far", "data/route_legs.csv:2: km 'far' is no number"),
    ],
)
def test_a_cell_that_should_be_a_number_and_is_none_is_refused_in_its_place(project, table, column, cell, problem):
    project.change(table, 2, **{column: cell})
    assert [line.rpartition(": ")[0] for line in said(project)] == [problem]


def test_every_cell_that_is_no_number_is_named_at_once(project):
    project.change("claims", 3, value_low="many", value_high="more")
    project.change("places", 2, lat="north")
    assert [line.split(": ")[0] for line in said(project)] == ["data/claims.csv:3"] * 2 + ["data/places.csv:2"]


@pytest.mark.parametrize("column", ["lat", "lon"])
def test_a_place_with_half_its_coordinates_has_none(project, column):
    project.change("places", 2, **{column: ""})
    assert dict(project.load().places) == {}


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (None, "datapackage.json:1: file is missing: restore it from the repository"),
        ('{\n"resources": [\n', "datapackage.json:3: is no data package"),
        ("{}", "datapackage.json:1: is no data package ('resources')"),
        ("[]", "datapackage.json:1: is no data package"),
    ],
)
def test_a_broken_data_package_is_refused(project, raw, problem):
    if raw is None:
        (project.root / DATAPACKAGE).unlink()
    else:
        (project.root / DATAPACKAGE).write_text(raw, encoding="utf-8")
    with pytest.raises(LedgerError) as caught:
        read_descriptor(project.root)
    assert str(caught.value).startswith(problem)


def test_the_descriptor_is_read_as_it_stands(project):
    assert read_descriptor(project.root) == json.loads((project.root / DATAPACKAGE).read_text(encoding="utf-8"))


def test_seed_texts_are_read_on_demand(project):
    assert dict(project.load().texts) == {}
    texts = project.load(texts=True).texts
    assert sorted(texts) == ["harbour-2024", "lighthouse-2023"]
    assert texts["harbour-2024"].text == project.seed("harbour-2024").read_text(encoding="utf-8")


def test_a_missing_and_an_altered_text_are_left_out(project):
    project.seed("harbour-2024").write_text("Another text.", encoding="utf-8")
    assert list(project.load(texts=True).texts) == ["lighthouse-2023"]
    project.seed("lighthouse-2023").unlink()
    assert dict(project.load(texts=True).texts) == {}


def test_a_text_that_is_not_utf8_is_left_out(project):
    project.seed("harbour-2024").write_bytes(b"Caf\xe9")
    project.change("sources", 2, sha256=hashlib.sha256(b"Caf\xe9").hexdigest())
    assert list(project.load(texts=True).texts) == ["lighthouse-2023"]


def test_the_folder_of_texts_is_the_variables_else_the_projects_own(project, tmp_path, monkeypatch):
    own = project.root / "seeds" / "text"
    assert seeds_folder(project.root) == own
    monkeypatch.setenv(SEEDS_VARIABLE, str(tmp_path))
    assert seeds_folder(project.root) == tmp_path
    monkeypatch.setenv(SEEDS_VARIABLE, str(tmp_path / "mistyped"))
    assert seeds_folder(project.root) == tmp_path / "mistyped"
    monkeypatch.delenv(SEEDS_VARIABLE)
    project.remove_seeds()
    assert seeds_folder(project.root) is None
    assert seed_texts(project.root, read_tables(project.root)[0]) == {}


def test_the_ledger_of_the_book_holds_all_that_its_claims_name(book):
    assert isinstance(book, Ledger)
    assert {c.question_id for c in book.claims.values()} <= set(book.questions)
    assert {c.origin_id for c in book.claims.values()} <= set(book.origins)
    assert {c.source_id for c in book.claims.values()} <= set(book.sources)


def test_voices_counts_documents_and_known_origins_apart(project):
    ledger = project.load()
    voices = ledger.voices("row-length")
    assert [c.claim_id for c in voices.claims] == ["coast-row", "keeper-walk"]
    assert (voices.documents, voices.origins, voices.unknown) == (2, 1, 0)


def test_an_unknown_origin_is_no_voice(project):
    project.add("origins", origin_id="unknown", name="Unknown", kind="unknown")
    project.change("claims", 2, origin_id="unknown")
    voices = project.load().voices("row-length")
    assert (voices.documents, voices.origins, voices.unknown) == (2, 1, 1)


def test_voices_of_no_question_are_told(project):
    with pytest.raises(UnknownId, match="no question has the id 'row-lengths'; did you mean row-length"):
        project.load().voices("row-lengths")


def review_of(project, **overrides):
    review = {"review_id": "first-snow-page", "claim_id": "", "event_id": "first-snow", "verdict": "contradicts"}
    number = dict.fromkeys(("value_low", "value_high", "unit", "qualifier"), "")
    project.add("reviews", **{**review, **number, "value": "2023-10-30", **overrides})
    project.add("conflicts", conflict_id="snow", kind="upstream", severity="trust")
    project.add("conflict_parties", conflict_id="snow", party="1", claim_id="", event_id="first-snow")
    project.add("conflict_parties", conflict_id="snow", party="2", claim_id="", review_id="first-snow-page")
    return project.load()


def test_the_date_of_an_event_is_contradicted_by_a_page_that_gives_another(project):
    ledger = review_of(project)
    assert [r.review_id for r in ledger.refuting("first-snow")] == ["first-snow-page"]
    assert ledger.contradicted("event", "first-snow").conflict_id == "snow"


@pytest.mark.parametrize("overrides", [{"value": "on the other island"}, {"verdict": "partly"}])
def test_a_page_that_contradicts_the_place_alone_leaves_the_date(project, overrides):
    ledger = review_of(project, **overrides)
    assert list(ledger.refuting("first-snow")) == []
    assert ledger.contradicted("event", "first-snow") is None


def test_a_reference_is_a_date_where_its_record_is_one(project):
    ledger = review_of(project)
    dated = ledger.dated("event:first-snow")
    assert (dated.date, dated.precision, dated.inferred) == ("2023-11", "month", True)
    assert dated_text(dated) == "November 2023 (inferred)"
    dated = ledger.dated("review:first-snow-page")
    assert (dated.date, dated.precision, dated.inferred) == ("2023-10-30", "day", False)
    assert dated_text(dated) == "30 October 2023"
    assert ledger.dated("review:crossings-almanac") is None
    assert ledger.dated("claim:crossings") is None
    with pytest.raises(UnknownId, match="did you mean first-snow"):
        ledger.dated("event:first-snw")


def test_tellings_of_one_happening_share_its_name(project):
    project.change("events", 2, happening_id="snow")
    assert project.load().event("first-snow").happening == "snow"
