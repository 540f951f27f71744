"""Self-checks, read: by the official who made them, and by nobody else.

They are opened from the log when they are read: no read model holds them.
"""

from datetime import date
from functools import partial
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Request, Response

from domain.access.authority import NotRelated
from domain.access.rules import FIELDS
from domain.conduct.events import SelfCheckMade
from domain.kernel import Event
from domain.organisation.organisation import OfficialUnknown
from domain.values import Value
from projections.history import events_of_tag, timeline
from projections.marks import whole_value
from projections.put_right import PutRight, marking
from projections.versions import version_of
from service.access.fields import SELF_CHECK
from service.http.access import LedgerName, Reader
from service.http.reads.fields import readable
from service.http.reads.query import (
    LAST_POSITION,
    CursorUnusable,
    InPages,
    OfDay,
    Page,
    UpTo,
    described,
    query_params,
    refusals,
    with_ids,
)
from service.http.reads.reading import Reading, as_items

router = APIRouter()
POSITION = partial(whole_value, least=1, most=LAST_POSITION)


class OwnSelfChecks(UpTo, InPages):
    """From where, and up to what is known."""


class SelfCheckOfPerson(Value):
    """What the official saw by the catalogue; it counts no more once `annulled`."""

    number: int
    checked_on: date
    regulation_id: str
    manifestation: str | None
    seen: str | None
    remedy: str | None
    annulled: bool
    position: int


class SelfChecks(Page):
    """One page of self-checks, the newest first."""

    items: list[SelfCheckOfPerson]


async def self_checks(
    request: Request,
    ledger: LedgerName,
    caller: Reader,
    params: Annotated[OwnSelfChecks, Depends(query_params(OwnSelfChecks))],
    **path: str,
) -> Response:
    """Read them.

    Raises:
        OfficialUnknown: there is none.
        NotRelated: the caller is another.
        CursorUnusable, PositionNotRecorded.
    """
    official_id = path["official_id"]
    tag, kind = f"official:{official_id}", SelfCheckMade.TYPE
    reading = await Reading.of_day(request, ledger, OfDay(known_at=params.known_at), ())
    if not await readable(reading, SELF_CHECK, [official_id]):
        granted = sorted(relation.value for relation in FIELDS[SELF_CHECK][caller.role])
        raise NotRelated(action="list_self_checks", relation=granted, thing=tag)
    reading = reading.at(f"self-checks of {tag}", params, None, (POSITION,))
    head = await reading.head(params)
    if not (await reading.row(version_of("official"), tag=tag, until=head))["version"]:
        raise OfficialUnknown(official_id=official_id)
    query: dict[str, object] = {"tag": tag, "limit": params.limit}
    if reading.mark:
        [query["after"]] = reading.mark
    paged = timeline(newest_first=True, continued=bool(reading.mark), of_type=kind)
    rows = await reading.rows(paged, **query)
    shown = rows[: params.limit]
    put_right = PutRight(await reading.rows(marking(), tag=tag))
    items = [
        _item(row, event, put_right)
        for row, event in zip(shown, await reading.decoded(shown), strict=True)
    ]
    mark = (str(shown[-1]["position"]),) if len(rows) > params.limit else None
    further = await reading.total(events_of_tag(kind), tag=tag) if params.count else ""
    return reading.reply(as_items(items), head, mark, further)


def _item(row: asyncpg.Record, event: Event, put_right: PutRight) -> dict[str, object]:
    told = event.model_dump(mode="json")
    return {
        "checked_on": told.pop("effective_on"),
        **{name: value for name, value in told.items() if name != "official_id"},
        "annulled": put_right.annulled(row["position"]) is not None,
        "position": row["position"],
    }


router.add_api_route(
    "/v1/{ledger}/officials/{official_id}/self-checks",
    with_ids(self_checks, OwnSelfChecks, "official"),
    methods=["GET"],
    operation_id="list_self_checks",
    name="list_self_checks",
    description="What the caller recorded as self-checks; nobody else reads it.",
    tags=["officials"],
    response_model=SelfChecks,
    responses=refusals(OfficialUnknown, NotRelated, CursorUnusable),
    openapi_extra=described(OwnSelfChecks),
)
