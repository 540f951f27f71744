"""Recommendations: the monitor recommends something to a body, which answers (D19)."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, Forbidden, Invalid, Parameters, Refusal
from domain.monitoring.events import (
    Number,
    RecommendationAnswered,
    RecommendationMade,
)
from domain.monitoring.papers.command import ANSWERING, BY_THE_MONITOR, OfMonitor, PaperCommand
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.values import Day, Text, UnitId


class AnswerDueBeforeRecommendation(Invalid):
    """The answer is due on {answer_due_on}, before the recommendation of {effective_on}.

    Hạn trả lời {answer_due_on} ở trước ngày kiến nghị {effective_on}.
    """


class NotTheBodyAsked(Forbidden):
    """The recommendation was made to {to_body}: {on_behalf_of} does not answer it.

    Kiến nghị được gửi tới {to_body}: {on_behalf_of} không phải nơi trả lời.
    """


class Recommendation(OfMonitor):
    """What is recommended to which body, and by when an answer is asked for."""

    to_body: UnitId
    content: Text
    answer_due_on: Day | None = None


class MakeRecommendation(PaperCommand[Recommendation]):
    """The monitor of the day recommends something to a body."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_THE_MONITOR,
        UnitUnknown,
        UnitNotOpen,
        AnswerDueBeforeRecommendation,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), unit_selector(self.params.to_body)]

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        span = self.span_of_day(params.official_id)
        self.organisation.open_unit(params.to_body, on)
        if params.answer_due_on is not None and params.answer_due_on < on:
            raise AnswerDueBeforeRecommendation(answer_due_on=params.answer_due_on, effective_on=on)
        self.emit(
            RecommendationMade(
                effective_on=on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                number=self.next_number(RecommendationMade),
                to_body=params.to_body,
                content=params.content,
                answer_due_on=params.answer_due_on,
            )
        )


class RecommendationAnswer(Parameters):
    """Which recommendation, and what is answered."""

    number: Number
    answer: Text


class AnswerRecommendation(PaperCommand[RecommendationAnswer]):
    """The body to which the recommendation was made answers it, once."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (BodyRequired, *ANSWERING, NotTheBodyAsked)

    def execute(self) -> None:
        params, body = self.params, self.require_body()
        recommendation = self.papers.awaiting(
            RecommendationMade, RecommendationAnswered, self.unit_id, params.number
        )
        if body != recommendation.to_body:
            raise NotTheBodyAsked(to_body=recommendation.to_body, on_behalf_of=body)
        self.emit(
            RecommendationAnswered(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                number=params.number,
                answer=params.answer,
                answered_by=body,
            )
        )
