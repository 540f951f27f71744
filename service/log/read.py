"""Reads of the log: a command's boundary, events in order, and a ledger's head."""

import json
from collections.abc import Sequence

import asyncpg
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from service.database.engine import Pool
from service.log.events import (
    Appended,
    Boundary,
    BoundaryEvent,
    Idempotency,
    IdempotencyKeyReused,
    LedgerUnknown,
    LogEvent,
    Read,
    RecordedEvent,
    Selected,
)
from service.log.wire import item_rows, joined, split

BOUNDARY = """
SELECT * FROM log.boundary(
    $1::text, $2::text[], $3::text[], $4::bigint, $5::text, $6::text, $7::text, $8::text[],
    $9::text[]
)
"""
HEAD = "SELECT log.head($1::text)"

# After position and instant, the columns are in the order of the attributes of `LogEvent`.
EVENT = """
    e.position, e.recorded_at, e.type, e.data, e.tags, e.event_id, e.schema_version,
    e.effective_on, e.actor, e.on_behalf_of, e.basis, e.correlation_id, e.causation_id,
    e.token_id
"""
BASIS = 8  # of these attributes the one that is JSON
# Every row carries the head, so both are of one instant. Without events one row remains.
READ = """
SELECT log.head($1::text) AS head, e.*
FROM (SELECT) AS once
LEFT JOIN LATERAL ({events}) e ON true
ORDER BY e.position
"""
ALL = f"""
    SELECT {EVENT}
    FROM log.events e
    WHERE e.ledger = $1 AND e.position > $2::bigint
    ORDER BY e.position
    LIMIT $3::bigint
"""  # noqa: S608  constants only
MATCHING = f"""
    SELECT e.*
    FROM log.matching($1, $4::text[], $5::text[], $2::bigint, $3::bigint) AS m (position)
    CROSS JOIN LATERAL (
        SELECT {EVENT}
        FROM log.events e
        WHERE e.ledger = $1 AND e.position = m.position
        LIMIT 1
    ) e
"""  # noqa: S608  constants only
ALL_EVENTS = READ.format(events=ALL)
MATCHING_EVENTS = READ.format(events=MATCHING)
# Columns, and not rows: there are many, and a driver's row is as long to make as to use. All are
# looked up in one pass through the index, and not one by one. Items of one tag are looked up apart,
# as there may be hundreds: their types are looked up once for all that have the same.
SELECTED = """
SELECT array_agg(position) AS positions, array_agg(type) AS types,
    array_agg(schema_version) AS versions, array_agg(data) AS data
FROM (
    SELECT position, type, schema_version, data
    FROM log.events
    WHERE ledger = $1 AND position = ANY (ARRAY(
        SELECT position FROM log.matching($1, $2::text[], $3::text[], 0, null) AS m (position)
        WHERE $6::bigint IS NULL OR m.position <= $6
        UNION ALL
        SELECT t.position
        FROM (
            SELECT string_to_array(alike.tags, E'\\x1f') AS tags, ARRAY(
                SELECT w.id FROM log.words w
                WHERE w.ledger = $1 AND w.word = ANY (string_to_array(alike.types, E'\\x1f'))
            ) AS kinds
            FROM unnest($4::text[], $5::text[]) AS alike (tags, types)
            OFFSET 0
        ) alike
        CROSS JOIN LATERAL unnest(alike.tags) AS one (tag)
        CROSS JOIN LATERAL (
            SELECT position FROM log.tagged
            WHERE tag = (SELECT w.id FROM log.words w WHERE w.ledger = $1 AND w.word = one.tag)
                AND type = ANY (alike.kinds)
                AND ($6::bigint IS NULL OR position <= $6)
            OFFSET 0  -- so that each tag is found by its index
        ) t
    ))
    ORDER BY position
) e
"""
# By indexes alone and by one plan, as the log's own functions read, however small the log was.
BY_INDEXES = """
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off
"""
NEWEST = """
SELECT e.position, e.type, e.schema_version, array_to_string(e.tags, E'\\x1f') AS tags, e.data
FROM (
    SELECT position FROM log.tagged
    WHERE tag = (SELECT id FROM log.words WHERE ledger = $1 AND word = $2)
        AND position <= $3::bigint
    ORDER BY position DESC
    LIMIT $4
) t
CROSS JOIN LATERAL (
    SELECT * FROM log.events WHERE ledger = $1 AND position = t.position LIMIT 1
) e
ORDER BY e.position DESC
"""
AT = f"""
SELECT 0, {EVENT}
FROM log.events e
WHERE e.ledger = $1 AND e.position = ANY ($2::bigint[])
ORDER BY e.position
"""  # noqa: S608  constants only


async def boundary(  # noqa: PLR0913  what one statement reads
    pool: Pool,
    ledger: str,
    query: DCBQuery,
    *,
    beginnings: Sequence[DCBQueryItem] = (),
    idempotency: Idempotency | None = None,
    after: int = 0,
    occurring: str | None = None,
) -> Boundary:
    """Read a boundary in one statement; see `Log.boundary`."""
    # A query without items is of every event, but beside beginnings it is of none.
    tags, types = _columns(query.items) if beginnings else items_of(query)
    firsts = _columns(beginnings)
    key = (None, None) if idempotency is None else (idempotency.client, idempotency.key)
    arguments = (ledger, tags, types, after, *key, occurring, *firsts)
    [row] = await pool.fetch_however_planned(BOUNDARY, *arguments)
    if row["head"] is None:
        raise LedgerUnknown(ledger=ledger)
    return Boundary(
        _boundary_events(row),
        row["head"],
        _replay(row, idempotency),
        row["epoch"],
        bool(row["occurs"]),
    )


async def read(
    pool: Pool, ledger: str, query: DCBQuery | None, after: int, limit: int | None
) -> tuple[Sequence[RecordedEvent], int]:
    """Read at most `limit` events after a position, and the ledger's head at that instant."""
    if query is None or not query.items:
        rows = await pool.fetch(ALL_EVENTS, ledger, after, limit)
    else:
        rows = await pool.fetch(MATCHING_EVENTS, ledger, after, limit, *items_of(query))
    if rows[0]["head"] is None:
        raise LedgerUnknown(ledger=ledger)
    if rows[0]["position"] is None:
        return [], rows[0]["head"]
    return [recorded(row) for row in rows], rows[0]["head"]


async def selected(pool: Pool, ledger: str, query: DCBQuery, until: int | None) -> Selected:
    """Read the events that these select, up to a position, in order."""
    others: list[DCBQueryItem] = []
    alike: dict[tuple[str, ...], dict[str, None]] = {}
    for item in query.items:
        if len(item.tags) == 1 and item.types:
            alike.setdefault(tuple(item.types), {})[item.tags[0]] = None
        else:
            others.append(item)
    tags, types = ([joined([*one]) for one in column] for column in (alike.values(), alike))
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(BY_INDEXES)
        row = await connection.fetchrow(SELECTED, ledger, *_columns(others), tags, types, until)
    return Selected([], [], [], []) if row["positions"] is None else Selected(*row.values())


async def newest(pool: Pool, ledger: str, tag: str, until: int, limit: int) -> list[BoundaryEvent]:
    """Read the last events with the tag up to a position, the newest first."""
    rows = await pool.fetch(NEWEST, ledger, tag, until, limit)
    return [BoundaryEvent(row[0], row[1], row[2], split(row["tags"]), row["data"]) for row in rows]


async def at(pool: Pool, ledger: str, positions: Sequence[int]) -> list[RecordedEvent]:
    """Read the events at these positions, in order; those that there are."""
    return [recorded(row) for row in await pool.fetch(AT, ledger, list(positions))]


def as_read(events: Sequence[RecordedEvent], head: int, limit: int | None) -> Read:
    """Build a `Read`, with the head that `DCBRecorder.read` returns."""
    if limit is None:
        return Read(list(events), head)
    return Read(list(events), events[-1].position if events else None)


async def head(pool: Pool, ledger: str) -> int:
    """Return the last position, 0 if the ledger is empty.

    Raises:
        LedgerUnknown: there is no such ledger.
    """
    position = await pool.fetchval(HEAD, ledger)
    if position is None:
        raise LedgerUnknown(ledger=ledger)
    return int(position)


def items_of(query: DCBQuery) -> tuple[list[str], list[str]]:
    """Return the tags and the types of the query's items."""
    items = item_rows(query)
    return [tags for tags, _ in items], [types for _, types in items]


def _columns(items: Sequence[DCBQueryItem]) -> tuple[list[str], list[str]]:
    return [joined(item.tags) for item in items], [joined(item.types) for item in items]


def _boundary_events(row: asyncpg.Record) -> list[BoundaryEvent]:
    if row["positions"] is None:
        return []
    tags = [split(text) for text in row["tags"]]
    return [*map(BoundaryEvent, row["positions"], row["types"], row["versions"], tags, row["data"])]


def _replay(row: asyncpg.Record, idempotency: Idempotency | None) -> Appended | None:
    digest = row["known_digest"]
    if idempotency is None or digest is None:
        return None
    if not idempotency.is_of(digest):
        raise IdempotencyKeyReused
    return Appended(
        row["known_first"], row["known_last"], row["known_at"], row["known_reply"], replayed=True
    )


def recorded(row: asyncpg.Record) -> RecordedEvent:
    """Build an event from a row: one column of another use, then those of `EVENT`."""
    _, position, recorded_at, *attributes = row.values()
    if attributes[BASIS] is not None:
        attributes[BASIS] = json.loads(attributes[BASIS])
    return RecordedEvent(LogEvent(*attributes), position, recorded_at)
