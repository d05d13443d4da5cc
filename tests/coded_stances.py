"""What the tables say of pairs, counted with nothing but the standard library: the other side of the tests."""

from __future__ import annotations

import csv
from itertools import combinations
from statistics import fmean

from sourcebook.paths import ROOT

ACTORS = ("china", "russia", "pakistan", "taliban-government")
PAIRS = list(combinations(ACTORS, 2))
DOMAINS = ("political", "security", "economic", "transit", "legitimacy")
WEIGHT = {"actual": 1, "conditional": 0.5, "possible": 0.5}


def table(name):
    with (ROOT / f"data/{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


DOMAIN_OF = {row["issue_id"]: row["domain"] for row in table("issues")}
RECORD = [row for row in table("stances") if row["actor_b"]]
CODED = {
    coder: [row for row in table("codings") if row["actor_b"] and row["coder"] == coder]
    for coder in ("first", "second")
}


def rows_of(rows, pair, domain=""):
    return [
        row for row in rows if (row["actor_a"], row["actor_b"]) == pair and domain in ("", DOMAIN_OF[row["issue_id"]])
    ]


def documents_of(rows):
    return sorted({row["source_id"] for row in rows})


def net(rows, weight=WEIGHT.__getitem__):
    total = sum(weight(row["modality"]) for row in rows)
    signed = sum(weight(row["modality"]) * (1 if row["relation"] == "converges" else -1) for row in rows)
    return signed / total if total else None


def votes(rows, column):
    groups = {row[column]: [other for other in rows if other[column] == row[column]] for row in rows}
    return fmean(net(group) for group in groups.values())


def measures(rows):
    """The measures whose order of the pairs is compared."""
    return {
        "balance": net(rows),
        "whole": net(rows, lambda _: 1),
        "actual": net(rows, lambda modality: modality == "actual"),
        "explicit": net([row for row in rows if row["modality"] == "actual" and row["strength"] == "explicit"]),
        "by-document": votes(rows, "source_id"),
        "by-issue": votes(rows, "issue_id"),
    }


def cell_values(pair, domain=""):
    """(low, high) of every value of a cell that is spoken of, by the end of its id."""
    rows = rows_of(RECORD, pair, domain)
    documents = documents_of(rows)
    coders = sorted(net(rows_of(CODED[coder], pair, domain)) for coder in CODED)
    shaded = [row for row in rows if row["modality"] != "actual"]
    found = {
        "statements": len(rows),
        "converging": sum(row["relation"] == "converges" for row in rows),
        "diverging": sum(row["relation"] == "diverges" for row in rows),
        "shaded": len(shaded),
        "credited": sum(row["voice"] in ("actor", "third") for row in rows),
        "documents": len(documents),
        "balance": net(rows),
        **{f"from-{d}": sum(row["source_id"] == d for row in rows) for d in documents},
    }
    ranges = {"coder-range": (coders[0], coders[1])}
    if len(documents) > 1:
        without = {d: net([row for row in rows if row["source_id"] != d]) for d in documents}
        found |= {f"without-{d}": value for d, value in without.items()}
        found["by-document"] = votes(rows, "source_id")
        ranges["without-one"] = (min(without.values()), max(without.values()))
    if not domain:
        found |= {
            "diverging-shaded": sum(row["relation"] == "diverges" for row in shaded),
            "explicit-statements": sum(r["modality"] == "actual" and r["strength"] == "explicit" for r in rows),
            "share": 100 * len(rows) / len(RECORD),
            **{what: measures(rows)[what] for what in ("whole", "actual", "explicit", "by-issue")},
        }
    return {**{what: (value, value) for what, value in found.items()}, **ranges}


def kinds(rows):
    """How many cells are spoken of, silent, thin, solid and of a single document."""
    spoken = [found for pair in PAIRS for domain in DOMAINS if (found := rows_of(rows, pair, domain))]
    thin = sum(len(found) < 5 or len(documents_of(found)) < 2 for found in spoken)
    return {
        "spoken": len(spoken), "silent": 30 - len(spoken), "thin": thin, "solid": len(spoken) - thin,
        "one-document": sum(len(documents_of(found)) == 1 for found in spoken),
    }  # fmt: skip
