"""Leaver: an official leaves a post, and nothing the official answers for there is forgotten.

What is open in that post passes to the successor, or is left vacant by a decision, in the same
command; else the tenure does not end. The communes monitored in that post pass on too, or are
monitored by nobody. Who has left is still looked up, reported on and scored.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar, Self

from eventsourcing.dcb.domain import Selector
from pydantic import StrictBool, model_validator

from domain.kernel import BodyRequired, Conflict, Context, DocumentRequired, Parameters, Refusal
from domain.monitoring.command import Monitor, seeing_monitor
from domain.monitoring.events import MonitorReleased, MonitorReplaced, ReleaseCause
from domain.monitoring.monitoring import Span
from domain.monitoring.monitors.release import released
from domain.monitoring.monitors.replacement import replaced
from domain.organisation.events import EndCause
from domain.organisation.selectors import official_selector, post_selector
from domain.organisation.tenures import ENDING, STARTING, ending, starting
from domain.schemas import both, given, left_out, never, where
from domain.succession.portfolio import Decision, PortfolioBlocked, PortfolioCommand
from domain.tasks.events import TaskEvent
from domain.tasks.responsibility.answering import Held
from domain.values import Impossible, Misstated, OfficialId, Text, Value


class TenureStillAnswers(Conflict):
    """In the post {post_id} the official {official_id} still answers for: {tasks}.

    Ở chức danh {post_id}, cán bộ {official_id} còn chịu trách nhiệm về: {tasks}.
    """


class Succession(Value):
    """Who takes over in the post; appointed to it the same day, unless holding it already.

    `exception` is why, if that is more communes than the regulation in force says.
    """

    official_id: OfficialId
    state_summary: Text
    exception: Text | None = None


class EndOfTenure(Parameters):
    """Whose tenure ends, and why; and what becomes of the tasks answered for in the post.

    Either `succession` says who takes them over, or `vacate` leaves them vacant, for the `reason`.
    The communes pass to the same successor; without one their monitor is released.
    """

    model_config = never(
        both(where(vacate={"const": True}), given("succession")),
        both(where(vacate={"const": True}), left_out("reason")),
    )

    official_id: OfficialId
    cause: EndCause
    succession: Succession | None = None
    vacate: StrictBool = False
    reason: Text | None = None

    @model_validator(mode="after")
    def _leaves_tasks_to_somebody_or_nobody(self) -> Self:
        if self.vacate and self.succession is not None:
            raise Misstated(
                "say succession or vacate, not both",
                "chỉ nêu succession hoặc vacate, không nêu cả hai",
            )
        if self.vacate and self.reason is None:
            raise Misstated("vacate needs its reason", "vacate phải kèm lý do")
        if self.succession is not None and self.succession.official_id == self.official_id:
            raise Impossible(
                "nobody succeeds themselves", "người kế nhiệm phải khác người bàn giao"
            )
        return self


class EndTenure(PortfolioCommand[EndOfTenure]):
    """The official no longer holds the post from the effective day.

    The body that assigned the open tasks decides on them, citing its document. A claim of
    completion stays the leaver's and is decided as it stands; returned, it leaves a vacancy.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ENDING,
        *STARTING,
        TenureStillAnswers,
        BodyRequired,
        DocumentRequired,
        PortfolioBlocked,
    )
    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: EndOfTenure, post_id: str) -> None:
        super().__init__(context, params, params.official_id)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        selectors = [post_selector(self.post_id), *super().consistency_boundary()]
        if self.params.succession is not None:
            to = self.params.succession.official_id
            selectors += [
                official_selector(to),
                *seeing_monitor(self.monitoring, Monitor(to, self.post_id)),
            ]
        return selectors

    def bodies(self) -> set[str]:
        passed_on = self.communes(self.post_id) if self.params.succession is not None else []
        monitored = {span.assigned_by for span in passed_on}
        managing = self.managers(span.post_id for span in passed_on)
        return self.assigned_by(self.post_id) | monitored | managing

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        self.emit(ending(self.organisation, self.post_id, params.official_id, on, params.cause))
        if params.succession is not None:
            self._succeed(params.succession.official_id)
        held, communes = self.answering.held(self.post_id), self.communes(self.post_id)
        on_tasks: Iterable[Decision] = ()
        if held:
            open_held = (one for one in held if not one.awaits_confirmation)
            on_tasks = self.on_tasks(open_held, self._decision(held))
        if held or (communes and params.succession is not None):
            self.require_body()
            self.require_basis()
        on_communes = ((span.unit_id, partial(self._passed_on, span)) for span in communes)
        self.emit_all((*on_tasks, *on_communes))

    def _passed_on(self, span: Span) -> MonitorReplaced | MonitorReleased:
        """What becomes of a commune that the leaver monitors; whatever refuses it is raised."""
        params, on = self.params, self.context.effective_on
        to = params.succession
        if to is None:
            cause = ReleaseCause(params.cause.value)
            reason = params.reason or params.cause.value
            return released(self.sight, span, on, cause=cause, reason=reason)
        monitor = Monitor(to.official_id, self.post_id, to.exception)
        body, note = self.require_body(), to.state_summary
        reason = params.reason or note
        return replaced(self.sight, span, on, monitor, body, reason=reason, note=note)

    def _succeed(self, official_id: str) -> None:
        on = self.context.effective_on
        if not self.organisation.holds(official_id, self.post_id, on):
            self.emit(starting(self.organisation, self.post_id, official_id, on))

    def _decision(self, held: Sequence[Held]) -> Callable[[Held], TaskEvent]:
        """What becomes of each task that the leaver holds in the post.

        Raises:
            TenureStillAnswers: the parameters do not decide it.
        """
        match self.params:
            case EndOfTenure(succession=Succession() as to):
                return lambda one: self.handed_over(one, to.official_id, to.state_summary)
            case EndOfTenure(vacate=True, reason=str(reason)):
                return lambda one: self.vacated(one, reason)
        raise TenureStillAnswers(
            post_id=self.post_id,
            official_id=self.params.official_id,
            tasks=", ".join(one.task.task_id for one in held),
        )
