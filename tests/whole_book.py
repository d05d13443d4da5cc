"""The whole book, copied and built strictly: for the tests of the book and of its pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sourcebook.models import FIGURE_MIME
from sourcebook.paths import ROOT
from sourcebook.pdf.making import make

PATIENCE = 900  # s: how long a worker waits for a build that another has begun

PROJECT = (
    "_config.yml",
    "_toc.yml",
    "CITATION.cff",
    "LICENSE",
    "index.md",
    "datapackage.json",
    "requirements.txt",
    "book",
    "notebooks",
    "seeds",
    "data",
    "src",
)


def published_figures():
    """How many figures the notebooks publish."""
    return sum(p.read_text(encoding="utf-8").count(f'"{FIGURE_MIME}"') for p in (ROOT / "notebooks").glob("*.ipynb"))


def copy_project(folder):
    """A copy of everything that the build reads, without the seed texts."""
    leave = shutil.ignore_patterns("text", "__pycache__", ".ipynb_checkpoints", "*.egg-info")
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=leave)
        else:
            shutil.copy(ROOT / name, folder)
    return folder


READ = ("--builder=custom", "--custom-builder=dummy")
"""Options of a build that reads every page and writes none: what is wrong with a page is told while it is read."""


def build(folder, *options, strict=True, seed="random"):
    """Run the build by hand, as strictly as `make html` does; `seed` is that of the hashes of strings."""
    command = [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        ".",
        *(("-n", "-W", "--keep-going") if strict else ()),
        "-q",
        *options,
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "SITE_URL": "", "PYTHONHASHSEED": seed},
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def once(folder, make):
    """Return what `make(folder)` returned, called once for all workers: the first to come calls it, the others wait."""
    told = folder.with_suffix(".json")
    try:
        folder.mkdir()
    except FileExistsError:
        began = time.monotonic()
        while not told.exists():
            assert time.monotonic() - began < PATIENCE, f"nobody made {folder}"
            time.sleep(0.2)
    else:
        made = folder.with_suffix(".part")
        made.write_text(json.dumps(make(folder)), encoding="utf-8")
        made.rename(told)  # never seen half written
    return json.loads(told.read_text(encoding="utf-8"))


def shared(tmp_path_factory):
    """The folder that all workers see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The book, built strictly in a folder that all workers share."""
    folder = shared(tmp_path_factory) / "whole-book"
    code, output = once(folder, lambda folder: build(copy_project(folder)))
    assert code == 0, output
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def printed(site, tmp_path_factory):
    """The PDF of the book, which all workers share too."""
    return Path(once(shared(tmp_path_factory) / "whole-pdf", lambda _: str(make(site.parents[1], say=lambda _: None))))
