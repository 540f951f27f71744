"""Replacement: another official monitors the commune, without a day between (D8)."""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Parameters, Refusal
from domain.monitoring.command import (
    IS_COMMUNE,
    MAY_END,
    MAY_MONITOR,
    Monitor,
    MonitoringCommand,
    Sight,
    seeing_monitor,
)
from domain.monitoring.events import MonitorReplaced
from domain.monitoring.monitoring import CommuneUnmonitored, Span
from domain.organisation.entitlement import require_decides
from domain.values import OfficialId, PostId, Text


class AlreadyMonitors(Conflict):
    """The official {official_id} is who monitors the commune {unit_id}: name another.

    Chính cán bộ {official_id} đang theo dõi xã {unit_id}: cần nêu người khác.
    """


def replaced(  # noqa: PLR0913  each is a field of the event
    sight: Sight, span: Span, on: date, monitor: Monitor, body: str, *, reason: str, note: str
) -> MonitorReplaced:
    """The event by which another monitors the commune from that day.

    Raises:
        NotTheEntitledBody, and what MAY_END and MAY_MONITOR name; not BodyRequired.
    """
    require_decides(sight.organisation, span.assigned_by, body, on)
    sight.require_endable(span, on)
    post = sight.require_monitor(span.unit_id, monitor, body, on)
    return MonitorReplaced(
        effective_on=on,
        unit_id=span.unit_id,
        from_official=span.official_id,
        to_official=monitor.official_id,
        post_id=post.post_id,
        agency_id=post.unit_id,
        replaced_by=body,
        reason=reason,
        handover_note=note,
        exception=sight.exception(span.unit_id, monitor, on),
    )


class MonitorReplacement(Parameters):
    """Who monitors the commune from now on, in which leading post, why, and how matters stand."""

    to_official: OfficialId
    post_id: PostId
    reason: Text
    handover_note: Text
    exception: Text | None = None


class ReplaceMonitor(MonitoringCommand[MonitorReplacement]):
    """The body that assigned the monitor, and manages the successor's post, decides it.

    The effective day is the successor's first; the predecessor's last was the day before.
    """

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *IS_COMMUNE,
        CommuneUnmonitored,
        AlreadyMonitors,
        *MAY_END,
        *MAY_MONITOR,
    )

    def consistency_boundary(self) -> list[Selector]:
        params = self.params
        return [
            *super().consistency_boundary(),
            *self.seeing_assessments(),
            *seeing_monitor(self.monitoring, Monitor(params.to_official, params.post_id)),
        ]

    def bodies(self) -> set[str]:
        span = self.monitoring.open_span(self.unit_id)
        assigning = set() if span is None else {span.assigned_by}
        return assigning | {post.managed_by for post in self.organisation.posts.values()}

    def execute(self) -> None:
        params, on, body = self.params, self.context.effective_on, self.require_body()
        self.require_basis()
        self.sight.require_commune(self.unit_id, on)
        span = self.monitoring.monitor(self.unit_id, on)
        if params.to_official == span.official_id:
            raise AlreadyMonitors(official_id=params.to_official, unit_id=self.unit_id)
        monitor = Monitor(params.to_official, params.post_id, params.exception)
        self.emit(
            replaced(
                self.sight, span, on, monitor, body, reason=params.reason, note=params.handover_note
            )
        )
