"""Pending retirements, read: which communes lose their monitor soon, and who could follow."""

from collections.abc import Sequence

from fastapi import APIRouter

from projections.commune_coverage.pending_retirements import PENDING_RETIREMENTS, followers
from projections.listing import Item
from service.http.reads.lists import Params, regulations, serve
from service.http.reads.reading import Reading

router = APIRouter()


async def proposed(reading: Reading, items: Sequence[Item], params: Params) -> Sequence[Item]:
    """The monitors, and beside each of them who could follow."""
    if not items:
        return items
    rules = (await regulations(reading)).of_communes(reading.as_of)
    agencies = {commune["agency_id"] for item in items for commune in item["communes"]}
    rows = await reading.rows(
        followers(),
        agencies=sorted(agencies),
        kinds=[] if rules is None else list(rules.leading_post_kinds),
        most=1 if rules is None else rules.communes_per_official,
        within_days=params.within_days,
    )
    able = [dict(row) for row in rows]
    return [{**item, "proposed": _of_its_agencies(item, able)} for item in items]


def _of_its_agencies(item: Item, able: Sequence[Item]) -> list[Item]:
    """Those of the agencies of the item's communes; one who holds two such posts stands once."""
    agencies = {commune["agency_id"] for commune in item["communes"]}
    once = {
        (one["agency_id"], one["official_id"]): one
        for one in reversed(able)
        if one["agency_id"] in agencies
    }
    return list(reversed(once.values()))


serve(router, PENDING_RETIREMENTS, proposed)
