"""Disk: the bytes that one event takes, by table and index, in a ledger as offices fill it.

It runs on its own (`python -m bench disk`), and within `make bench-growth` on the ledgers there.
Here every event names who recorded it, by which token and for which request, half of them a body,
a quarter a document; each was asked for with an idempotency key.
"""

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from bench import sample_log
from bench.harness import Result, Spread
from service.database.engine import Acquired, Connection

LEDGER = "bench"
EVENTS = 100_000
KB_PER_EVENT = 1.2
# What a request leaves behind. Without it the log still tells all that happened.
REQUESTS = "requests"

VACUUM = "VACUUM ANALYZE"
# Of every table of the log: its rows, each index, and what is too long for a row. Those of a
# partition count for the whole.
PARTS = """
SELECT whole.relname AS whole, coalesce(i.relname, t.relname) AS part,
    CASE WHEN i.oid IS NULL THEN 'rows' ELSE 'index' END AS kind,
    pg_relation_size(coalesce(i.oid, t.oid)) AS bytes
FROM pg_class t
JOIN pg_class whole ON whole.oid = coalesce(pg_partition_root(t.oid), t.oid)
LEFT JOIN LATERAL (
    SELECT NULL::oid AS oid, NULL::name AS relname
    UNION ALL
    SELECT named.oid, named.relname FROM pg_index x JOIN pg_class named ON named.oid = x.indexrelid
    WHERE x.indrelid = t.oid
) i ON true
WHERE t.relnamespace = 'log'::regnamespace AND t.relkind = 'r'
UNION ALL
SELECT whole.relname, 'TOAST', 'TOAST', pg_total_relation_size(t.reltoastrelid)
FROM pg_class t
JOIN pg_class whole ON whole.oid = coalesce(pg_partition_root(t.oid), t.oid)
WHERE t.relnamespace = 'log'::regnamespace AND t.relkind = 'r' AND t.reltoastrelid <> 0
"""
REQUESTED = """
INSERT INTO log.requests (
    ledger, client, key, digest, first_position, last_position, recorded_at, reply
)
SELECT ledger, token_id, gen_random_uuid()::text, sha256(data), position, position, recorded_at,
    convert_to(json_build_object(
        'position', position, 'positions', ARRAY[position], 'task_id', tags[1]
    )::text, 'UTF8')
FROM log.events ORDER BY position
"""


class Part(NamedTuple):
    """A table's rows, one of its indexes, or what is too long for its rows."""

    table: str
    part: str
    kind: str
    bytes_per_event: float


async def parts(connection: Acquired | Connection) -> list[Part]:
    """What the log takes, the largest first; what takes less than a byte is left out."""
    await connection.execute(VACUUM)
    events = await connection.fetchval("SELECT count(*) FROM log.events")
    sums: dict[tuple[str, str, str], int] = {}
    for whole, part, kind, taken in await connection.fetch(PARTS):
        of = whole, part, kind
        sums[of] = sums.get(of, 0) + taken
    found = (Part(*of, taken / events) for of, taken in sums.items())
    return sorted((one for one in found if one.bytes_per_event >= 1), key=lambda one: -one[3])


def kb_per_event(found: Sequence[Part]) -> float:
    """Of the events and what finds them; requests are told apart."""
    return sum(one.bytes_per_event for one in found if one.table != REQUESTS) / 1000


def show(found: Sequence[Part]) -> None:
    for table, part, kind, taken in found:
        print(f"{taken:8.1f} B/event  {table:12} {kind:6} {part if kind == 'index' else ''}")
    print(f"{1000 * kb_per_event(found):8.1f} B/event  without requests")


async def run(url: str) -> list[Result]:
    """The bytes of an event."""
    owner = await asyncpg.connect(url)
    try:
        lives = sample_log.interleaved(EVENTS // sample_log.EVENTS_PER_LIFE)
        await sample_log.store(owner, LEDGER, lives, in_full=True)
        await owner.execute(REQUESTED)
        found = await parts(owner)
    finally:
        await owner.close()
    show(found)
    rounds = Spread.of([kb_per_event(found)])
    return [
        Result(
            "full_event", rounds, KB_PER_EVENT, at_most=True, figure="kB", of="log", over="event"
        )
    ]
