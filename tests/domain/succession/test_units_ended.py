"""Units that end: what they go into, and what becomes of whoever monitored them."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.kernel import DocumentRequired, Event
from domain.monitoring.command import (
    MonitoredForNoDay,
    NotACommune,
    NotOfTheAgency,
    VisitedAfterwards,
)
from domain.monitoring.events import MonitorAssigned, MonitorReleased, ReleaseCause, VisitRecorded
from domain.monitoring.monitoring import CommuneUnmonitored
from domain.monitoring.monitors.assignment import CommuneMonitored
from domain.organisation.events import (
    UnitClosed,
    UnitEstablished,
    UnitKind,
    UnitMerged,
    UnitRenamed,
    UnitSplit,
)
from domain.organisation.organisation import UnitNotOpen, UnitTakesFromItself, UnitUnknown
from domain.organisation.territory import RenameUnit
from domain.organisation.units import UnitExists
from domain.succession.closing import CloseUnit
from domain.succession.division import NotAmongSuccessors, SplitUnit, SuccessorNamedTwice
from domain.succession.merger import MergeUnits, MonitorOfNone
from domain.succession.successors import ParentEnds
from tests.domain.cast import COMMITTEE
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.people import (
    BEGUN,
    CAO_SON,
    CULTURE,
    DIRECTOR,
    DOAN_KET,
    FINANCE,
    LAN,
    READY,
    TAN_LAP,
    allocated,
    assigned,
)
from tests.domain.scenario import DECISION, TODAY, Scenario

ON, LATER, AHEAD = date(2021, 7, 1), date(2021, 8, 1), date(2022, 7, 1)
ACT: dict[str, Any] = {"on": ON, "basis": DECISION}
NEW, PARK = "xa-moi", "phuong-moi"
FACTS: dict[str, Any] = {"name": "Xã Mới", "kind": "commune", "code": "04831"}
BOTH: dict[str, Any] = {"predecessors": [CAO_SON, DOAN_KET], "successor": FACTS}
MONITORED = READY.given(assigned(LAN))


def established(unit_id: str, *formed_from: str, **changes: Any) -> UnitEstablished:
    extensions = {**FACTS, "kind": UnitKind.COMMUNE, **changes}
    return UnitEstablished(effective_on=ON, unit_id=unit_id, formed_from=formed_from, **extensions)


def merged(unit_id: str, into: str = NEW, on: date = ON) -> UnitMerged:
    return UnitMerged(effective_on=on, unit_id=unit_id, into=into)


def let_go(unit_id: str = CAO_SON) -> MonitorReleased:
    return MonitorReleased(
        effective_on=ON,
        unit_id=unit_id,
        official_id=LAN,
        post_id=DIRECTOR,
        agency_id=CULTURE,
        since=BEGUN,
        cause=ReleaseCause.UNIT_ENDED,
        reason="unit_ended",
    )


def goes_on(unit_id: str = NEW) -> MonitorAssigned:
    return assigned(LAN, unit_id, effective_on=ON, follows=CAO_SON)


def merge(scenario: Scenario, into: str = NEW, **params: Any) -> Scenario:
    return scenario.when(MergeUnits, into, **{**ACT, **params})


def split(scenario: Scenario, *parts: dict[str, Any], **params: Any) -> Scenario:
    return scenario.when(SplitUnit, CAO_SON, **{**ACT, "parts": list(parts), **params})


def test_units_merge_into_a_new_one_that_knows_what_it_was_formed_from() -> None:
    merge(READY, **BOTH).then(
        established(NEW, CAO_SON, DOAN_KET), merged(CAO_SON), merged(DOAN_KET)
    )


def test_a_unit_merges_into_one_that_exists() -> None:
    merge(READY, TAN_LAP, predecessors=[CAO_SON, CAO_SON]).then(merged(CAO_SON, TAN_LAP))
    merge(READY, predecessors=[CAO_SON]).refuses(UnitUnknown)
    merge(READY, TAN_LAP, **BOTH).refuses(UnitExists)
    merge(READY, CAO_SON, predecessors=[CAO_SON]).refuses(UnitTakesFromItself)


def test_the_monitor_of_a_unit_that_ends_is_released_in_so_many_words() -> None:
    merge(MONITORED, **BOTH).then(
        established(NEW, CAO_SON, DOAN_KET), let_go(), merged(CAO_SON), merged(DOAN_KET)
    )
    MONITORED.when(CloseUnit, CAO_SON, reason="Bãi bỏ", **ACT).then(
        let_go(), UnitClosed(effective_on=ON, unit_id=CAO_SON, reason="Bãi bỏ")
    )


def test_the_monitor_named_goes_on_in_the_successor_without_a_day_between() -> None:
    merge(MONITORED, **BOTH, monitor_of=CAO_SON).then(
        established(NEW, CAO_SON, DOAN_KET),
        let_go(),
        merged(CAO_SON),
        merged(DOAN_KET),
        goes_on(),
    )


def test_a_merger_resolved_ahead_lets_the_monitor_go_on_from_its_day() -> None:
    ahead = [
        event.model_copy(update={"effective_on": AHEAD})
        for event in (
            established(NEW, CAO_SON, DOAN_KET),
            let_go(),
            merged(CAO_SON),
            merged(DOAN_KET),
            goes_on(),
        )
    ]
    resolved = merge(MONITORED, **BOTH, monitor_of=CAO_SON, on=AHEAD).then(*ahead)
    name: dict[str, Any] = {"basis": DECISION, "name": "Xã Cao Sơn Mới"}
    resolved.when(RenameUnit, CAO_SON, on=TODAY, **name).then(
        UnitRenamed(effective_on=TODAY, unit_id=CAO_SON, name="Xã Cao Sơn Mới", former_name=CAO_SON)
    )
    resolved.when(RenameUnit, CAO_SON, on=AHEAD, **name).refuses(UnitNotOpen)
    resolved.when(CloseUnit, DOAN_KET, on=TODAY, reason="Bãi bỏ").contradicts(ahead[3])


def test_no_monitor_goes_on_where_there_was_none_or_is_another() -> None:
    merge(MONITORED, **BOTH, monitor_of=DOAN_KET).refuses(CommuneUnmonitored)
    merge(MONITORED, **BOTH, monitor_of=TAN_LAP).refuses(MonitorOfNone)
    taken = MONITORED.given(assigned(LAN, TAN_LAP, exception="Thiếu người"))
    into: dict[str, Any] = {"predecessors": [CAO_SON], "monitor_of": CAO_SON}
    merge(taken, TAN_LAP, **into).refuses(CommuneMonitored)
    merge(MONITORED, CULTURE, **into).refuses(NotACommune)
    elsewhere = MONITORED.given(allocated(TAN_LAP, FINANCE))
    merge(elsewhere, TAN_LAP, **into).refuses(NotOfTheAgency)


def test_a_unit_does_not_end_before_what_its_monitor_did() -> None:
    merge(READY.given(assigned(LAN, effective_on=ON)), **BOTH).refuses(MonitoredForNoDay)
    since = assigned(LAN, effective_on=LATER)
    assert contradicted(merge(READY.given(since), **BOTH)) == [(since, UnitNotOpen)]
    released = let_go().model_copy(update={"effective_on": LATER})
    assert contradicted(merge(MONITORED.given(released), **BOTH)) == [
        (released, CommuneUnmonitored)
    ]
    visit = VisitRecorded(
        effective_on=ON,
        unit_id=CAO_SON,
        official_id=LAN,
        since=BEGUN,
        number=1,
        occasion="work",
        content="Làm việc",
    )
    merge(MONITORED.given(visit), **BOTH).refuses(VisitedAfterwards)


@pytest.mark.parametrize(
    ("history", "later"),
    [
        (READY, assigned(LAN, effective_on=LATER)),
        (MONITORED, let_go().model_copy(update={"effective_on": LATER})),
    ],
)
def test_a_unit_does_not_end_before_its_monitor_begins_or_is_let_go(
    history: Scenario, later: Event
) -> None:
    merge(history.given(later), **BOTH).contradicts(later)


def test_a_merger_cites_its_act_and_leaves_no_later_change_of_what_it_ends() -> None:
    merge(READY, **BOTH, basis=None).refuses(DocumentRequired)
    renamed = UnitRenamed(effective_on=LATER, unit_id=DOAN_KET, name="A", former_name=DOAN_KET)
    merge(READY.given(renamed), **BOTH).contradicts(renamed)
    gone = READY.given(merged(DOAN_KET, TAN_LAP, ON - timedelta(days=1)))
    merge(gone, **BOTH).refuses(UnitNotOpen)
    merge(READY, **{**BOTH, "successor": {**FACTS, "parent_id": CAO_SON}}).refuses(ParentEnds)
    merge(READY, **{**BOTH, "successor": {**FACTS, "parent_id": "la"}}).refuses(UnitUnknown)


def test_a_unit_is_split_between_a_new_one_and_one_that_exists() -> None:
    new: dict[str, Any] = {
        "unit_id": PARK,
        "successor": {**FACTS, "kind": "ward", "parent_id": COMMITTEE},
    }
    split(MONITORED, new, {"unit_id": TAN_LAP}).then(
        established(PARK, CAO_SON, kind=UnitKind.WARD, parent_id=COMMITTEE),
        let_go(),
        UnitSplit(effective_on=ON, unit_id=CAO_SON, into=(PARK, TAN_LAP)),
    )
    split(MONITORED, new, {"unit_id": TAN_LAP}, monitor_goes_on_in=TAN_LAP).then(
        established(PARK, CAO_SON, kind=UnitKind.WARD, parent_id=COMMITTEE),
        let_go(),
        UnitSplit(effective_on=ON, unit_id=CAO_SON, into=(PARK, TAN_LAP)),
        goes_on(TAN_LAP),
    )


def test_a_split_names_each_successor_once_and_never_the_unit_itself() -> None:
    here, there = {"unit_id": TAN_LAP}, {"unit_id": DOAN_KET}
    split(READY, here, here).refuses(SuccessorNamedTwice)
    split(READY, here, {"unit_id": CAO_SON}).refuses(UnitTakesFromItself)
    split(READY, here, {"unit_id": PARK}).refuses(UnitUnknown)
    split(READY, here, there, monitor_goes_on_in=CULTURE).refuses(NotAmongSuccessors)
    split(READY, here, there, monitor_goes_on_in=TAN_LAP).refuses(CommuneUnmonitored)
