"""Merger: units go whole into one successor, new or old, and end."""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.kernel import Invalid, Parameters, Refusal
from domain.organisation.events import UnitMerged
from domain.organisation.organisation import UnitTakesFromItself
from domain.organisation.selectors import unit_selector
from domain.organisation.unit_kinds import catalogue_selector
from domain.organisation.units import require_mergeable
from domain.succession.successors import SUCCEEDING, EndingUnits, NewSuccessor, all_of
from domain.values import UnitId


class MonitorOfNone(Invalid):
    """The unit {unit_id} is not among the predecessors: its monitor cannot go on.

    Đơn vị {unit_id} không thuộc các đơn vị được nhập: cán bộ theo dõi không thể tiếp tục.
    """


class UnitMerger(Parameters):
    """Which units go into the successor; `successor` is what it is called where it is new.

    The monitor of the predecessor `monitor_of` goes on in the successor; the others are released.
    """

    predecessors: Annotated[tuple[UnitId, ...], Field(min_length=1, max_length=500)]
    successor: NewSuccessor | None = None
    monitor_of: UnitId | None = None


class MergeUnits(EndingUnits[UnitMerger]):
    """The units end and all of them goes into the successor from the effective day.

    Its own posts, tasks and units stay with each predecessor until their own verbs move them.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*SUCCEEDING, MonitorOfNone)

    @property
    def _predecessors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.params.predecessors))

    def consistency_boundary(self) -> list[Selector]:
        new = self.params.successor
        kinds = [] if new is None else [catalogue_selector()]
        parent = [] if new is None or new.parent_id is None else [unit_selector(new.parent_id)]
        return [*all_of((self.unit_id, *self._predecessors)), *kinds, *parent]

    def execute(self) -> None:
        self.require_basis()
        params, on = self.params, self.context.effective_on
        if self.unit_id in self._predecessors:
            raise UnitTakesFromItself(unit_id=self.unit_id)
        for unit_id in self._predecessors:
            self.organisation.open_unit(unit_id, on)
        if params.monitor_of is not None and params.monitor_of not in self._predecessors:
            raise MonitorOfNone(unit_id=params.monitor_of)
        if params.successor is not None:
            self.establish(self.unit_id, params.successor, self._predecessors)
        spans = {}
        for unit_id in self._predecessors:
            merged = UnitMerged(effective_on=on, unit_id=unit_id, into=self.unit_id)
            require_mergeable(self.organisation, merged)
            spans[unit_id] = self.release_monitor(unit_id)
            self.emit(merged)
        if params.monitor_of is not None:
            self.go_on(spans[params.monitor_of], params.monitor_of, self.unit_id)
