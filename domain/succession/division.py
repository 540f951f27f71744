"""Division: a unit ends, and its parts go into several others, new or old."""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.kernel import Invalid, Parameters, Refusal
from domain.organisation.events import UnitSplit
from domain.organisation.organisation import UnitTakesFromItself
from domain.organisation.selectors import unit_selector
from domain.organisation.unit_kinds import catalogue_selector
from domain.organisation.units import require_splittable
from domain.succession.successors import SUCCEEDING, EndingUnits, NewSuccessor, all_of
from domain.values import UnitId, Value


class SuccessorNamedTwice(Invalid):
    """The unit {unit_id} is named twice among the successors.

    Đơn vị {unit_id} được nêu hai lần trong các đơn vị kế thừa.
    """


class NotAmongSuccessors(Invalid):
    """The unit {unit_id} is not among the successors: no monitor can go on there.

    Đơn vị {unit_id} không thuộc các đơn vị kế thừa: cán bộ theo dõi không thể tiếp tục ở đó.
    """


class PartialSuccessor(Value):
    """A successor that takes a part; `successor` is what it is called where it is new."""

    unit_id: UnitId
    successor: NewSuccessor | None = None


class UnitDivision(Parameters):
    """Which units take the parts, and in which of them, if any, the monitor goes on."""

    parts: Annotated[tuple[PartialSuccessor, ...], Field(min_length=2, max_length=50)]
    monitor_goes_on_in: UnitId | None = None


class SplitUnit(EndingUnits[UnitDivision]):
    """The unit ends, and its parts go into the successors from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *SUCCEEDING,
        SuccessorNamedTwice,
        NotAmongSuccessors,
    )

    def consistency_boundary(self) -> list[Selector]:
        new = [part.successor for part in self.params.parts if part.successor is not None]
        parents = {successor.parent_id for successor in new if successor.parent_id is not None}
        return [
            *all_of((self.unit_id, *(part.unit_id for part in self.params.parts))),
            *([catalogue_selector()] if new else ()),
            *map(unit_selector, sorted(parents)),
        ]

    def execute(self) -> None:
        self.require_basis()
        on = self.context.effective_on
        self.organisation.open_unit(self.unit_id, on)
        split = UnitSplit(effective_on=on, unit_id=self.unit_id, into=self._successors())
        require_splittable(self.organisation, split)
        span = self.release_monitor(self.unit_id)
        self.emit(split)
        if self.params.monitor_goes_on_in is not None:
            self.go_on(span, self.unit_id, self.params.monitor_goes_on_in)

    def _successors(self) -> tuple[str, ...]:
        """The successors; those that are new exist from now on.

        Raises:
            UnitTakesFromItself, SuccessorNamedTwice, NotAmongSuccessors, and as for `establish`.
        """
        into: list[str] = []
        for part in self.params.parts:
            if part.unit_id == self.unit_id:
                raise UnitTakesFromItself(unit_id=self.unit_id)
            if part.unit_id in into:
                raise SuccessorNamedTwice(unit_id=part.unit_id)
            into.append(part.unit_id)
            if part.successor is not None:
                self.establish(part.unit_id, part.successor, (self.unit_id,))
        goes_on_in = self.params.monitor_goes_on_in
        if goes_on_in is not None and goes_on_in not in into:
            raise NotAmongSuccessors(unit_id=goes_on_in)
        return tuple(into)
