"""Command: what all commands of a cycle see: its rules, its officials, the body that decides."""

from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import CycleOpened
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
from domain.appraisal.events import CycleId
from domain.kernel import (
    BodyRequired,
    Context,
    DocumentRequired,
    Event,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.organisation.entitlement import BodyCommand
from domain.regulations.events import PolicyAdopted
from domain.regulations.regulations import policy_selector
from domain.regulations.vocabulary_1.organising import Matter
from domain.regulations.vocabulary_1.policy import Policy
from domain.values import OfficialId

Params = TypeVar("Params", bound=Parameters)


class CycleCommand(BodyCommand[Params]):
    """A command in a cycle; MATTER is what the regulation calls that which is decided."""

    MATTER: ClassVar[Matter] = "rating"
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (CycleUnknown,)

    def __init__(self, context: Context, params: Params, cycle_id: str) -> None:
        super().__init__(context, params)
        self.cycle_id = cycle_id
        self.cycles = Cycles()

    def consistency_boundary(self) -> list[Selector]:
        return [*self.seeing_cycle(), *self.seeing_rules(), *self.seeing_heirs()]

    def seeing_cycle(self) -> list[Selector]:
        """All of the cycle."""
        return [cycle_selector(self.cycle_id)]

    def seeing_rules(self) -> list[Selector]:
        """The regulation of the cycle."""
        opened = (one for one in self.recorded if isinstance(one, CycleOpened))
        return [policy_selector(one.regulation) for one in opened]

    def bodies(self) -> set[str]:
        revisions = (one for one in self.recorded if isinstance(one, PolicyAdopted))
        return {decider(one, self.MATTER) for one in revisions}

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.cycles.evolve(event)

    @property
    def cycle(self) -> CycleSeen:
        """The cycle.

        Raises:
            CycleUnknown.
        """
        return self.cycles.known(self.cycle_id)

    @property
    def revision(self) -> PolicyAdopted:
        """The revision that was pinned when the cycle was opened."""
        return pinned(self.cycle.opened, self.recorded)

    @property
    def policy(self) -> Policy:
        """What that revision says."""
        return policy_of(self.revision)

    def deciding(self) -> str:
        """The body that decides the matter by the regulation, citing its document.

        Raises:
            CycleUnknown, BodyRequired, NotTheEntitledBody, DocumentRequired.
        """
        body = self.require_entitled(decider(self.revision, self.MATTER))
        self.require_basis()
        return body


BY_DECIDING_BODY: tuple[type[Refusal], ...] = (
    CycleUnknown,
    BodyRequired,
    NotTheEntitledBody,
    DocumentRequired,
)


class MemberCommand(CycleCommand[Params]):
    """A command about one official in a cycle."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (CycleUnknown, NotInTheCycle)

    def __init__(self, context: Context, params: Params, cycle_id: str, official_id: str) -> None:
        super().__init__(context, params, cycle_id)
        self.official_id = official_id

    def seeing_cycle(self) -> list[Selector]:
        """The rules of the cycle, and what happened to the official in it."""
        return [lifetime_of(self.cycle_id), member_selector(self.cycle_id, self.official_id)]


class OfOfficial(Parameters):
    """About which official of the cycle."""

    official_id: OfficialId


OfOfficialParams = TypeVar("OfOfficialParams", bound=OfOfficial)


class AssessmentCommand(MemberCommand[OfOfficialParams]):
    """A command by which something is said of an official before the body decides."""

    def __init__(self, context: Context, params: OfOfficialParams, cycle_id: str) -> None:
        super().__init__(context, params, cycle_id, params.official_id)


class OfCycleParameters(Parameters):
    """In which cycle."""

    cycle_id: CycleId


OfCycleParams = TypeVar("OfCycleParams", bound=OfCycleParameters)


class RatingCommand(MemberCommand[OfCycleParams]):
    """A command about the official's rating in a cycle."""

    def __init__(self, context: Context, params: OfCycleParams, official_id: str) -> None:
        super().__init__(context, params, params.cycle_id, official_id)


IN_OPEN_CYCLE: tuple[type[Refusal], ...] = (CycleUnknown, CycleIsClosed, NotInTheCycle)
