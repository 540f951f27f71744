"""Floods: many small requests, or many large ones, at once; most of them without a valid token."""

import asyncio
import select
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress

import httpx
import psutil
import pytest

from service.bounds import Bounds
from tests.faults.postgres import wait_for
from tests.faults.processes import ServiceProcess
from tests.hostile.attack import Target
from tests.hostile.watch import MIB, watched

TIMEOUT_S = 180
FAILURES: int = Bounds.model_fields["failed_authentications"].default
IN_FLIGHT: int = Bounds.model_fields["in_flight_bytes"].default
BODY: int = Bounds.model_fields["body_limit_bytes"].default
AT_ONCE, GUESSES, RESETS = 50, 500, 300
# Whoever closes a connection so resets it.
RESET = struct.pack("ii", 1, 0)
# An address that the proxy in front tells, so that the tests' own is not refused afterwards.
GUESSER = {"X-Forwarded-For": "192.0.2.77", "Accept-Language": "en"}


@pytest.fixture
async def stranger(target: Target) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(
        base_url=target.address, timeout=TIMEOUT_S, limits=limits, headers=GUESSER
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/problems", 200),
        ("/openapi.json", 200),
        ("/readyz", 200),
        ("/readyz/details", 401),
        ("/metrics", 401),
    ],
)
async def test_what_everybody_may_read_costs_little(
    victim: ServiceProcess, stranger: httpx.AsyncClient, path: str, status: int
) -> None:
    assert (await stranger.get(path)).status_code == status  # it is made once
    with watched(victim, memory_mib=64):
        replies = await asyncio.gather(*(stranger.get(path) for _ in range(AT_ONCE)))
    assert {reply.status_code for reply in replies} == {status}


async def test_guesses_are_few_and_whoever_was_known_goes_on(
    victim: ServiceProcess, target: Target, stranger: httpx.AsyncClient
) -> None:
    path = f"/v1/{target.ledger}/events"
    known = {"Authorization": f"Bearer {target.token}"}
    assert (await stranger.get(path, headers=known)).is_success
    token_id, _, _ = target.token.rpartition("_")
    guesses = [f"Bearer {token_id}_{number:064x}" for number in range(GUESSES)]
    with watched(victim, memory_mib=32):
        replies = await asyncio.gather(
            *(stranger.get(path, headers={"Authorization": guess}) for guess in guesses)
        )
        assert (await stranger.get(path, headers=known)).is_success
    refused = [reply for reply in replies if reply.status_code == httpx.codes.TOO_MANY_REQUESTS]
    assert {reply.status_code for reply in replies} == {401, 429}
    assert len(refused) >= GUESSES - 2 * FAILURES  # those under way at once are counted at the end
    assert all(1 <= int(reply.headers["Retry-After"]) <= 60 for reply in refused)


def test_large_bodies_at_once_are_bounded_in_bytes(victim: ServiceProcess, target: Target) -> None:
    """Each body lacks its end, so that the service holds it as long as it may."""
    head = target.head("/events/annul", "Content-Type: application/json", f"Content-Length: {BODY}")
    most = 2 * IN_FLIGHT // BODY
    with watched(victim, memory_mib=IN_FLIGHT // MIB + 64), ExitStack() as open_:
        connections = [open_.enter_context(target.connect()) for _ in range(most)]
        for connection in connections:
            with suppress(OSError):  # it is refused before all is sent
                connection.sendall(head + b" " * (BODY - 1))
        answering, _, _ = select.select(connections, [], [], TIMEOUT_S)
        answered: set[bytes] = set()
        for connection in answering:
            with suppress(ConnectionResetError):  # what it had not read yet is lost with it
                answered.add(connection.recv(12))
    assert answered == {b"HTTP/1.1 503"}


@pytest.mark.hostile
async def test_three_thousand_requests_at_once_are_answered_or_told_to_come_back(
    victim: ServiceProcess, target: Target
) -> None:
    limits = httpx.Limits(max_connections=None)
    headers = {"Authorization": f"Bearer {target.token}"}
    path = f"{target.address}/v1/{target.ledger}/officials/register"
    name = "Nguyễn Văn " + "A" * 200
    with watched(victim, memory_mib=256):
        async with httpx.AsyncClient(timeout=TIMEOUT_S, limits=limits, headers=headers) as client:
            body = {"full_name": name, "effective_on": "2021-01-04"}
            replies = await asyncio.gather(
                *(client.post(path, json=body) for _ in range(3_000)), return_exceptions=True
            )
    answers = [reply for reply in replies if isinstance(reply, httpx.Response)]
    assert len(answers) == len(replies)
    assert {reply.status_code for reply in answers} <= {201, 200, 429, 503}
    assert any(reply.is_success for reply in answers)


def test_a_client_that_resets_its_connections_leaves_nothing_behind(
    victim: ServiceProcess, target: Target
) -> None:
    """Whoever asks and resets the connection at once, again and again."""
    service = psutil.Process(victim.process.pid)
    before = service.num_fds()
    request = target.head("/events", method="GET")
    with watched(victim, memory_mib=32):
        for _ in range(RESETS):
            with target.connect() as connection:
                connection.sendall(request)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        wait_for(lambda: service.num_fds() <= before + 10, "the connections are closed")
