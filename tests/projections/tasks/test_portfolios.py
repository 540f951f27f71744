"""A portfolio is on any day what a recount by hand gives."""

from datetime import date

from hypothesis import given

from domain.kernel import Event
from projections.listing import page
from projections.tasks.portfolios import PORTFOLIO
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.lives import OFFICIALS, histories_and_days
from tests.projections.recount_of_states import OPEN, state_of


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_a_portfolio_is_all_that_an_official_leads_or_answers_for_beside(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    accounts = recount.accounts(events, day)
    for official in OFFICIALS:
        statement = page(PORTFOLIO)
        listed = await items(recorder, ledger, statement, official=official, as_of=day)
        leads = {
            (name, "lead", state_of(task, day) == "open_overdue")
            for name, task in accounts.items()
            if task.state in OPEN and task.official == official
        }
        beside = {
            (name, "beside", state_of(task, day) == "open_overdue")
            for name, task in accounts.items()
            if task.state in OPEN and official in task.beside
        }
        assert len(listed) == len(leads) + len(beside)
        found = {(item["task_id"], item["role"], item["overdue"]) for item in listed}
        assert found == leads | beside
