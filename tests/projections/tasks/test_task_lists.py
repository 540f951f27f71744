"""A list of tasks shows for any day what a recount by hand gives."""

from datetime import date

from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.tasks.task_lists import ACTIVE_TASKS, ALL_TASKS
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, items
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
