"""A workbook of 25,000 tasks read into rows: by our reader, and by openpyxl's as it was before.

Ours reads in a process of its own, whose start and whose reply count; and it keeps what the sheet
shows beside the values: formats, merged cells, formulas without a value, hidden rows.
"""

import io
from datetime import date
from time import perf_counter

from openpyxl import Workbook

from bench import openpyxl_reader
from bench.harness import Figures, Result, Rounds
from service.imports.file_kinds import LAYOUTS, FileKind
from service.imports.sheets import open_sheet

ROWS = 25_000
SECONDS = "s/workbook"
HEADINGS = (
    "STT",
    "Mã việc",
    "Cán bộ",
    "Chức danh",
    "Tên việc",
    "Mục tiêu",
    "Chỉ tiêu",
    "Lộ trình",
    "Loại việc",
    "Lĩnh vực",
    "Thời hạn giao",
    "Cơ quan quyết định",
    "Ngày đăng ký",
    "Số văn bản phê duyệt",
    "Ngày văn bản phê duyệt",
    "Cơ quan ban hành văn bản phê duyệt",
)
TASK = (
    "can-bo-017",
    "bi-thu-huyen-mau",
    "Chấm dứt lò gạch thủ công",
    "Không còn lò gạch thủ công",
    "Lò đã dỡ: 2.098 lò; Giải ngân: 90,3 %",
    "Vận động: 30/06/2021; Tháo dỡ: 31/12/2021",
    "Tồn tại; Khó",
    "Môi trường",
    2021,
    "Ban Thường vụ",
    date(2020, 12, 25),
    "30-QĐ/TU",
    "04/01/2021",
    "Tỉnh ủy",
)


def made() -> bytes:
    """The workbook, as openpyxl writes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for number in range(1, ROWS + 1):
        sheet.append((number, f"viec-{number}", *TASK))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def run(url: str) -> list[Result]:  # noqa: ARG001  every benchmark is given a database
    """Read the workbook in turns."""
    data = made()

    async def ours() -> Figures:
        began = perf_counter()
        sheet = await open_sheet(LAYOUTS[FileKind.TASKS], "xlsx", data)
        seconds = perf_counter() - began
        assert len(sheet.lines) == ROWS  # noqa: S101  else nothing is compared
        return {SECONDS: seconds}

    async def before() -> Figures:
        began = perf_counter()
        rows = list(openpyxl_reader.read(data))
        seconds = perf_counter() - began
        assert len(rows) == ROWS + 1  # noqa: S101  else nothing is compared
        return {SECONDS: seconds}

    rounds = await Rounds({"openpyxl": before, "own reader": ours}).run()
    return [
        rounds.ratio("workbook_read_vs_openpyxl", "openpyxl", "own reader", SECONDS, target=5),
    ]
