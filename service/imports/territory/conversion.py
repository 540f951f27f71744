"""Conversion: which unit goes into which from a day on, compared with the units of the day before.

Where one unit alone becomes one, it continues, under its new name and parent. Several that become
one are merged into a new unit; one of which parts go to several is split. A row that names a
district alone is of one without communes: it ends, and what it becomes is a new unit.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from domain.organisation.territory import MoveUnit, RecodeUnit, RenameUnit, RetypeUnit
from domain.organisation.unit_kinds import Kind, Level
from domain.succession.division import SplitUnit
from domain.succession.merger import MergeUnits
from projections.search.vietnamese import words
from service.imports.findings import Finding
from service.imports.layout import Step, without_none
from service.imports.row_importer import RowStatus
from service.imports.sheets import Row, Sheet
from service.imports.territory import findings
from service.imports.territory.comparison import Change, Comparison, Document
from service.imports.territory.kinds import kind_called, kind_of_name, named_with_kind
from service.imports.territory.transitions import Target, Transition, Transitions
from service.imports.territory.units import (
    ONE_DAY,
    Ending,
    UnitHistory,
    UnitVersion,
    same_name,
    similar_name,
)

OF_THE_COMMUNE = ("old_code", "old_name")


class Conversion(Comparison):
    """Compares a conversion table with the units of the day before."""

    DAY = "effective_on"

    def __init__(self, sheet: Sheet, history: UnitHistory, act: Document) -> None:
        super().__init__(sheet, history, act)
        self._of_districts: set[int] = set()
        self._converted: set[tuple[date, str]] = set()
        self._successor_ids: dict[Target, str] = {}

    def compare(self) -> None:
        readable = self._distinct_rows()
        rows = self._of_one_successor(self._of_this_ledger(readable))
        mergers, splits = self._grouped(self._transitions(rows))
        parts = [part for split in splits for part in split]
        beside = {to: [part for part in parts if part.target == to] for to in mergers}
        # A commune has one monitor, and a monitor that goes on does so in one place.
        mergers = {
            target: merging
            for target, merging in mergers.items()
            if not self._has_second_monitor([*merging, *beside[target]], refused=merging)
        }
        splits = [split for split in splits if not self._has_second_monitor(split, refused=split)]
        sources = Counter((row.values["effective_on"], row.values["new_code"]) for row in readable)
        for target, merging in mergers.items():
            if sources[target] == 1 and merging[0].old.level is Level.BASE:
                self._continue(merging[0])
            else:
                self._merge(target, merging, beside[target])
        for split in splits:
            self._split(split)
        self._report_missing(rows)

    def _named_rows(self) -> Iterator[Row]:
        """The rows that name a unit: a commune, or a district where they name no commune."""
        for row in self._parsed_rows():
            values = row.values
            if "old_district_code" in values and not values.keys() & set(OF_THE_COMMUNE):
                code = values["old_district_code"]
                named = {"old_code": code, "old_name": _named(values.get("old_district", code))}
                self._of_districts.add(row.number)
                yield row._replace(values={**values, **named})
            elif not self._lacks(row, OF_THE_COMMUNE):
                yield row

    def _level(self, row: Row) -> Level:
        """The level of the unit that the row names."""
        return Level.DISTRICT if row.number in self._of_districts else Level.BASE

    def _distinct_rows(self) -> list[Row]:
        """The rows that could be parsed and do not repeat others."""
        rows: dict[tuple[object, ...], Row] = {}
        for row in self._named_rows():
            names = ("effective_on", "old_code", "old_name", "new_code")
            first = rows.setdefault(tuple(row.values[name] for name in names), row)
            if first is not row:
                self._refuse(row, "old_code", findings.REPEATED_ROW, first=first.number)
        return list(rows.values())

    def _of_this_ledger(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of provinces whose communes the ledger holds; one finding for all others."""
        asked = {(row.values["effective_on"] - ONE_DAY, self._level(row)) for row in rows}
        held = {(day, level): self._history.province_codes(day, level) for day, level in asked}
        ours: list[Row] = []
        others: list[Row] = []
        for row in rows:
            codes = held[row.values["effective_on"] - ONE_DAY, self._level(row)]
            (ours if row.values["old_province_code"] in codes else others).append(row)
        if others:
            theirs = ", ".join(sorted({row.values["old_province_code"] for row in others}))
            finding = findings.OTHER_PROVINCES.about(rows=len(others), codes=theirs)
            self._settle_alike(others, "unchanged", "old_province_code", finding)
        return ours

    def _of_one_successor(self, rows: Sequence[Row]) -> list[Row]:
        """The rows whose new code is of one unit in all of them; the others are refused."""
        names: dict[Target, dict[object, str]] = defaultdict(dict)
        for row in rows:
            values = row.values
            spelled = (*words(values["new_name"]), values.get("new_kind"))
            shown = f"{values['new_name']} ({values['new_province_code']})"
            target = values["effective_on"], values["new_code"]
            names[target].setdefault((spelled, values["new_province_code"]), shown)
        agreed: list[Row] = []
        for row in rows:
            several = names[row.values["effective_on"], row.values["new_code"]]
            if len(several) == 1:
                agreed.append(row)
                continue
            listed = ", ".join(sorted(several.values()))
            self._refuse(row, "new_code", findings.SEVERAL_SUCCESSORS, names=listed)
        return agreed

    def _settle_alike(
        self, rows: Sequence[Row], status: RowStatus, column: str, finding: Finding
    ) -> None:
        """Settle the rows, and report what they share on the first of them."""
        first, *others = rows
        self._settle(first, status, finding.at(first.number, self.sheet.heading(column)))
        for row in others:
            self._settle(row, status)

    def _transitions(self, rows: Iterable[Row]) -> Iterator[Transition]:
        """The rows whose unit was there the day before, and whose province is there on the day."""
        lacking: dict[tuple[date, str, int], list[Row]] = defaultdict(list)
        for row in rows:
            old = self._old(row)
            if old is None:
                continue
            day, code = row.values["effective_on"], row.values["new_province_code"]
            self._converted.add((day, old.unit_id))
            kind = self._kind(row, self._history.kinds_of_communes(day))
            provinces = self._history.with_code(code, day, Level.PROVINCE)
            if kind is None:
                continue
            if len(provinces) != 1:
                lacking[day, code, len(provinces)].append(row)
            else:
                name = named_with_kind(row.values["new_name"], kind)
                yield Transition(row, day, old, kind.kind, name, provinces[0].unit_id)
        for (day, code, count), alike in lacking.items():
            finding = findings.NO_PROVINCE.about(
                code=code, day=day, count=count, provinces=count or "no", rows=len(alike)
            )
            self._settle_alike(alike, "refused", "new_province_code", finding)

    def _kind(self, row: Row, kinds: Sequence[Kind]) -> Kind | None:
        """The kind of the row's successor, by its column or its name; else the row is refused."""
        name, word = row.values["new_name"], row.values.get("new_kind")
        named = kind_of_name(name, kinds)
        given = None if word is None else kind_called(word, kinds)
        about = {"kinds": ", ".join(kind.name.capitalize() for kind in kinds)}
        if word is not None and given is None:
            day = row.values["effective_on"]
            self._refuse(row, "new_kind", findings.UNKNOWN_TYPE, unit_type=word, day=day, **about)
            return None
        if given is not None and named not in {None, given}:
            other = {"name": name, "kind": given.kind, "vietnamese": given.name}
            self._refuse(row, "new_kind", findings.OTHER_KIND, **other)
            return None
        if given is None and named is None:
            self._refuse(row, "new_name", findings.UNKNOWN_KIND, **about)
        return given or named

    def _old(self, row: Row) -> UnitVersion | None:
        """The unit that has the row's code and name on the day before; else the row is refused."""
        name, code = row.values["old_name"], row.values["old_code"]
        before = row.values["effective_on"] - ONE_DAY
        bearers = self._history.with_code(code, before, self._level(row))
        if not bearers:
            names = ", ".join(sorted({unit.name for unit in self._history.by_code.get(code, [])}))
            finding = findings.CODE_OF_OTHER_DAYS if names else findings.UNKNOWN_CODE
            self._refuse(row, "old_code", finding, before=before, bearers=names)
            return None
        for unit in bearers:
            if unit.level is Level.DISTRICT and self._history.has_communes(unit.unit_id, before):
                self._refuse(row, "old_code", findings.HAS_COMMUNES, before=before)
                return None
            if same_name(name, unit.name):
                return unit
        for unit in bearers:
            if similar_name(name, unit.name) and not self._history.namesakes(name, unit, before):
                return unit
        namesakes = self._history.namesakes(name, bearers[0], before)
        codes = ", ".join(sorted(unit.code or "-" for unit in namesakes))
        mend = findings.NAMED_UNDER if namesakes else findings.CORRECT_CODE
        finding = findings.WRONG_CODE._replace(mend=mend)
        self._refuse(row, "old_code", finding, known=bearers[0], before=before, codes=codes)
        return None

    def _grouped(
        self, transitions: Iterable[Transition]
    ) -> tuple[dict[Target, list[Transition]], list[list[Transition]]]:
        """The units that go whole, by what they go to, and the parts of each that is split."""
        by_old: dict[tuple[date, str], list[Transition]] = defaultdict(list)
        for transition in transitions:
            by_old[transition.day, transition.old.unit_id].append(transition)
        mergers: dict[Target, list[Transition]] = defaultdict(list)
        splits: list[list[Transition]] = []
        for parts in by_old.values():
            extents = [part.row.values.get("merge_note") for part in parts]
            if extents == ["part"]:
                self._refuse(parts[0].row, "merge_note", findings.REST_NOT_TOLD)
            elif len(parts) == 1:
                mergers[parts[0].target].append(parts[0])
            elif "whole" in extents:
                self._refuse_together(parts, "merge_note", findings.WHOLE_IN_PARTS, parts)
            else:
                splits.append(parts)
        return mergers, splits

    def _has_second_monitor(self, candidates: Transitions, refused: Transitions) -> bool:
        """Whether the monitors of several candidates continue; the rows in `refused` then are."""
        marked = [candidate for candidate in candidates if candidate.monitor_continues]
        if len(marked) < 2:  # noqa: PLR2004  one may
            return False
        self._refuse_together(refused, "monitor_goes_on", findings.SEVERAL_MONITORS, marked)
        return True

    def _refuse_together(
        self, refused: Transitions, column: str, finding: Finding, because_of: Transitions
    ) -> None:
        """Refuse rows because of those that contradict one another."""
        numbers = ", ".join(str(each.row.number) for each in because_of)
        for each in refused:
            self._refuse(each.row, column, finding, numbers=numbers)

    def _successor(self, transition: Transition) -> tuple[str, Mapping[str, object] | None]:
        """The successor's id; and what it is, if nothing has established it yet."""
        target = transition.target
        day, code = target
        if target in self._successor_ids:
            return self._successor_ids[target], None
        for unit in self._history.with_code(code, day, Level.BASE):
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
        successor = transition.successor
        steps = [
            self._step(command, now.unit_id, transition.row, {name: successor[name]})
            for command, name in (
                (MoveUnit, "parent_id"),
                (RetypeUnit, "kind"),
                (RecodeUnit, "code"),
                (RenameUnit, "name"),
            )
            if getattr(now, name) != successor[name]
            if name != "name" or not same_name(str(successor[name]), now.name)
        ]
        if not steps:
            self._settle(transition.row, "unchanged")
        elif self._history.changed_after(now.unit_id, transition.day):
            self._refuse_changed(transition)
        else:
            self._change([transition], *steps)

    def _merge(self, target: Target, all_merging: Transitions, beside: Transitions) -> None:
        """Several become one; those merged before, in an earlier run, stay so."""
        unit_id, new = self._successor(all_merging[0])
        merging = [
            transition for transition in all_merging if self._is_pending([transition], {unit_id})
        ]
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
        self._change(merging, self._step(MergeUnits, unit_id, all_merging[0].row, params))

    def _monitor_of(self, merging: Transitions, candidates: Transitions) -> str | None:
        """The unit whose monitor continues: the one marked, or the only one monitored."""
        marked = [each for each in candidates if each.monitor_continues]
        monitored = [each for each in candidates if self._history.is_monitored(each.old.unit_id)]
        chosen = marked or (monitored if len(monitored) == 1 else [])
        return next((each.old.unit_id for each in chosen if each in merging), None)

    def _split(self, transitions: Transitions) -> None:
        """One goes to several. Its monitor is released, unless a row says where to continue."""
        first = transitions[0]
        parts: list[dict[str, object]] = []
        params: dict[str, object] = {"parts": parts}
        into: set[str] = set()
        reused: list[Finding] = []
        for each in transitions:
            unit_id, new = self._successor(each)
            into.add(unit_id)
            parts.append(without_none(unit_id=unit_id, successor=new))
            if each.monitor_continues:
                params["monitor_goes_on_in"] = unit_id
            if each.old.code == each.row.values["new_code"]:
                about = {"before": each.old, "unit_id": unit_id}
                reused.append(self._on(each.row, "new_code", findings.REUSED_CODE, **about))
        if self._is_pending(transitions, into):
            split = self._step(SplitUnit, first.old.unit_id, first.row, params)
            self._change(transitions, split, notes=reused)

    def _is_pending(self, transitions: Transitions, into: set[str]) -> bool:
        """Whether the transitions of a unit are to be made; if not, their rows are settled."""
        unit_id, day = transitions[0].old.unit_id, transitions[0].day
        if self._history.endings.get(unit_id) == Ending(day.isoformat(), into):
            for transition in transitions:
                self._settle(transition.row, "unchanged")
            return False
        has_ended = self._history.at(unit_id, day) is None
        if has_ended or self._history.changed_after(unit_id, day):
            for transition in transitions:
                self._refuse_changed(transition)
            return False
        return True

    def _refuse_changed(self, transition: Transition) -> None:
        has_ended = self._history.at(transition.old.unit_id, transition.day) is None
        finding = findings.WENT_ELSEWHERE if has_ended else findings.CHANGED_SINCE
        self._refuse(transition.row, "old_code", finding)

    def _change(
        self, transitions: Transitions, *steps: Step, notes: Iterable[Finding] = ()
    ) -> None:
        spellings = [
            self._on(each.row, "old_name", findings.OTHER_SPELLING, name=each.old.name)
            for each in transitions
            if not same_name(each.row.values["old_name"], each.old.name)
        ]
        rows = [transition.row for transition in transitions]
        self.changes.append(Change(rows, steps, [*spellings, *notes]))

    def _report_missing(self, rows: Sequence[Row]) -> None:
        """Report the communes of the table's provinces that no row converts and that remain."""
        provinces: dict[date, set[str]] = defaultdict(set)
        for row in rows:
            provinces[row.values["effective_on"]].add(row.values["old_province_code"])
        for day, codes in sorted(provinces.items()):
            for unit in self._history.communes_of(codes, day - ONE_DAY):
                is_converted = (day, unit.unit_id) in self._converted
                if not is_converted and self._history.at(unit.unit_id, day) is not None:
                    self.file_findings.append(findings.NO_SUCCESSOR.about(unit=unit, day=day))


def _named(district: str) -> str:
    """The district's name without the code that the official table puts behind it."""
    return re.sub(r"\s*\([0-9]+\)$", "", district)
