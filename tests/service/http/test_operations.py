"""Operations: liveness, readiness, metrics, and the offline description."""

import asyncio
import re
import threading

import httpx
from fastapi import FastAPI
from openapi_spec_validator import validate

from service.app import create_app
from service.components import Service
from service.settings import Settings
from tests.service.province import REPORT, Province


async def test_the_service_lives_and_is_ready(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).json() == {"status": "alive"}
    ready = await stranger.get("/readyz")
    assert ready.status_code == 200, ready.text


async def test_a_service_that_stops_is_not_ready(
    stranger: httpx.AsyncClient, service: Service
) -> None:
    service.closing.set()
    try:
        reply = await stranger.get("/readyz")
    finally:
        service.closing.clear()
    assert reply.status_code == 503
    assert reply.json()["faults"] == ["service: it is stopping"]
    assert reply.headers["Retry-After"] == "1"


async def test_requests_and_events_are_counted(
    province: Province, stranger: httpx.AsyncClient
) -> None:
    def counted(text: str, name: str) -> float:
        match = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(match[1]) if match else 0.0

    requests = (
        'giaoviec_http_requests_total{method="POST",'
        'route="/v1/{ledger}/tasks/{task_id}/report-progress",status="200"}'
    )
    task = await province.task_in_progress("kilns")
    before = (await stranger.get("/metrics")).text
    await province.says(f"/tasks/{task}/report-progress", REPORT)
    after = (await stranger.get("/metrics")).text
    assert counted(after, requests) == counted(before, requests) + 1
    appended = "giaoviec_events_appended_total"
    assert counted(after, appended) == counted(before, appended) + 1
    assert f'giaoviec_projection_lag_events{{ledger="{province.ledger}"' in after


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
