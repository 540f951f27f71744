"""The shape of a command on the monitoring of a commune, and the law that monitors come under."""

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
    CommuneUnmonitored,
    Monitoring,
    Span,
    monitoring_by_official,
    monitoring_of_commune,
)
from domain.organisation.entitlement import BodyCommand, require_decides
from domain.organisation.events import COMMUNE_KINDS
from domain.organisation.organisation import (
    FOREVER,
    NotThePostHolder,
    Organisation,
    Post,
    PostNotOpen,
    PostUnknown,
    Unit,
    UnitNotOpen,
    UnitUnknown,
    post_selector,
    unit_selector,
)
from domain.regulations.regulations import Regulations, commune_monitoring_selector

# How many communes an official monitors where no regulation says so.
LIMIT_UNREGULATED = 1


class NotACommune(Conflict):
    """The unit {unit_id} is a {kind}: only communes, wards and towns are monitored.

    Đơn vị {unit_id} thuộc loại {kind}: chỉ theo dõi xã, phường, thị trấn.
    """


class CommuneEnded(Conflict):
    """The commune {unit_id} ended on {ended_on}: nothing of its monitoring begins any more.

    Xã {unit_id} đã kết thúc từ ngày {ended_on}: không bắt đầu theo dõi, phụ trách được nữa.
    """


class BeforeLastMonitoring(Conflict):
    """The monitoring of {unit_id} changed on {latest_on}: nothing counts from {effective_on}.

    Việc theo dõi {unit_id} đã thay đổi ngày {latest_on}: không thể có hiệu lực từ {effective_on}.
    """


class NotALeadingPost(Conflict):
    """The post {post_id} leads nothing: it heads no unit and no regulation names its kind, {kind}.

    Chức danh {post_id} không phải lãnh đạo: không đứng đầu đơn vị, quy định không nêu loại {kind}.
    """


class MonitorLeaves(Conflict):
    """The official {official_id} leaves the post {post_id} on {leaves_on}: monitoring needs it.

    Cán bộ {official_id} thôi giữ chức danh {post_id} từ {leaves_on}: theo dõi xã cần chức danh đó.
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

    Cán bộ {official_id} theo dõi {unit_id} từ {since}: đến {until} thì chưa được ngày nào.
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
    """What a decision about monitors sees."""

    organisation: Organisation
    monitoring: Monitoring
    regulations: Regulations

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.monitoring.evolve(event)
        self.regulations.evolve(event)

    def limit(self, on: date) -> int:
        """How many communes one official monitors without an exception."""
        regulation = self.regulations.of_communes(on)
        return LIMIT_UNREGULATED if regulation is None else regulation.communes_per_official

    def require_commune(self, unit_id: str, on: date) -> Unit:
        """The unit, of the base level, which exists on that day and goes on.

        Raises:
            UnitUnknown, UnitNotOpen, CommuneEnded, NotACommune.
        """
        unit = self.organisation.open_unit(unit_id, on)
        if unit.to_on != FOREVER:
            raise CommuneEnded(unit_id=unit_id, ended_on=unit.to_on)
        if unit.kind not in COMMUNE_KINDS:
            raise NotACommune(unit_id=unit_id, kind=unit.kind.value)
        return unit

    def require_latest(self, unit_id: str, on: date) -> None:
        """Pass if nothing of the commune's monitoring counts from a later day.

        Raises:
            BeforeLastMonitoring.
        """
        latest_on = self.monitoring.latest_on.get(unit_id, date.min)
        if on < latest_on:
            raise BeforeLastMonitoring(unit_id=unit_id, latest_on=latest_on, effective_on=on)

    def monitored(self, unit_id: str, on: date) -> Span:
        """The span of the commune's monitor.

        Raises:
            CommuneUnmonitored.
        """
        span = self.monitoring.open_span(unit_id)
        if span is None:
            raise CommuneUnmonitored(unit_id=unit_id, on=on)
        return span

    def require_endable(self, span: Span, on: date) -> None:
        """Pass if the span lasted a day at least, and nothing happened in the commune since.

        Raises:
            BeforeLastMonitoring, MonitoredForNoDay, VisitedAfterwards.
        """
        self.require_latest(span.unit_id, on)
        who, where = span.official_id, span.unit_id
        if on <= span.since:
            raise MonitoredForNoDay(official_id=who, unit_id=where, since=span.since, until=on)
        visited_on = self.monitoring.visited_on.get(where, date.min)
        if on <= visited_on:
            raise VisitedAfterwards(official_id=who, unit_id=where, visited_on=visited_on)

    def require_monitor(self, unit_id: str, monitor: Monitor, body: str, on: date) -> Post:
        """The post in which the official may monitor the commune, as that body decides.

        Raises:
            PostUnknown, PostNotOpen, NotThePostHolder, MonitorLeaves, NotALeadingPost,
            NotTheEntitledBody, NotOfTheAgency.
        """
        post = self.organisation.open_post(monitor.post_id, on)
        self._require_tenure(monitor, on)
        regulation = self.regulations.of_communes(on)
        kinds = () if regulation is None else regulation.leading_post_kinds
        if not post.heads_unit and post.kind not in kinds:
            raise NotALeadingPost(post_id=post.post_id, kind=post.kind)
        require_decides(self.organisation, post.managed_by, body, on)
        allocation = self.monitoring.allocation(unit_id)
        if allocation is not None and allocation.agency_id != post.unit_id:
            raise NotOfTheAgency(
                unit_id=unit_id, agency_id=allocation.agency_id, post_id=post.post_id
            )
        return post

    def _require_tenure(self, monitor: Monitor, on: date) -> None:
        who, post_id = monitor.official_id, monitor.post_id
        self.organisation.require_holder(who, post_id, on)
        leaves_on = max(
            t.to_on for t in self.organisation.tenures_of(post_id, on) if t.official_id == who
        )
        if leaves_on != FOREVER:
            raise MonitorLeaves(official_id=who, post_id=post_id, leaves_on=leaves_on)

    def exception(self, unit_id: str, monitor: Monitor, on: date) -> str | None:
        """Why the official monitors more communes than allowed; None where it is not more.

        Raises:
            MonitorsEnough: it is more, and no reason is given.
        """
        others = [
            span
            for span in self.monitoring.spans_of(monitor.official_id)
            if span.until > on and span.unit_id != unit_id
        ]
        days = {on, *(span.since for span in others if span.since > on)}
        at_once = max(sum(span.covers(day) for span in others) for day in days)
        limit = self.limit(on)
        if at_once < limit:
            return None
        if monitor.exception is None:
            raise MonitorsEnough(
                official_id=monitor.official_id,
                communes=sorted({span.unit_id for span in others}),
                limit=limit,
            )
        return monitor.exception


MAY_MONITOR: tuple[type[Refusal], ...] = (
    BodyRequired,
    NotTheEntitledBody,
    DocumentRequired,
    PostUnknown,
    PostNotOpen,
    NotThePostHolder,
    MonitorLeaves,
    NotALeadingPost,
    NotOfTheAgency,
    MonitorsEnough,
)
IS_COMMUNE: tuple[type[Refusal], ...] = (UnitUnknown, UnitNotOpen, CommuneEnded, NotACommune)
MAY_END: tuple[type[Refusal], ...] = (BeforeLastMonitoring, MonitoredForNoDay, VisitedAfterwards)


def seeing_monitor(official_id: str, post_id: str) -> list[Selector]:
    """What decides whether the official may monitor a commune, beside the commune itself."""
    return [
        post_selector(post_id),
        monitoring_by_official(official_id),
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
        self.sight = Sight(self.organisation, self.monitoring, self.regulations)

    def consistency_boundary(self) -> list[Selector]:
        return [
            unit_selector(self.unit_id),
            monitoring_of_commune(self.unit_id),
            *self.seeing_heirs(),
        ]

    def evolve(self, event: Event) -> None:
        self.sight.evolve(event)
