"""The log and the read models of a database, without the service around them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import zip_longest
from uuid import uuid4

import pytest

from domain.kernel import Event
from domain.values import Basis
from projections import PROJECTIONS
from projections.projection import SCHEMA
from service.database.engine import Acquired, Pool
from service.log.codec import Codec
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.read_models.advance import advance, begin
from service.read_models.projector import TAKEN_S, Projector
from service.read_models.tables import ReadTable

STANDING = """
SELECT min(position) < log.head($1) AS behind, min(error) AS error
FROM read.positions WHERE ledger = $1
"""


class Recorder:
    """Records events as the service does, each ledger's in its own, and folds them."""

    def __init__(self, pool: Pool, log: Log) -> None:
        self.pool = pool
        self.log = log
        self.codec = Codec(PersonKeys(pool, bytes(32)))
        self.tables = [ReadTable(projection, SCHEMA) for projection in PROJECTIONS]

    async def new_ledger(self) -> str:
        ledger = f"test-{uuid4().hex[:12]}"
        await self.log.create_ledger(ledger, ledger)
        return ledger

    async def record(
        self, ledger: str, events: Sequence[Event], bases: Sequence[Basis | None] = ()
    ) -> int:
        """The position of the last; `bases` are what the events cite, one each if any is given."""
        encoded = [
            await self.codec.encode(ledger, event, actor="client:test", basis=basis)
            for event, basis in zip_longest(events, bases)
        ]
        return (await self.log.append(ledger, encoded)).last_position

    async def fold(self, ledger: str, batch_events: int) -> None:
        """Everything recorded, in batches of that size.

        A service that runs beside it may be moving the same ledger: its batches are waited for.
        """
        async with self.pool.acquire() as connection:
            await begin(connection, ledger, PROJECTIONS)
            while await self._behind(connection, ledger):
                if not await advance(connection, ledger, self.tables, batch_events):
                    await asyncio.sleep(TAKEN_S)

    async def _behind(self, connection: Acquired, ledger: str) -> bool:
        row = await connection.fetchrow(STANDING, ledger)
        assert row is not None
        assert row["error"] is None, row["error"]
        return bool(row["behind"])


@pytest.fixture(scope="session")
async def log(pool: Pool) -> AsyncIterator[Log]:
    async with Log(pool) as log:
        yield log


@pytest.fixture(scope="session")
async def recorder(pool: Pool, log: Log) -> Recorder:
    assert await Projector(pool, log).prepare() == []
    return Recorder(pool, log)
