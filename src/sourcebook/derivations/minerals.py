"""Derived values on iron, copper, rare earths and lithium."""

from __future__ import annotations

from sourcebook.derived import derived
from sourcebook.quantity import Quantity


def _ratio(part: Quantity, whole: Quantity) -> Quantity:
    return part / whole


def _years(stock: Quantity, yearly: Quantity) -> Quantity:
    return (stock / yearly).counted_as("year")


derived(
    "iron-share-of-reserves",
    "claim:iron-ore",
    "series:minerals-iron-world-reserves-2012",
    unit="percent",
    digits=1,
    label="Afghan iron ore as claimed against world reserves",
    formula="claimed ore ÷ world reserves of crude ore (edition of 2013); a resource over reserves, so on the high side",
)(_ratio)

derived(
    "iron-years-of-imports",
    "claim:iron-ore",
    "series:minerals-iron-china-imports-2025",
    unit="year",
    digits=1,
    label="Afghan iron ore as claimed, in years of Chinese imports",
    formula="claimed ore ÷ China's imports of iron ore in 2025",
)(_years)

derived(
    "hajigak-drilled-share",
    "series:minerals-iron-hajigak-proven-2009",
    "series:minerals-iron-hajigak-ministry",
    unit="percent",
    digits=0,
    label="Hajigak ore in the measured, proven, indicated and probable classes",
    formula="ore in these classes ÷ Hajigak by the ministry",
)(_ratio)

derived(
    "copper-share-of-reserves",
    "claim:copper-ore",
    "series:minerals-copper-world-reserves-2024",
    unit="percent",
    digits=1,
    label="Afghan copper as claimed against world reserves",
    formula="claimed copper ÷ world reserves; a resource over reserves, so on the high side",
)(_ratio)

derived(
    "copper-share-of-resources",
    "claim:copper-ore",
    "series:minerals-copper-world-identified-resources",
    unit="percent",
    digits=1,
    label="Afghan copper as claimed against the world's identified resources",
    formula="claimed copper ÷ identified resources of the world: like against like",
)(_ratio)


@derived(
    "china-copper-use",
    "series:minerals-copper-world-use-2024",
    "series:minerals-copper-china-share-2024",
    unit="t",
    digits=-5,
    label="refined copper that China uses in a year",
    formula="world use of refined copper in 2024 × China's share of about 58 percent",
)
def _use(world: Quantity, share: Quantity) -> Quantity:
    return world * share


derived(
    "copper-years-of-use",
    "claim:copper-ore",
    "derived:china-copper-use",
    unit="year",
    digits=1,
    label="Afghan copper as claimed, in years of Chinese use",
    formula="claimed copper ÷ refined copper that China uses in a year, as if all of it could be recovered",
)(_years)


@derived(
    "aynak-copper-by-grade",
    "series:minerals-copper-aynak-ore",
    "series:minerals-copper-aynak-grade",
    unit="t",
    digits=-4,
    label="copper in the ore of Aynak by tonnage and grade",
    formula="ore × grade",
)
def _contained(ore: Quantity, grade: Quantity) -> Quantity:
    return ore * grade


@derived(
    "aynak-share-of-reserves",
    "derived:aynak-copper-by-grade",
    "series:minerals-copper-aynak-mcc-2008",
    "series:minerals-copper-world-reserves-2024",
    unit="percent",
    digits=1,
    label="Aynak's copper against world reserves, from the lower to the higher estimate",
    formula="copper by tonnage and grade, to copper as the Chinese operator puts it, ÷ world reserves",
)
def _aynak_share(low: Quantity, high: Quantity, world: Quantity) -> Quantity:
    return Quantity(low.low, high.high, "t") / world


derived(
    "rare-earth-share-of-reserves",
    "series:minerals-rare-earths-afghanistan-2019",
    "series:minerals-rare-earths-world-reserves-2024",
    unit="percent",
    digits=1,
    label="Afghan rare earths as the ministry gave them against world reserves",
    formula="Afghan rare earths ÷ sum of the reserves listed; a resource over reserves, so on the high side",
)(_ratio)

derived(
    "rare-earth-years-of-output",
    "series:minerals-rare-earths-afghanistan-2019",
    "series:minerals-rare-earths-china-mine-output-2024",
    unit="year",
    digits=1,
    label="Afghan rare earths as the ministry gave them, in years of what China mines",
    formula="Afghan rare earths ÷ China's mine output of 2024, as if all of it could be recovered",
)(_years)


@derived(
    "lithium-in-seized-rock",
    "claim:lithium-rocks",
    "series:minerals-lithium-spodumene-grade",
    unit="t",
    digits=0,
    label="most lithium that the seized rock can hold",
    formula="from nothing up to rock × lithium in pure spodumene; our inference, since no assay was published",
)
def _ceiling(rock: Quantity, grade: Quantity) -> Quantity:
    return Quantity(0.0, (rock * grade).high, "t")


derived(
    "seized-lithium-share",
    "derived:lithium-in-seized-rock",
    "series:minerals-lithium-world-mine-output-2024",
    unit="percent",
    digits=3,
    label="that lithium against a year of the world's mine output",
    formula="most lithium in the rock ÷ world mine output of 2024",
)(_ratio)

derived(
    "lithium-grade-overstatement",
    "series:minerals-lithium-seized-rock-grade-claim-2023",
    "series:minerals-lithium-spodumene-grade",
    unit="",
    digits=0,
    label="the grade that officials named against the most that spodumene can hold",
    formula="30 percent as named ÷ lithium in pure spodumene",
)(_ratio)
