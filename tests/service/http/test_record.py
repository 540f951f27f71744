"""The record put right over HTTP: late, annulled, replaced, closed; and how all of it is shown."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, POST, REPORT, Province, version_in

DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}


async def read(province: Province, path: str, **params: str | int) -> dict[str, Any]:
    reply = await province.client.get(f"/v1/{province.ledger}{path}", params=params)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def report(province: Province, day: str, narrative: str, **further: object) -> int:
    done = await province.does(
        "/tasks/kilns/report-progress", effective_on=day, narrative=narrative, **further
    )
    position: int = done["position"]
    return position


def problem(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["type"].removeprefix("/problems/")


async def annul(province: Province, *positions: int, **params: object) -> httpx.Response:
    return await province.says(
        "/events/annul", {"positions": positions, "reason": "ghi nhầm", **params}
    )


async def test_a_report_that_arrives_late_is_recorded_on_its_day(province: Province) -> None:
    await province.task_in_progress("kilns")
    await report(province, "2021-06-01", "tháng 6")
    late = await report(province, "2021-05-01", "tháng 5")
    found = await read(province, "/tasks/kilns/dossier", as_of="2021-05-15", min_position=late)
    assert [one["narrative"] for one in found["item"]["reports"]] == ["tháng 5"]
    found = await read(province, "/tasks/kilns/dossier", as_of="2021-06-15")
    assert [one["narrative"] for one in found["item"]["reports"]] == ["tháng 5", "tháng 6"]


async def test_an_annulled_report_counts_no_more_and_stays_visible(province: Province) -> None:
    await province.task_in_progress("kilns")
    wrong = await report(province, "2021-05-01", "ghi nhầm")
    reply = await annul(province, wrong)
    assert reply.status_code == 200, reply.text
    annulment = reply.json()["position"]
    assert reply.json()["events"] == [{"position": annulment, "type": "event.annulled"}]
    dossier = (await read(province, "/tasks/kilns/dossier"))["item"]
    assert dossier["reports"] == []
    assert dossier["position"] == annulment
    [line] = [one for one in dossier["timeline"] if one["position"] == wrong]
    assert (line["annulled"]["position"], line["annulled"]["reason"]) == (annulment, "ghi nhầm")
    history = (await read(province, "/tasks/kilns/history"))["items"]
    assert [one["position"] for one in history[:2]] == [annulment, wrong]
    assert history[1]["annulled"]["position"] == annulment
    assert history[0]["annulled"] is None


async def test_a_report_is_replaced_by_one_of_another_day(province: Province) -> None:
    await province.task_in_progress("kilns")
    wrong = await report(province, "2021-05-01", "sai ngày")
    replacing = {"positions": [wrong], "reason": "sai ngày báo cáo"}
    right = await report(province, "2021-04-01", "đúng ngày", replaces=replacing)
    dossier = (await read(province, "/tasks/kilns/dossier"))["item"]
    assert [one["narrative"] for one in dossier["reports"]] == ["đúng ngày"]
    history = (await read(province, "/tasks/kilns/history"))["items"]
    by_position = {one["position"]: one for one in history}
    assert by_position[wrong]["annulled"]["replaced_by"] == [right]
    assert by_position[right]["replaces"] == [wrong]


async def test_what_cannot_be_annulled_is_refused_and_nothing_is_recorded(
    province: Province,
) -> None:
    await province.task_in_progress("kilns")
    wrong = await report(province, "2021-05-01", "ghi nhầm")
    head = await province.client.get(f"/v1/{province.ledger}/tasks/kilns/history")
    assert problem(await annul(province, 10_000_000)) == (404, "events-unknown")
    assert problem(await annul(province, wrong, wrong)) == (422, "position-repeated")
    assert problem(await annul(province)) == (422, "not-valid")
    assert problem(await annul(province, wrong, effective_on="2021-05-02")) == (422, "not-valid")
    after = await province.client.get(f"/v1/{province.ledger}/tasks/kilns/history")
    assert after.json()["items"] == head.json()["items"]
    annulled = await annul(province, wrong)
    again = await annul(province, wrong)
    assert problem(again) == (409, "annulled-before")
    assert problem(await annul(province, annulled.json()["position"])) == (409, "annulment-stands")


async def test_a_body_s_decision_is_annulled_by_that_body_only(province: Province) -> None:
    await province.task_in_progress("kilns")
    cancelled = await province.does(
        "/tasks/kilns/cancel", effective_on="2021-06-01", reason="nhầm việc", **DECIDED
    )
    position = cancelled["position"]
    assert problem(await annul(province, position)) == (422, "body-required")
    other = await annul(province, position, on_behalf_of="yen-son")
    assert problem(other) == (403, "not-the-entitled-body")
    done = await annul(province, position, **DECIDED)
    assert done.status_code == 200, done.text
    found = await read(province, "/tasks/kilns", min_position=done.json()["position"])
    assert found["item"]["state"] == "in_progress"


async def test_another_official_annuls_no_report(province: Province, client_of: ClientOf) -> None:
    await province.task_in_progress("kilns")
    wrong = await report(province, "2021-05-01", "ghi nhầm")
    other = Province(await client_of(Role.OFFICIAL, official_id="official-018"), province.ledger)
    assert problem(await annul(other, wrong)) == (403, "not-the-author")
    own = Province(await client_of(Role.OFFICIAL, official_id="official-017"), province.ledger)
    assert (await annul(own, wrong)).status_code == 200


@pytest.mark.parametrize("path", ["/scheduled", "/backdated"])
async def test_what_no_clock_tells_apart_is_in_neither_list(province: Province, path: str) -> None:
    done = await province.says("/officials/register", {"full_name": "Cán bộ 020"})
    found = await read(province, path, min_position=done.json()["position"])
    assert done.json()["position"] not in {one["position"] for one in found["items"]}


async def test_what_was_recorded_long_after_its_day_is_listed(province: Province) -> None:
    await province.task_in_progress("kilns")
    late = await report(province, "2021-05-01", "tháng 5")
    first = (await read(province, "/backdated", min_days=30, task="kilns"))["items"][0]
    assert (first["position"], first["type"]) == (late, "task.progress_reported")
    assert first["days_late"] > 365
    assert (first["past_month"], first["closed_period"], first["annulled"]) == (True, False, False)
    assert first["concerns"][0] == "task:kilns"
    await annul(province, late)
    items = (await read(province, "/backdated", task="kilns"))["items"]
    assert items[0]["type"] == "event.annulled"
    assert items[1]["annulled"]


async def test_a_closed_period_holds_until_its_body_says_otherwise(province: Province) -> None:
    await province.task_in_progress("kilns")
    early = await report(province, "2021-05-01", "tháng 5")
    closing = {"last_day": "2021-06-30", **DECIDED}
    assert (await province.says("/periods/close", closing)).status_code == 200
    assert problem(await province.says("/periods/close", closing)) == (409, "closed-already")
    refused = await province.says(
        "/tasks/kilns/report-progress", {**REPORT, "effective_on": "2021-06-30"}
    )
    assert problem(refused) == (409, "period-is-closed")
    assert refused.json()["last_day"] == "2021-06-30"
    assert problem(await annul(province, early)) == (409, "period-is-closed")
    await report(province, "2021-07-01", "tháng 7")
    adjusted = await annul(province, early, **DECIDED)
    assert [one["type"] for one in adjusted.json()["events"]] == [
        "event.annulled",
        "period.adjusted",
    ]
    found = (await read(province, "/backdated", task="kilns", type="event.annulled"))["items"]
    assert found[0]["closed_period"]
    history = (await read(province, "/tasks/kilns/history"))["items"]
    assert [one["adjusts_closed"] for one in history[:2]] == [False, True]
    other = {"last_day": "2021-05-31", **DECIDED}
    assert problem(await province.says("/periods/reopen", other)) == (409, "not-the-last-closed")
    assert (await province.says("/periods/reopen", closing)).status_code == 200
    await report(province, "2021-06-30", "tháng 6")


async def test_a_period_is_closed_when_it_is_over(province: Province) -> None:
    closing = {"last_day": "2199-12-31", **DECIDED}
    assert problem(await province.says("/periods/close", closing)) == (422, "period-not-over")
    without = {"last_day": "2021-01-31", "basis": DECISION}
    assert problem(await province.says("/periods/close", without)) == (422, "body-required")


async def test_every_read_of_a_thing_gives_the_entity_tag_that_its_verbs_take(
    province: Province,
) -> None:
    await province.task_in_progress("kilns")
    renamed = {"name": "Yên Sơn mới", "basis": DECISION}
    verbs: dict[str, tuple[str, dict[str, Any]]] = {
        "/units/yen-son": ("/units/yen-son/rename", renamed),
        "/units/yen-son/lineage": ("/units/yen-son/rename", {**renamed, "name": "Yên Sơn cũ"}),
        f"/posts/{POST}": (
            "/posts/secretary-yen-son/end-tenure",
            {
                "official_id": "official-017",
                "cause": "retirement",
                "succession": {"official_id": "official-018", "state_summary": "…"},
                **DECIDED,
            },
        ),
        "/officials/official-018": (
            "/officials/official-018/announce-retirement",
            {"retires_on": "2190-01-01"},
        ),
        "/tasks/kilns": ("/tasks/kilns/cancel", {"reason": "…", **DECIDED}),
    }
    position = await report(province, "2021-05-01", "tháng 5")
    for path, (verb, params) in verbs.items():
        address, latest = f"/v1/{province.ledger}{path}", {"min_position": position}
        reply = await province.client.get(address, params=latest)
        assert reply.status_code == 200, (path, reply.text)
        known = {"If-Match": reply.headers["ETag"]}
        done = await province.says(verb, params, known)
        assert done.status_code == 200, (path, done.text)
        stale = await province.says(verb, params, known)
        assert stale.status_code == 412, (path, stale.text)
        position = done.json()["position"]
        again = await province.client.get(address, params={"min_position": position})
        assert version_in(again.headers["ETag"]) == version_in(done.headers["ETag"]), path
