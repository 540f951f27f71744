"""What is recorded late or ahead is decided on the state of its day; later events must follow."""

from datetime import date
from typing import Any

import pytest

from domain.kernel import Command
from domain.organisation import officials, posts, tenures, territory, units
from domain.organisation.events import (
    PostAbolished,
    RetirementAnnounced,
    TenureEnded,
    TenureStarted,
    UnitClosed,
    UnitKind,
    UnitMoved,
    UnitRenamed,
)
from domain.organisation.officials import AnnounceRetirement, RegisterOfficial
from domain.organisation.organisation import OfficialUnknown, UnitNotOpen
from domain.organisation.posts import AbolishPost, CreatePost, PostHeld
from domain.organisation.tenures import Appoint, PostOccupied
from domain.organisation.territory import MoveUnit, RenameUnit
from domain.organisation.units import EstablishUnit
from domain.record.contradictions import ContradictsLater
from domain.succession import closing, division, leaver, merger, portfolio
from domain.succession.closing import CloseUnit
from domain.succession.leaver import EndTenure
from domain.succession.merger import MergeUnits
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDOVER,
    ORGANISATION,
    PREDECESSOR,
    SECRETARY,
    SUCCESSION,
    SUCCESSOR,
    holds,
    leaves,
    official,
    post,
    unit,
)
from tests.domain.scenario import BY_ADMINISTRATOR, DECISION, TODAY, given

ALL = given(*ORGANISATION)
SUCCEEDED = given(*ORGANISATION, *SUCCESSION)
EARLIER, LATER, AHEAD = date(2021, 3, 1), date(2021, 9, 1), date(2022, 7, 1)
THIRD = official("can-bo-009")


def in_office(since: date, official_id: str = SUCCESSOR) -> TenureStarted:
    return holds(official_id, SECRETARY, DISTRICT_PARTY, since)


def left(on: date, official_id: str = PREDECESSOR) -> TenureEnded:
    return leaves(official_id, SECRETARY, DISTRICT_PARTY, on)


def test_an_appointment_that_comes_to_light_late_is_recorded_for_its_day() -> None:
    vacant = given(*ORGANISATION, left(EARLIER))
    vacant.when(Appoint, SECRETARY, on=EARLIER, official_id=SUCCESSOR).then(in_office(EARLIER))
    later = left(LATER, CHAIR)
    in_between = vacant.given(in_office(HANDOVER, CHAIR), later)
    in_between.when(Appoint, SECRETARY, on=LATER, official_id=SUCCESSOR).then(in_office(LATER))
    in_between.when(Appoint, SECRETARY, on=HANDOVER, official_id=SUCCESSOR).refuses(PostOccupied)
    in_between.when(Appoint, SECRETARY, on=EARLIER, official_id=SUCCESSOR).contradicts(
        in_office(HANDOVER, CHAIR), later
    )
    in_between.when(Appoint, SECRETARY, on=EARLIER, official_id=CHAIR).contradicts(
        in_office(HANDOVER, CHAIR)
    )


def test_an_official_who_was_registered_late_is_known_on_every_day() -> None:
    registered = THIRD.model_copy(update={"effective_on": LATER})
    vacant = given(*ORGANISATION, left(EARLIER), registered)
    vacant.when(Appoint, SECRETARY, on=EARLIER, official_id=THIRD.official_id).then(
        in_office(EARLIER, THIRD.official_id)
    )
    retiring: dict[str, Any] = {"on": EARLIER, "retires_on": AHEAD}
    vacant.when(AnnounceRetirement, THIRD.official_id, **retiring).then(
        RetirementAnnounced(effective_on=EARLIER, official_id=THIRD.official_id, retires_on=AHEAD)
    )
    ALL.when(AnnounceRetirement, THIRD.official_id, **retiring).refuses(OfficialUnknown)


def test_a_tenure_ends_late_unless_what_followed_stands_in_the_way() -> None:
    ends: dict[str, Any] = {"official_id": PREDECESSOR, "cause": "retirement"}
    ALL.given(holds(CHAIR, DEPUTIES, DISTRICT_STATE, HANDOVER)).when(
        EndTenure, SECRETARY, on=EARLIER, **ends
    ).then(left(EARLIER))
    SUCCEEDED.when(EndTenure, SECRETARY, on=EARLIER, **ends).contradicts(left(HANDOVER))
    SUCCEEDED.replacing(
        [left(HANDOVER)], EndTenure, SECRETARY, **BY_ADMINISTRATOR, on=EARLIER, **ends
    ).then(left(EARLIER))


def test_a_post_is_not_abolished_before_somebody_comes_to_hold_it() -> None:
    appointed = holds(CHAIR, DEPUTIES, DISTRICT_STATE, HANDOVER)
    held = ALL.given(appointed)
    held.when(AbolishPost, DEPUTIES, on=EARLIER, reason="Bỏ chức danh").contradicts(appointed)
    held.when(AbolishPost, DEPUTIES, on=HANDOVER, reason="Bỏ chức danh").refuses(PostHeld)
    left_again = leaves(CHAIR, DEPUTIES, DISTRICT_STATE, LATER)
    held.given(left_again).when(AbolishPost, DEPUTIES, on=LATER, reason="Bỏ chức danh").then(
        PostAbolished(
            effective_on=LATER, post_id=DEPUTIES, unit_id=DISTRICT_STATE, reason="Bỏ chức danh"
        )
    )


def test_what_is_set_up_late_in_a_unit_that_was_closed_since_is_refused_by_the_closing() -> None:
    closed = UnitClosed(effective_on=LATER, unit_id=AGENCY, reason="Bãi bỏ")
    ended = ALL.given(closed)
    head: dict[str, Any] = {
        "unit_id": AGENCY,
        "title": "truong-ban",
        "kind": "district_leader",
        "managed_by": COMMITTEE,
    }
    ended.when(CreatePost, "truong-ban", on=EARLIER, **head).contradicts(closed)
    ended.when(CreatePost, "truong-ban", on=LATER, **head).refuses(UnitNotOpen)
    below: dict[str, Any] = {"name": "phong", "kind": "division", "parent_id": AGENCY}
    ended.when(EstablishUnit, "phong", on=EARLIER, **below).contradicts(closed)
    to_agency: dict[str, Any] = {"basis": DECISION, "parent_id": AGENCY}
    ended.when(MoveUnit, DISTRICT_PARTY, on=EARLIER, **to_agency).contradicts(closed)
    ended.when(EstablishUnit, AGENCY, on=date(2014, 1, 1), **{**below, "parent_id": None}).refuses(
        ContradictsLater
    )


def test_a_second_head_is_not_created_late_before_another() -> None:
    head = post("truong-ban", AGENCY, heads=True).model_copy(update={"effective_on": LATER})
    params: dict[str, Any] = {
        "unit_id": AGENCY,
        "title": "truong-ban",
        "kind": "district_leader",
        "managed_by": COMMITTEE,
        "heads_unit": True,
    }
    ALL.given(head).when(CreatePost, "x", on=EARLIER, **params).contradicts(head)


def test_a_unit_is_not_closed_late_before_what_happened_in_it() -> None:
    created = post("truong-ban", AGENCY).model_copy(update={"effective_on": HANDOVER})
    below = unit("phong", UnitKind.DIVISION, AGENCY).model_copy(update={"effective_on": HANDOVER})
    renamed = UnitRenamed(effective_on=LATER, unit_id=AGENCY, name="Ban mới", former_name=AGENCY)
    ALL.given(created, below, renamed).when(
        CloseUnit, AGENCY, on=EARLIER, reason="Bãi bỏ"
    ).contradicts(created, below, renamed)


def test_a_unit_is_not_merged_late_before_a_post_was_created_in_it() -> None:
    created = post("truong-ban", AGENCY).model_copy(update={"effective_on": HANDOVER})
    held = holds(CHAIR, "truong-ban", AGENCY, LATER)
    ALL.given(created, held).when(
        MergeUnits, COMMITTEE, on=EARLIER, basis=DECISION, predecessors=[AGENCY]
    ).contradicts(created, held)


def test_a_merger_ahead_of_its_day_leaves_the_days_before_to_the_units() -> None:
    successor = {"name": "Huyện ủy mới", "kind": "party_committee", "parent_id": COMMITTEE}
    to_merge: dict[str, Any] = {"predecessors": [DISTRICT_PARTY, AGENCY], "successor": successor}
    ahead = ALL.when(MergeUnits, "huyen-uy-moi", on=AHEAD, basis=DECISION, **to_merge)
    happens = ahead.decide()
    established, *merged = happens
    resolved = ahead.then(*happens)
    act: dict[str, Any] = {"basis": DECISION, "name": "Ban mới"}
    renamed = UnitRenamed(effective_on=TODAY, unit_id=AGENCY, name="Ban mới", former_name=AGENCY)
    resolved.when(RenameUnit, AGENCY, on=TODAY, **act).then(renamed)
    resolved.when(RenameUnit, AGENCY, on=AHEAD, **act).refuses(UnitNotOpen)
    resolved.when(RenameUnit, "huyen-uy-moi", on=AHEAD, **act).decide()
    resolved.when(CloseUnit, AGENCY, on=TODAY, reason="Bãi bỏ").contradicts(merged[1])
    into_other: dict[str, Any] = {"predecessors": [AGENCY], "basis": DECISION}
    resolved.when(MergeUnits, DISTRICT_STATE, on=TODAY, **into_other).contradicts(merged[1])
    abroad: dict[str, Any] = {"name": "x", "kind": "party_agency"}
    resolved.when(EstablishUnit, "huyen-uy-moi", on=TODAY, **abroad).contradicts(established)
    moved = UnitMoved(
        effective_on=TODAY, unit_id=DISTRICT_STATE, parent_id=AGENCY, former_parent_id=None
    )
    resolved.when(MoveUnit, DISTRICT_STATE, on=TODAY, basis=DECISION, parent_id=AGENCY).then(moved)


def test_an_appointment_ahead_of_its_day_counts_from_that_day() -> None:
    leaving: dict[str, Any] = {"official_id": PREDECESSOR, "cause": "retirement"}
    going = ALL.when(EndTenure, SECRETARY, on=AHEAD, **leaving).then(left(AHEAD))
    going.when(Appoint, SECRETARY, on=TODAY, official_id=SUCCESSOR).refuses(PostOccupied)
    coming = going.when(Appoint, SECRETARY, on=AHEAD, official_id=SUCCESSOR).then(in_office(AHEAD))
    coming.when(EndTenure, SECRETARY, on=TODAY, **leaving).contradicts(left(AHEAD))


HAPPENS_ON_ITS_DAY = {RegisterOfficial, AnnounceRetirement}
VERBS: list[type[Command[Any]]] = [
    verb
    for module in (
        officials,
        posts,
        tenures,
        territory,
        units,
        closing,
        division,
        leaver,
        merger,
        portfolio,
    )
    for verb in vars(module).values()
    if isinstance(verb, type) and issubclass(verb, Command) and verb.__module__ == module.__name__
]


@pytest.mark.parametrize("verb", [verb for verb in VERBS if hasattr(verb, "PARAMETERS")])
def test_what_is_decided_of_the_organisation_is_decided_ahead(verb: type[Command[Any]]) -> None:
    on_its_day = verb in HAPPENS_ON_ITS_DAY
    assert verb.AHEAD is not on_its_day
