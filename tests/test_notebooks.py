"""What the committed notebooks must be, and that executing them gives the same bytes on another machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

import second_machine
from sourcebook.inputs import OUTPUTS, STAMP, input_files, inputs_digest, outputs_digest
from sourcebook.models import FIGURE_MIME, PLOTLY_MIME
from sourcebook.notebooks import execute, paths
from sourcebook.paths import ROOT

NOTEBOOKS = paths(ROOT)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(path):
    return [c for c in read(path)["cells"] if c["cell_type"] == "code"]


def house_problems(notebook):
    """Return what a notebook breaks of the house rules (STYLE, "Notebooks")."""
    problems = []
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    counts = [c["execution_count"] for c in code]
    if counts != list(range(1, len(code) + 1)):
        problems.append(f"execution counts are {counts}: restart and run all")
    if len(notebook["cells"]) > 40:
        problems.append("has more than forty cells")
    headings = [
        line for c in notebook["cells"] if c["cell_type"] == "markdown" for line in c["source"] if line.startswith("#")
    ]
    if not headings or not headings[0].startswith("# ") or sum(h.startswith("# ") for h in headings) != 1:
        problems.append("needs one title, first")
    if [h.strip() for h in headings[-2:]] != ["## What this shows", "## Sources and limits"]:
        problems.append("must end with 'What this shows' and 'Sources and limits'")
    for cell in code:
        source = "".join(cell["source"])
        for banned in (
            "sys.path",
            "!pip",
            "import *",
            "/home/",
            "/tmp",
            "datetime.now",
            "time.time",
            "filterwarnings",
            "requests",
        ):
            if banned in source:
                problems.append(f"uses {banned}")
        for output in cell["outputs"]:
            if output["output_type"] in ("stream", "error"):
                problems.append(f"has output of type {output['output_type']}")
    return problems


def test_there_are_the_eight_notebooks():
    names = "diplomacy mining minerals transit security timeline alignment audit".split()
    assert [p.stem for p in NOTEBOOKS] == [f"{i:02d}-{name}" for i, name in enumerate(names, 1)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_keeps_the_house_rules(path):
    assert house_problems(read(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_outputs_are_fresh_against_their_inputs(path):
    assert read(path)["metadata"][STAMP] == inputs_digest(ROOT), "run `make notebooks`"
    assert read(path)["metadata"][OUTPUTS] == outputs_digest(read(path)), "run `make notebooks`"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_picture_is_a_published_figure(path):
    outputs = [o["data"] for c in code_cells(path) for o in c["outputs"]]
    assert any(FIGURE_MIME in data for data in outputs)
    for data in outputs:
        if any(kind.startswith("image/") for kind in data):
            assert set(data) - {PLOTLY_MIME} == {FIGURE_MIME, "image/svg+xml", "text/plain"}


def planted(change):
    notebook = read(NOTEBOOKS[0])
    change(notebook["cells"])
    return house_problems(notebook)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda cells: cells[1].update(execution_count=None), "restart and run all"),
        (lambda cells: cells[0].update(source=["No title"]), "needs one title"),
        (lambda cells: cells[1].update(source=["import sys; sys.path.append('x')"]), "uses sys.path"),
        (lambda cells: cells[1]["outputs"].append({"output_type": "stream"}), "output of type stream"),
        (lambda cells: cells.pop(), "must end with"),
    ],
)
def test_a_broken_house_rule_is_found(change, told):
    assert any(told in problem for problem in planted(change))


def test_the_digest_follows_data_package_and_lock(tmp_path):
    for path in input_files(ROOT):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    assert inputs_digest(tmp_path) == inputs_digest(ROOT)
    for name in ("data/claims.csv", "src/sourcebook/quantity.py", "requirements.txt", "data/geo/borders.geojson"):
        path = tmp_path / name
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert inputs_digest(tmp_path) != inputs_digest(ROOT), name
        path.write_bytes(before)
    (tmp_path / "src/sourcebook/sphinx_ext").mkdir()
    (tmp_path / "src/sourcebook/sphinx_ext/new.py").write_text("", encoding="utf-8")
    assert inputs_digest(tmp_path) == inputs_digest(ROOT), "pages are made after the notebooks"
    (tmp_path / "data/judgements.yml").write_text("changed", encoding="utf-8")
    assert inputs_digest(tmp_path) == inputs_digest(ROOT), "no notebook shows a judgement"


@pytest.mark.parametrize("change", [{"source": ["1"]}, {"outputs": []}, {"execution_count": 7}])
def test_the_digest_of_outputs_follows_code_and_outputs_and_no_prose(change):
    notebook = read(NOTEBOOKS[0])
    before = outputs_digest(notebook)
    next(c for c in notebook["cells"] if c["cell_type"] == "markdown")["source"] = ["Other words"]
    assert outputs_digest(notebook) == before
    next(c for c in notebook["cells"] if c.get("outputs")).update(change)
    assert outputs_digest(notebook) != before


def test_a_failing_notebook_is_left_as_it_was(tmp_path):
    from nbclient.exceptions import CellExecutionError

    notebook = read(NOTEBOOKS[0])
    notebook["cells"] = notebook["cells"][:2]
    notebook["cells"][1]["source"] = ["1 / 0"]
    path = tmp_path / "broken.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute(path, "stamp")
    assert path.read_bytes() == before


def test_executing_again_on_a_second_machine_gives_the_same_bytes(tmp_path):
    """Of one notebook: nbval holds the outputs of all, its kernels being on that machine too, and `make reproduce` every byte."""
    first = NOTEBOOKS[0]
    (tmp_path / "notebooks").mkdir()
    shutil.copy(first, tmp_path / "notebooks")
    for name in ("data", "seeds", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("datapackage.json", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    command = [sys.executable, "-m", "sourcebook", "--root", str(tmp_path), "notebooks"]
    environment = second_machine.environment(second_machine.SECOND)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "notebooks" / first.name).read_bytes() == first.read_bytes()


def nbval(folder, *options):
    """Validate the notebooks of a folder as `make test` does, without what this run has set."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "-p", "no:xdist", *options, str(folder)], capture_output=True, text=True, check=False, cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONPATH": str(ROOT / "tests")},
    )  # fmt: skip


def test_the_second_machine_is_another_and_nbval_s_kernels_run_on_it(tmp_path, request):
    """The CPU is simulated by switching features off; the run proves that they are off."""
    assert request.config.pluginmanager.is_registered(second_machine)
    assert second_machine.not_simulated(tmp_path) == []
    assert nbval(tmp_path, "-p", "second_machine").returncode == 0  # on the notebook that asked
    assert nbval(tmp_path).returncode == 1


def test_a_changed_number_in_a_stored_output_fails_nbval(tmp_path):
    source = NOTEBOOKS[0].read_text(encoding="utf-8")
    assert "<!-- 215 -->" in source
    path = tmp_path / NOTEBOOKS[0].name
    path.write_text(source.replace("<!-- 215 -->", "<!-- 216 -->"), encoding="utf-8")
    done = nbval(tmp_path)
    assert done.returncode == 1
    assert re.search(r"1 failed", done.stdout)
    assert "image/svg+xml" in done.stdout
