"""Conversion: which unit goes into which from a day on, compared with the places before it.

Where one unit alone becomes one, it goes on, under its new name and parent. Several that become one
are merged into a new unit; one of which parts go to several is split.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from domain.organisation.events import COMMUNE_KINDS, UnitKind
from domain.organisation.territory import MoveUnit, RecodeUnit, RenameUnit, RetypeUnit
from domain.succession.division import SplitUnit
from domain.succession.merger import MergeUnits
from service.imports.findings import Finding
from service.imports.layout import Step
from service.imports.sheets import Row, Sheet
from service.imports.territory import findings as faults
from service.imports.territory.layouts import kind_of
from service.imports.territory.plan import Deed, Plan, document, step
from service.imports.territory.unit_list import reused, spelled
from service.imports.territory.units import ONE_DAY, Place, Places, alike, same

Document: TypeAlias = Mapping[str, object] | None
# A successor, as the rows name it: by its day and its code.
Target: TypeAlias = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Way:
    """A row whose unit is known: it goes to the target, under the province."""

    row: Row
    day: date
    old: Place
    kind: str
    province_id: str

    @property
    def target(self) -> Target:
        return self.day, self.row.values["new_code"]

    @property
    def monitor_goes_on(self) -> bool:
        """Whether the row says that the unit's monitor goes on in the target."""
        return self.row.values.get("monitor_goes_on") is True

    @property
    def said(self) -> Mapping[str, object]:
        """What the successor is called, and where it belongs."""
        return {
            "name": self.row.values["new_name"],
            "kind": self.kind,
            "code": self.row.values["new_code"],
            "parent_id": self.province_id,
        }


class Conversion:
    """Compares a conversion table with the places of the day before."""

    def __init__(self, sheet: Sheet, places: Places, act: Document) -> None:
        self._plan = Plan(sheet)
        self._places = places
        self._act = act
        self._mentioned: set[tuple[date, str]] = set()
        self._made: dict[Target, str] = {}
        self._held: dict[date, set[str | None]] = {}

    def plan(self) -> Plan:
        rows = self._readable()
        held = self._of_this_ledger(rows)
        ways = list(self._ways(list(self._known(held))))
        sources = Counter((row.values["effective_on"], row.values["new_code"]) for row in rows)
        by_old: dict[tuple[date, str], list[Way]] = defaultdict(list)
        for way in ways:
            by_old[way.day, way.old.unit_id].append(way)
        whole: dict[Target, list[Way]] = defaultdict(list)
        divided: list[list[Way]] = []
        for together in by_old.values():
            fault = faults.of_extents(self._plan, [way.row for way in together])
            if fault:
                for way in together:
                    self._plan.refuse(way.row, *(f for f in fault if f.row == way.row.number))
            elif len(together) > 1:
                divided.append(together)
            else:
                whole[together[0].target].append(together[0])
        parts = [way for together in divided for way in together]
        self._refuse_second_monitors(whole, divided)
        for target, merging in whole.items():
            beside = [way for way in parts if way.target == target]
            if sources[target] == 1:
                self._go_on(merging[0])
            else:
                self._merge(target, merging, beside)
        for together in divided:
            self._divide(together)
        self._tell_of_missing(held)
        return self._plan

    def _refuse_second_monitors(
        self, whole: dict[Target, list[Way]], divided: list[list[Way]]
    ) -> None:
        """One monitor goes on in a successor, and from a unit in one successor: else all wait."""
        parts = [way for together in divided for way in together]
        for target, merging in [*whole.items()]:
            if self._refused([*merging, *(w for w in parts if w.target == target)], merging):
                del whole[target]
        divided[:] = [together for together in divided if not self._refused(together, together)]

    def _refused(self, ways: Sequence[Way], all_of: Sequence[Way]) -> bool:
        """Whether several of the ways say that their monitor goes on; all are then refused."""
        marked = [way.row for way in ways if way.monitor_goes_on]
        if len(marked) < 2:  # noqa: PLR2004  one may
            return False
        for way in all_of:
            self._plan.refuse(way.row, faults.several_go_on(self._plan, way.row, marked))
        return True

    def _readable(self) -> list[Row]:
        """The rows that can be read and do not repeat others."""
        found: dict[tuple[object, ...], Row] = {}
        for row in self._plan.sheet.rows():
            if row.findings:
                self._plan.refuse(row, *row.findings)
                continue
            named = tuple(
                row.values[name] for name in ("effective_on", "old_code", "old_name", "new_code")
            )
            if named in found:
                self._plan.refuse(row, faults.repeated(self._plan, row, found[named].number))
            else:
                found[named] = row
        return list(found.values())

    def _of_this_ledger(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of provinces whose communes the ledger holds; of the others it is said once."""
        held: list[Row] = []
        others: list[Row] = []
        for row in rows:
            before: date = row.values["effective_on"] - ONE_DAY
            if before not in self._held:
                above = (self._places.province(c, before) for c in self._places.communes(before))
                self._held[before] = {p.code for p in above if p is not None}
            of_ours = row.values["old_province_code"] in self._held[before]
            (held if of_ours else others).append(row)
        if others:
            told = [faults.of_other_provinces(self._plan, others), *[None] * (len(others) - 1)]
            for row, finding in zip(others, told, strict=True):
                self._plan.unchanged(row, *(() if finding is None else (finding,)))
        return held

    def _known(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Place, str]]:
        """The rows whose code is that of the unit they name on the day before; and the new kind."""
        for row in rows:
            day, code = row.values["effective_on"], row.values["old_code"]
            found = self._places.coded(code, day - ONE_DAY, COMMUNE_KINDS)
            if not found:
                self._plan.refuse(row, faults.unknown_code(self._plan, row, self._places))
                continue
            old = self._named(row, found)
            if old is None:
                self._plan.refuse(row, faults.wrong_code(self._plan, row, found[0], self._places))
                continue
            self._mentioned.add((day, old.unit_id))
            kind = kind_of(row.values["new_name"])
            if kind is None:
                self._plan.refuse(row, faults.no_kind(self._plan, row))
                continue
            yield row, old, kind

    def _ways(self, known: Sequence[tuple[Row, Place, str]]) -> Iterator[Way]:
        """The rows whose new province exists on the day; of each other, it is told once."""
        lacking: dict[tuple[date, str], list[Row]] = defaultdict(list)
        for row, old, kind in known:
            day, code = row.values["effective_on"], row.values["new_province_code"]
            found = self._places.coded(code, day, (UnitKind.PROVINCE,))
            if len(found) == 1:
                yield Way(row, day, old, kind, found[0].unit_id)
            else:
                lacking[day, code].append(row)
        for (day, code), rows in lacking.items():
            found = self._places.coded(code, day, (UnitKind.PROVINCE,))
            self._plan.refuse(rows[0], faults.no_province(self._plan, rows, len(found)))
            for row in rows[1:]:
                self._plan.refuse(row)

    def _named(self, row: Row, found: Sequence[Place]) -> Place | None:
        """Of the units under the code, the one of that name, also in another spelling."""
        name, before = row.values["old_name"], row.values["effective_on"] - ONE_DAY
        exactly = [place for place in found if same(name, place.name)]
        if exactly:
            return exactly[0]
        for place in found:
            province = self._places.province(place, before)
            others = (
                other
                for other in self._places.communes(before)
                if same(name, other.name) and self._places.province(other, before) == province
            )
            if alike(name, place.name) and next(others, None) is None:
                return place
        return None

    def _successor(self, way: Way) -> tuple[str, Mapping[str, object] | None]:
        """The successor's id; and what it is called, if nothing has made it yet."""
        target = way.target
        if target in self._made:
            return self._made[target], None
        for place in self._places.coded(way.row.values["new_code"], way.day, COMMUNE_KINDS):
            if self._places.established(place.unit_id) == way.day.isoformat():
                self._made[target] = place.unit_id
                return place.unit_id, None
        unit_id = self._places.free_id(target[1], way.day, self._made.values())
        self._made[target] = unit_id
        return unit_id, way.said

    def _go_on(self, way: Way) -> None:
        """One unit becomes one: it goes on, under what is new of it."""
        now = self._places.at(way.old.unit_id, way.day)
        if now is None:
            self._plan.refuse(way.row, faults.changed(self._plan, way.row, ended=True))
            return
        said = way.said
        steps = [
            step(command, now.unit_id, self._cited(way), {name: said[name]})
            for command, name in (
                (MoveUnit, "parent_id"),
                (RetypeUnit, "kind"),
                (RecodeUnit, "code"),
                (RenameUnit, "name"),
            )
            if getattr(now, name) != said[name]
            if name != "name" or not same(str(said[name]), now.name)
        ]
        if steps and self._places.changed_after(now.unit_id, way.day):
            self._plan.refuse(way.row, faults.changed(self._plan, way.row, ended=False))
        else:
            self._do([way], steps)

    def _merge(self, target: Target, ways: Sequence[Way], beside: Sequence[Way]) -> None:
        """Several become one; those merged before, in an earlier run, stay so."""
        unit_id, new = self._successor(ways[0])
        merging = [way for way in ways if self._still_there(way, unit_id)]
        if not merging:
            if new is not None:
                del self._made[target]
            return
        ids = [way.old.unit_id for way in merging]
        said: dict[str, object] = {"predecessors": ids}
        if new is not None:
            said["successor"] = new
        goes_on = self._monitor_of(merging, (*ways, *beside))
        if goes_on is not None and not self._places.monitored(unit_id):
            said["monitor_of"] = goes_on
        self._do(merging, [step(MergeUnits, unit_id, self._cited(ways[0]), said)])

    def _monitor_of(self, merging: Sequence[Way], ways: Sequence[Way]) -> str | None:
        """Of which unit the monitor goes on: of the one marked, or of the only one monitored."""
        marked = [way for way in ways if way.monitor_goes_on]
        monitored = [way for way in ways if self._places.monitored(way.old.unit_id)]
        chosen = marked or (monitored if len(monitored) == 1 else [])
        return next((way.old.unit_id for way in chosen if way in merging), None)

    def _divide(self, ways: Sequence[Way]) -> None:
        """One goes to several. Its monitor is released, unless a row says where to go on."""
        parts: list[dict[str, object]] = []
        for way in ways:
            unit_id, new = self._successor(way)
            parts.append({"unit_id": unit_id} | ({} if new is None else {"successor": new}))
        into = frozenset(str(part["unit_id"]) for part in parts)
        first = ways[0]
        ending = self._places.endings.get(first.old.unit_id)
        if ending is not None and ending.on == first.day.isoformat() and ending.into == into:
            for way in ways:
                self._plan.unchanged(way.row)
        elif self._ended(first) or self._places.changed_after(first.old.unit_id, first.day):
            for way in ways:
                self._plan.refuse(
                    way.row, faults.changed(self._plan, way.row, ended=self._ended(way))
                )
        else:
            said: dict[str, object] = {"parts": parts}
            for way in ways:
                if way.monitor_goes_on:
                    said["monitor_goes_on_in"] = self._made[way.target]
            self._do(ways, [step(SplitUnit, first.old.unit_id, self._cited(first), said)])

    def _still_there(self, way: Way, unit_id: str) -> bool:
        """Whether the unit is still to be merged; if not, the row is told of."""
        ending = self._places.endings.get(way.old.unit_id)
        if ending is not None and ending.on == way.day.isoformat() and ending.into == {unit_id}:
            self._plan.unchanged(way.row)
        elif self._ended(way) or self._places.changed_after(way.old.unit_id, way.day):
            self._plan.refuse(way.row, faults.changed(self._plan, way.row, ended=self._ended(way)))
        else:
            return True
        return False

    def _ended(self, way: Way) -> bool:
        return self._places.at(way.old.unit_id, way.day) is None

    def _cited(self, way: Way) -> Mapping[str, object]:
        return {"effective_on": way.day, "basis": document(way.row, self._act)}

    def _do(self, ways: Sequence[Way], steps: Sequence[Step]) -> None:
        if not steps:
            for way in ways:
                self._plan.unchanged(way.row)
            return
        notes = [note for way in ways for note in self._notes(way, steps)]
        self._plan.deeds.append(Deed(tuple(way.row for way in ways), tuple(steps), tuple(notes)))

    def _notes(self, way: Way, steps: Sequence[Step]) -> Iterator[Finding]:
        if not same(way.row.values["old_name"], way.old.name):
            yield spelled(self._plan, way.row, "old_name", way.old.name)
        divided = steps[0].command is SplitUnit
        if divided and way.old.code == way.row.values["new_code"]:
            yield reused(self._plan, way.row, "new_code", way.old, self._made[way.target])

    def _tell_of_missing(self, rows: Sequence[Row]) -> None:
        """Communes of the provinces named that go on nowhere, and are on record on the day."""
        for day in sorted({row.values["effective_on"] for row in rows}):
            named = {
                row.values["old_province_code"] for row in rows if row.values["effective_on"] == day
            }
            for place in self._places.communes(day - ONE_DAY):
                province = self._places.province(place, day - ONE_DAY)
                left_out = (
                    province is not None
                    and province.code in named
                    and (day, place.unit_id) not in self._mentioned
                    and self._places.at(place.unit_id, day) is not None
                )
                if left_out:
                    self._plan.last.append(faults.no_successor(place, day))
