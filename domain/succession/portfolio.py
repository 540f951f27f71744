"""Portfolio: all that an official answers for, tasks and communes, is handed over at once.

To one successor or to several, all of it or nothing; what stands in the way is named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, ClassVar, Self, TypeAlias, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, model_validator

from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Invalid,
    Parameters,
    Refusal,
)
from domain.monitoring.command import Monitor, Sight, seeing_monitor
from domain.monitoring.events import MonitorReplaced
from domain.monitoring.monitoring import (
    Monitoring,
    NotTheMonitor,
    Span,
    monitoring_by_official,
    monitoring_of_span,
)
from domain.monitoring.monitors.replacement import replaced
from domain.organisation.entitlement import BodyCommand
from domain.organisation.selectors import post_selector
from domain.regulations.regulations import Regulations
from domain.schemas import both, empty, left_out, never
from domain.tasks.changes import TaskVacated
from domain.tasks.command import TaskNotInProgress, require_span
from domain.tasks.events import TaskEvent, TaskHandedOver
from domain.tasks.responsibility.answering import RESPONSIBILITY, Answering, Held
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableReleased,
)
from domain.tasks.responsibility.handover import AlreadyAnswers
from domain.values import Impossible, Misstated, OfficialId, PostId, TaskRef, Text, UnitId, Value

Params = TypeVar("Params", bound=Parameters)

# So much of what stands in the way is told in words.
MOST_TOLD = 100
AND_MORE = {"en": "and {} more", "vi": "và {} vướng mắc khác"}


class PortfolioBlocked(Conflict):
    """Nothing is decided on what {official_id} answers for; in the way stands: {obstacles}.

    Chưa thể quyết định về các việc, các xã của {official_id}, do còn vướng mắc: {obstacles}.
    """

    def __init__(self, official_id: str, blocked: Sequence[tuple[str, Refusal]]) -> None:
        self.blocked = tuple(blocked)
        super().__init__(official_id=official_id, obstacles=self._obstacles("en"))

    def extensions_in(self, language: str) -> Mapping[str, object]:
        """Every obstacle in the words of its own refusal."""
        return {**self.extensions, "obstacles": self._obstacles(language)}

    def _obstacles(self, language: str) -> str:
        shown = self.blocked[:MOST_TOLD]
        told = ((what, why.detail(language).removesuffix(".")) for what, why in shown)
        more = len(self.blocked) - len(shown)
        rest = [AND_MORE[language].format(more)] if more else []
        return "; ".join([*(f"[{what}] {why}" for what, why in told), *rest])


class PortfolioEmpty(Conflict):
    """The official {official_id} answers for no task there, and monitors no commune.

    Cán bộ {official_id} không chịu trách nhiệm về việc nào, không theo dõi xã nào ở đó.
    """


class NotInPortfolio(Conflict):
    """The official {official_id} does not answer for the task {task_id} there.

    Cán bộ {official_id} không chịu trách nhiệm về việc {task_id} ở đó.
    """


class SuccessorNotNamed(Invalid):
    """Nobody is named who takes over the task {task_id}.

    Chưa nêu ai nhận bàn giao việc {task_id}.
    """


class CommuneSuccessorNotNamed(Invalid):
    """Nobody is named who monitors the commune {unit_id} from then on.

    Chưa nêu ai tiếp tục theo dõi xã {unit_id}.
    """


Decision: TypeAlias = tuple[str, Callable[[], Event]]


class PortfolioCommand(BodyCommand[Params]):
    """A command that sees all that an official answers for, and the posts concerned."""

    def __init__(self, context: Context, params: Params, official_id: str) -> None:
        super().__init__(context, params)
        self.answering = Answering(official_id)
        self.monitoring = Monitoring()
        self.sight = Sight(self.organisation, self.monitoring, Regulations(), lambda: self.recorded)

    def consistency_boundary(self) -> list[Selector]:
        tag = f"official:{self.answering.official_id}"
        held = self.answering.held()
        tasks = [Selector(tags=[f"task:{one.task.task_id}"]) for one in held]
        posts = dict.fromkeys(one.answerable.post_id for one in held)
        return [
            Selector(types=RESPONSIBILITY, tags=[tag]),
            monitoring_by_official(self.answering.official_id),
            *tasks,
            *(seen for span in self.communes() for seen in monitoring_of_span(span)),
            *(post_selector(post_id) for post_id in posts),
            *self.seeing_heirs(),
        ]

    def assigned_by(self, post_id: str | None) -> set[str]:
        """The bodies that assigned what the official answers for, in that post or in all."""
        # Of a task that is not folded whole it is not seen yet who assigned it.
        tasks = {one.task.assigned_by for one in self.answering.held(post_id)} - {""}
        return tasks | {span.assigned_by for span in self.communes(post_id)}

    def managers(self, post_ids: Iterable[str]) -> set[str]:
        """The bodies that manage those posts, as far as seen."""
        posts = self.organisation.posts
        return {posts[post_id].managed_by for post_id in post_ids if post_id in posts}

    def evolve(self, event: Event) -> None:
        self.answering.evolve(event)
        self.sight.evolve(event)

    def communes(self, post_id: str | None = None) -> list[Span]:
        """The communes that the official monitors, in that post or in all, by id."""
        held = self.monitoring.open_spans_of(self.answering.official_id)
        return [span for span in held if post_id in {None, span.post_id}]

    def emit_all(self, decisions: Iterable[Decision]) -> None:
        """Decide on every task and commune, or on none.

        Raises:
            PortfolioBlocked: naming, for every task and commune, what refuses it.
        """
        blocked: list[tuple[str, Refusal]] = []
        for what, happens in decisions:
            try:
                self.emit(happens())
            except Refusal as refusal:
                blocked.append((what, refusal))
        if blocked:
            raise PortfolioBlocked(self.answering.official_id, blocked)

    def on_tasks(
        self, decided: Iterable[Held], happens: Callable[[Held], TaskEvent]
    ) -> Iterator[Decision]:
        """What happens to each task held, as far as anything may."""

        def decide(held: Held) -> TaskEvent:
            self._require_decidable(held)
            return happens(held)

        return ((held.task.task_id, partial(decide, held)) for held in decided)

    def _require_decidable(self, held: Held) -> None:
        """Pass if the body assigned the task, it is in progress, and was held for a day.

        Raises:
            NotTheEntitledBody, TaskNotInProgress, SpanWouldBeEmpty.
        """
        task = held.task
        self.require_entitled(task.assigned_by)
        if held.awaits_confirmation:
            raise TaskNotInProgress(task_id=task.task_id, state="claimed")
        require_span(task.task_id, held.answerable, self.context.effective_on)

    def handed_over(self, held: Held, to_official: str, state_summary: str) -> TaskEvent:
        """The event by which the successor, who holds the post, takes over from the official.

        Who answers for the task already does not take over beside the lead: that just ends.

        Raises:
            AlreadyAnswers, NotThePostHolder.
        """
        task, who, on = held.task, held.answerable, self.context.effective_on
        body = self.require_body()
        if to_official == who.official_id:
            raise AlreadyAnswers(task_id=task.task_id, official_id=to_official)
        self.organisation.require_holder(to_official, who.post_id, on)
        if held.leads:
            return TaskHandedOver(
                effective_on=on,
                task_id=task.task_id,
                from_official=who.official_id,
                to_official=to_official,
                post_id=who.post_id,
                unit_id=who.unit_id,
                state_summary=state_summary,
                decided_by=body,
            )
        lead = task.lead
        if task.answers_beside(to_official) or (lead and lead.official_id == to_official):
            return self._released(held, state_summary)
        return CoAccountabilityHandedOver(
            effective_on=on,
            task_id=task.task_id,
            from_official=who.official_id,
            to_official=to_official,
            post_id=who.post_id,
            unit_id=who.unit_id,
            decided_by=body,
            state_summary=state_summary,
        )

    def vacated(self, held: Held, reason: str) -> TaskEvent:
        """The event by which nobody leads the task; answering beside the lead just ends."""
        if not held.leads:
            return self._released(held, reason)
        return TaskVacated(
            effective_on=self.context.effective_on,
            task_id=held.task.task_id,
            official_id=held.answerable.official_id,
            post_id=held.answerable.post_id,
            unit_id=held.answerable.unit_id,
            vacated_by=self.require_body(),
            reason=reason,
        )

    def _released(self, held: Held, reason: str) -> CoAccountableReleased:
        return CoAccountableReleased(
            effective_on=self.context.effective_on,
            task_id=held.task.task_id,
            official_id=held.answerable.official_id,
            post_id=held.answerable.post_id,
            unit_id=held.answerable.unit_id,
            released_by=self.require_body(),
            reason=reason,
        )


class TaskSuccessor(Value):
    """Who takes over one task."""

    task_id: TaskRef
    to_official: OfficialId


class CommuneSuccessor(Value):
    """Who monitors one commune from now on, in which leading post: the same one, if left out.

    `exception` is why, if the successor monitors more communes than the regulation in force says.
    """

    unit_id: UnitId
    to_official: OfficialId
    post_id: PostId | None = None
    exception: Text | None = None


class PortfolioHandover(Parameters):
    """What is handed over, to whom, and in what state.

    `post_id` limits it to what the official answers for in that post. `to_official` takes over
    every task and commune for which `successors` and `commune_successors` name nobody else;
    `exception` is why, if that is more communes than the regulation in force says.
    """

    model_config = never(both(left_out("to_official"), empty("successors", "commune_successors")))

    post_id: PostId | None = None
    to_official: OfficialId | None = None
    successors: Annotated[tuple[TaskSuccessor, ...], Field(max_length=1000)] = ()
    commune_successors: Annotated[tuple[CommuneSuccessor, ...], Field(max_length=1000)] = ()
    exception: Text | None = None
    state_summary: Text

    @model_validator(mode="after")
    def _names_successors_once(self) -> Self:
        named = [successor.task_id for successor in self.successors]
        if len(set(named)) != len(named):
            raise Impossible(
                "successors must name every task once",
                "successors phải nêu mỗi việc đúng một lần",
            )
        communes = [successor.unit_id for successor in self.commune_successors]
        if len(set(communes)) != len(communes):
            raise Impossible(
                "commune_successors must name every commune once",
                "commune_successors phải nêu mỗi xã đúng một lần",
            )
        if self.to_official is None and not named and not communes:
            raise Misstated(
                "name to_official, successors or commune_successors",
                "nêu to_official, successors hoặc commune_successors",
            )
        return self


class HandOverPortfolio(PortfolioCommand[PortfolioHandover]):
    """The body that assigned the tasks and the communes orders it, citing its decision.

    All or nothing. Each successor holds the post in which the official answers for the task; a
    commune's holds a leading post. A task whose completion is claimed stands in the way until that
    claim is decided.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        PortfolioEmpty,
        PortfolioBlocked,
    )
    AHEAD: ClassVar[bool] = True

    def consistency_boundary(self) -> list[Selector]:
        seen = [
            selector
            for _, monitor in self._monitors().values()
            for selector in seeing_monitor(self.monitoring, monitor)
        ]
        return [*super().consistency_boundary(), *seen]

    def bodies(self) -> set[str]:
        monitors = (monitor.post_id for _, monitor in self._monitors().values())
        return self.assigned_by(self.params.post_id) | self.managers(monitors)

    def execute(self) -> None:
        body = self.require_body()
        self.require_basis()
        params, on, official_id = self.params, self.context.effective_on, self.answering.official_id
        held, communes = self.answering.held(params.post_id), self.communes(params.post_id)
        if not (held or communes or params.successors or params.commune_successors):
            raise PortfolioEmpty(official_id=official_id)
        successors = self._successors(held)
        monitors = self._monitors()
        self._require_match(held, communes)
        note = params.state_summary

        def handed_over(span: Span, monitor: Monitor) -> MonitorReplaced:
            return replaced(self.sight, span, on, monitor, body, reason=note, note=note)

        on_tasks = self.on_tasks(
            held, lambda one: self.handed_over(one, successors[one.task.task_id], note)
        )
        on_communes = (
            (unit_id, partial(handed_over, span, monitor))
            for unit_id, (span, monitor) in monitors.items()
        )
        self.emit_all((*on_tasks, *on_communes))

    def _successors(self, held: Sequence[Held]) -> dict[str, str]:
        """Who takes over each task."""
        named = {one.task_id: one.to_official for one in self.params.successors}
        if self.params.to_official is None:
            return named
        return dict.fromkeys((one.task.task_id for one in held), self.params.to_official) | named

    def _monitors(self) -> dict[str, tuple[Span, Monitor]]:
        """Who monitors each commune after whom, as far as somebody is named."""
        params, monitors = self.params, {}
        named = {one.unit_id: one for one in params.commune_successors}
        for span in self.communes(params.post_id):
            to = named.get(span.unit_id)
            if to is not None:
                monitor = Monitor(to.to_official, to.post_id or span.post_id, to.exception)
            elif params.to_official is not None:
                monitor = Monitor(params.to_official, span.post_id, params.exception)
            else:
                continue
            monitors[span.unit_id] = (span, monitor)
        return monitors

    def _require_match(self, held: Sequence[Held], communes: Sequence[Span]) -> None:
        """Pass if a successor is named for every task and commune held, and for no other.

        Raises:
            PortfolioBlocked.
        """
        official_id, on = self.answering.official_id, self.context.effective_on
        tasks, named = {one.task.task_id for one in held}, set(self._successors(held))
        units, monitored = {span.unit_id for span in communes}, set(self._monitors())
        strange = {one.unit_id for one in self.params.commune_successors} - units
        blocked: list[tuple[str, Refusal]] = [
            (task_id, NotInPortfolio(official_id=official_id, task_id=task_id))
            for task_id in sorted(named - tasks)
        ]
        blocked += [(t, SuccessorNotNamed(task_id=t)) for t in sorted(tasks - named)]
        blocked += [
            (unit_id, NotTheMonitor(official_id=official_id, unit_id=unit_id, on=on))
            for unit_id in sorted(strange)
        ]
        blocked += [(u, CommuneSuccessorNotNamed(unit_id=u)) for u in sorted(units - monitored)]
        if blocked:
            raise PortfolioBlocked(official_id, blocked)
