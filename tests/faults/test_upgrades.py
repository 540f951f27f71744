"""Upgrades: read models of another build are rebuilt, and a kill meanwhile leaves nothing."""

import time

import asyncpg
import pytest

from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, under_load
from tests.faults.postgres import wait_for

pytestmark = pytest.mark.faults

ROUNDS = 3


def outdate(site: Site) -> None:
    """Let every read model be of another build."""
    site.server.execute(
        "UPDATE read.projections SET fingerprint = 'of another build'", database=site.database
    )


def outdated(site: Site) -> list[str]:
    return site.server.column(
        "SELECT projection FROM read.projections WHERE fingerprint = 'of another build'",
        site.database,
    )


def shadows(site: Site) -> list[str]:
    """The tables that rebuilds fill."""
    return site.server.column(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = to_regnamespace('read_shadow')",
        site.database,
    )


def test_every_read_model_is_rebuilt_on_two_connections_while_commands_go_on(
    site: Site, serve: Serve, report: Report
) -> None:
    service = serve(site.url, GIAOVIEC_POOL_SIZE="2")
    load = Load([service.address], site.token, [site.ledger], callers=4)
    with under_load(load):
        load.wait_for(20)
        service.terminate()
        outdate(site)
        began = time.monotonic()
        service.start()
        load.wait_for(20)
        service.wait_ready()
        seconds = time.monotonic() - began
    assert outdated(site) == []
    row = compared(
        "every read model outdated, pool of 2",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)


async def test_what_a_rebuild_leaves_that_is_killed_is_gone_after_the_next_start(
    site: Site, serve: Serve, report: Report
) -> None:
    service = serve(site.url)
    load = Load([service.address], site.token, [site.ledger], callers=4)
    with under_load(load):
        load.wait_for(20)
        service.kill()
        for _ in range(ROUNDS):
            outdate(site)
            # A reader who does not end: the swap waits for it.
            reader = await asyncpg.connect(site.url)
            await reader.execute("BEGIN; LOCK TABLE read.tasks IN ACCESS SHARE MODE")
            service.start()
            wait_for(lambda: "tasks" in shadows(site), "its rebuild is under way")
            service.kill()
            await reader.close()
        seconds = service.restart()
        load.wait_for(20)
    assert (outdated(site), shadows(site)) == ([], [])
    row = compared(
        "service killed (-9) in a rebuild",
        load,
        site.server,
        database=site.database,
        rounds=ROUNDS,
        seconds=seconds,
    )
    report(row)
