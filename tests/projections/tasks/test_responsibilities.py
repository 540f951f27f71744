"""A vacancy is a span of its own, unless it lasted no day."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from domain.kernel import Event
from domain.tasks.changes import TaskVacated, VacancyFilled
from tests.domain.cast import (
    ASSIGNED,
    COMMITTEE,
    DISTRICT_PARTY,
    PREDECESSOR,
    SHARED,
    SUCCESSOR,
    TASK,
)
from tests.projections.conftest import Recorder
from tests.projections.tasks.recorded_lives import BEFORE, LATER, recorded_life


def vacancy(filled_on: date) -> Sequence[Event]:
    vacated = TaskVacated(**SHARED, effective_on=LATER, vacated_by=COMMITTEE, reason="Nghỉ")
    filled = VacancyFilled(
        **{**SHARED, "official_id": SUCCESSOR},
        effective_on=filled_on,
        filled_by=COMMITTEE,
        state_summary="Đang làm",
    )
    return vacated, filled


@pytest.mark.parametrize("batch", [1, 500])
async def test_a_vacancy_names_nobody_and_leaves_no_trace_if_it_lasted_no_day(
    recorder: Recorder, batch: int
) -> None:
    week = LATER + timedelta(7)
    life = await recorded_life(recorder, *vacancy(filled_on=week), batch=batch)
    led = ("lead", PREDECESSOR, str(ASSIGNED), str(BEFORE))
    assert await life.spans(task=TASK) == [
        led,
        ("lead", None, str(LATER), str(week - timedelta(1))),
        ("lead", SUCCESSOR, str(week), None),
    ]
    assert await life.counts("official", LATER) == {PREDECESSOR: {"vacated": 1}}
    assert await life.counts("unit", LATER) == {
        DISTRICT_PARTY: {"assigned": 1, "in_progress_in_time": 1, "vacated": 1, "vacant": 1}
    }
    at_once = await recorded_life(recorder, *vacancy(filled_on=LATER), batch=batch)
    assert await at_once.spans(task=TASK) == [led, ("lead", SUCCESSOR, str(LATER), None)]
