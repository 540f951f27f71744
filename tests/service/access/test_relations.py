"""Relations: a token acts for its own units and those below, and for nobody else's."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.components import Service
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, PROPOSAL, REPORT, Province

COMMUNE = "thai-son"
OTHER_DISTRICT = "ham-yen"
IN_NAME = {"effective_on": "2021-01-04", "on_behalf_of": COMMITTEE, "basis": DECISION}
FIGURE = {"year": 2021, "measure": "communes", "reported": 3}
LATER = "2021-06-01"
CLAIM = {
    "summary": "Đã dỡ hết lò.",
    "evidence": [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/bb"}],
    "effective_on": LATER,
}


def problem(reply: httpx.Response) -> str:
    return str(reply.json()["type"]).removeprefix("/problems/")


@pytest.fixture
async def districts(province: Province) -> Province:
    """Another district, and a commune below the first."""
    unit: dict[str, Any] = {"name": "Hàm Yên", "kind": "district"}
    await province.does("/units/establish", unit_id=OTHER_DISTRICT, **unit)
    await province.does(
        "/units/establish", unit_id=COMMUNE, name="Thái Sơn", kind="commune", parent_id=DISTRICT
    )
    return province


async def holder(client_of: ClientOf, province: Province, *units: str, **of: str) -> Province:
    return Province(await client_of(Role.AUTHORITY, units=list(units), **of), province.ledger)


async def test_a_body_decides_in_its_own_name_and_in_no_other_s(
    client_of: ClientOf, districts: Province
) -> None:
    commission = {"task_id": "kilns", "post_id": POST, "proposal": PROPOSAL, **IN_NAME}
    district = await holder(client_of, districts, DISTRICT)
    refused = await district.says("/tasks/commission", commission)
    assert (refused.status_code, problem(refused)) == (403, "not-related")
    told = refused.json()
    assert (told["action"], told["relation"], told["thing"]) == (
        "commission_task",
        ["own-name"],
        f"unit:{COMMITTEE}",
    )
    committee = await holder(client_of, districts, COMMITTEE)
    await committee.does("/tasks/commission", **commission)


async def test_nothing_is_decided_in_the_name_of_a_unit_that_there_is_not(
    client_of: ClientOf, districts: Province
) -> None:
    rules = {
        "communes_per_official": 1,
        "programme_due": {"month": 1, "day": 31},
        "report_due": {"month": 12, "day": 15},
        "review_due": {"month": 12, "day": 25},
        "on_behalf_of": "nowhere",
        "basis": DECISION,
    }
    for units in (["*"], ["nowhere"], [COMMITTEE]):
        office = await holder(client_of, districts, *units)
        reply = await office.says("/regulations/commune-monitoring/adopt", rules)
        assert (reply.status_code, problem(reply)) == (404, "unit-unknown"), reply.text


async def test_a_commune_regulates_nothing_for_all_communes(
    client_of: ClientOf, districts: Province
) -> None:
    rules = {"meetings_per_month": 1, "scale_points": 10, "basis": DECISION}
    for units in (["*"], [COMMUNE]):
        office = await holder(client_of, districts, *units)
        reply = await office.says(
            "/regulations/cell-attendance/adopt", {**rules, "on_behalf_of": COMMUNE}
        )
        assert (reply.status_code, problem(reply)) == (403, "not-related"), reply.text
        assert reply.json()["relation"] == ["above-communes"]
    committee = await holder(client_of, districts, COMMITTEE)
    await committee.does("/regulations/cell-attendance/adopt", **rules, on_behalf_of=COMMITTEE)


async def test_a_unit_stands_for_those_below_it(client_of: ClientOf, districts: Province) -> None:
    path = f"/units/{COMMUNE}/report-figure"
    other = await holder(client_of, districts, OTHER_DISTRICT)
    for figure in (FIGURE, {**FIGURE, "on_behalf_of": COMMUNE}):
        assert problem(await other.says(path, figure)) == "not-related"
    district = await holder(client_of, districts, DISTRICT)
    await district.does(path, **FIGURE, on_behalf_of=COMMUNE)


async def test_a_client_records_for_the_officials_of_its_own_units(
    client_of: ClientOf, districts: Province
) -> None:
    await districts.task_in_progress("kilns")
    other = await holder(client_of, districts, OTHER_DISTRICT)
    refused = await other.says("/tasks/kilns/report-progress", REPORT)
    assert (refused.status_code, problem(refused)) == (403, "not-related")
    for units in (DISTRICT, COMMITTEE):
        own = await holder(client_of, districts, units)
        await own.does("/tasks/kilns/report-progress", **REPORT)


async def test_a_merged_unit_s_client_acts_for_its_heir_and_the_heir_s_for_it(
    client_of: ClientOf, districts: Province
) -> None:
    await districts.task_in_progress("kilns")
    ended = await holder(client_of, districts, OTHER_DISTRICT)
    heir = await holder(client_of, districts, DISTRICT)
    await districts.does(
        f"/units/{DISTRICT}/merge",
        predecessors=[OTHER_DISTRICT],
        basis=DECISION,
        effective_on="2021-03-01",
    )
    await ended.does("/tasks/kilns/report-progress", **{**REPORT, "effective_on": LATER})
    late = {**FIGURE, "effective_on": "2021-02-01"}
    await heir.does(f"/units/{OTHER_DISTRICT}/report-figure", **late)
    other = await holder(client_of, districts, COMMUNE)
    refused = await other.says(f"/units/{OTHER_DISTRICT}/report-figure", late)
    assert problem(refused) == "not-related"


async def test_an_official_with_the_body_s_token_decides_nothing_for_oneself(
    client_of: ClientOf, districts: Province
) -> None:
    own = await holder(client_of, districts, COMMITTEE, official_id="official-017")
    commission = {"task_id": "kilns", "post_id": POST, "proposal": PROPOSAL, **IN_NAME}
    refused = await own.says("/tasks/commission", commission)
    assert (refused.status_code, problem(refused)) == (403, "not-for-oneself")
    await districts.does("/tasks/commission", **commission)
    refused = await own.says("/tasks/kilns/assign", IN_NAME)
    assert (refused.status_code, problem(refused)) == (403, "not-for-oneself")
    other = await holder(client_of, districts, COMMITTEE, official_id="official-018")
    await other.does("/tasks/kilns/assign", **IN_NAME)


async def test_whoever_recorded_the_claim_does_not_confirm_it_also_by_another_token(
    client_of: ClientOf, service: Service, districts: Province
) -> None:
    await districts.task_in_progress("kilns")
    name = f"office-{districts.ledger}"
    token, text = await service.tokens.create(name, Role.AUTHORITY, units=[COMMITTEE])
    recording = await client_of(None)
    recording.headers["Authorization"] = f"Bearer {text}"
    await Province(recording, districts.ledger).does("/tasks/kilns/claim-completion", **CLAIM)
    await service.tokens.revoke(token.id)
    confirmation = {**IN_NAME, "effective_on": LATER}
    again = await holder(client_of, districts, COMMITTEE, DISTRICT)
    refused = await again.says("/tasks/kilns/confirm-completion", confirmation)
    assert (refused.status_code, problem(refused)) == (403, "not-apart"), refused.text
    assert refused.json()["action"] == "confirm_completion"
    apart = await holder(client_of, districts, "*")
    await apart.does("/tasks/kilns/confirm-completion", **confirmation)


async def test_two_tokens_for_every_unit_are_one_side_unless_one_names_a_person(
    client_of: ClientOf, districts: Province
) -> None:
    await districts.task_in_progress("kilns")
    first, second = [await holder(client_of, districts, "*") for _ in range(2)]
    person = await holder(client_of, districts, "*", official_id="official-018")
    await first.does("/tasks/kilns/claim-completion", **CLAIM)
    confirmation = {**IN_NAME, "effective_on": LATER}
    refused = await second.says("/tasks/kilns/confirm-completion", confirmation)
    assert (refused.status_code, problem(refused)) == (403, "not-apart"), refused.text
    await person.does("/tasks/kilns/confirm-completion", **confirmation)


async def test_a_person_with_two_tokens_does_not_propose_and_approve(
    client_of: ClientOf, districts: Province
) -> None:
    district = await holder(client_of, districts, DISTRICT, official_id="official-017")
    registration = {"task_id": "kilns", "post_id": POST, "proposal": PROPOSAL}
    await district.does("/tasks/register", **registration, official_id="official-017")
    own = await holder(client_of, districts, COMMITTEE, official_id="official-017")
    refused = await own.says("/tasks/kilns/approve", IN_NAME)
    assert (refused.status_code, problem(refused)) == (403, "proposer-may-not-decide")
    office = await holder(client_of, districts, COMMITTEE, DISTRICT)
    refused = await office.says("/tasks/kilns/approve", IN_NAME)
    assert (refused.status_code, problem(refused)) == (403, "not-apart")
    committee = await holder(client_of, districts, COMMITTEE)
    await committee.does("/tasks/kilns/approve", **IN_NAME)


async def test_an_administrator_sets_up_its_own_units_and_decides_nothing(
    client_of: ClientOf, districts: Province
) -> None:
    client = await client_of(Role.ADMINISTRATOR, units=[DISTRICT])
    own = Province(client, districts.ledger)
    await own.does(f"/units/{COMMUNE}/rename", name="Xã Thái Sơn", basis=DECISION)
    rename = {"name": "Huyện Hàm Yên", "basis": DECISION}
    refused = await own.says(f"/units/{OTHER_DISTRICT}/rename", rename)
    assert (refused.status_code, problem(refused)) == (403, "not-related")
    decided = {"task_id": "kilns", "post_id": POST, "proposal": PROPOSAL, **IN_NAME}
    refused = await own.says("/tasks/commission", decided)
    assert (refused.status_code, problem(refused)) == (403, "role-forbids")
