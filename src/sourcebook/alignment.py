"""Where the powers agree and conflict, counted over stances.

A statement is one sentence of one document on one pair. What it is about gives the domain. The measures here read
the record of adjudication, or either coding alone: pass ``ledger.coding(...)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sourcebook.models import Stance
from sourcebook.stances import PAIRS

DOMAINS = ("political", "security", "economic", "transit", "legitimacy")


@dataclass(frozen=True)
class Cell:
    """What the documents say of one pair in one domain.

    Attributes
    ----------
    pair : tuple of str
        Two actors.
    domain : str
        Field of policy.
    stances : tuple of Stance
        The statements, each on this pair.
    """

    pair: tuple[str, str]
    domain: str
    stances: tuple[Stance, ...]

    def count(self, relation: str, *modalities: str) -> int:
        """Return how many statements say so; of every modality if none is named."""
        return sum(s.relation == relation and (not modalities or s.modality in modalities) for s in self.stances)

    @property
    def documents(self) -> frozenset[str]:
        """The documents that speak of it."""
        return frozenset(s.source_id for s in self.stances)

    @property
    def balance(self) -> float | None:
        """Converging less diverging statements, over both: -1 to 1; None where nothing is said."""
        converging, diverging = self.count("converges"), self.count("diverges")
        return (converging - diverging) / (converging + diverging) if self.stances else None


def cells(stances: Iterable[Stance]) -> tuple[Cell, ...]:
    """Return a cell for each pair and domain, in this order, empty ones included.

    Parameters
    ----------
    stances : iterable of Stance
        Of one coding; those of single actors are left aside.
    """
    found: dict[tuple[str, str, str], list[Stance]] = {(*pair, domain): [] for pair in PAIRS for domain in DOMAINS}
    for stance in stances:
        if stance.actor_b:
            found[stance.actor_a, stance.actor_b, stance.domain].append(stance)
    return tuple(Cell((a, b), domain, tuple(rows)) for (a, b, domain), rows in found.items())
