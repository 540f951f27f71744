"""Monitoring as a decision sees it: who monitored which commune, from when until when.

Of a commune in the boundary every span is known, and of an official every beginning; of the others
seen beside them (the next commune of a predecessor, say) nothing may be concluded. Events are
folded in the order of their days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Event, NotFound
from domain.monitoring.events import (
    PAPERS,
    AgencyAssessed,
    AllocationWithdrawn,
    CommuneAllocated,
    MonitorAssigned,
    MonitorReleased,
    MonitorReplaced,
    QuotaSet,
    VisitRecorded,
)
from domain.organisation.unit_kinds import FOREVER
from domain.timeline import EventsAnnulled


class CommuneUnmonitored(Conflict):
    """Nobody monitors the commune {unit_id} on {on}.

    Không có ai theo dõi xã {unit_id} vào ngày {on}.
    """


class NotTheMonitor(NotFound):
    """The official {official_id} did not monitor the commune {unit_id} on {on}.

    Cán bộ {official_id} không theo dõi xã {unit_id} vào ngày {on}.
    """


class MonitorsSinceAnotherDay(Conflict):
    """The official {official_id} monitors {unit_id} since {since}, not since {named}.

    Cán bộ {official_id} theo dõi {unit_id} từ ngày {since}, không phải từ {named}.
    """


@dataclass(frozen=True, slots=True)
class Span:
    """An official monitors a commune from `since`, until the day before `until`.

    `exception` is why, if the official then monitored more communes than the regulation says.
    """

    unit_id: str
    official_id: str
    post_id: str
    agency_id: str
    assigned_by: str
    since: date
    until: date = FOREVER
    exception: str | None = None

    def covers(self, on: date) -> bool:
        return self.since <= on < self.until


@dataclass(frozen=True, slots=True)
class Allocation:
    """The commune is allocated to an agency from `since`, until the day before `until`.

    `exception` is why, if the agency then had more communes than its leaders may monitor.
    """

    unit_id: str
    agency_id: str
    allocated_by: str
    since: date
    until: date = FOREVER
    exception: str | None = None

    def covers(self, on: date) -> bool:
        return self.since <= on < self.until


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of an agency's leaders monitor communes, from `since`."""

    leaders: int
    since: date


Lasting = TypeVar("Lasting", Span, Allocation)


@dataclass(slots=True)
class Monitoring:
    """Spans, allocations and quotas, as far as the boundary shows them."""

    quotas: dict[str, Quota] = field(default_factory=dict)
    visited_on: dict[str, date] = field(default_factory=dict)
    _monitors: dict[str, list[Span]] = field(default_factory=dict)
    _agencies: dict[str, list[Allocation]] = field(default_factory=dict)

    def evolve(self, event: Event) -> None:
        on = event.effective_on
        match event:
            case MonitorAssigned():
                self._begin(event, event.official_id, event.assigned_by)
            case MonitorReplaced():
                self._begin(event, event.to_official, event.replaced_by)
            case MonitorReleased():
                _end(self._monitors.get(event.unit_id, []), on)
            case CommuneAllocated(unit_id=unit_id, exception=why):
                allocation = Allocation(
                    unit_id, event.agency_id, event.allocated_by, on, exception=why
                )
                self._agencies.setdefault(unit_id, []).append(allocation)
            case AllocationWithdrawn():
                _end(self._agencies.get(event.unit_id, []), on)
            case QuotaSet():
                self.quotas[event.unit_id] = Quota(event.leaders, on)
            case VisitRecorded():
                self.visited_on[event.unit_id] = on
            case _:
                pass

    def _begin(
        self, event: MonitorAssigned | MonitorReplaced, official_id: str, assigned_by: str
    ) -> None:
        """Whoever monitored until then does so no longer, also where this was recorded first."""
        span = Span(
            event.unit_id,
            official_id,
            event.post_id,
            event.agency_id,
            assigned_by,
            event.effective_on,
            exception=event.exception,
        )
        spans = self._monitors.setdefault(event.unit_id, [])
        _end(spans, event.effective_on)
        spans.append(span)

    @property
    def spans(self) -> list[Span]:
        """All spans seen, by commune and day."""
        return [span for unit_id in self._monitors for span in self.spans_in(unit_id)]

    def open_span(self, unit_id: str) -> Span | None:
        """The span of the commune's monitor, if it has one now."""
        return _running(self._monitors.get(unit_id, []))

    def open_spans(self) -> Iterator[Span]:
        """The spans of all who monitor now."""
        return filter(None, map(_running, self._monitors.values()))

    def spans_of(self, official_id: str) -> list[Span]:
        """The spans of the official, by commune and day."""
        held = [span for span in self.spans if span.official_id == official_id]
        return sorted(held, key=lambda span: (span.unit_id, span.since))

    def open_spans_of(self, official_id: str) -> list[Span]:
        """The communes that the official monitors now, by id."""
        return [span for span in self.spans_of(official_id) if span.until == FOREVER]

    def spans_in(self, unit_id: str) -> Iterator[Span]:
        """All spans of the commune."""
        yield from self._monitors.get(unit_id, ())

    def monitor(self, unit_id: str, on: date) -> Span:
        """The span of whoever monitors the commune now, which is on that day.

        Raises:
            CommuneUnmonitored.
        """
        span = self.open_span(unit_id)
        if span is None:
            raise CommuneUnmonitored(unit_id=unit_id, on=on)
        return span

    def span_on(self, unit_id: str, on: date, official_id: str | None = None) -> Span:
        """The span that covers the day: of the official named, or of whoever monitored.

        Raises:
            NotTheMonitor, CommuneUnmonitored.
        """
        span = next((s for s in self.spans_in(unit_id) if s.covers(on)), None)
        if official_id is not None and (span is None or span.official_id != official_id):
            raise NotTheMonitor(official_id=official_id, unit_id=unit_id, on=on)
        if span is None:
            raise CommuneUnmonitored(unit_id=unit_id, on=on)
        return span

    def allocation(self, unit_id: str) -> Allocation | None:
        """The commune's allocation to an agency, if it has one now."""
        return _running(self._agencies.get(unit_id, []))

    def allocations_to(self, agency_id: str) -> list[Allocation]:
        """The agency's communes, present and past."""
        return [
            allocation
            for allocations in self._agencies.values()
            for allocation in allocations
            if allocation.agency_id == agency_id
        ]


def _running(lasting: list[Lasting]) -> Lasting | None:
    """The last of them, if it has no end yet."""
    return lasting[-1] if lasting and lasting[-1].until == FOREVER else None


def _end(lasting: list[Lasting], on: date) -> None:
    running = _running(lasting)
    if running is not None:
        lasting[-1] = replace(running, until=on)


def require_since(spans: Iterable[Span], named: date) -> None:
    """Pass if one of the official's spans began on the day that is named.

    Raises:
        MonitorsSinceAnotherDay.
    """
    began = list(spans)
    if named not in {span.since for span in began}:
        raise MonitorsSinceAnotherDay(
            official_id=began[-1].official_id,
            unit_id=began[-1].unit_id,
            since=began[-1].since,
            named=named,
        )


SPAN_EVENTS = (MonitorAssigned, MonitorReplaced, MonitorReleased)


def monitoring_of_commune(unit_id: str) -> Selector:
    """The commune's monitors, what is written of them, and the agency it is allocated to."""
    types: list[type[Event]] = [*SPAN_EVENTS, CommuneAllocated, AllocationWithdrawn, *PAPERS]
    return Selector(types=types, tags=[f"unit:{unit_id}"])


def monitors_of_commune(unit_id: str) -> Selector:
    """The commune's monitors alone."""
    return Selector(types=SPAN_EVENTS, tags=[f"unit:{unit_id}"])


def monitors_everywhere() -> Selector:
    """The monitors of all communes, and all that is annulled."""
    return Selector(types=[*SPAN_EVENTS, EventsAnnulled])


def monitoring_by_official(official_id: str) -> Selector:
    """The communes that the official monitors and monitored."""
    return Selector(types=SPAN_EVENTS, tags=[f"official:{official_id}"])


def allocation_to_agency(agency_id: str) -> Selector:
    """The agency's quota, and the communes allocated to it."""
    return Selector(
        types=[QuotaSet, CommuneAllocated, AllocationWithdrawn], tags=[f"unit:{agency_id}"]
    )


def assessments_of(agency_id: str) -> Selector:
    """Whether the agency was assessed: it is for the leaders that it sent."""
    return Selector(types=[AgencyAssessed], tags=[f"unit:{agency_id}"])


def monitoring_of_span(span: Span) -> list[Selector]:
    """The monitoring of the span's commune, and whether the agency that sent was assessed."""
    return [monitoring_of_commune(span.unit_id), assessments_of(span.agency_id)]
