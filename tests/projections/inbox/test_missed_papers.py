"""A paper by regulation that is missing awaits the body, until it comes or a reminder names it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from domain.kernel import Event
from domain.tasks.events import PlanSubmitted, ProgressReported
from domain.tasks.matters.reminders import ReminderIssued
from domain.tasks.term import PaperOfPeriod
from domain.tasks.work.missed_reports import TaskPaperMissed
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from projections.inbox.inbox import READ_INBOX
from projections.inbox.of_tasks import OF_PAPERS
from projections.listing import page
from tests.domain.cast import ASSIGNED, COMMITTEE, IN_PROGRESS, SHARED
from tests.projections.answers import EXAMPLES, batches, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.duties.test_board import happened as turned
from tests.projections.inbox.test_inbox import NO_PAPERS

# In which state of the task each may follow, and the state after it.
TURNS = {
    "vacate": ("led", "vacant"),
    "fill": ("vacant", "led"),
    "claim": ("led", "claimed"),
    "return": ("claimed", "led"),
    "cancel": ("led", "ended"),
}
ANYTIME = ("report", "report", "plan", "rule", "no rule")
WHILE_LED = (
    *["miss progress_report"] * 2,
    "miss plan",
    "urge progress_report",
    "urge plan",
    "urge",
)
steps = st.lists(
    st.tuples(
        st.sampled_from((*ANYTIME, *WHILE_LED, *TURNS)), st.integers(0, 20), st.booleans()
    ),
    max_size=14,
)  # fmt: skip


def missed(paper: str, on: date) -> TaskPaperMissed:
    """That of the month before; a report is taken for it that comes in that month or in this."""
    is_report = paper == "progress_report"
    last = on.replace(day=1) + timedelta(27)
    first = (on.replace(day=1) - timedelta(1)).replace(day=1)
    return TaskPaperMissed.model_validate(
        {
            **{name: SHARED[name] for name in ("task_id", "official_id", "unit_id")},
            "effective_on": on,
            "paper": paper,
            "period": f"{first:%Y-%m}",
            "due_on": on - timedelta(1),
            "taken_from_on": first if is_report else None,
            "taken_to_on": last if is_report else None,
        }
    )


def happened(kind: str, on: date) -> Event:
    shared: dict[str, Any] = {**SHARED, "effective_on": on}
    match kind.split():
        case ["plan"]:
            return PlanSubmitted(**shared, revision=1, summary="Ba bước", steps=())
        case ["rule"]:
            duty = ReportDuty.model_validate({"cadence": "yearly", "day": 20})
            return ReportDutySet(**shared, set_by=COMMITTEE, duty=duty)
        case ["no", "rule"]:
            return ReportDutySet(**shared, set_by=COMMITTEE, duty=None)
        case ["miss", name]:
            return missed(name, on)
        case ["urge", *papers]:
            said = {"number": 1, "issued_by": COMMITTEE, "content": "?", "answer_due_on": on}
            named = [{"paper": one, "period": missed(one, on).period} for one in papers]
            paper = PaperOfPeriod.model_validate(named[0]) if named else None
            return ReminderIssued(**shared, **said, missed_paper=paper)
        case _:
            return turned(kind, on)


def life(drawn: Sequence[tuple[str, int, bool]]) -> tuple[list[Event], str]:
    """The events in the order of recording: of some it is known late; and the last state."""
    in_time: list[Event] = []
    late: list[Event] = []
    state, on = "led", ASSIGNED
    for kind, days, is_late in drawn:
        before, after = TURNS.get(kind, (state, state))
        if state != before or (kind not in TURNS and state not in {"led", "claimed"}):
            continue
        state = after
        on += timedelta(days)
        (late if is_late and kind in ANYTIME else in_time).append(happened(kind, on))
    return [*IN_PROGRESS, *in_time, *late], state


def awaiting(events: Sequence[Event], state: str) -> Counter[tuple[str, str]]:
    """Which papers await the body, told by hand: their kind and day."""
    if state not in {"led", "claimed"}:
        return Counter()
    timeline = sorted(events, key=lambda one: one.effective_on)
    return Counter(
        (OF_PAPERS[one.paper], str(one.due_on))
        for at, one in enumerate(timeline)
        if isinstance(one, TaskPaperMissed)
        and not has_come(one, timeline)
        and not any(names(later, one) for later in timeline[at:])
    )


def has_come(paper: TaskPaperMissed, events: Sequence[Event]) -> bool:
    if paper.paper == "plan":
        return any(isinstance(one, PlanSubmitted) for one in events)
    first, last = paper.taken_from_on or date.max, paper.taken_to_on or date.min
    return any(
        (isinstance(one, ProgressReported) and first <= one.effective_on <= last)
        or (isinstance(one, ReportDutySet) and one.duty is not None)
        for one in events
    )


def names(event: Event, paper: TaskPaperMissed) -> bool:
    if not isinstance(event, ReminderIssued) or event.missed_paper is None:
        return False
    return (event.missed_paper.paper, event.missed_paper.period) == (paper.paper, paper.period)


REPORT, PLAN = ("miss progress_report", 0, False), ("miss plan", 0, False)


@EXAMPLES
@example(drawn=[REPORT, PLAN, ("urge progress_report", 1, False)], batch=1)
@example(drawn=[REPORT, PLAN, ("urge", 1, False)], batch=1)
@example(drawn=[REPORT, PLAN, ("plan", 1, False)], batch=1)
@example(drawn=[REPORT, PLAN, ("plan", 1, True), ("urge plan", 0, False)], batch=500)
@example(drawn=[REPORT, PLAN, ("rule", 1, False)], batch=1)
@example(drawn=[REPORT, PLAN, ("no rule", 1, False)], batch=1)
@example(drawn=[REPORT, PLAN, ("vacate", 1, False)], batch=1)
@example(drawn=[REPORT, PLAN, ("vacate", 1, False), ("fill", 1, False)], batch=1)
@example(drawn=[("report", 0, False), ("miss progress_report", 90, False)], batch=1)
@example(
    drawn=[("report", 0, False), ("miss progress_report", 90, False), ("report", 0, False)], batch=1
)
@given(drawn=steps, batch=batches)
async def test_what_awaits_the_body_is_what_is_missing_and_not_urged(
    recorder: Recorder, drawn: list[tuple[str, int, bool]], batch: int
) -> None:
    events, state = life(drawn)
    ledger = await recorded(recorder, events, batch)
    asked = {"official": None, "unit": COMMITTEE, "whom": f"unit:{COMMITTEE}"}
    day = max(one.effective_on for one in events)
    told = await items(recorder, ledger, page(READ_INBOX), **asked, **NO_PAPERS, as_of=day)
    found = Counter(
        (one["kind"], one["due_on"]) for one in told if one["kind"] in OF_PAPERS.values()
    )
    assert found == awaiting(events, state)
    verbs = {one["verb"] for one in told if one["kind"] in OF_PAPERS.values()}
    assert verbs <= {"/tasks/{task_id}/remind"}
