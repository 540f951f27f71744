"""Closing: a unit ends and nothing succeeds to it; its posts and units went first."""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Event, Parameters, Refusal
from domain.monitoring.command import MAY_END
from domain.organisation.events import UnitClosed, UnitEstablished, UnitMoved
from domain.organisation.organisation import FOREVER, posts_of_unit_selector, unit_selector
from domain.organisation.territory import CHANGING
from domain.succession.successors import EndingUnits, all_of
from domain.values import Text


class UnitHasPosts(Conflict):
    """The unit {unit_id} still has posts on {on}: {posts}.

    Đơn vị {unit_id} vẫn còn chức danh vào ngày {on}: {posts}.
    """


class UnitHasChildren(Conflict):
    """The unit {unit_id} still has units below it on {on}: {children}.

    Đơn vị {unit_id} vẫn còn đơn vị trực thuộc vào ngày {on}: {children}.
    """


class UnitClosing(Parameters):
    """Why the unit is closed."""

    reason: Text


class CloseUnit(EndingUnits[UnitClosing]):
    """The unit's last day was the day before the effective day; its posts and units went first.

    Whoever monitors it is released.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *CHANGING,
        UnitHasPosts,
        UnitHasChildren,
        *MAY_END,
    )

    def __init__(self, context: Context, params: UnitClosing, unit_id: str) -> None:
        super().__init__(context, params, unit_id)
        # Units that ever were below this one, and the day since which they are not, if they left.
        self._left_on: dict[str, date] = {}

    def consistency_boundary(self) -> list[Selector]:
        below = [unit_selector(child) for child in sorted(self._left_on)]
        return [*all_of((self.unit_id,)), posts_of_unit_selector(self.unit_id), *below]

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, UnitEstablished | UnitMoved) and event.parent_id == self.unit_id:
            self._left_on[event.unit_id] = FOREVER
        elif isinstance(event, UnitMoved) and event.former_parent_id == self.unit_id:
            self._left_on[event.unit_id] = event.effective_on

    def execute(self) -> None:
        on = self.context.effective_on
        self.ending(self.unit_id)
        posts = [
            post.post_id
            for post in self.organisation.posts.values()
            if post.unit_id == self.unit_id and post.to_on > on
        ]
        if posts:
            raise UnitHasPosts(unit_id=self.unit_id, on=on, posts=posts)
        children = sorted(
            child
            for child, left_on in self._left_on.items()
            if min(left_on, self.organisation.units[child].to_on) > on
        )
        if children:
            raise UnitHasChildren(unit_id=self.unit_id, on=on, children=children)
        self.release_monitor(self.unit_id)
        self.emit(UnitClosed(effective_on=on, unit_id=self.unit_id, reason=self.params.reason))
