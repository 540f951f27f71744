"""Time limits: a database that is silent, away or refuses holds up nothing for ever."""

import time

import httpx
import pytest

from service.access.roles import Role
from service.access.tokens import Tokens
from service.database.engine import create_pool
from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, under_load
from tests.faults.postgres import in_thread, wait_for
from tests.faults.proxy import Proxy
from tests.faults.renaming import renamed_away, renamed_back

pytestmark = pytest.mark.faults

LIMITS = {"GIAOVIEC_REQUEST_SECONDS": "2", "GIAOVIEC_SHUTDOWN_SECONDS": "8"}


def test_a_silent_database_is_answered_for_and_the_service_goes_on_after_it(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    service = serve(proxy.url(site.url), **LIMITS)
    load = Load([service.address], site.token, [site.ledger], callers=8)
    with under_load(load):
        load.wait_for(20)
        proxy.swallow()
        before = load.statuses[503]
        wait_for(lambda: load.statuses[503] > before + 8, "requests are refused in time")
        proxy.heal()
        seconds = load.wait_for(1)
        load.wait_for(20)
    assert load.statuses[500] == 0
    report(
        compared(
            "database silent behind a black hole",
            load,
            site.server,
            database=site.database,
            seconds=seconds,
        )
    )


def test_it_ends_in_time_though_the_database_is_silent(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    """150 seconds did not suffice."""
    service = serve(proxy.url(site.url), **LIMITS)
    load = Load([service.address], site.token, [site.ledger], callers=16, attempts=1)
    with under_load(load):
        load.wait_for(20)
        proxy.swallow()
        time.sleep(1)
        load.end()
        took = service.terminate()
        assert took < 8 + 7
    assert load.statuses[500] == 0
    row = compared(
        "SIGTERM in a black hole, ended",
        load,
        site.server,
        database=site.database,
        seconds=took,
    )
    report(row)


def test_a_database_that_is_renamed_away_gives_503_and_never_500(
    site: Site, serve: Serve, report: Report
) -> None:
    service = serve(site.url, **LIMITS)
    load = Load([service.address], site.token, [site.ledger], callers=16)
    away = f"{site.database}_away"
    with under_load(load):
        load.wait_for(20)
        renamed_away(site, away)
        wait_for(lambda: load.statuses[503] > 20, "requests are refused")
        renamed_back(site, away)
        seconds = load.wait_for(1)
        load.wait_for(50)
    assert load.statuses[500] == 0
    row = compared(
        "database renamed away under 16 callers",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)


def test_one_token_with_many_callers_leaves_another_its_turn(
    site: Site, serve: Serve, report: Report
) -> None:
    service = serve(site.url, GIAOVIEC_WAITING_PER_CLIENT="40")
    flood = Load([service.address], site.token, [site.ledger], callers=250, timeout_s=120)
    with under_load(flood):
        wait_for(lambda: flood.statuses[429] > 0, "the flood is told to wait")
        headers = {"Authorization": f"Bearer {second_token(site)}"}
        took = []
        for number in range(20):
            began = time.monotonic()
            reply = httpx.post(
                f"{service.address}/v1/{site.ledger}/officials/register",
                json={
                    "official_id": f"calm-{number}",
                    "full_name": "Cán bộ",
                    "effective_on": "2021-01-04",
                },
                headers=headers,
                timeout=60,
            )
            took.append(time.monotonic() - began)
            assert reply.is_success, reply.text
            flood.note(site.ledger, f"calm-{number}", reply.json()["position"])
    assert sorted(took)[len(took) // 2] < 5
    assert flood.statuses[500] == 0
    row = compared(
        "250 callers of one token, another's wait",
        flood,
        site.server,
        database=site.database,
        seconds=max(took),
    )
    report(row)


def second_token(site: Site) -> str:
    async def create() -> str:
        async with await create_pool(site.url, size=1, role=None) as pool:
            return (await Tokens(pool).create("calm", Role.AUTHORITY, units=["*"]))[1]

    text: str = in_thread(create)
    return text
