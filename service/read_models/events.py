"""Facts: the log as folds read it: in order, nothing missing, every event in its current shape."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeAlias

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

# By thing, then by position: a thing's whole life in one piece. The limits keep the planner to the
# index: it would rather join and sort the whole log for every chunk.
PLACES = """
SELECT tag, array_agg(position ORDER BY position)
FROM (
    SELECT w.word AS tag, of_tag.position
    FROM log.words w
    CROSS JOIN LATERAL (
        SELECT position
        FROM log.tagged
        WHERE tag = w.id AND position <= $5::bigint
            AND position > CASE WHEN w.word = $2 THEN $3::bigint ELSE 0 END
            AND type = ANY (
                ARRAY(SELECT id FROM log.words WHERE ledger = $1 AND word = ANY ($6::text[]))
            )
        ORDER BY position
        LIMIT $7
    ) of_tag
    WHERE w.ledger = $1 AND w.word >= $2 AND w.word < $4
    ORDER BY w.word, of_tag.position
    LIMIT $7
) t
GROUP BY tag
ORDER BY tag
"""
# An event is of the thing its first tag names, whatever else it is tagged with; an annulment is
# read under every tag. They are read in the order in which they lie in the log, which costs half.
AT_PLACES = f"""
SELECT position, type, schema_version, data, CASE WHEN $5 THEN basis END, {AHEAD}, tags[1]
FROM log.events
WHERE ledger = $1 AND position = ANY ($2::bigint[])
    AND (tags[1] >= $3 AND tags[1] < $4 OR type = $6)
ORDER BY tags[1], position
"""  # noqa: S608  constants only
# The same of a few things, whole.
LIVES_OF = f"""
SELECT t.position, e.type, e.schema_version, e.data, e.basis, e.ahead, one.tag
FROM unnest($2::text[]) AS one (tag)
JOIN log.words w ON w.ledger = $1 AND w.word = one.tag
CROSS JOIN LATERAL (
    SELECT position
    FROM log.tagged
    WHERE tag = w.id AND position <= $3::bigint AND type = ANY (
        ARRAY(SELECT id FROM log.words WHERE ledger = $1 AND word = ANY ($4::text[]))
    )
    ORDER BY position
) t
CROSS JOIN LATERAL (
    SELECT type, schema_version, CASE WHEN tags[1] = one.tag OR type = $6 THEN data END AS data,
        CASE WHEN $5 THEN basis END AS basis, {AHEAD}
    FROM log.events
    WHERE ledger = $1 AND position = t.position
    LIMIT 1
) e
WHERE e.data IS NOT NULL
ORDER BY one.tag, t.position
"""  # noqa: S608  constants only
# The things that these events are of, in the order of their tags.
SAMPLE = """
SELECT tags[1]
FROM log.events
WHERE ledger = $1 AND position = ANY ($2::bigint[]) AND tags[1] >= $3 AND tags[1] < $4
ORDER BY 1
"""
# So many events tell well enough how the others are spread over the things.
SAMPLED = 2_000
COUNTED = """
SELECT type, count(*) FROM log.events
WHERE ledger = $1 AND position > $2 AND position <= $3 GROUP BY type
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


# Position, type, schema version, data, basis, whether ahead, and the tag of its thing.
Read: TypeAlias = asyncpg.Record | tuple[Any, ...]


class Span(NamedTuple):
    """Things by the order of their tags: from `first` on, and before `end`."""

    first: str
    end: str


# The events of some things, and the last one's tag and position if there may be more.
Chunk: TypeAlias = tuple[Sequence[Read], tuple[str, int] | None]


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


async def spans(
    connection: Acquired, ledger: str, projection: Projection, head: int, most: int
) -> list[Span]:
    """The same in spans of about `most` of the ledger's events up to its head."""
    whole = span(projection)
    if head <= most:
        return [whole]
    stride = max(head // SAMPLED, 1)
    sampled = await connection.fetch(SAMPLE, ledger, [*range(stride, head + 1, stride)], *whole)
    each = max(most // stride, 1)
    # The last span may be half as long again, rather than have a short one after it.
    bounds = [sampled[at][0] for at in range(each, len(sampled) - each // 2, each)]
    ends = [*dict.fromkeys(bounds), whole.end]
    return [Span(first, end) for first, end in pairwise([whole.first, *ends])]


async def lives(
    connection: Acquired, ledger: str, projections: Sequence[Projection], until: int, within: Span
) -> AsyncIterator[Sequence[Read]]:
    """Every event up to position `until` that any of the projections folds, of things of a kind.

    One thing's after another's, of the things within a span, chunk by chunk, each read while the
    one before is worked on. Annulments come with every thing that they concern.
    """
    types = list({kind: None for projection in projections for kind in projection.types})
    cites = any(projection.cites for projection in projections)

    async def read(tag: str, position: int) -> Chunk:
        places = await connection.fetch(
            *(PLACES, ledger, tag, position, within.end, until),
            *([*types, EventsAnnulled.TYPE], CHUNK_EVENTS),
        )
        every = [*chain.from_iterable(of_tag for _, of_tag in places)]
        if not every:
            return [], None
        rows = await connection.fetch(AT_PLACES, ledger, every, *within, cites, EventsAnnulled.TYPE)
        last = (places[-1][0], every[-1]) if len(every) == CHUNK_EVENTS else None
        return _by_thing(places, every, rows), last

    ahead = asyncio.create_task(read(within.first, 0))
    try:
        while True:
            events, last = await ahead
            if last is not None:
                ahead = asyncio.create_task(read(*last))
                # So that it is under way before the caller takes its time.
                await asyncio.sleep(0)
            yield events
            if last is None:
                return
    finally:
        ahead.cancel()
        await asyncio.gather(ahead, return_exceptions=True)


def _by_thing(
    places: Sequence[asyncpg.Record], every: Sequence[int], rows: Sequence[asyncpg.Record]
) -> Sequence[Read]:
    """The events of each thing, in the order of recording, from those at any of the places.

    They come in that order, unless one is also of another thing, or is at no place of its own.
    """
    tags = [tag for tag, of_tag in places for _ in of_tag]
    if [row[0] for row in rows] == every and [row[6] for row in rows] == tags:
        return rows
    at = {row[0]: row for row in rows}
    found = ((at[place], tag) for tag, place in zip(tags, every, strict=True) if place in at)
    return [(*row[:6], tag) for row, tag in found if row[6] == tag or row[1] == EventsAnnulled.TYPE]


class Counts:
    """How many events of each type ledgers have, each counted once however often that is asked."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Counter[str]]] = {}

    async def up_to(self, connection: Acquired, ledger: str, until: int) -> Counter[str]:
        """How many there are up to position `until`.

        Raises:
            LogBroken: one of them is missing.
        """
        before, known = self._known.get(ledger, (0, Counter()))
        if until < before:
            before, known = 0, Counter()
        rows = await connection.fetch(COUNTED, ledger, before, until)
        found = known + Counter({row[0]: row[1] for row in rows})
        if found.total() != until:
            raise LogBroken(f"{ledger}: a position up to {until} is missing")
        self._known[ledger] = (until, found)
        return found


def folded_by(projections: Iterable[Projection], events: Mapping[str, int]) -> int:
    """How many of so many events of each type any of the projections folds."""
    types = {kind for projection in projections for kind in projection.types}
    return sum(events.get(kind, 0) for kind in types)


def by_kind(projections: Iterable[Projection]) -> list[list[Projection]]:
    """Those that fold things of a kind, whose events can be read once for them all."""
    kinds: dict[str, list[Projection]] = {}
    for projection in projections:
        kinds.setdefault(projection.tag_prefix, []).append(projection)
    return list(kinds.values())


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
