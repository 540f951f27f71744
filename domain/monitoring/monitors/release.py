"""Release: the monitor is relieved of the commune, and nobody monitors it from that day (D7)."""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, DocumentRequired, NotTheEntitledBody, Parameters, Refusal
from domain.monitoring.command import MAY_END, MonitoringCommand, Sight
from domain.monitoring.events import MonitorReleased, ReleaseCause
from domain.monitoring.monitoring import CommuneUnmonitored, Span
from domain.values import Text


def released(  # noqa: PLR0913  each is a field of the event
    sight: Sight, span: Span, on: date, *, cause: ReleaseCause, reason: str, by: str | None = None
) -> MonitorReleased:
    """The event by which nobody monitors the commune from that day.

    Raises:
        MonitoredForNoDay, VisitedAfterwards.
    """
    sight.require_endable(span, on)
    return MonitorReleased(
        effective_on=on,
        unit_id=span.unit_id,
        official_id=span.official_id,
        post_id=span.post_id,
        agency_id=span.agency_id,
        since=span.since,
        cause=cause,
        reason=reason,
        released_by=by,
    )


class MonitorRelease(Parameters):
    """Why the monitor is relieved."""

    reason: Text


class ReleaseMonitor(MonitoringCommand[MonitorRelease]):
    """The body that assigned the monitor decides it, citing its document: it opens a gap."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        CommuneUnmonitored,
        BodyRequired,
        NotTheEntitledBody,
        DocumentRequired,
        *MAY_END,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), *self.seeing_assessments()]

    def bodies(self) -> set[str]:
        span = self.monitoring.open_span(self.unit_id)
        return set() if span is None else {span.assigned_by}

    def execute(self) -> None:
        on = self.context.effective_on
        span = self.monitoring.monitor(self.unit_id, on)
        body = self.require_entitled(span.assigned_by)
        self.require_basis()
        self.emit(
            released(
                self.sight,
                span,
                on,
                cause=ReleaseCause.RELEASED,
                reason=self.params.reason,
                by=body,
            )
        )
