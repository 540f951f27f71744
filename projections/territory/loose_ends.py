"""Loose ends: what still hangs on units that have ended, since when, and which verb ends it.

Nothing is moved silently when a unit ends: posts, tenures, tasks, units below it and communes
allocated to it stay on record with it until somebody decides on each. So does who monitored a
commune that ended and was given no other.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    cast,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from projections.commune_coverage.allocations import COMMUNE_ALLOCATIONS
from projections.commune_coverage.allocations import TABLE as ALLOCATIONS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, GapCause
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import AS_OF, of_day
from projections.filters import Filters, Id, where
from projections.listing import Conditions, Listing, ListItem, Mark, Shown
from projections.monitoring.cell_attendance import ATTENDANTS, CELL_ATTENDANTS
from projections.organisation.posts import POSTS
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.organisation.tenures import TABLE as TENURES_TABLE
from projections.organisation.tenures import TENURES
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.organisation.units import UNITS
from projections.statement import LEDGER, NO_TEXT, word
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standing_rows import UNDER_WAY
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import PART

LooseKind: TypeAlias = Literal[
    "post", "tenure", "task", "co_accountability", "unit", "allocation", "attendant", "monitor"
]
VERBS: Mapping[LooseKind, str] = {
    "post": "/posts/{post_id}/abolish",
    "tenure": "/posts/{post_id}/end-tenure",
    "task": "/tasks/{task_id}/transfer",
    "co_accountability": "/tasks/{task_id}/release-co-accountable",
    "unit": "/units/{unit_id}/move",
    "allocation": "/communes/{unit_id}/withdraw-allocation",
    "attendant": "/cells/{unit_id}/release-attendant",
    "monitor": "/communes/{unit_id}/assign-monitor",
}
# What waits for an answer or a decision hangs on its unit as what is under way does.
PENDING = ("registered", "ready")


def _ended() -> FromClause:
    """The units that have ended by the day, under their last names."""
    unit = UNITS_TABLE.c
    last = (
        select(unit.unit_id, func.max(unit.valid_to).label("ended_on"))
        .where(unit.ledger == LEDGER)
        .group_by(unit.unit_id)
        .having(func.max(unit.valid_to) <= AS_OF)
        .cte("last")
    )
    name = (
        select(unit.name)
        .where(unit.ledger == LEDGER, unit.unit_id == last.c.unit_id)
        .order_by(unit.valid_from.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    return select(last.c.unit_id, name.label("unit_name"), last.c.ended_on).cte("ended")


def _hanging(  # noqa: PLR0913  the columns of a line
    ended: FromClause,
    kind: LooseKind,
    table: FromClause,
    thing: ColumnElement[Any],
    since_on: ColumnElement[Any],
    *,
    unit_id: ColumnElement[Any] | None = None,
    title: ColumnElement[Any] = NO_TEXT,
    official_id: ColumnElement[Any] = NO_TEXT,
    beside: FromClause | None = None,
    which: Conditions | None = None,
) -> Select[Any]:
    """The things of one kind that hang on the units that have ended.

    Args:
        ended: these units.
        kind: of the things.
        table: of the things.
        thing: the id of each.
        since_on: since when it is on record.
        unit_id: the unit it hangs on; the table's `unit_id` if left out.
        title: of the thing.
        official_id: whose it is.
        beside: what stands beside the rows of the table.
        which: of its rows; those of the day if left out.
    """
    return (
        select(
            ended.c.unit_id,
            ended.c.unit_name,
            ended.c.ended_on,
            word(kind).label("kind"),
            thing.label("id"),
            title.label("title"),
            official_id.label("official_id"),
            cast(since_on, Date).label("since_on"),
            word(VERBS[kind]).label("ended_by"),
        )
        .select_from(ended)
        .join(
            table if beside is None else table.join(beside, true()),
            (table.c.unit_id if unit_id is None else unit_id) == ended.c.unit_id,
        )
        .where(*(of_day(table) if which is None else which))
    )


def _lines(ended: FromClause) -> list[Select[Any]]:
    """What hangs on the units that have ended, kind by kind."""
    hanging = partial(_hanging, ended)
    post, tenure, task = POSTS_TABLE.c, TENURES_TABLE.c, TASKS.c
    unit, part = UNITS_TABLE.alias("below"), PART.c
    unfinished = task.state.in_([word(state) for state in (*UNDER_WAY, *PENDING)])
    under_way = (*of_day(TASKS), unfinished)
    since = func.coalesce(task.since_on, task.valid_from)
    first = select(func.min(UNITS_TABLE.c.valid_from)).where(
        UNITS_TABLE.c.ledger == LEDGER, UNITS_TABLE.c.unit_id == unit.c.unit_id
    )
    return [
        hanging("post", POSTS_TABLE, post.post_id, post.valid_from, title=post.title),
        hanging(
            "tenure", TENURES_TABLE, tenure.post_id, tenure.from_on, official_id=tenure.official_id
        ),
        hanging(
            "task",
            TASKS,
            task.task_id,
            since,
            official_id=task.official_id,
            title=task.title,
            which=under_way,
        ),
        hanging(
            "co_accountability",
            TASKS,
            task.task_id,
            part.since_on,
            unit_id=part.unit_id,
            official_id=part.official_id,
            beside=PART,
            title=task.title,
            which=under_way,
        ),
        hanging(
            "unit",
            unit,
            unit.c.unit_id,
            first.correlate(unit).scalar_subquery(),
            unit_id=unit.c.parent_id,
            title=unit.c.name,
        ),
        hanging("allocation", ALLOCATIONS, ALLOCATIONS.c.agency_id, ALLOCATIONS.c.from_on),
        hanging(
            "attendant",
            ATTENDANTS,
            ATTENDANTS.c.unit_id,
            ATTENDANTS.c.from_on,
            official_id=ATTENDANTS.c.official_id,
        ),
        _idle_monitors(ended),
    ]


def _idle_monitors(ended: FromClause) -> Select[Any]:
    """Whose commune ended, who monitors none since, and who still holds a post."""
    gap, span, elsewhere = COVERAGE.c, COVERAGE.alias("span"), COVERAGE.alias("elsewhere")
    since = select(func.max(span.c.valid_from)).where(
        span.c.ledger == LEDGER,
        span.c.unit_id == gap.unit_id,
        span.c.official_id == gap.last_official,
    )
    monitors, holds = (
        select(table).where(*of_day(table), table.c.official_id == gap.last_official)
        for table in (elsewhere, TENURES_TABLE)
    )
    return _hanging(
        ended,
        "monitor",
        COVERAGE,
        gap.unit_id,
        since.correlate(COVERAGE).scalar_subquery(),
        official_id=gap.last_official,
        which=(
            gap.ledger == LEDGER,
            gap.cause == word(GapCause.UNIT_ENDED),
            ~monitors.correlate(COVERAGE).exists(),
            holds.correlate(COVERAGE).exists(),
        ),
    )


FOUND = union_all(*_lines(_ended())).subquery("found")
WHOM = func.coalesce(FOUND.c.official_id, word(""))


class LooseEnd(ListItem):
    """Something that still hangs on a unit that has ended; `ended_by` is the verb that mends it.

    `id` is that of the post, of the post held, of the task, of the unit below, of the agency that
    the commune is allocated to, of the cell attended, or of the commune monitored; `since_on` is
    since when it is on record. A `monitor` is one whose commune ended and who monitors none now.
    """

    unit_id: str
    unit_name: Annotated[str, Shown(vi="Tên đơn vị")]
    ended_on: Annotated[date, Shown(vi="Ngày kết thúc")]
    kind: LooseKind
    id: str
    title: str | None
    official_id: str | None
    since_on: date
    ended_by: Annotated[str, Shown(vi="Thao tác xử lý")]


class LooseEndFilters(Filters):
    """Which loose ends."""

    unit: Id | None = where(FOUND.c.unit_id, "Of this unit, which has ended.")
    kind: LooseKind | None = where(FOUND.c.kind)


LOOSE_ENDS = Listing(
    name="loose-ends",
    path="territory/loose-ends",
    tag="units",
    answers="What still hangs on units that have ended by a day, and which verb ends it.",
    page="One page of loose ends, the longest loose first.",
    item=LooseEnd,
    filters=LooseEndFilters,
    projections=(
        UNITS,
        POSTS,
        TENURES,
        TASK_STANDINGS,
        COMMUNE_ALLOCATIONS,
        CELL_ATTENDANTS,
        COMMUNE_COVERAGE,
    ),
    table=FOUND,
    order=(
        "ended_on",
        *(Mark(name, FOUND.c[name].collate("C")) for name in ("unit_id", "kind", "id")),
        Mark("official_id", WHOM.collate("C")),
    ),
)
