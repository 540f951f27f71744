"""A workbook of 5,000 tasks: as the service writes it, and as it did with openpyxl, in turns.

The same rows, in the same columns; the process that writes is counted from its start to its end.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from bench.harness import Figures, Result, Rounds
from projections.tasks.task_lists import ALL_TASKS
from service.http.reads.columns import columns_of
from service.table_writer import Column, Table

ROWS = 5_000
PER_SECOND = "rows/s"
FORMER = "former"
SAMPLES: dict[str, Any] = {"text": "Lò đã dỡ ở xã Yên Sơn", "number": 12.5, "day": "2021-05-31"}


def table(columns: Sequence[Column]) -> Table:
    return {
        "form": "xlsx",
        "bom": False,
        "columns": columns,
        "cut": "",
        "total": "Tổng cộng",
        "truth": (),
    }


def prepared(folder: Path) -> None:
    """Write what both are given: the table, and its rows."""
    columns = [column.written("vi") for column in columns_of(ALL_TASKS.item) if not column.names]
    row = {column["path"][0]: SAMPLES.get(column["kind"], True) for column in columns}
    described = json.dumps(table(columns))
    page = json.dumps({"items": [row] * 500}, ensure_ascii=False)
    pages = ROWS // 500
    (folder / "table").write_text(described, encoding="utf-8")
    (folder / "pages").write_text(f"{page}\n" * pages, encoding="utf-8")
    orders = [described.encode(), *[page.encode()] * pages, b""]
    framed = b"".join(b"%d\n%b" % (len(order), order) for order in orders)
    (folder / "orders").write_bytes(framed)


def formerly(folder: Path) -> None:
    """Write the workbook as the service did before it had a program for it."""
    columns: Sequence[Column] = json.loads((folder / "table").read_text("utf-8"))["columns"]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column["heading"] for column in columns])
    with (folder / "pages").open(encoding="utf-8") as pages:
        for page in pages:
            for row in json.loads(page)["items"]:
                sheet.append([_cell(sheet, column, row) for column in columns])
    book.save(folder / "former.xlsx")


def _cell(sheet: Any, column: Column, row: dict[str, Any]) -> Any:  # noqa: ANN401  openpyxl's
    value = row[column["path"][0]]
    if column["kind"] == "day":
        return date.fromisoformat(value)
    if column["kind"] != "text":
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


async def timed(orders: Path, *command: str | Path) -> Figures:
    began = perf_counter()
    with orders.open("rb") as given:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *command), stdin=given, stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise RuntimeError("no workbook was written")
    return {PER_SECOND: ROWS / (perf_counter() - began)}


async def run(_url: str) -> list[Result]:
    """Throughput in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder)
        orders = folder / "orders"
        written = ("service.table_writer", folder / "new.xlsx")
        turns = await Rounds(
            {
                "workbook": lambda: timed(orders, *written),
                FORMER: lambda: timed(orders, "bench.workbook_written", folder),
            }
        ).run()
    return [turns.ratio("workbook_vs_openpyxl", "workbook", FORMER, PER_SECOND, target=5)]


if __name__ == "__main__":
    formerly(Path(sys.argv[1]))
