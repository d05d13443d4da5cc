"""Derived values on the dated events: how many, of whom, and how far a date is from the one that a page gives."""

from __future__ import annotations

from sourcebook.derived import derived
from sourcebook.documents import names
from sourcebook.quantity import Quantity

REFUTED = {
    "csrs-putin-statement": "csrs-putin-statement-amu-tv",
    "csrs-russia-delisting": "csrs-russia-delisting-interfax",
    "csrs-shoigu-kabul": "csrs-shoigu-kabul-amu-tv",
    "csrs-yue-kabul": "csrs-yue-kabul-app",
    "rehalem-omar-lu-shulin": "rehalem-omar-lu-shulin-wion",
    "rehalem-taliban-gone": "rehalem-taliban-gone-bbc",
    "rehalem-taliban-toppled": "rehalem-taliban-toppled-bbc",
    "rehalem-us-decision-quit": "rehalem-us-decision-quit-usa-today",
    "rehalem-us-exit-day-before": "rehalem-us-exit-day-before-crs",
    "rehalem-uyghurs-relocated": "rehalem-uyghurs-relocated-rferl",
    "rehalem-xinjiang-autonomous": "rehalem-xinjiang-autonomous-china-org-cn",
}
"""Events whose date a page contradicts, and the review of that page; a test holds them against the record."""
SINCE = "2021|2022|2023|2024|2025|2026"
"""The years of the newer part of the timeline."""


def _same(value: Quantity) -> Quantity:
    return value


def _counted(key: str, query: str, label: str) -> None:
    what = "different happenings" if "distinct=happening" in query else "tellings"
    derived(key, f"tally:{query}", unit="event", digits=0, label=label, formula=f"{what} counted")(_same)


_counted("timeline-tellings", "events", "dated statements of the documents")
_counted("timeline-happenings", "events?distinct=happening", "happenings that the documents date")
_counted("timeline-shared", "events?documents=2&distinct=happening", "happenings that two documents date")
_counted("timeline-inferred", "events?inferred=true", "dated statements whose date was inferred")
_counted("timeline-year-only", "events?precision=year", "dated statements that give the year only")
_counted("timeline-to-2020", f"events?year!={SINCE}&distinct=happening", "happenings dated to 2020 or before")
_counted("timeline-since-2021", f"events?year={SINCE}&distinct=happening", "happenings dated to 2021 or later")
_counted("timeline-2024", "events?year=2024&distinct=happening", "happenings dated to 2024")
_counted("timeline-after-2024", "events?year=2025|2026&distinct=happening", "happenings dated to 2025 or 2026")
_counted("timeline-refuted", "events?contradicted=yes&distinct=happening", "happenings with a contradicted date")
_counted("timeline-refuted-tellings", "events?contradicted=yes", "dated statements that a page contradicts")
_counted(
    "timeline-takeover-tellings",
    "events?source_id=rehalem-2025&happening=taliban-takeover|us-exit",
    "times that Rehalem dates the takeover or the American exit of 2021",
)

for _power in ("china", "russia", "pakistan", "taliban-government"):
    for _key, _years, _when in (
        ("since-2021", f"year={SINCE}", "since 2021"),
        ("to-2020", f"year!={SINCE}", "to 2020"),
    ):
        _counted(
            f"timeline-{_power}-{_key}",
            f"event_actors?belongs_to={_power}&{_years}&distinct=happening",
            f"happenings {_when} in which {_power.replace('-', ' ')} took part",
        )

for _domain in ("political", "security", "economic|transit", "legitimacy"):
    _counted(
        f"timeline-{_domain.replace('|', '-')}",
        f"events?domain={_domain}&year={SINCE}&distinct=happening",
        f"happenings since 2021 coded as {_domain.replace('|', ' or ')}",
    )

for _source in sorted(names()):
    _counted(
        f"timeline-of-{_source}", f"events?source_id={_source}&distinct=happening", f"happenings dated by {_source}"
    )
    _counted(f"timeline-told-by-{_source}", f"events?source_id={_source}", f"dated statements of {_source}")
for _source in ("csrs-2024", "rehalem-2025"):
    _counted(
        f"timeline-refuted-of-{_source}",
        f"events?source_id={_source}&contradicted=yes&distinct=happening",
        f"happenings that {_source} dates otherwise than a page",
    )
for _source in ("rehalem-2025", "wakhan-2025"):
    _counted(
        f"timeline-recent-in-{_source}",
        f"events?source_id={_source}&year=2024|2025&distinct=happening",
        f"happenings of 2024 and 2025 dated by {_source}",
    )
_counted(
    "timeline-rehalem-to-2020",
    f"events?source_id=rehalem-2025&year!={SINCE}&distinct=happening",
    "happenings to 2020 dated by rehalem-2025",
)


def _apart(key: str, event: str, unit: str) -> None:
    derived(
        key,
        f"apart:{event}/{REFUTED[event]}",
        unit=unit,
        digits=0,
        label=f"{unit}s between the date of {event} and that of a page",
        formula="least to most, over the day, month or year that each date may mean",
    )(_same)


for _event in REFUTED:
    _apart(f"apart-{_event}", _event, "day")
for _event in ("csrs-putin-statement", "csrs-russia-delisting", "rehalem-uyghurs-relocated"):
    _apart(f"months-apart-{_event}", _event, "month")
_apart("years-apart-rehalem-xinjiang-autonomous", "rehalem-xinjiang-autonomous", "year")
