"""Every point of the trend is what a recount by hand gives."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import Event
from projections.listing import page
from projections.tasks.overdue_trend import OVERDUE_TREND, Point, month_ends, with_points
from tests.projections.answers import EXAMPLES, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.lives import FIRST_DAY, histories_and_days
from tests.projections.recount_of_states import counted


@pytest.mark.parametrize("group_by", ["none", "official", "kind"])
@EXAMPLES
@given(history=histories_and_days(), months=st.integers(0, 20))
async def test_the_trend_is_a_recount_at_the_end_of_each_month(
    recorder: Recorder, group_by: str, history: tuple[list[Event], date], months: int
) -> None:
    events, last = history
    ledger = await recorded(recorder, events, 500)
    ends = month_ends(last - timedelta(days=30 * months), last)
    listed = await items(recorder, ledger, page(OVERDUE_TREND, by=group_by), days=ends)
    found = {
        one["group"]: [Point(*(point[name] for name in Point._fields)) for point in one["points"]]
        for one in with_points(listed, {"days": ends})
    }
    for index, day in enumerate(ends):
        by_hand = {
            group: Point(
                counts["open_in_time"] + counts["open_overdue"],
                counts["open_overdue"],
                counts["done_in_time"],
                counts["done_late"],
            )
            for group, counts in counted(events, day, group_by).items()
        }
        nothing = Point(0, 0, 0, 0)
        points = {group: of[index] for group, of in found.items() if of[index] != nothing}
        assert points == by_hand, day


def test_a_month_ends_on_its_last_day_and_the_last_one_on_the_day_asked_about() -> None:
    assert month_ends(date(2019, 12, 31), date(2020, 3, 15)) == [
        date(2019, 12, 31),
        date(2020, 1, 31),
        date(2020, 2, 29),
        date(2020, 3, 15),
    ]
    whole = month_ends(FIRST_DAY, date(2022, 6, 30))
    assert [day.day for day in whole] == [monthrange(day.year, day.month)[1] for day in whole]
