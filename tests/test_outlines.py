from __future__ import annotations

import gzip
import json
import re

import pytest

from sourcebook.paths import ROOT
from sourcebook.sphinx_ext import outlines


def places(path):
    """Every point of a path by its place, in tenths, as a reader of SVG finds it; `z` where it closes."""
    found, at, begun, letter = [], (0, 0), (0, 0), ""
    for token, x, y in re.findall(r"([MLlz])|(-?[\d.]+)[ ]*(-?(?:\d+(?:\.\d+)?|\.\d+))", path.replace("\n", " ")):
        letter = token or letter
        if token == "z":
            found.append("z")
            at = begun
        elif not token:
            to = round(float(x) * 10), round(float(y) * 10)
            at = (at[0] + to[0], at[1] + to[1]) if letter == "l" else to
            begun = at if letter == "M" else begun
            found.append(at)
    return found


def once(found):
    """Points without one that stands where the last one does."""
    return [point for i, point in enumerate(found) if i == 0 or point != found[i - 1]]


def maps():
    """The pictures of the notebook that has most maps."""
    notebook = json.loads((ROOT / "notebooks/04-transit.ipynb").read_text(encoding="utf-8"))
    outputs = (output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", ()))
    return ["".join(data["image/svg+xml"]) for data in outputs if "image/svg+xml" in data]


def test_every_point_of_every_outline_is_where_it_was_to_a_tenth_of_a_point():
    checked = 0
    for svg in maps():
        before, after = (re.findall(r' d="([^"]*)"', text) for text in (svg, outlines.shorter(svg)))
        for old, new in zip(before, after, strict=True):
            if old == new:
                assert old.count("L") < outlines.POINTS or re.search("[QC]", old)
            else:
                assert once(places(new)) == once(places(old))
                checked += 1
    assert checked >= 50


def test_a_map_takes_two_thirds_over_the_wire_at_most_and_what_is_short_already_stays():
    svg = max(maps(), key=len)
    made = outlines.shorter(svg)
    assert len(gzip.compress(made.encode())) < len(gzip.compress(svg.encode())) * 2 / 3
    assert outlines.shorter(made) == made


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("M 1.04 2 \nL 1.16 2 \nL 0.66 3.5 \nz\nM 0 0 \nL 3 0 \n", "M1 2l.2 0-.5 1.5zM0 0l3 0"),
        ("M 0.00 -0.04 \nL 0.02 0.00 \nL -12.34 5.00 \n", "M0 0l-12.3 5"),
    ],
)
def test_a_path_is_written_in_steps(path, written, monkeypatch):
    monkeypatch.setattr(outlines, "POINTS", 1)
    assert outlines.shorter(f'<path d="{path}"/>') == f'<path d="{written}"/>'
