"""Adoption: what a regulation says counts from its day until the next."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import BodyRequired, DocumentRequired
from domain.regulations.adoption import RegulateCellAttendance, RegulateCommuneMonitoring
from domain.regulations.events import (
    CellAttendanceRegulated,
    CommuneMonitoringRegulated,
    YearlyDeadline,
)
from domain.regulations.regulations import RegulatedFromThatDay, Regulations
from tests.domain.cast import COMMITTEE
from tests.domain.scenario import BY_BODY, DECISION, Scenario, given

ADOPTED, LATER = date(2021, 1, 4), date(2021, 7, 1)
NONE = Scenario(())
DEADLINES: dict[str, Any] = {
    "programme_due": {"month": 1, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}
OF_COMMUNES = CommuneMonitoringRegulated(
    effective_on=ADOPTED,
    adopted_by=COMMITTEE,
    communes_per_official=1,
    leading_post_kinds=("department_leader",),
    programme_due=YearlyDeadline(month=1, day=31),
    report_due=YearlyDeadline(month=12, day=15),
    review_due=YearlyDeadline(month=1, day=15, next_year=True),
)
OF_CELLS = CellAttendanceRegulated(
    effective_on=ADOPTED, adopted_by=COMMITTEE, meetings_per_month=1, scale_points=100
)


def regulate(scenario: Scenario, **params: Any) -> Scenario:
    kinds = {"leading_post_kinds": ("department_leader",)}
    return scenario.when(
        RegulateCommuneMonitoring, **{"on": ADOPTED, **BY_BODY, **kinds, **DEADLINES, **params}
    )


def test_a_body_regulates_the_monitoring_of_communes_by_its_document() -> None:
    regulate(NONE).then(OF_COMMUNES)
    regulate(NONE, on_behalf_of=None).refuses(BodyRequired)
    regulate(NONE, basis=None).refuses(DocumentRequired)
    with pytest.raises(ValidationError, match="a day of every year"):
        regulate(NONE, report_due={"month": 2, "day": 29})


def test_a_body_regulates_attendance_at_party_cells() -> None:
    params: dict[str, Any] = {"on": ADOPTED, "meetings_per_month": 1, "scale_points": 100}
    NONE.when(RegulateCellAttendance, **BY_BODY, **params).then(OF_CELLS).when(
        RegulateCellAttendance, **BY_BODY, **params
    ).refuses(RegulatedFromThatDay)
    NONE.when(RegulateCellAttendance, **params, basis=DECISION).refuses(BodyRequired)
    NONE.when(RegulateCellAttendance, **params, on_behalf_of=COMMITTEE).refuses(DocumentRequired)


def test_one_regulation_takes_effect_on_a_day_and_an_earlier_one_may_be_recorded_late() -> None:
    adopted = given(OF_COMMUNES)
    regulate(adopted).refuses(RegulatedFromThatDay)
    before = date(2020, 12, 31)
    regulate(adopted, on=before).then(OF_COMMUNES.model_copy(update={"effective_on": before}))
    regulate(adopted, on=LATER, communes_per_official=2).then(
        OF_COMMUNES.model_copy(update={"effective_on": LATER, "communes_per_official": 2})
    )


def test_a_regulation_is_in_force_until_the_next() -> None:
    regulations = Regulations()
    for event in (OF_COMMUNES, OF_COMMUNES.model_copy(update={"effective_on": LATER})):
        regulations.evolve(event)
    assert regulations.of_communes(date(2021, 1, 3)) is None
    for day, since in ((ADOPTED, ADOPTED), (date(2021, 6, 30), ADOPTED), (LATER, LATER)):
        regulation = regulations.of_communes(day)
        assert regulation is not None
        assert regulation.effective_on == since
