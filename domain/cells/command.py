"""The shape of a command on a party cell: who attends it, and the meetings attended so far."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from eventsourcing.dcb.domain import Selector

from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.kernel import Conflict, Context, Event, NotFound, Parameters
from domain.organisation.entitlement import BodyCommand
from domain.organisation.selectors import unit_selector
from domain.regulations.regulations import Regulations
from domain.values import OfficialId

Params = TypeVar("Params", bound="OfAttendant")

CELL_EVENTS: tuple[type[Event], ...] = (AttendantAssigned, AttendantReleased, MeetingAttended)


class NotAnAttendant(NotFound):
    """The official {official_id} is not assigned to the cell {unit_id} on {on}.

    Cán bộ {official_id} không được phân công dự sinh hoạt chi bộ {unit_id} vào ngày {on}.
    """


class AttendsAlready(Conflict):
    """The official {official_id} attends the cell {unit_id} since {since} already.

    Cán bộ {official_id} đã được phân công dự sinh hoạt chi bộ {unit_id} từ ngày {since}.
    """


class AttendanceWouldBeEmpty(Conflict):
    """The official attends since {since} and attended last on {attended_on}: {until} is too early.

    Cán bộ được phân công từ {since}, dự lần cuối ngày {attended_on}: ngày {until} là quá sớm.
    """


class MeetingRecorded(Conflict):
    """The official {official_id} was at the cell's meeting of {on} already.

    Đã ghi nhận cán bộ {official_id} dự sinh hoạt chi bộ ngày {on}.
    """


@dataclass(frozen=True, slots=True)
class Attendance:
    """An official attends a cell from `since`, as that body let it."""

    unit_id: str
    official_id: str
    since: date
    assigned_by: str


class Attendances:
    """Who attends which cells now, and attended their meetings last when, as far as seen."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, str], Attendance] = {}
        self._all: list[Attendance] = []
        self._attended_on: dict[tuple[str, str], date] = {}

    def evolve(self, event: Event) -> None:
        on = event.effective_on
        match event:
            case AttendantAssigned(unit_id=unit_id, official_id=official_id):
                attendance = Attendance(unit_id, official_id, on, event.assigned_by)
                self._running[unit_id, official_id] = attendance
                self._all.append(attendance)
            case AttendantReleased():
                self._running.pop((event.unit_id, event.official_id), None)
            case MeetingAttended():
                self._attended_on[event.unit_id, event.official_id] = on
            case _:
                pass

    def of(self, unit_id: str, official_id: str) -> Attendance | None:
        """The official's attendance at the cell, if there is one now."""
        return self._running.get((unit_id, official_id))

    def assigned_by(self, unit_id: str, official_id: str, on: date) -> str | None:
        """The body that let the official attend the cell, the last by that day."""
        same = (unit_id, official_id)
        bodies = [
            one.assigned_by
            for one in self._all
            if (one.unit_id, one.official_id) == same and one.since <= on
        ]
        return bodies[-1] if bodies else None

    def require_none(self, unit_id: str, official_id: str) -> None:
        """Pass if the official does not attend the cell.

        Raises:
            AttendsAlready.
        """
        attendance = self.of(unit_id, official_id)
        if attendance is not None:
            raise AttendsAlready(official_id=official_id, unit_id=unit_id, since=attendance.since)

    def attending(self, unit_id: str, official_id: str, on: date) -> Attendance:
        """The official's attendance at the cell now, which is on that day.

        Raises:
            NotAnAttendant.
        """
        attendance = self.of(unit_id, official_id)
        if attendance is None:
            raise NotAnAttendant(official_id=official_id, unit_id=unit_id, on=on)
        return attendance

    def ending(self, unit_id: str, official_id: str, on: date) -> Attendance:
        """The attendance that ends on that day, after its first day and its last meeting.

        Raises:
            NotAnAttendant, AttendanceWouldBeEmpty.
        """
        attendance = self.attending(unit_id, official_id, on)
        attended_on = self._attended_on.get((unit_id, official_id), date.min)
        last = max(attendance.since, attended_on)
        if on <= last:
            raise AttendanceWouldBeEmpty(since=attendance.since, attended_on=last, until=on)
        return attendance

    def require_unrecorded(self, unit_id: str, official_id: str, on: date) -> None:
        """Pass if the official is not recorded to have met the cell on that day.

        Raises:
            MeetingRecorded.
        """
        if self._attended_on.get((unit_id, official_id)) == on:
            raise MeetingRecorded(official_id=official_id, on=on)


class OfAttendant(Parameters):
    """Which official."""

    official_id: OfficialId


class CellCommand(BodyCommand[Params]):
    """A decision about the attendants of one cell."""

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.regulations = Regulations()
        self.attendances = Attendances()

    def consistency_boundary(self) -> list[Selector]:
        return [
            unit_selector(self.unit_id),
            attendance_of_cell(self.unit_id),
            *self.seeing_heirs(),
        ]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.regulations.evolve(event)
        self.attendances.evolve(event)


def attendance_of_cell(unit_id: str) -> Selector:
    """Who attended the cell from when until when, and its meetings that were attended."""
    return Selector(types=CELL_EVENTS, tags=[f"unit:{unit_id}"])
