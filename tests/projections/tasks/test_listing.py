"""The read models answer for any day what a recount by hand gives."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel import Event
from projections.statement import Statement
from projections.tasks.completion_rates import Counts, rates
from projections.tasks.listing import Shape, task_page
from projections.tasks.responsibility_spans import of_task
from tests.projections import recount
from tests.projections.conftest import Recorder
from tests.projections.lives import histories, histories_and_days

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
batches = st.sampled_from([1, 3, 500])


async def fetched(
    recorder: Recorder, ledger: str, statement: Statement, **asked: object
) -> Sequence[asyncpg.Record]:
    values = {"ledger": ledger, "limit": 200, **asked}
    return await recorder.pool.fetch(statement.sql, *statement.arguments(values))


async def items(
    recorder: Recorder, ledger: str, statement: Statement, **asked: object
) -> list[dict[str, Any]]:
    rows = await fetched(recorder, ledger, statement, **asked)
    return [json.loads(row["item"]) for row in rows if row["item"] is not None]


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_a_list_shows_every_task_as_it_stood_that_day(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    shape = Shape(
        frozenset(),
        "task_id",
        descending=False,
        continued=False,
        current=False,
        only_active=False,
    )
    listed = await items(recorder, ledger, task_page(shape), as_of=day)
    by_hand = recount.accounts(events, day)
    assert {
        item["task_id"]: (
            item["state"], item["official_id"], item["unit_id"], item["due_on"],
            item["share_percent"], item["completed_on"], item["position"],
            item["field"], *(item["indicators"][0][name] for name in ("target", "actual")),
            item["parts_share_percent"], item["open_obstacles"], sorted(item["co_accountables"]),
            item["carried_over_to"],
        )
        for item in listed
    } == {
        name: (
            task.state, task.official, task.unit, task.due_on and task.due_on.isoformat(),
            task.read()[0], task.completed_on and task.completed_on.isoformat(), task.position,
            task.field, str(task.target), task.read()[1],
            recount.brought(task), task.obstacles, sorted(task.beside),
            task.carried_to,
        )
        for name, task in by_hand.items()
    }  # fmt: skip


@EXAMPLES
@given(events=histories(), batch=batches)
async def test_today_is_the_end_of_all_days(
    recorder: Recorder, events: list[Event], batch: int
) -> None:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    answers = [
        await items(
            recorder,
            ledger,
            task_page(
                Shape(
                    frozenset(),
                    "task_id",
                    descending=False,
                    continued=False,
                    current=current,
                    only_active=True,
                )
            ),
            as_of=date(2199, 12, 31),
        )
        for current in (True, False)
    ]
    assert answers[0] == answers[1]


@EXAMPLES
@given(events=histories(), batch=batches)
async def test_on_every_day_one_official_leads_a_task_under_way_unless_it_is_vacant(
    recorder: Recorder, events: list[Event], batch: int
) -> None:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    decisive = {event.effective_on + timedelta(days=n) for event in events for n in (-1, 0, 1)}
    for day in sorted(decisive):
        for name, task in recount.accounts(events, day).items():
            found = await items(
                recorder, ledger, of_task(continued=False), task=name, from_on=day, to_on=day
            )
            expected = recount.answerable(task, day)
            leads = [span["official_id"] for span in found if span["role"] == "lead"]
            assert leads == ([] if expected is None else [expected or None])
            beside = {span["official_id"] for span in found if span["role"] == "co"}
            assert beside == recount.beside(task, day)


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
    statement = rates(group_by, frozenset(), continued=False)
    found = {
        row["group"]: Counts(*list(row.values())[2:])
        for row in await fetched(recorder, ledger, statement, as_of=day)
    }
    by_hand = recount.rates(events, day, group_by)
    assert set(found) == set(by_hand)
    for group, counts in found.items():
        counted = Counter(counts._asdict())
        del counted["transferred_in"]
        assert +counted == +by_hand[group], group
