"""Levelling: which level the points and measures lead to, and what overrides it afterwards.

The first level of the file that holds is the level. Where none holds the body decides; nobody
falls to the lowest level because nothing else was left.
"""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from domain.regulations.vocabulary_1.amounts import ExcessAmount, Points, Share
from domain.regulations.vocabulary_1.shapes import (
    Article,
    Condition,
    LevelName,
    Name,
    Names,
    Shape,
    branch,
    require_one,
)

Whose: TypeAlias = Literal["own", "unit"]


class Limited(Shape):
    """What may be for some cohorts only."""

    only_for: Names = ()


class MeasureRequired(Limited):
    """A measure of the official, or of the unit, must reach a share or stay within it."""

    UNIT: ClassVar[str] = "%"

    measure: Name
    taken_of: Whose = "own"
    at_least: Share | None = None
    at_most: Share | None = None
    more_than: Share | None = None
    less_than: Share | None = None

    @model_validator(mode="after")
    def _has_one_bound(self) -> Self:
        require_one(self, "at_least", "at_most", "more_than", "less_than")
        return self


class ExcessRequired(Limited):
    """A measure must be above another: `by: 15%` of it, or `by: 0.8pp`, percentage points."""

    UNIT: ClassVar[str] = "%, pp"

    measure: Name
    above: Name
    by: ExcessAmount


class FactExcluded(Limited):
    """A condition must not hold."""

    without: Condition


class GradeRequired(Limited):
    """That share of the criteria must have this grade or a better one."""

    UNIT: ClassVar[str] = "%"

    graded: Name
    share: Share


Requirement: TypeAlias = Annotated[
    Annotated[MeasureRequired, Tag("·measure")]
    | Annotated[ExcessRequired, Tag("·excess")]
    | Annotated[FactExcluded, Tag("·fact")]
    | Annotated[GradeRequired, Tag("·grade")],
    Discriminator(branch("measure", above="excess", without="fact", graded="grade")),
]


class Level(Shape):
    """A level, from so many points on and below so many, with what else it requires.

    The lowest level without any condition is only given by an override or by the body.
    """

    UNIT: ClassVar[str] = "điểm"

    level: LevelName
    points: Points | None = None
    below: Points | None = None
    require: Annotated[tuple[Requirement, ...], Field(max_length=20)] = ()
    article: Article | None = None

    @property
    def is_bare(self) -> bool:
        """Whether no condition leads to it."""
        return self.points is None and self.below is None and not self.require


class RatedAt(Limited):
    """Where the condition holds, the level is this one, or the lower one that was reached."""

    when: Condition
    level: LevelName
    article: Article | None = None


class NoBetterThan(Limited):
    """Where the condition holds, no level above this one is given."""

    when: Condition
    no_better_than: LevelName
    article: Article | None = None


Override: TypeAlias = Annotated[
    Annotated[RatedAt, Tag("·level")] | Annotated[NoBetterThan, Tag("·no_better_than")],
    Discriminator(branch("level", no_better_than="no_better_than")),
]
