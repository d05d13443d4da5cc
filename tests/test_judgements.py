"""Reading the judgements, with every problem in its place, and what their accounts must keep."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from invented import JUDGEMENTS
from sourcebook import accounts, checks
from sourcebook.errors import LedgerError, UnknownId
from sourcebook.judgements import EVIDENCE_KEYS, FILE, KEYS, read_judgements
from sourcebook.models import Evidence, Judgement, Passage
from sourcebook.paths import ROOT


def said(project, *rules):
    """Each problem as line and what is wrong; without rules, those of form alone."""
    found = project.problems(*rules) if rules else read_judgements(project.root)[1]
    assert {p.path for p in found} <= {FILE}
    return [(p.line, p.what) for p in sorted(found)]


def add_judgements(project, *ids):
    copies = [JUDGEMENTS.replace("ferry-slows", key) for key in ids]
    project.judgements.write_text(JUDGEMENTS + "".join(copies), encoding="utf-8")


# --- reading ----------------------------------------------------------------------------------------------


def test_a_judgement_is_read_whole_and_each_text_with_its_line(project):
    (judgement,), problems = read_judgements(project.root)
    assert problems == []
    assert judgement == Judgement(
        judgement_id=Passage("ferry-slows", 1),
        title=Passage("The ferry slows", 2),
        statement=Passage("The ferry likely crosses less often than the office says.", 3),
        likelihood=Passage("likely", 4),
        confidence=Passage("moderate", 5),
        confidence_why=Passage("The office counts for itself.", 7),
        evidence_for=(
            Evidence(Passage("An almanac has another number.", 9), (Passage("review:crossings-almanac", 10),)),
            Evidence(Passage("The crew rows.", 11), (Passage("claim:coast-row", 13), Passage("event:first-snow", 14))),
        ),
        evidence_against=(Evidence(Passage("The office keeps a ledger.", 16), (Passage("claim:crossings", 17),)),),
        assumptions=(Passage("The ledger is whole.", 19),),
        would_change=(Passage("A second ledger.", 21),),
        chapter=Passage("book/ferry", 22),
    )


def test_the_ledger_holds_the_judgements_in_their_order_and_the_two_scales(project):
    add_judgements(project, "a-later-one")
    ledger = project.load()
    assert list(ledger.judgements) == ["ferry-slows", "a-later-one"]
    assert ledger.judgement("ferry-slows").likelihood.text == "likely"
    assert ledger.likelihood("likely").range == "55–75 percent"
    assert (ledger.confidence("high").origins, ledger.confidence("high").settled) == (2, True)
    with pytest.raises(UnknownId, match="no judgement has the id 'ferry-slow'; did you mean ferry-slows"):
        ledger.judgement("ferry-slow")


def test_every_key_of_a_judgement_is_a_field_of_the_record():
    names = {field.name for field in fields(Judgement)}
    assert {key.replace("id", "judgement_id") if key == "id" else key for key in KEYS} - {"against_none"} == names
    assert {field.name for field in fields(Evidence)} == set(EVIDENCE_KEYS)


def test_that_nothing_speaks_against_it_is_said_in_so_many_words(project):
    against = re.search(r"  evidence_against:\n.*\n.*\n", JUDGEMENTS)[0]
    project.change_judgements(against, "  against_none: true\n")
    (judgement,), problems = read_judgements(project.root)
    assert (judgement.evidence_against, problems) == ((), [])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("  title: The ferry slows\n", "", [(1, "title is missing")]),
        ("  title: The ferry slows\n", "  title:\n", [(2, "title is empty")]),
        ("title: The ferry slows", "title: 2024", [(2, "title is no text")]),
        ("title: The ferry slows", "title: [The ferry]", [(2, "title is no text")]),
        ("title: The ferry slows", "title: The ferry #2 slows", [(2, "title ends before a #")]),
        ("  title:", "  titel:", [(1, "title is missing"), (2, "a judgement has no key 'titel'")]),
        ("likelihood: likely", "likelihood: likely\n  likelihood: likely", [(5, "likelihood stands twice")]),
        (">-\n    The office counts for itself.", ">-", [(6, "confidence_why is empty")]),
        ("\n    - The ledger is whole.", " []", [(18, "assumptions is empty")]),
        ("\n    - The ledger is whole.", " The ledger is whole.", [(18, "assumptions is no list")]),
        ("    - A second ledger.", "    -", [(21, "would_change is empty")]),
        ("      refs: [claim:crossings]\n", "", [(16, "refs is missing")]),
        ("refs: [claim:crossings]", "refs: []", [(17, "refs is empty")]),
        ("refs: [claim:crossings]", "refs: claim:crossings", [(17, "refs is no list")]),
        ("refs: [claim:crossings]", "refs: [{claim: crossings}]", [(17, "refs is no text")]),
        ("    - text: The crew rows.", "    - words: The crew rows.",
         [(11, "an item of evidence_for has no key 'words'"), (11, "text is missing")]),
        ("  chapter: book/ferry", "  against_none: false\n  chapter: book/ferry",
         [(22, "against_none is not true"), (22, "against_none stands beside evidence_against")]),
        ("  evidence_against:\n    - text: The office keeps a ledger.\n      refs: [claim:crossings]\n", "",
         [(1, "evidence_against is missing")]),
        ("\n    - text: The office keeps a ledger.\n      refs: [claim:crossings]\n", " []\n",
         [(15, "evidence_against is empty")]),
        ("\n    - text: The office keeps a ledger.\n      refs: [claim:crossings]\n", " [none]\n",
         [(15, "an item of evidence_against is no mapping")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_form_is_told_in_its_place(project, old, new, found):
    project.change_judgements(old, new)
    assert said(project) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", (1, "is empty")),
        ("# only a comment\n", (1, "is empty")),
        ("id: ferry-slows\n", (1, "the file is no list")),
        ("[]\n", (1, "the file is empty")),
        ("- ferry-slows\n", (1, "a judgement is no mapping")),
        ("- id: a\n  title: one: two\n", (2, "is no YAML (mapping values are not allowed here)")),
        ("- id: a\n  title: {claim}`2 boats <boats>`\n", (2, "is no YAML (found character '`' that cannot start any")),
        ("- id: a\n  title: \u0007\n", (2, "is no YAML (special characters are not allowed)")),
        ("- id: a\n---\n- id: b\n", (2, "is no YAML (but found another document)")),
    ],
)
def test_a_file_that_holds_no_judgements_is_refused(project, text, found):
    project.judgements.write_text(text, encoding="utf-8")
    ((line, what), *_) = said(project)
    assert (line, what[: len(found[1])]) == found
    with pytest.raises(LedgerError, match=rf"{FILE}:{line}: "):
        project.load()


def test_a_missing_file_is_a_problem_of_the_load_and_of_the_check(project, no_derivations):
    project.judgements.unlink()
    with pytest.raises(LedgerError, match=f"{FILE}:1: file is missing"):
        project.load()
    assert [(p.path, p.what) for p in checks.run(project.root).problems] == [(FILE, "file is missing")]


def test_a_file_that_is_not_utf8_is_refused(project):
    project.judgements.write_bytes(b"- id: a\n  title: Caf\xe9\n")
    assert said(project) == [(2, "is not UTF-8")]


def test_problems_of_form_and_of_substance_are_told_at_once(project, no_derivations):
    project.change_judgements("  title: The ferry slows\n", "")
    project.change_judgements("likelihood: likely", "likelihood: doubtless")
    project.change_judgements("claim:coast-row", "claim:nowhere")
    told = [(p.line, p.what) for p in checks.run(project.root).problems]
    assert told == [
        (1, "title is missing"),
        (3, "likelihood 'doubtless' is no word of the scale"),
        (12, "evidence of ferry-slows leads nowhere: no claim has the id 'nowhere'"),
    ]


def test_a_problem_names_file_line_and_what_to_do(project):
    project.change_judgements("\n    - The ledger is whole.", " []")
    assert [str(p) for p in read_judgements(project.root)[1]] == [
        "data/judgements.yml:18: assumptions is empty: fill it"
    ]


# --- the judgements by themselves -------------------------------------------------------------------------


def test_more_than_eight_are_too_many(project):
    add_judgements(project, *(f"copy-{i}" for i in range(7)))
    assert said(project, checks.judgements) == []
    add_judgements(project, *(f"copy-{i}" for i in range(9)))
    assert [what for _, what in said(project, checks.judgements)] == [
        f"copy-{i} is one judgement too many, 8 are allowed" for i in (7, 8)
    ]


def test_an_id_is_used_once_and_is_readable(project):
    add_judgements(project, "ferry-slows", "Ferry Slows")
    assert said(project, checks.judgements) == [
        (23, "id 'ferry-slows' is used twice (also on line 1)"),
        (45, "id 'Ferry Slows' is no readable id"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("likelihood: likely", "likelihood: Likely", (4, "likelihood 'Likely' is no word of the scale")),
        ("confidence: moderate", "confidence: medium", (5, "confidence 'medium' is no word of the scale")),
    ],
)
def test_the_scales_are_closed(project, old, new, found):
    project.change_judgements(old, new)
    assert said(project, checks.judgements) == [found]


def test_a_range_of_the_scale_that_runs_backwards_is_told(project):
    row = next(i for i, r in enumerate(project.rows("likelihoods"), start=2) if r["word"] == "likely")
    project.change("likelihoods", row, percent_low="80")
    (problem,) = project.problems(checks.judgements)
    assert (problem.path, problem.line) == ("data/likelihoods.csv", row)
    assert problem.what == "percent_low 80 is above percent_high 75"


# --- the evidence -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("claim:nowhere", "no claim has the id 'nowhere'"),
        ("event:nowhere", "no event has the id 'nowhere'"),
        ("stance:nowhere", "no stance has the id 'nowhere'"),
        ("review:nowhere", "no review has the id 'nowhere'"),
        ("series:nowhere", "no series row has the id 'nowhere'"),
        ("derived:nowhere", "no derived value has the id 'nowhere'"),
        ("conflict:nowhere", "no conflict has the id 'nowhere'"),
        ("clam:coast-row", "no kind of evidence has the id 'clam'; did you mean claim"),
        ("coast-row", "no kind of evidence has the id 'coast-row'"),
    ],
)
def test_evidence_that_leads_nowhere_is_told(project, reference, told):
    project.change_judgements("claim:coast-row", reference)
    ((line, what),) = said(project, checks.judgement_evidence)
    assert line == 13
    assert what.startswith(f"evidence of ferry-slows leads nowhere: {told}")


def test_every_kind_of_evidence_can_lead_somewhere(project):
    project.add("conflicts")
    references = ("stance:harbour-2024-s004-china", "series:meetings-pilots", "conflict:rowed-or-walked")
    for reference in references:
        project.change_judgements("        - event:first-snow", f"        - event:first-snow\n        - {reference}")
    assert said(project, checks.judgement_evidence) == []


def test_one_record_cannot_speak_for_and_against(project):
    project.change_judgements("refs: [claim:crossings]", "refs: [claim:crossings, claim:coast-row]")
    what = "ferry-slows has claim:coast-row both for and against it"
    assert said(project, checks.judgement_evidence) == [(13, what)]


def high(project):
    project.change_judgements("confidence: moderate", "confidence: high")


LOW_ORIGINS = (5, "ferry-slows has high confidence on 1 of 2 known origins, and no review confirms one")


def test_high_confidence_needs_two_known_origins_or_a_review_that_confirms(project):
    high(project)
    assert said(project, checks.judgement_evidence) == [LOW_ORIGINS]


def test_two_known_origins_bear_high_confidence_and_an_unknown_one_does_not(project):
    high(project)
    project.write("origins", [project.make("origins"), project.make("origins", origin_id="keeper", name="Keeper")])
    project.change_judgements("        - claim:coast-row", "        - claim:coast-row\n        - claim:keeper-walk")
    assert said(project, checks.judgement_evidence) == [LOW_ORIGINS]
    project.change("claims", 4, origin_id="keeper")
    assert said(project, checks.judgement_evidence) == []
    project.change("claims", 4, origin_id="unknown")
    assert said(project, checks.judgement_evidence) == [LOW_ORIGINS]


@pytest.mark.parametrize("verdict", ["confirms", "confirms_other_origin"])
def test_a_review_that_confirms_bears_high_confidence(project, verdict):
    high(project)
    project.change("reviews", 2, verdict=verdict)
    assert said(project, checks.judgement_evidence) == []


def test_a_review_of_evidence_counts_though_the_account_does_not_name_it(project):
    high(project)
    project.change_judgements("[review:crossings-almanac]", "[claim:repair-time]")
    assert said(project, checks.judgement_evidence) == [LOW_ORIGINS]
    project.change("reviews", 2, verdict="confirms", claim_id="coast-row")
    assert said(project, checks.judgement_evidence) == []


def test_claims_behind_a_derived_value_count_as_evidence(book):
    judgement = book.judgement("china-lead-unproven")
    evidence = Evidence(Passage("", 1), (Passage("derived:china-meetings-ratio", 1),))
    behind = accounts.stated_evidence(replace(judgement, evidence_for=(evidence,)), book)
    assert behind == ("claim:china-meetings", "claim:meetings-total")
    assert accounts.known_origins(behind, book) == {book.claims["china-meetings"].origin_id}


@pytest.mark.parametrize(
    ("cells", "weighed", "found"),
    [
        ({"severity": "finding"}, False, True),
        ({"severity": "finding"}, True, False),
        ({"severity": "trust"}, False, False),
        ({"severity": "finding", "used": "57 miles"}, False, False),
    ],
)
def test_high_confidence_leaves_no_finding_in_conflict_that_the_account_does_not_weigh(project, cells, weighed, found):
    high(project)
    project.change("reviews", 2, verdict="confirms")
    project.add("conflicts", **cells)
    project.add("conflict_parties")
    if weighed:
        project.change_judgements("[claim:crossings]", "[claim:crossings, conflict:rowed-or-walked]")
    what = "ferry-slows has high confidence while rowed-or-walked is open"
    assert said(project, checks.judgement_evidence) == ([(5, what)] if found else [])


def test_less_than_high_confidence_asks_for_none_of_it(project):
    project.add("conflicts", severity="finding")
    project.add("conflict_parties")
    assert said(project, checks.judgement_evidence) == []


# --- the chapter ------------------------------------------------------------------------------------------


def test_a_page_at_any_depth_of_the_contents_can_be_the_chapter(project):
    (project.root / "_toc.yml").write_text(
        "root: index\nparts:\n  - chapters:\n      - file: a\n        sections:\n          - file: book/ferry\n"
    )
    assert said(project, checks.judgement_chapters) == []


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (None, "_toc.yml:1", "file is missing"),
        ("root: index\n parts: [", "_toc.yml:2", "cannot be read (ScannerError)"),
    ],
)
def test_contents_that_cannot_be_read_are_told(project, text, place, what):
    path = project.root / "_toc.yml"
    path.unlink() if text is None else path.write_text(text)
    assert [(f"{p.path}:{p.line}", p.what) for p in project.problems(checks.judgement_chapters)] == [(place, what)]


# --- the book's own ---------------------------------------------------------------------------------------


def test_the_readme_defines_every_key_of_a_judgement():
    readme = (ROOT / "data/README.md").read_text(encoding="utf-8")
    part = readme[readme.index(f"### `{FILE}`") :].split("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) == [*KEYS, *EVIDENCE_KEYS]


def test_the_scale_of_likelihood_is_the_published_one(book):
    found = {(w.percent_low, w.percent_high): w.order for w in book.likelihoods.values()}
    assert found == {(0, 5): 1, (10, 20): 2, (25, 35): 3, (40, 50): 4, (55, 75): 5, (80, 90): 6, (95, 100): 7}
    assert sorted(book.confidences, key=lambda level: book.confidences[level].order) == ["high", "moderate", "low"]
