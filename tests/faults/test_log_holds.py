"""The log holds, whatever is cut or dies: the acknowledged is recorded once, readers get it all."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.faults.checker import Outcome, compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, Subscriber, under_load
from tests.faults.postgres import PostgresServer
from tests.faults.processes import ServiceProcess
from tests.faults.proxy import Proxy, Way

BETWEEN = 50  # commands acknowledged before each fault, and after the last


@dataclass(frozen=True)
class Fault:
    """What is done to whom.

    Attributes:
        name: of its row in the table.
        injure: does it.
        rounds: how often.
        mend: puts right what does not come back by itself, once commands are acknowledged again.
    """

    name: str
    injure: Callable[[], object]
    rounds: int
    mend: Callable[[], object] = lambda: None


def under_fault(fault: Fault, site: Site, *services: ServiceProcess) -> Outcome:
    """Injure again and again while eight callers write and two readers follow the feed."""
    addresses = [service.address for service in services]
    load = Load(addresses, site.token, [site.ledger], callers=8)
    readers = [
        Subscriber(addresses, site.token, site.ledger, streams=streams) for streams in (False, True)
    ]
    seconds = 0.0
    with under_load(load, *readers):
        load.wait_for(BETWEEN)
        for _ in range(fault.rounds):
            began = time.monotonic()
            fault.injure()
            load.wait_for(1)
            seconds = max(seconds, time.monotonic() - began)
            fault.mend()
            load.wait_for(BETWEEN)
    return compared(
        fault.name,
        load,
        site.server,
        *readers,
        database=site.database,
        rounds=fault.rounds,
        seconds=seconds,
    )


@pytest.mark.faults
def test_cut_connections_lose_and_double_nothing(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    cut = Fault("every connection cut", proxy.cut, 10)
    report(under_fault(cut, site, serve(proxy.url(site.url))))


def test_replies_lost_after_the_commit_lose_and_double_nothing(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    def lose_replies() -> None:
        proxy.swallow(Way.TO_SERVICE)
        time.sleep(0.2)  # what was sent is committed meanwhile, or not: both must be right
        proxy.cut()
        proxy.heal()

    cut = Fault("replies cut after COMMIT", lose_replies, 3)
    report(under_fault(cut, site, serve(proxy.url(site.url))))


@pytest.mark.faults
def test_a_killed_service_loses_and_doubles_nothing(
    site: Site, serve: Serve, report: Report
) -> None:
    services = [serve(site.url), serve(site.url)]
    turns = [*services]

    def kill() -> None:
        turns[0].kill()

    def restart() -> None:
        turns[0].restart()
        turns.reverse()

    fault = Fault("one of two services killed (-9)", kill, 4, restart)
    report(under_fault(fault, site, *services))


@pytest.mark.faults
def test_a_killed_postmaster_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def kill() -> None:
        postgres.kill_postmaster()
        postgres.start()

    fault = Fault("postmaster killed (-9), started", kill, 5)
    report(under_fault(fault, site, serve(site.url)))


@pytest.mark.faults
def test_a_killed_server_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def kill() -> None:
        postgres.kill()
        postgres.start()

    fault = Fault("all of PostgreSQL killed (-9), started", kill, 5)
    report(under_fault(fault, site, serve(site.url)))


@pytest.mark.faults
def test_a_killed_backend_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    fault = Fault("a backend killed (-9)", postgres.kill_backend, 6)
    report(under_fault(fault, site, serve(site.url), serve(site.url)))


@pytest.mark.faults
def test_terminated_sessions_lose_and_double_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def terminate() -> None:
        postgres.terminate_backends(f"datname = '{site.database}'")

    report(under_fault(Fault("every session terminated", terminate, 10), site, serve(site.url)))


@pytest.mark.faults
def test_a_server_that_hangs_for_a_while_loses_and_doubles_nothing(
    site: Site, postgres: PostgresServer, serve: Serve, report: Report
) -> None:
    def hang() -> None:
        postgres.freeze()
        time.sleep(3)
        postgres.thaw()

    report(under_fault(Fault("PostgreSQL frozen for 3 s", hang, 3), site, serve(site.url)))
