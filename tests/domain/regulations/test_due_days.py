"""Due days: the day that a duty states, moved by days off and grace, in every period."""

from datetime import date
from typing import Any

import pytest

from domain.regulations.adoption import AdoptDaysOff
from domain.regulations.events import DayOff, DaysOffAdopted
from domain.regulations.regulations import Regulations
from domain.regulations.vocabulary_1.due_days import due_day
from domain.regulations.vocabulary_1.organising import Duty
from tests.domain.cast import COMMITTEE
from tests.domain.regulations.governing import COMMUNES, governing
from tests.domain.scenario import BY_BODY, Scenario

JUNE, SECOND_QUARTER, YEAR = date(2023, 6, 1), date(2023, 4, 1), date(2023, 1, 1)
# Sunday 25 June 2023; Monday 26 is a bridging day, and Saturday 24 is worked instead.
CALENDAR = DaysOffAdopted(
    effective_on=YEAR,
    adopted_by=COMMITTEE,
    year=2023,
    days_off=(DayOff(on=date(2023, 6, 26), title="Nghỉ hoán đổi"),),
    worked=(date(2023, 6, 24),),
)
CASES: list[tuple[dict[str, Any], date, date]] = [
    ({"each": "month", "day": 25}, JUNE, date(2023, 6, 25)),
    ({"each": "month", "day": 25, "strictly_before": True}, JUNE, date(2023, 6, 24)),
    ({"each": "month", "day": 25, "if_day_off": "next_working_day"}, JUNE, date(2023, 6, 27)),
    ({"each": "month", "day": 25, "if_day_off": "previous_working_day"}, JUNE, date(2023, 6, 24)),
    ({"each": "month", "day": 5, "next_period": True}, date(2023, 12, 1), date(2024, 1, 5)),
    ({"each": "month", "day": "last"}, date(2024, 2, 1), date(2024, 2, 29)),
    ({"each": "month", "day": "last", "grace_days": 3}, JUNE, date(2023, 7, 3)),
    ({"each": "quarter", "day": "last"}, SECOND_QUARTER, date(2023, 6, 30)),
    ({"each": "quarter", "day": 5, "month": 1}, SECOND_QUARTER, date(2023, 4, 5)),
    (
        {"each": "quarter", "day": 5, "month": 1, "next_period": True},
        date(2023, 10, 1),
        date(2024, 1, 5),
    ),
    ({"each": "year", "day": 15, "month": 12}, YEAR, date(2023, 12, 15)),
    ({"each": "year", "day": 15, "month": 1, "next_period": True}, YEAR, date(2024, 1, 15)),
]


@pytest.mark.parametrize(("stated", "begins_on", "due_on"), CASES)
def test_a_duty_is_due_on_its_day_or_on_the_working_day_beside_it(
    stated: dict[str, Any], begins_on: date, due_on: date
) -> None:
    regulations = Regulations()
    regulations.evolve(CALENDAR)
    duty = Duty(paper="progress_report", **stated)
    assert due_day(duty, begins_on, regulations.days_off.is_off) == due_on


def test_a_body_adopts_the_days_off_of_a_year_and_later_another_calendar() -> None:
    listed = [one.model_dump(mode="json") for one in CALENDAR.days_off]
    params: dict[str, Any] = {"year": 2023, "days_off": listed, "worked": ["2023-06-24"]}
    adopted = Scenario(()).when(AdoptDaysOff, on=YEAR, **BY_BODY, **params).then(CALENDAR)
    none = CALENDAR.model_copy(update={"days_off": (), "worked": ()})
    adopted.when(AdoptDaysOff, on=YEAR, **BY_BODY, year=2023, days_off=()).then(none)
    regulations = Regulations()
    for event, off in ((CALENDAR, True), (none, False)):
        regulations.evolve(event)
        assert regulations.days_off.is_off(date(2023, 6, 26)) is off
    for wrong in ({"worked": ["2024-06-24"]}, {"worked": ["2023-06-26"]}):
        with pytest.raises(ValueError, match="each day must be of 2023 and named once"):
            AdoptDaysOff.PARAMETERS.model_validate({**params, **wrong})


def test_the_papers_of_monitoring_are_due_as_the_file_in_force_says() -> None:
    regulations = Regulations()
    regulations.evolve(governing(COMMUNES, YEAR))
    rules = regulations.of_communes(date(2023, 12, 31))
    assert rules is not None
    assert (rules.communes_per_official, rules.leading_post_kinds) == (2, ("department_leader",))
    # 31 December 2023 is a Sunday.
    assert rules.due("monitoring_report", 2023, regulations.days_off) == date(2023, 12, 29)
    assert rules.due("monitoring_programme", 2023, regulations.days_off) is None
