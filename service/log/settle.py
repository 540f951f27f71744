"""Settling: a batch went out and no answer came back; what became of it is looked up.

The ledger's lock is taken first, so whoever wrote the batch has committed or rolled back by then.
Events are known by their ids, which no other request has. What is found is trusted only once a
commit of ours, which comes later in the log of the database, is as safe as every other: on a server
with a synchronous standby a commit is visible as soon as its session is ended, before the standby
has it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from service.database.engine import Acquired
from service.log.batch import Request

LOCK = "SELECT log.ledger_lock($1::text)"
FOUND = """
SELECT event_id, position, recorded_at FROM log.events
WHERE ledger = $1::text AND position > $2::bigint AND event_id = ANY ($3::uuid[])
"""
IS_RUNNING = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1::integer)"
MARK = "SELECT pg_logical_emit_message(true, 'giaoviec', '')"


class Found(NamedTuple):
    """What became of a batch.

    Attributes:
        events: the rows of the first events that are recorded, by their ids.
        is_final: whether what is not recorded never will be, because its session has ended.
    """

    events: Mapping[UUID, asyncpg.Record]
    is_final: bool


async def look_up(
    connection: Acquired, ledger: str, batch: Sequence[Request], *, after: int, session: int
) -> Found:
    """Find out what became of a batch.

    Args:
        connection: not the batch's, which is lost.
        ledger: whose batch.
        batch: its requests.
        after: a position that the ledger had reached before the batch.
        session: the process id of the session to which the batch was sent.
    """
    firsts = [request.row.events[0][0] for request in batch]
    async with connection.transaction():
        await connection.execute(LOCK, ledger)
        rows = await connection.fetch(FOUND, ledger, after, firsts)
        is_running = await connection.fetchval(IS_RUNNING, session)
        await connection.execute(MARK)
    return Found({row["event_id"]: row for row in rows}, not is_running)
