"""Carry-over and recurrence: tasks that go on from another, linked, once."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.kernel import DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import PostVacant
from domain.tasks.beginning.assignment import DeadlineBeforeAssignment
from domain.tasks.beginning.registration import TaskExists
from domain.tasks.changes import CorrectedReport, TaskCarriedOver, TaskContinued, TaskCorrected
from domain.tasks.command import SpanWouldBeEmpty, TaskNotInProgress
from domain.tasks.ending.carry_over import CarryOver, NothingRemains, TermNotLater
from domain.tasks.ending.recurrence import (
    OpenYear,
    TaskNotYearly,
    YearBeforeTask,
    YearOpened,
    YearOpenedBefore,
)
from domain.tasks.events import PlanSubmitted, ProgressReported, TaskAssigned
from domain.tasks.proposal import Indicator, IndicatorValue, Proposal
from domain.tasks.term import Period, Year
from domain.tasks.work.plan import SubmitPlan
from tests.domain.cast import (
    ASSIGNED,
    CLAIMED,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    RECURRING,
    SECRETARY,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
    VACANT,
    YEARLY,
    holds,
)
from tests.domain.scenario import BY_BODY, DECISION, OFFICE, given

NEXT = "lo-gach-2022"
END = date(2021, 12, 31)
GOING_ON = given(*IN_PROGRESS)
SAID: dict[str, Any] = {"term": Year(kind="year", year=2022), "reason": "Còn dở dang"}


def continued(
    proposal: Proposal, on: date, link: Any = "carried_from", new: str = NEXT
) -> TaskContinued:
    return TaskContinued(
        effective_on=on,
        task_id=new,
        link=link,
        from_task=TASK,
        continued_by=COMMITTEE,
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        registered_by=OFFICE.id,
        proposal=proposal,
    )


def assigned(due_on: date, on: date, official_id: str = PREDECESSOR, new: str = NEXT) -> Any:
    return TaskAssigned(
        effective_on=on,
        task_id=new,
        official_id=official_id,
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        assigned_by=COMMITTEE,
        addressed_to="post",
        due_on=due_on,
    )


def carried_over(on: date, official_id: str | None = PREDECESSOR) -> TaskCarriedOver:
    return TaskCarriedOver(
        **{**SHARED, "official_id": official_id},
        effective_on=on,
        carried_by=COMMITTEE,
        to_task=NEXT,
        reason="Còn dở dang",
    )


GOES_ON = PROPOSAL.model_copy(
    update={"term": Year(kind="year", year=2022), "original_due_on": date(2021, 12, 31)}
)


def test_an_unfinished_task_goes_on_in_the_next_term_linked_to_the_old_one() -> None:
    after = GOING_ON.when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).then(
        continued(GOES_ON, END), assigned(date(2022, 12, 31), END), carried_over(END)
    )
    after.when(CarryOver, TASK, "lo-gach-2022b", **BY_BODY, **SAID).refuses(TaskNotInProgress)
    step = {"title": "Đối thoại", "due_on": END, "performed_by": "Phòng TN&MT"}
    after.when(SubmitPlan, NEXT, summary="Kế hoạch", steps=(step,)).then(
        PlanSubmitted(
            **{**SHARED, "task_id": NEXT},
            effective_on=END,
            revision=1,
            summary="Kế hoạch",
            steps=(step,),
        )
    )


def test_the_first_deadline_of_a_backlog_is_kept_through_every_term() -> None:
    old = PROPOSAL.model_copy(update={"original_due_on": date(2017, 12, 31)})
    registered = TASK_REGISTERED.model_copy(update={"proposal": old})
    given(*ORGANISATION, registered, TASK_APPROVED, TASK_ASSIGNED).when(
        CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID
    ).then(
        continued(GOES_ON.model_copy(update={"original_due_on": date(2017, 12, 31)}), END),
        assigned(date(2022, 12, 31), END),
        carried_over(END),
    )


KILNS, ROADS = (
    PROPOSAL.indicators[0],
    Indicator(code="roads", name="Đường", target=Decimal(5), measure="km"),
)
TWO = PROPOSAL.model_copy(update={"indicators": (KILNS, ROADS)})
TWO_TARGETS = given(
    *ORGANISATION,
    TASK_REGISTERED.model_copy(update={"proposal": TWO}),
    TASK_APPROVED,
    TASK_ASSIGNED,
)


def reported(*values: tuple[str, int]) -> ProgressReported:
    return ProgressReported(
        **SHARED,
        effective_on=HANDOVER,
        narrative="…",
        values=tuple(IndicatorValue(code=code, actual=Decimal(at)) for code, at in values),
    )


def test_the_targets_not_reached_go_on() -> None:
    half = TWO_TARGETS.given(reported(("kilns", 98), ("roads", 1)))
    remaining = GOES_ON.model_copy(update={"indicators": (ROADS,)})
    half.when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).then(
        continued(remaining, END), assigned(date(2022, 12, 31), END), carried_over(END)
    )


def test_a_corrected_report_counts_as_it_now_reads() -> None:
    """The report stands as the fourth event of the task."""
    reads = CorrectedReport(kind="progress", values=(IndicatorValue(code="kilns", actual=89),))
    corrected = TaskCorrected(
        **SHARED,
        effective_on=HANDOVER,
        sequence=4,
        corrected_type=ProgressReported.TYPE,
        decided_by=None,
        reading=reads,
        reason="Gõ nhầm",
    )
    reached = GOING_ON.given(reported(("kilns", 98)))
    reached.when(CarryOver, TASK, NEXT, **BY_BODY, **SAID).refuses(NothingRemains)
    reached.given(corrected).when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).then(
        continued(GOES_ON, END), assigned(date(2022, 12, 31), END), carried_over(END)
    )


def test_the_new_task_goes_to_whoever_holds_the_post_that_day() -> None:
    GOING_ON.given(*SUCCESSION).when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).then(
        continued(GOES_ON, END),
        assigned(date(2022, 12, 31), END, official_id=SUCCESSOR),
        carried_over(END),
    )
    given(*VACANT, SUCCESSION[1]).when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).then(
        continued(GOES_ON, END),
        assigned(date(2022, 12, 31), END, official_id=SUCCESSOR),
        carried_over(END, official_id=None),
    )
    given(*VACANT).when(CarryOver, TASK, NEXT, **BY_BODY, **SAID).refuses(PostVacant)


def test_the_assigning_body_carries_over_citing_its_decision() -> None:
    GOING_ON.when(CarryOver, TASK, NEXT, on_behalf_of=COMMITTEE, **SAID).refuses(DocumentRequired)
    GOING_ON.when(
        CarryOver, TASK, NEXT, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **SAID
    ).refuses(NotTheEntitledBody)


def test_the_new_term_is_later_and_its_deadline_ahead() -> None:
    same = {**SAID, "term": Year(kind="year", year=2021)}
    GOING_ON.when(CarryOver, TASK, NEXT, **BY_BODY, **same).refuses(TermNotLater)
    autumn = Period(kind="period", from_on=date(2021, 7, 1), to_on=date(2021, 9, 30))
    GOING_ON.when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **{**SAID, "term": autumn}).refuses(
        DeadlineBeforeAssignment
    )


def test_a_claim_is_decided_and_a_day_answered_before_a_task_is_carried_over() -> None:
    given(*CLAIMED).when(CarryOver, TASK, NEXT, **BY_BODY, **SAID).refuses(TaskNotInProgress)
    GOING_ON.when(CarryOver, TASK, NEXT, on=ASSIGNED, **BY_BODY, **SAID).refuses(SpanWouldBeEmpty)
    GOING_ON.when(CarryOver, TASK, TASK, **BY_BODY, **SAID).refuses(TaskExists)


IN_2022 = RECURRING.model_copy(
    update={"term": Year(kind="year", year=2022), "due_on": date(2022, 12, 31)}
)


def test_a_year_of_a_recurring_task_is_opened_once_and_due_at_its_end() -> None:
    after = (
        given(*YEARLY)
        .when(OpenYear, TASK, NEXT, on=END, **BY_BODY, year=2022)
        .then(
            continued(IN_2022, END, "instance_of"),
            assigned(date(2022, 12, 31), END),
            YearOpened(**SHARED, effective_on=END, year=2022, instance=NEXT, opened_by=COMMITTEE),
        )
    )
    after.when(OpenYear, TASK, "again", **BY_BODY, year=2022).refuses(YearOpenedBefore)
    after.when(OpenYear, TASK, NEXT, **BY_BODY, year=2023).refuses(TaskExists)


def test_only_the_years_of_a_recurring_task_are_opened() -> None:
    GOING_ON.when(OpenYear, TASK, NEXT, **BY_BODY, year=2022).refuses(TaskNotYearly)
    yearly = given(*YEARLY)
    yearly.when(OpenYear, TASK, NEXT, **BY_BODY, year=2020).refuses(YearBeforeTask)
    yearly.when(OpenYear, TASK, NEXT, on_behalf_of=DISTRICT_PARTY, year=2022).refuses(
        NotTheEntitledBody
    )


def test_the_year_goes_to_the_holder_of_the_post_that_day() -> None:
    given(*YEARLY, *SUCCESSION).when(OpenYear, TASK, NEXT, on=END, **BY_BODY, year=2022).then(
        continued(IN_2022, END, "instance_of"),
        assigned(date(2022, 12, 31), END, official_id=SUCCESSOR),
        YearOpened(**SHARED, effective_on=END, year=2022, instance=NEXT, opened_by=COMMITTEE),
    )


def test_a_task_does_not_go_on_as_one_that_there_is_already() -> None:
    there = TASK_REGISTERED.model_copy(update={"task_id": NEXT, "effective_on": HANDOVER})
    GOING_ON.given(there).when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).refuses(TaskExists)


def test_of_several_holders_the_one_who_answers_goes_on() -> None:
    deputies = {"post_id": DEPUTIES, "unit_id": DISTRICT_STATE}
    road = (e.model_copy(update=deputies) for e in (TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED))
    given(
        *ORGANISATION,
        holds(SUCCESSOR, DEPUTIES, DISTRICT_STATE),
        holds(PREDECESSOR, DEPUTIES, DISTRICT_STATE),
        *road,
    ).when(CarryOver, TASK, NEXT, on=END, **BY_BODY, **SAID).then(
        continued(GOES_ON, END).model_copy(update=deputies),
        assigned(date(2022, 12, 31), END).model_copy(update=deputies),
        carried_over(END).model_copy(update=deputies),
    )
