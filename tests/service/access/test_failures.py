"""Failures: an address that guesses is refused for a while; who was known there goes on."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Request

from service.access import failures as module
from service.access.callers import Callers
from service.access.failures import Failures, TooManyFailures
from service.access.roles import Role
from service.access.tokens import Tokens
from service.app import create_app
from service.database.engine import Pool
from service.http.access import address_of
from service.observability.metrics import Metrics
from service.server import Server
from service.settings import Settings
from tests.service.conftest import MASTER_KEY

GUESS = {"Authorization": "Bearer gv_0123456789abcdef_" + "0" * 64}
FEW = 3


@pytest.fixture
async def strict(own_url: str) -> AsyncIterator[FastAPI]:
    """A service that lets an address fail three times."""
    app = create_app(
        Settings(
            database_url=own_url,
            master_key=MASTER_KEY,
            failed_authentications=FEW,
            request_seconds=60,
        )
    )
    async with app.router.lifespan_context(app):
        yield app


def client_at(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 4000))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_an_address_that_guesses_is_refused_and_told_for_how_long(
    strict: FastAPI, own_pool: Pool
) -> None:
    _, known = await Tokens(own_pool).create("known", Role.OPERATOR)
    _, other = await Tokens(own_pool).create("other", Role.OPERATOR)
    header = {"Authorization": f"Bearer {known}"}
    async with client_at(strict, "192.0.2.1") as office, client_at(strict, "192.0.2.2") as home:
        assert (await office.get("/v1/ledgers", headers=header)).status_code == 200
        for _ in range(FEW):
            assert (await office.get("/v1/ledgers", headers=GUESS)).status_code == 401
        for guess in (GUESS, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {other}"}):
            refused = await office.get("/v1/ledgers", headers=guess)
            assert refused.status_code == 429
            assert refused.json()["type"] == "/problems/too-many-failures"
            assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert (await office.get("/v1/ledgers", headers=header)).status_code == 200
        assert (await office.get("/v1/ledgers")).status_code == 401
        assert (await home.get("/v1/ledgers", headers=GUESS)).status_code == 401


def test_the_addresses_of_one_subscriber_count_as_one() -> None:
    failures = Failures(1)
    failures.count("2001:db8:1:2::1")
    with pytest.raises(TooManyFailures):
        failures.require_few("2001:db8:1:2:ffff::7")
    failures.require_few("2001:db8:1:3::1")
    failures.count("::ffff:192.0.2.7")
    with pytest.raises(TooManyFailures):
        failures.require_few("192.0.2.7")


def test_many_addresses_take_no_more_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ADDRESSES", 10)
    failures = Failures(5)
    for number in range(200):
        failures.count(f"192.0.2.{number}")
    assert len(failures) == 11
    with pytest.raises(TooManyFailures):
        failures.require_few("198.51.100.1")
    failures.require_few("192.0.2.1")


@pytest.mark.parametrize(
    ("trusted", "address"), [("", "127.0.0.1"), ("127.0.0.0/8,10.0.0.7", "192.0.2.9")]
)
async def test_the_address_is_what_a_trusted_proxy_says(trusted: str, address: str) -> None:
    app = FastAPI()
    app.state.service = SimpleNamespace(metrics=Metrics())
    app.state.callers = Callers()

    @app.get("/")
    async def who(request: Request) -> str:
        return address_of(request.scope)

    config = Server(app, Settings(trusted_proxies=trusted)).config
    config.load()
    headers = {"X-Forwarded-For": "198.51.100.66, 192.0.2.9, 10.0.0.7"}
    transport = httpx.ASGITransport(config.loaded_app, client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/", headers=headers)).json() == address
