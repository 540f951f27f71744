"""The shape of a command on the monitoring of a commune, and the law that monitors come under."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.monitoring.monitoring import (
    Monitoring,
    Span,
    assessments_of,
    monitoring_by_official,
    monitoring_of_commune,
    monitors_of_commune,
)
from domain.organisation.entitlement import BodyCommand, require_decides
from domain.organisation.organisation import (
    NotThePostHolder,
    Organisation,
    Post,
    PostNotOpen,
    PostUnknown,
    Unit,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.selectors import post_selector, unit_selector
from domain.regulations.regulations import Regulations, commune_monitoring_selector

# How many communes an official monitors where no regulation says so.
LIMIT_UNREGULATED = 1


class NotACommune(Conflict):
    """The unit {unit_id} is a {kind}: units of this kind are not monitored on {on}.

    Đơn vị {unit_id} thuộc loại {kind}: vào ngày {on}, đơn vị thuộc loại này không được theo dõi.
    """


class NotALeadingPost(Conflict):
    """The post {post_id} leads nothing: it heads no unit and no regulation names its kind, {kind}.

    Chức danh {post_id} không phải lãnh đạo: không đứng đầu đơn vị, quy định không nêu loại {kind}.
    """


class MonitorsEnough(Conflict):
    """The official {official_id} monitors {communes} already: beyond {limit}, say the `exception`.

    Cán bộ {official_id} đã theo dõi {communes}: vượt quá {limit} xã thì phải nêu `exception`.
    """


class NotOfTheAgency(Conflict):
    """The commune {unit_id} is allocated to {agency_id}: the post {post_id} is not of that agency.

    Xã {unit_id} đã phân bổ cho {agency_id}: chức danh {post_id} không thuộc cơ quan đó.
    """


class MonitoredForNoDay(Conflict):
    """The official {official_id} monitors {unit_id} since {since}: until {until} that is no day.

    Cán bộ {official_id} theo dõi {unit_id} từ {since}: đến {until} thì không đủ một ngày.
    """


class VisitedAfterwards(Conflict):
    """The official {official_id} visited {unit_id} on {visited_on}: monitoring lasted till then.

    Cán bộ {official_id} đã làm việc tại {unit_id} ngày {visited_on}: khi đó còn theo dõi xã.
    """


@dataclass(frozen=True, slots=True)
class Monitor:
    """Who is to monitor a commune, in which post; why, if beyond the limit."""

    official_id: str
    post_id: str
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a decision about monitors sees; `recorded` are all events, later ones too."""

    organisation: Organisation
    monitoring: Monitoring
    regulations: Regulations
    recorded: Callable[[], Sequence[Event]] = tuple

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.monitoring.evolve(event)
        self.regulations.evolve(event)

    def limit(self, on: date) -> int:
        """How many communes one official monitors without an exception."""
        regulation = self.regulations.of_communes(on)
        return LIMIT_UNREGULATED if regulation is None else regulation.communes_per_official

    def require_commune(self, unit_id: str, on: date) -> Unit:
        """The unit, of a kind that is monitored, which exists on that day.

        Raises:
            UnitUnknown, UnitNotOpen, NotACommune.
        """
        unit = self.organisation.open_unit(unit_id, on)
        if not unit.monitored:
            raise NotACommune(unit_id=unit_id, kind=unit.kind, on=on)
        return unit

    def require_endable(self, span: Span, on: date) -> None:
        """Pass if the span lasted a day at least, and the monitor was not there on that very day.

        Raises:
            MonitoredForNoDay, VisitedAfterwards.
        """
        who, where = span.official_id, span.unit_id
        if on <= span.since:
            raise MonitoredForNoDay(official_id=who, unit_id=where, since=span.since, until=on)
        if self.monitoring.visited_on.get(where) == on:
            raise VisitedAfterwards(official_id=who, unit_id=where, visited_on=on)

    def require_monitor(self, unit_id: str, monitor: Monitor, body: str, on: date) -> Post:
        """The post in which the official may monitor the commune, as that body decides.

        Raises:
            PostUnknown, PostNotOpen, NotThePostHolder, NotALeadingPost, NotTheEntitledBody,
            NotOfTheAgency.
        """
        post = self.require_holds(monitor.official_id, monitor.post_id, on)
        regulation = self.regulations.of_communes(on)
        kinds = () if regulation is None else regulation.leading_post_kinds
        if not post.heads_unit and post.kind not in kinds:
            raise NotALeadingPost(post_id=post.post_id, kind=post.kind)
        require_decides(self.organisation, post.managed_by, body, on)
        self.require_agency(unit_id, post.unit_id, post.post_id)
        return post

    def require_holds(self, official_id: str, post_id: str, on: date) -> Post:
        """The post, which exists on that day, and which the official holds.

        Raises:
            PostUnknown, PostNotOpen, NotThePostHolder.
        """
        post = self.organisation.open_post(post_id, on)
        self.organisation.require_holder(official_id, post_id, on)
        return post

    def require_agency(self, unit_id: str, agency_id: str, post_id: str) -> None:
        """Pass if the commune is allocated to no other agency than that of the post.

        Raises:
            NotOfTheAgency.
        """
        allocation = self.monitoring.allocation(unit_id)
        if allocation is not None and allocation.agency_id != agency_id:
            raise NotOfTheAgency(unit_id=unit_id, agency_id=allocation.agency_id, post_id=post_id)

    def exception(self, unit_id: str, monitor: Monitor, on: date) -> str | None:
        """Why the official monitors more communes than allowed; None where it is not more.

        It may be more from a later day only: what is monitored then was recorded already.

        Raises:
            MonitorsEnough: it is more on that day, and no reason is given.
        """
        others = self.others(unit_id, monitor.official_id)
        if monitor.exception is None:
            self.require_fewer(monitor.official_id, others, on)
        if len(others) >= self.limit(on) or self._more_later(unit_id, monitor.official_id, on):
            return monitor.exception
        return None

    def others(self, unit_id: str, official_id: str) -> list[Span]:
        """The other communes that the official monitors."""
        spans = self.monitoring.open_spans_of(official_id)
        return [span for span in spans if span.unit_id != unit_id]

    def require_fewer(self, official_id: str, others: Iterable[Span], on: date) -> None:
        """Pass if the official monitors fewer communes than the regulation in force allows.

        Raises:
            MonitorsEnough.
        """
        communes, limit = sorted(span.unit_id for span in others), self.limit(on)
        if len(communes) >= limit:
            raise MonitorsEnough(official_id=official_id, communes=communes, limit=limit)

    def _more_later(self, unit_id: str, official_id: str, on: date) -> bool:
        """Whether the official monitors as many others as allowed on a later day, as recorded."""
        spans = self.later().spans_of(official_id)
        others = [span for span in spans if span.unit_id != unit_id]
        return any(
            sum(span.covers(day) for span in others) >= self.limit(day)
            for day in {span.since for span in others if span.since > on}
        )

    def later(self) -> Monitoring:
        """The monitoring as of the last day recorded; what was annulled may be among it."""
        monitoring = Monitoring()
        for event in sorted(self.recorded(), key=lambda event: event.effective_on):
            monitoring.evolve(event)
        return monitoring


MAY_MONITOR: tuple[type[Refusal], ...] = (
    BodyRequired,
    NotTheEntitledBody,
    DocumentRequired,
    PostUnknown,
    PostNotOpen,
    NotThePostHolder,
    NotALeadingPost,
    NotOfTheAgency,
    MonitorsEnough,
)
IS_COMMUNE: tuple[type[Refusal], ...] = (UnitUnknown, UnitNotOpen, NotACommune)
MAY_END: tuple[type[Refusal], ...] = (MonitoredForNoDay, VisitedAfterwards)


def seeing_monitor(monitoring: Monitoring, monitor: Monitor) -> list[Selector]:
    """What decides whether the official may monitor a commune, beside the commune itself.

    Whether the official still monitors another is for the events of that one to tell.
    """
    return [
        post_selector(monitor.post_id),
        monitoring_by_official(monitor.official_id),
        *(monitors_of_commune(s.unit_id) for s in monitoring.open_spans_of(monitor.official_id)),
        commune_monitoring_selector(),
    ]


Params = TypeVar("Params", bound=Parameters)


class MonitoringCommand(BodyCommand[Params]):
    """A command on one commune's monitoring; `unit_id` is the commune."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = ()

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.monitoring = Monitoring()
        self.regulations = Regulations()
        self.sight = Sight(
            self.organisation, self.monitoring, self.regulations, lambda: self.recorded
        )

    def consistency_boundary(self) -> list[Selector]:
        return [
            unit_selector(self.unit_id),
            monitoring_of_commune(self.unit_id),
            *self.seeing_heirs(),
        ]

    def evolve(self, event: Event) -> None:
        self.sight.evolve(event)

    def seeing_assessments(self) -> list[Selector]:
        """Whether the agency of the commune's monitor was assessed."""
        span = self.monitoring.open_span(self.unit_id)
        return [] if span is None else [assessments_of(span.agency_id)]
