"""Reads: the lists as they are declared, and by hand what is none: one thing, a figure, a search.

Every answer says at which position of the log it stands.
"""

from collections.abc import Mapping

from fastapi import APIRouter

from projections import LISTINGS
from projections.organisation.units import EXISTING_UNITS
from service.http.reads import (
    changes,
    commune_coverage,
    directory,
    history,
    monitoring_figures,
    pending_retirements,
    personal_record,
    search,
    task,
    unit_kinds,
)
from service.http.reads.lists import Require, serve

# What a list refuses whose parameters name what is not there, by the list's name.
REQUIRED: Mapping[str, Require] = {EXISTING_UNITS.name: unit_kinds.of_a_kind_that_is}

router = APIRouter()
for read in (
    task,
    commune_coverage,
    pending_retirements,
    monitoring_figures,
    directory,
    history,
    personal_record,
    search,
    changes,
    unit_kinds,
):
    router.include_router(read.router)
for listing in LISTINGS:
    serve(router, listing, require=REQUIRED.get(listing.name))
