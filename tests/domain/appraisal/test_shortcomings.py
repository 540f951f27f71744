"""Shortcomings: established by a body, of an official or of a unit; regulations limit levels by."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.appraisal.derivation import Question, derive
from domain.appraisal.products import Span
from domain.appraisal.shortcomings import (
    DegradationEstablished,
    EstablishDegradation,
    EstablishShortcoming,
    UnitShortcomingEstablished,
)
from domain.kernel import BodyRequired, DocumentRequired, Event
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from domain.regulations import samples
from domain.regulations.policies import checked
from tests.domain.cast import (
    COMMITTEE,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    DONE,
    ORGANISATION,
    PREDECESSOR,
    SUCCESSOR,
)
from tests.domain.scenario import BY_BODY, given

FOUNDED = given(*ORGANISATION)
WHY: dict[str, Any] = {"reason": "Kết luận kiểm tra"}
YEAR = Span(date(2021, 1, 1), date(2021, 12, 31))
DEGRADED = DegradationEstablished(
    effective_on=DONE, official_id=PREDECESSOR, established_by=COMMITTEE, **WHY
)
CORRUPT = UnitShortcomingEstablished(
    effective_on=DONE,
    unit_id=DISTRICT_PARTY,
    established_by=COMMITTEE,
    shortcoming="corruption",
    **WHY,
)
WASTEFUL = CORRUPT.model_copy(update={"shortcoming": "waste"})


def test_a_body_establishes_them_by_its_document() -> None:
    FOUNDED.when(EstablishDegradation, PREDECESSOR, on=DONE, **BY_BODY, **WHY).then(DEGRADED)
    wasteful = {**WHY, "shortcoming": "waste"}
    FOUNDED.when(EstablishShortcoming, DISTRICT_PARTY, on=DONE, **BY_BODY, **wasteful).then(
        WASTEFUL
    )
    FOUNDED.when(EstablishDegradation, "nobody", **BY_BODY, **WHY).refuses(OfficialUnknown)
    FOUNDED.when(EstablishShortcoming, "nowhere", **BY_BODY, **wasteful).refuses(UnitUnknown)
    without: dict[str, Any] = {**BY_BODY, "basis": None}
    FOUNDED.when(EstablishDegradation, PREDECESSOR, **without, **WHY).refuses(DocumentRequired)
    nobody: dict[str, Any] = {**BY_BODY, "on_behalf_of": None}
    FOUNDED.when(EstablishShortcoming, DISTRICT_PARTY, **nobody, **wasteful).refuses(BodyRequired)


def level(*events: Event) -> str | None:
    """By the decree's override of each; without them nothing leads to a level."""
    policy = checked(samples.text("335-2025-nd-cp")).policy
    assert policy is not None
    cohort = policy.cohorts[0].name if policy.cohorts else ""
    question = Question(official_id=PREDECESSOR, cohort=cohort, span=YEAR)
    recorded = dict(enumerate((*ORGANISATION, *events), start=1))
    rating = derive(policy, question, recorded)
    if rating.level is not None and events:
        assert rating.step.stands_on() >= {len(recorded)}
    return rating.level


@pytest.mark.parametrize("established", [DEGRADED, CORRUPT, WASTEFUL])
def test_the_decree_rates_at_the_lowest_level_by_each_within_the_cycle(established: Event) -> None:
    assert level() is None
    assert level(established) == "NOT_COMPLETED"
    before = established.model_copy(update={"effective_on": YEAR.from_on - timedelta(1)})
    assert level(before) is None
    others = {"official_id": SUCCESSOR, "unit_id": DISTRICT_STATE}
    of_another = {name: one for name, one in others.items() if hasattr(established, name)}
    assert level(established.model_copy(update=of_another)) is None
