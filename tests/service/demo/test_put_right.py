"""What the sample records late, ahead and wrongly, before it is sent."""

import json
from datetime import date, timedelta

import pytest

from domain.organisation.tenures import Appointment
from domain.record.annulment import Annulment
from service.demo.steps import Step
from service.demo.tuyen_quang import province
from service.demo.tuyen_quang.people import holders, seats, tenures
from service.demo.tuyen_quang.put_right import (
    APPOINTED,
    EVENTS_BEFORE,
    FIRST,
    HANDED_OVER,
    POST,
    REPORTED,
    SECOND,
    ahead_on,
    stages,
)
from service.handle import today, utc_now


def steps() -> list[Step]:
    """All of them; from when the appointment counts depends on the day."""
    return [step for stage in stages() for chain in stage for step in chain.steps]


STEPS = steps()
END_OF_2021 = date(2021, 12, 31)


def body(step: Step, recorded: list[int]) -> dict[str, object]:
    said: dict[str, object] = json.loads(step.body(recorded))
    return said


@pytest.mark.parametrize(
    ("day", "ahead"),
    [
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_appointment_counts_from_the_first_day_of_the_next_month(
    day: date, ahead: date
) -> None:
    assert ahead_on(day) == ahead


def test_only_the_appointment_is_ahead_and_it_is_whenever_the_sample_is_loaded() -> None:
    now = today(utc_now)
    ahead = [step for step in steps() if (step.params.effective_on or now) > now]
    assert [type(step.params) for step in ahead] == [Appointment]


def test_nothing_of_it_counts_from_a_day_of_the_reports() -> None:
    days = [step.params.effective_on for step in STEPS]
    assert all(day is None or day > END_OF_2021 for day in days)


def test_the_appointed_is_new_and_takes_a_free_seat() -> None:
    [seat] = [seat for seat in seats() if seat.post_id == POST]
    assert len(holders(POST, END_OF_2021)) == seat.seats - 1
    assert APPOINTED not in {tenure.official_id for tenure in tenures()}


def test_the_task_goes_from_one_holder_of_the_post_to_the_other() -> None:
    [post_id] = {t.post_id for t in tenures() if t.official_id == FIRST}
    assert holders(post_id, END_OF_2021 + timedelta(days=1)) == [FIRST, SECOND]


def test_the_sample_recorded_so_much_about_the_tasks_before() -> None:
    chains = {chain.subject: chain for stage in province.stages() for chain in stage}
    for task in (HANDED_OVER, REPORTED):
        assert len(chains[f"task:{task}"].steps) == EVENTS_BEFORE


def test_what_is_put_right_is_named_by_its_position_in_the_log() -> None:
    recorded = [*range(101, 120)]
    named = [
        body(step, recorded)["positions"]
        if isinstance(step.params, Annulment)
        else step.params.replaces and body(step, recorded)["replaces"]
        for step in STEPS
        if step.puts_right
    ]
    handover, mistyped, double = named
    assert handover == {"positions": [106], "reason": STEPS[3].params.replaces.reason}  # type: ignore[union-attr]  # it replaces
    assert isinstance(mistyped, dict)
    assert (mistyped["positions"], double) == ([105], [109])


def test_what_takes_the_place_of_something_records_the_annulment_too() -> None:
    types = [[event.TYPE for event in step.events] for step in STEPS if step.puts_right]
    assert types == [
        ["event.annulled", "task.handed_over"],
        ["event.annulled", "task.progress_reported"],
        ["event.annulled"],
    ]
