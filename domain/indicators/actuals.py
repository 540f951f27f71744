"""Actuals: what a unit reached of an indicator by a day, as it reports or as the body finds.

A later one stands in the place of the earlier; one recorded wrongly is put right or annulled.
"""

from decimal import Decimal
from typing import ClassVar

from pydantic import StrictBool

from domain.indicators.command import ActualOfAnotherKind, IndicatorNotSet, IndicatorsCommand
from domain.indicators.events import WHOLE, ActualRecorded, Target, TargetYear
from domain.kernel import NotTheEntitledBody, Parameters, Refusal
from domain.organisation.entitlement import require_decides
from domain.organisation.organisation import UnitUnknown
from domain.values import Quantity, Slug


class Actual(Parameters):
    """What was reached: a number in the indicator's measure, or whether it was passed."""

    cohort: Slug
    year: TargetYear
    code: Slug
    actual: Quantity | None = None
    passed: StrictBool | None = None


def require_kind(target: Target, actual: Decimal | None, passed: bool | None) -> None:  # noqa: FBT001  as recorded
    """Pass if what was reached is of the indicator's kind.

    Raises:
        ActualOfAnotherKind.
    """
    given = (actual is not None, passed is not None)
    is_passed = target.kind == "pass_fail"
    expected = "passed" if is_passed else "actual"
    is_whole = target.kind not in WHOLE or actual is None or actual == int(actual)
    if given != (not is_passed, is_passed) or not is_whole:
        raise ActualOfAnotherKind(code=target.code, kind=target.kind, expected=expected)


class RecordActual(IndicatorsCommand[Actual]):
    """Recorded by the unit, or in the name of the body that set the indicators."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        UnitUnknown,
        NotTheEntitledBody,
        IndicatorNotSet,
        ActualOfAnotherKind,
    )

    def execute(self) -> None:
        params, on, body = self.params, self.context.effective_on, self.context.on_behalf_of
        self.organisation.unit(self.unit_id)
        target = self.indicators.known(params.cohort, params.year, params.code)
        require_kind(target, params.actual, params.passed)
        set_by = self.indicators.set_by(params.cohort, params.year)
        if body not in {None, self.unit_id}:
            require_decides(self.organisation, set_by, body, on)
        self.emit(
            ActualRecorded(
                effective_on=on,
                unit_id=self.unit_id,
                cohort=params.cohort,
                year=params.year,
                code=params.code,
                actual=params.actual,
                passed=params.passed,
                recorded_by=body,
                set_by=set_by,
            )
        )
