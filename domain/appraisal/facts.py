"""Facts: discipline of officials and results of units, by the body that decided them."""

from datetime import date
from typing import ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import model_validator

from domain.appraisal.events import Discipline, DisciplineDecided, Level, UnitRated
from domain.kernel import (
    BodyRequired,
    Command,
    Context,
    DocumentRequired,
    Event,
    Forbidden,
    Invalid,
    Parameters,
    Refusal,
)
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import (
    OfficialUnknown,
    Organisation,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.selectors import unit_selector
from domain.values import Day, Impossible, Text


class MayNotRateItself(Forbidden):
    """The unit {unit_id} does not rate itself.

    Đơn vị {unit_id} không tự xếp loại mình.
    """


class CycleNotOver(Invalid):
    """The period goes on until {to_on}: on {on} it is not over.

    Kỳ kéo dài đến ngày {to_on}: ngày {on} chưa kết thúc.
    """


Params = TypeVar("Params", bound=Parameters)


class FactCommand(Command[Params]):
    """A body's decision about an official or a unit, by its document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        UnitUnknown,
        UnitNotOpen,
    )

    def __init__(self, context: Context, params: Params) -> None:
        super().__init__(context, params)
        self.organisation = Organisation()

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)

    def seeing_body(self) -> list[Selector]:
        """The body that decides."""
        body = self.context.on_behalf_of
        return [] if body is None else [unit_selector(body)]

    def deciding(self) -> str:
        """The body, which is open, and cites its document.

        Raises:
            BodyRequired, DocumentRequired, UnitUnknown, UnitNotOpen.
        """
        body = self.require_body()
        self.require_basis()
        self.organisation.open_unit(body, self.context.effective_on)
        return body


class OfficialFactCommand(FactCommand[Params]):
    """A body's decision about an official."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*FactCommand.REFUSALS, OfficialUnknown)

    def __init__(self, context: Context, params: Params, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id

    def consistency_boundary(self) -> list[Selector]:
        official = Selector(types=[OfficialRegistered], tags=[f"official:{self.official_id}"])
        return [official, *self.seeing_body()]

    def deciding(self) -> str:
        """The body, which is open and cites its document; the official is known.

        Raises:
            BodyRequired, DocumentRequired, UnitUnknown, UnitNotOpen, OfficialUnknown.
        """
        body = super().deciding()
        self.organisation.require_official(self.official_id)
        return body


class DisciplineDecision(Parameters):
    """The form of discipline, and why."""

    form: Discipline
    reason: Text


class DecideDiscipline(OfficialFactCommand[DisciplineDecision]):
    """The body's decision is recorded from the day on which it counts."""

    def execute(self) -> None:
        body = self.deciding()
        self.emit(
            DisciplineDecided(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                decided_by=body,
                form=self.params.form,
                reason=self.params.reason,
            )
        )


class UnitRating(Parameters):
    """The period, both days included, and the level."""

    from_on: Day
    to_on: Day
    level: Level

    @model_validator(mode="after")
    def _is_of_a_period(self) -> Self:
        if self.to_on < self.from_on:
            raise Impossible("the period ends before it begins", "kỳ kết thúc trước khi bắt đầu")
        return self


def require_over(to_on: date, on: date) -> None:
    """Pass if the period is over by that day, or ends on it.

    Raises:
        CycleNotOver.
    """
    if on < to_on:
        raise CycleNotOver(to_on=to_on, on=on)


class RateUnit(FactCommand[UnitRating]):
    """The body rates a unit for a period; another than the unit itself."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *FactCommand.REFUSALS,
        MayNotRateItself,
        CycleNotOver,
    )

    def __init__(self, context: Context, params: UnitRating, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id), *self.seeing_body()]

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        body = self.deciding()
        self.organisation.unit(self.unit_id)
        if body == self.unit_id:
            raise MayNotRateItself(unit_id=self.unit_id)
        require_over(params.to_on, on)
        self.emit(
            UnitRated(
                effective_on=on,
                unit_id=self.unit_id,
                decided_by=body,
                from_on=params.from_on,
                to_on=params.to_on,
                level=params.level,
            )
        )
