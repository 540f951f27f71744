"""Opening: a body opens a cycle by a regulation, and enrols the officials who are rated in it."""

from typing import Annotated, ClassVar, Self

from eventsourcing.dcb.domain import Selector
from pydantic import Field, model_validator

from domain.appraisal.command import BY_DECIDING_BODY, CycleCommand
from domain.appraisal.cycle_events import CycleOpened, NamedId, OfficialEnrolled
from domain.appraisal.cycles import CycleIsClosed, decider, policy_of
from domain.appraisal.events import Cycle, CycleId, RegulationName
from domain.appraisal.rating import NotOfTheRegulation, RegulationNotInForce, in_force
from domain.kernel import (
    BodyRequired,
    Conflict,
    DocumentRequired,
    Invalid,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from domain.organisation.selectors import existence
from domain.regulations.events import PolicyAdopted
from domain.regulations.regulations import RegulationUnknown, policy_selector
from domain.timeline import timeline
from domain.values import Day, Impossible, OfficialId, Slug, Value


class CycleOpenedBefore(Conflict):
    """The cycle {cycle_id} was opened on {opened_on}.

    Chu kỳ xếp loại {cycle_id} đã được mở ngày {opened_on}.
    """


class GroupMissing(Invalid):
    """The regulation caps levels within each {grouping}: give it for {official_id}.

    Quy định giới hạn tỷ lệ theo {grouping}: cần nêu cho {official_id}.
    """


class CycleOpening(Parameters):
    """By which regulation, for which cohort and days, both included; an id is made if left out."""

    cycle_id: CycleId | None = None
    regulation: RegulationName
    cycle: Cycle
    cohort: Slug
    from_on: Day
    to_on: Day

    @model_validator(mode="after")
    def _is_of_a_period(self) -> Self:
        if self.to_on < self.from_on:
            raise Impossible("the period ends before it begins", "kỳ kết thúc trước khi bắt đầu")
        return self


class OpenCycle(CycleCommand[CycleOpening]):
    """The body opens the cycle by the revision that is in force on its last day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        NotTheEntitledBody,
        DocumentRequired,
        RegulationUnknown,
        RegulationNotInForce,
        NotOfTheRegulation,
        CycleOpenedBefore,
    )

    def seeing_rules(self) -> list[Selector]:
        return [policy_selector(self.params.regulation)]

    def execute(self) -> None:
        params = self.params
        if self.cycle_id in self.cycles:
            opened_on = self.cycle.opened.effective_on
            raise CycleOpenedBefore(cycle_id=self.cycle_id, opened_on=opened_on)
        standing = (entry.event for entry in timeline(self.numbered))
        revision = in_force(standing, params.regulation, params.to_on)
        _require_known(revision, params)
        body = self.require_entitled(decider(revision, self.MATTER))
        self.require_basis()
        self.emit(
            CycleOpened(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                decided_by=body,
                regulation=params.regulation,
                regulation_sha256=revision.sha256,
                cycle=params.cycle,
                cohort=params.cohort,
                from_on=params.from_on,
                to_on=params.to_on,
            )
        )


def _require_known(revision: PolicyAdopted, params: CycleOpening) -> None:
    policy = policy_of(revision)
    if params.cycle not in policy.cycles:
        raise NotOfTheRegulation(what="cycle", name=params.cycle)
    if params.cohort not in {cohort.name for cohort in policy.cohorts}:
        raise NotOfTheRegulation(what="cohort", name=params.cohort)


class Enrolment(Value):
    """An official, and the groups within which levels are capped.

    `agency` is the unit in which the official works, or worked before leaving.
    """

    official_id: OfficialId
    agency: NamedId
    duty_group: Slug | None = None
    block: Slug | None = None


class Enrolments(Parameters):
    """The officials; who is enrolled already, is in these groups from now on."""

    officials: Annotated[tuple[Enrolment, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _names_each_official_once(self) -> Self:
        if len({one.official_id for one in self.officials}) < len(self.officials):
            raise Impossible("an official is given twice", "có cán bộ được nêu hai lần")
        return self


class EnrolOfficials(CycleCommand[Enrolments]):
    """The body says who is rated in the cycle; also those who have left."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        CycleIsClosed,
        OfficialUnknown,
        UnitUnknown,
        NotOfTheRegulation,
        GroupMissing,
    )

    def seeing_cycle(self) -> list[Selector]:
        officials = [
            Selector(types=[OfficialRegistered], tags=[f"official:{one.official_id}"])
            for one in self.params.officials
        ]
        agencies = (one.agency for one in self.params.officials)
        units = existence(self.organisation, agencies, self.recorded)
        return [*super().seeing_cycle(), *officials, *units]

    def execute(self) -> None:
        self.deciding()
        self.cycle.require_open()
        for one in self.params.officials:
            if one.official_id not in self.organisation.officials:
                raise OfficialUnknown(official_id=one.official_id)
            self.organisation.unit(one.agency)
            self._require_grouped(one)
        for one in self.params.officials:
            self.emit(
                OfficialEnrolled(
                    effective_on=self.context.effective_on,
                    cycle_id=self.cycle_id,
                    official_id=one.official_id,
                    agency=one.agency,
                    duty_group=one.duty_group,
                    block=one.block,
                )
            )

    def _require_grouped(self, one: Enrolment) -> None:
        """Pass if the official's groups are those of the regulation, and none is missing."""
        policy = self.policy
        listed = policy.duty_groups
        if one.duty_group is not None and listed and one.duty_group not in listed:
            raise NotOfTheRegulation(what="duty_group", name=one.duty_group)
        groupings = {grouping for cap in policy.caps for grouping in cap.within}
        for grouping in sorted(groupings & {"block", "duty_group"}):
            if getattr(one, grouping) is None:
                raise GroupMissing(grouping=grouping, official_id=one.official_id)
