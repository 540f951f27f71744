"""Who is counted, and for what, is what a recount by hand gives, on any day."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given

from domain.kernel import Event
from domain.tasks.changes import TaskRevised
from domain.tasks.events import TaskTransferred
from projections.listing import page
from projections.tasks.completion_rates import COMPLETION_RATES
from tests.domain.cast import (
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    TASK,
)
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, items
from tests.projections.conftest import Recorder
from tests.projections.lives import histories_and_days
from tests.projections.tasks.recorded_lives import BEFORE, LATER, corrected, recorded_life


@pytest.mark.parametrize(
    "group_by", ["none", "unit", "official", "field", "kind", "origin", "year"]
)
@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_rates_are_what_a_recount_by_hand_gives(
    recorder: Recorder, group_by: str, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    statement = page(COMPLETION_RATES, by=group_by)
    found = {row.pop("group"): row for row in await items(recorder, ledger, statement, as_of=day)}
    by_hand = recount.rates(events, day, group_by)
    assert set(found) == set(by_hand)
    for group, counts in found.items():
        counted = Counter(counts)
        del counted["transferred_in"]
        assert +counted == +by_hand[group], group


def transferred(to_official: str, to_post: str, to_unit: str) -> Event:
    return TaskTransferred(
        effective_on=LATER,
        task_id=TASK,
        from_official=PREDECESSOR,
        from_post=SECRETARY,
        from_unit=DISTRICT_PARTY,
        to_official=to_official,
        to_post=to_post,
        to_unit=to_unit,
        decided_by=COMMITTEE,
        reason="Điều chuyển",
    )


async def test_a_transfer_within_a_unit_is_none_for_the_unit(recorder: Recorder) -> None:
    life = await recorded_life(recorder, transferred(CHAIR, "pho-bi-thu", DISTRICT_PARTY))
    assert await life.counts("unit", LATER) == {
        DISTRICT_PARTY: {"assigned": 1, "in_progress_in_time": 1}
    }
    assert await life.counts("official", LATER) == {
        PREDECESSOR: {"assigned": 1, "transferred": 1},
        CHAIR: {"assigned": 1, "in_progress_in_time": 1},
    }


async def test_a_transfer_in_which_the_same_official_goes_on_counts_once_for_the_official(
    recorder: Recorder,
) -> None:
    life = await recorded_life(recorder, transferred(PREDECESSOR, CHAIRMAN, DISTRICT_STATE))
    by_official = await life.counts("official", LATER)
    assert by_official[PREDECESSOR].pop("transferred_in") == 1
    assert by_official == {PREDECESSOR: {"assigned": 1, "in_progress_in_time": 1}}
    assert await life.counts("unit", LATER) == {
        DISTRICT_PARTY: {"assigned": 1, "transferred": 1},
        DISTRICT_STATE: {"assigned": 1, "transferred_in": 1, "in_progress_in_time": 1},
    }


async def test_a_corrected_field_counts_from_the_correction_on(recorder: Recorder) -> None:
    life = await recorded_life(recorder, corrected(1, {"kind": "proposal", "field": "land"}))
    one = {"assigned": 1, "in_progress_in_time": 1}
    assert await life.counts("field", BEFORE) == {"environment": one}
    assert await life.counts("field", LATER) == {"land": one}


async def test_a_day_is_overdue_by_the_deadline_of_that_day(recorder: Recorder) -> None:
    revised = TaskRevised(
        **SHARED,
        effective_on=LATER,
        revised_by=COMMITTEE,
        request=None,
        targets=(),
        due_on=LATER,
        reason="Sớm hơn",
    )
    life = await recorded_life(recorder, revised)
    for day, count in ((LATER, "in_progress_in_time"), (LATER + timedelta(1), "overdue")):
        assert await life.counts("none", day) == {"all": {"assigned": 1, count: 1}}
