"""The way of a correction or a reply: its table, and the forms that ask for it."""

from __future__ import annotations

import pytest
import yaml

from sourcebook import checks
from sourcebook.ledger import Ledger
from sourcebook.paths import ROOT

FORMS = ROOT / ".github/ISSUE_TEMPLATE"
TYPES = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


@pytest.mark.parametrize("about", ["claim:crossings", "event:first-snow", "conflict:rowed-or-walked", "book/ferry"])
def test_a_reply_is_about_a_record_or_a_page(project, about):
    project.add("conflicts")
    (project.root / "book").mkdir()
    (project.root / "book/ferry.md").write_text("# Ferry\n", encoding="utf-8")
    project.write("replies", [reply(about=about)])
    assert project.problems(checks.replies) == []


@pytest.mark.parametrize("about", ["claim:no-such", "crossings", "book/no-such", "derived:x"])
def test_a_reply_about_nothing_is_reported(project, about):
    project.write("replies", [reply(about=about)])
    (problem,) = project.problems(checks.replies)
    assert (problem.path, problem.line) == ("data/replies.csv", 2)
    assert problem.what == f"{about!r} is neither a record nor a page"
    assert problem.todo.endswith("conflict:id, or book/page")


def test_a_reply_keeps_the_schema(project):
    wrong = [{}, {"source_id": "no-such"}, {"date": "soon"}, {"url": "example.org"}, {"answer": ""}]
    project.write("replies", [reply(reply_id=f"reply-{n}", **cells) for n, cells in enumerate(wrong)])
    told = {problem.line: problem.what for problem in project.problems(checks.schema)}
    assert sorted(told) == [3, 4, 5, 6]
    assert ["no-such" in told[3], "soon" in told[4], "example.org" in told[5], "answer" in told[6]] == [True] * 4


def reply(**cells):
    return {
        "reply_id": "one", "date": "2024-06-01", "source_id": "harbour-2024", "author": "Harbour Press",
        "about": "claim:crossings", "words": "It is right.", "answer": "It stands.", "url": "",
    } | cells  # fmt: skip


# --- the forms ----------------------------------------------------------------------------------------------


def faults(form):
    """What keeps a file from being an issue form."""
    wrong = [key for key in ("name", "description", "body") if not form.get(key)]
    fields = form.get("body") or []
    wrong += [f"type {field.get('type')}" for field in fields if field.get("type") not in TYPES]
    ids = [field.get("id") for field in fields if field.get("type") != "markdown"]
    wrong += [f"id {key}" for key in ids if not key or ids.count(key) > 1]
    for field in fields:
        attributes = field.get("attributes") or {}
        wanted = "value" if field.get("type") == "markdown" else "label"
        if not attributes.get(wanted):
            wrong.append(f"{field.get('id')} has no {wanted}")
        if field.get("type") in ("dropdown", "checkboxes") and not attributes.get("options"):
            wrong.append(f"{field.get('id')} has no options")
    return wrong


def read(name):
    return yaml.safe_load((FORMS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["correction.yml", "reply.yml"])
def test_a_form_is_one(name):
    assert faults(read(name)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda form: form.pop("description"), "description"),
        (lambda form: form["body"][0].update(type="text"), "type text"),
        (lambda form: form["body"][1].update(id="record"), "id record"),
        (lambda form: form["body"][0]["attributes"].pop("label"), "record has no label"),
    ],
)
def test_a_form_that_is_none_is_found_out(change, told):
    form = read("correction.yml")
    change(form)
    assert told in faults(form)


def test_the_forms_ask_for_what_the_links_fill_and_the_table_holds():
    assert "record" in [field.get("id") for field in read("correction.yml")["body"]]
    reply = {field["id"]: field for field in read("reply.yml")["body"] if "id" in field}
    assert {"author", "document", "record", "words", "url"} <= set(reply)
    options = reply["document"]["attributes"]["options"]
    assert options[:-1] == sorted(Ledger.load().sources)


def test_the_chooser_is_set_up():
    assert read("config.yml") == {"blank_issues_enabled": True, "contact_links": []}
