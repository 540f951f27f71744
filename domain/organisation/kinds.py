"""Kinds: a ledger declares kinds of units beside the default catalogue, changes and ends them.

All of it on the strength of a document. A kind's level never changes: what is of another level is
of another kind. Units of a kind that ends stay what they are.
"""

from collections.abc import Iterator
from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import StrictBool

from domain.kernel import Context, DocumentRequired, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import UnitRetyped
from domain.organisation.organisation import UNIT_EVENTS, Organisation
from domain.organisation.territory import NotOfTheKind, require_retypable
from domain.organisation.unit_kinds import (
    Kind,
    Level,
    Names,
    UnitKindChanged,
    UnitKindDeclared,
    UnitKindEnded,
    UnitKindInForce,
    UnitKindNameTaken,
    UnitKindUnchanged,
    UnitKindUnknown,
    catalogue_selector,
)
from domain.values import Text


def require_declarable(organisation: Organisation, event: UnitKindDeclared) -> None:
    """Pass if there is no such kind on the day, and no other bears one of its names.

    Raises:
        UnitKindInForce, UnitKindNameTaken.
    """
    kinds, kind, on = organisation.kinds, event.unit_kind_id, event.effective_on
    standing = kinds.find(kind, on)
    if standing is not None:
        raise UnitKindInForce(kind=kind, on=on, from_on=standing.from_on)
    kinds.require_names_free(kind, event.names, on)


def require_changeable(organisation: Organisation, event: UnitKindChanged) -> None:
    """Pass if there is such a kind on the day, it is otherwise, and its names are free.

    Raises:
        UnitKindUnknown, UnitKindUnchanged, UnitKindNameTaken.
    """
    kinds, kind, on = organisation.kinds, event.unit_kind_id, event.effective_on
    standing = kinds.require(kind, on)
    if (standing.names, standing.monitored) == (event.names, event.monitored):
        raise UnitKindUnchanged(kind=kind, on=on)
    kinds.require_names_free(kind, event.names, on)


def require_endable_kind(organisation: Organisation, event: UnitKindEnded) -> None:
    """Pass if there is such a kind on the day.

    Raises:
        UnitKindUnknown.
    """
    organisation.kinds.require(event.unit_kind_id, event.effective_on)


Params = TypeVar("Params", bound=Parameters)


class UnitKindCommand(OrganisationCommand[Params]):
    """A command on one kind, which sees the whole catalogue."""

    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: Params, unit_kind_id: str) -> None:
        super().__init__(context, params)
        self.unit_kind_id = unit_kind_id

    def consistency_boundary(self) -> list[Selector]:
        return [catalogue_selector()]


class NewUnitKind(Parameters):
    """What the kind is called in files, of which level it is, and whether it is monitored.

    The first name is the one it is shown by. `level` is left out for what is no unit of territory.
    """

    names: Names
    level: Level | None = None
    monitored: StrictBool = False


class DeclareUnitKind(UnitKindCommand[NewUnitKind]):
    """There are units of this kind from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        DocumentRequired,
        UnitKindInForce,
        UnitKindNameTaken,
    )

    def execute(self) -> None:
        self.require_basis()
        params = self.params
        declared = UnitKindDeclared(
            effective_on=self.context.effective_on,
            unit_kind_id=self.unit_kind_id,
            names=params.names,
            level=params.level,
            monitored=params.monitored,
        )
        require_declarable(self.organisation, declared)
        self.emit(declared)


class UnitKindChange(Parameters):
    """What the kind is called from the effective day, and whether it is monitored; as before."""

    names: Names | None = None
    monitored: StrictBool | None = None


class ChangeUnitKind(UnitKindCommand[UnitKindChange]):
    """The kind is called or monitored otherwise from the effective day, and so are its units.

    Where it is monitored no longer, the monitors of its units are released first.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        DocumentRequired,
        UnitKindUnknown,
        UnitKindUnchanged,
        UnitKindNameTaken,
        NotOfTheKind,
    )

    def consistency_boundary(self) -> list[Selector]:
        if self.params.monitored is None:
            return super().consistency_boundary()
        return [*super().consistency_boundary(), Selector(types=UNIT_EVENTS)]

    def execute(self) -> None:
        self.require_basis()
        on, params = self.context.effective_on, self.params
        standing = self.organisation.kinds.require(self.unit_kind_id, on)
        changed = UnitKindChanged(
            effective_on=on,
            unit_kind_id=self.unit_kind_id,
            names=standing.names if params.names is None else params.names,
            monitored=standing.monitored if params.monitored is None else params.monitored,
            former_names=standing.names,
            former_monitored=standing.monitored,
        )
        require_changeable(self.organisation, changed)
        self.emit(changed)
        if changed.monitored != standing.monitored:
            for retyped in self._units_of(standing, monitored=changed.monitored):
                require_retypable(self.organisation, retyped)
                self.emit(retyped)

    def _units_of(self, kind: Kind, *, monitored: bool) -> Iterator[UnitRetyped]:
        on = self.context.effective_on
        for unit in list(self.organisation.units.values()):
            if unit.kind == kind.kind and unit.is_open(on) and unit.monitored != monitored:
                yield UnitRetyped(
                    effective_on=on,
                    unit_id=unit.unit_id,
                    kind=kind.kind,
                    level=unit.level,
                    monitored=monitored,
                    former_kind=kind.kind,
                )


class UnitKindEnding(Parameters):
    """Why the kind ends."""

    reason: Text


class EndUnitKind(UnitKindCommand[UnitKindEnding]):
    """No unit becomes of this kind from the effective day; those that are of it stay so."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (DocumentRequired, UnitKindUnknown)

    def execute(self) -> None:
        self.require_basis()
        ended = UnitKindEnded(
            effective_on=self.context.effective_on,
            unit_kind_id=self.unit_kind_id,
            reason=self.params.reason,
        )
        require_endable_kind(self.organisation, ended)
        self.emit(ended)
