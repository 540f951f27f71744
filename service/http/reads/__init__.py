"""Reads: one module per question; every answer says at which position of the log it stands."""

from fastapi import APIRouter

from service.http.reads import (
    completion_rates,
    directory,
    dossier,
    history,
    late_reports,
    obstacles,
    officials,
    overdue_trend,
    portfolios,
    reminders,
    responsibilities,
    search,
    task_states,
    tasks,
    vacancies,
)

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
