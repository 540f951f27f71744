"""Units: how they begin and end.

Renaming and moving are territory's. The verbs that end units are succession's, which also sees who
monitors them; what must hold of the organisation when a unit ends stands here.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Event, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import (
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.organisation import (
    Organisation,
    UnitNotOpen,
    UnitTakesFromItself,
    UnitUnknown,
)
from domain.organisation.selectors import existence, unit_selector
from domain.organisation.unit_kinds import (
    Kind,
    KindId,
    UnitKindChanged,
    UnitKindMeansOtherwise,
    UnitKindUnknown,
    catalogue_selector,
)
from domain.values import Code, Line, UnitId


class UnitExists(Conflict):
    """There is a unit {unit_id} already.

    Đã có đơn vị {unit_id}.
    """


class UnitHasPosts(Conflict):
    """The unit {unit_id} still has posts on {on}: {posts}.

    Đơn vị {unit_id} vẫn còn chức danh vào ngày {on}: {posts}.
    """


class UnitHasChildren(Conflict):
    """The unit {unit_id} still has units below it on {on}: {children}.

    Đơn vị {unit_id} vẫn còn đơn vị trực thuộc vào ngày {on}: {children}.
    """


def require_of_kind(organisation: Organisation, event: UnitEstablished | UnitRetyped) -> None:
    """Pass if units may be of the kind on the day, and it means what the event says.

    It is not judged where what was declared of kinds is not seen.

    Raises:
        UnitKindUnknown, UnitKindMeansOtherwise.
    """
    if not organisation.sees_kinds():
        return
    kind = organisation.kinds.require(event.kind, event.effective_on)
    if (event.level, event.monitored) != (kind.level, kind.monitored):
        raise UnitKindMeansOtherwise(kind=event.kind, on=event.effective_on)


OF_KIND: tuple[type[Refusal], ...] = (UnitKindUnknown, UnitKindMeansOtherwise)


def retyped_later(unit_id: str, kind: Kind, later: Iterable[Event]) -> Iterator[UnitRetyped]:
    """How the kind is monitored otherwise, as recorded for later days while the unit is of it."""
    monitored = kind.monitored
    for event in later:
        match event:
            case (
                UnitRetyped(unit_id=changed)
                | UnitClosed(unit_id=changed)
                | UnitMerged(unit_id=changed)
                | UnitSplit(unit_id=changed)
            ) if changed == unit_id:
                return
            case UnitKindChanged(unit_kind_id=kind.kind) if event.monitored != monitored:
                monitored = event.monitored
                yield UnitRetyped(
                    effective_on=event.effective_on,
                    unit_id=unit_id,
                    kind=kind.kind,
                    level=kind.level,
                    monitored=monitored,
                    former_kind=kind.kind,
                )
            case _:
                pass


def require_establishable(organisation: Organisation, event: UnitEstablished) -> None:
    """Pass if there is no such unit, its kind is in force, and its parent exists on the day.

    Raises:
        UnitExists, UnitKindUnknown, UnitKindMeansOtherwise, UnitUnknown, UnitNotOpen.
    """
    if event.unit_id in organisation.units:
        raise UnitExists(unit_id=event.unit_id)
    require_of_kind(organisation, event)
    if event.parent_id is not None:
        organisation.require_open_unit(event.parent_id, event.effective_on)


ESTABLISHING: tuple[type[Refusal], ...] = (UnitExists, *OF_KIND, UnitUnknown, UnitNotOpen)


def require_closable(organisation: Organisation, event: UnitClosed) -> None:
    """Pass if the unit exists on the day, and its posts and the units below it do not.

    Raises:
        UnitUnknown, UnitNotOpen, UnitHasPosts, UnitHasChildren.
    """
    unit_id, on = event.unit_id, event.effective_on
    organisation.require_open_unit(unit_id, on)
    posts = [
        post.post_id
        for post in organisation.posts.values()
        if post.unit_id == unit_id and post.is_open(on)
    ]
    if posts:
        raise UnitHasPosts(unit_id=unit_id, on=on, posts=posts)
    children = [
        below
        for below in organisation.units_below(unit_id)
        if below in organisation.units and organisation.units[below].is_open(on)
    ]
    if children:
        raise UnitHasChildren(unit_id=unit_id, on=on, children=children)


CLOSING: tuple[type[Refusal], ...] = (UnitUnknown, UnitNotOpen, UnitHasPosts, UnitHasChildren)


def require_mergeable(organisation: Organisation, event: UnitMerged) -> None:
    """Pass if the unit and the other one into which it goes exist on the day.

    Raises:
        UnitTakesFromItself, UnitUnknown, UnitNotOpen.
    """
    _require_successors(organisation, event, (event.into,))


def require_splittable(organisation: Organisation, event: UnitSplit) -> None:
    """Pass if the unit and the others into which it goes exist on the day.

    Raises:
        UnitTakesFromItself, UnitUnknown, UnitNotOpen.
    """
    _require_successors(organisation, event, event.into)


def _require_successors(
    organisation: Organisation, event: UnitMerged | UnitSplit, into: tuple[str, ...]
) -> None:
    if event.unit_id in into:
        raise UnitTakesFromItself(unit_id=event.unit_id)
    for unit_id in (event.unit_id, *into):
        organisation.require_open_unit(unit_id, event.effective_on)


SUCCEEDED: tuple[type[Refusal], ...] = (UnitTakesFromItself, UnitUnknown, UnitNotOpen)


class NewUnit(Parameters):
    """The unit to establish; `unit_id` is made by the service if left out."""

    unit_id: UnitId | None = None
    name: Line
    kind: KindId
    code: Code | None = None
    parent_id: UnitId | None = None


class EstablishUnit(OrganisationCommand[NewUnit]):
    """A unit exists from the effective day, below its parent if one is named."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = ESTABLISHING
    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: NewUnit, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        parent = [self.params.parent_id] if self.params.parent_id else []
        return [
            catalogue_selector(),
            unit_selector(self.unit_id),
            *existence(self.organisation, parent, self.recorded),
        ]

    def execute(self) -> None:
        on = self.context.effective_on
        kind = self.organisation.kinds.require(self.params.kind, on)
        established = UnitEstablished(
            effective_on=on,
            unit_id=self.unit_id,
            name=self.params.name,
            kind=kind.kind,
            level=kind.level,
            monitored=kind.monitored,
            code=self.params.code,
            parent_id=self.params.parent_id,
        )
        require_establishable(self.organisation, established)
        self.emit(established)
        for retyped in retyped_later(self.unit_id, kind, self.later):
            self.emit(retyped)
