"""Ahead: ledgers whose last event lies in the future, because a clock was wrong when it came.

An instant before the last one is never recorded, nor one that is false by more than the bound. So
nothing is recorded in such a ledger until then; the others are not concerned.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from service.database.engine import Acquired, Pool
from service.database.outages import NOT_NOW

AHEAD = """
SELECT l.ledger, e.recorded_at - $1::interval AS until,
    extract(epoch FROM e.recorded_at - clock_timestamp())::float8 AS seconds
FROM log.ledgers l
CROSS JOIN LATERAL (
    SELECT recorded_at FROM log.events e WHERE e.ledger = l.ledger ORDER BY position DESC LIMIT 1
) e
WHERE l.ledger = coalesce($2, l.ledger)
    AND e.recorded_at > clock_timestamp() + greatest($1::interval, interval '0')
ORDER BY l.ledger
"""
OFF = "SELECT abs(extract(epoch FROM clock_timestamp() - $1::timestamptz))::float8"


class Ahead(NamedTuple):
    """By how many seconds a ledger's last event lies ahead, and when it is written again."""

    seconds: float
    until: datetime


async def ledgers_ahead(
    database: Acquired | Pool, bound: timedelta, ledger: str | None = None
) -> Mapping[str, Ahead]:
    """The ledgers, or the one named, whose last event lies further ahead than the bound."""
    return {
        row["ledger"]: Ahead(row["seconds"], row["until"])
        for row in await database.fetch(AHEAD, bound, ledger)
    }


async def ahead_of(connection: Acquired, ledger: str, bound: timedelta) -> Ahead | None:
    """How far ahead the ledger is, if it is; nothing where the database does not say.

    Nor where its clock is another than this host's: then that is what is wrong.
    """
    with suppress(*NOT_NOW):
        if await connection.fetchval(OFF, datetime.now(UTC)) > max(bound.total_seconds(), 0):
            return None
        return (await ledgers_ahead(connection, bound, ledger)).get(ledger)
    return None
