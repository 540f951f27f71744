"""Successors: the units that take the place of one that ends, and the monitor that goes on there.

What else hangs on a unit that ends (posts, tenures, tasks, units below it) is moved by its own
verbs; until then it is a loose end that everybody sees.
"""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Command, Conflict, Context, DocumentRequired, Event, Parameters, Refusal
from domain.monitoring.command import MAY_END, NotACommune, NotOfTheAgency, Sight
from domain.monitoring.events import MonitorAssigned, ReleaseCause
from domain.monitoring.monitoring import CommuneUnmonitored, Monitoring, Span, monitoring_of_commune
from domain.monitoring.monitors.assignment import CommuneMonitored
from domain.monitoring.monitors.release import released
from domain.organisation.events import UnitEstablished
from domain.organisation.organisation import Organisation
from domain.organisation.selectors import unit_selector
from domain.organisation.unit_kinds import KindId
from domain.organisation.units import (
    ESTABLISHING,
    SUCCEEDED,
    require_establishable,
    retyped_later,
)
from domain.regulations.regulations import Regulations
from domain.values import Code, Line, UnitId, Value


class ParentEnds(Conflict):
    """The unit {parent_id} ends on {on} itself, and cannot be the parent of {unit_id}.

    Đơn vị {parent_id} cũng kết thúc vào ngày {on}, không thể là cấp trên của {unit_id}.
    """


class NewSuccessor(Value):
    """What a successor that does not exist yet is called, and where it belongs."""

    name: Line
    kind: KindId
    code: Code | None = None
    parent_id: UnitId | None = None


Params = TypeVar("Params", bound=Parameters)


class EndingUnits(Command[Params]):
    """A command that ends units: it sees them, their successors, and who monitors them."""

    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.organisation = Organisation()
        self.monitoring = Monitoring()
        self.sight = Sight(self.organisation, self.monitoring, Regulations())

    def evolve(self, event: Event) -> None:
        self.sight.evolve(event)

    def release_monitor(self, unit_id: str) -> Span | None:
        """Whoever monitors the commune that ends is released, and no longer from that day.

        Raises:
            MonitoredForNoDay, VisitedAfterwards.
        """
        on, span = self.context.effective_on, self.monitoring.open_span(unit_id)
        if span is None:
            return None
        cause = ReleaseCause.UNIT_ENDED
        self.emit(released(self.sight, span, on, cause=cause, reason=cause.value))
        return span

    def establish(
        self, unit_id: str, successor: NewSuccessor, formed_from: tuple[str, ...]
    ) -> None:
        """The successor exists from the effective day.

        Raises:
            UnitExists, UnitKindUnknown, ParentEnds, UnitUnknown, UnitNotOpen.
        """
        on = self.context.effective_on
        kind = self.organisation.kinds.require(successor.kind, on)
        established = UnitEstablished(
            effective_on=on,
            unit_id=unit_id,
            name=successor.name,
            kind=kind.kind,
            level=kind.level,
            monitored=kind.monitored,
            code=successor.code,
            parent_id=successor.parent_id,
            formed_from=formed_from,
        )
        require_establishable(self.organisation, established)
        if successor.parent_id in formed_from:
            raise ParentEnds(unit_id=unit_id, parent_id=successor.parent_id, on=on)
        self.emit(established)
        for retyped in retyped_later(unit_id, kind, self.later):
            self.emit(retyped)

    def go_on(self, span: Span | None, follows: str, unit_id: str) -> None:
        """The monitor of the commune that ended goes on in its successor, without a day between.

        Raises:
            CommuneUnmonitored, UnitNotOpen, NotACommune, CommuneMonitored, NotOfTheAgency.
        """
        on = self.context.effective_on
        if span is None:
            raise CommuneUnmonitored(unit_id=follows, on=on)
        self.sight.require_commune(unit_id, on)
        other = self.monitoring.open_span(unit_id)
        if other is not None:
            raise CommuneMonitored(
                unit_id=unit_id, official_id=other.official_id, since=other.since
            )
        self.sight.require_agency(unit_id, span.agency_id, span.post_id)
        self.emit(
            MonitorAssigned(
                effective_on=on,
                unit_id=unit_id,
                official_id=span.official_id,
                post_id=span.post_id,
                agency_id=span.agency_id,
                assigned_by=span.assigned_by,
                exception=span.exception,
                follows=follows,
            )
        )


SUCCEEDING: tuple[type[Refusal], ...] = (
    DocumentRequired,
    *ESTABLISHING,
    *SUCCEEDED,
    ParentEnds,
    *MAY_END,
    CommuneUnmonitored,
    NotACommune,
    CommuneMonitored,
    NotOfTheAgency,
)


def all_of(unit_ids: Iterable[str]) -> list[Selector]:
    """The units, and who monitors them."""
    named = list(dict.fromkeys(unit_ids))
    return [
        *(unit_selector(unit_id) for unit_id in named),
        *(monitoring_of_commune(unit_id) for unit_id in named),
    ]
