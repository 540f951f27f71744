"""Kinds of units: a default catalogue with days, and what a ledger declares, changes and ends."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from domain.kernel import DocumentRequired, Event
from domain.monitoring.monitors.assignment import AssignMonitor
from domain.organisation.events import UnitEstablished, UnitKind, UnitRenamed, UnitRetyped
from domain.organisation.kinds import ChangeUnitKind, DeclareUnitKind, EndUnitKind
from domain.organisation.territory import LevelDiffers, NothingChanges, RenameUnit, RetypeUnit
from domain.organisation.unit_kinds import (
    DEFAULT_KINDS,
    Level,
    UnitKindChanged,
    UnitKindDeclared,
    UnitKindEnded,
    UnitKindInForce,
    UnitKindNameTaken,
    UnitKinds,
    UnitKindUnchanged,
    UnitKindUnknown,
)
from domain.organisation.units import EstablishUnit
from domain.record.contradictions import ContradictsLater
from domain.succession.merger import MergeUnits
from tests.domain.cast import FOUNDED, unit
from tests.domain.monitoring.people import (
    BEGUN,
    CAO_SON,
    CHANGED,
    DIRECTOR,
    LAN,
    MONITORED,
    READY,
    assigned,
    released,
)
from tests.domain.scenario import BY_ADMINISTRATOR, BY_BODY, DECISION, Scenario, given

ON, EVE, LATER = date(2025, 7, 1), date(2025, 6, 30), date(2025, 9, 1)
ACT: dict[str, Any] = {"on": ON, "basis": DECISION}
ZONE, PORT, DISTRICT = "van-don", "cang", "ly-son"
PORT_ACT: dict[str, Any] = {"names": ("cảng tự do", "CTD."), "level": "base", "monitored": True}
DECLARED = UnitKindDeclared(
    effective_on=ON,
    unit_kind_id="free_port",
    names=("cảng tự do", "CTD."),
    level=Level.BASE,
    monitored=True,
)


def port(on: date = ON, unit_id: str = PORT, *, monitored: bool = True) -> UnitEstablished:
    return unit(unit_id, "free_port", on=on, level=Level.BASE, monitored=monitored)


def monitored(unit_id: str, *, now: bool, on: date = LATER) -> UnitRetyped:
    """The unit is of the same kind, which is monitored otherwise from that day."""
    return UnitRetyped(
        effective_on=on,
        unit_id=unit_id,
        kind="free_port",
        level=Level.BASE,
        monitored=now,
        former_kind="free_port",
    )


def changed(on: date = LATER, *, now: bool) -> UnitKindChanged:
    names = DECLARED.names
    return UnitKindChanged(
        effective_on=on,
        unit_kind_id="free_port",
        names=names,
        monitored=now,
        former_names=names,
        former_monitored=not now,
    )


def founding(scenario: Scenario, kind: str, on: date, unit_id: str = ZONE) -> Scenario:
    return scenario.when(EstablishUnit, unit_id, name=unit_id, kind=kind, on=on)


def words(events: Iterable[Event]) -> dict[str, Any]:
    kinds = UnitKinds()
    for event in events:
        kinds.evolve(event)
    return {kind.kind: kind for kind in kinds.in_force(ON)}


def test_a_special_zone_is_a_monitored_unit_of_the_base_level_from_1_july_2025() -> None:
    founding(given(), "special_zone", ON).then(
        unit(ZONE, "special_zone", on=ON, level=Level.BASE, monitored=True)
    )
    founding(given(), "special_zone", EVE).refuses(UnitKindUnknown)


def test_a_unit_of_an_unknown_kind_is_refused_with_the_kinds_of_that_day() -> None:
    for on, is_there in ((EVE, False), (ON, True)):
        with pytest.raises(UnitKindUnknown) as caught:
            founding(given(), "kingdom", on).decide()
        for language in ("en", "vi"):
            told = caught.value.detail(language)
            assert "commune (xã), ward (phường), town (thị trấn)" in told
            assert ("special_zone (đặc khu)" in told) is is_there


def test_events_of_old_and_those_of_default_kinds_say_what_the_default_catalogue_says() -> None:
    raw = {"kind": "ward", "unit_id": "a", "name": "A", "effective_on": "2021-01-01"}
    upcast = UnitEstablished.upcast(1, raw)
    assert (upcast["level"], upcast["monitored"]) == ("base", True)
    assert UnitEstablished(**upcast) == unit("a", "ward", on=date(2021, 1, 1)).model_copy(
        update={"name": "A"}
    )
    retyped = UnitRetyped.upcast(1, {"kind": "department", "former_kind": "division"})
    assert (retyped["level"], retyped["monitored"]) == (None, False)


def test_every_default_kind_has_its_source_and_a_name_of_its_own() -> None:
    assert all(kind.source for kind in DEFAULT_KINDS.values())
    names = [name.casefold() for kind in DEFAULT_KINDS.values() for name in kind.names]
    assert len(names) == len(set(names))
    assert set(DEFAULT_KINDS) == set(UnitKind)
    assert {kind.kind for kind in DEFAULT_KINDS.values() if kind.monitored} == {
        "commune", "ward", "town", "special_zone",
    }  # fmt: skip


def test_a_declared_kind_holds_from_its_day_and_its_units_say_what_it_means() -> None:
    scenario = given().when(DeclareUnitKind, "free_port", **PORT_ACT, **ACT).then(DECLARED)
    founding(scenario, "free_port", ON, PORT).then(port())
    founding(scenario, "free_port", EVE, PORT).refuses(UnitKindUnknown)
    scenario.given(unit("xa", "commune")).when(RetypeUnit, "xa", kind="free_port", **ACT).then(
        UnitRetyped(
            effective_on=ON,
            unit_id="xa",
            kind="free_port",
            level=Level.BASE,
            monitored=True,
            former_kind="commune",
        )
    )


def test_a_kind_is_declared_once_under_a_name_of_its_own_and_by_a_document() -> None:
    scenario = given(DECLARED)
    scenario.when(DeclareUnitKind, "free_port", **PORT_ACT, **ACT).refuses(UnitKindInForce)
    scenario.when(DeclareUnitKind, "ward", **PORT_ACT, **ACT).refuses(UnitKindInForce)
    for name in ("Cảng tự do", "phường"):
        scenario.when(DeclareUnitKind, "port", names=(name,), **ACT).refuses(UnitKindNameTaken)
    given().when(DeclareUnitKind, "free_port", **PORT_ACT, on=ON).refuses(DocumentRequired)


def test_the_default_catalogue_may_be_declared_from_an_earlier_day_or_ended() -> None:
    earlier: dict[str, Any] = {"names": ("đặc khu",), "level": "base", "monitored": True}
    scenario = given().when(
        DeclareUnitKind, "special_zone", **earlier, on=date(2025, 6, 16), basis=DECISION
    )
    scenario = given(*scenario.decide())
    founding(scenario, "special_zone", EVE).decide()
    founding(scenario, "special_zone", LATER).decide()
    scenario = scenario.when(EndUnitKind, "town", reason="Bỏ thị trấn", **ACT).then(
        UnitKindEnded(effective_on=ON, unit_kind_id="town", reason="Bỏ thị trấn")
    )
    founding(scenario, "town", EVE).decide()
    founding(scenario, "town", ON).refuses(UnitKindUnknown)
    assert "town" not in words(scenario.history)


def test_units_of_a_kind_that_ends_stay_and_may_still_change() -> None:
    ended = UnitKindEnded(effective_on=LATER, unit_kind_id="free_port", reason="Hết thí điểm")
    scenario = given(DECLARED, port(), ended)
    act: dict[str, Any] = {"on": LATER, "basis": DECISION}
    scenario.when(RenameUnit, PORT, name="Cảng Vân Đồn", **act).then(
        UnitRenamed(effective_on=LATER, unit_id=PORT, name="Cảng Vân Đồn", former_name=PORT)
    )
    scenario.when(RetypeUnit, PORT, kind="special_zone", **act).decide()
    founding(scenario, "free_port", LATER).refuses(UnitKindUnknown)
    scenario.when(EndUnitKind, "free_port", reason="Nữa", **act).refuses(UnitKindUnknown)
    scenario.when(DeclareUnitKind, "free_port", **PORT_ACT, **act).decide()


def test_a_kind_does_not_end_before_a_unit_became_of_it_nor_is_it_annulled_below_one() -> None:
    scenario = given(DECLARED, port(LATER))
    ending: dict[str, Any] = {"reason": "Hết", "on": date(2025, 8, 1), "basis": DECISION}
    scenario.when(EndUnitKind, "free_port", **ending).contradicts(port(LATER))
    scenario.annulling(DECLARED, **BY_ADMINISTRATOR).contradicts(port(LATER))
    given(DECLARED).annulling(DECLARED, **BY_ADMINISTRATOR).then()


def test_what_a_kind_means_is_not_declared_otherwise_below_its_units() -> None:
    otherwise: dict[str, Any] = {**PORT_ACT, "monitored": False, "basis": DECISION, "on": ON}
    scenario = given(DECLARED, port())
    scenario.replacing(
        (DECLARED,), DeclareUnitKind, "free_port", organises=True, **otherwise
    ).contradicts(port())


def test_a_kind_is_called_otherwise_from_a_day() -> None:
    scenario = given(DECLARED)
    act: dict[str, Any] = {"on": LATER, "basis": DECISION}
    renamed = changed(now=True).model_copy(
        update={"names": ("khu thương mại",), "former_monitored": True}
    )
    scenario.when(ChangeUnitKind, "free_port", names=("khu thương mại",), **act).then(renamed)
    scenario.when(ChangeUnitKind, "free_port", names=DECLARED.names, **act).refuses(
        UnitKindUnchanged
    )
    scenario.when(ChangeUnitKind, "free_port", **act).refuses(UnitKindUnchanged)
    scenario.when(ChangeUnitKind, "free_port", names=("xã",), **act).refuses(UnitKindNameTaken)
    scenario.when(ChangeUnitKind, "port", names=("cảng",), **act).refuses(UnitKindUnknown)


def test_where_a_kind_is_monitored_otherwise_so_is_every_unit_of_it_from_that_day() -> None:
    act: dict[str, Any] = {"on": LATER, "basis": DECISION}
    ward = unit("phuong", "ward")
    scenario = given(DECLARED, port(), ward)
    scenario = scenario.when(ChangeUnitKind, "free_port", monitored=False, **act).then(
        changed(now=False), monitored(PORT, now=False)
    )
    scenario.when(RetypeUnit, PORT, kind="free_port", **act).refuses(NothingChanges)
    founding(scenario, "free_port", LATER, "b").then(port(LATER, "b", monitored=False))


def test_a_unit_of_which_is_learnt_late_is_monitored_as_its_kind_is_on_every_day() -> None:
    scenario = given(DECLARED, changed(now=False))
    founding(scenario, "free_port", ON, PORT).then(port(), monitored(PORT, now=False))
    merging: dict[str, Any] = {
        "predecessors": ("xa",),
        "successor": {"name": PORT, "kind": "free_port"},
    }
    old = scenario.given(unit("xa", "commune"))
    founded, _, later = _sorted(old.when(MergeUnits, PORT, **merging, **ACT).decide())
    assert (founded.monitored, later) == (True, monitored(PORT, now=False))
    retyped, later = old.when(RetypeUnit, "xa", kind="free_port", **ACT).decide()
    assert (retyped.effective_on, later) == (ON, monitored("xa", now=False))


def _sorted(events: list[Event]) -> tuple[Any, ...]:
    return tuple(sorted(events, key=lambda event: (event.effective_on, event.TYPE)))


def test_a_kind_is_not_left_unmonitored_while_one_of_its_units_has_a_monitor() -> None:
    kind = DECLARED.model_copy(update={"effective_on": FOUNDED})
    history = [port(FOUNDED, CAO_SON) if _is_cao_son(e) else e for e in MONITORED.history]
    scenario = given(kind, *history)
    ending: dict[str, Any] = {"monitored": False, "on": CHANGED, "basis": DECISION}
    scenario.when(ChangeUnitKind, "free_port", **ending).refuses(ContradictsLater)
    scenario.given(released(LAN)).when(ChangeUnitKind, "free_port", **ending).decide()


def _is_cao_son(event: Event) -> bool:
    return isinstance(event, UnitEstablished) and event.unit_id == CAO_SON


def test_a_district_does_not_become_a_special_zone_but_goes_into_a_new_one() -> None:
    scenario = given(unit("tinh", "province"), unit(DISTRICT, "district", "tinh"))
    scenario.when(RetypeUnit, DISTRICT, kind="special_zone", **ACT).refuses(LevelDiffers)
    successor = {"name": "Đặc khu Lý Sơn", "kind": "special_zone", "parent_id": "tinh"}
    events = scenario.when(
        MergeUnits, ZONE, predecessors=(DISTRICT,), successor=successor, **ACT
    ).decide()
    assert [event.TYPE for event in events] == ["unit.established", "unit.merged"]


def test_a_special_zone_gets_a_monitor_as_a_commune_does() -> None:
    zone = unit(CAO_SON, "special_zone")
    scenario = given(*(zone if _is_cao_son(event) else event for event in READY.history))
    scenario.when(
        AssignMonitor, CAO_SON, official_id=LAN, post_id=DIRECTOR, on=BEGUN, **BY_BODY
    ).then(assigned(LAN))
