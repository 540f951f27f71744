"""Who monitors a commune put right: the wrong one, of the wrong day, of an old gap; a merger."""

from typing import Any

import pytest

from tests.service.put_right.communes import (
    BANK,
    BANKER,
    BEGUN,
    DEPARTMENT,
    DEPUTY,
    DIRECTOR,
    assigned,
    covered,
    establish_communes,
    gaps,
    monitor,
    monitors,
    post_of,
    replaced,
)
from tests.service.put_right.office import (
    CITED,
    DECIDED,
    DISTRICT,
    WHY,
    Office,
    ahead,
    instead_of,
)

VISIT: dict[str, Any] = {"occasion": "party_meeting", "content": "Dự họp."}


@pytest.fixture
async def office(office: Office) -> Office:
    await establish_communes(office)
    return office


async def test_a_monitor_assigned_to_the_wrong_commune_monitors_the_right_one_from_that_day(
    office: Office,
) -> None:
    wrong = await assigned(office, "thai-binh", DIRECTOR)
    right = await assigned(office, "cao-son", DIRECTOR, **instead_of(wrong.at))
    assert await monitors(office, "cao-son", "2021-01-31", BEGUN) == [None, DIRECTOR]
    assert await monitor(office, "thai-binh", BEGUN) is None
    assert await covered(office, BEGUN) == (1, 3)
    assert await gaps(office, "thai-binh") == [("2021-01-04", None, "never_assigned")]
    await office.struck_through("/units/thai-binh", wrong.at, right.at)
    await office.stands_instead("/units/cao-son", right.at, wrong.at)
    await office.struck_through(f"/officials/{DIRECTOR}", wrong.at, right.at)


async def test_the_wrong_monitor_is_replaced_by_the_right_one_with_the_visits_that_stand_on_it(
    office: Office,
) -> None:
    wrong = await assigned(office, "cao-son", DIRECTOR)
    visit = await office.does("/communes/cao-son/record-visit", "2021-03-01", **VISIT)
    said = {"official_id": BANKER, "post_id": post_of(BANKER), **DECIDED}
    listed = await office.contradicts(
        "/communes/cao-son/assign-monitor", BEGUN, **said, **instead_of(wrong.at)
    )
    assert [one["position"] for one in listed] == [visit.at]
    await assigned(office, "cao-son", BANKER, **instead_of(wrong.at, visit.at))
    await office.does("/communes/cao-son/record-visit", "2021-03-01", **VISIT)
    assert await monitors(office, "cao-son", BEGUN, "2021-03-01") == [BANKER, BANKER]
    assert await office.column("/monitoring/visits", "official_id") == [BANKER]
    holders = await office.column("/commune-coverage/officials", "official_id", as_of=BEGUN)
    assert holders == [BANKER]


async def test_a_monitor_assigned_on_the_wrong_day_has_the_gap_of_the_right_one(
    office: Office,
) -> None:
    wrong = await assigned(office, "cao-son", DIRECTOR, "2021-03-01")
    right = await assigned(office, "cao-son", DIRECTOR, "2021-02-15", **instead_of(wrong.at))
    assert await gaps(office, "cao-son") == [("2021-01-04", "2021-02-14", "never_assigned")]
    assert await monitors(office, "cao-son", "2021-02-14", "2021-02-15") == [None, DIRECTOR]
    await office.struck_through("/units/cao-son", wrong.at, right.at)
    days = await office.items(
        "/commune-coverage/uncovered-days", from_on="2021-02-01", to_on="2021-02-28"
    )
    assert sum(one["uncovered_days"] for one in days) == 2 * 28 + 14


async def test_the_monitor_of_an_old_gap_that_is_found_later_fills_it(office: Office) -> None:
    await assigned(office, "cao-son", DIRECTOR, "2021-06-01")
    assert await gaps(office, "cao-son") == [("2021-01-04", "2021-05-31", "never_assigned")]
    late = await assigned(office, "cao-son", BANKER, "2021-03-01")
    assert await monitors(office, "cao-son", "2021-02-28", "2021-03-01", "2021-05-31") == [
        None,
        BANKER,
        BANKER,
    ]
    assert await monitors(office, "cao-son", "2021-06-01") == [DIRECTOR]
    assert await monitor(office, "cao-son") == DIRECTOR
    assert await gaps(office, "cao-son") == [("2021-01-04", "2021-02-28", "never_assigned")]
    assert await covered(office, "2021-03-01") == (1, 3)
    await office.does("/communes/cao-son/record-visit", "2021-04-01", official_id=BANKER, **VISIT)
    assert late.at in await office.column("/backdated", "position", unit="cao-son", min_days=30)


async def test_a_gap_after_a_release_is_filled_by_who_is_found_later(office: Office) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    await office.does("/communes/cao-son/release-monitor", "2021-04-01", **WHY, **DECIDED)
    await assigned(office, "cao-son", DIRECTOR, "2021-07-01")
    await assigned(office, "cao-son", BANKER, "2021-04-01")
    assert await gaps(office, "cao-son") == [("2021-01-04", "2021-01-31", "never_assigned")]
    assert await monitors(office, "cao-son", "2021-03-31", "2021-04-01", "2021-06-30") == [
        DIRECTOR,
        BANKER,
        BANKER,
    ]
    assert await monitor(office, "cao-son") == DIRECTOR


async def test_a_release_by_mistake_is_annulled_and_there_was_no_gap(office: Office) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    wrong = await office.does("/communes/cao-son/release-monitor", "2021-04-01", **WHY, **DECIDED)
    assert await monitor(office, "cao-son") is None
    await office.annul(wrong.at, **DECIDED)
    assert await monitors(office, "cao-son", "2021-04-01") == [DIRECTOR]
    assert await gaps(office, "cao-son") == [("2021-01-04", "2021-01-31", "never_assigned")]
    await office.struck_through("/units/cao-son", wrong.at)


async def test_a_monitor_replaced_by_the_wrong_successor_is_put_right(office: Office) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    wrong = await replaced(office, "cao-son", DEPUTY, "2021-04-01")
    right = await replaced(office, "cao-son", BANKER, "2021-04-01", **instead_of(wrong.at))
    assert await monitors(office, "cao-son", "2021-03-31", "2021-04-01") == [DIRECTOR, BANKER]
    assert await office.column("/commune-coverage/officials", "official_id") == [BANKER]
    await office.struck_through(f"/officials/{DEPUTY}", wrong.at, right.at)


async def test_a_monitor_of_next_month_leaves_the_commune_uncovered_until_then(
    office: Office,
) -> None:
    next_month = ahead(30)
    await assigned(office, "cao-son", DIRECTOR, next_month)
    assert await monitor(office, "cao-son") is None
    assert await monitors(office, "cao-son", ahead(29), next_month) == [None, DIRECTOR]
    assert await covered(office) == (0, 3)
    assert await covered(office, next_month) == (1, 3)
    assert await gaps(office, "cao-son") == [("2021-01-04", ahead(29), "never_assigned")]
    assert [day for day, _ in await office.scheduled(unit="cao-son")] == [next_month]
    await assigned(office, "cao-son", BANKER, ahead(0))
    assert await monitor(office, "cao-son") == BANKER
    assert await monitors(office, "cao-son", next_month) == [DIRECTOR]


async def test_a_monitor_replaced_from_next_week_still_visits_today(office: Office) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    next_week = ahead(7)
    position = (await replaced(office, "cao-son", BANKER, next_week)).at
    assert await monitor(office, "cao-son") == DIRECTOR
    assert await monitors(office, "cao-son", next_week) == [BANKER]
    await office.does("/communes/cao-son/record-visit", ahead(-1), **VISIT)
    assert await office.column("/monitoring/visits", "official_id") == [DIRECTOR]
    listed = await office.contradicts(
        "/communes/cao-son/release-monitor", ahead(0), **WHY, **DECIDED
    )
    assert [one["position"] for one in listed] == [position]


async def test_a_monitor_s_tenure_is_not_ended_before_what_he_did_as_monitor(
    office: Office,
) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    visit = await office.does("/communes/cao-son/record-visit", "2021-06-01", **VISIT)
    said = {"official_id": DIRECTOR, "cause": "retirement", **DECIDED}
    path = f"/posts/{post_of(DIRECTOR)}/end-tenure"
    listed = await office.contradicts(path, "2021-05-01", **said)
    assert [one["position"] for one in listed] == [visit.at]
    await office.does(path, "2021-05-01", **said, **instead_of(visit.at))
    assert await monitors(office, "cao-son", "2021-04-30", "2021-05-01") == [DIRECTOR, None]
    assert (await gaps(office, "cao-son"))[-1] == ("2021-05-01", None, "retired")


async def test_an_allocation_to_the_wrong_agency_is_replaced(office: Office) -> None:
    for agency in (DEPARTMENT, BANK):
        await office.does(f"/agencies/{agency}/set-quota", "2021-01-05", leaders=2, **DECIDED)
    wrong = await office.does("/communes/cao-son/allocate", "2021-01-10", agency_id=BANK, **DECIDED)
    said = {"agency_id": DEPARTMENT, **DECIDED, **instead_of(wrong.at)}
    right = await office.does("/communes/cao-son/allocate", "2021-01-10", **said)
    await assigned(office, "cao-son", DIRECTOR)
    await office.struck_through("/units/cao-son", wrong.at, right.at)
    await office.does("/communes/kim-phu/allocate", "2021-01-10", agency_id=DEPARTMENT, **DECIDED)
    said = {"official_id": BANKER, "post_id": post_of(BANKER), **DECIDED}
    await office.refused(
        409, "not-of-the-agency", "/communes/kim-phu/assign-monitor", "2021-03-01", **said
    )


async def test_a_regulation_with_a_wrong_limit_is_replaced_by_one_with_the_right_limit(
    office: Office,
) -> None:
    regulated = min(await _regulated(office))
    await assigned(office, "cao-son", DIRECTOR)
    said = {"official_id": DIRECTOR, "post_id": post_of(DIRECTOR), **DECIDED}
    verb = "/communes/thai-binh/assign-monitor"
    await office.refused(409, "monitors-enough", verb, BEGUN, **said)
    rules = _rules(communes_per_official=2)
    right = await office.does(
        "/regulations/commune-monitoring/adopt", "2021-01-04", **rules, **instead_of(regulated)
    )
    second = await office.does(verb, BEGUN, **said)
    assert await covered(office, BEGUN) == (2, 3)
    listed = await office.contradicts(
        "/regulations/commune-monitoring/adopt",
        "2021-01-04",
        **_rules(communes_per_official=1),
        **instead_of(right.at),
    )
    assert [one["position"] for one in listed] == [second.at]


def _rules(**further: object) -> dict[str, Any]:
    due = {"month": 3, "day": 31}
    return {
        "leading_post_kinds": ["leader"],
        "programme_due": due,
        "report_due": due,
        "review_due": due,
        **DECIDED,
        **further,
    }


async def _regulated(office: Office) -> list[int]:
    found = await office.client.get(
        f"/v1/{office.ledger}/events",
        params={"types": "regulation.commune_monitoring_adopted", "limit": 10},
    )
    assert found.status_code == 200, found.text
    return [event["position"] for event in found.json()["events"]]


async def test_a_merger_resolved_ahead_takes_effect_on_its_day_and_the_monitor_goes_on(
    office: Office,
) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    on = ahead(20)
    merged = await office.does(
        "/units/doan-ket/merge",
        on,
        predecessors=["cao-son", "thai-binh"],
        successor={"name": "Xã Đoàn Kết", "kind": "commune", "parent_id": DISTRICT},
        monitor_of="cao-son",
        **CITED,
    )
    assert merged.types.count("unit.merged") == 2
    today = await office.column("/commune-coverage/communes", "unit_id")
    assert set(today) == {"cao-son", "thai-binh", "kim-phu"}
    then = await office.column("/commune-coverage/communes", "unit_id", as_of=on)
    assert set(then) == {"doan-ket", "kim-phu"}
    assert await covered(office) == (1, 3)
    assert await covered(office, on) == (1, 2)
    assert await monitors(office, "doan-ket", on) == [DIRECTOR]
    assert await monitor(office, "cao-son") == DIRECTOR
    assert (await office.asks("/units/doan-ket")).status_code == 404
    assert (await office.item("/units/doan-ket", as_of=on))["from_on"] == on
    assert {day for day, _ in await office.scheduled()} == {on}
    lineage = await office.item("/units/doan-ket/lineage", as_of=on)
    assert {one["unit_id"] for one in lineage["predecessors"]} == {"cao-son", "thai-binh"}


async def test_until_the_merger_the_communes_go_on_and_nothing_contradicts_it(
    office: Office,
) -> None:
    await assigned(office, "cao-son", DIRECTOR)
    on = ahead(20)
    successor = {"name": "Xã Đoàn Kết", "kind": "commune", "parent_id": DISTRICT}
    merger: dict[str, Any] = {
        "predecessors": ["cao-son", "thai-binh"],
        "successor": successor,
        "monitor_of": "cao-son",
        **CITED,
    }
    merged = await office.does("/units/doan-ket/merge", on, **merger)
    await office.does("/communes/cao-son/record-visit", ahead(0), **VISIT)
    await office.does("/units/cao-son/rename", ahead(0), name="Xã Cao Sơn", **CITED)
    listed = await office.contradicts("/units/thai-binh/close", ahead(0), **WHY, **CITED)
    assert "unit.merged" in {one["type"] for one in listed}
    await office.refused(409, "unit-not-open", "/units/cao-son/rename", on, name="Tên", **CITED)
    later = ahead(25)
    wrong = instead_of(*merged.decided)
    moved = await office.does("/units/doan-ket/merge", later, **merger, **wrong)
    assert await monitors(office, "cao-son", on) == [DIRECTOR]
    assert await monitors(office, "doan-ket", later) == [DIRECTOR]
    assert {day for day, _ in await office.scheduled()} == {later}
    assert moved.types[0] == "event.annulled"
