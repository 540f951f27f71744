"""Commendations: proposed by the commune's committee, decided by the body that assigned (D14)."""

from typing import ClassVar

from pydantic import StrictBool

from domain.kernel import Conflict, DocumentRequired, Parameters, Refusal
from domain.monitoring.events import (
    CalendarYear,
    CommendationDecided,
    CommendationProposed,
    MonitoringEvent,
)
from domain.monitoring.papers.command import (
    BY_THE_COMMUNE,
    OF_A_YEAR,
    BeforeWhatItAnswers,
    BodyPaper,
    CommunePaper,
)
from domain.organisation.entitlement import BY_OPEN_ENTITLED_BODY
from domain.values import OfficialId, Text


class ProposedAlready(Conflict):
    """The official {official_id} was proposed for {year} on {proposed_on} already.

    Cán bộ {official_id} đã được đề nghị biểu dương năm {year} vào ngày {proposed_on}.
    """


class NoProposalOpen(Conflict):
    """No proposal to commend the official {official_id} for {year} awaits a decision.

    Không có đề nghị biểu dương cán bộ {official_id} năm {year} nào đang chờ quyết định.
    """


COMMENDATIONS = (CommendationProposed, CommendationDecided)


class Commendation(Parameters):
    """For which year and why; `official_id` is whoever monitored at its end if left out."""

    official_id: OfficialId | None = None
    year: CalendarYear
    reason: Text


class ProposeCommendation(CommunePaper[Commendation]):
    """The commune or its Party committee proposes to commend the monitor, once for a year."""

    PAPERS: ClassVar[tuple[type[MonitoringEvent], ...]] = COMMENDATIONS
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*BY_THE_COMMUNE, *OF_A_YEAR, ProposedAlready)

    def execute(self) -> None:
        params = self.params
        body = self.require_commune()
        self.require_begun(params.year)
        span = self.span_of_year(params.year, params.official_id)
        for paper in self.given(self.of_kind(CommendationProposed), span, params.year):
            raise ProposedAlready(
                official_id=span.official_id, year=params.year, proposed_on=paper.effective_on
            )
        self.emit(
            CommendationProposed(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                year=params.year,
                reason=params.reason,
                proposed_by=body,
            )
        )


class CommendationDecision(Parameters):
    """Whose proposal, for which year, and what is decided why."""

    official_id: OfficialId
    year: CalendarYear
    commended: StrictBool
    reason: Text


class DecideCommendation(BodyPaper[CommendationDecision]):
    """The body that assigned the monitor commends, on a document; or does not."""

    PAPERS: ClassVar[tuple[type[MonitoringEvent], ...]] = COMMENDATIONS
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_OPEN_ENTITLED_BODY,
        NoProposalOpen,
        BeforeWhatItAnswers,
        DocumentRequired,
    )

    def execute(self) -> None:
        params, proposal = self.params, self._open()
        body = self.require_assigning_body(proposal.official_id, proposal.since)
        self.require_after(proposal.effective_on)
        if params.commended:
            self.require_basis()
        self.emit(
            CommendationDecided(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=proposal.official_id,
                since=proposal.since,
                year=params.year,
                commended=params.commended,
                reason=params.reason,
                decided_by=body,
            )
        )

    def _open(self) -> CommendationProposed:
        """The oldest proposal of that official and year that awaits a decision.

        Raises:
            NoProposalOpen.
        """
        params = self.params
        decided = {
            paper.since
            for paper in self.of_kind(CommendationDecided)
            if (paper.official_id, paper.year) == (params.official_id, params.year)
        }
        for paper in self.of_kind(CommendationProposed):
            same = (paper.official_id, paper.year) == (params.official_id, params.year)
            if same and paper.since not in decided:
                return paper
        raise NoProposalOpen(official_id=params.official_id, year=params.year)
