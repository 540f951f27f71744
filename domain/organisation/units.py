"""Units: establishing and closing them. Merging, splitting and renaming are territory's."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Event, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import UnitClosed, UnitEstablished, UnitKind
from domain.organisation.organisation import (
    FOREVER,
    UnitNotOpen,
    UnitUnknown,
    posts_of_unit_selector,
    unit_selector,
)
from domain.values import Code, Line, Text, UnitId


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


class NewUnit(Parameters):
    """The unit to establish; `unit_id` is made by the service if left out."""

    unit_id: UnitId | None = None
    name: Line
    kind: UnitKind
    code: Code | None = None
    parent_id: UnitId | None = None


class EstablishUnit(OrganisationCommand[NewUnit]):
    """A unit exists from the effective day, below its parent if one is named."""

    PARAMETERS: ClassVar[type[Parameters]] = NewUnit
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (UnitExists, UnitUnknown, UnitNotOpen)

    def __init__(self, context: Context, said: NewUnit, unit_id: str) -> None:
        super().__init__(context, said)
        self.unit_id = unit_id

    def consistency_boundary(self) -> list[Selector]:
        named = [self.unit_id, *([self.said.parent_id] if self.said.parent_id else [])]
        return [unit_selector(unit_id) for unit_id in named]

    def execute(self) -> None:
        if self.unit_id in self.organisation.units:
            raise UnitExists(unit_id=self.unit_id)
        if self.said.parent_id is not None:
            self.organisation.open_unit(self.said.parent_id, self.context.effective_on)
        self.emit(
            UnitEstablished(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                name=self.said.name,
                kind=self.said.kind,
                code=self.said.code,
                parent_id=self.said.parent_id,
            )
        )


class UnitClosing(Parameters):
    """Why the unit is closed."""

    reason: Text


class CloseUnit(OrganisationCommand[UnitClosing]):
    """The unit's last day was the day before the effective day; its posts and units went first."""

    PARAMETERS: ClassVar[type[Parameters]] = UnitClosing
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        UnitUnknown,
        UnitNotOpen,
        UnitHasPosts,
        UnitHasChildren,
    )

    def __init__(self, context: Context, said: UnitClosing, unit_id: str) -> None:
        super().__init__(context, said)
        self.unit_id = unit_id
        self.children: set[str] = set()

    def consistency_boundary(self) -> list[Selector]:
        below = [unit_selector(child) for child in sorted(self.children)]
        return [unit_selector(self.unit_id), posts_of_unit_selector(self.unit_id), *below]

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, UnitEstablished) and event.parent_id == self.unit_id:
            self.children.add(event.unit_id)

    def execute(self) -> None:
        on = self.context.effective_on
        organisation = self.organisation
        organisation.open_unit(self.unit_id, on)
        posts = [
            post.post_id
            for post in organisation.posts.values()
            if post.unit_id == self.unit_id and post.to_on > on
        ]
        if posts:
            raise UnitHasPosts(unit_id=self.unit_id, on=on, posts=posts)
        children = sorted(c for c in self.children if organisation.units[c].to_on == FOREVER)
        if children:
            raise UnitHasChildren(unit_id=self.unit_id, on=on, children=children)
        self.emit(UnitClosed(effective_on=on, unit_id=self.unit_id, reason=self.said.reason))
