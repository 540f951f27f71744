"""Cell attendance: who attends which cell, the months they owed, and those in which they came (D3).

A month is owed once it is over, by whoever was assigned to the cell on each of its days, as often
as the regulation says that is in force on its last day. Where none is, nothing is owed.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Interval,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from projections.days import AS_OF, last_day, running
from projections.monitoring.lists import MonitoringList, day, said
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)
from projections.statement import LEDGER, Statement, paged

ATTENDANTS = read_table(
    "cell_attendants",
    text_id("unit_id"),
    text_id("official_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("assigned_by"),
    Column("reason", Text),
)
MEETINGS = read_table(
    "cell_meetings",
    text_id("unit_id"),
    text_id("official_id"),
    Column("attended_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("quality_points", Numeric),
)


def assigned(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            **{name: data[name] for name in ("unit_id", "official_id", "assigned_by")},
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "reason": None,
        },
    )


def released(row: Row | None, event: RecordedEvent) -> Rows:
    changes = {"until_on": event.day, "position": event.position, "reason": event.data["reason"]}
    return ({**require_open_row(row, event), **changes},)


def attended(_: Row | None, event: RecordedEvent) -> Rows:
    """A meeting lasts no longer than its day: there is none that stays open."""
    data = event.data
    names = ("unit_id", "official_id", "remarks")
    return (
        {
            **{name: data[name] for name in names},
            "attended_on": event.day,
            "until_on": event.day,
            "position": event.position,
            "quality_points": data.get("quality_points"),
        },
    )


CELL_ATTENDANTS = Projection(
    version=1,
    table=ATTENDANTS,
    key=("unit_id", "official_id"),
    since="from_on",
    until="until_on",
    folds={AttendantAssigned.TYPE: assigned, AttendantReleased.TYPE: released},
)
CELL_MEETINGS = Projection(
    version=1,
    table=MEETINGS,
    key=("unit_id", "official_id"),
    since="attended_on",
    until="until_on",
    folds={MeetingAttended.TYPE: attended},
)

ATTENDED = MonitoringList(
    name="cell meetings",
    projections=(CELL_MEETINGS,),
    table=MEETINGS,
    source=MEETINGS,
    columns={
        **{name: MEETINGS.c[name] for name in ("unit_id", "official_id", "attended_on", "remarks")},
        "quality_points": cast(MEETINGS.c.quality_points, Text),
        "position": MEETINGS.c.position,
    },
    holds=(MEETINGS.c.attended_on <= AS_OF,),
    filters={
        "cell": said("cell", MEETINGS.c.unit_id),
        "official": said("official", MEETINGS.c.official_id),
        "from_on": MEETINGS.c.attended_on >= day("from_on"),
        "to_on": MEETINGS.c.attended_on <= day("to_on"),
    },
    marks=("attended_on", "unit_id", "official_id"),
)

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "cell": said("cell", ATTENDANTS.c.unit_id),
    "official": said("official", ATTENDANTS.c.official_id),
}
MONTH: ColumnElement[Any] = literal_column("'1 month'::interval", Interval)
ONE_DAY: ColumnElement[Any] = literal_column("1", Integer)
COLUMNS = (
    "unit_id",
    "official_id",
    "from_on",
    "to_on",
    "assigned_by",
    "months_owed",
    "months_attended",
    "missing_months",
    "meetings",
    "judged",
    "points",
    "position",
)


@lru_cache(maxsize=64)
def attendance(filters: frozenset[str], *, continued: bool) -> Statement:
    """One page of `COLUMNS`: those who attend on the day, by cell and official.

    Of the meetings, `judged` of them have `points` in all. Arguments: ledger, as_of, limit,
    `adopted_on` and `meetings_per_month`, arrays of the regulations in the order of the log, each
    filter's, `missing`, and `after_0`, `after_1`.
    """
    row = ATTENDANTS.c
    months, meetings = _months(), _meetings()
    missing = func.coalesce(months.c.missing_months, literal_column("'{}'::text[]"))
    query: Select[Any] = (
        select(
            row.unit_id,
            row.official_id,
            row.from_on,
            last_day(row.until_on).label("to_on"),
            row.assigned_by,
            months.c.months_owed,
            months.c.months_attended,
            missing.label("missing_months"),
            meetings.c.meetings,
            meetings.c.judged,
            meetings.c.points,
            row.position,
        )
        .select_from(ATTENDANTS.join(months, true()).join(meetings, true()))
        .where(row.ledger == LEDGER, *running(ATTENDANTS))
        .where(*(FILTERS[name] for name in sorted(filters - {"missing"})))
        .order_by(row.unit_id, row.official_id)
    )
    if "missing" in filters:
        some = months.c.months_owed > months.c.months_attended
        query = query.where(some == bindparam("missing", type_=Boolean))
    if continued:
        after = [bindparam(f"after_{number}", type_=Text) for number in range(2)]
        query = query.where(tuple_(row.unit_id, row.official_id) > tuple_(*after))
    return paged(query, COLUMNS, [CELL_ATTENDANTS.name, CELL_MEETINGS.name])


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
        .where(
            begun_on >= row.from_on,
            ended_on < AS_OF,
            asked.is_not(None),
        )
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
