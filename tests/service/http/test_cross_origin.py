"""Cross origin and prefix: browsers of the origins that the setting names, and a proxy in front."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from service.app import create_app
from service.components import Service
from service.settings import Settings
from tests.service.province import COMMITTEE, DECISION, POST, PROPOSAL, REPORT, Province

ORIGIN, PREFIX = "https://portal.example.vn", "/giaoviec"
SHEET = "unit_id,name,kind\nyen-son,Huyện Yên Sơn,district\n"


def another(app: FastAPI, **settings: object) -> FastAPI:
    """The same service, put together with other settings."""
    service: Service = app.state.service
    made = create_app(service.settings.model_copy(update=settings))
    made.state.service, made.state.databases = service, app.state.databases
    return made


def client_like(client: httpx.AsyncClient, app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", headers=client.headers
    )


@pytest.fixture
async def portal(
    app: FastAPI, administrator: httpx.AsyncClient
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that lets one origin in."""
    async with client_like(administrator, another(app, cors_origins=(ORIGIN,))) as client:
        yield client


@pytest.fixture
async def proxied(
    app: FastAPI, administrator: httpx.AsyncClient
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service below a prefix."""
    async with client_like(administrator, another(app, root_path=PREFIX)) as client:
        yield client


def preflight(origin: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,if-match",
    }


async def test_no_origin_is_let_in_unless_the_setting_names_it(
    stranger: httpx.AsyncClient, portal: httpx.AsyncClient
) -> None:
    told = await stranger.options("/v1/ledgers", headers=preflight(ORIGIN))
    assert "Access-Control-Allow-Origin" not in told.headers
    read = await stranger.get("/healthz", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in read.headers
    for origin, is_let_in in ((ORIGIN, True), ("https://else.example.vn", False)):
        told = await portal.options("/v1/ledgers", headers=preflight(origin))
        assert ("Access-Control-Allow-Origin" in told.headers) is is_let_in
        assert told.is_success is is_let_in


async def test_a_page_of_the_origin_sees_what_clients_need(
    portal: httpx.AsyncClient, province: Province
) -> None:
    page = Province(portal, province.ledger)
    portal.headers["Origin"] = ORIGIN
    reply = await page.says("/units/establish", {"name": "Tỉnh", "kind": "province"})
    refused = await page.says("/tasks/none/assign", {})
    known = await portal.get(
        reply.headers["Location"], params={"min_position": reply.json()["position"]}
    )
    for one in (reply, refused, known, await portal.get("/none")):
        assert one.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Origin" in one.headers["Vary"]
        seen = set(one.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"ETag", "Link", "Location", "Retry-After", "Idempotency-Replayed"} <= seen
        assert "Access-Control-Allow-Credentials" not in one.headers


@pytest.mark.parametrize("origins", ["https://a.vn/", "a.vn", "https://a.vn/app", "https://a.vn x"])
def test_what_is_no_origin_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, origins: str
) -> None:
    monkeypatch.setenv("GIAOVIEC_CORS_ORIGINS", origins)
    with pytest.raises(ValidationError, match="is no origin"):
        Settings()


def test_origins_are_separated_by_blanks_or_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAOVIEC_CORS_ORIGINS", "https://a.vn,http://localhost:5173  *")
    assert Settings().cors_origins == ("https://a.vn", "http://localhost:5173", "*")


@pytest.mark.parametrize("prefix", ["giaoviec", "/", "/giaoviec/", "/v1", "/docs/x", "/a b"])
def test_a_prefix_that_no_proxy_can_tell_is_refused_at_the_start(prefix: str) -> None:
    with pytest.raises(ValidationError, match="root_path"):
        Settings(root_path=prefix)


# A proxy strips the prefix from what it passes on, or leaves it there.
@pytest.mark.parametrize("passed_on", ["", PREFIX], ids=["stripped", "left"])
async def test_every_address_that_is_given_has_the_prefix(
    proxied: httpx.AsyncClient, province: Province, passed_on: str
) -> None:
    ledger = f"{passed_on}/v1/{province.ledger}"
    made = await proxied.post(
        f"{ledger}/units/establish", json={"name": "Tỉnh", "kind": "province"}
    )
    begun = await proxied.post(
        f"{ledger}/tasks/commission",
        json={"post_id": POST, "proposal": PROPOSAL, "on_behalf_of": COMMITTEE, "basis": DECISION},
    )
    sent = await proxied.post(
        f"{ledger}/imports/units?dry_run=true", content=SHEET, headers={"Content-Type": "text/csv"}
    )
    kept = await proxied.post(f"{ledger}/snapshots", json={"known_at": 1, "name": "first"})
    for reply in (made, begun, sent, kept):
        assert reply.is_success, reply.text
        location = reply.headers["Location"]
        assert location.startswith(f"{PREFIX}/v1/{province.ledger}/")
        params = {"min_position": begun.json()["position"]} if reply in {made, begun} else {}
        there = await proxied.get(location, params=params)
        assert there.status_code == 200, location
    page = await proxied.get(f"{ledger}/officials?limit=1&min_position={made.json()['position']}")
    following = page.links["next"]["url"]
    assert following.startswith(f"{PREFIX}/v1/{province.ledger}/officials?")
    assert (await proxied.get(following)).status_code == 200


@pytest.mark.parametrize("passed_on", ["", PREFIX], ids=["stripped", "left"])
async def test_the_pages_for_people_work_below_the_prefix(
    proxied: httpx.AsyncClient, passed_on: str
) -> None:
    front = await proxied.get(f"{passed_on}/")
    assert front.headers["Location"] == f"{PREFIX}/docs"
    page = (await proxied.get(f"{passed_on}/docs")).text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page) + re.findall(r"url: '([^']+)'", page)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith(f"{PREFIX}/")
        assert (await proxied.get(address)).status_code == 200, address
    document = (await proxied.get(f"{passed_on}/openapi.json")).json()
    assert [server["url"] for server in document["servers"]] == [PREFIX]
    problem = await proxied.get(f"{passed_on}/problems/task-unknown")
    assert f'href="{PREFIX}/problems"' in problem.text


async def test_a_key_used_below_one_prefix_is_known_below_another(
    proxied: httpx.AsyncClient, province: Province
) -> None:
    await province.task_in_progress("kilns")
    key, path = (
        {"Idempotency-Key": province.ledger},
        f"/v1/{province.ledger}/tasks/kilns/report-progress",
    )
    first = await province.client.post(path, json=REPORT, headers=key)
    for address in (path, f"{PREFIX}{path}"):
        again = await proxied.post(address, json=REPORT, headers=key)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == first.json()
