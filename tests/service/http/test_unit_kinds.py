"""Kinds of units over HTTP: declared, read of a day, refused, and what coverage makes of them."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, Province

ACT: dict[str, Any] = {"basis": DECISION, "effective_on": "2025-07-01"}
ZONE = {"names": ["khu thương mại"], "level": "base", "monitored": True}
DECLARE = "/unit-kinds/trade_zone/declare"


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    return Province(administrator, ledger)


async def reads(province: Province, path: str, **asked: str) -> Any:
    head = (
        await province.client.get(f"/v1/{province.ledger}/events", params={"limit": "1"})
    ).json()
    query = {"min_position": str(head["head"]), **asked}
    reply = await province.client.get(f"/v1/{province.ledger}{path}", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def kinds(province: Province, on: str) -> dict[str, dict[str, Any]]:
    found = await reads(province, "/unit-kinds", as_of=on)
    assert found["as_of"] == on
    return {kind["unit_kind_id"]: kind for kind in found["items"]}


async def test_the_default_catalogue_is_there_without_a_single_event(province: Province) -> None:
    before, after = await kinds(province, "2025-06-30"), await kinds(province, "2025-07-01")
    assert len(before) == 18
    assert set(after) - set(before) == {"special_zone"}
    assert after["special_zone"] == {
        "unit_kind_id": "special_zone",
        "names": ["đặc khu", "ĐK."],
        "level": "base",
        "monitored": True,
        "from_on": "2025-07-01",
        "to_on": None,
        "source": after["special_zone"]["source"],
    }
    assert "72/2025/QH15" in after["special_zone"]["source"]
    assert {kind for kind, one in after.items() if one["level"] is None} >= {"front", "party_cell"}


async def test_a_kind_is_declared_changed_and_ended_each_from_its_day(province: Province) -> None:
    await province.does(DECLARE, **ZONE, **ACT)
    change = {"names": ["khu thương mại tự do"], "effective_on": "2025-08-01", "basis": DECISION}
    await province.does("/unit-kinds/trade_zone/change", **change)
    end = {"reason": "Hết thí điểm", "effective_on": "2025-09-01", "basis": DECISION}
    done = await province.does("/unit-kinds/trade_zone/end", **end)
    assert done["unit_kind_id"] == "trade_zone"
    for on, names in (
        ("2025-06-30", None),
        ("2025-07-31", ["khu thương mại"]),
        ("2025-08-31", ["khu thương mại tự do"]),
        ("2025-09-01", None),
    ):
        found = (await kinds(province, on)).get("trade_zone")
        assert (found and found["names"]) == names
    one = (await kinds(province, "2025-08-31"))["trade_zone"]
    assert (one["from_on"], one["to_on"], one["source"]) == ("2025-08-01", "2025-08-31", None)
    known = await reads(province, "/unit-kinds", as_of="2025-09-01", known_at="2")
    assert "trade_zone" in {kind["unit_kind_id"] for kind in known["items"]}


async def test_a_unit_of_a_kind_not_in_force_is_refused_with_those_that_are(
    province: Province,
) -> None:
    unit = {"unit_id": "a", "name": "A", "kind": "special_zone", "effective_on": "2025-06-30"}
    reply = await province.says("/units/establish", unit, {"Accept-Language": "vi"})
    assert reply.status_code == 422
    told = reply.json()
    assert told["type"].endswith("/problems/unit-kind-unknown")
    assert told["detail"].startswith("Vào ngày 30/6/2025 không có loại đơn vị đặc khu")
    assert "commune (xã), ward (phường), town (thị trấn)" in told["detail"]
    await province.does("/units/establish", **{**unit, "effective_on": "2025-07-01"})


async def test_only_the_administration_declares_kinds(
    province: Province, client_of: ClientOf
) -> None:
    deciding = await client_of(Role.AUTHORITY, units=[COMMITTEE])
    told = await deciding.post(f"/v1/{province.ledger}{DECLARE}", json={**ZONE, **ACT})
    assert told.status_code == 403


async def test_coverage_follows_what_a_kind_means_from_day_to_day(province: Province) -> None:
    await province.does(DECLARE, **ZONE, **ACT)
    unit = {"unit_id": "a", "name": "A", "kind": "trade_zone", "effective_on": "2025-07-01"}
    await province.does("/units/establish", **unit)
    for day, monitored in (("2025-08-01", False), ("2025-09-01", True)):
        change = {"monitored": monitored, "effective_on": day, "basis": DECISION}
        done = await province.does("/unit-kinds/trade_zone/change", **change)
        assert [event["type"] for event in done["events"]] == ["unit_kind.changed", "unit.retyped"]
    # Learnt of late: it is monitored as its kind is on every day.
    await province.does("/units/establish", **{**unit, "unit_id": "b"})
    for day, communes in (
        ("2025-06-30", 0),
        ("2025-07-01", 2),
        ("2025-07-31", 2),
        ("2025-08-01", 0),
        ("2025-08-31", 0),
        ("2025-09-01", 2),
    ):
        assert (await reads(province, "/commune-coverage", as_of=day))["communes"] == communes, day
        units = await reads(province, "/units", as_of=day, monitored="true")
        assert len(units["items"]) == communes


async def test_what_a_kind_was_declared_to_be_is_put_right(province: Province) -> None:
    declared = await province.does(DECLARE, **ZONE, **ACT)
    replaces = {"positions": [declared["position"]], "reason": "Ghi nhầm"}
    await province.does(DECLARE, **{**ZONE, "monitored": False}, **ACT, replaces=replaces)
    assert (await kinds(province, "2025-07-01"))["trade_zone"]["monitored"] is False
