"""Directory, read: one unit, its lineage, one post, one official, as of any day."""

from collections.abc import Sequence

from fastapi import APIRouter

from domain.organisation.events import OfficialRegistered
from projections.listing import Item
from projections.organisation.officials import KNOWN_OFFICIALS, OFFICIALS, Official
from projections.organisation.posts import EXISTING_POSTS, POSTS, Post
from projections.organisation.tenures import RUNNING_TENURES, TENURES, Tenure
from projections.organisation.units import EXISTING_UNITS, UNITS, Unit
from projections.statement import known
from projections.territory.lineage import (
    DIRECTIONS,
    UNIT_LINEAGE,
    Lineage,
    lineage,
    lineage_standing,
)
from service.access.fields import CONTACT
from service.http.noted import note_told
from service.http.reads.fields import readable
from service.http.reads.lists import items_of, serve
from service.http.reads.one import Found, Thing, item_found, serve_one
from service.http.reads.query import OfDay
from service.http.reads.reading import Reading
from service.log.codec import StoredEvent

router = APIRouter()


class PostWithHolders(Post):
    """A post and who holds it on the day."""

    holders: list[Tenure]


class OfficialWithTenures(Official):
    """An official and the posts held on the day."""

    tenures: list[Tenure]


async def unit(reading: Reading, unit_id: str, _: OfDay) -> Found | None:
    units, position = await items_of(reading, EXISTING_UNITS, unit_id=unit_id)
    return item_found(units[0], position) if units else None


async def unit_lineage(reading: Reading, unit_id: str, _: OfDay) -> Found | None:
    if not (await reading.row(known(UNITS), id=unit_id))[0]:
        return None
    item: Item = {"unit_id": unit_id}
    for direction in DIRECTIONS:
        rows = await reading.rows(lineage(direction), unit=unit_id)
        item[direction] = [
            {**dict(row), "happened_on": row["happened_on"].isoformat()} for row in rows
        ]
    at = await reading.row(lineage_standing())
    return item_found(item, at["position"])


async def post(reading: Reading, post_id: str, _: OfDay) -> Found | None:
    posts, position = await items_of(reading, EXISTING_POSTS, post_id=post_id)
    if not posts:
        return None
    holders, standing = await items_of(reading, RUNNING_TENURES, post=post_id)
    return item_found({**posts[0], "holders": holders}, min(position, standing))


async def official(reading: Reading, official_id: str, params: OfDay) -> Found | None:
    officials, position = await items_of(reading, KNOWN_OFFICIALS, official_id=official_id)
    if not officials:
        return None
    [person] = await named(reading, officials, params)
    tenures, standing = await items_of(reading, RUNNING_TENURES, official=official_id)
    return item_found({**person, "tenures": tenures}, min(position, standing))


async def named(reading: Reading, items: Sequence[Item], _: OfDay) -> list[Item]:
    """The officials, named by what the log still tells of them; null once they are erased.

    Their contact is told to whom the rules open it.
    """
    stored = [
        StoredEvent(item.pop("type"), item.pop("schema_version"), item.pop("data").encode())
        for item in items
    ]
    names = await reading.service.codec.decode_marked(reading.ledger, stored)
    open_to_caller = await readable(reading, CONTACT, (str(item["official_id"]) for item in items))
    note_told(reading.request.scope, open_to_caller)
    return [
        {
            **item,
            "full_name": event.full_name,
            "contact": event.contact if event.official_id in open_to_caller else None,
            "erased": event.full_name is None and not unreadable,
            "unreadable": unreadable,
        }
        for item, (event, _, unreadable) in zip(items, names, strict=True)
        if isinstance(event, OfficialRegistered)
    ]


UNIT, LINEAGE, POST, OFFICIAL = (
    Thing(
        subject="unit",
        answers="One unit as of a day.",
        reply="One unit.",
        item=Unit,
        projections=(UNITS,),
        read=unit,
    ),
    Thing(
        subject="unit",
        aspect="lineage",
        answers="Which units this one comes from, and which it went into, through all generations.",
        reply="One unit's lineage.",
        item=Lineage,
        projections=(UNITS, UNIT_LINEAGE),
        read=unit_lineage,
    ),
    Thing(
        subject="post",
        answers="One post as of a day, and who holds it then.",
        reply="One post.",
        item=PostWithHolders,
        projections=(POSTS, TENURES),
        read=post,
    ),
    Thing(
        subject="official",
        answers="One official as of a day, and the posts held then.",
        reply="One official.",
        item=OfficialWithTenures,
        projections=(OFFICIALS, TENURES),
        read=official,
    ),
)
for thing in (UNIT, LINEAGE, POST, OFFICIAL):
    serve_one(router, thing)
serve(router, KNOWN_OFFICIALS, named)
