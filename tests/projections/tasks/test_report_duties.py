"""Which periodic reports are missing on a day: given in time, given late, or not given."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.kernel import Event
from domain.tasks.changes import VacancyFilled
from domain.tasks.events import CompletionReturned, ProgressReported
from domain.tasks.work.owed_reports import late
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from projections.folding import Folding
from projections.projection import RecordedEvent
from projections.tasks.report_duties import REPORT_DUTIES
from tests.domain.cast import (
    COMMITTEE,
    COMPLETION_CLAIMED,
    COMPLETION_CONFIRMED,
    DONE,
    HANDOVER,
    SHARED,
    TASK_VACATED,
)

MONTHLY = {"cadence": "monthly", "day": 25}
QUARTERLY = {"cadence": "quarterly", "day": 10, "months_after": 1}


def asked(on: date, duty: dict[str, Any] | None = None) -> ReportDutySet:
    said = ReportDuty.model_validate(duty or MONTHLY)
    return ReportDutySet(effective_on=on, set_by=COMMITTEE, duty=said, **SHARED)


def reported(month: int, day: int) -> ProgressReported:
    return ProgressReported(effective_on=date(2021, month, day), narrative="đang làm", **SHARED)


def missing(events: Sequence[Event], as_of: date) -> list[str]:
    return [one.period for one in late(rows(events)[-1], as_of)]


def rows(events: Sequence[Event]) -> list[Any]:
    folding = Folding(REPORT_DUTIES, {})
    folding.fold(
        RecordedEvent(position, event.TYPE, event.model_dump(mode="json"))
        for position, event in enumerate(events, 1)
    )
    return folding.changed()


def test_a_report_is_missing_from_the_day_after_it_was_due() -> None:
    events: list[Event] = [asked(date(2021, 1, 6))]
    assert missing(events, date(2021, 1, 25)) == []
    assert missing(events, date(2021, 1, 26)) == ["2021-01"]
    assert missing(events, date(2021, 4, 1)) == ["2021-01", "2021-02", "2021-03"]


def test_a_report_is_for_its_own_month_also_after_its_day() -> None:
    events = [asked(date(2021, 1, 6)), reported(1, 20), reported(2, 27), reported(4, 25)]
    assert missing(events, date(2021, 4, 26)) == ["2021-03"]
    last = rows(events)[-1]
    assert (last["given_in_time"], last["given_late"]) == (2, 1)
    assert last["first_missing_on"] == "2021-03-25"


def test_a_second_report_of_a_month_makes_up_for_the_oldest_missing() -> None:
    events = [asked(date(2021, 1, 6)), reported(3, 20), reported(3, 21), reported(3, 22)]
    assert missing(events[:2], date(2021, 4, 1)) == ["2021-01", "2021-02"]
    assert missing(events[:3], date(2021, 4, 1)) == ["2021-02"]
    assert missing(events, date(2021, 4, 1)) == []
    assert missing([*events, reported(3, 23)], date(2021, 4, 26)) == ["2021-04"]


def test_a_quarterly_report_is_for_the_quarter_that_was_due_in_or_after_its_month() -> None:
    events = [asked(date(2021, 1, 6), QUARTERLY), reported(4, 12), reported(7, 9)]
    assert missing(events[:1], date(2021, 4, 11)) == ["2020-Q4", "2021-Q1"]
    assert missing(events, date(2021, 10, 11)) == ["2020-Q4", "2021-Q3"]
    last = rows(events)[-1]
    assert (last["given_in_time"], last["given_late"]) == (1, 1)


def test_nothing_falls_due_while_nobody_answers() -> None:
    filled = VacancyFilled(
        effective_on=date(2021, 9, 1), filled_by=COMMITTEE, state_summary="dở dang", **SHARED
    )
    events: list[Event] = [asked(date(2021, 4, 30)), reported(5, 20), TASK_VACATED]
    assert date(2021, 6, 1) == HANDOVER
    assert missing(events, date(2021, 12, 1)) == []
    assert missing([*events, filled], date(2021, 10, 1)) == ["2021-09"]


def test_a_claim_of_completion_is_a_report_and_nothing_falls_due_until_it_is_decided() -> None:
    returned = CompletionReturned(
        effective_on=date(2021, 12, 1), returned_by=COMMITTEE, reason="thiếu", **SHARED
    )
    assert date(2021, 10, 1) == DONE
    events: list[Event] = [asked(date(2021, 9, 1)), COMPLETION_CLAIMED]
    assert missing(events, date(2021, 12, 1)) == ["2021-09"]
    assert missing([*events, returned], date(2021, 12, 26)) == ["2021-09", "2021-12"]
    assert missing([*events, COMPLETION_CONFIRMED], date(2022, 1, 1)) == []


def test_a_duty_set_while_a_claim_waits_begins_with_its_return() -> None:
    returned = CompletionReturned(
        effective_on=date(2021, 12, 1), returned_by=COMMITTEE, reason="thiếu", **SHARED
    )
    events: list[Event] = [COMPLETION_CLAIMED, asked(DONE)]
    assert missing(events, date(2021, 12, 1)) == []
    assert missing([*events, returned], date(2022, 1, 1)) == ["2021-12"]


def test_another_duty_leaves_missing_what_was_missing() -> None:
    ended = ReportDutySet(effective_on=date(2021, 3, 1), set_by=COMMITTEE, duty=None, **SHARED)
    events: list[Event] = [asked(date(2021, 1, 6)), ended]
    assert missing(events, date(2021, 12, 31)) == ["2021-01", "2021-02"]
    again = asked(date(2021, 5, 1), QUARTERLY)
    assert missing([*events, again], date(2021, 7, 11)) == ["2021-01", "2021-02", "2021-Q2"]


def test_a_task_without_a_duty_owes_no_report() -> None:
    assert rows([reported(1, 20), TASK_VACATED, COMPLETION_CONFIRMED]) == []


def test_the_first_day_missing_is_that_of_the_oldest_report_missing_on_any_day() -> None:
    events = [asked(date(2021, 1, 6)), reported(1, 20), reported(3, 20), reported(3, 21)]
    for row in rows(events):
        first = date.fromisoformat(row["first_missing_on"])
        assert late(row, date(2021, 12, 31))[0].due_on == first
