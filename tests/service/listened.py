"""Waiting until somebody listens: a test that goes on sooner would tell nobody anything."""

import asyncio

from service.components import Service
from service.log.log import Log

WAIT_S = 60.0


async def until_waited_for(log: Log, ledger: str, count: int = 1) -> None:
    """Wait until so many wait in this process for the ledger to grow."""
    waiting = log._wakeups._waiting  # noqa: SLF001  nothing else tells
    async with asyncio.timeout(WAIT_S):
        while len(waiting.get(ledger, ())) < count:  # noqa: ASYNC110  nothing wakes
            await asyncio.sleep(0.01)


async def until_open(service: Service, count: int) -> None:
    """Wait until so many streams and long polls are counted."""
    shown = f"giaoviec_event_streams {count}.0\n".encode()
    async with asyncio.timeout(WAIT_S):
        while shown not in service.metrics.text():  # noqa: ASYNC110  a metric wakes nobody
            await asyncio.sleep(0.02)
