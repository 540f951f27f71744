"""Replacement requests: the commune's committee asks for another monitor, and is answered (D15)."""

from typing import ClassVar

from pydantic import StrictBool

from domain.kernel import Conflict, Parameters, Refusal
from domain.monitoring.events import (
    Number,
    ReplacementAnswered,
    ReplacementRequested,
)
from domain.monitoring.monitoring import CommuneUnmonitored
from domain.monitoring.papers.command import ANSWERING, BY_THE_COMMUNE, BodyPaper, CommunePaper
from domain.organisation.entitlement import BY_OPEN_ENTITLED_BODY
from domain.values import Text


class RequestAwaitsAnswer(Conflict):
    """Request number {number} to replace the official {official_id} awaits an answer already.

    Đề nghị số {number} về việc thay cán bộ {official_id} đang chờ trả lời.
    """


class ReplacementRequest(Parameters):
    """Why the monitor of the day should be replaced."""

    reason: Text


class RequestReplacement(CommunePaper[ReplacementRequest]):
    """The commune or its Party committee asks for another monitor than the one of the day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_THE_COMMUNE,
        CommuneUnmonitored,
        RequestAwaitsAnswer,
    )

    def execute(self) -> None:
        body = self.require_commune()
        span = self.monitoring.span_on(self.unit_id, self.context.effective_on)
        requests = self.papers.of(ReplacementRequested, self.unit_id)
        answers = self.papers.of(ReplacementAnswered, self.unit_id)
        answered = {answer.number for answer in answers}
        for request in requests:
            same = (request.official_id, request.since) == (span.official_id, span.since)
            if same and request.number not in answered:
                raise RequestAwaitsAnswer(number=request.number, official_id=span.official_id)
        self.emit(
            ReplacementRequested(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                number=self.next_number(ReplacementRequested),
                reason=self.params.reason,
                requested_by=body,
            )
        )


class ReplacementAnswer(Parameters):
    """Which request, whether it is granted, and what is answered."""

    number: Number
    granted: StrictBool
    answer: Text


class AnswerReplacementRequest(BodyPaper[ReplacementAnswer]):
    """The body that assigned the monitor answers; the replacement itself is a verb of its own."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*BY_OPEN_ENTITLED_BODY, *ANSWERING)

    def execute(self) -> None:
        params = self.params
        request = self.papers.awaiting(
            ReplacementRequested, ReplacementAnswered, self.unit_id, params.number
        )
        body = self.require_assigning_body(request.official_id, request.since)
        self.emit(
            ReplacementAnswered(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=request.official_id,
                since=request.since,
                number=params.number,
                granted=params.granted,
                answer=params.answer,
                answered_by=body,
            )
        )
