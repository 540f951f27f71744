"""Random lives of tasks: whatever is tried, in whatever order, the history stays sound."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from eventsourcing.dcb.domain import Selector
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.kernel import Actor, Command, Context, Event, Refusal, matches
from domain.organisation.events import EndCause
from domain.organisation.organisation import Organisation
from domain.organisation.tenures import Appoint
from domain.tasks.answering import RESPONSIBILITY, Answering
from domain.tasks.approval import ApproveTask
from domain.tasks.assignment import AssignTask
from domain.tasks.carry_over import CarryOver
from domain.tasks.changes import TaskCarriedOver, TaskContinued, TaskVacated, VacancyFilled
from domain.tasks.co_accountability import CoAccountables
from domain.tasks.events import (
    CompletionConfirmed,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskHandedOver,
    TaskTransferred,
)
from domain.tasks.leaver import EndTenure
from domain.tasks.matters import MatterOpened
from domain.tasks.portfolio import HandOverPortfolio
from domain.tasks.recurrence import OpenYear, YearOpened
from domain.tasks.registration import RegisterTask
from domain.tasks.task import (
    Assigned,
    Claimed,
    InProgress,
    Task,
    TaskFact,
    Unregistered,
    Vacant,
    evolve,
)
from tests.domain.cast import (
    COMMITTEE,
    DEPUTIES,
    DISTRICT_STATE,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    RECURRING,
    SECRETARY,
    SUCCESSOR,
    holds,
)
from tests.domain.scenario import CLERK, DECISION, OFFICE, decide
from tests.domain.tasks.lives import (
    BEGINNING,
    ENDING,
    HANDS,
    MATTERS,
    OFFICIALS,
    POSTS,
    SOON,
    SUMMARY,
    WORK,
    Told,
)

FIRST, NEXT = ["task-a", "task-b"], ["task-c", "task-d"]
# Mostly one task, and mostly clerks, so that lives are long and what is tried is often allowed.
TASKS = st.sampled_from(["task-a"] * 6 + [*FIRST, *NEXT])
OFFICIAL_ACTORS = [Actor(f"official:can-bo-00{n}") for n in (1, 2, 3)]
ACTORS = st.sampled_from([OFFICE] * 4 + [CLERK] * 3 + OFFICIAL_ACTORS)
VACANCY = "nobody"
TWO_DEPUTIES = [holds(who, DEPUTIES, DISTRICT_STATE) for who in (PREDECESSOR, SUCCESSOR)]


class Lives(RuleBasedStateMachine):
    """Tasks, those that go on from them, three officials, two posts; days pass; anybody tries."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Event] = [*ORGANISATION, *TWO_DEPUTIES]
        self.today = date(2021, 1, 4)

    def attempt(
        self, command: type[Command[Any]], ids: Sequence[str], by: Actor, said: Any
    ) -> None:
        parameters = command.PARAMETERS.model_validate(said)
        body = parameters.on_behalf_of or COMMITTEE
        context = Context(by, self.today, self.today, body, DECISION)
        build: Any = command
        before = len(self.history)
        try:
            self.history += decide(self.history, build(context, parameters, *ids))
        except Refusal as refusal:
            assert type(refusal) in command.REFUSALS  # noqa: PT017  a declared refusal is fine
            assert len(self.history) == before

    def try_one(
        self, verbs: Mapping[type[Command[Any]], Told], task: str, by: Actor, data: st.DataObject
    ) -> None:
        verb = data.draw(st.sampled_from(sorted(verbs, key=str)))
        self.attempt(verb, [task], by, data.draw(verbs[verb]))

    @initialize(post=st.sampled_from([DEPUTIES, DEPUTIES, SECRETARY]), recurs=st.booleans())
    def a_task_is_under_way(self, post: str, *, recurs: bool) -> None:
        proposal = RECURRING if recurs else PROPOSAL
        said = {"official_id": PREDECESSOR, "post_id": post, "proposal": proposal}
        self.attempt(RegisterTask, ["task-a"], CLERK, said)
        self.attempt(ApproveTask, ["task-a"], OFFICE, {})
        assigned = {"official_id": PREDECESSOR, "due_on": SOON}
        self.attempt(AssignTask, ["task-a"], OFFICE, assigned)
        self.today += timedelta(1)

    @rule(days=st.integers(1, 60))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(task=TASKS, by=ACTORS, data=st.data())
    def a_task_is_worked_on(self, task: str, by: Actor, data: st.DataObject) -> None:
        self.try_one(WORK, task, by, data)

    @rule(task=TASKS, by=ACTORS, data=st.data())
    def a_matter_comes_up(self, task: str, by: Actor, data: st.DataObject) -> None:
        self.try_one(MATTERS, task, by, data)

    @rule(task=TASKS, by=ACTORS, data=st.data())
    def a_task_passes_into_other_hands(self, task: str, by: Actor, data: st.DataObject) -> None:
        self.try_one(HANDS, task, by, data)
        self.today += timedelta(data.draw(st.integers(0, 1)))

    @rule(task=TASKS, by=ACTORS, data=st.data())
    def something_rare_happens(self, task: str, by: Actor, data: st.DataObject) -> None:
        rare = data.draw(st.sampled_from([self.begins, self.ends, self.goes_on, self.leaves]))
        rare(task, by, data)

    def begins(self, task: str, by: Actor, data: st.DataObject) -> None:
        self.try_one(BEGINNING, task, by, data)

    def ends(self, task: str, by: Actor, data: st.DataObject) -> None:
        self.try_one(ENDING, task, by, data)

    def goes_on(self, task: str, by: Actor, data: st.DataObject) -> None:
        new, year = (
            data.draw(st.sampled_from([*NEXT, "task-a"])),
            data.draw(st.integers(2020, 2024)),
        )
        term = {"kind": "year", "year": year}
        self.attempt(OpenYear, [task, new], by, {"year": year})
        if data.draw(st.booleans()):
            self.attempt(CarryOver, [task, new], by, {"term": term, "reason": SUMMARY})

    def leaves(self, _: str, by: Actor, data: st.DataObject) -> None:
        """A portfolio is handed over, or a post changes hands, with or without a word on tasks."""
        post, leaver, successor = data.draw(POSTS), data.draw(OFFICIALS), data.draw(OFFICIALS)
        to: dict[str, Any] = {"official_id": successor, "state_summary": SUMMARY}
        ended: dict[str, Any] = {"official_id": leaver, "cause": EndCause.TRANSFER}
        match data.draw(st.integers(0, 4)):
            case 0:
                ended |= {"vacate": True, "reason": SUMMARY}
            case 1 if successor != leaver:
                ended["succession"] = to
            case 2 | 3:
                handed = {"to_official": successor, "state_summary": SUMMARY}
                self.attempt(HandOverPortfolio, [leaver], by, handed)
                return
        self.attempt(EndTenure, [post], by, ended)
        self.attempt(Appoint, [post], by, {"official_id": successor})

    @invariant()
    def each_task_folds_to_a_state_from_its_own_events(self) -> None:
        for task_id in (*FIRST, *NEXT):
            match self._task(task_id):
                case Assigned(answerable=who):
                    assert who.official_id == self._spans_of(task_id)[-1][0]
                case Vacant():
                    assert self._spans_of(task_id)[-1][0] == VACANCY

    @invariant()
    def responsibility_has_no_gap_and_no_overlap(self) -> None:
        """A vacancy is a span of its own; only it may last no day."""
        for task_id in (*FIRST, *NEXT):
            for (who, from_on, to_on), (_, next_from, _) in pairwise(self._spans_of(task_id)):
                assert to_on == next_from
                assert from_on < to_on or (who == VACANCY and from_on == to_on)

    @invariant()
    def nobody_works_on_a_task_in_a_post_they_have_left(self) -> None:
        organisation = Organisation()
        for event in self.history:
            organisation.evolve(event)
        for task_id in (*FIRST, *NEXT):
            task = self._task(task_id)
            if isinstance(task, InProgress):
                who = task.answerable
                assert organisation.holds(who.official_id, who.post_id, self.today)

    @invariant()
    def a_portfolio_is_what_the_tasks_say_in_whatever_order_it_is_read(self) -> None:
        for official in ("can-bo-001", "can-bo-002", "can-bo-003"):
            expected = set()
            for task_id in (*FIRST, *NEXT):
                task, beside = self._task(task_id), CoAccountables()
                for event in self._events_of(task_id):
                    beside.evolve(event)
                if isinstance(task, InProgress | Claimed) and (
                    task.answerable.official_id == official
                ):
                    expected.add((task_id, task.answerable, isinstance(task, Claimed)))
                part = beside.by_official.get(official)
                if part and isinstance(task, InProgress | Claimed | Vacant):
                    expected.add((task_id, part, False))
            assert expected == {
                (held.task.task_id, held.part, held.awaits_confirmation)
                for held in self._answering(official).held()
            }

    @invariant()
    def matters_are_numbered_in_order_and_tasks_go_on_once(self) -> None:
        last: Counter[tuple[str, str]] = Counter()
        for event in self.history:
            if isinstance(event, MatterOpened):
                last[event.task_id, event.TYPE] += 1
                assert event.number == last[event.task_id, event.TYPE]
        ways = [
            *((e.task_id, e.to_task) for e in self.history if isinstance(e, TaskCarriedOver)),
            *((e.task_id, e.instance) for e in self.history if isinstance(e, YearOpened)),
        ]
        begun = [(e.from_task, e.task_id) for e in self.history if isinstance(e, TaskContinued)]
        assert sorted(ways) == sorted(begun)
        assert len({new for _, new in begun}) == len(begun)

    @invariant()
    def the_days_of_a_task_run_forward(self) -> None:
        for task_id in (*FIRST, *NEXT):
            days = [event.effective_on for event in self._events_of(task_id)]
            assert days == sorted(days)

    def _events_of(self, task_id: str) -> list[TaskEvent]:
        return [e for e in self.history if isinstance(e, TaskEvent) and e.task_id == task_id]

    def _task(self, task_id: str) -> Task:
        task: Task = Unregistered()
        for event in self._events_of(task_id):
            if isinstance(event, TaskFact):
                task = evolve(task, event)
        return task

    def _answering(self, official: str) -> Answering:
        """The portfolio read as a decision gets it: the official's own events, then the rest."""
        answering = Answering(official)
        own = [Selector(types=RESPONSIBILITY, tags=[f"official:{official}"])]
        for first in (True, False):
            for event in self.history:
                if matches(own, event) is first:
                    answering.evolve(event)
        return answering

    def _spans_of(self, task_id: str) -> list[tuple[str, date, date]]:
        """Official or VACANCY, first day, day after the last; read naively off the events."""
        spans: list[tuple[str, date, date]] = []
        for event in self._events_of(task_id):
            match event:
                case TaskAssigned(official_id=taker) | VacancyFilled(official_id=taker):
                    pass
                case TaskHandedOver(to_official=taker) | TaskTransferred(to_official=taker):
                    pass
                case TaskVacated():
                    taker = VACANCY
                case CompletionConfirmed() | TaskCancelled() | TaskCarriedOver():
                    taker = ""
                case _:
                    continue
            if spans:
                spans[-1] = (*spans[-1][:2], event.effective_on)
            if taker:
                spans.append((taker, event.effective_on, date.max))
        return spans


Lives.TestCase.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
TestLives = Lives.TestCase
