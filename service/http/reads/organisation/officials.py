"""Officials, read: persons and the posts they hold, as of any day; null once they are erased."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, NamedTuple, TypeAlias

import asyncpg
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown
from domain.values import ID_PATTERN
from projections.filters import (
    Truth,
)
from projections.organisation.listing import officials
from projections.organisation.officials import OFFICIALS
from projections.organisation.tenures import TENURES
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.organisation.directory import Entry, Tenure, entry_reply, found_entries
from service.http.reads.query import (
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, as_items, text_value

router = APIRouter(tags=["officials"])

OfficialName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The official's id.")]


class OfficialFilters(OfDay, Exported):
    """Which officials."""

    pending_retirement: Annotated[
        Truth | None, Field(description="Whether a retirement is announced and yet to come.")
    ] = None


class Official(Entry):
    """A person; name and contact read null once they are `erased`."""

    official_id: str
    full_name: str | None
    contact: str | None
    erased: bool
    retires_on: date | None
    pending_retirement: bool


class OfficialWithTenures(Official):
    """An official and the posts held on the day."""

    tenures: list[Tenure]


class OfficialPage(query.Page):
    """One page of officials, by id."""

    items: list[Official]


class OfficialReply(query.Single):
    """One official."""

    item: OfficialWithTenures


class StoredName(NamedTuple):
    """The event that names an official, as the codec takes it."""

    type: str
    schema_version: int
    data: bytes


@router.get(
    "/v1/{ledger}/officials",
    operation_id="list_officials",
    response_model=OfficialPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(OfficialFilters),
)
async def list_officials(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[OfficialFilters, Depends(query_params(OfficialFilters))],
) -> Response:
    """The officials the ledger knows, as of a day."""
    page = partial(_list, request, ledger)
    return await list_or_file(request, params, Official, "officials", page)


async def _list(request: Request, ledger: str, params: OfficialFilters) -> Response:
    reading = await Reading.of_day(request, ledger, params, (OFFICIALS,))
    reading = reading.at("officials", params, params.as_of, (text_value,))
    filters = params.given(("pending_retirement",))
    statement = officials(frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = params.limit
    if reading.mark:
        [filters["after_0"]] = reading.mark
    rows = await reading.rows(statement, **filters)
    items = await _persons(reading, rows[: params.limit])
    position = rows[0]["standing"] if rows else await reading.position(OFFICIALS)
    mark = (items[-1]["official_id"],) if len(rows) > params.limit else None
    return reading.reply(as_items(items), position, mark)


@router.get(
    "/v1/{ledger}/officials/{official_id}",
    operation_id="read_official",
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
    statement = officials(frozenset({"official"}), continued=False)
    rows = await reading.rows(statement, official=official_id, limit=1)
    if not rows:
        raise OfficialUnknown(official_id=official_id)
    [person] = await _persons(reading, rows)
    tenures, standing = await found_entries(reading, "tenures", official=official_id)
    return entry_reply(reading, {**person, "tenures": tenures}, min(rows[0]["standing"], standing))


async def _persons(reading: Reading, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    """The officials, named by what the log still tells of them."""
    stored = [StoredName(row["type"], row["schema_version"], row["data"]) for row in rows]
    named = await reading.service.codec.decode_all(reading.ledger, stored)
    return [
        {
            "official_id": row["official_id"],
            "full_name": event.full_name,
            "contact": event.contact,
            "erased": event.full_name is None,
            "retires_on": None if row["retires_on"] is None else row["retires_on"].isoformat(),
            "pending_retirement": row["pending_retirement"],
            "position": row["position"],
        }
        for row, event in zip(rows, named, strict=True)
        if isinstance(event, OfficialRegistered)
    ]
