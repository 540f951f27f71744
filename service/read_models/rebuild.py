"""Rebuild: read models built anew beside those that serve, and swapped in; and their proof.

The new tables are filled in `read_shadow` from the log, a thing's whole life after another's, those
of one kind of thing together: every event is read once for all of them; a long log is folded by
several processes. Their indexes are made then, and they catch up event by event like the live ones.
They are swapped one after another. For the swap the projection's own row is locked, which every
projector takes before it writes: none is at work, the old rows stand still, and the new ones are
brought to the head of the log, so beyond the old ones. Readers see the old table up to the commit
and the new one after it, and the position never goes back. Appends are not held at all: events
recorded meanwhile are the next batch's.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import structlog

from projections.folding import FoldFailed
from projections.kept import beside
from projections.projection import SCHEMA, Projection
from service.database.engine import Acquired, Pool
from service.read_models.advance import BATCH_EVENTS, fold
from service.read_models.bulk import Bulk, Progress
from service.read_models.events import Counts, LogBroken, by_kind, tail
from service.read_models.late import Standing
from service.read_models.loaders import Loaders
from service.read_models.plans import HEADS, Plan, Reached
from service.read_models.tables import ReadTable, analyze, finish

SHADOW = "read_shadow"
SCRATCH = "pg_temp"
# Advisory locks of rebuilds: this class, and the projection's name hashed.
LOCK_CLASS = 8_090_004
# A reader's statement that runs may be waited for; all readers behind it wait as well.
SWAP_WAIT_MS = 500
SWAP_ATTEMPTS = 20
# A vacuum or an analyze of the old table is waited for longer, as readers are not held up by it.
# PostgreSQL ends its own after a second in which somebody waits.
UPKEEP_WAIT_MS = 5_000
# So many events at most are left for the moment of the swap.
NEAR_EVENTS = 100

REGISTER = """
INSERT INTO read.projections (projection, fingerprint) VALUES ($1, $2)
ON CONFLICT (projection) DO UPDATE SET fingerprint = excluded.fingerprint, built_at = now()
"""
BUILT = "SELECT fingerprint FROM read.projections WHERE projection = $1"
HOLD = "SELECT FROM read.projections WHERE projection = $1 FOR UPDATE"
PLACE = """
INSERT INTO read.positions (projection, ledger, position, latest_on)
SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::date[])
ON CONFLICT (projection, ledger) DO UPDATE
SET position = excluded.position, latest_on = excluded.latest_on, stopped_at = NULL, error = NULL,
    moved_at = now()
"""
STANDING = """
SELECT ledger, position, array_agg(projection) FROM read.positions
WHERE projection = ANY ($1) AND ledger = ANY (coalesce($2, ARRAY[ledger]))
GROUP BY ledger, position ORDER BY ledger, position
"""
SHADOWS = """
SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1)::oid AND relkind = 'r'
"""
TRY_LOCK = "SELECT pg_try_advisory_xact_lock($1, hashtext($2))"
TRY_HOLD = """
SELECT name, pg_try_advisory_lock($1, hashtext(name)) FROM unnest($2::text[]) AS name
"""
LET_GO = "SELECT pg_advisory_unlock($1, hashtext(name)) FROM unnest($2::text[]) AS name"
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
        digest: of the rows, as a check for accidents, not for intent.
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
                if await connection.fetchval(TRY_LOCK, LOCK_CLASS, beside(name)):
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
    for why in (await _rebuild(pool, [projection], Counts(), progress, loaders)).values():
        raise why


async def rebuild_all(
    pool: Pool,
    projections: Sequence[Projection],
    progress: Progress | None = None,
    loaders: Loaders | None = None,
) -> dict[Projection, Exception]:
    """Do the same for several projections, those of things of one kind in one pass of the log.

    Returns:
        Those that were not rebuilt, and why: what `rebuild` raises of a projection. Of others
        nothing is lost by it: where one cannot be folded, each is built by itself.

    Raises:
        LoaderEnded: a process that folds died; what is not swapped yet goes on serving.
    """
    left: dict[Projection, Exception] = {}
    counts = Counts()
    for kind in by_kind(projections):
        try:
            left |= await _rebuild(pool, kind, counts, progress, loaders)
        except (FoldFailed, LogBroken) as failed:
            if len(kind) == 1:
                left[kind[0]] = failed
                continue
            for projection in kind:
                left |= await rebuild_all(pool, [projection], progress, loaders)
    return left


async def _rebuild(
    pool: Pool,
    projections: Sequence[Projection],
    counts: Counts,
    progress: Progress | None,
    loaders: Loaders | None,
) -> dict[Projection, Exception]:
    """Build those of things of one kind; which were not, as others are at it or read on."""
    async with pool.acquire() as reader, _locked(pool, projections) as (writer, ours):
        left: dict[Projection, Exception] = {
            one: RebuildUnderWay(one.name) for one in projections if one not in ours
        }
        if not ours:
            return left
        shadows = [ReadTable(projection, SHADOW) for projection in ours]
        waiting = {*shadows}
        try:
            plan = await Plan.of(reader, ours, loaders, counts)
            reached = await _filled(plan, pool, reader, writer, shadows, progress, loaders)
            while await _follow(writer, shadows, reached) > NEAR_EVENTS:
                pass
            for shadow in shadows:
                try:
                    await _swap(writer, shadow, reached)
                except SwapRefused as refused:
                    left[shadow.projection] = refused
                else:
                    waiting.remove(shadow)
                    log.info("projection_rebuilt", projection=shadow.projection.name)
        finally:
            for shadow in waiting:
                await shadow.drop(writer)
    return left


async def _filled(  # noqa: PLR0913, PLR0917  its connections, and what is made
    plan: Plan,
    pool: Pool,
    reader: Acquired,
    writer: Acquired,
    shadows: Sequence[ReadTable],
    progress: Progress | None,
    loaders: Loaders | None,
) -> Reached:
    """Make the tables from the log as it stands; where they stand then."""
    if loaders is None or plan.parts is None:
        async with writer.transaction():
            for shadow in shadows:
                await shadow.create(writer)
            reached = await plan.fold(Bulk(reader, writer, shadows, progress), shadows)
    else:
        for shadow in shadows:
            await shadow.create(writer)
        reached = await plan.have_folded(loaders, pool, shadows, progress)
    await finish(shadows, (writer, reader))
    await analyze(shadows, (writer, reader))
    return reached


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
    return await verify_all(pool, [projection], ledgers)


async def verify_all(
    pool: Pool, projections: Sequence[Projection], ledgers: Collection[str] | None = None
) -> list[Verified]:
    """Do the same for several projections, those of things of one kind in one pass of the log.

    Raises:
        FoldFailed, LogBroken: as `verify`.
    """
    found: list[Verified] = []
    counts = Counts()
    for kind in by_kind(projections):
        found += await _verify(pool, kind, counts, ledgers)
    order = {projection.name: place for place, projection in enumerate(projections)}
    return sorted(found, key=lambda one: (order[one.projection], one.ledger))


async def _verify(
    pool: Pool,
    projections: Sequence[Projection],
    counts: Counts,
    ledgers: Collection[str] | None,
) -> list[Verified]:
    """Verify those of things of one kind; the log is read once for those that stand alike."""
    live = {projection.name: ReadTable(projection, SCHEMA) for projection in projections}
    scratch = {projection.name: ReadTable(projection, SCRATCH) for projection in projections}
    async with pool.acquire() as reader, pool.acquire() as writer:
        transaction = writer.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            # Before the snapshot is taken: a swap waits until the comparison is over.
            tables = ", ".join(table.name for table in live.values())
            await writer.execute(f"LOCK TABLE {tables} IN ACCESS SHARE MODE")
            rows = await writer.fetch(STANDING, [*live], None if ledgers is None else [*ledgers])
            # Without indexes: rows that contradict one another are a difference to be told.
            for table in scratch.values():
                await table.create(writer)
            found: list[Verified] = []
            for ledger, position, names in rows:
                recorded = await counts.up_to(reader, ledger, position)
                bulk = Bulk(reader, writer, [scratch[name] for name in names])
                await bulk.load(ledger, position, recorded)
                for name in names:
                    difference = await live[name].compare(writer, scratch[name], ledger)
                    found.append(Verified(name, ledger, position, *difference))
            return found
        finally:
            await transaction.rollback()


@asynccontextmanager
async def _locked(
    pool: Pool, projections: Sequence[Projection]
) -> AsyncIterator[tuple[Acquired, list[Projection]]]:
    """A connection that alone may rebuild these projections, but for those others are at."""
    async with pool.acquire() as connection:
        names = [one.name for one in projections]
        held = {row[0] for row in await connection.fetch(TRY_HOLD, LOCK_CLASS, names) if row[1]}
        try:
            yield connection, [one for one in projections if one.name in held]
        finally:
            await connection.execute(LET_GO, LOCK_CLASS, [*held])


async def _follow(writer: Acquired, tables: Sequence[ReadTable], reached: Reached) -> int:
    """What was recorded meanwhile, event by event; how many that were.

    Raises:
        FoldFailed, LogBroken.
    """
    followed = 0
    projections = [table.projection for table in tables]
    for ledger, head in await writer.fetch(HEADS):
        standing = reached.setdefault(ledger, dict.fromkeys(tables, Standing(0, None)))
        while (position := min(at.position for at in standing.values())) < head:
            read = await tail(writer, ledger, position, projections, BATCH_EVENTS)
            moves = await fold(writer, ledger, standing, read)
            for move in moves.values():
                if move.error is not None:
                    raise LogBroken(move.error)
            standing |= {table: move.standing for table, move in moves.items()}
            followed += len(read.events)
            if len(read.events) < BATCH_EVENTS:
                break
    return followed


async def _swap(writer: Acquired, shadow: ReadTable, reached: Reached) -> None:
    for _ in range(SWAP_ATTEMPTS):
        tried = {ledger: {shadow: standing[shadow]} for ledger, standing in reached.items()}
        try:
            async with writer.transaction():
                await _swap_once(writer, shadow, tried)
        except asyncpg.LockNotAvailableError:
            continue
        return
    raise SwapRefused(shadow.projection.name)


async def _swap_once(writer: Acquired, shadow: ReadTable, reached: Reached) -> None:
    """Lock the projectors out, bring the new rows to the head, and let them take the old's place.

    A projector takes the same locks in the same order: first the projection's, then its table's.
    What is locked before keeps nobody out who reads or writes.
    """
    name, old = shadow.projection.name, ReadTable(shadow.projection, SCHEMA)
    if await old.exists(writer):
        await writer.execute(f"SET LOCAL lock_timeout = {UPKEEP_WAIT_MS}")
        tables = ", ".join((old.name, *(kept.name for kept in old.kept)))
        await writer.execute(f"LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE")
    await writer.execute(f"SET LOCAL lock_timeout = {SWAP_WAIT_MS}")
    await writer.execute(HOLD, name)
    await _follow(writer, [shadow], reached)
    await old.drop(writer)
    await shadow.move(writer, SCHEMA)
    await writer.execute(REGISTER, name, shadow.projection.fingerprint)
    standing = [of_ledger[shadow] for of_ledger in reached.values()]
    positions, days = zip(*standing, strict=True) if standing else ((), ())
    await writer.execute(PLACE, name, list(reached), positions, days)
