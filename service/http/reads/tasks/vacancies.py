"""Vacancies, read: which tasks nobody leads, what waits there and who must act, as of any day."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from projections.tasks.vacancies import OPEN_VACANCIES
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import list_or_file, listed
from service.http.reads.query import CursorUnusable, Id, Truth, Word, described, query_params
from service.http.reads.tasks.matters import (
    MatterFilters,
    MatterItem,
    matters_list,
)

router = APIRouter(tags=["reports"])


class VacancyFilters(MatterFilters):
    """Which vacancies; `unit` and `post` are those that answered last."""

    field: Annotated[Word | None, Field(description="Of the task.")] = None
    last_official: Annotated[Id | None, Field(description="Who led the task last.")] = None
    must_act: Annotated[Id | None, Field(description="The body that must fill it.")] = None
    overdue: Annotated[Truth | None, Field(description="The task's deadline has passed.")] = None


class Vacancy(MatterItem):
    """A task that nobody leads, for `days_vacant` days; `must_act` is the body to fill it.

    `beside_officials` go on answering beside; `unanswered_reminders` and `open_obstacles` wait.
    """

    field: str
    last_official: str
    beside_officials: list[str]
    must_act: str
    reason: str
    vacant_since: date
    days_vacant: int
    unanswered_reminders: int
    open_obstacles: int


class VacancyPage(query.Page):
    """One page of vacancies, the oldest first."""

    items: list[Vacancy]


@router.get(
    "/v1/{ledger}/vacancies",
    operation_id="list_vacancies",
    response_model=VacancyPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(VacancyFilters),
)
async def list_vacancies(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[VacancyFilters, Depends(query_params(VacancyFilters))],
) -> Response:
    """The tasks that nobody leads on a day: since when, why, and who must act."""
    page = partial(matters_list, request, ledger, OPEN_VACANCIES)
    return await list_or_file(request, params, Vacancy, "vacancies", page)
