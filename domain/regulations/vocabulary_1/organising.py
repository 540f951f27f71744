"""Organising: who is rated in which cycles, who decides what, what is due, and who leaves.

Also how many communes an official follows, how often cells' meetings are attended, and the
manifestations that a directive lists.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, StrictStr, Tag, model_validator

from domain.regulations.vocabulary_1.amounts import Truth, Whole
from domain.regulations.vocabulary_1.shapes import Article, Name, Names, Shape, branch
from domain.values import Day, Line, Misstated, Text, UnitId

Cycle: TypeAlias = Literal["month", "quarter", "year", "term", "ad_hoc"]
CYCLE_WORDS: Mapping[str, str] = {
    "month": "hằng tháng",
    "quarter": "hằng quý",
    "year": "hằng năm",
    "term": "theo nhiệm kỳ",
    "ad_hoc": "khi cần",
}


class Cohort(Shape):
    """Those who are rated by the same measures, and how many tasks each of them is assigned."""

    UNIT: ClassVar[str] = "việc"

    name: Name
    title: Line | None = None
    tasks: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    article: Article | None = None


def _named(value: object) -> object:
    """A cohort of which only the name is given."""
    return {"name": value} if isinstance(value, str) else value


Cohorts: TypeAlias = Annotated[
    tuple[Annotated[Cohort, BeforeValidator(_named)], ...], Field(max_length=100)
]

Matter: TypeAlias = Literal[
    "rating", "override", "cap_exception", "objective_cause", "objection", "council"
]
MATTER_WORDS: Mapping[str, str] = {
    "rating": "xếp loại",
    "override": "xếp loại khác với kết quả tính",
    "cap_exception": "cho vượt tỷ lệ tối đa",
    "objective_cause": "xác nhận nguyên nhân khách quan",
    "objection": "giải quyết kiến nghị về xếp loại",
    "council": "thành lập hội đồng tư vấn",
}


class Decider(Shape):
    """Which body decides a matter; the others are decided by the regulation's own body."""

    matter: Matter
    body: UnitId
    article: Article | None = None


Paper: TypeAlias = Literal[
    "plan",
    "progress_report",
    "self_assessment",
    "review",
    "rating",
    "unit_result",
    "monitoring_programme",
    "monitoring_report",
    "commune_review",
]
PAPER_WORDS: Mapping[str, str] = {
    "plan": "kế hoạch thực hiện",
    "progress_report": "báo cáo tiến độ",
    "self_assessment": "bản tự đánh giá",
    "review": "kiểm điểm",
    "rating": "xếp loại",
    "unit_result": "kết quả của đơn vị",
    "monitoring_programme": "chương trình theo dõi xã",
    "monitoring_report": "báo cáo theo dõi xã",
    "commune_review": "phiếu nhận xét của xã",
}
# Of a common year: what is due must have a day every year.
LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SHORTEST_MONTH = min(LAST_DAYS)
MONTHS_IN_QUARTER = 3


def _day_of_month(value: object) -> object:
    if value == "last" or type(value) is int:
        return value
    if not isinstance(value, str) or not value.isdecimal() or not 1 <= int(value) <= max(LAST_DAYS):
        raise Misstated("must be a day 1 to 31, or last", "phải là ngày 1 đến 31, hoặc last")
    return int(value)


class Duty(Shape):
    """A paper that is due each month, quarter or year, by a day or strictly before it.

    `month` is that of the year, or which month of the quarter (the last if left out).
    `next_period` says that the day is in the period after the one that the paper is about.
    """

    UNIT: ClassVar[str] = "ngày"

    paper: Paper
    each: Literal["month", "quarter", "year"]
    day: Annotated[int | Literal["last"], BeforeValidator(_day_of_month)]
    month: Annotated[Whole, Field(ge=1, le=12)] | None = None
    next_period: Truth = False
    strictly_before: Truth = False
    if_day_off: Literal["next_working_day", "previous_working_day", "same_day"] = "same_day"
    grace_days: Annotated[Whole, Field(ge=0, le=90)] = 0
    from_on: Day | None = None
    only_for: Names = ()
    article: Article | None = None

    @model_validator(mode="after")
    def _is_a_day_of_every_period(self) -> Self:
        match self.each:
            case "month" if self.month is not None:
                raise Misstated("a monthly duty has no month", "việc hằng tháng không nêu month")
            case "quarter" if self.month is not None and self.month > MONTHS_IN_QUARTER:
                raise Misstated(
                    "month must be 1 to 3: which of the quarter",
                    "month phải từ 1 đến 3: tháng thứ mấy của quý",
                )
            case "year" if self.month is None:
                raise Misstated("a yearly duty needs its month", "việc hằng năm cần nêu month")
            case _:
                pass
        last = LAST_DAYS[self.month - 1] if self.each == "year" and self.month else SHORTEST_MONTH
        if self.day != "last" and self.day > last:
            raise Misstated(
                f"not every such month has a day {self.day}; write last for the last day",
                f"không phải tháng nào cũng có ngày {self.day}; viết last nếu là ngày cuối tháng",
            )
        return self


class Absent(Shape):
    """What else a regulation says of who did not work the whole period."""

    absent: Literal["rated_on_time_worked", "decided_by_body"] | None = None
    unless_dissolved: Truth = False
    article: Article | None = None


class ScoresSent(Absent):
    """The former agency sends its scores, of every month or quarter, to the new one."""

    former_agency: Literal["sends_scores", "takes_no_part"]
    each: Literal["month", "quarter"] | None = None


class OpinionGiven(Absent):
    """The former agency gives its opinion where the official worked there long enough."""

    UNIT: ClassVar[str] = "tháng"

    gives_opinion_after_months: Annotated[Whole, Field(ge=1, le=60)]


Leavers: TypeAlias = Annotated[
    Annotated[ScoresSent, Tag("·scores")] | Annotated[OpinionGiven, Tag("·opinion")],
    Discriminator(branch("scores", gives_opinion_after_months="opinion")),
]


class CellMeetings(Shape):
    """How often an official attends the cell's meetings, and the most points of their quality."""

    UNIT: ClassVar[str] = "buổi"

    each_month: Annotated[Whole, Field(ge=1, le=10)]
    scale_points: Annotated[Whole, Field(ge=1, le=1000)]
    article: Article | None = None


class Manifestation(Shape):
    """One manifestation: a hint to look for, not an offence."""

    code: Annotated[StrictStr, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]
    text: Text


class Manifestations(Shape):
    """The catalogue of manifestations: those listed, and how many its document says there are."""

    UNIT: ClassVar[str] = "biểu hiện"

    counted: Annotated[Whole, Field(ge=1, le=1000)]
    listed: Annotated[tuple[Manifestation, ...], Field(max_length=1000)] = ()
    article: Article | None = None
