"""Steps of recognition, rounds of talks, trade, tariffs and the cost of ways: drawn as the tables have them.

What is plotted is held against values read from the CSV files here, not by the package.
"""

from __future__ import annotations

import csv
import math
from datetime import date

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from drawn_figures import LEDGER, assert_same, bars_of, figures_of
from sourcebook.charts import PALETTE, canvas, colored_by_count, draw_rounds, draw_told, labelled
from sourcebook.derived import evaluate
from sourcebook.errors import SourcebookError
from sourcebook.paths import ROOT
from sourcebook.sphinx_ext.figures import _column_unit


def table(path, key):
    with (ROOT / "data" / path).open(encoding="utf-8", newline="") as handle:
        return {row[key]: row for row in csv.DictReader(handle)}


TRADE, RECOGNITION, ROUNDS, TARIFFS, TRANSIT, MINERALS, REVENUE = (
    table(f"series/{name}.csv", "row_id")
    for name in ("trade", "recognition", "rounds", "tariffs", "transit", "minerals", "revenue")
)
EVENTS, REVIEWS, CLAIMS = (
    table("events.csv", "event_id"),
    table("reviews.csv", "review_id"),
    table("claims.csv", "claim_id"),
)


def value(row):
    assert row["value_low"] == row["value_high"]
    return float(row["value_low"])


def trade(name):
    return value(TRADE[f"trade-{name}"])


def year(stamp, last=""):
    """The middle of an ISO day, or of the days from it to another, as a decimal year, by the calendar."""
    day, until = date.fromisoformat(stamp), date.fromisoformat(last or stamp)
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + ((day - start).days + (until - start).days + 1) / 2 / (end - start).days


def marks(figure, shape):
    """(x, row) of the marks of one shape, the key below left out."""
    (ax,) = figure.axes
    last = len(ax.get_yticks()) - 1
    found = [(line.get_xdata(), line.get_ydata()) for line in ax.lines if line.get_marker() == shape]
    return sorted((round(float(x[0]), 9), int(y[0])) for x, y in found if y[0] <= last)


def at(*places):
    return sorted((round(x, 9), row) for x, row in places)


# --- dates -----------------------------------------------------------------------------------------------


def test_steps_are_drawn_where_pages_and_documents_date_them():
    figure, data, _ = figures_of("01-diplomacy")["recognition-steps"]
    pages = [
        RECOGNITION["recognition-ambassador-china-rank"]["period_start"],
        RECOGNITION["recognition-ambassador-beijing"]["period_start"],
        RECOGNITION["recognition-ambassador-uae"]["period_start"],
        REVIEWS["csrs-russia-delisting-interfax"]["value"],
        RECOGNITION["recognition-recognised-2025"]["period_start"],
    ]
    assert marks(figure, "o") == at(*((year(stamp), row) for row, stamp in enumerate(pages)))
    september, december = EVENTS["wakhan-ambassador-appointed"]["date"], EVENTS["csrs-russia-delisting"]["date"]
    assert (september, december) == ("2023-09", "2024-12")
    told = [
        (year("2023-09-01", "2023-09-30"), 0),
        (year("2024-12-01", "2024-12-31"), 3),
        (year(EVENTS["rehalem-russia-recognition"]["date"]), 4),
    ]
    assert marks(figure, "s") == at(*told)
    assert list(data["On a page of the time"])[3:] == ["17 April 2025", "3 July 2025"]
    assert list(data["In a document"]) == ["September 2023", "", "", "December 2024", "3 July 2025"]
    assert [step.endswith("≠") for step in data["Step"]] == [False, False, False, True, False]


def test_a_step_that_no_document_dates_has_a_dot_alone():
    _, ax = canvas(2)
    ax.set_xlim(2023, 2026)
    steps = {"label": ["a", "b"], "found": ["2024-01-01", "2025-01-01"], "told": ["", "2024-07"], "color": ["k", "k"]}
    draw_told(ax, pd.DataFrame(steps))
    joined = [line for line in ax.lines if len(line.get_xdata()) == 2]
    assert [list(line.get_ydata()) for line in joined] == [[1, 1]]
    assert list(joined[0].get_xdata()) == pytest.approx([year("2024-07-01", "2024-07-31"), year("2025-01-01")])


def test_rounds_bear_their_numbers_at_their_days():
    figure, data, _ = figures_of("01-diplomacy")["rounds"]
    kinds = ["quad", "moscow-format", "neighbours", "", "trilateral", "liaison", "strategic-dialogue"]
    told = {
        "rounds-moscow-format-6": "Wakhan article (2025)",
        "rounds-trilateral-5": "Zeeshan (2024)",
        "rounds-liaison-3": "Wakhan article (2025)",
        "rounds-strategic-dialogue-7": "DID Press item (2026)",
    }
    expected = {"s": [], "o": []}
    numbers = []
    for key, row in ROUNDS.items():
        if row["unit"] != "rank":
            continue
        held = row["period_start"]
        when = year(held) if held.count("-") == 2 else {"2023-05": year("2023-05-01", "2023-05-31")}[held]
        place = kinds.index(key.removeprefix("rounds-").rpartition("-")[0])
        expected["s" if key in told else "o"].append((when, place))
        numbers.append((round(when, 9), place, row["value_low"]))
    assert marks(figure, "s") == at(*expected["s"])
    assert marks(figure, "o") == at(*expected["o"])
    written = [t for t in figure.axes[0].texts if t.get_text().isdigit()]
    assert sorted((round(t.get_position()[0], 9), int(t.get_position()[1]), t.get_text()) for t in written) == sorted(
        numbers
    )
    assert {r.removeprefix("series:"): who for r, who in zip(data["ref"], data["Told by"], strict=True) if who} == told


def test_a_round_of_the_events_lies_within_the_month_that_a_document_gives():
    for key, event in {
        "rounds-moscow-format-6": "wakhan-lavrov-moscow",
        "rounds-trilateral-5": "zeeshan-trilateral-fifth",
        "rounds-liaison-3": "wakhan-liaison-meeting",
        "rounds-strategic-dialogue-7": "did-joint-statement",
    }.items():
        assert ROUNDS[key]["period_start"].startswith(EVENTS[event]["date"])


def test_a_round_that_a_document_tells_is_a_square():
    _, ax = canvas(2)
    ax.set_xlim(2023, 2026)
    rounds = {"row": [0, 0], "held": ["2024-01-01", "2025-01-01"], "number": ["1", "2"], "told": [True, False]}
    draw_rounds(ax, pd.DataFrame(rounds), ["talks"])
    assert [line.get_marker() for line in ax.lines if line.get_ydata()[0] == 0] == ["s", "o"]


# --- trade -----------------------------------------------------------------------------------------------

BANK = "pakistan-pakistan-{}-2023-07-to-2024-06"
FLOWS = {
    "trade-partners": [
        ("china", "china-china-total-2023"),
        ("taliban-government", "china-afghan-total-2024-01-to-2024-09"),
        ("taliban-government", "china-afghan-total-2025-01-to-2025-09"),
        ("pakistan", BANK.format("exports"), BANK.format("imports")),
        ("taliban-government", "pakistan-afghan-total-2024"),
        ("taliban-government", "pakistan-afghan-total-2025"),
        ("russia", "russia-russia-total-2023"),
        ("taliban-government", "russia-afghan-total-2024-03-to-2024-11"),
    ],
    "imports-from-china": [
        ("afghan-republic", "china-afghan-imports-2019-to-2020"),
        ("china", "china-china-imports-2022"),
        ("china", "china-china-imports-2023-01-to-2023-09"),
        ("taliban-government", "china-afghan-imports-2024-01-to-2024-02"),
        ("taliban-government", "china-afghan-imports-2024-01-to-2024-09"),
        ("taliban-government", "china-afghan-imports-2025-01-to-2025-09"),
    ],
    "exports-to-china": [
        ("afghan-republic", "china-afghan-exports-2019-to-2020"),
        ("china", "china-china-exports-2022"),
        ("china", "china-china-exports-2023"),
        ("china", "china-china-exports-2023-01-to-2023-09"),
        ("taliban-government", "china-afghan-exports-2024-01-to-2024-09"),
        ("taliban-government", "china-afghan-exports-2025-01-to-2025-09"),
    ],
}


@pytest.mark.parametrize("name", FLOWS)
def test_each_bar_of_trade_is_one_count_of_one_flow(name):
    figure, _, _ = figures_of("04-transit")[name]
    expected = []
    for side, *rows in FLOWS[name]:
        stated = [TRADE[f"trade-{row}"] for row in rows]
        assert {row["reporter"] for row in stated} == {side}
        amount = sum(map(value, stated)) / 1e6
        spread = 0.1 if stated[0]["qualifier"] == "about" else 0
        expected.append((amount * (1 - spread), amount * (1 + spread)))
    assert_same(bars_of(figure), expected)
    colors = [to_hex(patch.get_facecolor()) for patch in figure.axes[0].containers[0]]
    assert colors == [PALETTE.get(side, PALETTE["other"]) for side, *_ in FLOWS[name]]


@pytest.mark.parametrize(("name", "flow"), [("imports-from-china", "imports"), ("exports-to-china", "exports")])
def test_a_figure_of_one_flow_has_no_row_of_another(name, flow):
    assert {TRADE[f"trade-{row}"]["flow"] for _, *rows in FLOWS[name] for row in rows} == {flow}


@pytest.mark.parametrize("name", FLOWS)
def test_a_part_of_a_year_is_named_as_one(name):
    figure, data, _ = figures_of("04-transit")[name]
    for label, reference in zip(figure.axes[0].get_yticklabels(), data["ref"], strict=True):
        row = TRADE.get(reference.removeprefix("series:"))
        if row and row["period_start"].count("-"):
            assert "month" in label.get_text()


def test_a_value_that_two_sides_have_counted_is_not_drawn():
    mixed = labelled(LEDGER, {"Mixed": "derived:pakistan-trade-mirror"})
    with pytest.raises(SourcebookError, match="mixes what pakistan and taliban-government have counted"):
        colored_by_count(LEDGER, mixed)


def test_counts_of_two_sides_are_told_apart():
    drawn = labelled(LEDGER, {"a": "series:trade-china-china-total-2023", "b": "series:trade-russia-russia-total-2023"})
    assert list(colored_by_count(LEDGER, drawn)["color"]) == [PALETTE["china"], PALETTE["russia"]]


DERIVED = {
    "china-imports-month-of-nine": lambda: (
        100 * trade("china-afghan-imports-2024-01-to-2024-02") / trade("china-afghan-imports-2024-01-to-2024-09")
    ),
    "china-export-share-2023": lambda: 100 * trade("china-china-exports-2023") / trade("china-china-total-2023"),
    "china-exports-rise": lambda: (
        100 * (trade("china-afghan-exports-2025-01-to-2025-09") / trade("china-afghan-exports-2024-01-to-2024-09") - 1)
    ),
    "china-imports-rise": lambda: (
        100 * (trade("china-afghan-imports-2025-01-to-2025-09") / trade("china-afghan-imports-2024-01-to-2024-09") - 1)
    ),
    "china-exports-season": lambda: (
        100 * trade("china-china-exports-2022-11-to-2022-12") / trade("china-china-exports-2022")
    ),
    "pakistan-trade-state-bank": lambda: trade(BANK.format("exports")) + trade(BANK.format("imports")),
    "pakistan-trade-mirror": lambda: (
        trade("pakistan-afghan-total-2024") / (trade(BANK.format("exports")) + trade(BANK.format("imports")))
    ),
    "tariff-share-2006": lambda: (
        value(TARIFFS["tariffs-2006-items"])
        / value(TARIFFS["tariffs-2022-items"])
        * value(TARIFFS["tariffs-2022-share"])
    ),
    "tariff-last-step": lambda: value(TARIFFS["tariffs-2024-share"]) - value(TARIFFS["tariffs-2022-share"]),
    "rare-earth-share-of-reserves": lambda: (
        100
        * value(MINERALS["minerals-rare-earths-afghanistan-2019"])
        / value(MINERALS["minerals-rare-earths-world-reserves-2024"])
    ),
    "rare-earth-years-of-output": lambda: (
        value(MINERALS["minerals-rare-earths-afghanistan-2019"])
        / value(MINERALS["minerals-rare-earths-china-mine-output-2024"])
    ),
}


@pytest.mark.parametrize("key", DERIVED)
def test_a_derived_value_is_what_the_tables_give(key):
    found = evaluate(LEDGER, key)
    assert (found.low, found.high) == pytest.approx((DERIVED[key](), DERIVED[key]()))


def test_the_articles_revenue_in_afghanis_takes_nearly_as_a_tenth_below():
    rate = value(REVENUE["revenue-total-ten-months-afn"]) / value(REVENUE["revenue-total-ten-months-usd"])
    most = float(CLAIMS["mining-revenue-2024"]["value_high"]) * rate
    found = evaluate(LEDGER, "mining-revenue-2024-in-afghanis")
    assert (found.low, found.high) == pytest.approx((0.9 * most, most))


# --- tariffs, days and dollars -----------------------------------------------------------------------------


def test_steps_of_the_tariff_stand_at_their_dates():
    figure, _, _ = figures_of("04-transit")["zero-tariff"]
    rows = [
        (year("2006-07-01"), DERIVED["tariff-share-2006"](), "^"),
        (year("2013-01-01", "2013-12-31"), value(TARIFFS["tariffs-2013-share"]), "s"),
        (year("2015-01-01", "2015-12-31"), value(TARIFFS["tariffs-2015-share"]), "s"),
        (year("2022-12-01"), value(TARIFFS["tariffs-2022-share"]), "o"),
        (year("2024-12-01"), value(TARIFFS["tariffs-2024-share"]), "o"),
    ]
    drawn = [(line.get_xdata()[0], line.get_ydata()[0], line.get_marker()) for line in figure.axes[0].lines]
    assert [mark for *_, mark in drawn] == [mark for *_, mark in rows]
    for (x, y, _), (when, share, _) in zip(drawn, rows, strict=True):
        assert (x, y) == pytest.approx((when, share))
    assert all(len(line.get_xdata()) == 1 for line in figure.axes[0].lines)  # nothing is joined


def test_days_stand_beside_the_costs_that_are_known():
    figure, data, _ = figures_of("04-transit")["transit-days"]
    left, right = figure.axes
    days, costs = (
        [tuple(map(float, line.get_xdata())) for line in ax.lines if line.get_marker() == "o"] for ax in (left, right)
    )
    claim = CLAIMS["rail-days"]
    expected = [(float(claim["value_low"]), float(claim["value_high"]))]
    expected += [
        tuple(float(TRANSIT[ref.removeprefix("series:")][end]) for end in ("value_low", "value_high"))
        for ref in data["ref"][1:]
    ]
    assert_same(days, expected)
    assert all(map(math.isnan, sum(costs[:6], ())))
    for drawn, port in zip(costs[6:], ("chabahar", "karachi"), strict=True):
        row = TRANSIT[f"transit-port-kabul-{port}-cost"]
        assert row["qualifier"] == "about"
        assert drawn == pytest.approx((0.9 * value(row) / 1000, 1.1 * value(row) / 1000))
    assert list(data["cost_ref"]) == [""] * 6 + [f"series:transit-port-kabul-{p}-cost" for p in ("chabahar", "karachi")]
    assert [t.get_text() for t in right.texts] == ["none found"] * 6


def test_a_column_of_places_in_an_order_has_no_unit():
    def head(*references):
        return _column_unit(LEDGER, [[{"ref": reference}] for reference in references], 0)

    assert head("series:rounds-quad-1", "series:rounds-quad-4") == ""
    assert head("series:tariffs-2013-share", "series:tariffs-2015-share") == " (percent)"
