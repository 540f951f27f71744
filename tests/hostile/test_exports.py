"""Exports: a list as a file is written outside the service, and ends with whoever wanted it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date

import httpx
import psutil
import pytest

from domain.tasks.events import ProgressReported
from tests.faults.processes import ServiceProcess
from tests.hostile.attack import Target
from tests.hostile.recording import another_ledger, record
from tests.hostile.watch import watched
from tests.service.province import DISTRICT, POST, Province

WRITER = "service.table_writer"
WAIT_S = 60
AT_ONCE = 5
TASK = "kilns"
NARRATIVE = "Đã dỡ 92 lò, còn lại sáu lò của các hộ chưa nhận hỗ trợ chuyển đổi nghề. " * 2
REPORTED = ProgressReported(
    effective_on=date(2021, 2, 1),
    official_id="official-017",
    post_id=POST,
    unit_id=DISTRICT,
    task_id=TASK,
    narrative=NARRATIVE,
)


@pytest.fixture(scope="module")
async def client(attacked_url: str, target: Target) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a ledger of its own, in which a task has a long history."""
    own = await another_ledger(attacked_url, target)
    headers = {"Authorization": f"Bearer {own.token}", "Accept-Language": "en"}
    base = f"{own.address}/v1/{own.ledger}"
    async with (
        httpx.AsyncClient(base_url=own.address, headers=headers, timeout=WAIT_S) as setting_up,
        httpx.AsyncClient(base_url=base, headers=headers, timeout=300) as client,
    ):
        province = Province(setting_up, own.ledger)
        await province.establish()
        await province.task_in_progress(TASK)
        await record(attacked_url, own.ledger, [REPORTED] * 2_000)
        client.params = client.params.set("format", "xlsx")
        yield client


def writers(service: ServiceProcess) -> list[psutil.Process]:
    """The processes that write tables for the service."""
    found = []
    for child in psutil.Process(service.process.pid).children():
        try:
            if WRITER in child.cmdline():
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


async def begun(service: ServiceProcess) -> psutil.Process:
    """The first of them, stopped, so that it does not end by itself."""
    async with asyncio.timeout(WAIT_S):
        while not (found := writers(service)):  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.002)
    found[0].send_signal(signal.SIGSTOP)
    return found[0]


async def ended(process: psutil.Process) -> None:
    async with asyncio.timeout(WAIT_S):
        with suppress(psutil.NoSuchProcess):  # it ended between two looks
            while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110  no event tells
                await asyncio.sleep(0.02)


async def test_a_file_that_is_being_written_ends_with_its_client(
    victim: ServiceProcess, client: httpx.AsyncClient
) -> None:
    with watched(victim, memory_mib=256):
        leaving = asyncio.create_task(client.get(f"/tasks/{TASK}/history"))
        writer = await begun(victim)
        leaving.cancel()
        await ended(writer)
        stays = await client.get(f"/tasks/{TASK}/history")
    assert stays.is_success
    assert stays.content.startswith(b"PK")


async def left(client: httpx.AsyncClient) -> None:
    """Ask for a list as a file, and leave at its first byte or after a while."""
    try:
        async with asyncio.timeout(0.5), client.stream("GET", f"/tasks/{TASK}/history") as reply:
            assert reply.is_success
    except TimeoutError:
        pass


@pytest.mark.hostile
async def test_lists_of_25_000_rows_that_nobody_waits_for_leave_the_service_to_others(
    victim: ServiceProcess, attacked_url: str, client: httpx.AsyncClient
) -> None:
    ledger = str(client.base_url.path).strip("/").rpartition("/")[2]
    await record(attacked_url, ledger, [REPORTED] * 23_000)
    with watched(victim, memory_mib=512):
        await asyncio.gather(*(left(client) for _ in range(AT_ONCE)))
        whole = await client.get(f"/tasks/{TASK}/history")
        async with asyncio.timeout(WAIT_S):
            while writers(victim):  # noqa: ASYNC110  no event tells
                await asyncio.sleep(0.02)
    assert whole.content.startswith(b"PK")
