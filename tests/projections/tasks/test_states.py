"""The four states of tasks are on any day what a recount by hand gives."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given

from domain.kernel import Event
from projections.tasks.states import States, task_states
from tests.projections.answers import EXAMPLES, batches, fetched, recorded
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
    statement = task_states(group_by, frozenset(), continued=False)
    rows = await fetched(recorder, ledger, statement, as_of=day)
    found = {row["group"]: +Counter(States(*row[2:])._asdict()) for row in rows}
    assert found == counted(events, day, group_by)
