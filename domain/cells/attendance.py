"""Cell attendance: officials attend the meetings of party cells, and judge their quality (D3, D4).

They attend as persons: the end of a tenure does not end an attendance.
"""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.cells.command import Attendance, CellCommand, NotAnAttendant, OfAttendant
from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.kernel import BodyRequired, Conflict, Forbidden, Invalid, Refusal
from domain.organisation.entitlement import BY_OPEN_ENTITLED_BODY
from domain.organisation.events import UnitKind
from domain.organisation.organisation import (
    FOREVER,
    OfficialUnknown,
    UnitNotOpen,
    UnitUnknown,
    official_selector,
    unit_selector,
)
from domain.regulations.regulations import cell_attendance_selector
from domain.values import Points, Text


class NotAPartyCell(Conflict):
    """The unit {unit_id} is a {kind}, not a party cell.

    Đơn vị {unit_id} thuộc loại {kind}, không phải chi bộ.
    """


class AttendsAlready(Conflict):
    """The official {official_id} attends the cell {unit_id} since {since} already.

    Cán bộ {official_id} đã được phân công dự sinh hoạt chi bộ {unit_id} từ ngày {since}.
    """


class AttendanceBeforeLast(Conflict):
    """The official attended the cell {unit_id} until {until}: not anew from {effective_on}.

    Cán bộ đã dự sinh hoạt chi bộ {unit_id} đến ngày {until}: không thể phân công lại từ
    {effective_on}.
    """


class AttendanceWouldBeEmpty(Conflict):
    """The official attends since {since} and attended last on {attended_on}: {until} is too early.

    Cán bộ được phân công từ {since}, dự lần cuối ngày {attended_on}: ngày {until} là quá sớm.
    """


class OnlyTheAttendant(Forbidden):
    """It is for the attendant {official_id} to say, not for {actor}.

    Việc này do cán bộ {official_id} dự sinh hoạt thực hiện, không phải {actor}.
    """


class MeetingRecorded(Conflict):
    """The official {official_id} was at the cell's meeting of {on} already.

    Đã ghi nhận cán bộ {official_id} dự sinh hoạt chi bộ ngày {on}.
    """


class NoScaleInForce(Conflict):
    """No regulation on {on} says on which scale meetings are judged.

    Vào ngày {on} chưa có quy định thang điểm đánh giá chất lượng sinh hoạt.
    """


class BeyondScale(Invalid):
    """The points {quality_points} are beyond the scale, which ends at {scale_points}.

    Điểm {quality_points} vượt thang điểm, tối đa {scale_points}.
    """


class AssignAttendant(CellCommand[OfAttendant]):
    """A body lets the official attend the cell's meetings from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        NotAPartyCell,
        OfficialUnknown,
        AttendsAlready,
        AttendanceBeforeLast,
    )

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        named = [unit_selector(body)] if body is not None else []
        official = official_selector(self.params.official_id)
        return [*super().consistency_boundary(), *named, official]

    def execute(self) -> None:
        on, official_id = self.context.effective_on, self.params.official_id
        cell = self.organisation.open_unit(self.unit_id, on)
        if cell.kind != UnitKind.PARTY_CELL:
            raise NotAPartyCell(unit_id=self.unit_id, kind=cell.kind.value)
        body = self.require_body()
        self.organisation.open_unit(body, on)
        if official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=official_id)
        for one in (a for a in self.attendances if a.official_id == official_id):
            if one.until == FOREVER:
                raise AttendsAlready(official_id=official_id, unit_id=self.unit_id, since=one.since)
            if on < one.until:
                raise AttendanceBeforeLast(unit_id=self.unit_id, until=one.until, effective_on=on)
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
        running = (a for a in self.attendances if a.until == FOREVER)
        return {a.assigned_by for a in running if a.official_id == self.params.official_id}

    def execute(self) -> None:
        on, official_id = self.context.effective_on, self.params.official_id
        attendance = self._running()
        body = self.require_entitled(attendance.assigned_by)
        self.organisation.open_unit(body, on)
        attended = [m.effective_on for m in self.meetings if m.official_id == official_id]
        last = max([attendance.since, *attended])
        if on <= last:
            raise AttendanceWouldBeEmpty(since=attendance.since, attended_on=last, until=on)
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

    def _running(self) -> Attendance:
        """The attendance that has no end yet.

        Raises:
            NotAnAttendant.
        """
        on, official_id = self.context.effective_on, self.params.official_id
        for one in self.attendances:
            if one.official_id == official_id and one.until == FOREVER:
                return one
        raise NotAnAttendant(official_id=official_id, unit_id=self.unit_id, on=on)


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
        self.on_day()
        if any((m.official_id, m.effective_on) == (params.official_id, on) for m in self.meetings):
            raise MeetingRecorded(official_id=params.official_id, on=on)
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
