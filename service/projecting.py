"""Projecting: a process that keeps the read models up to date, and does nothing else.

For services that leave that out: what folds events does not answer requests meanwhile. Several such
processes may run; each ledger's read models are moved by one of them at a time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from service.foundation import Foundation, laid
from service.handle import utc_now
from service.observability.metrics import Metrics
from service.server import ENDING, end_by_force_after, operations_served, settle_memory
from service.settings import Settings

# What a service beside it has seen is in a file of its own.
SEEN_FILE = "seen-projector.json"
# It answers nobody and records nothing.
CONNECTIONS = 2

log = structlog.get_logger()


@asynccontextmanager
async def projecting(settings: Settings) -> AsyncIterator[Foundation]:
    """Project as long as the context lasts, and answer probes where the settings name a port.

    Raises:
        Misconfigured: the set-up does not let the process run.
    """
    own = settings.model_copy(
        update={
            "projector": True,
            "pool_size": CONNECTIONS,
            "writer_connections": CONNECTIONS,
            "imports_at_once": 1,
            "seen_file": settings.seen_file or settings.data_dir / SEEN_FILE,
        }
    )
    async with AsyncExitStack() as stack:
        foundation = await laid(own, utc_now, Metrics(), stack)
        await foundation.start(own, stack)
        stack.push_async_callback(foundation.tasks.stop)
        await stack.enter_async_context(operations_served(foundation, own))
        log.info("projecting")
        yield foundation
        foundation.closing.set()
        log.info("stopping")


async def project(settings: Settings) -> None:
    """Project until SIGINT or SIGTERM."""
    loop = asyncio.get_running_loop()
    async with projecting(settings) as foundation:
        settle_memory()
        end_by_force_after(settings.shutdown_seconds, foundation.closing)
        for number in ENDING:
            loop.add_signal_handler(number, foundation.closing.set)
        ends = [foundation.closing.wait(), foundation.given_up.wait()]
        waiting = [*map(asyncio.ensure_future, ends)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()
