"""Cases from a file: the portfolio of a task is loaded, and loaded again as it changes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.service.imports.files import tasks, workbook
from tests.service.imports.office import XLSX, Office

HEADINGS = "Mã việc;Mã dự án;Tên dự án;Đơn vị phụ trách;Ngày xử lý;Ngày ghi nhận"
COUNTED_ON = date(2023, 7, 31)
PROJECTS, PROCESSED = 712, 419
ROWS = (
    "kilns;DA-1;Khu nhà ở;Sở TN&MT;15/03/2021;01/04/2021",
    "kilns;DA-2;Bãi đỗ xe;Quận Hà Đông;;01/04/2021",
    "kilns;DA-3;Chợ;;;01/04/2021",
)


async def test_the_cases_of_a_task_are_loaded_from_a_file(office: Office) -> None:
    await office.establish()
    job = await office.imports("tasks", tasks({}))
    assert (job["imported"], job["findings"]) == (1, []), job
    job = await office.imports("cases", "\n".join((HEADINGS, *ROWS)))
    assert (job["state"], job["findings"]) == ("done", []), job
    again = [HEADINGS, ROWS[0], "kilns;DA-2;Bãi đỗ xe;Quận Hà Đông;02/04/2021;05/04/2021"]
    job = await office.imports("cases", "\n".join(again))
    assert (job["imported"], job["unchanged"]) == (1, 1), job
    reply = await office.client.get(
        f"/v1/{office.ledger}/tasks/kilns/cases", params={"min_position": await office.head()}
    )
    found = reply.json()
    assert found["counts"] == {"cases": 3, "processed": 2, "left": 1, "percent": "66.67"}
    assert [(one["code"], one["processed_on"]) for one in found["items"]] == [
        ("DA-1", "2021-03-15"),
        ("DA-2", "2021-04-02"),
        ("DA-3", None),
    ]
    ahead = "kilns;DA-4;Trường học;;02/04/2021;01/04/2021"
    job = await office.imports("cases", f"{HEADINGS}\n{ahead}")
    assert (job["refused"], job["findings"][0]["row"]) == (1, 2)


def projects() -> Iterator[tuple[object, ...]]:
    """712 delayed projects of the city as it keeps them, with days as a spreadsheet has them."""
    yield ("TỔNG HỢP DỰ ÁN CHẬM TRIỂN KHAI",)
    yield ("STT", *HEADINGS.split(";")[:-1])
    for number in range(1, PROJECTS + 1):
        processed_on = COUNTED_ON - timedelta(number % 150) if number <= PROCESSED else None
        name = f"Dự án chậm triển khai số {number}"
        yield number, "kilns", f"DA-{number:03}", name, "Sở TN&MT", processed_on


async def test_a_portfolio_is_loaded_from_a_workbook_as_it_is_from_a_text(office: Office) -> None:
    await office.establish()
    await office.imports("tasks", tasks({}))
    whole = workbook(*projects())
    job = await office.imports("cases", whole, form=XLSX)
    assert (job["state"], job["imported"], job["findings"]) == ("done", PROJECTS, []), job
    reply = await office.client.get(
        f"/v1/{office.ledger}/tasks/kilns/cases",
        params={"min_position": await office.head(), "limit": 1},
    )
    counts = {"cases": PROJECTS, "processed": PROCESSED, "left": 293, "percent": "58.85"}
    assert reply.json()["counts"] == counts
    [first] = reply.json()["items"]
    assert (first["code"], first["processed_on"]) == ("DA-001", "2023-07-30")

    spoilt: list[list[Any]] = [
        HEADINGS.split(";"),
        ["kilns", "DA-1", "Khu nhà ở", "Quận Hà Đông", "31/02/2023", COUNTED_ON],
        ["kilns", None, "Bãi đỗ xe", None, None, COUNTED_ON],
        ["duong", "DA-3", "Chợ", None, None, COUNTED_ON],
        ["kilns", "DA-4", "Trường", None, COUNTED_ON + timedelta(1), COUNTED_ON],
        ["kilns", "DA-5", "=A1", None, None, COUNTED_ON],
    ]
    by_book = await office.imports("cases", workbook(*spoilt), form=XLSX)
    texts = [
        ";".join(f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell or "") for cell in row)
        for row in spoilt[:-1]
    ]
    by_text = await office.imports("cases", "\n".join(texts))

    assert (by_book["imported"], by_text["imported"]) == (0, 0), (by_book, by_text)
    assert by_book["findings"][:-1] == by_text["findings"]
    assert [one["row"] for one in by_book["findings"]] == [2, 3, 4, 5, 6], by_book
