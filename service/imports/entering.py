"""Entering: a file is taken into a ledger in the way of its kind."""

from collections.abc import Mapping

from service.imports.layout import Kind, Layout
from service.imports.row_importer import Importer, Told
from service.imports.sheets import Sheet
from service.imports.territory.importer import take_territory


def is_resumable(kind: Layout) -> bool:
    """Whether a file that was interrupted goes on at its next row, or is taken in anew."""
    return isinstance(kind, Kind)


async def enter(
    importer: Importer,
    sheet: Sheet,
    told: Told,
    *,
    start: int = 0,
    act: Mapping[str, object] | None = None,
) -> None:
    """Take the file in from row `start` on; `told` hears of its rows.

    Args:
        importer: gives the commands.
        sheet: the file.
        told: hears of a few rows at a time.
        start: the first row, where the kind goes on after an interruption.
        act: the document cited where a territory's rows cite none.

    Raises:
        LogUnavailable, LogBusy, OutcomeUnknown: go on later.
    """
    if isinstance(sheet.kind, Kind):
        await importer.take(sheet, sheet.kind, told, start)
    else:
        await take_territory(importer, sheet, act, told)
