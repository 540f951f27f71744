"""The shape of a command on a commune's papers: the monitor it is of, and who may write it.

A paper belongs to one monitor's span in the commune; whoever monitored before keeps theirs.
"""

from datetime import date
from typing import TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    BodyRequired,
    Context,
    Event,
    Forbidden,
    Parameters,
    Refusal,
)
from domain.monitoring.command import MonitoringCommand
from domain.monitoring.events import (
    AnnualReportSubmitted,
    GoodPracticeRecorded,
    ProgrammeSubmitted,
    RecommendationMade,
    ReplacementRequested,
    VisitRecorded,
)
from domain.monitoring.monitoring import CommuneUnmonitored, NotTheMonitor, Span
from domain.monitoring.papers.papers import (
    NoSpanInYear,
    Papers,
    PaperSettled,
    PaperUnknown,
    YearNotBegun,
    spans_in_year,
)
from domain.organisation.events import UnitKind
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.values import OfficialId

Params = TypeVar("Params", bound=Parameters)
Numbered = VisitRecorded | GoodPracticeRecorded | RecommendationMade | ReplacementRequested
Revised = ProgrammeSubmitted | AnnualReportSubmitted


class OnlyTheMonitor(Forbidden):
    """It is for the monitor {official_id} to say, not for {actor}.

    Việc này do cán bộ theo dõi {official_id} thực hiện, không phải {actor}.
    """


class NotOfTheCommune(Forbidden):
    """Only the commune {unit_id} or its Party committee may say this, not {on_behalf_of}.

    Chỉ xã {unit_id} hoặc đảng ủy của xã có thẩm quyền, không phải {on_behalf_of}.
    """


class OfMonitor(Parameters):
    """Of which monitor; whoever acts in person, or monitored on the day, if left out."""

    official_id: OfficialId | None = None


class PaperCommand(MonitoringCommand[Params]):
    """A decision about the papers of one commune."""

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params, unit_id)
        self.papers = Papers()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.papers.evolve(event)

    def next_number(self, kind: type[Numbered]) -> int:
        """The number of the commune's next paper of that kind, which none had that is recorded."""
        papers = (paper for paper in self.recorded if isinstance(paper, kind))
        return max((p.number for p in papers if p.unit_id == self.unit_id), default=0) + 1

    def official_meant(self, named: str | None) -> str | None:
        """The monitor named, or whoever acts in person; None where neither is.

        Raises:
            OnlyTheMonitor: an official speaks for another.
        """
        acting = self.context.actor.official_id
        if named is not None and acting not in {None, named}:
            raise OnlyTheMonitor(official_id=named, actor=self.context.actor.id)
        return named or acting

    def span_of_day(self, named: str | None) -> Span:
        """The span on the effective day, of the official meant.

        Raises:
            OnlyTheMonitor, NotTheMonitor, CommuneUnmonitored.
        """
        on = self.context.effective_on
        return self.monitoring.span_on(self.unit_id, on, self.official_meant(named))

    def span_of_year(self, year: int, official_id: str | None) -> Span:
        """The official's last span with a day in the year; of whoever monitored at its end.

        Before the year is over its end is the effective day.

        Raises:
            NoSpanInYear, CommuneUnmonitored.
        """
        on = self.context.effective_on
        if official_id is None:
            return self.monitoring.span_on(self.unit_id, min(on, date(year, 12, 31)))
        return spans_in_year(self.monitoring, self.unit_id, official_id, year, on)[-1]

    def next_revision(self, kind: type[Revised], span: Span, year: int) -> int:
        """The number of the span's next such paper for the year, which none had as recorded."""
        same = (self.unit_id, span.official_id, span.since, year)
        papers = (paper for paper in self.recorded if isinstance(paper, kind))
        revisions = (
            paper.revision
            for paper in papers
            if (paper.unit_id, paper.official_id, paper.since, paper.year) == same
        )
        return max(revisions, default=0) + 1

    def require_begun(self, year: int) -> None:
        """Pass if the year has begun.

        Raises:
            YearNotBegun.
        """
        on = self.context.effective_on
        if year > on.year:
            raise YearNotBegun(year=year, on=on)


BY_THE_MONITOR: tuple[type[Refusal], ...] = (OnlyTheMonitor, NotTheMonitor, CommuneUnmonitored)
OF_A_YEAR: tuple[type[Refusal], ...] = (YearNotBegun, NoSpanInYear, CommuneUnmonitored)
ANSWERING: tuple[type[Refusal], ...] = (PaperUnknown, PaperSettled)


class CommunePaper(PaperCommand[Params]):
    """What the commune itself or its Party committee writes of its monitor."""

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        named = [unit_selector(body)] if body is not None else []
        return [*super().consistency_boundary(), *named]

    def require_commune(self) -> str:
        """The body that speaks: the commune, or its Party committee.

        Raises:
            BodyRequired, UnitUnknown, UnitNotOpen, NotOfTheCommune.
        """
        body = self.require_body()
        unit = self.organisation.open_unit(body, self.context.effective_on)
        committee = unit.kind == UnitKind.PARTY_COMMITTEE and unit.parent_id == self.unit_id
        if body != self.unit_id and not committee:
            raise NotOfTheCommune(unit_id=self.unit_id, on_behalf_of=body)
        return body


BY_THE_COMMUNE: tuple[type[Refusal], ...] = (
    BodyRequired,
    UnitUnknown,
    UnitNotOpen,
    NotOfTheCommune,
)


class BodyPaper(PaperCommand[Params]):
    """What the body decides that assigned the monitor; it is open, or its heir that decides."""

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        named = [unit_selector(body)] if body is not None else []
        return [*super().consistency_boundary(), *named]

    def bodies(self) -> set[str]:
        return {span.assigned_by for span in self.monitoring.spans_in(self.unit_id)}

    def require_assigning_body(self, official_id: str, since: date) -> str:
        """The deciding body, which assigned the official then.

        Raises:
            BodyRequired, NotTheEntitledBody, UnitUnknown, UnitNotOpen.
        """
        spans = self.monitoring.spans_in(self.unit_id)
        [assigned_by] = {
            span.assigned_by
            for span in spans
            if (span.official_id, span.since) == (official_id, since)
        }
        body = self.require_entitled(assigned_by)
        self.organisation.open_unit(body, self.context.effective_on)
        return body
