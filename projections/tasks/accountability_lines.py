"""Accountability lines: what `accountability` holds of a stint, and how a line counts on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Index, and_, case, or_

from projections.days import AS_OF
from projections.kept import Conditions
from projections.projection import IsoDay, Name, Place, read_table
from projections.statement import word
from projections.tasks.proposals import Outline

OPEN = "open"
# What ends a line that counts on, beside the one that follows it.
PASSED_ON = ("handed_over", "transferred", "vacated")


class Line(Outline):
    """A task and a stint of an official in a post, and how the stint ended."""

    task_id: Name
    line: int
    position: Place
    official_id: Name | None
    post_id: Name
    unit_id: Name
    origin: Name
    year: int | None
    how: Name
    unit_how: Name
    started_on: IsoDay | None
    until_on: IsoDay
    ended_on: IsoDay
    outcome: Name
    official_goes_on: bool
    unit_goes_on: bool
    completed_on: IsoDay | None
    partial_on: IsoDay | None


TABLE = read_table("accountability", Line)
Index("accountability_official", TABLE.c.ledger, TABLE.c.official_id)
Index("accountability_unit", TABLE.c.ledger, TABLE.c.unit_id)


def one_of(column: ColumnElement[Any], names: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(column == word(name) for name in names))


def outcome(on: ColumnElement[date] = AS_OF) -> ColumnElement[str]:
    """What had become of a line by that day."""
    return case((TABLE.c.ended_on <= on, TABLE.c.outcome), else_=word(OPEN))


def standing(on: ColumnElement[date] = AS_OF) -> tuple[ColumnElement[bool], ...]:
    """The line counts on the day: it has begun, and stands or was passed on."""
    still = or_(TABLE.c.until_on > on, one_of(TABLE.c.outcome, PASSED_ON))
    return TABLE.c.started_on <= on, still


def counted_once(on: ColumnElement[date] = AS_OF) -> ColumnElement[bool]:
    """The line is the last of its task by then."""
    return ~one_of(outcome(on), PASSED_ON)


def counted_of(
    goes_on: ColumnElement[bool], on: ColumnElement[date] = AS_OF
) -> ColumnElement[bool]:
    """The line counts for a unit or an official who does not go on with the task elsewhere."""
    return or_(outcome(on) != word("transferred"), ~goes_on)


def counters(on: ColumnElement[date] = AS_OF) -> Conditions:
    """As what a line counts on the day."""
    became = outcome(on)
    counted = ~one_of(became, ("handed_over", "vacated"))
    completed = became == word("completed")
    late = TABLE.c.due_on < on
    opened = became == word(OPEN)
    carried_over = became == word("carried_over")
    in_time = or_(TABLE.c.due_on.is_(None), TABLE.c.completed_on <= TABLE.c.due_on)
    return {
        "assigned": counted,
        "received": and_(counted, one_of(TABLE.c.how, ("handed_over", "vacancy_filled"))),
        "transferred_in": and_(counted, TABLE.c.unit_how == word("transferred")),
        "completed": completed,
        "completed_in_time": and_(completed, in_time),
        "transferred": became == word("transferred"),
        "cancelled": became == word("cancelled"),
        "in_progress_in_time": and_(opened, or_(TABLE.c.due_on.is_(None), ~late)),
        "overdue": and_(opened, late),
        "handed_over": became == word("handed_over"),
        "vacated": became == word("vacated"),
        "vacant": and_(opened, TABLE.c.official_id.is_(None)),
        "carried_over": carried_over,
        "with_partial_result": and_(or_(opened, carried_over), TABLE.c.partial_on <= on),
    }
