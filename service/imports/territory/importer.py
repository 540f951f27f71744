"""Importer of a territory's file: units on record are read once, then every change is made.

A second run compares anew and has nothing to change; so does one after an interruption.
"""

from collections.abc import Sequence

from eventsourcing.dcb.domain import Selector

from service.imports.findings import Finding
from service.imports.row_faults import FAULTS, findings_of
from service.imports.row_importer import (
    OnResults,
    RowImporter,
    RowResult,
    once_in,
    validated,
)
from service.imports.sheets import Sheet
from service.imports.territory.comparison import Change, Document
from service.imports.territory.conversion import Conversion
from service.imports.territory.layouts import UNIT_LIST
from service.imports.territory.unit_list import UnitList
from service.imports.territory.units import EVENT_TYPES, UnitHistory


async def import_territory(
    importer: RowImporter, sheet: Sheet, act: Document, on_results: OnResults
) -> None:
    """Import the whole file; every row is reported once, in the order in which it is settled.

    Arguments are those of `import_sheet`; if the log fails, import the whole file again later.
    """
    events = await importer.commands.read_timeline(importer.ledger, [Selector(types=EVENT_TYPES)])
    kind = UnitList if sheet.layout is UNIT_LIST else Conversion
    comparison = kind(sheet, UnitHistory.of(events), act)
    comparison.compare()
    # The findings on the file as a whole go with the last row settled, or with the last changed.
    of_file = comparison.file_findings
    await on_results(_with_findings(comparison.results, of_file))
    for number, change in enumerate(comparison.changes, start=1):
        is_last = number == len(comparison.changes) and not comparison.results
        results = await _make(importer, sheet, change)
        await on_results(_with_findings(results, of_file if is_last else ()))


def _with_findings(results: list[RowResult], findings: Sequence[Finding]) -> list[RowResult]:
    """The results, the last of them with these findings, too."""
    last = [each._replace(findings=(*each.findings, *findings)) for each in results[-1:]]
    return [*results[:-1], *last]


async def _make(importer: RowImporter, sheet: Sheet, change: Change) -> list[RowResult]:
    """Execute the change's commands; if one is refused, every row of the change is."""
    try:
        for step, params in validated(change.steps):
            await importer.execute(step, params, once_in(importer.job, step, params))
    except FAULTS as fault:
        return [
            RowResult(row.number, "refused", findings_of(fault, sheet, row)) for row in change.rows
        ]
    return [
        RowResult(
            row.number, "imported", tuple(note for note in change.notes if note.row == row.number)
        )
        for row in change.rows
    ]
