"""Projector: keeps every read model up to date with the log, each event exactly once.

Any number of service processes may run one: a batch's rows and the position they stand at move in
one transaction, under a lock that only one of them gets. An event that cannot be folded stops its
projection of its ledger, loudly: what came before is kept, what comes after waits, and a restart
or `retry` tries it again. Nothing is ever skipped.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import TypeAlias

import asyncpg
import structlog

from domain.kernel import Invalid, Refusal
from projections import PROJECTIONS
from projections.folding import FoldFailed
from projections.projection import SCHEMA, Projection
from service.database.engine import Pool
from service.log.announcements import Announcements
from service.log.growth import Commits
from service.log.log import Log
from service.log.notifications import Notifications
from service.log.wakeups import Wakeups
from service.read_models import rebuild as rebuilding
from service.read_models.advance import advance, begin
from service.read_models.bulk import Progress
from service.read_models.events import LogBroken
from service.read_models.loaders import Loaders
from service.read_models.standings import Standing, Standings
from service.read_models.tables import ReadTable
from service.single_flight import SingleFlight
from service.supervision import Supervised, Tasks

# New ledgers and read models that lack events are looked for this often, all by one statement.
POLL_S = 1.0
# Whoever follows a ledger is woken; this is for what nobody has thought of.
LOOK_S = 60.0
# Processes tell one another of ledgers whose read models have moved. What nothing told of, and what
# a replica has not replayed, is noticed so soon.
CHANNEL = "giaoviec.read_models"
UNTOLD_S = 1.0
READER_POLL_S = 0.05
TAKEN_S = 0.02
# How many ledgers are worked on at once: the connections are the commands' too.
AT_ONCE = 2
# What another process was rebuilding is looked at again so soon.
RENEW_S = 10.0
NOWHERE = 2**63 - 1

STANDING = """
SELECT projection, position, stopped_at FROM read.positions
WHERE ledger = $1 AND projection = ANY ($2::text[])
"""
RETRY = """
UPDATE read.positions SET stopped_at = NULL, error = NULL
WHERE stopped_at IS NOT NULL AND projection = ANY ($1::text[])
"""
BEHIND = """
SELECT l.ledger
FROM log.ledgers l
LEFT JOIN (
    SELECT ledger, count(*) AS known, min(position) FILTER (WHERE stopped_at IS NULL) AS least
    FROM read.positions WHERE projection = ANY ($1::text[]) GROUP BY ledger
) s USING (ledger)
WHERE s.known IS DISTINCT FROM cardinality($1::text[]) OR s.least < coalesce(log.head(l.ledger), 0)
"""
log = structlog.get_logger()

Fetch: TypeAlias = Callable[..., Awaitable[Sequence[asyncpg.Record]]]


class ProjectionBehind(Refusal):
    """The read model has not reached position {position}; it stands at {standing}. Try again.

    Dữ liệu tra cứu chưa cập nhật đến vị trí {position}; hiện ở vị trí {standing}. Hãy thử lại.
    """


class PositionNotRecorded(Invalid):
    """There is no position {position} yet: the ledger stands at {head}.

    Chưa có vị trí {position}: sổ đang ở vị trí {head}.
    """


class Projector:
    """Follows the log of every ledger; one per process.

    Args:
        pool: connections in the service's role.
        log: whose events are folded.
        projections: all of the service's, unless a test has its own.
        building: opens the two connections on which outdated read models are rebuilt, one read
            model after another; those of the pool, if left out.
        working: the connections that move the read models; those of the pool, if left out.
        tasks: the process's background tasks.
        notifications: the process's, by which others tell of what they have moved; without them
            it is looked for.
    """

    def __init__(  # noqa: PLR0913, PLR0917  its connections and what they are for
        self,
        pool: Pool,
        log: Log,
        projections: Sequence[Projection] = PROJECTIONS,
        building: Callable[[], AbstractAsyncContextManager[Pool]] | None = None,
        working: Pool | None = None,
        tasks: Tasks | None = None,
        notifications: Notifications | None = None,
    ) -> None:
        self._pool = pool
        self._working = working or pool
        self._building = building or (lambda: nullcontext(pool))
        self._log = log
        self._projections = {projection.name: projection for projection in projections}
        self.standings = Standings(self._projections)
        self._tables = [ReadTable(projection, SCHEMA) for projection in projections]
        self._tasks = tasks or Tasks()
        self._watch: list[Supervised] = []
        self._followers: dict[str, Supervised] = {}
        self._outdated: list[Projection] = []
        self._commits = Commits(self._working)
        self._end_wakes: Callable[[], None] = lambda: None
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._moves = Wakeups()
        self._single_flight = SingleFlight()
        self._announcements: Announcements | None = None
        if notifications is not None:
            self._announcements = Announcements(self._working, CHANNEL)
            notifications.on(CHANNEL, self._moves.notify)

    @property
    def names(self) -> frozenset[str]:
        """The projections."""
        return frozenset(self._projections)

    async def start(self) -> None:
        """Follow the log from now on. What had stopped is tried again.

        Tables that are missing are made at once; those of another build are rebuilt beside it.
        """
        await rebuilding.drop_orphans(self._pool)
        self._outdated = await self.prepare()
        await self.retry()
        self._end_wakes = self._log.on_growth(self._wake)
        self._watch = [
            self._tasks.repeat("projector", self._follow_new, POLL_S),
            self._tasks.repeat("rebuilds", self._renew, RENEW_S),
        ]

    async def stop(self) -> None:
        """End; a batch under way is rolled back, and done again by whoever comes next."""
        self._end_wakes()
        await self._tasks.end(*self._watch, *self._followers.values())
        self._watch.clear()
        self._followers.clear()
        if self._announcements is not None:
            await self._announcements.close()

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
        async with self._working.acquire() as connection:
            return await self.standings.all(connection)

    async def rebuild(
        self, projection: str, progress: Progress | None = None, loaders: Loaders | None = None
    ) -> None:
        """See `service.rebuild.rebuild`."""
        await rebuilding.drop_orphans(self._pool)
        await rebuilding.rebuild(self._pool, self._projections[projection], progress, loaders)

    async def rebuild_all(
        self, progress: Progress | None = None, loaders: Loaders | None = None
    ) -> dict[Projection, Exception]:
        """See `service.rebuild.rebuild_all`."""
        await rebuilding.drop_orphans(self._pool)
        projections = [*self._projections.values()]
        return await rebuilding.rebuild_all(self._pool, projections, progress, loaders)

    async def verify(
        self, projection: str, ledgers: Collection[str] | None = None
    ) -> list[rebuilding.Verified]:
        """See `service.rebuild.verify`."""
        return await rebuilding.verify(self._pool, self._projections[projection], ledgers)

    async def verify_all(self) -> list[rebuilding.Verified]:
        """See `service.rebuild.verify_all`."""
        return await rebuilding.verify_all(self._pool, [*self._projections.values()])

    async def wait(
        self,
        ledger: str,
        position: int,
        projections: Sequence[Projection],
        timeout_seconds: float,
        fetch: Fetch | None = None,
    ) -> None:
        """Return once all these projections contain the event at `position`.

        Args:
            ledger: whose event it is.
            position: of the event.
            projections: which of them.
            timeout_seconds: how long to wait.
            fetch: reads from where the answer will come, the database itself if left out.

        Raises:
            LedgerUnknown: there is no such ledger.
            PositionNotRecorded: there is no such event yet.
            ProjectionBehind: they do not after `timeout_seconds`.
        """
        await self._log.require_ledger(ledger)  # of others nothing is remembered
        fetch = fetch or self._pool.fetch
        is_told = self._announcements is not None and fetch == self._pool.fetch
        names = tuple(projection.name for projection in projections)
        clock = asyncio.get_running_loop().time
        end = clock() + timeout_seconds
        known = False
        while True:
            count = self._moves.count(ledger)
            # Whoever waits for the same asks at the same moment.
            question = (ledger, names, fetch, count)
            rows = await self._single_flight.join(question, partial(fetch, STANDING, ledger, names))
            standing = min(row["position"] for row in rows) if len(rows) == len(names) else 0
            if standing >= position:
                return
            known = known or await self._require_recorded(ledger, position)
            left = end - clock()
            if left <= 0:
                raise ProjectionBehind(position=position, standing=standing)
            await self._moves.wait(ledger, count, min(left, UNTOLD_S if is_told else READER_POLL_S))

    async def _require_recorded(self, ledger: str, position: int) -> bool:
        head = await self._log.head(ledger)
        if position > head:
            raise PositionNotRecorded(position=position, head=head)
        return True

    async def _least(self, ledger: str) -> int:
        """The lowest position of those that are not stopped."""
        names = list(self._projections)
        rows = await self._working.fetch(STANDING, ledger, names)
        if len(rows) < len(names):
            async with self._working.acquire() as connection:
                await begin(connection, ledger, list(self._projections.values()))
            return 0
        running = [row["position"] for row in rows if row["stopped_at"] is None]
        return min(running, default=NOWHERE)

    async def _renew(self) -> None:
        """Rebuild the tables that were of another build at the start, kind after kind of thing.

        Each kind takes two connections at once: were several under way on the pool's, each could
        hold one and wait for another. What another process is rebuilding is looked at again later.
        """
        if not self._outdated:
            return
        async with self._building() as pool, Loaders() as loaders:
            self._outdated = [
                one for one in self._outdated if not await rebuilding.prepare(pool, one)
            ]
            left = await rebuilding.rebuild_all(pool, self._outdated, loaders=loaders)
        self._outdated = []
        for projection, why in left.items():
            if isinstance(why, FoldFailed | LogBroken):
                # It would fail again: it stays outdated until the service is mended.
                log.error("projection_not_rebuilt", projection=projection.name, exc_info=why)
            else:
                self._outdated.append(projection)
                log.info("projection_is_not_rebuilt_yet", projection=projection.name, why=str(why))

    async def _follow_new(self) -> None:
        """Follow every ledger that there is, and wake those whose read models lack events."""
        ledgers = {found.ledger for found in await self._log.ledgers()}
        for ledger in ledgers - self._followers.keys():
            follow = partial(self._follow, ledger)
            self._followers[ledger] = self._tasks.repeat(follower(ledger), follow, LOOK_S)
        # A database that was set back to an earlier day may lack ledgers.
        gone = self._followers.keys() - ledgers
        await self._tasks.end(*(self._followers.pop(ledger) for ledger in gone))
        if await self._commits.are_new():
            for (ledger,) in await self._working.fetch(BEHIND, list(self._projections)):
                self._wake(ledger)

    def _wake(self, ledger: str) -> None:
        """Have the ledger followed at once, where it is; all of them, if it is ""."""
        for name in (ledger,) if ledger else tuple(self._followers):
            if name in self._followers:
                self._followers[name].wake()

    async def _follow(self, ledger: str) -> bool:
        """Fold what is new in the ledger; whether there was anything."""
        await self._log.require_ledger(ledger)  # of others no growth is told
        standing = await self._least(ledger)
        if await self._log.head(ledger) <= standing:
            return False
        async with self._turns:
            moved = await self._advance(ledger)
        if not moved:
            await asyncio.sleep(TAKEN_S)
        return True

    async def _advance(self, ledger: str) -> bool:
        async with self._working.acquire() as connection:
            moved = await advance(connection, ledger, self._tables)
        if moved:
            self._moves.notify(ledger)
            if self._announcements is not None:
                self._announcements.announce(ledger)
        return moved


def follower(ledger: str) -> str:
    """The name of the task that follows the ledger."""
    return f"projector of {ledger}"
