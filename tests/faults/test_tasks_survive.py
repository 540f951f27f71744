"""Background work survives what a database does: it goes on afterwards, and `/readyz` told."""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence

import asyncpg
import httpx
import pytest

from projections import PROJECTIONS
from projections.projection import Projection
from service.database.engine import SERVICE_ROLE
from service.read_models.advance import LOCK
from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site, prepared
from tests.faults.load import Load, under_load
from tests.faults.postgres import DATABASE, PostgresServer, copied, wait_for
from tests.faults.processes import ServiceProcess, service_process
from tests.faults.proxy import Proxy
from tests.faults.renaming import renamed_away, renamed_back

LOGIN = "served"
OTHER = "other"
TERMINATIONS = 102
UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị\nyen-son;Yên Sơn;xã\n"

Injury = Callable[[Site], None]


def _rename(site: Site) -> None:
    renamed_away(site, f"{site.database}_away")


def _rename_back(site: Site) -> None:
    renamed_back(site, f"{site.database}_away")


def _refuse_the_login(site: Site) -> None:
    site.server.execute(f"ALTER ROLE {LOGIN} NOLOGIN")
    site.server.terminate_backends(f"usename = '{LOGIN}'")


def _take_the_login(site: Site) -> None:
    site.server.execute(f"ALTER ROLE {LOGIN} LOGIN")


def _table(name: str, schema: str) -> tuple[Injury, Injury]:
    away = f"{name}_away"

    def rename(site: Site, before: str, after: str) -> None:
        site.server.execute(
            f"ALTER TABLE {schema}.{before} RENAME TO {after}", database=site.database
        )

    return lambda site: rename(site, name, away), lambda site: rename(site, away, name)


INJURIES: dict[str, tuple[Injury, Injury]] = {
    "database renamed away": (_rename, _rename_back),
    "login refused": (_refuse_the_login, _take_the_login),
    "table of ledgers missing": _table("ledgers", "log"),
}
# What is done, and for how many seconds.
SHORT, *SLOW = [(next(iter(INJURIES)), 1), *((name, 5) for name in INJURIES)]


@pytest.fixture
def served(site: Site, serve: Serve) -> ServiceProcess:
    """A service with a login of its own."""
    site.server.execute(f"DROP ROLE IF EXISTS {LOGIN}")
    site.server.execute(f"CREATE ROLE {LOGIN} LOGIN PASSWORD '{site.server.password}'")
    site.server.execute(f"GRANT {SERVICE_ROLE} TO {LOGIN}")
    return serve(site.server.url(site.database, LOGIN))


@pytest.mark.parametrize(
    ("name", "seconds_away"),
    [SHORT, *(pytest.param(*each, marks=pytest.mark.faults) for each in SLOW)],
)
def test_everything_moves_again_after(
    name: str, seconds_away: int, site: Site, served: ServiceProcess, report: Report
) -> None:
    injure, mend = INJURIES[name]
    load = Load([served.address], site.token, [site.ledger], callers=4)
    with under_load(load):
        load.wait_for(10)
        injure(site)
        wait_for(lambda: _not_ready(served), "/readyz tells of it")
        time.sleep(seconds_away)
        mend(site)
        seconds = max(served.wait_ready(), load.wait_for(10))
    _everything_moves(served, site)
    assert 500 not in load.statuses, load.statuses
    assert served.metric("giaoviec_task_restarts_total") > 0
    row = compared(
        f"{name}, {seconds_away} s",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)


@pytest.mark.faults
def test_everything_moves_after_many_terminations_under_load(
    site: Site, served: ServiceProcess, report: Report
) -> None:
    load = Load([served.address], site.token, [site.ledger])
    ended = rounds = 0
    with under_load(load):
        while ended < TERMINATIONS:
            load.wait_for(5)
            ended += site.server.terminate_backends(f"datname = '{site.database}'")
            rounds += 1
        seconds = max(served.wait_ready(), load.wait_for(10))
    _everything_moves(served, site)
    assert 500 not in load.statuses, load.statuses
    report(
        compared(
            "backends terminated under load",
            load,
            site.server,
            database=site.database,
            rounds=rounds,
            seconds=seconds,
        )
    )


async def test_a_dead_projector_behind_a_black_hole_holds_the_read_models_for_seconds_only(
    site: Site, serve: Serve, proxy: Proxy, report: Report
) -> None:
    survivor = serve(site.url, GIAOVIEC_STANDSTILL_SECONDS="2", GIAOVIEC_READ_WAIT_SECONDS="0.5")
    dead = await _holding_positions(proxy.url(site.url), site.ledger)
    proxy.swallow()
    load = Load([survivor.address], site.token, [site.ledger], callers=2)
    with under_load(load):
        load.wait_for(5)
        wait_for(lambda: _stands_still(survivor), "/readyz tells of the standstill")
        # At once: however slow the machine is, it stands still for half a minute only.
        assert _read(survivor, site, load.acknowledged[-1].position)[0] == 503
        assert survivor.metric("giaoviec_projection_standstill_seconds") > 0
        seconds = survivor.wait_ready()
    assert _read(survivor, site, load.acknowledged[-1].position)[0] == 200
    dead.terminate()
    report(
        compared(
            "projector's host dead in mid-batch",
            load,
            site.server,
            database=site.database,
            seconds=seconds,
        )
    )


@pytest.fixture(scope="module")
def watched(
    cluster: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, ServiceProcess]]:
    """A service of two ledgers that soon tells of what stands still."""
    site = prepared(cluster, copied(cluster, DATABASE, f"watched_{secrets.token_hex(6)}"))
    site.server.execute(
        f"INSERT INTO log.ledgers (ledger, name) VALUES ('{OTHER}', 'other')",  # noqa: S608  ours
        database=site.database,
    )
    folder = tmp_path_factory.mktemp("watched")
    with service_process(folder, site.url, GIAOVIEC_STANDSTILL_SECONDS="1") as service:
        yield site, service


async def test_one_ledger_that_stands_still_degrades_the_service_and_no_more(
    watched: tuple[Site, ServiceProcess], report: Report
) -> None:
    site, service = watched
    held = await _holding_positions(site.url, site.ledger)
    await held.execute("SET idle_in_transaction_session_timeout = 0")
    load = _written(service, site)
    # Where the machine is busy, those of the other ledger may stand still for a moment too.
    told = rf"read models of {site.ledger}: .*\btasks\b"
    wait_for(lambda: _is_degraded_by(service, told), "it is degraded by that ledger alone")
    await held.close()
    seconds = wait_for(
        lambda: service.ready()[1] == {"status": "ready", "faults": []}, "it moves again"
    )
    row = compared(
        "read models of one ledger held",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)


async def test_one_read_model_that_stands_still_degrades_the_service_and_no_other_read_model(
    watched: tuple[Site, ServiceProcess],
) -> None:
    site, service = watched
    [stuck] = (projection for projection in PROJECTIONS if projection.name == "tasks")
    ledgers = (site.ledger, OTHER)
    held = [await _holding_positions(site.url, ledger, [stuck]) for ledger in ledgers]
    for session in held:
        await session.execute("SET idle_in_transaction_session_timeout = 0")
    load = _written(service, site)
    told = [f"read models of {ledger}: tasks stand still at " for ledger in ledgers]
    wait_for(lambda: _is_degraded_by(service, *told), "/readyz tells of both, and of nothing else")
    last = max(one.position for one in load.acknowledged if one.ledger == site.ledger)
    assert _read(service, site, last)[0] == 200
    for session in held:
        await session.close()
    wait_for(lambda: service.ready()[1] == {"status": "ready", "faults": []}, "it moves again")


async def _holding_positions(
    url: str, ledger: str, projections: Sequence[Projection] = PROJECTIONS
) -> "asyncpg.Connection[asyncpg.Record]":
    """A projector's session in the middle of a batch."""
    connection = await asyncpg.connect(url, server_settings={"role": "giaoviec_service"})
    await connection.transaction().start()
    names = [projection.name for projection in projections]
    prints = [projection.fingerprint for projection in projections]
    for _ in range(200):
        if await connection.fetch(LOCK, ledger, names, prints):
            return connection
        await connection.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("the ledger has no positions")


def _written(service: ServiceProcess, site: Site) -> Load:
    """What was recorded in both ledgers."""
    load = Load([service.address], site.token, [site.ledger, OTHER], callers=2)
    with under_load(load):
        wait_for(lambda: len({one.ledger for one in load.acknowledged}) > 1, "both are written")
    return load


def _not_ready(service: ServiceProcess) -> bool:
    return service.ready()[0] == httpx.codes.SERVICE_UNAVAILABLE


def _is_degraded_by(service: ServiceProcess, *told: str) -> bool:
    """Whether it is ready, and tells of these faults and of no others."""
    status, body = service.ready()
    return (
        status == httpx.codes.OK
        and body["status"] == "degraded"
        and len(body["faults"]) == len(told)
        and all(re.match(one, fault) for one, fault in zip(told, body["faults"], strict=True))
    )


def _stands_still(service: ServiceProcess) -> bool:
    status, body = service.ready()
    return status == httpx.codes.SERVICE_UNAVAILABLE and any(
        "stand still" in fault for fault in body["faults"]
    )


def _read(service: ServiceProcess, site: Site, position: int) -> tuple[int, object]:
    return service.get(
        f"/v1/{site.ledger}/units?as_of=2021-06-01&min_position={position}", site.token
    )


def _everything_moves(service: ServiceProcess, site: Site) -> None:
    """Commands, read models, the feed, imports."""
    client = httpx.Client(
        base_url=f"{service.address}/v1/{site.ledger}",
        headers={"Authorization": f"Bearer {site.token}"},
        timeout=60,
    )
    with client:
        sent = client.post("/imports/units", content=UNITS, headers={"Content-Type": "text/csv"})
        assert sent.is_success, sent.text
        address = f"{service.address}{sent.headers['Location']}"
        wait_for(lambda: client.get(address).json()["state"] == "done", "the import is done")
        head = client.get("/events", params={"limit": 1}).json()["head"]
    wait_for(lambda: _read(service, site, head)[0] == httpx.codes.OK, "the read models follow")
