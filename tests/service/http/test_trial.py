"""A draft of a regulation is tried on a closed cycle, and whoever tries it stands in the record."""

import asyncio
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

SECRETARY, DEPUTY = "official-017", "official-018"
ON: dict[str, Any] = {"effective_on": "2022-01-10", "on_behalf_of": COMMITTEE, "basis": DECISION}
OF: dict[str, Any] = {
    "regulation": "danh-gia",
    "cycle": "year",
    "cohort": "leaders",
    "from_on": "2021-01-01",
    "to_on": "2021-12-31",
}
CYCLE = "nam-2021"
WAIT_S = 60.0
REGULATION = f"""\
regulation: danh-gia
title: Quy định mẫu về xếp loại
sample: true
basis:
  number: {DECISION["number"]}
  issued_on: {DECISION["issued_on"]}
  issuing_body: {DECISION["issuing_body"]}
decided_by: {COMMITTEE}
effective_on: 2021-01-05
cohorts: [leaders]
cycles: [year]
points:
  - {{name: general, most: 100, given_by: council}}
levels:
  - {{level: EXCELLENT, points: 90, article: "8.1"}}
  - {{level: GOOD, points: 70, article: "8.2"}}
  - {{level: COMPLETED, points: 50, article: "8.3"}}
  - {{level: NOT_COMPLETED, below: 50}}
"""
DRAFT = REGULATION.replace("points: 70", "points: 85") + (
    "cap: {level: GOOD, at_most: 20%, of: all_rated, within: [agency], fraction: down, "
    'article: "10"}\n'
)


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    """A cycle of two officials: one with 95 points, and one with 80."""
    province = Province(administrator, ledger)
    await province.establish()
    adopted = {"effective_on": "2021-01-05", "source": REGULATION}
    await province.does("/regulations/danh-gia/adopt", **{**ON, **adopted})
    await province.does("/cycles/open", cycle_id=CYCLE, **OF, **ON)
    officials = [{"official_id": one, "agency": DISTRICT} for one in (SECRETARY, DEPUTY)]
    await province.does(f"/cycles/{CYCLE}/enrol", officials=officials, **ON)
    await province.does(f"/cycles/{CYCLE}/form-council", members=[SECRETARY, DEPUTY], **ON)
    for official, judge, points, level in (
        (SECRETARY, DEPUTY, 95, "EXCELLENT"),
        (DEPUTY, SECRETARY, 80, "GOOD"),
    ):
        scores = [{"part": "general", "points": points}]
        given = {"official_id": official, "judged_by": [judge], "scores": scores}
        await province.does(f"/cycles/{CYCLE}/give-scores", **given, **ON)
        decided = {"cycle_id": CYCLE, "of": OF, "level": level, **ON}
        await province.does(f"/officials/{official}/decide-rating", **decided)
    return province


async def tries(client: httpx.AsyncClient, ledger: str, **asked: Any) -> httpx.Response:
    trial = {"source": DRAFT, "cycle_id": CYCLE, **asked}
    return await client.post(f"/v1/{ledger}/regulations/try", json=trial)


async def recorded(inspector: httpx.AsyncClient, ledger: str, least: int) -> set[tuple[str, ...]]:
    """Of whom the record says that a trial told, once it holds so many."""
    asked = {"action": "try_regulation"}
    async with asyncio.timeout(WAIT_S):
        while True:
            reply = await inspector.get(f"/v1/{ledger}/access-record", params=asked)
            found = reply.json()["items"]
            if sum(one["times"] for one in found) >= least:
                return {tuple(one["subjects"]) for one in found}
            await asyncio.sleep(0.01)


async def test_a_draft_is_tried_on_a_closed_cycle(province: Province, client_of: ClientOf) -> None:
    ledger = province.ledger
    early = await tries(province.client, ledger)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/cycle-still-open")
    await province.does(f"/cycles/{CYCLE}/close", **ON)
    # What is recorded after the closing changes nothing of it.
    later = {"form": "warning", "reason": "Sai", **ON}
    await province.does(f"/officials/{SECRETARY}/decide-discipline", **later)
    tried = (await tries(province.client, ledger)).json()
    assert {name: tried[name] for name in ("officials", "changed", "changes", "caps")} == {
        "officials": 2,
        "changed": 1,
        "changes": [{"adopted": "GOOD", "draft": "COMPLETED", "article": "8.2", "officials": 1}],
        "caps": [
            {
                "level": "GOOD",
                "article": "10",
                "groups": 1,
                "groups_over": 0,
                "officials_over": 0,
                "unknown": 0,
            }
        ],
    }
    [person] = tried["persons"]
    assert (person["official_id"], person["decided"], person["line"]) == (DEPUTY, "GOOD", 16)
    assert "80 < 85" in person["says"]
    # Whose level it is, a unit that it is no official of does not learn.
    stranger = await client_of(Role.AUTHORITY, units=["elsewhere"])
    assert (await tries(stranger, ledger)).json() == {**tried, "persons": []}
    # The draft's cap: of two who would be good none may.
    same = await tries(province.client, ledger, source=DRAFT.replace("points: 85", "points: 75"))
    assert (same.json()["changed"], same.json()["caps"][0]["officials_over"]) == (0, 1)
    refused = await tries(province.client, ledger, source="regulation: x\n")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/regulation-faulty")
    unknown = await tries(province.client, ledger, cycle_id="nam-2020")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/cycle-unknown")
    inspector = await client_of(Role.INSPECTOR)
    assert await recorded(inspector, ledger, 3) >= {(f"official:{DEPUTY}",), ()}
    assert (await province.client.get(f"/v1/{ledger}/regulations/try")).status_code == 405
