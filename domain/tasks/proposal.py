"""Proposal: what a task is to achieve, as registered or commissioned (requirements B4, B10)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictStr, model_validator

from domain.tasks.term import Term
from domain.values import Day, Impossible, Line, Misstated, Quantity, Slug, Text, Value


def _kinds_differ(kinds: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(kinds)) != len(kinds):
        raise Misstated("kinds must differ from one another", "các loại việc phải khác nhau")
    return kinds


class Indicator(Value):
    """A measurable target: `target` in `measure`, such as 98 lò (kilns)."""

    code: Slug
    name: Line
    target: Quantity
    measure: Line


class IndicatorTarget(Value):
    """A new target for the indicator of that code, in its measure."""

    code: Slug
    target: Quantity


class IndicatorValue(Value):
    """What an indicator has reached, in the measure of the indicator of that code."""

    code: Slug
    actual: Quantity


class Milestone(Value):
    """A step of the roadmap."""

    title: Line
    due_on: Day


class Evidence(Value):
    """A document that shows a result: where it is and the SHA-256 of its bytes, in lower hex."""

    title: Line
    sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]
    address: Annotated[
        StrictStr, Field(pattern=r"^(https?|ftp|file|urn|s3):[!-~]+$", max_length=2000)
    ]


def _codes_differ(indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    codes = [indicator.code for indicator in indicators]
    if len(set(codes)) != len(codes):
        raise Impossible(
            "indicator codes must differ from one another", "mã chỉ tiêu phải khác nhau"
        )
    return indicators


Indicators = Annotated[
    tuple[Indicator, ...], Field(min_length=1, max_length=50), AfterValidator(_codes_differ)
]
Roadmap = Annotated[tuple[Milestone, ...], Field(min_length=1, max_length=50)]
Kinds = Annotated[
    tuple[Slug, ...],
    Field(min_length=1, max_length=10, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_kinds_differ),
]


class Proposal(Value):
    """Title, goal, indicators and roadmap of a task, its kinds and field, its term and deadline.

    Kinds are the province's own list (`breakthrough`, `new`, `hard`, `backlog` …), several at once.
    Without `due_on` the term's last day is the deadline; a task that recurs yearly has none.
    `original_due_on` is the deadline first set for a matter older than the task: the age of the
    backlog counts from it (B20).
    """

    title: Line
    goal: Text
    indicators: Indicators
    roadmap: Roadmap
    kinds: Kinds
    field: Slug
    term: Term
    due_on: Day | None = None
    original_due_on: Day | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.due_on is not None and self.due_on < self.term.first_day:
            raise Impossible(
                f"due_on {self.due_on} is before the term, {self.term.first_day}",
                f"thời hạn {self.due_on:%d/%m/%Y} ở trước kỳ, từ {self.term.first_day:%d/%m/%Y}",
            )
        return self

    @property
    def deadline(self) -> date | None:
        return self.due_on or self.term.last_day

    def revised(self, targets: Iterable[IndicatorTarget], due_on: date | None) -> Self:
        """The proposal with new targets, and with a new deadline if one is given (B29)."""
        new = {target.code: target.target for target in targets}
        indicators = tuple(
            indicator.model_copy(update={"target": new.get(indicator.code, indicator.target)})
            for indicator in self.indicators
        )
        return self.model_copy(update={"indicators": indicators, "due_on": due_on or self.due_on})
