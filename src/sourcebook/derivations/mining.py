"""Derived values on contracts, companies, investment and revenue in mining."""

from __future__ import annotations

from sourcebook.derived import derived
from sourcebook.quantity import Quantity


def _ratio(top: Quantity, bottom: Quantity) -> Quantity:
    return top / bottom


@derived(
    "contracts-two-years",
    "series:contracts-diplomat-2022-2023",
    "series:contracts-diplomat-2023-2024",
    unit="contract",
    digits=0,
    label="small contracts that The Diplomat counts over two years",
    formula="year to September 2023 + year to September 2024",
)
def _two_years(first: Quantity, second: Quantity) -> Quantity:
    return first + second


@derived(
    "contracts-count-ratio",
    "derived:contracts-two-years",
    "claim:contracts-signed",
    unit="",
    digits=1,
    label="The Diplomat's two years for each contract of the article's period",
    formula="contracts over two years ÷ contracts of the article",
)
def _count_ratio(counted: Quantity, claimed: Quantity) -> Quantity:
    return counted / claimed


@derived(
    "contracts-chinese-by-words",
    "claim:contracts-signed",
    "claim:contracts-chinese-share",
    unit="contract",
    digits=0,
    label="contracts with Chinese companies that 'primarily' would mean",
    formula="contracts × more than half, at most all",
)
def _by_words(contracts: Quantity, share: Quantity) -> Quantity:
    return contracts * share


@derived(
    "round-2023-chinese-share",
    "series:contracts-round-2023-chinese-count",
    "series:contracts-round-2023-count",
    unit="percent",
    digits=0,
    label="contracts of 31 August 2023 that name a Chinese partner",
    formula="contracts that name a Chinese partner ÷ contracts of that day",
)
def _round_share(chinese: Quantity, contracts: Quantity) -> Quantity:
    return chinese / contracts


derived(
    "investment-per-company",
    "claim:csrs-investment",
    "claim:csrs-companies",
    unit="USD/company",
    digits=-5,
    label="investment for each registered company, as the brief's two figures bound it",
    formula="about 500 million dollars ÷ over 100 companies; an upper bound, since the number of companies has none",
)(_ratio)

derived(
    "pledge-to-investment",
    "series:contracts-amu-darya-three-years",
    "claim:csrs-investment",
    unit="percent",
    digits=0,
    label="the one Amu Darya oil pledge against all investment that the brief counts",
    formula="three-year pledge ÷ investment",
)(_ratio)

derived(
    "investment-over-fdi",
    "claim:csrs-investment",
    "series:contracts-fdi-2020",
    unit="",
    digits=0,
    label="the brief's investment in years of the Chinese ministry's recorded flow of 2020",
    formula="investment ÷ flow of 2020",
)(_ratio)

derived(
    "press-claim-ratio",
    "series:contracts-chinese-investment-claim",
    "claim:csrs-investment",
    unit="",
    digits=1,
    label="the press figure for Chinese investment against the brief's",
    formula="press figure ÷ brief's figure",
)(_ratio)

derived(
    "announced-to-revenue",
    "series:contracts-round-2023-value",
    "claim:mining-revenue-2024",
    unit="",
    digits=0,
    label="investment announced on one day of 2023 against the mining revenue of 2024",
    formula="announced investment ÷ nearly 100 million dollars",
)(_ratio)

derived(
    "revenue-per-contract",
    "claim:mining-revenue-2024",
    "claim:contracts-signed",
    unit="USD/contract",
    digits=-4,
    label="mining revenue for each contract signed",
    formula="nearly 100 million dollars ÷ contracts of the article",
)(_ratio)


@derived(
    "exchange-rate-1403",
    "series:revenue-total-ten-months-afn",
    "series:revenue-total-ten-months-usd",
    unit="AFN/USD",
    digits=1,
    label="afghanis to the dollar that the World Bank's two figures imply",
    formula="revenue in afghanis ÷ the same revenue in dollars",
)
def _rate(afghanis: Quantity, dollars: Quantity) -> Quantity:
    return afghanis / dollars


@derived(
    "revenue-1401-in-dollars",
    "series:revenue-ministry-1401",
    "derived:exchange-rate-1403",
    unit="USD",
    digits=-7,
    label="the ministry's revenue of solar 1401 in dollars of two years later",
    formula="revenue in afghanis ÷ afghanis to the dollar implied for solar 1403; the rate of 1401 was lower in "
    "value, so this is on the high side",
)
def _revenue_1401(revenue: Quantity, rate: Quantity) -> Quantity:
    return revenue / rate


@derived(
    "mining-revenue-2024-in-afghanis",
    "claim:mining-revenue-2024",
    "derived:exchange-rate-1403",
    unit="AFN",
    digits=-8,
    label="the article's mining revenue of 2024 in afghanis",
    formula="nearly 100 million dollars × afghanis to the dollar implied for solar 1403",
)
def _in_afghanis(revenue: Quantity, rate: Quantity) -> Quantity:
    return revenue * rate


derived(
    "revenue-fall",
    "claim:mining-revenue-2024",
    "derived:revenue-1401-in-dollars",
    unit="percent",
    digits=0,
    label="the article's revenue of 2024 against the ministry's of solar 1401",
    formula="nearly 100 million dollars ÷ revenue of solar 1401 in dollars",
)(_ratio)

derived(
    "mining-share-of-revenue",
    "claim:mining-revenue-2024",
    "series:revenue-total-ten-months-usd",
    unit="percent",
    digits=1,
    label="the article's mining revenue against ten months of all government revenue",
    formula="nearly 100 million dollars ÷ revenue of ten months",
)(_ratio)


@derived(
    "coal-exports-fall",
    "series:revenue-coal-exports-2024-eight-months",
    "series:revenue-coal-exports-2023-eight-months",
    unit="percent",
    digits=0,
    label="fall of coal exports, January to August 2024 against 2023",
    formula="1 − exports of 2024 ÷ exports of 2023",
)
def _coal_fall(now: Quantity, before: Quantity) -> Quantity:
    return Quantity.point(1.0, "") - now / before
