"""Facts that ratings need: discipline of officials and results of units, by a body's document."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.appraisal.events import DisciplineDecided, UnitRated
from domain.appraisal.facts import CycleNotOver, DecideDiscipline, MayNotRateItself, RateUnit
from domain.kernel import BodyRequired, DocumentRequired
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from tests.domain.cast import COMMITTEE, DISTRICT_STATE, DONE, ORGANISATION, PREDECESSOR
from tests.domain.scenario import BY_BODY, given

FOUNDED = given(*ORGANISATION)
REPRIMAND: dict[str, Any] = {"form": "reprimand", "reason": "Vi phạm quy chế"}
GOOD: dict[str, Any] = {"from_on": date(2021, 1, 1), "to_on": DONE, "level": "GOOD"}


def test_discipline_is_decided_by_a_body_and_its_document() -> None:
    decided = DisciplineDecided(
        effective_on=DONE, official_id=PREDECESSOR, decided_by=COMMITTEE, **REPRIMAND
    )
    FOUNDED.when(DecideDiscipline, PREDECESSOR, on=DONE, **BY_BODY, **REPRIMAND).then(decided)
    without: dict[str, Any] = {**BY_BODY, "basis": None}
    FOUNDED.when(DecideDiscipline, PREDECESSOR, **without, **REPRIMAND).refuses(DocumentRequired)
    nobody: dict[str, Any] = {**BY_BODY, "on_behalf_of": None}
    FOUNDED.when(DecideDiscipline, PREDECESSOR, **nobody, **REPRIMAND).refuses(BodyRequired)
    FOUNDED.when(DecideDiscipline, "nobody", **BY_BODY, **REPRIMAND).refuses(OfficialUnknown)


def test_a_unit_is_rated_by_another_body_once_the_period_is_over() -> None:
    rated = UnitRated(effective_on=DONE, unit_id=DISTRICT_STATE, decided_by=COMMITTEE, **GOOD)
    FOUNDED.when(RateUnit, DISTRICT_STATE, on=DONE, **BY_BODY, **GOOD).then(rated)
    early = date(2021, 9, 30)
    FOUNDED.when(RateUnit, DISTRICT_STATE, on=early, **BY_BODY, **GOOD).refuses(CycleNotOver)
    FOUNDED.when(RateUnit, COMMITTEE, on=DONE, **BY_BODY, **GOOD).refuses(MayNotRateItself)
    FOUNDED.when(RateUnit, "nowhere", on=DONE, **BY_BODY, **GOOD).refuses(UnitUnknown)
    with pytest.raises(ValidationError, match="ends before it begins"):
        FOUNDED.when(RateUnit, DISTRICT_STATE, **{**GOOD, "to_on": date(2020, 1, 1)})
