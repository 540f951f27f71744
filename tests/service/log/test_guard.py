"""Nobody changes what the log holds: neither the service nor the owner of the tables."""

import asyncpg
import pytest

from service.database.engine import Pool
from service.log.events import Idempotency, LogEvent
from service.log.log import Log

# Of each table what a row of a ledger is found by.
OF_LEDGER = {
    "events": "ledger = $1",
    "tagged": "tag IN (SELECT id FROM log.words WHERE ledger = $1)",
    "words": "ledger = $1",
    "requests": "ledger = $1",
}
CHANGES = [
    "UPDATE log.{} SET {} = DEFAULT",
    "UPDATE log.{} SET {} = DEFAULT WHERE false",
    "DELETE FROM log.{}",
    "TRUNCATE log.{}",
]


def column_of(table: str) -> str:
    return OF_LEDGER[table].split(" ", 1)[0]


@pytest.fixture
async def written(pool: Pool, ledger: str) -> str:
    async with Log(pool) as log:
        await log.append(
            ledger, [LogEvent("t", b"{}", ["task:1"])], idempotency=Idempotency("c", "k", b"d")
        )
    return ledger


@pytest.mark.parametrize("table", OF_LEDGER)
@pytest.mark.parametrize("change", CHANGES)
async def test_the_owner_cannot_change_the_log(
    owner_pool: Pool, written: str, table: str, change: str
) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match=rf"log\.{table} is append-only"):
        await owner_pool.execute(change.format(table, column_of(table)))
    assert await owner_pool.fetchval(
        f"SELECT count(*) FROM log.{table} WHERE {OF_LEDGER[table]}",  # noqa: S608  constants
        written,
    )


@pytest.mark.parametrize("table", OF_LEDGER)
@pytest.mark.parametrize("change", [*CHANGES, "INSERT INTO log.{} ({}) VALUES (DEFAULT)"])
async def test_the_service_cannot_change_the_log(
    pool: Pool, written: str, table: str, change: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(change.format(table, column_of(table)))
    assert await pool.fetchval(
        f"SELECT count(*) FROM log.{table} WHERE {OF_LEDGER[table]}",  # noqa: S608  constants
        written,
    )


async def test_a_ledger_never_ceases_to_be(owner_pool: Pool) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match=r"log\.ledgers is append-only"):
        await owner_pool.execute("DELETE FROM log.ledgers")


async def test_a_session_that_replays_a_replica_cannot_change_the_log_either(
    owner_pool: Pool, written: str
) -> None:
    async with owner_pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await connection.execute("DELETE FROM log.events WHERE ledger = $1", written)
