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
    Integer,
    Select,
    Table,
    TableValuedAlias,
    Text,
    and_,
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
from projections.inbox.papers import NO_ID, UNIT
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


def _went() -> CTE:
    """The bodies that went into this one by the day, through all generations."""
    link = LINEAGE.c
    known = (link.ledger == LEDGER, link.happened_on <= AS_OF, link.how != word("ceded"))
    went = select(link.unit_id).where(link.successor_id == UNIT, *known).cte("went", recursive=True)
    # Each by the index of successors: the fence keeps the links from being read whole.
    before = (
        select(link.unit_id)
        .where(link.successor_id == went.c.unit_id, *known)
        .offset(literal_column("0", Integer))
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
    lasting = (
        _in_order(of, thing, of)
        .where(of.c.ledger == LEDGER, of.c.awaits == AWAITED.c.name, of.c.lasting)
        .correlate(AWAITED)
        .lateral(f"lasting_{of.name}")
    )
    yield select(*lasting.c).select_from(AWAITED.join(lasting, true()))
    height = heights()
    same = (of.c[name] == closed.c[name] for name in (thing, "matter"))
    of_node = (
        _in_order(of, thing, closed)
        .join(closed, and_(of.c.ledger == LEDGER, *same))
        .where(
            closed.c.ledger == LEDGER,
            closed.c.awaits == AWAITED.c.name,
            closed.c.node == node_of(AS_OF, height.c.height),
        )
        .correlate(AWAITED, height)
        .lateral("of_node")
    )
    of_all = (
        select(*of_node.c)
        .select_from(height.join(of_node, true()))
        .where(AS_OF < TODAY)
        .order_by(of_node.c.since_on, of_node.c.opened_position, of_node.c.kind)
        .limit(LIMIT + 1)
        .correlate(AWAITED)
        .lateral(f"closed_{of.name}")
    )
    yield select(*of_all.c).select_from(AWAITED.join(of_all, true()))


def _in_order(of: Table, thing: str, ordered: Table) -> Select[Any]:
    """As many as a page takes of those on the day, in the order of the inbox."""
    place = [ordered.c[name] for name in ("since_on", "opened_position", "kind")]
    task_id = of.c.task_id if thing == "task_id" else NO_ID
    further = asked(of.c.kind, task_id, of.c.due_on, place)
    return _rows(of, thing).where(*_of_day(of), *further).order_by(*place).limit(LIMIT + 1)


def _of_day(of: Table) -> tuple[ColumnElement[bool], ...]:
    return of.c.from_on <= AS_OF, of.c.to_on > AS_OF


def asked(
    kind: ColumnElement[str],
    task_id: ColumnElement[Any],
    due_on: ColumnElement[Any],
    place: Sequence[ColumnElement[Any]],
) -> Iterator[ColumnElement[bool]]:
    """What the list itself asks of rows: asked before they are cut off, in the order of `place`."""
    yield or_(KIND.is_(None), kind == KIND)
    yield or_(TASK.is_(None), task_id == TASK)
    yield or_(IS_OVERDUE.is_(None), overdue(due_on) == IS_OVERDUE)
    yield tuple_(*place) > tuple_(*AFTER)


def _rows(of: Table, thing: str) -> Select[Any]:
    ids = {name: of.c[name] if name == thing else NO_ID for name in ("task_id", "unit_id")}
    return select(
        of.c.kind,
        *(column.label(name) for name, column in ids.items()),
        of.c.number,
        of.c.year,
        of.c.official_id,
        of.c.cycle_id,
        of.c.since_on,
        of.c.opened_position,
        of.c.due_on,
    )
