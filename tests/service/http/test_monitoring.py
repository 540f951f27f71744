"""Monitoring over HTTP: regulations, allocation, and two who assign a monitor at once."""

import asyncio
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, Province

BY_COMMITTEE = {"on_behalf_of": COMMITTEE, "basis": DECISION}
AGENCY, COMMUNE, OTHER = "so-van-hoa", "xa-cao-son", "xa-doan-ket"
RULES = {
    "communes_per_official": 1,
    "leading_post_kinds": ["department_leader"],
    "programme_due": {"month": 1, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}
LEADERS = {"can-bo-101": "giam-doc", "can-bo-102": "pho-giam-doc"}


@pytest.fixture
async def monitoring(province: Province) -> Province:
    """The province with an agency of two leaders, two communes, and a regulation."""
    await province.does("/units/establish", unit_id=AGENCY, name="Sở Văn hóa", kind="department")
    for unit_id in (COMMUNE, OTHER):
        await province.does("/units/establish", unit_id=unit_id, name=unit_id, kind="commune")
    for official_id, post_id in LEADERS.items():
        await province.does(
            "/posts/create",
            post_id=post_id,
            unit_id=AGENCY,
            title=post_id,
            kind="department_leader",
            managed_by=COMMITTEE,
        )
        await province.does("/officials/register", official_id=official_id, full_name="Cán bộ")
        await province.does(f"/posts/{post_id}/appoint", official_id=official_id)
    done = await province.does("/regulations/commune-monitoring/adopt", **RULES, **BY_COMMITTEE)
    assert done["regulation_id"] == "commune-monitoring"
    return province


def assignment(official_id: str) -> dict[str, Any]:
    return {
        "effective_on": "2021-02-01",
        "official_id": official_id,
        "post_id": LEADERS[official_id],
        **BY_COMMITTEE,
    }


async def test_of_two_who_assign_a_monitor_at_once_one_wins_and_the_other_is_told_whom(
    monitoring: Province, client_of: ClientOf
) -> None:
    clients = [await client_of(Role.AUTHORITY) for _ in LEADERS]
    told: dict[str, httpx.Response] = dict(
        zip(
            LEADERS,
            await asyncio.gather(
                *(
                    Province(client, monitoring.ledger).says(
                        f"/communes/{COMMUNE}/assign-monitor", assignment(official_id)
                    )
                    for client, official_id in zip(clients, LEADERS, strict=True)
                )
            ),
            strict=True,
        )
    )
    [winner] = [official_id for official_id, reply in told.items() if reply.is_success]
    [loser] = set(told) - {winner}
    refused = told[loser].json()
    assert refused["status"] == 409
    assert refused["type"] == "/problems/commune-monitored"
    assert (refused["official_id"], refused["since"]) == (winner, "2021-02-01")
    recorded = told[winner].json()
    last = refused["last_event"]
    assert last["type"] == "monitoring.monitor_assigned"
    assert last["position"] == recorded["position"]
    assert last["recorded_at"] == recorded["recorded_at"]
    assert last["on_behalf_of"] == COMMITTEE
    assert last["actor"].startswith("client:authority-")
    history = await monitoring.client.get(
        f"/v1/{monitoring.ledger}/units/{COMMUNE}/history?limit=10&min_position={last['position']}"
    )
    types = [event["type"] for event in history.json()["items"]]
    assert types.count("monitoring.monitor_assigned") == 1


async def test_of_two_communes_given_to_one_official_at_once_one_is_refused(
    monitoring: Province,
) -> None:
    replies = await asyncio.gather(
        *(
            monitoring.says(f"/communes/{unit_id}/assign-monitor", assignment("can-bo-101"))
            for unit_id in (COMMUNE, OTHER)
        )
    )
    [refused] = [reply.json() for reply in replies if not reply.is_success]
    assert refused["type"] == "/problems/monitors-enough"
    assert len(refused["communes"]) == refused["limit"] == 1


async def test_a_leaver_s_communes_are_released_in_the_same_breath(monitoring: Province) -> None:
    await monitoring.does(f"/communes/{COMMUNE}/assign-monitor", **assignment("can-bo-101"))
    leaves = {"official_id": "can-bo-101", "cause": "retirement", "effective_on": "2021-06-01"}
    done = await monitoring.does("/posts/giam-doc/end-tenure", **leaves)
    assert [event["type"] for event in done["events"]] == [
        "tenure.ended",
        "monitoring.monitor_released",
    ]


async def test_a_regulation_is_adopted_once_for_a_day(monitoring: Province) -> None:
    again = await monitoring.says(
        "/regulations/commune-monitoring/adopt",
        {"effective_on": "2021-01-04", **RULES, **BY_COMMITTEE},
    )
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/regulated-from-that-day"
    assert again.json()["last_event"]["type"] == "regulation.commune_monitoring_adopted"


async def test_the_successor_of_a_merged_committee_decides_on_its_monitors_and_tasks(
    monitoring: Province,
) -> None:
    await monitoring.does(f"/communes/{COMMUNE}/assign-monitor", **assignment("can-bo-101"))
    task_id = await monitoring.task_in_progress("lo-gach")
    heir, stranger = "standing-committee-new", "standing-committee-other"
    extensions = {"name": "Ban Thường vụ", "kind": "standing_committee"}
    await monitoring.does("/units/establish", unit_id=stranger, **extensions)
    await refused_as_not_entitled(monitoring, task_id, stranger, COMMITTEE)
    decision = {"effective_on": "2021-06-02", "on_behalf_of": heir, "basis": DECISION}
    early = await monitoring.says(f"/tasks/{task_id}/cancel", {"reason": "Sáp nhập", **decision})
    assert (early.status_code, early.json()["type"]) == (404, "/problems/unit-unknown")
    await monitoring.does(
        f"/units/{heir}/merge",
        effective_on="2021-06-01",
        predecessors=[COMMITTEE],
        successor=extensions,
        basis=DECISION,
    )
    await refused_as_not_entitled(monitoring, task_id, stranger, heir)
    deeds = {
        f"/communes/{COMMUNE}/release-monitor": "monitoring.monitor_released",
        f"/tasks/{task_id}/cancel": "task.cancelled",
    }
    for verb, event in deeds.items():
        done = await monitoring.does(verb, reason="Sáp nhập", **decision)
        assert [happened["type"] for happened in done["events"]] == [event]


async def refused_as_not_entitled(
    province: Province, task_id: str, body: str, entitled: str
) -> None:
    said = {"reason": "Sáp nhập", "effective_on": "2021-06-02", **BY_COMMITTEE}
    for verb in (f"/communes/{COMMUNE}/release-monitor", f"/tasks/{task_id}/cancel"):
        reply = await province.says(verb, {**said, "on_behalf_of": body})
        assert reply.status_code == 403
        assert reply.json()["type"] == "/problems/not-the-entitled-body"
        assert reply.json()["entitled"] == entitled
