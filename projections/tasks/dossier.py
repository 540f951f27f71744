"""Dossier: everything about one task on one page, folded from its own events: always current.

As of a day it knows what counted from that day or before. A correction changes how a report, a
claim or the proposal reads; what was recorded stands beside it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.kernel import Event
from domain.tasks import changes, events
from domain.tasks.changes import ObjectiveCauseConfirmed
from domain.tasks.ending.recurrence import YearOpened
from domain.tasks.matters.delegation import PartClosed, PartDelegated, PartReported, rolled_up
from domain.tasks.proposal import Proposal
from domain.tasks.task import state_name
from domain.tasks.work.cases import CaseRecorded
from domain.tasks.work.results import PartialResultRecorded
from projections.projection import FOREVER
from projections.put_right import PutRight, days_late
from projections.rounding import percent_of
from projections.tasks.dossier_sections import (
    LISTS,
    MATTERS,
    Dossier,
    DossierAppraised,
    DossierCase,
    DossierCases,
    DossierClaim,
    DossierDuty,
    DossierIndicator,
    DossierLine,
    DossierLinks,
    DossierPart,
    DossierParts,
    DossierReport,
    DossierSpan,
)
from projections.tasks.report_duties import REPORT_DUTIES, missing_reports
from projections.tasks.responsibilities import RESPONSIBILITIES
from projections.tasks.standing_rows import UNDER_WAY
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_life import Known, Life

NOTHING_PUT_RIGHT = PutRight(())


def dossier(
    task_id: str,
    recorded: Sequence[Known],
    as_of: date,
    put_right: PutRight = NOTHING_PUT_RIGHT,
) -> Dossier | None:
    """The dossier of a task of which these are all events; None before its first."""
    life = Life(recorded, put_right, as_of)
    if not life.recorded:
        return None
    now, state = life.rows(TASK_STANDINGS)[-1], state_name(life.task())
    due_on, completed_on = _day(now["due_on"]), _day(now["completed_on"])
    proposal = proposal_of(life)
    return Dossier.model_validate(
        {
            "task_id": task_id,
            "state": state,
            "position": life.position,
            "proposal": proposal,
            "due_on": due_on,
            "overdue": state in UNDER_WAY and due_on is not None and due_on < as_of,
            "original_due_on": proposal.original_due_on,
            "backlog_days": age_of_backlog(proposal, completed_on or as_of),
            "completed_on": completed_on,
            "indicators": _indicators(proposal, life),
            "responsibilities": spans_of(life),
            "report_duty": _duty(life, as_of),
            "reports": [_report(one, life) for one in life.of(events.ProgressReported)],
            "claims": _claims(life),
            "parts": _parts(life),
            "cases": _cases(life),
            "appraised": _appraised(life),
            "links": _links(life),
            "timeline": [_line(one, life.put_right) for one in life.lines],
            **{name: life.of(*types) for name, types in LISTS.items()},
            **{name: _matters(life, *types) for name, types in MATTERS.items()},
        }
    )


def proposal_of(life: Life) -> Proposal:
    """As it reads: laid down, amended, revised, corrected, in the order in which that happened."""
    proposal: Proposal = life.recorded[0].event.proposal
    for one in life.recorded:
        match one.event:
            case changes.TaskAmended(proposal=amended):
                proposal = amended
            case changes.TaskRevised(targets=targets, due_on=due_on):
                proposal = proposal.revised(targets, due_on)
            case changes.TaskCorrected(reading=changes.CorrectedProposal() as reading):
                proposal = reading.read(proposal)
            case _:
                pass
    return proposal


def age_of_backlog(proposal: Proposal, until: date) -> int | None:
    since = proposal.original_due_on
    return None if since is None or since > until else (until - since).days


def _indicators(proposal: Proposal, life: Life) -> list[DossierIndicator]:
    """By report, partial result or claim, whichever counts last, each as it reads."""
    reached: dict[str, tuple[Decimal, date]] = {}
    saying = (events.ProgressReported, PartialResultRecorded, events.CompletionClaimed)
    for one in life.of(*saying):
        values = life.reading(one).get("values", ())
        reached.update({value.code: (value.actual, one.event.effective_on) for value in values})
    unreached = (None, None)
    return [
        DossierIndicator(**indicator.model_dump(), actual=actual, reported_on=reported_on)
        for indicator in proposal.indicators
        for actual, reported_on in (reached.get(indicator.code, unreached),)
    ]


def _report(one: Known, life: Life) -> DossierReport:
    return DossierReport(recorded=one, corrections=life.corrections_of(one), **life.reading(one))


def _claims(life: Life) -> list[DossierClaim]:
    """A claim is decided on before there is another."""
    claims = life.of(events.CompletionClaimed)
    decisions = life.of(events.CompletionConfirmed, events.CompletionReturned)
    return [
        DossierClaim(
            summary=life.reading(claim)["summary"],
            recorded=claim,
            corrections=life.corrections_of(claim),
            decision=decisions[number] if number < len(decisions) else None,
        )
        for number, claim in enumerate(claims)
    ]


def _matters(life: Life, opening: type[Event], *settling: type[Event]) -> list[dict[str, Any]]:
    """Every matter beside what settled it."""
    settled = {_number(one): one for one in life.of(*settling)}
    return [
        {"number": _number(one), "opened": one, "settled": settled.get(_number(one))}
        for one in life.of(opening)
    ]


def _number(one: Known) -> int | None:
    """Of the matter; of a revision that of the request which it settles, if any."""
    revised = isinstance(one.event, changes.TaskRevised)
    number: int | None = one.event.request if revised else one.event.number
    return number


def _parts(life: Life) -> DossierParts:
    parts = [_part(matter, life) for matter in _matters(life, PartDelegated, PartClosed)]
    weights = [part.delegated.event.weight_percent for part in parts]
    shares = [part.share_percent or Decimal(0) for part in parts]
    return DossierParts(
        items=parts,
        weight_percent=sum((weight or Decimal(0) for weight in weights), Decimal(0)),
        done_percent=rolled_up(zip(weights, shares, strict=True)),
    )


def _part(matter: dict[str, Any], life: Life) -> DossierPart:
    reports = [one for one in life.of(PartReported) if one.event.number == matter["number"]]
    return DossierPart(
        number=matter["number"],
        delegated=matter["opened"],
        reports=reports,
        closed=matter["settled"],
        share_percent=reports[-1].event.share_percent if reports else None,
    )


def _cases(life: Life) -> DossierCases:
    """By code, each as it was recorded last."""
    last = {one.event.code: one for one in life.of(CaseRecorded)}
    stated = CaseRecorded.model_fields.keys() & DossierCase.model_fields.keys()
    items = [
        DossierCase(
            **one.event.model_dump(include=stated),
            recorded_on=one.event.effective_on,
            position=one.position,
        )
        for _, one in sorted(last.items())
    ]
    processed = sum(one.processed_on is not None for one in items)
    return DossierCases(
        items=items,
        processed=processed,
        left=len(items) - processed,
        percent=percent_of(processed, len(items)),
    )


def _appraised(life: Life) -> DossierAppraised:
    assigned, confirmed = life.of(events.TaskAssigned), life.of(events.CompletionConfirmed)
    return DossierAppraised(
        conversion_weight=assigned[-1].event.conversion_weight if assigned else None,
        exceeded=confirmed[-1].event.exceeded if confirmed else None,
        objective_causes=life.of(ObjectiveCauseConfirmed),
        content_failures=[
            one.event.effective_on
            for one in life.of(events.CompletionReturned)
            if one.event.content_failure
        ],
    )


def spans_of(life: Life) -> list[DossierSpan]:
    """Who led the task, one after another, and when nobody did; a span has a day at least."""
    return [
        DossierSpan(
            official_id=row["official_id"],
            post_id=row["post_id"],
            unit_id=row["unit_id"],
            from_on=date.fromisoformat(row["from_on"]),
            to_on=None if row["until_on"] == FOREVER else _day_before(row["until_on"]),
            how=row["how"],
        )
        for row in life.rows(RESPONSIBILITIES)
        if row["from_on"] < row["until_on"]
    ]


def _day_before(day: str) -> date:
    return date.fromisoformat(day) - timedelta(days=1)


def _duty(life: Life, as_of: date) -> DossierDuty | None:
    """What is asked for, given and missing; None if no report ever was asked for."""
    rows = life.rows(REPORT_DUTIES)
    if not any(row["duty"] for row in rows):
        return None
    row = rows[-1]
    return DossierDuty.model_validate(
        {
            "duty": row["duty"],
            "given_in_time": row["given_in_time"],
            "given_late": row["given_late"],
            "last_given_on": row["last_given_on"],
            "missing": missing_reports(row, as_of),
        }
    )


def _links(life: Life) -> DossierLinks:
    begun = life.recorded[0].event
    link = begun.link if isinstance(begun, changes.TaskContinued) else None
    carried = life.of(changes.TaskCarriedOver)
    return DossierLinks(
        carried_from=begun.from_task if link == "carried_from" else None,
        instance_of=begun.from_task if link == "instance_of" else None,
        carried_to=carried[0].event.to_task if carried else None,
        instances={one.event.year: one.event.instance for one in life.of(YearOpened)},
    )


def _line(one: Known, put_right: PutRight) -> DossierLine:
    return DossierLine(
        position=one.position,
        sequence=one.sequence,
        type=one.type,
        effective_on=one.event.effective_on,
        recorded_at=one.recorded_at,
        days_late=days_late(one.recorded_at, one.event.effective_on),
        annulled=put_right.annulled(one.position),
        replaces=put_right.replaces(one.position),
        adjusts_closed=put_right.adjusts(one.position),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
