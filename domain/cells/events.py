"""What happens between officials and the party cells whose meetings they attend (D3, D4).

In all of it `unit_id` is the cell, a unit of the kind `party_cell`.
"""

from typing import ClassVar

from domain.kernel import Event
from domain.values import Day, OfficialId, Points, Text, UnitId


class CellEvent(Event):
    """An event of one official's attendance at one cell."""

    unit_id: UnitId
    official_id: OfficialId


class AttendantAssigned(CellEvent):
    """The official attends the cell's meetings from `effective_on`."""

    TYPE: ClassVar[str] = "cell.attendant_assigned"
    VIETNAMESE: ClassVar[str] = "phân công dự sinh hoạt chi bộ"

    assigned_by: UnitId


class AttendantReleased(CellEvent):
    """The official attends the cell's meetings no longer from `effective_on`."""

    TYPE: ClassVar[str] = "cell.attendant_released"
    VIETNAMESE: ClassVar[str] = "thôi phân công dự sinh hoạt chi bộ"

    since: Day
    reason: Text
    released_by: UnitId | None = None


class MeetingAttended(CellEvent):
    """The official attended the cell's meeting on `effective_on`, and judged its quality.

    `quality_points` is on the scale of the regulation in force; None where nothing was judged.
    """

    TYPE: ClassVar[str] = "cell.meeting_attended"
    VIETNAMESE: ClassVar[str] = "dự sinh hoạt chi bộ"

    remarks: Text
    quality_points: Points | None = None
