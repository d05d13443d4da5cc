"""The contract of `show`, and what the notebooks' charts really draw, held against the ledger."""

from __future__ import annotations

import json
import math

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from drawn_figures import assert_same, bars_of, figures_of, quantity, ranges_of
from sourcebook.charts import (
    DARK,
    PALETTE,
    FigureError,
    canvas,
    color_of,
    interval_bars,
    labelled,
    legible,
    show,
)
from sourcebook.charts import publish as publish_module
from sourcebook.ledger import Ledger
from sourcebook.models import FIGURE_MIME
from sourcebook.notebooks import paths
from sourcebook.palette import PAPER
from sourcebook.paths import ROOT

LEDGER = Ledger.load()
DATA = pd.DataFrame({"Partner": ["China"], "ref": ["claim:china-meetings"]})


@pytest.fixture
def published(monkeypatch):
    """What `show` hands to the notebook's display."""
    shown = []
    monkeypatch.setattr(publish_module, "display", lambda data, raw: shown.append(data))
    return shown


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def bar(color=PALETTE["china"], text=None, width=4.8):
    figure, ax = canvas(1.5)
    figure.set_figwidth(width)
    ax.barh(["China"], [215], color=color)
    if text:
        ax.text(10, 0, text)
    return figure


def publish(figure, **overrides):
    arguments = {"caption": "A finding.", "alt": "One bar.", "data": DATA, **overrides}
    show(figure, "bars", **arguments, ledger=LEDGER, bound={"Meetings": "ref"})


def test_a_figure_travels_with_caption_alt_and_references(published):
    publish(bar(text="215"))
    (bundle,) = published
    assert bundle[FIGURE_MIME] == {
        "name": "bars",
        "caption": "A finding.",
        "alt": "One bar.",
        "columns": ["Partner", "Meetings"],
        "rows": [["China", {"ref": "claim:china-meetings"}]],
    }
    assert json.dumps(bundle[FIGURE_MIME])
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert "<metadata" not in bundle["image/svg+xml"]


def test_two_runs_draw_the_same_bytes(published):
    publish(bar())
    publish(bar())
    assert published[0]["image/svg+xml"] == published[1]["image/svg+xml"]


@pytest.mark.parametrize(
    ("figure", "overrides", "told"),
    [
        (lambda: bar(color="#123456"), {}, "colours #123456 are not of the palette"),
        (lambda: bar(width=6.4), {}, "6.4 inches wide, 4.8 are allowed"),
        (lambda: bar(text="216"), {}, "numbers in the picture are in no plotted record: 216"),
        (bar, {"alt": " "}, "figure has no alt"),
        (bar, {"caption": ""}, "figure has no caption"),
        (bar, {"data": DATA.iloc[:0]}, "no data"),
    ],
)
def test_a_figure_that_breaks_the_contract_is_refused(published, figure, overrides, told):
    with pytest.raises(FigureError, match=told):
        publish(figure(), **overrides)
    assert published == []


def test_a_reference_that_leads_nowhere_is_refused(published):
    from sourcebook.errors import UnknownId

    with pytest.raises(UnknownId, match="china-meeting"):
        publish(bar(), data=DATA.assign(ref="claim:china-meeting"))


def test_every_colour_has_its_twin_for_dark_pages():
    assert set(PALETTE.values()) <= set(DARK)


def contrast(one, two):
    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", PALETTE)
def test_marks_stand_out_on_light_and_dark_paper(name):
    """WCAG 2.2, 1.4.11: 3 to 1 for what is needed to understand a picture."""
    assert contrast(PALETTE[name], PAPER) >= 3
    assert contrast(DARK[PALETTE[name]], DARK[PAPER]) >= 3


def test_one_colour_for_an_actor_and_grey_for_all_others():
    assert color_of("china") == PALETTE["china"]
    assert color_of("turkey") == PALETTE["other"]


def test_labelled_sets_claims_apart():
    drawn = labelled(LEDGER, {"Article": "claim:contracts-signed", "AFP\n2025": "series:contracts-afp-2025"})
    assert list(drawn["low"]) == [200, 180]
    assert list(drawn["high"]) == pytest.approx([200, 220])
    assert list(drawn["color"]) == [PALETTE["accent"], PALETTE["other"]]
    assert list(legible(drawn, "Count")["Count"]) == ["Article ≠", "AFP 2025"]


def test_an_open_end_is_drawn_to_the_limit_with_an_arrow():
    _, ax = canvas(1.5)
    interval_bars(
        ax,
        pd.DataFrame({"label": ["a", "b"], "low": [2.0, 3.0], "high": [math.inf, 4.0], "color": ["k"] * 2}),
        limit=10,
    )
    solid, open_part = ax.containers
    assert [p.get_width() for p in solid] == [2, 3]
    assert [p.get_width() for p in open_part] == [8, 1]
    assert len(ax.texts) == 1


# --- the notebooks ---------------------------------------------------------------------------------------


def figure_named(name):
    return next(found[name] for path in paths(ROOT) if name in (found := figures_of(path.stem)))


BARS = {"contract-counts": 1, "iron-classes": 1e9, "port-distance": 1}
RANGES = {
    "chinese-share": 1, "mining-revenue": 1e6, "mineral-shares": 1, "demand-years": 1, "border-length": 1,
}  # fmt: skip


@pytest.mark.parametrize(("name", "scale"), [*BARS.items(), *RANGES.items()])
def test_a_chart_draws_the_intervals_of_its_records(name, scale):
    figure, data, _ = figure_named(name)
    plotted = bars_of(figure) if name in BARS else ranges_of(figure)
    expected = [(q.low / scale, q.high / scale) for q in map(quantity, data["ref"])]
    assert_same(plotted, expected)


def test_the_bars_of_the_meetings_are_the_published_counts():
    figure, data, _ = figures_of("01-diplomacy")["meetings-by-partner"]
    (container,) = figure.axes[0].containers
    widths = [patch.get_width() for patch in container]
    assert widths == [quantity(ref).low for ref in data["ref"]]
    assert widths == sorted(widths, reverse=True)
    assert widths[:2] == [quantity("claim:china-meetings").low, quantity("claim:turkey-meetings").low]
    colors = dict(zip(data["Partner"], (patch.get_facecolor() for patch in container), strict=True))
    grey = colors["Turkey"]
    assert {name for name, color in colors.items() if color != grey} == {"China", "Russia", "Pakistan"}


def test_shares_run_from_engagements_to_meetings():
    figure, data, _ = figures_of("01-diplomacy")["meeting-shares"]
    expected = [
        (quantity(a).low, quantity(b).high) for a, b in zip(data["floor_ref"], data["ceiling_ref"], strict=True)
    ]
    assert_same(ranges_of(figure), expected)


def test_the_rate_is_drawn_for_all_partners():
    figure, data, _ = figures_of("01-diplomacy")["meeting-rate"]
    expected = [(quantity(ref).low, quantity(ref).high) for ref in data.loc[data["Whose"] == "All partners", "ref"]]
    assert_same(ranges_of(figure), expected)


def test_amounts_are_drawn_on_a_logarithmic_axis():
    figure, data, _ = figures_of("02-mining")["investment"]
    assert figure.axes[0].get_xscale() == "log"
    expected = [(q.low, q.low if math.isinf(q.high) else q.high) for q in map(quantity, data["ref"])]
    assert_same(ranges_of(figure), expected)


@pytest.mark.parametrize(("name", "routes"), [("corridors", 6), ("wakhan", 2)])
def test_a_map_draws_the_corridors_through_their_places(name, routes):
    figure, _, _ = figures_of("04-transit")[name]
    drawn_lines = [
        list(zip(line.get_xdata(), line.get_ydata(), strict=True))
        for line in figure.axes[0].lines
        if line.get_zorder() == 3
    ]
    assert len(drawn_lines) == routes
    known = []
    for route in LEDGER.routes.values():
        places = [LEDGER.place(route.legs[0].from_place_id), *(LEDGER.place(leg.to_place_id) for leg in route.legs)]
        known.append([(p.lon, p.lat) for p in places])
    for line in drawn_lines:
        assert line in known


def meets(points, west, east, south, north):
    lons, lats = zip(*points, strict=True)
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south


def test_disputed_borders_are_dashed():
    figure, _, _ = figures_of("04-transit")["corridors"]
    borders = [line for line in figure.axes[0].lines if line.get_zorder() == 1]
    stored = json.loads((ROOT / "data/geo/borders.geojson").read_text(encoding="utf-8"))["features"]
    (west, east), (south, north) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    features = [f for f in stored if meets(f["geometry"]["coordinates"], west, east, south, north)]
    assert 0 < len(features) < len(stored)
    assert len(borders) == len(features)
    dashed = {i for i, line in enumerate(borders) if line.get_linestyle() == "--"}
    assert dashed == {i for i, f in enumerate(features) if f["properties"]["disputed"]}
    pairs = {frozenset((features[i]["properties"]["a"], features[i]["properties"]["b"])) for i in dashed}
    assert frozenset(("India", "Pakistan")) in pairs


def test_every_figure_of_the_notebooks_is_tested():
    """Each has a test in the file of its notebook or here, which names it."""
    tests = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").glob("test_charts*.py"))
    figures = [name for path in paths(ROOT) for name in figures_of(path.stem)]
    assert len(figures) == len(set(figures))
    assert [name for name in figures if f'"{name}"' not in tests] == []
