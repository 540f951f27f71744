"""Task matters, read: what hangs on tasks under way: their shared filters, fields and list."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.types import Date, Integer, Text, TypeEngine

from projections.tasks.matters import Matters, matters
from service.http.reads.exporting import Exported
from service.http.reads.query import Id, OfDay
from service.http.reads.reading import Parser, Reading, day_value, text_value, whole_value

StateUnderWay: TypeAlias = Literal["in_progress", "claimed", "vacant"]

PARSERS: Mapping[type[TypeEngine[Any]], Parser] = {
    Date: day_value,
    Text: text_value,
    Integer: whole_value,
}


class MatterFilters(OfDay, Exported):
    """Which tasks, by how they stand on the day."""

    task: Id | None = None
    unit: Annotated[Id | None, Field(description="Of the unit that answers for the task.")] = None
    post: Id | None = None
    assigned_by: Annotated[Id | None, Field(description="Assigned by this body.")] = None


class MatterFiltersOfOfficial(MatterFilters):
    """Which tasks, also by who leads them on the day."""

    official: Annotated[Id | None, Field(description="Who leads the task on the day.")] = None


class MatterItem(BaseModel):
    """The task as it stands on the day; `position` is the event by which the matter stands so."""

    model_config = ConfigDict(extra="forbid")

    task_id: str
    title: str
    state: StateUnderWay
    unit_id: str
    post_id: str
    official_id: Annotated[str | None, Field(description="Who leads the task; null if vacant.")]
    due_on: date | None
    overdue: bool
    position: int


async def matters_list(
    request: Request, ledger: str, of: Matters, params: MatterFilters
) -> Response:
    """The reply of a list that holds nothing else."""
    return await matters_page(await matters_reading(request, ledger, of, params), of, params)


async def matters_reading(
    request: Request, ledger: str, of: Matters, params: MatterFilters
) -> Reading:
    """The read of such a list, at its place."""
    reading = await Reading.of_day(request, ledger, params, of.projections)
    parsers = [PARSERS[type(of.shown[name].type)] for name in of.marks]
    return reading.at(of.projection.name, params, params.as_of, parsers)


def filled_query(reading: Reading, of: Matters, params: MatterFilters) -> dict[str, object]:
    """The arguments of the page asked for."""
    filters = params.filters(of.filters)
    filters["limit"] = params.limit
    for number, value in enumerate(reading.mark):
        filters[f"after_{number}"] = value
    return filters


async def matters_page(
    reading: Reading, of: Matters, params: MatterFilters, further: str = ""
) -> Response:
    """The reply to such a list; `further` as for `Reading.reply`."""
    filters = frozenset(params.filters(of.filters))
    statement = matters(of, filters, continued=bool(reading.mark))
    return await reading.page(statement, filled_query(reading, of, params), of.mark, further)
