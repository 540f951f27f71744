"""Reads: one module per question; every answer says at which position of the log it stands."""

from fastapi import APIRouter

from service.http.reads import history, search
from service.http.reads.organisation import directory, officials
from service.http.reads.tasks import (
    completion_rates,
    dossier,
    late_reports,
    obstacles,
    overdue_trend,
    portfolios,
    reminders,
    responsibilities,
    vacancies,
)
from service.http.reads.tasks import lists as tasks
from service.http.reads.tasks import states as task_states

router = APIRouter()
for part in (
    tasks,
    dossier,
    responsibilities,
    portfolios,
    completion_rates,
    task_states,
    overdue_trend,
    reminders,
    obstacles,
    vacancies,
    late_reports,
    directory,
    officials,
    history,
    search,
):
    router.include_router(part.router)
