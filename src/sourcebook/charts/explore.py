"""The plot behind a figure, for readers who ask for it: what it may hold, and how it is written down.

A picture stands for it in print, without script and until it is asked for, so it may hold nothing that the picture's
contract would refuse. Its points name records, and the record writes what stands beside them.
"""

from __future__ import annotations

import base64
import html
import json
import re
import textwrap
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go

from sourcebook.derived import record
from sourcebook.errors import FigureError
from sourcebook.formatting import dated_text, text_of
from sourcebook.ledger import Ledger
from sourcebook.palette import DARK, GRID, INK, MUTED, PAPER

CLEAR = "rgba(0,0,0,0)"
KINDS = ("bar", "scatter")  # others fetch maps, start workers, or have points that no key can step through
_WRITTEN = ("text", "name")
_OF_THE_RECORD = ("hovertext", "hovertemplate", "texttemplate")


def explorable(height: int) -> go.Figure:
    """Return an empty plot of `height` pixels in the house style; it is as wide as the page lets it be."""
    font = {"family": "system-ui, sans-serif", "size": 12, "color": INK}
    axis = {"gridcolor": GRID, "linecolor": GRID, "zeroline": False, "automargin": True, "tickfont": {"color": MUTED}}
    return go.Figure(
        layout={
            "height": height,
            "font": font,
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "hoverlabel": {"bgcolor": PAPER, "bordercolor": MUTED, "align": "left", "font": font},
            "hovermode": "closest",
            "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
            "modebar": {"bgcolor": CLEAR, "color": MUTED, "activecolor": INK},
            "showlegend": False,
            "uirevision": "kept",  # the zoom survives a change from light to dark
            "xaxis": axis,
            "yaxis": axis,
        }
    )


def hover_text(ledger: Ledger, reference: str) -> str:
    """Return what stands beside a point: the record's words, each on a line of their own.

    Raises
    ------
    UnknownId
        If the reference leads nowhere.
    """
    kind, _, key = reference.partition(":")
    mark = " ≠" if ledger.contradicted(kind, key) else ""
    dated = ledger.dated(reference)
    if dated is not None and kind == "event":
        event = ledger.event(key)
        title, value, source = event.title, dated_text(dated), ledger.source(event.source_id).short_name
    elif dated is not None:
        title, value, source = f"On {ledger.review(key).event_id}", dated_text(dated), ledger.review(key).publisher
    else:
        found = record(ledger, kind, key)
        title, value, source = found.label, text_of(found, ledger.units), ""
    lines = [*textwrap.wrap(title, 34), value + mark, source, key]
    return "<br>".join(html.escape(line, quote=False) for line in lines if line)


def plain(figure: go.Figure) -> dict[str, Any]:
    """Return a plot as plain JSON: lists for packed arrays, six digits, no template, nothing random."""
    drawn = _plain(json.loads(figure.to_json()))
    drawn["layout"].pop("template", None)  # seven kilobytes, and colours that are not the book's
    for trace in drawn["data"]:
        trace.pop("uid", None)
    return {"data": drawn["data"], "layout": drawn["layout"]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "bdata" in value:
            return _plain(_unpacked(value))
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value


def _unpacked(packed: dict[str, Any]) -> Any:
    flat = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=np.dtype(packed["dtype"]))
    shape = [int(n) for n in str(packed.get("shape", flat.size)).split(",")]
    return flat.reshape(shape).tolist()


def published(
    figure: go.Figure, ledger: Ledger, references: Collection[str], wrong: Callable[[str], list[str]]
) -> dict[str, Any]:
    """Hold a plot to the contract of `show` and return it as JSON, with the record's words beside each point.

    Parameters
    ----------
    figure : go.Figure
        Begun by `explorable`; each point names its record in `customdata`, or its trace has ``hoverinfo="skip"``.
    ledger : Ledger
        The record.
    references : collection of str
        What is plotted, as the table under the figure has it.
    wrong : callable
        Returns the numbers of a text that are in no plotted record.

    Raises
    ------
    FigureError
        If it breaks the contract.
    UnknownId
        If a reference leads nowhere.
    """
    drawn = plain(figure)
    _check_parts(drawn)
    _check_colors(drawn)
    told = [
        text for key, value in _leaves(drawn) if key in _WRITTEN and isinstance(value, str) for text in wrong(value)
    ]
    if told:
        raise FigureError(f"numbers in the plot are in no plotted record: {', '.join(told)}")
    for trace in drawn["data"]:
        if trace.get("hoverinfo") != "skip":
            _check_points(trace, references)
            trace["hoverinfo"] = "text"
            trace["hovertext"] = [hover_text(ledger, reference) for reference in trace["customdata"]]
    return drawn


def _check_parts(drawn: dict[str, Any]) -> None:
    for key, value in _leaves(drawn):
        if key in _OF_THE_RECORD:
            raise FigureError(f"{key} is written from the record: give the references as customdata")
        if isinstance(value, str) and ("://" in value or re.search(r"<(?!br>|/?[bi]>)", value)):
            raise FigureError(f"{value!r} in the plot: no addresses, and no markup but br, b and i")
    for trace in drawn["data"]:
        if trace["type"] not in KINDS:
            raise FigureError(f"a trace of type {trace['type']!r}: use one of {', '.join(KINDS)}")


def _check_colors(drawn: dict[str, Any]) -> None:
    """Every colour is one that has a twin on dark pages; where a trace names none plotly would take its own."""
    used = {str(value) for key, value in _leaves(drawn) if key.endswith(("color", "colorway")) and value is not None}
    strange = sorted(used - set(DARK) - {CLEAR})
    if strange:
        raise FigureError(f"colours {', '.join(strange)} are not of the palette: use sourcebook.charts.PALETTE")
    for number, trace in enumerate(drawn["data"]):
        if not any("color" in key and value in DARK for key, value in _leaves(trace)):
            raise FigureError(f"trace {number} has no colour of its own: give it one of sourcebook.charts.PALETTE")


def _check_points(trace: dict[str, Any], references: Collection[str]) -> None:
    named, points = trace.get("customdata", []), trace.get("y", [])
    if len(named) != len(points):
        raise FigureError(f"{len(points)} points and {len(named)} references: give one as customdata of each point")
    strange = sorted(set(named) - set(references))
    if strange:
        raise FigureError(f"points for {', '.join(strange)}, which the table under the figure does not have")


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a tree that is neither list nor mapping, with the key that it stands under."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, key)
    else:
        yield key, value
