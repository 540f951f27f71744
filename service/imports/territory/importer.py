"""Taking in a territory's file: what the ledger has is read once, and each deed is done or told of.

A second run compares anew and finds nothing to do; so does one after an interruption.
"""

from collections.abc import Mapping

from eventsourcing.dcb.domain import Selector

from domain.kernel import Refusal
from service.imports.findings import Finding
from service.imports.row_importer import (
    Importer,
    StepInvalid,
    Taken,
    Told,
    invalid,
    parameters_of,
    refused,
)
from service.imports.sheets import Sheet
from service.imports.territory.conversion import Conversion
from service.imports.territory.layouts import UNIT_LIST
from service.imports.territory.plan import Deed, Plan
from service.imports.territory.unit_list import UnitList
from service.imports.territory.units import SURVEYED, Places


async def take_territory(
    importer: Importer, sheet: Sheet, act: Mapping[str, object] | None, told: Told
) -> None:
    """The whole file; `told` hears of every row once, in the order in which it is settled.

    Args:
        importer: gives the commands.
        sheet: a unit list or a conversion table.
        act: the document cited where rows cite none.
        told: hears of the rows.

    Raises:
        LogUnavailable, LogBusy, OutcomeUnknown: take the whole file in again later.
    """
    events = await importer.commands.survey(importer.ledger, [Selector(types=SURVEYED)])
    places = Places.of(events)
    planned = UnitList if sheet.kind is UNIT_LIST else Conversion
    plan = planned(sheet, places, act).plan()
    rest = [*plan.taken]
    if plan.last and rest:
        rest[-1] = rest[-1]._replace(findings=(*rest[-1].findings, *plan.last))
    await told(rest)
    for number, deed in enumerate(plan.deeds, start=1):
        taken = await _do(importer, plan, deed)
        if number == len(plan.deeds) and not rest:
            taken[-1] = taken[-1]._replace(findings=(*taken[-1].findings, *plan.last))
        await told(taken)


async def _do(importer: Importer, plan: Plan, deed: Deed) -> list[Taken]:
    """Give the deed's commands; what refuses one of them is told of every row of the deed."""
    findings: dict[int, list[Finding]] = {}
    try:
        for step, parameters in [(step, parameters_of(step)) for step in deed.steps]:
            await importer.give(step, parameters)
    except StepInvalid as fault:
        findings = {row.number: [*invalid(plan.sheet, row, fault)] for row in deed.rows}
    except Refusal as refusal:
        findings = {row.number: [refused(plan.sheet, row, refusal)] for row in deed.rows}
    else:
        for note in deed.notes:
            findings.setdefault(note.row, []).append(note)
        return [
            Taken(row.number, "imported", tuple(findings.get(row.number, ()))) for row in deed.rows
        ]
    return [Taken(row.number, "refused", tuple(findings[row.number])) for row in deed.rows]
