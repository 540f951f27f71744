"""Periods: a body closes what it has accounted for, and nothing then counts from a day in it.

Only the closing body still records, annuls or replaces something there, citing a document; that is
marked as an adjustment after closing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictInt

from domain.kernel import (
    BodyRequired,
    Command,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Invalid,
    Parameters,
    Refusal,
)
from domain.organisation.entitlement import heirs
from domain.organisation.organisation import Organisation, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import lifetime, unit_selector
from domain.values import Day, Line, UnitId

Params = TypeVar("Params", bound=Parameters)


class PeriodClosed(Event):
    """The body has closed all days up to `last_day`; `effective_on` is the day of the closing."""

    TYPE: ClassVar[str] = "period.closed"
    VIETNAMESE: ClassVar[str] = "khóa sổ"

    unit_id: UnitId
    last_day: Day


class PeriodReopened(Event):
    """The body takes back its closing of that last day; what it closed before stays closed."""

    TYPE: ClassVar[str] = "period.reopened"
    VIETNAMESE: ClassVar[str] = "mở lại sổ"

    unit_id: UnitId
    last_day: Day


class PeriodAdjusted(Event):
    """The `adjusted` events right before this one are adjustments after closing.

    It carries all of their tags. `last_day` is the last one that the body had closed.
    """

    TYPE: ClassVar[str] = "period.adjusted"
    VIETNAMESE: ClassVar[str] = "điều chỉnh sau khóa sổ"

    unit_id: UnitId
    last_day: Day
    adjusted: Annotated[StrictInt, Field(ge=1)]
    tagged: tuple[Line, ...]

    def tags(self) -> list[str]:
        return list(dict.fromkeys((*self.tagged, *super().tags())))


class PeriodIsClosed(Conflict):
    """{body} closed all days up to {last_day}: nothing is recorded or annulled for {on} any more.

    {body} đã khóa sổ đến hết ngày {last_day}: không ghi nhận hay hủy bỏ gì cho ngày {on} nữa.
    """


class PeriodNotOver(Invalid):
    """A period is closed when it is over: {last_day} is not before {today}.

    Chỉ khóa sổ khi kỳ đã kết thúc: ngày {last_day} chưa ở trước {today}.
    """


class ClosedAlready(Conflict):
    """{body} has closed all days up to {last_day} already.

    {body} đã khóa sổ đến hết ngày {last_day}.
    """


class NotTheLastClosed(Conflict):
    """The last day that {body} has closed is {closed}, not {last_day}.

    Ngày cuối mà {body} đã khóa sổ là {closed}, không phải {last_day}.
    """


class Closings:
    """The last days that each body has closed, one after another."""

    def __init__(self) -> None:
        self._by_body: dict[str, list[date]] = {}

    def evolve(self, event: Event) -> None:
        match event:
            case PeriodClosed(unit_id=body, last_day=last_day):
                self._by_body.setdefault(body, []).append(last_day)
            case PeriodReopened(unit_id=body):
                self._by_body[body].pop()
            case _:
                pass

    def until(self, body: str) -> date | None:
        """The last day that the body has closed, if any."""
        closed = self._by_body.get(body)
        return closed[-1] if closed else None


def closings_selector(body: str) -> Selector:
    """What the body has closed."""
    return Selector(types=[PeriodClosed, PeriodReopened], tags=[f"unit:{body}"])


def closings_of(bodies: Iterable[str], context: Context) -> list[Selector]:
    """What the bodies have closed; and what became of them, where another body asks."""
    bodies = sorted(bodies)
    others = [body for body in bodies if body != context.on_behalf_of]
    return [
        *map(closings_selector, bodies),
        *(selector for body in others for selector in lifetime(body)),
    ]


def require_open(
    context: Context, days: Iterable[date], bodies: Iterable[str], seen: Mapping[int, Event]
) -> dict[str, date]:
    """The bodies that have closed one of the days and adjust it now, and what they have closed.

    Raises:
        PeriodIsClosed: another body asks than the one that closed the day, or cites no document.
    """
    closings, organisation = Closings(), Organisation()
    for event in seen.values():
        closings.evolve(event)
        organisation.evolve(event)
    first, adjusted = min(days), {}
    for body in sorted(bodies):
        last_day = closings.until(body)
        if last_day is None or first > last_day:
            continue
        deciding = {body, *heirs(organisation, body, context.today)}
        if context.on_behalf_of not in deciding or context.basis is None:
            raise PeriodIsClosed(body=body, last_day=last_day, on=first)
        adjusted[body] = last_day
    return adjusted


def adjustments(
    context: Context, adjusted: Mapping[str, date], recorded: Sequence[Event]
) -> list[PeriodAdjusted]:
    """What marks the recorded events as adjustments of what each of the bodies had closed."""
    tags = tuple(dict.fromkeys(tag for event in recorded for tag in event.tags()))
    return [
        PeriodAdjusted(
            effective_on=context.today,
            unit_id=body,
            last_day=last_day,
            adjusted=len(recorded) + before,
            tagged=tags,
        )
        for before, (body, last_day) in enumerate(sorted(adjusted.items()))
    ]


class PeriodEnd(Parameters):
    """The last day of the period; `on_behalf_of` is the body whose period it is."""

    last_day: Day


class PeriodCommand(Command[Params]):
    """A decision of a body about its own periods, on the strength of a document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        UnitUnknown,
        UnitNotOpen,
    )

    def __init__(self, context: Context, params: Params) -> None:
        super().__init__(context, params)
        self.organisation = Organisation()
        self.closings = Closings()

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        return [] if body is None else [unit_selector(body), closings_selector(body)]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.closings.evolve(event)

    def deciding(self) -> str:
        """The body, which is open.

        Raises:
            BodyRequired, DocumentRequired, UnitUnknown, UnitNotOpen.
        """
        body = self.require_body()
        self.require_basis()
        self.organisation.open_unit(body, self.context.effective_on)
        return body


class ClosePeriod(PeriodCommand[PeriodEnd]):
    """Nothing is recorded, annulled or replaced any more for a day up to that one."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *PeriodCommand.REFUSALS,
        PeriodNotOver,
        ClosedAlready,
    )

    def execute(self) -> None:
        body, last_day = self.deciding(), self.params.last_day
        if last_day >= self.context.today:
            raise PeriodNotOver(last_day=last_day, today=self.context.today)
        closed = self.closings.until(body)
        if closed is not None and last_day <= closed:
            raise ClosedAlready(body=body, last_day=closed)
        on = self.context.effective_on
        self.emit(PeriodClosed(effective_on=on, unit_id=body, last_day=last_day))


class ReopenPeriod(PeriodCommand[PeriodEnd]):
    """The closing of that last day is taken back; what was closed before it stays closed."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*PeriodCommand.REFUSALS, NotTheLastClosed)

    def execute(self) -> None:
        body, last_day = self.deciding(), self.params.last_day
        closed = self.closings.until(body)
        if closed != last_day:
            raise NotTheLastClosed(body=body, closed=closed, last_day=last_day)
        on = self.context.effective_on
        self.emit(PeriodReopened(effective_on=on, unit_id=body, last_day=last_day))
