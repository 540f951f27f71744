"""Kinds of units in files: special zones, districts without communes, kinds that a ledger declared.

The communes are those that went into special zones on 1 July 2025; some codes are placeholders.
"""

from typing import Any

import pytest

from tests.service.imports.office import Office
from tests.service.imports.territories import ACT, DAY, Survey

EVE = "2025-06-30"
BASIS = {
    "number": ACT["document_number"],
    "issued_on": ACT["document_issued_on"],
    "issuing_body": ACT["document_issuing_body"],
}
BEFORE = "Mã xã,Tên xã,Loại,Mã huyện,Tên huyện,Mã tỉnh,Tên tỉnh,Có hiệu lực từ\n"
AFTER = "Mã xã,Tên xã,Loại,Mã tỉnh,Tên tỉnh,Có hiệu lực từ\n"
TABLE = (
    "Mã xã cũ,Tên xã cũ,Mã huyện cũ,Tên huyện cũ,Mã tỉnh cũ,Mã xã mới,Tên xã mới,Mã tỉnh mới,"
    "Cách sắp xếp,Có hiệu lực từ\n"
)


def listed(district: str, province: str, *communes: str) -> str:
    """Rows of a list of the day before; a commune is its code and its name."""
    rows = ""
    for commune in communes:
        code, _, name = commune.partition(" ")
        kind = "Thị trấn" if name.startswith("Thị trấn") else name.split()[0]
        rows += f"{code},{name},{kind},{district},{province},{EVE}\n"
    return rows


def goes(district: str, new: str, province: str, *communes: str) -> str:
    """Rows of a table by which the communes go whole into one unit."""
    number, _, name = new.partition(" ")
    return "".join(
        f"{code},{old},{district},{province},{number},{name},{province},nhập toàn bộ,{DAY}\n"
        for code, _, old in (commune.partition(" ") for commune in communes)
    )


VAN_DON = ("06994 Thị trấn Cái Rồng", "06997 Xã Đài Xuyên", "07000 Xã Bình Dân")
CO_TO = ("07192 Thị trấn Cô Tô", "07195 Xã Đồng Tiến")
QUANG_NINH = (
    listed("203,Huyện Vân Đồn", "22,Tỉnh Quảng Ninh", *VAN_DON)
    + listed("207,Huyện Cô Tô", "22,Tỉnh Quảng Ninh", *CO_TO),
    goes("203,Huyện Vân Đồn", "06994 Đặc khu Vân Đồn", "22", *VAN_DON)
    + goes("207,Huyện Cô Tô", "07192 Đặc khu Cô Tô", "22", *CO_TO),
    {"Đặc khu Vân Đồn": "06994", "Đặc khu Cô Tô": "07192"},
)
TRUONG_SA = ("22736 Thị trấn Trường Sa", "22737 Xã Song Tử Tây", "22739 Xã Sinh Tồn")
KHANH_HOA = (
    listed("576,Huyện Trường Sa", "56,Tỉnh Khánh Hòa", *TRUONG_SA),
    goes("576,Huyện Trường Sa", "22736 Đặc khu Trường Sa", "56", *TRUONG_SA),
    {"Đặc khu Trường Sa": "22736"},
)
PHU_QUOC = ("31078 Phường Dương Đông", "31081 Phường An Thới", "31084 Xã Cửa Cạn")
# One commune alone becomes a special zone: it goes on, of another kind.
THO_CHAU = ("31105 Xã Thổ Châu",)
AN_GIANG = (
    listed("911,Thành phố Phú Quốc", "91,Tỉnh Kiên Giang", *PHU_QUOC, *THO_CHAU),
    goes("911,Thành phố Phú Quốc", "31078 Đặc khu Phú Quốc", "91", *PHU_QUOC)
    + goes("911,Thành phố Phú Quốc", "31105 Đặc khu Thổ Châu", "91", *THO_CHAU),
    {"Đặc khu Phú Quốc": "31078", "Đặc khu Thổ Châu": "31105"},
)
LY_SON = f",,,536,Huyện Lý Sơn,51,Tỉnh Quảng Ngãi,{EVE}\n"
LY_SON_GOES = f",,536,Huyện Lý Sơn (536),51,21548,Đặc khu Lý Sơn,51,nhập toàn bộ,{DAY}\n"


@pytest.fixture
async def survey(office: Office) -> Survey:
    return Survey(office.client, office.ledger)


async def coverage(survey: Survey, day: str) -> tuple[int, int]:
    found = await survey.reads("/commune-coverage", as_of=day)
    return found["communes"], found["uncovered"]


async def units(survey: Survey, day: str, **filters: str) -> dict[str, dict[str, Any]]:
    page = await survey.reads("/units", as_of=day, limit=200, **filters)
    return {unit["name"]: unit for unit in page["items"]}


async def refused(survey: Survey, content: str) -> Any:
    """The findings on a file of which the first row is refused."""
    job = await survey.imports("territory", content, **ACT)
    assert job["refused"], job
    return job["findings"]


@pytest.mark.parametrize(("before", "table", "zones"), [QUANG_NINH, KHANH_HOA, AN_GIANG])
async def test_communes_go_into_special_zones_which_are_monitored_from_that_day(
    survey: Survey, before: str, table: str, zones: dict[str, str]
) -> None:
    communes = before.count("\n")
    assert await survey.takes(BEFORE + before) == (communes, 0, 0)
    assert await survey.takes(TABLE + table, **ACT) == (communes, 0, 0)
    assert await coverage(survey, EVE) == (communes, communes)
    assert await coverage(survey, DAY) == (len(zones), len(zones))
    found = await units(survey, DAY, kind="special_zone")
    assert {name: unit["code"] for name, unit in found.items()} == zones
    assert {unit["level"] for unit in found.values()} == {"base"}
    gaps = await survey.reads("/commune-coverage/gaps", as_of=DAY)
    merged = {name for name in zones if name != "Đặc khu Thổ Châu"}
    assert {gap["name"] for gap in gaps["items"] if gap["cause"] == "new_unit"} == merged
    assert await survey.takes(TABLE + table, **ACT) == (0, communes, 0)
    province = before.splitlines()[0].split(",")[5]
    after = AFTER + "".join(
        f"{code},{name},Đặc khu,{province},Tỉnh,{DAY}\n" for name, code in zones.items()
    )
    assert await survey.takes(after) == (0, len(zones), 0)


async def test_the_monitor_of_a_commune_goes_on_in_the_special_zone(survey: Survey) -> None:
    before, table, _ = QUANG_NINH
    await survey.takes(BEFORE + before)
    await survey.says("/units/establish", unit_id="btv", name="BTV", kind="standing_committee")
    await survey.says("/units/establish", unit_id="so", name="Sở", kind="department")
    post = {"unit_id": "so", "title": "Giám đốc", "kind": "director", "managed_by": "btv"}
    await survey.says("/posts/create", post_id="gd", heads_unit=True, **post)
    await survey.says("/officials/register", official_id="lan", full_name="Cán bộ")
    await survey.says("/posts/gd/appoint", official_id="lan")
    decided = {"on_behalf_of": "btv", "basis": BASIS, "effective_on": EVE}
    await survey.says("/communes/06994/assign-monitor", official_id="lan", post_id="gd", **decided)
    await survey.takes(TABLE + table, **ACT)
    assert await coverage(survey, EVE) == (5, 4)
    assert await coverage(survey, DAY) == (2, 1)


async def test_a_district_without_communes_becomes_a_special_zone(survey: Survey) -> None:
    assert await survey.takes(BEFORE + LY_SON) == (1, 0, 0)
    assert await survey.takes(BEFORE + LY_SON) == (0, 1, 0)
    assert await survey.takes(TABLE + LY_SON_GOES, **ACT) == (1, 0, 0)
    assert await survey.takes(TABLE + LY_SON_GOES, **ACT) == (0, 1, 0)
    assert (await coverage(survey, EVE), await coverage(survey, DAY)) == ((0, 0), (1, 1))
    assert set(await units(survey, EVE)) == {"Huyện Lý Sơn", "Tỉnh Quảng Ngãi"}
    after = await units(survey, DAY)
    assert set(after) == {"Đặc khu Lý Sơn", "Tỉnh Quảng Ngãi"}
    assert after["Đặc khu Lý Sơn"]["parent_id"] == after["Tỉnh Quảng Ngãi"]["unit_id"]
    listed_after = f"21548,Đặc khu Lý Sơn,Đặc khu,51,Tỉnh Quảng Ngãi,{DAY}\n"
    assert await survey.takes(AFTER + listed_after) == (0, 1, 0)


async def test_a_district_with_communes_does_not_go_as_one(survey: Survey) -> None:
    await survey.takes(BEFORE + QUANG_NINH[0])
    row = f",,203,Huyện Vân Đồn,22,06994,Đặc khu Vân Đồn,22,nhập toàn bộ,{DAY}\n"
    [told] = [one for one in await refused(survey, TABLE + row) if one["row"]]
    assert told["what"].startswith("Huyện Vân Đồn has communes on 2025-06-30")


async def test_a_row_that_names_neither_a_commune_nor_a_district_is_told(survey: Survey) -> None:
    await survey.takes(BEFORE + QUANG_NINH[0])
    told = await refused(survey, TABLE + f",,,,22,06994,Đặc khu A,22,nhập toàn bộ,{DAY}\n")
    assert {(one["row"], one["column"]) for one in told if one["row"]} == {
        (2, "Mã xã cũ"),
        (2, "Tên xã cũ"),
    }
    told = await refused(survey, BEFORE + f"06994,,,203,Huyện Vân Đồn,22,Tỉnh A,{EVE}\n")
    assert {one["column"] for one in told if one["row"]} == {"Tên xã", "Loại"}


async def test_a_special_zone_before_there_were_any_is_told_with_the_kinds_of_the_day(
    survey: Survey,
) -> None:
    row = f"06994,Đặc khu Vân Đồn,Đặc khu,203,Huyện Vân Đồn,22,Tỉnh Quảng Ninh,{EVE}\n"
    [told] = await refused(survey, BEFORE + row)
    assert told["what"] == "“Đặc khu” is no kind of units of the base level on 2025-06-30"
    assert told["mend"].startswith("write one of: xã, phường, thị trấn;")


async def test_a_name_is_of_a_kind_by_a_whole_word_with_its_tone(survey: Survey) -> None:
    await survey.takes(
        BEFORE + listed("872,Huyện Tháp Mười", "87,Tỉnh Đồng Tháp", "30043 Xã Hưng Thạnh")
    )
    for name in ("Phương Thịnh", "Xa Hưng Thạnh", "Phườngthịnh", "Xã"):
        row = goes("872,Huyện Tháp Mười", f"30043 {name}", "87", "30043 Xã Hưng Thạnh")
        told = await refused(survey, TABLE + row)
        assert f"“{name}” does not begin with a kind of units of 2025-07-01" in told[0]["what"]
    row = goes("872,Huyện Tháp Mười", "30043 P. Hưng Thạnh", "87", "30043 Xã Hưng Thạnh")
    assert await survey.takes(TABLE + row, **ACT) == (1, 0, 0)
    assert (await units(survey, DAY, level="base"))["P. Hưng Thạnh"]["kind"] == "ward"


async def test_a_kind_that_the_ledger_declared_is_taken_from_its_day_on(survey: Survey) -> None:
    declared = {"names": ["khu thương mại", "KTM."], "level": "base", "monitored": True}
    await survey.takes(BEFORE + QUANG_NINH[0])
    row = goes("203,Huyện Vân Đồn", "06997 KTM. Vân Đồn", "22", *VAN_DON[1:])
    await refused(survey, TABLE + row)
    path = "/unit-kinds/trade_zone/declare"
    await survey.says(path, **declared, effective_on=DAY, basis=BASIS)
    job = await survey.imports("territory", TABLE + row, **ACT)
    assert (job["imported"], job["refused"]) == (2, 0), job
    assert set(await units(survey, DAY, kind="trade_zone")) == {"KTM. Vân Đồn"}
    assert await coverage(survey, DAY) == (4, 4)
