"""Portfolios: everything an official answers for on a day, leading it or beside its lead.

Who has left is looked up like anybody else.
"""

from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from domain.organisation.organisation import OfficialUnknown
from projections.days import AS_OF, ENDLESS, of_day
from projections.filters import Filters, Truth, where
from projections.listing import Beside, Listing, ListItem, Mark, Owner, Shown
from projections.organisation.officials import OFFICIALS
from projections.projection import FOREVER
from projections.statement import Statement, counts, statement, word
from projections.tasks.standing_rows import OPEN, OVERDUE
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import PART
from projections.tasks.task_lines import StateUnderWay

OFFICIAL: ColumnElement[str] = bindparam("official", type_=Text)


def _held(role: str, part: Any) -> Select[Any]:  # noqa: ANN401  a table's or a record's columns
    """The tasks under way on the day, with the part that an official has in them."""
    return select(
        TASKS.c.task_id,
        TASKS.c.title,
        TASKS.c.state,
        word(role).label("role"),
        TASKS.c.field,
        part.unit_id,
        part.post_id,
        part.since_on,
        TASKS.c.assigned_by,
        TASKS.c.due_on,
        OVERDUE.label("overdue"),
        (TASKS.c.due_on - AS_OF).label("days_to_deadline"),
        TASKS.c.position,
        func.coalesce(TASKS.c.due_on, ENDLESS).label("due"),
    ).where(*of_day(TASKS), OPEN, part.official_id == OFFICIAL)


def _beside() -> Select[Any]:
    # Stated twice, so that the index serves, which holds only tasks that have somebody beside.
    return (
        _held("beside", PART.c)
        .join(PART, true())
        .where(
            text("beside_officials <> '{}'"),
            TASKS.c.beside_officials.contains(cast(array([OFFICIAL]), ARRAY(Text))),
        )
    )


HELD = union_all(_held("lead", TASKS.c), _beside()).subquery("held")


class PortfolioItem(ListItem):
    """A task under way for which the official answers since `since_on`, in that post.

    `days_to_deadline` is negative once the task is overdue, null without a deadline; `position` is
    the event by which the task stands so.
    """

    task_id: str
    title: str
    state: StateUnderWay
    role: Literal["lead", "beside"]
    field: str
    unit_id: str
    post_id: str
    since_on: date
    assigned_by: str
    due_on: date | None
    overdue: bool
    days_to_deadline: Annotated[int | None, Shown(vi="Số ngày còn lại")]
    position: int


class PortfolioFilters(Filters):
    """Which tasks of the official."""

    role: Literal["lead", "beside"] | None = where(
        HELD.c.role, "Leading the task, or beside its lead."
    )
    overdue: Truth | None = where(HELD.c.overdue, "The task's deadline has passed.")


class PortfolioTotals(ListItem):
    """The whole portfolio: tasks led and answered for beside a lead; of both, how they stand."""

    leads: int
    beside: int
    in_time: int
    overdue: int


@lru_cache
def totals(_: frozenset[str]) -> Statement:
    """One row of `PortfolioTotals`; arguments: ledger, official, as_of."""
    counted = {
        "leads": HELD.c.role == word("lead"),
        "beside": HELD.c.role == word("beside"),
        "in_time": ~HELD.c.overdue,
        "overdue": HELD.c.overdue,
    }
    return statement(select(*counts(counted)))


PORTFOLIO = Listing(
    name="portfolio",
    path="officials/{official_id}/portfolio",
    operation="read_portfolio",
    tag="officials",
    answers="Everything the official answers for on a day, leading it or beside its lead.",
    page="One page of the portfolio, by deadline; the totals are of all pages, without filters.",
    item=PortfolioItem,
    filters=PortfolioFilters,
    projections=(TASK_STANDINGS,),
    table=HELD,
    order=(Mark("due_on", HELD.c.due, FOREVER), "task_id"),
    owner=Owner(subject="official", projection=OFFICIALS, unknown=OfficialUnknown),
    beside=(
        Beside(
            name="totals",
            row=PortfolioTotals,
            statement=totals,
            ignores=frozenset(PortfolioFilters.model_fields),
        ),
    ),
)
