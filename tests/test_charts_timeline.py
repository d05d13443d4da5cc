"""The timeline: its figures against the record's files, the plot behind one, and the values counted for it."""

from __future__ import annotations

import calendar
import csv
import json
import re
from collections import defaultdict
from datetime import date

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from matplotlib.colors import to_hex

from drawn_figures import figures_of
from sourcebook import timeline
from sourcebook.charts import PALETTE, FigureError, canvas, explorable, show
from sourcebook.charts import publish as publish_module
from sourcebook.charts.explore import hover_text, plain
from sourcebook.derivations.timeline import REFUTED, SINCE
from sourcebook.derived import definitions, evaluate
from sourcebook.errors import UnknownId
from sourcebook.ledger import Ledger
from sourcebook.models import PLOTLY_MIME
from sourcebook.palette import DARK, MUTED, PAPER
from sourcebook.paths import ROOT

LEDGER = Ledger.load()
NOTEBOOK = "06-timeline"
LANES = ("pakistan", "china", "taliban-government", "russia", "other")
MARKERS = {"political": "o", "security": "^", "economic": "s", "transit": "D", "legitimacy": "*"}
SYMBOLS = {"political": "circle", "security": "triangle-up", "economic": "square", "transit": "diamond"}
SYMBOLS["legitimacy"] = "star"


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def rows(name, folder="data"):
    with (ROOT / folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


EVENTS = {row["event_id"]: row for row in rows("events")}
POWER = {row["actor_id"]: row["belongs_to"] for row in rows("actors")}
ACTORS = defaultdict(list)
for _row in rows("event_actors"):
    ACTORS[_row["event_id"]].append(_row["actor_id"])
DATED = {r["review_id"]: r["value"] for r in rows("reviews") if re.fullmatch(r"\d{4}(-\d\d){0,2}", r["value"])}
WRONG = {r["event_id"] for r in rows("reviews") if r["verdict"] == "contradicts" and r["review_id"] in DATED} - {""}


def happening(event_id):
    return EVENTS[event_id]["happening_id"] or event_id


HAPPENINGS = defaultdict(list)
for _id in EVENTS:
    HAPPENINGS[happening(_id)].append(_id)


def ends(stamp):
    year, month, day = [*map(int, stamp.split("-")), None, None][:3]
    last = day or calendar.monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1), date(year, month or 12, last)


def middle(stamp):
    first, last = ends(stamp)
    return first + (last - first) / 2


def lanes_of(event_id):
    present = {POWER[actor] for other in HAPPENINGS[happening(event_id)] for actor in ACTORS[other]} - {""}
    return [lane for lane in LANES if lane in present] or ["other"]


def expected_marks(years):
    """(happening, date, contradicted) of every mark: the finest dates of each happening, wrong ones by themselves."""
    found = set()
    for name, events in HAPPENINGS.items():
        for wrong in (False, True):
            stamps = {EVENTS[e]["date"] for e in events if (e in WRONG) == wrong}
            fine = {s for s in stamps if not any(other.startswith(f"{s}-") for other in stamps)}
            found |= {(name, s, wrong) for s in fine if years(int(s[:4]))}
    return found


def marks_drawn(figure):
    """(event, lane, day, marker, filled) of each mark of a figure in lanes."""
    for ax in figure.axes:
        for line in ax.lines:
            if str(line.get_gid()).startswith("event:"):
                (x,), (y,) = line.get_xdata(orig=True), line.get_ydata(orig=True)
                filled = to_hex(line.get_markerfacecolor()) != PAPER
                yield line.get_gid().removeprefix("event:"), LANES[round(x)], y, line.get_marker(), filled


def stated(event_id):
    """Whether a telling that dates its happening so states the date."""
    same = [e for e in HAPPENINGS[happening(event_id)] if EVENTS[e]["date"] == EVENTS[event_id]["date"]]
    return any(EVENTS[e]["inferred"] == "false" for e in same if (e in WRONG) == (event_id in WRONG))


NEWER, OLDER = (lambda year: year >= 2021), (lambda year: year < 2021)


@pytest.mark.parametrize(("name", "years"), [("events-to-2020", OLDER), ("events-since-2021", NEWER)])
def test_a_timeline_draws_each_happening_in_the_lane_of_everyone_who_took_part(name, years):
    figure, data, _ = figures_of(NOTEBOOK)[name]
    drawn = list(marks_drawn(figure))
    found = {(happening(event), EVENTS[event]["date"], event in WRONG) for event, *_ in drawn}
    assert found == expected_marks(years)
    assert [ref.removeprefix("event:") for ref in data["ref"]] == list(dict.fromkeys(data["ref"].str[6:]))
    assert {event for event, *_ in drawn} == set(data["ref"].str[6:])
    lanes = defaultdict(list)
    for event, lane, day, marker, filled in drawn:
        lanes[event].append(lane)
        assert day == middle(EVENTS[event]["date"])
        assert marker == MARKERS[EVENTS[event]["domain"]]
        assert filled == stated(event)
    assert {event: sorted(found) for event, found in lanes.items()} == {e: sorted(lanes_of(e)) for e in lanes}


@pytest.mark.parametrize(("name", "years"), [("events-to-2020", OLDER), ("events-since-2021", NEWER)])
def test_the_line_behind_a_mark_is_the_month_or_year_that_its_date_may_mean(name, years):
    figure, _, _ = figures_of(NOTEBOOK)[name]
    spans = sorted(
        tuple(line.get_ydata(orig=True))
        for ax in figure.axes
        for line in ax.lines
        if line.get_linewidth() == 1.6 and line.get_marker() == "None"
    )
    expected = sorted(
        ends(EVENTS[event]["date"])
        for event, *_ in marks_drawn(figure)
        if len(EVENTS[event]["date"]) < len("2021-08-15")
    )
    assert spans == expected


def test_a_contradicted_date_bears_its_mark_and_is_joined_with_the_other():
    figure, _, _ = figures_of(NOTEBOOK)["events-since-2021"]
    drawn = list(marks_drawn(figure))
    signs = [text for text in figure.axes[0].texts if text.get_text() == "≠"]
    assert len(signs) == sum(event in WRONG for event, *_ in drawn) > 0
    joins = [line for line in figure.axes[0].lines if line.get_color() == PALETTE["accent"]]
    both = [
        {day for event, at, day, *_ in drawn if happening(event) == name and at == lane}
        for name in HAPPENINGS
        for lane in LANES
    ]
    assert sorted(tuple(sorted(line.get_ydata(orig=True))) for line in joins) == sorted(
        tuple(sorted(days)) for days in both if len(days) > 1
    )


def test_no_mark_lies_on_another():
    for name in ("events-to-2020", "events-since-2021"):
        figure, _, _ = figures_of(NOTEBOOK)[name]
        figure.canvas.draw()
        for ax in figure.axes:
            points = [
                ax.transData.transform((line.get_xdata()[0], mdates.date2num(line.get_ydata(orig=True)[0])))
                for line in ax.lines
                if str(line.get_gid()).startswith("event:")
            ]
            near = [
                np.hypot(*(one - other)) for i, one in enumerate(points) for other in points[:i] if (one != other).any()
            ]
            assert min(near) > 4.5  # px of 1/100 inch; a mark is 6 to 9


def test_a_document_looks_back_by_the_years_between_the_middles_of_two_dates():
    figure, data, _ = figures_of(NOTEBOOK)["look-back"]
    drawn = {
        line.get_gid(): (line.get_xdata()[0], to_hex(line.get_markerfacecolor()) != PAPER)
        for line in figure.axes[0].lines
        if str(line.get_gid()).startswith("event:")
    }
    published = {row["source_id"]: row["date_published"] for row in rows("sources", "seeds")}
    told = {(row["source_id"], happening(e)) for e, row in EVENTS.items()}
    assert len(drawn) == len(data) == len(told)
    assert {(EVENTS[ref[6:]]["source_id"], happening(ref[6:])) for ref in drawn} == told
    for ref, (years, filled) in drawn.items():
        event = EVENTS[ref.removeprefix("event:")]
        (first, last), (earliest, latest) = ends(event["date"]), ends(published[event["source_id"]])
        days = ((earliest - first).days + (latest - min(last, latest)).days) / 2
        assert years == pytest.approx(days / 365.25, abs=0.001)
        assert filled == (event["inferred"] == "false")
    late = {
        (row["event_id"], row["review_id"])
        for row in rows("reviews")
        if row["event_id"] in WRONG and row["review_id"] in DATED and row["verdict"] == "contradicts"
        if ends(DATED[row["review_id"]])[0] > ends(published[EVENTS[row["event_id"]]["source_id"]])[1]
    }
    assert late == {(r.ref[6:], r.page[7:]) for r in data.itertuples() if r.page} != set()


def test_every_date_that_a_page_contradicts_is_drawn_by_how_far_it_is_off():
    figure, data, _ = figures_of(NOTEBOOK)["dates-contradicted"]
    lines = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert len(lines) == len(data)
    refuted = {happening(event) for event in WRONG}
    expected = {m for m in expected_marks(lambda _: True) if m[0] in refuted}
    found, page = set(), ""
    for line, ref in zip(lines, data["ref"], strict=True):
        kind, _, key = ref.partition(":")
        days = [int(x) for x in line.get_xdata()]
        if kind == "review":
            page = DATED[key]
            assert days == [0]
            continue
        (first, last), (one, other) = ends(EVENTS[key]["date"]), ends(page)
        assert sorted({(first - other).days, (last - one).days}) == days
        assert (line.get_color() == PALETTE["accent"]) == (key in WRONG)
        assert key in WRONG or line.get_color() == MUTED
        found.add((happening(key), EVENTS[key]["date"], key in WRONG))
    assert found == expected


# --- counts ----------------------------------------------------------------------------------------------


def counted(keep):
    return len({happening(e) for e, row in EVENTS.items() if keep(e, row)})


def new(row):
    return row["date"][:4] in SINCE.split("|")


COUNTS = {
    "timeline-tellings": len(EVENTS),
    "timeline-happenings": len(HAPPENINGS),
    "timeline-shared": sum(len({EVENTS[e]["source_id"] for e in events}) == 2 for events in HAPPENINGS.values()),
    "timeline-inferred": sum(row["inferred"] == "true" for row in EVENTS.values()),
    "timeline-year-only": sum(len(row["date"]) == 4 for row in EVENTS.values()),
    "timeline-to-2020": counted(lambda _, row: not new(row)),
    "timeline-since-2021": counted(lambda _, row: new(row)),
    "timeline-2024": counted(lambda _, row: row["date"].startswith("2024")),
    "timeline-after-2024": counted(lambda _, row: row["date"] >= "2025"),
    "timeline-refuted": len({happening(event) for event in WRONG}),
    "timeline-refuted-tellings": len(WRONG),
    "timeline-takeover-tellings": sum(
        row["source_id"] == "rehalem-2025" and row["happening_id"] in ("taliban-takeover", "us-exit")
        for row in EVENTS.values()
    ),
    "timeline-economic-transit": counted(lambda _, row: new(row) and row["domain"] in ("economic", "transit")),
    "timeline-rehalem-to-2020": counted(lambda _, row: row["source_id"] == "rehalem-2025" and not new(row)),
    **{f"timeline-{d}": counted(lambda _, row, d=d: new(row) and row["domain"] == d) for d in MARKERS if d[0] in "psl"},
    **{
        f"timeline-{p}-{key}": counted(lambda e, row, p=p, w=w: new(row) == w and p in [POWER[a] for a in ACTORS[e]])
        for p in LANES[:4]
        for key, w in (("since-2021", True), ("to-2020", False))
    },
    **{
        f"timeline-of-{s}": counted(lambda _, row, s=s: row["source_id"] == s)
        for s in ("csrs-2024", "did-2026", "rehalem-2025", "wakhan-2025", "zeeshan-2024")
    },
    **{
        f"timeline-told-by-{s}": sum(row["source_id"] == s for row in EVENTS.values())
        for s in ("csrs-2024", "did-2026", "rehalem-2025", "wakhan-2025", "zeeshan-2024")
    },
    **{
        f"timeline-recent-in-{s}": counted(
            lambda _, row, s=s: row["source_id"] == s and row["date"][:4] in ("2024", "2025")
        )
        for s in ("rehalem-2025", "wakhan-2025")
    },
    **{
        f"timeline-refuted-of-{s}": counted(lambda e, row, s=s: row["source_id"] == s and e in WRONG)
        for s in ("csrs-2024", "rehalem-2025")
    },
}


def test_every_count_of_the_timeline_is_that_of_the_files():
    assert {key for key in definitions() if key.startswith("timeline-")} == set(COUNTS)
    assert {key: evaluate(LEDGER, key).low for key in COUNTS} == COUNTS


def test_every_date_that_a_page_contradicts_has_its_distance():
    assert set(REFUTED) == WRONG
    for event, review in REFUTED.items():
        (first, last), (one, other) = ends(EVENTS[event]["date"]), ends(DATED[review])
        days = [abs((a - b).days) for a, b in ((first, other), (last, one))]
        found = evaluate(LEDGER, f"apart-{event}")
        assert (found.low, found.high) == (min(days), max(days))
    months = evaluate(LEDGER, "months-apart-rehalem-uyghurs-relocated")
    assert (round(months.low), round(months.high)) == (14, 27)


def test_no_dated_happening_has_russia_beside_china_or_pakistan():
    for events in HAPPENINGS.values():
        present = {POWER[actor] for event in events for actor in ACTORS[event]}
        assert not ("russia" in present and present & {"china", "pakistan"})


def test_every_telling_of_one_happening_has_the_same_domain():
    assert [name for name, events in HAPPENINGS.items() if len({EVENTS[e]["domain"] for e in events}) > 1] == []


def test_the_finest_date_stands_for_the_coarser_ones_but_a_wrong_one_for_none():
    found = defaultdict(set)
    for dating in timeline.datings(LEDGER):
        found[dating.event.happening].add((dating.event.date, dating.contradicted, len(dating.tellings)))
    assert found["taliban-takeover"] == {("2021-08-15", False, 13)}
    assert found["us-exit"] == {("2021-08", False, 12), ("2021-08-15", True, 1)}
    assert found["omar-meeting"] == {("2000", False, 1), ("2001", True, 1)}


# --- the plot behind a figure ----------------------------------------------------------------------------


def outputs():
    cells = json.loads((ROOT / "notebooks" / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [o["data"] for cell in cells for o in cell.get("outputs", ()) if PLOTLY_MIME in o.get("data", {})]


def test_the_plot_has_the_points_of_the_picture():
    figure, data, _ = figures_of(NOTEBOOK)["events-since-2021"]
    (bundle,) = outputs()
    plot = bundle[PLOTLY_MIME]
    points = [
        (reference.removeprefix("event:"), LANES[round(x)], date.fromisoformat(y), symbol, fill != PAPER)
        for trace in plot["data"]
        if "customdata" in trace
        for reference, x, y, symbol, fill in zip(
            trace["customdata"], trace["x"], trace["y"], trace["marker"]["symbol"], trace["marker"]["color"],
            strict=True,
        )
    ]  # fmt: skip
    back = {symbol: MARKERS[domain] for domain, symbol in SYMBOLS.items()}
    assert sorted((e, lane, day, back[s], f) for e, lane, day, s, f in points) == sorted(marks_drawn(figure))
    assert {f"event:{point[0]}" for point in points} == set(data["ref"])


def test_what_stands_beside_a_point_is_the_record():
    (bundle,) = outputs()
    checked = 0
    for trace in bundle[PLOTLY_MIME]["data"]:
        for reference, text in zip(trace.get("customdata", ()), trace.get("hovertext", ()), strict=True):
            row = EVENTS[reference.removeprefix("event:")]
            plain_text = text.replace("<br>", " ")
            assert row["title"] in plain_text
            assert row["date"][:4] in plain_text
            assert ("(inferred)" in plain_text) == (row["inferred"] == "true")
            assert ("≠" in plain_text) == (row["event_id"] in WRONG)
            assert plain_text.endswith(row["event_id"])
            checked += 1
    assert checked > 60


def test_the_stored_plot_is_plain_and_small():
    (bundle,) = outputs()
    text = json.dumps(bundle[PLOTLY_MIME])
    assert "bdata" not in text
    assert '"uid"' not in text
    assert "template" not in bundle[PLOTLY_MIME]["layout"]
    assert len(text) < 60_000


DATA = pd.DataFrame({"What": ["Visit"], "ref": ["event:csrs-shoigu-kabul"]})


@pytest.fixture
def published(monkeypatch):
    """What `show` hands to the notebook's display."""
    shown = []
    monkeypatch.setattr(publish_module, "display", lambda data, raw: shown.append(data))
    return shown


def plot(**overrides):
    figure = explorable(300)
    marker = {"color": PALETTE["russia"]}
    point = {"x": [1.0], "y": ["2024-12-06"], "mode": "markers", "customdata": ["event:csrs-shoigu-kabul"]}
    return figure.add_trace(go.Scatter(**{"marker": marker, **point, **overrides}))


def publish(interactive, data=DATA):
    figure, ax = canvas(1.5)
    ax.plot([1], [1], "o", color=PALETTE["russia"])
    show(
        figure, "visit", "A finding.", "A dot.", data,
        ledger=LEDGER, bound={"Date": "ref"}, interactive=interactive,
    )  # fmt: skip


def test_a_plot_is_published_beside_its_picture(published):
    publish(plot())
    (bundle,) = published
    (trace,) = bundle[PLOTLY_MIME]["data"]
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert trace["hovertext"] == [hover_text(LEDGER, "event:csrs-shoigu-kabul")]
    assert trace["hoverinfo"] == "text"
    assert trace["hovertext"][0].split("<br>")[-3:] == [
        "6 December 2024 (inferred) ≠",
        "CSRS brief (2024)",
        "csrs-shoigu-kabul",
    ]


def test_two_runs_write_the_same_plot(published):
    publish(plot(x=np.array([0.1 + 0.2])))
    publish(plot(x=np.array([0.3])))
    one, other = (bundle[PLOTLY_MIME] for bundle in published)
    assert json.dumps(one) == json.dumps(other)
    assert one["data"][0]["x"] == [0.3]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"marker": {"color": "#123456"}}, "colours #123456 are not of the palette", id="own colour"),
        pytest.param({"marker": {"color": [1.0]}}, "colours 1.0 are not of the palette", id="colour by number"),
        pytest.param({"marker": {"size": 5}}, "trace 0 has no colour of its own", id="plotly's colour"),
        pytest.param({"hovertext": ["7 December"]}, "hovertext is written from the record", id="own hover text"),
        pytest.param({"hovertemplate": "%{y}"}, "hovertemplate is written from the record", id="hover template"),
        pytest.param({"customdata": None}, "1 points and 0 references", id="point of no record"),
        pytest.param({"customdata": ["event:csrs-yue-kabul"]}, "which the table .* does not have", id="not in table"),
        pytest.param({"text": ["7"], "mode": "text"}, "in the plot are in no plotted record: 7", id="own number"),
        pytest.param({"name": "12 visits"}, "in the plot are in no plotted record: 12 visits", id="number in a name"),
        pytest.param({"name": "<a href='x'>y</a>"}, "no addresses, and no markup", id="markup"),
        pytest.param({"name": "https://example.org"}, "no addresses, and no markup", id="address"),
    ],
)
def test_a_plot_that_breaks_the_contract_is_refused(published, change, told):
    with pytest.raises(FigureError, match=told):
        publish(plot(**change))
    assert published == []


def test_a_plot_may_write_the_numbers_of_what_it_plots(published):
    publish(plot(text=["6 December 2024"], mode="text"))
    assert len(published) == 1


def test_a_trace_that_fetches_or_whose_points_no_key_reaches_is_refused(published):
    figure = explorable(300).add_trace(go.Scattergeo(lon=[1], lat=[2], marker={"color": PALETTE["russia"]}))
    with pytest.raises(FigureError, match="type 'scattergeo': use one of bar, scatter"):
        publish(figure)


def test_an_axis_title_may_not_hold_a_number_of_no_record(published):
    with pytest.raises(FigureError, match="14 months"):
        publish(plot().update_xaxes(title="14 months"))


def test_an_event_that_is_not_there_is_refused(published):
    with pytest.raises(UnknownId, match="csrs-shoigu-kabul"):
        publish(plot(customdata=["event:csrs-shoigu"]), data=DATA.assign(ref="event:csrs-shoigu"))


def test_a_column_holds_dates_or_numbers(published):
    mixed = pd.DataFrame({"What": ["a", "b"], "ref": ["event:csrs-shoigu-kabul", "claim:china-meetings"]})
    with pytest.raises(FigureError, match="column 'Date' holds dates and numbers"):
        publish(None, data=mixed)


def test_packed_arrays_are_unpacked_in_their_shape():
    figure = go.Figure(go.Heatmap(z=np.array([[1.5, 2.5], [3.5, 4.5]])))
    assert plain(figure)["data"][0]["z"] == [[1.5, 2.5], [3.5, 4.5]]
    assert set(DARK) >= {PAPER, MUTED}


def test_a_number_beside_a_point_is_written_as_prose_would():
    assert hover_text(LEDGER, "claim:china-meetings").split("<br>")[-2:] == ["215 meetings", "china-meetings"]
    assert hover_text(LEDGER, "review:csrs-shoigu-kabul-amu-tv").split("<br>") == [
        "On csrs-shoigu-kabul",
        "25 November 2024",
        "Amu TV",
        "csrs-shoigu-kabul-amu-tv",
    ]
