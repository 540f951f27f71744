"""What appraisal stands on beside tasks: discipline of an official, and the result of a unit."""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, StrictStr, model_validator

from domain.kernel import Event
from domain.values import ID_PATTERN, Day, Impossible, OfficialId, Tag, Text, UnitId

Level: TypeAlias = Literal["EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED"]
Cycle: TypeAlias = Literal["month", "quarter", "year", "term", "ad_hoc"]
CycleId: TypeAlias = Annotated[
    StrictStr, Field(pattern=ID_PATTERN, examples=["nam-2021"]), Tag("cycle")
]
RegulationName: TypeAlias = Annotated[StrictStr, Field(pattern=ID_PATTERN, examples=["366-qd-tw"])]
Digest: TypeAlias = Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]
# From the lightest on.
Discipline: TypeAlias = Literal[
    "reprimand", "warning", "salary_reduction", "demotion", "removal", "dismissal", "expulsion"
]


class DisciplineDecided(Event):
    """The official is disciplined, by a decision that counts from its day."""

    TYPE: ClassVar[str] = "appraisal.discipline_decided"
    VIETNAMESE: ClassVar[str] = "quyết định kỷ luật"

    official_id: OfficialId
    decided_by: UnitId
    form: Discipline
    reason: Text


class UnitRated(Event):
    """The level of a unit for a period, as the body decided; a later one counts instead."""

    TYPE: ClassVar[str] = "appraisal.unit_rated"
    VIETNAMESE: ClassVar[str] = "xếp loại đơn vị"

    unit_id: UnitId
    decided_by: UnitId
    from_on: Day
    to_on: Day
    level: Level

    @model_validator(mode="after")
    def _is_of_a_period(self) -> Self:
        if self.to_on < self.from_on:
            raise Impossible("the period ends before it begins", "kỳ kết thúc trước khi bắt đầu")
        return self
