"""Adoption: what a regulation says counts from its day until the next."""

import json
from datetime import date
from hashlib import sha256
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
from domain.regulations.policies import adopted, checked
from domain.regulations.regulations import RegulatedFromThatDay, Regulations
from tests.domain.cast import COMMITTEE
from tests.domain.scenario import BY_BODY, DECISION, Scenario, given
from tests.examples.freeze import example_path

ADOPTED, LATER = date(2021, 1, 4), date(2021, 7, 1)
NONE = Scenario(())
DEADLINES: dict[str, Any] = {
    "programme_due": {"month": 1, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}


def of_communes(on: date = ADOPTED, *, most: int = 1) -> CommuneMonitoringRegulated:
    return CommuneMonitoringRegulated.by_parameters(
        effective_on=on,
        adopted_by=COMMITTEE,
        communes_per_official=most,
        leading_post_kinds=("department_leader",),
        programme_due=YearlyDeadline(month=1, day=31),
        report_due=YearlyDeadline(month=12, day=15),
        review_due=YearlyDeadline(month=1, day=15, next_year=True),
        basis=DECISION,
    )


OF_CELLS = CellAttendanceRegulated.by_parameters(
    effective_on=ADOPTED,
    adopted_by=COMMITTEE,
    meetings_per_month=1,
    scale_points=100,
    basis=DECISION,
)


def regulate(scenario: Scenario, **params: Any) -> Scenario:
    kinds = {"leading_post_kinds": ("department_leader",)}
    return scenario.when(
        RegulateCommuneMonitoring, **{"on": ADOPTED, **BY_BODY, **kinds, **DEADLINES, **params}
    )


def test_a_body_regulates_the_monitoring_of_communes_by_its_document() -> None:
    regulate(NONE).then(of_communes())
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
    before_it = given(of_communes())
    regulate(before_it).refuses(RegulatedFromThatDay)
    before = date(2020, 12, 31)
    regulate(before_it, on=before).then(of_communes(before))
    regulate(before_it, on=LATER, communes_per_official=2).then(of_communes(LATER, most=2))


def test_a_regulation_is_in_force_until_the_next() -> None:
    regulations = Regulations()
    for event in (of_communes(), of_communes(LATER)):
        regulations.evolve(event)
    assert regulations.of_communes(date(2021, 1, 3)) is None
    for day, since in ((ADOPTED, ADOPTED), (date(2021, 6, 30), ADOPTED), (LATER, LATER)):
        regulation = regulations.of_communes(day)
        assert regulation is not None
        assert regulation.effective_on == since


def test_what_was_adopted_before_there_were_files_reads_as_the_file_that_says_the_same() -> None:
    for event, kind in ((of_communes(), "commune_monitoring"), (OF_CELLS, "cell_attendance")):
        frozen = example_path(f"regulation.{kind}_adopted", 1).read_text(encoding="utf-8")
        upcast = type(event).model_validate(type(event).upcast(1, json.loads(frozen)))
        assert adopted(upcast.vocabulary, upcast.policy).basis is None
        assert sha256(upcast.source.encode()).hexdigest() == upcast.sha256
        # What parameters give today is a file without a fault, and means what is recorded.
        found = checked(event.source)
        assert found.policy == adopted(event.vocabulary, event.policy)
    regulations = Regulations()
    regulations.evolve(OF_CELLS)
    (rules,) = regulations.cell_attendance
    assert (rules.meetings_per_month, rules.scale_points) == (1, 100)
