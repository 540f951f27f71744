"""Checks of the database: connection, version, the log, its keys and its read models."""

import asyncpg

from service.cli.checks_of_clocks import check_clocks, check_ledgers_ahead
from service.cli.checks_of_replica import check_replica
from service.cli.checks_of_rights import check_rights
from service.cli.finding import Finding, State, ok, skipped, wrong
from service.database.embedded import EmbeddedPostgres
from service.database.engine import SERVICE_ROLE, Pool, connect, create_pool
from service.database.migrate import OLDEST_MAJOR, pending
from service.database.outages import NOT_NOW
from service.database.placement import find_home
from service.log.codec import Codec
from service.log.epochs import Epochs
from service.log.log import Log
from service.log.master_keys import MasterKeys
from service.log.parts import missing_parts
from service.log.rotation import require_master_keys
from service.log.sealing import PersonKeys
from service.log.unreadable import REVIVED, unreadable
from service.read_models.projector import Projector
from service.settings import Misconfigured, Settings

EPOCH = """
SELECT e.epoch, e.began_at, e.reason,
    (e.system_identifier, e.database_oid) = (i.system_identifier, i.database_oid) AS is_here
FROM log.epochs e, log.database_identity() i
ORDER BY e.number DESC
LIMIT 1
"""
# No position is below 1, so as many events as the last position are all.
INCOMPLETE = """
SELECT l.ledger, log.head(l.ledger) - c.events AS missing, (
    SELECT p FROM generate_series(1, log.head(l.ledger)) AS p
    WHERE NOT EXISTS (SELECT FROM log.events e WHERE e.ledger = l.ledger AND e.position = p)
    LIMIT 1
) AS first
FROM log.ledgers l
CROSS JOIN LATERAL (SELECT count(*) AS events FROM log.events e WHERE e.ledger = l.ledger) c
WHERE c.events <> log.head(l.ledger)
ORDER BY l.ledger
"""
UNREACHABLE: tuple[type[Exception], ...] = (*NOT_NOW, asyncpg.PostgresError)
LATER = (
    *("migrations", "clocks", "last events", "login", "append-only log", "log functions"),
    *("epoch", "positions", "personal data", "projections", "replica"),
)


async def with_settings(settings: Settings) -> list[Finding]:
    """Run the checks of the database. A check that cannot run is skipped."""
    if settings.database_url is not None:
        return await _check_all(settings, settings.database_url)
    if find_home(settings.data_dir) is None:
        none_yet = ok("database", f"none in {settings.data_dir} yet: the first start makes it")
        return [none_yet, *(skipped(name, "no database yet") for name in LATER)]
    try:
        server = EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync)
        with server:
            return await _check_all(settings, server.service_url)
    except Misconfigured as failed:
        return [_unreachable(failed), *(skipped(name, "no database") for name in LATER)]


async def _check_all(settings: Settings, url: str) -> list[Finding]:
    findings: list[Finding] = []
    for check, reason in (
        (_check_connection, "the database comes first"),
        (_check_migrations, "migrate first"),
    ):
        findings.append(await check(url))
        if findings[-1].state is State.WRONG:
            later = LATER[len(findings) - 1 :]
            return [*findings, *(skipped(name, reason) for name in later)]
    try:
        async with await create_pool(url, size=2) as pool:
            findings += [
                await check_clocks(settings, pool),
                await check_ledgers_ahead(settings, pool),
                *await check_rights(settings, pool, url),
                await _check_epoch(settings, pool),
                await _check_positions(pool),
                await _check_master_key(settings, pool),
                await _check_projections(pool),
                await check_replica(settings, pool),
            ]
    except asyncpg.PostgresError as refused:
        mend = f"Let the login take the role: GRANT {SERVICE_ROLE} TO it."
        findings.append(wrong("role", str(refused), mend))
    return findings


async def _check_connection(url: str) -> Finding:
    try:
        connection = await connect(url, role=None)
    except UNREACHABLE as failed:
        return _unreachable(failed)
    try:
        major = connection.get_server_version().major
        version = f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
    finally:
        await connection.close()
    if major < OLDEST_MAJOR:
        return wrong("database", version, f"Use PostgreSQL {OLDEST_MAJOR} or later.")
    return ok("database", version)


def _unreachable(failed: Exception) -> Finding:
    mend = "Check that the server runs, and DATABASE_URL: host, port, name, user and password."
    return wrong("database", str(failed) or type(failed).__name__, mend)


async def _check_migrations(url: str) -> Finding:
    missing = await pending(url)
    if missing:
        return wrong("migrations", f"not applied: {', '.join(missing)}", "giaoviec migrate")
    return ok("migrations", "all applied")


async def _check_epoch(settings: Settings, pool: Pool) -> Finding:
    """Check that the log was not restored or set back without a new epoch."""
    mend = "If it was restored: giaoviec restored. See docs/how-to/backup.md."
    row = await pool.fetchrow(EPOCH)
    assert row is not None  # noqa: S101  the migration begins the first
    if not row["is_here"]:
        says = f"{row['epoch']} began in another database: the log was restored or moved here"
        return wrong("epoch", says, mend)
    lost = await Epochs(pool, file=settings.seen_path).lost()
    if lost:
        says = ", ".join(f"{ledger} by at most {count} events" for ledger, count in lost.items())
        return wrong(
            "epoch", f"the log is shorter or other than {settings.seen_path}: {says}", mend
        )
    return ok("epoch", f"{row['epoch']}, since {row['began_at']:%Y-%m-%d %H:%M} ({row['reason']})")


async def _check_positions(pool: Pool) -> Finding:
    """Check that no part of the log is detached, and that no ledger lacks a position."""
    detached = await missing_parts(pool)
    if detached:
        mend = "Attach it again: docs/how-to/scale.md, parts of the log."
        return wrong("positions", "; ".join(detached), mend)
    rows = await pool.fetch(INCOMPLETE)
    if rows:
        says = "; ".join(
            f"{row['ledger']} lacks {row['missing']}, first {row['first']}" for row in rows
        )
        mend = "Find out who removed them, stop the service, and restore a backup that has them."
        return wrong("positions", says, mend)
    return ok("positions", "none is missing")


async def _check_master_key(settings: Settings, pool: Pool) -> Finding:
    """Check that the master keys open every name that was not erased."""
    try:
        master_keys = MasterKeys(settings.load_master_keys())
        await require_master_keys(pool, master_keys)
    except Misconfigured as missing:
        return wrong("personal data", "the master key does not open it", str(missing))
    codec = Codec(PersonKeys(pool, master_keys))
    damaged = [place async for place in unreadable(pool, codec)]
    if damaged:
        says = ", ".join(f"{one.ledger} {one.position} ({one.official_id})" for one in damaged[:10])
        mend = "Find out who changed them, and restore these keys or events from a backup."
        return wrong("personal data", f"{len(damaged)} events cannot be read: {says}", mend)
    revived = [f"{row['ledger']} {row['official_id']}" for row in await pool.fetch(REVIVED)]
    if revived:
        mend = "A backup gave their keys back: erase them again (docs/how-to/erase.md)."
        return wrong("personal data", f"erased, and readable again: {', '.join(revived)}", mend)
    return ok("personal data", "the master key opens all that was not erased")


async def _check_projections(pool: Pool) -> Finding:
    async with Log(pool) as log:
        standings = await Projector(pool, log).status()
    stopped = [standing for standing in standings if standing.state == "stopped"]
    if stopped:
        errors = "; ".join(
            f"{one.projection} of {one.ledger} at {one.stopped_at}: {one.error}" for one in stopped
        )
        mend = "Mend the cause; then restart the service, or: giaoviec projections rebuild NAME"
        return wrong("projections", errors, mend)
    behind = max((one.head - one.position for one in standings), default=0)
    return ok("projections", f"the furthest is {behind} events behind")
