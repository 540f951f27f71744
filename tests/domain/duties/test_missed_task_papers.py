"""Missed plans and reports by regulation: recorded once, of whoever led the task on its day."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.duties.missed_task_papers import RecordMissedTaskPaper, TaskPaperNotMissing
from domain.kernel import Event
from domain.tasks.command import TaskUnknown
from domain.tasks.events import PlanStep, PlanSubmitted, ProgressReported, TaskCancelled
from domain.tasks.work.missed_reports import TaskPaperMissed
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from tests.domain.appraisal.cycle import CYCLE_OPENED, enrolled
from tests.domain.appraisal.rated import regulation
from tests.domain.cast import (
    COMMITTEE,
    COMPLETION_CLAIMED,
    HANDED_OVER,
    IN_PROGRESS,
    PREDECESSOR,
    SHARED,
    SUCCESSION,
    SUCCESSOR,
    TASK,
    TASK_VACATED,
)
from tests.domain.scenario import Scenario, given

MONTHLY = (
    "{paper: progress_report, each: month, day: 25, if_day_off: next_working_day, grace_days: 0}"
)
PLAN = "{paper: plan, each: year, day: 10, month: 5}"
DUE = {"progress_report": date(2021, 5, 25), "plan": date(2021, 5, 10)}
PERIOD = {"progress_report": "2021-05", "plan": "2021"}
TAKEN = {"progress_report": (date(2021, 5, 1), date(2021, 5, 31)), "plan": (None, None)}
PAPERS = sorted(DUE)
FOUND = date(2021, 6, 20)
GIVEN = {
    "progress_report": ProgressReported(
        **SHARED, effective_on=date(2021, 5, 31), narrative="Đã dỡ 92 lò"
    ),
    "plan": PlanSubmitted(
        **SHARED,
        effective_on=date(2021, 5, 31),
        revision=1,
        summary="Ba bước",
        steps=(PlanStep(title="Vận động", due_on=date(2021, 6, 30), performed_by="Ban Dân vận"),),
    ),
}


def asking(*duties: str) -> Event:
    """The regulation asks for these."""
    lines = "".join(f"\n  - {duty}" for duty in duties)
    return regulation((f"duties:\n  - {MONTHLY}", f"duties:{lines}")).model_copy(
        update={"effective_on": date(2021, 1, 1)}
    )


ASKED = asking(MONTHLY, PLAN)
OWED = given(*IN_PROGRESS, ASKED)


def said(paper: str, **other: Any) -> dict[str, Any]:
    return {"paper": paper, "period": PERIOD[paper], "due_on": DUE[paper], **other}


def missed(paper: str, on: date = FOUND) -> TaskPaperMissed:
    whose = {name: SHARED[name] for name in ("task_id", "official_id", "unit_id")}
    days = dict(zip(("taken_from_on", "taken_to_on"), TAKEN[paper], strict=True))
    return TaskPaperMissed(**whose, **said(paper), **days, effective_on=on)


def looked(history: Scenario, paper: str, on: date = FOUND, **other: Any) -> Scenario:
    return history.when(RecordMissedTaskPaper, TASK, on=on, **said(paper, **other))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_that_did_not_come_by_its_day_is_told_once(paper: str) -> None:
    on = DUE[paper] + timedelta(1)
    after = looked(OWED, paper, on).then(missed(paper, on))
    looked(after, paper).then()


@pytest.mark.parametrize("paper", PAPERS)
def test_what_came_or_is_not_asked_for_is_not_missing(paper: str) -> None:
    due_on = DUE[paper]
    for history, on, other in (
        (OWED.given(GIVEN[paper]), FOUND, {}),
        (OWED, due_on, {}),
        (OWED, FOUND, {"due_on": due_on - timedelta(1)}),
        (OWED, FOUND, {"period": "2020"}),
        (given(*IN_PROGRESS), FOUND, {}),
        (given(*IN_PROGRESS, asking()), FOUND, {}),
    ):
        looked(history, paper, on, **other).refuses(TaskPaperNotMissing)


def test_of_a_task_that_nobody_began_none_is_missing() -> None:
    looked(given(ASKED), "plan").refuses(TaskUnknown)


def test_a_report_of_another_month_is_not_the_one_of_this_month() -> None:
    for on in (date(2021, 4, 30), date(2021, 6, 1)):
        other = GIVEN["progress_report"].model_copy(update={"effective_on": on})
        looked(OWED.given(other), "progress_report").then(missed("progress_report"))


def test_a_plan_of_any_day_is_one() -> None:
    early = GIVEN["plan"].model_copy(update={"effective_on": date(2021, 1, 31)})
    looked(OWED.given(early), "plan").refuses(TaskPaperNotMissing)


def test_a_task_with_a_rule_of_its_own_owes_a_plan_and_no_report_by_regulation() -> None:
    duty = ReportDuty.model_validate({"cadence": "yearly", "day": 20})
    own = ReportDutySet(**SHARED, effective_on=date(2021, 6, 1), set_by=COMMITTEE, duty=duty)
    looked(OWED.given(own), "progress_report").refuses(TaskPaperNotMissing)
    looked(OWED.given(own), "plan").then(missed("plan"))
    # Until it counts, the regulation asks; and a rule that asks for nothing is none.
    looked(OWED.given(own), "progress_report", date(2021, 5, 31)).decide()
    none = own.model_copy(update={"duty": None})
    looked(OWED.given(none), "progress_report").then(missed("progress_report"))


def test_nothing_is_missing_of_a_task_that_ended_or_was_not_worked_on_that_day() -> None:
    cancelled = TaskCancelled(
        **SHARED, effective_on=date(2021, 6, 2), cancelled_by=COMMITTEE, reason="Thôi"
    )
    for event in (
        cancelled,
        TASK_VACATED.model_copy(update={"effective_on": date(2021, 5, 5)}),
        COMPLETION_CLAIMED.model_copy(update={"effective_on": date(2021, 5, 5)}),
    ):
        for paper in PAPERS:
            looked(OWED.given(event), paper).refuses(TaskPaperNotMissing)
    vacated = TASK_VACATED.model_copy(update={"effective_on": date(2021, 6, 1)})
    looked(OWED.given(vacated), "plan").then(missed("plan"))


def test_whoever_led_the_task_on_the_day_is_named() -> None:
    history = given(*IN_PROGRESS, *SUCCESSION, ASKED, HANDED_OVER)
    looked(history, "plan").then(missed("plan"))
    june = {"period": "2021-06", "due_on": date(2021, 6, 25)}
    [event] = looked(history, "progress_report", date(2021, 7, 1), **june).decide()
    assert isinstance(event, TaskPaperMissed)
    assert event.official_id == SUCCESSOR


def test_a_paper_of_a_cohort_is_missing_of_those_enrolled_in_it() -> None:
    plan = PLAN.replace("}", ", only_for: [unit_heads]}")
    history = given(*IN_PROGRESS, asking(plan))
    looked(history, "plan").refuses(TaskPaperNotMissing)
    opened = CYCLE_OPENED.model_copy(update={"effective_on": date(2021, 5, 1)})
    member = enrolled(PREDECESSOR).model_copy(update={"effective_on": date(2021, 5, 1)})
    looked(history.given(opened, member), "plan").then(missed("plan"))
    other = opened.model_copy(update={"cohort": "deputies"})
    looked(history.given(other, member), "plan").refuses(TaskPaperNotMissing)


def test_the_revision_in_force_on_the_day_asks() -> None:
    stricter = asking(PLAN.replace("day: 10", "day: 3"))
    for on, is_asked in ((date(2021, 5, 10), False), (date(2021, 5, 11), True)):
        later = stricter.model_copy(update={"effective_on": on, "sha256": "3" * 64})
        command = looked(OWED.given(later), "plan")
        if is_asked:
            command.then(missed("plan"))
        else:
            command.refuses(TaskPaperNotMissing)


@pytest.mark.parametrize(
    ("period", "due_on", "taken"),
    [
        ("2021-05", "2021-05-25", ("2021-05-01", "2021-05-31")),
        ("2021-12", "2022-01-05", ("2022-01-01", "2022-01-31")),
        ("2021-Q4", "2021-12-20", ("2021-10-01", "2021-12-31")),
        ("2021", "2022-01-15", ("2022-01-01", "2022-12-31")),
    ],
)
def test_what_was_told_without_the_days_is_taken_in_the_month_quarter_or_year_of_its_day(
    period: str, due_on: str, taken: tuple[str, str]
) -> None:
    raw = {"paper": "progress_report", "period": period, "due_on": due_on}
    told = TaskPaperMissed.upcast(1, raw)
    assert (told["taken_from_on"], told["taken_to_on"]) == taken
    plan = TaskPaperMissed.upcast(1, {**raw, "paper": "plan"})
    assert (plan["taken_from_on"], plan["taken_to_on"]) == (None, None)


def test_what_is_told_stands_when_the_paper_is_recorded_late() -> None:
    on = date(2021, 5, 26)
    after = looked(OWED, "progress_report", on).then(missed("progress_report", on))
    looked(after.given(GIVEN["progress_report"]), "progress_report").refuses(TaskPaperNotMissing)
