"""Objections: an official objects to one step of the explanation, and the body answers that step.

An objection that is upheld, or a rating that is shaken, has the rating decided anew, also after
the cycle is closed.
"""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import StrictBool

from domain.appraisal.command import (
    BY_DECIDING_BODY,
    OfCycleParameters,
    RatingCommand,
)
from domain.appraisal.cycles import (
    CycleUnknown,
    NotInTheCycle,
    NotRatedYet,
    ObjectionAnsweredBefore,
    ObjectionUnknown,
    decider,
)
from domain.appraisal.derivation import seeing
from domain.appraisal.members import some_look_at_members
from domain.appraisal.rating import derived
from domain.appraisal.rating_events import (
    ObjectionAnswered,
    ObjectionNumber,
    ObjectionRaised,
    RatingDecided,
    RatingReopened,
    Rule,
)
from domain.kernel import Conflict, Forbidden, Invalid, Refusal
from domain.regulations.vocabulary_1.organising import Matter
from domain.regulations.vocabulary_1.steps import Step
from domain.timeline import timeline
from domain.values import Text


class StepUnknown(Invalid):
    """The explanation of the rating has no step {step}.

    Phần giải thích của kết quả xếp loại không có bước {step}.
    """


class OnlyThePersonRated(Forbidden):
    """The objection is for the official {official_id} to raise, not for {actor}.

    Việc kiến nghị do cán bộ {official_id} thực hiện, không phải {actor}.
    """


class ReopenedAlready(Conflict):
    """The rating of {official_id} is to be decided anew already.

    Kết quả xếp loại của {official_id} đang được xem xét lại.
    """


class Objection(OfCycleParameters):
    """To which step of the explanation, as a replay names its rule, and why."""

    step: Rule
    reason: Text


class ObjectToRating(RatingCommand[Objection]):
    """The official objects to a step of the rating that stands; also after leaving."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        CycleUnknown,
        NotInTheCycle,
        NotRatedYet,
        OnlyThePersonRated,
        StepUnknown,
    )

    def seeing_cycle(self) -> list[Selector]:
        known = {at: one for at, one in self.numbered.items() if at < self._rated()[0]}
        members = some_look_at_members(known.values())
        seen = seeing(self.official_id, known, self.cycle_id, members=members) if known else ()
        return [*super().seeing_cycle(), *seen]

    def _rated(self) -> tuple[int, RatingDecided | None]:
        """The position of the decision that stands, and the decision; 0 and None before one."""
        own = [
            (entry.at.position, entry.event)
            for entry in timeline(self.numbered)
            if isinstance(entry.event, RatingDecided)
            and (entry.event.official_id, entry.event.cycle_id) == (self.official_id, self.cycle_id)
        ]
        return own[-1] if own else (0, None)

    def execute(self) -> None:
        params, actor = self.params, self.context.actor
        if actor.official_id not in {None, self.official_id}:
            raise OnlyThePersonRated(official_id=self.official_id, actor=actor.id)
        self.cycle.rated(self.official_id)
        position, rated = self._rated()
        if rated is None:
            raise NotRatedYet(official_id=self.official_id, cycle_id=self.cycle_id)
        step = self._step(position, rated)
        self.emit(
            ObjectionRaised(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                cycle_id=self.cycle_id,
                regulation=rated.regulation,
                cycle=rated.cycle,
                from_on=rated.from_on,
                number=self._next(),
                rating_position=position,
                step=params.step,
                says=step.says,
                article=step.article,
                addressed_to=decider(self.revision, "objection"),
                reason=params.reason,
            )
        )

    def _step(self, position: int, rated: RatingDecided) -> Step:
        """The step, derived again from what was known when the rating was decided.

        Raises:
            StepUnknown.
        """
        known = {at: one for at, one in self.numbered.items() if at < position}
        rating = derived(self.policy, rated.of, self.official_id, known, self.cycle_id)
        for step in _all(rating.step):
            if ".".join(map(str, step.path)) == self.params.step:
                return step
        raise StepUnknown(step=self.params.step)

    def _next(self) -> int:
        own = (one for one in self.recorded if isinstance(one, ObjectionRaised))
        return max((one.number for one in own), default=0) + 1


def _all(step: Step) -> list[Step]:
    """The step and those that it is made of."""
    return [step, *(one for within in step.steps for one in _all(within))]


class ObjectionAnswer(OfCycleParameters):
    """Which objection, whether it is upheld, and why."""

    number: ObjectionNumber
    upheld: StrictBool
    answer: Text


class AnswerObjection(RatingCommand[ObjectionAnswer]):
    """The body answers; if it upholds the objection, it decides the rating anew."""

    MATTER: ClassVar[Matter] = "objection"
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        ObjectionUnknown,
        ObjectionAnsweredBefore,
    )

    def execute(self) -> None:
        params = self.params
        body = self.deciding()
        raised = self.cycles.unanswered(self.cycle_id, self.official_id, params.number)
        self.emit(
            ObjectionAnswered(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                cycle_id=self.cycle_id,
                regulation=raised.regulation,
                cycle=raised.cycle,
                from_on=raised.from_on,
                number=params.number,
                answered_by=body,
                upheld=params.upheld,
                answer=params.answer,
            )
        )


class RatingReopening(OfCycleParameters):
    """Why the rating is decided anew, such as an event that counts no more."""

    reason: Text


class ReopenRating(RatingCommand[RatingReopening]):
    """The body has the rating decided anew: confirmed, or changed; the caps hold for it too."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        NotInTheCycle,
        NotRatedYet,
        ReopenedAlready,
    )

    def execute(self) -> None:
        body, cycle = self.deciding(), self.cycle
        cycle.rated(self.official_id)
        if cycle.member(self.official_id).is_reopened:
            raise ReopenedAlready(official_id=self.official_id)
        opened = cycle.opened
        self.emit(
            RatingReopened(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                cycle_id=self.cycle_id,
                regulation=opened.regulation,
                cycle=opened.cycle,
                from_on=opened.from_on,
                decided_by=body,
                reason=self.params.reason,
            )
        )
