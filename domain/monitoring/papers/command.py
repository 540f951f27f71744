"""The shape of a command on a commune's papers: the monitor it is of, and who may write it.

A paper belongs to one monitor's span in the commune; whoever monitored before keeps theirs.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Protocol, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    Event,
    Forbidden,
    Invalid,
    NotFound,
    Parameters,
    Refusal,
)
from domain.monitoring.command import MonitoringCommand
from domain.monitoring.events import MonitoringEvent
from domain.monitoring.monitoring import CommuneUnmonitored, NotTheMonitor, Span
from domain.organisation.events import UnitKind
from domain.organisation.organisation import UnitNotOpen, UnitUnknown, unit_selector
from domain.values import OfficialId

Params = TypeVar("Params", bound=Parameters)
Paper = TypeVar("Paper", bound=Event)


class YearNotBegun(Invalid):
    """The year {year} has not begun on {on}.

    Năm {year} chưa bắt đầu vào ngày {on}.
    """


class NoSpanInYear(NotFound):
    """The official {official_id} did not monitor the commune {unit_id} in {year}.

    Cán bộ {official_id} không theo dõi xã {unit_id} trong năm {year}.
    """


class OnlyTheMonitor(Forbidden):
    """It is for the monitor {official_id} to say, not for {actor}.

    Việc này do cán bộ theo dõi {official_id} thực hiện, không phải {actor}.
    """


class NotOfTheCommune(Forbidden):
    """Only the commune {unit_id} or its Party committee may say this, not {on_behalf_of}.

    Chỉ xã {unit_id} hoặc đảng ủy của xã có thẩm quyền, không phải {on_behalf_of}.
    """


class PaperUnknown(NotFound):
    """The commune {unit_id} has no number {number} of this kind.

    Xã {unit_id} không có mục số {number} thuộc loại này.
    """


class PaperSettled(Conflict):
    """Number {number} of the commune {unit_id} was answered on {answered_on}; that happens once.

    Mục số {number} của xã {unit_id} đã được trả lời ngày {answered_on}; chỉ một lần.
    """


class BeforeWhatItAnswers(Invalid):
    """What is answered is of {asked_on}: the answer cannot count from {effective_on}.

    Nội dung được trả lời có từ ngày {asked_on}: trả lời không thể có hiệu lực từ {effective_on}.
    """


class PaperBeforeItsLast(Conflict):
    """There is a later one, of {latest_on}: this one cannot count from {effective_on}.

    Đã có bản sau, ngày {latest_on}: bản này không thể có hiệu lực từ ngày {effective_on}.
    """


class Numbered(Protocol):
    """A paper numbered within its commune."""

    @property
    def number(self) -> int: ...

    @property
    def effective_on(self) -> date: ...


class OfAYear(Protocol):
    """A paper of one monitor's span, for a year."""

    @property
    def official_id(self) -> str: ...

    @property
    def since(self) -> date: ...

    @property
    def year(self) -> int: ...

    @property
    def effective_on(self) -> date: ...


Opened = TypeVar("Opened", bound=Numbered)
YearPaper = TypeVar("YearPaper", bound=OfAYear)


class OfMonitor(Parameters):
    """Of which monitor; whoever acts in person, or monitored on the day, if left out."""

    official_id: OfficialId | None = None


class PaperCommand(MonitoringCommand[Params]):
    """A decision about the papers of one commune; `PAPERS` are the events of those it looks at."""

    PAPERS: ClassVar[tuple[type[MonitoringEvent], ...]]

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params, unit_id)
        self.papers: list[MonitoringEvent] = []

    def consistency_boundary(self) -> list[Selector]:
        papers = Selector(types=self.PAPERS, tags=[f"unit:{self.unit_id}"])
        return [*super().consistency_boundary(), papers]

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, self.PAPERS) and event.unit_id == self.unit_id:
            self.papers.append(event)

    def of_kind(self, kind: type[Paper]) -> list[Paper]:
        """The commune's papers of that kind, in the order of the log."""
        return [paper for paper in self.papers if isinstance(paper, kind)]

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
        last = min(self.context.effective_on, date(year, 12, 31))
        if official_id is None:
            return self.monitoring.span_on(self.unit_id, last)
        spans = [
            span
            for span in self.monitoring.spans_in(self.unit_id)
            if span.official_id == official_id
            and span.since <= last
            and span.until > date(year, 1, 1)
        ]
        if not spans:
            raise NoSpanInYear(official_id=official_id, unit_id=self.unit_id, year=year)
        return spans[-1]

    def given(self, papers: Sequence[YearPaper], span: Span, year: int) -> list[YearPaper]:
        """Those of the papers that are of the span and the year, in the order of the log."""
        same = (span.official_id, span.since, year)
        return [paper for paper in papers if (paper.official_id, paper.since, paper.year) == same]

    def next_revision(self, papers: Sequence[OfAYear], span: Span, year: int) -> int:
        """The number of the next such paper, which is not of a day before the last.

        Raises:
            PaperBeforeItsLast.
        """
        earlier, on = self.given(papers, span, year), self.context.effective_on
        if earlier and on < earlier[-1].effective_on:
            raise PaperBeforeItsLast(latest_on=earlier[-1].effective_on, effective_on=on)
        return len(earlier) + 1

    def require_begun(self, year: int) -> None:
        """Pass if the year has begun.

        Raises:
            YearNotBegun.
        """
        on = self.context.effective_on
        if year > on.year:
            raise YearNotBegun(year=year, on=on)

    def require_after(self, asked_on: date) -> None:
        """Pass if the effective day is not before that of what is answered.

        Raises:
            BeforeWhatItAnswers.
        """
        on = self.context.effective_on
        if on < asked_on:
            raise BeforeWhatItAnswers(asked_on=asked_on, effective_on=on)

    def awaiting(
        self, opened: Sequence[Opened], answered: Sequence[Numbered], number: int
    ) -> Opened:
        """The paper of that number, which nobody has answered, and which is not of a later day.

        Raises:
            PaperUnknown, PaperSettled, BeforeWhatItAnswers.
        """
        paper = next((paper for paper in opened if paper.number == number), None)
        if paper is None:
            raise PaperUnknown(unit_id=self.unit_id, number=number)
        for answer in answered:
            if answer.number == number:
                raise PaperSettled(
                    unit_id=self.unit_id, number=number, answered_on=answer.effective_on
                )
        self.require_after(paper.effective_on)
        return paper


BY_THE_MONITOR: tuple[type[Refusal], ...] = (OnlyTheMonitor, NotTheMonitor, CommuneUnmonitored)
OF_A_YEAR: tuple[type[Refusal], ...] = (YearNotBegun, NoSpanInYear, CommuneUnmonitored)
ANSWERING: tuple[type[Refusal], ...] = (PaperUnknown, PaperSettled, BeforeWhatItAnswers)


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
