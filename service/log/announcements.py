"""Announcements: other processes learn after the commit that ledgers grew, or were projected.

A notification within the append's own transaction would make all ledgers wait for one another: each
commit that notifies takes a lock of the whole server. So one statement now and then names all that
have grown since the last. An announcement may be lost: who waits for one looks as well.
"""

import asyncio
from contextlib import suppress

import structlog

from service.database.engine import Pool
from service.database.outages import NOT_NOW

# What grows within this time is announced together.
GATHER_S = 0.005
PAUSE_S = 0.5

ANNOUNCE = "SELECT pg_notify($1::text, ledger) FROM unnest($2::text[]) AS ledger"

log = structlog.get_logger()


class Announcements:
    """Announces on a channel, in the background; nobody waits for it.

    Args:
        pool: one of its connections is taken for each announcement.
        channel: on which the ledgers are named.
    """

    def __init__(self, pool: Pool, channel: str) -> None:
        self._pool = pool
        self._channel = channel
        self._grown: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def announce(self, ledger: str) -> None:
        """Tell the other processes soon that something of the ledger is new."""
        self._grown.add(ledger)
        if self._task is None:
            self._task = asyncio.create_task(self._announce())

    async def close(self) -> None:
        """Stop; what is not announced is found where the others look."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _announce(self) -> None:
        try:
            while self._grown:
                await asyncio.sleep(GATHER_S)
                grown = [*self._grown]
                self._grown.clear()
                try:
                    await self._pool.execute(ANNOUNCE, self._channel, grown)
                except NOT_NOW as error:
                    self._grown.update(grown)
                    log.warning("announcement_waits", error=repr(error))
                    await asyncio.sleep(PAUSE_S)
        finally:
            self._task = None
