"""The four states of tasks are on any day what a recount by hand gives."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.monitoring.figures import year_counts
from projections.tasks.states import STATES, TASK_STATES
from tests.projections.answers import EXAMPLES, batches, fetched, items, recorded
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


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_the_figures_of_a_year_are_the_states_of_what_was_assigned_in_it(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    for year in (2021, 2022):
        last_day = min(day, date(year, 12, 31))
        asked = {"year": year, "first_day": date(year, 1, 1), "last_day": last_day}
        [row] = await fetched(recorder, ledger, year_counts(), as_of=day, **asked)
        by_hand = counted(events, last_day, "year").get(str(year), Counter())
        assert +Counter({state: row[state] for state in STATES}) == by_hand
