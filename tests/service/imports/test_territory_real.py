"""The real lists of two provinces and the real conversion table, where they are at hand.

The project does not carry them: they are looked for beside it, or where SHARED_DATA says.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.service.imports.office import Office
from tests.service.imports.territories import ACT, DAY, Survey

DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
CONVERSION = "successors_2025-07-01"
SPECIAL_ZONES = DATA.parent / "inputs" / "20-dac-khu"

pytestmark = pytest.mark.skipif(
    not (DATA / f"{CONVERSION}.csv").exists(), reason="the real lists are not at hand"
)


def real(name: str) -> bytes:
    return (DATA / f"{name}.csv").read_bytes()


@pytest.fixture
async def survey(office: Office) -> Survey:
    return Survey(office.client, office.ledger)


async def taken(survey: Survey, name: str, **asked: str) -> tuple[tuple[int, int, int], Any]:
    job = await survey.imports("territory", real(name), **asked)
    assert job["state"] == "done"
    return (job["imported"], job["unchanged"], job["refused"]), job["findings"]


async def test_hoa_binh_goes_from_151_communes_to_46_and_the_day_before_still_reads_151(
    survey: Survey,
) -> None:
    assert await taken(survey, "hoa_binh_2023") == ((151, 0, 0), [])
    assert await taken(survey, "hoa_binh_2023") == ((0, 151, 0), [])
    before = await survey.communes("2025-06-30")
    assert len(before) == 151
    names = Counter(name for name, _ in before.values())
    assert {name for name, count in names.items() if count > 1} == {"Xã Cao Sơn", "Xã Đoàn Kết"}
    await survey.new_province()
    counts, findings = await taken(survey, CONVERSION, **ACT)
    assert counts == (154, 663, 0)
    told = Counter(found["column"] for found in findings)
    assert told == {"old_name": 2, "new_code": 1, "old_province_code": 1}
    after = await survey.communes(DAY)
    assert len(after) == 46
    assert {parent for _, parent in after.values()} == {"tinh-25"}
    assert await survey.communes("2025-06-30") == before
    head = await survey.head()
    counts, findings = await taken(survey, CONVERSION, **ACT)
    assert (counts, len(findings)) == ((0, 817, 0), 1)
    assert await survey.head() == head


async def test_the_known_faults_of_tuyen_quang_are_told_of(survey: Survey) -> None:
    assert await taken(survey, "tuyen_quang_2019") == ((141, 0, 0), [])
    _, findings = await taken(survey, "tuyen_quang_2023")
    told = {found["row"]: found["what"] for found in findings if found["row"]}
    texts = " ".join(told.values())
    for code in ("02509", "02299", "02302", "02590", "02632"):
        assert f"the code {code} is on record for" in texts


async def test_the_faulty_row_of_phu_thinh_is_refused_and_its_commune_is_listed_as_left_out(
    survey: Survey,
) -> None:
    assert (await taken(survey, "tuyen_quang_2025-06-30"))[0] == (137, 0, 0)
    counts, findings = await taken(survey, CONVERSION, **ACT)
    assert counts == (138, 678, 1)
    [wrong] = [found for found in findings if found["column"] == "old_code"]
    assert (
        wrong["what"] == "the code 02485 is that of Xã Công Đa on 2025-06-30, not of Xã Phú Thịnh"
    )
    assert wrong["mend"] == "Xã Phú Thịnh stands under 02482"
    [missing] = [found["what"] for found in findings if found["row"] == 0]
    assert missing.startswith("Xã Phú Thịnh (02482) exists until 2025-07-01")
    [given_anew] = [found["what"] for found in findings if found["column"] == "new_code"]
    assert "02494 was that of Xã Thái Bình" in given_anew
    after = await survey.communes(DAY)
    assert after["02494.20250701"][0] == "Xã Thái Bình"
    assert after["02482"][0] == "Xã Phú Thịnh", "it stays until its row is mended"
    mended = real(CONVERSION).decode().replace("02485,Xã Phú Thịnh", "02482,Xã Phú Thịnh")
    job = await survey.imports("territory", mended, **ACT)
    assert (job["imported"], job["refused"]) == (1, 0)
    assert "02482" not in await survey.communes(DAY)


@pytest.mark.skipif(not SPECIAL_ZONES.exists(), reason="the small files are not at hand")
async def test_van_don_and_co_to_become_special_zones(survey: Survey) -> None:
    async def takes(name: str) -> tuple[int, int, int]:
        return await survey.takes((SPECIAL_ZONES / f"{name}.csv").read_bytes(), **ACT)

    assert await takes("list_2025-06-30") == (15, 0, 0)
    assert await takes("conversion_2025-07-01") == (15, 0, 0)
    assert await takes("list_2025-07-01_after") == (0, 2, 0)
    for day, communes in (("2025-06-30", 15), (DAY, 2)):
        found = await survey.reads("/commune-coverage", as_of=day)
        assert (found["communes"], found["uncovered"]) == (communes, communes)
    province = {"unit_id": "51", "name": "Tỉnh Quảng Ngãi", "kind": "province", "code": "51"}
    await survey.says("/units/establish", **province)
    district = {"unit_id": "536", "name": "Huyện Lý Sơn", "kind": "district", "code": "536"}
    await survey.says("/units/establish", **district, parent_id="51")
    assert await takes("island_district_without_communes") == (1, 0, 0)
    assert (await survey.reads("/commune-coverage", as_of=DAY))["communes"] == 3
