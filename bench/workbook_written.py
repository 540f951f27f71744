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
        "rows": ROWS,
        "cut": "",
        "total": "Tổng cộng",
        "truth": (),
    }


def prepared(folder: Path) -> None:
    """Write what both are given: the table, and its rows."""
    columns = [column.written("vi") for column in columns_of(ALL_TASKS.item) if not column.names]
    row = {column["path"][0]: SAMPLES.get(column["kind"], True) for column in columns}
    (folder / "table").write_text(json.dumps(table(columns)), encoding="utf-8")
    piece = json.dumps({"rows": [row] * 500, "names": {}}, ensure_ascii=False)
    (folder / "pieces").write_text(f"{piece}\n" * (ROWS // 500), encoding="utf-8")


def formerly(folder: Path) -> None:
    """Write the workbook as the service did before it had a program for it."""
    columns: Sequence[Column] = json.loads((folder / "table").read_text("utf-8"))["columns"]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column["heading"] for column in columns])
    with (folder / "pieces").open(encoding="utf-8") as pieces:
        for piece in pieces:
            for row in json.loads(piece)["rows"]:
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


async def timed(*command: str | Path) -> Figures:
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *command)
    if await process.wait():
        raise RuntimeError("no workbook was written")
    return {PER_SECOND: ROWS / (perf_counter() - began)}


async def run(_url: str) -> list[Result]:
    """Throughput in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder)
        written = ("service.table_writer", folder / "table", folder / "pieces", folder / "new.xlsx")
        turns = await Rounds(
            {
                "workbook": lambda: timed(*written),
                FORMER: lambda: timed("bench.workbook_written", folder),
            }
        ).run()
    return [turns.ratio("workbook_vs_openpyxl", "workbook", FORMER, PER_SECOND, target=5)]


if __name__ == "__main__":
    formerly(Path(sys.argv[1]))
