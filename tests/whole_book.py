"""The whole book, copied and built strictly: for the tests of the book and of its pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sourcebook.paths import ROOT

PROJECT = (
    "_config.yml",
    "_toc.yml",
    "index.md",
    "datapackage.json",
    "requirements.txt",
    "book",
    "notebooks",
    "seeds",
    "data",
    "src",
)


def copy_project(folder):
    """A copy of everything that the build reads, without the seed texts."""
    leave = shutil.ignore_patterns("text", "__pycache__", ".ipynb_checkpoints", "*.egg-info")
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=leave)
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def build(folder):
    """Run the build by hand, as strictly as `make html` does."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-n", "-W", "--keep-going", "-q"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The book, built strictly in a folder of its own."""
    folder = copy_project(tmp_path_factory.mktemp("book"))
    code, output = build(folder)
    assert code == 0, output
    return folder / "_build" / "html"
