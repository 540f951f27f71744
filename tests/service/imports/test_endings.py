"""Imports that are cancelled, and what was found in files of long ago."""

import httpx
import pytest

from service.access.roles import Role
from service.components import Service
from service.imports.endings import Endings
from tests.service.conftest import ClientOf
from tests.service.imports.files import UNITS, tasks
from tests.service.imports.office import Office

ROWS = 3000
LONG = "Mã đơn vị;Tên đơn vị;Loại đơn vị\n" + "".join(
    f"unit-{number};Đơn vị {number};xã\n" for number in range(ROWS)
)


async def cancelled(office: Office, address: str) -> httpx.Response:
    return await office.client.post(f"{address}/cancel")


async def test_a_job_that_waits_is_cancelled_at_once(office: Office, service: Service) -> None:
    await service.import_worker.stop()
    try:
        sent = await office.sends("units", UNITS)
        reply = await cancelled(office, sent.headers["Location"])
        assert (reply.status_code, reply.json()["state"]) == (202, "cancelled")
        assert reply.json()["cancel_requested_at"]
        again = await cancelled(office, sent.headers["Location"])
        assert (again.status_code, again.json()) == (202, reply.json())
    finally:
        service.import_worker.start()
    job = await office.follows(sent.headers["Location"])
    assert (job["state"], job["rows_done"], job["findings_total"]) == ("cancelled", 0, 1)
    assert "cancelled after 0 rows" in job["findings"][0]["what"]
    content = await service.pool.fetchval(
        "SELECT content FROM jobs.imports WHERE job = $1::text::uuid", job["job"]
    )
    assert content is None
    assert await office.head() == 0


@pytest.mark.parametrize("rows", [0, 20], ids=["reading", "recording"])
async def test_a_job_that_runs_ends_where_it_is_and_what_it_recorded_stays(
    office: Office, rows: int
) -> None:
    sent = await office.sends("units", LONG)
    address = sent.headers["Location"]
    while (found := (await office.client.get(address)).json())["state"] == "waiting":
        pass
    while (await office.client.get(address)).json()["rows_done"] < rows:
        pass
    assert found["state"] == "running"
    reply = await cancelled(office, address)
    assert reply.status_code == 202, reply.text
    job = await office.follows(address)
    assert job["state"] == "cancelled"
    assert rows <= job["rows_done"] < ROWS
    assert job["imported"] == job["rows_done"] == await office.head()
    [told] = job["findings"]
    assert f"{job['imported']} rows it recorded stay" in told["what"]
    report = await office.client.get(address, params={"format": "csv"})
    assert "cancelled" in report.text


async def test_a_job_that_is_over_or_unknown_or_anothers_is_not_cancelled(
    office: Office, client_of: ClientOf
) -> None:
    sent = await office.sends("units", UNITS)
    job = await office.follows(sent.headers["Location"])
    reply = await cancelled(office, sent.headers["Location"])
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/import-over")
    unknown = sent.headers["Location"].replace(job["job"], str(job["job"])[::-1])
    assert (await cancelled(office, unknown)).status_code in {404, 422}
    authority = await client_of(Role.AUTHORITY, units=["elsewhere"])
    assert (await authority.post(f"{sent.headers['Location']}/cancel")).status_code == 403


async def test_what_was_found_expires_and_the_job_says_so(office: Office, service: Service) -> None:
    job = await office.imports("tasks", tasks({"Cán bộ": "nobody"}))
    assert job["findings_total"] == 1
    address = f"/v1/{office.ledger}/imports/{job['job']}"
    days = service.settings.import_findings_days
    endings = Endings(service.pool, days)
    await endings.expire()
    assert (await office.client.get(address)).json() == job
    await service.pool.execute(
        "UPDATE jobs.imports SET ended_at = ended_at - make_interval(days => $2) "
        "WHERE job = $1::text::uuid",
        job["job"],
        days + 1,
    )
    await endings.expire()
    found = (await office.client.get(address)).json()
    assert (found["state"], found["refused"]) == ("done", 1)
    assert found["expired_at"]
    assert [each["what"] for each in found["findings"]] == [
        "what was found in the file has expired: it is kept for a set time only"
    ]
    left = await service.pool.fetchval(
        "SELECT count(*) FROM jobs.findings WHERE job = $1::text::uuid", job["job"]
    )
    assert left == 0
