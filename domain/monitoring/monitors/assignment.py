"""Assignment: an official in a leading post monitors a commune that nobody does (D1, D5, D6)."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Parameters, Refusal
from domain.monitoring.command import (
    IS_COMMUNE,
    MAY_MONITOR,
    Monitor,
    MonitoringCommand,
    seeing_monitor,
)
from domain.monitoring.events import MonitorAssigned
from domain.values import OfficialId, PostId, Text


class CommuneMonitored(Conflict):
    """The official {official_id} monitors the commune {unit_id} since {since}.

    Cán bộ {official_id} đang theo dõi xã {unit_id} từ ngày {since}.
    """


class MonitorAssignment(Parameters):
    """Who monitors the commune, in which leading post.

    `exception` is why the official monitors more communes than the regulation in force says; it
    is recorded only where that is so.
    """

    official_id: OfficialId
    post_id: PostId
    exception: Text | None = None


class AssignMonitor(MonitoringCommand[MonitorAssignment]):
    """The body that manages the official's post decides it, citing its document.

    A commune has one monitor at most; one allocated to an agency has a leader of that agency. Where
    another's first day is recorded already, the official monitors until the day before it.
    """

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *IS_COMMUNE,
        CommuneMonitored,
        *MAY_MONITOR,
    )

    def consistency_boundary(self) -> list[Selector]:
        params = self.params
        return [
            *super().consistency_boundary(),
            *seeing_monitor(self.monitoring, Monitor(params.official_id, params.post_id)),
        ]

    def bodies(self) -> set[str]:
        return {post.managed_by for post in self.organisation.posts.values()}

    def execute(self) -> None:
        params, on, body = self.params, self.context.effective_on, self.require_body()
        self.require_basis()
        self.sight.require_commune(self.unit_id, on)
        span = self.monitoring.open_span(self.unit_id)
        if span is not None:
            raise CommuneMonitored(
                unit_id=self.unit_id, official_id=span.official_id, since=span.since
            )
        monitor = Monitor(params.official_id, params.post_id, params.exception)
        post = self.sight.require_monitor(self.unit_id, monitor, body, on)
        self.emit(
            MonitorAssigned(
                effective_on=on,
                unit_id=self.unit_id,
                official_id=params.official_id,
                post_id=post.post_id,
                agency_id=post.unit_id,
                assigned_by=body,
                exception=self.sight.exception(self.unit_id, monitor, on),
            )
        )
