"""Measuring: what is counted of an official's products, the points it gives, or the grades instead.

Counts are made on the log within the period. A product that no deduction spoils counts with its
weight; one that the deduction is for counts less.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from domain.regulations.vocabulary_1.amounts import Points, Share
from domain.regulations.vocabulary_1.shapes import (
    Article,
    Condition,
    Giver,
    Name,
    Names,
    Shape,
    require_one,
)
from domain.values import Line, Misstated

Counted: TypeAlias = Literal["assigned", "completed", "accepted", "in_time", "late", "exceeded"]
COUNTED_WORDS: Mapping[str, str] = {
    "assigned": "được giao",
    "completed": "đã hoàn thành",
    "accepted": "được nghiệm thu ngay lần đầu",
    "in_time": "hoàn thành đúng hạn",
    "late": "chậm hạn",
    "exceeded": "vượt yêu cầu",
}
Occurrence: TypeAlias = Literal["returned_claim", "content_failure", "missed_deadline"]
OCCURRENCE_WORDS: Mapping[str, str] = {
    "returned_claim": "lần báo cáo hoàn thành bị trả lại",
    "content_failure": "lần bị trả lại vì sai sót lớn về nội dung",
    "missed_deadline": "lần lỡ thời hạn",
}
# What an occurrence would otherwise take out of the count.
SPOILT: Mapping[str, str] = {
    "returned_claim": "accepted",
    "content_failure": "accepted",
    "missed_deadline": "in_time",
}


class Measure(Shape):
    """The share of the products counted among others, less a deduction per occurrence.

    With `minus`, an occurrence does not take the product out of the count: each takes that share
    of the product's own weight, and never more than the whole.
    """

    UNIT: ClassVar[str] = "%"

    count: Counted
    of: Counted
    title: Line | None = None
    weighted_by: Literal["conversion"] | None = None
    minus: Share | None = None
    per: Occurrence | None = None
    unless: Literal["objective_cause"] | None = None
    article: Article | None = None

    @property
    def is_lenient(self) -> bool:
        """Whether what would take a product out of the count is deducted from it instead."""
        return self.per is not None and SPOILT[self.per] == self.count

    @model_validator(mode="after")
    def _deducts_per_occurrence(self) -> Self:
        if (self.minus is None) != (self.per is None):
            raise Misstated("minus and per go together", "minus và per phải đi cùng nhau")
        return self


class Reduction(Shape):
    """A part counts only so much while a condition holds."""

    UNIT: ClassVar[str] = "%"

    to: Share
    when: Condition
    article: Article | None = None


class Part(Shape):
    """A part of the points: given by somebody, or the mean of measures times the most there is."""

    UNIT: ClassVar[str] = "điểm"

    name: Name
    most: Points
    title: Line | None = None
    given_by: Giver | None = None
    mean_of: Names | None = None
    reduced: Reduction | None = None
    article: Article | None = None

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> Self:
        require_one(self, "given_by", "mean_of")
        return self


class Criterion(Shape):
    """One criterion that gets a grade."""

    name: Name
    title: Line
    article: Article | None = None


class Criteria(Shape):
    """Criteria that get grades, the best first, instead of points."""

    UNIT: ClassVar[str] = "mức"

    grades: Annotated[tuple[Name, ...], Field(max_length=20)]
    graded_by: Giver
    of: Annotated[tuple[Criterion, ...], Field(max_length=200)]
    article: Article | None = None


class Rounding(Shape):
    """How the total is rounded, once, and whether thresholds see it rounded or exact."""

    UNIT: ClassVar[str] = "điểm"

    to: Literal["1", "0.1", "0.01", "0.001"]
    mode: Literal["half_up", "half_even", "down", "up"]
    compare: Literal["rounded", "exact"] = "rounded"
    article: Article | None = None
