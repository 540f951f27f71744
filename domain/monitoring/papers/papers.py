"""Papers as a decision sees them: what was written of the monitors of communes, as far as seen."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from domain.kernel import Conflict, Event, Invalid, NotFound, noun
from domain.monitoring.events import (
    PAPERS,
    CommendationDecided,
    CommendationProposed,
    MonitoringEvent,
    MonitorReviewed,
    RecommendationAnswered,
    RecommendationMade,
    ReplacementAnswered,
    ReplacementRequested,
)
from domain.monitoring.monitoring import Monitoring, Span


class YearNotBegun(Invalid):
    """The year {year} has not begun on {on}.

    Năm {year} chưa bắt đầu vào ngày {on}.
    """


class NoSpanInYear(NotFound):
    """The official {official_id} did not monitor the commune {unit_id} in {year}.

    Cán bộ {official_id} không theo dõi xã {unit_id} trong năm {year}.
    """


class PaperUnknown(NotFound):
    """The commune {unit_id} has no {matter} number {number}.

    Xã {unit_id} không có {matter} số {number}.
    """


class PaperSettled(Conflict):
    """The {matter} {number} of {unit_id} was answered on {answered_on}; that happens once.

    Xã {unit_id}: {matter} số {number} đã được trả lời ngày {answered_on}; chỉ một lần.
    """


class ReviewedAlready(Conflict):
    """The official {official_id} was reviewed for {year} on {reviewed_on} already.

    Cán bộ {official_id} đã được nhận xét năm {year} vào ngày {reviewed_on}.
    """


class ProposedAlready(Conflict):
    """The official {official_id} was proposed for {year} on {proposed_on} already.

    Cán bộ {official_id} đã được đề nghị biểu dương năm {year} vào ngày {proposed_on}.
    """


class NoProposalOpen(Conflict):
    """No proposal to commend the official {official_id} for {year} awaits a decision.

    Không có đề nghị biểu dương cán bộ {official_id} năm {year} nào đang chờ quyết định.
    """


Paper = TypeVar("Paper", bound=MonitoringEvent)
YearPaper = TypeVar("YearPaper", MonitorReviewed, CommendationProposed, CommendationDecided)
Opened = TypeVar("Opened", ReplacementRequested, RecommendationMade)
Answer = ReplacementAnswered | RecommendationAnswered


class Papers:
    """The papers of communes in the order of their days."""

    def __init__(self) -> None:
        self._by_commune: dict[str, list[MonitoringEvent]] = defaultdict(list)

    def evolve(self, event: Event) -> None:
        if isinstance(event, PAPERS):
            self._by_commune[event.unit_id].append(event)

    def of(self, kind: type[Paper], unit_id: str) -> Iterator[Paper]:
        """The commune's papers of that kind."""
        return (paper for paper in self._by_commune[unit_id] if isinstance(paper, kind))

    def of_year(
        self, kind: type[YearPaper], unit_id: str, official_id: str, year: int
    ) -> Iterator[YearPaper]:
        """Those that are of the official and the year, of whichever span."""
        same = (official_id, year)
        papers = self.of(kind, unit_id)
        return (paper for paper in papers if (paper.official_id, paper.year) == same)

    def awaiting(
        self, opened: type[Opened], answered: type[Answer], unit_id: str, number: int
    ) -> Opened:
        """The paper of that number, which nobody has answered.

        Raises:
            PaperUnknown, PaperSettled.
        """
        paper = next((one for one in self.of(opened, unit_id) if one.number == number), None)
        if paper is None:
            raise PaperUnknown(unit_id=unit_id, matter=noun(opened), number=number)
        for answer in self.of(answered, unit_id):
            if answer.number == number:
                raise PaperSettled(
                    unit_id=unit_id,
                    matter=noun(opened),
                    number=number,
                    answered_on=answer.effective_on,
                )
        return paper

    def require_unreviewed(self, unit_id: str, official_id: str, since: date, year: int) -> None:
        """Pass if that span was not reviewed for the year.

        Raises:
            ReviewedAlready.
        """
        for paper in self.of_year(MonitorReviewed, unit_id, official_id, year):
            if paper.since == since:
                raise ReviewedAlready(
                    official_id=official_id, year=year, reviewed_on=paper.effective_on
                )

    def require_unproposed(self, unit_id: str, official_id: str, since: date, year: int) -> None:
        """Pass if nobody proposed to commend that span for the year.

        Raises:
            ProposedAlready.
        """
        for paper in self.of_year(CommendationProposed, unit_id, official_id, year):
            if paper.since == since:
                raise ProposedAlready(
                    official_id=official_id, year=year, proposed_on=paper.effective_on
                )

    def open_proposal(
        self, unit_id: str, official_id: str, year: int, since: date | None = None
    ) -> CommendationProposed:
        """The oldest proposal that awaits a decision, of that span if one is named.

        Raises:
            NoProposalOpen.
        """
        decisions = self.of_year(CommendationDecided, unit_id, official_id, year)
        decided = {paper.since for paper in decisions}
        for paper in self.of_year(CommendationProposed, unit_id, official_id, year):
            if paper.since not in decided and since in {None, paper.since}:
                return paper
        raise NoProposalOpen(official_id=official_id, year=year)


def spans_in_year(
    monitoring: Monitoring, unit_id: str, official_id: str, year: int, on: date
) -> Sequence[Span]:
    """The official's spans in the commune with a day in the year by that day.

    Raises:
        NoSpanInYear.
    """
    last = min(on, date(year, 12, 31))
    spans = [
        span
        for span in monitoring.spans_in(unit_id)
        if span.official_id == official_id and span.since <= last and span.until > date(year, 1, 1)
    ]
    if not spans:
        raise NoSpanInYear(official_id=official_id, unit_id=unit_id, year=year)
    return spans
