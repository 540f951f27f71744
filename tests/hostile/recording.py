"""Recording: ledgers with much in them, recorded as it is and without a decision."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from domain.kernel import Event
from service.database.engine import create_pool
from service.log.codec import Codec
from service.log.log import Log
from service.log.sealing import PersonKeys
from tests.hostile.attack import Target
from tests.logins import as_service

BATCH = 500


async def another_ledger(url: str, target: Target) -> Target:
    """The same service, and a ledger of its own."""
    ledger = f"hostile-{secrets.token_hex(6)}"
    async with await create_pool(url, size=1, role=None) as pool:
        await pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
    return replace(target, ledger=ledger)


async def record(url: str, ledger: str, events: Sequence[Event]) -> None:
    """Record the events as they are."""
    async with await create_pool(as_service(url), size=2) as pool, Log(pool) as log:
        codec = Codec(PersonKeys(pool, bytes(32)))
        for start in range(0, len(events), BATCH):
            part = events[start : start + BATCH]
            encoded = [await codec.encode(ledger, event, actor="client:test") for event in part]
            await log.append(ledger, encoded)
