"""Changes, read: what two positions answer differently about a day; the pack for a meeting.

Each position is a snapshot's, or the head of the log, which the live read models answer for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import asyncpg
from fastapi import APIRouter, Request
from pydantic import Field

from domain.kernel import Invalid
from domain.values import Day
from projections.filters import Id
from projections.listing import Described, Item
from projections.marks import text_value
from projections.projection import SCHEMA
from projections.record.changes import (
    COMPARED,
    OF_COMMUNES,
    OF_TASKS,
    ORDER,
    Change,
    Kind,
    causes,
    compared,
    differences,
)
from projections.record.changes import Field as ChangedField
from projections.rounding import percent_of
from service.handle import today
from service.http.reads.exporting import Exported
from service.http.reads.lists import serve_pages
from service.http.reads.query import OfDay, UpToDate
from service.http.reads.reading import Reading, Reply, as_items
from service.read_models.known import recorded_at
from service.read_models.projector import PositionNotRecorded
from service.read_models.snapshots import (
    SnapshotFailed,
    SnapshotNotReady,
    SnapshotOutdated,
    SnapshotUnknown,
    snapshot_at,
)

router = APIRouter()

# Why there is no snapshot to read at a position that is perhaps the head.
NO_SNAPSHOT = (SnapshotUnknown, SnapshotNotReady, SnapshotFailed, SnapshotOutdated)
At: TypeAlias = Annotated[
    str, Field(pattern=r"^([1-9][0-9]{0,14}|[a-z][a-z0-9._-]{0,63})$", examples=["4711"])
]


class ChangesReversed(Invalid):
    """`from` stands at {from_position}, after `to` at {to_position}: exchange them.

    `from` ở vị trí {from_position}, sau `to` ở vị trí {to_position}: hãy đổi chỗ.
    """


class ChangeParams(UpToDate, Exported):
    """Between which two positions, about which day, and which answers."""

    as_of: Annotated[
        Day | None, Field(description="The day asked about; today in Vietnam if left out.")
    ] = None
    from_: Annotated[
        At,
        Field(
            alias="from", description="The earlier position: a snapshot's, its name, or the head."
        ),
    ]
    to: Annotated[
        At | None,
        Field(description="The later position, likewise; the head if left out."),
    ] = None
    kind: Annotated[Kind | None, Field(description="Of tasks, communes or units only.")] = None
    id: Annotated[Id | None, Field(description="Of the one thing of this id.")] = None
    field: Annotated[ChangedField | None, Field(description="Of this field only.")] = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two positions.

    Attributes:
        schema: where its read models are.
        position: where they stand; None where they are the live ones, wherever those stand.
    """

    schema: str
    position: int | None

    @property
    def is_live(self) -> bool:
        return self.schema == SCHEMA


async def _changes(request: Request, ledger: str, params: ChangeParams, _: str) -> Reply:
    day = OfDay(as_of=params.as_of, min_position=params.min_position)
    source = request.app.state.service.sources.primary
    reading = await Reading.of_day(request, ledger, day, COMPARED, source=source)
    before, after = await _side(reading, params.from_), await _side(reading, params.to)
    reading = reading.at("changes", params, params.as_of, [text_value] * len(ORDER))
    given = params.given(ORDER)
    marks = {f"after_{at}": value for at, value in enumerate(reading.mark)}
    statement = compared(
        before.schema, after.schema, frozenset(given), continued=bool(reading.mark)
    )
    try:
        rows = await reading.rows(statement, **given, **marks, limit=params.limit)
        reached = _reached(before, after, rows[0])
        found = [row for row in rows if row["kind"] is not None]
        shown = found[: params.limit]
        items = await _with_causes(reading, shown, (before, after), reached)
        further = ""
        if params.count:
            counting = differences(before.schema, after.schema, frozenset(given))
            further = await reading.total(counting, **given)
    except asyncpg.UndefinedTableError:
        raise SnapshotUnknown(snapshot=params.from_) from None
    mark = [shown[-1][name] for name in ORDER] if len(found) > params.limit else None
    return reading.reply(as_items(items), reached[1], mark, further)


async def _side(reading: Reading, at: str | None) -> Side:
    """Where the read models of this position are.

    Raises:
        PositionNotRecorded, ProjectionBehind: the log or the live read models have not reached it.
        SnapshotUnknown, SnapshotNotReady, SnapshotFailed, SnapshotOutdated: it is no head either.
    """
    if at is None:
        return Side(SCHEMA, None)
    pool, known_at = reading.service.pool, int(at) if at.isdigit() else at
    try:
        snapshot = await snapshot_at(pool, reading.ledger, known_at)
    except NO_SNAPSHOT:
        if isinstance(known_at, str):
            raise
        head = await reading.service.log.head(reading.ledger)
        if known_at > head:
            raise PositionNotRecorded(position=known_at, head=head) from None
        if known_at < head:
            raise
        patience = reading.service.settings.read_wait_seconds
        await reading.service.projector.wait(reading.ledger, head, COMPARED, patience)
        return Side(SCHEMA, head)
    return Side(snapshot.schema, snapshot.position)


def _reached(before: Side, after: Side, row: asyncpg.Record) -> tuple[int, int]:
    """Where both sides stand.

    Raises:
        SnapshotUnknown: a side was the head and is no longer.
        ChangesReversed: the later one stands before the earlier.
    """
    for side in (before, after):
        moved = row["head"] != side.position
        if side.is_live and side.position is not None and moved:
            raise SnapshotUnknown(snapshot=side.position)
    later = int(row["position"])
    earlier = later if before.position is None else before.position
    if earlier > later:
        raise ChangesReversed(from_position=earlier, to_position=later)
    return earlier, later


async def _with_causes(
    reading: Reading,
    changes: Sequence[asyncpg.Record],
    sides: tuple[Side, Side],
    reached: tuple[int, int],
) -> list[Item]:
    """The changes as items, each with the events between that concern it."""
    if not changes:
        return []
    things = sorted({(change["kind"], change["id"]) for change in changes})
    first = await recorded_at(reading.service.pool, reading.ledger, reached[0])
    rows = await reading.rows(
        causes(sides[0].schema, sides[1].schema),
        kinds=[kind for kind, _ in things],
        ids=[one for _, one in things],
        **{"from": reached[0], "to": reached[1]},
        day=today(lambda: first),
        of_tasks=list(OF_TASKS),
        of_communes=list(OF_COMMUNES),
    )
    by_thing = {(row["kind"], row["id"]): row for row in rows}
    return [_item(change, by_thing.get((change["kind"], change["id"]))) for change in changes]


def _item(change: asyncpg.Record, cause: asyncpg.Record | None) -> Item:
    values: dict[str, Any] = {name: change[name] for name in (*ORDER, "before", "after")}
    of_rates = change["field"] == "completion_rate"
    return {
        **values,
        **{f"{name}_percent": _percent(values[name], of_rates) for name in ("before", "after")},
        "because": [] if cause is None else cause["positions"],
        "backdated": False if cause is None else cause["early"],
    }


def _percent(fraction: str | None, is_rate: bool) -> str | None:  # noqa: FBT001  of every field
    if fraction is None or not is_rate:
        return None
    numerator, _, denominator = fraction.partition("/")
    percent = percent_of(int(numerator), int(denominator))
    return None if percent is None else str(percent)


CHANGES = Described(
    name="changes",
    operation="list_changes",
    tag="record",
    answers="Which answers about a day differ between two positions: who leads a task, its state "
    "and deadline, who monitors a commune, a unit's completion rate; and by which events.",
    page="One page of changes, by kind, id and field.",
    item=Change,
    refusals=(*NO_SNAPSHOT, ChangesReversed),
)
serve_pages(router, CHANGES, ChangeParams, _changes)
