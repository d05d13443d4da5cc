"""Pictures of what documents say of pairs: the matrix, the balances, their order, and who speaks in each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sourcebook.alignment import DOMAINS, FEW, FROM
from sourcebook.derivations.alignment import Name, key_of
from sourcebook.derived import definitions, frame
from sourcebook.formatting import number_text
from sourcebook.ledger import Ledger
from sourcebook.palette import GRID, INK, MUTED, PALETTE, PAPER
from sourcebook.remainder import computed
from sourcebook.stances import PAIRS

ACTORS = {"china": "China", "russia": "Russia", "pakistan": "Pakistan", "taliban-government": "Taliban gov."}
HEADS = {"legitimacy": "Legiti-\nmacy"}
MANY = 20
SIDES = ((MANY, 0.44), (FEW, 0.32), (1, 0.18))
"""Side of a cell's square, in inches, from so many statements on."""
PITCH = (0.75, 0.72)
PALE, HATCH, DASHES = 0.4, "/////", (0, (2, 1.4))
LINES: Sequence[str | tuple[int, tuple[float, ...]]] = ("solid", (0, (5, 1.5)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)))


def pair_label(name: Sequence[str], *, lines: int = 2) -> str:
    """Return how a chart names a pair, on one or two lines."""
    return ("–\n" if lines == 2 else "–").join(ACTORS[actor] for actor in name[:2])


def measured(ledger: Ledger, names: Iterable[Name], whats: Iterable[str]) -> pd.DataFrame:
    """Return derived values of cells to draw: one row for each cell, in the order given.

    Parameters
    ----------
    ledger : Ledger
        The record.
    names : iterable of tuple
        Two actors and a domain, blank for all.
    whats : iterable of str
        Ends of ids of `sourcebook.derivations.alignment`.

    Returns
    -------
    DataFrame
        Columns name, cell (in words), and for each `what` itself and ``<what> high``, the ends of the value, and
        ``<what> ref``; not a number and blank where a cell has no such value, or nothing is left of it.
    """
    rows = []
    for name in names:
        words = pair_label(name, lines=1)
        row: dict[str, object] = {"name": name, "cell": f"{words}: {name[2]}" if name[2] else words}
        for what in whats:
            key = key_of(name, what)
            known = key in definitions() and computed(ledger, key) is not None
            value = frame(ledger, [f"derived:{key}"]).iloc[0] if known else {"low": float("nan"), "high": float("nan")}
            row |= {what: value["low"], f"{what} high": value["high"], f"{what} ref": f"derived:{key}" if known else ""}
        rows.append(row)
    return pd.DataFrame(rows)


def referenced(drawn: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Return the table that stands under a figure: the cells in words, and the references of `heads`' values."""
    return pd.DataFrame({"Pair": drawn["cell"], **{f"{what} ref": drawn[f"{what} ref"] for what in heads}})


def bindings(heads: Mapping[str, str]) -> dict[str, str]:
    """Return what `show` wants as `bound` for a table of `referenced`."""
    return {head: f"{what} ref" for what, head in heads.items()}


def is_thin(row: pd.Series) -> bool:
    """Whether a cell is drawn as thin: few statements, or one document."""
    return bool(row["statements"] < FEW or row["documents"] < FROM)


def draw_matrix(ax: Axes, drawn: pd.DataFrame) -> None:
    """Draw pairs by domains: a square for each cell, filled by its balance, with its counts below.

    The square's size is the number of statements in three steps; its left part is what converges, its right part,
    hatched, what diverges: the wider the left, the higher the balance. A thin cell is pale with a dashed outline;
    a silent one has a dash and no square.

    Parameters
    ----------
    ax : Axes
        Where to draw; made as wide and high as it needs.
    drawn : DataFrame
        The cells that are spoken of, of `measured`: statements, converging, diverging, documents, balance.
    """
    across, down = PITCH
    spoken = {row["name"]: row for _, row in drawn.iterrows()}
    for i, pair in enumerate(PAIRS):
        for j, domain in enumerate(DOMAINS):
            x, y = j * across, i * down
            row = spoken.get((*pair, domain))
            if row is None or not row["statements"] > 0:
                ax.text(x, y, "–", ha="center", va="center", color=MUTED)
                continue
            _square(ax, x, y - 0.09, row)
            counts = f"{row['converging']:.0f}/{row['diverging']:.0f}"
            ax.text(x, y + 0.25, counts, ha="center", va="center")
    for i in range(1, len(PAIRS)):
        ax.axhline((i - 0.48) * down, color=GRID, linewidth=0.8)
    ax.set_xticks([j * across for j in range(len(DOMAINS))], [HEADS.get(d, d.capitalize()) for d in DOMAINS])
    ax.set_yticks([i * down for i in range(len(PAIRS))], [pair_label(pair) for pair in PAIRS])
    ax.tick_params(length=0, top=False, labeltop=True, labelbottom=False, labelcolor=INK)
    ax.set_xlim(-across / 2, (len(DOMAINS) - 0.5) * across)
    ax.set_ylim((len(PAIRS) - 0.48) * down, -down / 2)
    ax.set_aspect("equal")
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    keys = [*(_part(what, (0, 0), 1, 1) for what in ("converge", "diverge")),
            Patch(fill=False, edgecolor=INK, linestyle=DASHES)]  # fmt: skip
    ax.legend(keys, ["converge", "diverge", "thin"], loc="upper center", bbox_to_anchor=(0.42, 0.0), ncols=3)


def _square(ax: Axes, x: float, y: float, row: pd.Series) -> None:
    side = next(side for least, side in SIDES if row["statements"] >= least)
    left, top, thin = x - side / 2, y - side / 2, is_thin(row)
    split = side * (1 + row["balance"]) / 2
    for what, start, width in (("converge", left, split), ("diverge", left + split, side - split)):
        if width > 0:
            ax.add_patch(_part(what, (start, top), width, side, alpha=PALE if thin else 1.0))
            if thin and what == "diverge":  # white lines can't be seen on a pale ground
                ax.add_patch(Rectangle((start, top), width, side, fill=False, linewidth=0, hatch=HATCH, hatchcolor=INK))
    if thin:
        ax.add_patch(Rectangle((left, top), side, side, fill=False, edgecolor=INK, linestyle=DASHES, linewidth=1.1))


def _part(what: str, corner: tuple[float, float], width: float, height: float, *, alpha: float = 1.0) -> Rectangle:
    hatch = HATCH if what == "diverge" and alpha == 1 else None
    return Rectangle(
        corner, width, height, facecolor=PALETTE[what], alpha=alpha, linewidth=0, hatch=hatch, hatchcolor=PAPER
    )


def draw_balances(ax: Axes, drawn: pd.DataFrame) -> None:
    """Draw the balance of each pair as a dot, above it either coder's, below it what is left without one document.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    drawn : DataFrame
        Of `measured`: balance, coder-range, without-one; a silent pair has none.
    """
    ax.axvline(0, color=GRID, linewidth=1.2, zorder=0)
    for y, (_, row) in enumerate(drawn.iterrows()):
        if pd.isna(row["balance"]) or not row["statements"]:
            ax.text(0, y, "no statement", ha="center", va="center", color=MUTED, backgroundcolor=PAPER)
            continue
        for what, shift, marker in (("coder-range", -0.22, "s"), ("without-one", 0.22, "|")):
            ends = [row[what], row[f"{what} high"]]
            ax.plot(ends, [y + shift] * 2, color=MUTED, linewidth=1.4)
            ax.plot(ends, [y + shift] * 2, marker, color=MUTED, markersize=5 if marker == "s" else 9, markeredgewidth=2)
        ax.plot(row["balance"], y, "o", color=PALETTE["accent"], markersize=9)
    ax.set_yticks(range(len(drawn)), [pair_label(name) for name in drawn["name"]])
    ax.set_ylim(len(drawn) - 0.5, -0.6)
    ax.set_xlim(-1.08, 1.08)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1\nall diverge", "−0.5", "0", "0.5", "1\nall converge"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_axisbelow(True)
    marks = [
        Line2D([], [], marker=marker, color=color, markersize=size, linewidth=width, markeredgewidth=edge)
        for marker, color, size, width, edge in (
            ("o", PALETTE["accent"], 9, 0, 1), ("s", MUTED, 5, 1.4, 2), ("|", MUTED, 9, 1.4, 2),
        )
    ]  # fmt: skip
    names = ["of record", "either coder", "a document left out"]
    ax.legend(marks, names, loc="upper center", bbox_to_anchor=(0.25, -0.2), ncols=3, columnspacing=1.0)


def ranks(values: pd.Series) -> pd.Series:
    """Return the places of values, the greatest first; what is level shares the mean of its places."""
    return values.round(9).rank(ascending=False, method="average")


def draw_order(ax: Axes, drawn: pd.DataFrame, heads: Mapping[str, str]) -> None:
    """Draw the order of the pairs under each measure: a column for each, a line for each pair, values at the nodes.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    drawn : DataFrame
        Of `measured`, with the measures of `heads`.
    heads : mapping
        Measure to its column's head.
    """
    places = pd.DataFrame({what: ranks(drawn[what]) for what in heads})
    for cell, row, dashes in zip(drawn["cell"], places.to_numpy(), cycle(LINES), strict=False):
        ax.plot(range(len(heads)), row, color=INK, linewidth=1.4, linestyle=dashes, label=cell)
    for j, what in enumerate(heads):
        for place, value in sorted(set(zip(places[what], drawn[what].round(9), strict=True))):
            ax.text(
                j, place, number_text(value, 2).replace("-", "−"), ha="center", va="center", zorder=5,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.6},
            )  # fmt: skip
    ax.set_xticks(range(len(heads)), list(heads.values()))
    first = places[next(iter(heads))]
    ax.set_yticks(list(first), [pair_label(name) for name in drawn["name"]])
    ax.tick_params(length=0, top=False, labeltop=True, labelbottom=False, labelcolor=INK)
    ax.set_xlabel("half, whole, only: what a conditional statement counts", loc="left")
    ax.set_xlim(-0.45, len(heads) - 0.55)
    ax.set_ylim(len(drawn) + 0.4, 0.6)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def draw_documents(ax: Axes, drawn: pd.DataFrame, documents: Mapping[str, str]) -> None:
    """Draw how many statements of each cell come from each document: dots by their share, with the counts.

    A square stands where a cell rests on one document alone.

    Parameters
    ----------
    ax : Axes
        Where to draw; the pairs become headings.
    drawn : DataFrame
        Of `measured`, by pair: statements, and ``from-<document>`` for each document.
    documents : mapping
        Document to its column's head.
    """
    y, before = 0.0, ()
    ticks: dict[float, str] = {}
    for _, row in drawn.iterrows():
        if row["name"][:2] != before:
            before = row["name"][:2]
            y += 0.35 if ticks else 0.0
            ax.text(-1.62, y, pair_label(before, lines=1), va="center", weight="bold")
            y += 1
        ticks[y] = row["name"][2]
        for x, document in enumerate(documents):
            count = row[f"from-{document}"]
            if count > 0:
                alone = count == row["statements"]
                area = 150 * count / row["statements"]
                ax.scatter(x - 0.14, y, s=110 if alone else area, marker="s" if alone else "o",
                           color=PALETTE["accent"] if alone else PALETTE["other"], linewidth=0)  # fmt: skip
                ax.text(x + 0.1, y, f"{count:.0f}", va="center")
            else:
                ax.text(x, y, "·", ha="center", va="center", color=MUTED)
        y += 1
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set_xticks(range(len(documents)), list(documents.values()))
    ax.tick_params(length=0, top=False, labeltop=True, labelbottom=False, labelcolor=INK)
    ax.set_xlim(-0.55, len(documents) - 0.45)
    ax.set_ylim(y - 0.4, -0.6)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
