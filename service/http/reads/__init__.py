"""Reads: one module per question; every answer says at which position of the log it stands."""

from fastapi import APIRouter

from projections import LISTINGS
from service.http.reads import history, search
from service.http.reads.commune_coverage import coverage as commune_coverage
from service.http.reads.commune_coverage import pending_retirements, uncovered_days
from service.http.reads.lists import serve
from service.http.reads.monitoring import agencies as monitoring_agencies
from service.http.reads.monitoring import cell_attendance
from service.http.reads.monitoring import commendations as monitoring_commendations
from service.http.reads.monitoring import figures as monitoring_figures
from service.http.reads.monitoring import matters as monitoring_matters
from service.http.reads.monitoring import papers as monitoring_papers
from service.http.reads.monitoring import visits as monitoring_visits
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
    monitoring_papers,
    monitoring_visits,
    monitoring_commendations,
    monitoring_matters,
    monitoring_agencies,
    monitoring_figures,
    cell_attendance,
    directory,
    lineage,
    officials,
    history,
    search,
):
    router.include_router(part.router)
for listing in LISTINGS:
    serve(router, listing)
