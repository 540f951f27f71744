"""Files over HTTP: every row through the commands, once for ever, and what is wrong is reported."""

import csv
import io
from datetime import date

import pytest

from service.access.roles import Role
from service.components import Service
from tests.service.conftest import ClientOf
from tests.service.imports.files import (
    KILNS,
    OFFICIALS,
    POSTS,
    TASK_HEADINGS,
    UNITS,
    tasks,
    workbook,
)
from tests.service.imports.office import XLSX, Office


async def test_a_task_is_registered_approved_and_assigned_by_its_row(office: Office) -> None:
    await office.establish()
    job = await office.imports("tasks", tasks({}), file="việc.csv")
    assert (job["state"], job["imported"], job["findings"]) == ("done", 1, [])
    params = {"min_position": await office.head()}
    reply = await office.client.get(f"/v1/{office.ledger}/tasks/kilns", params=params)
    task = reply.json()["item"]
    assert (task["state"], task["official_id"]) == ("in_progress", "official-017")
    assert (task["assigned_on"], task["term_label"]) == ("2021-01-05", "2021-2025")
    assert (task["kinds"], task["field"]) == (["backlog", "hard"], "moi_truong")
    measured = [(found["target"], found["measure"]) for found in task["indicators"]]
    assert [(float(target), measure) for target, measure in measured] == [(2098, "lò"), (90.3, "%")]
    assert [step["due_on"] for step in task["roadmap"]] == ["2021-06-30", "2021-12-31"]


async def test_fields_that_differ_by_marks_are_not_joined(office: Office) -> None:
    await office.establish()
    rows = [
        {},
        {"Mã việc": "bell", "Lĩnh vực": "Mới trưởng"},
        {"Mã việc": "like", "Lĩnh vực": "MÔI  TRƯỜNG"},
        {"Mã việc": "bare", "Lĩnh vực": "moi_truong"},
    ]
    job = await office.imports("tasks", tasks(*rows))
    assert (job["imported"], job["refused"]) == (3, 1)
    [finding] = job["findings"]
    assert (finding["row"], finding["column"]) == (3, "Lĩnh vực")
    assert "Môi trường" in finding["what"]


async def test_a_second_run_doubles_nothing(office: Office) -> None:
    await office.establish()
    await office.imports("tasks", tasks({}, {"Mã việc": "land"}))
    head = await office.head()
    for kind, content, rows in (
        ("units", UNITS, 2),
        ("posts", POSTS, 1),
        ("officials", OFFICIALS, 1),
        ("tasks", tasks({}, {"Mã việc": "land"}), 2),
    ):
        job = await office.imports(kind, content)
        assert (job["imported"], job["unchanged"], job["refused"]) == (0, rows, 0)
    assert await office.head() == head


async def test_another_callers_second_run_doubles_nothing_either(
    office: Office, client_of: ClientOf
) -> None:
    await office.establish()
    head = await office.head()
    other = Office(await client_of(Role.AUTHORITY), office.ledger)
    job = await other.imports("units", UNITS)
    assert (job["unchanged"], await office.head()) == (2, head)


async def test_a_dry_run_decides_on_every_row_and_records_nothing(office: Office) -> None:
    faulty = UNITS + "3;Xã Lạ;xã;huyen-khong-co;01/01/2015\n"
    job = await office.imports("units", faulty, dry_run="true")
    assert (job["dry_run"], job["imported"], job["refused"]) == (True, 2, 1)
    assert [(found["row"], found["column"]) for found in job["findings"]] == [(5, "Trực thuộc")]
    assert await office.head() == 0
    officials = await office.imports("officials", "Mã;Họ tên\na-1;Cán bộ 1\n", dry_run="true")
    assert (officials["imported"], await office.head()) == (1, 0)


async def test_a_mended_file_records_only_what_was_refused(office: Office) -> None:
    await office.establish()
    wrong = tasks({}, {"Mã việc": "land", "Cán bộ": "official-099"})
    job = await office.imports("tasks", wrong)
    assert (job["imported"], job["refused"]) == (1, 1)
    job = await office.imports("tasks", tasks({}, {"Mã việc": "land"}))
    assert (job["imported"], job["unchanged"], job["refused"]) == (1, 1, 0)


async def test_a_row_recorded_before_is_not_changed_by_other_contents(office: Office) -> None:
    await office.establish()
    head = await office.head()
    job = await office.imports("units", UNITS.replace("Huyện Hàm Yên;", "huyen-ham-yen;"))
    assert (job["refused"], await office.head()) == (1, head)
    assert "imported before, with other contents" in job["findings"][0]["what"]


@pytest.mark.parametrize(
    ("change", "column", "what"),
    [
        ({"Chỉ tiêu": "Lò đã dỡ: 90.3 %"}, "Chỉ tiêu", "“90.3” is not a number"),
        ({"Chỉ tiêu": "Dỡ hết lò"}, "Chỉ tiêu", "is not a target"),
        ({"Lộ trình": "Vận động: 31/02/2021"}, "Lộ trình", "is not a day that exists"),
        ({"Lộ trình": "Vận động"}, "Lộ trình", "is not a step"),
        ({"Thời hạn giao": "sớm"}, "Thời hạn giao", "is not a term"),
        ({"Thời hạn giao": "1970"}, "Thời hạn giao", "is not a term"),
        ({"Tên việc": ""}, "Tên việc", "it is missing"),
        ({"Tên việc": "a" * 301}, "Tên việc", "at most 300 characters"),
        ({"Hình thức": "tự nguyện"}, "Hình thức", "is not known here"),
        ({"Cán bộ": ""}, "Cán bộ", "required"),
        ({"Cán bộ": "official-099"}, "Cán bộ", "official-099"),
        ({"Chức danh": "no-such-post"}, "Chức danh", "no post no-such-post"),
        ({"Cơ quan quyết định": "huyen-ham-yen"}, "Cơ quan quyết định", "Only ban-thuong-vu"),
        ({"Cơ quan quyết định": ""}, None, "on_behalf_of"),
        ({"Ngày đăng ký": "05/01/2021"}, "Ngày văn bản phê duyệt", "nothing counts from"),
        (
            {"Ngày văn bản giao việc": "04/01/2121"},
            "Ngày văn bản giao việc",
            "the latest day possible here",
        ),
        ({"Số văn bản phê duyệt": ""}, "Số văn bản phê duyệt", "required"),
        (
            dict.fromkeys((name for name in KILNS if name.endswith("phê duyệt")), ""),
            None,
            "was not approved",
        ),
    ],
)
async def test_what_is_wrong_with_a_row_is_told_by_its_column(
    office: Office, change: dict[str, str], column: str | None, what: str
) -> None:
    await office.establish()
    job = await office.imports("tasks", tasks(change))
    assert (job["state"], job["refused"]) == ("done", 1)
    [found] = job["findings"]
    assert (found["row"], found["column"]) == (2, column), found
    assert what in found["what"]
    assert found["mend"]


async def test_who_registers_a_task_does_not_approve_it(office: Office) -> None:
    await office.establish()
    alone = Office(office.client, office.ledger)
    [found] = (await alone.imports("tasks", tasks({})))["findings"]
    assert "whoever registers a task may not approve it" in found["mend"]
    twice = Office(office.client, office.ledger, office.client)
    [found] = (await twice.imports("tasks", tasks({})))["findings"]
    assert "may not decide on it" in found["what"]


async def test_a_commissioned_task_needs_one_caller_only(office: Office) -> None:
    await office.establish()
    alone = Office(office.client, office.ledger)
    job = await alone.imports("tasks", tasks({"Hình thức": "Đặt hàng"}))
    assert (job["imported"], job["findings"]) == (1, [])


async def test_a_workbook_is_taken_like_a_csv(office: Office) -> None:
    await office.establish()
    kilns = {**KILNS, "Thời hạn giao": 2021, "Ngày đăng ký": date(2020, 12, 25)}
    content = workbook(TASK_HEADINGS, [kilns.get(name) for name in TASK_HEADINGS], [], [None])
    job = await office.imports("tasks", content, form=XLSX)
    assert (job["imported"], job["rows_total"], job["findings"]) == (1, 1, [])


@pytest.mark.parametrize(
    ("content", "form", "what"),
    [
        ("Tên đơn vị;Loại\n".encode("utf-16"), "text/csv", "UTF-16"),
        (b"Ten;Loai\nx;y\nT\xe2n;huy\xean\n", "text/csv", "not UTF-8"),
        ("Tên đơn vị;Loại;Địa chỉ\nA;xã;B\n", "text/csv", "no such column"),
        ("Tên đơn vị;Loại;Name\nA;xã;B\n", "text/csv", "says the same"),
        ("Tên đơn vị;Mã\nA;a\n", "text/csv", "it is missing"),
        ("chào\n", "text/csv", "no row of headings"),
        ('Tên đơn vị;Loại\n"A;xã\n', "text/csv", "cannot be split"),
        (b"PK\x03\x04 nothing", XLSX, "not a workbook"),
        (b"\xd0\xcf\x11\xe0 old", XLSX, "Excel 97"),
        (b"<html><table>", "application/vnd.ms-excel", "web page"),
        (b"Ma;Ten\n", XLSX, "sent as a workbook"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(
    office: Office, content: str | bytes, form: str, what: str
) -> None:
    job = await office.imports("units", content, form=form)
    assert job["state"] == "failed"
    assert what in job["findings"][0]["what"]
    assert await office.head() == 0


async def test_a_cell_that_no_database_holds_is_told_of_like_any_other(office: Office) -> None:
    job = await office.imports("units", f"Tên đơn vị;Loại\nA\0;xã\nB;\0\nC;{'x' * 5000}\n")
    assert (job["state"], job["refused"]) == ("done", 3)
    assert [found["row"] for found in job["findings"]] == [2, 3, 4]
    assert max(len(found["what"]) for found in job["findings"]) == 1000


async def test_the_report_is_csv_too_and_computes_nothing_in_a_spreadsheet(office: Office) -> None:
    job = await office.imports("units", "Tên đơn vị;Loại\n=1+1;lạ\n", file="=danh sách.csv")
    reply = await office.client.get(
        f"/v1/{office.ledger}/imports/{job['job']}",
        params={"format": "csv"},
        headers={"Accept-Language": "vi"},
    )
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == f'attachment; filename="import-{job["job"]}.csv"'
    headings, row = csv.reader(io.StringIO(reply.text))
    assert headings == ["Tệp", "Hàng", "Cột", "Lỗi", "Cách sửa"]
    assert row[:4] == ["'=danh sách.csv", "2", "Loại", "“lạ” không thuộc danh mục"]


async def test_what_is_no_file_is_refused_at_once(office: Office, client_of: ClientOf) -> None:
    registry = await client_of(Role.AUTHORITY, units=["a-district"])
    cases = {
        415: await office.sends("units", "{}", form="application/json"),
        422: await office.sends("villages", "a"),
        401: await Office(await client_of(None), office.ledger).sends("units", UNITS),
        403: await Office(registry, office.ledger).sends("units", UNITS),
        404: await Office(office.client, "no-such-ledger").sends("units", UNITS),
    }
    assert [reply.status_code for reply in cases.values()] == list(cases)
    empty = await office.sends("units", "")
    assert (empty.status_code, empty.json()["type"]) == (422, "/problems/file-missing")
    forged = Office(office.client, office.ledger)
    forged.approval = {"Approver-Authorization": "Bearer gv_forged"}
    reply = await forged.sends("tasks", tasks({}))
    assert reply.json()["type"] == "/problems/approver-not-authenticated"


async def test_jobs_are_seen_by_those_who_decide_and_by_nobody_else(
    office: Office, client_of: ClientOf
) -> None:
    job = await office.imports("units", UNITS)
    official = await client_of(Role.OFFICIAL, official_id="official-017")
    for address in (f"/v1/{office.ledger}/imports", f"/v1/{office.ledger}/imports/{job['job']}"):
        assert (await official.get(address)).status_code == 403
        assert (await office.client.get(address)).status_code == 200
    unknown = f"/v1/{office.ledger}/imports/019a0000-0000-7000-8000-000000000000"
    assert (await office.client.get(unknown)).json()["type"] == "/problems/import-unknown"


async def test_the_file_is_forgotten_once_its_job_is_over(office: Office, service: Service) -> None:
    job = await office.imports("units", UNITS)
    content = await service.pool.fetchval(
        "SELECT content FROM jobs.imports WHERE job = $1::uuid", job["job"]
    )
    assert content is None
