"""The service's login: one that may do too much is refused, and doctor says what."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from service.database.embedded import EmbeddedPostgres
from service.database.engine import Connection
from service.database.logins import EMBEDDED_LOGIN, excess, require_bounded
from service.database.migrate import migrate
from service.settings import Misconfigured, Settings

L = EMBEDDED_LOGIN
# What is granted, and how it is taken back.
TOO_MUCH = {
    "is a superuser": (f"ALTER ROLE {L} SUPERUSER", f"ALTER ROLE {L} NOSUPERUSER"),
    "may create roles": (f"ALTER ROLE {L} CREATEROLE", f"ALTER ROLE {L} NOCREATEROLE"),
    "may create databases": (f"ALTER ROLE {L} CREATEDB", f"ALTER ROLE {L} NOCREATEDB"),
    "may replicate": (f"ALTER ROLE {L} REPLICATION", f"ALTER ROLE {L} NOREPLICATION"),
    "passes row-level security": (f"ALTER ROLE {L} BYPASSRLS", f"ALTER ROLE {L} NOBYPASSRLS"),
    "giaoviec_service may create roles": (
        "ALTER ROLE giaoviec_service CREATEROLE",
        "ALTER ROLE giaoviec_service NOCREATEROLE",
    ),
    "is a member of pg_write_all_data": (
        f"GRANT pg_write_all_data TO {L}",
        f"REVOKE pg_write_all_data FROM {L}",
    ),
    "may change log.events": (
        f"GRANT UPDATE ON log.events TO {L}",
        f"REVOKE UPDATE ON log.events FROM {L}",
    ),
    "may change log.requests": (
        "GRANT DELETE ON log.requests TO PUBLIC",
        "REVOKE DELETE ON log.requests FROM PUBLIC",
    ),
    "owns read.of_the_login": (
        f"CREATE TABLE read.of_the_login (); ALTER TABLE read.of_the_login OWNER TO {L}",
        "DROP TABLE read.of_the_login",
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of this module's own, because roles belong to the whole server."""
    home = Path(tempfile.gettempdir()) / "giaoviec-tests"
    server = EmbeddedPostgres(tmp_path_factory.mktemp("data"), fsync=False, root_home=home)
    with server:
        yield server
    server.remove()


@pytest.fixture
async def owner(server: EmbeddedPostgres) -> AsyncIterator[Connection]:
    await migrate(server.url, login=EMBEDDED_LOGIN)
    connection = await asyncpg.connect(server.url)
    yield connection
    await connection.close()


async def test_the_login_of_the_service_may_do_nothing_more(
    server: EmbeddedPostgres, owner: Connection
) -> None:
    assert await owner.fetchval("SELECT count(*) FROM log.events") == 0
    assert await excess(server.service_url) == []
    settings = Settings(database_url=server.service_url, owner_serves=False)
    await require_bounded(settings, server.service_url)


@pytest.mark.parametrize("says", TOO_MUCH)
async def test_a_login_that_may_do_too_much_is_refused(
    server: EmbeddedPostgres, owner: Connection, says: str
) -> None:
    grant, revoke = TOO_MUCH[says]
    await owner.execute(grant)
    try:
        with pytest.raises(Misconfigured, match=says):
            await require_bounded(Settings(database_url=server.service_url), server.service_url)
    finally:
        await owner.execute(revoke)


async def test_the_owner_is_let_pass_unless_the_settings_forbid_it(
    server: EmbeddedPostgres, owner: Connection
) -> None:
    assert await owner.fetchval("SELECT session_user::text") != EMBEDDED_LOGIN
    await require_bounded(Settings(database_url=server.url), server.url)

    strict = Settings(database_url=server.url, owner_serves=False)
    with pytest.raises(Misconfigured, match="is a superuser"):
        await require_bounded(strict, server.url)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE log.events SET ledger = ledger",
        "ALTER TABLE log.events DISABLE TRIGGER append_only",
        "SET session_replication_role = replica",
        "DROP FUNCTION log.refuse_change() CASCADE",
        "SET ROLE giaoviec",
        "SET SESSION AUTHORIZATION giaoviec",
        "COPY log.ledgers TO PROGRAM 'true'",
    ],
)
async def test_the_service_cannot_become_more_than_it_is(service_url: str, attempt: str) -> None:
    connection = await asyncpg.connect(service_url)
    try:
        await connection.execute("RESET ROLE")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    finally:
        await connection.close()
