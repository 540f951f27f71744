"""Unit kinds: what kinds of units there are on a day, of which level, and which are monitored.

A default catalogue ships with the programme (`unit_kinds.csv`) and holds in every ledger from the
beginning. A ledger declares further kinds, and changes or ends any, from a day.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictBool, StrictStr

from domain.kernel import Conflict, Event, Invalid
from domain.values import ID_PATTERN, Line, Tag, Text
from domain.wording import UNIT_KINDS

FOREVER = date.max
DEFAULTS_FILE = Path(__file__).with_suffix(".csv")


class Level(StrEnum):
    """The levels of territory, from above; communes and their like are the base."""

    PROVINCE = "province"
    DISTRICT = "district"
    BASE = "base"


KindId = Annotated[StrictStr, Field(pattern=ID_PATTERN, examples=["commune"])]
UnitKindId = Annotated[
    StrictStr, Field(pattern=ID_PATTERN, examples=["economic_zone"]), Tag("unit_kind")
]
Names = Annotated[tuple[Line, ...], Field(min_length=1, max_length=10, examples=[["khu kinh tế"]])]


class UnitKindEvent(Event):
    """An event of one kind; all of them stand together in the ledger's catalogue."""

    unit_kind_id: UnitKindId
    catalogue: Annotated[Literal["unit-kinds"], Tag("catalogue")] = "unit-kinds"


class UnitKindDeclared(UnitKindEvent):
    """There are units of this kind from `effective_on`.

    The first of its `names` is what it is called, the others are what files call it too. `level` is
    null for what is no unit of territory; `monitored` whether an official follows each such unit.
    """

    TYPE: ClassVar[str] = "unit_kind.declared"
    VIETNAMESE: ClassVar[str] = "đặt loại đơn vị"

    names: Names
    level: Level | None
    monitored: StrictBool


class UnitKindChanged(UnitKindEvent):
    """The kind is called by these names, and monitored or not, from `effective_on`.

    Where it is monitored otherwise, every unit of it has an event of its own that day.
    """

    TYPE: ClassVar[str] = "unit_kind.changed"
    VIETNAMESE: ClassVar[str] = "sửa loại đơn vị"

    names: Names
    monitored: StrictBool
    former_names: Names
    former_monitored: StrictBool


class UnitKindEnded(UnitKindEvent):
    """No unit becomes of this kind from `effective_on`; those that are of it stay so."""

    TYPE: ClassVar[str] = "unit_kind.ended"
    VIETNAMESE: ClassVar[str] = "bãi bỏ loại đơn vị"

    reason: Text


UNIT_KIND_EVENTS: tuple[type[UnitKindEvent], ...] = (
    UnitKindDeclared,
    UnitKindChanged,
    UnitKindEnded,
)


def catalogue_selector() -> Selector:
    """All that a ledger ever declared of kinds of units."""
    return Selector(types=UNIT_KIND_EVENTS, tags=["catalogue:unit-kinds"])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of units as it is from `from_on`, until the day before `to_on`.

    `source` is the law of a kind of the default catalogue, empty for one of the ledger's own.
    """

    kind: str
    names: tuple[str, ...]
    level: Level | None
    monitored: bool
    from_on: date
    to_on: date = FOREVER
    source: str = ""

    @property
    def name(self) -> str:
        return self.names[0]

    def covers(self, on: date) -> bool:
        return self.from_on <= on < self.to_on


def _defaults() -> Iterator[Kind]:
    with DEFAULTS_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Kind(
                kind=row["kind"],
                names=tuple(row["names"].split("; ")),
                level=Level(row["level"]) if row["level"] else None,
                monitored=row["monitored"] == "yes",
                from_on=date.fromisoformat(row["from_on"]) if row["from_on"] else date.min,
                source=row["source"],
            )


DEFAULT_KINDS: Mapping[str, Kind] = {kind.kind: kind for kind in _defaults()}
UNIT_KINDS.update({name: kind.name for name, kind in DEFAULT_KINDS.items()})


class UnitKindUnknown(Invalid):
    """There is no kind of units {kind} on {on}; there are: {kinds}.

    Vào ngày {on} không có loại đơn vị {kind}; các loại đang có: {kinds}.
    """


class UnitKindInForce(Conflict):
    """There is a kind of units {kind} on {on} already, since {from_on}.

    Vào ngày {on} đã có loại đơn vị {kind}, từ ngày {from_on}.
    """


class UnitKindNameTaken(Conflict):
    """On {on} the name “{name}” is that of the kind {kind}.

    Vào ngày {on}, tên “{name}” là của loại đơn vị {kind}.
    """


class UnitKindUnchanged(Conflict):
    """The kind of units {kind} is so already on {on}.

    Loại đơn vị {kind} vào ngày {on} đã đúng như vậy rồi.
    """


class UnitKindMeansOtherwise(Conflict):
    """On {on} a unit of the kind {kind} is of another level, or monitored otherwise, than recorded.

    Vào ngày {on}, đơn vị thuộc loại {kind} có cấp hoặc việc theo dõi khác với điều đã ghi nhận.
    """


class UnitKinds:
    """The kinds of units, as a ledger's timeline leaves the default catalogue."""

    __slots__ = ("_own",)

    def __init__(self) -> None:
        self._own: dict[str, tuple[Kind, ...]] = {}

    def evolve(self, event: Event) -> None:
        match event:
            case UnitKindDeclared():
                kind, on = event.unit_kind_id, event.effective_on
                declared = Kind(kind, event.names, event.level, event.monitored, on)
                self._own[kind] = (*self._until(kind, on), declared)
            case UnitKindChanged():
                kind, on = event.unit_kind_id, event.effective_on
                standing = self.find(kind, on)
                if standing is not None:
                    changed = replace(
                        standing, names=event.names, monitored=event.monitored, from_on=on
                    )
                    self._own[kind] = (*self._until(kind, on), changed)
            case UnitKindEnded():
                self._own[event.unit_kind_id] = self._until(event.unit_kind_id, event.effective_on)
            case _:
                pass

    def _until(self, kind: str, on: date) -> tuple[Kind, ...]:
        """What the kind was before that day."""
        before = (version for version in self._versions(kind) if version.from_on < on)
        return tuple(replace(version, to_on=min(version.to_on, on)) for version in before)

    def _versions(self, kind: str) -> Sequence[Kind]:
        if kind in self._own:
            return self._own[kind]
        return (DEFAULT_KINDS[kind],) if kind in DEFAULT_KINDS else ()

    def find(self, kind: str, on: date) -> Kind | None:
        """The kind as it is on that day, if units may be of it then."""
        return next((version for version in self._versions(kind) if version.covers(on)), None)

    def knows(self, kind: str) -> bool:
        """Whether units are or were of the kind on any day."""
        return bool(self._versions(kind))

    def unknown(self, kind: str, on: date) -> UnitKindUnknown:
        """What refuses a kind that there is not on that day."""
        kinds = ", ".join(f"{one.kind} ({one.name})" for one in self.in_force(on))
        return UnitKindUnknown(kind=kind, on=on, kinds=kinds)

    def called(self, kind: str) -> str:
        """What the kind is called, or was at last; its id where it is not seen."""
        versions = self._versions(kind)
        return versions[-1].name if versions else kind

    def in_force(self, on: date) -> list[Kind]:
        """The kinds of which units may be on that day: those of the catalogue, then the others."""
        found = (self.find(kind, on) for kind in {**DEFAULT_KINDS, **self._own})
        return [kind for kind in found if kind is not None]

    def require(self, kind: str, on: date) -> Kind:
        """The kind, of which units may be on that day.

        Raises:
            UnitKindUnknown: naming those of the day.
        """
        found = self.find(kind, on)
        if found is None:
            raise self.unknown(kind, on)
        return found

    def require_names_free(self, kind: str, names: Sequence[str], on: date) -> None:
        """Pass if no other kind bears one of the names on that day.

        Raises:
            UnitKindNameTaken.
        """
        taken = {
            name.casefold(): other.kind
            for other in self.in_force(on)
            if other.kind != kind
            for name in other.names
        }
        for name in names:
            if name.casefold() in taken:
                raise UnitKindNameTaken(kind=taken[name.casefold()], name=name, on=on)
