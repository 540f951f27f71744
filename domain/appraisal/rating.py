"""Rating: a body decides the level of an official for a cycle, beside what the regulation derives.

The decision pins the regulation's revision, the cohort, the days and what was known: everything
recorded before it. Who derives it again from the same gets the same tree of steps.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.appraisal.caps import CapExceeded, ShareUnknown, capped, require_kept
from domain.appraisal.cycle_events import CycleClosed, OfficialEnrolled
from domain.appraisal.cycles import (
    CycleIsClosed,
    Cycles,
    CycleSeen,
    CycleUnknown,
    NotInTheCycle,
    cycle_selector,
    decider,
    lifetime_of,
    member_selector,
    pinned,
    policy_of,
)
from domain.appraisal.derivation import Question, derive, digest, seeing
from domain.appraisal.events import CycleId, Level
from domain.appraisal.facts import CycleNotOver, require_over
from domain.appraisal.members import some_look_at_members
from domain.appraisal.rating_events import OfCycle, RatingDecided
from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Invalid,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.organisation.entitlement import BodyCommand
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown
from domain.regulations.events import PolicyAdopted
from domain.regulations.regulations import RegulationUnknown, policy_selector
from domain.regulations.vocabulary_1.counting import EvidenceUnusable
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating import Rating
from domain.regulations.vocabulary_1.shapes import LEVELS
from domain.timeline import EventsAnnulled, timeline
from domain.values import Text


class RegulationNotInForce(Conflict):
    """No revision of {regulation} is in force on {on}.

    Ngày {on} không có bản nào của quy định {regulation} đang có hiệu lực.
    """


class NotOfTheRegulation(Invalid):
    """The regulation has no {what} “{name}”.

    Quy định không có {what} “{name}”.
    """


class ScoresUnusable(Invalid):
    """The regulation has no place for what is given: {why}.

    Quy định không có chỗ cho nội dung được nêu: {why}.
    """


class DecidedOtherwise(Invalid):
    """The regulation gives {derived}, the body decides {level}: say why in `reason`.

    Theo quy định là {derived}, cơ quan quyết định {level}: cần nêu lý do ở `reason`.
    """


class DecidedOtherThanProposed(Invalid):
    """{proposed} is proposed, the body decides {level}: say why in `reason`.

    Mức được đề nghị là {proposed}, cơ quan quyết định {level}: cần nêu lý do ở `reason`.
    """


class NotOfTheCycle(Invalid):
    """The cycle {cycle_id} has {expected} as `{name}`, not {given}.

    Chu kỳ xếp loại {cycle_id} có {expected} ở `{name}`, không phải {given}.
    """


class RatedInItsCycle(Conflict):
    """The official {official_id} is rated for these days in the cycle {cycle_id}: name it.

    Cán bộ {official_id} được xếp loại cho kỳ này trong chu kỳ {cycle_id}: cần nêu chu kỳ đó.
    """


class GivenByTheCouncil(Invalid):
    """In a cycle the council gives `{name}`, by its own verb.

    Trong chu kỳ xếp loại, hội đồng tư vấn chấm `{name}` bằng thao tác riêng.
    """


class AboveTheCeiling(Conflict):
    """For what holds of the official the regulation allows no level above {ceiling}.

    Với những gì đã ghi nhận, quy định không cho xếp cao hơn {ceiling}.
    """


def in_force(events: Iterable[Event], regulation: str, on: date) -> PolicyAdopted:
    """The revision of the regulation in force on that day.

    Raises:
        RegulationUnknown, RegulationNotInForce.
    """
    revisions = [
        one for one in events if isinstance(one, PolicyAdopted) and one.regulation_id == regulation
    ]
    if not revisions:
        raise RegulationUnknown(regulation_id=regulation)
    standing = [one for one in revisions if one.effective_on <= on]
    if not standing:
        raise RegulationNotInForce(regulation=regulation, on=on)
    return standing[-1]


def require_of(policy: Policy, of: OfCycle) -> None:
    """Pass if the regulation knows the cycle and the cohort.

    Raises:
        NotOfTheRegulation.
    """
    if of.cycle not in policy.cycles:
        raise NotOfTheRegulation(what="cycle", name=of.cycle)
    if of.cohort not in {cohort.name for cohort in policy.cohorts}:
        raise NotOfTheRegulation(what="cohort", name=of.cohort)


def require_reasoned(level: Level, reason: str | None, rating: Rating) -> None:
    """Pass if the level follows, or the body says why it is another, and may give it.

    Raises:
        DecidedOtherwise, AboveTheCeiling.
    """
    ceiling = rating.no_better_than
    if ceiling is not None and LEVELS.index(level) < LEVELS.index(ceiling):
        raise AboveTheCeiling(ceiling=ceiling)
    if rating.level is not None and level != rating.level and reason is None:
        raise DecidedOtherwise(derived=rating.level, level=level)


# What tells one rating of an official from another.
KEY = ("regulation", "cycle", "from_on")


class RatingDecision(Parameters):
    """Of which cycle, the level, and the reason where the regulation gives another.

    `cycle_id` names the cycle that was opened for the official.
    """

    cycle_id: CycleId | None = None
    of: OfCycle
    level: Level
    reason: Text | None = None


class DecideRating(BodyCommand[RatingDecision]):
    """The body decides the level, by its document, once the cycle is over."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        NotTheEntitledBody,
        DocumentRequired,
        OfficialUnknown,
        RegulationUnknown,
        RegulationNotInForce,
        NotOfTheRegulation,
        CycleUnknown,
        NotOfTheCycle,
        NotInTheCycle,
        CycleIsClosed,
        RatedInItsCycle,
        CycleNotOver,
        GivenByTheCouncil,
        ScoresUnusable,
        DecidedOtherwise,
        DecidedOtherThanProposed,
        AboveTheCeiling,
        ShareUnknown,
        CapExceeded,
    )

    def __init__(self, context: Context, params: RatingDecision, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id
        self.cycles = Cycles()

    def consistency_boundary(self) -> list[Selector]:
        registered = Selector(types=[OfficialRegistered], tags=[f"official:{self.official_id}"])
        return [
            registered,
            policy_selector(self.params.of.regulation),
            *seeing(
                self.official_id,
                self.numbered,
                self.params.cycle_id,
                members=some_look_at_members(self.recorded),
            ),
            *self.seeing_cycles(),
            *self.seeing_heirs(),
        ]

    def seeing_cycles(self) -> list[Selector]:
        """The cycle, with all who are rated in it once it is closed; or those that there may be."""
        cycle_id = self.params.cycle_id
        if cycle_id is None:
            enrolled = Selector(types=[OfficialEnrolled], tags=[f"official:{self.official_id}"])
            named = (one for one in self.recorded if isinstance(one, OfficialEnrolled))
            ids = dict.fromkeys(one.cycle_id for one in named)
            return [enrolled, *map(lifetime_of, ids)]
        if any(isinstance(one, CycleClosed) for one in self.recorded):
            return [cycle_selector(cycle_id)]
        return [lifetime_of(cycle_id), member_selector(cycle_id, self.official_id)]

    def bodies(self) -> set[str]:
        of = self.params.of.regulation
        revisions = [one for one in self.recorded if isinstance(one, PolicyAdopted)]
        return {decider(one, "rating") for one in revisions if one.regulation_id == of}

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.cycles.evolve(event)

    def execute(self) -> None:
        params, of = self.params, self.params.of
        if self.official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=self.official_id)
        cycle = self._cycle()
        revision = revision_of(of, self.numbered, cycle)
        policy = policy_of(revision)
        require_of(policy, of)
        body = self.require_entitled(decider(revision, "rating"))
        self.require_basis()
        require_over(of.to_on, self.context.effective_on)
        if cycle is not None:
            require_own_scores(policy, of)
        rating = derived(policy, of, self.official_id, self.numbered, params.cycle_id)
        require_reasoned(params.level, params.reason, rating)
        if cycle is not None:
            self._require_fit(policy, cycle)
        self.emit(
            RatingDecided(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                decided_by=body,
                cycle_id=params.cycle_id,
                regulation=of.regulation,
                cycle=of.cycle,
                cohort=of.cohort,
                from_on=of.from_on,
                to_on=of.to_on,
                scores=of.scores,
                grades=of.grades,
                regulation_sha256=revision.sha256,
                level=params.level,
                derived=rating.level,
                derived_points=_points(rating),
                tree_sha256=digest(rating.step),
                stands_on=tuple(sorted(rating.step.stands_on())),
                reason=params.reason,
            )
        )

    def _cycle(self) -> CycleSeen | None:
        """The cycle, in which the official is rated; closed only if the rating was reopened.

        Raises:
            CycleUnknown, NotOfTheCycle, NotInTheCycle, CycleIsClosed, RatedInItsCycle.
        """
        params, of = self.params, self.params.of
        if params.cycle_id is None:
            for one in self.cycles:
                same = all(getattr(one.opened, name) == getattr(of, name) for name in KEY)
                if self.official_id in one.members and same:
                    raise RatedInItsCycle(
                        official_id=self.official_id, cycle_id=one.opened.cycle_id
                    )
            return None
        cycle = self.cycles.known(params.cycle_id)
        require_of_cycle(cycle, of)
        if not cycle.member(self.official_id).is_reopened:
            cycle.require_open()
        return cycle

    def _require_fit(self, policy: Policy, cycle: CycleSeen) -> None:
        """Pass if what differs from the proposal has its reason, and a closed cycle's caps hold.

        Raises:
            DecidedOtherThanProposed, ShareUnknown, CapExceeded.
        """
        params, proposed = self.params, cycle.member(self.official_id).proposed
        if proposed is not None and proposed.level != params.level and params.reason is None:
            raise DecidedOtherThanProposed(proposed=proposed.level, level=params.level)
        if cycle.closed is not None:
            levels = {self.official_id: params.level}
            require_kept(capped(policy, cycle, cycle.closed.shares, levels))


def require_of_cycle(cycle: CycleSeen, of: OfCycle) -> None:
    """Pass if what is said of the cycle is so.

    Raises:
        NotOfTheCycle.
    """
    for name in (*KEY, "to_on", "cohort"):
        expected, given = getattr(cycle.opened, name), getattr(of, name)
        if expected != given:
            cycle_id = cycle.opened.cycle_id
            raise NotOfTheCycle(cycle_id=cycle_id, name=name, expected=expected, given=given)


def require_own_scores(policy: Policy, of: OfCycle) -> None:
    """Pass if nothing is stated that a council gives.

    Raises:
        GivenByTheCouncil.
    """
    of_council = {one.name for one in policy.points if one.given_by == "council"}
    for score in of.scores:
        if score.part in of_council:
            raise GivenByTheCouncil(name=score.part)
    if of.grades and policy.criteria is not None and policy.criteria.graded_by == "council":
        raise GivenByTheCouncil(name=of.grades[0].criterion)


def revision_of(
    of: OfCycle, recorded: Mapping[int, Event], cycle: CycleSeen | None
) -> PolicyAdopted:
    """The revision that was pinned when the cycle was opened, or the one in force on its last day.

    Raises:
        RegulationUnknown, RegulationNotInForce.
    """
    if cycle is not None:
        return pinned(cycle.opened, recorded.values())
    of_rules = {
        position: event
        for position, event in recorded.items()
        if isinstance(event, PolicyAdopted | EventsAnnulled)
    }
    standing = (entry.event for entry in timeline(of_rules))
    return in_force(standing, of.regulation, of.to_on)


def derived(
    policy: Policy,
    of: OfCycle,
    official_id: str,
    recorded: Mapping[int, Event],
    cycle_id: str | None = None,
) -> Rating:
    """What the regulation gives.

    Raises:
        ScoresUnusable.
    """
    try:
        return derive(policy, Question.of(of, official_id, cycle_id), recorded)
    except EvidenceUnusable as unusable:
        raise ScoresUnusable(why=str(unusable)) from None


def _points(rating: Rating) -> Decimal | None:
    """The points to four decimals, halves up, to be read; the tree has them exactly."""
    if rating.points is None:
        return None
    return Decimal((rating.points * 20_000 + 1) // 2).scaleb(-4)
