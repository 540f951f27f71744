"""One thing, read in full as of any day; its entity tag is what `If-Match` of its verbs takes."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, create_model

from domain.kernel import NotFound
from projections.listing import Item
from projections.projection import Projection
from service.http.access import LedgerName, Reader
from service.http.reads.query import OfDay, Single, described, query_params, refusals, with_ids
from service.http.reads.reading import Reading


@dataclass(frozen=True, slots=True)
class Found:
    """What was read.

    Attributes:
        item: as JSON.
        position: at which the read models stand.
        version: the position of the last event that changed it.
    """

    item: str
    position: int
    version: int


Read: TypeAlias = Callable[[Reading, str, OfDay], Awaitable[Found | None]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Thing:
    """A kind of thing that is read one by one.

    Attributes:
        path: below `/v1/{ledger}/`; it names the id.
        subject: whose id it is, such as `task`.
        operation: its name in OpenAPI.
        tag: its group in OpenAPI.
        answers: what the read answers, in a sentence.
        reply: what the reply is, in a sentence.
        item: the shape of what is read.
        unknown: the refusal where there is none.
        projections: those it reads.
        read: reads it; None where there is none on the day.
    """

    path: str
    subject: str
    operation: str
    tag: str
    answers: str
    reply: str
    item: type[BaseModel]
    unknown: type[NotFound]
    projections: Sequence[Projection]
    read: Read


@cache
def reply_of(thing: Thing) -> type[Single]:
    """What OpenAPI says of the reply."""
    _, _, name = thing.operation.partition("_")
    return create_model(
        f"{name.title().replace('_', '')}Reply",
        __base__=Single,
        __doc__=thing.reply,
        item=(thing.item, ...),
    )


def serve_one(router: APIRouter, thing: Thing) -> None:
    """Add its route."""

    async def endpoint(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[OfDay, Depends(query_params(OfDay))],
        **path: str,
    ) -> Response:
        reading = await Reading.of_day(request, ledger, params, thing.projections)
        read = await thing.read(reading, path[f"{thing.subject}_id"], params)
        if read is None:
            raise thing.unknown(**path)
        return reading.single(read.item, read.position, read.version)

    router.add_api_route(
        f"/v1/{{ledger}}/{thing.path}",
        with_ids(endpoint, thing.subject),
        methods=["GET"],
        operation_id=thing.operation,
        name=thing.operation,
        description=thing.answers,
        tags=[thing.tag],
        response_model=reply_of(thing),
        responses=refusals(thing.unknown),
        openapi_extra=described(OfDay),
    )


def item_found(item: Item, position: int) -> Found:
    """An item made in Python, whose version is its own position."""
    return Found(json.dumps(item, ensure_ascii=False), position, item["position"])
