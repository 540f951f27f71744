"""Unit kinds, read: which kinds of units there are on any day.

Read straight from the log, for a ledger declares few; the default catalogue is the programme's.
"""

import json
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from domain.organisation.unit_kinds import (
    DEFAULT_KINDS,
    FOREVER,
    Kind,
    Level,
    UnitKinds,
    catalogue_selector,
)
from projections.listing import ListItem
from service.http.access import LedgerName, Reader
from service.http.reads.lists import Params, happened
from service.http.reads.query import OfDay, described, query_params, refusals
from service.http.reads.reading import MEDIA_TYPE, Reading
from service.http.reads.whole_lists import Counted, WholeList

router = APIRouter(tags=["unit_kinds"])


class UnitKindsOfDay(OfDay, Counted):
    """Which day, and whether the kinds are counted."""


class UnitKind(ListItem):
    """A kind of units; the first of its names is what it is called.

    `level` is null for what is no unit of territory; `monitored` whether an official follows each
    such unit. `from_on` and `to_on` are the days on which it is so, both included; null where that
    has no beginning or no end. `source` is the law, for a kind of the default catalogue.
    """

    unit_kind_id: str
    names: list[str]
    level: Level | None
    monitored: bool
    from_on: date | None
    to_on: date | None
    source: str | None


class UnitKindsReply(WholeList):
    """All kinds of units of a day: the default catalogue's, then the ledger's own."""

    position: int
    as_of: date
    items: list[UnitKind]


@router.get(
    "/v1/{ledger}/unit-kinds",
    operation_id="list_unit_kinds",
    response_model=UnitKindsReply,
    responses=refusals(),
    openapi_extra=described(UnitKindsOfDay),
)
async def list_unit_kinds(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[UnitKindsOfDay, Depends(query_params(UnitKindsOfDay))],
) -> Response:
    """The kinds of units of a day, their level, and whether an official follows each such unit."""
    reading = await Reading.of_day(request, ledger, params, ())
    position = await reading.head(params)
    kinds = await _kinds(reading)
    items = [_item(kind) for kind in kinds.in_force(reading.as_of)]
    reply = {
        "position": position,
        "as_of": reading.as_of.isoformat(),
        "items": items,
        **params.totals(len(items)),
    }
    return Response(
        json.dumps(reply, ensure_ascii=False),
        media_type=MEDIA_TYPE,
        headers={"Giaoviec-Position": str(position)},
    )


async def of_a_kind_that_is(reading: Reading, params: Params) -> None:
    """Pass if no kind is asked for, or one of which units are or were on any day.

    Raises:
        UnitKindUnknown: naming those of the day.
    """
    if params.kind is None or params.kind in DEFAULT_KINDS:
        return
    kinds = await _kinds(reading)
    if not kinds.knows(params.kind):
        raise kinds.unknown(params.kind, reading.as_of)


async def _kinds(reading: Reading) -> UnitKinds:
    kinds = UnitKinds()
    for event in await happened(reading, catalogue_selector()):
        kinds.evolve(event)
    return kinds


def _item(kind: Kind) -> dict[str, object]:
    last = None if kind.to_on == FOREVER else date.fromordinal(kind.to_on.toordinal() - 1)
    return {
        "unit_kind_id": kind.kind,
        "names": kind.names,
        "level": kind.level,
        "monitored": kind.monitored,
        "from_on": None if kind.from_on == date.min else kind.from_on.isoformat(),
        "to_on": None if last is None else last.isoformat(),
        "source": kind.source or None,
    }
