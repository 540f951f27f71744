"""The four states of tasks are on any day what a recount by hand gives."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.tasks.states import STATES, TASK_STATES
from tests.projections.answers import EXAMPLES, batches, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.lives import histories_and_days
from tests.projections.recount_of_states import counted


@pytest.mark.parametrize("group_by", ["none", "unit", "official", "field", "kind", "year"])
@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_the_four_states_are_what_a_recount_by_hand_gives(
    recorder: Recorder, group_by: str, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    rows = await items(recorder, ledger, page(TASK_STATES, by=group_by), as_of=day)
    assert all(row.pop("total") == sum(row[name] for name in STATES) for row in rows)
    states = {row.pop("group"): +Counter(row) for row in rows}
    assert states == counted(events, day, group_by)
