"""Task days: which tasks there are on a day, and which are under way, by their deadlines.

A task that stands as it does for a while is under the nodes of those days, and under each in the
order of the deadlines.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    column,
    false,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import array

from projections.day_tree import heights, node_of, under_nodes
from projections.days import AS_OF, ENDLESS, valid
from projections.kept import Kept
from projections.listing import Conditions
from projections.projection import IsoDay, Name, read_table
from projections.statement import LEDGER, LIMIT
from projections.tasks.standing_rows import OPEN, TABLE


class TaskDays(TypedDict):
    """A task under a node, for the days of one row of its standing."""

    node: int
    active: bool
    due_on: IsoDay
    task_id: Name
    valid_from: IsoDay
    valid_to: IsoDay


ENTRIES = read_table("task_standings__days", TaskDays)


def _made(rows: ColumnElement[bool]) -> Select[Any]:
    under, node = under_nodes(TABLE, TABLE.c.valid_from, TABLE.c.valid_to)
    due_on = func.coalesce(TABLE.c.due_on, ENDLESS).label("due_on")
    return (
        select(
            TABLE.c.ledger,
            node,
            OPEN.label("active"),
            due_on,
            TABLE.c.task_id,
            TABLE.c.valid_from,
            TABLE.c.valid_to,
        )
        .select_from(under)
        .where(rows)
    )


TASK_DAYS = Kept(
    table=ENTRIES,
    made=_made,
    key=("node", "active", "due_on", "task_id", "valid_from", "valid_to"),
)


def on_the_day(
    active: Sequence[bool],
    beside: Sequence[FromClause],
    further: Conditions,
    descending: bool,  # noqa: FBT001  as `Finding` has it
    continued: bool,  # noqa: FBT001  as `Finding` has it
) -> FromClause:
    """The keys of a page of the tasks on the day, by their deadlines.

    Args:
        active: whether those under way, or those not, or both.
        beside: the tables of which more must hold, each with a `task_id`.
        further: what more must hold.
        descending: whether the last deadline comes first.
        continued: whether the page goes on after a mark.
    """
    height = heights()
    is_active = func.unnest(array([true() if one else false() for one in active]))
    under_way = is_active.table_valued(column("active", Boolean)).render_derived("under_way")
    each = height.join(under_way, true())
    place = (ENTRIES.c.due_on, ENTRIES.c.task_id)
    of_node = select(*place).where(
        ENTRIES.c.ledger == LEDGER,
        ENTRIES.c.node == node_of(AS_OF, height.c.height),
        ENTRIES.c.active == under_way.c.active,
        *valid(ENTRIES),
    )
    if further:
        for table in beside:
            same = and_(table.c.ledger == LEDGER, table.c.task_id == ENTRIES.c.task_id)
            of_node = of_node.join(table, same)
        of_node = of_node.where(*further)
    if continued:
        after = tuple_(bindparam("after_0", type_=Date), bindparam("after_1", type_=Text))
        of_node = of_node.where(tuple_(*place) < after if descending else tuple_(*place) > after)
    in_order = [part.desc() if descending else part for part in place]
    nodes = (
        of_node.order_by(*in_order).limit(LIMIT + 1).correlate(height, under_way).lateral("of_node")
    )
    found = select(nodes.c.due_on, nodes.c.task_id).select_from(each.join(nodes, true()))
    order = [part.desc() if descending else part for part in (nodes.c.due_on, nodes.c.task_id)]
    return found.order_by(*order).limit(LIMIT + 1).subquery("found")
