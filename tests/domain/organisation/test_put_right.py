"""What was recorded wrongly of the organisation is annulled or replaced, if all else holds."""

from datetime import date
from typing import Any

from domain.organisation.events import (
    PostAbolished,
    UnitClosed,
    UnitKind,
    UnitMerged,
    UnitMoved,
    UnitRenamed,
)
from domain.organisation.officials import AnnounceRetirement, OfficialExists, RegisterOfficial
from domain.organisation.organisation import OfficialUnknown, UnitNotOpen, UnitUnknown
from domain.organisation.posts import CreatePost
from domain.organisation.tenures import Appoint
from domain.organisation.territory import RenameUnit
from domain.organisation.units import EstablishUnit
from domain.record.annulment import AnnulledBefore, AnnulmentStands, ReplacesAnotherKind
from domain.timeline import EventsAnnulled
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    FOUNDED,
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
from tests.domain.scenario import BY_ADMINISTRATOR, given

ALL = given(*ORGANISATION)
EARLIER, LATER = date(2021, 3, 1), date(2021, 9, 1)
WARD, GROUP = "phuong", "to-dan-pho"
LAND = given(
    unit(WARD, UnitKind.WARD),
    unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
    unit(GROUP, UnitKind.DIVISION, WARD),
)


def test_an_appointment_dated_wrongly_is_replaced() -> None:
    vacant = given(*ORGANISATION, SUCCESSION[0], SUCCESSION[1])
    vacant.replacing(
        [SUCCESSION[1]], Appoint, SECRETARY, **BY_ADMINISTRATOR, on=LATER, official_id=SUCCESSOR
    ).then(holds(SUCCESSOR, SECRETARY, DISTRICT_PARTY, LATER))
    left = leaves(SUCCESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER.replace(month=7))
    vacant.given(left).replacing(
        [SUCCESSION[1]], Appoint, SECRETARY, **BY_ADMINISTRATOR, on=LATER, official_id=SUCCESSOR
    ).contradicts(left)


def test_a_wrong_person_is_replaced_on_the_same_day_in_the_same_seat() -> None:
    wrong = holds(CHAIR, SECRETARY, DISTRICT_PARTY, HANDOVER)
    right = given(*ORGANISATION, SUCCESSION[0], wrong).replacing(
        [wrong], Appoint, SECRETARY, **BY_ADMINISTRATOR, on=HANDOVER, official_id=SUCCESSOR
    )
    righted = right.then(SUCCESSION[1])
    righted.annulling(wrong, **BY_ADMINISTRATOR).refuses(AnnulledBefore)
    annulment = next(one for one in righted.history if isinstance(one, EventsAnnulled))
    righted.annulling(annulment, **BY_ADMINISTRATOR).refuses(AnnulmentStands)
    righted.annulling(SUCCESSION[1], **BY_ADMINISTRATOR).then().when(
        Appoint, SECRETARY, on=HANDOVER, official_id=CHAIR
    ).then(wrong)


def test_a_tenure_on_which_its_end_stands_is_annulled_with_it() -> None:
    started = holds(PREDECESSOR, SECRETARY, DISTRICT_PARTY)
    history = given(*ORGANISATION, *SUCCESSION)
    history.annulling(started, **BY_ADMINISTRATOR).contradicts(SUCCESSION[0])
    history.annulling(SUCCESSION[0], **BY_ADMINISTRATOR).contradicts(SUCCESSION[1])
    history.annulling(started, SUCCESSION[0], **BY_ADMINISTRATOR).then()
    history.annulling(*SUCCESSION, **BY_ADMINISTRATOR).then()


def test_a_post_is_annulled_with_all_that_stands_on_it() -> None:
    created, held = post("moi", AGENCY), holds(CHAIR, "moi", AGENCY)
    left = leaves(CHAIR, "moi", AGENCY, HANDOVER)
    abolished = PostAbolished(effective_on=LATER, post_id="moi", unit_id=AGENCY, reason="Bỏ")
    history = ALL.given(created, held, left, abolished)
    history.annulling(created, **BY_ADMINISTRATOR).contradicts(held, left, abolished)
    history.annulling(left, **BY_ADMINISTRATOR).contradicts(abolished)
    history.annulling(created, held, left, **BY_ADMINISTRATOR).contradicts(abolished)
    history.annulling(created, held, left, abolished, **BY_ADMINISTRATOR).then()


def test_a_unit_is_founded_under_a_parent_whose_own_founding_was_put_right() -> None:
    """Of the parent the first founding is seen; it is annulled, so another one is looked for."""
    founded = unit(WARD, UnitKind.WARD)
    again = founded.model_copy(update={"effective_on": EARLIER})
    ward: dict[str, Any] = {"name": WARD, "kind": UnitKind.WARD}
    group: dict[str, Any] = {"name": GROUP, "kind": UnitKind.DIVISION, "parent_id": WARD}
    below = unit(GROUP, UnitKind.DIVISION, WARD).model_copy(update={"effective_on": LATER})
    righted = (
        given(founded, unit(COMMITTEE, UnitKind.STANDING_COMMITTEE))
        .replacing([founded], EstablishUnit, WARD, **BY_ADMINISTRATOR, on=EARLIER, **ward)
        .then(again)
    )
    righted.when(EstablishUnit, GROUP, on=LATER, **group).then(below)
    righted.when(EstablishUnit, GROUP, on=FOUNDED, **group).refuses(UnitUnknown)
    closed = UnitClosed(effective_on=HANDOVER, unit_id=WARD, reason="Giải thể")
    righted.given(closed).when(EstablishUnit, GROUP, on=LATER, **group).refuses(UnitNotOpen)
    gone = given(founded).annulling(founded, **BY_ADMINISTRATOR).then()
    gone.when(EstablishUnit, GROUP, on=LATER, **group).refuses(UnitUnknown)


def test_a_post_that_was_annulled_is_created_anew() -> None:
    created = post("moi", AGENCY)
    params: dict[str, Any] = {
        "unit_id": AGENCY,
        "title": "moi",
        "kind": "district_leader",
        "managed_by": COMMITTEE,
    }
    ALL.given(created).annulling(created, **BY_ADMINISTRATOR).then().when(
        CreatePost, "moi", on=FOUNDED, **params
    ).then(created)


def test_a_unit_is_annulled_with_all_that_stands_on_it() -> None:
    established = unit(WARD, UnitKind.WARD)
    created = post("chu-tich", WARD)
    held = holds(CHAIR, "chu-tich", WARD)
    managed = post("to-truong", GROUP).model_copy(update={"managed_by": WARD})
    merged = UnitMerged(effective_on=LATER, unit_id=DISTRICT_STATE, into=WARD)
    unit_below = unit(GROUP, UnitKind.DIVISION, WARD)
    history = ALL.given(established, unit_below, created, held, managed, merged)
    standing = (unit_below, created, held, managed, merged)
    history.annulling(established, **BY_ADMINISTRATOR).contradicts(*standing)
    history.annulling(established, unit_below, **BY_ADMINISTRATOR).contradicts(*standing[1:])
    history.annulling(established, *standing, **BY_ADMINISTRATOR).then()


def test_a_unit_established_from_a_later_day_after_all_carries_nothing_before_it() -> None:
    params: dict[str, Any] = {"name": WARD, "kind": "ward"}
    below = unit(GROUP, UnitKind.DIVISION, WARD)
    established = unit(WARD, UnitKind.WARD)
    LAND.replacing(
        [established], EstablishUnit, WARD, **BY_ADMINISTRATOR, on=LATER, **params
    ).contradicts(below)
    earlier = date(2010, 1, 1)
    LAND.replacing(
        [established], EstablishUnit, WARD, **BY_ADMINISTRATOR, on=earlier, **params
    ).then(established.model_copy(update={"effective_on": earlier}))


def test_a_unit_stays_closed_only_if_what_was_in_it_stays_away() -> None:
    moved = UnitMoved(
        effective_on=HANDOVER, unit_id=GROUP, parent_id=COMMITTEE, former_parent_id=WARD
    )
    closed = UnitClosed(effective_on=LATER, unit_id=WARD, reason="Bãi bỏ")
    gone = LAND.given(moved, closed)
    gone.annulling(moved, **BY_ADMINISTRATOR).contradicts(closed)
    gone.annulling(moved, closed, **BY_ADMINISTRATOR).then()
    ended = UnitClosed(effective_on=EARLIER, unit_id=GROUP, reason="Bãi bỏ")
    LAND.given(ended, closed).annulling(ended, **BY_ADMINISTRATOR).contradicts(closed)
    created = post("to-truong", WARD)
    abolished = PostAbolished(effective_on=EARLIER, post_id="to-truong", unit_id=WARD, reason="Bỏ")
    emptied = LAND.given(created, abolished, ended, closed)
    emptied.annulling(abolished, **BY_ADMINISTRATOR).contradicts(closed)


def test_a_closing_that_others_left_in_order_is_not_blamed_on_them() -> None:
    other = unit("to-khac", UnitKind.DIVISION, WARD)
    gone = UnitMerged(effective_on=EARLIER, unit_id="to-khac", into=COMMITTEE)
    moved = UnitMoved(
        effective_on=HANDOVER, unit_id=GROUP, parent_id=COMMITTEE, former_parent_id=WARD
    )
    closed = UnitClosed(effective_on=LATER, unit_id=WARD, reason="Bãi bỏ")
    LAND.given(other, gone, moved, closed).annulling(moved, **BY_ADMINISTRATOR).contradicts(closed)


def test_a_move_that_kept_units_apart_is_annulled_only_if_they_stay_apart() -> None:
    apart = UnitMoved(
        effective_on=EARLIER, unit_id=GROUP, parent_id=COMMITTEE, former_parent_id=WARD
    )
    under = UnitMoved(effective_on=LATER, unit_id=WARD, parent_id=GROUP, former_parent_id=None)
    LAND.given(apart, under).annulling(apart, **BY_ADMINISTRATOR).contradicts(under)


def test_a_name_is_put_right_where_it_was_recorded() -> None:
    wrong = UnitRenamed(effective_on=HANDOVER, unit_id=WARD, name="Phừong", former_name=WARD)
    LAND.given(wrong).replacing(
        [wrong], RenameUnit, WARD, **BY_ADMINISTRATOR, on=HANDOVER, name="Phường"
    ).then(UnitRenamed(effective_on=HANDOVER, unit_id=WARD, name="Phường", former_name=WARD))


def test_an_official_is_annulled_with_all_that_stands_on_it() -> None:
    retiring: dict[str, Any] = {"on": EARLIER, "retires_on": date(2022, 1, 1)}
    registered = official(CHAIR)
    ALL.annulling(registered, **BY_ADMINISTRATOR).contradicts(ORGANISATION[-1])
    announced = ALL.when(AnnounceRetirement, SUCCESSOR, **retiring).decide()
    ALL.given(*announced).annulling(official(SUCCESSOR), **BY_ADMINISTRATOR).contradicts(*announced)
    ALL.annulling(official(SUCCESSOR), **BY_ADMINISTRATOR).then().when(
        AnnounceRetirement, SUCCESSOR, **retiring
    ).refuses(OfficialUnknown)


def test_the_name_of_an_official_is_put_right_and_the_tenures_stay() -> None:
    params: dict[str, Any] = {"full_name": "Nguyễn Văn A"}
    ALL.when(RegisterOfficial, CHAIR, **params).refuses(OfficialExists)
    ALL.replacing(
        [official(CHAIR)], RegisterOfficial, CHAIR, **BY_ADMINISTRATOR, on=LATER, **params
    ).then(official(CHAIR).model_copy(update={"full_name": "Nguyễn Văn A", "effective_on": LATER}))


def test_an_appointment_takes_the_place_of_no_unit() -> None:
    ALL.replacing(
        [unit(AGENCY, UnitKind.PARTY_AGENCY)],
        Appoint,
        DEPUTIES,
        **BY_ADMINISTRATOR,
        on=LATER,
        official_id=CHAIR,
    ).refuses(ReplacesAnotherKind)
