"""Waiting: the matters of a table that await somebody on a day, as rows of the inbox.

Both what lasts and what was closed are read in the order of the inbox, and no further than the page
goes: a body may have had many thousands waiting.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import BigInteger

from projections.day_tree import heights, node_of
from projections.days import AS_OF, BEGINNINGLESS, ENDLESS
from projections.inbox.papers import NO_ID, NO_ROWS, UNIT
from projections.statement import LEDGER, LIMIT, word
from projections.territory.lineage import TABLE as LINEAGE

WHOM: ColumnElement[Any] = bindparam("whom", type_=Text)
# What the reader narrows the inbox by, if by anything, and the mark of the page before: null where
# nothing is given.
KIND: ColumnElement[Any] = bindparam("kind", None, Text)
TASK: ColumnElement[Any] = bindparam("task", None, Text)
IS_OVERDUE: ColumnElement[Any] = bindparam("overdue", None, Boolean)
# What was closed by its day holds on days before today only.
TODAY = func.coalesce(bindparam("today", None, Date), ENDLESS)
AFTER = (
    func.coalesce(bindparam("after_0", None, Date), BEGINNINGLESS),
    func.coalesce(bindparam("after_1", None, BigInteger), literal_column("0")),
    func.coalesce(bindparam("after_2", None, Text), word("")),
)
PLACE = ("since_on", "opened_position", "kind")
# What else is read of a matter.
SHOWN = ("number", "year", "official_id", "cycle_id", "due_on", "from_on", "to_on")
# No limit; but one that a plan does not know beforehand, and so reads in order for as long as rows
# are taken, however few it expects.
EVERY: ColumnElement[int] = bindparam("every", None, BigInteger)


def _went() -> CTE:
    """The bodies that went into this one by the day, through all generations."""
    link = LINEAGE.c
    known = (link.ledger == LEDGER, link.happened_on <= AS_OF, link.how != word("ceded"))
    went = select(link.unit_id).where(link.successor_id == UNIT, *known).cte("went", recursive=True)
    # Each by the index of successors: the fence keeps the links from being read whole.
    before = (
        select(link.unit_id)
        .where(link.successor_id == went.c.unit_id, *known)
        .offset(NO_ROWS)
        .correlate(went)
        .lateral("before")
    )
    return went.union(select(before.c.unit_id).select_from(went.join(before, true())))


def _and_went(own: ColumnElement[str], others: ColumnElement[str], of: str) -> TableValuedAlias:
    went = select(others).select_from(WENT).scalar_subquery()
    names = array([own]) + func.array(went, type_=ARRAY(Text))
    return func.unnest(names).table_valued(column("name", Text)).render_derived(of)


WENT = _went()
# Whose matters are told: the official's or body's own, and those of bodies it is heir of.
AWAITED = _and_went(WHOM, word("unit:") + WENT.c.unit_id, "awaited")
# The same by the ids of bodies alone.
BODIES = _and_went(UNIT, WENT.c.unit_id, "bodies")


def overdue(due_on: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.coalesce(due_on < AS_OF, false())


def waiting(of: Table, closed: Table, thing: str) -> Iterator[Select[Any]]:
    """The matters of the table: of each body or official as many as a page takes, in its order.

    Args:
        of: the matters.
        closed: those closed, under the nodes of their days.
        thing: what they are of.
    """
    lasting = _page(_lasting(of, thing), thing).correlate(AWAITED).lateral(f"lasting_{of.name}")
    yield select(*lasting.c).select_from(AWAITED.join(lasting, true()))
    height = heights()
    under = _page(_closed(of, closed, thing, height), thing)
    of_node = under.correlate(AWAITED, height).lateral("of_node")
    of_all = (
        select(*of_node.c)
        .select_from(height.join(of_node, true()))
        .where(AS_OF < TODAY)
        .order_by(*(of_node.c[name] for name in PLACE))
        .limit(LIMIT + 1)
        .correlate(AWAITED)
        .lateral(f"closed_{of.name}")
    )
    yield select(*of_all.c).select_from(AWAITED.join(of_all, true()))


def _lasting(of: Table, thing: str) -> FromClause:
    """The matters that last, in the order of the inbox."""
    place = [of.c[name] for name in PLACE]
    rows = select(*place, *(of.c[name] for name in (thing, *SHOWN)))
    return (
        rows.where(of.c.ledger == LEDGER, of.c.awaits == AWAITED.c.name, of.c.lasting)
        .where(after(place))
        .order_by(*place)
        .limit(EVERY)
        .correlate(AWAITED)
        .lateral("in_order")
    )


def _closed(of: Table, closed: Table, thing: str, height: TableValuedAlias) -> FromClause:
    """The matters closed under the node of the day at that height, in the order of the inbox."""
    place = [closed.c[name] for name in PLACE]
    key = (thing, "matter")
    under = (
        select(*place, *(closed.c[name] for name in key))
        .where(
            closed.c.ledger == LEDGER,
            closed.c.awaits == AWAITED.c.name,
            closed.c.node == node_of(AS_OF, height.c.height),
            after(place),
        )
        .order_by(*place)
        .limit(EVERY)
        .correlate(AWAITED, height)
        .lateral("under")
    )
    # Looked up one by one, in that order.
    its = (
        select(*(of.c[name] for name in SHOWN))
        .where(of.c.ledger == LEDGER, *(of.c[name] == under.c[name] for name in key))
        .offset(NO_ROWS)
        .correlate(under)
        .lateral("its")
    )
    rows = select(*(under.c[name] for name in (*PLACE, thing)), *its.c)
    return rows.select_from(under.join(its, true())).correlate(AWAITED, height).lateral("in_order")


def _page(in_order: FromClause, thing: str) -> Select[Any]:
    """As many as a page takes of those on the day that the reader asks for."""
    of = in_order.c
    ids = {name: of[name] if name == thing else NO_ID for name in ("task_id", "unit_id")}
    return (
        select(
            of.kind,
            *(column.label(name) for name, column in ids.items()),
            of.number,
            of.year,
            of.official_id,
            of.cycle_id,
            of.since_on,
            of.opened_position,
            of.due_on,
        )
        .where(of.from_on <= AS_OF, of.to_on > AS_OF)
        .where(*asked(of.kind, ids["task_id"], of.due_on))
        .order_by(*(of[name] for name in PLACE))
        .limit(LIMIT + 1)
    )


def asked(
    kind: ColumnElement[str], task_id: ColumnElement[Any], due_on: ColumnElement[Any]
) -> Iterator[ColumnElement[bool]]:
    """What a reader asks of rows, before they are cut off."""
    yield or_(KIND.is_(None), kind == KIND)
    yield or_(TASK.is_(None), task_id == TASK)
    yield or_(IS_OVERDUE.is_(None), overdue(due_on) == IS_OVERDUE)


def after(place: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    """Those after the mark of the page before, of rows in the order of `place`."""
    return tuple_(*place) > tuple_(*AFTER)
