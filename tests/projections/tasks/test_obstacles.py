"""Open obstacles, and vacancies, are those of tasks under way."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import asyncpg
from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.tasks.obstacles import OPEN_OBSTACLES, ages
from projections.tasks.vacancies import OPEN_VACANCIES
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, fetched, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.lives import histories_and_days
from tests.projections.recount_of_states import OPEN


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_vacancies_and_obstacles_are_those_of_tasks_under_way(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    accounts = recount.accounts(events, day)
    vacancies = await items(recorder, ledger, page(OPEN_VACANCIES), as_of=day)
    assert {item["task_id"]: item["open_obstacles"] for item in vacancies} == {
        name: task.obstacles for name, task in accounts.items() if task.state == "vacant"
    }
    obstacles = await items(recorder, ledger, page(OPEN_OBSTACLES), as_of=day)
    under_way = {name: task for name, task in accounts.items() if task.state in OPEN}
    assert Counter(item["task_id"] for item in obstacles) == Counter(
        {name: task.obstacles for name, task in under_way.items() if task.obstacles}
    )
    by_age: Sequence[asyncpg.Record] = await fetched(recorder, ledger, ages(frozenset()), as_of=day)
    assert sum(row["open"] for row in by_age) == len(obstacles)
    for row in by_age:
        assert sum(row[name] for name in row.keys() if "days" in name) == row["open"]  # noqa: SIM118  a record's keys
