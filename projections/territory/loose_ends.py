"""Loose ends: what still hangs on units that have ended, since when, and which verb ends it.

Nothing is moved silently when a unit ends: posts, tenures, tasks, units below it and communes
allocated to it stay on record with it until somebody decides on each. So does who monitored a
commune that ended and was given no other.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    true,
    union_all,
)

from projections.commune_coverage.allocations import COMMUNE_ALLOCATIONS
from projections.commune_coverage.allocations import TABLE as ALLOCATIONS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, GapCause
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import AS_OF, running, valid
from projections.filters import Filters, Id, where
from projections.listing import Listing, ListItem, Mark, Shown
from projections.monitoring.cell_attendance import ATTENDANTS, CELL_ATTENDANTS
from projections.organisation.posts import POSTS
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.organisation.tenures import TABLE as TENURES_TABLE
from projections.organisation.tenures import TENURES
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.organisation.units import UNITS
from projections.statement import LEDGER
from projections.tasks.standings import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS, UNDER_WAY

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
    table: FromClause,
    kind: LooseKind,
    *,
    unit_id: ColumnElement[Any],
    thing: ColumnElement[Any],
    since_on: ColumnElement[Any],
    where: tuple[ColumnElement[bool], ...],
    title: ColumnElement[Any] | None = None,
    official_id: ColumnElement[Any] | None = None,
) -> Select[Any]:
    return (
        select(
            ended.c.unit_id,
            ended.c.unit_name,
            ended.c.ended_on,
            literal_column(f"'{kind}'::text", Text).label("kind"),
            thing.label("id"),
            (cast(null(), Text) if title is None else title).label("title"),
            (cast(null(), Text) if official_id is None else official_id).label("official_id"),
            cast(since_on, Date).label("since_on"),
            literal_column(f"'{VERBS[kind]}'::text", Text).label("ended_by"),
        )
        .select_from(ended)
        .join(table, unit_id == ended.c.unit_id)
        .where(*where)
    )


def _lines(ended: FromClause) -> list[Select[Any]]:
    """What hangs on the units that have ended, kind by kind."""
    post, tenure, task = POSTS_TABLE.c, TENURES_TABLE.c, TASKS.c
    unit = UNITS_TABLE.alias("below")
    open_task = (
        task.ledger == LEDGER,
        *valid(TASKS),
        task.state.in_([literal_column(f"'{s}'", Text) for s in (*UNDER_WAY, *PENDING)]),
    )
    parts = (
        func.jsonb_to_recordset(task.beside)
        .table_valued(
            column("official_id", Text),
            column("unit_id", Text),
            column("since_on", Date),
            name="part",
        )
        .render_derived(with_types=True)
    )
    first = select(func.min(UNITS_TABLE.c.valid_from)).where(
        UNITS_TABLE.c.ledger == LEDGER, UNITS_TABLE.c.unit_id == unit.c.unit_id
    )
    return [
        _hanging(
            ended,
            POSTS_TABLE,
            "post",
            unit_id=post.unit_id,
            thing=post.post_id,
            since_on=post.valid_from,
            where=(post.ledger == LEDGER, *valid(POSTS_TABLE)),
            title=post.title,
        ),
        _hanging(
            ended,
            TENURES_TABLE,
            "tenure",
            unit_id=tenure.unit_id,
            thing=tenure.post_id,
            since_on=tenure.from_on,
            where=(tenure.ledger == LEDGER, *running(TENURES_TABLE)),
            official_id=tenure.official_id,
        ),
        _hanging(
            ended,
            TASKS,
            "task",
            unit_id=task.unit_id,
            thing=task.task_id,
            since_on=func.coalesce(task.since_on, task.valid_from),
            where=open_task,
            title=task.title,
            official_id=task.official_id,
        ),
        _hanging(
            ended,
            TASKS.join(parts, true()),
            "co_accountability",
            unit_id=parts.c.unit_id,
            thing=task.task_id,
            since_on=parts.c.since_on,
            where=open_task,
            title=task.title,
            official_id=parts.c.official_id,
        ),
        _hanging(
            ended,
            unit,
            "unit",
            unit_id=unit.c.parent_id,
            thing=unit.c.unit_id,
            since_on=first.correlate(unit).scalar_subquery(),
            where=(unit.c.ledger == LEDGER, *valid(unit)),
            title=unit.c.name,
        ),
        _hanging(
            ended,
            ALLOCATIONS,
            "allocation",
            unit_id=ALLOCATIONS.c.unit_id,
            thing=ALLOCATIONS.c.agency_id,
            since_on=ALLOCATIONS.c.from_on,
            where=(ALLOCATIONS.c.ledger == LEDGER, *running(ALLOCATIONS)),
        ),
        _hanging(
            ended,
            ATTENDANTS,
            "attendant",
            unit_id=ATTENDANTS.c.unit_id,
            thing=ATTENDANTS.c.unit_id,
            since_on=ATTENDANTS.c.from_on,
            where=(ATTENDANTS.c.ledger == LEDGER, *running(ATTENDANTS)),
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
    monitors = select(elsewhere.c.unit_id).where(
        elsewhere.c.ledger == LEDGER,
        elsewhere.c.official_id == gap.last_official,
        *valid(elsewhere),
    )
    holds = select(TENURES_TABLE.c.post_id).where(
        TENURES_TABLE.c.ledger == LEDGER,
        TENURES_TABLE.c.official_id == gap.last_official,
        *running(TENURES_TABLE),
    )
    return _hanging(
        ended,
        COVERAGE,
        "monitor",
        unit_id=gap.unit_id,
        thing=gap.unit_id,
        since_on=since.correlate(COVERAGE).scalar_subquery(),
        where=(
            gap.ledger == LEDGER,
            gap.cause == literal_column(f"'{GapCause.UNIT_ENDED.value}'", Text),
            ~monitors.correlate(COVERAGE).exists(),
            holds.correlate(COVERAGE).exists(),
        ),
        official_id=gap.last_official,
    )


FOUND = union_all(*_lines(_ended())).subquery("found")
WHOM = func.coalesce(FOUND.c.official_id, literal_column("''", Text))


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
    operation="list_loose_ends",
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
