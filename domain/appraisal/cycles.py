"""Cycles as a decision sees them: the rules pinned, who is rated, what is decided, what is open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import (
    CapExceptionGranted,
    CouncilFormed,
    CycleClosed,
    CycleEvent,
    CycleOpened,
    FormerAgencyReported,
    LevelProposed,
    OfficialEnrolled,
    ScoresGiven,
    SelfAssessed,
)
from domain.appraisal.events import Level
from domain.appraisal.rating_events import (
    ObjectionAnswered,
    ObjectionRaised,
    RatingDecided,
    RatingEvent,
    RatingMoved,
    RatingReopened,
)
from domain.kernel import Conflict, Event, NotFound
from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import adopted
from domain.regulations.vocabulary_1.capping import Grouping
from domain.regulations.vocabulary_1.organising import Matter
from domain.regulations.vocabulary_1.policy import Policy

LIFETIME: tuple[type[Event], ...] = (CycleOpened, CycleClosed)
OF_OFFICIAL: tuple[type[Event], ...] = (
    OfficialEnrolled,
    SelfAssessed,
    FormerAgencyReported,
    ScoresGiven,
    LevelProposed,
    RatingDecided,
    RatingMoved,
    RatingReopened,
    ObjectionRaised,
    ObjectionAnswered,
)
ALL_OF_CYCLE: tuple[type[Event], ...] = (
    *LIFETIME,
    *OF_OFFICIAL,
    CouncilFormed,
    CapExceptionGranted,
)


class CycleUnknown(NotFound):
    """There is no cycle {cycle_id}, or not yet on that day.

    Không có chu kỳ xếp loại {cycle_id}, hoặc đến ngày đó chưa mở.
    """


class CycleIsClosed(Conflict):
    """The cycle {cycle_id} was closed on {closed_on}.

    Chu kỳ xếp loại {cycle_id} đã kết thúc ngày {closed_on}.
    """


class NotInTheCycle(Conflict):
    """The official {official_id} is not rated in the cycle {cycle_id}.

    Cán bộ {official_id} không thuộc chu kỳ xếp loại {cycle_id}.
    """


class NotRatedYet(Conflict):
    """The level of {official_id} in the cycle {cycle_id} is not decided yet.

    Mức xếp loại của {official_id} trong chu kỳ {cycle_id} chưa được quyết định.
    """


class ObjectionUnknown(NotFound):
    """There is no objection {number} of official {official_id} in that cycle.

    Không có kiến nghị số {number} của cán bộ {official_id} trong chu kỳ đó.
    """


class ObjectionAnsweredBefore(Conflict):
    """Objection {number} of official {official_id} is answered.

    Kiến nghị số {number} của cán bộ {official_id} đã được trả lời.
    """


@dataclass(slots=True)
class Member:
    """An official in a cycle, and where the official stands."""

    enrolled: OfficialEnrolled
    level: Level | None = None
    proposed: LevelProposed | None = None
    is_reopened: bool = False


@dataclass(slots=True)
class CycleSeen:
    """A cycle, as far as seen."""

    opened: CycleOpened
    closed: CycleClosed | None = None
    members: dict[str, Member] = field(default_factory=dict)
    councils: dict[str | None, CouncilFormed] = field(default_factory=dict)
    exceptions: list[CapExceptionGranted] = field(default_factory=list)

    def member(self, official_id: str) -> Member:
        """The official, who is rated in it.

        Raises:
            NotInTheCycle.
        """
        if official_id not in self.members:
            raise NotInTheCycle(official_id=official_id, cycle_id=self.opened.cycle_id)
        return self.members[official_id]

    def rated(self, official_id: str) -> Level:
        """The official's level as it stands.

        Raises:
            NotInTheCycle, NotRatedYet.
        """
        level = self.member(official_id).level
        if level is None:
            raise NotRatedYet(official_id=official_id, cycle_id=self.opened.cycle_id)
        return level

    def require_open(self) -> None:
        """Pass if the cycle is not closed.

        Raises:
            CycleIsClosed.
        """
        if self.closed is not None:
            raise CycleIsClosed(cycle_id=self.opened.cycle_id, closed_on=self.closed.effective_on)

    def groups(self, official_id: str) -> Mapping[Grouping, str]:
        """The groups of the official, by what caps call them."""
        of = self.members[official_id].enrolled
        return {
            "agency": of.agency,
            "duty_group": of.duty_group or "",
            "block": of.block or "",
            "cohort": self.opened.cohort,
        }

    def council(self, official_id: str) -> CouncilFormed | None:
        """The council that judges the official: that of the block, or of the whole cycle."""
        block = self.member(official_id).enrolled.block
        return self.councils.get(block, self.councils.get(None))


class Cycles:
    """The cycles, as far as seen."""

    def __init__(self) -> None:
        self._seen: dict[str, CycleSeen] = {}
        self._objections: dict[tuple[str, str, int], ObjectionRaised] = {}
        self._answered: set[tuple[str, str, int]] = set()

    def __iter__(self) -> Iterator[CycleSeen]:
        return iter(self._seen.values())

    def __contains__(self, cycle_id: str) -> bool:
        return cycle_id in self._seen

    def known(self, cycle_id: str) -> CycleSeen:
        """The cycle.

        Raises:
            CycleUnknown.
        """
        if cycle_id not in self._seen:
            raise CycleUnknown(cycle_id=cycle_id)
        return self._seen[cycle_id]

    def unanswered(self, cycle_id: str, official_id: str, number: int) -> ObjectionRaised:
        """The objection, which is not answered.

        Raises:
            ObjectionUnknown, ObjectionAnsweredBefore.
        """
        key = cycle_id, official_id, number
        if key not in self._objections:
            raise ObjectionUnknown(official_id=official_id, number=number)
        if key in self._answered:
            raise ObjectionAnsweredBefore(official_id=official_id, number=number)
        return self._objections[key]

    def evolve(self, event: Event) -> None:
        """Fold what happened; what is of a cycle that is not seen changes nothing."""
        if isinstance(event, CycleOpened):
            self._seen[event.cycle_id] = CycleSeen(event)
        cycle = self._seen.get(getattr(event, "cycle_id", None) or "")
        if cycle is None:
            return
        match event:
            case CycleClosed():
                cycle.closed = event
            case OfficialEnrolled():
                member = cycle.members.setdefault(event.official_id, Member(event))
                member.enrolled = event
            case CouncilFormed():
                cycle.councils[event.block] = event
            case CapExceptionGranted():
                cycle.exceptions.append(event)
            case _ if getattr(event, "official_id", None) in cycle.members:
                self._of_member(cycle.members[event.official_id], event)  # type: ignore[attr-defined]  # the case asked for it
            case _:
                pass

    def _of_member(self, member: Member, event: Event) -> None:
        match event:
            case LevelProposed():
                member.proposed = event
            case RatingDecided():
                member.level, member.is_reopened = event.level, False
            case RatingMoved():
                member.level = event.to_level
            case RatingReopened():
                member.is_reopened = True
            case ObjectionRaised():
                self._objections[event.cycle_id, event.official_id, event.number] = event
            case ObjectionAnswered():
                self._answered.add((event.cycle_id, event.official_id, event.number))
                member.is_reopened = member.is_reopened or event.upheld
            case _:
                pass


def cycle_selector(cycle_id: str) -> Selector:
    """All that happens in the cycle."""
    return Selector(types=ALL_OF_CYCLE, tags=[f"cycle:{cycle_id}"])


def lifetime_of(cycle_id: str) -> Selector:
    """By which rules the cycle is, and whether it is closed."""
    return Selector(types=LIFETIME, tags=[f"cycle:{cycle_id}"])


def member_selector(cycle_id: str, official_id: str) -> Selector:
    """What happens to the official in the cycle."""
    return Selector(types=OF_OFFICIAL, tags=[f"official:{official_id}", f"cycle:{cycle_id}"])


def is_of_cycle(event: Event) -> bool:
    """Whether the event is of a cycle that was opened."""
    if isinstance(event, RatingDecided):
        return event.cycle_id is not None
    return isinstance(event, CycleEvent | RatingEvent)


def pinned(opened: CycleOpened, events: Iterable[Event]) -> PolicyAdopted:
    """The revision by which the cycle was opened.

    An adoption that was annulled since stays the one that was pinned.
    """
    return next(
        one
        for one in events
        if isinstance(one, PolicyAdopted)
        and one.regulation_id == opened.regulation
        and one.sha256 == opened.regulation_sha256
    )


def policy_of(revision: PolicyAdopted) -> Policy:
    """What the revision says."""
    return adopted(revision.vocabulary, revision.policy)


def decider(revision: PolicyAdopted, matter: Matter) -> str:
    """The body that decides the matter by the regulation."""
    deciders = policy_of(revision).deciders
    return next((one.body for one in deciders if one.matter == matter), revision.adopted_by)
