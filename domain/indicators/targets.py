"""Targets: which indicators a cohort has in a year, and what is to be reached of each.

Those of another year, and what was reached of them, stay as they are.
"""

from collections import Counter
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.indicators.command import IndicatorsCommand
from domain.indicators.events import Group, IndicatorsSet, TargetYear
from domain.kernel import DocumentRequired, Parameters, Refusal
from domain.organisation.entitlement import BY_OPEN_ENTITLED_BODY
from domain.values import Impossible, Slug


class Targets(Parameters):
    """The groups with their indicators; all of the year."""

    cohort: Slug
    year: TargetYear
    groups: Annotated[tuple[Group, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _names_each_indicator_once(self) -> Self:
        codes = Counter(one.code for group in self.groups for one in group.indicators)
        twice = [code for code, times in codes.items() if times > 1]
        if twice:
            raise Impossible(
                f"the indicator {twice[0]} is given twice",
                f"chỉ tiêu {twice[0]} được nêu hai lần",
            )
        return self


class SetIndicators(IndicatorsCommand[Targets]):
    """The body sets the indicators of the cohort for the year; a later set is the whole anew."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*BY_OPEN_ENTITLED_BODY, DocumentRequired)

    def bodies(self) -> set[str]:
        return {self.unit_id}

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        body = self.require_entitled(self.unit_id)
        self.require_basis()
        self.organisation.open_unit(body, on)
        self.emit(
            IndicatorsSet(
                effective_on=on,
                unit_id=self.unit_id,
                cohort=params.cohort,
                year=params.year,
                groups=params.groups,
            )
        )
