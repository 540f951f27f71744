"""The organisation as a decision sees it, on a day: folded from the timeline of its boundary."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, get_args

from domain.kernel import Conflict, Event, Invalid, NotFound
from domain.organisation.events import (
    OfficialRegistered,
    PostAbolished,
    PostCreated,
    TenureEnded,
    TenureStarted,
    UnitCeded,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitRecoded,
    UnitRenamed,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.unit_kinds import FOREVER, Level, UnitKindEvent, UnitKinds

UnitChange: TypeAlias = (
    UnitClosed
    | UnitRenamed
    | UnitRetyped
    | UnitRecoded
    | UnitMoved
    | UnitMerged
    | UnitSplit
    | UnitCeded
)
UNIT_EVENTS: tuple[type[Event], ...] = (UnitEstablished, *get_args(UnitChange))
UNIT_ENDS: tuple[type[Event], ...] = (UnitClosed, UnitMerged, UnitSplit)


class UnitUnknown(NotFound):
    """There is no unit {unit_id}, or not yet on that day.

    Không tìm thấy đơn vị {unit_id}, hoặc đến ngày đó chưa có.
    """


class UnitNotOpen(Conflict):
    """The unit {unit_id} does not exist on {on}: it is open from {from_on} to {to_on}.

    Đơn vị {unit_id} không hoạt động vào ngày {on}: chỉ từ {from_on} đến {to_on}.
    """


class UnitTakesFromItself(Invalid):
    """The unit {unit_id} cannot succeed to itself.

    Đơn vị {unit_id} không thể kế thừa chính mình.
    """


class PostUnknown(NotFound):
    """There is no post {post_id}, or not yet on that day.

    Không tìm thấy chức danh {post_id}, hoặc đến ngày đó chưa có.
    """


class PostNotOpen(Conflict):
    """The post {post_id} does not exist on {on}: it is open from {from_on} to {to_on}.

    Chức danh {post_id} không tồn tại vào ngày {on}: chỉ từ {from_on} đến {to_on}.
    """


class OfficialUnknown(NotFound):
    """There is no official {official_id}.

    Không tìm thấy cán bộ {official_id}.
    """


class PostVacant(Conflict):
    """Nobody holds the post {post_id} on {on}.

    Không có ai giữ chức danh {post_id} vào ngày {on}.
    """


class NotThePostHolder(Conflict):
    """The official {official_id} does not hold the post {post_id} on {on}.

    Cán bộ {official_id} không giữ chức danh {post_id} vào ngày {on}.
    """


class HolderNotNamed(Conflict):
    """Several officials hold the post {post_id} on {on}: name one in `official_id`.

    Chức danh {post_id} có nhiều người giữ vào ngày {on}: cần nêu rõ `official_id`.
    """


class UnitWithoutHead(Conflict):
    """The unit {unit_id} has no post that heads it on {on}.

    Đơn vị {unit_id} không có chức danh người đứng đầu vào ngày {on}.
    """


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; it exists from `from_on`, until the day before `to_on`.

    `level` and `monitored` are what its kind means; `into` are the units it went into at its end.
    """

    unit_id: str
    name: str
    kind: str
    level: Level | None
    monitored: bool
    code: str | None
    parent_id: str | None
    from_on: date
    to_on: date = FOREVER
    into: tuple[str, ...] = ()

    def is_open(self, on: date) -> bool:
        return self.from_on <= on < self.to_on


@dataclass(frozen=True, slots=True)
class Post:
    """A post, its unit, the body that manages it, and the days on which it exists."""

    post_id: str
    unit_id: str
    kind: str
    managed_by: str
    heads_unit: bool
    seats: int
    from_on: date
    to_on: date = FOREVER

    def is_open(self, on: date) -> bool:
        return self.from_on <= on < self.to_on


@dataclass(frozen=True, slots=True)
class Tenure:
    """An official holds a post from `from_on`, until the day before `to_on`."""

    official_id: str
    post_id: str
    from_on: date
    to_on: date = FOREVER

    def covers(self, on: date) -> bool:
        return self.from_on <= on < self.to_on


@dataclass(slots=True)
class Organisation:
    """Units and their kinds, posts, officials and tenures, as far as the boundary shows them.

    `parents` are those of all units of which the boundary shows where they belong, be the unit
    itself seen or not.
    """

    kinds: UnitKinds = field(default_factory=UnitKinds)
    units: dict[str, Unit] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    officials: set[str] = field(default_factory=set)
    tenures: list[Tenure] = field(default_factory=list)

    def evolve(self, event: Event) -> None:
        match event:
            case UnitEstablished():
                self._establish(event)
            case _ if isinstance(event, UnitChange):
                self._change(event)
            case PostCreated():
                self.posts[event.post_id] = Post(
                    event.post_id,
                    event.unit_id,
                    event.kind,
                    event.managed_by,
                    event.heads_unit,
                    event.seats,
                    event.effective_on,
                )
            case PostAbolished(post_id=post_id) if post_id in self.posts:
                self.posts[post_id] = replace(self.posts[post_id], to_on=event.effective_on)
            case OfficialRegistered():
                self.officials.add(event.official_id)
            case TenureStarted():
                self.tenures.append(Tenure(event.official_id, event.post_id, event.effective_on))
            case TenureEnded():
                self._end(event)
            case UnitKindEvent():
                self.kinds.evolve(event)
            case _:
                pass

    def _establish(self, event: UnitEstablished) -> None:
        self.parents[event.unit_id] = event.parent_id
        self.units[event.unit_id] = Unit(
            event.unit_id,
            event.name,
            event.kind,
            event.level,
            event.monitored,
            event.code,
            event.parent_id,
            event.effective_on,
        )

    def _change(self, event: UnitChange) -> None:
        """What becomes of a unit stands in the boundary of others too, which do not show it."""
        if isinstance(event, UnitMoved):
            self.parents[event.unit_id] = event.parent_id
        if event.unit_id in self.units:
            self.units[event.unit_id] = _changed(self.units[event.unit_id], event)

    def _end(self, ended: TenureEnded) -> None:
        for index, tenure in enumerate(self.tenures):
            held = (tenure.official_id, tenure.post_id) == (ended.official_id, ended.post_id)
            if held and tenure.to_on == FOREVER:
                self.tenures[index] = replace(tenure, to_on=ended.effective_on)

    def sees(self, tag: str) -> bool:  # noqa: ARG002  the boundary of a command shows what it names
        """Whether it is seen if such a unit, post or official exists: `unit:ID` and so on."""
        return True

    def sees_kinds(self) -> bool:
        """Whether all that the ledger declared of kinds of units is seen."""
        return True

    def unit(self, unit_id: str) -> Unit:
        """The unit.

        Raises:
            UnitUnknown: there is none.
        """
        if unit_id not in self.units:
            raise UnitUnknown(unit_id=unit_id)
        return self.units[unit_id]

    def open_unit(self, unit_id: str, on: date) -> Unit:
        """The unit, which exists on that day.

        Raises:
            UnitUnknown, UnitNotOpen.
        """
        unit = self.unit(unit_id)
        if not unit.is_open(on):
            raise UnitNotOpen(unit_id=unit_id, on=on, from_on=unit.from_on, to_on=unit.to_on)
        return unit

    def require_open_unit(self, unit_id: str, on: date) -> None:
        """Pass if the unit exists on that day, as far as seen.

        Raises:
            UnitUnknown, UnitNotOpen.
        """
        if self.sees(f"unit:{unit_id}"):
            self.open_unit(unit_id, on)

    def units_below(self, unit_id: str) -> list[str]:
        """The units directly below the unit, by id; maybe some that have ended."""
        return sorted(below for below, parent_id in self.parents.items() if parent_id == unit_id)

    def with_all_above(self, unit_id: str) -> list[str]:
        """The unit, the unit above it, and so on, as far as seen."""
        line = [unit_id]
        for below in line:
            above = self.parents.get(below)
            if above is not None and above not in line:
                line.append(above)
        return line

    def open_post(self, post_id: str, on: date) -> Post:
        """The post, which exists on that day.

        Raises:
            PostUnknown, PostNotOpen.
        """
        if post_id not in self.posts:
            raise PostUnknown(post_id=post_id)
        post = self.posts[post_id]
        if not post.is_open(on):
            raise PostNotOpen(post_id=post_id, on=on, from_on=post.from_on, to_on=post.to_on)
        return post

    def require_open_post(self, post_id: str, on: date) -> None:
        """Pass if the post exists on that day, as far as seen.

        Raises:
            PostUnknown, PostNotOpen.
        """
        if self.sees(f"post:{post_id}"):
            self.open_post(post_id, on)

    def require_official(self, official_id: str) -> None:
        """Pass if the official is known, as far as seen.

        Raises:
            OfficialUnknown.
        """
        if self.sees(f"official:{official_id}") and official_id not in self.officials:
            raise OfficialUnknown(official_id=official_id)

    def head_post(self, unit_id: str, on: date) -> Post:
        """The post that heads the unit on that day.

        Raises:
            UnitWithoutHead: no such post is seen.
        """
        for post in self.posts.values():
            if post.unit_id == unit_id and post.heads_unit and post.is_open(on):
                return post
        raise UnitWithoutHead(unit_id=unit_id, on=on)

    def tenures_of(self, post_id: str, on: date) -> Iterator[Tenure]:
        """The tenures of the post that cover that day."""
        return (t for t in self.tenures if t.post_id == post_id and t.covers(on))

    def holds(self, official_id: str, post_id: str, on: date) -> bool:
        return any(t.official_id == official_id for t in self.tenures_of(post_id, on))

    def require_holder(self, official_id: str, post_id: str, on: date) -> None:
        """Pass only if the official holds the post on that day.

        Raises:
            NotThePostHolder: otherwise.
        """
        if not self.holds(official_id, post_id, on):
            raise NotThePostHolder(official_id=official_id, post_id=post_id, on=on)

    def holder(self, post_id: str, on: date, named: str | None = None) -> str:
        """The official who holds the post on that day: the one named, or the only one.

        Raises:
            PostVacant, HolderNotNamed, NotThePostHolder.
        """
        if named is not None:
            self.require_holder(named, post_id, on)
            return named
        match list(self.tenures_of(post_id, on)):
            case []:
                raise PostVacant(post_id=post_id, on=on)
            case [tenure]:
                return tenure.official_id
            case _:
                raise HolderNotNamed(post_id=post_id, on=on)


def _changed(unit: Unit, event: UnitChange) -> Unit:
    match event:
        case UnitClosed(effective_on=on):
            changed = replace(unit, to_on=on)
        case UnitMerged(effective_on=on, into=into):
            changed = replace(unit, to_on=on, into=(into,))
        case UnitSplit(effective_on=on, into=parts):
            changed = replace(unit, to_on=on, into=parts)
        case UnitRenamed(name=name):
            changed = replace(unit, name=name)
        case UnitRetyped(kind=kind, level=level, monitored=monitored):
            changed = replace(unit, kind=kind, level=level, monitored=monitored)
        case UnitRecoded(code=code):
            changed = replace(unit, code=code)
        case UnitMoved(parent_id=parent_id):
            changed = replace(unit, parent_id=parent_id)
        case UnitCeded():
            changed = unit
    return changed
