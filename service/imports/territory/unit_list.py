"""Unit list: the units that exist on a day; those that the ledger lacks are established.

A list tells what there is, not what happened: where a code is another unit's on record, the row is
refused, for it names neither the act nor the day by which the one became the other.
"""

from datetime import date

from domain.organisation.events import COMMUNE_KINDS, UnitKind
from domain.organisation.territory import MoveUnit
from domain.organisation.units import EstablishUnit
from service.imports.findings import Finding, Message
from service.imports.layout import Step, Values, without_none
from service.imports.sheets import Row, Sheet
from service.imports.territory.findings import other_spelling, reused_code
from service.imports.territory.layouts import vietnamese
from service.imports.territory.plan import Document, Plan, decision_params, step
from service.imports.territory.units import UnitHistory, UnitVersion, same_name, similar_name

FROM_LIST_TO_ACT = Message(
    "record what happened by its verbs (rename, retype, move, merge), or send a conversion table",
    "ghi việc đã xảy ra bằng thao tác riêng (đổi tên, đổi loại, chuyển, nhập), hoặc gửi bảng "
    "chuyển đổi",
)


class UnitList:
    """Compares a list with the units of its day."""

    def __init__(self, sheet: Sheet, history: UnitHistory, act: Document) -> None:
        self._plan = Plan(sheet)
        self._history = history
        self._act = act
        self._row_numbers: dict[str, int] = {}
        self._superior_ids: dict[tuple[UnitKind, str], str] = {}

    def plan(self) -> Plan:
        communes: dict[date, set[str]] = {}
        provinces: dict[date, set[str]] = {}
        for row in self._plan.sheet.rows():
            if row.findings:
                self._plan.refuse(row, *row.findings)
                continue
            day: date = row.values["valid_asof"]
            communes.setdefault(day, set()).add(row.values["unit_code"])
            provinces.setdefault(day, set()).add(row.values["province_code"])
            self._compare(row, day)
        for day, codes in communes.items():
            self._report_missing(day, codes, provinces[day])
        return self._plan

    def _compare(self, row: Row, day: date) -> None:
        code = row.values["unit_code"]
        if code in self._row_numbers:
            self._plan.refuse(row, self._repeated_code(row, self._row_numbers[code]))
            return
        self._row_numbers[code] = row.number
        steps: list[Step] = []
        parent_id = self._parent(row, day, steps)
        known = self._history.with_code(code, day, COMMUNE_KINDS)
        if not known:
            self._establish(row, day, parent_id, steps)
            return
        difference = self._difference(row, known[0], parent_id)
        if difference is not None:
            self._plan.refuse(row, difference)
            if steps:  # The units above this one are also above others.
                self._plan.change((), steps)
        elif steps:
            self._plan.change((row,), steps)
        else:
            self._plan.unchanged(row, *self._spelling(row, known[0]))

    def _establish(self, row: Row, day: date, parent_id: str, steps: list[Step]) -> None:
        values, code = row.values, row.values["unit_code"]
        unit_id = self._history.new_id(code, day)
        new = self._new(
            row, unit_id, values["unit_type"], code, name=values["unit_name"], parent_id=parent_id
        )
        former = {unit.unit_id: unit for unit in self._history.by_code.get(code, [])}
        notes = [
            reused_code(self._plan, row, "unit_code", unit, unit_id) for unit in former.values()
        ]
        self._plan.change((row,), [*steps, new], notes)

    def _parent(self, row: Row, day: date, steps: list[Step]) -> str:
        """The id of the district, or else of the province, in the row; `steps` establish it."""
        province = self._superior(row, day, UnitKind.PROVINCE, None, steps)
        if "district_code" not in row.values:
            return province
        return self._superior(row, day, UnitKind.DISTRICT, province, steps)

    def _superior(
        self, row: Row, day: date, kind: UnitKind, parent_id: str | None, steps: list[Step]
    ) -> str:
        code: str = row.values[f"{kind.value}_code"]
        if (kind, code) in self._superior_ids:
            return self._superior_ids[kind, code]
        known = self._history.with_code(code, day, (kind,))
        unit_id = known[0].unit_id if known else self._history.new_id(code, day)
        self._superior_ids[kind, code] = unit_id
        if not known:
            name = row.values.get(f"{kind.value}_name") or code
            steps.append(self._new(row, unit_id, kind, code, name=name, parent_id=parent_id))
        elif parent_id is not None and known[0].parent_id != parent_id:
            steps.append(step(MoveUnit, unit_id, self._decision(row), {"parent_id": parent_id}))
        return unit_id

    def _new(self, row: Row, unit_id: str, kind: str, code: str, **more: object) -> Step:
        params = without_none(unit_id=unit_id, kind=kind, code=code, **more)
        return step(EstablishUnit, unit_id, self._decision(row), params)

    def _decision(self, row: Row) -> Values:
        return decision_params(row, "valid_asof", self._act)

    def _difference(self, row: Row, known: UnitVersion, parent_id: str) -> Finding | None:
        """The finding that the code is on record for a unit of another name, kind or parent."""
        values = row.values
        differing = [
            column
            for column, differs in (
                ("unit_name", not similar_name(values["unit_name"], known.name)),
                ("unit_type", values["unit_type"] != known.kind),
                ("district_code", parent_id != known.parent_id),
            )
            if differs
        ]
        if not differing:
            return None
        column = differing[0]
        above = self._history.at(known.parent_id, values["valid_asof"])
        under = "" if above is None else f", {above.name}"
        district = values.get("district_name", values["province_name"])
        what = Message(
            f"the code {known.code} is on record for {known.name} ({known.kind}{under}), and the "
            f"list gives it to {values['unit_name']} ({values['unit_type']}, {district})",
            f"mã {known.code} đang ghi cho {known.name} ({vietnamese(known.kind)}{under}), danh "
            f"sách ghi cho {values['unit_name']} ({vietnamese(values['unit_type'])}, {district})",
        )
        heading = column if column in self._plan.sheet.headings else "unit_code"
        return self._plan.finding(row, heading, what, FROM_LIST_TO_ACT)

    def _spelling(self, row: Row, known: UnitVersion) -> list[Finding]:
        if same_name(row.values["unit_name"], known.name):
            return []
        return [other_spelling(self._plan, row, "unit_name", known.name)]

    def _repeated_code(self, row: Row, first: int) -> Finding:
        return self._plan.finding(
            row,
            "unit_code",
            Message(f"row {first} has this code, too", f"hàng {first} cũng có mã này"),
            Message("give each unit its own code", "mỗi đơn vị một mã riêng"),
        )

    def _report_missing(self, day: date, codes: set[str], provinces: set[str]) -> None:
        """Report the communes on record that the list of their province does not have."""
        for unit in self._history.communes(day):
            province = self._history.province(unit, day)
            if province is None or province.code not in provinces or unit.code in codes:
                continue
            what = Message(
                f"{unit.name} ({unit.code}) is on record on {day} and not in the list",
                f"{unit.name} ({unit.code}) có trong sổ vào ngày {day} nhưng không có trong "
                "danh sách",
            )
            self._plan.file_findings.append(Finding(0, None, what, FROM_LIST_TO_ACT))
