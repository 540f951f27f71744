"""What grows with a portfolio or a life: ten who ask for much leave the service to others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from domain.organisation.events import TenureStarted
from domain.tasks.events import ProgressReported, TaskAssigned
from tests.faults.processes import ServiceProcess
from tests.hostile.attack import Target
from tests.hostile.recording import another_ledger, record
from tests.hostile.watch import watched
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, Province

TASKS, REPORTS = 2_000, 4_000
LONG = "kilns"
LEAVER, HEIR = "official-017", "official-018"
AT_ONCE = 10
DAY = date(2021, 2, 1)
HANDOVER = {
    "effective_on": "2021-06-01",
    "to_official": HEIR,
    "state_summary": "Bàn giao toàn bộ",
    "on_behalf_of": COMMITTEE,
    "basis": DECISION,
}
OF_LEAVER = {"official_id": LEAVER, "post_id": POST, "unit_id": DISTRICT}


@pytest.fixture(scope="module")
async def large(attacked_url: str, target: Target) -> Target:
    """A ledger of its own, in which one official answers for much, and for one task for long."""
    return await another_ledger(attacked_url, target)


@pytest.fixture(scope="module")
async def client(attacked_url: str, large: Target) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that ledger, in which everything is recorded."""
    headers = {"Authorization": f"Bearer {large.token}", "Accept-Language": "en"}
    assigned = [
        TaskAssigned(
            **OF_LEAVER,
            effective_on=DAY,
            task_id=f"task-{number}",
            assigned_by=COMMITTEE,
            addressed_to="post",
            due_on=None,
        )
        for number in range(1, TASKS)
    ]
    reported = ProgressReported(
        **OF_LEAVER, effective_on=DAY, task_id=LONG, narrative="Đã dỡ 92 lò."
    )
    async with httpx.AsyncClient(base_url=large.address, headers=headers, timeout=120) as client:
        province = Province(client, large.ledger)
        await province.establish()
        await province.task_in_progress(LONG)
        await record(attacked_url, large.ledger, [*assigned, *[reported] * REPORTS])
        yield client


@pytest.mark.parametrize(
    "path",
    [
        f"/tasks/{LONG}/dossier",
        f"/tasks/{LONG}?known_at={{head}}",
        f"/tasks/{LONG}/history?limit=200&count=true",
    ],
)
async def test_a_long_life_is_read_while_others_are_answered(
    victim: ServiceProcess, large: Target, client: httpx.AsyncClient, path: str
) -> None:
    head = (await client.get(f"/v1/{large.ledger}/events")).json()["head"]
    address = f"/v1/{large.ledger}{path.format(head=head)}"
    with watched(victim, memory_mib=256):
        replies = await asyncio.gather(*(client.get(address) for _ in range(AT_ONCE)))
    assert {reply.status_code for reply in replies} <= {200, 503}
    assert any(reply.is_success for reply in replies)


async def test_a_large_portfolio_is_rehearsed_while_others_are_answered(
    victim: ServiceProcess, attacked_url: str, large: Target, client: httpx.AsyncClient
) -> None:
    province = Province(client, large.ledger)
    verb = f"/officials/{LEAVER}/hand-over-portfolio?dry_run=true"
    with watched(victim, memory_mib=256):
        replies = await asyncio.gather(*(province.says(verb, HANDOVER) for _ in range(AT_ONCE)))
    # Who waited for too long is told, and nobody is told two thousand obstacles.
    assert {reply.status_code for reply in replies} <= {409, 503}
    [blocked, *_] = [reply.json() for reply in replies if reply.status_code == httpx.codes.CONFLICT]
    assert blocked["obstacles"].endswith(f"and {TASKS - 100} more")

    heir = TenureStarted(effective_on=DAY, post_id=POST, unit_id=DISTRICT, official_id=HEIR)
    await record(attacked_url, large.ledger, [heir])
    with watched(victim, memory_mib=256):
        replies = await asyncio.gather(*(province.says(verb, HANDOVER) for _ in range(AT_ONCE)))
    assert {reply.status_code for reply in replies} <= {200, 503}
    [handed, *_] = [reply.json() for reply in replies if reply.is_success]
    assert len(handed["events"]) == TASKS
