"""Ledgers that others hold, and sessions that end: whoever waits behind them is served."""

import time

import asyncpg
import pytest

from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, under_load
from tests.faults.postgres import wait_for

pytestmark = pytest.mark.faults

CALLERS = 200
WAITING = "wait_event = 'advisory' AND query ~ 'log.append'"


async def holding(site: Site, *ledgers: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A session that holds these ledgers, as that of a process that hangs in its append."""
    connection = await asyncpg.connect(site.url)
    await connection.execute("BEGIN")
    for ledger in ledgers:
        await connection.execute("SELECT log.ledger_lock($1)", ledger)
    return connection


async def test_nine_held_ledgers_leave_the_tenth_its_turn(
    site: Site, serve: Serve, report: Report
) -> None:
    nine = [f"held-{number}" for number in range(9)]
    for ledger in nine:
        site.server.execute(
            f"INSERT INTO log.ledgers (ledger, name) VALUES ('{ledger}', 'Held')",  # noqa: S608  ours
            database=site.database,
        )
    service = serve(site.url, GIAOVIEC_REQUEST_SECONDS="60")
    load = Load([service.address], site.token, [site.ledger, *nine], callers=20)

    def recorded(*ledgers: str) -> int:
        return min(sum(one.ledger == each for one in load.acknowledged) for each in ledgers)

    with under_load(load):
        wait_for(lambda: recorded(*load.ledgers) > 0, "every ledger is written")
        holder = await holding(site, *nine)
        began, before = time.monotonic(), recorded(site.ledger)
        wait_for(lambda: recorded(site.ledger) > before, "the tenth is written")
        seconds = time.monotonic() - began
        wait_for(lambda: recorded(site.ledger) > before + 50, "the tenth goes on")
        held = recorded(*nine)
        await holder.close()
        wait_for(lambda: recorded(*nine) > held, "the nine are written again")
    assert load.statuses.keys() == {201}
    row = compared(
        "nine of ten ledgers held",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)


async def test_callers_behind_a_session_that_ends_wait_for_the_next(
    site: Site, serve: Serve, report: Report
) -> None:
    limits = {"GIAOVIEC_REQUEST_SECONDS": "60", "GIAOVIEC_WAITING_PER_CLIENT": "1000"}
    service = serve(site.url, **limits)
    load = Load([service.address], site.token, [site.ledger], callers=CALLERS)
    with under_load(load):
        wait_for(lambda: len(load.sent) > CALLERS, "all callers call")
        holder = await holding(site, site.ledger)
        wait_for(lambda: site.server.terminate_backends(WAITING) > 0, "a session waits and ends")
        await holder.close()
        seconds = load.wait_for(1)
        load.wait_for(CALLERS)
    assert load.statuses.keys() == {201}, load.statuses
    row = compared(
        f"session ended before {CALLERS} callers",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)
