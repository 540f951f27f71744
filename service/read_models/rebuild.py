"""Rebuild: a read model built anew beside the one that serves, and swapped in; and its proof.

The new table is filled in `read_shadow` from the log, a thing's whole life after another's, a long
log by several processes. One that folds alone writes into the indexes of the key, at whose end each
row comes; the others are made then, and the table catches up event by event like the live one. For
the swap the projection's own row is locked, which every projector takes before it writes: none is
at work, the old rows stand still, and the new ones are brought to the head of the log, so beyond
the old ones. Readers see the old table up to the commit and the new one after it, and the position
never goes back. Appends are not held at all: events recorded meanwhile are the next batch's.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import structlog

from projections.projection import SCHEMA, Projection
from service.database.engine import Acquired, Pool
from service.read_models.advance import BATCH_EVENTS, fold
from service.read_models.bulk import Bulk, Loaded, Part, Progress, standing
from service.read_models.events import LogBroken, counted, tail
from service.read_models.late import Standing
from service.read_models.loaders import Loaders
from service.read_models.tables import ReadTable

SHADOW = "read_shadow"
SCRATCH = "pg_temp"
# Advisory locks of rebuilds: this class, and the projection's name hashed.
LOCK_CLASS = 8_090_004
# A reader's statement that runs may be waited for; all readers behind it wait as well.
SWAP_WAIT_MS = 500
SWAP_ATTEMPTS = 20
# So many events at most are left for the moment of the swap.
NEAR_EVENTS = 100

REGISTER = """
INSERT INTO read.projections (projection, fingerprint) VALUES ($1, $2)
ON CONFLICT (projection) DO UPDATE SET fingerprint = excluded.fingerprint, built_at = now()
"""
BUILT = "SELECT fingerprint FROM read.projections WHERE projection = $1"
HEADS = "SELECT ledger, coalesce(log.head(ledger), 0) FROM log.ledgers ORDER BY ledger"
HOLD = "SELECT FROM read.projections WHERE projection = $1 FOR UPDATE"
PLACE = """
INSERT INTO read.positions (projection, ledger, position, latest_on)
SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::date[])
ON CONFLICT (projection, ledger) DO UPDATE
SET position = excluded.position, latest_on = excluded.latest_on, stopped_at = NULL, error = NULL,
    moved_at = now()
"""
STANDING = """
SELECT ledger, position FROM read.positions
WHERE projection = $1 AND ledger = ANY (coalesce($2, ARRAY[ledger])) ORDER BY ledger
"""
SHADOWS = """
SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1)::oid AND relkind = 'r'
"""
TRY_LOCK = "SELECT pg_try_advisory_xact_lock($1, hashtext($2))"
UNDER_WAY = """
SELECT name FROM unnest($2::text[]) AS name
WHERE hashtext(name)::oid IN (
    SELECT objid FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = $1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""

log = structlog.get_logger()


class RebuildUnderWay(Exception):
    """The projection is being rebuilt already."""


class SwapRefused(Exception):
    """Readers held the old table for too long; it goes on serving. Rebuild again."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A projection's rows of one ledger against a new fold of the log.

    Attributes:
        position: at which they were compared.
        digest: MD5 over the rows' own, as a check for accidents, not for intent.
        differing: keys of rows that differ, the first few; empty if none does.
    """

    projection: str
    ledger: str
    position: int
    digest: str
    differing: tuple[str, ...]


async def prepare(pool: Pool, projection: Projection) -> bool:
    """Make the projection's table if there is none; whether it is of this build."""
    async with pool.acquire() as connection, connection.transaction():
        built = await connection.fetchval(BUILT, projection.name)
        if built is None:
            await connection.execute(
                "SELECT pg_advisory_xact_lock($1, hashtext($2))", LOCK_CLASS, projection.name
            )
            built = await connection.fetchval(BUILT, projection.name)
        if built is None:
            table = ReadTable(projection, SCHEMA)
            await table.create(connection)
            await table.index(connection)
            await connection.execute(REGISTER, projection.name, projection.fingerprint)
            return True
        return bool(built == projection.fingerprint)


async def drop_orphans(pool: Pool) -> None:
    """Drop the tables that killed rebuilds left in `read_shadow`, but none in the making."""
    async with pool.acquire() as connection:
        for (name,) in await connection.fetch(SHADOWS, SHADOW):
            async with connection.transaction():
                if await connection.fetchval(TRY_LOCK, LOCK_CLASS, name):
                    await connection.execute(f'DROP TABLE IF EXISTS {SHADOW}."{name}"')
                    log.info("orphan_dropped", table=f"{SHADOW}.{name}")


async def under_way(connection: Acquired, names: Sequence[str]) -> set[str]:
    """Those of the projections that some process is rebuilding."""
    return {name for (name,) in await connection.fetch(UNDER_WAY, LOCK_CLASS, names)}


async def rebuild(
    pool: Pool,
    projection: Projection,
    progress: Progress | None = None,
    loaders: Loaders | None = None,
) -> None:
    """Build the projection's table anew from the log of every ledger, and swap it in.

    Args:
        pool: gives the two connections that it takes.
        projection: whose table.
        progress: told how far it is.
        loaders: processes that fold a long log; this one, if left out.

    Raises:
        RebuildUnderWay: another process is at it.
        FoldFailed: at an event that cannot be folded; the old table goes on serving.
        LogBroken: a position is missing; the old table goes on serving.
        SwapRefused: readers did not let go of the old table.
        LoaderEnded: a process that folds died; the old table goes on serving.
    """
    shadow = ReadTable(projection, SHADOW)
    async with pool.acquire() as reader, _locked(pool, projection) as writer:
        try:
            plan = await _planned(reader, projection, loaders)
            if loaders is None or plan.parts is None:
                async with writer.transaction():
                    await shadow.create(writer)
                    reached = await plan.fold(Bulk(reader, writer, shadow, progress))
                await shadow.index(writer, reader)
            else:
                await shadow.create(writer, keyed=False)
                reached = await plan.have_folded(loaders, pool, shadow, progress)
                await shadow.index(writer, reader, keyed=False)
            await shadow.analyze(writer)
            while await _follow(writer, shadow, reached) > NEAR_EVENTS:
                pass
            await _swap(writer, shadow, reached)
        finally:
            await shadow.drop(writer)
    log.info("projection_rebuilt", projection=projection.name)


async def verify(
    pool: Pool, projection: Projection, ledgers: Collection[str] | None = None
) -> list[Verified]:
    """Fold the log again into a scratch table, and compare, ledger by ledger.

    All in one snapshot, in which rows and positions agree: the projector goes on meanwhile.

    Args:
        pool: gives two connections.
        projection: whose rows.
        ledgers: of which ledgers; of all, if left out.

    Raises:
        FoldFailed, LogBroken: the log itself cannot be folded to where the table stands.
    """
    live, scratch = ReadTable(projection, SCHEMA), ReadTable(projection, SCRATCH)
    async with pool.acquire() as reader, pool.acquire() as writer:
        transaction = writer.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            # Before the snapshot is taken: a swap waits until the comparison is over.
            await writer.execute(f"LOCK TABLE {live.name} IN ACCESS SHARE MODE")
            rows = await writer.fetch(
                STANDING, projection.name, None if ledgers is None else [*ledgers]
            )
            # Without its key: rows that contradict one another are a difference to be told.
            await scratch.create(writer, keyed=False)
            bulk = Bulk(reader, writer, scratch)
            found: list[Verified] = []
            for ledger, position in rows:
                expected = await counted(reader, ledger, projection, position)
                await bulk.load(ledger, position, expected)
                difference = await live.compare(writer, scratch, ledger)
                found.append(Verified(projection.name, ledger, position, *difference))
            return found
        finally:
            await transaction.rollback()


@asynccontextmanager
async def _locked(pool: Pool, projection: Projection) -> AsyncIterator[Acquired]:
    """A connection that alone may rebuild the projection."""
    async with pool.acquire() as connection:
        if not await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, hashtext($2))", LOCK_CLASS, projection.name
        ):
            raise RebuildUnderWay(projection.name)
        try:
            yield connection
        finally:
            await connection.execute(
                "SELECT pg_advisory_unlock($1, hashtext($2))", LOCK_CLASS, projection.name
            )


async def _planned(reader: Acquired, projection: Projection, loaders: Loaders | None) -> "_Plan":
    """Of every ledger's log as it stands now."""
    heads = {row[0]: int(row[1]) for row in await reader.fetch(HEADS)}
    wanted = {
        ledger: await counted(reader, ledger, projection, head) for ledger, head in heads.items()
    }
    parts = None
    if loaders is not None:
        parts = await loaders.parts(reader, projection, heads, sum(wanted.values()))
    return _Plan(heads, wanted, parts)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is folded into a new table.

    Attributes:
        heads: up to where each ledger's log is.
        wanted: how many events of each.
        parts: in which processes fold them, if they do.
    """

    heads: dict[str, int]
    wanted: dict[str, int]
    parts: Sequence[Part] | None

    async def fold(self, bulk: Bulk) -> dict[str, Standing]:
        """Fold it in this process; where each ledger stands then."""
        bulk.total = sum(self.wanted.values())
        return {
            ledger: await bulk.load(ledger, head, self.wanted[ledger])
            for ledger, head in self.heads.items()
        }

    async def have_folded(
        self, loaders: Loaders, pool: Pool, table: ReadTable, progress: Progress | None
    ) -> dict[str, Standing]:
        """Have it folded by others; where each ledger stands then."""
        total, parts = sum(self.wanted.values()), self.parts or ()

        def told(done: int) -> None:
            if progress is not None:
                progress(done, total)

        loaded: defaultdict[str, list[Loaded]] = defaultdict(list)
        for part, one in zip(parts, await loaders.load(pool, table, parts, told), strict=True):
            loaded[part.ledger].append(one)
        return {
            ledger: standing(ledger, head, self.wanted[ledger], loaded[ledger])
            for ledger, head in self.heads.items()
        }


async def _follow(writer: Acquired, shadow: ReadTable, reached: dict[str, Standing]) -> int:
    """What was recorded meanwhile, event by event; how many that were.

    Raises:
        FoldFailed, LogBroken.
    """
    followed = 0
    for ledger, _ in await writer.fetch(HEADS):
        at = reached.setdefault(ledger, Standing(0, None))
        while True:
            read = await tail(writer, ledger, at.position, [shadow.projection], BATCH_EVENTS)
            move = (await fold(writer, ledger, {shadow: at}, read))[shadow]
            if move.error is not None:
                raise LogBroken(move.error)
            reached[ledger] = at = move.standing
            followed += len(read.events)
            if len(read.events) < BATCH_EVENTS:
                break
    return followed


async def _swap(writer: Acquired, shadow: ReadTable, reached: dict[str, Standing]) -> None:
    for _ in range(SWAP_ATTEMPTS):
        tried = dict(reached)
        try:
            async with writer.transaction():
                await _swap_once(writer, shadow, tried)
        except asyncpg.LockNotAvailableError:
            continue
        return
    raise SwapRefused(shadow.projection.name)


async def _swap_once(writer: Acquired, shadow: ReadTable, reached: dict[str, Standing]) -> None:
    """Lock the projectors out, bring the new rows to the head, and let them take the old's place.

    A projector takes the same locks in the same order: first the projection's, then its table's.
    """
    name = shadow.projection.name
    await writer.execute(f"SET LOCAL lock_timeout = {SWAP_WAIT_MS}")
    await writer.execute(HOLD, name)
    await _follow(writer, shadow, reached)
    await ReadTable(shadow.projection, SCHEMA).drop(writer)
    await writer.execute(f"ALTER TABLE {shadow.name} SET SCHEMA {SCHEMA}")
    await writer.execute(REGISTER, name, shadow.projection.fingerprint)
    positions, days = zip(*reached.values(), strict=True) if reached else ((), ())
    await writer.execute(PLACE, name, list(reached), positions, days)
