"""Proposed levels in the inbox: they await the body that decides, and its heir, until it does."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

OFFICIALS = ("official-017", "official-018")
CYCLES = ("nam-2021", "nam-2022")
ON: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}


def of(cycle_id: str) -> dict[str, Any]:
    year = cycle_id[-4:]
    days = {"from_on": f"{year}-01-01", "to_on": f"{year}-12-31"}
    return {"regulation": "danh-gia", "cycle": "year", "cohort": "unit_heads", **days}


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    """Two cycles with two officials each; the district proposes, the last official first."""
    province = Province(administrator, ledger)
    await province.establish()
    await adopt(province, "danh-gia", "2021-01-05")
    groups = {"agency": DISTRICT, "duty_group": "heads"}
    officials = [{"official_id": one, **groups} for one in OFFICIALS]
    for cycle in CYCLES:
        on = {"effective_on": "2023-01-09", **ON}
        await province.does("/cycles/open", cycle_id=cycle, **of(cycle), **on)
        await province.does(f"/cycles/{cycle}/enrol", officials=officials, **on)
    for day, official in zip(("2023-01-10", "2023-01-11"), reversed(OFFICIALS), strict=True):
        for cycle in CYCLES:
            await propose(province, cycle, official, day)
    return province


async def propose(province: Province, cycle: str, official: str, day: str) -> int:
    done = await province.does(
        f"/cycles/{cycle}/propose-level",
        official_id=official,
        level="GOOD",
        effective_on=day,
        on_behalf_of=DISTRICT,
    )
    return int(done["position"])


async def awaits(reader: Reader, whom: str = COMMITTEE, **asked: str) -> list[tuple[str, ...]]:
    """Of each proposal the cycle, the official and since when, through pages of one."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while not found or cursor:
        page = await reader.reads(
            "/inbox", **{"for": f"unit:{whom}", "limit": "1", **asked, **cursor}
        )
        found += page["items"]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        if not found:
            return []
    own = [one for one in found if one["kind"] == "proposed_level"]
    return [(one["cycle_id"], one["official_id"], one["since_on"]) for one in own]


async def test_proposed_levels_await_the_body_in_the_order_of_their_days(
    province: Province,
) -> None:
    reader = Reader(province, await propose(province, "nam-2021", OFFICIALS[1], "2023-01-12"))
    # A later proposal is in the place of the one before.
    expected = [
        ("nam-2022", OFFICIALS[1], "2023-01-10"),
        ("nam-2021", OFFICIALS[0], "2023-01-11"),
        ("nam-2022", OFFICIALS[0], "2023-01-11"),
        ("nam-2021", OFFICIALS[1], "2023-01-12"),
    ]
    assert await awaits(reader) == expected
    assert await awaits(reader, as_of="2023-01-10") == [
        ("nam-2021", OFFICIALS[1], "2023-01-10"),
        ("nam-2022", OFFICIALS[1], "2023-01-10"),
    ]
    assert await awaits(reader, as_of="2023-01-09") == []
    assert await awaits(reader, kind="proposed_level") == expected
    for nothing in ({"kind": "claim"}, {"task": "kilns"}, {"overdue": "true"}):
        assert await awaits(reader, **nothing) == []
    whole = await reader.reads(
        "/inbox", **{"for": f"unit:{COMMITTEE}", "kind": "proposed_level", "count": "true"}
    )
    assert whole["total"] == len(expected)
    assert {one["verb"] for one in whole["items"]} == {"/officials/{official_id}/decide-rating"}
    assert await awaits(reader, DISTRICT) == []


async def test_a_proposed_level_awaits_the_body_until_it_decides_or_the_cycle_is_closed(
    province: Province, client_of: ClientOf
) -> None:
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    on = {"effective_on": "2023-01-13", **ON}

    async def decide(official: str, day: str = "2023-01-13") -> Reader:
        rating = {"cycle_id": "nam-2021", "of": of("nam-2021"), "level": "GOOD"}
        path = f"/officials/{official}/decide-rating"
        done = await office.does(path, **rating, **{**on, "effective_on": day})
        return Reader(province, done["position"])

    in_2021 = [
        ("nam-2021", one, day)
        for one, day in zip(OFFICIALS, ("2023-01-11", "2023-01-10"), strict=True)
    ]

    async def awaits_of_2021(reader: Reader, **asked: str) -> list[tuple[str, ...]]:
        return [one for one in await awaits(reader, **asked) if one[0] == "nam-2021"]

    reader = await decide(OFFICIALS[1])
    assert await awaits_of_2021(reader) == in_2021[:1]
    assert await awaits_of_2021(reader, as_of="2023-01-12") == in_2021[::-1]
    # What is proposed after a decision awaits the next one, as long as the cycle is open.
    position = await propose(province, "nam-2021", OFFICIALS[1], "2023-01-14")
    again = ("nam-2021", OFFICIALS[1], "2023-01-14")
    assert await awaits_of_2021(Reader(province, position)) == [in_2021[0], again]
    await decide(OFFICIALS[0])
    closed = await province.does("/cycles/nam-2021/close", **{**on, "effective_on": "2023-01-15"})
    reader = Reader(province, closed["position"])
    assert await awaits_of_2021(reader) == []
    assert await awaits_of_2021(reader, as_of="2023-01-14") == [again]


async def test_the_heir_of_a_body_has_the_levels_that_were_proposed_to_it(
    province: Province,
) -> None:
    heir = {"unit_id": "heir", "name": "Ban Thường vụ mới", "kind": "standing_committee"}
    await province.does("/units/establish", **heir)
    done = await province.does(
        "/units/heir/merge", predecessors=[COMMITTEE], effective_on="2023-01-12", basis=DECISION
    )
    reader = Reader(province, done["position"])
    assert await awaits(reader, "heir") == await awaits(reader, COMMITTEE)
    assert len(await awaits(reader, "heir")) == len(CYCLES) * len(OFFICIALS)
    assert await awaits(reader, "heir", as_of="2023-01-11") == []
