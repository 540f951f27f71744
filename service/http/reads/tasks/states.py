"""Task states, read: done in time or late, open in time or overdue, by group, as of any day."""

from functools import partial
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from projections.filters import (
    Id,
    Label,
    Word,
    Year,
)
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import FILTERS, States, task_states
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, text_value

router = APIRouter(tags=["reports"])

GroupBy: TypeAlias = Annotated[
    Literal["none", "unit", "post", "official", "field", "kind", "term", "year"],
    Field(
        description="`none` counts everything together; `year` is that of the assignment; under "
        "`official` the group `-` is of tasks that nobody leads."
    ),
]


class StateFilters(OfDay, Exported):
    """Which tasks are counted, by how they stand, and by what."""

    group_by: GroupBy = "none"
    unit: Id | None = None
    post: Id | None = None
    official: Id | None = None
    assigned_by: Id | None = None
    field: Word | None = None
    kind: Word | None = None
    term: Label | None = None
    term_kind: Literal["year", "yearly", "period"] | None = None
    year: Year | None = None


class GroupStates(BaseModel):
    """How many tasks of the group stand in which state on the day; each counts once."""

    model_config = ConfigDict(extra="forbid")

    group: str
    done_in_time: int
    done_late: int
    open_in_time: int
    open_overdue: int
    total: int


class StatePage(query.Page):
    """One page of groups, in the order of their names."""

    items: list[GroupStates]


@router.get(
    "/v1/{ledger}/task-states",
    operation_id="read_task_states",
    response_model=StatePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(StateFilters),
)
async def read_task_states(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[StateFilters, Depends(query_params(StateFilters))],
) -> Response:
    """The four states in which the Government Office counts tasks, as of a day."""
    page = partial(_list, request, ledger)
    return await list_or_file(request, params, GroupStates, "task-states", page)


async def _list(request: Request, ledger: str, params: StateFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, (TASK_STANDINGS,))
    listing = f"task states by {params.group_by}"
    reading = reading.at(listing, params, params.as_of, (text_value,))
    filters = params.given(FILTERS)
    statement = task_states(params.group_by, frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = params.limit
    if reading.mark:
        [filters["after"]] = reading.mark
    rows = await reading.rows(statement, **filters)
    items = [_item(row["group"], States(*row[2:])) for row in rows[: params.limit]]
    position = rows[0]["position"] if rows else await reading.position(TASK_STANDINGS)
    mark = (rows[params.limit - 1]["group"],) if len(rows) > params.limit else None
    return reading.reply(as_items(items), position, mark)


def _item(group: str, states: States) -> dict[str, object]:
    return {"group": group, **states._asdict(), "total": sum(states)}
