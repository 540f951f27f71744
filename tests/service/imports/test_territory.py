"""A territory's files: what they say is compared with the places of the day, and told of."""

from collections.abc import Iterable

import pytest

from tests.service.imports.files import workbook
from tests.service.imports.office import XLSX, Office
from tests.service.imports.territories import ACT, DAY, HEADINGS, LIST, PART, TABLE, Survey, row


@pytest.fixture
async def survey(office: Office) -> Survey:
    return Survey(office.client, office.ledger)


async def test_a_unit_list_establishes_the_province_its_districts_and_communes(
    survey: Survey,
) -> None:
    assert await survey.takes(LIST, dry_run="true") == (6, 0, 0)
    assert await survey.head() == 0
    assert await survey.takes(LIST) == (6, 0, 0)
    head = await survey.head()
    assert await survey.takes(LIST) == (0, 6, 0)
    assert await survey.head() == head
    found = await survey.communes("2023-04-08")
    assert len(found) == 6, "two communes are called Cao Sơn: names are no keys"
    assert found["04831"] == ("Thị trấn Đà Bắc", "150")
    district = (await survey.reads("/units/150"))["item"]
    assert (district["name"], district["kind"], district["parent_id"]) == (
        "Huyện Đà Bắc",
        "district",
        "17",
    )
    assert (await survey.reads("/units/17"))["item"]["name"] == "Tỉnh Hoà Bình"


async def test_a_workbook_under_vietnamese_headings_is_taken_although_excel_drops_the_zeros(
    survey: Survey,
) -> None:
    book = workbook(
        ("DANH MỤC ĐƠN VỊ HÀNH CHÍNH",),
        ("STT", "Mã xã", "Tên xã", "Loại", "Mã tỉnh", "Tên tỉnh", "Tính đến ngày"),
        (1, 4831, "Thị trấn Đà Bắc", "Thị trấn", 17, "Tỉnh Hoà Bình", "08/04/2023"),
    )
    assert await survey.takes(book, form=XLSX) == (1, 0, 0)
    assert await survey.communes("2023-04-08") == {"04831": ("Thị trấn Đà Bắc", "17")}


async def test_a_code_on_record_for_another_unit_is_a_finding(survey: Survey) -> None:
    await survey.takes(LIST)
    later = LIST.replace("2023-04-08", "2024-01-01")
    changed = later.replace("04843,Xã Tu Lý,xa", "04843,Phường Kỳ Sơn,phuong")
    lines = [line for line in changed.splitlines() if "04834" not in line]
    job = await survey.imports("territory", "\n".join([*lines, lines[-1]]))
    assert (job["imported"], job["unchanged"], job["refused"]) == (0, 4, 2)
    assert [(f["row"], f["column"], f["what"]) for f in job["findings"]] == [
        (0, None, "Xã Nánh Nghê (04834) is on record on 2024-01-01 and not in the list"),
        (
            4,
            "unit_name",
            (
                "the code 04843 is on record for Xã Tu Lý (commune, Huyện Đà Bắc), and the list "
                "gives it to Phường Kỳ Sơn (ward, Huyện Đà Bắc)"
            ),
        ),
        (7, "unit_code", "row 6 has this code, too"),
    ]
    address = f"/v1/{survey.ledger}/imports/{job['job']}"
    told = (await survey.client.get(address, headers={"Accept-Language": "vi"})).json()["findings"]
    assert told[1]["what"] == (
        "mã 04843 đang ghi cho Xã Tu Lý (xã, Huyện Đà Bắc), danh sách ghi cho Phường Kỳ Sơn "
        "(phường, Huyện Đà Bắc)"
    )


async def test_a_district_of_which_the_first_row_is_faulty_is_there_for_the_others(
    survey: Survey,
) -> None:
    await survey.takes(LIST)
    later = LIST.replace("2023-04-08", "2024-01-01")
    moved = later.replace(
        "04831,Thị trấn Đà Bắc,thi_tran,150", "04831,Thị trấn Đà Bắc,thi_tran,151"
    )
    new = "04999,Xã Mới,xa,151,Huyện Mới,17,Tỉnh Hoà Bình,2024-01-01,bảng\n"
    job = await survey.imports("territory", moved + new)
    assert (job["imported"], job["unchanged"], job["refused"]) == (1, 5, 1)
    assert [(f["row"], f["column"]) for f in job["findings"]] == [(2, "district_code")]
    assert (await survey.communes("2024-01-01"))["04999"] == ("Xã Mới", "151")


async def test_what_changed_later_does_not_make_an_old_table_faulty(survey: Survey) -> None:
    await survey.takes(LIST)
    await survey.new_province()
    await survey.imports("territory", TABLE, **ACT)
    act = {"number": "9/NQ", "issued_on": "2025-12-01", "issuing_body": "HĐND"}
    for unit_id in ("04840", "04831.20250701"):
        said = {"name": "Phường Đổi Tên", "effective_on": "2026-01-01", "basis": act}
        await survey.says(f"/units/{unit_id}/rename", **said)
    assert await survey.takes(TABLE, **ACT) == (0, 7, 0)


async def test_a_conversion_table_merges_splits_and_moves_and_a_second_run_changes_nothing(
    survey: Survey,
) -> None:
    await survey.takes(LIST)
    await survey.new_province()
    for run in ({"dry_run": "true"}, {}):
        job = await survey.imports("territory", TABLE, **ACT, **run)
        assert (job["imported"], job["unchanged"], job["refused"]) == (7, 0, 0), job
        assert [(f["row"], f["column"]) for f in job["findings"]] == [(7, "new_code")]
        assert "04891 was that of Xã Vầy Nưa" in job["findings"][0]["what"]
    head = await survey.head()
    assert await survey.takes(TABLE, **ACT) == (0, 7, 0)
    assert await survey.head() == head
    assert await survey.communes(DAY) == {
        "04831.20250701": ("Xã Đà Bắc", "tinh-25"),
        "04834": ("Xã Nánh Nghê", "tinh-25"),
        "04840": ("Phường Cao Sơn", "tinh-25"),
        "04891.20250701": ("Xã Tiền Phong", "tinh-25"),
    }
    assert len(await survey.communes("2025-06-30")) == 6
    lineage = (await survey.reads("/units/04891.20250701/lineage"))["item"]
    assert [(found["unit_id"], found["how"]) for found in lineage["predecessors"]] == [
        ("04846", "merged"),
        ("04891", "split"),
    ]
    assert lineage["predecessors"][0]["basis_number"] == ACT["document_number"]


async def test_faulty_rows_are_told_of_and_the_others_are_taken(survey: Survey) -> None:
    await survey.takes(LIST)
    await survey.new_province()
    faulty = (
        HEADINGS
        + row("04831", "Thị trấn Đà Bắc", "04831", "Xã Đà Bắc")
        + row("04834", "Xã Tu Lý", "04831", "Xã Đà Bắc")
        + row("04999", "Xã Lạ", "04831", "Xã Đà Bắc")
        + row("04834", "Xã Nánh Nghe", "04834", "Xã Nánh Nghê", PART)
        + row("04840", "Xã Cao Sơn", "04840", "Khu Cao Sơn")
        + row("04891", "Xã Vày Nua", "04891", "Xã Tiền Phong")
        + row("00688", "Phường Quang Trung", "00691", "Phường Hà Giang 2").replace(",17,", ",02,")
        + row("00689", "Phường Khác", "00691", "Phường Hà Giang 2").replace(",17,", ",02,")
    )
    job = await survey.imports("territory", faulty, **ACT)
    assert (job["imported"], job["unchanged"], job["refused"]) == (2, 2, 4), job
    found = {(f["row"], f["column"]): (f["what"], f["mend"]) for f in job["findings"]}
    assert found[3, "old_code"] == (
        "the code 04834 is that of Xã Nánh Nghê on 2025-06-30, not of Xã Tu Lý",
        "Xã Tu Lý stands under 04843",
    )
    assert found[4, "old_code"][0] == "no unit stands under the code 04999 on 2025-06-30"
    assert "only a part goes here" in found[5, "merge_note"][0]
    assert found[6, "new_name"][1] == "begin it with one of: Xã, Phường, Thị trấn, Đặc khu"
    assert "2 rows are of provinces" in found[8, "old_province_code"][0]
    left_out = [what for (at, _), (what, _) in found.items() if at == 0]
    missing = [f["what"] for f in job["findings"] if f["row"] == 0]
    assert [what.partition(" exists")[0] for what in missing] == [
        "Xã Tu Lý (04843)",
        "Xã Yên Hòa (04846)",
    ], left_out
    mended = HEADINGS + row("04843", "Xã Tu Lý", "04831", "Xã Đà Bắc")
    again = faulty.replace(row("04834", "Xã Tu Lý", "04831", "Xã Đà Bắc"), mended[len(HEADINGS) :])
    job = await survey.imports("territory", again, **ACT)
    assert (job["imported"], job["unchanged"], job["refused"]) == (1, 4, 3)
    lineage = (await survey.reads("/units/04831.20250701/lineage"))["item"]
    assert [p["unit_id"] for p in lineage["predecessors"]] == ["04831", "04843"]


async def test_without_the_new_province_or_the_act_nothing_is_taken_and_it_is_said_why(
    survey: Survey,
) -> None:
    await survey.takes(LIST)
    job = await survey.imports("territory", TABLE, **ACT)
    assert (job["imported"], job["refused"], job["findings_total"]) == (0, 7, 1)
    assert "under the code 25 on 2025-07-01: 7 rows" in job["findings"][0]["what"]
    await survey.new_province()
    job = await survey.imports("territory", TABLE)
    assert (job["imported"], job["refused"]) == (0, 7)
    assert {f["what"] for f in job["findings"]} == {
        "The decision must cite its document: give `basis`."
    }


async def monitored_by_one_each(survey: Survey, communes: Iterable[str]) -> None:
    """Each of the communes has a monitor of its own, before the mergers."""
    await survey.takes(LIST)
    await survey.new_province()
    await survey.says("/units/establish", unit_id="btv", name="BTV", kind="standing_committee")
    for commune in communes:
        named = {"unit_id": f"so-{commune}", "name": "Sở", "kind": "department"}
        await survey.says("/units/establish", **named)
        post = {"post_id": f"gd-{commune}", "unit_id": f"so-{commune}", "kind": "director"}
        await survey.says("/posts/create", **post, title="GĐ", managed_by="btv", heads_unit=True)
        who = {"official_id": f"cb-{commune}"}
        await survey.says("/officials/register", **who, full_name="Cán bộ")
        await survey.says(f"/posts/gd-{commune}/appoint", **who)
        decision = {"number": "1-QĐ/TU", "issued_on": "2024-01-01", "issuing_body": "BTV"}
        cited = {"on_behalf_of": "btv", "basis": decision, "post_id": f"gd-{commune}"}
        await survey.says(f"/communes/{commune}/assign-monitor", **who, **cited)


async def became_of_monitors(survey: Survey, communes: Iterable[str]) -> tuple[list[str], set[str]]:
    """The communes whose monitor was released, and those whose monitor goes on elsewhere."""
    released: list[str] = []
    followed: set[str] = set()
    for commune in (*communes, "04831.20250701", "04891.20250701"):
        for item in (await survey.reads(f"/units/{commune}/history", limit=200))["items"]:
            if item["type"] == "monitoring.monitor_released":
                released.append(commune)
            if item["type"] == "monitoring.monitor_assigned" and item["data"]["follows"]:
                followed.add(item["data"]["follows"])
    return released, followed


@pytest.mark.parametrize(
    ("monitored", "going_on"),
    [
        (("04831", "04834"), {"04831"}),
        (("04831", "04843"), set()),
        (("04831", "04891"), set()),
    ],
)
async def test_a_monitor_goes_on_where_one_predecessor_alone_has_one_and_else_is_released(
    survey: Survey, monitored: tuple[str, ...], going_on: set[str]
) -> None:
    await monitored_by_one_each(survey, monitored)
    job = await survey.imports("territory", TABLE, **ACT)
    assert (job["imported"], job["refused"]) == (7, 0), job
    released, followed = await became_of_monitors(survey, monitored)
    assert released == [commune for commune in monitored if commune != "04834"]
    assert followed == going_on


def marking(*rows: str) -> str:
    """The table with a column that marks the rows whose text begins so."""
    head, *lines = TABLE.splitlines()
    marks = [("x" if line.startswith(rows) else "") for line in lines]
    told = [f"{line},{mark}" for line, mark in zip(lines, marks, strict=True)]
    return "\n".join([f"{head},Cán bộ theo dõi tiếp tục", *told])


async def test_of_several_monitors_the_one_marked_goes_on_also_from_a_unit_that_is_split(
    survey: Survey,
) -> None:
    monitored = ("04831", "04843", "04891")
    await monitored_by_one_each(survey, monitored)
    marked = marking("04843", "04891,Xã Vầy Nưa,150,Huyện Đà Bắc (150),17,04891")
    job = await survey.imports("territory", marked, **ACT)
    assert (job["imported"], job["refused"]) == (7, 0), job
    released, followed = await became_of_monitors(survey, monitored)
    assert released == list(monitored)
    assert followed == {"04843", "04891"}


async def test_two_monitors_marked_for_one_successor_are_refused_and_the_rest_is_taken(
    survey: Survey,
) -> None:
    monitored = ("04831", "04843")
    await monitored_by_one_each(survey, monitored)
    job = await survey.imports("territory", marking(*monitored), **ACT)
    assert [found["row"] for found in job["findings"] if "several rows" in found["what"]] == [2, 3]
    assert job["refused"] == 2
    assert await became_of_monitors(survey, monitored) == ([], set())
