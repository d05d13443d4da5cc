"""Derived values on the count of diplomatic meetings."""

from sourcebook.derived import derived
from sourcebook.quantity import Quantity


@derived(
    "china-meetings-ratio",
    "claim:china-meetings",
    "claim:meetings-total",
    unit="percent",
    digits=1,
    label="meetings with China for each hundred meetings counted in all",
    formula="meetings with China ÷ all meetings; an upper ratio, since a meeting with several countries may count once in the total and once for each",
)
def _china_ratio(china: Quantity, total: Quantity) -> Quantity:
    return china / total
