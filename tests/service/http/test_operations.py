"""Operations: liveness, readiness, metrics, and the offline description."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from openapi_spec_validator import validate
from pydantic import SecretStr
from starlette.routing import Mount, Route

from service.access.roles import Role
from service.app import create_app
from service.components import Service
from service.http.operations import for_operators
from service.observability.metrics import Metrics
from service.read_models.standings import Standing
from service.settings import Settings
from tests.logins import as_service
from tests.service.conftest import MASTER_KEY
from tests.service.province import REPORT, Province
from tests.service.ready import until_readiness_is


async def test_the_service_lives_and_is_ready(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).json() == {"status": "alive"}
    ready = await until_readiness_is(stranger, 200)
    assert ready.json() == {"status": "ready"}


async def test_a_service_that_stops_is_not_ready(
    stranger: httpx.AsyncClient, operator: httpx.AsyncClient, service: Service
) -> None:
    service.closing.set()
    try:
        reply = await stranger.get("/readyz")
        details = (await operator.get("/readyz/details")).json()
    finally:
        service.closing.clear()
    assert reply.status_code == 503
    assert details == {"status": "not_ready", "faults": ["service: it is stopping"]}
    assert reply.headers["Retry-After"] == "1"


async def test_only_an_operator_learns_what_is_wrong_and_reads_the_figures(
    stranger: httpx.AsyncClient,
    administrator: httpx.AsyncClient,
    operator: httpx.AsyncClient,
    service: Service,
) -> None:
    transport = httpx.ASGITransport(for_operators(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as beside:
        for path in ("/readyz/details", "/metrics"):
            clients = (stranger, administrator, operator, beside)
            statuses = [(await client.get(path)).status_code for client in clients]
            assert statuses == [401, 403, 200, 200], path
        assert (await beside.get("/healthz")).json() == {"status": "alive"}
        assert (await until_readiness_is(beside, 200)).json() == {"status": "ready"}
        assert (await beside.get("/v1/ledgers")).json()["type"] == "/problems/route-unknown"


async def test_metrics_do_not_grow_with_the_number_of_ledgers(
    province: Province, service: Service
) -> None:
    metrics = Metrics()
    sizes = []
    for many in (600, 6_000):
        ledgers = [f"ledger-{number}" for number in range(many)]
        metrics.note_tasks(dict.fromkeys(ledgers, True) | {"broken": False})
        for ledger in ledgers:
            metrics.note_restart(ledger)
        sizes.append(len(metrics.text()))
    assert sizes[1] < sizes[0] * 1.1
    assert b'giaoviec_task_up{task="broken"} 0.0' in metrics.text()

    def is_worse(one: Standing) -> tuple[bool, int]:
        return one.stopped_at is None, one.position - one.head

    await province.does("/units/establish", unit_id="new", name="Hàm Yên", kind="district")
    async with (
        service.background.acquire() as connection,
        connection.transaction(isolation="repeatable_read"),
    ):
        [worst] = await service.projector.standings.worst(connection, 1)
        every = await service.projector.standings.all(connection)
    assert len(every) > 1
    assert is_worse(worst) == min(map(is_worse, every))


class Alone(NamedTuple):
    """A service, and the one province that it serves."""

    service: Service
    province: Province


@pytest.fixture
async def alone(own_url: str, tmp_path: Path) -> AsyncIterator[Alone]:
    """A service that answers this test only, so that what it counts is known."""
    settings = Settings(
        database_url=as_service(own_url),
        data_dir=tmp_path,
        master_key=SecretStr(MASTER_KEY),
        request_seconds=60,
        missed_report_days=0,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        await service.log.create_ledger("a", "A")
        _, token = await service.tokens.create("a", Role.AUTHORITY, units=["*"])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            province = Province(client, "a")
            await province.establish()
            yield Alone(service, province)


async def test_requests_and_events_are_counted(alone: Alone) -> None:
    async def scraped() -> str:
        return (await alone.service.scrape.text()).decode()

    def counted(text: str, name: str) -> float:
        match = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(match[1]) if match else 0.0

    requests = (
        'giaoviec_http_requests_total{method="POST",'
        'route="/v1/{ledger}/tasks/{task_id}/report-progress",status="200"}'
    )
    task = await alone.province.task_in_progress("kilns")
    before = await scraped()
    await alone.province.says(f"/tasks/{task}/report-progress", REPORT)
    after = await scraped()
    assert counted(after, requests) == counted(before, requests) + 1
    appended = "giaoviec_events_appended_total"
    assert counted(after, appended) == counted(before, appended) + 1
    async with asyncio.timeout(60):  # what the database is asked is a second old
        while "giaoviec_projection_lag_events{ledger=" not in after:
            await asyncio.sleep(0.1)
            after = await scraped()


async def test_others_are_answered_while_the_description_is_made() -> None:
    made, asked, calls = threading.Event(), asyncio.Event(), list[str]()

    def document() -> dict[str, str]:
        loop.call_soon_threadsafe(asked.set)
        made.wait(60)
        calls.append("made")
        return {"openapi": "3.1.0"}

    loop = asyncio.get_running_loop()
    app = create_app(Settings.model_construct())
    app.openapi = document  # type: ignore[method-assign]  # as slow as it may be
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        waiting = [asyncio.create_task(client.get("/openapi.json")) for _ in range(2)]
        await asked.wait()
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.options("/v1/ledgers")).headers["Allow"] == "POST, GET, HEAD, OPTIONS"
        made.set()
        replies = await asyncio.gather(*waiting)
        assert (await client.head("/openapi.json")).headers["ETag"] == replies[0].headers["ETag"]
    assert [reply.json() for reply in replies] == [{"openapi": "3.1.0"}] * 2
    assert calls == ["made"]


async def test_the_description_is_openapi_and_declares_every_refusal(
    stranger: httpx.AsyncClient,
) -> None:
    document = (await stranger.get("/openapi.json")).json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    report = document["paths"]["/v1/{ledger}/tasks/{task_id}/report-progress"]["post"]
    assert report["security"] == [{"token": []}]
    declared = {"200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429"}
    assert report["responses"].keys() == declared | {"500", "503"}
    assert report["responses"]["409"] == {"$ref": "#/components/responses/Conflict"}
    assert "/problems/task-not-in-progress" in report["x-problem-types"]["409"]


async def test_every_operation_has_a_name_a_summary_and_a_tag(app: FastAPI) -> None:
    document = app.openapi()
    names = [tag["name"] for tag in document["tags"]]
    for methods in document["paths"].values():
        for operation in methods.values():
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"])
            assert operation["summary"]
            assert set(operation["tags"]) <= set(names)


async def test_the_docs_page_asks_nothing_of_the_internet(stranger: httpx.AsyncClient) -> None:
    page = (await stranger.get("/docs")).text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert address.startswith("/docs/assets/")
        assert (await stranger.get(address)).status_code == 200
    assert "https://" not in page.replace("https://fastapi.tiangolo.com/img/favicon.png", "")


@pytest.mark.parametrize("folder", ["/docs/assets", "/docs/assets/", "/docs/assets/%2e", "/docs/"])
async def test_no_folder_is_listed(stranger: httpx.AsyncClient, folder: str) -> None:
    reply = await stranger.get(folder)
    assert reply.status_code == 404
    assert "swagger" not in reply.text


def test_the_page_to_try_can_be_left_out() -> None:
    def paths(*, docs_page: bool) -> set[str]:
        app = create_app(Settings.model_construct(docs_page=docs_page))
        routes = (context.original_route for context in iter_route_contexts(app.routes))
        return {route.path for route in routes if isinstance(route, Route | Mount)}

    assert paths(docs_page=True) - paths(docs_page=False) == {"/", "/docs", "/docs/assets"}
    assert "/openapi.json" in paths(docs_page=False)
