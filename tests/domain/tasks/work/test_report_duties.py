"""Reports due: which periodic reports a rule asks for between two days."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.kernel import NotTheEntitledBody
from domain.tasks.command import TaskNotInProgress
from domain.tasks.work.report_duties import (
    Cadence,
    Obligation,
    ReportDuty,
    ReportDutySet,
    SetReportDuty,
    obligations,
)
from tests.domain.cast import (
    ASSIGNED,
    COMMITTEE,
    COMPLETED,
    DISTRICT_PARTY,
    HANDOVER,
    IN_PROGRESS,
    SHARED,
    TASK,
)
from tests.domain.scenario import BY_BODY, given

ON_THE_25TH = ReportDuty(cadence=Cadence.MONTHLY, day=25)


def due(duty: ReportDuty, from_on: date, to_on: date) -> list[tuple[str, str]]:
    return [(one.period, str(one.due_on)) for one in obligations(duty, from_on, to_on)]


def test_a_monthly_report_is_due_on_the_25th() -> None:
    assert due(ON_THE_25TH, date(2023, 11, 26), date(2024, 1, 25)) == [
        ("2023-12", "2023-12-25"),
        ("2024-01", "2024-01-25"),
    ]


def test_both_days_are_included() -> None:
    day = date(2024, 1, 25)
    assert due(ON_THE_25TH, day, day) == [("2024-01", "2024-01-25")]
    assert due(ON_THE_25TH, day, day - timedelta(1)) == []


@pytest.mark.parametrize(
    ("day", "year", "last"),
    [(31, 2023, "2023-02-28"), (31, 2024, "2024-02-29"), (29, 2023, "2023-02-28")],
)
def test_a_month_without_that_day_has_its_report_on_the_last(
    day: int, year: int, last: str
) -> None:
    duty = ReportDuty(cadence=Cadence.MONTHLY, day=day)
    assert due(duty, date(year, 2, 1), date(year, 2, 29 if year == 2024 else 28)) == [
        (f"{year}-02", last)
    ]


def test_the_end_of_every_month_is_the_31st_where_there_is_one() -> None:
    duty = ReportDuty(cadence=Cadence.MONTHLY, day=31)
    assert [on[8:] for _, on in due(duty, date(2023, 1, 1), date(2023, 12, 31))] == (
        ["31", "28", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31"]
    )


def test_a_quarterly_report_may_be_due_after_its_quarter() -> None:
    duty = ReportDuty(cadence=Cadence.QUARTERLY, day=10, months_after=1)
    assert due(duty, date(2021, 1, 1), date(2021, 12, 31)) == [
        ("2020-Q4", "2021-01-10"),
        ("2021-Q1", "2021-04-10"),
        ("2021-Q2", "2021-07-10"),
        ("2021-Q3", "2021-10-10"),
    ]


def test_a_yearly_report_may_be_due_before_its_year_ends() -> None:
    duty = ReportDuty(cadence=Cadence.YEARLY, day=30, months_after=-1)
    assert due(duty, date(2021, 1, 1), date(2022, 12, 31)) == [
        ("2021", "2021-11-30"),
        ("2022", "2022-11-30"),
    ]


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@any_of(DAYS, st.integers(0, 800), st.sampled_from(Cadence), st.integers(1, 31))
def test_a_stretch_of_days_cut_in_two_has_the_same_reports(
    from_on: date, days: int, cadence: Cadence, day: int
) -> None:
    duty = ReportDuty(cadence=cadence, day=day)
    to_on = from_on + timedelta(days)
    middle = from_on + timedelta(days // 2)
    whole: list[Obligation] = list(obligations(duty, from_on, to_on))
    assert whole == [
        *obligations(duty, from_on, middle),
        *obligations(duty, middle + timedelta(1), to_on),
    ]
    assert [one.due_on for one in whole] == sorted({one.due_on for one in whole})


def test_a_report_is_not_due_before_its_period_begins() -> None:
    with pytest.raises(ValidationError, match="before its period begins"):
        ReportDuty(cadence=Cadence.QUARTERLY, day=1, months_after=-3)


def test_the_assigning_body_asks_for_reports_and_asks_no_more() -> None:
    params: dict[str, Any] = {"duty": ON_THE_25TH}
    duty_set = ReportDutySet(**SHARED, effective_on=ASSIGNED, set_by=COMMITTEE, duty=ON_THE_25TH)
    going_on = given(*IN_PROGRESS)
    going_on.when(SetReportDuty, TASK, on=ASSIGNED, **BY_BODY, **params).then(duty_set).when(
        SetReportDuty, TASK, on=HANDOVER, **BY_BODY, duty=None
    ).then(duty_set.model_copy(update={"effective_on": HANDOVER, "duty": None}))
    going_on.when(SetReportDuty, TASK, on_behalf_of=DISTRICT_PARTY, **params).refuses(
        NotTheEntitledBody
    )
    given(*COMPLETED).when(SetReportDuty, TASK, **BY_BODY, **params).refuses(TaskNotInProgress)
