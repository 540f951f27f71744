"""Files: what unpacks to far more than it weighs costs a process of its own, no other ledger."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from tests.faults.processes import ServiceProcess
from tests.hostile.attack import Target
from tests.hostile.recording import another_ledger
from tests.hostile.watch import watched
from tests.service.imports.files import UNITS
from tests.service.imports.office import XLSX, Office
from tests.service.imports.reading import swollen

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "one cell of 250 MB": (swollen.one_long_cell, "failed"),
    "a column far out": (swollen.a_column_far_out, "done"),
    "a million shared texts": (swollen.a_million_strings, "failed"),
    "rows without an end": (swollen.rows_without_end, "failed"),
    "cells without an end": (swollen.cells_without_end, "failed"),
}
QUICK = ("one cell of 250 MB", "a column far out")


@pytest.fixture
async def client(target: Target) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {target.token}", "Accept-Language": "en"}
    async with httpx.AsyncClient(base_url=target.address, headers=headers, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if what in QUICK else pytest.mark.hostile) for what in FILES],
)
async def test_a_file_costs_the_service_nothing_and_no_other_ledger_waits(
    victim: ServiceProcess,
    target: Target,
    attacked_url: str,
    client: httpx.AsyncClient,
    what: str,
) -> None:
    make, state = FILES[what]
    content = make()
    attackers = [
        Office(client, (await another_ledger(attacked_url, target)).ledger) for _ in range(3)
    ]
    other = Office(client, (await another_ledger(attacked_url, target)).ledger)
    with watched(victim, memory_mib=2 * 320):
        ended: list[dict[str, Any]] = await asyncio.gather(
            *(attacker.imports("units", content, form=XLSX) for attacker in attackers),
            other.imports("units", UNITS),
        )
    assert [job["state"] for job in ended] == [*[state] * 3, "done"]
    assert all(len(str(job)) < 100_000 for job in ended)
    assert ended[-1]["imported"] == 2
