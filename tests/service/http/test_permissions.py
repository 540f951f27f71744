"""Permissions: what the caller may do here, and to one thing now."""

from typing import Any

import httpx

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DISTRICT, POST, Province


async def asked(client: httpx.AsyncClient, ledger: str, **params: str) -> dict[str, Any]:
    reply = await client.get(f"/v1/{ledger}/permissions", params=params)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def allowed(permissions: dict[str, Any]) -> set[str]:
    return {one["action"] for one in permissions["actions"] if one["may"]}


async def test_an_official_sees_what_depends_on_the_task(
    client_of: ClientOf, province: Province
) -> None:
    await province.task_in_progress("kilns")
    own = await client_of(Role.OFFICIAL, official_id="official-017")
    other = await client_of(Role.OFFICIAL, official_id="official-018")
    here = await asked(own, province.ledger)
    [report] = [one for one in here["actions"] if one["action"] == "report_progress"]
    assert (report["may"], report["relations"]) == (None, ["own-person"])
    assert "report_progress" in allowed(await asked(own, province.ledger, task_id="kilns"))
    assert allowed(await asked(other, province.ledger, task_id="kilns")) == set()


async def test_the_body_that_assigned_the_task_decides_on_it_and_no_other(
    client_of: ClientOf, province: Province
) -> None:
    await province.task_in_progress("kilns")
    committee = await client_of(Role.AUTHORITY, units=[COMMITTEE])
    district = await client_of(Role.AUTHORITY, units=[DISTRICT])
    whole = await client_of(Role.AUTHORITY)
    by_committee = allowed(await asked(committee, province.ledger, task_id="kilns"))
    by_district = allowed(await asked(district, province.ledger, task_id="kilns"))
    assert {"cancel_task", "report_progress"} <= by_committee
    assert "cancel_task" not in by_district
    assert "report_progress" in by_district
    assert by_committee == allowed(await asked(whole, province.ledger, task_id="kilns"))


async def test_a_secretary_does_not_decide_on_the_secretary_s_own_task(
    client_of: ClientOf, province: Province
) -> None:
    await province.task_in_progress("kilns")
    own = await client_of(Role.AUTHORITY, units=[COMMITTEE], official_id="official-017")
    actions = allowed(await asked(own, province.ledger, task_id="kilns"))
    assert "report_progress" in actions
    assert "cancel_task" not in actions


async def test_what_the_state_of_the_task_does_not_allow_is_not_allowed_now(
    client_of: ClientOf, province: Province
) -> None:
    whole = await client_of(Role.AUTHORITY)
    await province.task_in_progress("kilns")

    async def now() -> set[str]:
        return allowed(await asked(whole, province.ledger, task_id="kilns"))

    on_claim = {"confirm_completion", "return_completion"}
    assert not {"approve_task", "score_task", "resolve_obstacle", *on_claim} & await now()
    raised = {"field": "land", "description": "Vướng đất", "addressed_to": DISTRICT}
    await province.does("/tasks/kilns/raise-obstacle", **raised)
    assert "resolve_obstacle" in await now()
    evidence = [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/1"}]
    await province.does("/tasks/kilns/claim-completion", summary="Xong", evidence=evidence)
    claimed = await now()
    assert on_claim <= claimed
    assert not {"report_progress", "score_task"} & claimed
    assert allowed(await asked(whole, province.ledger, task_id="nothing")) == set()


async def test_posts_officials_and_units_are_asked_about_likewise(
    client_of: ClientOf, province: Province
) -> None:
    committee = await client_of(Role.ADMINISTRATOR, units=[COMMITTEE])
    elsewhere = await client_of(Role.ADMINISTRATOR, units=["elsewhere"])
    for client, may in ((committee, True), (elsewhere, False)):
        posts = allowed(await asked(client, province.ledger, post_id=POST))
        assert ("abolish_post" in posts) == may
    district = await client_of(Role.ADMINISTRATOR, units=[DISTRICT])
    assert "rename_unit" in allowed(await asked(district, province.ledger, unit_id=DISTRICT))
    assert "rename_unit" not in allowed(await asked(committee, province.ledger, unit_id=DISTRICT))
    whole = await client_of(Role.AUTHORITY)
    official = await asked(whole, province.ledger, official_id="official-017")
    assert "hand_over_portfolio" in allowed(official)


async def test_one_thing_is_asked_about_at_a_time(client_of: ClientOf, province: Province) -> None:
    client = await client_of(Role.INSPECTOR)
    reply = await client.get(
        f"/v1/{province.ledger}/permissions", params={"task_id": "a", "unit_id": "b"}
    )
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/things-ambiguous")


async def test_an_inspector_reads_and_nothing_else(client_of: ClientOf, province: Province) -> None:
    here = await asked(await client_of(Role.INSPECTOR), province.ledger)
    assert {one["permission"] for one in here["actions"]} == {"read"}
    assert {one["may"] for one in here["actions"]} == {True}
