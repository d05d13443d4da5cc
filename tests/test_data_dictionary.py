"""data/README.md and datapackage.json define the same columns."""

import json
import re

import pandas as pd
import pytest

from sourcebook.paths import DATAPACKAGE, ROOT

README = "data/README.md"
HEADER = ["column", "definition", "source"]


def cells_of(line):
    r"""The cells of one line of a Markdown table; ``\|`` is a bar within a cell."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def definitions_in(readme):
    """(table, column, definition) of every column table, in order; its heading names the files it is about."""
    found, files, within = [], [], False
    for line in readme.splitlines():
        if line.startswith("#"):
            files, within = re.findall(r"`([^`]+\.csv)`", line), False
        elif not line.startswith("|"):
            within = False
        elif cells_of(line) == HEADER:
            within = True
        elif within and not set(line) <= set("|-: "):
            column, definition, source = cells_of(line)
            assert source, f"{column} of {files} has no source"
            found += [(file, column.strip("`"), definition) for file in files or ["(no file in the heading)"]]
    return found


def definitions_of(package):
    """(table, column, definition) of every column of the data package."""
    tables = [r for r in package["resources"] if "schema" in r]
    return [(r["path"], f["name"], f["description"]) for r in tables for f in r["schema"]["fields"]]


def differences(readme, package):
    """Everything that the README and the data package do not say alike."""
    described, defined = definitions_in(readme), definitions_of(package)
    there, here = ({(t, c): d for t, c, d in rows} for rows in (defined, described))
    columns = [(table, column) for table, column, _ in described]
    return [
        *(f"{t}: {c} is missing" for t, c in there if (t, c) not in here),
        *(f"{t}: {c} is unknown to the data package" for t, c in here if (t, c) not in there),
        *(f"{t}: {c} stands there twice" for t, c in sorted({k for k in columns if columns.count(k) > 1})),
        *(f"{t}: {c} is defined as {d!r}" for t, c, d in described if d != there.get((t, c), d)),
    ]


@pytest.fixture
def readme():
    return (ROOT / README).read_text(encoding="utf-8")


@pytest.fixture
def package():
    return json.loads((ROOT / DATAPACKAGE).read_text(encoding="utf-8"))


def test_every_column_is_defined_once_and_alike(readme, package):
    assert differences(readme, package) == []
    assert len(definitions_in(readme)) == len(definitions_of(package))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "| `measure` | What is counted or measured, in a few words of ours |",
            "| `measure` | What is weighed |",
            ["data/claims.csv: measure is defined as 'What is weighed'"],
            id="another definition",
        ),
        pytest.param(
            "| `measure` | What is counted or measured, in a few words of ours | coder |\n",
            "",
            ["data/claims.csv: measure is missing"],
            id="column left out",
        ),
        pytest.param(
            "| `proposition` | What to be for or against means; blank where the sentence names it | coder |\n",
            "| `proposition` | What to be for or against means; blank where the sentence names it | coder |\n| `mood` | How gladly | coder |\n",
            ["data/issues.csv: mood is unknown to the data package"],
            id="column invented",
        ),
        pytest.param(
            "| `proposition` | What to be for or against means; blank where the sentence names it | coder |\n",
            "| `proposition` | What to be for or against means; blank where the sentence names it | coder |\n" * 2,
            ["data/issues.csv: proposition stands there twice"],
            id="column twice",
        ),
        pytest.param(
            ", `data/series/border.csv`",
            "",
            [
                f"data/series/border.csv: {column} is missing"
                for column in "row_id label actor_id place_id value_low value_high unit qualifier period_start "
                "period_end publisher title date url date_accessed source_kind note".split()
            ],
            id="table left out",
        ),
        pytest.param(
            "accepted in prose for this unit, separated by \\|",
            "accepted in prose for this unit, separated by ;",
            ["data/units.csv: aliases is defined as 'Other words accepted in prose for this unit, separated by ;'"],
            id="a bar within a cell",
        ),
    ],
)
def test_a_planted_difference_is_found(readme, package, old, new, said):
    assert readme.count(old) == 1
    assert differences(readme.replace(old, new), package) == said


def test_example_prints_the_count_of_the_record(readme, monkeypatch, capsys):
    (example,) = re.findall(r"^```python\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(ROOT)
    exec(example, {})
    claims = pd.read_csv("data/claims.csv", index_col="claim_id", dtype=str)
    printed = capsys.readouterr().out
    assert printed.split()[0] == claims.loc["china-meetings", "value_low"]
    assert f"It prints `{printed.strip()}`" in readme
