"""Whatever commands let happen, the coverage is folded, and is what a recount of it gives."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import settings

from domain.kernel import Event
from domain.timeline import timeline
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, CoverageRow
from projections.projection import FOREVER
from tests.domain.monitoring.test_lives import Lives
from tests.projections.out_of_order import read, rows
from tests.projections.recount_of_communes import communes


def folded(history: Sequence[Event]) -> list[CoverageRow]:
    """The rows that the projection makes of it, in whatever order it was recorded."""
    lives = read(dict(enumerate(history, 1)))
    found: list[Any] = [row for life in lives.values() for row in rows(COMMUNE_COVERAGE, life)]
    return found


def standing(rows: Sequence[CoverageRow], day: str) -> list[CoverageRow]:
    """The rows of the day."""
    return [
        row
        for row in rows
        if row["valid_from"] <= day and (row["valid_to"] == FOREVER or day < row["valid_to"])
    ]


class CoverageOfLives(Lives):
    """Once everything has been tried, every day is counted twice."""

    def teardown(self) -> None:
        made = folded(self.history)
        in_order = [entry.event for entry in timeline(dict(enumerate(self.history, 1)))]
        changed = {event.effective_on for event in self.history}
        for day in sorted({on + timedelta(days=n) for on in changed for n in (-1, 0)}):
            self.compare(made, in_order, day)

    def compare(self, made: Sequence[CoverageRow], in_order: Sequence[Event], day: date) -> None:
        found = standing(made, day.isoformat())
        by_hand = communes(in_order, day)
        assert len(found) == len(by_hand)
        assert {
            row["unit_id"]: (
                row["official_id"], row["agency_id"], row["cause"], row["last_official"]
            )
            for row in found
        } == {name: tuple(commune)[2:] for name, commune in by_hand.items()}  # fmt: skip


TestCoverageOfCommands = CoverageOfLives.TestCase
TestCoverageOfCommands.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
