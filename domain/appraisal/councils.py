"""Councils: formed for a block or a whole cycle, they score officials; no member scores oneself."""

from fractions import Fraction
from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.appraisal.command import (
    BY_DECIDING_BODY,
    IN_OPEN_CYCLE,
    AssessmentCommand,
    CycleCommand,
    OfOfficial,
)
from domain.appraisal.cycle_events import CouncilFormed, NamedId, ScoresGiven
from domain.appraisal.cycles import CycleIsClosed
from domain.appraisal.rating import ScoresUnusable
from domain.appraisal.rating_events import CriterionGrade, PartScore
from domain.kernel import (
    BodyRequired,
    Conflict,
    Forbidden,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown
from domain.regulations.vocabulary_1.organising import Matter
from domain.regulations.vocabulary_1.policy import Policy
from domain.values import OfficialId, Slug


class CouncilForming(Parameters):
    """Of which block, or of the whole cycle; and its members."""

    block: Slug | None = None
    members: Annotated[tuple[OfficialId, ...], Field(min_length=1, max_length=100)]


class FormCouncil(CycleCommand[CouncilForming]):
    """The body forms the council of a block; a later one is in its place."""

    MATTER: ClassVar[Matter] = "council"
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        CycleIsClosed,
        OfficialUnknown,
    )

    def seeing_cycle(self) -> list[Selector]:
        members = [
            Selector(types=[OfficialRegistered], tags=[f"official:{one}"])
            for one in self.params.members
        ]
        return [*super().seeing_cycle(), *members]

    def execute(self) -> None:
        body = self.deciding()
        self.cycle.require_open()
        for one in self.params.members:
            if one not in self.organisation.officials:
                raise OfficialUnknown(official_id=one)
        self.emit(
            CouncilFormed(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                formed_by=body,
                block=self.params.block,
                members=self.params.members,
            )
        )


class NoCouncil(Conflict):
    """No council is formed that judges the official {official_id}.

    Chưa thành lập hội đồng tư vấn nào đánh giá cán bộ {official_id}.
    """


class NotOfTheCouncil(Conflict):
    """The official {official_id} is no member of the council.

    Cán bộ {official_id} không phải thành viên hội đồng.
    """


class MayNotJudgeOneself(Forbidden):
    """A member of the council does not judge oneself: {official_id}.

    Thành viên hội đồng không tự đánh giá mình: {official_id}.
    """


class CouncilScores(OfOfficial):
    """The points of the parts, or the grades, that the council gives, and who of it judged."""

    judged_by: Annotated[tuple[NamedId, ...], Field(min_length=1, max_length=100)]
    scores: Annotated[tuple[PartScore, ...], Field(max_length=20)] = ()
    grades: Annotated[tuple[CriterionGrade, ...], Field(max_length=200)] = ()


class GiveScores(AssessmentCommand[CouncilScores]):
    """The council of the block scores the official, in the name of the body that formed it."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *IN_OPEN_CYCLE,
        BodyRequired,
        NotTheEntitledBody,
        NoCouncil,
        NotOfTheCouncil,
        MayNotJudgeOneself,
        ScoresUnusable,
    )

    def seeing_cycle(self) -> list[Selector]:
        councils = Selector(types=[CouncilFormed], tags=[f"cycle:{self.cycle_id}"])
        return [*super().seeing_cycle(), councils]

    def bodies(self) -> set[str]:
        return {one.formed_by for one in self.recorded if isinstance(one, CouncilFormed)}

    def execute(self) -> None:
        params, cycle = self.params, self.cycle
        council = cycle.council(self.official_id)
        cycle.require_open()
        if council is None:
            raise NoCouncil(official_id=self.official_id)
        self.require_entitled(council.formed_by)
        for one in params.judged_by:
            if one == self.official_id:
                raise MayNotJudgeOneself(official_id=one)
            if one not in council.members:
                raise NotOfTheCouncil(official_id=one)
        require_given_by_council(self.policy, params)
        self.emit(
            ScoresGiven(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                official_id=self.official_id,
                judged_by=params.judged_by,
                scores=params.scores,
                grades=params.grades,
            )
        )


def require_given_by_council(policy: Policy, params: CouncilScores) -> None:
    """Pass if the regulation lets the council give all of that.

    Raises:
        ScoresUnusable.
    """
    parts = {one.name: one.most for one in policy.points if one.given_by == "council"}
    for score in params.scores:
        if score.part not in parts or Fraction(score.points) > parts[score.part]:
            raise ScoresUnusable(why=f"{score.part}: {score.points}")
    criteria = policy.criteria
    of_council = criteria is not None and criteria.graded_by == "council"
    named = {one.name for one in criteria.of} if criteria is not None and of_council else set()
    for grade in params.grades:
        if criteria is None or grade.criterion not in named or grade.grade not in criteria.grades:
            raise ScoresUnusable(why=f"{grade.criterion}: {grade.grade}")
