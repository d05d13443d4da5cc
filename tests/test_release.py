from __future__ import annotations

import io
import re
import subprocess
import tomllib
import zipfile

import yaml

from sourcebook.paths import ROOT
from sourcebook.sphinx_ext import release


def pages(folder):
    for name, text in {
        "index.html": "page",
        "book/a.html": "other",
        "data/claims.json": "{}",
        "book.pdf": "%PDF",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_release_has_pages_pdf_data_and_checksums_that_hold(tmp_path):
    release.write(pages(tmp_path / "html"), tmp_path / "release")
    names = {p.name for p in (tmp_path / "release").iterdir()}
    assert names == {release.PAGES, "book.pdf", "claims.json", release.SUMS}
    done = subprocess.run(["sha256sum", "-c", release.SUMS], cwd=tmp_path / "release", capture_output=True, check=False)
    assert done.returncode == 0


def test_the_zip_of_the_pages_is_the_same_bytes_and_unpacks_into_one_folder(tmp_path):
    first = release.zipped(pages(tmp_path / "one"))
    assert first == release.zipped(pages(tmp_path / "two"))
    with zipfile.ZipFile(io.BytesIO(first)) as made:
        assert "convergence-and-divergence/book/a.html" in made.namelist()


def test_every_command_of_the_workflow_but_the_release_itself_is_a_target_that_runs_here():
    workflow = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8"))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    targets = [re.fullmatch(r"make (\w+)", command) for command in commands if not command.startswith("gh release ")]
    assert all(targets)
    assert {t[1] for t in targets} == {"test", "book", "release"}
    for target in targets:
        assert re.search(rf"^{target[1]}:", makefile, re.MULTILINE)


def test_a_pdf_made_of_the_pages_is_linked_in_them_afterwards(tmp_path):
    folder = pages(tmp_path / "html")
    (folder / "book/a.html").write_text("<!--pdf ../x.pdf--><p>text</p>", encoding="utf-8")
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    release.link(folder, tmp_path / "x.pdf")
    assert '<a class="header-link" href="../x.pdf"' in (folder / "book/a.html").read_text(encoding="utf-8")
    assert (folder / "x.pdf").read_bytes() == b"%PDF"


def test_binder_installs_the_lock_and_the_package_under_the_python_that_it_asks_for():
    folder = ROOT / "binder"
    assert (folder / "requirements.txt").read_text(encoding="utf-8") == "-r ../requirements.txt\n"
    python = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert (folder / "runtime.txt").read_text(encoding="utf-8") == f"python-{python.removeprefix('>=')}\n"
    after = folder / "postBuild"
    assert after.stat().st_mode & 0o111
    assert "pip install --quiet --no-deps -e ." in after.read_text(encoding="utf-8")
    target = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nbinder:")[2].partition("\n\n")[0]
    assert "-r binder/requirements.txt && ./binder/postBuild" in target
