"""Indicators over HTTP: what a district reached of its targets, exactly, and put right."""

from typing import Any

import httpx
import pytest

from tests.service.http.indicated import DECIDED, GROUPS, OF_2021, indicators
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DISTRICT, Province


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    province = Province(administrator, ledger)
    await province.establish()
    return province


async def test_what_a_district_reached_stands_beside_its_targets(province: Province) -> None:
    done = await indicators(province)
    year = Reader(province, done["position"])
    reply = await year.reads("/indicators/attainment", year=2021)
    assert reply["counts"] == {"indicators": 8, "met": 6, "exceeded": 4, "not_met": 2}
    found = {one["code"]: one for one in reply["items"]}
    shown = ("outcome", "fraction", "percent", "excess", "excess_percent", "change")
    assert {code: tuple(one[name] for name in shown) for code, one in found.items()} == {
        "admitted": ("exceeded", "2101/2000", "105.05", "101", "5.05", None),
        "organisations": ("met", "1", "100.00", "0", "0.00", "5"),
        "disbursed": ("not_met", "903/950", "95.05", "-4.7", "-4.95", None),
        "settled": ("exceeded", "125/124", "100.81", "0.8", "0.81", None),
        "revenue": ("exceeded", "23/20", "115.00", "150000000", "15.00", None),
        "cases": ("exceeded", "5/3", "166.67", "2", "66.67", None),
        "complaints": ("not_met", None, None, "-2", "-20.00", None),
        "new_rural": ("met", None, None, None, None, None),
    }
    assert (found["admitted"]["group"], found["admitted"]["measure"]) == (
        "Xây dựng Đảng",
        "đảng viên",
    )


async def test_an_actual_is_put_right_and_the_next_year_has_indicators_of_its_own(
    province: Province,
) -> None:
    recorded = await indicators(province)
    said: dict[str, Any] = {**OF_2021, "code": "new_rural", "effective_on": "2021-12-31"}
    # Of the two localities one passes.
    other = f"/units/{COMMITTEE}/record-actual"
    await province.does(other, **said, passed=False)
    replaces = {"positions": [recorded["position"]], "reason": "Ghi nhầm"}
    await province.does(f"/units/{DISTRICT}/record-actual", **said, passed=False, replaces=replaces)
    done = await province.does(other, **said, passed=True)
    year = Reader(province, done["position"])
    reply = await year.reads("/indicators/attainment", code="new_rural")
    assert reply["counts"] == {"indicators": 2, "met": 1, "exceeded": 0, "not_met": 1}
    assert [one["outcome"] for one in reply["items"]] == ["met", "not_met"]
    added = [*GROUPS, {"title": "Mới", "indicators": [{**GROUPS[0]["indicators"][0], "code": "x"}]}]
    of_2022: dict[str, Any] = {"cohort": "districts", "year": 2022, "effective_on": "2022-01-05"}
    path = f"/units/{COMMITTEE}/set-indicators"
    await province.does(path, **of_2022, **DECIDED, groups=added)
    refused = await province.says(
        f"/units/{DISTRICT}/record-actual", {**said, "code": "x", "actual": 1}
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/indicator-not-set")
    done = await province.does(
        f"/units/{DISTRICT}/record-actual",
        **{**of_2022, "effective_on": "2022-12-31"},
        code="x",
        actual=2000,
    )
    later = Reader(province, done["position"])
    assert (await later.reads("/indicators/attainment", year=2021))["counts"]["indicators"] == 9
    (new,) = (await later.reads("/indicators/attainment", year=2022))["items"]
    assert (new["code"], new["outcome"]) == ("x", "met")
