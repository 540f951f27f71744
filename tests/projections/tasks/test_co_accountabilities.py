"""Whoever comes to lead a task answers beside its lead no longer."""

from domain.tasks.events import TaskHandedOver
from domain.tasks.responsibility.co_accountability import CoAccountableAdded
from tests.domain.cast import (
    ASSIGNED,
    COMMITTEE,
    DISTRICT_PARTY,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    SUCCESSOR,
    TASK,
)
from tests.projections.conftest import Recorder
from tests.projections.tasks.recorded_lives import BEFORE, LATER, recorded_life


async def test_who_comes_to_lead_answers_beside_the_lead_no_longer(recorder: Recorder) -> None:
    added = CoAccountableAdded(
        **{**SHARED, "official_id": SUCCESSOR}, effective_on=ASSIGNED, added_by=COMMITTEE
    )
    handed_over = TaskHandedOver(
        effective_on=LATER,
        task_id=TASK,
        from_official=PREDECESSOR,
        to_official=SUCCESSOR,
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        state_summary="Đang làm",
    )
    life = await recorded_life(recorder, added, handed_over)
    assert await life.spans(official=SUCCESSOR) == [
        ("co", SUCCESSOR, str(ASSIGNED), str(BEFORE)),
        ("lead", SUCCESSOR, str(LATER), None),
    ]
