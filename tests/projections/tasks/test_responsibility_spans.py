"""On every day a task under way is led by one official, or vacant."""

from datetime import timedelta

from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.tasks.responsibility_spans import RESPONSIBILITIES_FOR_TASK
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, items
from tests.projections.conftest import Recorder
from tests.projections.lives import histories


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
                recorder, ledger, page(RESPONSIBILITIES_FOR_TASK), task=name, from_on=day, to_on=day
            )
            expected = recount.answerable(task, day)
            leads = [span["official_id"] for span in found if span["role"] == "lead"]
            assert leads == ([] if expected is None else [expected or None])
            beside = {span["official_id"] for span in found if span["role"] == "co"}
            assert beside == recount.beside(task, day)
