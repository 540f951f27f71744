"""Whatever commands let happen, the coverage is folded, and is what a recount of it gives."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import settings

from domain.kernel import Event
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, CoverageRow
from projections.folding import Folding
from projections.projection import FOREVER, RecordedEvent
from tests.domain.monitoring.test_lives import Lives
from tests.projections.recount_of_communes import communes


def folded(history: Sequence[Event]) -> list[CoverageRow]:
    """The rows that the projection makes of it."""
    folding = Folding(COMMUNE_COVERAGE, {})
    folding.fold(
        RecordedEvent(position, event.TYPE, event.model_dump(mode="json"))
        for position, event in enumerate(history, start=1)
        if event.TYPE in COMMUNE_COVERAGE.folds
    )
    return folding.changed()


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
        rows = folded(self.history)
        changed = {event.effective_on for event in self.history}
        for day in sorted({on + timedelta(days=n) for on in changed for n in (-1, 0)}):
            self.compare(rows, day)

    def compare(self, rows: Sequence[CoverageRow], day: date) -> None:
        found = standing(rows, day.isoformat())
        by_hand = communes(self.history, day)
        assert len(found) == len(by_hand)
        assert {
            row["unit_id"]: (
                row["official_id"], row["agency_id"], row["cause"], row["last_official"]
            )
            for row in found
        } == {name: tuple(commune)[2:] for name, commune in by_hand.items()}  # fmt: skip


TestCoverageOfCommands = CoverageOfLives.TestCase
TestCoverageOfCommands.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
