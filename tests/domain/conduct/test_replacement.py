"""Replacement: proposed of whoever holds the post, by recorded findings, and answered once."""

from typing import Any

from domain.conduct.events import ReplacementDecided, ReplacementProposed
from domain.conduct.findings import FindingUnknown
from domain.conduct.replacement import (
    DecideReplacement,
    ProposeReplacement,
    ReplacementAwaited,
    ReplacementSettled,
    ReplacementUnknown,
)
from domain.kernel import BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import NotThePostHolder
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    DISTRICT_PARTY,
    DONE,
    ORGANISATION,
    PREDECESSOR,
    SECRETARY,
)
from tests.domain.conduct.test_findings import FOUND, adopted
from tests.domain.scenario import BY_BODY, given

FOUNDED = given(*ORGANISATION, adopted(), FOUND)
SAID: dict[str, Any] = {"post_id": SECRETARY, "findings": (1,), "reason": "Né tránh việc khó"}
BY_AGENCY: dict[str, Any] = {"on": DONE, "on_behalf_of": AGENCY}
PROPOSED = ReplacementProposed(
    effective_on=DONE,
    official_id=PREDECESSOR,
    number=1,
    proposed_by=AGENCY,
    managed_by=COMMITTEE,
    **SAID,
)
ANSWER: dict[str, Any] = {"number": 1, "accepted": True, "reason": "Đồng ý"}


def test_a_unit_proposes_it_of_whoever_holds_the_post() -> None:
    FOUNDED.when(ProposeReplacement, PREDECESSOR, **BY_AGENCY, **SAID).then(PROPOSED).when(
        ProposeReplacement, PREDECESSOR, **BY_AGENCY, **SAID
    ).refuses(ReplacementAwaited)
    FOUNDED.when(ProposeReplacement, PREDECESSOR, on=DONE, **SAID).refuses(BodyRequired)
    unknown = {**SAID, "findings": (2,)}
    FOUNDED.when(ProposeReplacement, PREDECESSOR, **BY_AGENCY, **unknown).refuses(FindingUnknown)
    other = {**SAID, "findings": ()}
    FOUNDED.when(ProposeReplacement, CHAIR, **BY_AGENCY, **other).refuses(NotThePostHolder)


def test_the_body_that_manages_the_post_answers_once() -> None:
    proposed = given(*ORGANISATION, PROPOSED)
    decided = ReplacementDecided(
        effective_on=DONE,
        official_id=PREDECESSOR,
        post_id=SECRETARY,
        decided_by=COMMITTEE,
        **ANSWER,
    )
    proposed.when(DecideReplacement, PREDECESSOR, on=DONE, **BY_BODY, **ANSWER).then(decided).when(
        DecideReplacement, PREDECESSOR, on=DONE, **BY_BODY, **ANSWER
    ).refuses(ReplacementSettled)
    other: dict[str, Any] = {**BY_BODY, "on_behalf_of": DISTRICT_PARTY}
    proposed.when(DecideReplacement, PREDECESSOR, on=DONE, **other, **ANSWER).refuses(
        NotTheEntitledBody
    )
    proposed.when(
        DecideReplacement, PREDECESSOR, on=DONE, on_behalf_of=COMMITTEE, **ANSWER
    ).refuses(DocumentRequired)
    unknown = {**ANSWER, "number": 2}
    proposed.when(DecideReplacement, PREDECESSOR, on=DONE, **BY_BODY, **unknown).refuses(
        ReplacementUnknown
    )
