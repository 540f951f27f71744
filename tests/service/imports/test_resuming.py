"""An import that is cut off goes on: after a kill, under another process, and never twice."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from domain.kernel import Event
from service.access.roles import Role
from service.components import Service
from service.database.engine import Pool
from service.handle import CommandHandler
from service.imports import jobs as importing
from service.imports.file_kinds import LAYOUTS, FileKind, import_sheet
from service.imports.jobs import Claimed, Jobs, JobTaken, State, Upload
from service.imports.row_importer import RowImporter, RowResult
from service.imports.sheets import open_sheet
from service.imports.worker import ImportWorker
from tests.giaoviec import Giaoviec, Served
from tests.logins import as_service
from tests.service.imports.office import WAIT_S, Office
from tests.service.imports.territories import LIST

ROWS = 400
UNDER_WAY = "SELECT count(*) FROM jobs.imports WHERE state IN ('waiting', 'running')"
LONG = "Mã đơn vị;Tên đơn vị;Loại đơn vị\n" + "".join(
    f"unit-{number};Đơn vị {number};xã\n" for number in range(ROWS)
)


def test_an_import_goes_on_after_a_kill_and_records_every_row_once(
    own_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On a database of its own: other processes would take the job while nobody serves."""
    giaoviec = Giaoviec(tmp_path_factory.mktemp("data"), as_service(own_url))
    token = giaoviec.done(
        "token", "create", "import-1", "--role", "authority", "--unit", "*"
    ).strip()
    ledger = f"killed-{time.monotonic_ns()}"
    giaoviec.done("ledger", "create", ledger, "Tỉnh")
    first = Served(giaoviec)
    client = first.client(token)
    address = client.post(
        f"/v1/{ledger}/imports/units", content=LONG, headers={"Content-Type": "text/csv"}
    ).headers["Location"]
    client.close()
    head, state = asyncio.run(killed_amid(own_url, ledger, first.process))
    assert (head < ROWS, state) == (True, "running"), "it was done before it was killed"
    second = Served(giaoviec)
    client = second.client(token)
    while (job := client.get(address).json())["state"] != "done":
        time.sleep(0.1)
    assert (job["rows_done"], job["imported"], job["unchanged"]) == (ROWS, ROWS, 0)
    assert job["refused"] == 0
    assert client.get(f"/v1/{ledger}/events", params={"limit": 1}).json()["head"] == ROWS
    code, err = second.stop()
    assert code == 0, err


async def killed_amid(url: str, ledger: str, process: subprocess.Popen[str]) -> tuple[int, str]:
    """Kill the process once it recorded some rows, while the ledger is held so that it cannot end.

    Return how many it had recorded, and what its job is then.
    """
    owner = await asyncpg.connect(url)
    async with asyncio.timeout(WAIT_S):
        head = 0
        while head < ROWS // 10:
            await asyncio.sleep(0.01)
            async with owner.transaction():
                await owner.execute("SELECT log.ledger_lock($1)", ledger)
                head = await owner.fetchval("SELECT log.head($1)", ledger)
                if head >= ROWS // 10:
                    process.kill()
                    process.communicate()
    state = await owner.fetchval("SELECT state FROM jobs.imports WHERE ledger = $1", ledger)
    await owner.close()
    return head, state


@pytest.fixture
async def _nobody_works(service: Service) -> AsyncIterator[None]:
    """The service's own worker would take the jobs that a test claims.

    Files that other tests sent and did not wait for are imported first.
    """
    async with asyncio.timeout(WAIT_S):
        while await service.pool.fetchval(UNDER_WAY):  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.02)
    await service.import_worker.stop()
    yield
    service.import_worker.start()


@pytest.mark.usefixtures("_nobody_works")
async def test_who_lost_the_job_leaves_it_to_whoever_has_it(service: Service, ledger: str) -> None:
    jobs = Jobs(service.pool, service.keys)
    job = await jobs.submit(_upload(ledger, "no-such-token"))
    lost = await _claim(jobs, job.job)
    assert await jobs.claim() is None
    lost.holder.terminate()
    claimed = await _claim(jobs, job.job)
    with pytest.raises(JobTaken):
        await jobs.end(lost, "done")
    await jobs.end(claimed, "done")
    for each in (lost, claimed):
        await jobs.let_go(each)
    assert (await jobs.find(ledger, job.job)).state == "done"


class Killed(Jobs):
    """A process that is killed after it recorded rows, before it could remember them."""

    async def advance(self, claimed: Claimed, results: Sequence[RowResult]) -> None:  # noqa: ARG002  the table's signature
        raise JobTaken


def worker_of(service: Service, jobs: Jobs) -> ImportWorker:
    """A worker beside the service's own."""
    return ImportWorker(
        jobs,
        service.import_endings,
        service.tokens,
        service.commands,
        lambda: service.commands,
        service.access_record.refused,
    )


@pytest.mark.usefixtures("_nobody_works")
async def test_rows_recorded_before_a_kill_count_as_imported_by_the_job_that_goes_on(
    service: Service, ledger: str, administrator: httpx.AsyncClient
) -> None:
    """And a row that repeats an earlier one of the file does not, before the kill or after."""
    me = await service.tokens.authenticate(administrator.headers["Authorization"][7:])
    assert me is not None
    repeated = LONG + LONG.splitlines()[1]
    upload = replace(_upload(ledger, me.token_id), content=repeated.encode())
    job = await service.imports.submit(upload)
    for jobs in (Killed(service.pool, service.keys), Jobs(service.pool, service.keys)):
        worker = worker_of(service, jobs)
        while (await jobs.find(ledger, job.job)).state != "done" and await worker.work_once():
            if isinstance(jobs, Killed) and await service.log.head(ledger):
                break
    found = await service.imports.find(ledger, job.job)
    assert await service.log.head(ledger) == ROWS
    assert (found.rows_done, found.imported, found.unchanged) == (ROWS + 1, ROWS, 1)
    again = await service.imports.submit(upload)
    while (await jobs.find(ledger, again.job)).state != "done":
        assert await worker.work_once()
    found = await service.imports.find(ledger, again.job)
    assert (found.imported, found.unchanged) == (0, ROWS + 1)


@pytest.mark.usefixtures("_nobody_works")
async def test_a_file_whose_import_ends_the_process_each_time_fails_and_says_so(
    service: Service, ledger: str
) -> None:
    jobs = service.imports
    job = await jobs.submit(_upload(ledger, "token"))
    for _ in range(importing.MOST_ATTEMPTS):
        claimed = await _claim(jobs, job.job)
        claimed.holder.terminate()
        await jobs.let_go(claimed)
        assert (await jobs.find(ledger, job.job)).state == "running"
    worker = worker_of(service, jobs)
    async with asyncio.timeout(WAIT_S):
        while not await worker.work_once():  # noqa: ASYNC110  the last session ends
            await asyncio.sleep(0.01)
    assert (await jobs.find(ledger, job.job)).state == "failed"
    [finding], _ = await jobs.findings(job)
    assert "begun 2 times" in finding.what.en
    assert "2 lần" in finding.what.vi


@pytest.mark.usefixtures("_nobody_works")
async def test_no_clock_takes_a_job_from_the_process_that_works_on_it(
    service: Service, ledger: str, owner_pool: Pool
) -> None:
    """However long it takes to read the file, and whatever the database's clock does."""
    job = await service.imports.submit(_upload(ledger, "token"))
    claimed = await _claim(service.imports, job.job)
    await owner_pool.execute(
        "UPDATE jobs.imports SET started_at = now() - interval '1 day' WHERE job = $1", job.job
    )
    assert await Jobs(service.pool, service.keys).claim() is None
    await service.imports.release(claimed)
    await service.imports.let_go(claimed)
    assert (await service.imports.find(ledger, job.job)).state == "waiting"
    again = await _claim(service.imports, job.job)
    assert again.attempts == 1
    await service.imports.end(again, "failed")
    await service.imports.let_go(again)


async def test_a_ledgers_files_are_taken_in_the_order_in_which_they_came(
    office: Office,
) -> None:
    replies = [
        await office.sends("units", LONG),
        await office.sends("units", "Tên đơn vị;Loại;Trực thuộc\nXóm;xã;unit-399\n"),
    ]
    jobs = [await office.follows(reply.headers["Location"]) for reply in replies]
    assert [job["imported"] for job in jobs] == [ROWS, 1]
    assert jobs[0]["ended_at"] <= jobs[1]["started_at"]


async def test_a_ledger_does_not_wait_for_the_long_file_of_another(
    office: Office, administrator: httpx.AsyncClient, owner_pool: Pool
) -> None:
    other = f"{office.ledger}-2"
    await owner_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", other)
    long = await office.sends("units", LONG)
    short = await Office(administrator, other).imports("units", LONG.splitlines()[0] + "\na;A;xã\n")
    ended = await office.follows(long.headers["Location"])
    assert (short["imported"], ended["imported"]) == (1, ROWS)
    assert short["ended_at"] < ended["ended_at"]


async def test_a_job_whose_token_ended_meanwhile_fails_and_says_so(
    service: Service, ledger: str
) -> None:
    token, _ = await service.tokens.create(f"gone-{ledger}", Role.AUTHORITY, units=["*"])
    await service.tokens.revoke(token.id)
    job = await service.imports.submit(_upload(ledger, token.id))
    service.import_worker.wake()
    await _until(service, ledger, job.job, "failed")
    [finding], _ = await service.imports.findings(job)
    assert "no longer valid" in finding.what.en


async def test_a_worker_that_is_stopped_leaves_its_job_waiting(
    service: Service, ledger: str, administrator: httpx.AsyncClient
) -> None:
    me = await service.tokens.authenticate(administrator.headers["Authorization"][7:])
    assert me is not None
    await service.import_worker.stop()
    job = await service.imports.submit(_upload(ledger, me.token_id))
    worker = worker_of(service, service.imports)
    worker.start()
    await service.log.wait_beyond(ledger, ROWS // 20, WAIT_S)
    await worker.stop()
    assert (await service.imports.find(ledger, job.job)).state == "waiting"
    service.import_worker.start()
    await _until(service, ledger, job.job, "done")
    assert await service.log.head(ledger) == ROWS


async def _until(service: Service, ledger: str, job: UUID, state: State) -> None:
    async with asyncio.timeout(WAIT_S):
        while (await service.imports.find(ledger, job)).state != state:  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.02)


def _upload(ledger: str, token_id: str) -> Upload:
    return Upload(
        ledger=ledger,
        kind=FileKind.UNITS,
        file_format="csv",
        file="units.csv",
        content=LONG.encode(),
        dry_run=False,
        proposer_token=token_id,
        approver_token=None,
        correlation_id=UUID(int=1),
    )


async def _claim(jobs: Jobs, job: UUID) -> importing.Claimed:
    """The job, as soon as the session has ended whose it was."""
    async with asyncio.timeout(WAIT_S):
        while (claimed := await jobs.claim()) is None:  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.01)
    assert claimed.job.job == job
    return claimed


class ReadBefore:
    """A process that had read the log before another one recorded what it is about to record."""

    def __init__(self, commands: CommandHandler, events: list[Event]) -> None:
        self.handle = commands.handle
        self.annulled = commands.annulled
        self._events = events

    async def read_timeline(self, _ledger: str, _selectors: object) -> list[Event]:
        return self._events


async def test_two_processes_that_work_on_one_territory_record_every_change_once(
    service: Service, ledger: str, administrator: httpx.AsyncClient
) -> None:
    me = await service.tokens.authenticate(administrator.headers["Authorization"][7:])
    assert me is not None
    job, heads = uuid4(), []
    for _ in range(2):
        commands = cast("CommandHandler", ReadBefore(service.commands, []))
        importer = RowImporter(
            commands, job, ledger, me, None, uuid4(), service.access_record.refused
        )
        sheet = await open_sheet(LAYOUTS[FileKind.TERRITORY], "csv", LIST.encode(), None)
        results: list[RowResult] = []

        async def keep(more: list[RowResult], kept: list[RowResult] = results) -> None:
            kept += more

        await import_sheet(importer, sheet, keep, act=None)
        assert {result.status for result in results} == {"imported"}, results
        heads.append(await service.log.head(ledger))
    assert heads[0] == heads[1] > 0
