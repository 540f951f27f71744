"""Policy: a whole regulation in vocabulary 1: its document, and the parts it consists of."""

import json
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StrictStr

from domain.regulations.vocabulary_1.amounts import Truth, Whole
from domain.regulations.vocabulary_1.capping import Cap, Caps
from domain.regulations.vocabulary_1.levelling import Level, Override
from domain.regulations.vocabulary_1.measuring import Criteria, Measure, Part, Rounding
from domain.regulations.vocabulary_1.organising import (
    CellMeetings,
    Cohorts,
    Cycle,
    Decider,
    Duty,
    Leavers,
    Manifestations,
)
from domain.regulations.vocabulary_1.shapes import Decision, Name, Names, Shape
from domain.values import ID_PATTERN, Basis, Day, Line, Slug, Text, UnitId


class Policy(Shape):
    """A regulation as it is adopted: which document it is, and its parts; what it lacks is not so.

    `sample` says that it is made up, to show how such a regulation is written. A file must have its
    `basis`; regulations that were given by parameters, before there were files, stated none.
    """

    UNIT: ClassVar[str] = "xã"

    vocabulary: Literal["1"] = "1"
    regulation: Annotated[StrictStr, Field(pattern=ID_PATTERN)]
    title: Line
    sample: Truth = False
    note: Text | None = None
    basis: Basis | None = None
    decided_by: UnitId
    effective_on: Day
    cohorts: Cohorts = ()
    duty_groups: Names = ()
    groups: Names = ()
    cycles: tuple[Cycle, ...] = ()
    rounding: Rounding | None = None
    measures: Annotated[dict[Name, Measure], Field(default_factory=dict, max_length=50)]
    points: Annotated[tuple[Part, ...], Field(max_length=20)] = ()
    criteria: Criteria | None = None
    levels: tuple[Level, ...] = ()
    otherwise: Decision | None = None
    overrides: Annotated[tuple[Override, ...], Field(max_length=50)] = ()
    cap: Caps | None = None
    duties: Annotated[tuple[Duty, ...], Field(max_length=100)] = ()
    leavers: Leavers | None = None
    deciders: tuple[Decider, ...] = ()
    communes_per_official: Annotated[Whole, Field(ge=1, le=100)] | None = None
    leading_post_kinds: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    cell_meetings: CellMeetings | None = None
    manifestations: Manifestations | None = None

    @property
    def caps(self) -> tuple[Cap, ...]:
        """Every cap, whether the file gives one or several."""
        if self.cap is None:
            return ()
        return (self.cap,) if isinstance(self.cap, Cap) else self.cap

    def canonical(self) -> str:
        """The policy as JSON that is the same for the same policy, however its file is written."""
        document = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def of(cls, canonical: str) -> Self:
        """The policy that was adopted so."""
        return cls.model_validate_json(canonical)
