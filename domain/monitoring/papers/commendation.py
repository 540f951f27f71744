"""Commendations: proposed by the commune's committee, decided by the body that assigned (D14)."""

from typing import ClassVar

from pydantic import StrictBool

from domain.kernel import DocumentRequired, Parameters, Refusal
from domain.monitoring.events import (
    CalendarYear,
    CommendationDecided,
    CommendationProposed,
)
from domain.monitoring.papers.command import (
    BY_THE_COMMUNE,
    OF_A_YEAR,
    BodyPaper,
    CommunePaper,
)
from domain.monitoring.papers.papers import NoProposalOpen, ProposedAlready
from domain.organisation.entitlement import BY_OPEN_ENTITLED_BODY
from domain.values import OfficialId, Text


class Commendation(Parameters):
    """For which year and why; `official_id` is whoever monitored at its end if left out."""

    official_id: OfficialId | None = None
    year: CalendarYear
    reason: Text


class ProposeCommendation(CommunePaper[Commendation]):
    """The commune or its Party committee proposes to commend the monitor, once for a year."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*BY_THE_COMMUNE, *OF_A_YEAR, ProposedAlready)

    def execute(self) -> None:
        params = self.params
        body = self.require_commune()
        self.require_begun(params.year)
        span = self.span_of_year(params.year, params.official_id)
        self.papers.require_unproposed(self.unit_id, span.official_id, span.since, params.year)
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

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_OPEN_ENTITLED_BODY,
        NoProposalOpen,
        DocumentRequired,
    )

    def execute(self) -> None:
        params = self.params
        proposal = self.papers.open_proposal(self.unit_id, params.official_id, params.year)
        body = self.require_assigning_body(proposal.official_id, proposal.since)
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
