"""Regulations as a decision sees them: of every topic, the one in force on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Event
from domain.regulations.events import CellAttendanceRegulated, CommuneMonitoringRegulated


class RegulatedFromThatDay(Conflict):
    """Another regulation on this takes effect on {effective_on} already.

    Đã có quy định khác về nội dung này, cũng có hiệu lực từ ngày {effective_on}.
    """


@dataclass(slots=True)
class Regulations:
    """The regulations adopted so far, in the order of their days."""

    commune_monitoring: list[CommuneMonitoringRegulated] = field(default_factory=list)
    cell_attendance: list[CellAttendanceRegulated] = field(default_factory=list)

    def evolve(self, event: Event) -> None:
        match event:
            case CommuneMonitoringRegulated():
                self.commune_monitoring.append(event)
            case CellAttendanceRegulated():
                self.cell_attendance.append(event)
            case _:
                pass

    def of_communes(self, on: date) -> CommuneMonitoringRegulated | None:
        """What is in force for communes on that day: the last that took effect."""
        adopted = (r for r in reversed(self.commune_monitoring) if r.effective_on <= on)
        return next(adopted, None)

    def of_cells(self, on: date) -> CellAttendanceRegulated | None:
        """What is in force for cells on that day."""
        adopted = (r for r in reversed(self.cell_attendance) if r.effective_on <= on)
        return next(adopted, None)


def require_alone(adopted: Iterable[Event], on: date) -> None:
    """Pass if none of the regulations takes effect on that same day.

    Raises:
        RegulatedFromThatDay.
    """
    if any(regulation.effective_on == on for regulation in adopted):
        raise RegulatedFromThatDay(effective_on=on)


def commune_monitoring_selector() -> Selector:
    """How communes are to be monitored."""
    return Selector(types=[CommuneMonitoringRegulated], tags=["regulation:commune-monitoring"])


def cell_attendance_selector() -> Selector:
    """How cells' meetings are to be attended."""
    return Selector(types=[CellAttendanceRegulated], tags=["regulation:cell-attendance"])
