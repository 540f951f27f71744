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

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from projections.days import AS_OF
from projections.filters import Filters, Id, Label, Word, Year, where
from projections.listing import Arguments, Item, Listing, ListItem, Shown
from projections.rounding import percent_of
from projections.statement import counts
from projections.tasks.accountability import ACCOUNTABILITY
from projections.tasks.accountability import TABLE as LINES
from projections.tasks.task_rows import Origin
from projections.tasks.terms import TermKind

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


class Rate(ListItem):
    """A share with its exact numerator and denominator.

    `percent` is rounded once, half up, to two decimals; null where the denominator is 0. `of` says
    what the denominator counts.
    """

    of: Annotated[
        Literal["assigned_less_transferred_and_cancelled", "completed_or_overdue"],
        Shown(vi="tính trên"),
    ]
    numerator: int
    denominator: int
    fraction: Annotated[str, Shown(vi="phân số")]
    percent: Annotated[str | None, Shown(vi="phần trăm")]


class GroupRates(ListItem):
    """A group's counts and rates.

    Of the lines `assigned`, `received` came by handover from a predecessor or out of a vacancy, and
    `transferred_in` from another unit; `handed_over` went to successors, `vacated` to nobody, and
    neither is counted as assigned any more. `vacant` are open with nobody who answers for them.
    `carried_over` ended unfinished and goes on in a later term: it stays in the denominator of
    `completion`, as not completed. `with_partial_result` are open or carried over.
    """

    group: str
    assigned: Annotated[int, Shown(vi="Được giao")]
    received: Annotated[int, Shown(vi="Nhận bàn giao")]
    transferred_in: Annotated[int, Shown(vi="Nhận từ đơn vị khác")]
    completed: Annotated[int, Shown(vi="Hoàn thành")]
    completed_in_time: Annotated[int, Shown(vi="Hoàn thành đúng hạn")]
    transferred: Annotated[int, Shown(vi="Chuyển đơn vị khác")]
    cancelled: Annotated[int, Shown(vi="Hủy bỏ")]
    in_progress_in_time: Annotated[int, Shown(vi="Đang thực hiện trong hạn")]
    overdue: int
    handed_over: Annotated[int, Shown(vi="Đã bàn giao")]
    vacated: Annotated[int, Shown(vi="Đã để khuyết")]
    vacant: Annotated[int, Shown(vi="Khuyết người chịu trách nhiệm")]
    carried_over: Annotated[int, Shown(vi="Chuyển tiếp")]
    with_partial_result: Annotated[int, Shown(vi="Có kết quả một phần")]
    completion: Annotated[Rate, Shown(vi="Tỷ lệ hoàn thành", computed=True)]
    on_time: Annotated[Rate, Shown(vi="Tỷ lệ đúng hạn", computed=True)]


class RateFilters(Filters):
    """What is counted, and by what."""

    group_by: Annotated[
        Literal["none", "unit", "official", "field", "kind", "term", "origin", "year"],
        Field(description="`none` counts everything together; `year` is that of the assignment."),
    ] = "none"
    unit: Id | None = where(LINES.c.unit_id)
    official: Id | None = where(LINES.c.official_id)
    post: Id | None = where(LINES.c.post_id)
    field: Word | None = where(LINES.c.field)
    kind: Word | None = where(lambda kind: kind == any_(LINES.c.kinds))
    term: Label | None = where(LINES.c.term_label)
    term_kind: TermKind | None = where(LINES.c.term_kind)
    origin: Origin | None = where(LINES.c.origin)
    year: Year | None = where(LINES.c.year)


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


def with_rates(items: Sequence[Item], _: Arguments) -> list[Item]:
    """The counts of each group with their two rates.

    Completed, of what is still answered for: assigned, less transferred and cancelled. Completed in
    time, of what was due: completed, or its deadline passed.
    """
    return [
        {
            **item,
            "completion": rate(
                item["completed"],
                item["assigned"] - item["transferred"] - item["cancelled"],
                "assigned_less_transferred_and_cancelled",
            ),
            "on_time": rate(
                item["completed_in_time"],
                item["completed"] + item["overdue"],
                "completed_or_overdue",
            ),
        }
        for item in items
    ]


def rates(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `group` and the counts."""
    lines = _lines(group_by, filters).subquery("lines")
    return select(lines.c.group, *_counts(lines.c)).group_by(lines.c.group)


def _lines(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """The lines that count on the day, with what had become of them."""
    counted: ColumnElement[bool] = ~_one_of(OUTCOME, PASSED_ON)
    if group_by in GOES_ON:
        counted = or_(OUTCOME != "transferred", ~GOES_ON[group_by])
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
        *COMPLETION_RATES.conditions(filters),
        counted,
        LINES.c.official_id.is_not(None) if group_by == "official" else true(),
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
    conditions = {
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
    return counts(conditions)


COMPLETION_RATES = Listing(
    name="completion-rates",
    operation="read_completion_rates",
    tag="reports",
    answers="What was assigned, completed, transferred, cancelled, in progress, overdue; and two "
    "rates.",
    page="One page of groups, in the order of their names.",
    item=GroupRates,
    filters=RateFilters,
    projections=(ACCOUNTABILITY,),
    table=LINES,
    holds=(
        LINES.c.started_on <= AS_OF,
        or_(LINES.c.until_on > AS_OF, _one_of(LINES.c.outcome, PASSED_ON)),
    ),
    order=("group",),
    groups=rates,
    finish=with_rates,
)
