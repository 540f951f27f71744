"""The official sources as they are: the statistics office's export, tables with their faults."""

import pytest

from tests.service.imports.office import Office
from tests.service.imports.territories import ACT, DAY, HEADINGS, LIST, Survey, row

GSO = """\
\ufeffMã,Tên,Tên Tiếng Anh,Cấp,Mã QH,Quận Huyện,Mã TP,Tỉnh / Thành Phố
04831,Thị trấn Đà Bắc,,Thị trấn,150,Huyện Đà Bắc,17,Tỉnh Hoà Bình
04834,Xã Nánh Nghê,,Xã,150,Huyện Đà Bắc,17,Tỉnh Hoà Bình
"""


@pytest.fixture
async def survey(office: Office) -> Survey:
    return Survey(office.client, office.ledger)


async def test_the_statistics_offices_export_is_taken_as_it_is_with_its_day_beside_it(
    survey: Survey,
) -> None:
    job = await survey.imports("territory", GSO)
    assert job["state"] == "failed"
    assert job["findings"][0]["column"] == "Có hiệu lực từ"
    assert await survey.takes(GSO, effective_on="2023-04-08") == (2, 0, 0)
    assert await survey.communes("2023-04-08") == {
        "04831": ("Thị trấn Đà Bắc", "150"),
        "04834": ("Xã Nánh Nghê", "150"),
    }
    assert await survey.communes("2023-04-07") == {}


async def test_a_kind_against_the_name_is_told_and_a_code_written_as_a_float_is_a_code(
    survey: Survey,
) -> None:
    faulty = GSO + (
        "04840,Phường Cao Sơn,,Xã,150,Huyện Đà Bắc,17,Tỉnh Hoà Bình\n"
        "4843.0,Xã Tu Lý,,Xã,150.0,Huyện Đà Bắc,17.0,Tỉnh Hoà Bình\n"
    )
    job = await survey.imports("territory", faulty, effective_on="2023-04-08")
    assert (job["imported"], job["refused"]) == (3, 1)
    assert [(f["row"], f["column"], f["what"]) for f in job["findings"]] == [
        (4, "Cấp", "the name Phường Cao Sơn says another kind than the column: commune"),
    ]
    assert (await survey.communes("2023-04-08"))["04843"] == ("Xã Tu Lý", "150")


async def test_a_name_without_its_kind_is_told_unless_a_column_says_it(survey: Survey) -> None:
    await survey.takes(LIST)
    await survey.new_province()
    short = HEADINGS + row("04834", "Xã Nánh Nghê", "04834", "Phương Thịnh")
    job = await survey.imports("territory", short, **ACT)
    assert (job["imported"], job["refused"]) == (0, 1)
    [told] = [f for f in job["findings"] if f["row"]]
    assert told["what"] == "“Phương Thịnh” does not begin with a kind of units of 2025-07-01"
    assert told["column"] == "new_name"
    head, line = short.splitlines()
    against = f"{head},Loại mới\n{line.replace('Phương', 'Phường')},Xã\n"
    job = await survey.imports("territory", against, **ACT)
    assert [f["column"] for f in job["findings"] if f["row"]] == ["Loại mới"]
    job = await survey.imports("territory", f"{head},Loại mới\n{line},Xã\n", **ACT)
    assert job["imported"] == 1
    assert (await survey.communes(DAY))["04834"] == ("Xã Phương Thịnh", "tinh-25")


async def test_codes_written_as_floats_are_codes_and_one_code_is_of_one_unit(
    survey: Survey,
) -> None:
    await survey.takes(LIST)
    await survey.new_province()
    table = (
        HEADINGS
        + row("4834.0", "Xã Nánh Nghê", "4834.0", "Xã Nánh Nghê")
        + row("04840", "Xã Cao Sơn", "04846", "Phường Cao Sơn")
        + row("04846", "Xã Yên Hòa", "04846", "Xã Cao Sơn")
    )
    job = await survey.imports("territory", table, **ACT)
    assert (job["imported"], job["refused"]) == (1, 2)
    told = [(f["row"], f["what"]) for f in job["findings"] if f["row"]]
    what = "the rows give the code 04846 to several units: Phường Cao Sơn (25), Xã Cao Sơn (25)"
    assert told == [(3, what), (4, what)]


async def test_a_code_on_two_days_is_one_unit_if_it_is_the_same_and_told_if_not(
    survey: Survey,
) -> None:
    later = [line.replace("2023-04-08", "2024-01-01") for line in LIST.splitlines()[1:]]
    later[3] = later[3].replace("Xã Tu Lý", "Xã Khác Hẳn")
    job = await survey.imports("territory", LIST + "\n".join(later))
    assert (job["imported"], job["unchanged"], job["refused"]) == (6, 5, 1)
    [told] = job["findings"]
    assert (told["row"], told["column"]) == (11, "unit_code")
    assert told["what"] == "row 5 gives this code to another unit on 2023-04-08"
    assert (await survey.communes("2023-04-08"))["04843"] == ("Xã Tu Lý", "150")


async def test_a_commune_under_two_codes_and_two_communes_with_one_code_are_told_by_row(
    survey: Survey,
) -> None:
    listed = LIST.replace("Xã Yên Hòa", "Xã Cao Sơn")
    again = "04843,Xã Yên Hòa,xa,150,Huyện Đà Bắc,17,Tỉnh Hoà Bình,2023-04-08,bảng\n"
    job = await survey.imports("territory", listed + again)
    assert (job["imported"], job["refused"]) == (6, 1)
    told = {(f["row"], f["column"]): f["what"] for f in job["findings"]}
    assert told.keys() == {(6, "unit_name"), (8, "unit_code")}
    assert told[6, "unit_name"] == (
        "row 4 lists Xã Cao Sơn of the same district under the code 04840: it may be one commune"
    )
