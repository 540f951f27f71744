"""Nobody changes what the log holds: neither the service nor the owner of the tables."""

import asyncpg
import pytest

from service.database.engine import Pool
from service.log.events import Idempotency, LogEvent
from service.log.log import Log

TABLES = ["events", "event_tags", "requests"]
CHANGES = [
    "UPDATE log.{} SET ledger = ledger",
    "UPDATE log.{} SET ledger = ledger WHERE false",
    "DELETE FROM log.{}",
    "TRUNCATE log.{}",
]


@pytest.fixture
async def written(pool: Pool, ledger: str) -> str:
    async with Log(pool) as log:
        await log.append(
            ledger, [LogEvent("t", b"{}", ["task:1"])], idempotency=Idempotency("c", "k", b"d")
        )
    return ledger


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
async def test_the_owner_cannot_change_the_log(
    owner_pool: Pool, written: str, table: str, change: str
) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match=rf"log\.{table} is append-only"):
        await owner_pool.execute(change.format(table))
    assert await owner_pool.fetchval(
        f"SELECT count(*) FROM log.{table} WHERE ledger = $1",  # noqa: S608  a constant
        written,
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", [*CHANGES, "INSERT INTO log.{} SELECT * FROM log.{}"])
async def test_the_service_cannot_change_the_log(
    pool: Pool, written: str, table: str, change: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(change.format(table, table))
    assert await pool.fetchval(
        f"SELECT count(*) FROM log.{table} WHERE ledger = $1",  # noqa: S608  a constant
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
