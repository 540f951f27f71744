"""Reads: the lists as they are declared, and by hand what is none: one thing, a figure, a search.

Every answer says at which position of the log it stands.
"""

from collections.abc import Mapping

from fastapi import APIRouter

from projections import LISTINGS
from projections.appraisal.objections import RATING_OBJECTIONS
from projections.appraisal.ratings import DECIDED_RATINGS
from projections.inbox.inbox import READ_INBOX
from projections.organisation.units import EXISTING_UNITS
from projections.record.access import ACCESS_RECORD
from service.http.reads import (
    access_record,
    changes,
    commune_coverage,
    cycle,
    directory,
    history,
    inbox,
    monitoring_figures,
    pending_retirements,
    personal_record,
    ratings,
    regulation,
    search,
    self_checks,
    shares,
    task,
    unit_kinds,
)
from service.http.reads.lists import Require, serve

# What a list refuses whose parameters name what is not there, or not the caller's; by its name.
REQUIRED: Mapping[str, Require] = {
    EXISTING_UNITS.name: unit_kinds.of_a_kind_that_is,
    ACCESS_RECORD.name: access_record.of_oneself,
    DECIDED_RATINGS.name: ratings.of_oneself,
    RATING_OBJECTIONS.name: ratings.of_oneself,
    READ_INBOX.name: inbox.open_to_the_caller,
}

router = APIRouter()
for read in (
    task,
    commune_coverage,
    pending_retirements,
    monitoring_figures,
    directory,
    history,
    personal_record,
    self_checks,
    shares,
    search,
    changes,
    unit_kinds,
    regulation,
    cycle,
):
    router.include_router(read.router)
for listing in LISTINGS:
    serve(router, listing, require=REQUIRED.get(listing.name))
