"""Officials, read: persons and the posts they hold, as of any day; null once they are erased."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple, TypeAlias

from fastapi import APIRouter, Depends, Path, Request, Response

from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown
from domain.values import ID_PATTERN
from projections.listing import Item
from projections.organisation.officials import KNOWN_OFFICIALS, OFFICIALS, Official
from projections.organisation.tenures import RUNNING_TENURES, TENURES, Tenure
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.directory import entry_reply
from service.http.reads.lists import items_of, serve
from service.http.reads.query import OfDay, described, query_params
from service.http.reads.reading import Reading

router = APIRouter()

OfficialName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The official's id.")]


class OfficialWithTenures(Official):
    """An official and the posts held on the day."""

    tenures: list[Tenure]


class OfficialReply(query.Single):
    """One official."""

    item: OfficialWithTenures


class StoredName(NamedTuple):
    """The event that names an official, as the codec takes it."""

    type: str
    schema_version: int
    data: bytes


async def named(reading: Reading, items: Sequence[Item], _: OfDay) -> list[Item]:
    """The officials, named by what the log still tells of them."""
    stored = [
        StoredName(item.pop("type"), item.pop("schema_version"), item.pop("data").encode())
        for item in items
    ]
    names = await reading.service.codec.decode_all(reading.ledger, stored)
    return [
        {
            **item,
            "full_name": event.full_name,
            "contact": event.contact,
            "erased": event.full_name is None,
        }
        for item, event in zip(items, names, strict=True)
        if isinstance(event, OfficialRegistered)
    ]


serve(router, KNOWN_OFFICIALS, named)


@router.get(
    "/v1/{ledger}/officials/{official_id}",
    operation_id="read_official",
    tags=["officials"],
    response_model=OfficialReply,
    responses=query.refusals(OfficialUnknown),
    openapi_extra=described(OfDay),
)
async def read_official(
    request: Request,
    ledger: LedgerName,
    official_id: OfficialName,
    _: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
) -> Response:
    """One official as of a day, and the posts held then."""
    reading = await Reading.of_day(request, ledger, params, (OFFICIALS, TENURES))
    officials, position = await items_of(reading, KNOWN_OFFICIALS, official_id=official_id)
    if not officials:
        raise OfficialUnknown(official_id=official_id)
    [person] = await named(reading, officials, params)
    tenures, standing = await items_of(reading, RUNNING_TENURES, official=official_id)
    return entry_reply(reading, {**person, "tenures": tenures}, min(position, standing))
