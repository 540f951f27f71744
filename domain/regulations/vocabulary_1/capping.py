"""Capping: how many of a group may get a level, and how that number is found.

The denominator is a choice of the regulation: 20 % of 141 is 23 where the excellent do not count
among the good, and 28 where they do.
"""

from fractions import Fraction
from math import ceil, floor
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from domain.regulations.vocabulary_1.amounts import Share
from domain.regulations.vocabulary_1.shapes import (
    BRANCH,
    Article,
    Decision,
    LevelName,
    Name,
    Shape,
    require_one,
)

Denominator: TypeAlias = Literal["rated_good", "rated_good_or_better", "all_rated"]
DENOMINATOR_WORDS = {
    "rated_good": "số người được xếp hoàn thành tốt, không kể hoàn thành xuất sắc",
    "rated_good_or_better": "số người được xếp từ hoàn thành tốt trở lên",
    "all_rated": "số người được xếp loại",
}
Grouping: TypeAlias = Literal["agency", "duty_group", "cohort", "block"]
GROUPING_WORDS = {
    "agency": "cơ quan",
    "duty_group": "nhóm có nhiệm vụ tương đồng",
    "cohort": "nhóm đối tượng",
    "block": "khối",
}


class Cap(Shape):
    """Of each group at most such a share gets the level, unless the body makes an exception.

    The share is fixed, or is that which the level has in another group (`share_among`).
    """

    UNIT: ClassVar[str] = "người"

    level: LevelName
    at_most: Share | None = None
    share_among: Name | None = None
    of: Denominator
    within: tuple[Grouping, ...]
    fraction: Literal["down", "up", "half_up"]
    exception: Decision | None = None
    article: Article | None = None

    @model_validator(mode="after")
    def _has_one_share(self) -> Self:
        require_one(self, "at_most", "share_among")
        return self


def _one_or_several(value: object) -> str:
    return BRANCH + ("several" if isinstance(value, list | tuple) else "one")


Caps: TypeAlias = Annotated[
    Annotated[Cap, Tag("·one")] | Annotated[tuple[Cap, ...], Field(max_length=20), Tag("·several")],
    Discriminator(_one_or_several),
]


def allowed(cap: Cap, *, good_or_better: int, rated: int, share: Fraction) -> tuple[int, Fraction]:
    """How many of a group may have the level, and the same before the fraction is dropped.

    Solved, not tried out: where the excellent x do not count among the good, x ≤ p·(n - x), so
    x ≤ p·n / (1 + p). It does not change while persons move between the two levels.

    Args:
        cap: the rule.
        good_or_better: how many of the group are rated GOOD or EXCELLENT, before any is moved.
        rated: how many of the group are rated.
        share: that of the rule, or that of the group to which it refers.
    """
    match cap.of:
        case "rated_good":
            exact = share * good_or_better / (1 + share)
        case "rated_good_or_better":
            exact = share * good_or_better
        case "all_rated":
            exact = share * rated
    match cap.fraction:
        case "down":
            return floor(exact), exact
        case "up":
            return ceil(exact), exact
        case "half_up":
            return floor(exact + Fraction(1, 2)), exact
