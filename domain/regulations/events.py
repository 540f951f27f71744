"""What regulations say from a day on. The one in force on a day is the last adopted by then."""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain.kernel import Event
from domain.schemas import never, where
from domain.values import Misstated, Slug, Tag, UnitId, Value

COMMON_YEAR = 2023


class YearlyDeadline(Value):
    """A day by which something of a year is due: in the year itself, or in the next."""

    model_config = never(
        where(month={"const": 2}, day={"minimum": 29}),
        where(month={"enum": [4, 6, 9, 11]}, day={"minimum": 31}),
    )

    month: Annotated[StrictInt, Field(ge=1, le=12)]
    day: Annotated[StrictInt, Field(ge=1, le=31)]
    next_year: StrictBool = False

    @model_validator(mode="after")
    def _is_a_day_of_every_year(self) -> Self:
        try:
            self.of(COMMON_YEAR)
        except ValueError:
            raise Misstated(
                "month and day must be a day of every year",
                "month và day phải là ngày có trong mọi năm",
            ) from None
        return self

    def of(self, year: int) -> date:
        """The last day on which what is of that year comes in time."""
        return date(year + self.next_year, self.month, self.day)


class CommuneMonitoringRegulated(Event):
    """How communes are monitored (D5, D10, D11, D13), as Regulation 26-QĐ/TU of 14/12/2022 does.

    `communes_per_official` is how many one official monitors without an exception;
    `leading_post_kinds` the kinds of posts, beside those that head a unit, whose holders monitor.
    """

    TYPE: ClassVar[str] = "regulation.commune_monitoring_adopted"
    VIETNAMESE: ClassVar[str] = "ban hành quy định theo dõi xã"

    regulation_id: Annotated[Literal["commune-monitoring"], Tag("regulation")] = (
        "commune-monitoring"
    )
    adopted_by: UnitId
    communes_per_official: Annotated[StrictInt, Field(ge=1, le=100)]
    leading_post_kinds: tuple[Slug, ...]
    programme_due: YearlyDeadline
    report_due: YearlyDeadline
    review_due: YearlyDeadline


class CellAttendanceRegulated(Event):
    """How often officials attend the meetings of their party cells, and the scale (D3, D4)."""

    TYPE: ClassVar[str] = "regulation.cell_attendance_adopted"
    VIETNAMESE: ClassVar[str] = "ban hành quy định dự sinh hoạt chi bộ"

    regulation_id: Annotated[Literal["cell-attendance"], Tag("regulation")] = "cell-attendance"
    adopted_by: UnitId
    meetings_per_month: Annotated[StrictInt, Field(ge=1, le=10)]
    scale_points: Annotated[StrictInt, Field(ge=1, le=1000)]
