"""Reads over HTTP: the secretary of Yên Sơn's portfolio, and what is asked wrongly."""

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.yen_son import (
    HANDOVER_DAY,
    OTHER,
    OTHER_DISTRICT,
    PREDECESSOR,
    SECRETARY,
    Reader,
    portfolio,
)
from tests.service.province import COMMITTEE, DISTRICT, PROPOSAL, Province, version_in


@pytest.fixture
async def yen_son(province: Province, client_of: ClientOf) -> Reader:
    recorder = await client_of(Role.AUTHORITY, units=[COMMITTEE])
    return await portfolio(province, Province(recorder, province.ledger))


async def test_the_secretary_has_completed_two_of_four(yen_son: Reader) -> None:
    found = await yen_son.reads("/completion-rates", group_by="official", as_of="2021-06-01")
    of = {item["group"]: item for item in found["items"]}
    secretary = of[SECRETARY]
    assert secretary["assigned"] == 5
    assert secretary["received"] == 2
    assert secretary["completed"] == 2
    assert secretary["transferred"] == 1
    assert secretary["in_progress_in_time"] == 2
    assert secretary["completion"] == {
        "of": "assigned_less_transferred_and_cancelled",
        "numerator": 2,
        "denominator": 4,
        "fraction": "2/4",
        "percent": "50.00",
    }
    assert of[PREDECESSOR]["assigned"] == 0
    assert of[PREDECESSOR]["handed_over"] == 2
    assert of[PREDECESSOR]["completion"]["percent"] is None
    assert of[OTHER]["transferred_in"] == 1


async def test_a_task_handed_over_counts_once_in_its_unit(yen_son: Reader) -> None:
    found = await yen_son.reads("/completion-rates", group_by="unit", as_of="2021-06-01")
    of = {item["group"]: item for item in found["items"]}
    assert (of[DISTRICT]["assigned"], of[DISTRICT]["transferred"]) == (5, 1)
    assert of[OTHER_DISTRICT]["assigned"] == 1
    total = await yen_son.reads("/completion-rates", as_of="2021-06-01")
    assert [item["assigned"] for item in total["items"]] == [5]


async def test_a_day_reads_as_it_was(yen_son: Reader) -> None:
    before = await yen_son.reads("/completion-rates", group_by="official", as_of="2021-02-28")
    assert [(item["group"], item["assigned"]) for item in before["items"]] == [(PREDECESSOR, 2)]
    then = await yen_son.reads("/active-tasks", as_of="2021-02-28")
    assert [(item["task_id"], item["official_id"]) for item in then["items"]] == [
        ("inherited-1", PREDECESSOR),
        ("inherited-2", PREDECESSOR),
    ]
    later = await yen_son.reads("/active-tasks", as_of="2021-05-09", official=SECRETARY)
    states = {item["task_id"]: item["state"] for item in later["items"]}
    assert states["own-1"] == "claimed"
    assert len(states) == 5


async def test_the_predecessor_answers_for_the_days_before_the_handover(yen_son: Reader) -> None:
    found = await yen_son.reads("/tasks/inherited-1/responsibilities")
    assert [(i["official_id"], i["from_on"], i["to_on"], i["how"]) for i in found["items"]] == [
        (PREDECESSOR, "2021-01-04", "2021-02-28", "assigned"),
        (SECRETARY, HANDOVER_DAY, None, "handed_over"),
    ]
    eve = await yen_son.reads("/tasks/inherited-1/responsibilities", as_of="2021-02-28")
    assert [item["official_id"] for item in eve["items"]] == [PREDECESSOR]
    of = await yen_son.reads(f"/officials/{SECRETARY}/responsibilities", to_on="2021-03-01")
    assert len(of["items"]) == 5
    assert (
        await yen_son.reads(f"/officials/{PREDECESSOR}/responsibilities", from_on=HANDOVER_DAY)
    )["items"] == []


async def test_overdue_is_active_past_its_deadline_on_that_day(yen_son: Reader) -> None:
    in_time = await yen_son.reads("/tasks", overdue="true", as_of="2021-12-31")
    assert in_time["items"] == []
    late = await yen_son.reads("/tasks", overdue="true", as_of="2022-01-01")
    assert [item["task_id"] for item in late["items"]] == ["inherited-1", "inherited-2", "own-3"]
    rates = await yen_son.reads("/completion-rates", group_by="official", as_of="2022-01-01")
    [secretary] = [item for item in rates["items"] if item["group"] == SECRETARY]
    assert secretary["overdue"] == 2
    assert secretary["on_time"]["fraction"] == "2/4"


async def test_a_list_is_filtered_and_sorted_and_read_page_by_page(yen_son: Reader) -> None:
    reply = await yen_son.says(
        "/tasks", sort="-task_id", limit=2, kind="backlog", as_of="2021-06-01"
    )
    pages = [[item["task_id"] for item in reply.json()["items"]]]
    while "next" in reply.links:
        reply = await yen_son.client.get(reply.links["next"]["url"])
        assert reply.json()["as_of"] == "2021-06-01"
        pages.append([item["task_id"] for item in reply.json()["items"]])
    assert pages == [["own-3", "own-2"], ["own-1", "inherited-2"], ["inherited-1"]]
    assert reply.json()["next_cursor"] is None
    assert (await yen_son.reads("/tasks", kind="new"))["items"] == []


@pytest.mark.parametrize(
    "sort", ["due_on", "assigned_on", "last_report_on", "share_percent", "title", "task_id"]
)
@pytest.mark.parametrize("minus", ["", "-"])
async def test_every_order_names_every_task_once(yen_son: Reader, sort: str, minus: str) -> None:
    reply = await yen_son.says("/tasks", sort=minus + sort, limit=1)
    found = [item["task_id"] for item in reply.json()["items"]]
    while "next" in reply.links:
        reply = await yen_son.client.get(reply.links["next"]["url"])
        found += [item["task_id"] for item in reply.json()["items"]]
    assert sorted(found) == ["inherited-1", "inherited-2", "own-1", "own-2", "own-3"]


async def test_a_task_is_read_with_its_goal_under_its_entity_tag(yen_son: Reader) -> None:
    reply = await yen_son.says("/tasks/own-1")
    item = reply.json()["item"]
    assert item["goal"] == PROPOSAL["goal"]
    assert item["completed_on"] == "2021-05-01"
    assert (item["state"], item["share_percent"]) == ("completed", "100")
    assert item["indicators"][0]["actual"] == "98"
    assert version_in(reply.headers["ETag"]) == f'"{item["position"]}"'
    timeline = await yen_son.reads("/tasks/own-1/history")
    assert timeline["items"][0]["position"] == item["position"]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/tasks/nobody", "task-unknown"),
        ("/tasks/nobody/responsibilities", "task-unknown"),
        ("/officials/nobody/responsibilities", "official-unknown"),
        ("/officials/nobody", "official-unknown"),
        ("/units/nobody", "unit-unknown"),
        ("/posts/nobody", "post-unknown"),
        ("/units/nobody/history", "unit-unknown"),
    ],
)
async def test_what_does_not_exist_is_not_found(
    province: Province, path: str, problem: str
) -> None:
    reply = await province.client.get(f"/v1/{province.ledger}{path}")
    assert (reply.status_code, reply.json()["type"]) == (404, f"/problems/{problem}")


@pytest.mark.parametrize(
    ("path", "asked", "named"),
    [
        ("/tasks", {"colour": "red"}, "colour"),
        ("/tasks", {"as_of": "2021-02-30"}, "as_of"),
        ("/tasks", {"limit": "0"}, "limit"),
        ("/tasks", {"overdue": "yes"}, "overdue"),
        ("/tasks", {"sort": "colour"}, "sort"),
        ("/active-tasks", {"state": "completed"}, "state"),
        ("/completion-rates", {"group_by": "colour"}, "group_by"),
        ("/units", {"kind": "No Kind"}, "kind"),
    ],
)
async def test_a_wrong_parameter_is_named(
    province: Province, path: str, asked: dict[str, str], named: str
) -> None:
    reply = await province.client.get(f"/v1/{province.ledger}{path}", params=asked)
    assert reply.status_code == 422
    assert [error["parameter"] for error in reply.json()["errors"]] == [named]


async def test_a_cursor_of_another_list_is_refused(yen_son: Reader) -> None:
    cursor = (await yen_son.reads("/tasks", limit=1))["next_cursor"]
    others: list[tuple[str, dict[str, str]]] = [
        ("/units", {}),
        ("/tasks", {"sort": "title"}),
        ("/tasks", {"as_of": "2021-01-04"}),
    ]
    for path, asked in others:
        reply = await yen_son.says(path, cursor=cursor, **asked)
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/cursor-unusable")
    for forged in ("AAAA", "bnVsbA==", "WyJ0YXNrcyBieSBkdWVfb24iLCIyMDIxLTAxLTA0IiwieCIsInkiXQ=="):
        assert (await yen_son.says("/tasks", cursor=forged)).status_code == 422


async def test_a_position_that_is_not_recorded_is_refused_at_once(yen_son: Reader) -> None:
    yen_son.position += 1_000_000
    reply = await yen_son.says("/tasks")
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/position-not-recorded")


async def test_an_empty_ledger_answers_with_nothing(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    for path in ("tasks", "active-tasks", "units", "posts", "officials", "tenures"):
        reply = await administrator.get(f"/v1/{ledger}/{path}")
        assert reply.status_code == 200, reply.text
        assert reply.json()["items"] == []
        assert reply.json()["position"] == 0
    rates = await administrator.get(f"/v1/{ledger}/completion-rates", params={"group_by": "year"})
    assert rates.json()["items"] == []
