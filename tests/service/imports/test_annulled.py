"""Files sent again after what they had recorded was annulled."""

import pytest

from tests.service.imports.files import KILNS, OFFICIALS, POSTS, UNITS, tasks
from tests.service.imports.office import Office
from tests.service.imports.territories import LIST

ACT = {"number": "1-QĐ", "issued_on": "2016-01-01", "issuing_body": "UBND"}
WRONG = "Tên đơn vị;Loại;Trực thuộc;Có hiệu lực từ\nXã Sai;xã;huyen-ham-yen;01/01/2016\n"


async def annul(office: Office, *positions: int, **further: str) -> None:
    said = {"positions": positions, "reason": "Nhập sai", "basis": ACT, **further}
    annulled = await office.client.post(f"/v1/{office.ledger}/events/annul", json=said)
    assert annulled.is_success, annulled.text


async def test_a_mended_row_is_taken_once_what_it_had_recorded_is_annulled(office: Office) -> None:
    await office.imports("units", UNITS)
    assert (await office.imports("units", WRONG))["imported"] == 1
    mended = WRONG.replace("01/01/2016", "01/02/2016")
    job = await office.imports("units", mended)
    assert "annul it and send the row again" in job["findings"][0]["mend"]
    await annul(office, await office.head())
    for expected in ("imported", "unchanged"):
        assert (await office.imports("units", mended))[expected] == 1


@pytest.mark.parametrize(
    ("kind", "content", "mended"),
    [
        ("units", WRONG, WRONG.replace("Xã Sai", "XÃ SAI")),
        ("posts", POSTS, POSTS.replace("Bí thư Huyện ủy", "Bí thư")),
        ("officials", OFFICIALS, OFFICIALS.replace("01/07/2018", "02/07/2018")),
        ("tasks", tasks(KILNS), tasks({"Mục tiêu": "Không còn lò nào"})),
    ],
)
async def test_a_row_is_recorded_again_each_time_that_it_was_annulled(
    office: Office, kind: str, content: str, mended: str
) -> None:
    earlier = (("units", UNITS), ("posts", POSTS), ("officials", OFFICIALS))
    for each, rows in earlier[: ["units", "posts", "officials", "tasks"].index(kind) or 1]:
        assert (await office.imports(each, rows))["findings"] == []
    for rows in (content, content, mended, content):
        before = await office.head()
        assert (await office.imports(kind, rows))["imported"] == 1, rows
        assert (await office.imports(kind, rows))["unchanged"] == 1, rows
        last = await office.head()
        assert last > before
        body = {"on_behalf_of": "ban-thuong-vu"} if kind == "tasks" else {}
        await annul(office, *range(before + 1, last + 1), **body)


async def test_a_mended_row_of_each_kind_is_told_how_to_put_right_what_was_recorded(
    office: Office,
) -> None:
    await office.establish()
    await office.imports("tasks", tasks(KILNS))
    head = await office.head()
    mended = {
        "units": UNITS.replace("2015-01-01", "2016-01-01"),
        "posts": POSTS.replace("Bí thư Huyện ủy", "Bí thư"),
        "officials": OFFICIALS.replace("01/07/2018", "02/07/2018"),
        "tasks": tasks({"Mục tiêu": "Không còn lò nào"}),
    }
    for kind, content in mended.items():
        job = await office.imports(kind, content)
        assert job["refused"] == 1, (kind, job)
        assert "annul it and send the row again" in job["findings"][0]["mend"], (kind, job)
    assert await office.head() == head


async def test_a_territory_is_compared_with_what_still_counts(office: Office) -> None:
    assert (await office.imports("territory", LIST))["imported"] == 6
    await annul(office, await office.head())
    job = await office.imports("territory", LIST)
    assert (job["imported"], job["unchanged"]) == (1, 5)


async def test_a_name_that_was_annulled_is_nobodys(office: Office) -> None:
    await office.imports("units", UNITS)
    wrong = WRONG.replace("2016", "2015")
    await office.imports("units", wrong)
    await annul(office, await office.head())
    right = wrong.replace("Tên", "Mã;Tên").replace("Xã Sai", "dung;Xã Sai")
    await office.imports("units", right)
    posts = POSTS.replace("huyen-ham-yen", "Xã Sai")
    job = await office.imports("posts", posts)
    assert (job["imported"], job["findings"]) == (1, [])
