"""Belonging: whether a unit is one of the caller's, one below these, or one that these succeed to.

A unit is where it is on the day from which the decision counts. What ended goes on as its heirs do
by the day on which the decision is given, on both sides.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event
from domain.organisation.entitlement import line
from domain.organisation.events import UnitMoved
from domain.organisation.organisation import Organisation
from domain.organisation.selectors import existence
from domain.timeline import timeline


class Belonging:
    """The units that the caller stands for, as far as the events tell.

    Args:
        units: the caller's.
        recorded: what is seen of the log, by position.
        on: the day from which the decision counts.
        today: the day on which it is given.
    """

    def __init__(
        self, units: frozenset[str], recorded: Mapping[int, Event], on: date, today: date
    ) -> None:
        self._units, self._today = units, today
        self._recorded = tuple(recorded.values())
        self.on_day, self._now = Organisation(), Organisation()
        for entry in timeline(recorded):
            self._now.evolve(entry.event)
            if entry.at.on <= on:
                self.on_day.evolve(entry.event)

    def existing(self, unit_ids: Iterable[str]) -> list[Selector]:
        """Whether these units exist on a day, and what they went into."""
        return existence(self._now, unit_ids, self._recorded)

    def seeing(self, unit_ids: Iterable[str]) -> list[Selector]:
        """What must be seen to tell whether the caller stands for these units."""
        others = [one for one in unit_ids if one not in self._units]
        return self.seeing_above(others) if others else []

    def seeing_above(self, unit_ids: Iterable[str]) -> list[Selector]:
        """What must be seen to tell what is above these units, and what became of that."""
        unit_ids = list(unit_ids)
        above = {above for one in unit_ids for above in self.on_day.with_all_above(one)}
        lines = {heir for one in above | self._units for heir in line(self._now, one, self._today)}
        named = sorted(above | lines)
        moves = [Selector(types=[UnitMoved], tags=[f"unit:{one}"]) for one in sorted(above)]
        return [*self.existing(named), *moves]

    def includes(self, unit_id: str) -> bool:
        """Whether the caller stands for the unit: for it, one above it, or an heir of these."""
        if unit_id in self._units:
            return True
        stood_for = {heir for one in self._units for heir in line(self._now, one, self._today)}
        return any(
            heir in stood_for
            for above in self.on_day.with_all_above(unit_id)
            for heir in line(self._now, above, self._today)
        )
