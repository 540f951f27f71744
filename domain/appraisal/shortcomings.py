"""Shortcomings: what a body establishes of an official or a unit, and regulations limit levels by.

That an official is degraded in thought, morals or way of life; that a unit let corruption or waste
happen. The body records it by its document, from the day on which it was established.
"""

from typing import ClassVar, Literal, TypeAlias

from eventsourcing.dcb.domain import Selector

from domain.appraisal.facts import FactCommand, OfficialFactCommand
from domain.kernel import Context, Event, Parameters, Refusal
from domain.organisation.selectors import unit_selector
from domain.values import OfficialId, Text, UnitId

UnitShortcoming: TypeAlias = Literal["corruption", "waste"]


class DegradationEstablished(Event):
    """The body establishes that the official is degraded in thought, morals or way of life."""

    TYPE: ClassVar[str] = "appraisal.degradation_established"
    VIETNAMESE: ClassVar[str] = "kết luận suy thoái"

    official_id: OfficialId
    established_by: UnitId
    reason: Text


class UnitShortcomingEstablished(Event):
    """The body establishes that the unit let corruption or waste happen."""

    TYPE: ClassVar[str] = "appraisal.unit_shortcoming_established"
    VIETNAMESE: ClassVar[str] = "kết luận đơn vị để xảy ra tham nhũng, lãng phí"

    unit_id: UnitId
    established_by: UnitId
    shortcoming: UnitShortcoming
    reason: Text


class Degradation(Parameters):
    """By what it is established."""

    reason: Text


class EstablishDegradation(OfficialFactCommand[Degradation]):
    """The body's conclusion is recorded from the day on which it counts."""

    def execute(self) -> None:
        body = self.deciding()
        self.emit(
            DegradationEstablished(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                established_by=body,
                reason=self.params.reason,
            )
        )


class Shortcoming(Parameters):
    """What the unit let happen, and by what that is established."""

    shortcoming: UnitShortcoming
    reason: Text


class EstablishShortcoming(FactCommand[Shortcoming]):
    """The body's conclusion about a unit, which may have ended meanwhile."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = FactCommand.REFUSALS

    def __init__(self, context: Context, params: Shortcoming, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id), *self.seeing_body()]

    def execute(self) -> None:
        body = self.deciding()
        self.organisation.unit(self.unit_id)
        self.emit(
            UnitShortcomingEstablished(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                established_by=body,
                shortcoming=self.params.shortcoming,
                reason=self.params.reason,
            )
        )
