"""Facts: the log as folds read it: in order, nothing missing, every event in its current shape."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import asyncpg
from pydantic_core import from_json

from domain.catalogue import EVENT_TYPES
from domain.timeline import EventsAnnulled
from projections.folding import FoldFailed
from projections.projection import Projection, RecordedEvent
from service.database.engine import Acquired

# Two chunks are held at once, one of them being read ahead.
CHUNK_EVENTS = 4_000

# Whether an event was recorded before the day it counts from.
AHEAD = "effective_on > (timezone('Asia/Ho_Chi_Minh', recorded_at))::date AS ahead"
# What nobody asked for stays where it is: of other events, only that they are there matters.
TAIL = f"""
SELECT position, type, schema_version, CASE WHEN type = ANY ($4::text[]) THEN data END,
    CASE WHEN $5 THEN basis END, {AHEAD}, tags[1], effective_on
FROM log.events
WHERE ledger = $1 AND position > $2
ORDER BY position
LIMIT $3
"""  # noqa: S608  constants only

# By thing, then by position: a thing's whole life in one piece. An event is of the thing its first
# tag names, whatever else it is tagged with; an annulment is read under every tag. The limits keep
# the planner to the two keys: it would rather join and sort the whole log for every chunk.
LIVES = f"""
SELECT t.position, t.type, e.schema_version, e.data, e.basis, e.ahead, t.tag
FROM (
    SELECT tag, position, type
    FROM log.event_tags
    WHERE ledger = $1 AND (tag, position) > ($2, $3) AND tag < $4
        AND position <= $5 AND type = ANY ($6::text[])
    ORDER BY tag, position
    LIMIT $7
) t
CROSS JOIN LATERAL (
    SELECT schema_version, CASE WHEN tags[1] = t.tag OR type = $9 THEN data END AS data,
        CASE WHEN $8 THEN basis END AS basis, {AHEAD}
    FROM log.events
    WHERE ledger = $1 AND position = t.position
    LIMIT 1
) e
ORDER BY t.tag, t.position
"""  # noqa: S608  constants only
# The same of a few things, whole.
LIVES_OF = f"""
SELECT t.position, t.type, e.schema_version, e.data, e.basis, e.ahead, one.tag
FROM unnest($2::text[]) AS one (tag)
CROSS JOIN LATERAL (
    SELECT position, type
    FROM log.event_tags
    WHERE ledger = $1 AND tag = one.tag AND position <= $3 AND type = ANY ($4::text[])
    ORDER BY position
) t
CROSS JOIN LATERAL (
    SELECT schema_version, CASE WHEN tags[1] = one.tag OR type = $6 THEN data END AS data,
        CASE WHEN $5 THEN basis END AS basis, {AHEAD}
    FROM log.events
    WHERE ledger = $1 AND position = t.position
    LIMIT 1
) e
WHERE e.data IS NOT NULL
ORDER BY one.tag, t.position
"""  # noqa: S608  constants only
# Where to cut what these tags lead to into pieces of so many.
BOUNDS = """
SELECT tag FROM (
    SELECT tag, row_number() OVER (ORDER BY tag) AS number
    FROM log.event_tags WHERE ledger = $1 AND tag >= $2 AND tag < $3
) numbered
WHERE number % $4 = 0
ORDER BY tag
"""
COUNTED = """
SELECT count(*), count(*) FILTER (WHERE type = ANY ($3::text[]))
FROM log.events
WHERE ledger = $1 AND position <= $2
"""


class LogBroken(Exception):
    """An event is missing from the log: stop the service, and compare with a backup."""


class Stored(NamedTuple):
    """An event as it lies in the log; `data` and `basis` are None where nobody asked for them.

    `tag` is its first, which names the thing it is of.
    """

    position: int
    type: str
    schema_version: int
    data: bytes | None
    basis: str | None
    ahead: bool
    tag: str | None
    effective_on: date


class Span(NamedTuple):
    """Things by the order of their tags: from `first` on, and before `end`."""

    first: str
    end: str


class Tail(NamedTuple):
    """What follows a position, without a gap.

    Attributes:
        events: in order.
        position: of the last of them.
        missing: the position that should come next and does not, though later ones do.
    """

    events: list[Stored]
    position: int
    missing: int | None


async def tail(
    connection: Acquired, ledger: str, after: int, projections: Sequence[Projection], limit: int
) -> Tail:
    """The next `limit` events of the ledger, with what these projections need of them.

    What is recorded in the place of other events comes together with their annulment.
    """
    types = {kind for projection in projections for kind in projection.types}
    needed = [*types, EventsAnnulled.TYPE], any(projection.cites for projection in projections)
    rows = await connection.fetch(TAIL, ledger, after, limit, *needed)
    lacking = _replacements_lacking(rows)
    if lacking:
        rows += await connection.fetch(TAIL, ledger, rows[-1][0], lacking, *needed)
    events: list[Stored] = []
    for row in rows:
        if row[0] != after + 1:
            return Tail(events, after, after + 1)
        events.append(Stored(*row))
        after += 1
    return Tail(events, after, None)


def annulled(position: int, data: bytes | None) -> tuple[list[int], range]:
    """The positions that an annulment names, and those of what is recorded in their place."""
    read = from_json(data or b"")
    return read["positions"], range(position + 1, position + 1 + read["replacements"])


def _replacements_lacking(rows: Sequence[asyncpg.Record]) -> int:
    """How many of the replacements that the last annulment announces are beyond the rows."""
    last = next((row for row in reversed(rows) if row[1] == EventsAnnulled.TYPE), None)
    return 0 if last is None else max(0, annulled(last[0], last[3])[1].stop - 1 - rows[-1][0])


async def lives_of(
    connection: Acquired,
    ledger: str,
    late: Mapping[Projection, Collection[str]],
    until: int,
) -> dict[str, list[RecordedEvent]]:
    """Read the things with these tags, of which the projections need to know.

    Each by its tag: what any of them folds, in the order of recording, and annulments.

    Raises:
        FoldFailed: an event cannot be read.
    """
    types = {kind for projection in late for kind in projection.types} | {EventsAnnulled.TYPE}
    tags = sorted({tag for of in late.values() for tag in of})
    cites = any(projection.cites for projection in late)
    rows = await connection.fetch(
        LIVES_OF, ledger, tags, until, list(types), cites, EventsAnnulled.TYPE
    )
    found: dict[str, list[RecordedEvent]] = {tag: [] for tag in tags}
    projection = next(iter(late))
    for *stored, tag in rows:
        found[tag].append(recorded_event(projection, *stored))
    return found


def span(projection: Projection) -> Span:
    """All the things that the projection folds."""
    prefix = projection.tag_prefix
    return Span(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1))


async def spans(connection: Acquired, ledger: str, projection: Projection, most: int) -> list[Span]:
    """The same in spans of about so many tags."""
    whole = span(projection)
    bounds = await connection.fetch(BOUNDS, ledger, *whole, most)
    ends = [*[tag for (tag,) in bounds], whole.end]
    return [Span(first, end) for first, end in pairwise([whole.first, *dict.fromkeys(ends)])]


async def lives(
    connection: Acquired, ledger: str, projection: Projection, until: int, within: Span
) -> AsyncIterator[list[asyncpg.Record]]:
    """Every event the projection folds up to position `until`, one thing's after another's.

    Of the things within a span, chunk by chunk, each read while the one before is worked on; a row
    is a `Stored` and the thing's tag. Those without data are of another thing, and only tagged with
    this one. Annulments come with every thing that they concern.
    """

    def read(tag: str, position: int) -> asyncio.Task[list[asyncpg.Record]]:
        types = [*projection.types, EventsAnnulled.TYPE]
        asked = (types, CHUNK_EVENTS, projection.cites, EventsAnnulled.TYPE)
        return asyncio.create_task(
            connection.fetch(LIVES, ledger, tag, position, within.end, until, *asked)
        )

    ahead = read(within.first, 0)
    try:
        while rows := await ahead:
            if len(rows) == CHUNK_EVENTS:
                ahead = read(rows[-1]["tag"], rows[-1]["position"])
                # So that it is under way before the caller takes its time.
                await asyncio.sleep(0)
            yield rows
            if len(rows) < CHUNK_EVENTS:
                return
    finally:
        ahead.cancel()
        await asyncio.gather(ahead, return_exceptions=True)


async def counted(connection: Acquired, ledger: str, projection: Projection, until: int) -> int:
    """How many events up to position `until` the projection folds.

    Raises:
        LogBroken: one of them is missing.
    """
    row = await connection.fetchrow(COUNTED, ledger, until, projection.types)
    if row is None or row[0] != until:
        raise LogBroken(f"{ledger}: a position up to {until} is missing")
    return int(row[1])


def recorded_event(  # noqa: PLR0913, PLR0917  what `Stored` holds, without making one of each row
    projection: Projection,
    position: int,
    kind: str,
    schema_version: int,
    data: bytes | None,
    basis: str | None,
    ahead: bool,  # noqa: FBT001  a row of the driver
) -> RecordedEvent:
    """The event as the projection's folds know it.

    Raises:
        FoldFailed: it cannot be read.
    """
    try:
        raw: dict[str, Any] = from_json(data or b"")
        event = EVENT_TYPES[kind]
        if schema_version != event.VERSION:
            raw = event.upcast(schema_version, raw)
    except Exception as cause:
        raise FoldFailed(projection.name, position, cause) from cause
    # As its own constructor does it, in half the time: this runs for every event of a rebuild.
    return tuple.__new__(RecordedEvent, (position, kind, raw, basis, ahead, None))
