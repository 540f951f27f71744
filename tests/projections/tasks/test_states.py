"""What is counted and listed of tasks over time is what a recount by hand gives, on any day."""

import json
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import Event
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.responsibility.co_accountability import CoAccountableAdded
from projections.tasks.matters import matters
from projections.tasks.obstacles import OPEN_OBSTACLES, ages
from projections.tasks.overdue_trend import Point, Stretch, month_ends, series, stretches
from projections.tasks.portfolios import portfolio
from projections.tasks.states import NOBODY, States, task_states
from projections.tasks.vacancies import OPEN_VACANCIES
from tests.domain.cast import PROPOSAL
from tests.projections import recount
from tests.projections.conftest import Recorder
from tests.projections.lives import FIRST_DAY, OFFICIALS, histories_and_days
from tests.projections.tasks.test_listing import EXAMPLES, batches, fetched, items

OPEN = ("in_progress", "claimed", "vacant")


async def recorded(recorder: Recorder, events: Sequence[Event], batch: int) -> str:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    return ledger


def state_of(task: recount.Account, day: date) -> str | None:
    """Of the four; None for a task that is not counted."""
    if task.state == "completed":
        late = task.due_on is not None and (task.completed_on or day) > task.due_on
        return "done_late" if late else "done_in_time"
    if task.state not in OPEN:
        return None
    late = task.due_on is not None and task.due_on < day
    return "open_overdue" if late else "open_in_time"


def groups_of(task: recount.Account, group_by: str) -> Iterable[str]:
    return {
        "none": ("all",),
        "unit": (task.unit,),
        "official": (task.official or NOBODY,),
        "field": (task.field,),
        "kind": task.kinds,
        "year": (str(task.year),),
    }[group_by]


def counted(events: Sequence[Event], day: date, group_by: str) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for task in recount.accounts(events, day).values():
        state = state_of(task, day)
        if state is not None:
            for group in groups_of(task, group_by):
                found.setdefault(group, Counter())[state] += 1
    return found


@pytest.mark.parametrize("group_by", ["none", "unit", "official", "field", "kind", "year"])
@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_the_four_states_are_what_a_recount_by_hand_gives(
    recorder: Recorder, group_by: str, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    statement = task_states(group_by, frozenset(), continued=False)
    rows = await fetched(recorder, ledger, statement, as_of=day)
    found = {row["group"]: +Counter(States(*row[2:])._asdict()) for row in rows}
    assert found == counted(events, day, group_by)


@pytest.mark.parametrize("group_by", ["none", "official", "kind"])
@EXAMPLES
@given(history=histories_and_days(), months=st.integers(0, 20))
async def test_the_trend_is_a_recount_at_the_end_of_each_month(
    recorder: Recorder, group_by: str, history: tuple[list[Event], date], months: int
) -> None:
    events, last = history
    ledger = await recorded(recorder, events, 500)
    ends = month_ends(last - timedelta(days=30 * months), last)
    statement = stretches(group_by, frozenset(), continued=False)
    rows = await fetched(recorder, ledger, statement, days=ends)
    found = series((Stretch(*row[1:]) for row in rows), len(ends))
    for index, day in enumerate(ends):
        by_hand = {
            group: Point(
                counts["open_in_time"] + counts["open_overdue"],
                counts["open_overdue"],
                counts["done_in_time"],
                counts["done_late"],
            )
            for group, counts in counted(events, day, group_by).items()
        }
        nothing = Point(0, 0, 0, 0)
        points = {group: of[index] for group, of in found.items() if of[index] != nothing}
        assert points == by_hand, day


def test_a_month_ends_on_its_last_day_and_the_last_one_on_the_day_asked_about() -> None:
    assert month_ends(date(2019, 12, 31), date(2020, 3, 15)) == [
        date(2019, 12, 31),
        date(2020, 1, 31),
        date(2020, 2, 29),
        date(2020, 3, 15),
    ]
    whole = month_ends(FIRST_DAY, date(2022, 6, 30))
    assert [day.day for day in whole] == [monthrange(day.year, day.month)[1] for day in whole]


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_a_portfolio_is_all_that_an_official_leads_or_answers_for_beside(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    accounts = recount.accounts(events, day)
    for official in OFFICIALS:
        statement = portfolio(frozenset(), continued=False)
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


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_vacancies_and_obstacles_are_those_of_tasks_under_way(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    accounts = recount.accounts(events, day)
    vacancies = await items(
        recorder, ledger, matters(OPEN_VACANCIES, frozenset(), continued=False), as_of=day
    )
    assert {item["task_id"]: item["open_obstacles"] for item in vacancies} == {
        name: task.obstacles for name, task in accounts.items() if task.state == "vacant"
    }
    obstacles = await items(
        recorder, ledger, matters(OPEN_OBSTACLES, frozenset(), continued=False), as_of=day
    )
    under_way = {name: task for name, task in accounts.items() if task.state in OPEN}
    assert Counter(item["task_id"] for item in obstacles) == Counter(
        {name: task.obstacles for name, task in under_way.items() if task.obstacles}
    )
    by_age: Sequence[asyncpg.Record] = await fetched(recorder, ledger, ages(frozenset()), as_of=day)
    assert sum(row["open"] for row in by_age) == len(obstacles)
    for row in by_age:
        assert sum(row[name] for name in row.keys() if "days" in name) == row["open"]  # noqa: SIM118  a record's keys


PLACE = {"task_id": "t", "post_id": "p", "unit_id": "u"}
ASSIGNED, BESIDE, LEADS = (date(2021, month, 4) for month in (1, 2, 3))
WHY = {"reason": "điều chuyển"}
UNTIL_BESIDE: tuple[Event, ...] = (
    tasks.TaskCommissioned.model_validate({
        **PLACE, "effective_on": ASSIGNED, "commissioned_by": "b", "registered_by": "client:c",
        "proposal": PROPOSAL,
    }),
    tasks.TaskAssigned.model_validate({
        **PLACE, "effective_on": ASSIGNED, "official_id": "o1", "assigned_by": "b",
        "addressed_to": "post", "due_on": None,
    }),
    *(
        CoAccountableAdded.model_validate({
            **PLACE, "effective_on": BESIDE, "official_id": official, "added_by": "b",
        })
        for official in ("o2", "o3")
    ),
)  # fmt: skip
VACATED = changes.TaskVacated.model_validate(
    {**PLACE, **WHY, "effective_on": LEADS, "official_id": "o1", "vacated_by": "b"}
)
TAKES_THE_LEAD: dict[str, tuple[Event, ...]] = {
    "handover": (
        tasks.TaskHandedOver.model_validate({
            **PLACE, "effective_on": LEADS, "from_official": "o1", "to_official": "o2",
            "state_summary": "dở",
        }),
    ),
    "transfer": (
        tasks.TaskTransferred.model_validate({
            **WHY, "task_id": "t", "effective_on": LEADS, "from_official": "o1", "from_post": "p",
            "from_unit": "u", "to_official": "o2", "to_post": "q", "to_unit": "v",
            "decided_by": "b",
        }),
    ),
    "vacancy filled": (
        VACATED,
        changes.VacancyFilled.model_validate({
            **PLACE, "effective_on": LEADS, "official_id": "o2", "filled_by": "b",
            "state_summary": "dở",
        }),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", TAKES_THE_LEAD)
async def test_who_takes_the_lead_no_longer_stands_beside_it(recorder: Recorder, way: str) -> None:
    ledger = await recorded(recorder, [*UNTIL_BESIDE, *TAKES_THE_LEAD[way]], 500)
    standings = await recorder.pool.fetch(
        "SELECT official_id, beside_officials, beside FROM read.task_standings"
        " WHERE ledger = $1 AND valid_from = $2",
        ledger,
        LEADS,
    )
    [(lead, officials, parts)] = standings
    assert (lead, officials) == ("o2", ["o3"])
    assert [part["official_id"] for part in json.loads(parts)] == ["o3"]
    for day, role in ((BESIDE, "beside"), (LEADS, "lead")):
        listed = await items(
            recorder, ledger, portfolio(frozenset(), continued=False), official="o2", as_of=day
        )
        assert [item["role"] for item in listed] == [role]
