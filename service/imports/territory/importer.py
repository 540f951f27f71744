"""Importer of a territory's file: units on record are read once, then every change is made.

A second run compares anew and has nothing to change; so does one after an interruption.
"""

from collections.abc import Sequence

from eventsourcing.dcb.domain import Selector

from service.imports.findings import Finding
from service.imports.row_importer import (
    FAULTS,
    OnResults,
    RowImporter,
    RowResult,
    findings_of,
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

    Args:
        importer: executes the commands.
        sheet: a unit list or a conversion table.
        act: the document cited where rows cite none.
        on_results: called with the results.

    Raises:
        LogUnavailable, LogBusy, OutcomeUnknown: import the whole file again later.
    """
    events = await importer.commands.read_events(importer.ledger, [Selector(types=EVENT_TYPES)])
    kind = UnitList if sheet.layout is UNIT_LIST else Conversion
    comparison = kind(sheet, UnitHistory.of(events), act)
    comparison.compare()
    # The findings on the file as a whole go with the last row of the first results.
    settled, of_file = comparison.results, comparison.file_findings
    await on_results(settled and _with_findings(settled, of_file))
    for number, change in enumerate(comparison.changes, start=1):
        results = await _make(importer, sheet, change)
        if number == len(comparison.changes) and not settled:
            results = _with_findings(results, of_file)
        await on_results(results)


def _with_findings(results: list[RowResult], findings: Sequence[Finding]) -> list[RowResult]:
    *others, last = results
    return [*others, last._replace(findings=(*last.findings, *findings))]


async def _make(importer: RowImporter, sheet: Sheet, change: Change) -> list[RowResult]:
    """Execute the change's commands; if one is refused, every row of the change is."""
    try:
        for step, params in validated(change.steps):
            await importer.execute(step, params)
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
