"""Snapshot worker: one task of the process makes snapshots and clears slots, one after another.

It opens two connections of its own while there is something to do, and takes none of the pool's for
long.
"""

import asyncio
from contextlib import suppress

import structlog

from projections.folding import FoldFailed
from service.database.engine import Acquired, create_pool
from service.database.outages import NOT_NOW
from service.read_models.events import LogBroken
from service.read_models.slots import clear, fill, hold
from service.read_models.snapshots import MOST_ATTEMPTS, Snapshot, Snapshots
from service.supervision import JobLoop, Tasks

# How often progress is stored, and how soon it is noticed that a snapshot is dropped.
SAVE_SECONDS = 0.5
# It is neither the snapshot's fault nor its end.
PASSES_BY: tuple[type[BaseException], ...] = (asyncio.CancelledError, *NOT_NOW)
GIVEN_UP = "it was begun too often and never came to an end"
FAULT = "something is wrong with the service: its log says what"

log = structlog.get_logger()


class SnapshotWorker(JobLoop):
    """Makes the snapshots that are ordered.

    Args:
        snapshots: the orders.
        url: of the database.
        tasks: the process's background tasks. A snapshot in the making when they are stopped is
            left to the process that starts next.
    """

    def __init__(self, snapshots: Snapshots, url: str, tasks: Tasks | None = None) -> None:
        super().__init__("snapshots", tasks or Tasks())
        self._snapshots = snapshots
        self._url = url

    async def work_once(self) -> bool:
        """Make the next snapshot or clear the next slot; whether there was one."""
        await self._snapshots.expire()
        slots = await self._snapshots.to_do()
        if not slots:
            return False
        async with (
            await create_pool(self._url, size=2) as own,
            own.acquire() as reader,
            own.acquire() as writer,
        ):
            for slot in slots:
                if await hold(writer, slot):
                    await self._see_to(slot, reader, writer)
                    return True
        return False

    async def _see_to(self, slot: int, reader: Acquired, writer: Acquired) -> None:
        """Make the snapshot that the slot is for, or clear it if it is for none."""
        snapshot = await self._snapshots.in_slot(slot)
        if snapshot is not None and snapshot.state in {"done", "failed"}:
            return
        begun = None if snapshot is None else await self._snapshots.begin(snapshot)
        if begun is None or not await self._make(begun, reader, writer):
            await clear(writer, slot)
            await self._snapshots.cleared(slot)

    async def _make(self, snapshot: Snapshot, reader: Acquired, writer: Acquired) -> bool:
        """Make it; False if it is dropped meanwhile."""
        if snapshot.attempts > MOST_ATTEMPTS:
            return await self._fail(snapshot, GIVEN_UP, writer)
        try:
            total = await self._filled(snapshot, reader, writer)
        except PASSES_BY:
            with suppress(*NOT_NOW):
                await asyncio.shield(self._snapshots.leave(snapshot))
            raise
        except (FoldFailed, LogBroken) as error:
            return await self._fail(snapshot, str(error), writer)
        except Exception:  # the snapshot fails; the worker goes on with the others
            log.exception("snapshot_failed", ledger=snapshot.ledger, snapshot=snapshot.name)
            return await self._fail(snapshot, FAULT, writer)
        if total is None:
            return False
        log.info("snapshot_made", ledger=snapshot.ledger, snapshot=snapshot.name)
        return await self._snapshots.end(snapshot, total)

    async def _filled(self, snapshot: Snapshot, reader: Acquired, writer: Acquired) -> int | None:
        """Fill its slot, telling how far it is; how many events, or None if it is dropped."""
        done = total = 0

        def tell(so_far: int, of: int) -> None:
            nonlocal done, total
            done, total = so_far, of

        filling = asyncio.create_task(
            fill(reader, writer, snapshot.slot, snapshot.ledger, snapshot.position, tell)
        )
        try:
            while not (await asyncio.wait({filling}, timeout=SAVE_SECONDS))[0]:
                if not await self._snapshots.advance(snapshot, done, total):
                    return None
            await filling
        finally:
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)
        return total

    async def _fail(self, snapshot: Snapshot, error: str, writer: Acquired) -> bool:
        """Say why, and keep nothing half made; it stays listed until it is dropped or expires."""
        await self._snapshots.fail(snapshot, error)
        await clear(writer, snapshot.slot)
        return True
