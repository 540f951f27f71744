"""Random lives of tasks: whatever is tried, in whatever order, the history stays sound."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby, pairwise
from random import Random
from typing import Any

from eventsourcing.dcb.domain import Selector
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.kernel import Actor, Context, Event, Refusal, matches
from domain.organisation.events import EndCause
from domain.organisation.organisation import Organisation
from domain.organisation.tenures import Appoint
from domain.record.contradictions import ContradictsLater
from domain.record.standing import State
from domain.succession.leaver import EndTenure
from domain.succession.portfolio import HandOverPortfolio
from domain.tasks import possible
from domain.tasks.beginning.approval import ApproveTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.changes import TaskCarriedOver, TaskContinued, TaskVacated, VacancyFilled
from domain.tasks.command import TaskNotAwaitingDecision, TaskNotInProgress
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.ending.recurrence import OpenYear, YearOpened
from domain.tasks.events import (
    CompletionConfirmed,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskHandedOver,
    TaskTransferred,
)
from domain.tasks.matters.matter import MatterOpened
from domain.tasks.responsibility.answering import RESPONSIBILITY, Answering
from domain.tasks.responsibility.co_accountability import CoAccountables
from domain.tasks.responsibility.collective import FindResponsibility
from domain.tasks.responsibility.consequences import (
    DecideResponsibility,
    DropResponsibility,
    ProposeResponsibility,
    ResponsibilityProposed,
)
from domain.tasks.responsibility.handover import HandOver
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.task import (
    Assigned,
    Claimed,
    InProgress,
    Task,
    TaskStateEvent,
    Unregistered,
    Vacant,
    evolve,
)
from domain.tasks.work.objective_causes import ConfirmObjectiveCause
from service.http.tasks import TASK_VERBS
from tests.domain.cast import (
    COMMITTEE,
    DEPUTIES,
    DISTRICT_STATE,
    ORGANISATION,
    PREDECESSOR,
    PROPOSAL,
    SUCCESSOR,
    holds,
)
from tests.domain.record.naive import KEPT_BEYOND_TENURE, breaches_of_history
from tests.domain.scenario import CLERK, DECISION, OFFICE, decide
from tests.domain.tasks.lives import (
    BEGINNING,
    DUE,
    ENDING,
    EVERY,
    FOLLOWING,
    HANDS,
    MATTERS,
    OFFICIALS,
    POSTS,
    PROPOSALS,
    SEATS,
    SUMMARY,
    WORK,
    Choices,
    Verb,
    chosen,
    of_the_matter,
    on_day,
)

BEGINNING_ON = date(2021, 1, 4)
TASKS = [f"task-{letter}" for letter in "abcdef"]
RECENT = 6
LIVES, STEPS = 230, 60
# Mostly clerks, so that what is tried is often allowed.
OFFICIAL_ACTORS = [Actor(f"official:can-bo-00{n}") for n in (1, 2, 3)]
ACTORS = [OFFICE] * 4 + [CLERK] * 3 + OFFICIAL_ACTORS
CHANCE = st.randoms(use_true_random=True)
VACANCY = "nobody"
TWO_DEPUTIES = [holds(who, DEPUTIES, DISTRICT_STATE) for who in (PREDECESSOR, SUCCESSOR)]


class Lives(RuleBasedStateMachine):
    """Tasks, those that go on from them, three officials, two posts; days pass; anybody tries."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Event] = [*ORGANISATION, *TWO_DEPUTIES]
        self.today = BEGINNING_ON
        self.late_days = 0
        self.accepted: set[Verb] = set()
        # Accepted after the day from which they count, and amid what counts from later days.
        self.late: set[Verb] = set()
        self.amid: set[Verb] = set()
        self.contradicted = 0
        # Of which something was recorded late: their leads are recorded as they are found.
        self.found_late: set[str] = set()

    def attempt(self, command: Verb, ids: Sequence[str], by: Actor, params: Any) -> None:
        parameters = command.PARAMETERS.model_validate(params)
        body = parameters.on_behalf_of or COMMITTEE
        on = max(BEGINNING_ON, self.today - timedelta(self.late_days))
        context = Context(by, self.today, on, body, DECISION)
        build: Any = command
        before = len(self.history)
        try:
            self.history += decide(self.history, partial(build, context, parameters, *ids))
            self.accepted.add(command)
            assert possible.is_possible(command, on_day(self.history[:before], ids[0], on))
            if on < self.today:
                self.late.add(command)
                tasks = (e for e in self.history[before:] if isinstance(e, TaskEvent))
                self.found_late.update(event.task_id for event in tasks)
            if any(event.effective_on > on for event in self.history[:before]):
                self.amid.add(command)
        except Refusal as refusal:
            assert type(refusal) in {*command.REFUSALS, ContradictsLater}  # noqa: PT017  a declared refusal is fine
            self.contradicted += isinstance(refusal, ContradictsLater)
            assert len(self.history) == before
            if isinstance(refusal, (TaskNotInProgress, TaskNotAwaitingDecision)):
                assert not possible.is_possible(command, on_day(self.history[:before], ids[0], on))

    def try_one(self, verbs: Mapping[Verb, Choices], by: Actor, chance: Random) -> None:
        verb = chance.choice(list(verbs))
        self.attempt(verb, [self.some_task(chance)], by, chosen(verbs[verb], chance))

    def some_task(self, chance: Random) -> str:
        """Mostly one that is under way, if any is."""
        under_way = [name for name in TASKS if isinstance(self._task(name), InProgress)]
        return chance.choice([*under_way * 6, *TASKS])

    def unborn(self) -> list[str]:
        return [name for name in TASKS if isinstance(self._task(name), Unregistered)]

    @initialize(chance=CHANCE)
    def a_task_is_registered_and_one_under_way(self, chance: Random) -> None:
        params = {**chance.choice(SEATS.values), "proposal": PROPOSAL}
        self.attempt(RegisterTask, TASKS[:1], CLERK, params)
        self.attempt(RegisterTask, TASKS[1:2], CLERK, params)
        self.attempt(ApproveTask, TASKS[1:2], OFFICE, {})
        self.attempt(AssignTask, TASKS[1:2], OFFICE, {"official_id": params["official_id"]})
        self.today += timedelta(1)

    # One rule: of several, Hypothesis leaves some out of every life.
    @rule(chance=CHANCE)
    def something_happens(self, chance: Random) -> None:
        happens = [
            *[self.what_was_begun_goes_on] * 4,
            *[self.a_task_passes_into_other_hands] * 2,
            self.days_pass,
            self.a_task_is_begun,
            self.a_task_is_worked_on,
            self.a_matter_comes_up,
            self.a_task_begins_or_ends,
            self.a_task_goes_on_as_another,
            self.an_official_leaves,
        ]
        self.late_days = chance.choice([0, 0, 1, chance.randint(1, 60)])
        chance.choice(happens)(chance.choice(ACTORS), chance)

    def days_pass(self, _: Actor, chance: Random) -> None:
        self.today += timedelta(chance.randint(1, 40))

    def a_task_is_begun(self, _: Actor, chance: Random) -> None:
        seat = chance.choice(SEATS.values)
        params = {**seat, "proposal": chance.choice(PROPOSALS.values)}
        assigned = {"official_id": seat["official_id"], "due_on": chance.choice(DUE.values)}
        for task in self.unborn()[:1]:
            self.attempt(RegisterTask, [task], CLERK, params)
            if chance.randrange(3):
                self.attempt(ApproveTask, [task], OFFICE, {})
                self.attempt(AssignTask, [task], OFFICE, assigned)
        self.today += timedelta(1)

    def what_was_begun_goes_on(self, by: Actor, chance: Random) -> None:
        begun = [e for e in self.history if isinstance(e, TaskEvent) and type(e) in FOLLOWING]
        event = chance.choice(begun[-RECENT:])
        if self.late_days:
            self.late_days = chance.randint(0, max(0, (self.today - event.effective_on).days))
        verb = chance.choice(FOLLOWING[type(event)])
        params = chosen(EVERY[verb], chance) | of_the_matter(verb, event)
        self.attempt(verb, [event.task_id], by, params)

    def lateness_has_consequences(self, by: Actor, chance: Random) -> None:
        under_way = [(name, self._task(name)) for name in TASKS]
        late = [
            name
            for name, task in under_way
            if isinstance(task, InProgress) and task.due_on is not None and task.due_on < self.today
        ]
        for task in late[:1]:
            for verb in (FindResponsibility, ConfirmObjectiveCause, ProposeResponsibility):
                self.attempt(verb, [task], by, chosen(EVERY[verb], chance))
            proposed = [e for e in self.history if isinstance(e, ResponsibilityProposed)]
            for event in proposed[-1:]:
                decision = chance.choice((DecideResponsibility, DropResponsibility))
                params = chosen(EVERY[decision], chance) | of_the_matter(decision, event)
                self.attempt(decision, [event.task_id], OFFICE, params)

    def a_task_is_worked_on(self, by: Actor, chance: Random) -> None:
        self.try_one(WORK, by, chance)

    def a_matter_comes_up(self, by: Actor, chance: Random) -> None:
        self.try_one(MATTERS, by, chance)

    def a_task_passes_into_other_hands(self, by: Actor, chance: Random) -> None:
        self.try_one(HANDS, by, chance)
        self.today += timedelta(chance.randint(0, 1))

    def a_task_begins_or_ends(self, by: Actor, chance: Random) -> None:
        self.try_one({**BEGINNING, **ENDING}, by, chance)

    def a_task_goes_on_as_another(self, by: Actor, chance: Random) -> None:
        task, new = self.some_task(chance), chance.choice([*self.unborn() * 4, *TASKS])
        year = chance.randint(2020, 2024)
        term = {"kind": "year", "year": year}
        self.attempt(OpenYear, [task, new], by, {"year": year})
        self.attempt(CarryOver, [task, new], by, {"term": term, "reason": SUMMARY})

    def an_official_leaves(self, by: Actor, chance: Random) -> None:
        """A portfolio is handed over, or a post changes hands, with or without a word on tasks."""
        post, leaver, successor = (
            chance.choice(every.values) for every in (POSTS, OFFICIALS, OFFICIALS)
        )
        to: dict[str, Any] = {"official_id": successor, "state_summary": SUMMARY}
        ended: dict[str, Any] = {"official_id": leaver, "cause": EndCause.TRANSFER}
        match chance.randint(0, 4):
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
        for task_id in TASKS:
            match self._task(task_id):
                case Assigned(answerable=who):
                    assert who.official_id == self._spans_of(task_id)[-1][0]
                case Vacant():
                    assert self._spans_of(task_id)[-1][0] == VACANCY

    @invariant()
    def responsibility_has_no_gap_and_no_overlap(self) -> None:
        """A vacancy is a span of its own; only it may last no day."""
        for task_id in TASKS:
            for (who, from_on, to_on), (_, next_from, _) in pairwise(self._spans_of(task_id)):
                assert to_on == next_from
                assert from_on < to_on or (who == VACANCY and from_on == to_on)

    @invariant()
    def nobody_works_on_a_task_in_a_post_they_have_left(self) -> None:
        organisation = Organisation()
        for event in self.timeline():
            organisation.evolve(event)
        for task_id in TASKS:
            task = self._task(task_id)
            if isinstance(task, InProgress) and task_id not in self.found_late:
                who = task.answerable
                assert organisation.holds(who.official_id, who.post_id, self.today)

    @invariant()
    def a_portfolio_is_what_the_tasks_say(self) -> None:
        for official in ("can-bo-001", "can-bo-002", "can-bo-003"):
            expected = set()
            for task_id in TASKS:
                task, beside = self._task(task_id), CoAccountables()
                for event in self._events_of(task_id):
                    beside.evolve(event)
                if isinstance(task, InProgress | Claimed) and (
                    task.answerable.official_id == official
                ):
                    expected.add((task_id, task.answerable, isinstance(task, Claimed)))
                other = beside.by_official.get(official)
                if other and isinstance(task, InProgress | Claimed | Vacant):
                    expected.add((task_id, other, False))
            assert expected == {
                (held.task.task_id, held.answerable, held.awaits_confirmation)
                for held in self._answering(official).held()
            }
            # What a decision sees first, the official's own events, shows every task held.
            own = {held.task.task_id for held in self._answering(official, own=True).held()}
            assert own >= {task_id for task_id, _, _ in expected}

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
    def every_event_can_follow_in_the_order_of_days(self) -> None:
        """The whole life folded anew, naively: whatever the order in which it was recorded."""
        state = State(of_posts=False)
        for on, events in groupby(self.timeline(), key=_day):
            for event in events:
                state.require(event)
                state.evolve(event)
            assert not list(state.violations(on))

    def teardown(self) -> None:
        """A naive reading of the whole life finds nothing that cannot be."""
        for breach in breaches_of_history(self.history):
            assert breach.rule == KEPT_BEYOND_TENURE, breach
            event = self.history[breach.position - 1]
            assert isinstance(event, TaskEvent)
            assert event.task_id in self.found_late, breach

    def timeline(self) -> list[Event]:
        """What happened in the order of days, and within a day in the order of recording."""
        return sorted(self.history, key=_day)

    def _events_of(self, task_id: str) -> list[TaskEvent]:
        return [e for e in self.timeline() if isinstance(e, TaskEvent) and e.task_id == task_id]

    def _task(self, task_id: str) -> Task:
        task: Task = Unregistered()
        for event in self._events_of(task_id):
            if isinstance(event, TaskStateEvent):
                task = evolve(task, event)
        return task

    def _answering(self, official: str, *, own: bool = False) -> Answering:
        """What the official answers for, read off every event or off their own only."""
        answering = Answering(official)
        theirs = [Selector(types=RESPONSIBILITY, tags=[f"official:{official}"])]
        for event in self.timeline():
            if not own or matches(theirs, event):
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


def _day(event: Event) -> date:
    return date.min if event.FROM_THE_BEGINNING else event.effective_on


Lives.TestCase.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
TestLives = Lives.TestCase


def test_every_verb_is_accepted_in_some_life_also_late() -> None:
    """What Hypothesis tries is its own affair; these lives are the same in every run."""
    accepted, late, amid = set[Verb](), set[Verb](), set[Verb]()
    contradicted = 0
    for seed in range(LIVES):
        life, chance = Lives(), Random(seed)  # noqa: S311  it only has to be varied
        life.a_task_is_registered_and_one_under_way(chance)
        for _ in range(STEPS):
            life.something_happens(chance)
        life.lateness_has_consequences(OFFICE, chance)
        for sound in life.invariants:
            sound.function(life)
        life.teardown()
        accepted |= life.accepted
        late |= life.late
        amid |= life.amid
        contradicted += life.contradicted
    every = {verb.command for verb in TASK_VERBS} | {HandOverPortfolio, EndTenure}
    assert every <= accepted
    assert every <= late
    assert {*WORK, *MATTERS, HandOver, TransferTask} <= amid
    assert contradicted
    assert possible.VERBS.keys() == {verb.command for verb in TASK_VERBS if verb.named_in_path}
