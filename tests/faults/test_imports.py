"""Imports that two processes work on: whoever lost the job records and counts nothing twice."""

import time
from collections import Counter

import httpx
import pytest

from tests.faults.checker import Outcome, tags_in_order
from tests.faults.conftest import Report, Serve, Site
from tests.faults.postgres import wait_for
from tests.faults.processes import ServiceProcess

ROWS = 1500
FILE = "Mã đơn vị;Tên đơn vị;Loại đơn vị\n" + "".join(
    f"unit-{number};Đơn vị {number};xã\n" for number in range(ROWS)
)


@pytest.mark.faults
def test_a_process_that_was_stopped_and_goes_on_leaves_the_import_to_the_one_that_took_it(
    site: Site, serve: Serve, report: Report
) -> None:
    first = serve(site.url)
    reply = httpx.post(
        f"{first.address}/v1/{site.ledger}/imports/units",
        content=FILE.encode(),
        headers={"Authorization": f"Bearer {site.token}", "Content-Type": "text/csv"},
        timeout=60,
    )
    assert reply.status_code == 202, reply.text
    wait_for(lambda: _recorded(site) > ROWS // 20, "it is imported")

    first.freeze()
    site.server.terminate_backends(f"datname = '{site.database}'")
    before, injured = _recorded(site), time.monotonic()
    second = serve(site.url)
    wait_for(lambda: _recorded(site) > before, "another process goes on")
    seconds = time.monotonic() - injured
    first.thaw()

    wait_for(lambda: _job(second, site, reply)["state"] == "done", "it is done", 300)
    job = _job(second, site, reply)
    assert (job["rows_done"], job["imported"], job["refused"]) == (ROWS, ROWS, 0), job
    recorded = Counter(
        tag for tags in tags_in_order(site.server, site.database, site.ledger) for tag in tags
    )
    row = Outcome(
        "process stopped in an import",
        rounds=1,
        acknowledged=ROWS,
        lost=ROWS - len(recorded),
        doubled=recorded.total() - len(recorded),
        seconds=round(seconds, 2),
    )
    report(row)
    first.wait_ready()


def _recorded(site: Site) -> int:
    [count] = site.server.column("SELECT count(*) FROM log.events", site.database)
    return int(count)


def _job(service: ServiceProcess, site: Site, reply: httpx.Response) -> dict[str, object]:
    status, job = service.get(reply.headers["Location"], site.token)
    assert status == 200, job
    return dict(job)
