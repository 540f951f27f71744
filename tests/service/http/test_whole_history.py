"""The history of a whole ledger: by actor, body, document, type, subject and both clocks."""

from typing import Any

import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, Province

DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}


async def history(province: Province, **filters: str | int) -> list[dict[str, Any]]:
    reply = await province.client.get(f"/v1/{province.ledger}/history", params=filters)
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def positions(province: Province, **filters: str | int) -> list[int]:
    return [one["position"] for one in await history(province, **filters)]


async def test_everything_is_found_by_who_recorded_it(
    province: Province, client_of: ClientOf
) -> None:
    await province.task_in_progress("kilns")
    own = Province(await client_of(Role.OFFICIAL, official_id="official-017"), province.ledger)
    done = await own.does("/tasks/kilns/report-progress", narrative="tháng 5")

    [found] = await history(own, actor="official:official-017")
    assert (found["position"], found["type"]) == (done["position"], "task.progress_reported")
    assert found["concerns"][0] == "task:kilns"
    others = await history(province, actor=found["actor"] + "x")
    assert others == []
    assert await history(province, token_id=found["token_id"]) == [found]
    asked = {"token_id": found["token_id"], "format": "csv"}
    exported = await province.client.get(f"/v1/{province.ledger}/history", params=asked)
    [heading, *rows] = exported.text.splitlines()
    assert "Token id" in heading
    assert [found["token_id"] in row for row in rows] == [True]
    assert await history(province, token_id="0" * 16) == []


async def test_filters_narrow_one_another_and_the_newest_comes_first(province: Province) -> None:
    await province.task_in_progress("kilns")
    cancelled = await province.does("/tasks/kilns/cancel", reason="nhầm việc", **DECIDED)
    at = cancelled["position"]

    everything = await positions(province, limit=200)
    assert everything == list(range(at, 0, -1))
    assert await positions(province, limit=200, sort="position") == everything[::-1]
    assert (await positions(province, document=DECISION["number"]))[0] == at
    assert at in await positions(province, on_behalf_of=COMMITTEE)
    assert await positions(province, type="task.cancelled", task="kilns") == [at]
    assert await positions(province, type="task.cancelled", task="other") == []
    assert await positions(province, document="no such") == []


async def test_both_clocks_bound_it(province: Province) -> None:
    await province.task_in_progress("kilns")
    late = await province.does(
        "/tasks/kilns/report-progress", effective_on="2021-05-01", narrative="tháng 5"
    )
    [found] = await history(province, effective_from="2021-05-01", effective_to="2021-05-01")
    assert (found["position"], found["days_late"] > 365) == (late["position"], True)

    at = found["recorded_at"]
    assert await positions(province, recorded_from=at) == [late["position"]]
    before = await positions(province, recorded_before=at, limit=200)
    assert before == list(range(late["position"] - 1, 0, -1))
    assert await positions(province, recorded_from=at, recorded_before=at) == []


async def test_what_was_annulled_is_marked(province: Province) -> None:
    await province.task_in_progress("kilns")
    wrong = await province.does("/tasks/kilns/report-progress", narrative="ghi nhầm")
    await province.says("/events/annul", {"positions": [wrong["position"]], "reason": "nhầm"})
    found = {one["position"]: one["annulled"] for one in await history(province, task="kilns")}
    assert found[wrong["position"]] is True
    assert sum(found.values()) == 1


@pytest.mark.parametrize(
    "filters",
    [
        {"recorded_from": "2021"},
        {"recorded_from": "1625097600"},
        {"recorded_from": "2021-06-30T17:00:00"},
        {"recorded_from": "2021-02-30T17:00:00Z"},
        {"recorded_before": "9999-12-31T23:59:59-23:59"},
        {"effective_to": "30/06/2021"},
        {"actor": ""},
        {"token_id": "x"},
        {"document": "a\x00b"},
    ],
)
async def test_what_is_no_bound_is_told(province: Province, filters: dict[str, str]) -> None:
    reply = await province.client.get(f"/v1/{province.ledger}/history", params=filters)
    assert reply.status_code == 422
    [name] = filters
    assert reply.json()["errors"][0]["parameter"] == name
