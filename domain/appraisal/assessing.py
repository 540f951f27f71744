"""Assessing: what the official, a former agency and the unit that proposes say before a rating."""

from datetime import date
from typing import Annotated, ClassVar, Self

from eventsourcing.dcb.domain import Selector
from pydantic import Field, model_validator

from domain.appraisal.command import (
    IN_OPEN_CYCLE,
    AssessmentCommand,
    OfOfficial,
)
from domain.appraisal.cycle_events import (
    FormerAgencyReported,
    LevelProposed,
    OfficialEnrolled,
    PeriodScore,
    SelfAssessed,
)
from domain.appraisal.cycles import decider
from domain.appraisal.events import Level
from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    Event,
    Forbidden,
    Invalid,
    NotTheEntitledBody,
    Refusal,
)
from domain.organisation.events import TenureEnded, TenureStarted
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.regulations.vocabulary_1.organising import OpinionGiven
from domain.regulations.vocabulary_1.policy import Policy
from domain.values import Impossible, Text

MONTHS = 12


class OnlyOneself(Forbidden):
    """The self-assessment is for the official {official_id} to give, not for {actor}.

    Việc tự đánh giá do cán bộ {official_id} thực hiện, không phải {actor}.
    """


class SelfAssessment(OfOfficial):
    """The level claimed, and what the official says of the work."""

    claimed: Level
    text: Text


class AssessOneself(AssessmentCommand[SelfAssessment]):
    """The official submits the self-assessment, also after leaving; a later one counts instead."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*IN_OPEN_CYCLE, OnlyOneself)

    def execute(self) -> None:
        params, actor = self.params, self.context.actor
        if actor.official_id not in {None, self.official_id}:
            raise OnlyOneself(official_id=self.official_id, actor=actor.id)
        self.cycle.member(self.official_id)
        self.cycle.require_open()
        self.emit(
            SelfAssessed(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                official_id=self.official_id,
                claimed=params.claimed,
                text=params.text,
            )
        )


class FormerAgencyTakesNoPart(Conflict):
    """The regulation gives a former agency no part in the rating.

    Quy định không giao cơ quan cũ tham gia xếp loại.
    """


class FormerAgencyGivesOtherwise(Invalid):
    """By the regulation the former agency gives `{expected}`.

    Theo quy định, cơ quan cũ cung cấp `{expected}`.
    """


class NotTheFormerAgency(Conflict):
    """The official {official_id} did not leave a post of {unit_id} within the cycle.

    Trong kỳ, cán bộ {official_id} không thôi giữ chức danh nào ở {unit_id}.
    """


class WorkedThereTooShort(Conflict):
    """The official worked at {unit_id} for {months} months of the cycle: an opinion needs {needed}.

    Trong kỳ, cán bộ công tác tại {unit_id} {months} tháng: phải đủ {needed} tháng mới lấy ý kiến.
    """


class FormerWork(OfOfficial):
    """The scores of the months or quarters, or the opinion; whichever the regulation asks for."""

    scores: Annotated[tuple[PeriodScore, ...], Field(max_length=12)] = ()
    opinion: Text | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if bool(self.scores) == (self.opinion is not None):
            raise Impossible(
                "give either scores or an opinion", "cần nêu điểm hoặc ý kiến, chỉ một trong hai"
            )
        return self


class ReportFormerWork(AssessmentCommand[FormerWork]):
    """The unit that the official left within the cycle sends its scores, or gives its opinion."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *IN_OPEN_CYCLE,
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        FormerAgencyTakesNoPart,
        FormerAgencyGivesOtherwise,
        NotTheFormerAgency,
        WorkedThereTooShort,
    )

    def __init__(self, context: Context, params: FormerWork, cycle_id: str) -> None:
        super().__init__(context, params, cycle_id)
        self.tenures: list[TenureStarted | TenureEnded] = []

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        match event:
            case TenureStarted() | TenureEnded() if event.official_id == self.official_id:
                self.tenures.append(event)
            case _:
                pass

    def seeing_cycle(self) -> list[Selector]:
        tenures = Selector(
            types=[TenureStarted, TenureEnded], tags=[f"official:{self.official_id}"]
        )
        body = self.context.on_behalf_of
        return [*super().seeing_cycle(), tenures, *([] if body is None else [unit_selector(body)])]

    def execute(self) -> None:
        params, cycle = self.params, self.cycle
        unit = self.require_body()
        self.organisation.open_unit(unit, self.context.effective_on)
        cycle.member(self.official_id)
        cycle.require_open()
        require_asked(self.policy, params)
        started_on, left_on = self._stay(unit)
        leavers = self.policy.leavers
        if isinstance(leavers, OpinionGiven):
            months = whole_months(started_on, left_on)
            if months < leavers.gives_opinion_after_months:
                raise WorkedThereTooShort(
                    unit_id=unit, months=months, needed=leavers.gives_opinion_after_months
                )
        self.emit(
            FormerAgencyReported(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                official_id=self.official_id,
                former_agency=unit,
                scores=params.scores,
                opinion=params.opinion,
            )
        )

    def _stay(self, unit: str) -> tuple[date, date]:
        """The days of the cycle from which and until which the official held posts there.

        Raises:
            NotTheFormerAgency.
        """
        opened = self.cycle.opened
        own = [one for one in self.tenures if one.unit_id == unit]
        ends = [one.effective_on for one in own if isinstance(one, TenureEnded)]
        starts = [one.effective_on for one in own if isinstance(one, TenureStarted)]
        if not starts or not ends or not opened.from_on <= max(ends) <= opened.to_on:
            raise NotTheFormerAgency(official_id=self.official_id, unit_id=unit)
        return max(min(starts), opened.from_on), max(ends)


def require_asked(policy: Policy, params: FormerWork) -> None:
    """Pass if the regulation asks the former agency for just that.

    Raises:
        FormerAgencyTakesNoPart, FormerAgencyGivesOtherwise.
    """
    leavers = policy.leavers
    if leavers is None:
        raise FormerAgencyTakesNoPart
    if isinstance(leavers, OpinionGiven):
        if params.opinion is None:
            raise FormerAgencyGivesOtherwise(expected="opinion")
    elif leavers.former_agency == "takes_no_part":
        raise FormerAgencyTakesNoPart
    elif params.opinion is not None:
        raise FormerAgencyGivesOtherwise(expected="scores")


def whole_months(since: date, until: date) -> int:
    """The whole months from one day until before another."""
    months = (until.year - since.year) * MONTHS + until.month - since.month
    return months - (until.day < since.day)


class LevelProposal(OfOfficial):
    """The level, and what the unit says for it."""

    level: Level
    reason: Text | None = None


class ProposeLevel(AssessmentCommand[LevelProposal]):
    """The official's agency, or the deciding body's own office, proposes the level."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *IN_OPEN_CYCLE,
        BodyRequired,
        NotTheEntitledBody,
    )

    def bodies(self) -> set[str]:
        enrolled = (one for one in self.recorded if isinstance(one, OfficialEnrolled))
        return super().bodies() | {one.agency for one in enrolled}

    def _proposing(self) -> str:
        """The agency, unless the deciding body itself proposes."""
        decides = decider(self.revision, "rating")
        if self.context.on_behalf_of == decides:
            return decides
        return self.cycle.member(self.official_id).enrolled.agency

    def execute(self) -> None:
        self.cycle.member(self.official_id)
        self.cycle.require_open()
        body = self.require_entitled(self._proposing())
        self.emit(
            LevelProposed(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                official_id=self.official_id,
                proposed_by=body,
                addressed_to=decider(self.revision, "rating"),
                level=self.params.level,
                reason=self.params.reason,
            )
        )
