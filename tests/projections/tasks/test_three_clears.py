"""The three clears of a task follow its facts, day by day, and name them."""

from datetime import date
from typing import Any

from domain.tasks.events import PlanSubmitted, ProgressReported
from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from domain.tasks.responsibility.collective import ResponsibilityFound
from projections.listing import page
from projections.tasks.three_clears import MET, TASKS_BY_CLEARS, clears_counted
from tests.domain.cast import COMMITTEE, PREDECESSOR, SHARED, TASK, TASK_VACATED
from tests.projections.answers import fetched, items
from tests.projections.conftest import Recorder
from tests.projections.tasks.recorded_lives import recorded_life

PLANNED = PlanSubmitted(
    **SHARED, effective_on=date(2021, 2, 1), revision=1, summary="Kế hoạch", steps=()
)
REPORTED = ProgressReported(
    **SHARED, effective_on=date(2021, 3, 1), narrative="Đã dỡ", share_percent=None, values=()
)
REMINDED = ReminderIssued(
    **SHARED,
    effective_on=date(2021, 4, 1),
    number=1,
    issued_by=COMMITTEE,
    content="Gấp",
    answer_due_on=date(2021, 4, 10),
    missed_paper=None,
)
ANSWERED = ReminderAnswered(
    **SHARED, effective_on=date(2021, 4, 20), number=1, issued_by=COMMITTEE, answer="Đang làm"
)
FOUND = ResponsibilityFound(
    effective_on=date(2022, 1, 10),
    task_id=TASK,
    number=1,
    official_id=PREDECESSOR,
    unit_id=None,
    found_by=COMMITTEE,
    due_on=date(2021, 12, 31),
    finding="Chậm",
)


async def test_each_clear_is_met_by_facts_and_lost_by_others(recorder: Recorder) -> None:
    life = await recorded_life(recorder, PLANNED, REPORTED, REMINDED, ANSWERED, FOUND)

    async def met(year: int, month: int, day: int) -> str:
        on = date(year, month, day)
        [task] = await items(recorder, life.ledger, page(TASKS_BY_CLEARS), as_of=on)
        [counted] = await fetched(recorder, life.ledger, clears_counted(frozenset()), as_of=on)
        names = [name for name in MET if task[name]]
        assert [counted[name] for name in MET] == [int(task[name]) for name in MET]
        assert (counted["tasks"], counted["all_met"]) == (1, int(len(names) == len(MET)))
        for name in MET:
            lacking = page(TASKS_BY_CLEARS, frozenset({"lacks"}))
            found = await items(recorder, life.ledger, lacking, as_of=on, lacks=name)
            assert len(found) == int(name not in names)
        return " ".join(names)

    assert await met(2021, 1, 31) == "responsibility"
    assert await met(2021, 2, 1) == "process responsibility"
    assert await met(2021, 3, 1) == "process responsibility checks"
    # The reminder is to be answered by the tenth; it is on the twentieth.
    assert await met(2021, 4, 10) == "process responsibility checks"
    assert await met(2021, 4, 11) == "process responsibility"
    assert await met(2021, 4, 20) == "process responsibility checks"
    # The deadline passes, and responsibility is found ten days later.
    assert await met(2022, 1, 1) == "process responsibility"
    assert await met(2022, 1, 10) == "process responsibility checks"


async def test_the_facts_are_the_events_that_show_them(recorder: Recorder) -> None:
    life = await recorded_life(recorder, PLANNED, REPORTED, TASK_VACATED, batch=500)
    [task] = await items(recorder, life.ledger, page(TASKS_BY_CLEARS), as_of=date(2021, 12, 31))
    facts: dict[str, Any] = {name: task[name] for name in task if name.endswith("_position")}
    assert facts == {
        "targets_position": 1,
        "plan_position": 4,
        "deadline_position": 3,
        "assigned_position": 3,
        "lead_position": None,
        "check_position": 5,
        "found_position": None,
    }
    assert (task["process"], task["responsibility"], task["checks"]) == (True, False, True)
