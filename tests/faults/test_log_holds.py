"""The log holds, whatever is cut or dies: the acknowledged is recorded once, readers get it all."""

import time
from collections.abc import Callable, Sequence

import pytest

from tests.faults.checker import Outcome, compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, Subscriber, under_load
from tests.faults.postgres import PostgresServer
from tests.faults.processes import ServiceProcess
from tests.faults.proxy import Proxy, Way

BETWEEN = 50  # commands acknowledged before each fault, and after the last


def under_fault(
    fault: str,
    site: Site,
    services: Sequence[ServiceProcess],
    injure: Callable[[], object],
    rounds: int,
    mend: Callable[[], object] = lambda: None,
) -> Outcome:
    """Injure again and again while eight callers write and two readers follow the feed."""
    addresses = [service.address for service in services]
    load = Load(addresses, site.token, [site.ledger], callers=8)
    readers = [
        Subscriber(addresses, site.token, site.ledger, streams=streams) for streams in (False, True)
    ]
    seconds = 0.0
    with under_load(load, *readers):
        load.wait_for(BETWEEN)
        for _ in range(rounds):
            began = time.monotonic()
            injure()
            load.wait_for(1)
            seconds = max(seconds, time.monotonic() - began)
            mend()
            load.wait_for(BETWEEN)
    return compared(
        fault,
        load,
        site.server,
        *readers,
        database=site.database,
        rounds=rounds,
        seconds=seconds,
    )


@pytest.mark.faults
def test_cut_connections_lose_and_double_nothing(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    service = serve(proxy.url(site.url))
    report(under_fault("every connection cut", site, [service], proxy.cut, 3))


def test_replies_lost_after_the_commit_lose_and_double_nothing(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    service = serve(proxy.url(site.url))

    def lose_replies() -> None:
        proxy.swallow(Way.TO_SERVICE)
        time.sleep(0.2)  # what was sent is committed meanwhile, or not: both must be right
        proxy.cut()
        proxy.heal()

    report(under_fault("replies cut after COMMIT", site, [service], lose_replies, 3))


@pytest.mark.faults
def test_a_killed_service_loses_and_doubles_nothing(
    site: Site, serve: Serve, report: Report
) -> None:
    services = [serve(site.url), serve(site.url)]
    turns = [*services]

    def restart() -> None:
        turns[0].restart()
        turns.reverse()

    fault = "one of two services killed (-9)"
    report(under_fault(fault, site, services, lambda: turns[0].kill(), 4, restart))


@pytest.mark.faults
def test_a_killed_postmaster_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def kill() -> None:
        postgres.kill_postmaster()
        postgres.start()

    report(under_fault("postmaster killed (-9)", site, [serve(site.url)], kill, 4))


@pytest.mark.faults
def test_a_killed_server_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def kill() -> None:
        postgres.kill()
        postgres.start()

    report(under_fault("every process of PostgreSQL killed", site, [serve(site.url)], kill, 4))


@pytest.mark.faults
def test_a_killed_backend_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    services = [serve(site.url), serve(site.url)]
    report(under_fault("a backend killed (-9)", site, services, postgres.kill_backend, 6))


@pytest.mark.faults
def test_terminated_sessions_lose_and_double_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def terminate() -> None:
        postgres.terminate_backends(f"datname = '{site.database}'")

    report(under_fault("every session terminated", site, [serve(site.url)], terminate, 6))


@pytest.mark.faults
def test_a_server_that_hangs_for_a_while_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def hang() -> None:
        postgres.freeze()
        time.sleep(3)
        postgres.thaw()

    report(under_fault("PostgreSQL frozen for 3 s", site, [serve(site.url)], hang, 3))
