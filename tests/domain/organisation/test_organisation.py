"""Units, posts, officials and tenures: what may follow what."""

from datetime import date
from typing import Any

import pytest

from domain.organisation.events import (
    EndCause,
    PostAbolished,
    RetirementAnnounced,
    UnitClosed,
    UnitKind,
)
from domain.organisation.officials import (
    AnnounceRetirement,
    OfficialExists,
    RegisterOfficial,
    RetiresBeforeAnnounced,
)
from domain.organisation.organisation import (
    NotThePostHolder,
    OfficialUnknown,
    PostUnknown,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.posts import (
    AbolishPost,
    CreatePost,
    HeadHasOneSeat,
    PostExists,
    PostHeld,
    UnitHasHead,
)
from domain.organisation.tenures import AlreadyHoldsPost, Appoint, PostOccupied, TenureWouldBeEmpty
from domain.organisation.units import (
    EstablishUnit,
    UnitExists,
    UnitHasChildren,
    UnitHasPosts,
)
from domain.succession.closing import CloseUnit
from domain.succession.leaver import EndTenure
from tests.domain.cast import (
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
from tests.domain.scenario import given

ALL = given(*ORGANISATION)
COMMUNE: dict[str, Any] = {"name": "xa-thai-son", "kind": "commune", "parent_id": DISTRICT_STATE}


def test_a_unit_is_established_below_its_parent() -> None:
    ALL.when(EstablishUnit, "xa-thai-son", on=FOUNDED, **COMMUNE).then(
        unit("xa-thai-son", UnitKind.COMMUNE, DISTRICT_STATE)
    ).when(EstablishUnit, "xa-thai-son", on=FOUNDED, **COMMUNE).refuses(UnitExists)


def test_a_parent_exists_on_the_day_its_unit_is_established() -> None:
    ALL.when(EstablishUnit, "xa", **{**COMMUNE, "parent_id": "nowhere"}).refuses(UnitUnknown)
    ALL.when(EstablishUnit, "xa", on=date(2014, 12, 31), **COMMUNE).refuses(UnitUnknown)
    closed = UnitClosed(effective_on=HANDOVER, unit_id="huyen", reason="Bãi bỏ")
    ended = given(unit("huyen", UnitKind.DISTRICT), closed)
    below: dict[str, Any] = {**COMMUNE, "parent_id": "huyen"}
    ended.when(EstablishUnit, "xa", on=HANDOVER, **below).refuses(UnitNotOpen)


def test_a_unit_with_posts_or_units_below_it_is_not_closed() -> None:
    ALL.when(CloseUnit, DISTRICT_PARTY, reason="Sáp nhập").refuses(UnitHasPosts)
    below = given(unit("huyen", UnitKind.DISTRICT), unit("xa", UnitKind.COMMUNE, "huyen"))
    below.when(CloseUnit, "huyen", reason="Sáp nhập").refuses(UnitHasChildren)
    below.when(CloseUnit, "xa", on=HANDOVER, reason="Sáp nhập").then(
        UnitClosed(effective_on=HANDOVER, unit_id="xa", reason="Sáp nhập")
    ).when(CloseUnit, "huyen", on=HANDOVER, reason="Sáp nhập").then(
        UnitClosed(effective_on=HANDOVER, unit_id="huyen", reason="Sáp nhập")
    ).when(CloseUnit, "huyen", reason="Sáp nhập").refuses(UnitNotOpen)


POST: dict[str, Any] = {
    "unit_id": DISTRICT_PARTY,
    "title": "pho-bi-thu",
    "kind": "district_leader",
    "managed_by": COMMITTEE,
}


def test_a_post_is_created_in_a_unit_and_managed_by_a_body() -> None:
    ALL.when(CreatePost, "pho-bi-thu", on=FOUNDED, **POST).then(post("pho-bi-thu", DISTRICT_PARTY))
    ALL.when(CreatePost, SECRETARY, **POST).refuses(PostExists)
    ALL.when(CreatePost, "x", **{**POST, "managed_by": "nowhere"}).refuses(UnitUnknown)


def test_a_unit_has_one_head() -> None:
    ALL.when(CreatePost, "x", **POST, heads_unit=True).refuses(UnitHasHead)
    ALL.when(CreatePost, "x", **{**POST, "unit_id": COMMITTEE}, heads_unit=True, seats=2).refuses(
        HeadHasOneSeat
    )


def test_a_held_post_is_not_abolished() -> None:
    ALL.when(AbolishPost, SECRETARY, reason="Bỏ chức danh").refuses(PostHeld)
    ALL.when(AbolishPost, "nowhere", reason="Bỏ chức danh").refuses(PostUnknown)
    ALL.when(AbolishPost, DEPUTIES, on=HANDOVER, reason="Bỏ chức danh").then(
        PostAbolished(
            effective_on=HANDOVER,
            post_id=DEPUTIES,
            unit_id=DISTRICT_STATE,
            reason="Bỏ chức danh",
        )
    )


def test_an_official_is_registered_once() -> None:
    params: dict[str, Any] = {"full_name": "Cán bộ 004"}
    ALL.when(RegisterOfficial, "can-bo-004", on=FOUNDED, **params).then(official("can-bo-004"))
    ALL.when(RegisterOfficial, CHAIR, **params).refuses(OfficialExists)


def test_a_pending_retirement_is_announced_before_its_day() -> None:
    ALL.when(AnnounceRetirement, PREDECESSOR, on=HANDOVER, retires_on=date(2021, 9, 1)).then(
        RetirementAnnounced(
            effective_on=HANDOVER, official_id=PREDECESSOR, retires_on=date(2021, 9, 1)
        )
    )
    ALL.when(AnnounceRetirement, PREDECESSOR, on=HANDOVER, retires_on=HANDOVER).refuses(
        RetiresBeforeAnnounced
    )
    ALL.when(AnnounceRetirement, "nobody", retires_on=date(2022, 9, 1)).refuses(OfficialUnknown)


def test_the_successor_is_appointed_when_the_predecessor_has_left() -> None:
    appointed: dict[str, Any] = {"official_id": SUCCESSOR}
    ALL.when(Appoint, SECRETARY, on=HANDOVER, **appointed).refuses(PostOccupied)
    ALL.when(EndTenure, SECRETARY, on=HANDOVER, official_id=PREDECESSOR, cause="retirement").then(
        SUCCESSION[0]
    ).when(Appoint, SECRETARY, on=HANDOVER, **appointed).then(SUCCESSION[1])


def test_an_appointment_does_not_reach_back_into_the_predecessors_days() -> None:
    given(*ORGANISATION, SUCCESSION[0]).when(
        Appoint, SECRETARY, on=date(2021, 5, 31), official_id=SUCCESSOR
    ).refuses(PostOccupied)


def test_several_hold_a_post_of_several_seats() -> None:
    ALL.when(Appoint, DEPUTIES, on=FOUNDED, official_id=CHAIR).then(
        holds(CHAIR, DEPUTIES, DISTRICT_STATE)
    ).when(Appoint, DEPUTIES, official_id=CHAIR).refuses(AlreadyHoldsPost)


@pytest.mark.parametrize("cause", list(EndCause))
def test_a_tenure_ends_for_a_cause(cause: EndCause) -> None:
    params: dict[str, Any] = {"official_id": PREDECESSOR, "cause": cause}
    ended = leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER)
    after = ALL.when(EndTenure, SECRETARY, on=HANDOVER, **params).then(
        ended.model_copy(update={"cause": cause})
    )
    after.when(EndTenure, SECRETARY, **params).refuses(NotThePostHolder)


def test_a_tenure_lasts_a_day_at_least() -> None:
    ALL.when(EndTenure, SECRETARY, on=FOUNDED, official_id=PREDECESSOR, cause="death").refuses(
        TenureWouldBeEmpty
    )


def test_an_unknown_official_or_post_is_not_filled() -> None:
    ALL.when(Appoint, DEPUTIES, official_id="nobody").refuses(OfficialUnknown)
    ALL.when(Appoint, "nowhere", official_id=CHAIR).refuses(PostUnknown)
