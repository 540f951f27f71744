"""Query plans: the log's functions probe indexes, however small or large the log is."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from service.database.engine import Connection, create_pool, with_database
from service.database.migrate import migrate
from service.log.events import Idempotency, LogEvent
from service.log.log import Log
from service.log.read import BOUNDARY, BY_INDEXES, SELECTED
from service.log.wire import APPEND, RequestRow, Sender, columns, event_row

TUPLES_READ = """
SELECT sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid))
FROM pg_class c
WHERE c.relnamespace = 'log'::regnamespace
"""

EVENTS_READ = """
SELECT pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)
FROM pg_class c WHERE c.oid = 'log.events'::regclass
"""


@pytest.fixture(params=["counted while small", "never counted"])
async def young_url(server_url: str, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A database whose statistics mislead: that the log is small, or nothing at all."""
    name = f"young_{uuid4().hex}"
    server = await asyncpg.connect(server_url)
    await server.execute(f"CREATE DATABASE {name}")
    url = with_database(server_url, name)
    await migrate(url)
    connection = await asyncpg.connect(url)
    await connection.execute("INSERT INTO log.ledgers (ledger, name) VALUES ('young', '')")
    if request.param == "counted while small":
        await fill(url, 5)
        await connection.execute("ANALYZE")
    await connection.close()
    yield url
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


async def fill(url: str, events: int) -> None:
    async with await create_pool(url, size=1) as pool, Log(pool) as log:
        for number in range(0, events, 5):
            batch = [
                LogEvent("t", b"{}", [f"task:{nth}", f"unit:{nth % 10}"])
                for nth in range(number, number + 5)
            ]
            key = Idempotency("c", f"{uuid4()}", b"")
            await log.append("young", batch, idempotency=key)


async def tuples_read(connection: Connection, statement: str, *arguments: object) -> int:
    """Count the rows and index entries of the log's tables that a statement reads."""
    transaction = connection.transaction()
    await transaction.start()
    # What the session read before is still counted with it, until the server takes it over.
    before = int(await connection.fetchval(TUPLES_READ))
    await connection.fetch(statement, *arguments)
    read = int(await connection.fetchval(TUPLES_READ)) - before
    await transaction.rollback()
    return read


ITEMS = [("task:77", ""), ("task:78\x1funit:8", "t"), ("", "ever\x1fnever")]


@pytest.mark.parametrize("after", [0, 100])
async def test_an_append_probes_indexes_however_the_log_has_grown(
    young_url: str, after: int
) -> None:
    event = event_row(LogEvent("t", b"{}", ["x"]))
    row = RequestRow(("c", "new", b"", b""), [event], ITEMS, after)
    connection = await asyncpg.connect(young_url)
    await tuples_read(
        connection, APPEND, "young", *Sender(), *columns([row])
    )  # planned while it is small
    await fill(young_url, 3000)
    assert await tuples_read(connection, APPEND, "young", *Sender(), *columns([row])) < 50
    await connection.close()


async def test_a_boundary_probes_indexes_however_the_log_has_grown(young_url: str) -> None:
    tags, types = zip(*ITEMS, strict=True)
    connection = await asyncpg.connect(young_url)
    none: list[str] = []
    arguments = (BOUNDARY, "young", tags, types, 0, "c", "k", None, none, none)
    await tuples_read(connection, *arguments)  # planned while it is small
    await fill(young_url, 3000)
    [boundary] = await connection.fetch(*arguments)
    assert len(boundary["positions"]) == 2
    assert await tuples_read(connection, *arguments) < 35
    await connection.close()


async def test_a_selection_probes_indexes_however_the_log_has_grown(young_url: str) -> None:
    tags = "task:77\x1ftask:78\x1ftask:2999"
    arguments = (SELECTED, "young", ["task:79\x1funit:9"], [""], [tags], ["t\x1fever"], None)
    connection = await asyncpg.connect(young_url)
    await connection.execute(BY_INDEXES.replace("LOCAL", "SESSION"))
    await tuples_read(connection, *arguments)  # planned while it is small
    await fill(young_url, 3000)
    [found] = await connection.fetch(*arguments)
    assert len(found["positions"]) == 4
    assert await tuples_read(connection, *arguments) < 50
    await connection.close()


@pytest.mark.parametrize("order", [1, -1])
async def test_of_several_tags_the_rarest_is_followed(young_url: str, order: int) -> None:
    """One is on every tenth event, the other on one; each event read would be a row more."""
    await fill(young_url, 3000)
    connection = await asyncpg.connect(young_url)
    tags = "\x1f".join(["task:78", "unit:8"][::order])
    statement = "SELECT * FROM log.matching('young', ARRAY[$1], ARRAY[''], 0, 100)"
    assert len(await connection.fetch(statement, tags)) == 1
    assert await tuples_read(connection, statement, tags) < 50
    await connection.close()


async def test_tags_that_are_never_together_are_held_against_each_other_in_the_index(
    young_url: str,
) -> None:
    await fill(young_url, 3000)
    connection = await asyncpg.connect(young_url)
    statement = "SELECT * FROM log.matching('young', ARRAY[$1], ARRAY[''], 0, 100)"
    assert await connection.fetch(statement, "unit:7\x1funit:8") == []
    transaction = connection.transaction()
    await transaction.start()
    await connection.fetch(statement, "unit:7\x1funit:8")
    assert await connection.fetchval(EVENTS_READ) == 0
    await transaction.rollback()
    await connection.close()
