"""Corrections: which event reads otherwise, who may say so, and that the past stays."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor, BodyRequired, NotTheEntitledBody
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.changes import (
    CorrectedClaim,
    CorrectedProposal,
    CorrectedReport,
    TaskAmended,
    TaskCorrected,
)
from domain.tasks.command import (
    IndicatorUnknown,
    NotAnswerable,
    TaskNotAwaitingDecision,
    TaskUnknown,
)
from domain.tasks.events import ProgressReported, TaskCancelled
from domain.tasks.proposal import IndicatorValue
from domain.tasks.task import Claimed, Ready, Unregistered, evolve
from domain.tasks.work.corrections import CorrectEvent, EventUnknown, NotCorrectable
from tests.domain.cast import (
    APPROVED,
    ASSIGNED,
    CHAIR,
    CLAIMED,
    COMMITTEE,
    COMPLETION_CLAIMED,
    DISTRICT_PARTY,
    DONE,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.domain.scenario import BY_BODY, given

REPORT = ProgressReported(**SHARED, effective_on=HANDOVER, narrative="Đã tháo dỡ 400 lò")
REPORTED = given(*IN_PROGRESS, REPORT)
READS = CorrectedReport(kind="progress", narrative="Đã tháo dỡ 40 lò", share_percent=Decimal(41))
TITLED = CorrectedProposal(kind="proposal", title="Chấm dứt lò gạch thủ công", kinds=("hard",))
AUTHOR = Actor(f"official:{PREDECESSOR}")


def corrected(sequence: int, of: Any, reading: Any, by: str | None = None) -> TaskCorrected:
    return TaskCorrected(
        **SHARED,
        effective_on=HANDOVER,
        sequence=sequence,
        corrected_type=of.TYPE,
        decided_by=by,
        reading=reading,
        reason="Gõ nhầm",
    )


def params(sequence: int, reading: Any) -> dict[str, Any]:
    return {"sequence": sequence, "reading": reading, "reason": "Gõ nhầm"}


def test_the_author_corrects_a_report_named_by_its_place_in_the_tasks_history() -> None:
    REPORTED.when(CorrectEvent, TASK, by=AUTHOR, on=HANDOVER, **params(4, READS)).then(
        corrected(4, REPORT, READS)
    )


def test_the_body_corrects_too_and_nobody_else() -> None:
    REPORTED.when(CorrectEvent, TASK, on=HANDOVER, **BY_BODY, **params(4, READS)).then(
        corrected(4, REPORT, READS, by=COMMITTEE)
    )
    REPORTED.when(CorrectEvent, TASK, by=Actor(f"official:{CHAIR}"), **params(4, READS)).refuses(
        NotAnswerable
    )
    REPORTED.when(CorrectEvent, TASK, on_behalf_of=DISTRICT_PARTY, **params(4, READS)).refuses(
        NotTheEntitledBody
    )


def test_a_claim_reads_otherwise_and_the_task_stays_as_it_was() -> None:
    reads = CorrectedClaim(kind="claim", summary="Đã tháo dỡ 97 lò")
    event = corrected(4, COMPLETION_CLAIMED, reads).model_copy(update={"effective_on": DONE})
    given(*CLAIMED).when(CorrectEvent, TASK, by=AUTHOR, on=DONE, **params(4, reads)).then(event)
    task: Any = Unregistered()
    for happened in (TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED, COMPLETION_CLAIMED):
        task = evolve(task, happened)
    assert isinstance(task, Claimed)
    assert evolve(task, event) == task


def test_the_body_alone_corrects_the_proposal_and_it_reads_so_from_then_on() -> None:
    approved = given(*ORGANISATION, TASK_REGISTERED, TASK_APPROVED)
    approved.when(CorrectEvent, TASK, by=AUTHOR, **params(1, TITLED)).refuses(BodyRequired)
    event = corrected(1, TASK_REGISTERED, TITLED, by=COMMITTEE).model_copy(
        update={"effective_on": APPROVED}
    )
    approved.when(CorrectEvent, TASK, on=APPROVED, **BY_BODY, **params(1, TITLED)).then(event).when(
        AssignTask, TASK, on=ASSIGNED, **BY_BODY
    ).then(TASK_ASSIGNED)
    ready = evolve(evolve(evolve(Unregistered(), TASK_REGISTERED), TASK_APPROVED), event)
    assert isinstance(ready, Ready)
    assert ready.proposal.title == "Chấm dứt lò gạch thủ công"
    assert ready.proposal.kinds == ("hard",)
    assert ready.proposal.field == PROPOSAL.field


def test_only_the_proposal_in_force_is_corrected() -> None:
    amended = TaskAmended(
        **SHARED, effective_on=APPROVED, amended_by=COMMITTEE, proposal=PROPOSAL, reason="Rõ hơn"
    )
    both = given(*ORGANISATION, TASK_REGISTERED, amended)
    both.when(CorrectEvent, TASK, **BY_BODY, **params(1, TITLED)).refuses(NotCorrectable)
    both.when(CorrectEvent, TASK, on=HANDOVER, **BY_BODY, **params(2, TITLED)).then(
        corrected(2, amended, TITLED, by=COMMITTEE)
    )


def test_a_correction_names_an_event_that_is_there_and_says_what_it_says() -> None:
    REPORTED.when(CorrectEvent, TASK, **params(5, READS)).refuses(EventUnknown)
    REPORTED.when(CorrectEvent, TASK, **params(3, READS)).refuses(NotCorrectable)
    roads = CorrectedReport(kind="progress", values=(IndicatorValue(code="roads", actual=1),))
    REPORTED.when(CorrectEvent, TASK, **params(4, roads)).refuses(IndicatorUnknown)
    given(*ORGANISATION).when(CorrectEvent, TASK, **params(1, READS)).refuses(TaskUnknown)
    with pytest.raises(ValidationError, match="say what is to be read otherwise"):
        CorrectedReport(kind="progress")


def test_a_cancelled_task_reads_as_it_was_cancelled() -> None:
    cancelled = TaskCancelled(
        **SHARED, effective_on=HANDOVER, cancelled_by=COMMITTEE, reason="Không còn phù hợp"
    )
    REPORTED.given(cancelled).when(CorrectEvent, TASK, **BY_BODY, **params(4, READS)).refuses(
        TaskNotAwaitingDecision
    )
