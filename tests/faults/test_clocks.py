"""Clocks that jump: nothing is recorded under a false instant, and reads go on."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Any

import httpx
import pytest

from service.database import supervisor
from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load
from tests.faults.postgres import PostgresServer, wait_for
from tests.faults.processes import ServiceProcess

SLACK = timedelta(minutes=5)
# PostgreSQL asks gettimeofday() for its clock. This one is off by the seconds in a file.
OFF_CLOCK = """
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    char off[32] = "";
    struct timespec real;
    (void)zone;
    int file = open(OFF, O_RDONLY);
    if (file >= 0) {
        if (read(file, off, sizeof off - 1) < 0) off[0] = 0;
        close(file);
    }
    clock_gettime(CLOCK_REALTIME, &real);
    now->tv_sec = real.tv_sec + atol(off);
    now->tv_usec = real.tv_nsec / 1000;
    return 0;
}
"""


@pytest.fixture
def set_clock(postgres: PostgresServer) -> Iterator[Callable[[int], None]]:
    """Set by how many seconds the clock of the running server is off."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler (cc), to put a clock under PostgreSQL")
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    off, source, library = folder / "off", folder / "clock.c", folder / "clock.so"
    off.write_text("0", encoding="ascii")
    source.write_text(OFF_CLOCK, encoding="ascii")
    options = ("-shared", "-fPIC", f'-DOFF="{off}"')
    subprocess.run([compiler, *options, "-o", library, source], check=True)  # noqa: S603  ours

    def put(seconds: int) -> None:
        unfinished = off.with_suffix(".new")
        unfinished.write_text(str(seconds), encoding="ascii")
        unfinished.rename(off)

    postgres.stop()
    supervisor.ENVIRONMENT["LD_PRELOAD"] = str(library)
    try:
        postgres.start()
        yield put
        postgres.stop()
    finally:
        del supervisor.ENVIRONMENT["LD_PRELOAD"]
    postgres.start()
    shutil.rmtree(folder)


def register(service: ServiceProcess, site: Site, official: str) -> httpx.Response:
    return httpx.post(
        f"{service.address}/v1/{site.ledger}/officials/register",
        json={"official_id": official, "full_name": "Cán bộ"},
        headers={"Authorization": f"Bearer {site.token}", "Accept-Language": "en"},
        timeout=60,
    )


def registered(service: ServiceProcess, site: Site, official: str, told: Load) -> int:
    """The status, and what was acknowledged is noted."""
    reply = register(service, site, official)
    if reply.is_success:
        told.note(site.ledger, official, reply.json()["position"])
    return reply.status_code


def instants(site: Site) -> list[datetime]:
    sql = "SELECT recorded_at FROM log.events ORDER BY position"
    found: list[Any] = site.server.column(sql, database=site.database)
    return found


@pytest.mark.parametrize(
    "off",
    [
        3 * 3600,
        pytest.param(73 * 365 * 86_400, marks=pytest.mark.faults),
        pytest.param(-86_400, marks=pytest.mark.faults),
    ],
)
def test_a_database_whose_clock_jumps_stamps_no_event(
    site: Site,
    set_clock: Callable[[int], None],
    serve: Serve,
    report: Report,
    off: int,
) -> None:
    began = datetime.now(UTC)
    service = serve(site.url)
    told = Load([service.address], site.token, [site.ledger])
    assert registered(service, site, "before", told) == 201

    set_clock(off)

    refused = register(service, site, "meanwhile")
    assert refused.status_code == 503, refused.text
    assert refused.json()["type"] == "/problems/clocks-disagree"
    assert abs(refused.json()["difference_seconds"] - abs(off)) < SLACK.total_seconds()
    wait_for(lambda: service.ready()[0] == 503, "readiness tells of the clock")
    assert any(fault.startswith("clocks: ") for fault in service.ready()[1]["faults"])
    assert service.get(f"/v1/{site.ledger}/events", site.token)[0] == 200
    assert abs(service.metric("giaoviec_clock_difference_seconds") - off) < SLACK.total_seconds()

    set_clock(0)

    set_right = monotonic()
    service.wait_ready()
    assert registered(service, site, "after", told) == 201
    seconds = monotonic() - set_right
    recorded = instants(site)
    assert len(recorded) == 2
    now = datetime.now(UTC)
    assert all(began - SLACK < at < now + SLACK for at in recorded)
    assert recorded[0] < recorded[1]
    row = compared(
        f"database's clock off by {off:+,} s",
        told,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)
