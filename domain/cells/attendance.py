"""Cell attendance: officials attend the meetings of party cells, and judge their quality (D3, D4).

They attend as persons: the end of a tenure does not end an attendance.
"""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.cells.command import (
    AttendanceWouldBeEmpty,
    AttendsAlready,
    CellCommand,
    MeetingRecorded,
    NotAnAttendant,
    OfAttendant,
)
from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.kernel import BodyRequired, Conflict, Forbidden, Invalid, Refusal
from domain.organisation.entitlement import BY_OPEN_ENTITLED_BODY
from domain.organisation.events import UnitKind
from domain.organisation.organisation import OfficialUnknown, Organisation, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import official_selector, unit_selector
from domain.regulations.regulations import cell_attendance_selector
from domain.values import Points, Text


class NotAPartyCell(Conflict):
    """The unit {unit_id} is a {kind}, not a party cell.

    Đơn vị {unit_id} thuộc loại {kind}, không phải chi bộ.
    """


class OnlyTheAttendant(Forbidden):
    """It is for the attendant {official_id} to say, not for {actor}.

    Việc này do cán bộ {official_id} dự sinh hoạt thực hiện, không phải {actor}.
    """


class NoScaleInForce(Conflict):
    """No regulation on {on} says on which scale meetings are judged.

    Vào ngày {on} chưa có quy định thang điểm đánh giá chất lượng sinh hoạt.
    """


class BeyondScale(Invalid):
    """The points {quality_points} are beyond the scale, which ends at {scale_points}.

    Điểm {quality_points} vượt thang điểm, tối đa {scale_points}.
    """


def require_cell(organisation: Organisation, unit_id: str, on: date) -> None:
    """Pass if the unit is a party cell, which exists on that day.

    Raises:
        UnitUnknown, UnitNotOpen, NotAPartyCell.
    """
    cell = organisation.open_unit(unit_id, on)
    if cell.kind != UnitKind.PARTY_CELL:
        raise NotAPartyCell(unit_id=unit_id, kind=cell.kind)


class AssignAttendant(CellCommand[OfAttendant]):
    """A body lets the official attend the cell's meetings from the effective day."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        NotAPartyCell,
        OfficialUnknown,
        AttendsAlready,
    )

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        named = [unit_selector(body)] if body is not None else []
        official = official_selector(self.params.official_id)
        return [*super().consistency_boundary(), *named, official]

    def execute(self) -> None:
        on, official_id = self.context.effective_on, self.params.official_id
        require_cell(self.organisation, self.unit_id, on)
        body = self.require_body()
        self.organisation.open_unit(body, on)
        if official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=official_id)
        self.attendances.require_none(self.unit_id, official_id)
        self.emit(
            AttendantAssigned(
                effective_on=on, unit_id=self.unit_id, official_id=official_id, assigned_by=body
            )
        )


class AttendantRelease(OfAttendant):
    """Who attends no longer, and why."""

    reason: Text


class ReleaseAttendant(CellCommand[AttendantRelease]):
    """The body that assigned the official ends it, or its heir, which is open."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        NotAnAttendant,
        *BY_OPEN_ENTITLED_BODY,
        AttendanceWouldBeEmpty,
    )

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        named = [unit_selector(body)] if body is not None else []
        return [*super().consistency_boundary(), *named]

    def bodies(self) -> set[str]:
        attendance = self.attendances.of(self.unit_id, self.params.official_id)
        return set() if attendance is None else {attendance.assigned_by}

    def execute(self) -> None:
        on, official_id = self.context.effective_on, self.params.official_id
        attendance = self.attendances.attending(self.unit_id, official_id, on)
        body = self.require_entitled(attendance.assigned_by)
        self.organisation.open_unit(body, on)
        self.attendances.ending(self.unit_id, official_id, on)
        self.emit(
            AttendantReleased(
                effective_on=on,
                unit_id=self.unit_id,
                official_id=official_id,
                since=attendance.since,
                reason=self.params.reason,
                released_by=body,
            )
        )


class Meeting(OfAttendant):
    """What the official noted, and the points for the meeting's quality, if it was judged."""

    remarks: Text
    quality_points: Points | None = None


class RecordMeetingAttended(CellCommand[Meeting]):
    """The official attended the cell's meeting on the effective day; it may be written down later.

    Points are on the scale of the regulation in force that day.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        OnlyTheAttendant,
        NotAnAttendant,
        MeetingRecorded,
        NoScaleInForce,
        BeyondScale,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), cell_attendance_selector()]

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        actor = self.context.actor
        if actor.official_id not in {None, params.official_id}:
            raise OnlyTheAttendant(official_id=params.official_id, actor=actor.id)
        self.attendances.attending(self.unit_id, params.official_id, on)
        self.attendances.require_unrecorded(self.unit_id, params.official_id, on)
        self._require_scale()
        self.emit(
            MeetingAttended(
                effective_on=on,
                unit_id=self.unit_id,
                official_id=params.official_id,
                remarks=params.remarks,
                quality_points=params.quality_points,
            )
        )

    def _require_scale(self) -> None:
        """Pass if nothing was judged, or on the scale in force.

        Raises:
            NoScaleInForce, BeyondScale.
        """
        points, on = self.params.quality_points, self.context.effective_on
        if points is None:
            return
        regulation = self.regulations.of_cells(on)
        if regulation is None:
            raise NoScaleInForce(on=on)
        if points > regulation.scale_points:
            raise BeyondScale(quality_points=points, scale_points=regulation.scale_points)
