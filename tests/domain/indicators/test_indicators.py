"""Indicators: a body sets those of a year; what a unit reached is of their kind, and exact."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.indicators.actuals import RecordActual
from domain.indicators.attainment import attained, passed_or_failed
from domain.indicators.command import ActualOfAnotherKind, IndicatorNotSet
from domain.indicators.events import ActualRecorded, Group, IndicatorsSet, Target
from domain.indicators.targets import SetIndicators
from domain.kernel import BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import UnitUnknown
from tests.domain.cast import COMMITTEE, DISTRICT_STATE
from tests.domain.cast import ORGANISATION as FOUNDED
from tests.domain.scenario import BY_BODY, DECISION, Scenario, given

YEAR, END = date(2021, 1, 6), date(2021, 12, 31)
ORGANISATION = given(*FOUNDED)
OF_2021: dict[str, Any] = {"cohort": "districts", "year": 2021}
GROUPS = (
    Group(
        title="Xây dựng Đảng",
        indicators=(
            Target(
                code="admitted",
                title="Kết nạp đảng viên",
                kind="integer",
                measure="đảng viên",
                target=Decimal(2000),
            ),
            Target(code="new_rural", title="Nông thôn mới", kind="pass_fail", measure="đạt"),
        ),
    ),
)
SET = IndicatorsSet(effective_on=YEAR, unit_id=COMMITTEE, groups=GROUPS, **OF_2021)
ADMITTED = ActualRecorded(
    effective_on=END,
    unit_id=DISTRICT_STATE,
    code="admitted",
    actual=Decimal(2101),
    passed=None,
    recorded_by=None,
    set_by=COMMITTEE,
    **OF_2021,
)


def set_them(scenario: Scenario, **said: Any) -> Scenario:
    listed = [group.model_dump(mode="json") for group in GROUPS]
    decision = {"on": YEAR, **BY_BODY, **OF_2021, "groups": listed}
    return scenario.when(SetIndicators, COMMITTEE, **{**decision, **said})


def record(scenario: Scenario, unit_id: str = DISTRICT_STATE, **said: Any) -> Scenario:
    actual = {"on": END, **OF_2021, "code": "admitted", "actual": 2101}
    return scenario.when(RecordActual, unit_id, **{**actual, **said})


def test_a_body_sets_the_indicators_of_a_cohort_for_a_year() -> None:
    set_them(ORGANISATION).then(SET)
    set_them(ORGANISATION, on_behalf_of=None).refuses(BodyRequired)
    set_them(ORGANISATION, basis=None).refuses(DocumentRequired)
    set_them(ORGANISATION, on_behalf_of=DISTRICT_STATE).refuses(NotTheEntitledBody)
    twice = [group.model_dump(mode="json") for group in (*GROUPS, *GROUPS)]
    with pytest.raises(ValidationError, match="the indicator admitted is given twice"):
        set_them(ORGANISATION, groups=twice)


def test_what_was_reached_is_recorded_of_an_indicator_that_is_set() -> None:
    year = ORGANISATION.given(SET)
    record(year).then(ADMITTED)
    record(year, on_behalf_of=COMMITTEE).then(
        ADMITTED.model_copy(update={"recorded_by": COMMITTEE})
    )
    record(year, code="settled").refuses(IndicatorNotSet)
    record(year, on=date(2021, 1, 5)).refuses(IndicatorNotSet)
    record(year, "nowhere").refuses(UnitUnknown)
    record(year, "btv-tinh-uy", on_behalf_of=DISTRICT_STATE).refuses(NotTheEntitledBody)
    for wrong in (
        {"actual": None},
        {"passed": True},
        {"actual": "2101.5"},
        {"code": "new_rural"},
        {"code": "new_rural", "actual": None},
    ):
        record(year, **wrong).refuses(ActualOfAnotherKind)


def test_indicators_on_which_something_stands_are_not_annulled() -> None:
    year = ORGANISATION.given(SET, on_behalf_of=COMMITTEE).given(ADMITTED)
    year.annulling(SET, on_behalf_of=COMMITTEE, basis=DECISION).contradicts(ADMITTED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": None},
        {"kind": "pass_fail"},
        {"target": "1.5"},
        {"baseline": "1.5"},
        {"kind": "pass_fail", "target": None, "direction": "at_most"},
    ],
)
def test_a_target_is_of_its_kind(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({**GROUPS[0].indicators[0].model_dump(), **wrong})


def test_what_is_passed_is_met() -> None:
    assert (passed_or_failed(passed=True).outcome, passed_or_failed(passed=False).outcome) == (
        "met",
        "not_met",
    )


numbers = st.decimals(-1000, 1000, places=2)


@examples(st.sampled_from(["at_least", "at_most"]), numbers, numbers)
def test_attainment_is_exact(direction: Any, target: Decimal, actual: Decimal) -> None:
    found = attained(direction, target, actual, target)
    better = actual - target if direction == "at_least" else target - actual
    assert found.outcome == ("exceeded" if better > 0 else "not_met" if better < 0 else "met")
    assert (found.excess, found.change) == (Fraction(better), Fraction(actual) - Fraction(target))
    if found.share is not None:
        assert found.share * Fraction(target) == Fraction(actual)
    if found.relative_excess is not None:
        assert found.relative_excess * Fraction(target) == found.excess
