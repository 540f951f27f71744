"""History, read: the timeline of a task, an official, a unit or a post, straight from the log."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from domain.kernel import Event
from domain.values import ID_PATTERN, Basis, Value
from projections.history import events_of_tag, timeline
from projections.listing import Shown
from projections.marks import whole_value
from projections.put_right import AnnulledBy, PutRight, days_late, marking
from service.http.access import LedgerName, Reader
from service.http.noted import note_told, officials_in
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.fields import told
from service.http.reads.one import UNKNOWN
from service.http.reads.query import (
    LAST_POSITION,
    CursorUnusable,
    OfDay,
    Page,
    UpTo,
    described,
    query_params,
)
from service.http.reads.reading import Reading, Reply, as_items
from service.log.codec import Decoded
from service.off_loop import off_loop

router = APIRouter()

# Reads the position after which a page begins.
POSITION = partial(whole_value, least=1, most=LAST_POSITION)


class TimelineOrder(UpTo, Exported):
    """In which order, and from where."""

    order: Annotated[
        Literal["newest_first", "oldest_first"], Field(description="By position in the log.")
    ] = "newest_first"


class TimelineEvent(Value):
    """What happened, who said so in whose name, when it was recorded, from when it counts.

    `data` is in the shape of the type's current version; personal data reads null once `erased`,
    and where it is `unreadable` because it is damaged.
    `days_late` is how long after the day it counts from it was recorded; less than 0: ahead of it.
    An `annulled` event counts no more; `replaces` are those in whose place this was recorded.
    `adjusts_closed` says that it was recorded into a closed period, by the body that had closed it.
    """

    position: int
    id: UUID
    type: Annotated[str, Shown(vi="Loại sự kiện")]
    recorded_at: Annotated[datetime, Shown(vi="Thời điểm ghi")]
    effective_on: Annotated[date, Shown(vi="Ngày hiệu lực")]
    actor: Annotated[str, Shown(vi="Người ghi")]
    token_id: Annotated[str | None, Shown(vi="Mã truy cập")]
    on_behalf_of: Annotated[str | None, Shown(vi="Thay mặt")]
    basis: Annotated[Basis | None, Shown(vi="Căn cứ")]
    correlation_id: Annotated[UUID | None, Shown(vi="Mã liên kết")]
    causation_id: Annotated[UUID | None, Shown(vi="Mã nguyên nhân")]
    days_late: Annotated[int, Shown(vi="Số ngày ghi chậm")]
    annulled: Annotated[AnnulledBy | None, Shown(vi="Đã hủy bỏ ghi nhận")]
    replaces: Annotated[list[int], Shown(vi="Đính chính cho")]
    adjusts_closed: Annotated[bool, Shown(vi="Điều chỉnh sau khóa sổ")]
    erased: bool
    unreadable: bool
    data: Annotated[dict[str, Any], Shown(vi="Dữ liệu")]


class Timeline(Page):
    """One page of a timeline; `position` is the log's head when it was read."""

    items: list[TimelineEvent]


def _declare(subject: str) -> None:
    """The route of one kind of subject; they differ in nothing but the name."""

    @router.get(
        f"/v1/{{ledger}}/{subject}s/{{{subject}_id}}/history",
        operation_id=f"read_{subject}_history",
        summary=f"Everything that touched the {subject}",
        description=f"The events that name the {subject}, with who recorded them and when.",
        tags=[f"{subject}s"],
        response_model=Timeline,
        responses=listed(UNKNOWN[subject], CursorUnusable),
        openapi_extra=described(TimelineOrder),
    )
    async def read_history(
        request: Request,
        ledger: LedgerName,
        subject_id: Annotated[
            str,
            Path(alias=f"{subject}_id", pattern=ID_PATTERN, description=f"The {subject}'s id."),
        ],
        _: Reader,
        params: Annotated[TimelineOrder, Depends(query_params(TimelineOrder))],
    ) -> Response:
        page = partial(_timeline, request, ledger, subject, subject_id)
        return await list_or_file(
            request, ledger, params, TimelineEvent, f"{subject}-history", page
        )


for _subject in UNKNOWN:
    _declare(_subject)


async def _timeline(
    request: Request, ledger: str, subject: str, subject_id: str, params: TimelineOrder
) -> Reply:
    """What happened to it, page by page.

    Raises:
        TaskUnknown, OfficialUnknown, UnitUnknown, PostUnknown: nothing ever did.
        CursorUnusable, PositionNotRecorded.
    """
    newest_first = params.order == "newest_first"
    reading = await Reading.of_day(request, ledger, OfDay(known_at=params.known_at), ())
    reading = reading.at(f"history of {subject}:{subject_id}", params, None, (POSITION,))
    statement = timeline(newest_first=newest_first, continued=bool(reading.mark))
    query: dict[str, object] = {"tag": f"{subject}:{subject_id}", "limit": params.limit}
    if reading.mark:
        [query["after"]] = reading.mark
    head = await reading.head(params)
    rows = await reading.rows(statement, **query)
    if not rows and not reading.mark:
        raise UNKNOWN[subject](**{f"{subject}_id": subject_id})
    put_right = PutRight(await reading.rows(marking(), tag=query["tag"]))
    items = await as_timeline(reading, rows[: params.limit], put_right)
    mark = (str(items[-1]["position"]),) if len(rows) > params.limit else None
    further = await reading.total(events_of_tag(), tag=query["tag"]) if params.count else ""
    return reading.reply(as_items(items), head, mark, further)


async def as_timeline(
    reading: Reading, rows: Sequence[asyncpg.Record], put_right: PutRight
) -> list[dict[str, Any]]:
    """The events of these rows of the log, as a timeline shows them."""
    marked = await reading.decoded_marked(rows)
    events = await told(reading, [event for event, _, _ in marked])
    note_told(reading.request.scope, officials_in(tag for row in rows for tag in row["tags"]))
    return await off_loop(len(rows), _items, rows, marked, events, put_right)


def _items(
    rows: Sequence[asyncpg.Record],
    marked: Sequence[Decoded],
    events: Sequence[Event],
    put_right: PutRight,
) -> list[dict[str, Any]]:
    return [
        {
            "position": row["position"],
            "id": row["event_id"],
            "type": row["type"],
            "recorded_at": row["recorded_at"].astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "effective_on": row["effective_on"],
            "actor": row["actor"],
            "token_id": row["token_id"],
            "on_behalf_of": row["on_behalf_of"],
            "basis": None if row["basis"] is None else json.loads(row["basis"]),
            "correlation_id": row["correlation_id"],
            "causation_id": row["causation_id"],
            "days_late": days_late(row["recorded_at"], row["effective_on"]),
            "annulled": _json(put_right.annulled(row["position"])),
            "replaces": put_right.replaces(row["position"]),
            "adjusts_closed": put_right.adjusts(row["position"]),
            "erased": erased,
            "unreadable": unreadable,
            "data": event.model_dump(mode="json"),
        }
        for row, event, (_, erased, unreadable) in zip(rows, events, marked, strict=True)
    ]


def _json(annulled: AnnulledBy | None) -> dict[str, Any] | None:
    return None if annulled is None else annulled.model_dump(mode="json")
