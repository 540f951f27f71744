"""Term: what stretch of time a task is given for, and which papers it owes (B14, B15)."""

from datetime import date
from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import Field, StrictInt, model_validator

from domain.values import Day, Impossible, Value

CalendarYear = Annotated[StrictInt, Field(ge=1990, le=2100)]
# The month, quarter or year that a periodic report is about.
ReportPeriod: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$", examples=["2021-05", "2021-Q2", "2021"]),
]
# What a regulation may ask for of a task.
TaskPaperKind: TypeAlias = Literal["plan", "progress_report"]
TASK_PAPERS: tuple[TaskPaperKind, ...] = get_args(TaskPaperKind)


class PaperOfPeriod(Value):
    """A plan of a task, or a report on it, for a month, quarter or year."""

    paper: TaskPaperKind
    period: ReportPeriod


class Year(Value):
    """One calendar year."""

    kind: Literal["year"]
    year: CalendarYear

    @property
    def label(self) -> str:
        return str(self.year)

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date | None:
        return date(self.year, 12, 31)


class Yearly(Value):
    """Recurring every year from `from_year` on: no last day of its own."""

    kind: Literal["yearly"]
    from_year: CalendarYear

    @property
    def label(self) -> str:
        return "yearly"

    @property
    def first_day(self) -> date:
        return date(self.from_year, 1, 1)

    @property
    def last_day(self) -> date | None:
        return None


class Period(Value):
    """From `from_on` to `to_on`, both included."""

    kind: Literal["period"]
    from_on: Day
    to_on: Day

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.to_on < self.from_on:
            raise Impossible(
                f"the period is reversed: {self.to_on} is before {self.from_on}",
                f"giai đoạn bị đảo ngược: {self.to_on:%d/%m/%Y} ở trước {self.from_on:%d/%m/%Y}",
            )
        return self

    @property
    def label(self) -> str:
        """`2021-2025` for whole years, else the ISO 8601 interval."""
        whole_years = (self.from_on.month, self.from_on.day, self.to_on.month, self.to_on.day) == (
            (1, 1, 12, 31)
        )
        if whole_years:
            return f"{self.from_on.year}-{self.to_on.year}"
        return f"{self.from_on}/{self.to_on}"

    @property
    def first_day(self) -> date:
        return self.from_on

    @property
    def last_day(self) -> date | None:
        return self.to_on


Term: TypeAlias = Annotated[Year | Yearly | Period, Field(discriminator="kind")]
