"""Portfolio: everything an official answers for is handed over at once.

To one successor or to several, all of it or nothing; what stands in the way is named.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, model_validator

from domain.kernel import (
    BodyRequired,
    Command,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Invalid,
    Parameters,
    Refusal,
)
from domain.organisation.organisation import Organisation, post_selector
from domain.tasks.answering import RESPONSIBILITY, Answering, Held
from domain.tasks.changes import TaskVacated
from domain.tasks.co_accountability import CoAccountabilityHandedOver, CoAccountableReleased
from domain.tasks.command import (
    BeforeLastEvent,
    NotTheEntitledBody,
    SpanWouldBeEmpty,
    TaskNotInProgress,
)
from domain.tasks.events import TaskEvent, TaskHandedOver
from domain.tasks.handover import AlreadyAnswers
from domain.values import Misstated, OfficialId, PostId, TaskRef, Text, Value

Said = TypeVar("Said", bound=Parameters)


class PortfolioBlocked(Conflict):
    """Nothing is decided on the tasks of {official_id}, for what stands in the way: {obstacles}.

    Chưa thể quyết định về các việc của {official_id}, do còn vướng mắc: {obstacles}.
    """

    def __init__(self, official_id: str, blocked: Sequence[tuple[str, Refusal]]) -> None:
        self.blocked = tuple(blocked)
        super().__init__(official_id=official_id, obstacles=self._obstacles("en"))

    def facts_in(self, language: str) -> Mapping[str, object]:
        """Every obstacle in the words of its own refusal."""
        return {**self.facts, "obstacles": self._obstacles(language)}

    def _obstacles(self, language: str) -> str:
        return " ".join(f"[{task_id}] {why.detail(language)}" for task_id, why in self.blocked)


class PortfolioEmpty(Conflict):
    """The official {official_id} answers for no task there.

    Cán bộ {official_id} không chịu trách nhiệm về việc nào ở đó.
    """


class NotInPortfolio(Conflict):
    """The official {official_id} does not answer for the task {task_id} there.

    Cán bộ {official_id} không chịu trách nhiệm về việc {task_id} ở đó.
    """


class SuccessorNotNamed(Invalid):
    """Nobody is named who takes over the task {task_id}.

    Chưa nêu ai nhận bàn giao việc {task_id}.
    """


class PortfolioCommand(Command[Said]):
    """A command that sees every task for which an official answers, and the posts concerned."""

    def __init__(self, context: Context, said: Said, official_id: str) -> None:
        super().__init__(context, said)
        self.answering = Answering(official_id)
        self.organisation = Organisation()

    def consistency_boundary(self) -> list[Selector]:
        tag = f"official:{self.answering.official_id}"
        held = self.answering.held()
        tasks = [Selector(tags=[f"task:{one.task.task_id}"]) for one in held]
        posts = dict.fromkeys(one.part.post_id for one in held)
        return [
            Selector(types=RESPONSIBILITY, tags=[tag]),
            *tasks,
            *(post_selector(post_id) for post_id in posts),
        ]

    def evolve(self, event: Event) -> None:
        self.answering.evolve(event)
        self.organisation.evolve(event)

    def emit_all(self, decided: Iterable[Held], happens: Callable[[Held], TaskEvent]) -> None:
        """Decide on every task, or on none.

        Raises:
            PortfolioBlocked: naming, for every task, what refuses it.
        """
        blocked: list[tuple[str, Refusal]] = []
        events: list[TaskEvent] = []
        for held in decided:
            try:
                self._require_decidable(held)
                events.append(happens(held))
            except Refusal as refusal:
                blocked.append((held.task.task_id, refusal))
        if blocked:
            raise PortfolioBlocked(self.answering.official_id, blocked)
        for event in events:
            self.emit(event)

    def _require_decidable(self, held: Held) -> None:
        """Pass if the body assigned the task, it is in progress, and the part lasted for a day.

        Raises:
            NotTheEntitledBody, TaskNotInProgress, BeforeLastEvent, SpanWouldBeEmpty.
        """
        task, on, body = held.task, self.context.effective_on, self.require_body()
        if body != task.assigned_by:
            raise NotTheEntitledBody(entitled=task.assigned_by, on_behalf_of=body)
        if held.awaits_confirmation:
            raise TaskNotInProgress(task_id=task.task_id, state="claimed")
        if on < task.latest_on:
            raise BeforeLastEvent(task_id=task.task_id, latest_on=task.latest_on, effective_on=on)
        if on <= held.part.since:
            raise SpanWouldBeEmpty(
                official_id=held.part.official_id, since=held.part.since, until=on
            )

    def handed_over(self, held: Held, to_official: str, state_summary: str) -> TaskEvent:
        """The event by which the successor, who holds the post, takes over the part.

        Who answers for the task already takes over no part beside the lead: that one just ends.

        Raises:
            AlreadyAnswers, NotThePostHolder.
        """
        task, part, on = held.task, held.part, self.context.effective_on
        body = self.require_body()
        if to_official == part.official_id:
            raise AlreadyAnswers(official_id=to_official)
        self.organisation.require_holder(to_official, part.post_id, on)
        if held.leads:
            return TaskHandedOver(
                effective_on=on,
                task_id=task.task_id,
                from_official=part.official_id,
                to_official=to_official,
                post_id=part.post_id,
                unit_id=part.unit_id,
                state_summary=state_summary,
                decided_by=body,
            )
        led = task.led_by()
        if task.part_of(to_official) or (led is not None and led.official_id == to_official):
            return self._released(held, state_summary)
        return CoAccountabilityHandedOver(
            effective_on=on,
            task_id=task.task_id,
            from_official=part.official_id,
            to_official=to_official,
            post_id=part.post_id,
            unit_id=part.unit_id,
            decided_by=body,
            state_summary=state_summary,
        )

    def vacated(self, held: Held, reason: str) -> TaskEvent:
        """The event by which nobody leads the task; a part beside the lead just ends."""
        if not held.leads:
            return self._released(held, reason)
        return TaskVacated(
            effective_on=self.context.effective_on,
            task_id=held.task.task_id,
            official_id=held.part.official_id,
            post_id=held.part.post_id,
            unit_id=held.part.unit_id,
            vacated_by=self.require_body(),
            reason=reason,
        )

    def _released(self, held: Held, reason: str) -> CoAccountableReleased:
        return CoAccountableReleased(
            effective_on=self.context.effective_on,
            task_id=held.task.task_id,
            official_id=held.part.official_id,
            post_id=held.part.post_id,
            unit_id=held.part.unit_id,
            released_by=self.require_body(),
            reason=reason,
        )


class TaskSuccessor(Value):
    """Who takes over one task."""

    task_id: TaskRef
    to_official: OfficialId


class PortfolioHandover(Parameters):
    """What is handed over, to whom, and in what state.

    `post_id` limits it to what the official answers for in that post. `to_official` takes over
    every task for which `successors` names nobody else.
    """

    post_id: PostId | None = None
    to_official: OfficialId | None = None
    successors: Annotated[tuple[TaskSuccessor, ...], Field(max_length=1000)] = ()
    state_summary: Text

    @model_validator(mode="after")
    def _names_successors_once(self) -> Self:
        named = [successor.task_id for successor in self.successors]
        if len(set(named)) != len(named):
            raise Misstated(
                "successors must name every task once",
                "successors phải nêu mỗi nhiệm vụ đúng một lần",
            )
        if self.to_official is None and not named:
            raise Misstated(
                "name to_official, successors, or both", "nêu to_official, successors, hoặc cả hai"
            )
        return self


class HandOverPortfolio(PortfolioCommand[PortfolioHandover]):
    """The body that assigned the tasks orders it, citing its decision; all or nothing.

    Each successor holds the post in which the official answers for the task. A task whose
    completion is claimed stands in the way until that claim is decided.
    """

    PARAMETERS: ClassVar[type[Parameters]] = PortfolioHandover
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        PortfolioEmpty,
        PortfolioBlocked,
    )

    def execute(self) -> None:
        self.require_body()
        self.require_basis()
        said, official_id = self.said, self.answering.official_id
        held = self.answering.held(said.post_id)
        successors = {one.task_id: one.to_official for one in said.successors}
        if not held and not successors:
            raise PortfolioEmpty(official_id=official_id)
        if said.to_official is not None:
            named = dict.fromkeys((one.task.task_id for one in held), said.to_official)
            successors = named | successors
        self._require_match({one.task.task_id for one in held}, set(successors))
        self.emit_all(
            held,
            lambda one: self.handed_over(one, successors[one.task.task_id], said.state_summary),
        )

    def _require_match(self, held: set[str], named: set[str]) -> None:
        """Pass if a successor is named for every task held, and for no other.

        Raises:
            PortfolioBlocked.
        """
        official_id = self.answering.official_id
        blocked: list[tuple[str, Refusal]] = [
            (task_id, NotInPortfolio(official_id=official_id, task_id=task_id))
            for task_id in sorted(named - held)
        ]
        blocked += [(t, SuccessorNotNamed(task_id=t)) for t in sorted(held - named)]
        if blocked:
            raise PortfolioBlocked(official_id, blocked)
