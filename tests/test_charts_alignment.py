"""What the charts of alignment draw, held against a count of the tables by hand."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coded_stances import DOMAINS, PAIRS, RECORD, cell_values, documents_of, measures, rows_of
from drawn_figures import LEDGER, assert_same, figures_of
from sourcebook.charts.alignment import HATCH, PITCH, draw_matrix, measured, pair_label, ranks
from sourcebook.charts.style import canvas
from sourcebook.palette import PALETTE

SOURCES = sorted(LEDGER.sources)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def figure_of(name):
    return figures_of("07-alignment")[name]


def spoken():
    """Every cell that is spoken of: pair, domain, and the place of its row and column."""
    return [
        (i, j, pair, domain)
        for i, pair in enumerate(PAIRS)
        for j, domain in enumerate(DOMAINS)
        if rows_of(RECORD, pair, domain)
    ]


def texts(ax):
    return {(round(t.get_position()[0], 3), round(t.get_position()[1], 3)): t.get_text() for t in ax.texts}


# --- the matrix -------------------------------------------------------------------------------------------


def squares(ax):
    """Of each cell by row and column: the widths of what converges and diverges, the height, pale, outlined."""
    found = {}
    for patch in (p for p in ax.patches if isinstance(p, Rectangle)):
        x, y = patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
        cell = found.setdefault((round(y / PITCH[1]), round(x / PITCH[0])), {"hatched": 0.0, "outlined": False})
        if patch.get_linestyle() not in ("-", "solid"):
            cell["outlined"] = True
            continue
        if patch.get_hatch() == HATCH:
            cell["hatched"] += patch.get_width()
        if patch.get_fill():
            color = {PALETTE["converge"]: "converge", PALETTE["diverge"]: "diverge"}[to_hex(patch.get_facecolor())]
            cell |= {color: patch.get_width(), "height": patch.get_height(), "pale": patch.get_alpha() < 1}
    return found


def test_the_matrix_has_a_square_for_each_cell_that_is_spoken_of_and_a_dash_for_the_others():
    figure, _, _ = figure_of("alignment-matrix")
    (ax,) = figure.axes
    drawn = squares(ax)
    assert set(drawn) == {(i, j) for i, j, _, _ in spoken()}
    dashes = {(round(y / PITCH[1]), round(x / PITCH[0])) for (x, y), text in texts(ax).items() if text == "–"}
    assert dashes == {(i, j) for i in range(6) for j in range(5)} - set(drawn)
    assert len(dashes) == 9


def test_a_square_is_filled_by_its_balance_and_sized_by_its_statements():
    figure, _, _ = figure_of("alignment-matrix")
    drawn = squares(figure.axes[0])
    sizes = {}
    for i, j, pair, domain in spoken():
        values, cell = cell_values(pair, domain), drawn[i, j]
        balance = values["balance"][0]
        wide, narrow = cell.get("converge", 0.0), cell.get("diverge", 0.0)
        assert wide + narrow == pytest.approx(cell["height"])
        assert (wide - narrow) / cell["height"] == pytest.approx(balance)
        assert cell["hatched"] == pytest.approx(narrow), "what diverges is hatched, and nothing else"
        sizes.setdefault(round(cell["height"], 6), []).append(values["statements"][0])
    small, medium, large = (sizes[side] for side in sorted(sizes))
    assert max(small) < 5 <= min(medium) <= max(medium) < 20 <= min(large)


def test_a_thin_cell_is_drawn_as_thin():
    figure, _, _ = figure_of("alignment-matrix")
    drawn = squares(figure.axes[0])
    for i, j, pair, domain in spoken():
        rows = rows_of(RECORD, pair, domain)
        thin = len(rows) < 5 or len(documents_of(rows)) == 1
        assert (drawn[i, j]["pale"], drawn[i, j]["outlined"]) == (thin, thin)


def test_the_counts_stand_below_the_squares():
    figure, _, _ = figure_of("alignment-matrix")
    (ax,) = figure.axes
    counts = {(int(y / PITCH[1] + 0.4), round(x / PITCH[0])): text for (x, y), text in texts(ax).items() if "/" in text}
    expected = {}
    for i, j, pair, domain in spoken():
        values = cell_values(pair, domain)
        expected[i, j] = f"{values['converging'][0]}/{values['diverging'][0]}"
    assert counts == expected


def test_the_matrix_is_legible_on_a_narrow_page():
    """Its type, 10 pt at 4.8 inches, comes to some 10 px where the page is 390 px wide; no two words may touch."""
    figure, _, _ = figure_of("alignment-matrix")
    figure.draw_without_rendering()
    (ax,) = figure.axes
    words = [t for t in (*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()) if t.get_text()]
    boxes = [t.get_window_extent() for t in words]
    assert all(t.get_fontsize() >= 10 for t in words)
    edge = figure.bbox
    assert all(edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1 for box in boxes)
    touching = [
        (one.get_text(), other.get_text())
        for n, (one, a) in enumerate(zip(words, boxes, strict=True))
        for other, b in list(zip(words, boxes, strict=True))[n + 1 :]
        if a.overlaps(b)
    ]
    assert touching == []


def test_a_cell_that_only_diverges_has_no_part_that_converges():
    _, ax = canvas(2)
    name = ("pakistan", "taliban-government", "security")
    draw_matrix(ax, measured(LEDGER, [name], ["statements", "converging", "diverging", "documents", "balance"]))
    (cell,) = squares(ax).values()
    assert "converge" not in cell
    assert cell["diverge"] == pytest.approx(cell["height"])


# --- the balances -----------------------------------------------------------------------------------------


def test_each_pair_has_its_balance_between_its_two_ranges():
    figure, data, _ = figure_of("alignment-balance")
    (ax,) = figure.axes
    labels = [t.get_text() for t in ax.get_yticklabels()]
    order = sorted((p for p in PAIRS if rows_of(RECORD, p)), key=lambda p: -cell_values(p)["balance"][0])
    assert labels == [pair_label(pair) for pair in (*order, ("russia", "pakistan"))]
    marks = {"o": [], "s": [], "|": []}
    for line in ax.lines:
        if line.get_marker() in marks:
            marks[line.get_marker()].append(([float(x) for x in line.get_xdata()], float(line.get_ydata()[0])))
    values = [cell_values(pair) for pair in order]
    assert_same([x for (x,), _ in marks["o"]], [v["balance"][0] for v in values])
    assert_same([tuple(x) for x, _ in marks["s"]], [v["coder-range"] for v in values])
    assert_same([tuple(x) for x, _ in marks["|"]], [v["without-one"] for v in values])
    for row, (coders, dot, without) in enumerate(zip(marks["s"], marks["o"], marks["|"], strict=True)):
        assert coders[1] < dot[1] == row < without[1]
    assert texts(ax) == {(0, 5): "no statement"}
    assert list(data["Pair"])[-1] == "Russia–Pakistan"
    assert list(data["balance ref"])[-1] == ""


# --- the order --------------------------------------------------------------------------------------------


def test_what_is_level_shares_a_place():
    assert list(ranks(pd.Series([0.1 + 0.2, 0.3, 1.0, -1.0]))) == [2.5, 2.5, 1.0, 4.0]


def test_the_order_is_drawn_for_each_measure():
    figure, data, _ = figure_of("alignment-order")
    (ax,) = figure.axes
    order = sorted((p for p in PAIRS if rows_of(RECORD, p)), key=lambda p: -cell_values(p)["balance"][0])
    values = [measures(rows_of(RECORD, pair)) for pair in order]
    names = ["balance", "whole", "actual", "explicit", "by-document", "by-issue"]
    assert list(data.columns) == ["Pair", *(f"{name} ref" for name in names)]
    for line, mine in zip(ax.lines, values, strict=True):
        places = []
        for name in names:
            ahead = sum(other[name] > mine[name] + 1e-9 for other in values)
            level = sum(abs(other[name] - mine[name]) < 1e-9 for other in values)
            places.append(ahead + (level + 1) / 2)
        assert list(line.get_ydata()) == pytest.approx(places)
        for j, name in enumerate(names):
            assert float(texts(ax)[j, places[j]].replace("−", "-")) == pytest.approx(mine[name], abs=0.00501)
    assert len({str(line._unscaled_dash_pattern) for line in ax.lines[:4]}) == 4, "lines that cross are told apart"


# --- the documents ----------------------------------------------------------------------------------------


def test_each_document_has_its_statements_and_a_single_one_a_square():
    figure, data, _ = figure_of("alignment-documents")
    (ax,) = figure.axes
    rows = list(zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True))
    cells = [(pair, domain) for _, _, pair, domain in spoken()]
    assert [domain for _, domain in rows] == [domain for _, domain in cells]
    assert len(data) == len(cells)
    written = texts(ax)
    dots = {}
    for collection in ax.collections:
        ((x, y),) = collection.get_offsets()
        corners = len(collection.get_paths()[0].vertices)
        dots[round(x + 0.14), round(float(y), 3)] = (collection.get_sizes()[0], corners < 10)
    expected, counts = {}, {}
    for (y, _), (pair, domain) in zip(rows, cells, strict=True):
        found = rows_of(RECORD, pair, domain)
        for x, source in enumerate(SOURCES):
            mine = sum(row["source_id"] == source for row in found)
            if mine:
                expected[x, round(float(y), 3)] = (mine / len(found), mine == len(found))
                counts[round(x + 0.1, 3), round(float(y), 3)] = str(mine)
    assert dots.keys() == expected.keys()
    assert {at: square for at, (_, square) in dots.items()} == {at: alone for at, (_, alone) in expected.items()}
    for at, (share, alone) in expected.items():
        assert alone or math.isclose(dots[at][0], 150 * share)
    assert {at: text for at, text in written.items() if text.isdigit()} == counts
    assert [t.get_text() for t in ax.get_xticklabels()] == ["CSRS", "DID", "Rehalem", "Wakhan", "Zeeshan"]
