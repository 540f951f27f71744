"""Self-checks: officials look at themselves by the catalogue, apart from any finding (E2)."""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector

from domain.conduct.events import ManifestationCode, RegulationName, SelfCheckMade
from domain.conduct.findings import ManifestationUnlisted, OnlyThePerson, require_listed
from domain.kernel import Command, Context, Event, Parameters, Refusal
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown, Organisation
from domain.regulations.regulations import Regulations, RegulationUnknown, policy_selector
from domain.values import Personal, Text


class SelfCheck(Parameters):
    """The manifestation, by the regulation that lists it; what is seen, and what will change."""

    regulation_id: RegulationName
    manifestation: Annotated[ManifestationCode, Personal()]
    seen: Annotated[Text, Personal()]
    remedy: Annotated[Text | None, Personal()] = None


class MakeSelfCheck(Command[SelfCheck]):
    """Officials record what they see in themselves; it is sealed, and nobody else reads it."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        OfficialUnknown,
        OnlyThePerson,
        RegulationUnknown,
        ManifestationUnlisted,
    )

    def __init__(self, context: Context, params: SelfCheck, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id
        self._organisation = Organisation()
        self._regulations = Regulations()

    def consistency_boundary(self) -> list[Selector]:
        tag = f"official:{self.official_id}"
        own = Selector(types=[OfficialRegistered, SelfCheckMade], tags=[tag])
        return [own, policy_selector(self.params.regulation_id)]

    def evolve(self, event: Event) -> None:
        self._organisation.evolve(event)
        self._regulations.evolve(event)

    def execute(self) -> None:
        params, actor, on = self.params, self.context.actor, self.context.effective_on
        self._organisation.require_official(self.official_id)
        if actor.official_id not in {None, self.official_id}:
            raise OnlyThePerson(official_id=self.official_id, actor=actor.id)
        require_listed(self._regulations, params.regulation_id, params.manifestation, on)
        made = (one.number for one in self.recorded if isinstance(one, SelfCheckMade))
        self.emit(
            SelfCheckMade(
                effective_on=on,
                official_id=self.official_id,
                number=max(made, default=0) + 1,
                regulation_id=params.regulation_id,
                manifestation=params.manifestation,
                seen=params.seen,
                remedy=params.remedy,
            )
        )
