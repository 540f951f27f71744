"""Checks of the database: connection, version, roles, the append-only log, the read models."""

import asyncpg
from cryptography.exceptions import InvalidTag

from service.cli.checks_of_clocks import check_clocks, check_ledgers_ahead
from service.cli.checks_of_replica import check_replica
from service.cli.finding import Finding, State, ok, skipped, wrong
from service.database.embedded import EmbeddedPostgres
from service.database.engine import SERVICE_ROLE, Pool, connect, create_pool
from service.database.migrate import OLDEST_MAJOR, pending
from service.database.outages import NOT_NOW
from service.database.placement import find_home
from service.log.epochs import Epochs
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.read_models.projector import Projector
from service.settings import Misconfigured, Settings

GUARDED = ("epochs", "event_tags", "events", "ledgers", "requests")
UNGUARDED = """
SELECT guarded FROM unnest($1::text[]) AS guarded
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'log' AND c.relname = guarded AND t.tgname = 'append_only'
        AND t.tgenabled = 'A'
)
"""
MAY_CHANGE = """
SELECT DISTINCT table_name::text FROM information_schema.role_table_grants
WHERE table_schema = 'log' AND table_name = ANY ($1::text[]) AND grantee = $2
    AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
"""
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
    *("migrations", "clocks", "last events", "append-only log", "epoch", "positions"),
    *("personal data", "projections", "replica"),
)


async def with_settings(settings: Settings) -> list[Finding]:
    """Run the checks of the database. A check that cannot run is skipped."""
    if settings.database_url is not None:
        return await _check_all(settings, settings.database_url)
    if find_home(settings.data_dir) is None:
        none_yet = ok("database", f"none in {settings.data_dir} yet: the first start makes it")
        return [none_yet, *(skipped(name, "no database yet") for name in LATER)]
    try:
        with EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync) as url:
            return await _check_all(settings, url)
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
                await _check_append_only(pool),
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


async def _check_append_only(pool: Pool) -> Finding:
    """Check that triggers and missing privileges both keep the log append-only."""
    unguarded = [row[0] for row in await pool.fetch(UNGUARDED, GUARDED)]
    if unguarded:
        tables = ", ".join(f"log.{name}" for name in unguarded)
        return wrong(
            "append-only log",
            f"the guard of {tables} is missing or switched off",
            "Find out who did it and compare with a backup; then, for each table: "
            "ALTER TABLE … ENABLE ALWAYS TRIGGER append_only",
        )
    changeable = [row[0] for row in await pool.fetch(MAY_CHANGE, GUARDED, SERVICE_ROLE)]
    if changeable:
        tables = ", ".join(f"log.{name}" for name in changeable)
        mend = f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {SERVICE_ROLE}"
        return wrong("append-only log", f"the service may change {tables}", mend)
    return ok("append-only log", "guarded by triggers and by rights")


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
    """Check that no ledger lacks a position."""
    rows = await pool.fetch(INCOMPLETE)
    if rows:
        says = "; ".join(
            f"{row['ledger']} lacks {row['missing']}, first {row['first']}" for row in rows
        )
        mend = "Find out who removed them, stop the service, and restore a backup that has them."
        return wrong("positions", says, mend)
    return ok("positions", "none is missing")


async def _check_master_key(settings: Settings, pool: Pool) -> Finding:
    """Check that the master key opens the stored keys of persons."""
    row = await pool.fetchrow(
        "SELECT ledger, subject FROM log.person_keys WHERE wrapped_key IS NOT NULL LIMIT 1"
    )
    if row is None:
        return ok("personal data", "none is stored yet")
    try:
        await PersonKeys(pool, settings.load_master_key()).seals(row["ledger"], (row["subject"],))
    except Misconfigured as missing:
        return wrong("personal data", "there is no master key", str(missing))
    except InvalidTag:
        mend = "Restore the key this database was written with; without it no name can be read."
        return wrong("personal data", "the master key does not open it", mend)
    return ok("personal data", "the master key opens it")


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
