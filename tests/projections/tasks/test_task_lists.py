"""A list of tasks shows for any day what a recount by hand gives."""

from datetime import date
from functools import partial
from itertools import product

from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.tasks.task_lists import ACTIVE_TASKS, ALL_TASKS
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.lives import histories, histories_and_days


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_a_list_shows_every_task_as_it_stood_that_day(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    listed = await items(recorder, ledger, page(ALL_TASKS, by="task_id"), as_of=day)
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
            task.share(), task.completed_on and task.completed_on.isoformat(), task.position,
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
            page(ACTIVE_TASKS, by="task_id", today=today),
            as_of=date(2199, 12, 31),
        )
        for today in (True, False)
    ]
    assert answers[0] == answers[1]


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_what_is_kept_by_day_finds_the_tasks_that_the_rows_tell(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    for filters in ({}, {"field": "construction"}, {"overdue": True}):
        for of, by, on in product(
            (ACTIVE_TASKS, ALL_TASKS), ("due_on", "-due_on"), (day, date(2199, 12, 31))
        ):
            shape = partial(page, of, frozenset(filters), by=by, today=on != day)
            arguments = {"as_of": on, **filters}
            by_rows = await items(recorder, ledger, shape(kept=False), **arguments)
            assert await items(recorder, ledger, shape(), **arguments) == by_rows
            if by_rows:
                mark = date.fromisoformat(by_rows[0]["due_on"] or "9999-12-31")
                after = {"after_0": mark, "after_1": by_rows[0]["task_id"]}
                further = await items(recorder, ledger, shape(continued=True), **arguments, **after)
                assert further == by_rows[1:]
