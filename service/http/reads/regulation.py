"""Regulation, read: one that is written as a file, as it is in force on a day, with its text."""

from fastapi import APIRouter

from projections.regulations.revisions import REGULATION_TEXT, REVISIONS, RegulationText
from service.http.reads.lists import items_of
from service.http.reads.one import Found, Thing, item_found, serve_one
from service.http.reads.query import OfDay
from service.http.reads.reading import Reading

router = APIRouter()


async def regulation(reading: Reading, regulation_id: str, _: OfDay) -> Found | None:
    found, position = await items_of(reading, REGULATION_TEXT, regulation_id=regulation_id)
    return item_found(found[0], position) if found else None


REGULATION = Thing(
    subject="regulation",
    answers="One regulation that is written as a file, as it is in force on a day, with its text.",
    reply="One regulation.",
    item=RegulationText,
    projections=(REVISIONS,),
    read=regulation,
)
serve_one(router, REGULATION)
