"""Ahead: a ledger whose last event a wrong clock put into the future, and what is said of it."""

from datetime import UTC, datetime, timedelta

import pytest

from service.database.engine import Pool
from service.log.ahead import ledgers_ahead
from service.log.events import LedgerAhead, LogEvent
from service.log.log import Log

BOUND = timedelta(seconds=60)
FUTURE = """
INSERT INTO log.events (
    ledger, position, event_id, type, schema_version, recorded_at, effective_on, actor,
    correlation_id, tags, data
)
SELECT $1, 1, gen_random_uuid(), 't', 1, now() + $2::interval, '2021-01-04', 'someone',
    gen_random_uuid(), '{}', ''
"""


async def ledger_with_a_last_event(pool: Pool, ahead: timedelta) -> str:
    ledger = f"ahead-{int(ahead.total_seconds())}-{datetime.now(UTC).timestamp():.0f}"
    await pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
    await pool.execute(FUTURE, ledger, ahead)
    return ledger


async def test_a_ledger_whose_last_event_lies_ahead_is_refused_by_name_and_says_until_when(
    owner_pool: Pool, pool: Pool
) -> None:
    ahead = timedelta(days=1)
    ledger = await ledger_with_a_last_event(owner_pool, ahead)
    async with Log(pool, most_skew=BOUND) as log:
        with pytest.raises(LedgerAhead, match="in the future, as a clock was wrong") as refused:
            await log.append(ledger, [LogEvent("t", b"{}", [])])
    assert abs(refused.value.seconds - ahead.total_seconds()) < 60
    assert abs(refused.value.until - datetime.now(UTC) - ahead + BOUND) < timedelta(minutes=1)
    assert ledger in await ledgers_ahead(pool, BOUND)


async def test_within_the_bound_a_ledger_is_written_and_its_instants_stay_in_order(
    owner_pool: Pool, pool: Pool
) -> None:
    ledger = await ledger_with_a_last_event(owner_pool, BOUND / 2)
    assert ledger not in await ledgers_ahead(pool, BOUND)
    async with Log(pool, most_skew=BOUND) as log:
        assert (await log.append(ledger, [LogEvent("t", b"{}", [])])).first_position == 2
    instants = await pool.fetch(
        "SELECT recorded_at FROM log.events WHERE ledger = $1 ORDER BY position", ledger
    )
    assert instants[0]["recorded_at"] <= instants[1]["recorded_at"]
