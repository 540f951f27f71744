"""The shape of a command on a party cell: who attends it, and the meetings attended so far."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from eventsourcing.dcb.domain import Selector

from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.kernel import Context, Event, NotFound, Parameters
from domain.organisation.entitlement import BodyCommand
from domain.organisation.organisation import FOREVER, unit_selector
from domain.regulations.regulations import Regulations
from domain.values import OfficialId

Params = TypeVar("Params", bound="OfAttendant")

CELL_EVENTS: tuple[type[Event], ...] = (AttendantAssigned, AttendantReleased, MeetingAttended)


class NotAnAttendant(NotFound):
    """The official {official_id} is not assigned to the cell {unit_id} on {on}.

    Cán bộ {official_id} không được phân công dự sinh hoạt chi bộ {unit_id} vào ngày {on}.
    """


@dataclass(frozen=True, slots=True)
class Attendance:
    """An official attends a cell from `since`, until the day before `until`."""

    official_id: str
    since: date
    assigned_by: str
    until: date = FOREVER


class OfAttendant(Parameters):
    """Which official."""

    official_id: OfficialId


class CellCommand(BodyCommand[Params]):
    """A decision about the attendants of one cell."""

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.regulations = Regulations()
        self.attendances: list[Attendance] = []
        self.meetings: list[MeetingAttended] = []

    def consistency_boundary(self) -> list[Selector]:
        attendance = Selector(types=CELL_EVENTS, tags=[f"unit:{self.unit_id}"])
        return [unit_selector(self.unit_id), attendance, *self.seeing_heirs()]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.regulations.evolve(event)
        match event:
            case AttendantAssigned(unit_id=self.unit_id):
                self.attendances.append(
                    Attendance(event.official_id, event.effective_on, event.assigned_by)
                )
            case AttendantReleased(unit_id=self.unit_id):
                ended = next(self._of(event.official_id, event.since))
                self.attendances.remove(ended)
                self.attendances.append(replace(ended, until=event.effective_on))
            case MeetingAttended(unit_id=self.unit_id):
                self.meetings.append(event)
            case _:
                pass

    def _of(self, official_id: str, since: date) -> Iterator[Attendance]:
        return (a for a in self.attendances if (a.official_id, a.since) == (official_id, since))

    def on_day(self) -> Attendance:
        """The attendance of the official named on the effective day.

        Raises:
            NotAnAttendant.
        """
        on, official_id = self.context.effective_on, self.params.official_id
        for one in self.attendances:
            if one.official_id == official_id and one.since <= on < one.until:
                return one
        raise NotAnAttendant(official_id=official_id, unit_id=self.unit_id, on=on)
