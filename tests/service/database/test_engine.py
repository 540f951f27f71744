"""Sessions: what every connection is pinned to, whatever the database's own defaults say."""

import asyncio
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from service.database.engine import (
    BACKGROUND,
    LONGEST_KEPT,
    SERVICE_ROLE,
    Patience,
    connect,
    create_engine,
    create_pool,
    of_requests,
)
from service.database.outages import NOT_NOW
from tests.certificates import signed_by_itself

DEFAULTS = {
    "default_transaction_isolation": "serializable",
    "synchronous_commit": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "timezone": "Asia/Ho_Chi_Minh",
    "jit": "on",
}
PINNED = {
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "client_connection_check_interval": "5s",
    "timezone": "UTC",
    "jit": "off",
    "role": SERVICE_ROLE,
}


async def set_defaults(url: str, **defaults: str) -> None:
    """Let the database's own defaults be these."""
    name = urlsplit(url).path.removeprefix("/")
    connection = await asyncpg.connect(url)
    for setting, value in defaults.items():
        await connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    await connection.close()


async def test_a_session_is_pinned_over_the_defaults_of_the_database(own_url: str) -> None:
    await set_defaults(own_url, **DEFAULTS)
    async with await create_pool(own_url, size=1, patience=of_requests(10)) as pool:
        assert {name: await pool.fetchval(f"SHOW {name}") for name in PINNED} == PINNED


async def test_the_longest_statement_is_prepared_once_in_a_session(database_url: str) -> None:
    longest = "SELECT 1 --".ljust(LONGEST_KEPT, "x")
    async with await create_pool(database_url, size=1) as pool:
        for _ in range(2):
            await pool.fetch(longest)
        kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 --%'"
        assert await pool.fetchval(kept) == 1


async def test_the_engine_of_the_migrations_is_pinned_alike(own_url: str) -> None:
    await set_defaults(own_url, **DEFAULTS)
    engine = create_engine(own_url, size=1, role=None, patience=BACKGROUND)
    async with engine.connect() as connection:
        shown = await connection.exec_driver_sql("SHOW synchronous_commit")
        assert shown.scalar() == "on"
    await engine.dispose()


async def test_a_stronger_commit_stays(own_url: str) -> None:
    await set_defaults(own_url, synchronous_commit="remote_apply")
    connection = await connect(own_url)
    assert await connection.fetchval("SHOW synchronous_commit") == "remote_apply"
    await connection.close()


async def test_a_server_that_may_not_be_written_to_is_not_used(own_url: str) -> None:
    await set_defaults(own_url, default_transaction_read_only="on")
    with pytest.raises(NOT_NOW):
        await connect(own_url)


async def test_a_pool_that_is_used_up_is_not_waited_for_without_end(database_url: str) -> None:
    patience = Patience(statement_s=1, lock_s=1, idle_s=5, wait_s=0.1)
    async with await create_pool(database_url, size=1, patience=patience) as pool, pool.acquire():
        with pytest.raises(TimeoutError):
            await pool.fetchval("SELECT 1")


async def test_a_database_that_never_answers_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.database.engine.CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with asyncio.timeout(60):
            with pytest.raises(TimeoutError):
                await connect(f"postgresql://nobody@127.0.0.1:{port}/nothing")


LAST_WORD = b"SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"


@pytest.mark.parametrize("verb", ["execute", "fetch"])
async def test_a_connection_out_of_step_is_not_used_again(database_url: str, verb: str) -> None:
    """The server's last word came, and the end of the link did not."""
    async with await create_pool(database_url, size=1) as pool:
        async with pool.acquire() as connection:
            protocol = connection._con._protocol  # noqa: SLF001  as if the network had brought it
        protocol.data_received(b"E" + (len(LAST_WORD) + 4).to_bytes(4, "big") + LAST_WORD)
        with pytest.raises(asyncpg.InternalClientError, match="another operation") as lost:
            await getattr(pool, verb)("SELECT 1")
        assert isinstance(lost.value, NOT_NOW)
        assert await pool.fetchval("SELECT 1") == 1


async def test_a_server_whose_certificate_nobody_answers_for_is_not_connected_to(
    tmp_path: Path,
) -> None:
    certificate = signed_by_itself(tmp_path)
    begun: list[bool] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)  # whether there is TLS
        writer.write(b"S")
        with suppress(OSError):
            await writer.start_tls(certificate.for_server())
            begun.append(bool(await reader.read(1)))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"postgresql://giaoviec@127.0.0.1:{port}/x?sslmode=verify-full&sslrootcert="
        signed_by_itself(other := tmp_path / "other")
        with pytest.raises(ssl.SSLCertVerificationError):
            await connect(url + str(other / "server.crt"))
        assert begun in ([], [False])
        with pytest.raises(NOT_NOW):
            await connect(url + str(certificate.certificate))
        assert begun[-1]
