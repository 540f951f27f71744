"""Replication: the leader of three nodes dies again and again, and the service goes on.

Nothing acknowledged is lost, for `synchronous_mode_strict` acknowledges what two nodes have.
"""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from service.database.migrate import migrate
from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site, prepared
from tests.faults.load import Load, Subscriber, under_load
from tests.faults.patroni import PatroniCluster, missing, patroni_cluster
from tests.faults.postgres import in_thread
from tests.faults.processes import ServiceProcess
from tests.giaoviec import ROOT

pytestmark = [pytest.mark.faults, pytest.mark.skipif(missing() != "", reason=missing() or "-")]

ROUNDS = 10
WRITERS = 16
# The leader's place is free after 10 s; then a node is promoted and the service connects to it.
BACK_S = 60


@pytest.fixture(scope="module")
def cluster() -> Iterator[PatroniCluster]:
    with patroni_cluster() as cluster:
        in_thread(lambda: migrate(cluster.url()))
        yield cluster


@pytest.fixture
def replicated(cluster: PatroniCluster) -> Site[PatroniCluster]:
    return prepared(cluster, cluster.url())


def test_a_dead_leader_loses_nothing_acknowledged(
    cluster: PatroniCluster, replicated: Site[PatroniCluster], serve: Serve, report: Report
) -> None:
    services = [serve(replicated.url), serve(replicated.url)]
    addresses = [service.address for service in services]
    load = Load(addresses, replicated.token, [replicated.ledger], callers=WRITERS)
    readers = [
        Subscriber(addresses, replicated.token, replicated.ledger, streams=streams)
        for streams in (False, True)
    ]
    seconds = 0.0
    with under_load(load, *readers):
        load.wait_for(100)
        for _ in range(ROUNDS):
            dead = cluster.leader
            began = time.monotonic()
            dead.kill()
            load.wait_for(100, BACK_S)
            seconds = max(seconds, time.monotonic() - began)
            dead.start()
            cluster.wait_whole()
            load.wait_for(100)
    for service in services:
        service.wait_ready()
    verify_read_models(services[0])
    report(
        compared(
            "leader of three nodes killed (-9)",
            load,
            cluster,
            *readers,
            rounds=ROUNDS,
            seconds=seconds,
        )
    )


def verify_read_models(service: ServiceProcess) -> None:
    """Fold the log anew, as an operator does, and compare it with the read models."""
    done = subprocess.run(
        [sys.executable, "-m", "service", "projections", "verify"],
        check=False,
        cwd=ROOT,
        env=service.environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
