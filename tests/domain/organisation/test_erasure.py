"""One person asks to erase an official's data, and another one decides."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor, BodyRequired, DocumentRequired
from domain.organisation.erasure import (
    ErasedBefore,
    EraseOfficial,
    ErasureAwaitsDecision,
    ErasureNotRequested,
    OfficialInOffice,
    RefuseErasure,
    RequestErasure,
    RequesterMayNotDecide,
)
from domain.organisation.events import (
    ErasureGround,
    ErasureRefusal,
    OfficialErased,
    OfficialErasureRefused,
    OfficialErasureRequested,
)
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from domain.record.annulment import ErasureStands
from tests.domain.cast import (
    COMMITTEE,
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    ORGANISATION,
    PREDECESSOR,
    holds,
    official,
)
from tests.domain.scenario import CLERK, DECISION, OFFICE, given

WHO = "leaver"
ON = date(2021, 12, 31)
PRIVATE = given(*ORGANISATION, official(WHO))
IN_PERSON, OTHER, HIMSELF = (Actor(f"official:{who}") for who in ("asker", "decider", WHO))
GROUND = ErasureGround.RETENTION_ENDED
REQUEST: dict[str, Any] = {"ground": GROUND, "basis": DECISION}


def requested(by: Actor = CLERK, body: str | None = DISTRICT_PARTY) -> OfficialErasureRequested:
    return OfficialErasureRequested(
        effective_on=ON,
        official_id=WHO,
        ground=GROUND,
        requested_by=by.id,
        requested_for=body,
    )


ASKED = PRIVATE.given(requested())
ERASED = OfficialErased(effective_on=ON, official_id=WHO, ground=GROUND, erased_by=COMMITTEE)
BY_COMMITTEE: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}


def test_one_asks_and_another_one_erases() -> None:
    asking = PRIVATE.when(RequestErasure, WHO, on_behalf_of=DISTRICT_PARTY, **REQUEST)
    deciding = asking.then(requested()).when(EraseOfficial, WHO, by=OFFICE, **BY_COMMITTEE)
    again = deciding.then(ERASED).when(RequestErasure, WHO, on_behalf_of=COMMITTEE, **REQUEST)
    again.refuses(ErasedBefore)


def test_an_official_asks_in_person_and_nobody_else_without_a_body() -> None:
    PRIVATE.when(RequestErasure, WHO, by=HIMSELF, **REQUEST).then(requested(HIMSELF, None))
    PRIVATE.when(RequestErasure, WHO, by=IN_PERSON, **REQUEST).refuses(BodyRequired)


@pytest.mark.parametrize("command", [EraseOfficial, RefuseErasure])
@pytest.mark.parametrize(
    ("asker", "body", "decider"),
    [
        (CLERK, COMMITTEE, CLERK),  # the same, through whatever token
        (CLERK, DISTRICT_PARTY, CLERK),  # in another body's name
        (CLERK, COMMITTEE, OFFICE),  # another client of the same body
        (IN_PERSON, COMMITTEE, OFFICE),  # whom the client of a person's body serves is not known
        (CLERK, COMMITTEE, OTHER),
        (IN_PERSON, DISTRICT_PARTY, IN_PERSON),
        (CLERK, DISTRICT_PARTY, HIMSELF),  # whose data it is
    ],
)
def test_nobody_decides_on_what_they_asked_for(
    command: type[EraseOfficial | RefuseErasure], asker: Actor, body: str, decider: Actor
) -> None:
    why: dict[str, Any] = {"reason": "under_inspection"} if command is RefuseErasure else {}
    PRIVATE.given(requested(asker, body)).when(
        command, WHO, by=decider, **BY_COMMITTEE, **why
    ).refuses(RequesterMayNotDecide)


def test_two_persons_of_one_body_are_two() -> None:
    PRIVATE.given(requested(IN_PERSON, COMMITTEE)).when(
        EraseOfficial, WHO, by=OTHER, **BY_COMMITTEE
    ).then(ERASED)


def test_a_refusal_is_recorded_with_its_reason_and_it_may_be_asked_for_again() -> None:
    refused = OfficialErasureRefused(
        effective_on=ON,
        official_id=WHO,
        reason=ErasureRefusal.UNDER_INSPECTION,
        refused_by=COMMITTEE,
    )
    ASKED.when(
        RefuseErasure, WHO, by=OFFICE, reason=ErasureRefusal.UNDER_INSPECTION, **BY_COMMITTEE
    ).then(refused).when(EraseOfficial, WHO, by=OFFICE, **BY_COMMITTEE).refuses(ErasureNotRequested)
    ASKED.given(refused).when(RequestErasure, WHO, on_behalf_of=DISTRICT_PARTY, **REQUEST).then(
        requested()
    )


def test_who_is_in_office_is_not_erased_and_the_request_is_recorded() -> None:
    PRIVATE.when(RequestErasure, PREDECESSOR, on_behalf_of=DISTRICT_PARTY, **REQUEST).then(
        requested().model_copy(update={"official_id": PREDECESSOR}),
        OfficialErasureRefused(
            effective_on=ON,
            official_id=PREDECESSOR,
            reason=ErasureRefusal.IN_OFFICE,
            refused_by=None,
        ),
    )
    ASKED.given(holds(WHO, DEPUTIES, DISTRICT_STATE)).when(
        EraseOfficial, WHO, by=OFFICE, **BY_COMMITTEE
    ).refuses(OfficialInOffice)


def test_what_is_missing_is_named() -> None:
    ASKED.when(RequestErasure, WHO, on_behalf_of=DISTRICT_PARTY, **REQUEST).refuses(
        ErasureAwaitsDecision
    )
    PRIVATE.when(EraseOfficial, WHO, by=OFFICE, **BY_COMMITTEE).refuses(ErasureNotRequested)
    ASKED.when(EraseOfficial, WHO, by=OFFICE, on_behalf_of=COMMITTEE).refuses(DocumentRequired)
    ASKED.when(EraseOfficial, WHO, by=OFFICE, basis=DECISION).refuses(BodyRequired)
    ASKED.when(EraseOfficial, WHO, by=OFFICE, on_behalf_of="nowhere", basis=DECISION).refuses(
        UnitUnknown
    )
    PRIVATE.when(RequestErasure, "nobody", on_behalf_of=COMMITTEE, **REQUEST).refuses(
        OfficialUnknown
    )


def test_an_erasure_is_not_annulled() -> None:
    ASKED.given(ERASED, by=OFFICE, on_behalf_of=COMMITTEE).annulling(
        ERASED, by=OFFICE, **BY_COMMITTEE
    ).refuses(ErasureStands)


@pytest.mark.parametrize(
    "more", [{"effective_on": "2021-01-01"}, {"replaces": {"positions": [1], "reason": "Nhầm"}}]
)
def test_an_erasure_counts_at_once_and_replaces_nothing(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EraseOfficial.PARAMETERS.model_validate(more)
