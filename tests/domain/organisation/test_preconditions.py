"""What may follow is said once for every event of the organisation, as far as it is seen."""

from datetime import date

import pytest

from domain.catalogue import EVENT_TYPES
from domain.kernel import Event, Refusal
from domain.organisation import events as organisation
from domain.organisation.events import (
    PostAbolished,
    RetirementAnnounced,
    UnitCeded,
    UnitClosed,
    UnitKind,
    UnitMerged,
    UnitMoved,
    UnitRecoded,
    UnitRenamed,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.officials import OfficialExists, RetiresBeforeAnnounced
from domain.organisation.organisation import (
    NotThePostHolder,
    OfficialUnknown,
    PostNotOpen,
    PostUnknown,
    UnitNotOpen,
    UnitTakesFromItself,
    UnitUnknown,
)
from domain.organisation.posts import PostExists, PostHeld, UnitHasHead
from domain.organisation.preconditions import PRECONDITIONS, OrganisationState
from domain.organisation.tenures import AlreadyHoldsPost, PostOccupied, TenureWouldBeEmpty
from domain.organisation.territory import (
    LevelDiffers,
    NothingChanges,
    NotOfTheKind,
    ParentWithinUnit,
)
from domain.organisation.unit_kinds import (
    UNIT_KIND_EVENTS,
    Level,
    UnitKindChanged,
    UnitKindDeclared,
    UnitKindEnded,
    UnitKindInForce,
    UnitKindMeansOtherwise,
    UnitKindNameTaken,
    UnitKindUnchanged,
    UnitKindUnknown,
)
from domain.organisation.units import UnitExists, UnitHasChildren, UnitHasPosts
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    FOUNDED,
    HANDOVER,
    ORGANISATION,
    PREDECESSOR,
    SECRETARY,
    SUCCESSOR,
    holds,
    leaves,
    official,
    post,
    unit,
)

ON = HANDOVER


def declared(kind: str, name: str, *, on: date = ON) -> UnitKindDeclared:
    return UnitKindDeclared(
        effective_on=on, unit_kind_id=kind, names=(name,), level=Level.BASE, monitored=True
    )


def changed(kind: str, *names: str) -> UnitKindChanged:
    before = {"former_names": ("khác",), "former_monitored": True}
    return UnitKindChanged(
        effective_on=ON, unit_kind_id=kind, names=names, monitored=True, **before
    )


def kind_ended(kind: str) -> UnitKindEnded:
    return UnitKindEnded(effective_on=ON, unit_kind_id=kind, reason="Bãi bỏ")


GONE, LOST = "don-vi-cu", "khong-co"
ENDED = (
    unit(GONE, UnitKind.PARTY_AGENCY),
    UnitClosed(effective_on=date(2020, 1, 1), unit_id=GONE, reason="Bãi bỏ"),
    post("chuc-danh-cu", AGENCY),
    PostAbolished(
        effective_on=date(2020, 1, 1), post_id="chuc-danh-cu", unit_id=AGENCY, reason="Bãi bỏ"
    ),
    declared("khu_cu", "khu cũ", on=FOUNDED),
    UnitKindEnded(effective_on=date(2020, 1, 1), unit_kind_id="khu_cu", reason="Bãi bỏ"),
)
# Recorded, and annulled since: their beginnings are seen and do not stand.
ANNULLED = (
    unit(LOST, UnitKind.PARTY_AGENCY),
    post(LOST, AGENCY),
    official(LOST),
)


def renamed(unit_id: str, name: str = "Tên mới") -> UnitRenamed:
    return UnitRenamed(effective_on=ON, unit_id=unit_id, name=name, former_name="Tên cũ")


def retyped(unit_id: str, kind: UnitKind) -> UnitRetyped:
    return UnitRetyped(effective_on=ON, unit_id=unit_id, kind=kind, former_kind=kind)


def moved(unit_id: str, parent_id: str | None) -> UnitMoved:
    return UnitMoved(effective_on=ON, unit_id=unit_id, parent_id=parent_id, former_parent_id=None)


def closed(unit_id: str) -> UnitClosed:
    return UnitClosed(effective_on=ON, unit_id=unit_id, reason="Bãi bỏ")


def merged(unit_id: str, into: str) -> UnitMerged:
    return UnitMerged(effective_on=ON, unit_id=unit_id, into=into)


def ceded(unit_id: str, to_unit: str) -> UnitCeded:
    return UnitCeded(effective_on=ON, unit_id=unit_id, to_unit=to_unit, part="Xóm Bãi")


def abolished(post_id: str) -> PostAbolished:
    return PostAbolished(effective_on=ON, post_id=post_id, unit_id=AGENCY, reason="Bãi bỏ")


def retiring(official_id: str, retires_on: date = date(2022, 1, 1)) -> RetirementAnnounced:
    return RetirementAnnounced(effective_on=ON, official_id=official_id, retires_on=retires_on)


def erasing(official_id: str) -> list[Event]:
    about = {"effective_on": ON, "official_id": official_id}
    ground = {**about, "ground": "retention_ended"}
    return [
        organisation.OfficialErasureRequested.model_validate(
            {**ground, "requested_by": "client:registry", "requested_for": AGENCY}
        ),
        organisation.OfficialErasureRefused.model_validate(
            {**about, "reason": "in_office", "refused_by": None}
        ),
        organisation.OfficialErased.model_validate({**ground, "erased_by": AGENCY}),
    ]


REFUSED: list[tuple[Event, type[Refusal]]] = [
    (unit(AGENCY, UnitKind.PARTY_AGENCY), UnitExists),
    (unit("moi", UnitKind.PARTY_AGENCY, LOST), UnitUnknown),
    (unit("moi", UnitKind.PARTY_AGENCY, GONE).model_copy(update={"effective_on": ON}), UnitNotOpen),
    (closed(LOST), UnitUnknown),
    (closed(GONE), UnitNotOpen),
    (closed(DISTRICT_PARTY), UnitHasPosts),
    (closed(COMMITTEE), UnitHasChildren),
    (renamed(LOST), UnitUnknown),
    (renamed(GONE), UnitNotOpen),
    (renamed(AGENCY, AGENCY), NothingChanges),
    (retyped(GONE, UnitKind.FRONT), UnitNotOpen),
    (retyped(AGENCY, UnitKind.PARTY_AGENCY), NothingChanges),
    (retyped(AGENCY, UnitKind.COMMUNE), LevelDiffers),
    (retyped(AGENCY, UnitKind.FRONT), NotOfTheKind),
    (unit("moi", "khu_cu", level=Level.BASE, monitored=True, on=ON), UnitKindUnknown),
    (unit("moi", UnitKind.WARD, level=Level.BASE, monitored=False), UnitKindMeansOtherwise),
    (declared("ward", "phố"), UnitKindInForce),
    (declared("khu_moi", "Phường"), UnitKindNameTaken),
    (changed("khu_cu", "khu cũ"), UnitKindUnknown),
    (changed("ward", "phường", "P."), UnitKindUnchanged),
    (changed("ward", "xã"), UnitKindNameTaken),
    (kind_ended("khu_cu"), UnitKindUnknown),
    (UnitRecoded(effective_on=ON, unit_id=GONE, code="1", former_code=None), UnitNotOpen),
    (UnitRecoded(effective_on=ON, unit_id=AGENCY, code=None, former_code="1"), NothingChanges),
    (moved(GONE, AGENCY), UnitNotOpen),
    (moved(AGENCY, None), NothingChanges),
    (moved(AGENCY, GONE), UnitNotOpen),
    (moved(COMMITTEE, DISTRICT_PARTY), ParentWithinUnit),
    (merged(GONE, AGENCY), UnitNotOpen),
    (merged(AGENCY, GONE), UnitNotOpen),
    (merged(AGENCY, AGENCY), UnitTakesFromItself),
    (UnitSplit(effective_on=ON, unit_id=GONE, into=(AGENCY, COMMITTEE)), UnitNotOpen),
    (UnitSplit(effective_on=ON, unit_id=AGENCY, into=(COMMITTEE, LOST)), UnitUnknown),
    (UnitSplit(effective_on=ON, unit_id=AGENCY, into=(COMMITTEE, AGENCY)), UnitTakesFromItself),
    (ceded(GONE, AGENCY), UnitNotOpen),
    (ceded(AGENCY, GONE), UnitNotOpen),
    (ceded(AGENCY, AGENCY), UnitTakesFromItself),
    (post(SECRETARY, DISTRICT_PARTY), PostExists),
    (post("moi", LOST), UnitUnknown),
    (post("moi", AGENCY).model_copy(update={"managed_by": LOST}), UnitUnknown),
    (post("moi", GONE).model_copy(update={"effective_on": ON}), UnitNotOpen),
    (post("moi", DISTRICT_PARTY, heads=True), UnitHasHead),
    (abolished(LOST), PostUnknown),
    (abolished("chuc-danh-cu"), PostNotOpen),
    (abolished(SECRETARY), PostHeld),
    (official(CHAIR), OfficialExists),
    (retiring(LOST), OfficialUnknown),
    (retiring(CHAIR, ON), RetiresBeforeAnnounced),
    *((event, OfficialUnknown) for event in erasing(LOST)),
    (holds(SUCCESSOR, LOST, AGENCY, ON), PostUnknown),
    (holds(SUCCESSOR, "chuc-danh-cu", AGENCY, ON), PostNotOpen),
    (holds(LOST, DEPUTIES, DISTRICT_STATE, ON), OfficialUnknown),
    (holds(PREDECESSOR, SECRETARY, DISTRICT_PARTY, ON), AlreadyHoldsPost),
    (holds(SUCCESSOR, SECRETARY, DISTRICT_PARTY, ON), PostOccupied),
    (leaves(SUCCESSOR, SECRETARY, DISTRICT_PARTY, ON), NotThePostHolder),
    (leaves(CHAIR, CHAIRMAN, DISTRICT_STATE, FOUNDED), TenureWouldBeEmpty),
]

# The same of what is not seen, and so is not judged.
UNSEEN = "khong-thay"
NOT_JUDGED: list[Event] = [
    unit("moi", UnitKind.PARTY_AGENCY, UNSEEN),
    closed(UNSEEN),
    renamed(UNSEEN),
    retyped(UNSEEN, UnitKind.COMMUNE),
    UnitRecoded(effective_on=ON, unit_id=UNSEEN, code=None, former_code="1"),
    moved(UNSEEN, UNSEEN + "-2"),
    merged(UNSEEN, UNSEEN + "-2"),
    UnitSplit(effective_on=ON, unit_id=UNSEEN, into=(UNSEEN + "-2", UNSEEN + "-3")),
    ceded(UNSEEN, UNSEEN + "-2"),
    post("moi", UNSEEN, heads=True).model_copy(update={"managed_by": UNSEEN + "-2"}),
    abolished(UNSEEN),
    official(UNSEEN),
    retiring(UNSEEN),
    *erasing(UNSEEN),
    holds(UNSEEN, UNSEEN, UNSEEN, ON),
]


def state() -> OrganisationState:
    seen = (*ORGANISATION, *ENDED)
    organisation = OrganisationState((*seen, *ANNULLED))
    for event in seen:
        organisation.evolve(event)
    return organisation


def test_every_event_of_the_organisation_has_a_precondition() -> None:
    defined = {e for e in EVENT_TYPES.values() if e.__module__ == organisation.__name__}
    defined |= set(UNIT_KIND_EVENTS)
    assert set(PRECONDITIONS) == defined
    assert {type(event) for event, _ in REFUSED} == defined
    # An end without its beginning is seen nowhere: both carry the same tags. So do kinds.
    unseen_nowhere = {organisation.TenureEnded, *UNIT_KIND_EVENTS}
    assert {type(event) for event in NOT_JUDGED} == defined - unseen_nowhere


@pytest.mark.parametrize(("event", "refusal"), REFUSED)
def test_what_cannot_follow_on_its_day_is_refused(event: Event, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as caught:
        state().require(event)
    assert type(caught.value) is refusal


@pytest.mark.parametrize("event", NOT_JUDGED)
def test_what_is_not_seen_is_not_judged(event: Event) -> None:
    state().require(event)
    state().evolve(event)


def test_what_happened_may_follow_what_happened_before() -> None:
    seen = OrganisationState((*ORGANISATION, *ENDED))
    for event in (*ORGANISATION, *ENDED):
        seen.require(event)
        seen.evolve(event)
