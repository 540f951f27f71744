"""Completion rates: what was assigned and what became of it, by unit, official, field ….

A unit or official is answerable for every line of theirs: a task transferred away counts as
assigned and as transferred, and one that comes back is a new line. A transfer within a unit is no
transfer for the unit, and one in which the same official goes on is none for the official. A line
handed over is its successor's, and no longer assigned to the predecessor; one left vacant is its
unit's, and nobody's among the officials. By anything else a task counts once, by its last line; by
kind it counts under each of its kinds.

What is carried over to a later term ended unfinished: it stays among what was to be completed, and
is not. A partial result is no completion either; it is counted on its own.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from projections.days import AS_OF
from projections.rounding import percent_of
from projections.statement import LEDGER, LIMIT, Statement, standing, statement
from projections.tasks.accountability import ACCOUNTABILITY
from projections.tasks.accountability import TABLE as LINES

# What had become of a line by that day.
OUTCOME = case((LINES.c.ended_on <= AS_OF, LINES.c.outcome), else_=literal("open"))

GROUPS: Mapping[str, ColumnElement[Any]] = {
    "none": literal("all"),
    "unit": LINES.c.unit_id,
    "official": LINES.c.official_id,
    "field": LINES.c.field,
    "kind": func.unnest(LINES.c.kinds),
    "term": LINES.c.term_label,
    "origin": LINES.c.origin,
    "year": cast(LINES.c.year, Text),
}
GOES_ON = {"unit": LINES.c.unit_goes_on, "official": LINES.c.official_goes_on}
# What ends a line that counts on, beside the one that follows it.
PASSED_ON = ("handed_over", "transferred", "vacated")

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "unit": LINES.c.unit_id == bindparam("unit", type_=Text),
    "official": LINES.c.official_id == bindparam("official", type_=Text),
    "post": LINES.c.post_id == bindparam("post", type_=Text),
    "field": LINES.c.field == bindparam("field", type_=Text),
    "kind": bindparam("kind", type_=Text) == any_(LINES.c.kinds),
    "term": LINES.c.term_label == bindparam("term", type_=Text),
    "term_kind": LINES.c.term_kind == bindparam("term_kind", type_=Text),
    "origin": LINES.c.origin == bindparam("origin", type_=Text),
    "year": LINES.c.year == bindparam("year", type_=Integer),
}


class Counts(NamedTuple):
    """What a group's lines come to on the day.

    Attributes:
        assigned: lines answered for; all that follow, but `handed_over` and `vacated`, are of
            these.
        received: came by handover from a predecessor, or out of a vacancy.
        transferred_in: came to the unit by transfer.
        completed: confirmed by that day; `completed_in_time` those done by their deadline.
        transferred: away, to another unit.
        in_progress_in_time: open, the deadline not passed, or none set.
        overdue: open, the deadline passed.
        handed_over: to a successor, and so not assigned any more.
        vacated: left with nobody who answers for them, and so not assigned any more.
        vacant: of those open, with nobody who answers for them.
        carried_over: unfinished, to a later term.
        with_partial_result: of those open or carried over, with a result short of completion.
    """

    assigned: int
    received: int
    transferred_in: int
    completed: int
    completed_in_time: int
    transferred: int
    cancelled: int
    in_progress_in_time: int
    overdue: int
    handed_over: int
    vacated: int
    vacant: int
    carried_over: int
    with_partial_result: int


def rate(numerator: int, denominator: int, of: str) -> dict[str, object]:
    """A rate that names its denominator."""
    percent = percent_of(numerator, denominator)
    return {
        "of": of,
        "numerator": numerator,
        "denominator": denominator,
        "fraction": f"{numerator}/{denominator}",
        "percent": None if percent is None else str(percent),
    }


def completion(counts: Counts) -> dict[str, object]:
    """Completed, of what is still answered for: assigned, less transferred and cancelled."""
    answerable = counts.assigned - counts.transferred - counts.cancelled
    return rate(counts.completed, answerable, "assigned_less_transferred_and_cancelled")


def on_time(counts: Counts) -> dict[str, object]:
    """Completed in time, of what was due: completed, or its deadline passed."""
    due = counts.completed + counts.overdue
    return rate(counts.completed_in_time, due, "completed_or_overdue")


@lru_cache(maxsize=512)
def rates(group_by: str, filters: frozenset[str], *, continued: bool) -> Statement:
    """Rows of `group`, the counts, and `position`; one more than `limit` if more follow.

    Arguments: ledger, as_of, limit, each filter's, and `after`, the last group of the page before.
    """
    lines = _lines(group_by, filters).subquery("lines")
    group = lines.c.group
    query = select(
        standing(ACCOUNTABILITY.name).label("position"), group, *_counts(lines.c)
    ).group_by(group)
    if continued:
        query = query.where(group > bindparam("after", type_=Text))
    return statement(query.order_by(group).limit(LIMIT + 1))


def _lines(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """The lines that count on the day, with what had become of them."""
    counts: ColumnElement[bool] = ~_one_of(OUTCOME, PASSED_ON)
    if group_by in GOES_ON:
        counts = or_(OUTCOME != "transferred", ~GOES_ON[group_by])
    return select(
        cast(GROUPS[group_by], Text).collate("C").label("group"),
        OUTCOME.label("outcome"),
        LINES.c.how,
        LINES.c.unit_how,
        LINES.c.official_id,
        LINES.c.completed_on,
        LINES.c.due_on,
        LINES.c.partial_on,
    ).where(
        LINES.c.ledger == LEDGER,
        LINES.c.started_on <= AS_OF,
        or_(LINES.c.until_on > AS_OF, _one_of(LINES.c.outcome, PASSED_ON)),
        counts,
        LINES.c.official_id.is_not(None) if group_by == "official" else true(),
        *(FILTERS[name] for name in sorted(filters)),
    )


def _one_of(column: ColumnElement[Any], names: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(column == name for name in names))


def _counts(line: Any) -> list[ColumnElement[int]]:  # noqa: ANN401  a subquery's columns
    counted = ~_one_of(line.outcome, ("handed_over", "vacated"))
    completed = line.outcome == "completed"
    late = line.due_on < AS_OF
    opened = line.outcome == "open"
    carried_over = line.outcome == "carried_over"
    in_time = or_(line.due_on.is_(None), line.completed_on <= line.due_on)
    conditions: dict[str, ColumnElement[bool]] = {
        "assigned": counted,
        "received": and_(counted, _one_of(line.how, ("handed_over", "vacancy_filled"))),
        "transferred_in": and_(counted, line.unit_how == "transferred"),
        "completed": completed,
        "completed_in_time": and_(completed, in_time),
        "transferred": line.outcome == "transferred",
        "cancelled": line.outcome == "cancelled",
        "in_progress_in_time": and_(opened, or_(line.due_on.is_(None), ~late)),
        "overdue": and_(opened, late),
        "handed_over": line.outcome == "handed_over",
        "vacated": line.outcome == "vacated",
        "vacant": and_(opened, line.official_id.is_(None)),
        "carried_over": carried_over,
        "with_partial_result": and_(or_(opened, carried_over), line.partial_on <= AS_OF),
    }
    return [func.count().filter(conditions[name]).label(name) for name in Counts._fields]
