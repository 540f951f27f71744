"""Commands get the time only while the host's clock, its steady clock and the database's agree."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service.app import create_app
from service.cli import checks_of_clocks
from service.cli.finding import State
from service.clocks import Clocks
from service.components import Service
from service.database.engine import Pool
from service.http.operations import for_operators
from service.log.events import ClocksDisagree
from service.settings import Settings
from tests.service.province import REPORT, Province
from tests.service.ready import until_readiness_is

HOURS_3 = 10_800.0
YEARS_73 = 73 * 365 * 86_400.0


class Host:
    """A host whose clocks a test sets: by how many seconds they are off."""

    def __init__(self) -> None:
        self.off = self.steady_off = 0.0

    def clock(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.off)

    def steady(self) -> float:
        return datetime.now(UTC).timestamp() + self.steady_off


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def clocks(pool: Pool, host: Host) -> Clocks:
    return Clocks(pool, host.clock, most_seconds=60, steady=host.steady)


async def test_the_time_is_the_hosts_while_the_clocks_agree(clocks: Clocks, host: Host) -> None:
    host.off = 30
    await clocks.check()
    assert clocks.fault is None
    assert abs(clocks.difference_seconds + 30) < 10
    assert abs(clocks.now() - host.clock()) < timedelta(seconds=5)


@pytest.mark.parametrize("off", [-HOURS_3, HOURS_3, YEARS_73])
async def test_a_host_off_from_the_start_gives_no_time_until_it_is_set(
    clocks: Clocks, host: Host, off: float
) -> None:
    host.off = off
    await clocks.check()
    assert clocks.fault is not None
    assert ("behind" if off > 0 else "ahead of") in clocks.fault
    with pytest.raises(ClocksDisagree) as refused:
        clocks.now()
    assert abs(refused.value.seconds - abs(off)) < 10

    host.off = 0
    await clocks.check()
    assert clocks.fault is None
    assert clocks.now()


async def test_doctor_tells_of_clocks_that_disagree(
    pool: Pool, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks_of_clocks, "utc_now", host.clock)
    settings = Settings.model_construct()
    assert (await checks_of_clocks.check_clocks(settings, pool)).state == State.OK
    for off, side in ((-HOURS_3, "ahead of"), (YEARS_73, "behind")):
        host.off = off
        found = await checks_of_clocks.check_clocks(settings, pool)
        assert (found.check, found.state) == ("clocks", State.WRONG)
        assert side in found.says
        assert "NTP" in found.mend


async def test_a_host_that_jumps_between_two_comparisons_gives_no_time(
    clocks: Clocks, host: Host
) -> None:
    await clocks.check()
    host.off = HOURS_3
    with pytest.raises(ClocksDisagree):
        clocks.now()
    host.off = 0
    assert clocks.now()


async def test_clocks_that_jumped_together_are_not_trusted_on_one_host(
    clocks: Clocks, host: Host
) -> None:
    await clocks.check()
    host.steady_off = -HOURS_3  # the same as if all but the steady clock had gone on
    await clocks.check()
    assert clocks.fault is not None
    assert "restart the service" in clocks.fault
    with pytest.raises(ClocksDisagree):
        clocks.now()


async def test_a_drift_within_the_bound_is_followed(clocks: Clocks, host: Host) -> None:
    await clocks.check()
    for off in (50, 0, -50, 0):
        host.off = off
        await clocks.check()
        assert clocks.now()


@pytest.mark.parametrize("moment", ["from the start", "while it serves"])
async def test_a_service_on_a_host_of_2099_reads_and_does_not_write(
    province: Province, service: Service, host: Host, moment: str
) -> None:
    task = await province.task_in_progress("kilns")
    head = await service.log.head(province.ledger)
    if moment == "from the start":
        host.off = YEARS_73
    app = create_app(service.settings, host.clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers=province.client.headers,
        ) as client,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(for_operators(app.state.service)),
            base_url="http://test",
        ) as operator,
    ):
        host.off = YEARS_73
        elsewhere = Province(client, province.ledger)
        refused = {
            language: await elsewhere.says(
                f"/tasks/{task}/report-progress", REPORT, {"Accept-Language": language}
            )
            for language in ("en", "vi")
        }
        ready = await until_readiness_is(client, 503)
        details = await operator.get("/readyz/details")
        await app.state.service.clocks.check()
        metrics = (await operator.get("/metrics")).text
        feed = await client.get(f"/v1/{province.ledger}/events")

        assert ready.json().keys() == {"type", "title", "status", "detail", "instance"}
        assert details.json()["status"] == "not_ready"
        assert any(fault.startswith("clocks: ") for fault in details.json()["faults"])
        for language, reply in refused.items():
            assert reply.status_code == 503, reply.text
            assert reply.json()["type"] == "/problems/clocks-disagree"
            assert reply.headers["Content-Language"] == language
            assert str(reply.json()["difference_seconds"]) in reply.json()["detail"]
        assert feed.status_code == 200
        shown = re.search(r"^giaoviec_clock_difference_seconds (\S+)$", metrics, re.MULTILINE)
        assert shown is not None
        assert float(shown[1]) < -YEARS_73 / 2
        assert await service.log.head(province.ledger) == head

        host.off = 0
        await until_readiness_is(client, 200)
        written = await elsewhere.says(f"/tasks/{task}/report-progress", REPORT)
        assert written.status_code == 200, written.text
