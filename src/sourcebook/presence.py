"""Where reports, and documents, put the camps, schools and fighters of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebook.ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd


def presence(ledger: Ledger, actor_id: str, *what: str) -> pd.DataFrame:
    """Return the statements of ``presence.csv`` on one group, by date.

    Parameters
    ----------
    ledger : Ledger
        The record.
    actor_id : str
        The group.
    *what : str
        What is said to be there: camp, school, present, moved_from, moved_to.

    Returns
    -------
    DataFrame
        place_id, what, reported, by (the document that says so; blank for a report or page outside them).
    """
    found = ledger.tables["presence"].frame()
    found = found[(found["actor_id"] == actor_id) & found["what"].isin(what)]
    documents = [
        ledger.claim(row["claim_id"]).source_id
        if row["claim_id"]
        else ledger.event(row["event_id"]).source_id
        if row["event_id"]
        else ""
        for row in found.to_dict("records")
    ]
    ordered = found.assign(by=documents).sort_values(["reported", "place_id"], kind="stable", ignore_index=True)
    return ordered[["place_id", "what", "reported", "by"]]
