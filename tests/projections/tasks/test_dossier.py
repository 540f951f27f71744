"""A dossier says of a task, on any day, what the read models and a recount by hand say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given

from domain.kernel import Event
from domain.tasks.changes import CorrectedReport, ObjectiveCauseConfirmed, TaskCorrected
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    ProgressReported,
    TaskAssigned,
    TaskEvent,
)
from domain.tasks.matters.delegation import PartDelegated, PartReported
from domain.tasks.work.cases import CaseRecorded
from projections.tasks.dossier import dossier
from projections.tasks.dossier_sections import Dossier, Recorded
from tests.domain.cast import (
    ASSIGNED,
    COMMITTEE,
    EVIDENCE,
    IN_PROGRESS,
    SHARED,
    TASK,
    TASK_ASSIGNED,
)
from tests.projections import recount
from tests.projections.answers import EXAMPLES
from tests.projections.lives import lives, with_day


def recorded(events: Sequence[Event]) -> list[Recorded[Any]]:
    return [
        Recorded(
            position=number,
            sequence=number,
            type=event.TYPE,
            recorded_at=datetime(2023, 1, 1, tzinfo=UTC),
            actor="client:test",
            on_behalf_of=None,
            basis=None,
            event=event,
        )
        for number, event in enumerate(events, 1)
    ]


def read(task_id: str, events: Sequence[Event], day: date) -> Dossier:
    found = dossier(task_id, recorded(events), day)
    assert found is not None
    return found


@EXAMPLES
@given(history=lives("t1").flatmap(with_day))
def test_a_dossier_of_any_day_is_what_a_recount_by_hand_gives(
    history: tuple[list[Event], date],
) -> None:
    events, day = history
    found = dossier("t1", recorded(events), day)
    task = recount.accounts(events, day).get("t1")
    if found is None or task is None:
        assert (found, task) == (None, None)
        return
    assert (found.state, found.due_on) == (task.state, task.due_on)
    assert (found.completed_on, found.position) == (task.completed_on, task.position)
    assert (found.proposal.field, found.proposal.kinds) == (task.field, task.kinds)
    [indicator] = found.indicators
    share, value = task.read()
    assert (indicator.target, indicator.actual and str(indicator.actual)) == (task.target, value)
    shares = [report.share_percent for report in found.reports if report.share_percent is not None]
    assert [str(last) for last in shares[-1:]] == ([] if share is None else [share])
    assert sum(obstacle.settled is None for obstacle in found.obstacles) == task.obstacles
    weighted = found.parts.done_percent if found.parts.items else None
    assert (None if weighted is None else str(weighted)) == recount.brought(task)
    assert len(found.timeline) == task.events


@EXAMPLES
@given(events=lives("t1"))
def test_on_every_day_a_dossier_names_who_led_the_task(events: list[Event]) -> None:
    found = read("t1", events, events[-1].effective_on)
    decisive = {event.effective_on + timedelta(days=n) for event in events for n in (-1, 0, 1)}
    for day in decisive:
        task = recount.accounts(events, day).get("t1")
        led_by = None if task is None else recount.answerable(task, day)
        named = [
            span.official_id or ""
            for span in found.responsibilities
            if span.from_on <= day and (span.to_on is None or day <= span.to_on)
        ]
        assert named == ([] if led_by is None else [led_by])


def test_a_correction_changes_how_a_report_reads_and_not_what_was_recorded() -> None:
    of_task = [event for event in IN_PROGRESS if event.TYPE.startswith("task.")]
    report = ProgressReported(effective_on=ASSIGNED, narrative="đã dỡ", **SHARED)
    correction = TaskCorrected(
        effective_on=ASSIGNED + timedelta(days=1),
        sequence=len(of_task) + 1,
        corrected_type=report.TYPE,
        decided_by=None,
        reading=CorrectedReport(kind="progress", narrative="đã dỡ 40 lò"),
        reason="ghi thiếu",
        **SHARED,
    )
    events = [*of_task, report, correction]
    [before] = read(TASK, events, ASSIGNED).reports
    [after] = read(TASK, events, ASSIGNED + timedelta(days=1)).reports
    assert (before.narrative, after.narrative) == ("đã dỡ", "đã dỡ 40 lò")
    assert before.recorded.event == after.recorded.event == report
    assert [one.event for one in after.corrections] == [correction]


def test_a_part_without_a_weight_counts_by_what_the_others_leave() -> None:
    of_task = [event for event in IN_PROGRESS if event.TYPE.startswith("task.")]
    given_to = {"delegate_unit": SHARED["unit_id"], "delegate_official": None}
    parts = [
        PartDelegated.model_validate({
            "effective_on": ASSIGNED, "number": number, "title": "Phần", "delegate_person": None,
            "due_on": ASSIGNED, "weight_percent": weight, **given_to, **SHARED,
        })
        for number, weight in enumerate(["30", None], 1)
    ]  # fmt: skip
    report = PartReported.model_validate({
        "effective_on": ASSIGNED, "number": 2, "share_percent": "50", "narrative": "làm",
        **given_to, **SHARED,
    })  # fmt: skip
    section = read(TASK, [*of_task, *parts, report], ASSIGNED).parts
    assert (str(section.weight_percent), str(section.done_percent)) == ("30", "35.00")


def test_the_cases_and_what_ratings_need_stand_in_the_dossier_of_their_day() -> None:
    later = ASSIGNED + timedelta(days=20)
    case = CaseRecorded(
        **SHARED,
        effective_on=ASSIGNED,
        code="DA-1",
        title="Dự án 1",
        in_charge="Quận 1",
        processed_on=None,
        outcome=None,
    )
    others = [case.model_copy(update={"code": f"DA-{number}"}) for number in (2, 3)]
    done = case.model_copy(update={"effective_on": later, "processed_on": later})
    claimed = CompletionClaimed(
        **SHARED,
        effective_on=later,
        claimed_by=f"official:{SHARED['official_id']}",
        summary="Xong",
        values=(),
        evidence=(EVIDENCE,),
    )
    returned = CompletionReturned(
        **SHARED, effective_on=later, returned_by=COMMITTEE, reason="Sai", content_failure=True
    )
    cause = ObjectiveCauseConfirmed(
        effective_on=later,
        task_id=TASK,
        confirmed_by=COMMITTEE,
        occurrence="returned_claim",
        occurred_on=later,
        cause="Mưa lũ",
    )
    confirmed = CompletionConfirmed(
        **SHARED,
        effective_on=later,
        completed_on=later,
        confirmed_by=COMMITTEE,
        exceeded=True,
    )
    assigned = TASK_ASSIGNED.model_copy(update={"conversion_weight": Decimal("1.5")})
    begun = [assigned if isinstance(one, TaskAssigned) else one for one in IN_PROGRESS]
    own = [one for one in begun if isinstance(one, TaskEvent)]
    events = [*own, case, *others, done, claimed, returned, cause, claimed, confirmed]

    before = read(TASK, events, ASSIGNED)
    assert (before.cases.processed, before.cases.left, before.cases.percent) == (0, 3, Decimal(0))
    assert (before.appraised.exceeded, before.appraised.objective_causes) == (None, [])
    found = read(TASK, events, later)
    assert [(one.code, one.processed_on) for one in found.cases.items] == [
        ("DA-1", later),
        ("DA-2", None),
        ("DA-3", None),
    ]
    assert found.cases.percent == Decimal("33.33")
    appraised = found.appraised
    assert (appraised.conversion_weight, appraised.exceeded) == (Decimal("1.5"), True)
    assert appraised.content_failures == [later]
    assert [one.event for one in appraised.objective_causes] == [cause]
