"""Single lives of a task, one by one, and what is read of them."""

import json
from datetime import date, timedelta
from typing import Any

from domain.kernel import Event
from domain.tasks.changes import TaskCorrected
from projections.listing import page
from projections.tasks.completion_rates import COMPLETION_RATES
from projections.tasks.responsibility_spans import (
    RESPONSIBILITIES_FOR_TASK,
    RESPONSIBILITIES_OF_OFFICIAL,
)
from projections.tasks.task_lists import one_task
from tests.domain.cast import (
    ASSIGNED,
    COMMITTEE,
    SHARED,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.projections.answers import fetched, items
from tests.projections.conftest import Recorder

BEGUN: tuple[Event, ...] = (TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED)
LATER = ASSIGNED + timedelta(30)
BEFORE = LATER - timedelta(1)


class RecordedLife:
    """A life that is recorded and folded."""

    def __init__(self, recorder: Recorder, ledger: str) -> None:
        self.recorder = recorder
        self.ledger = ledger

    async def counts(self, group_by: str, day: date) -> dict[str, dict[str, int]]:
        """What is not 0, by group."""
        statement = page(COMPLETION_RATES, by=group_by)
        rows = await items(self.recorder, self.ledger, statement, as_of=day)
        return {
            row.pop("group"): {name: count for name, count in row.items() if count} for row in rows
        }

    async def task(self, day: date) -> dict[str, Any]:
        statement = one_task(today=False)
        [row] = await fetched(self.recorder, self.ledger, statement, task=TASK, as_of=day)
        found: dict[str, Any] = json.loads(row["item"])
        return found

    async def spans(self, **owner: str) -> list[tuple[Any, ...]]:
        listing = RESPONSIBILITIES_FOR_TASK if "task" in owner else RESPONSIBILITIES_OF_OFFICIAL
        statement = page(listing)
        found = await items(
            self.recorder,
            self.ledger,
            statement,
            from_on=date(1900, 1, 1),
            to_on=date(2199, 12, 31),
            **owner,
        )
        return [(one["role"], one["official_id"], one["from_on"], one["to_on"]) for one in found]


async def recorded_life(recorder: Recorder, *events: Event, batch: int = 1) -> RecordedLife:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, [*BEGUN, *events])
    await recorder.fold(ledger, batch)
    return RecordedLife(recorder, ledger)


def corrected(sequence: int, reading: dict[str, Any], *, on: date = LATER) -> Event:
    return TaskCorrected.model_validate(
        {
            **SHARED,
            "effective_on": on,
            "sequence": sequence,
            "corrected_type": "task.registered",
            "decided_by": COMMITTEE,
            "reading": reading,
            "reason": "Nhầm",
        }
    )
