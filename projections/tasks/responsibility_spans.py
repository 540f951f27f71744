"""Responsibility spans: of a task, one after another; of an official, in a stretch of time.

Those of the lead, those of officials beside the lead, and those of vacancies, which name nobody.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Subquery,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from domain.organisation.organisation import OfficialUnknown
from domain.regulations.regulations import Regulations
from domain.tasks.command import TaskUnknown
from domain.values import Day
from projections.days import FROM_ON, TO_ON, last_day
from projections.filters import Filters
from projections.listing import Listing, ListItem, Mark, Owner, Shown
from projections.organisation.officials import OFFICIALS
from projections.statement import LEDGER, parts
from projections.tasks.co_accountabilities import CO_ACCOUNTABILITIES
from projections.tasks.co_accountabilities import TABLE as BESIDE
from projections.tasks.responsibilities import RESPONSIBILITIES
from projections.tasks.responsibilities import TABLE as SPANS
from projections.tasks.tasks import TASKS

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
TASK: ColumnElement[str] = bindparam("task", type_=Text)
OFFICIAL: ColumnElement[str] = bindparam("official", type_=Text)

_PART = parts(
    BESIDE.c.spans,
    "parts",
    official_id=Text,
    post_id=Text,
    unit_id=Text,
    from_on=Date,
    until_on=Date,
    how=Text,
    position=BigInteger,
    ended_position=BigInteger,
)


def _leading(owner: ColumnElement[bool]) -> Select[Any]:
    same = (SPANS.c[part.name] for part in _PART.c)
    query = select(SPANS.c.task_id, literal("lead").label("role"), *same)
    return query.where(SPANS.c.ledger == LEDGER, owner)


def _beside(owner: ColumnElement[bool], whose: ColumnElement[bool]) -> Select[Any]:
    return (
        select(BESIDE.c.task_id, literal("co").label("role"), *_PART.c)
        .select_from(BESIDE.join(_PART, true()))
        .where(BESIDE.c.ledger == LEDGER, owner, whose)
    )


def _spans(leading: Select[Any], beside: Select[Any]) -> Subquery:
    span = union_all(leading, beside).subquery("each").c
    return (
        select(
            *(column for column in span if column.name != "until_on"),
            last_day(span.until_on).label("to_on"),
        )
        .where(span.from_on <= TO_ON, span.until_on > FROM_ON, span.until_on > span.from_on)
        .subquery("span")
    )


OF_TASK = _spans(_leading(SPANS.c.task_id == TASK), _beside(BESIDE.c.task_id == TASK, true()))
OF_OFFICIAL = _spans(
    _leading(SPANS.c.official_id == OFFICIAL),
    _beside(
        BESIDE.c.officials.contains(cast(array([OFFICIAL]), ARRAY(Text))),
        _PART.c.official_id == OFFICIAL,
    ),
)


class Span(ListItem):
    """An official answers for a task from `from_on` to `to_on`, both included.

    As its `lead`, or as `co` beside the lead; where `official_id` is null the task was vacant.
    `how` it began; `position` is the event that began it, `ended_position` the one that ended it.
    """

    task_id: str
    role: Literal["lead", "co"]
    official_id: str | None
    post_id: str
    unit_id: str
    from_on: date
    to_on: date | None
    how: Annotated[
        Literal["assigned", "handed_over", "transferred", "vacated", "vacancy_filled", "added"],
        Shown(vi="Cách nhận"),
    ]
    position: int
    ended_position: Annotated[int | None, Shown(vi="Số thứ tự sự kiện kết thúc")]


class SpanFilters(Filters):
    """Which spans: of one day (`as_of`), or of a stretch of days, both included.

    If no day is named, all that have begun by today.
    """

    from_on: Annotated[Day | None, Field(description="Spans that run on or after this day.")] = None
    to_on: Annotated[
        Day | None,
        Field(
            description="Spans that run on or before this day; today, if no day is named at all."
        ),
    ] = None


def days(params: Any, today: date, _: Regulations | None) -> Mapping[str, object]:  # noqa: ANN401  query parameters
    """The one day, or the stretch, or all days up to today."""
    last = LAST_DAY if params.from_on else today
    return {
        "from_on": params.as_of or params.from_on or FIRST_DAY,
        "to_on": params.as_of or params.to_on or last,
    }


def _responsibilities(owner: Owner, spans: Subquery, preposition: str, answers: str) -> Listing:
    of = owner.subject
    return Listing(
        name="responsibilities",
        path=f"{of}s/{{{owner.id_name}}}/responsibilities",
        operation=f"list_responsibilities_{preposition}_{of}",
        tag=f"{of}s",
        answers=answers,
        page="One page of spans, the earliest first.",
        item=Span,
        filters=SpanFilters,
        projections=(RESPONSIBILITIES, CO_ACCOUNTABILITIES),
        table=spans,
        # Two spans of one task and one beginning are of two officials, or of one and nobody.
        order=(
            "from_on",
            Mark("task_id", spans.c.task_id.collate("C")),
            Mark("official_id", func.coalesce(spans.c.official_id, "").collate("C")),
        ),
        owner=owner,
        arguments=days,
    )


RESPONSIBILITIES_FOR_TASK = _responsibilities(
    Owner(subject="task", projection=TASKS, unknown=TaskUnknown),
    OF_TASK,
    "for",
    "Who answered for the task, and from when to when.",
)
RESPONSIBILITIES_OF_OFFICIAL = _responsibilities(
    Owner(subject="official", projection=OFFICIALS, unknown=OfficialUnknown),
    OF_OFFICIAL,
    "of",
    "What the official answered for, and from when to when.",
)
