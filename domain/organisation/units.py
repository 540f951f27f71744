"""Units: establishing them. Renaming and moving are territory's, ending them is succession's."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import UnitEstablished, UnitKind
from domain.organisation.organisation import UnitNotOpen, UnitUnknown, unit_selector
from domain.values import Code, Line, UnitId


class UnitExists(Conflict):
    """There is a unit {unit_id} already.

    Đã có đơn vị {unit_id}.
    """


class NewUnit(Parameters):
    """The unit to establish; `unit_id` is made by the service if left out."""

    unit_id: UnitId | None = None
    name: Line
    kind: UnitKind
    code: Code | None = None
    parent_id: UnitId | None = None


class EstablishUnit(OrganisationCommand[NewUnit]):
    """A unit exists from the effective day, below its parent if one is named."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (UnitExists, UnitUnknown, UnitNotOpen)

    def __init__(self, context: Context, params: NewUnit, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        named = [self.unit_id, *([self.params.parent_id] if self.params.parent_id else [])]
        return [unit_selector(unit_id) for unit_id in named]

    def execute(self) -> None:
        if self.unit_id in self.organisation.units:
            raise UnitExists(unit_id=self.unit_id)
        if self.params.parent_id is not None:
            self.organisation.open_unit(self.params.parent_id, self.context.effective_on)
        self.emit(
            UnitEstablished(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                name=self.params.name,
                kind=self.params.kind,
                code=self.params.code,
                parent_id=self.params.parent_id,
            )
        )
