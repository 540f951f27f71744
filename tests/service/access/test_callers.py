"""What the log tells of those who call: who came by which token, and who was refused and why."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from service.access import callers as module
from service.access.callers import Callers
from service.access.roles import Role
from service.access.tokens import Tokens
from service.app import create_app
from service.database.engine import Pool
from service.settings import Settings
from tests.service.conftest import MASTER_KEY

ADDRESS = "192.0.2.1"
GUESS = {"Authorization": "Bearer gv_0123456789abcdef_" + "0" * 64}
LEAST = 60


@pytest.fixture
async def strict(own_url: str) -> AsyncIterator[FastAPI]:
    """A service in which a token reads sixty times a minute, and which has a fault."""
    app = create_app(Settings(database_url=own_url, master_key=MASTER_KEY, reads_per_token=LEAST))

    @app.get("/broken", include_in_schema=False)
    async def broken() -> None:
        raise KeyError("Đinh Công Tráng")

    async with app.router.lifespan_context(app):
        yield app


def client_at(app: FastAPI, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(ADDRESS, 4000)),
        base_url="http://test",
        headers={"Authorization": f"Bearer {token}"},
    )


def lines_of(lines: list[Any], event: str, address: str = ADDRESS) -> list[dict[str, Any]]:
    """The event's lines of the address, without what every line has.

    Other services of this process may tell of their own callers at any moment.
    """
    common = ("event", "log_level", "request_id")
    return [
        {name: value for name, value in line.items() if name not in common}
        for line in lines
        if line["event"] == event and line["address"] == address
    ]


async def test_a_token_reads_so_often_within_a_minute_and_is_told_when_to_go_on(
    strict: FastAPI, own_pool: Pool
) -> None:
    made = [await Tokens(own_pool).create(f"t-{n}", Role.OPERATOR) for n in range(2)]
    async with client_at(strict, made[0][1]) as one, client_at(strict, made[1][1]) as other:
        answers = [(await one.get("/v1/ledgers")).status_code for _ in range(LEAST)]
        assert set(answers) == {200}
        refused = await one.get("/v1/ledgers")
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-reads")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.json()["most"] == LEAST
        assert (await other.get("/v1/ledgers")).status_code == 200
        # Commands have a bound of their own.
        assert (await one.post("/v1/a/units/establish", json={})).status_code == 403


async def test_who_authenticates_and_who_is_refused_has_a_line_and_is_counted(
    strict: FastAPI, own_pool: Pool
) -> None:
    token, text = await Tokens(own_pool).create("known", Role.INTEGRATOR)
    with capture_logs() as lines:
        async with client_at(strict, text) as client:
            for _ in range(3):
                assert (await client.get("/v1/ledgers")).status_code == 200
                assert (await client.get("/v1/ledgers", headers=GUESS)).status_code == 401
                assert (await client.get("/readyz/details")).status_code == 403
            assert (await client.get("/v1/ledgers?q=1")).status_code == 422
        await strict.state.callers.tell()
    where = {"address": ADDRESS}
    authenticated = {"token_id": token.id, **where, "way": "api_token"}
    unknown = {"token_id": None, **where, "problem": "not-authenticated"}
    forbidden = {"token_id": token.id, **where, "problem": "role-forbids"}
    not_valid = {"token_id": token.id, **where, "problem": "not-valid"}
    assert lines_of(lines, "authenticated") == [authenticated]
    assert lines_of(lines, "refused") == [unknown, forbidden, not_valid]
    times = {"seconds": module.PERIOD_S}
    assert lines_of(lines, "repeated") == [
        {"of": "authenticated", "times": 7, **times, **authenticated},
        {"of": "refused", "times": 3, **times, **unknown},
        {"of": "refused", "times": 3, **times, **forbidden},
    ]
    assert text not in str(lines)


async def test_an_unforeseen_error_is_in_the_log_with_its_request_and_token(
    strict: FastAPI, own_pool: Pool
) -> None:
    token, text = await Tokens(own_pool).create("known", Role.OPERATOR)
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with client_at(strict, text) as client:
            reply = await client.get("/broken", headers={"X-Request-ID": "r-2"})
            assert reply.status_code == 500
            strict.state.service.pace.count = None  # a fault behind the authentication
            reply = await client.get("/v1/ledgers", headers={"X-Request-ID": "r-3"})
            assert reply.status_code == 500
    # Other services of this process write lines too.
    lines = [line for line in lines if line.get("request_id") in {"r-2", "r-3"}]
    faults = [line for line in lines if line["event"] == "internal_fault"]
    assert [line["request_id"] for line in faults] == ["r-2", "r-3"]
    assert [line.get("token_id") for line in faults] == [None, token.id]
    assert all(line["log_level"] == "error" and line["exc_info"] for line in faults)
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["request_id"], line.get("token_id")) for line in requests] == [
        ("r-2", None),
        ("r-3", token.id),
    ]


async def test_what_is_refused_before_it_is_a_request_has_a_line_too(
    app: FastAPI, address: str
) -> None:
    await app.state.callers.tell()
    host, _, port = address.removeprefix("http://").partition(":")
    with capture_logs() as lines:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /healthz HTTP/1.1\r\n\r\n")
        assert b"400" in await reader.readline()
        writer.close()
    assert {"token_id": None, "address": "127.0.0.1", "problem": "host-not-one"} in lines_of(
        lines, "refused", "127.0.0.1"
    )


def test_many_callers_take_no_more_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    callers = Callers()
    with capture_logs() as lines:
        for number in range(10):
            callers.refused(None, f"192.0.2.{number}", "not-valid")
    assert (len(callers), len(lines)) == (4, 4)
    assert lines[-1]["address"] is None
