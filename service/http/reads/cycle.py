"""Cycle, read: one in which officials are rated, as it is on a day."""

from fastapi import APIRouter

from projections.appraisal.cycles import ONE_CYCLE, AppraisalCycle
from service.http.reads.lists import items_of
from service.http.reads.one import Found, Thing, item_found, serve_one
from service.http.reads.query import OfDay
from service.http.reads.reading import Reading

router = APIRouter()


async def cycle(reading: Reading, cycle_id: str, _: OfDay) -> Found | None:
    found, position = await items_of(reading, ONE_CYCLE, cycle_id=cycle_id)
    return item_found(found[0], position) if found else None


CYCLE = Thing(
    subject="cycle",
    answers="One cycle in which officials are rated: its rules, its days, how many are rated.",
    reply="One cycle.",
    item=AppraisalCycle,
    projections=ONE_CYCLE.projections,
    read=cycle,
)
serve_one(router, CYCLE)
