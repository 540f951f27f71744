"""Lists as files: whole, typed, under headings of the reader's language, and never a formula."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from service.http.reads import exporting
from service.http.reads.words import CUT
from service.language import Language
from service.spreadsheets import guarded
from service.table_writer import (
    CELL_UNITS,
    Column,
    Table,
    fitting,
    write_workbook,
)
from tests.service.http.lists import LISTS, UNPAGED, addressed, described_lists
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, POST, PROPOSAL, REPORT, Province

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = "=HYPERLINK(1)"
BY_COMMITTEE = {"on_behalf_of": COMMITTEE, "basis": DECISION}


class Archive:
    """A ledger's lists, read up to its last command."""

    def __init__(self, reader: Reader) -> None:
        self.client = reader.client
        self.path = f"/v1/{reader.ledger}"
        self.position = reader.position

    async def get(
        self, name: str, accept: str = "*/*", language: str = "en", **asked: str | int
    ) -> httpx.Response:
        reply = await self.client.get(
            f"{self.path}/{name}",
            params={"min_position": self.position, **asked},
            headers={"Accept": accept, "Accept-Language": language},
        )
        assert reply.status_code == 200, reply.text
        return reply


@pytest.fixture
async def archive(province: Province) -> Archive:
    """Three tasks; the third one's title would be a formula in a spreadsheet."""
    for number in (1, 2):
        await province.task_in_progress(f"kilns-{number}")
    reply = await province.does(
        "/tasks/commission",
        task_id="kilns-3",
        post_id=POST,
        proposal={**PROPOSAL, "title": FORMULA},
        on_behalf_of=COMMITTEE,
        basis=DECISION,
    )
    return Archive(Reader(province, reply["position"]))


@pytest.fixture
def lists(busy_ledger: Reader) -> Archive:
    """Every list, with rows in it."""
    return Archive(busy_ledger)


def cells(table: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.text)))


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_is_whole_in_every_form(
    lists: Archive, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE_ITEMS", 2)
    name, asked = addressed(path)[1:], LISTS[path]
    items = (await lists.get(name, **asked, limit=200)).json()["items"]
    lines = await lists.get(name, **asked, format="jsonl", limit=1)
    assert lines.headers["content-type"] == "application/jsonl"
    assert [json.loads(line) for line in lines.text.splitlines()] == items
    headings, *rows = cells(await lists.get(name, **asked, format="csv"))
    assert len(rows) == sum(len(item.get("points", [item])) for item in items)
    assert len(headings) == len(set(headings)) == len(rows[0])
    book = load_workbook(io.BytesIO((await lists.get(name, **asked, format="xlsx")).content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == headings
    below = list(sheet.iter_rows(min_row=len(rows) + 2, values_only=True))
    assert len(below) <= 1
    assert all(sums[0] == "Total" for sums in below)
    assert sheet.freeze_panes == "A2"
    book.close()


@pytest.mark.parametrize("path", LISTS)
async def test_every_column_has_a_vietnamese_heading_of_its_own(lists: Archive, path: str) -> None:
    name, asked = addressed(path)[1:], {**LISTS[path], "format": "csv"}
    english = cells(await lists.get(name, **asked))[0]
    vietnamese = cells(await lists.get(name, language="vi", **asked))[0]
    assert len(set(vietnamese)) == len(vietnamese) == len(english)
    for ours, theirs in zip(vietnamese, english, strict=True):
        parts = zip(ours.lower().split(": "), theirs.lower().split(": "), strict=True)
        assert all(one != other for one, other in parts), ours


def test_every_list_says_in_openapi_that_it_is_a_file_too(app: FastAPI) -> None:
    for path, operation in described_lists(app.openapi()).items():
        offered = set(operation["responses"]["200"]["content"])
        files = {"text/csv", XLSX, "application/jsonl"}
        assert offered == {"application/json"} | (set() if path in UNPAGED else files), path


async def test_a_trend_is_a_row_for_each_month_of_a_group(lists: Archive) -> None:
    asked = {"group_by": "official", "from_month": "2021-05", "to_month": "2021-06"}
    headings, *rows = cells(await lists.get("overdue-trend", **asked, format="csv"))
    assert headings[:5] == ["Group", "Group (name)", "Month", "On", "Open"]
    assert [row[2:5] for row in rows[:2]] == [
        ["2021-05", "2021-05-31", "0"],
        ["2021-06", "2021-06-30", "3"],
    ]


async def test_accept_asks_for_a_file_as_format_does(archive: Archive) -> None:
    by_name = {"csv": "text/csv", "xlsx": XLSX, "jsonl": "application/jsonl"}
    for form, media_type in by_name.items():
        asked = await archive.get("units", accept=f"{media_type}, application/json;q=0.5")
        assert asked.headers["content-type"].startswith(media_type)
        assert f'.{form}"' in asked.headers["content-disposition"]
    for accept in ("*/*", "text/csv;q=0.1, application/json", "text/html"):
        reply = await archive.get("units", accept=accept)
        assert reply.headers["content-type"] == "application/json"
    overridden = await archive.get("units", accept="text/csv", format="json")
    assert "items" in overridden.json()


async def test_headings_are_in_the_readers_language(archive: Archive) -> None:
    english = (await archive.get("units", format="csv")).text
    assert english.startswith("Position,Unit id,Name,")
    reply = await archive.get("units", language="vi", format="csv")
    assert reply.text.startswith("Số thứ tự sự kiện,Mã đơn vị,Tên,")
    assert reply.headers["content-language"] == "vi"


async def test_a_byte_order_mark_is_there_when_asked_for(archive: Archive) -> None:
    mark = "\ufeff".encode()
    assert not (await archive.get("units", format="csv")).content.startswith(mark)
    assert (await archive.get("units", format="csv", bom="true")).content.startswith(mark)


async def test_a_title_is_never_computed_by_a_spreadsheet(archive: Archive) -> None:
    table = csv.DictReader(io.StringIO((await archive.get("tasks", format="csv")).text))
    titles = {row["Task id"]: row["Title"] for row in table}
    assert titles["kilns-3"] == f"'{FORMULA}"
    book = load_workbook(io.BytesIO((await archive.get("tasks", format="xlsx")).content))
    cells = [cell for row in book.worksheets[0] for cell in row if cell.value == FORMULA]
    assert [cell.data_type for cell in cells] == ["s"]
    book.close()


async def test_days_and_numbers_of_a_workbook_are_days_and_numbers(archive: Archive) -> None:
    book = load_workbook(io.BytesIO((await archive.get("tasks", format="xlsx")).content))
    headings, first, *_ = book.worksheets[0].iter_rows(values_only=True)
    row = dict(zip(headings, first, strict=True))
    assert row["Assigned on"].isoformat() == "2021-01-04T00:00:00"  # type: ignore[union-attr]  # a day
    assert isinstance(row["Position"], float | int)
    assert row["Kinds"] == "backlog"
    book.close()


async def test_filters_and_the_day_hold_for_files_too(archive: Archive) -> None:
    none = await archive.get("tasks", format="jsonl", as_of="2020-01-01")
    assert none.text == ""
    some = await archive.get("tasks", format="jsonl", state="in_progress", sort="-task_id")
    found = [json.loads(line)["task_id"] for line in some.text.splitlines()]
    assert found == ["kilns-2", "kilns-1"]


async def test_a_file_that_is_refused_is_refused_before_it_begins(archive: Archive) -> None:
    for asked in ({"cursor": "bm9uZQ=="}, {"format": "pdf"}):
        reply = await archive.client.get(f"{archive.path}/tasks", params={"format": "csv", **asked})
        assert reply.status_code == 422
        assert reply.headers["content-type"] == "application/problem+json"


async def test_a_list_with_nothing_in_it_is_its_headings(province: Province) -> None:
    archive = Archive(Reader(province, 0))
    table = await archive.get("active-tasks", format="csv")
    assert len(list(csv.reader(io.StringIO(table.text)))) == 1
    book = load_workbook(io.BytesIO((await archive.get("active-tasks", format="xlsx")).content))
    assert book.worksheets[0].max_row == 1
    book.close()


async def test_a_text_too_long_for_a_cell_says_that_it_is_cut(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    narrative = "😀" * 20_000
    done = await province.does(
        f"/tasks/{task}/report-progress", **{**REPORT, "narrative": narrative}
    )
    archive = Archive(Reader(province, done["position"]))
    name = f"tasks/{task}/history"
    [first, *_] = csv.DictReader(io.StringIO((await archive.get(name, format="csv")).text))
    assert json.loads(first["Data"])["narrative"] == narrative
    columns: dict[Language, str] = {"en": "Data", "vi": "Dữ liệu"}
    for language, column in columns.items():
        reply = await archive.get(name, language=language, format="xlsx")
        book = load_workbook(io.BytesIO(reply.content))
        headings, row, *_ = book.worksheets[0].iter_rows(values_only=True)
        text = str(dict(zip(headings, row, strict=True))[column])
        assert text.endswith("😀" + CUT[language])
        assert CELL_UNITS - 2 < len(text.encode("utf-16-le")) // 2 <= CELL_UNITS
        book.close()


def test_a_text_that_just_fits_a_cell_is_not_cut() -> None:
    for text in ("a" * CELL_UNITS, "a" + "😀" * (CELL_UNITS // 2)):
        assert fitting(text, CUT["en"]) == text
        assert fitting(text + "a", CUT["en"]).endswith(CUT["en"])


async def test_names_stand_beside_ids_and_words_instead_of_states(archive: Archive) -> None:
    table = csv.DictReader(
        io.StringIO((await archive.get("tasks", "*/*", "vi", format="csv")).text)
    )
    row = {one["Mã việc"]: one for one in table}["kilns-1"]
    assert row["Trạng thái"] == "đang thực hiện"
    assert (row["Mã đơn vị"], row["Tên đơn vị"]) == ("yen-son", "Yên Sơn")
    assert row["Tên cán bộ"] == "Cán bộ 017"
    assert row["Đang thực hiện"] == "Có"


async def test_days_of_a_workbook_read_as_an_office_writes_them(archive: Archive) -> None:
    book = load_workbook(io.BytesIO((await archive.get("tasks", format="xlsx")).content))
    headings, first, *_ = book.worksheets[0].iter_rows()
    row = {heading.value: cell for heading, cell in zip(headings, first, strict=True)}
    assert row["Assigned on"].number_format == "dd/mm/yyyy"
    assert row["Task id"].number_format == "@"
    book.close()


async def test_sums_stand_below_where_they_say_something(archive: Archive) -> None:
    asked = {"group_by": "unit", "format": "xlsx"}
    book = load_workbook(io.BytesIO((await archive.get("task-states", **asked)).content))
    headings, *rows, total = book.worksheets[0].iter_rows(values_only=True)
    at = headings.index("Total")
    assert total[0] == "Total"
    assert total[at] == sum(row[at] for row in rows) == 2  # type: ignore[misc]  # numbers
    book.close()


async def test_a_file_is_of_one_position_however_slowly_it_is_read(
    archive: Archive, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE_ITEMS", 1)
    read_page = exporting.WholeList._read  # noqa: SLF001  between its pages
    moved: list[str] = []

    async def read(exported: Any, params: Any) -> Any:
        reply = await read_page(exported, params)
        if not moved:
            moved.append(await province.task_in_progress("kilns-0"))
            await province.does("/tasks/kilns-2/cancel", reason="…", **BY_COMMITTEE)
        return reply

    monkeypatch.setattr(exporting.WholeList, "_read", read)
    lines = (await archive.get("active-tasks", format="jsonl")).text.splitlines()
    assert [json.loads(line)["task_id"] for line in lines] == ["kilns-1", "kilns-2"]


@pytest.mark.parametrize(
    ("cell", "guard"),
    [
        ("=1+1", "'=1+1"),
        (" \u00a0=1+1", " \u00a0'=1+1"),
        ("\u200b@SUM(1)", "\u200b'@SUM(1)"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\u00ad\u2800=1+1", "\u00ad\u2800'=1+1"),
        ("\x00\x0b\u202e=1+1", "\x00\x0b\u202e'=1+1"),
        ("\ufe66SUM(1)", "'\ufe66SUM(1)"),
        ("\t=1+1", "\t'=1+1"),
        ("một \r=1+1", "một \r'=1+1"),
        ("một;=1+1", "một;'=1+1"),
        ("một,+1", "một,'+1"),
        ("một\n=1+1", "một\n'=1+1"),
        ('một;"=1+1', "một;\"'=1+1"),
        ("một = hai - 1", "một = hai - 1"),
        ("30-QĐ/TU", "30-QĐ/TU"),
    ],
)
def test_nothing_in_a_cell_is_computed(cell: str, guard: str) -> None:
    assert guarded(cell) == guard


def test_a_cell_of_blanks_alone_takes_no_time() -> None:
    blanks = " \t" * 200_000
    assert guarded(blanks) == blanks
    assert guarded(f"{blanks}=1+1") == f"{blanks}'=1+1"


def test_what_no_workbook_holds_does_not_break_it(tmp_path: Path) -> None:
    column: Column = {
        "heading": "Tên",
        "path": ["title"],
        "kind": "text",
        "words": {},
        "names": "",
        "total": False,
    }
    table: Table = {
        "form": "xlsx",
        "bom": False,
        "columns": [column],
        "cut": "",
        "total": "",
        "truth": (),
    }
    write_workbook(table, iter([["a\uffff\ufffe\x0bb\ud800"]]), 1, tmp_path / "list.xlsx")
    book = load_workbook(tmp_path / "list.xlsx")
    assert book.worksheets[0]["A2"].value == "a\ufffd\ufffd\ufffdb\ufffd"
    book.close()
