"""Territory: a unit gets another name, kind, code or parent, or gives up a part of its land.

The unit goes on in all of it. What ends units (mergers, divisions, closing) is succession's, for
it sees what hangs on them.
"""

from collections import defaultdict
from datetime import date
from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, DocumentRequired, Event, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import (
    COMMUNE_KINDS,
    UnitCeded,
    UnitEstablished,
    UnitKind,
    UnitMoved,
    UnitRecoded,
    UnitRenamed,
    UnitRetyped,
)
from domain.organisation.organisation import (
    FOREVER,
    Organisation,
    Unit,
    UnitNotOpen,
    UnitUnknown,
    unit_selector,
)
from domain.values import Code, Line, Text, UnitId


class UnitChangedSince(Conflict):
    """The unit {unit_id} changed on {latest_on}: {on} is before that.

    Đơn vị {unit_id} đã thay đổi vào ngày {latest_on}: {on} ở trước ngày đó.
    """


class NothingChanges(Conflict):
    """The unit {unit_id} is so already on {on}.

    Đơn vị {unit_id} vào ngày {on} đã đúng như vậy rồi.
    """


class LevelDiffers(Conflict):
    """The unit {unit_id} is a {former_kind}, and cannot become a {kind}: the level differs.

    Đơn vị {unit_id} là {former_kind}, không thể trở thành {kind} vì khác cấp.
    """


class ParentWithinUnit(Conflict):
    """The unit {parent_id} is within the unit {unit_id}, and cannot be above it.

    Đơn vị {parent_id} nằm trong đơn vị {unit_id}, không thể là cấp trên của đơn vị đó.
    """


class UnitTakesFromItself(Invalid):
    """The unit {unit_id} cannot succeed to itself.

    Đơn vị {unit_id} không thể kế thừa chính mình.
    """


CHANGING: tuple[type[Refusal], ...] = (UnitUnknown, UnitNotOpen, UnitChangedSince)


def changeable(organisation: Organisation, unit_id: str, on: date) -> Unit:
    """The unit, which exists on that day and has not changed since.

    Raises:
        UnitUnknown, UnitNotOpen, UnitChangedSince.
    """
    unit = organisation.open_unit(unit_id, on)
    if on < unit.latest_on:
        raise UnitChangedSince(unit_id=unit_id, on=on, latest_on=unit.latest_on)
    return unit


Params = TypeVar("Params", bound=Parameters)


class UnitCommand(OrganisationCommand[Params]):
    """A change to one unit that goes on."""

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id)]

    def changing(self) -> Unit:
        """The unit, on the strength of a document.

        Raises:
            DocumentRequired, UnitUnknown, UnitNotOpen, UnitChangedSince.
        """
        self.require_basis()
        return changeable(self.organisation, self.unit_id, self.context.effective_on)

    def require_change(self, former: str | None, new: str | None) -> None:
        """Pass if the new value differs from the former.

        Raises:
            NothingChanges: otherwise.
        """
        if former == new:
            raise NothingChanges(unit_id=self.unit_id, on=self.context.effective_on)


class NewName(Parameters):
    """The unit's name from the effective day on."""

    name: Line


class RenameUnit(UnitCommand[NewName]):
    """The unit bears another name from the effective day; earlier days keep the earlier one."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (DocumentRequired, *CHANGING, NothingChanges)

    def execute(self) -> None:
        unit = self.changing()
        self.require_change(unit.name, self.params.name)
        self.emit(
            UnitRenamed(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                name=self.params.name,
                former_name=unit.name,
            )
        )


class NewKind(Parameters):
    """The unit's kind from the effective day on."""

    kind: UnitKind


class RetypeUnit(UnitCommand[NewKind]):
    """The unit is of another kind, as a commune that becomes a ward; its level stays."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        DocumentRequired,
        *CHANGING,
        NothingChanges,
        LevelDiffers,
    )

    def execute(self) -> None:
        unit, kind = self.changing(), self.params.kind
        self.require_change(unit.kind, kind)
        if (unit.kind in COMMUNE_KINDS) != (kind in COMMUNE_KINDS):
            raise LevelDiffers(unit_id=self.unit_id, former_kind=unit.kind, kind=kind)
        self.emit(
            UnitRetyped(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                kind=kind,
                former_kind=unit.kind,
            )
        )


class NewCode(Parameters):
    """The unit's code in the official list from the effective day on; null for none."""

    code: Code | None


class RecodeUnit(UnitCommand[NewCode]):
    """The unit stands under another code in the official list; codes may be another's of old."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (DocumentRequired, *CHANGING, NothingChanges)

    def execute(self) -> None:
        unit = self.changing()
        self.require_change(unit.code, self.params.code)
        self.emit(
            UnitRecoded(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                code=self.params.code,
                former_code=unit.code,
            )
        )


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

    def __init__(self, context: Context, params: NewParent, unit_id: str) -> None:
        super().__init__(context, params, unit_id)
        self._parents: dict[str, list[tuple[date, str | None]]] = defaultdict(list)

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(unit_id) for unit_id in (self.unit_id, *self._above())]

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, UnitEstablished | UnitMoved):
            since = (event.effective_on, event.parent_id)
            if since not in self._parents[event.unit_id]:
                self._parents[event.unit_id].append(since)

    def _above(self) -> list[str]:
        """The new parent and all that are above it on the effective day or later."""
        above = [] if self.params.parent_id is None else [self.params.parent_id]
        for unit_id in above:
            parents = self._parents.get(unit_id, [])
            for since, parent in parents:
                until = min((day for day, _ in parents if day > since), default=FOREVER)
                if until > self.context.effective_on and parent and parent not in above:
                    above.append(parent)
        return above

    def execute(self) -> None:
        unit, parent_id = self.changing(), self.params.parent_id
        self.require_change(unit.parent_id, parent_id)
        if parent_id is not None:
            self.organisation.open_unit(parent_id, self.context.effective_on)
            if self.unit_id in self._above():
                raise ParentWithinUnit(unit_id=self.unit_id, parent_id=parent_id)
        self.emit(
            UnitMoved(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                parent_id=parent_id,
                former_parent_id=unit.parent_id,
            )
        )


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
        if self.params.to_unit == self.unit_id:
            raise UnitTakesFromItself(unit_id=self.unit_id)
        self.organisation.open_unit(self.params.to_unit, self.context.effective_on)
        self.emit(
            UnitCeded(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                to_unit=self.params.to_unit,
                part=self.params.part,
            )
        )
