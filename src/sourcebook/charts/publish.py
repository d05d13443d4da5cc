"""The one way in which a figure is published: `show`, and the contract that it holds a figure to."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import plotly.graph_objects as go
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.text import Text

from sourcebook.charts import explore
from sourcebook.charts.style import WIDTH
from sourcebook.derived import record
from sourcebook.errors import FigureError
from sourcebook.formatting import cell_text, date_text, text_of
from sourcebook.ledger import Ledger
from sourcebook.models import FIGURE_MIME, PLOTLY_MIME
from sourcebook.numerals import find_numerals
from sourcebook.palette import DARK


def show(
    figure: Figure,
    name: str,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    *,
    ledger: Ledger,
    bound: Mapping[str, str],
    interactive: go.Figure | None = None,
) -> None:
    """Publish a figure: the only way in which one reaches the book.

    Parameters
    ----------
    figure : Figure
        A matplotlib figure in the book's palette.
    name : str
        Kebab label, by which prose refers to it: ``{numref}`fig-<name>` ``.
    caption : str
        The finding, in MyST; numbers are bound by roles.
    alt : str
        What the picture shows, extreme values included, each as ``{kind:id}`` (``{id}`` for a claim).
    data : DataFrame
        What is plotted, one row a mark; shown under the figure and offered as CSV.
    ledger : Ledger
        The record.
    bound : mapping
        Column to show -> column of `data` that holds the references (``claim:china-meetings``, ``event:...`` for
        a date); the cells are written by the record when the book is built, so that they cannot be older than it.
    interactive : go.Figure, optional
        The plot that a reader may ask for, begun by `explorable`; `figure` stands for it everywhere else.

    Raises
    ------
    FigureError
        If a colour is not of the palette, the figure is too wide, a number written into the picture is none of
        the data, caption, alt or data are missing, or a column holds dates and numbers; in `interactive` also if a
        point names no record.
    UnknownId
        If a reference leads nowhere.
    """
    references = {column: list(data[refs]) for column, refs in bound.items()}
    _check_contract(figure, caption, alt, data)
    for column, refs in references.items():
        if len({ledger.dated(r) is None for r in refs if r}) > 1:
            raise FigureError(f"column {column!r} holds dates and numbers: give each a column of its own")
    svg = svg_of(figure)
    _check_colors(svg)
    plotted = [r for refs in references.values() for r in refs if r]
    allowed = _numbers_of(ledger, plotted)
    _check_written_numbers(figure, allowed)
    payload = {
        "name": name,
        "caption": caption,
        "alt": alt,
        "columns": [c for c in data.columns if c not in bound.values()] + list(bound),
        "rows": _rows(data, bound),
    }
    plain = f"Figure {name}: {caption}\n{data.to_string(index=False)}"
    bundle = {FIGURE_MIME: payload, "image/svg+xml": svg, "text/plain": plain}
    if interactive is not None:
        bundle[PLOTLY_MIME] = explore.published(interactive, ledger, plotted, lambda text: _strange(text, allowed))
    display(bundle, raw=True)
    plt.close(figure)


def _rows(data: pd.DataFrame, bound: Mapping[str, str]) -> list[list[Any]]:
    shown = [c for c in data.columns if c not in bound.values()]
    return [
        [str(row[c]) for c in shown] + [{"ref": row[refs]} if row[refs] else "" for refs in bound.values()]
        for row in data.to_dict("records")
    ]


def _check_contract(figure: Figure, caption: str, alt: str, data: pd.DataFrame) -> None:
    if figure.get_figwidth() > WIDTH + 1e-9:
        raise FigureError(f"figure is {figure.get_figwidth():g} inches wide, {WIDTH} are allowed: use canvas()")
    missing = [what for what, given in (("caption", caption), ("alt", alt)) if not given.strip()]
    if data.empty:
        missing.append("data")
    if missing:
        raise FigureError(f"figure has no {', no '.join(missing)}: say what it shows and what is plotted")


def svg_of(figure: Figure) -> str:
    """Return a figure as SVG, the same bytes each time."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", out.getvalue(), flags=re.DOTALL)
    # a hundredth of a point is finer than any screen or press; a map's borders weigh half as much with it
    return re.sub(r'(?<= d=")[^"]+', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path[0]), text)


def _check_colors(svg: str) -> None:
    used = {c.lower() for c in re.findall(r"#[0-9a-fA-F]{6}\b", svg)} - {"#000000"}
    strange = sorted(used - set(DARK))
    if strange:
        raise FigureError(f"colours {', '.join(strange)} are not of the palette: use sourcebook.charts.PALETTE")


def _numbers_of(ledger: Ledger, references: Iterable[str]) -> set[float]:
    """Return every number in the words that the plotted records are written with."""
    return {
        end
        for reference in references
        for words in _words_of(ledger, reference)
        for n in find_numerals(words)
        for end in (n.low, n.high)
    }


def _words_of(ledger: Ledger, reference: str) -> Iterable[str]:
    dated = ledger.dated(reference)
    if dated is not None:
        return [date_text(dated.date)]
    found = record(ledger, *reference.split(":", 1))
    return text_of(found, ledger.units), cell_text(found.stated, found.digits)


def _check_written_numbers(figure: Figure, allowed: set[float]) -> None:
    """Every numeral written into the picture, ticks aside, is one of a plotted record."""
    ticks = {t for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for t in axis.get_ticklabels(which="both")}
    wrong = []
    for written in figure.findobj(Text):
        if written not in ticks and written.get_visible():
            wrong += _strange(written.get_text(), allowed)
    if wrong:
        raise FigureError(f"numbers in the picture are in no plotted record: {', '.join(wrong)}")


def _strange(text: str, allowed: set[float]) -> list[str]:
    """Return the text once for each of its numbers in digits that is not allowed."""
    written = [n for n in find_numerals(text) if re.search(r"\d", text[n.start : n.end])]
    return [text for n in written for end in {n.low, n.high} if end not in allowed]
