"""Attacks on Chinese nationals: their toll, who is said to have carried them out, and which document tells them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebook.ledger import Ledger
from sourcebook.periods import days_of

if TYPE_CHECKING:
    import pandas as pd

_SAID = {"claimed": "{} claims it", "accused": "laid to {}", "named": "{} is named"}
"""How an attribution is told in a chart, the weightiest first."""
_NOBODY = ("unclaimed", "not recorded")


def attacks(ledger: Ledger) -> pd.DataFrame:
    """Return every attack of ``incidents.csv`` by date, with the rows of the series that give its toll.

    Returns
    -------
    DataFrame
        happening_id, name, date, country (of the place), province_id, killed and injured (``series:…`` of the
        Chinese, blank where no page gives the number), who (what `said` tells).
    """
    listed = ledger.tables["incidents"].frame().sort_values(["date", "happening_id"], kind="stable", ignore_index=True)
    toll = {
        (row["happening_id"], row["counted"]): f"series:{row['row_id']}"
        for row in ledger.tables["attacks"].rows
        if row["happening_id"] and row["victims"] == "chinese"
    }
    return listed.assign(
        country=[ledger.place(place).country for place in listed["place_id"]],
        killed=[toll.get((key, "killed"), "") for key in listed["happening_id"]],
        injured=[toll.get((key, "injured"), "") for key in listed["happening_id"]],
        who=[said(ledger, key) for key in listed["happening_id"]],
    )[["happening_id", "name", "date", "country", "province_id", "killed", "injured", "who"]]


def said(ledger: Ledger, happening_id: str) -> str:
    """Return in a few words who is said to have carried out an attack, the weightiest statement first."""
    found = [row for row in ledger.tables["attributions"].rows if row["happening_id"] == happening_id]
    for manner, words in _SAID.items():
        groups = [short_name(ledger, row["actor_id"]) for row in found if row["manner"] == manner]
        if groups:
            return words.format(groups[0] if len(groups) == 1 else "several")
    return _NOBODY[not any(row["manner"] == "unclaimed" for row in found)]


def short_name(ledger: Ledger, actor_id: str) -> str:
    """Return the abbreviation of an actor, as its name gives it in brackets, or the name."""
    name = ledger.actors[actor_id]
    abbreviation = re.search(r"\((\w+)\)$", name)
    return abbreviation[1] if abbreviation else name


def tellings(ledger: Ledger) -> pd.DataFrame:
    """Return how each document tells each attack since 2021: a row an attack, a column a document, both by date."""
    table = ledger.tables["tellings"].frame().set_index(["happening_id", "source_id"])["manner"]
    told = [key for key in attacks(ledger)["happening_id"] if key in set(table.index.get_level_values(0))]
    documents = sorted(ledger.sources, key=lambda key: (days_of(ledger.source(key).date_published)[1], key))
    import pandas as pd  # here, since a check needs none of it and it takes a second to import

    return pd.DataFrame([[table[key, document] for document in documents] for key in told], told, documents)
