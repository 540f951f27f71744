"""Random lives of tasks: whatever is tried, in whatever order, the history stays sound."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.kernel import Actor, Command, Context, Event, Refusal
from domain.organisation.events import EndCause
from domain.organisation.tenures import Appoint, EndTenure
from domain.tasks.approval import ApproveTask, RejectTask
from domain.tasks.assignment import AssignTask
from domain.tasks.cancellation import CancelTask
from domain.tasks.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.events import (
    CompletionConfirmed,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskHandedOver,
    TaskTransferred,
)
from domain.tasks.handover import AcceptHandover, DeclineHandover, HandOver, OfferHandover
from domain.tasks.progress import ReportProgress
from domain.tasks.registration import RegisterTask
from domain.tasks.scoring import ScoreTask
from domain.tasks.task import Assigned, Task, Unregistered, evolve
from domain.tasks.transfer import TransferTask
from tests.domain.cast import (
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    EVIDENCE,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    SECRETARY,
    SUCCESSOR,
)
from tests.domain.scenario import CLERK, DECISION, OFFICE, decide

OFFICIALS = st.sampled_from([PREDECESSOR, SUCCESSOR, CHAIR])
POSTS = st.sampled_from([SECRETARY, CHAIRMAN])
TASKS = st.sampled_from(["task-a", "task-b"])
ACTORS = st.sampled_from([CLERK, OFFICE, *(Actor(f"official:can-bo-00{n}") for n in (1, 2, 3))])
SUMMARY = "Tình hình"

TASK_VERBS: dict[type[Command[Any]], st.SearchStrategy[dict[str, Any]]] = {
    RegisterTask: st.fixed_dictionaries(
        {"official_id": OFFICIALS, "post_id": POSTS, "proposal": st.just(PROPOSAL)}
    ),
    ApproveTask: st.just({}),
    RejectTask: st.just({"reason": SUMMARY}),
    AssignTask: st.just({"due_on": date(2199, 1, 1)}),
    ReportProgress: st.just({"narrative": SUMMARY}),
    OfferHandover: st.fixed_dictionaries(
        {"to_official": OFFICIALS, "state_summary": st.just(SUMMARY)}
    ),
    AcceptHandover: st.just({}),
    DeclineHandover: st.just({"reason": SUMMARY}),
    HandOver: st.fixed_dictionaries({"to_official": OFFICIALS, "state_summary": st.just(SUMMARY)}),
    TransferTask: st.fixed_dictionaries({"to_post": POSTS, "reason": st.just(SUMMARY)}),
    ClaimCompletion: st.just({"summary": SUMMARY, "evidence": (EVIDENCE,)}),
    ConfirmCompletion: st.just({}),
    ReturnCompletion: st.just({"reason": SUMMARY}),
    ScoreTask: st.just(
        {"criteria": ({"criterion": "Kết quả", "points": 70, "max_points": 70},), "reason": "…"}
    ),
    CancelTask: st.just({"reason": SUMMARY}),
}


class Lives(RuleBasedStateMachine):
    """Two tasks, three officials, two posts; days pass; anybody tries anything."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Event] = list(ORGANISATION)
        self.today = date(2021, 1, 4)

    def attempt(self, command: type[Command[Any]], subject: str, by: Actor, said: Any) -> None:
        parameters = command.PARAMETERS.model_validate(said)
        context = Context(by, self.today, self.today, COMMITTEE, DECISION)
        build: Any = command
        try:
            self.history += decide(self.history, build(context, parameters, subject))
        except Refusal as refusal:
            assert type(refusal) in command.REFUSALS  # noqa: PT017  a declared refusal is fine

    @initialize(task=TASKS)
    def a_task_is_under_way(self, task: str) -> None:
        said = {"official_id": PREDECESSOR, "post_id": SECRETARY, "proposal": PROPOSAL}
        self.attempt(RegisterTask, task, CLERK, said)
        self.attempt(ApproveTask, task, OFFICE, {})
        self.attempt(AssignTask, task, OFFICE, {})

    @rule(days=st.integers(1, 60))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(task=TASKS, by=ACTORS, verb=st.sampled_from(sorted(TASK_VERBS, key=str)), data=st.data())
    def somebody_tries(
        self, task: str, by: Actor, verb: type[Command[Any]], data: st.DataObject
    ) -> None:
        self.attempt(verb, task, by, data.draw(TASK_VERBS[verb]))

    @rule(post=POSTS, leaver=OFFICIALS, successor=OFFICIALS)
    def a_post_changes_hands(self, post: str, leaver: str, successor: str) -> None:
        ended = {"official_id": leaver, "cause": EndCause.TRANSFER}
        self.attempt(EndTenure, post, OFFICE, ended)
        self.attempt(Appoint, post, OFFICE, {"official_id": successor})

    @invariant()
    def each_task_folds_to_a_state_from_its_own_events(self) -> None:
        for task_id in ("task-a", "task-b"):
            task: Task = Unregistered()
            for event in self._events_of(task_id):
                task = evolve(task, event)
            if isinstance(task, Assigned):
                assert task.answerable.official_id == self._spans_of(task_id)[-1][0]

    @invariant()
    def responsibility_has_no_gap_and_no_overlap(self) -> None:
        for task_id in ("task-a", "task-b"):
            spans = self._spans_of(task_id)
            for (_, from_on, to_on), (_, next_from, _) in pairwise(spans):
                assert from_on < to_on == next_from

    @invariant()
    def the_days_of_a_task_run_forward(self) -> None:
        for task_id in ("task-a", "task-b"):
            days = [event.effective_on for event in self._events_of(task_id)]
            assert days == sorted(days)

    def _events_of(self, task_id: str) -> list[Any]:
        return [e for e in self.history if isinstance(e, TaskEvent) and e.task_id == task_id]

    def _spans_of(self, task_id: str) -> list[tuple[str, date, date]]:
        """Official, first day, day after the last; read naively off the events."""
        spans: list[tuple[str, date, date]] = []
        for event in self._events_of(task_id):
            match event:
                case TaskAssigned(official_id=taker) | TaskHandedOver(to_official=taker):
                    pass
                case TaskTransferred(to_official=taker):
                    pass
                case CompletionConfirmed() | TaskCancelled():
                    taker = ""
                case _:
                    continue
            if spans:
                spans[-1] = (*spans[-1][:2], event.effective_on)
            if taker:
                spans.append((taker, event.effective_on, date.max))
        return spans


Lives.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestLives = Lives.TestCase
