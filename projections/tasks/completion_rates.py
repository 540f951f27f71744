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

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    any_,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
)

from projections.days import AS_OF
from projections.filters import Filters, Id, Label, Word, Year, where
from projections.kept import CountsByDay
from projections.listing import Arguments, Item, Listing, ListItem, Shown
from projections.rounding import percent_of
from projections.statement import counts
from projections.tasks.accountability import ACCOUNTABILITY
from projections.tasks.accountability_counts import COUNTS_OF_TASKS, COUNTS_OF_UNITS
from projections.tasks.accountability_lines import TABLE as LINES
from projections.tasks.accountability_lines import (
    counted_of,
    counted_once,
    counters,
    standing,
)
from projections.tasks.task_rows import Origin
from projections.tasks.terms import TermKind

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
    for by_day in (COUNTS_OF_TASKS, COUNTS_OF_UNITS):
        if by_day.answer(group_by, filters):
            return _added_up(by_day, group_by, filters)
    lines = _lines(group_by, filters).subquery("lines")
    of_group = counts({name: lines.c[name] for name in counters()})
    return select(lines.c.group, *of_group).group_by(lines.c.group)


def _added_up(by_day: CountsByDay, group_by: str, filters: frozenset[str]) -> Select[Any]:
    """The same from the counts by day."""
    names, table = by_day.kept.sums, by_day.kept.table
    of_day = (
        select(by_day.group(group_by), *(table.c[name] for name in names))
        .where(*by_day.narrowed(filters), table.c.day <= AS_OF)
        .subquery("changes")
        .c
    )
    sums = {name: func.sum(of_day[name]) for name in names}
    # Every line counts as one of these.
    lines = sums["assigned"] + sums["handed_over"] + sums["vacated"]
    return (
        select(of_day.group, *(added.label(name) for name, added in sums.items()))
        .group_by(of_day.group)
        .having(lines > literal_column("0", Integer))
    )


def _lines(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """The lines that count on the day, and as what."""
    counted = counted_of(GOES_ON[group_by]) if group_by in GOES_ON else counted_once()
    group = cast(GROUPS[group_by], Text).collate("C").label("group")
    shown: list[ColumnElement[Any]] = [
        group,
        *(condition.label(name) for name, condition in counters().items()),
    ]
    return select(*shown).where(
        *COMPLETION_RATES.conditions(filters),
        counted,
        LINES.c.official_id.is_not(None) if group_by == "official" else true(),
    )


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
    holds=standing(),
    order=("group",),
    groups=rates,
    finish=with_rates,
)
