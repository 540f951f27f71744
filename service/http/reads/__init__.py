"""Reads: one module per question; every answer says at which position of the log it stands."""

from fastapi import APIRouter

from projections import LISTINGS
from service.http.reads import history, search
from service.http.reads.commune_coverage import communes as covered_communes
from service.http.reads.commune_coverage import coverage as commune_coverage
from service.http.reads.commune_coverage import gaps as coverage_gaps
from service.http.reads.commune_coverage import pending_retirements
from service.http.reads.lists import serve
from service.http.reads.monitoring import figures as monitoring_figures
from service.http.reads.organisation import directory, officials, territory
from service.http.reads.tasks import (
    completion_rates,
    dossier,
    overdue_trend,
    portfolios,
    responsibilities,
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
    commune_coverage,
    covered_communes,
    coverage_gaps,
    pending_retirements,
    monitoring_figures,
    directory,
    territory,
    officials,
    history,
    search,
):
    router.include_router(part.router)
for listing in LISTINGS:
    serve(router, listing)
