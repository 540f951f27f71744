"""Cell attendance: who attends which cell, the months they owed, and those in which they came (D3).

A month is owed once it is over, by whoever was assigned to the cell on each of its days, as often
as the regulation says that is in force on its last day. Where none is, nothing is owed.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Index,
    Integer,
    Interval,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.regulations.regulations import Regulations
from domain.values import Day
from projections.days import AS_OF, ONE_DAY, last_day, running
from projections.filters import Filters, Id, Truth, where
from projections.listing import Arguments, Item, Listing, ListItem, Shown
from projections.projection import Exact, IsoDay, Name, Occurrence, Stretch
from projections.records import begun_and_ended, recorded_once
from projections.rounding import to_hundredth


class AttendantRow(Stretch):
    """An official attends a cell; `reason` is why no longer."""

    unit_id: Name
    official_id: Name
    assigned_by: Name
    reason: str | None


class MeetingRow(Occurrence):
    """A meeting that an official attended."""

    unit_id: Name
    official_id: Name
    attended_on: IsoDay
    remarks: str
    quality_points: Exact | None


CELL_ATTENDANTS = begun_and_ended(
    "cell_attendants",
    AttendantRow,
    key=("unit_id", "official_id"),
    begun=AttendantAssigned,
    ended=AttendantReleased,
    closing=("reason",),
)
CELL_MEETINGS = recorded_once(
    "cell_meetings",
    MeetingRow,
    key=("unit_id", "official_id"),
    event=MeetingAttended,
    on="attended_on",
    lasting=False,
)
ATTENDANTS, MEETINGS = CELL_ATTENDANTS.table, CELL_MEETINGS.table
Index(
    "cell_meetings_day",
    MEETINGS.c.ledger,
    MEETINGS.c.attended_on,
    MEETINGS.c.unit_id,
    MEETINGS.c.official_id,
)
MONTH: ColumnElement[Any] = literal_column("'1 month'::interval", Interval)


def _months() -> Any:  # noqa: ANN401  a lateral subquery
    """How many months the attendant owed, in how many of them came often enough, and the others."""
    row = ATTENDANTS.c
    first = func.date_trunc("month", cast(row.from_on, DateTime))
    began = (
        func.generate_series(first, cast(AS_OF, DateTime), MONTH)
        .table_valued("on")
        .render_derived("month")
    )
    begun_on = cast(began.c["on"], Date)
    ended_on = cast(began.c["on"] + MONTH, Date) - ONE_DAY
    asked = _regulated(ended_on)
    came = (
        select(func.count())
        .where(_of_attendant(), MEETINGS.c.attended_on.between(begun_on, ended_on))
        .correlate(ATTENDANTS, began)
        .scalar_subquery()
    )
    owed = (
        select(
            func.to_char(began.c["on"], literal("YYYY-MM")).label("month"),
            (came >= asked).label("attended"),
        )
        .select_from(began)
        .where(begun_on >= row.from_on, ended_on < AS_OF, asked.is_not(None))
        .correlate(ATTENDANTS)
        .subquery("owed")
        .lateral()
    )
    return (
        select(
            func.count().label("months_owed"),
            func.count().filter(owed.c.attended).label("months_attended"),
            func.array_agg(aggregate_order_by(owed.c.month, owed.c.month))
            .filter(~owed.c.attended)
            .label("missing_months"),
        )
        .select_from(owed)
        .correlate(ATTENDANTS)
        .subquery("months")
        .lateral()
    )


def _regulated(on: ColumnElement[Any]) -> Any:  # noqa: ANN401  a scalar subquery
    """How many meetings a month are to be attended by what is in force on that day."""
    adopted = func.unnest(
        bindparam("adopted_on", type_=ARRAY(Date)),
        bindparam("meetings_per_month", type_=ARRAY(Integer)),
    ).table_valued("adopted_on", "meetings", with_ordinality="number")
    adopted = adopted.render_derived("adopted")
    return (
        select(adopted.c.meetings)
        .where(adopted.c.adopted_on <= on)
        .order_by(adopted.c.adopted_on.desc(), adopted.c.number.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )


def _meetings() -> Any:  # noqa: ANN401  a lateral subquery
    """How many meetings the attendant came to, and how they were judged."""
    row = ATTENDANTS.c
    return (
        select(
            func.count().label("meetings"),
            func.count(MEETINGS.c.quality_points).label("judged"),
            func.sum(MEETINGS.c.quality_points).label("points"),
        )
        .where(_of_attendant(), MEETINGS.c.attended_on >= row.from_on)
        .where(MEETINGS.c.attended_on <= AS_OF)
        .correlate(ATTENDANTS)
        .subquery("meetings")
        .lateral()
    )


def _of_attendant() -> ColumnElement[bool]:
    return and_(
        MEETINGS.c.ledger == ATTENDANTS.c.ledger,
        MEETINGS.c.unit_id == ATTENDANTS.c.unit_id,
        MEETINGS.c.official_id == ATTENDANTS.c.official_id,
    )


MONTHS, ATTENDED = _months(), _meetings()
MISSING_MONTHS = func.coalesce(MONTHS.c.missing_months, literal_column("'{}'::text[]"))


class Attendance(ListItem):
    """An official attends a cell; the months owed until the day, and those missed.

    A month is owed once it is over, by whoever was assigned on each of its days, as often as the
    regulation in force on its last day says. `average_points` are of the meetings `judged`,
    rounded once, half up, to two decimals.
    """

    unit_id: Annotated[str, Field(description="The cell.")]
    official_id: str
    from_on: date
    to_on: Annotated[date | None, Shown(last_day(ATTENDANTS.c.until_on))]
    assigned_by: str
    months_owed: Annotated[int, Shown(MONTHS.c.months_owed, vi="Số tháng phải dự")]
    months_attended: Annotated[int, Shown(MONTHS.c.months_attended, vi="Số tháng đã dự")]
    missing_months: Annotated[list[str], Shown(MISSING_MONTHS, vi="Các tháng chưa dự")]
    meetings: Annotated[int, Shown(ATTENDED.c.meetings, vi="Số buổi đã dự")]
    judged: Annotated[int, Shown(ATTENDED.c.judged, vi="Số buổi được chấm điểm")]
    average_points: Annotated[str | None, Shown(computed=True, vi="Điểm trung bình")]
    position: int


class AttendanceFilters(Filters):
    """Which attendants."""

    cell: Id | None = where(ATTENDANTS.c.unit_id)
    official: Id | None = where(ATTENDANTS.c.official_id)
    missing: Truth | None = where(
        lambda missing: missing == (MONTHS.c.months_owed > MONTHS.c.months_attended),
        "Whether a month owed was missed.",
        of=Boolean(),
    )


class AttendedMeeting(ListItem):
    """A meeting of the cell that the official attended, and how it was judged, if it was."""

    unit_id: Annotated[str, Field(description="The cell.")]
    official_id: str
    attended_on: Annotated[date, Shown(vi="Ngày dự sinh hoạt")]
    remarks: str
    quality_points: Annotated[
        str | None, Shown(cast(MEETINGS.c.quality_points, Text), vi="Điểm chất lượng")
    ]
    position: int


class MeetingFilters(Filters):
    """Which meetings."""

    cell: Id | None = where(MEETINGS.c.unit_id)
    official: Id | None = where(MEETINGS.c.official_id)
    from_on: Day | None = where(
        lambda day: MEETINGS.c.attended_on >= day, "On this day or later.", of=Date()
    )
    to_on: Day | None = where(
        lambda day: MEETINGS.c.attended_on <= day, "On this day or earlier.", of=Date()
    )


def with_average(items: Sequence[Item], _: Arguments) -> list[Item]:
    """The items with the average of their points in the place of the sum."""
    return [_with_average(**item) for item in items]


def _with_average(*, points: str | None, position: int, **item: Any) -> Item:  # noqa: ANN401  JSON
    average = None if points is None else str(to_hundredth(Decimal(points) / item["judged"]))
    return {**item, "average_points": average, "position": position}


def adopted(_params: object, _as_of: date, regulated: Regulations | None) -> Arguments:
    """The regulations on attendance in the order of the log."""
    of_cells = (regulated or Regulations()).cell_attendance
    return {
        "adopted_on": [one.effective_on for one in of_cells],
        "meetings_per_month": [one.meetings_per_month for one in of_cells],
    }


ATTENDANCE = Listing(
    name="cell-attendance",
    tag="monitoring",
    answers="Who attends the meetings of which cell on a day, and which months were missed by "
    "then.",
    page="One page of attendants, by cell and official.",
    item=Attendance,
    filters=AttendanceFilters,
    projections=(CELL_ATTENDANTS, CELL_MEETINGS),
    table=ATTENDANTS,
    source=ATTENDANTS.join(MONTHS, true()).join(ATTENDED, true()),
    holds=running(ATTENDANTS),
    order=("unit_id", "official_id"),
    hidden={"points": cast(ATTENDED.c.points, Text)},
    arguments=adopted,
    regulated=True,
    finish=with_average,
)
ATTENDED_MEETINGS = Listing(
    name="cell-meetings",
    path="cell-attendance/meetings",
    tag="monitoring",
    answers="The meetings of cells that officials attended by a day, and how they judged them.",
    page="One page of meetings, the earliest first.",
    item=AttendedMeeting,
    filters=MeetingFilters,
    projections=(CELL_MEETINGS,),
    table=MEETINGS,
    holds=(MEETINGS.c.attended_on <= AS_OF,),
    order=("attended_on", "unit_id", "official_id"),
)
