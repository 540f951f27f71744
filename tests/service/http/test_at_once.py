"""At once: what many send together and what does not contradict succeeds; of the rest, one wins."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import pytest

from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, PROPOSAL, Province

MANY = 50
BY_COMMITTEE = {"on_behalf_of": COMMITTEE, "basis": DECISION, "effective_on": "2021-02-01"}
AGENCY = "so-van-hoa"
ON = "2021-01-04"
RULES = {
    "communes_per_official": MANY,
    "leading_post_kinds": ["department_leader"],
    "programme_due": {"month": 1, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}


async def said_at_once(
    province: Province, verbs: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[httpx.Response]:
    return await asyncio.gather(*(province.says(verb, dict(params)) for verb, params in verbs))


def statuses(replies: Iterable[httpx.Response]) -> Counter[int]:
    return Counter(reply.status_code for reply in replies)


def commune(unit_id: str, **params: object) -> dict[str, object]:
    return {"unit_id": unit_id, "name": unit_id, "kind": "commune", "effective_on": ON, **params}


@pytest.fixture
async def communes(province: Province) -> list[str]:
    """As many communes as act at once, below the district."""
    unit_ids = [f"xa-{number}" for number in range(MANY)]
    params = (commune(unit_id, parent_id=DISTRICT) for unit_id in unit_ids)
    replies = await said_at_once(province, (("/units/establish", one) for one in params))
    assert statuses(replies) == {201: MANY}
    return unit_ids


async def test_many_units_are_founded_at_once_under_one_parent(
    province: Province, communes: list[str]
) -> None:
    last = await province.does("/units/establish", **commune("xa-cuoi", parent_id=DISTRICT))
    units = await province.client.get(
        f"/v1/{province.ledger}/units?limit=200&min_position={last['position']}"
    )
    below = {one["unit_id"] for one in units.json()["items"] if one["parent_id"] == DISTRICT}
    assert below == {*communes, "xa-cuoi"}


async def test_many_units_move_at_once_under_one_parent(
    province: Province, communes: list[str]
) -> None:
    await province.does("/units/establish", **commune("huyen-moi", kind="district"))
    moving = {"parent_id": "huyen-moi", **BY_COMMITTEE}
    replies = await said_at_once(province, ((f"/units/{one}/move", moving) for one in communes))
    assert statuses(replies) == {200: MANY}


async def test_many_posts_are_created_at_once_under_one_managing_body(province: Province) -> None:
    post = {"unit_id": DISTRICT, "title": "Phó", "kind": "deputy", "managed_by": COMMITTEE}
    replies = await said_at_once(
        province,
        (
            ("/posts/create", {**post, "post_id": f"pho-{number}", "effective_on": ON})
            for number in range(MANY)
        ),
    )
    assert statuses(replies) == {201: MANY}


async def test_many_tasks_are_assigned_at_once_to_one_official(province: Province) -> None:
    tasks = [f"viec-{number}" for number in range(MANY)]
    ordered = {"post_id": POST, "proposal": PROPOSAL, **BY_COMMITTEE}
    replies = await said_at_once(
        province, (("/tasks/commission", {**ordered, "task_id": task}) for task in tasks)
    )
    assert statuses(replies) == {201: MANY}
    replies = await said_at_once(
        province, ((f"/tasks/{task}/assign", BY_COMMITTEE) for task in tasks)
    )
    assert statuses(replies) == {200: MANY}


async def test_many_communes_are_allocated_at_once_to_one_agency_within_its_quota(
    province: Province, communes: list[str]
) -> None:
    await province.does("/units/establish", unit_id=AGENCY, name="Sở Văn hóa", kind="department")
    within = MANY - 10
    rules = {**RULES, "communes_per_official": within // 2}
    await province.does("/regulations/commune-monitoring/adopt", **{**BY_COMMITTEE, **rules})
    await province.does(f"/agencies/{AGENCY}/set-quota", **{**BY_COMMITTEE, "leaders": 2})
    allocation = {"agency_id": AGENCY, **BY_COMMITTEE}
    replies = await said_at_once(
        province, ((f"/communes/{one}/allocate", allocation) for one in communes)
    )
    assert statuses(replies) == {200: within, 409: MANY - within}
    refused = {reply.json()["type"] for reply in replies if reply.status_code == 409}
    assert refused == {"/problems/quota-used"}


async def test_of_many_who_found_the_same_unit_at_once_one_wins(province: Province) -> None:
    same = ("/units/establish", commune("xa-moi", parent_id=DISTRICT))
    replies = await said_at_once(province, [same] * MANY)
    assert statuses(replies) == {201: 1, 409: MANY - 1}
    refused = {reply.json()["type"] for reply in replies if reply.status_code == 409}
    assert refused == {"/problems/unit-exists"}


async def test_of_many_appointed_at_once_to_one_post_one_holds_it(province: Province) -> None:
    post = {"unit_id": DISTRICT, "title": "Phó", "kind": "deputy", "managed_by": COMMITTEE}
    await province.does("/posts/create", post_id="pho", **post)
    officials = [f"can-bo-{number}" for number in range(MANY)]
    known = ({"official_id": one, "full_name": "Cán bộ"} for one in officials)
    replies = await said_at_once(province, (("/officials/register", one) for one in known))
    assert statuses(replies) == {201: MANY}
    appointed = ({"official_id": one, "effective_on": ON} for one in officials)
    replies = await said_at_once(province, (("/posts/pho/appoint", one) for one in appointed))
    assert statuses(replies) == {200: 1, 409: MANY - 1}
    refused = {reply.json()["type"] for reply in replies if reply.status_code == 409}
    assert refused == {"/problems/post-occupied"}


async def test_no_unit_is_founded_under_a_parent_from_the_day_on_which_it_is_closed(
    province: Province,
) -> None:
    """Both go on or neither: a parent is closed while many are founded under it."""
    await province.does("/units/establish", **commune("huyen-cu", kind="district"))
    founded = (
        ("/units/establish", commune(f"xa-{number}", parent_id="huyen-cu"))
        for number in range(MANY)
    )
    closing = ("/units/huyen-cu/close", {"reason": "Giải thể", **BY_COMMITTEE})
    replies = await said_at_once(province, [*list(founded)[:25], closing, *list(founded)[25:]])
    *_, closed = sorted(replies, key=lambda reply: reply.url.path.endswith("/close"))
    accepted = sum(reply.status_code == 201 for reply in replies)
    assert (closed.status_code == 200) is (accepted == 0)
    assert statuses(replies)[409] == (MANY if closed.status_code == 200 else 1)
    refused = {reply.json()["type"] for reply in replies if reply.status_code == 409}
    assert "/problems/contended" not in refused
