"""What happens to indicators: a body sets a cohort's targets of a year, a unit reaches them."""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from domain.kernel import Event
from domain.values import ID_PATTERN, Impossible, Line, Quantity, Slug, UnitId, Value

Kind: TypeAlias = Literal["integer", "decimal", "percent", "money", "pass_fail"]
Direction: TypeAlias = Literal["at_least", "at_most"]
WHOLE: frozenset[Kind] = frozenset({"integer", "money"})
BodyId: TypeAlias = Annotated[StrictStr, Field(pattern=ID_PATTERN, examples=["yen-son"])]
TargetYear: TypeAlias = Annotated[StrictInt, Field(ge=1900, le=2199)]


class Target(Value):
    """An indicator and what is to be reached: a number in its measure, or that it is passed.

    `money` is whole đồng. `baseline` is what the target is compared with, such as the result of the
    term before.
    """

    code: Slug
    title: Line
    kind: Kind
    direction: Direction = "at_least"
    measure: Line
    target: Quantity | None = None
    baseline: Quantity | None = None

    @model_validator(mode="after")
    def _has_a_target_of_its_kind(self) -> Self:
        if (self.kind == "pass_fail") != (self.target is None):
            raise Impossible(
                "give a target, except where it is passed or failed",
                "cần nêu chỉ tiêu, trừ loại đạt/không đạt",
            )
        if self.kind == "pass_fail" and (self.baseline is not None or self.direction == "at_most"):
            raise Impossible(
                "what is passed or failed has no baseline and no direction",
                "loại đạt/không đạt không có số gốc và chiều so sánh",
            )
        if self.kind in WHOLE:
            for number in (self.target, self.baseline):
                if number is not None and number != int(number):
                    raise Impossible("must be a whole number", "phải là số nguyên")
        return self


class Group(Value):
    """A group of indicators, such as the tasks of Party building."""

    title: Line
    indicators: Annotated[tuple[Target, ...], Field(min_length=1, max_length=100)]


class IndicatorsSet(Event):
    """The indicators of a cohort for a year: all of them, every time."""

    TYPE: ClassVar[str] = "indicators.set"
    VIETNAMESE: ClassVar[str] = "giao chỉ tiêu"

    unit_id: UnitId
    cohort: Slug
    year: TargetYear
    groups: tuple[Group, ...]


class ActualRecorded(Event):
    """What a unit reached of an indicator; a later one stands in the place of the earlier.

    `unit_id` is the unit, `recorded_by` the body that says so, if not the unit itself; `set_by` is
    the body that set the indicator.
    """

    TYPE: ClassVar[str] = "indicators.actual_recorded"
    VIETNAMESE: ClassVar[str] = "ghi nhận kết quả thực hiện chỉ tiêu"

    unit_id: UnitId
    cohort: Slug
    year: TargetYear
    code: Slug
    actual: Quantity | None
    passed: StrictBool | None
    recorded_by: UnitId | None
    set_by: BodyId
