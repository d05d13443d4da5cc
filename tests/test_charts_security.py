"""What the charts on attacks, fighters, camps and groups draw, recomputed from the CSV files."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from drawn_figures import LEDGER, assert_same, figures_of
from sourcebook.attacks import said, short_name
from sourcebook.charts import decimal_year, said_on
from sourcebook.derivations import security
from sourcebook.derived import evaluate
from sourcebook.errors import UnknownId
from sourcebook.paths import ROOT

NOTEBOOK = "05-security"
DOCUMENTS = ["zeeshan-2024", "csrs-2024", "wakhan-2025", "rehalem-2025", "did-2026"]  # by the last day they may be of


def rows(path):
    with (ROOT / "data" / f"{path}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


SERIES = {row["row_id"]: row for row in rows("series/attacks")}
INCIDENTS = {row["happening_id"]: row for row in rows("incidents")}
BY_DATE = sorted(INCIDENTS, key=lambda key: (INCIDENTS[key]["date"], key))
SINCE = [key for key in BY_DATE if INCIDENTS[key]["date"] >= "2021"]
TELLINGS = {(row["happening_id"], row["source_id"]): row for row in rows("tellings")}
PLACES = {row["place_id"]: (float(row["lon"]), float(row["lat"])) for row in rows("places") if row["lat"]}
PRESENCE = rows("presence")
CLAIMS = rows("claims")


def killed(happening_id):
    """Chinese killed in one attack, None where no row gives it; more than one row is an error."""
    found = [
        float(row["value_low"])
        for row in SERIES.values()
        if (row["happening_id"], row["counted"], row["victims"]) == (happening_id, "killed", "chinese")
    ]
    assert len(found) <= 1, happening_id
    return found[0] if found else None


def figure(name):
    return figures_of(NOTEBOOK)[name]


def points(ax, **wanted):
    """(x, y) of every marker whose line has these properties."""
    return [
        (float(x), float(y))
        for line in ax.lines
        if all(getattr(line, f"get_{prop}")() == value for prop, value in wanted.items())
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


# --- the record ---------------------------------------------------------------------------------------------


def test_rows_of_an_attack_have_its_day_and_place():
    for row in SERIES.values():
        if row["happening_id"]:
            attack = INCIDENTS[row["happening_id"]]
            told = (row["period_start"], row["period_end"], row["place_id"])
            assert told == (attack["date"], attack["date"], attack["place_id"]), row["row_id"]
    assert {row["happening_id"] for row in SERIES.values()} == {*INCIDENTS, ""}


def test_a_province_is_given_for_pakistan_alone():
    for key, attack in INCIDENTS.items():
        assert bool(attack["province_id"]) == (LEDGER.place(attack["place_id"]).country == "PK"), key


def test_every_document_and_attack_since_2021_has_one_telling():
    assert set(TELLINGS) == {(attack, source) for attack in SINCE for source in DOCUMENTS}
    assert len(rows("tellings")) == len(TELLINGS)


def test_what_tells_an_attack_is_of_the_document_and_of_the_attack():
    for (attack, source), row in TELLINGS.items():
        event, claim = row["event_id"], row["claim_id"]
        assert bool(event) == (row["manner"] == "singly"), (attack, source)
        if event:
            assert (LEDGER.event(event).source_id, LEDGER.event(event).happening_id) == (source, attack)
        if claim:
            assert LEDGER.claim(claim).source_id == source
        assert claim or row["manner"] != "generally"
    told = {(e.happening_id, e.source_id) for e in LEDGER.events.values() if e.happening_id in INCIDENTS}
    assert told == {key for key, row in TELLINGS.items() if row["manner"] == "singly"}


def test_an_attack_is_later_than_a_document_by_its_dates():
    """Later: after the last day that the document's date may mean; a text is no older than what it tells."""
    for (attack, source), row in TELLINGS.items():
        published, day = LEDGER.source(source).date_published, INCIDENTS[attack]["date"]
        assert (row["manner"] == "later") == (day[: len(published)] > published), (attack, source)
        if row["manner"] == "omitted":
            latest = max(e.date for e in LEDGER.events_of(source))
            assert day[: len(published)] < published or day <= latest, (attack, source)


def test_the_camps_are_in_as_many_provinces_as_the_reports_say():
    found = {}
    for row in PRESENCE:
        if (row["actor_id"], row["what"]) == ("al-qaeda", "camp") and not row["claim_id"]:
            found.setdefault(row["reported"], set()).add(row["place_id"])
    running, counts = set(), {}
    for month in sorted(found):
        assert not running & found[month]
        running |= found[month]
        counts[month] = len(running)
    published = {
        row["period_start"]: int(row["value_low"])
        for row in rows("series/fighters")
        if row["row_id"].startswith("fighters-al-qaeda-camp-provinces-")
    }
    assert counts == published == {"2023-06": 5, "2024-01": 10, "2024-07": 12}
    assert "badakhshan" not in running


def test_each_presence_is_borne_by_one_record():
    for row in PRESENCE:
        assert sum(bool(row[c]) for c in ("row_id", "review_id", "claim_id", "event_id")) == 1, row["presence_id"]


# --- derived values -----------------------------------------------------------------------------------------


def value(key):
    found = evaluate(LEDGER, key)
    assert found.is_point
    return found.low


def test_the_groups_of_attacks_are_those_of_the_table():
    expected = {}
    for key in SINCE:
        country = {"AF": "afghanistan", "TJ": "tajikistan"}
        where = INCIDENTS[key]["province_id"] or country[LEDGER.place(INCIDENTS[key]["place_id"]).country]
        expected.setdefault(where, set()).add(key)
    found = {
        where: {SERIES[f"attacks-{stem}-chinese-killed"]["happening_id"] for stem in stems}
        for where, stems in security.KILLED.items()
    }
    assert found == expected
    singly = {attack for (attack, _), row in TELLINGS.items() if row["manner"] == "singly"}
    assert {SERIES[f"attacks-{stem}-chinese-killed"]["happening_id"] for stem in security.TOLD_SINGLY} == singly


def test_sums_of_the_dead_count_each_attack_once():
    dead = Counter()
    for key in SINCE:
        dead[INCIDENTS[key]["province_id"] or LEDGER.place(INCIDENTS[key]["place_id"]).country] += killed(key)
    provinces = ("khyber-pakhtunkhwa", "sindh", "balochistan")
    assert [value(f"chinese-killed-{p}") for p in provinces] == [dead[p] for p in provinces] == [14, 6, 0]
    assert (value("chinese-killed-afghanistan"), value("chinese-killed-tajikistan")) == (dead["AF"], dead["TJ"])
    official = float(SERIES["attacks-nacta-chinese-killed"]["value_low"])
    assert value("chinese-killed-pakistan") == sum(dead[p] for p in provinces) == official
    assert value("chinese-killed-listed") == sum(dead.values()) == 28
    singly = {attack for (attack, _), row in TELLINGS.items() if row["manner"] == "singly"}
    assert value("chinese-killed-told-singly") == sum(map(killed, singly)) == 7


def test_the_official_count_is_the_sum_of_its_provinces_and_more_than_was_found():
    nacta = {p: int(SERIES[f"attacks-nacta-{p}"]["value_low"]) for p in security.PROVINCES}
    total = int(SERIES["attacks-nacta-attacks"]["value_low"])
    assert value("nacta-provinces") == sum(nacta.values()) == total
    found = Counter(INCIDENTS[key]["province_id"] for key in SINCE if INCIDENTS[key]["date"] < "2025")
    del found[""]
    assert all(found[p] <= nacta[p] for p in nacta)
    assert value("pakistan-attacks-listed") == sum(found.values())
    assert value("pakistan-attacks-unlisted") == total - sum(found.values()) == 8
    assert value("khyber-pakhtunkhwa-share-of-attacks") == pytest.approx(100 * nacta["khyber-pakhtunkhwa"] / total)
    assert value("khyber-pakhtunkhwa-share-of-killed") == pytest.approx(100 * 14 / 20)


def test_tellings_are_counted_by_manner_and_document():
    counts = Counter((row["manner"], row["source_id"]) for row in TELLINGS.values())
    manners = ("singly", "generally", "omitted", "later", "undecided")
    for manner in manners:
        for source in DOCUMENTS:
            assert value(f"attacks-{manner}-{source}") == counts[manner, source]
    assert value("attacks-since-2021") == len(SINCE) == 12
    assert value("attacks-told-singly") == len({a for (a, _), r in TELLINGS.items() if r["manner"] == "singly"})


def test_statements_on_security_are_counted_by_how_definite_they_are():
    for source in ("", *DOCUMENTS):
        own = [c for c in CLAIMS if c["domain"] == "security" and source in ("", c["source_id"])]
        vague, ranks = (sum(c["qualifier"] == q for c in own) for q in ("vague", "rank"))
        tail = f"-{source}" if source else ""
        found = [value(f"security-{what}{tail}") for what in ("statements", "vague", "ranks", "numbers")]
        assert found == [len(own), vague, ranks, len(own) - vague - ranks], source
        if not source:
            assert value("security-vague-share") == pytest.approx(100 * vague / len(own))


def test_no_document_numbers_the_fighters_of_a_group():
    """What the notebook says of them; "some fighters moved" and "hundreds found refuge" are vague words."""
    about = [c for c in CLAIMS if c["domain"] == "security" and c["unit"] == "person" and "fighter" in c["measure"]]
    assert {c["qualifier"] for c in about} == {"vague"}


def test_the_ratio_of_fighters_is_of_one_half_year():
    ends = {
        row["row_id"]: (float(row["value_low"]), float(row["value_high"]), row["period_start"], row["period_end"])
        for row in rows("series/fighters")
        if row["row_id"] in ("fighters-ttp-2021-h2", "fighters-etim-2021-h2")
    }
    ttp, etim = ends["fighters-ttp-2021-h2"], ends["fighters-etim-2021-h2"]
    assert ttp[2:] == etim[2:]
    found = evaluate(LEDGER, "ttp-to-etim-2021")
    assert (found.low, found.high) == pytest.approx((ttp[0] / etim[1], ttp[1] / etim[0]))


# --- the figures --------------------------------------------------------------------------------------------


def test_bars_are_the_chinese_killed_in_each_attack_by_date():
    drawn, data, _ = figure("attacks-killed")
    (bars,) = drawn.axes[0].containers
    assert [bar.get_width() for bar in bars] == [killed(key) or 0 for key in BY_DATE]
    texts = [text.get_text() for text in drawn.axes[0].texts]
    assert texts[::2] == ["?" if killed(key) is None else f"{killed(key):g}" for key in BY_DATE]
    assert texts[1::2] == list(data["By whom"])
    labels = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    assert labels == [f"{INCIDENTS[key]['date'][:4]}  {INCIDENTS[key]['name']}" for key in BY_DATE]


def test_a_claim_is_told_before_an_accusation_and_neither_is_invented():
    manners = {key: Counter() for key in INCIDENTS}
    for row in rows("attributions"):
        manners[row["happening_id"]][row["manner"]] += 1
    for key, found in manners.items():
        words = said(LEDGER, key)
        assert words.endswith("claims it") == bool(found["claimed"]), key
        assert words.startswith("laid to") == (bool(found["accused"]) and not found["claimed"]), key
        assert words.endswith("is named") == (bool(found["named"]) and not found["claimed"] + found["accused"]), key
        assert (words == "not recorded") == (not found), key
    assert said(LEDGER, "besham-2024") == "laid to TTP"
    assert said(LEDGER, "kunduz-2004") == "laid to several"
    assert said(LEDGER, "kabul-hotel-2022") == "ISKP claims it"


def test_an_actor_is_called_by_its_abbreviation():
    assert short_name(LEDGER, "bla") == "BLA"
    assert short_name(LEDGER, "al-qaeda") == "Al-Qaeda"


def widths(ax):
    """The size of each part by row, whatever is drawn left of it."""
    return [[part[row].get_width() for part in ax.containers] for row in range(len(ax.containers[0]))]


def test_bars_by_province_are_the_official_attacks_and_the_dead_found():
    drawn, _, _ = figure("attacks-provinces")
    attacks = [float(SERIES[f"attacks-nacta-{p}"]["value_low"]) for p in security.PROVINCES]
    dead = [
        sum(killed(key) for key in SINCE if INCIDENTS[key]["province_id"] == province)
        for province in security.PROVINCES
    ]
    assert widths(drawn.axes[0]) == [attacks, dead]
    names = [part.get_label() for part in drawn.axes[0].containers]
    assert names == [LEDGER.place(province).name for province in security.PROVINCES]


def test_the_grid_has_a_mark_for_each_telling():
    drawn, data, _ = figure("attacks-told")
    ax = drawn.axes[0]
    words = {
        "singly": "told by itself",
        "generally": "covered by a phrase",
        "omitted": "left out",
        "later": "after the document",
        "undecided": "cannot be decided",
    }
    for manner, label in words.items():
        at = [
            (float(DOCUMENTS.index(source)), float(SINCE.index(attack)))
            for (attack, source), row in TELLINGS.items()
            if row["manner"] == manner
        ]
        assert sorted(points(ax, label=label)) == sorted(at), manner
    assert [text.get_text() for text in ax.texts] == ["≠"]
    x, y = ax.texts[0].get_position()
    assert (int(x), int(y)) == (DOCUMENTS.index("zeeshan-2024"), SINCE.index("besham-2024"))
    refs = [ref.removeprefix("series:") for ref in data["killed"]]
    assert [SERIES[ref]["happening_id"] for ref in refs] == SINCE


def test_fighters_are_drawn_as_the_intervals_that_the_words_allow():
    drawn, data, _ = figure("fighter-ranges")
    stated = {row["row_id"]: row for row in rows("series/fighters")}

    def interval(row):
        low, high = float(row["value_low"] or 0), float(row["value_high"])
        spread = {"about": (0.9, 1.1), "nearly": (0.9, 1.0)}.get(row["qualifier"], (1.0, 1.0))
        return ((high if row["qualifier"] == "nearly" else low) * spread[0], high * spread[1])

    plotted = [
        tuple(float(x) for x in line.get_xdata()) for ax in drawn.axes for line in ax.lines if line.get_marker() == "o"
    ]
    keys = [ref.removeprefix("series:") for ref in data["ref"]]
    assert_same(plotted, [interval(stated[key]) for key in keys])
    groups = [stated[key]["actor_id"] for key in keys]
    assert groups == ["ttp"] * 6 + ["etim"] * 2 + ["iskp"] * 5
    assert "with relatives" in data.set_index("ref").loc["series:fighters-iskp-2023", "Year"]
    assert [key for key in keys if stated[key]["relatives"] == "included"] == ["fighters-iskp-2023"]
    assert set(data["By"]) == {"UN Monitoring Team", "UN Secretary-General", "Pakistan"}


def test_the_map_of_camps_marks_the_provinces_by_the_report_that_names_them_first():
    drawn, _, _ = figure("camps")
    ax = drawn.axes[0]
    waves = {"2023-06": "o", "2024-01": "s", "2024-07": "^"}
    camps = [row for row in PRESENCE if (row["actor_id"], row["what"]) == ("al-qaeda", "camp")]
    for month, marker in waves.items():
        expected = [PLACES[row["place_id"]] for row in camps if row["reported"] == month and not row["claim_id"]]
        legend = 1
        found = points(ax, marker=marker, markersize=7.0)
        assert len(found) == len(expected) + legend
        assert set(expected) <= set(found)
    rings = points(ax, marker="o", markersize=15.0)
    paper = [PLACES[row["place_id"]] for row in camps if row["claim_id"] == "rehalem-aq-camps-provinces"]
    assert set(paper) <= set(rings)
    assert len(rings) == len(paper) + 1
    assert points(ax, marker="*") == [PLACES["wakhan-corridor"]]


def test_arrows_lead_from_badakhshan_to_where_reports_have_fighters_moved():
    drawn, _, _ = figure("uyghur-moves")
    arrows = {(note.xyann, note.xy) for note in drawn.axes[0].texts if getattr(note, "arrow_patch", None)}
    moves = [r for r in PRESENCE if r["what"] == "moved_to" and not r["event_id"]]
    assert arrows == {(PLACES["badakhshan"], PLACES[row["place_id"]]) for row in moves}
    assert {row["place_id"] for row in moves} == {"baghlan", "takhar", "nangarhar"}
    told = {r["place_id"] for r in PRESENCE if r["event_id"] == "rehalem-uyghurs-relocated" and r["what"] == "moved_to"}
    assert told == {"baghlan", "takhar"}
    assert min(PLACES[p][1] for p in told) > PLACES["afghanistan"][1] + 1.5  # degrees north of the centre


def year(stamp):
    """The middle of a day, month or year, reckoned anew."""
    parts = [int(part) for part in stamp.split("-")]
    first = date(*parts, *[1] * (3 - len(parts)))
    if len(parts) == 3:
        last = first
    elif len(parts) == 2:
        last = date.fromordinal(date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal() - 1)
    else:
        last = date(first.year, 12, 31)
    start, end = date(first.year, 1, 1).toordinal(), date(first.year + 1, 1, 1).toordinal()
    return first.year + ((first.toordinal() + last.toordinal() + 1) / 2 - start) / (end - start)


@pytest.mark.parametrize("stamp", ["2016-12", "2024", "2024-02", "2025-12-31", "2023-01-01"])
def test_a_date_stands_in_its_middle(stamp):
    assert decimal_year(stamp) == pytest.approx(year(stamp))


def test_numbers_of_groups_stand_at_their_dates():
    drawn, data, _ = figure("twenty-groups")
    ax = drawn.axes[0]
    stated = {row["row_id"]: row for row in rows("series/groups")}
    reviews = {row["review_id"]: row for row in rows("reviews")}
    speakers = list(dict.fromkeys(data["Speaker"]))
    expected = []
    for who, ref in zip(data["Speaker"], data["ref"], strict=True):
        kind, _, key = ref.partition(":")
        source = {"series": stated, "review": reviews}.get(kind, {c["claim_id"]: c for c in CLAIMS})[key]
        when = {"series": "period_start", "review": "date"}.get(kind)
        stamp = source[when] if when else LEDGER.source(source["source_id"]).date_published
        assert (float(source["value_low"]), source["unit"]) in ((20, "group"), (24, "group"), (13, "group"))
        marker = "o" if source["value_high"] else ">"
        expected.append((year(stamp), float(speakers.index(who)), marker))
    plotted = [(float(x), float(y), line.get_marker()) for line in ax.lines for x, y in line.get_xydata()]
    assert len(plotted) == len(expected)
    for found, wanted in zip(plotted, expected, strict=True):
        assert found[:2] == pytest.approx(wanted[:2])
        assert found[2] == wanted[2]
    said = {
        row["row_id"] for row in stated.values() if "-named-" not in row["row_id"]
    }  # those are lists, not the phrase
    assert said <= {ref.partition(":")[2] for ref in data["ref"]}


def test_when_a_number_was_said():
    assert said_on(LEDGER, "claim:csrs-terror-groups") == "2024-12"
    assert said_on(LEDGER, "series:groups-china-2022") == "2022-08-18"
    assert said_on(LEDGER, "review:csrs-terror-groups-title-8am") == "2023-06"
    with pytest.raises(UnknownId):
        said_on(LEDGER, "series:groups-chin-2022")


def test_bars_of_statements_are_counted_from_the_claims():
    drawn, _, _ = figure("security-statements")
    expected = []
    for source in DOCUMENTS:
        own = Counter(
            c["qualifier"] if c["qualifier"] in ("rank", "vague") else "number"
            for c in CLAIMS
            if c["domain"] == "security" and c["source_id"] == source
        )
        expected.append([own["number"], own["rank"], own["vague"]])
    assert widths(drawn.axes[0]) == expected
