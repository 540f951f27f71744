"""Snapshots over HTTP: what the service knew at an earlier position is ordered, listed, dropped."""

import re
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import AwareDatetime, BeforeValidator, Discriminator, Field, StrictInt, Tag

from domain.kernel import Refusal
from domain.values import Misstated, Value
from service.components import Service
from service.http import bodies
from service.http.access import OF_A_LEDGER, Decider, LedgerName, Reader
from service.http.addresses import address
from service.http.commands import BODY_REFUSALS
from service.http.problems import declared
from service.http.reads.query import LAST_POSITION, described, query_params
from service.http.reads.whole_lists import Counted, WholeList
from service.read_models.known import NothingRecordedYet
from service.read_models.projector import PositionNotRecorded
from service.read_models.snapshots import (
    InstantAhead,
    Snapshot,
    SnapshotNameTaken,
    SnapshotsFull,
    SnapshotUnknown,
    position_of,
)

router = APIRouter(tags=["record"])

JSON = "application/json"
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")
# It begins with a letter, so that no name is a position or an instant.
NAME_PATTERN = r"^[a-z][a-z0-9._-]{0,63}$"

SnapshotName: TypeAlias = Annotated[
    str, Path(pattern=NAME_PATTERN, description="The name of a snapshot.")
]
ORDERING: tuple[type[Refusal], ...] = (
    *OF_A_LEDGER,
    *BODY_REFUSALS,
    PositionNotRecorded,
    InstantAhead,
    NothingRecordedYet,
    SnapshotNameTaken,
    SnapshotsFull,
)


def _instant(value: object) -> object:
    """Only text that begins so: pydantic would also read a number as the seconds since 1970."""
    if not isinstance(value, str) or INSTANT.match(value) is None:
        raise Misstated(
            "must be a position or an instant by RFC 3339",
            "phải là số thứ tự sự kiện hoặc thời điểm theo RFC 3339",
        )
    return value


def _kind(value: object) -> str:
    return "position" if isinstance(value, int | float) else "instant"


KnownAt: TypeAlias = Annotated[
    Annotated[StrictInt, Field(ge=1, le=LAST_POSITION), Tag("position")]
    | Annotated[AwareDatetime, BeforeValidator(_instant), Tag("instant")],
    Discriminator(_kind),
]


class NewSnapshot(Value):
    """What is to be kept: what was known at a position or by an instant, under a name."""

    known_at: Annotated[
        KnownAt,
        Field(
            description="A position of the log, or an instant: the last position recorded by then.",
            examples=[4711],
        ),
    ]
    name: Annotated[
        str,
        Field(
            pattern=NAME_PATTERN,
            description="What reads take as `known_at`.",
            examples=["meeting-2021-06"],
        ),
    ]


class SnapshotItem(Value):
    """A snapshot and how far it is.

    `outdated`: made by another build of the service, and no longer read. `error` says why it
    `failed`.
    """

    name: str
    position: Annotated[int, Field(description="Up to which events are known.")]
    state: Literal["waiting", "running", "done", "failed", "outdated"]
    events_done: int
    events_total: Annotated[int | None, Field(description="Null until they are counted.")]
    error: str | None
    made_by: Annotated[str, Field(description="Who ordered it.")]
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime


class SnapshotList(WholeList):
    """The ledger's snapshots, by name."""

    items: list[SnapshotItem]


# As the operation is tried on a ledger with an event in it.
NEWEST = {"known_at": 1, "name": "first-event"}


async def new_snapshot(request: Request) -> NewSnapshot:
    """Parse the order from the body."""
    service: Service = request.app.state.service
    body = await bodies.read(request.scope, request.receive, service.settings.body_limit_bytes)
    return bodies.parse(NewSnapshot, body)[0]


@router.post(
    "/v1/{ledger}/snapshots",
    operation_id="make_snapshot",
    status_code=202,
    response_model=SnapshotItem,
    responses={
        202: {
            "headers": {
                "Location": {
                    "description": "The snapshot.",
                    "schema": {"type": "string"},
                    "required": True,
                }
            }
        },
        **declared(*ORDERING),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"$ref": "#/components/schemas/NewSnapshot"}, "example": NEWEST}
            },
        }
    },
)
async def make_snapshot(
    request: Request,
    ledger: LedgerName,
    by: Decider,
    new: Annotated[NewSnapshot, Depends(new_snapshot)],
) -> Response:
    """Make a snapshot: what every read would have answered then, kept for some days."""
    service: Service = request.app.state.service
    head = await service.log.head(ledger)
    position = await position_of(service.pool, ledger, new.known_at, head, service.clock())
    snapshot = await service.snapshots.order(ledger, new.name, position, by.actor.id)
    service.snapshot_worker.wake()
    return Response(
        _item(snapshot).model_dump_json(),
        status_code=202,
        media_type=JSON,
        headers={"Location": address(request.scope, f"/v1/{ledger}/snapshots/{snapshot.name}")},
    )


@router.get(
    "/v1/{ledger}/snapshots",
    operation_id="list_snapshots",
    responses=declared(*OF_A_LEDGER),
    response_model_exclude_unset=True,
    openapi_extra=described(Counted),
)
async def list_snapshots(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[Counted, Depends(query_params(Counted))],
) -> SnapshotList:
    """The snapshots of the ledger, by name."""
    service: Service = request.app.state.service
    items = [_item(snapshot) for snapshot in await service.snapshots.of_ledger(ledger)]
    return SnapshotList.model_validate({"items": items, **params.totals(len(items))})


@router.get(
    "/v1/{ledger}/snapshots/{snapshot}",
    operation_id="read_snapshot",
    responses=declared(*OF_A_LEDGER, SnapshotUnknown),
)
async def read_snapshot(
    request: Request, ledger: LedgerName, snapshot: SnapshotName, _: Reader
) -> SnapshotItem:
    """One snapshot, and how far it is."""
    service: Service = request.app.state.service
    return _item(await service.snapshots.find(ledger, snapshot))


@router.delete(
    "/v1/{ledger}/snapshots/{snapshot}",
    operation_id="drop_snapshot",
    status_code=204,
    responses=declared(*OF_A_LEDGER, SnapshotUnknown),
)
async def drop_snapshot(
    request: Request, ledger: LedgerName, snapshot: SnapshotName, _: Decider
) -> Response:
    """Drop a snapshot, also one that is still being made; the log keeps everything."""
    service: Service = request.app.state.service
    await service.snapshots.drop(ledger, snapshot)
    service.snapshot_worker.wake()
    return Response(status_code=204)


def _item(snapshot: Snapshot) -> SnapshotItem:
    return SnapshotItem(
        name=snapshot.name,
        position=snapshot.position,
        state="outdated" if snapshot.is_outdated else snapshot.state,
        events_done=snapshot.events_done,
        events_total=snapshot.events_total,
        error=snapshot.error,
        made_by=snapshot.made_by,
        created_at=snapshot.created_at,
        ended_at=snapshot.ended_at,
        expires_at=snapshot.expires_at,
    )
