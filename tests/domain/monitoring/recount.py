"""A naive reading of the log: who monitored what when, read off the events in order of days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.kernel import Event
from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced
from domain.organisation.events import (
    TenureEnded,
    TenureStarted,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitSplit,
)


@dataclass(frozen=True)
class Days:
    """Something that lasted from a day until the day before another."""

    what: str
    who: str
    post_id: str
    exception: str | None
    since: date
    until: date = date.max

    def covers(self, on: date) -> bool:
        return self.since <= on < self.until


def by_day(history: Iterable[Event]) -> list[Event]:
    """The events in the order of their days; within a day, in that of the log."""
    return sorted(history, key=lambda event: event.effective_on)


def monitored(history: Iterable[Event]) -> list[Days]:
    """Every monitor's days in a commune; asserts that what ends had begun, and lasted a day.

    Who is assigned while another monitors, recorded late, takes over.
    """
    over: list[Days] = []
    open_in: dict[str, Days] = {}

    def end(unit_id: str, who: str, on: date) -> None:
        days = replace(open_in.pop(unit_id), until=on)
        assert (days.who, days.since < on) == (who, True)
        over.append(days)

    def begin(event: MonitorAssigned | MonitorReplaced, who: str) -> None:
        if event.unit_id in open_in:
            end(event.unit_id, open_in[event.unit_id].who, event.effective_on)
        open_in[event.unit_id] = Days(
            event.unit_id, who, event.post_id, event.exception, event.effective_on
        )

    for event in by_day(history):
        match event:
            case MonitorAssigned():
                begin(event, event.official_id)
            case MonitorReplaced():
                end(event.unit_id, event.from_official, event.effective_on)
                begin(event, event.to_official)
            case MonitorReleased():
                assert open_in[event.unit_id].since == event.since
                end(event.unit_id, event.official_id, event.effective_on)
    return [*over, *open_in.values()]


def communes(history: Iterable[Event]) -> dict[str, tuple[date, date]]:
    """The days on which each commune exists."""
    days: dict[str, tuple[date, date]] = {}
    for event in by_day(history):
        match event:
            case UnitEstablished(unit_id=unit_id) if event.monitored:
                days[unit_id] = (event.effective_on, date.max)
            case (
                UnitClosed(unit_id=unit_id)
                | UnitMerged(unit_id=unit_id)
                | UnitSplit(unit_id=unit_id)
            ) if unit_id in days:
                days[unit_id] = (days[unit_id][0], event.effective_on)
    return days


def tenures(history: Iterable[Event]) -> list[Days]:
    """The days on which officials hold posts."""
    spans: list[Days] = []
    for event in by_day(history):
        match event:
            case TenureStarted():
                spans.append(
                    Days(event.unit_id, event.official_id, event.post_id, None, event.effective_on)
                )
            case TenureEnded():
                held = next(
                    t
                    for t in spans
                    if (t.who, t.post_id, t.until) == (event.official_id, event.post_id, date.max)
                )
                spans[spans.index(held)] = replace(held, until=event.effective_on)
    return spans
