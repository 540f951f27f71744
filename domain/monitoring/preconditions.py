"""Preconditions: what must hold on its day for an event of the monitoring to follow.

The same functions guard the commands.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event, Refusal
from domain.monitoring.command import Sight
from domain.monitoring.events import (
    AgencyAssessed,
    AllocationWithdrawn,
    AnnualReportSubmitted,
    CommendationDecided,
    CommendationProposed,
    CommuneAllocated,
    FigureReported,
    GoodPracticeRecorded,
    MonitorAssigned,
    MonitoringEvent,
    MonitorReleased,
    MonitorReplaced,
    MonitorReviewed,
    ProgrammeSubmitted,
    QuotaSet,
    RecommendationAnswered,
    RecommendationMade,
    ReplacementAnswered,
    ReplacementRequested,
    SpanEvent,
    VisitRecorded,
)
from domain.monitoring.monitoring import (
    SPAN_EVENTS,
    Monitoring,
    NotTheMonitor,
    Span,
    allocation_to_agency,
    assessments_of,
    monitoring_by_official,
    monitoring_of_commune,
    monitors_everywhere,
    monitors_of_commune,
    require_since,
)
from domain.monitoring.monitors.allocation import (
    CommuneAllocatedAlready,
    allocated,
    quota_of,
    require_allocable,
    require_lasted,
    require_within_quota,
)
from domain.monitoring.papers.agency_assessment import (
    Assessments,
    require_sent_somebody,
    sending,
)
from domain.monitoring.papers.papers import Papers, spans_in_year
from domain.organisation.events import (
    OfKind,
    PostAbolished,
    PostCreated,
    TenureEnded,
    TenureStarted,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.organisation import Organisation
from domain.organisation.selectors import post_selector, unit_selector
from domain.regulations.events import CommuneMonitoringRegulated, PolicyAdopted
from domain.regulations.regulations import Regulations, commune_monitoring_selector, require_alone


class MonitoringState:
    """The monitoring of communes on a day with its papers, and what may follow on it."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.monitoring = Monitoring()
        self.regulations = Regulations()
        self.papers = Papers()
        self.assessments = Assessments()
        self.sight = Sight(organisation, self.monitoring, self.regulations)

    def require(self, event: Event) -> None:
        """Pass if the event can follow, as far as what it names is seen.

        Raises:
            Refusal: it cannot.
        """
        precondition = PRECONDITIONS.get(type(event))
        if precondition is not None:
            precondition(self, event)

    def evolve(self, event: Event) -> None:
        """Fold the event, whatever its context."""
        self.monitoring.evolve(event)
        self.regulations.evolve(event)
        self.papers.evolve(event)
        self.assessments.evolve(event)

    def deciding_body(self, event: Event) -> str | None:
        """The body that decided on what the event stands on, if it is seen."""
        match event:
            case SpanEvent() | MonitorReleased():
                same = (event.official_id, event.since)
                spans = self.monitoring.spans_in(event.unit_id)
                assigned = (s.assigned_by for s in spans if (s.official_id, s.since) == same)
                return next(assigned, None)
            case MonitorAssigned(assigned_by=body) | MonitorReplaced(replaced_by=body):
                return body
            case FigureReported(unit_id=body):
                return body
            case _:
                return None

    def violations(self, on: date) -> Iterator[tuple[frozenset[str], Refusal]]:
        """Who monitors at the end of the day and does not hold the post, or in no commune."""
        for span in self.monitoring.open_spans():
            try:
                self.require_holds(span.official_id, span.post_id, on)
            except Refusal as why:
                yield frozenset({f"official:{span.official_id}", f"post:{span.post_id}"}), why
            try:
                self.require_commune(span.unit_id, on)
            except Refusal as why:
                yield frozenset({f"unit:{span.unit_id}"}), why

    def require_holds(self, official_id: str, post_id: str, on: date) -> None:
        """Pass if the post is not seen, or exists on that day, and the official holds it.

        Raises:
            PostNotOpen, NotThePostHolder.
        """
        if self.organisation.sees(f"post:{post_id}"):
            self.sight.require_holds(official_id, post_id, on)

    def require_open(self, unit_id: str, on: date) -> None:
        """Pass if the unit is not seen, or exists on that day.

        Raises:
            UnitNotOpen.
        """
        if self.organisation.sees(f"unit:{unit_id}"):
            self.organisation.open_unit(unit_id, on)

    def require_commune(self, unit_id: str, on: date) -> None:
        """Pass if the unit is not seen, or is a commune that exists on that day.

        Raises:
            UnitNotOpen, NotACommune.
        """
        if self.organisation.sees(f"unit:{unit_id}"):
            self.sight.require_commune(unit_id, on)


def _monitor_begins(
    state: MonitoringState, event: MonitorAssigned | MonitorReplaced, official_id: str
) -> None:
    on, unit_id, post_id = event.effective_on, event.unit_id, event.post_id
    state.require_commune(unit_id, on)
    state.require_holds(official_id, post_id, on)
    state.sight.require_agency(unit_id, event.agency_id, post_id)
    if event.exception is None:
        others = state.sight.others(unit_id, official_id)
        ordinary = (span for span in others if span.exception is None)
        state.sight.require_fewer(official_id, ordinary, on)


def _monitor_ends(
    state: MonitoringState, event: MonitorReplaced | MonitorReleased, official_id: str
) -> Span:
    span = state.monitoring.monitor(event.unit_id, event.effective_on)
    if span.official_id != official_id:
        raise NotTheMonitor(official_id=official_id, unit_id=event.unit_id, on=event.effective_on)
    state.sight.require_endable(span, event.effective_on)
    return span


def _assigned(state: MonitoringState, event: MonitorAssigned) -> None:
    """Whoever was recorded for an old gap since monitors until the day before."""
    span = state.monitoring.open_span(event.unit_id)
    if span is not None:
        state.sight.require_endable(span, event.effective_on)
    _monitor_begins(state, event, event.official_id)


def _replaced(state: MonitoringState, event: MonitorReplaced) -> None:
    _monitor_ends(state, event, event.from_official)
    _monitor_begins(state, event, event.to_official)


def _released(state: MonitoringState, event: MonitorReleased) -> None:
    require_since([_monitor_ends(state, event, event.official_id)], event.since)


def _quota_set(state: MonitoringState, event: QuotaSet) -> None:
    state.require_open(event.unit_id, event.effective_on)


def _allocated(state: MonitoringState, event: CommuneAllocated) -> None:
    agency_id, on = event.agency_id, event.effective_on
    state.require_commune(event.unit_id, on)
    state.require_open(agency_id, on)
    require_allocable(state.monitoring, event.unit_id, agency_id)
    quota = quota_of(state.monitoring, agency_id, on)
    if event.exception is None:
        communes = state.monitoring.allocations_to(agency_id)
        ordinary = (one for one in communes if one.exception is None)
        require_within_quota(state.sight, quota, ordinary, agency_id, on)


def _withdrawn(state: MonitoringState, event: AllocationWithdrawn) -> None:
    allocation = allocated(state.monitoring, event.unit_id)
    if allocation.agency_id != event.agency_id:
        raise CommuneAllocatedAlready(
            unit_id=event.unit_id, agency_id=allocation.agency_id, since=allocation.since
        )
    require_lasted(allocation, event.effective_on)


def _of_day(state: MonitoringState, event: SpanEvent) -> None:
    span = state.monitoring.span_on(event.unit_id, event.effective_on, event.official_id)
    require_since([span], event.since)


YearPaper = ProgrammeSubmitted | AnnualReportSubmitted | MonitorReviewed | CommendationProposed


def _of_year(state: MonitoringState, event: YearPaper) -> None:
    spans = spans_in_year(
        state.monitoring, event.unit_id, event.official_id, event.year, event.effective_on
    )
    require_since(spans, event.since)


def _reviewed(state: MonitoringState, event: MonitorReviewed) -> None:
    _of_year(state, event)
    state.papers.require_unreviewed(event.unit_id, event.official_id, event.since, event.year)


def _proposed(state: MonitoringState, event: CommendationProposed) -> None:
    _of_year(state, event)
    state.papers.require_unproposed(event.unit_id, event.official_id, event.since, event.year)


def _decided(state: MonitoringState, event: CommendationDecided) -> None:
    state.papers.open_proposal(event.unit_id, event.official_id, event.year, event.since)


def _request_answered(state: MonitoringState, event: ReplacementAnswered) -> None:
    state.papers.awaiting(ReplacementRequested, ReplacementAnswered, event.unit_id, event.number)


def _recommended(state: MonitoringState, event: RecommendationMade) -> None:
    _of_day(state, event)
    state.require_open(event.to_body, event.effective_on)


def _recommendation_answered(state: MonitoringState, event: RecommendationAnswered) -> None:
    state.papers.awaiting(RecommendationMade, RecommendationAnswered, event.unit_id, event.number)


def _agency_assessed(state: MonitoringState, event: AgencyAssessed) -> None:
    state.assessments.require_none(event.unit_id, event.year)
    require_sent_somebody(state.monitoring, event.unit_id, event.year, event.effective_on)


def _figure_reported(state: MonitoringState, event: FigureReported) -> None:
    state.require_open(event.unit_id, event.effective_on)


def _regulated(state: MonitoringState, event: CommuneMonitoringRegulated | PolicyAdopted) -> None:
    if isinstance(event, CommuneMonitoringRegulated) or TOPIC in event.governs:
        require_alone(state.regulations.commune_monitoring, event.effective_on)


TOPIC = "commune-monitoring"

PRECONDITIONS: Mapping[type[Event], Callable[[MonitoringState, Any], None]] = {
    MonitorAssigned: _assigned,
    MonitorReplaced: _replaced,
    MonitorReleased: _released,
    QuotaSet: _quota_set,
    CommuneAllocated: _allocated,
    AllocationWithdrawn: _withdrawn,
    VisitRecorded: _of_day,
    GoodPracticeRecorded: _of_day,
    ProgrammeSubmitted: _of_year,
    AnnualReportSubmitted: _of_year,
    MonitorReviewed: _reviewed,
    CommendationProposed: _proposed,
    CommendationDecided: _decided,
    ReplacementRequested: _of_day,
    ReplacementAnswered: _request_answered,
    RecommendationMade: _recommended,
    RecommendationAnswered: _recommendation_answered,
    AgencyAssessed: _agency_assessed,
    FigureReported: _figure_reported,
    CommuneMonitoringRegulated: _regulated,
    PolicyAdopted: _regulated,
}


# By these a unit begins, ends, or becomes one that is monitored.
UNIT_CHANGES = (UnitEstablished, UnitClosed, UnitMerged, UnitSplit, UnitRetyped)


def monitoring_concerned(changed: Sequence[Event], seen: Sequence[Event]) -> Iterator[Selector]:
    """The communes whose monitoring stands on the changed events, and their monitors' posts."""
    events = [*changed, *seen]
    communes = {event.unit_id for event in changed if isinstance(event, MonitoringEvent)}
    of_kind = [event for event in events if isinstance(event, OfKind)]
    units = {event.unit_id for event in of_kind}
    followed = {event.unit_id for event in of_kind if event.monitored}
    selectors: list[Selector] = []
    for event in changed:
        if isinstance(event, UNIT_CHANGES) and event.unit_id in followed:
            communes.add(event.unit_id)
        else:
            selectors += _standing_on(event, units)
    for unit_id in sorted(communes):
        selectors += _of_changed_commune(unit_id, events)
    if not selectors:
        return
    yield from selectors
    yield commune_monitoring_selector()
    monitored = {e.unit_id for e in seen if isinstance(e, (SpanEvent, *SPAN_EVENTS))}
    yield from map(monitors_of_commune, sorted(monitored - communes))
    for event in seen:
        if isinstance(event, AgencyAssessed):
            yield sending(event.unit_id)


def _standing_on(event: Event, units: Collection[str]) -> Iterator[Selector]:
    """What stands on a changed event that is of no commune."""
    match event:
        case TenureStarted() | TenureEnded():
            tags = [f"post:{event.post_id}", f"official:{event.official_id}"]
            yield Selector(types=SPAN_EVENTS, tags=tags)
        case PostCreated() | PostAbolished():
            yield Selector(types=SPAN_EVENTS, tags=[f"post:{event.post_id}"])
        case CommuneMonitoringRegulated():
            yield monitors_everywhere()
        case PolicyAdopted(governs=governs) if TOPIC in governs:
            yield monitors_everywhere()
        case QuotaSet(unit_id=unit_id):
            yield allocation_to_agency(unit_id)
            yield unit_selector(unit_id)
        case AgencyAssessed(unit_id=unit_id):
            yield assessments_of(unit_id)
        case FigureReported(unit_id=unit_id):
            yield unit_selector(unit_id)
        case (
            UnitEstablished(unit_id=unit_id)
            | UnitClosed(unit_id=unit_id)
            | UnitMerged(unit_id=unit_id)
            | UnitSplit(unit_id=unit_id)
        ):
            yield unit_selector(unit_id)
            if unit_id in units:
                yield allocation_to_agency(unit_id)
                told: list[type[Event]] = [RecommendationMade, FigureReported]
                yield Selector(types=told, tags=[f"unit:{unit_id}"])
        case _:
            pass


def _of_changed_commune(unit_id: str, events: Sequence[Event]) -> Iterator[Selector]:
    """All of the commune's monitoring, and what its monitors and agencies may do on their days."""
    yield monitoring_of_commune(unit_id)
    yield unit_selector(unit_id)
    for event in events:
        if not isinstance(event, MonitoringEvent) or event.unit_id != unit_id:
            continue
        if isinstance(event, CommuneAllocated | AllocationWithdrawn):
            yield allocation_to_agency(event.agency_id)
        if isinstance(event, SPAN_EVENTS):
            yield post_selector(event.post_id)
            yield assessments_of(event.agency_id)
        if isinstance(event, MonitorAssigned | MonitorReleased):
            yield monitoring_by_official(event.official_id)
        if isinstance(event, MonitorReplaced):
            yield monitoring_by_official(event.from_official)
            yield monitoring_by_official(event.to_official)
