"""Papers that a regulation asks for: a reminder names one that is told to be missing."""

from datetime import date
from typing import Any

import pytest

from domain.kernel import Event
from domain.tasks.events import PlanStep, PlanSubmitted, ProgressReported
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.term import PaperOfPeriod
from domain.tasks.work.missed_reports import ReportNotMissing, TaskPaperMissed
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from domain.tasks.work.urging import PlanNotMissing, Remind, TwoPapersNamed
from tests.domain.cast import COMMITTEE, IN_PROGRESS, SHARED, TASK
from tests.domain.scenario import BY_BODY, Scenario, given

MAY = {"paper": "progress_report", "period": "2021-05"}
PLAN = {"paper": "plan", "period": "2021"}
FOUND, REMINDED = date(2021, 5, 26), date(2021, 6, 20)
WHOSE = {name: SHARED[name] for name in ("task_id", "official_id", "unit_id")}
REPORT_MISSED = TaskPaperMissed.model_validate(
    {
        **WHOSE,
        **MAY,
        "effective_on": FOUND,
        "due_on": date(2021, 5, 25),
        "taken_from_on": date(2021, 5, 1),
        "taken_to_on": date(2021, 5, 31),
    }
)
PLAN_MISSED = TaskPaperMissed.model_validate(
    {
        **WHOSE,
        **PLAN,
        "effective_on": FOUND,
        "due_on": date(2021, 5, 10),
        "taken_from_on": None,
        "taken_to_on": None,
    }
)
MISSED = given(*IN_PROGRESS, REPORT_MISSED, PLAN_MISSED)
SAID: dict[str, Any] = {"content": "Đôn đốc", "answer_due_on": date(2021, 6, 30)}


def reported(on: date) -> Event:
    return ProgressReported(**SHARED, effective_on=on, narrative="Đã dỡ")


def planned(on: date) -> Event:
    step = PlanStep(title="Vận động", due_on=REMINDED, performed_by="Ban Dân vận")
    return PlanSubmitted(**SHARED, effective_on=on, revision=1, summary="Một bước", steps=(step,))


def ruled(duty: dict[str, Any] | None) -> Event:
    asked = None if duty is None else ReportDuty.model_validate(duty)
    return ReportDutySet(**SHARED, effective_on=FOUND, set_by=COMMITTEE, duty=asked)


def remind(history: Scenario, **named: Any) -> Scenario:
    return history.when(Remind, TASK, on=REMINDED, **BY_BODY, **SAID, **named)


def reminded(named: dict[str, str]) -> Event:
    paper = PaperOfPeriod.model_validate(named)
    return ReminderIssued(
        **SHARED, **SAID, effective_on=REMINDED, number=1, issued_by=COMMITTEE, missed_paper=paper
    )


def test_a_reminder_names_a_plan_or_a_report_that_is_missing() -> None:
    remind(MISSED, missed_paper=PLAN).then(reminded(PLAN))
    remind(MISSED, missed_paper=MAY).then(reminded(MAY))
    # A report may be named by its period alone.
    remind(MISSED, missed_report="2021-05").then(reminded(MAY))


def test_what_nothing_tells_of_or_is_of_another_period_is_not_missing() -> None:
    remind(given(*IN_PROGRESS), missed_paper=PLAN).refuses(PlanNotMissing)
    remind(given(*IN_PROGRESS), missed_paper=MAY).refuses(ReportNotMissing)
    remind(MISSED, missed_paper={**PLAN, "period": "2021-05"}).refuses(PlanNotMissing)
    remind(MISSED, missed_paper={**MAY, "period": "2021"}).refuses(ReportNotMissing)


def test_a_reminder_names_one_paper() -> None:
    remind(MISSED, missed_paper=PLAN, missed_report="2021-05").refuses(TwoPapersNamed)


@pytest.mark.parametrize("on", [date(2021, 5, 11), date(2021, 6, 1)])
def test_a_plan_that_came_is_missing_no_more(on: date) -> None:
    after = MISSED.given(planned(on))
    remind(after, missed_paper=PLAN).refuses(PlanNotMissing)
    remind(after, missed_paper=MAY).then(reminded(MAY))


@pytest.mark.parametrize("on", [date(2021, 5, 1), date(2021, 5, 25), date(2021, 5, 31)])
def test_a_report_of_the_days_is_taken_for_the_one_that_is_missing(on: date) -> None:
    after = MISSED.given(reported(on))
    remind(after, missed_paper=MAY).refuses(ReportNotMissing)
    remind(after, missed_paper=PLAN).then(reminded(PLAN))


def test_one_of_other_days_is_not() -> None:
    other = MISSED.given(*(reported(on) for on in (date(2021, 4, 30), date(2021, 6, 1))))
    remind(other, missed_paper=MAY).then(reminded(MAY))


def test_a_report_before_its_days_is_not_taken_for_one_that_was_due_before_them() -> None:
    """Due on the last working day before the first of the month that it is taken in."""
    days = {"taken_from_on": date(2021, 6, 1), "taken_to_on": date(2021, 6, 30)}
    early = given(*IN_PROGRESS, REPORT_MISSED.model_copy(update=days))
    remind(early.given(reported(date(2021, 5, 31))), missed_paper=MAY).then(reminded(MAY))
    remind(early.given(reported(date(2021, 6, 1))), missed_paper=MAY).refuses(ReportNotMissing)


def test_a_rule_of_the_tasks_own_asks_for_its_reports_and_not_the_regulation() -> None:
    own = MISSED.given(ruled({"cadence": "yearly", "day": 20}))
    remind(own, missed_paper=MAY).refuses(ReportNotMissing)
    remind(own, missed_paper=PLAN).then(reminded(PLAN))
    remind(MISSED.given(ruled(None)), missed_paper=MAY).then(reminded(MAY))


def test_a_reminder_of_before_named_a_report_by_its_period() -> None:
    raw: dict[str, Any] = {"number": 1}
    assert ReminderIssued.upcast(1, raw) == {**raw, "missed_paper": None}
    named = ReminderIssued.upcast(2, {**raw, "missed_report": "2021-05"})
    assert named == {**raw, "missed_paper": MAY}
