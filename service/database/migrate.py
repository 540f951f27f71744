"""Migration: bring a database to this programme's schema, or list the pending revisions."""

import asyncio
from collections.abc import Collection
from pathlib import Path

import asyncpg
import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations
from service.database.engine import SERVICE_ROLE, Connection, Patience, connect, create_engine
from service.settings import Misconfigured

# Any number serves, but it never changes: all processes must take the same lock.
LOCK = 8_090_001
OLDEST_MAJOR = 15
# Since PostgreSQL 16 a member of a role may lack the right to SET it.
SETTABLE_SINCE_MAJOR = 16
ATTEMPTS = 5
# A table that is waited for is held up for everybody else: the wait is short, and repeated.
PATIENCE = Patience(statement_s=0, lock_s=3, idle_s=600, wait_s=0)
LOCK_ATTEMPTS = 10
# How long another process may take to migrate.
OTHERS_S = 600

log = structlog.get_logger()


async def migrate(url: str, *, login: str | None = None) -> list[str]:
    """Apply the pending revisions in one transaction as the login of `url`. Return them.

    If several processes start at once, one migrates and the others wait. One process migrates its
    databases one after the other, because Alembic's context is global.

    Args:
        url: the database, with the login that owns it.
        login: the login of the service, made where there is none, and given the service's role.

    Raises:
        Misconfigured: the server is too old, the login lacks a right, or others hold a table for
            too long; the message says which.
    """
    await _ensure_service_role(url, login)
    engine = create_engine(url, size=1, role=None, patience=PATIENCE)
    try:
        for attempt in range(1, LOCK_ATTEMPTS + 1):
            try:
                return await _migrate(engine)
            except DBAPIError as error:
                if not _waited_in_vain(error):
                    raise
                log.warning("migration_waits_for_a_table", attempt=attempt)
                await asyncio.sleep(0.1 * attempt)
        raise Misconfigured(
            "other sessions hold a table that is to be changed. End them (a long report, a backup, "
            "an older process of the service), then run `giaoviec migrate` again."
        )
    except ProgrammingError as error:
        if not _lacks_privilege(error):
            raise
        raise Misconfigured(
            f"the login may not migrate: {error.orig}. Migrate as the owner of the database: "
            "ALTER DATABASE … OWNER TO the login of DATABASE_URL."
        ) from error
    finally:
        await engine.dispose()


async def _migrate(engine: AsyncEngine) -> list[str]:
    async with engine.begin() as connection:
        await connection.execute(text(f"SET LOCAL lock_timeout = '{OTHERS_S}s'"))
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        await connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE.lock_s}s'"))
        before = await connection.run_sync(_pending)
        await connection.run_sync(_upgrade)
    return before


async def pending(url: str) -> list[str]:
    """List the revisions that the database lacks, oldest first."""
    engine = create_engine(url, size=1, role=None)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_pending)
    finally:
        await engine.dispose()


def configuration() -> Config:
    """Build Alembic's configuration. There is no configuration file."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def _upgrade(connection: SyncConnection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _pending(connection: SyncConnection) -> list[str]:
    return lacking(MigrationContext.configure(connection).get_current_heads())


def lacking(heads: Collection[str]) -> list[str]:
    """The migrations that a database with these heads lacks, in order."""
    scripts = ScriptDirectory.from_config(configuration())
    missing = scripts.iterate_revisions("heads", tuple(heads) or "base")
    return [script.revision for script in missing if script.revision not in heads][::-1]


def _lacks_privilege(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "42501"


def _waited_in_vain(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "55P03"


async def _ensure_service_role(url: str, service_login: str | None) -> None:
    """Create the service's role and its login, and let both logins set the role.

    Roles belong to the whole server. If another database is migrated at the same moment,
    PostgreSQL reports a duplicate or a tuple that was updated meanwhile.
    """
    connection = await connect(url, role=None, patience=PATIENCE)
    try:
        major = connection.get_server_version().major
        if major < OLDEST_MAJOR:
            raise Misconfigured(f"PostgreSQL {OLDEST_MAJOR} or later is needed, this is {major}.")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await _make_role(connection)
                if service_login is not None:
                    await _make_login(connection, service_login)
            except (
                asyncpg.DuplicateObjectError,
                asyncpg.UniqueViolationError,
                asyncpg.InternalServerError,
            ):
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(0.05 * attempt)
            else:
                return
    except asyncpg.InsufficientPrivilegeError as error:
        login = await connection.fetchval("SELECT quote_ident(current_user)")
        raise Misconfigured(
            f"the login {login} may not make the service's role. A superuser must, once: "
            f"CREATE ROLE {SERVICE_ROLE} NOLOGIN; GRANT {SERVICE_ROLE} TO {login};"
        ) from error
    finally:
        await connection.close()


async def _make_role(connection: Connection) -> None:
    if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", SERVICE_ROLE):
        await connection.execute(f"CREATE ROLE {SERVICE_ROLE} NOLOGIN")
    settable = connection.get_server_version().major >= SETTABLE_SINCE_MAJOR
    if not await connection.fetchval(
        "SELECT pg_has_role(current_user, $1, $2)", SERVICE_ROLE, "SET" if settable else "MEMBER"
    ):
        options = " WITH SET TRUE, INHERIT TRUE" if settable else ""
        await connection.execute(f"GRANT {SERVICE_ROLE} TO CURRENT_USER{options}")


async def _make_login(connection: Connection, login: str) -> None:
    if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", login):
        await connection.execute(f"CREATE ROLE {login} LOGIN")
    if not await connection.fetchval("SELECT pg_has_role($1, $2, 'MEMBER')", login, SERVICE_ROLE):
        await connection.execute(f"GRANT {SERVICE_ROLE} TO {login}")
