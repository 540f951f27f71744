"""The feed: a reader gets every event once, in order, from its position on."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from service.components import Service
from service.database.engine import Pool
from tests.erasing import destroy
from tests.service.listened import until_waited_for
from tests.service.province import REPORT, Province


async def page(province: Province, **query: str | int) -> dict[str, Any]:
    reply = await province.client.get(f"/v1/{province.ledger}/events", params=query)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


async def test_page_by_page_a_reader_gets_every_event_once(province: Province) -> None:
    await province.task_in_progress("kilns")
    positions: list[int] = []
    after: str | int = 0
    while True:
        read = await page(province, after=after, limit=3)
        positions += [event["position"] for event in read["events"]]
        after = read["cursor"]
        if not read["events"]:
            break
    assert positions == list(range(1, read["head"] + 1))


async def test_an_event_is_a_cloudevent_with_its_place_and_clocks(province: Province) -> None:
    await province.task_in_progress("kilns")
    reply = await province.client.get(
        f"/v1/{province.ledger}/events?types=task.assigned&tags=task:kilns"
    )
    [event] = reply.json()["events"]
    assert event["id"] == f"{province.ledger}/{event['position']}"
    assert event["source"] == f"/v1/{province.ledger}"
    assert event["type"] == "vn.giaoviec.task.assigned"
    assert event["subject"] == "task:kilns"
    assert event["effectiveon"] == "2021-01-04"
    assert event["onbehalfof"] == "standing-committee"
    assert "official:official-017" in event["tags"].split(",")
    assert event["data"]["official_id"] == "official-017"
    read = JSONFormat().read(CloudEvent, json.dumps(event))
    assert read.get_id() == event["id"]


async def test_a_type_may_be_written_as_the_feed_delivers_it(province: Province) -> None:
    await province.task_in_progress("kilns")
    short = await page(province, types="task.assigned")
    full = await page(province, types="vn.giaoviec.task.assigned")
    assert [event["type"] for event in full["events"]] == ["vn.giaoviec.task.assigned"]
    assert full["events"] == short["events"]


async def test_a_type_that_there_is_not_is_told_with_the_nearest(province: Province) -> None:
    reply = await province.client.get(
        f"/v1/{province.ledger}/events?types=task.asigned", headers={"Accept-Language": "en"}
    )
    assert reply.status_code == 422
    [error] = reply.json()["errors"]
    assert error["detail"] == "there is no type of event task.asigned; is it task.assigned?"


async def test_a_filtered_reader_moves_on_past_what_is_not_selected(province: Province) -> None:
    await province.task_in_progress("kilns")
    read = await page(province, tags="task:none")
    assert read["events"] == []
    assert read["next_after"] == read["head"] != 0


async def test_several_types_are_read_and_all_tags_must_hold(province: Province) -> None:
    await province.task_in_progress("kilns")
    await province.task_in_progress("roads")
    reply = await province.client.get(
        f"/v1/{province.ledger}/events",
        params={"types": ["task.commissioned", "task.assigned"], "tags": ["task:roads"]},
    )
    assert [event["type"].removeprefix("vn.giaoviec.") for event in reply.json()["events"]] == [
        "task.commissioned",
        "task.assigned",
    ]
    twice = await province.client.get(
        f"/v1/{province.ledger}/events", params={"tags": ["task:roads"] * 2}
    )
    assert len(twice.json()["events"]) == 2
    both = await province.client.get(
        f"/v1/{province.ledger}/events", params={"tags": ["task:roads", "task:kilns"]}
    )
    assert both.json()["events"] == []


async def test_who_waits_is_told_as_soon_as_it_happens(
    province: Province, service: Service
) -> None:
    task = await province.task_in_progress("kilns")
    head = (await page(province))["head"]
    in_vain = asyncio.create_task(page(province, after=head, wait=30, tags="task:none"))
    waiting = asyncio.create_task(page(province, after=head, wait=30))
    await until_waited_for(service.log, province.ledger, 2)
    assert not waiting.done()
    await province.says(f"/tasks/{task}/report-progress", REPORT)
    read = await waiting
    assert not in_vain.done(), "nobody waited for the end of the time"
    in_vain.cancel()
    await asyncio.wait([in_vain])
    [event] = read["events"]
    assert event["type"] == "vn.giaoviec.task.progress_reported"


async def test_who_waits_in_vain_is_told_so(province: Province) -> None:
    before = await page(province)
    head, epoch = before["head"], before["epoch"]
    assert await page(province, after=head, wait=1) == {
        "events": [],
        "next_after": head,
        "head": head,
        "epoch": epoch,
        "cursor": f"{epoch}-{head}",
    }


async def test_who_waits_is_let_go_when_the_service_stops(
    province: Province, service: Service
) -> None:
    head = (await page(province))["head"]
    waiting = asyncio.create_task(page(province, after=head, wait=30))
    await until_waited_for(service.log, province.ledger)
    service.closing.set()
    try:
        assert (await asyncio.wait_for(waiting, 20))["events"] == []
    finally:
        service.closing.clear()


async def test_a_person_s_data_reads_null_once_it_is_erased(
    province: Province, owner_pool: Pool
) -> None:
    async def name() -> object:
        reply = await province.client.get(
            f"/v1/{province.ledger}/events?types=official.registered&tags=official:official-017"
        )
        return reply.json()["events"][0]["data"]["full_name"]

    assert await name() == "Cán bộ 017"
    await destroy(owner_pool, province.ledger, "official-017")
    assert await name() is None


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=-5", "after"),
        ("after=abc-5", "after"),
        ("after=0123456789ab-", "after"),
        ("after=0123456789ab-5-5", "after"),
        ("after=0123456789AB-5", "after"),
        ("after=1.0", "after"),
        ("after=%2B1", "after"),
        ("after=1_0", "after"),
        ("after=9007199254740992", "after"),
        ("after=%00", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("wait=31", "wait"),
        ("types=Task", "types"),
        ("types=task.assigned&types=%F0%9F%98%80", "types"),
        ("tags=yen-son", "tags"),
        ("tag=unit:yen-son", "tag"),
    ],
)
async def test_a_question_that_cannot_be_is_refused(
    administrator: httpx.AsyncClient, ledger: str, query: str, parameter: str
) -> None:
    reply = await administrator.get(f"/v1/{ledger}/events?{query}")
    assert reply.status_code == 422, reply.text
    assert parameter in {error["parameter"] for error in reply.json()["errors"]}
