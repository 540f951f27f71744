"""Intake: what is beyond the bounds is refused, and a client that left is not worked for."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.callers import Callers
from service.components import Service
from service.database.engine import Pool
from service.http import intake
from service.http.intake import Intake
from service.http.requests import Observed
from service.observability.metrics import Metrics
from service.server import Server
from tests.service.province import Province
from tests.service.waiting_appends import until_none_is_under_way, until_one_waits

RELEASED = asyncio.Event()


async def patient(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the body and answers when it is released."""
    body = await Request(scope, receive).body()
    await RELEASED.wait()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


@pytest.fixture(autouse=True)
def _held() -> None:
    RELEASED.clear()


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  others bring it about
            await asyncio.sleep(0.01)


async def test_more_requests_than_the_process_takes_are_refused_at_once() -> None:
    bounds = Intake(requests=2, size=1000)
    async with client_of(Observed(patient, Metrics(), bounds, Callers())) as client:
        taken = [asyncio.create_task(client.get("/")) for _ in range(2)]
        await until(lambda: bounds.in_flight == 2)
        refused = await client.get("/")
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "1"
        alive = asyncio.create_task(client.get("/healthz"))
        await until(lambda: bounds.in_flight == 3)
        RELEASED.set()
        assert {(await task).status_code for task in (*taken, alive)} == {200}
    assert (bounds.in_flight, bounds.held) == (0, 0)


async def test_a_request_that_is_refused_for_its_path_is_not_in_flight_any_more() -> None:
    bounds = Intake(requests=2, size=1000)
    RELEASED.set()
    async with client_of(Observed(patient, Metrics(), bounds, Callers())) as client:
        for _ in range(3):
            assert (await client.get("/v1/a%2fb/tasks")).status_code == 404
        assert (await client.get("/")).status_code == 200
    assert (bounds.in_flight, bounds.held) == (0, 0)


async def test_more_bytes_than_the_process_holds_are_refused() -> None:
    bounds = Intake(requests=10, size=1000)
    async with client_of(Observed(patient, Metrics(), bounds, Callers())) as client:
        taken = asyncio.create_task(client.post("/", content=bytes(5000)))  # alone, so it fits
        await until(lambda: bounds.held == 5000)
        assert (await client.post("/", content=b"more")).status_code == 503
        RELEASED.set()
        assert (await taken).text == "5000"
    assert (bounds.in_flight, bounds.held) == (0, 0)


async def answered_to(left: Callable[[], Awaitable[object]], app: ASGIApp) -> list[Message]:
    """What is sent to a client that sends a request and leaves."""
    arriving: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if arriving:
            return arriving.pop()
        await left()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    return sent


async def test_the_work_for_a_client_that_leaves_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "WATCH_AFTER_S", 0.01)
    bounds = Intake(requests=1, size=1000)
    async with asyncio.timeout(60):
        sent = await answered_to(
            partial(asyncio.sleep, 0.05), Observed(patient, Metrics(), bounds, Callers())
        )
    assert sent == []
    assert bounds.in_flight == 0


async def test_the_work_for_a_client_that_stays_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "WATCH_AFTER_S", 0.01)
    asyncio.get_running_loop().call_later(0.1, RELEASED.set)
    sent = await answered_to(
        asyncio.Event().wait, Observed(patient, Metrics(), Intake(1, 1000), Callers())
    )
    assert sent[0]["status"] == 200


async def test_a_command_whose_client_left_is_not_recorded(
    address: str, app: FastAPI, service: Service, province: Province, owner_pool: Pool
) -> None:
    """Of those that waited while the database stood still, 1,500 were recorded afterwards."""
    path = f"{address}/v1/{province.ledger}/officials/register"
    before = await service.log.head(province.ledger)
    headers = province.client.headers
    async with owner_pool.acquire() as holder, holder.transaction():
        await holder.execute("SELECT log.ledger_lock($1)", province.ledger)
        async with httpx.AsyncClient(headers=headers, timeout=60) as client:
            body = {"official_id": "left", "full_name": "Left"}
            leaving = asyncio.create_task(client.post(path, json=body))
            await until_one_waits(owner_pool)
            leaving.cancel()
        [held] = [each.kwargs for each in app.user_middleware if "intake" in each.kwargs]
        bounds = cast("Intake", held["intake"])
        await until(lambda: bounds.in_flight == 0)
        await until_none_is_under_way(service.log, province.ledger)
    async with httpx.AsyncClient(headers=headers, timeout=60) as client:
        reply = await client.post(path, json={"official_id": "stayed", "full_name": "Stayed"})
    assert reply.json()["position"] == before + 1


async def test_a_connection_stays_open_for_longer_than_clients_keep_theirs(
    app: FastAPI, service: Service
) -> None:
    """The longest of the common ones keeps it for 120 s; whoever closes first loses no request."""
    assert Server(app, service.settings).config.timeout_keep_alive > 120
