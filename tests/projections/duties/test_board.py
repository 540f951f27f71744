"""The duties board is what each task owes, recounted from its events, on any day and any page."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel import Event
from domain.tasks.changes import ObjectiveCauseConfirmed, VacancyFilled
from domain.tasks.events import CompletionReturned, ProgressReported, TaskCancelled, TaskEvent
from domain.tasks.work.owed_reports import OwedReports
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from projections.duties.board import DUTIES, State
from projections.duties.trend import DUTY_TREND
from projections.listing import page
from tests.domain.cast import (
    ASSIGNED,
    COMMITTEE,
    COMPLETION_CLAIMED,
    IN_PROGRESS,
    SHARED,
    TASK_VACATED,
)
from tests.projections.answers import EXAMPLES, batches, items, recorded
from tests.projections.conftest import Recorder

PAPERS = ("programmes", "annual_reports", "reviews")
NO_PAPERS: dict[str, object] = {
    "years": [2021],
    **{f"{of}_{days}_ons": [None] for of in PAPERS for days in ("due", "expected")},
}
TASKS = ("a", "a-b", "b")
MARKS = ("due_on", "kind", "task_id", "period", "unit_id", "official_id")
RULES: tuple[dict[str, Any] | None, ...] = (
    {"cadence": "monthly", "day": 25},
    {"cadence": "monthly", "day": 31},
    {"cadence": "quarterly", "day": 10, "months_after": 1},
    {"cadence": "yearly", "day": 15, "months_after": -1},
    None,
)


def asked(on: date, rule: int) -> ReportDutySet:
    duty = RULES[rule]
    said = None if duty is None else ReportDuty.model_validate(duty)
    return ReportDutySet(**SHARED, effective_on=on, set_by=COMMITTEE, duty=said)


def happened(kind: str, on: date) -> Event:
    shared: dict[str, Any] = {**SHARED, "effective_on": on}
    match kind:
        case "report":
            return ProgressReported(**shared, narrative="đang làm")
        case "claim":
            return COMPLETION_CLAIMED.model_copy(update={"effective_on": on})
        case "return":
            return CompletionReturned(
                **shared, returned_by=COMMITTEE, reason="thiếu", content_failure=False
            )
        case "vacate":
            return TASK_VACATED.model_copy(update={"effective_on": on})
        case "fill":
            return VacancyFilled(**shared, filled_by=COMMITTEE, state_summary="Nhận")
        case _:
            return TaskCancelled(**shared, cancelled_by=COMMITTEE, reason="thừa")


def excused(on: date, due_on: str) -> Event:
    """The report that was due then is missing for an objective cause; or none was."""
    return ObjectiveCauseConfirmed(
        effective_on=on,
        task_id=SHARED["task_id"],
        confirmed_by=COMMITTEE,
        occurrence="missed_report",
        occurred_on=date.fromisoformat(due_on),
        cause="Bão",
    )


KINDS = ("report", "report", "report", "excuse", "claim", "return", "vacate", "fill")
# In which state of the task each may follow, and the state after it.
TURNS: dict[str | int, tuple[str, str]] = {
    "report": ("led", "led"),
    "excuse": ("led", "led"),
    "claim": ("led", "claimed"),
    "return": ("claimed", "led"),
    "vacate": ("led", "vacant"),
    "fill": ("vacant", "led"),
    "cancel": ("led", "ended"),
}
lives = st.lists(
    st.tuples(st.sampled_from((*KINDS, *range(len(RULES)))), st.integers(1, 70)), max_size=8
)


def life(task: str, steps: Sequence[tuple[str | int, int]], *, ends: bool) -> list[Event]:
    events: list[Event] = []
    on = ASSIGNED
    state = "led"
    for kind, days in (*steps, *((("cancel", 5),) if ends else ())):
        before, after = TURNS.get(kind, (state, state))
        if state != before or (state == "vacant" and kind not in TURNS):
            continue
        state = after
        on += timedelta(days=days)
        if isinstance(kind, int):
            events.append(asked(on, kind))
        elif kind == "excuse":
            missing = sorted(due_on for _, due_on in owed(events, on))
            events.append(excused(on, missing[0] if missing else str(on)))
        else:
            events.append(happened(kind, on))
    begun = [one for one in IN_PROGRESS if isinstance(one, TaskEvent)]
    return [one.model_copy(update={"task_id": task}) for one in (*begun, *events)]


def owed(events: Sequence[Event], as_of: date) -> set[tuple[str, str]]:
    reports = OwedReports()
    for event in events:
        if event.effective_on <= as_of:
            reports.evolve(event)
    return {(period, str(due_on)) for period, due_on in reports.missing(as_of)}


@settings(EXAMPLES, max_examples=15)
@given(
    steps=st.tuples(lives, lives, lives),
    ends=st.booleans(),
    batch=batches,
    days=st.integers(0, 500),
)
async def test_what_is_missing_is_what_each_task_owes_on_the_day(
    recorder: Recorder,
    steps: tuple[list[tuple[str | int, int]], ...],
    ends: bool,  # noqa: FBT001  drawn
    batch: int,
    days: int,
) -> None:
    told = {
        task: life(task, one, ends=ends and task == "b")
        for task, one in zip(TASKS, steps, strict=True)
    }
    events = sorted((one for of in told.values() for one in of), key=lambda one: one.effective_on)
    ledger = await recorded(recorder, events, batch)
    as_of = ASSIGNED + timedelta(days=days)
    params: dict[str, object] = {
        **NO_PAPERS,
        "as_of": as_of,
        "from_on": date(2019, 1, 1),
        "to_on": date(2023, 6, 30),
        "limit": 1000,
    }
    whole = await items(recorder, ledger, page(DUTIES), **params)
    missing = {
        (one["task_id"], one["period"], one["due_on"]) for one in whole if one["state"] == "missing"
    }
    assert missing == {(task, *one) for task, of in told.items() for one in owed(of, as_of)}
    let_go = {
        (one.task_id, str(one.occurred_on))
        for one in events
        if isinstance(one, ObjectiveCauseConfirmed) and one.occurred_on < one.effective_on <= as_of
    }
    on_board = {(one["task_id"], one["due_on"]) for one in whole if one["state"] == "excused"}
    assert let_go <= on_board
    trend = await items(recorder, ledger, page(DUTY_TREND, by="none"), **params)
    states = Counter((one["due_on"][:7], one["state"]) for one in whole)
    told_of = {(one["month"], name): one[name] for one in trend for name in get_args(State)}
    assert {key: number for key, number in told_of.items() if number} == states
    assert sum(one["due"] for one in trend) == len(whole)
    # Each once, in its order, also where pages are short.
    assert max(Counter(map(str, whole)).values(), default=1) == 1
    some: list[Any] = []
    at: dict[str, object] = {}
    while len(some) < len(whole):
        short = page(DUTIES, continued=bool(at))
        some += (await items(recorder, ledger, short, **{**params, **at, "limit": 25}))[:25]
        at = {f"after_{number}": some[-1][name] or "" for number, name in enumerate(MARKS)}
        at["after_0"] = date.fromisoformat(some[-1]["due_on"])
    assert some == whole
