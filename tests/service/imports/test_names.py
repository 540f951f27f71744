"""Names are not keys: what could mean two is told, and an id made from text never joins two."""

import httpx
import pytest

from tests.service.imports.files import UNITS, tasks
from tests.service.imports.office import Office

TONES = """\
Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã số;Có hiệu lực từ
btv;Ban Thường vụ;ban thường vụ;;01/01/2021
;Xã Tân Thành;xã;02401;01/01/2021
;Xã Tân Thanh;xã;02590;01/01/2021
"""
MENDED = """\
Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã số;Có hiệu lực từ
xa-tan-thanh-son-duong;Xã Tân Thanh;xã;02590;01/01/2021
"""


def posts(*units: str) -> str:
    head = "Mã chức danh;Đơn vị;Chức danh;Loại chức danh;Cơ quan quản lý;Có hiệu lực từ\n"
    return head + "".join(
        f"bt-{number};{unit};Bí thư Đảng ủy;commune party secretary;btv;01/01/2021\n"
        for number, unit in enumerate(units)
    )


async def reads(office: Office, path: str) -> dict[str, object]:
    reply: httpx.Response = await office.client.get(
        f"/v1/{office.ledger}{path}", params={"min_position": await office.head()}
    )
    assert reply.status_code == 200, reply.text
    item: dict[str, object] = reply.json()["item"]
    return item


async def test_two_units_whose_names_differ_by_the_tone_are_two_and_never_taken_for_one_another(
    office: Office,
) -> None:
    job = await office.imports("units", TONES)
    assert (job["imported"], job["refused"]) == (2, 1)
    assert job["findings"][0]["what"] == (
        "the id made from “Xã Tân Thanh”, xa-tan-thanh, is that of “Xã Tân Thành”"
    )
    job = await office.imports("posts", posts("Xã Tân Thanh"))
    assert (job["refused"], job["findings"][0]["column"]) == (1, "Đơn vị")
    assert "Xã Tân Thành (xa-tan-thanh) differs by its marks only" in job["findings"][0]["what"]
    assert (await office.imports("units", MENDED))["imported"] == 1
    job = await office.imports(
        "posts", posts("Xã Tân Thanh", "xã Tân Thành", "Xa Tan Thanh", "Ban Thuong vu")
    )
    assert (job["imported"], job["refused"]) == (3, 1)
    assert [(f["row"], f["what"].partition(" (")[0]) for f in job["findings"]] == [
        (2, "“Xã Tân Thanh” is taken for Xã Tân Thanh"),
        (3, "“xã Tân Thành” is taken for Xã Tân Thành"),
        (4, "“Xa Tan Thanh” could mean several: Xã Tân Thành"),
    ]
    found = [(await reads(office, f"/posts/bt-{n}"))["unit_id"] for n in (0, 1, 3)]
    assert found == ["xa-tan-thanh-son-duong", "xa-tan-thanh", "btv"]


async def test_of_two_units_of_one_name_neither_is_taken(office: Office) -> None:
    await office.imports("units", TONES)
    again = MENDED.replace("son-duong", "2").replace("Tân Thanh", "Tân Thành")
    assert (await office.imports("units", again))["imported"] == 1
    job = await office.imports("posts", posts("Xã Tân Thành"))
    assert job["refused"] == 1
    assert job["findings"][0]["what"] == (
        "“Xã Tân Thành” could mean several: Xã Tân Thành (xa-tan-thanh), "
        "Xã Tân Thành (xa-tan-thanh-2)"
    )


async def test_titles_that_differ_by_marks_are_two_tasks_on_every_run(office: Office) -> None:
    await office.establish()
    both = tasks({"Mã việc": ""}, {"Mã việc": "", "Tên việc": "Chấm dứt lo gạch thủ công"})
    for expected in ("imported", "unchanged"):
        job = await office.imports("tasks", both)
        assert (job[expected], job["findings"]) == (2, [])
    reply = await office.client.get(
        f"/v1/{office.ledger}/active-tasks", params={"min_position": await office.head()}
    )
    assert {item["title"] for item in reply.json()["items"]} == {
        "Chấm dứt lò gạch thủ công",
        "Chấm dứt lo gạch thủ công",
    }


async def test_an_official_known_already_takes_further_posts_row_by_row(office: Office) -> None:
    await office.imports("units", UNITS)
    head = "post_id,unit,title,kind,managed_by,effective_on\n"
    made = "".join(
        f"{post},huyen-ham-yen,{post},head,ban-thuong-vu,01/01/2015\n" for post in ("a", "b", "c")
    )
    assert (await office.imports("posts", head + made))["imported"] == 3
    said = {"official_id": "cb-1", "full_name": "Cán bộ 1", "effective_on": "2016-01-01"}
    registered = await office.client.post(f"/v1/{office.ledger}/officials/register", json=said)
    assert registered.is_success, registered.text
    rows = "Mã cán bộ;Họ và tên;Mã chức danh;Giữ chức vụ từ\n" + "".join(
        f"{who};Cán bộ 1;{post};01/07/2018\n"
        for who, post in (("cb-1", "a"), ("cb-1", "b"), ("cb-2", "c"))
    )
    for expected in ("imported", "unchanged"):
        job = await office.imports("officials", rows)
        assert (job[expected], job["findings"]) == (3, [])
    other = rows.replace("cb-1;Cán bộ 1;b", "cb-1;Cán bộ Một;b").replace("cb-2", "cb-1")
    job = await office.imports("officials", other)
    assert [found["row"] for found in job["findings"]] == [3, 4]


async def test_a_party_cell_is_a_unit_that_a_row_can_say(office: Office) -> None:
    assert (
        await office.imports("units", UNITS + "3;Chi bộ thôn 1;chi bộ;Huyện Hàm Yên;01/01/2015\n")
    )["imported"] == 3
    assert (await reads(office, "/units/chi-bo-thon-1"))["kind"] == "party_cell"


@pytest.mark.parametrize(
    "name", ["Ban Thuong vu", "ban thường vụ", "BAN THƯỜNG VỤ", "Ban Thường Vụ"]
)
async def test_a_name_is_known_in_any_case_and_without_its_marks(office: Office, name: str) -> None:
    await office.establish()
    job = await office.imports("tasks", tasks({"Cơ quan quyết định": name}))
    assert (job["imported"], job["findings"]) == (1, [])


async def test_an_id_made_from_a_text_never_joins_two_in_files_apart(office: Office) -> None:
    await office.establish()
    first, second = {"Mã việc": "a", "Lĩnh vực": "Thủy sản"}, {"Mã việc": "b"}
    assert (await office.imports("tasks", tasks(first), dry_run="true"))["imported"] == 1
    for written, refused in (("Thủy sẵn", 0), ("Thủy sẵn", 0), ("Thủy sản", 1), ("thuy san", 0)):
        job = await office.imports("tasks", tasks({**second, "Lĩnh vực": written}))
        assert job["refused"] == refused, (written, job)
    told = await office.imports("tasks", tasks(first))
    assert [found["what"] for found in told["findings"]] == [
        "“Thủy sản” would be thuy_san, which stands for “Thủy sẵn”"
    ]
