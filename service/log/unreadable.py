"""Unreadable: personal data that was not erased, and yet cannot be opened, event by event."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from domain.catalogue import EVENT_TYPES
from service.database.engine import Pool
from service.log.codec import SEALED, Codec, StoredEvent

BATCH = 1_000

SEALED_EVENTS = """
SELECT position, type, schema_version, data, convert_from(data, 'UTF8')::jsonb ->> 'official_id'
    AS official_id
FROM log.events
WHERE log.digest(ledger, type) = ANY (ARRAY(SELECT log.digest($1, unnest($3::text[]))))
    AND ledger = $1 AND position > $2 AND type = ANY ($3::text[])
    AND position(convert_to($4, 'UTF8') IN data) > 0
ORDER BY position
LIMIT $5
"""
# Persons who are erased by an event and have a key: a backup from before brought it back.
REVIVED = """
SELECT k.ledger, k.subject AS official_id
FROM log.events e
JOIN log.person_keys k
    ON k.ledger = e.ledger AND k.subject = convert_from(e.data, 'UTF8')::jsonb ->> 'official_id'
WHERE log.digest(e.ledger, e.type) = log.digest(k.ledger, 'official.erased')
    AND e.type = 'official.erased' AND k.wrapped_key IS NOT NULL
ORDER BY k.ledger, k.subject
"""


class Place(NamedTuple):
    """Where something cannot be read, and of whom."""

    ledger: str
    position: int
    official_id: str


async def unreadable(pool: Pool, codec: Codec) -> AsyncIterator[Place]:
    """Open all personal data of all ledgers; tell of what was not erased and cannot be opened."""
    types = [kind for kind, event in EVENT_TYPES.items() if event.PERSONAL or event.PERSONAL_WITHIN]
    for (ledger,) in await pool.fetch("SELECT ledger FROM log.ledgers ORDER BY ledger"):
        after = 0
        while rows := await pool.fetch(SEALED_EVENTS, ledger, after, types, SEALED, BATCH):
            after = rows[-1]["position"]
            stored = [StoredEvent.of(row) for row in rows]
            decoded = await codec.decode_marked(ledger, stored)
            for row, one in zip(rows, decoded, strict=True):
                if one.unreadable:
                    yield Place(ledger, row["position"], row["official_id"])
