"""Importer of a territory's file: units on record are read once, then every change is made.

A second run compares anew and has nothing to change; so does one after an interruption.
"""

from collections.abc import Mapping

from eventsourcing.dcb.domain import Selector

from domain.kernel import Refusal
from service.imports.findings import Finding
from service.imports.row_importer import (
    OnResults,
    RowImporter,
    RowResult,
    RowStatus,
    StepInvalid,
    invalid_findings,
    refusal_finding,
    validated_params,
)
from service.imports.sheets import Sheet
from service.imports.territory.conversion import Conversion
from service.imports.territory.layouts import UNIT_LIST
from service.imports.territory.plan import Change, Plan
from service.imports.territory.unit_list import UnitList
from service.imports.territory.units import EVENT_TYPES, UnitHistory


async def import_territory(
    importer: RowImporter, sheet: Sheet, act: Mapping[str, object] | None, on_results: OnResults
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
    comparison = UnitList if sheet.layout is UNIT_LIST else Conversion
    plan = comparison(sheet, UnitHistory.of(events), act).plan()
    # The findings on the file as a whole go with the last row of the first results.
    await on_results(plan.results and _with_file_findings(plan, plan.results))
    for number, change in enumerate(plan.changes, start=1):
        results = await _make(importer, plan, change)
        if number == len(plan.changes) and not plan.results:
            results = _with_file_findings(plan, results)
        await on_results(results)


def _with_file_findings(plan: Plan, results: list[RowResult]) -> list[RowResult]:
    *others, last = results
    return [*others, last._replace(findings=(*last.findings, *plan.file_findings))]


async def _make(importer: RowImporter, plan: Plan, change: Change) -> list[RowResult]:
    """Execute the change's commands; if one is refused, every row of the change is."""
    findings: dict[int, list[Finding]] = {}
    status: RowStatus = "refused"
    try:
        for step, params in [(step, validated_params(step)) for step in change.steps]:
            await importer.execute(step, params)
    except StepInvalid as fault:
        findings = {row.number: [*invalid_findings(plan.sheet, row, fault)] for row in change.rows}
    except Refusal as refusal:
        findings = {row.number: [refusal_finding(plan.sheet, row, refusal)] for row in change.rows}
    else:
        status = "imported"
        for note in change.notes:
            findings.setdefault(note.row, []).append(note)
    return [
        RowResult(row.number, status, tuple(findings.get(row.number, ()))) for row in change.rows
    ]
