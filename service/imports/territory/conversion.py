"""Conversion: which unit goes into which from a day on, compared with the units of the day before.

Where one unit alone becomes one, it continues, under its new name and parent. Several that become
one are merged into a new unit; one of which parts go to several is split.
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
from service.imports.layout import Step, Values
from service.imports.sheets import Row, Sheet
from service.imports.territory import findings
from service.imports.territory.layouts import kind_of
from service.imports.territory.plan import Document, Plan, decision_params, step
from service.imports.territory.units import (
    ONE_DAY,
    UnitHistory,
    UnitVersion,
    same_name,
    similar_name,
)

# A successor, as the rows name it: by its day and its code.
Target: TypeAlias = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Transition:
    """A row whose unit is known: the unit goes to the target, under the province."""

    row: Row
    day: date
    old: UnitVersion
    kind: str
    province_id: str

    @property
    def target(self) -> Target:
        return self.day, self.row.values["new_code"]

    @property
    def monitor_continues(self) -> bool:
        """Whether the row says that the unit's monitor continues in the target."""
        return self.row.values.get("monitor_goes_on") is True

    @property
    def successor(self) -> Mapping[str, object]:
        """The successor's name, kind, code and parent."""
        return {
            "name": self.row.values["new_name"],
            "kind": self.kind,
            "code": self.row.values["new_code"],
            "parent_id": self.province_id,
        }


class Conversion:
    """Compares a conversion table with the units of the day before."""

    def __init__(self, sheet: Sheet, history: UnitHistory, act: Document) -> None:
        self._plan = Plan(sheet)
        self._history = history
        self._act = act
        self._converted: set[tuple[date, str]] = set()
        self._successor_ids: dict[Target, str] = {}
        self._provinces: dict[date, set[str | None]] = {}

    def plan(self) -> Plan:
        readable = self._readable()
        rows = self._of_this_ledger(readable)
        transitions = list(self._transitions(list(self._known(rows))))
        sources = Counter((row.values["effective_on"], row.values["new_code"]) for row in readable)
        by_old: dict[tuple[date, str], list[Transition]] = defaultdict(list)
        for transition in transitions:
            by_old[transition.day, transition.old.unit_id].append(transition)
        mergers: dict[Target, list[Transition]] = defaultdict(list)
        splits: list[list[Transition]] = []
        for parts in by_old.values():
            rows_of_unit = [part.row for part in parts]
            contradictions = findings.contradictory_extents(self._plan, rows_of_unit)
            if contradictions:
                for row, finding in zip(rows_of_unit, contradictions, strict=True):
                    self._plan.refuse(row, finding)
            elif len(parts) > 1:
                splits.append(parts)
            else:
                mergers[parts[0].target].append(parts[0])
        all_parts = [part for parts in splits for part in parts]
        self._refuse_second_monitors(mergers, splits)
        for target, merging in mergers.items():
            if sources[target] == 1:
                self._continue(merging[0])
            else:
                self._merge(target, merging, [p for p in all_parts if p.target == target])
        for parts in splits:
            self._split(parts)
        self._report_missing(rows)
        return self._plan

    def _refuse_second_monitors(
        self, mergers: dict[Target, list[Transition]], splits: list[list[Transition]]
    ) -> None:
        """Refuse where several monitors would continue in a successor, or one in several."""
        all_parts = [part for parts in splits for part in parts]
        for target, merging in [*mergers.items()]:
            beside = [part for part in all_parts if part.target == target]
            if self._is_refused([*merging, *beside], merging):
                del mergers[target]
        splits[:] = [parts for parts in splits if not self._is_refused(parts, parts)]

    def _is_refused(self, candidates: Sequence[Transition], refused: Sequence[Transition]) -> bool:
        """Whether the monitors of several candidates continue; the rows in `refused` then are."""
        marked = [candidate.row for candidate in candidates if candidate.monitor_continues]
        if len(marked) < 2:  # noqa: PLR2004  one may
            return False
        for transition in refused:
            row = transition.row
            self._plan.refuse(row, findings.several_continuing_monitors(self._plan, row, marked))
        return True

    def _readable(self) -> list[Row]:
        """The rows that could be parsed and do not repeat others."""
        rows: dict[tuple[object, ...], Row] = {}
        for row in self._plan.sheet.rows():
            if row.findings:
                self._plan.refuse(row, *row.findings)
                continue
            key = tuple(
                row.values[name] for name in ("effective_on", "old_code", "old_name", "new_code")
            )
            if key in rows:
                self._plan.refuse(row, findings.repeated_row(self._plan, row, rows[key].number))
            else:
                rows[key] = row
        return list(rows.values())

    def _of_this_ledger(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of provinces whose communes the ledger holds; one finding for all others."""
        ours: list[Row] = []
        others: list[Row] = []
        for row in rows:
            before: date = row.values["effective_on"] - ONE_DAY
            if before not in self._provinces:
                communes = self._history.communes(before)
                above = (self._history.province(commune, before) for commune in communes)
                self._provinces[before] = {p.code for p in above if p is not None}
            is_ours = row.values["old_province_code"] in self._provinces[before]
            (ours if is_ours else others).append(row)
        for row in others[:1]:
            self._plan.unchanged(row, findings.other_provinces(self._plan, others))
        for row in others[1:]:
            self._plan.unchanged(row)
        return ours

    def _known(self, rows: Sequence[Row]) -> Iterator[tuple[Row, UnitVersion, str]]:
        """The rows whose code is that of the unit they name on the day before; and the new kind."""
        for row in rows:
            day, code = row.values["effective_on"], row.values["old_code"]
            bearers = self._history.with_code(code, day - ONE_DAY, COMMUNE_KINDS)
            if not bearers:
                self._plan.refuse(row, findings.unknown_code(self._plan, row, self._history))
                continue
            old = self._named(row, bearers)
            if old is None:
                self._plan.refuse(
                    row, findings.wrong_code(self._plan, row, bearers[0], self._history)
                )
                continue
            self._converted.add((day, old.unit_id))
            kind = kind_of(row.values["new_name"])
            if kind is None:
                self._plan.refuse(row, findings.unknown_kind(self._plan, row))
                continue
            yield row, old, kind

    def _transitions(self, known: Sequence[tuple[Row, UnitVersion, str]]) -> Iterator[Transition]:
        """The rows whose new province exists on the day; one finding for each other province."""
        lacking: dict[tuple[date, str], list[Row]] = defaultdict(list)
        for row, old, kind in known:
            day, code = row.values["effective_on"], row.values["new_province_code"]
            provinces = self._history.with_code(code, day, (UnitKind.PROVINCE,))
            if len(provinces) == 1:
                yield Transition(row, day, old, kind, provinces[0].unit_id)
            else:
                lacking[day, code].append(row)
        for (day, code), rows in lacking.items():
            provinces = self._history.with_code(code, day, (UnitKind.PROVINCE,))
            self._plan.refuse(rows[0], findings.no_province(self._plan, rows, len(provinces)))
            for row in rows[1:]:
                self._plan.refuse(row)

    def _named(self, row: Row, bearers: Sequence[UnitVersion]) -> UnitVersion | None:
        """Of the units with the code, the one of that name, also in another spelling."""
        name, before = row.values["old_name"], row.values["effective_on"] - ONE_DAY
        exact = next((unit for unit in bearers if same_name(name, unit.name)), None)
        if exact is not None:
            return exact
        for unit in bearers:
            province = self._history.province(unit, before)
            namesakes = (
                other
                for other in self._history.communes(before)
                if same_name(name, other.name) and self._history.province(other, before) == province
            )
            if similar_name(name, unit.name) and next(namesakes, None) is None:
                return unit
        return None

    def _successor(self, transition: Transition) -> tuple[str, Mapping[str, object] | None]:
        """The successor's id; and what it is, if nothing has established it yet."""
        target = transition.target
        day, code = target
        if target in self._successor_ids:
            return self._successor_ids[target], None
        for unit in self._history.with_code(code, day, COMMUNE_KINDS):
            if self._history.established_on(unit.unit_id) == day.isoformat():
                self._successor_ids[target] = unit.unit_id
                return unit.unit_id, None
        unit_id = self._history.new_id(code, day, self._successor_ids.values())
        self._successor_ids[target] = unit_id
        return unit_id, transition.successor

    def _continue(self, transition: Transition) -> None:
        """One unit becomes one: it continues, and what is new of it is recorded."""
        now = self._history.at(transition.old.unit_id, transition.day)
        if now is None:
            self._refuse_changed(transition)
            return
        successor, decision = transition.successor, self._decision(transition)
        steps = [
            step(command, now.unit_id, decision, {name: successor[name]})
            for command, name in (
                (MoveUnit, "parent_id"),
                (RetypeUnit, "kind"),
                (RecodeUnit, "code"),
                (RenameUnit, "name"),
            )
            if getattr(now, name) != successor[name]
            if name != "name" or not same_name(str(successor[name]), now.name)
        ]
        if steps and self._history.changed_after(now.unit_id, transition.day):
            self._refuse_changed(transition)
        else:
            self._change([transition], steps)

    def _merge(
        self, target: Target, all_merging: Sequence[Transition], beside: Sequence[Transition]
    ) -> None:
        """Several become one; those merged before, in an earlier run, stay so."""
        unit_id, new = self._successor(all_merging[0])
        into = frozenset({unit_id})
        merging = [transition for transition in all_merging if self._is_pending([transition], into)]
        if not merging:
            if new is not None:
                del self._successor_ids[target]
            return
        params: dict[str, object] = {"predecessors": [each.old.unit_id for each in merging]}
        if new is not None:
            params["successor"] = new
        monitor_of = self._monitor_of(merging, (*all_merging, *beside))
        if monitor_of is not None and not self._history.is_monitored(unit_id):
            params["monitor_of"] = monitor_of
        self._change(merging, [step(MergeUnits, unit_id, self._decision(all_merging[0]), params)])

    def _monitor_of(
        self, merging: Sequence[Transition], candidates: Sequence[Transition]
    ) -> str | None:
        """The unit whose monitor continues: the one marked, or the only one monitored."""
        marked = [each for each in candidates if each.monitor_continues]
        monitored = [each for each in candidates if self._history.is_monitored(each.old.unit_id)]
        chosen = marked or (monitored if len(monitored) == 1 else [])
        return next((each.old.unit_id for each in chosen if each in merging), None)

    def _split(self, transitions: Sequence[Transition]) -> None:
        """One goes to several. Its monitor is released, unless a row says where to continue."""
        parts: list[dict[str, object]] = []
        for transition in transitions:
            unit_id, new = self._successor(transition)
            parts.append({"unit_id": unit_id} | ({} if new is None else {"successor": new}))
        if not self._is_pending(transitions, frozenset(str(part["unit_id"]) for part in parts)):
            return
        first = transitions[0]
        params: dict[str, object] = {"parts": parts}
        for transition in transitions:
            if transition.monitor_continues:
                params["monitor_goes_on_in"] = self._successor_ids[transition.target]
        split = step(SplitUnit, first.old.unit_id, self._decision(first), params)
        self._change(transitions, [split])

    def _is_pending(self, transitions: Sequence[Transition], into: frozenset[str]) -> bool:
        """Whether the transitions of a unit are to be made; if not, their rows are settled."""
        first = transitions[0]
        unit_id, day = first.old.unit_id, first.day
        ending = self._history.endings.get(unit_id)
        is_made = ending is not None and ending.on == day.isoformat() and ending.into == into
        has_ended = self._history.at(unit_id, day) is None
        is_changed = has_ended or self._history.changed_after(unit_id, day)
        for transition in transitions:
            if is_made:
                self._plan.unchanged(transition.row)
            elif is_changed:
                self._refuse_changed(transition)
        return not is_made and not is_changed

    def _refuse_changed(self, transition: Transition) -> None:
        row = transition.row
        is_ended = self._history.at(transition.old.unit_id, transition.day) is None
        self._plan.refuse(row, findings.changed_since(self._plan, row, ended=is_ended))

    def _decision(self, transition: Transition) -> Values:
        return decision_params(transition.row, "effective_on", self._act)

    def _change(self, transitions: Sequence[Transition], steps: Sequence[Step]) -> None:
        rows = [transition.row for transition in transitions]
        if not steps:
            for row in rows:
                self._plan.unchanged(row)
            return
        is_split = steps[0].command is SplitUnit
        notes = [note for each in transitions for note in self._notes(each, is_split=is_split)]
        self._plan.change(rows, steps, notes)

    def _notes(self, transition: Transition, *, is_split: bool) -> Iterator[Finding]:
        row, old = transition.row, transition.old
        if not same_name(row.values["old_name"], old.name):
            yield findings.other_spelling(self._plan, row, "old_name", old.name)
        if is_split and old.code == row.values["new_code"]:
            unit_id = self._successor_ids[transition.target]
            yield findings.reused_code(self._plan, row, "new_code", old, unit_id)

    def _report_missing(self, rows: Sequence[Row]) -> None:
        """Report the communes of the table's provinces that no row converts and that remain."""
        provinces: dict[date, set[str]] = defaultdict(set)
        for row in rows:
            provinces[row.values["effective_on"]].add(row.values["old_province_code"])
        for day, codes in sorted(provinces.items()):
            for unit in self._history.communes(day - ONE_DAY):
                province = self._history.province(unit, day - ONE_DAY)
                if (
                    province is not None
                    and province.code in codes
                    and (day, unit.unit_id) not in self._converted
                    and self._history.at(unit.unit_id, day) is not None
                ):
                    self._plan.file_findings.append(findings.no_successor(unit, day))
