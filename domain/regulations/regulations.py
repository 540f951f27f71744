"""Regulations as a decision sees them: of every topic, the one in force on a day."""

from dataclasses import dataclass, field
from datetime import date

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event
from domain.regulations.events import CellAttendanceRegulated, CommuneMonitoringRegulated


@dataclass(slots=True)
class Regulations:
    """The regulations adopted so far, in the order of the log."""

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
        """What is in force for communes on that day: the latest day counts, then the last word."""
        adopted = [r for r in self.commune_monitoring if r.effective_on <= on]
        return max(reversed(adopted), key=lambda r: r.effective_on, default=None)

    def of_cells(self, on: date) -> CellAttendanceRegulated | None:
        """What is in force for cells on that day."""
        adopted = [r for r in self.cell_attendance if r.effective_on <= on]
        return max(reversed(adopted), key=lambda r: r.effective_on, default=None)


def commune_monitoring_selector() -> Selector:
    """How communes are to be monitored."""
    return Selector(types=[CommuneMonitoringRegulated], tags=["regulation:commune-monitoring"])


def cell_attendance_selector() -> Selector:
    """How cells' meetings are to be attended."""
    return Selector(types=[CellAttendanceRegulated], tags=["regulation:cell-attendance"])
