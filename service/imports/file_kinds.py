"""File kinds: the files that can be imported, in the order in which they build on one another."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from domain.kernel import Command
from domain.organisation.units import EstablishUnit
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.work.cases import RecordCase
from service.imports.cases import CASES
from service.imports.layout import Layout, RowLayout
from service.imports.organisation import OFFICIALS, POSTS, UNITS
from service.imports.row_importer import OnResults, RowImporter
from service.imports.sheets import Sheet
from service.imports.tasks import TASKS
from service.imports.territory.importer import import_territory
from service.imports.territory.layouts import CONVERSION, UNIT_LIST


class FileKind(StrEnum):
    """What a file lists."""

    UNITS = "units"
    POSTS = "posts"
    OFFICIALS = "officials"
    TASKS = "tasks"
    CASES = "cases"
    TERRITORY = "territory"


# A file of the kind has one of these layouts: the one that its headings fit.
LAYOUTS: Mapping[FileKind, tuple[Layout, ...]] = {
    FileKind.UNITS: (UNITS,),
    FileKind.POSTS: (POSTS,),
    FileKind.OFFICIALS: (OFFICIALS,),
    FileKind.TASKS: (TASKS,),
    FileKind.CASES: (CASES,),
    FileKind.TERRITORY: (UNIT_LIST, CONVERSION),
}


# What a caller must be able to do to import such a file, or to cancel that.
NEEDED: Mapping[FileKind, type[Command[Any]]] = {
    FileKind.UNITS: EstablishUnit,
    FileKind.POSTS: EstablishUnit,
    FileKind.OFFICIALS: EstablishUnit,
    FileKind.TASKS: RegisterTask,
    FileKind.CASES: RecordCase,
    FileKind.TERRITORY: EstablishUnit,
}
EFFECTIVE_ON = "effective_on"


def given_beside(
    beside: Mapping[str, object] | None,
) -> tuple[dict[str, object] | None, date | None]:
    """The document and the day that are given beside a file, for rows that give none."""
    document = dict(beside or {})
    day = document.pop(EFFECTIVE_ON, None)
    return document or None, None if day is None else date.fromisoformat(str(day))


async def import_sheet(
    importer: RowImporter,
    sheet: Sheet,
    on_results: OnResults,
    *,
    start: int = 0,
    act: Mapping[str, object] | None = None,
) -> None:
    """Import the sheet from row `start` on, in the way of its layout.

    Args:
        importer: executes the commands.
        sheet: the file.
        on_results: called with the results of a few rows at a time.
        start: the first row, if the layout is resumable.
        act: the document cited where a territory's rows cite none.

    Raises:
        LogUnavailable, LogBusy, OutcomeUnknown: to be resumed later.
    """
    if isinstance(sheet.layout, RowLayout):
        await importer.import_rows(sheet, sheet.layout, on_results, start)
    else:
        await import_territory(importer, sheet, act, on_results)
