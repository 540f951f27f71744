"""One thing, read in full as of any day; its entity tag is what `If-Match` of its verbs takes."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, create_model

from domain.appraisal.cycles import CycleUnknown
from domain.kernel import NotFound
from domain.organisation.organisation import OfficialUnknown, PostUnknown, UnitUnknown
from domain.regulations.regulations import RegulationUnknown
from domain.tasks.command import TaskUnknown
from projections.listing import Item
from projections.projection import Projection
from projections.versions import version_of
from service.http.access import LedgerName, Reader
from service.http.reads.query import OfDay, Single, described, query_params, refusals, with_ids
from service.http.reads.reading import Reading

# The refusal where there is no such thing.
UNKNOWN: Mapping[str, type[NotFound]] = {
    "task": TaskUnknown,
    "official": OfficialUnknown,
    "unit": UnitUnknown,
    "post": PostUnknown,
    "regulation": RegulationUnknown,
    "cycle": CycleUnknown,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was read.

    Attributes:
        item: as JSON.
        position: at which the read models stand.
    """

    item: str
    position: int


Read: TypeAlias = Callable[[Reading, str, OfDay], Awaitable[Found | None]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Thing:
    """A kind of thing that is read one by one.

    Attributes:
        subject: whose id the address names, such as `task`.
        aspect: what of it is read, such as `dossier`; it itself if left out.
        answers: what the read answers, in a sentence.
        reply: what the reply is, in a sentence.
        item: the shape of what is read.
        projections: those it reads.
        read: reads it; None where there is none on the day.
    """

    subject: str
    aspect: str | None = None
    answers: str
    reply: str
    item: type[BaseModel]
    projections: Sequence[Projection]
    read: Read

    @property
    def named(self) -> str:
        """What it is called in OpenAPI."""
        return self.subject if self.aspect is None else f"{self.subject}_{self.aspect}"


@cache
def reply_of(thing: Thing) -> type[Single]:
    """What OpenAPI says of the reply."""
    return create_model(
        f"{thing.named.title().replace('_', '')}Reply",
        __base__=Single,
        __doc__=thing.reply,
        item=(thing.item, ...),
    )


def serve_one(router: APIRouter, thing: Thing) -> None:
    """Add its route."""
    subject, unknown = thing.subject, UNKNOWN[thing.subject]
    aspect = "" if thing.aspect is None else f"/{thing.aspect}"

    async def endpoint(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[OfDay, Depends(query_params(OfDay))],
        **path: str,
    ) -> Response:
        id_ = path[f"{subject}_id"]
        of = f"{subject}:{id_}"
        reading = await Reading.of_day(request, ledger, params, thing.projections, of)
        read = await thing.read(reading, id_, params)
        if read is None:
            raise unknown(**path)
        known = min(read.position, reading.until)
        [version] = await reading.row(version_of(subject), tag=of, until=known)
        return reading.single(read.item, known, version)

    router.add_api_route(
        f"/v1/{{ledger}}/{subject}s/{{{subject}_id}}{aspect}",
        with_ids(endpoint, OfDay, subject),
        methods=["GET"],
        operation_id=f"read_{thing.named}",
        name=f"read_{thing.named}",
        description=thing.answers,
        tags=[f"{subject}s"],
        response_model=reply_of(thing),
        responses=refusals(unknown),
        openapi_extra=described(OfDay),
    )


def item_found(item: Item, position: int) -> Found:
    """An item made in Python."""
    return Found(json.dumps(item, ensure_ascii=False), position)
