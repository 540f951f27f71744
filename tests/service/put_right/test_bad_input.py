"""What cannot be put right is refused with a problem that says what and where; nothing is done."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.put_right.office import (
    AN,
    BASIS,
    CITED,
    DECIDED,
    DISTRICT,
    WHY,
    Office,
    ahead,
    instead_of,
    refusal,
)

REPORT = "/tasks/lo-gach/report-progress"
ANNUL = "/events/annul"


async def reported(office: Office, on: str = "2021-06-01") -> int:
    await office.task("lo-gach")
    return (await office.report("lo-gach", on, "sai")).at


async def neither(office: Office, status: int, slug: str, positions: Any) -> list[dict[str, Any]]:
    """The problems where the positions are annulled, and where a report replaces them."""
    named: dict[str, Any] = {"positions": positions, "reason": "ghi nhầm"}
    return [
        await office.refused(status, slug, ANNUL, **named),
        await office.refused(status, slug, REPORT, "2021-06-01", narrative="đúng", replaces=named),
    ]


async def test_positions_that_are_unknown_or_yet_to_come_are_named(office: Office) -> None:
    wrong = await reported(office)
    for problem in await neither(office, 404, "events-unknown", [wrong, wrong + 1, 9_999_999]):
        assert problem["positions"] == [wrong + 1, 9_999_999]


async def test_a_position_named_twice_is_named(office: Office) -> None:
    wrong = await reported(office)
    for problem in await neither(office, 422, "position-repeated", [wrong, wrong]):
        assert problem["position"] == wrong


async def test_an_event_of_another_ledger_is_unknown_here(
    office: Office,
    owner_pool: Any,
    administrator: httpx.AsyncClient,
) -> None:
    wrong = await reported(office)
    other = f"{office.ledger}-khac"
    await owner_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", other)
    elsewhere = Office(administrator, administrator, other)
    named: dict[str, Any] = {"positions": [wrong], "reason": "ghi nhầm"}
    await elsewhere.refused(404, "events-unknown", ANNUL, **named)
    assert (await office.history("/tasks/lo-gach"))[wrong]["annulled"] is None


@pytest.mark.parametrize(
    "positions",
    [[], [0], [-1], [1.5], ["1"], [True], [None], 1, None, "1", {"1": 1}, list(range(1, 102))],
)
async def test_what_are_no_positions_is_pointed_at(office: Office, positions: object) -> None:
    await reported(office)
    annulling, replacing = await neither(office, 422, "not-valid", positions)
    assert annulling["errors"][0]["pointer"].startswith("#/positions")
    assert replacing["errors"][0]["pointer"].startswith("#/replaces/positions")


@pytest.mark.parametrize(
    ("replaces", "pointer"),
    [
        ({"positions": [1]}, "/replaces/reason"),
        ({"positions": [1], "reason": ""}, "/replaces/reason"),
        ({"positions": [1], "reason": "  "}, "/replaces/reason"),
        ({"reason": "ghi nhầm"}, "/replaces/positions"),
        ({"positions": [1], "reason": "x", "basis": BASIS}, "/replaces/basis"),
        ([1], "/replaces"),
        (1, "/replaces"),
    ],
)
async def test_a_replacement_says_what_and_why(
    office: Office, replaces: object, pointer: str
) -> None:
    await reported(office)
    problem = await office.refused(
        422, "not-valid", REPORT, "2021-06-01", narrative="đúng", replaces=replaces
    )
    assert f"#{pointer}" in {one["pointer"] for one in problem["errors"]}


async def test_an_annulment_is_not_annulled_or_replaced(office: Office) -> None:
    wrong = await reported(office)
    annulment = (await office.annul(wrong)).at
    for problem in await neither(office, 409, "annulment-stands", [annulment]):
        assert problem["position"] == annulment
    for problem in await neither(office, 409, "annulled-before", [wrong]):
        assert (problem["position"], problem["annulment"]) == (wrong, annulment)
    again = await office.report("lo-gach", "2021-06-01", "sai")
    assert (await office.history("/tasks/lo-gach"))[again.at]["annulled"] is None


async def test_of_several_events_none_is_annulled_where_one_cannot_be(office: Office) -> None:
    wrong = await reported(office)
    second = (await office.report("lo-gach", "2021-07-01", "sai")).at
    await office.annul(wrong)
    await office.refused(
        409, "annulled-before", ANNUL, positions=[second, wrong], reason="ghi nhầm"
    )
    assert (await office.history("/tasks/lo-gach"))[second]["annulled"] is None


async def test_a_replacement_is_of_the_kind_of_what_it_replaces(office: Office) -> None:
    wrong = await reported(office)
    unit: dict[str, Any] = {"unit_id": "moi", "name": "Mới", "kind": "commune", **CITED}
    problem = await office.refused(
        422, "replaces-another-kind", "/units/establish", "2021-06-01", **unit, **instead_of(wrong)
    )
    assert (problem["recorded_kind"], problem["replaced_kind"]) == (["unit"], ["task"])
    unit_at = min(await office.history(f"/units/{DISTRICT}"))
    await office.refused(
        422,
        "replaces-another-kind",
        REPORT,
        "2021-06-01",
        narrative="đúng",
        **CITED,
        **instead_of(unit_at),
    )


async def test_an_annulment_names_no_day_and_replaces_nothing(office: Office) -> None:
    wrong = await reported(office)
    named: dict[str, Any] = {"positions": [wrong], "reason": "ghi nhầm"}
    await office.refused(422, "not-valid", ANNUL, "2021-06-01", **named)
    await office.refused(422, "not-valid", ANNUL, **named, **instead_of(wrong))


async def test_what_a_closed_period_holds_is_not_put_right_by_anybody_else(
    office: Office,
) -> None:
    wrong = await reported(office)
    await office.does("/periods/close", last_day="2021-06-30", **DECIDED)
    for problem in await neither(office, 409, "period-is-closed", [wrong]):
        assert (problem["body"], problem["last_day"]) == ("ban-thuong-vu", "2021-06-30")
    await office.refused(409, "period-is-closed", REPORT, "2021-06-30", narrative="trong kỳ")
    moved = {"narrative": "ra ngoài kỳ", **instead_of(wrong)}
    await office.refused(409, "period-is-closed", REPORT, "2021-07-01", **moved)
    right = await office.report("lo-gach", "2021-06-02", "đúng", **instead_of(wrong), **DECIDED)
    assert right.types[-1] == "period.adjusted"
    history = await office.history("/tasks/lo-gach")
    replaced = right.positions[1]
    assert history[replaced]["adjusts_closed"]
    await office.struck_through("/tasks/lo-gach", wrong, replaced)
    late = await office.items("/backdated", task="lo-gach", type="task.progress_reported")
    assert {one["position"]: one["closed_period"] for one in late}[replaced]


async def test_who_may_not_decide_puts_nothing_right(office: Office, client_of: ClientOf) -> None:
    wrong = await reported(office)
    named: dict[str, Any] = {"positions": [wrong], "reason": "ghi nhầm"}
    reader = await client_of(Role.INSPECTOR)
    assert (await office.says(ANNUL, None, named, by=reader)).status_code == 403
    other = await client_of(Role.OFFICIAL, official_id="binh")
    assert refusal(await office.says(ANNUL, None, named, by=other)) == (403, "not-the-author")
    own = await client_of(Role.OFFICIAL, official_id=AN)
    assert (await office.says(ANNUL, None, named, by=own)).status_code == 200


async def test_another_body_than_the_one_that_decided_annuls_nothing(office: Office) -> None:
    await office.task("lo-gach")
    cancelled = (await office.does("/tasks/lo-gach/cancel", "2021-06-01", **WHY, **DECIDED)).at
    named: dict[str, Any] = {"positions": [cancelled], "reason": "ghi nhầm"}
    await office.refused(422, "body-required", ANNUL, **named)
    problem = await office.refused(
        403, "not-the-entitled-body", ANNUL, on_behalf_of=DISTRICT, **named
    )
    assert problem["entitled"] == "ban-thuong-vu"


async def test_a_replacement_on_which_a_later_event_cannot_stand_records_nothing(
    office: Office,
) -> None:
    await office.task("lo-gach")
    assigned = max(await office.history("/tasks/lo-gach"))
    report = await office.report("lo-gach", "2021-02-01", "tháng 2")
    said = {"official_id": AN, **DECIDED, **instead_of(assigned)}
    listed = await office.contradicts("/tasks/lo-gach/assign", "2021-03-01", **said)
    assert [one["position"] for one in listed] == [report.at]
    assert await office.leads("lo-gach", "2021-02-01") == AN


async def test_both_languages_say_what_stands_in_the_way(office: Office) -> None:
    wrong = await reported(office)
    said = {"to_official": "binh", "state_summary": "đang làm", **DECIDED}
    texts = {}
    for language in ("en", "vi"):
        headers = {"Accept-Language": language}
        reply = await office.says("/tasks/lo-gach/hand-over", "2021-05-01", said, headers)
        assert refusal(reply) == (409, "contradicts-later")
        texts[language] = (reply.json()["detail"], reply.json()["events"][0]["why"])
        assert str(wrong) in reply.json()["detail"]
        again = {"positions": [9_999_999], "reason": "ghi nhầm"}
        unknown = await office.says("/events/annul", None, again, headers)
        texts[f"{language}-unknown"] = (unknown.json()["detail"], unknown.json()["title"])
    assert "would no longer hold" in texts["en"][0]
    assert "sẽ không còn đúng" in texts["vi"][0]
    assert "Ngày" in texts["vi"][1]
    assert texts["en"][1] != texts["vi"][1]
    assert texts["en-unknown"][0].startswith("There are no events")
    assert texts["vi-unknown"][0].startswith("Sổ này không có sự kiện")


async def test_a_day_too_far_ahead_is_refused_and_the_bound_named(office: Office) -> None:
    await office.task("lo-gach")
    said = {"to_official": "binh", "state_summary": "đang làm", **DECIDED}
    path = "/tasks/lo-gach/hand-over"
    problem = await office.refused(422, "effective-in-the-future", path, ahead(367), **said)
    assert problem["latest_on"] == ahead(366)
    await office.does(path, ahead(366), **said)


@pytest.mark.parametrize(
    "known_at", ["999999999", "0", "-1", "x", "2019-01-01T00:00:00Z", "2999-01-01T00:00:00Z"]
)
async def test_what_was_never_known_is_not_read(office: Office, known_at: str) -> None:
    await office.task("lo-gach")
    for path in ("/tasks/lo-gach", "/tasks/lo-gach/dossier", "/tasks/lo-gach/history"):
        reply = await office.asks(path, known_at=known_at)
        assert reply.status_code in {404, 409, 422}, (path, reply.text)
        assert reply.json()["detail"]
