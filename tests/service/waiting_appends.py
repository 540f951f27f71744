"""Appends that wait for a ledger's lock, as the database of a test shows them.

One server has the databases of several workers, and all of them append.
"""

import asyncio
from datetime import datetime
from typing import NamedTuple

from service.database.engine import Pool
from service.log.log import Log

WAIT_S = 60.0
WAITING = """
SELECT pid, query_start FROM pg_stat_activity
WHERE datname = current_database() AND query ~ 'log.append' AND wait_event = 'advisory'
"""


class Attempt(NamedTuple):
    """One attempt to append: the backend that waits, and since when."""

    pid: int
    began_at: datetime


async def waiting_attempt(pool: Pool) -> Attempt | None:
    """An attempt that waits now, if one does."""
    found = await pool.fetchrow(WAITING)
    return None if found is None else Attempt(*found)


async def until_one_waits(pool: Pool, after: Attempt | None = None) -> Attempt:
    """Wait until an attempt waits; one that is not that before, where that is named."""
    async with asyncio.timeout(WAIT_S):
        while (found := await waiting_attempt(pool)) is None or found == after:  # noqa: ASYNC110  others bring it about
            await asyncio.sleep(0.01)
    return found


async def until_none_is_under_way(log: Log, ledger: str) -> None:
    """Wait until this process writes nothing to the ledger, nor is about to."""
    writer = log._writers[ledger]  # noqa: SLF001  nothing else tells
    async with asyncio.timeout(WAIT_S):
        while writer._task is not None:  # noqa: ASYNC110, SLF001  as above
            await asyncio.sleep(0.01)
