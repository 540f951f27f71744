"""Territory put right: names, codes, parents, cessions and splits of the wrong kind or day."""

from typing import Any

import pytest

from tests.service.put_right.communes import (
    DIRECTOR,
    assigned,
    covered,
    establish_communes,
    gaps,
    monitor,
    monitors,
)
from tests.service.put_right.office import CITED, DISTRICT, Office, ahead, instead_of

NEW: dict[str, Any] = {"kind": "commune", "parent_id": DISTRICT}


@pytest.fixture
async def office(office: Office) -> Office:
    await establish_communes(office)
    return office


async def unit(office: Office, unit_id: str, **asked: str) -> dict[str, Any]:
    return await office.item(f"/units/{unit_id}", **asked)


async def test_a_unit_renamed_wrongly_has_the_right_name_from_that_day(office: Office) -> None:
    verb = "/units/cao-son/rename"
    wrong = await office.does(verb, "2021-03-01", name="Phường Cao Sơm", **CITED)
    right = await office.does(
        verb, "2021-03-01", name="Phường Cao Sơn", **CITED, **instead_of(wrong.at)
    )
    assert (await unit(office, "cao-son"))["name"] == "Phường Cao Sơn"
    assert (await unit(office, "cao-son", as_of="2021-02-28"))["name"] == "cao-son"
    assert (await unit(office, "cao-son", as_of="2021-03-01"))["name"] == "Phường Cao Sơn"
    await office.struck_through("/units/cao-son", wrong.at, right.at)


async def test_a_rename_that_arrives_late_leaves_the_later_name_as_it_is(office: Office) -> None:
    verb = "/units/cao-son/rename"
    await office.does(verb, "2021-06-01", name="Ba", **CITED)
    await office.does(verb, "2021-03-01", name="Hai", **CITED)
    names = [
        (await unit(office, "cao-son", as_of=day))["name"]
        for day in ("2021-02-28", "2021-03-01", "2021-05-31", "2021-06-01")
    ]
    assert names == ["cao-son", "Hai", "Hai", "Ba"]
    assert (await unit(office, "cao-son"))["name"] == "Ba"


async def test_a_wrong_code_is_replaced(office: Office) -> None:
    verb = "/units/cao-son/recode"
    wrong = await office.does(verb, "2021-03-01", code="02200", **CITED)
    right = await office.does(verb, "2021-03-01", code="02209", **CITED, **instead_of(wrong.at))
    assert await office.column("/units", "unit_id", code="02209") == ["cao-son"]
    assert await office.column("/units", "unit_id", code="02200", as_of="2021-04-01") == []
    await office.struck_through("/units/cao-son", wrong.at, right.at)
    await office.annul(right.at, **CITED)
    assert (await unit(office, "cao-son"))["code"] is None


async def test_a_unit_moved_to_the_wrong_district_belongs_to_the_right_one(
    office: Office,
) -> None:
    for district in ("son-duong", "ham-yen"):
        await office.unit(district, "district")
    verb = "/units/cao-son/move"
    wrong = await office.does(verb, "2021-03-01", parent_id="son-duong", **CITED)
    right = await office.does(
        verb, "2021-03-01", parent_id="ham-yen", **CITED, **instead_of(wrong.at)
    )
    assert await office.column("/units", "unit_id", parent="ham-yen") == ["cao-son"]
    assert await office.column("/units", "unit_id", parent="son-duong", as_of="2021-04-01") == []
    before = await office.column("/units", "unit_id", parent=DISTRICT, as_of="2021-02-28")
    assert "cao-son" in before
    by_district = await office.items("/commune-coverage/communes", district="ham-yen")
    assert [one["unit_id"] for one in by_district] == ["cao-son"]
    await office.struck_through("/units/cao-son", wrong.at, right.at)


async def test_a_commune_that_was_retyped_by_mistake_stays_monitored(office: Office) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    wrong = await office.does("/units/cao-son/retype", "2021-03-01", kind="ward", **CITED)
    await office.annul(wrong.at, **CITED)
    assert (await unit(office, "cao-son"))["kind"] == "commune"
    assert (await unit(office, "cao-son", as_of="2021-03-01"))["kind"] == "commune"
    assert await covered(office, "2021-03-01") == (1, 3)
    await office.struck_through("/units/cao-son", wrong.at)


async def test_a_split_of_the_wrong_parts_is_replaced_by_one_of_the_right_parts(
    office: Office,
) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    verb = "/units/cao-son/split"
    wrong = await office.does(
        verb,
        "2021-07-01",
        parts=[
            {"unit_id": "kim-phu"},
            {"unit_id": "xa-nam", "successor": {"name": "Xã Năm", **NEW}},
        ],
        monitor_goes_on_in="xa-nam",
        **CITED,
    )
    assert await monitor(office, "xa-nam") == DIRECTOR
    right = await office.does(
        verb,
        "2021-07-01",
        parts=[
            {"unit_id": "thai-binh"},
            {"unit_id": "xa-sau", "successor": {"name": "Xã Sáu", **NEW}},
        ],
        monitor_goes_on_in="xa-sau",
        **CITED,
        **instead_of(*wrong.decided),
    )
    assert (await office.asks("/units/xa-nam")).status_code == 404
    assert await monitors(office, "xa-sau", "2021-07-01") == [DIRECTOR]
    assert await covered(office, "2021-07-01") == (1, 3)
    lineage = await office.item("/units/cao-son/lineage")
    assert {one["unit_id"] for one in lineage["successors"]} == {"thai-binh", "xa-sau"}
    for position in wrong.decided:
        history = await office.history("/units/cao-son")
        if position in history:
            await office.struck_through("/units/cao-son", position, *right.decided)


async def test_a_split_on_which_a_monitor_stands_is_annulled_with_that_monitor(
    office: Office,
) -> None:
    split = await office.does(
        "/units/cao-son/split",
        "2021-07-01",
        parts=[
            {"unit_id": "thai-binh"},
            {"unit_id": "xa-nam", "successor": {"name": "Xã Năm", **NEW}},
        ],
        **CITED,
    )
    later = await assigned(office, "xa-nam", DIRECTOR, "2021-08-01")
    listed = await office.annul_contradicts(*split.decided, **CITED)
    assert [one["position"] for one in listed] == [later.at]
    await office.annul(later.at, on_behalf_of="ban-thuong-vu", **CITED)
    await office.annul(*split.decided, **CITED)
    assert (await unit(office, "cao-son"))["to_on"] is None
    assert (await office.asks("/units/xa-nam")).status_code == 404
    assert await covered(office, "2021-08-01") == (0, 3)


async def test_a_merger_of_the_wrong_day_moves_with_the_monitor_that_goes_on(
    office: Office,
) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    merger: dict[str, Any] = {
        "predecessors": ["cao-son", "thai-binh"],
        "successor": {"name": "Xã Đoàn Kết", **NEW},
        "monitor_of": "cao-son",
        **CITED,
    }
    wrong = await office.does("/units/doan-ket/merge", "2021-08-01", **merger)
    await office.does("/units/doan-ket/merge", "2021-07-01", **merger, **instead_of(*wrong.decided))
    assert await monitors(office, "doan-ket", "2021-07-01", "2021-08-01") == [DIRECTOR, DIRECTOR]
    assert await covered(office, "2021-07-01") == (1, 2)
    assert await covered(office, "2021-06-30") == (1, 3)
    assert (await unit(office, "cao-son", as_of="2021-06-30"))["to_on"] == "2021-06-30"
    assert await gaps(office, "doan-ket") == []


async def test_a_cession_to_the_wrong_unit_is_replaced(office: Office) -> None:
    verb = "/units/cao-son/cede"
    wrong = await office.does(verb, "2021-03-01", to_unit="kim-phu", part="Xóm Bãi", **CITED)
    right = await office.does(
        verb, "2021-03-01", to_unit="thai-binh", part="Xóm Bãi", **CITED, **instead_of(wrong.at)
    )
    lineage = await office.item("/units/kim-phu/lineage")
    assert lineage["predecessors"] == []
    lineage = await office.item("/units/thai-binh/lineage")
    assert [one["unit_id"] for one in lineage["predecessors"]] == ["cao-son"]
    await office.struck_through("/units/kim-phu", wrong.at, right.at)
    await office.struck_through("/units/cao-son", wrong.at, right.at)


async def test_names_codes_and_parents_of_next_week_hold_from_next_week(office: Office) -> None:
    next_week = ahead(7)
    await office.unit("son-duong", "district")
    await office.does("/units/cao-son/rename", next_week, name="Phường Cao Sơn", **CITED)
    await office.does("/units/cao-son/retype", next_week, kind="ward", **CITED)
    await office.does("/units/cao-son/recode", next_week, code="02209", **CITED)
    await office.does("/units/cao-son/move", next_week, parent_id="son-duong", **CITED)
    now, then = await unit(office, "cao-son"), await unit(office, "cao-son", as_of=next_week)
    names = ("name", "kind", "code", "parent_id")
    assert [now[name] for name in names] == ["cao-son", "commune", None, DISTRICT]
    assert [then[name] for name in names] == ["Phường Cao Sơn", "ward", "02209", "son-duong"]
    assert len(await office.scheduled(unit="cao-son")) == 4
    await office.does("/units/cao-son/rename", ahead(0), name="Xã Cao Sơn", **CITED)
    assert (await unit(office, "cao-son"))["name"] == "Xã Cao Sơn"
    assert (await unit(office, "cao-son", as_of=next_week))["name"] == "Phường Cao Sơn"
