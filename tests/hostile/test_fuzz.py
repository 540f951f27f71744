"""Fuzz: every read and every body, made from the description; none costs much, none is a fault."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from itertools import cycle

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from service.access.roles import Role
from service.access.tokens import Tokens
from service.app import create_app
from service.database.engine import create_pool
from service.settings import Settings
from tests.faults.processes import ServiceProcess
from tests.hostile.attack import Target
from tests.hostile.fuzzing import Operation, Request, operations, requests
from tests.hostile.recording import another_ledger
from tests.hostile.watch import watched
from tests.service.province import Province

AT_ONCE, EACH = 8, 25
TIMEOUT_S = 180
# The largest of the honest replies is the list of all problems.
MOST_BYTES = 256 * 1024
DOCUMENT = create_app(Settings.model_construct()).openapi()
OPERATIONS = list(operations(DOCUMENT))


@pytest.fixture
async def fuzzed(attacked_url: str, target: Target) -> Target:
    """A ledger in which the usual things are."""
    own = await another_ledger(attacked_url, target)
    headers = {"Authorization": f"Bearer {own.token}"}
    async with httpx.AsyncClient(
        base_url=own.address, headers=headers, timeout=TIMEOUT_S
    ) as client:
        province = Province(client, own.ledger)
        await province.establish()
        await province.task_in_progress("kilns")
    return own


@pytest.fixture
async def clients(attacked_url: str, fuzzed: Target) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Mostly one who may do everything; an operator, and a stranger."""
    async with await create_pool(attacked_url, size=2, role=None) as pool:
        name = f"fuzz-{fuzzed.ledger}"
        _, operator = await Tokens(pool).create(name, Role.OPERATOR)
    tokens = [*[fuzzed.token] * 8, operator, ""]
    made = [
        httpx.AsyncClient(
            base_url=fuzzed.address,
            timeout=TIMEOUT_S,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        for token in tokens
    ]
    yield made
    for client in made:
        await client.aclose()


def drawn(operation: Operation, ledger: str, examples: int, *, seeded: bool) -> list[Request]:
    """So many requests of the operation, the same ones each time where it is said."""
    found: list[Request] = []

    @settings(
        max_examples=examples,
        derandomize=seeded,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(requests(DOCUMENT, operation, ledger))
    def collect(request: Request) -> None:
        found.append(request)

    collect()
    return found


async def send(client: httpx.AsyncClient, request: Request) -> None:
    """Send the request; whatever it is, the answer is small, and no fault."""
    async with client.stream(
        request.method,
        request.path,
        params=list(request.query),
        headers=dict(request.headers),
        content=request.body or None,
    ) as reply:
        size = 0
        async for piece in reply.aiter_bytes():
            size += len(piece)
            assert size <= MOST_BYTES, request
        assert reply.status_code < httpx.codes.INTERNAL_SERVER_ERROR, (reply.status_code, request)


async def send_all(
    clients: list[httpx.AsyncClient], waiting: Iterator[Request], seconds: float
) -> int:
    """Send them, some at once, as long as the time lasts. Return how many were sent."""
    ends, sent, turns = time.monotonic() + seconds, 0, cycle(clients)

    async def work() -> None:
        nonlocal sent
        for request in waiting:
            await send(next(turns), request)
            sent += 1
            if time.monotonic() > ends:
                return

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return sent


def is_json(request: Request) -> bool:
    return not any(name == "format" and value in {"csv", "xlsx"} for name, value in request.query)


async def test_a_request_of_every_operation_costs_little_and_is_no_fault(
    victim: ServiceProcess, fuzzed: Target, clients: list[httpx.AsyncClient]
) -> None:
    waiting = [
        request
        for operation in OPERATIONS
        for request in drawn(operation, fuzzed.ledger, 2, seeded=True)
        if is_json(request)
    ]
    with watched(victim, memory_mib=128):
        sent = await send_all(clients, iter(waiting), TIMEOUT_S)
    assert sent == len(waiting)


@pytest.mark.hostile
async def test_whatever_is_asked_for_two_minutes_costs_little_and_is_no_fault(
    victim: ServiceProcess, fuzzed: Target, clients: list[httpx.AsyncClient]
) -> None:
    each = [drawn(operation, fuzzed.ledger, EACH, seeded=False) for operation in OPERATIONS]
    waiting = [found[number] for number in range(EACH) for found in each if number < len(found)]
    with watched(victim, memory_mib=256):
        assert await send_all(clients, iter(waiting), 120) > len(OPERATIONS)
