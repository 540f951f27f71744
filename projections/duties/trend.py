"""Duties trend: of the papers due in each month, how many came in time, late, or not at all."""

from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from sqlalchemy import BigInteger, ColumnElement, Select, Text, cast, func, select, true

from projections.duties.board import DUTIES, DutyDays, DutyKind, State, all_of_them, asked
from projections.duties.due_pages import state_of
from projections.filters import Id, where
from projections.listing import Listing, ListItem, Shown
from projections.statement import word

ALL = all_of_them().subquery("all_duties")
STATE = state_of(ALL.c)


class DutyTrendFilters(DutyDays):
    """Which papers are counted, and by what beside the month in which they are due."""

    group_by: Annotated[
        Literal["none", "kind", "unit", "official"],
        Field(
            description="`none` counts everything together; under `unit` and `official` the group "
            "`-` is of papers due from none."
        ),
    ] = "none"
    kind: DutyKind | None = where(ALL.c.kind)
    unit: Id | None = where(ALL.c.unit_id, "Of the unit that answers for it, or the commune.")
    official: Id | None = where(ALL.c.official_id, "Due from this official.")


class DutyMonth(ListItem):
    """The papers of the group that were due in the month: `due` in all, each in one state."""

    month: Annotated[str, Shown(vi="Tháng")]
    group: str
    due: Annotated[int, Shown(vi="Phải nộp", total=True)]
    in_time: Annotated[int, Shown(vi="Đúng hạn", total=True)]
    late: Annotated[int, Shown(vi="Chậm", total=True)]
    missing: Annotated[int, Shown(vi="Còn thiếu", total=True)]
    excused: Annotated[int, Shown(vi="Không còn phải nộp", total=True)]
    awaited: Annotated[int, Shown(vi="Chưa đến hạn", total=True)]


def _group(group_by: str) -> ColumnElement[Any]:
    by = {
        "none": word("all"),
        "kind": ALL.c.kind,
        "unit": func.coalesce(ALL.c.unit_id, word("-")),
        "official": func.coalesce(ALL.c.official_id, word("-")),
    }
    return cast(by[group_by], Text).collate("C").label("group")


def counted(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `DutyMonth`: counted day by day, and the days of a month added up."""
    papers = (
        select(ALL.c.due_on, _group(group_by), STATE.label("state"))
        .where(*DUTY_TREND.conditions(filters))
        .subquery("counted_duties")
        .c
    )
    number = func.count().label("number")
    of_day = (
        select(papers.due_on, papers.group, papers.state, number)
        .group_by(papers.due_on, papers.group, papers.state)
        .subquery("duties_of_day")
        .c
    )
    month = func.to_char(of_day.due_on, word("YYYY-MM")).collate("C").label("month")
    of_state = (
        _added(of_day.number, of_day.state == word(state)).label(state) for state in get_args(State)
    )
    due = _added(of_day.number, true()).label("due")
    return select(month, of_day.group, due, *of_state).group_by(month, of_day.group)


def _added(number: ColumnElement[int], when: ColumnElement[bool]) -> ColumnElement[int]:
    """The sum of the numbers of some rows; 0 of none."""
    return cast(func.coalesce(func.sum(number).filter(when), 0), BigInteger)


DUTY_TREND = Listing(
    name="duty-trend",
    operation="read_duty_trend",
    tag="reports",
    answers="Of the papers due in each month, how many came in time or late, are missing, excused "
    "or awaited, as of a day.",
    page="One page of months, each group by itself.",
    item=DutyMonth,
    filters=DutyTrendFilters,
    projections=DUTIES.projections,
    table=ALL,
    order=("month", "group"),
    groups=counted,
    arguments=asked,
    regulated=True,
    refusals=DUTIES.refusals,
)
