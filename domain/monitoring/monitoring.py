"""Monitoring as a decision sees it: who monitored which commune, from when until when.

Of a commune or an official in the boundary every span is known; of the others seen beside them
(the next commune of a predecessor, say) nothing may be concluded. Events may be read in any order:
the days of one commune tell what came first.
"""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Event, NotFound
from domain.monitoring.events import (
    AllocationWithdrawn,
    CommuneAllocated,
    MonitorAssigned,
    MonitorReleased,
    MonitorReplaced,
    QuotaSet,
    VisitRecorded,
)
from domain.organisation.organisation import FOREVER


class CommuneUnmonitored(Conflict):
    """Nobody monitors the commune {unit_id} on {on}.

    Không có ai theo dõi xã {unit_id} vào ngày {on}.
    """


class NotTheMonitor(NotFound):
    """The official {official_id} did not monitor the commune {unit_id} on {on}.

    Cán bộ {official_id} không theo dõi xã {unit_id} vào ngày {on}.
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
    """The commune is allocated to an agency from `since`, until the day before `until`."""

    unit_id: str
    agency_id: str
    allocated_by: str
    since: date
    until: date = FOREVER

    def covers(self, on: date) -> bool:
        return self.since <= on < self.until


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of an agency's leaders monitor communes, from `since`."""

    leaders: int
    since: date


# On one day what was ends before what follows begins; neither happens twice on a day.
ENDED, BEGUN = range(2)


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """A change in a commune: what begins, an official or an agency, or None where it ends."""

    on: date
    rank: int
    begun: Span | Allocation | None = field(compare=False)


@dataclass(slots=True)
class Monitoring:
    """Spans, allocations and quotas, as far as the boundary shows them."""

    latest_on: dict[str, date] = field(default_factory=dict)
    quotas: dict[str, Quota] = field(default_factory=dict)
    visited_on: dict[str, date] = field(default_factory=dict)
    _monitors: dict[str, list[Turn]] = field(default_factory=dict)
    _agencies: dict[str, list[Turn]] = field(default_factory=dict)

    def evolve(self, event: Event) -> None:
        unit_id, on = "", event.effective_on
        match event:
            case MonitorAssigned(unit_id=unit_id):
                self._begin(event, event.official_id, event.assigned_by)
            case MonitorReplaced(unit_id=unit_id):
                self._begin(event, event.to_official, event.replaced_by)
            case MonitorReleased(unit_id=unit_id):
                _note(self._monitors, unit_id, Turn(on, ENDED, None))
            case CommuneAllocated(unit_id=unit_id):
                allocation = Allocation(unit_id, event.agency_id, event.allocated_by, on)
                _note(self._agencies, unit_id, Turn(on, BEGUN, allocation))
            case AllocationWithdrawn(unit_id=unit_id):
                _note(self._agencies, unit_id, Turn(on, ENDED, None))
            case QuotaSet():
                self.quotas[event.unit_id] = Quota(event.leaders, on)
            case VisitRecorded():
                known = self.visited_on.get(event.unit_id, date.min)
                self.visited_on[event.unit_id] = max(known, on)
            case _:
                pass
        if unit_id:
            self.latest_on[unit_id] = max(self.latest_on.get(unit_id, date.min), on)

    def _begin(
        self, event: MonitorAssigned | MonitorReplaced, official_id: str, assigned_by: str
    ) -> None:
        span = Span(
            event.unit_id,
            official_id,
            event.post_id,
            event.agency_id,
            assigned_by,
            event.effective_on,
            exception=event.exception,
        )
        _note(self._monitors, event.unit_id, Turn(event.effective_on, BEGUN, span))

    @property
    def spans(self) -> list[Span]:
        """All spans seen, by commune and day."""
        return [span for unit_id in self._monitors for span in self.spans_in(unit_id)]

    def open_span(self, unit_id: str) -> Span | None:
        """The span of the commune's monitor, if it has one now."""
        return next((s for s in self.spans_in(unit_id) if s.until == FOREVER), None)

    def spans_of(self, official_id: str) -> list[Span]:
        """The spans of the official, by commune and day."""
        held = [span for span in self.spans if span.official_id == official_id]
        return sorted(held, key=lambda span: (span.unit_id, span.since))

    def open_spans_of(self, official_id: str) -> list[Span]:
        """The communes that the official monitors now, by id."""
        return [span for span in self.spans_of(official_id) if span.until == FOREVER]

    def spans_in(self, unit_id: str) -> Iterator[Span]:
        """All spans of the commune."""
        for turn, until in _with_ends(self._monitors.get(unit_id, [])):
            if isinstance(turn.begun, Span):
                yield replace(turn.begun, until=until)

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
        turns = self._agencies.get(unit_id, [])
        last = turns[-1].begun if turns else None
        return last if isinstance(last, Allocation) else None

    def allocations_to(self, agency_id: str) -> list[Allocation]:
        """The agency's communes, present and past."""
        return [
            replace(a, until=until)
            for turns in self._agencies.values()
            for turn, until in _with_ends(turns)
            if isinstance(a := turn.begun, Allocation) and a.agency_id == agency_id
        ]


def _note(turns: dict[str, list[Turn]], unit_id: str, turn: Turn) -> None:
    insort(turns.setdefault(unit_id, []), turn)


def _with_ends(turns: list[Turn]) -> Iterator[tuple[Turn, date]]:
    """Every turn with the day of the next."""
    for turn, following in pairwise([*turns, None]):
        if turn is not None:
            yield turn, FOREVER if following is None else following.on


SPAN_EVENTS: tuple[type[Event], ...] = (MonitorAssigned, MonitorReplaced, MonitorReleased)


def monitoring_of_commune(unit_id: str) -> Selector:
    """The commune's monitors, their visits, and the agency it is allocated to."""
    types: list[type[Event]] = [*SPAN_EVENTS, CommuneAllocated, AllocationWithdrawn, VisitRecorded]
    return Selector(types=types, tags=[f"unit:{unit_id}"])


def monitoring_by_official(official_id: str) -> Selector:
    """The communes that the official monitors and monitored."""
    return Selector(types=SPAN_EVENTS, tags=[f"official:{official_id}"])


def allocation_to_agency(agency_id: str) -> Selector:
    """The agency's quota, and the communes allocated to it."""
    return Selector(
        types=[QuotaSet, CommuneAllocated, AllocationWithdrawn], tags=[f"unit:{agency_id}"]
    )
