"""Migrations run once however many start them, and grant the service only what it needs."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import text

from service.database import migrate as migrating
from service.database.embedded import EmbeddedPostgres
from service.database.engine import SERVICE_ROLE, Connection, Pool, create_pool, with_database
from service.database.migrate import migrate, pending
from service.settings import Misconfigured

PROJECT = Path(__file__).parents[3]
MIGRATION = """
import asyncio, sys
from service.database.migrate import migrate
assert asyncio.run(migrate(sys.argv[1]))
"""


@pytest.fixture
async def superuser(server_url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(server_url)
    yield connection
    await connection.close()


@pytest.fixture
async def empty(superuser: Connection, server_url: str) -> AsyncIterator[str]:
    name = f"empty_{uuid4().hex[:8]}"
    await superuser.execute(f"CREATE DATABASE {name}")
    yield with_database(server_url, name)
    await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def login(superuser: Connection, empty: str, database_url: str) -> AsyncIterator[str]:
    """A login without any rights but over its own, empty database, beside a migrated one."""
    assert database_url != empty
    name = f"login_{uuid4().hex[:8]}"
    database = empty.split("?", maxsplit=1)[0].rpartition("/")[2]
    await superuser.execute(f"CREATE ROLE {name} LOGIN")
    await superuser.execute(f"ALTER DATABASE {database} OWNER TO {name}")
    yield name
    await superuser.execute(f"ALTER DATABASE {database} OWNER TO CURRENT_USER")
    own = await asyncpg.connect(empty)
    await own.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER; DROP OWNED BY {name}")
    await own.close()
    await superuser.execute(f"DROP ROLE {name}")


def as_role(url: str, role: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}role={role}"


async def test_an_empty_database_is_migrated_and_a_second_time_harmless(empty: str) -> None:
    lacking = await pending(empty)
    assert lacking

    assert await migrate(empty) == lacking

    assert await pending(empty) == []
    assert await migrate(empty) == []


async def test_of_starters_at_once_one_migrates_and_the_others_wait(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(4)))
    assert sorted(map(bool, applied)) == [False, False, False, True]


async def test_a_failed_migration_leaves_nothing_behind(empty: str) -> None:
    lacking = await pending(empty)
    connection = await asyncpg.connect(empty)
    await connection.execute("CREATE SCHEMA read; CREATE TABLE read.positions ()")

    with pytest.raises(Exception, match="already exists"):
        await migrate(empty)

    assert await connection.fetchval("SELECT to_regclass('log.events')") is None
    await connection.execute("DROP SCHEMA read CASCADE")
    await connection.close()
    assert await migrate(empty) == lacking


async def test_two_databases_of_one_server_are_migrated_at_once(tmp_path: Path) -> None:
    home = Path(gettempdir()) / "giaoviec-tests"
    server = EmbeddedPostgres(tmp_path, fsync=False, root_home=home)
    with server as url:
        names = [f"d{number}" for number in range(4)]
        connection = await asyncpg.connect(url)
        for name in names:
            await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

        starters = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", MIGRATION, with_database(url, name)), cwd=PROJECT
            )
            for name in names
        ]

        assert [await starter.wait() for starter in starters] == [0, 0, 0, 0]
    server.remove()


async def test_a_login_that_may_make_roles_needs_no_other_right(
    superuser: Connection, empty: str, login: str
) -> None:
    await superuser.execute(f"ALTER ROLE {login} CREATEROLE")
    if (await superuser.fetchval("SHOW server_version_num")) >= "160000":
        # Since 16, CREATEROLE gives no rights over a role that another login created.
        await superuser.execute(f"GRANT {SERVICE_ROLE} TO {login} WITH ADMIN TRUE, SET FALSE")

    assert await migrate(as_role(empty, login))

    assert await superuser.fetchval("SELECT pg_has_role($1, $2, 'MEMBER')", login, SERVICE_ROLE)


async def test_a_login_that_may_not_make_roles_is_told_what_to_grant(
    superuser: Connection, empty: str, login: str
) -> None:
    with pytest.raises(Misconfigured, match=f"GRANT {SERVICE_ROLE} TO {login};"):
        await migrate(as_role(empty, login))

    await superuser.execute(f"GRANT {SERVICE_ROLE} TO {login}")
    assert await migrate(as_role(empty, login))


async def test_a_login_that_does_not_own_the_database_is_told_so(
    superuser: Connection, empty: str, login: str
) -> None:
    await superuser.execute(f"GRANT {SERVICE_ROLE} TO {login}")
    database = empty.split("?", maxsplit=1)[0].rpartition("/")[2]
    await superuser.execute(f"ALTER DATABASE {database} OWNER TO CURRENT_USER")

    with pytest.raises(Misconfigured, match="owner of the database"):
        await migrate(as_role(empty, login))


@pytest.mark.parametrize("table", ["events", "tagged", "words", "requests"])
@pytest.mark.parametrize("change", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
async def test_the_service_may_not_change_the_log(pool: Pool, table: str, change: str) -> None:
    column = "tag" if table == "tagged" else "ledger"
    statement = {
        "INSERT": f"INSERT INTO log.{table} DEFAULT VALUES",
        "UPDATE": f"UPDATE log.{table} SET {column} = {column}",  # noqa: S608  constants
        "DELETE": f"DELETE FROM log.{table}",  # noqa: S608  a constant
        "TRUNCATE": f"TRUNCATE log.{table}",
    }[change]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)


async def test_the_service_makes_and_changes_its_read_models(pool: Pool) -> None:
    table = f"read.made_{uuid4().hex[:8]}"
    await pool.execute(f"CREATE TABLE {table} (ledger text)")
    await pool.execute(f"INSERT INTO {table} VALUES ('a')")  # noqa: S608  our own name
    await pool.execute(f"UPDATE {table} SET ledger = 'b'")  # noqa: S608  our own name
    assert await pool.fetchval(f"TABLE {table}") == "b"
    await pool.execute(f"DROP TABLE {table}")
    assert await pool.fetchval("SELECT to_regclass($1)", table) is None


async def test_the_service_is_no_superuser_even_where_its_login_is(
    pool: Pool, database_url: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("CREATE ROLE intruder")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("DROP SCHEMA log CASCADE")
    async with await create_pool(database_url, size=1) as other:
        assert await other.fetchval("SELECT current_user") == SERVICE_ROLE
        assert await other.fetchval("SHOW jit") == "off"
        assert await other.fetchval("SELECT '{\"a\": 1}'::jsonb") == '{"a": 1}'


async def test_a_table_that_others_hold_fails_the_migration_soon_and_holds_up_nobody(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "PATIENCE", replace(migrating.PATIENCE, lock_s=0.2))
    monkeypatch.setattr(migrating, "LOCK_ATTEMPTS", 2)
    await migrate(empty)
    holder, reader = await asyncpg.connect(empty), await asyncpg.connect(empty)
    last = await holder.fetchval("SELECT version_num FROM alembic_version")
    before = migrating.configuration()
    assert last == ScriptDirectory.from_config(before).get_current_head()
    async with holder.transaction():
        await holder.execute("LOCK TABLE alembic_version IN ACCESS SHARE MODE")
        monkeypatch.setattr(migrating, "_upgrade", _lock_versions)
        async with asyncio.timeout(60):
            with pytest.raises(Misconfigured, match="other sessions hold a table"):
                await migrate(empty)
        assert await reader.fetchval("SELECT version_num FROM alembic_version") == last
        granted = (
            "SELECT bool_and(granted) FROM pg_locks WHERE relation = 'alembic_version'::regclass"
        )
        assert await reader.fetchval(granted), "the migration still waits for the table"
    await holder.close()
    await reader.close()
    assert await migrate(empty) == []


def _lock_versions(connection: SyncConnection) -> None:
    """A migration that changes a table which others read."""
    connection.execute(text("ALTER TABLE alembic_version ADD COLUMN changed integer"))
