"""Unit list: the units that exist on a day; what the ledger lacks is established.

A list tells what there is, not what happened: where a code is another unit's on record, the row is
not taken, for it names neither the act nor the day by which the one became the other.
"""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from domain.organisation.events import COMMUNE_KINDS, UnitKind
from domain.organisation.territory import MoveUnit
from domain.organisation.units import EstablishUnit
from service.imports.findings import Finding, Words
from service.imports.layout import Step
from service.imports.sheets import Row, Sheet
from service.imports.territory.layouts import in_words
from service.imports.territory.plan import Deed, Plan, document, step
from service.imports.territory.units import Place, Places, alike, same

Document: TypeAlias = Mapping[str, object] | None

FROM_LIST_TO_ACT = Words(
    "record what happened by its verbs (rename, retype, move, merge), or send a conversion table",
    "ghi việc đã xảy ra bằng thao tác riêng (đổi tên, đổi loại, chuyển, nhập), hoặc gửi bảng "
    "chuyển đổi",
)


class UnitList:
    """Compares a list with the places of its day."""

    def __init__(self, sheet: Sheet, places: Places, act: Document) -> None:
        self._plan = Plan(sheet)
        self._places = places
        self._act = act
        self._codes: dict[str, int] = {}
        self._above: dict[tuple[str, str], str] = {}

    def plan(self) -> Plan:
        listed: dict[date, set[str]] = {}
        provinces: dict[date, set[str]] = {}
        for row in self._plan.sheet.rows():
            if row.findings:
                self._plan.refuse(row, *row.findings)
                continue
            day: date = row.values["valid_asof"]
            listed.setdefault(day, set()).add(row.values["unit_code"])
            provinces.setdefault(day, set()).add(row.values["province_code"])
            self._compare(row, day)
        for day, codes in listed.items():
            self._tell_of_missing(day, codes, provinces[day])
        return self._plan

    def _compare(self, row: Row, day: date) -> None:
        code = row.values["unit_code"]
        if code in self._codes:
            self._plan.refuse(row, self._twice(row, self._codes[code]))
            return
        self._codes[code] = row.number
        known = self._places.coded(code, day, COMMUNE_KINDS)
        if not known:
            self._establish(row, day)
            return
        steps: list[Step] = []
        parent_id = self._parent(row, day, steps)
        differing = self._differences(row, known[0], parent_id)
        if differing is not None:
            self._plan.refuse(row, differing)
            # What is above it, others are below, too.
            self._plan.deeds += [Deed((), tuple(steps))] if steps else []
        elif steps:
            self._plan.deeds.append(Deed((row,), tuple(steps)))
        else:
            self._plan.unchanged(row, *self._spelling(row, known[0]))

    def _establish(self, row: Row, day: date) -> None:
        values, code = row.values, row.values["unit_code"]
        steps: list[Step] = []
        parent_id = self._parent(row, day, steps)
        unit_id = self._places.free_id(code, day)
        steps.append(
            self._new(
                row,
                day,
                unit_id,
                name=values["unit_name"],
                kind=values["unit_type"],
                code=code,
                parent_id=parent_id,
            )
        )
        self._plan.deeds.append(Deed((row,), tuple(steps), tuple(self._reused(row, unit_id))))

    def _parent(self, row: Row, day: date, steps: list[Step]) -> str | None:
        """The id of the district, or else of the province, that the row names; made if need be."""
        values = row.values
        province = self._level(
            row, day, "province", UnitKind.PROVINCE, values.get("province_name"), None, steps
        )
        if "district_code" not in values:
            return province
        return self._level(
            row, day, "district", UnitKind.DISTRICT, values.get("district_name"), province, steps
        )

    def _level(  # noqa: PLR0913, PLR0917  what a level is
        self,
        row: Row,
        day: date,
        level: str,
        kind: UnitKind,
        name: str | None,
        parent_id: str | None,
        steps: list[Step],
    ) -> str:
        code: str = row.values[f"{level}_code"]
        if (level, code) in self._above:
            return self._above[level, code]
        known = self._places.coded(code, day, (kind,))
        unit_id = known[0].unit_id if known else self._places.free_id(code, day)
        self._above[level, code] = unit_id
        if not known:
            facts = {"name": name or code, "kind": kind, "code": code, "parent_id": parent_id}
            steps.append(self._new(row, day, unit_id, **facts))
        elif parent_id is not None and known[0].parent_id != parent_id:
            steps.append(step(MoveUnit, unit_id, self._said(row, day), {"parent_id": parent_id}))
        return unit_id

    def _new(self, row: Row, day: date, unit_id: str, **facts: object) -> Step:
        known = {name: fact for name, fact in facts.items() if fact is not None}
        return step(EstablishUnit, unit_id, self._said(row, day), {"unit_id": unit_id, **known})

    def _said(self, row: Row, day: date) -> Mapping[str, object]:
        return {"effective_on": day, "basis": document(row, self._act)}

    def _differences(self, row: Row, known: Place, parent_id: str | None) -> Finding | None:
        """That the code is on record for a unit of another name, kind or parent."""
        values = row.values
        differing = [
            column
            for column, differs in (
                ("unit_name", not alike(values["unit_name"], known.name)),
                ("unit_type", values["unit_type"] != known.kind),
                ("district_code", parent_id != known.parent_id),
            )
            if differs
        ]
        if not differing:
            return None
        column = differing[0]
        above = self._places.at(known.parent_id, values["valid_asof"])
        under = "" if above is None else f", {above.name}"
        district = values.get("district_name", values["province_name"])
        what = Words(
            f"the code {known.code} is on record for {known.name} ({known.kind}{under}), and the "
            f"list gives it to {values['unit_name']} ({values['unit_type']}, {district})",
            f"mã {known.code} đang ghi cho {known.name} ({in_words(known.kind)}{under}), danh sách "
            f"ghi cho {values['unit_name']} ({in_words(values['unit_type'])}, {district})",
        )
        heading = column if column in self._plan.sheet.headings else "unit_code"
        return self._plan.finding(row, heading, what, FROM_LIST_TO_ACT)

    def _spelling(self, row: Row, known: Place) -> list[Finding]:
        if same(row.values["unit_name"], known.name):
            return []
        return [spelled(self._plan, row, "unit_name", known.name)]

    def _reused(self, row: Row, unit_id: str) -> list[Finding]:
        """That the code was another unit's, which has ended."""
        code = row.values["unit_code"]
        bearers = {place.unit_id: place for place in self._places.by_code.get(code, [])}
        return [reused(self._plan, row, "unit_code", place, unit_id) for place in bearers.values()]

    def _twice(self, row: Row, first: int) -> Finding:
        return self._plan.finding(
            row,
            "unit_code",
            Words(f"row {first} has this code, too", f"hàng {first} cũng có mã này"),
            Words("give each unit its own code", "mỗi đơn vị một mã riêng"),
        )

    def _tell_of_missing(self, day: date, codes: set[str], provinces: set[str]) -> None:
        """Units on record that the list of their province does not have."""
        for place in self._places.communes(day):
            province = self._places.province(place, day)
            if province is None or province.code not in provinces or place.code in codes:
                continue
            what = Words(
                f"{place.name} ({place.code}) is on record on {day} and not in the list",
                f"{place.name} ({place.code}) có trong sổ vào ngày {day} nhưng không có trong "
                "danh sách",
            )
            self._plan.last.append(Finding(0, None, what, FROM_LIST_TO_ACT))


def spelled(plan: Plan, row: Row, column: str, known: str) -> Finding:
    """A note: the name on record is spelled otherwise."""
    return plan.finding(
        row,
        column,
        Words(
            f"it is spelled “{known}” on record; it is taken for the same unit",
            f"trong sổ viết là “{known}”; được coi là cùng một đơn vị",
        ),
        Words(
            "rename the unit if its name on record is wrong",
            "đổi tên đơn vị nếu tên trong sổ chưa đúng",
        ),
    )


def reused(plan: Plan, row: Row, column: str, before: Place, unit_id: str) -> Finding:
    """A note: the code was another unit's."""
    return plan.finding(
        row,
        column,
        Words(
            f"the code {before.code} was that of {before.name}, and is given anew: "
            f"the new unit has the id {unit_id}",
            f"mã {before.code} từng là của {before.name}, nay được cấp lại: "
            f"đơn vị mới có mã định danh {unit_id}",
        ),
        Words(
            "nothing, if the list is right: units are told apart by their ids",
            "không cần sửa nếu danh mục đúng: các đơn vị phân biệt bằng mã định danh",
        ),
    )
