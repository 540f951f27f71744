"""Reads: one module per question; every answer says at which position of the log it stands."""

from fastapi import APIRouter

from projections import LISTINGS
from service.http.reads import history, search
from service.http.reads.commune_coverage import coverage as commune_coverage
from service.http.reads.commune_coverage import pending_retirements, uncovered_days
from service.http.reads.lists import serve
from service.http.reads.monitoring import figures as monitoring_figures
from service.http.reads.organisation import directory, lineage, officials
from service.http.reads.tasks import (
    dossier,
    overdue_trend,
    task,
)

router = APIRouter()
for part in (
    task,
    dossier,
    overdue_trend,
    commune_coverage,
    uncovered_days,
    pending_retirements,
    monitoring_figures,
    directory,
    lineage,
    officials,
    history,
    search,
):
    router.include_router(part.router)
for listing in LISTINGS:
    serve(router, listing)
