"""Preconditions: what must hold on its day for an event of the attendance at cells to follow.

The same functions guard the commands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from eventsourcing.dcb.domain import Selector

from domain.cells.attendance import require_cell
from domain.cells.command import Attendances, AttendsAlready, attendance_of_cell
from domain.cells.events import AttendantAssigned, AttendantReleased, CellEvent, MeetingAttended
from domain.kernel import Event, Refusal
from domain.organisation.events import (
    UnitClosed,
    UnitEstablished,
    UnitKind,
    UnitMerged,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.organisation import Organisation
from domain.organisation.selectors import unit_selector
from domain.regulations.events import CellAttendanceRegulated, PolicyAdopted
from domain.regulations.regulations import Regulations, require_alone


class CellsState:
    """The attendance at party cells on a day, and what may follow on it."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.attendances = Attendances()
        self.regulations = Regulations()

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
        self.attendances.evolve(event)
        self.regulations.evolve(event)

    def deciding_body(self, event: Event) -> str | None:
        """The body that let the official attend the cell, if it is seen."""
        if not isinstance(event, CellEvent):
            return None
        return self.attendances.assigned_by(event.unit_id, event.official_id, event.effective_on)

    def violations(self, on: date) -> Iterator[tuple[frozenset[str], Refusal]]:  # noqa: ARG002  nothing can be violated
        """Nothing: officials attend as persons, whatever posts they hold."""
        yield from ()


def _assigned(state: CellsState, event: AttendantAssigned) -> None:
    if state.organisation.sees(f"unit:{event.unit_id}"):
        require_cell(state.organisation, event.unit_id, event.effective_on)
    state.attendances.require_none(event.unit_id, event.official_id)


def _released(state: CellsState, event: AttendantReleased) -> None:
    on = event.effective_on
    attendance = state.attendances.ending(event.unit_id, event.official_id, on)
    if attendance.since != event.since:
        raise AttendsAlready(
            official_id=event.official_id, unit_id=event.unit_id, since=attendance.since
        )


def _attended(state: CellsState, event: MeetingAttended) -> None:
    state.attendances.attending(event.unit_id, event.official_id, event.effective_on)
    state.attendances.require_unrecorded(event.unit_id, event.official_id, event.effective_on)


def _regulated(state: CellsState, event: CellAttendanceRegulated | PolicyAdopted) -> None:
    if isinstance(event, CellAttendanceRegulated) or "cell-attendance" in event.governs:
        require_alone(state.regulations.cell_attendance, event.effective_on)


PRECONDITIONS: Mapping[type[Event], Callable[[CellsState, Any], None]] = {
    AttendantAssigned: _assigned,
    AttendantReleased: _released,
    MeetingAttended: _attended,
    CellAttendanceRegulated: _regulated,
    PolicyAdopted: _regulated,
}

UNIT_CHANGES = (UnitEstablished, UnitClosed, UnitMerged, UnitSplit, UnitRetyped)


def cells_concerned(changed: Sequence[Event], seen: Sequence[Event]) -> Iterator[Selector]:
    """The cells concerned by the changed events."""
    named = (e for e in (*changed, *seen) if isinstance(e, UnitEstablished | UnitRetyped))
    cells = {event.unit_id for event in named if event.kind == UnitKind.PARTY_CELL}
    for event in changed:
        if isinstance(event, CellEvent):
            yield attendance_of_cell(event.unit_id)
            yield unit_selector(event.unit_id)
        elif isinstance(event, UNIT_CHANGES) and event.unit_id in cells:
            yield attendance_of_cell(event.unit_id)
