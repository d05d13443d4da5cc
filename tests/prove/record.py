"""Errors in the record, for the rules of ``python -m sourcebook check``."""

from __future__ import annotations

import re
from itertools import pairwise

from prove.mutants import kind, other_digit, shuffled
from sourcebook.conflicts import contradictions
from sourcebook.derived import definitions
from sourcebook.judgements import FILE as JUDGEMENTS
from sourcebook.ledger import ANCHORED
from sourcebook.periods import days_of

EVERY_TABLE = 100  # more than there are tables: such a kind is planted in each
NOBODY = "nobody-knows"
TIME = ("second", "minute", "hour", "day", "week", "month", "year")


def with_values(source, rng, *columns):
    """Rows of every table that has these columns, drawn; the header's order is no order of a draw."""
    lines = [line for name, table in source.tables.items() if set(columns) <= set(table.columns)
             for line in source.lines(name)]  # fmt: skip
    return shuffled(rng, lines)


def one_of_each(source, rng):
    """Each table that has rows, with its rows drawn."""
    for name, table in shuffled(rng, source.tables.items()):
        if table.rows:
            yield table, shuffled(rng, source.lines(name))


# --- the schema, in every table --------------------------------------------------------------------------


def cells(source, rng, wanted, new):
    """In each table a cell of a column that is `wanted`, made `new`."""
    for table, lines in one_of_each(source, rng):
        columns = [c for c, of in table.fields.items() if wanted(table, c, of.get("constraints", {}), of["type"])]
        if columns:
            column = rng.choice(columns)
            line = next((line for line in lines if line[column]), None)
            if line:
                yield source.change(line, **{column: new(line[column])}), line.where, column


@kind("a word that the vocabulary does not have", "checks.schema", EVERY_TABLE)
def off_vocabulary(source, rng):
    return cells(source, rng, lambda t, c, limits, of: "enum" in limits, lambda value: f"{value}-or-so")


@kind("a cell that does not fit its pattern", "checks.schema", 12)
def off_pattern(source, rng):
    return cells(source, rng, lambda t, c, limits, of: "pattern" in limits, lambda value: f"? {value}")


@kind("a number that is a word", "checks.schema", EVERY_TABLE)
def no_number(source, rng):
    return cells(source, rng, lambda t, c, limits, of: of in ("number", "integer", "date"), lambda value: "many")


@kind("a cell left blank: an origin, a source, a date, a verdict …", "checks.schema", EVERY_TABLE)
def left_blank(source, rng):
    return cells(source, rng, lambda t, c, limits, of: limits.get("required") and c not in t.key, lambda value: "")


@kind("a claim's origin lost", "checks.schema")
def origin_lost(source, rng):
    for line in shuffled(rng, source.lines("claims")):
        yield source.change(line, origin_id=""), line.where, "origin_id"


@kind("an id that no row has", "checks.schema", EVERY_TABLE)
def dangling(source, rng):
    return cells(source, rng, lambda t, c, limits, of: c in dict(t.foreign), lambda value: NOBODY)


@kind("a coder's coding changed afterwards", "checks.schema", 1)
def coding_changed(source, rng):
    for line in shuffled(rng, source.lines("codings")):
        new = "implied" if line["strength"] == "explicit" else "explicit"
        yield source.change(line, strength=new), "data/codings.csv:1:", "is not the file that was handed in"


@kind("a row that stands twice", "checks.keys", EVERY_TABLE)
def row_twice(source, rng):
    for table, lines in one_of_each(source, rng):
        line = lines[0]
        row = source.text(table.path)[line.start : line.end]
        yield (source.cut(table.path, line.end, line.end, row),), f"{table.path}:", "is used twice"


@kind("two rows exchanged", "checks.keys")
def rows_exchanged(source, rng):
    for table, _ in one_of_each(source, rng):
        pairs = list(pairwise(source.lines(table.name)))
        if pairs:
            one, other = rng.choice(pairs)
            text = source.text(table.path)
            both = text[other.start : other.end] + text[one.start : one.end]
            yield (source.cut(table.path, one.start, other.end, both),), f"{table.path}:", "is out of order"


@kind("the id of another series' row", "checks.series_ids")
def id_of_another_series(source, rng):
    for line in with_values(source, rng, "row_id", "label", "source_kind"):
        other = rng.choice([t for t in source.tables.values() if t.is_series and t.name != line.table.name])
        taken = rng.choice(other.rows)["row_id"]
        yield source.change(line, row_id=taken), "data/series/", f"row id {taken!r} stands in"


@kind("a header's column renamed", "ledger.form")
def column_renamed(source, rng):
    for table, _ in one_of_each(source, rng):
        column = rng.choice(table.columns)
        text = source.text(table.path)
        at = re.search(rf"(?:^|,){column}(?=[,\n])", text.partition("\n")[0] + "\n").end() - len(column)
        yield (
            (source.cut(table.path, at, at + len(column), f"{column}s"),),
            f"{table.path}:1:",
            f"{column!r} is missing",
        )


@kind("a line that ends with CR", "files.bytes")
def carriage_return(source, rng):
    for table, lines in one_of_each(source, rng):
        line = lines[0]
        yield (source.cut(table.path, line.end - 1, line.end, "\r\n"),), f"{table.path}:", "line ends with CR"


# --- values ----------------------------------------------------------------------------------------------


@kind("a unit that is nowhere defined", "checks.units", 12)
def unit_undefined(source, rng):
    for line in with_values(source, rng, "unit"):
        if line.table.name != "units" and line["unit"]:
            yield source.change(line, unit="furlong"), line.where, "unknown unit 'furlong'"


@kind("a unit's definition broken", "checks.units")
def definition_broken(source, rng):
    for line in shuffled(rng, source.lines("units")):
        yield source.change(line, definition=f"{line['definition']}*["), line.where, line["unit"]


@kind("the two ends of a range exchanged", "checks.values")
def ends_exchanged(source, rng):
    for line in with_values(source, rng, "value_low", "value_high"):
        low, high = line["value_low"], line["value_high"]
        if low and high and float(low) < float(high):
            yield source.change(line, value_low=high, value_high=low), line.where, f"value_low {high} is above"


@kind("one end of an exact value lost", "checks.values")
def end_lost(source, rng):
    for line in with_values(source, rng, "value_low", "value_high"):
        if line["qualifier"] == "exact" and line["value_low"]:
            column = rng.choice(["value_low", "value_high"])
            yield source.change(line, **{column: ""}), line.where, "qualifier 'exact' needs one number"


@kind("a value lost", "checks.values")
def value_lost(source, rng):
    for line in with_values(source, rng, "value_low", "value_high"):
        if line.table.name == "claims" or line.table.is_series:
            yield source.change(line, value_low="", value_high=""), line.where, "has no value"


@kind("a month that no calendar has", "checks.dates")
def no_month(source, rng):
    for line in with_values(source, rng):
        columns = [c for c, cell in line.cells.items() if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", cell.value)]
        dated = [c for c in columns if re.search("date|period|reported", c)]
        if dated and "day" not in dated:
            column = rng.choice(dated)
            new = f"{line[column][:5]}13{line[column][7:]}"
            yield source.change(line, **{column: new}), line.where, f"{column} {new!r} is no date"


@kind("a period that ends before it begins", "checks.dates")
def period_turned(source, rng):
    for line in with_values(source, rng, "period_start", "period_end"):
        start, end = line["period_start"], line["period_end"]
        if start[:4] < end[:4] and start:
            yield source.change(line, period_start=end, period_end=start), line.where, f"period_start {end} is after"


@kind("a latitude lost", "checks.coordinates")
def latitude_lost(source, rng):
    for line in shuffled(rng, source.lines("places")):
        if line["lat"]:
            yield source.change(line, lat=""), line.where, "place has lon without lat"


def stated_claims(source, rng):
    """Claims whose number must stand in their quotation."""
    return [line for line in shuffled(rng, source.lines("claims")) if not line["value_note"]]


def both_ends(source, line, new):
    """Change a claim's value in the ends that have it."""
    old = line["value_low"] or line["value_high"]
    return source.change(line, **{c: new for c in ("value_low", "value_high") if line[c] == old})


@kind("a digit of a claim's value", "checks.values_in_quotes", 20)
def digit_of_claim(source, rng):
    for line in stated_claims(source, rng):
        new = other_digit(line["value_low"] or line["value_high"], rng)
        yield both_ends(source, line, new), line.where, f"{new} is not in the quote"


@kind("million for billion", "checks.values_in_quotes")
def million_for_billion(source, rng):
    for line in stated_claims(source, rng):
        value = float(line["value_low"] or line["value_high"])
        if value >= 1_000_000:
            yield both_ends(source, line, f"{value / 1000:g}"), line.where, "is not in the quote"


@kind("a sign turned", "checks.values_in_quotes")
def sign_turned(source, rng):
    for line in stated_claims(source, rng):
        new = f"-{line['value_low'] or line['value_high']}"
        yield both_ends(source, line, new), line.where, f"{new} is not in the quote"


# --- quotations ------------------------------------------------------------------------------------------


def quoting(source, rng):
    """Rows that quote a document, of each table in turn."""
    rows = [[line for line in shuffled(rng, source.lines(name)) if line["quote"]] for name in ANCHORED]
    return [line for drawn in zip(*rows, strict=False) for line in drawn]


@kind("a quotation lengthened", "checks.quote_length")
def quote_lengthened(source, rng):
    for line in quoting(source, rng):
        yield source.change(line, quote=f"{line['quote']}{' and so on' * 5}"), line.where, "are allowed"


@kind("a quotation cut short", "checks.quote_length")
def quote_cut(source, rng):
    for line in quoting(source, rng):
        if line.table.name in ("claims", "events", "citations"):
            short = " ".join(line["quote"].split()[:3])
            yield source.change(line, quote=short), line.where, "quote has 3 words"


UNANCHORED = "digest does not fit source, offsets and quote"


@kind("a digit or letter of a quotation", "checks.anchors", 18)
def quote_altered(source, rng):
    for line in quoting(source, rng):
        quote = line["quote"]
        new = other_digit(quote, rng)
        if new == quote:
            at = rng.choice([i for i, c in enumerate(quote) if c.isalpha()])
            new = quote[:at] + ("x" if quote[at] != "x" else "y") + quote[at + 1 :]
        yield source.change(line, quote=new), line.where, UNANCHORED


@kind("a source's id exchanged", "checks.anchors", 12)
def source_exchanged(source, rng):
    known = sorted(row["source_id"] for row in source.tables["sources"].rows)
    for line in quoting(source, rng):
        new = rng.choice([key for key in known if key != line["source_id"]])
        yield source.change(line, source_id=new), line.where, UNANCHORED


@kind("an offset moved", "checks.anchors")
def offset_moved(source, rng):
    for line in quoting(source, rng):
        yield source.change(line, start=str(int(line["start"]) + 1)), line.where, UNANCHORED


@kind("a passage that is not the quotation's", "checks.passages")
def passage_altered(source, rng):
    for line in with_values(source, rng, "passage", "quote"):
        new = line["passage"].replace("e", "a", 1) if line["passage"] else f"{line['quote']} too"
        if new != line["passage"]:
            yield source.change(line, passage=new), line.where, "is not another shape of the quote"


@kind("a quotation that gives half a text back", "checks.quotation_limits", needs_texts=True)
def quoted_too_much(source, rng):
    for line in quoting(source, rng):
        end = str(int(line["end"]) + 1000)
        yield source.change(line, end=end), "data/claims.csv:1:", f"words of {line['source_id']} in one run"


@kind("another text than the one that was coded", "checks.seeds", needs_texts=True)
def other_text(source, rng):
    for line in shuffled(rng, source.lines("sources")):
        yield source.change(line, sha256=other_digit(line["sha256"], rng)), line.where, "is altered"


@kind("a text's number of words", "checks.seeds", needs_texts=True)
def other_words(source, rng):
    for line in shuffled(rng, source.lines("sources")):
        yield source.change(line, words=other_digit(line["words"], rng)), line.where, "words of"


# --- census, events, whom a claim is about ---------------------------------------------------------------


@kind("a number of a text left out of the census", "checks.census_complete", needs_texts=True)
def uncounted(source, rng):
    for line in shuffled(rng, source.lines("census")):
        yield source.drop(line), "data/census.csv:", f" at {line['start']} unclassified"


@kind("a number of a text misread in the census", "checks.census_complete", needs_texts=True)
def miscounted(source, rng):
    for line in shuffled(rng, source.lines("census")):
        new = other_digit(line["text"], rng)
        if new != line["text"]:
            yield source.change(line, text=new), line.where, f"the census {new!r}"


@kind("a reason of the census lost", "checks.census_rows")
def census_reason(source, rng):
    for line in shuffled(rng, source.lines("census")):
        if line["reason"] and line["class"] not in ("claim", "event"):
            yield source.change(line, reason=""), line.where, "without a reason"


@kind("a claim of another document in the census", "checks.census_rows")
def census_claim(source, rng):
    owners = {row["claim_id"]: row["source_id"] for row in source.tables["claims"].rows}
    for line in shuffled(rng, source.lines("census")):
        if line["class"] == "claim":
            other = rng.choice([key for key, owner in owners.items() if owner != line["source_id"]])
            yield source.change(line, claim_id=other), line.where, f"claim {other!r} is of"


def is_date(stamp):
    """Whether a date is one of the calendar: the rule on dates has the others."""
    try:
        return bool(days_of(stamp))
    except ValueError:
        return False


@kind("a digit of an event's date", "checks.event_dates", 12)
def event_date(source, rng):
    for line in shuffled(rng, source.lines("events")):
        new = other_digit(line["date"], rng)
        if line["inferred"] == "false" and is_date(new):
            yield source.change(line, date=new), line.where, f"date {new} is stated, but"


@kind("the reason of an inferred date lost", "checks.event_dates")
def event_reason(source, rng):
    for line in shuffled(rng, source.lines("events")):
        if line["inferred"] == "true":
            yield source.change(line, note=""), line.where, "is inferred without a reason"


@kind("a date's precision", "checks.event_precision")
def event_precision(source, rng):
    for line in shuffled(rng, source.lines("events")):
        new = rng.choice([p for p in ("day", "month", "year") if p != line["precision"]])
        yield source.change(line, precision=new), line.where, f"is not of precision {new}"


@kind("whoever took part in an event lost", "checks.event_precision")
def event_actors(source, rng):
    joined = source.lines("event_actors")
    for line in shuffled(rng, source.lines("events")):
        dropped = source.drop(*(row for row in joined if row["event_id"] == line["event_id"]))
        yield dropped, line.where, "has no actor"


@kind("whom a claim is about lost", "checks.claim_actors")
def claim_actor(source, rng):
    actors = {row["actor_id"]: row for row in source.tables["actors"].rows}
    lines = {line["claim_id"]: line for line in source.lines("claims")}
    joins = source.lines("claim_actors")
    for joined in shuffled(rng, joins):
        claim, actor = lines[joined["claim_id"]], actors[joined["actor_id"]]
        if claim["subject"] == actor["name"]:
            either = (actor["actor_id"], actor["belongs_to"])  # whoever acts for a power may stand under it
            lost = [row for row in joins if row["claim_id"] == claim["claim_id"] and row["actor_id"] in either]
            yield source.drop(*lost), claim.where, f"is about {actor['name']}, and not joined to it"


# --- sentences and stances -------------------------------------------------------------------------------


@kind("a sentence of a text left out", "checks.sentences", needs_texts=True)
def sentence_lost(source, rng):
    for line in shuffled(rng, source.lines("sentences")):
        if line["kind"] == "sentence":
            yield source.drop(line), "data/sentences.csv:", f"{line['source_id']} has words in no segment"


@kind("a sentence that is called something else", "checks.sentences")
def sentence_kind(source, rng):
    for line in shuffled(rng, source.lines("sentences")):
        if line["kind"] == "sentence":
            yield source.change(line, kind="matter"), line.where, "segment of kind 'matter' with sentence_id"


@kind("a stance of somebody who is not coded", "checks.stance_rows")
def stance_actor(source, rng):
    for line in with_values(source, rng, "actor_a", "relation"):
        yield source.change(line, actor_a="csrs"), line.where, "is none of the codebook"


@kind("a relation of two in the stance of one, or the reverse", "checks.stance_rows")
def stance_relation(source, rng):
    for line in with_values(source, rng, "actor_a", "relation"):
        new = "wants" if line["actor_b"] else "converges"
        yield source.change(line, relation=new), line.where, f"relation {new!r} is not one of"


@kind("a stance turned round", "checks.adjudicated", 12)
def stance_turned(source, rng):
    settled = {row["adjudication_id"] for row in source.tables["adjudications"].rows}
    turned = {"converges": "diverges", "diverges": "converges", "wants": "opposes", "opposes": "supports"}
    for line in shuffled(rng, source.lines("stances")):
        if line["stance_id"] not in settled and line["relation"] in turned:
            new = turned[line["relation"]]
            yield source.change(line, relation=new), line.where, "the record is not what both coders found"


@kind("the reason of a settled disagreement lost", "checks.adjudicated")
def adjudication_lost(source, rng):
    for line in shuffled(rng, source.lines("adjudications")):
        yield source.drop(line), "data/stances.csv:", f"{line['adjudication_id']}: the record is not what both"


# --- what belongs together -------------------------------------------------------------------------------


@kind("a unit changed", "checks.question_units", 12)
def unit_changed(source, rng):
    for line in shuffled(rng, source.lines("claims")):
        new = "km" if line["unit"] in TIME else "day"
        yield source.change(line, unit=new), line.where, f"unit {new!r} cannot be compared"


@kind("a review's address lost", "checks.evidence")
def address_lost(source, rng):
    for line in shuffled(rng, source.lines("reviews")):
        if line["verdict"] != "not_found":
            yield source.change(line, url=""), line.where, "review has no url"


@kind("a review of two things", "checks.evidence")
def two_things(source, rng):
    for line in shuffled(rng, source.lines("reviews")):
        if line["claim_id"]:
            event = rng.choice(source.tables["events"].rows)["event_id"]
            yield source.change(line, event_id=event), line.where, "review names no claim or event, or both"


@kind("a review's number that no longer confirms", "checks.verdicts", 12)
def review_number(source, rng):
    for line in shuffled(rng, source.lines("reviews")):
        claim = source.ledger.claims.get(line["claim_id"])
        review = source.ledger.reviews[line["review_id"]]
        if claim and line["verdict"].startswith("confirms") and review.figure and claim.stated.qualifier == "exact":
            low = line["value_low"]
            if low and low == line["value_high"] and line["unit"] == claim.stated.unit and line["qualifier"] == "exact":
                new = other_digit(low, rng)
                told = f"{line['review_id']} confirms {line['claim_id']}, which its value does not meet"
                yield source.change(line, value_low=new, value_high=new), line.where, told


@kind("a review's date that no longer confirms", "checks.verdicts")
def review_date(source, rng):
    for line in shuffled(rng, source.lines("reviews")):
        event = source.ledger.events.get(line["event_id"])
        if event and line["verdict"].startswith("confirms") and re.fullmatch(r"\d{4}(-\d\d){0,2}", line["value"]):
            new = f"{int(line['value'][:4]) + 3}{line['value'][4:]}"
            yield source.change(line, value=new), line.where, "which its value does not meet"


@kind("two words of the scale of ratings exchanged", "checks.ratings", 3)
def ratings_exchanged(source, rng):
    for one, other in shuffled(rng, pairwise(source.lines("ratings"))):
        exchanged = (*source.change(one, rating=other["rating"]), *source.change(other, rating=one["rating"]))
        yield exchanged, "data/ratings.csv:1:", "ratings run"


@kind("a reply to nothing", "checks.replies", 3)
def reply_to_nothing(source, rng):
    for claim in shuffled(rng, source.tables["claims"].rows):
        about = f"claim:{claim['claim_id']}-too"
        row = {"reply_id": "one", "date": "2026-11-01", "author": "An author", "about": about, "words": "No."}
        yield source.add("replies", **row), "data/replies.csv:", f"{about!r} is neither a record nor a page"


@kind("the reason of a rejected lead lost", "checks.leads")
def lead_reason(source, rng):
    for line in shuffled(rng, source.lines("leads")):
        if line["reason"]:
            yield source.change(line, reason=""), line.where, "neither used nor rejected"


@kind("a lead to a row that is not there", "checks.leads")
def lead_row(source, rng):
    for line in shuffled(rng, source.lines("leads")):
        if line["row_id"]:
            yield source.change(line, row_id=NOBODY), line.where, f"no series has the row {NOBODY!r}"


@kind("whose statistics a figure of trade is from lost", "checks.one_side")
def reporter_lost(source, rng):
    for line in shuffled(rng, source.lines("trade")):
        yield source.change(line, reporter="", note=""), line.where, "does not say whose statistics"


@kind("a contradiction without its parties", "checks.conflict_rows")
def parties_lost(source, rng):
    parties = source.lines("conflict_parties")
    for line in shuffled(rng, source.lines("conflicts")):
        dropped = source.drop(*(row for row in parties if row["conflict_id"] == line["conflict_id"]))
        yield dropped, line.where, "has no party"


@kind("a party of a contradiction that is two things", "checks.conflict_rows")
def party_doubled(source, rng):
    for line in shuffled(rng, source.lines("conflict_parties")):
        if line["quote"]:
            claim = rng.choice(source.tables["claims"].rows)["claim_id"]
            yield source.change(line, claim_id=claim), line.where, "is 1 records and a quotation"


@kind("a contradiction that is not marked", "checks.conflicts_complete", 20)
def unmarked(source, rng):
    by_party = {}
    for line in source.lines("conflict_parties"):
        for kind_ in ("claim", "event", "review", "citation"):
            if line[f"{kind_}_id"]:
                by_party.setdefault((kind_, line[f"{kind_}_id"]), []).append(line)
    for found in shuffled(rng, contradictions(source.ledger)):
        party = rng.choice(found.parties)
        yield source.drop(*by_party[party]), "data/conflicts.csv:1:", found.what


@kind("the side of a party lost", "checks.sides")
def side_lost(source, rng):
    documents = {}
    for conflict in source.ledger.conflicts.values():
        said = [party for party in conflict.parties if party.kind != "review"]
        documents[conflict.conflict_id] = {source.ledger.anchor_of(party).source_id for party in said}
    kinds = {row["conflict_id"]: row["kind"] for row in source.tables["conflicts"].rows}
    for line in shuffled(rng, source.lines("conflict_parties")):
        key = line["conflict_id"]
        if line["side"] and not line["review_id"] and kinds[key] == "between" and len(documents[key]) > 2:
            yield source.change(line, side=""), "data/conflicts.csv:", f"conflict {key!r} has"


# --- judgements ------------------------------------------------------------------------------------------


def in_judgements(source, rng, pattern, new, told):
    """Change what a pattern's first group finds in the judgements; the problem stands in the line of it."""
    text = source.text(JUDGEMENTS)
    for match in shuffled(rng, re.finditer(pattern, text, re.MULTILINE)):
        splice = source.cut(JUDGEMENTS, match.start(1), match.end(1), new(match[1]))
        yield (splice,), f"{JUDGEMENTS}:{splice.line}:", told


@kind("a word that the scale does not have", "checks.judgements")
def off_scale(source, rng):
    return in_judgements(source, rng, r"^  (?:likelihood|confidence): (.+)$", lambda w: f"quite {w}", "is no word of")


@kind("a range of likelihood turned round", "checks.judgements", 3)
def likelihood_turned(source, rng):
    for line in shuffled(rng, source.lines("likelihoods")):
        turned = source.change(line, percent_low=line["percent_high"], percent_high=line["percent_low"])
        yield turned, line.where, f"percent_low {line['percent_high']} is above"


@kind("evidence that leads nowhere", "checks.judgement_evidence", 12)
def evidence_lost(source, rng):
    return in_judgements(source, rng, r"^        - (\w+:\S+)$", lambda ref: f"{ref}-too", "leads nowhere")


@kind("evidence on both sides", "checks.judgement_evidence")
def evidence_doubled(source, rng):
    text = source.text(JUDGEMENTS)
    for match in shuffled(
        rng, re.finditer(r"  evidence_for:\n(.*?)  evidence_against:\n(.*?)^  \w", text, re.S | re.M)
    ):
        pro, con = (list(re.finditer(r"^        - (\w+:\S+)$", match[side], re.MULTILINE)) for side in (1, 2))
        if pro and con:
            one, other = rng.choice(pro), rng.choice(con)
            at = match.start(2) + other.start(1)
            yield (
                (source.cut(JUDGEMENTS, at, at + len(other[1]), one[1]),),
                f"{JUDGEMENTS}:",
                f"has {one[1]} both for and",
            )


@kind("a judgement's chapter that is no page", "checks.judgement_chapters")
def chapter_lost(source, rng):
    return in_judgements(
        source, rng, r"^  chapter: (.+)$", lambda page: f"{page}s", "no page of the contents has the id"
    )


@kind("a row lost that a formula needs", "checks.derived_values")
def input_lost(source, rng):
    needed = {i for d in definitions().values() for i in d.inputs}
    for line in with_values(source, rng, "value_low", "unit"):
        key = (
            line["claim_id"]
            if line.table.name == "claims"
            else line.cells["row_id"].value
            if line.table.is_series
            else ""
        )
        if f"{'claim' if line.table.name == 'claims' else 'series'}:{key}" in needed:
            yield source.drop(line), "src/sourcebook/derivations:1:", "fails"


# --- what a document needs in the book ----------------------------------------------------------------------


@kind("a cell that a spreadsheet would run", "checks.inert_cells")
def formula(source, rng):
    for line in with_values(source, rng, "note"):
        if line["note"]:
            yield source.change(line, note=f"=1+{line['note']}"), line.where, "note begins with '='"


@kind("a document not asked about an attack", "checks.tellings_complete")
def telling_lost(source, rng):
    for line in shuffled(rng, source.lines("tellings")):
        where = f"{line.table.path}:1"
        yield source.drop(line), where, f"{line['source_id']} has no row on 1 of"


@kind("another number of documents in words", "checks.document_counts")
def documents_miscounted(source, rng):
    path = "seeds/README.md"
    for match in re.finditer(r"\bfive (?=documents)", source.text(path)):
        splice = source.cut(path, match.start(), match.end(), rng.choice(["four ", "six ", "seven "]))
        yield (splice,), f"{path}:{splice.line}", "and the record has"


@kind("a page of a document left out of the contents", "checks.document_pages")
def document_out_of_contents(source, rng):
    path = "_toc.yml"
    found = list(re.finditer(r"^ *- file: ((?:seeds/|book/record-)[a-z]+-\d{4})\n", source.text(path), re.MULTILINE))
    for match in shuffled(rng, found):
        lines = source.text(path).count("\n") - 1
        yield (
            (source.cut(path, match.start(), match.end(), ""),),
            f"{path}:{lines}",
            f"{match[1]} is not in the contents",
        )
