"""Lists as files: whole, typed, under headings of the reader's language, and never a formula."""

import csv
import io
import json
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from pydantic import BaseModel

from service.http.reads import exporting
from service.http.reads.completion_rates import GroupRates
from service.http.reads.directory import Post, Tenure, Unit
from service.http.reads.exporting import fields_of, heading
from service.http.reads.headings import VIETNAMESE
from service.http.reads.officials import Official
from service.http.reads.responsibilities import Span
from service.http.reads.tasks import TaskItem
from tests.service.province import COMMITTEE, DECISION, POST, PROPOSAL, Province

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = (
    "active-tasks",
    "tasks",
    "completion-rates",
    "tasks/kilns-1/responsibilities",
    "officials/official-017/responsibilities",
    "units",
    "posts",
    "officials",
    "tenures",
)
FORMULA = "=HYPERLINK(1)"


class Archive:
    """A ledger's lists, read up to its last command."""

    def __init__(self, province: Province, position: int) -> None:
        self.client = province.client
        self.path = f"/v1/{province.ledger}"
        self.position = position

    async def get(self, name: str, accept: str = "*/*", **asked: str | int) -> httpx.Response:
        reply = await self.client.get(
            f"{self.path}/{name}",
            params={"min_position": self.position, **asked},
            headers={"Accept": accept},
        )
        assert reply.status_code == 200, reply.text
        return reply

    async def items(self, name: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.get(name, limit=200)).json()["items"]
        return items


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
    return Archive(province, reply["position"])


@pytest.mark.parametrize("name", LISTS)
async def test_every_list_is_whole_in_every_form(
    archive: Archive, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE_ITEMS", 1)
    items = await archive.items(name)
    assert items
    lines = await archive.get(name, format="jsonl", limit=1)
    assert lines.headers["content-type"] == "application/jsonl"
    assert [json.loads(line) for line in lines.text.splitlines()] == items
    table = await archive.get(name, format="csv")
    headings, *rows = csv.reader(io.StringIO(table.text))
    assert len(rows) == len(items)
    assert len(headings) == len(set(headings)) == len(rows[0])
    book = load_workbook(io.BytesIO((await archive.get(name, format="xlsx")).content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == headings
    assert sheet.max_row == len(items) + 1
    book.close()


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
    archive.client.headers["Accept-Language"] = "vi"
    try:
        reply = await archive.get("units", format="csv")
    finally:
        archive.client.headers["Accept-Language"] = "en"
    assert reply.text.startswith("Số sự kiện,Mã đơn vị,Tên,")
    assert reply.headers["content-language"] == "vi"


@pytest.mark.parametrize("item", [TaskItem, GroupRates, Span, Unit, Post, Tenure, Official])
def test_every_column_has_a_vietnamese_heading_of_its_own(item: type[BaseModel]) -> None:
    fields = fields_of(item)
    assert {name for field in fields for name in field.path} <= VIETNAMESE.keys()
    assert len({heading(field, "vi") for field in fields}) == len(fields)


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
    assert isinstance(row["Position"], int)
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
    archive = Archive(province, 0)
    table = await archive.get("active-tasks", format="csv")
    assert len(list(csv.reader(io.StringIO(table.text)))) == 1
    book = load_workbook(io.BytesIO((await archive.get("active-tasks", format="xlsx")).content))
    assert book.worksheets[0].max_row == 1
    book.close()
