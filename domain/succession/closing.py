"""Closing: a unit ends and nothing succeeds to it; its posts and units went first."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Parameters, Refusal
from domain.monitoring.command import MAY_END
from domain.organisation.events import UnitClosed
from domain.organisation.selectors import posts_of_unit_selector, unit_selector
from domain.organisation.units import CLOSING, require_closable
from domain.succession.successors import EndingUnits, all_of
from domain.values import Text


class UnitClosing(Parameters):
    """Why the unit is closed."""

    reason: Text


class CloseUnit(EndingUnits[UnitClosing]):
    """The unit's last day was the day before the effective day; its posts and units went first.

    Whoever monitors it is released.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*CLOSING, *MAY_END)

    def consistency_boundary(self) -> list[Selector]:
        below = map(unit_selector, self.organisation.units_below(self.unit_id))
        return [*all_of((self.unit_id,)), posts_of_unit_selector(self.unit_id), *below]

    def execute(self) -> None:
        on = self.context.effective_on
        closed = UnitClosed(effective_on=on, unit_id=self.unit_id, reason=self.params.reason)
        require_closable(self.organisation, closed)
        self.release_monitor(self.unit_id)
        self.emit(closed)
