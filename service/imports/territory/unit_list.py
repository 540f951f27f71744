"""Unit list: the units that exist on a day; those that the ledger lacks are established.

A list tells what there is, not what happened: where a code is another unit's on record, the row is
refused, for it names neither the act nor the day by which the one became the other. A row that
names a district alone is of one without communes.
"""

from collections import defaultdict
from datetime import date

from domain.organisation.territory import MoveUnit
from domain.organisation.unit_kinds import Level
from domain.organisation.units import EstablishUnit
from projections.search.vietnamese import Word, words
from service.imports.layout import Step, without_none
from service.imports.sheets import Row, Sheet
from service.imports.territory import findings
from service.imports.territory.comparison import Change, Comparison, Document
from service.imports.territory.kinds import kind_called, kind_of_name
from service.imports.territory.units import UnitHistory, UnitVersion, same_name, similar_name

OF_THE_COMMUNE = ("unit_code", "unit_name", "unit_type")


class UnitList(Comparison):
    """Compares a list with the units of its day."""

    DAY = "valid_asof"

    def __init__(self, sheet: Sheet, history: UnitHistory, act: Document) -> None:
        super().__init__(sheet, history, act)
        self._rows_by_code: dict[str, Row] = {}
        self._rows_by_name: dict[tuple[str, tuple[Word, ...]], Row] = {}
        self._superior_ids: dict[tuple[Level, str], str] = {}

    def compare(self) -> None:
        provinces: dict[date, set[str]] = defaultdict(set)
        communes: dict[date, set[str]] = defaultdict(set)
        for row in sorted(self._parsed_rows(), key=lambda row: row.values["valid_asof"]):
            day: date = row.values["valid_asof"]
            provinces[day].add(row.values["province_code"])
            if "district_code" in row.values and not row.values.keys() & set(OF_THE_COMMUNE):
                self._compare_district(row, day)
            elif not self._lacks(row, OF_THE_COMMUNE):
                communes[day].add(row.values["unit_code"])
                self._compare(row, day)
        for day, codes in provinces.items():
            for unit in self._history.communes_of(codes, day):
                if unit.code not in communes[day]:
                    self.file_findings.append(findings.NOT_LISTED.about(unit=unit, day=day))

    def _compare_district(self, row: Row, day: date) -> None:
        """A district without communes, or one whose communes have rows of their own."""
        steps: list[Step] = []
        self._parent(row, day, steps)
        if steps:
            self.changes.append(Change((row,), steps))
        else:
            self._settle(row, "unchanged")

    def _compare(self, row: Row, day: date) -> None:
        kinds = self._history.kinds_of_communes(day)
        kind = kind_called(row.values["unit_type"], kinds)
        if kind is None:
            listed = ", ".join(kind.name for kind in kinds)
            self._refuse(row, "unit_type", findings.UNKNOWN_TYPE, kinds=listed, day=day)
            return
        row = row._replace(values={**row.values, "unit_type": kind.kind})
        code = row.values["unit_code"]
        first = self._rows_by_code.setdefault(code, row)
        if first is not row:
            self._compare_with(first, row)
            return
        named = kind_of_name(row.values["unit_name"], kinds)
        if named not in {None, kind}:
            about = {"name": row.values["unit_name"], "vietnamese": kind.name}
            self._refuse(row, "unit_type", findings.OTHER_KIND, kind=kind.kind, **about)
            return
        steps: list[Step] = []
        parent_id = self._parent(row, day, steps)
        known = next(iter(self._history.with_code(code, day, Level.BASE)), None)
        if known is None:
            self._establish(row, day, parent_id, steps)
        elif column := self._differing(row, known, parent_id):
            self._refuse_other_unit(row, column, known)
            if steps:  # The units above this one are also above others.
                self.changes.append(Change((), steps))
        elif steps:
            self.changes.append(Change((row,), steps))
        elif same_name(row.values["unit_name"], known.name):
            self._settle(row, "unchanged")
        else:
            spelling = self._on(row, "unit_name", findings.OTHER_SPELLING, name=known.name)
            self._settle(row, "unchanged", spelling)

    def _compare_with(self, first: Row, row: Row) -> None:
        """Settle a row whose code an earlier one has: of another day, it may tell the same unit."""
        alike = ("unit_type", "district_code", "province_code")
        about = {"first": first.number, "before": first.values["valid_asof"]}
        if first.values["valid_asof"] == row.values["valid_asof"]:
            self._refuse(row, "unit_code", findings.REPEATED_CODE, **about)
        elif same_name(first.values["unit_name"], row.values["unit_name"]) and all(
            first.values.get(name) == row.values.get(name) for name in alike
        ):
            self._settle(row, "unchanged")
        else:
            self._refuse(row, "unit_code", findings.CHANGED_BETWEEN, **about)

    def _establish(self, row: Row, day: date, parent_id: str, steps: list[Step]) -> None:
        values, code = row.values, row.values["unit_code"]
        unit_id = self._history.new_id(code, day)
        kind, name = values["unit_type"], values["unit_name"]
        new = self._new(row, unit_id, kind, code, name=name, parent_id=parent_id)
        former = {unit.unit_id: unit for unit in self._history.by_code.get(code, [])}
        notes = [
            self._on(row, "unit_code", findings.REUSED_CODE, before=unit, unit_id=unit_id)
            for unit in former.values()
        ]
        first = self._rows_by_name.setdefault((parent_id, tuple(words(name))), row)
        if first is not row:
            about = {"first": first.number, "other": first.values["unit_code"]}
            notes.append(self._on(row, "unit_name", findings.SAME_COMMUNE, **about))
        self.changes.append(Change((row,), [*steps, new], notes))

    def _parent(self, row: Row, day: date, steps: list[Step]) -> str:
        """The id of the district, or else of the province, in the row; `steps` establish it."""
        province = self._superior(row, day, Level.PROVINCE, None, steps)
        if "district_code" not in row.values:
            return province
        return self._superior(row, day, Level.DISTRICT, province, steps)

    def _superior(
        self, row: Row, day: date, level: Level, parent_id: str | None, steps: list[Step]
    ) -> str:
        code: str = row.values[f"{level.value}_code"]
        if (level, code) in self._superior_ids:
            return self._superior_ids[level, code]
        known = self._history.with_code(code, day, level)
        unit_id = known[0].unit_id if known else self._history.new_id(code, day)
        self._superior_ids[level, code] = unit_id
        if not known:
            name = row.values.get(f"{level.value}_name") or code
            new = self._new(row, unit_id, level.value, code, name=name, parent_id=parent_id)
            steps.append(new)
        elif parent_id is not None and known[0].parent_id != parent_id:
            steps.append(self._step(MoveUnit, unit_id, row, {"parent_id": parent_id}))
        return unit_id

    def _new(self, row: Row, unit_id: str, kind: str, code: str, **more: object) -> Step:
        params = without_none(unit_id=unit_id, kind=kind, code=code, **more)
        return self._step(EstablishUnit, unit_id, row, params)

    def _differing(self, row: Row, known: UnitVersion, parent_id: str) -> str | None:
        """The column in which the row gives the code to a unit of another name, kind or parent."""
        if not similar_name(row.values["unit_name"], known.name):
            return "unit_name"
        if row.values["unit_type"] != known.kind:
            return "unit_type"
        return None if parent_id == known.parent_id else "district_code"

    def _refuse_other_unit(self, row: Row, column: str, known: UnitVersion) -> None:
        values = row.values
        above = self._history.at(known.parent_id, values["valid_asof"])
        self._refuse(
            row,
            column if column in self.sheet.headings else "unit_code",
            findings.OTHER_UNIT,
            known=known,
            under="" if above is None else f", {above.name}",
            known_type=self._history.kinds.called(known.kind),
            listed_type=self._history.kinds.called(values["unit_type"]),
            district=values.get("district_name", values["province_name"]),
        )
