"""Territory: a unit gets another name, kind, code or parent, or gives up a part of its land.

The unit goes on in all of it. What ends units (mergers, divisions, closing) is succession's, for
it sees what hangs on them.
"""

from collections.abc import Callable
from typing import ClassVar, TypeAlias, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, DocumentRequired, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import (
    UnitCeded,
    UnitMoved,
    UnitRecoded,
    UnitRenamed,
    UnitRetyped,
)
from domain.organisation.organisation import (
    Organisation,
    Unit,
    UnitNotOpen,
    UnitTakesFromItself,
    UnitUnknown,
)
from domain.organisation.selectors import unit_selector
from domain.organisation.unit_kinds import KindId, Level, catalogue_selector
from domain.organisation.units import OF_KIND, require_of_kind, retyped_later
from domain.values import Code, Line, Text, UnitId


class NothingChanges(Conflict):
    """The unit {unit_id} is so already on {on}.

    Đơn vị {unit_id} vào ngày {on} đã đúng như vậy rồi.
    """


class LevelDiffers(Conflict):
    """The unit {unit_id} is a {former_kind}, and cannot become a {kind}: the level differs.

    Đơn vị {unit_id} là {former_kind}, không thể trở thành {kind} vì khác cấp.
    """


class NotOfTheKind(Conflict):
    """The unit {unit_id} is a {kind} on {on}, not a {former_kind}.

    Đơn vị {unit_id} vào ngày {on} thuộc loại {kind}, không phải {former_kind}.
    """


class ParentWithinUnit(Conflict):
    """The unit {parent_id} is within the unit {unit_id}, and cannot be above it.

    Đơn vị {parent_id} nằm trong đơn vị {unit_id}, không thể là cấp trên của đơn vị đó.
    """


Change: TypeAlias = UnitRenamed | UnitRetyped | UnitRecoded | UnitMoved

CHANGING: tuple[type[Refusal], ...] = (UnitUnknown, UnitNotOpen)


def _require_change(
    organisation: Organisation, event: Change, former: Callable[[Unit], object], new: object
) -> None:
    """Pass if the unit exists on the day, and the new value differs from the former.

    Raises:
        UnitUnknown, UnitNotOpen, NothingChanges.
    """
    unit_id, on = event.unit_id, event.effective_on
    organisation.require_open_unit(unit_id, on)
    unit = organisation.units.get(unit_id)
    if unit is not None and former(unit) == new:
        raise NothingChanges(unit_id=unit_id, on=on)


def require_renamable(organisation: Organisation, event: UnitRenamed) -> None:
    """Pass if the unit exists on the day, under another name.

    Raises:
        UnitUnknown, UnitNotOpen, NothingChanges.
    """
    _require_change(organisation, event, lambda unit: unit.name, event.name)


def require_retypable(organisation: Organisation, event: UnitRetyped) -> None:
    """Pass if the unit exists on the day, and is of another kind; one of the base stays there.

    Raises:
        UnitUnknown, UnitNotOpen, UnitKindUnknown, UnitKindMeansOtherwise, NothingChanges,
        NotOfTheKind, LevelDiffers.
    """
    require_of_kind(organisation, event)
    new = event.kind, event.monitored
    _require_change(organisation, event, lambda unit: (unit.kind, unit.monitored), new)
    unit = organisation.units.get(event.unit_id)
    if unit is None:
        return
    if (unit.level == Level.BASE) != (event.level == Level.BASE):
        raise LevelDiffers(unit_id=event.unit_id, former_kind=unit.kind, kind=event.kind)
    if event.kind == event.former_kind != unit.kind:
        raise NotOfTheKind(
            unit_id=event.unit_id,
            kind=unit.kind,
            former_kind=event.former_kind,
            on=event.effective_on,
        )


def require_recodable(organisation: Organisation, event: UnitRecoded) -> None:
    """Pass if the unit exists on the day, under another code.

    Raises:
        UnitUnknown, UnitNotOpen, NothingChanges.
    """
    _require_change(organisation, event, lambda unit: unit.code, event.code)


def require_movable(organisation: Organisation, event: UnitMoved) -> None:
    """Pass if the unit and its new parent exist on the day, and the parent is not within the unit.

    Raises:
        UnitUnknown, UnitNotOpen, NothingChanges, ParentWithinUnit.
    """
    unit_id, parent_id = event.unit_id, event.parent_id
    _require_change(organisation, event, lambda unit: unit.parent_id, parent_id)
    if parent_id is not None:
        organisation.require_open_unit(parent_id, event.effective_on)
        if unit_id in organisation.with_all_above(parent_id):
            raise ParentWithinUnit(unit_id=unit_id, parent_id=parent_id)


def require_cedable(organisation: Organisation, event: UnitCeded) -> None:
    """Pass if the unit and the other one, to which the part goes, exist on the day.

    Raises:
        UnitTakesFromItself, UnitUnknown, UnitNotOpen.
    """
    if event.to_unit == event.unit_id:
        raise UnitTakesFromItself(unit_id=event.unit_id)
    for unit_id in (event.unit_id, event.to_unit):
        organisation.require_open_unit(unit_id, event.effective_on)


Params = TypeVar("Params", bound=Parameters)


class UnitCommand(OrganisationCommand[Params]):
    """A change to one unit that goes on."""

    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id)]

    def changing(self) -> Unit:
        """The unit, on the strength of a document.

        Raises:
            DocumentRequired, UnitUnknown, UnitNotOpen.
        """
        self.require_basis()
        return self.organisation.open_unit(self.unit_id, self.context.effective_on)


class NewName(Parameters):
    """The unit's name from the effective day on."""

    name: Line


class RenameUnit(UnitCommand[NewName]):
    """The unit bears another name from the effective day; earlier days keep the earlier one."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (DocumentRequired, *CHANGING, NothingChanges)

    def execute(self) -> None:
        renamed = UnitRenamed(
            effective_on=self.context.effective_on,
            unit_id=self.unit_id,
            name=self.params.name,
            former_name=self.changing().name,
        )
        require_renamable(self.organisation, renamed)
        self.emit(renamed)


class NewKind(Parameters):
    """The unit's kind from the effective day on."""

    kind: KindId


class RetypeUnit(UnitCommand[NewKind]):
    """The unit is of another kind, as a commune that becomes a ward; its level stays."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        DocumentRequired,
        *CHANGING,
        *OF_KIND,
        NothingChanges,
        NotOfTheKind,
        LevelDiffers,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [catalogue_selector(), *super().consistency_boundary()]

    def execute(self) -> None:
        on, former = self.context.effective_on, self.changing()
        kind = self.organisation.kinds.require(self.params.kind, on)
        retyped = UnitRetyped(
            effective_on=on,
            unit_id=self.unit_id,
            kind=kind.kind,
            level=kind.level,
            monitored=kind.monitored,
            former_kind=former.kind,
        )
        require_retypable(self.organisation, retyped)
        self.emit(retyped)
        for later in retyped_later(self.unit_id, kind, self.later):
            self.emit(later)


class NewCode(Parameters):
    """The unit's code in the official list from the effective day on; null for none."""

    code: Code | None


class RecodeUnit(UnitCommand[NewCode]):
    """The unit stands under another code in the official list; codes may be another's of old."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (DocumentRequired, *CHANGING, NothingChanges)

    def execute(self) -> None:
        recoded = UnitRecoded(
            effective_on=self.context.effective_on,
            unit_id=self.unit_id,
            code=self.params.code,
            former_code=self.changing().code,
        )
        require_recodable(self.organisation, recoded)
        self.emit(recoded)


class NewParent(Parameters):
    """The unit above from the effective day on; null for none."""

    parent_id: UnitId | None


class MoveUnit(UnitCommand[NewParent]):
    """The unit belongs to another parent from the effective day, never to one within itself."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        DocumentRequired,
        *CHANGING,
        NothingChanges,
        ParentWithinUnit,
    )

    def consistency_boundary(self) -> list[Selector]:
        above: list[str] = []
        if self.params.parent_id is not None:
            above = self.organisation.with_all_above(self.params.parent_id)
        return [unit_selector(unit_id) for unit_id in (self.unit_id, *above)]

    def execute(self) -> None:
        moved = UnitMoved(
            effective_on=self.context.effective_on,
            unit_id=self.unit_id,
            parent_id=self.params.parent_id,
            former_parent_id=self.changing().parent_id,
        )
        require_movable(self.organisation, moved)
        self.emit(moved)


class Cession(Parameters):
    """Which part of the territory goes to which unit."""

    to_unit: UnitId
    part: Text


class CedeTerritory(UnitCommand[Cession]):
    """A part of the unit's territory goes to another from the effective day; both go on."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        DocumentRequired,
        *CHANGING,
        UnitTakesFromItself,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id), unit_selector(self.params.to_unit)]

    def execute(self) -> None:
        self.changing()
        ceded = UnitCeded(
            effective_on=self.context.effective_on,
            unit_id=self.unit_id,
            to_unit=self.params.to_unit,
            part=self.params.part,
        )
        require_cedable(self.organisation, ceded)
        self.emit(ceded)
