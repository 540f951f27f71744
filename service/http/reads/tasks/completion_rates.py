"""Completion rates, read: what was assigned and what became of it, by group, as of any day."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from projections.filters import (
    Id,
    Label,
    Word,
    Year,
)
from projections.tasks.accountability import ACCOUNTABILITY
from projections.tasks.completion_rates import FILTERS, Counts, completion, on_time, rates
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


class RateFilters(OfDay, Exported):
    """What is counted, and by what."""

    group_by: Annotated[
        Literal["none", "unit", "official", "field", "kind", "term", "origin", "year"],
        Field(description="`none` counts everything together; `year` is that of the assignment."),
    ] = "none"
    unit: Id | None = None
    official: Id | None = None
    post: Id | None = None
    field: Word | None = None
    kind: Word | None = None
    term: Label | None = None
    term_kind: Literal["year", "yearly", "period"] | None = None
    origin: Literal["registered", "commissioned", "continued"] | None = None
    year: Year | None = None


class Rate(BaseModel):
    """A share with its exact numerator and denominator.

    `percent` is rounded once, half up, to two decimals; null where the denominator is 0. `of` says
    what the denominator counts.
    """

    model_config = ConfigDict(extra="forbid")

    of: Literal["assigned_less_transferred_and_cancelled", "completed_or_overdue"]
    numerator: int
    denominator: int
    fraction: str
    percent: str | None


class GroupRates(BaseModel):
    """A group's counts and rates.

    Of the lines `assigned`, `received` came by handover from a predecessor or out of a vacancy, and
    `transferred_in` from another unit; `handed_over` went to successors, `vacated` to nobody, and
    neither is counted as assigned any more. `vacant` are open with nobody who answers for them.
    `carried_over` ended unfinished and goes on in a later term: it stays in the denominator of
    `completion`, as not completed. `with_partial_result` are open or carried over.
    """

    model_config = ConfigDict(extra="forbid")

    group: str
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
    completion: Rate
    on_time: Rate


class RatePage(query.Page):
    """One page of groups, in the order of their names."""

    items: list[GroupRates]


@router.get(
    "/v1/{ledger}/completion-rates",
    operation_id="read_completion_rates",
    response_model=RatePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(RateFilters),
)
async def read_completion_rates(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[RateFilters, Depends(query_params(RateFilters))],
) -> Response:
    """What was assigned, completed, transferred, cancelled, in progress, overdue; and two rates."""
    page = partial(_list, request, ledger)
    return await list_or_file(request, params, GroupRates, "completion-rates", page)


async def _list(request: Request, ledger: str, params: RateFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, (ACCOUNTABILITY,))
    listing = f"completion rates by {params.group_by}"
    reading = reading.at(listing, params, params.as_of, (text_value,))
    filters = params.given(FILTERS)
    statement = rates(params.group_by, frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = params.limit
    if reading.mark:
        [filters["after"]] = reading.mark
    rows = await reading.rows(statement, **filters)
    shown = rows[: params.limit]
    items = [_item(row["group"], Counts(*row[2:])) for row in shown]
    position = rows[0]["position"] if rows else await reading.position(ACCOUNTABILITY)
    mark = (shown[-1]["group"],) if len(rows) > params.limit else None
    return reading.reply(as_items(items), position, mark)


def _item(group: str, counts: Counts) -> dict[str, object]:
    return {
        "group": group,
        **counts._asdict(),
        "completion": completion(counts),
        "on_time": on_time(counts),
    }
