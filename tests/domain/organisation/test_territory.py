"""Territory: names, kinds, codes and parents of a day, each on the strength of an act."""

from datetime import date
from typing import Any

from domain.kernel import DocumentRequired
from domain.organisation.events import (
    UnitCeded,
    UnitClosed,
    UnitKind,
    UnitMoved,
    UnitRecoded,
    UnitRenamed,
    UnitRetyped,
)
from domain.organisation.organisation import UnitNotOpen, UnitTakesFromItself, UnitUnknown
from domain.organisation.territory import (
    CedeTerritory,
    LevelDiffers,
    MoveUnit,
    NothingChanges,
    ParentWithinUnit,
    RecodeUnit,
    RenameUnit,
    RetypeUnit,
)
from domain.organisation.units import UnitHasChildren
from domain.succession.closing import CloseUnit
from tests.domain.cast import unit
from tests.domain.scenario import DECISION, given

PROVINCE, DISTRICT, OTHER, COMMUNE = "tinh", "da-bac", "lac-son", "cao-son"
ON, LATER = date(2021, 7, 1), date(2021, 8, 1)
ACT: dict[str, Any] = {"on": ON, "basis": DECISION}
LAND = given(
    unit(PROVINCE, UnitKind.PROVINCE),
    unit(DISTRICT, UnitKind.DISTRICT, PROVINCE),
    unit(OTHER, UnitKind.DISTRICT, PROVINCE),
    unit(COMMUNE, UnitKind.COMMUNE, DISTRICT),
)


def moved(unit_id: str, to: str | None, of: str | None, on: date = ON) -> UnitMoved:
    return UnitMoved(effective_on=on, unit_id=unit_id, parent_id=to, former_parent_id=of)


def test_a_unit_bears_another_name_kind_code_and_parent_from_the_day() -> None:
    LAND.when(RenameUnit, COMMUNE, name="Xã Cao Sơn", **ACT).then(
        UnitRenamed(effective_on=ON, unit_id=COMMUNE, name="Xã Cao Sơn", former_name=COMMUNE)
    )
    LAND.when(RetypeUnit, COMMUNE, kind="ward", **ACT).then(
        UnitRetyped(
            effective_on=ON,
            unit_id=COMMUNE,
            kind=UnitKind.WARD,
            former_kind=UnitKind.COMMUNE,
        )
    )
    LAND.when(RecodeUnit, COMMUNE, code="04840", **ACT).then(
        UnitRecoded(effective_on=ON, unit_id=COMMUNE, code="04840", former_code=None)
    ).when(RecodeUnit, COMMUNE, code=None, **ACT).then(
        UnitRecoded(effective_on=ON, unit_id=COMMUNE, code=None, former_code="04840")
    )
    LAND.when(MoveUnit, COMMUNE, parent_id=OTHER, **ACT).then(moved(COMMUNE, OTHER, DISTRICT))
    LAND.when(MoveUnit, COMMUNE, parent_id=None, **ACT).then(moved(COMMUNE, None, DISTRICT))


def test_a_part_of_a_unit_goes_to_another_and_both_go_on() -> None:
    LAND.when(CedeTerritory, COMMUNE, to_unit=OTHER, part="Xóm Bãi", **ACT).then(
        UnitCeded(effective_on=ON, unit_id=COMMUNE, to_unit=OTHER, part="Xóm Bãi")
    ).when(RenameUnit, COMMUNE, name="Xã Cao Sơn", **ACT).decide()
    cede: dict[str, Any] = {"to_unit": COMMUNE, "part": "Xóm Bãi"}
    LAND.when(CedeTerritory, COMMUNE, **cede, **ACT).refuses(UnitTakesFromItself)


def test_what_is_so_already_or_cites_no_act_is_refused() -> None:
    LAND.when(RenameUnit, COMMUNE, name=COMMUNE, **ACT).refuses(NothingChanges)
    LAND.when(RetypeUnit, COMMUNE, kind="commune", **ACT).refuses(NothingChanges)
    LAND.when(RecodeUnit, COMMUNE, code=None, **ACT).refuses(NothingChanges)
    LAND.when(MoveUnit, COMMUNE, parent_id=DISTRICT, **ACT).refuses(NothingChanges)
    LAND.when(RenameUnit, COMMUNE, name="Xã Cao Sơn", on=ON).refuses(DocumentRequired)


def test_a_commune_does_not_become_a_district() -> None:
    LAND.when(RetypeUnit, COMMUNE, kind="district", **ACT).refuses(LevelDiffers)


def test_a_change_before_a_later_one_is_recorded_where_that_still_follows() -> None:
    renamed = UnitRenamed(effective_on=LATER, unit_id=COMMUNE, name="A", former_name=COMMUNE)
    later = LAND.given(renamed)
    later.when(RecodeUnit, COMMUNE, code="04840", **ACT).then(
        UnitRecoded(effective_on=ON, unit_id=COMMUNE, code="04840", former_code=None)
    )
    later.when(RenameUnit, COMMUNE, name="B", **ACT).then(
        UnitRenamed(effective_on=ON, unit_id=COMMUNE, name="B", former_name=COMMUNE)
    )
    later.when(RenameUnit, COMMUNE, name="A", **ACT).contradicts(renamed)
    later.when(CloseUnit, COMMUNE, reason="Nhập", **ACT).contradicts(renamed)


def test_a_unit_is_not_moved_below_what_is_below_it_on_the_day_or_later() -> None:
    LAND.when(MoveUnit, PROVINCE, parent_id=COMMUNE, **ACT).refuses(ParentWithinUnit)
    LAND.when(MoveUnit, DISTRICT, parent_id=DISTRICT, **ACT).refuses(ParentWithinUnit)
    left_later = LAND.given(moved(COMMUNE, OTHER, DISTRICT, LATER))
    left_later.when(MoveUnit, DISTRICT, parent_id=COMMUNE, **ACT).refuses(ParentWithinUnit)
    under_district = moved(OTHER, DISTRICT, PROVINCE, LATER)
    LAND.given(under_district).when(MoveUnit, DISTRICT, parent_id=OTHER, **ACT).contradicts(
        under_district
    )
    left_before = LAND.given(moved(COMMUNE, OTHER, DISTRICT, ON))
    left_before.when(MoveUnit, DISTRICT, parent_id=COMMUNE, **ACT).decide()
    under_commune = moved(OTHER, COMMUNE, PROVINCE, LATER)
    LAND.given(under_commune).when(MoveUnit, COMMUNE, parent_id=OTHER, **ACT).contradicts(
        under_commune
    )


def test_the_new_parent_exists_on_the_day() -> None:
    closed = UnitClosed(effective_on=ON, unit_id=OTHER, reason="Bãi bỏ")
    LAND.given(closed).when(MoveUnit, COMMUNE, parent_id=OTHER, **ACT).refuses(UnitNotOpen)
    LAND.when(MoveUnit, COMMUNE, parent_id="la", **ACT).refuses(UnitUnknown)


def test_a_unit_is_closed_once_its_units_have_moved_and_not_before() -> None:
    closing: dict[str, Any] = {"reason": "Kết thúc cấp huyện"}
    LAND.when(CloseUnit, DISTRICT, **closing, **ACT).refuses(UnitHasChildren)
    left_later = LAND.given(moved(COMMUNE, OTHER, DISTRICT, LATER))
    left_later.when(CloseUnit, DISTRICT, **closing, **ACT).refuses(UnitHasChildren)
    came = LAND.given(moved(COMMUNE, OTHER, DISTRICT))
    came.when(CloseUnit, OTHER, **closing, **ACT).refuses(UnitHasChildren)
    came.when(CloseUnit, DISTRICT, **closing, **ACT).then(
        UnitClosed(effective_on=ON, unit_id=DISTRICT, reason=closing["reason"])
    )
