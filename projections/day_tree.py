"""Day tree: stretches of days under the nodes of a binary tree, so that those of a day are found.

The days of some centuries are its leaves, `LEAF_DAYS` to a leaf. A stretch is under the fewest
nodes that make it up, at most two of a height. A day is under the nodes on the way from its leaf to
the root: what there is on it stands under these, and next to nothing else does.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Integer,
    TableValuedAlias,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from projections.days import ONE_DAY

HEIGHT = 13
LEAVES = 1 << HEIGHT
LEAF_DAYS = 16
FIRST = literal_column("'1900-01-01'::date", Date)
LAST = literal_column("'2258-11-11'::date", Date)


def heights() -> TableValuedAlias:
    """The heights of the tree as rows, each a `height`."""
    every = func.generate_series(_number(0), _number(HEIGHT))
    return every.table_valued(column("height", Integer)).render_derived("heights")


def node_of(on: ColumnElement[date], height: ColumnElement[int]) -> ColumnElement[int]:
    """The node of that height above the day."""
    return (_number(LEAVES) + _leaf(on)).op(">>")(height)


def under_nodes(
    table: FromClause, since: ColumnElement[date], until: ColumnElement[date]
) -> tuple[FromClause, ColumnElement[int]]:
    """Each row of the table beside the nodes of its stretch, which ends before `until`."""
    one = _number(1)
    first, end = _leaf(since), _leaf(until - ONE_DAY) + one
    # Found once for all heights: nothing but an offset keeps the planner to it.
    leaves = (
        select(first.label("first"), end.label("end"))
        .correlate(table)
        .offset(_number(0))
        .lateral("leaves")
    )
    nodes = _nodes(leaves).lateral("nodes")
    return table.join(leaves, true()).join(nodes, true()), nodes.c.node


def _nodes(leaves: FromClause) -> CompoundSelect[Any]:
    """Of the nodes of each height those that are whole within, and no parent's with another."""
    each, one = heights(), _number(1)
    height = each.c.height
    left = (leaves.c.first + one.op("<<")(height) - one).op(">>")(height)
    right = leaves.c.end.op(">>")(height)
    offset = _number(LEAVES).op(">>")(height)
    sides = ((left, offset + left), (right, offset + right - one))
    return union_all(
        *(
            select(node.label("node"))
            .select_from(each)
            .where(left < right, side.op("&")(one) == one)
            .correlate(leaves)
            for side, node in sides
        )
    )


def _leaf(on: ColumnElement[date]) -> ColumnElement[int]:
    days = func.greatest(func.least(on, LAST), FIRST) - FIRST
    return cast(days, Integer).op("/")(_number(LEAF_DAYS))


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer)
