"""Two builds compared: what differs is named, and the second machine is one."""

from __future__ import annotations

import pytest

import reproduce
import second_machine
from sourcebook.paths import ROOT


def write(folder, **files):
    for name, content in files.items():
        path = folder / "_build/html" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_the_same_bytes_are_no_difference(tmp_path):
    one, other = (write(tmp_path / name, page=b"a", two=b"b") for name in ("one", "other"))
    assert list(reproduce.differences(one, other)) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"the same until here",
            "_build/html/page.html: byte 11: b'the same unless here' against b'the same until here'",
        ),
        (b"the same unless here, and more", "_build/html/page.html: byte 20: "),
    ],
)
def test_the_first_byte_that_differs_is_named(tmp_path, content, told):
    one = write(tmp_path / "one", page=b"the same unless here")
    other = write(tmp_path / "other", page=content)
    (found,) = reproduce.differences(one, other)
    assert found.startswith(told)


def test_a_file_that_only_one_has_is_named(tmp_path):
    one, other = write(tmp_path / "one", page=b"a", more=b"b"), write(tmp_path / "other", page=b"a")
    assert list(reproduce.differences(one, other)) == ["_build/html/more.html: only in one"]


def test_what_is_compared_was_made_there(tmp_path):
    notebook = (ROOT / "notebooks/01-diplomacy.ipynb").read_text("utf-8")
    assert '"image/svg+xml"' in notebook
    assert '"image/svg+xml"' not in reproduce.stripped(notebook)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({}, {}, []),
        ({}, {"features": {}}, ["numpy knows none of these features: the simulation needs other names"]),
        ({}, {"features": {"X86_V3": True}}, ["the feature X86_V3 is on"]),
        ({}, {"core": "Zen"}, ["OpenBLAS runs its kernels for Zen on both"]),
        ({"features": {"X86_V3": False}}, {"core": "Zen"}, []),  # a processor as old as the one that is simulated
        ({"zone": "+1345"}, {}, ["the zone is +1345 on both"]),
        ({"locale": "C"}, {}, ["the locale is C on both"]),
    ],
)
def test_a_machine_that_is_not_another_is_told(monkeypatch, tmp_path, first, second, told):
    one = {"features": {"X86_V3": True}, "core": "Zen", "zone": "+0000", "locale": "C.UTF-8"}
    other = {"features": {"X86_V3": False}, "core": "Prescott", "zone": "+1345", "locale": "C"}
    found = iter([one | first, other | second])
    monkeypatch.setattr(second_machine, "probe", lambda of, folder: next(found))
    assert second_machine.not_simulated(tmp_path) == told


def test_what_sphinx_notes_for_itself_is_not_compared(tmp_path):
    folders = [write(tmp_path / name, page=b"a") for name in ("one", "other")]
    for folder in folders:
        (folder / "_build/html/.buildinfo").write_text(folder.name, encoding="utf-8")
    assert list(reproduce.differences(*folders)) == []
