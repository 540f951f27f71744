"""Projector: keeps every read model up to date with the log, each event exactly once.

Any number of service processes may run one: a batch's rows and the position they stand at move in
one transaction, under a lock that only one of them gets. An event that cannot be folded stops its
projection of its ledger, loudly: what came before is kept, what comes after waits, and a restart
or `retry` tries it again. Nothing is ever skipped.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import asyncpg
import structlog

from domain.kernel import Invalid, Refusal
from projections import PROJECTIONS
from projections.projection import SCHEMA, Projection
from service.database.engine import Pool
from service.log.log import Log
from service.read_models import rebuild as rebuilding
from service.read_models.advance import PASSING, advance, begin
from service.read_models.bulk import Progress
from service.read_models.tables import ReadTable

# New ledgers are looked for, and what wake-ups were lost is noticed, at least this often.
POLL_S = 1.0
# What another process has moved is noticed so soon.
READER_POLL_S = 0.05
TAKEN_S = 0.02
RETRY_S = 1.0
# How many ledgers are worked on at once: the connections are the commands' too.
AT_ONCE = 2
NOWHERE = 2**63 - 1

STANDING = """
SELECT projection, position, stopped_at FROM read.positions
WHERE ledger = $1 AND projection = ANY ($2::text[])
"""
RETRY = """
UPDATE read.positions SET stopped_at = NULL, error = NULL
WHERE stopped_at IS NOT NULL AND projection = ANY ($1::text[])
"""
STATUS = """
SELECT l.ledger, p.projection, coalesce(s.position, 0) AS position,
    coalesce(log.head(l.ledger), 0) AS head, s.stopped_at, s.error, s.moved_at, p.fingerprint
FROM log.ledgers l
CROSS JOIN read.projections p
LEFT JOIN read.positions s ON s.ledger = l.ledger AND s.projection = p.projection
WHERE p.projection = ANY ($1::text[])
ORDER BY p.projection, l.ledger
"""

log = structlog.get_logger()

State: TypeAlias = Literal["running", "stopped", "rebuilding", "outdated"]


class ProjectionBehind(Refusal):
    """The read model has not reached position {position}; it stands at {standing}. Try again.

    Dữ liệu tra cứu chưa cập nhật đến vị trí {position}; hiện ở vị trí {standing}. Hãy thử lại.
    """


class PositionNotRecorded(Invalid):
    """There is no position {position} yet: the ledger stands at {head}.

    Chưa có vị trí {position}: sổ đang ở vị trí {head}.
    """


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a projection stands in a ledger.

    Attributes:
        position: the last event its rows contain.
        head: the last event of the log.
        state: `outdated` while its table is of another build and waits to be rebuilt.
        stopped_at: the event it cannot fold, if it is stopped; `error` says why.
        moved_at: when its position last changed.
    """

    projection: str
    ledger: str
    position: int
    head: int
    state: State
    stopped_at: int | None
    error: str | None
    moved_at: datetime | None


class Projector:
    """Follows the log of every ledger; one per process.

    Args:
        pool: connections in the service's role.
        log: whose events are folded.
        projections: all of the service's, unless a test has its own.
        building: opens the two connections on which outdated read models are rebuilt, one read
            model after another; those of the pool, if left out.
    """

    def __init__(
        self,
        pool: Pool,
        log: Log,
        projections: Sequence[Projection] = PROJECTIONS,
        building: Callable[[], AbstractAsyncContextManager[Pool]] | None = None,
    ) -> None:
        self._pool = pool
        self._building = building or (lambda: nullcontext(pool))
        self._log = log
        self._projections = {projection.name: projection for projection in projections}
        self._tables = [ReadTable(projection, SCHEMA) for projection in projections]
        self._followers: dict[str, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._moved: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def start(self) -> None:
        """Follow the log from now on. What had stopped is tried again.

        Tables that are missing are made at once; those of another build are rebuilt beside it.
        """
        outdated = await self.prepare()
        await self.retry()
        self._tasks = [asyncio.create_task(self._watch())]
        if outdated:
            self._tasks.append(asyncio.create_task(self._renew(outdated)))

    async def stop(self) -> None:
        """End; a batch under way is rolled back, and done again by whoever comes next."""
        tasks = [*self._tasks, *self._followers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._followers.clear()

    async def prepare(self) -> list[Projection]:
        """Make the tables that are missing; those that need a rebuild are returned."""
        return [
            projection
            for projection in self._projections.values()
            if not await rebuilding.prepare(self._pool, projection)
        ]

    async def retry(self, projection: str | None = None) -> None:
        """Let stopped projections try again the event that stopped them."""
        names = list(self._projections) if projection is None else [projection]
        await self._pool.execute(RETRY, names)

    async def catch_up(self, ledger: str) -> None:
        """Fold what the ledger's log holds by now."""
        head = await self._log.head(ledger)
        while await self._least(ledger) < head:
            if not await self._advance(ledger):
                await asyncio.sleep(TAKEN_S)

    async def status(self) -> list[Standing]:
        """Where every projection stands in every ledger."""
        names = list(self._projections)
        async with self._pool.acquire() as connection:
            under_way = {name for name in names if await rebuilding.under_way(connection, name)}
            rows = await connection.fetch(STATUS, names)
        return [
            Standing(
                row["projection"],
                row["ledger"],
                row["position"],
                row["head"],
                "rebuilding" if row["projection"] in under_way else self._state(row),
                row["stopped_at"],
                row["error"],
                row["moved_at"],
            )
            for row in rows
        ]

    async def rebuild(self, projection: str, progress: Progress | None = None) -> None:
        """See `service.rebuild.rebuild`."""
        await rebuilding.rebuild(self._pool, self._projections[projection], progress)

    async def verify(self, projection: str) -> list[rebuilding.Verified]:
        """See `service.rebuild.verify`."""
        return await rebuilding.verify(self._pool, self._projections[projection])

    async def wait(
        self,
        ledger: str,
        position: int,
        projections: Sequence[Projection],
        timeout_seconds: float,
    ) -> None:
        """Return once all these projections contain the event at `position`.

        Raises:
            PositionNotRecorded: there is no such event yet.
            ProjectionBehind: they do not after `timeout_seconds`.
        """
        names = [projection.name for projection in projections]
        clock = asyncio.get_running_loop().time
        end = clock() + timeout_seconds
        known = False
        while True:
            moved = self._moved[ledger]
            rows = await self._pool.fetch(STANDING, ledger, names)
            standing = min(row["position"] for row in rows) if len(rows) == len(names) else 0
            if standing >= position:
                return
            known = known or await self._require_recorded(ledger, position)
            left = end - clock()
            if left <= 0:
                raise ProjectionBehind(position=position, standing=standing)
            await _set_within(moved, min(left, READER_POLL_S))

    async def _require_recorded(self, ledger: str, position: int) -> bool:
        head = await self._log.head(ledger)
        if position > head:
            raise PositionNotRecorded(position=position, head=head)
        return True

    async def _least(self, ledger: str) -> int:
        """The lowest position of those that are not stopped."""
        names = list(self._projections)
        rows = await self._pool.fetch(STANDING, ledger, names)
        if len(rows) < len(names):
            async with self._pool.acquire() as connection:
                await begin(connection, ledger, list(self._projections.values()))
            return 0
        running = [row["position"] for row in rows if row["stopped_at"] is None]
        return min(running, default=NOWHERE)

    def _state(self, row: asyncpg.Record) -> State:
        if row["fingerprint"] != self._projections[row["projection"]].fingerprint:
            return "outdated"
        return "running" if row["stopped_at"] is None else "stopped"

    async def _renew(self, outdated: Sequence[Projection]) -> None:
        """Rebuild the tables of another build, one after another.

        Each takes two connections at once: were several under way on the pool's, each could hold
        one and wait for another.
        """
        async with self._building() as pool:
            for projection in outdated:
                try:
                    await rebuilding.rebuild(pool, projection)
                except rebuilding.RebuildUnderWay:
                    log.info("projection_is_being_rebuilt", projection=projection.name)
                except Exception:
                    log.exception("projection_not_rebuilt", projection=projection.name)

    async def _watch(self) -> None:
        """Follow every ledger, also those to come."""
        while True:
            try:
                for found in await self._log.ledgers():
                    if found.ledger not in self._followers:
                        follower = asyncio.create_task(self._follow(found.ledger))
                        self._followers[found.ledger] = follower
            except PASSING as error:
                log.warning("projector_waits_for_the_database", error=repr(error))
            await asyncio.sleep(POLL_S)

    async def _follow(self, ledger: str) -> None:
        while True:
            try:
                standing = await self._least(ledger)
                head = await self._log.wait_beyond(ledger, standing, POLL_S)
                if head > standing:
                    async with self._turns:
                        moved = await self._advance(ledger)
                    if not moved:
                        await asyncio.sleep(TAKEN_S)
            except Exception:
                log.exception("projector_tries_again", ledger=ledger)
                await asyncio.sleep(RETRY_S)

    async def _advance(self, ledger: str) -> bool:
        async with self._pool.acquire() as connection:
            moved = await advance(connection, ledger, self._tables)
        if moved:
            self._moved.pop(ledger, asyncio.Event()).set()
        return moved


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    """Return once the event is set, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
