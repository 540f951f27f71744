"""Findings: an inspecting unit finds a manifestation, with evidence, and the person replies."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.conduct.events import (
    FindingEvent,
    FindingNumber,
    FindingRecorded,
    FindingReplied,
    ManifestationCode,
    RegulationName,
)
from domain.kernel import (
    BodyRequired,
    Command,
    Conflict,
    Context,
    Event,
    Forbidden,
    NotFound,
    Parameters,
    Refusal,
)
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import (
    OfficialUnknown,
    Organisation,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.selectors import unit_selector
from domain.regulations.policies import adopted
from domain.regulations.regulations import Regulations, RegulationUnknown, policy_selector
from domain.tasks.proposal import Evidence
from domain.values import Text


class ManifestationUnlisted(Conflict):
    """The regulation {regulation_id} in force on {on} lists no manifestation {manifestation}.

    Quy định {regulation_id} có hiệu lực ngày {on} không nêu biểu hiện {manifestation}.
    """


class FindingUnknown(NotFound):
    """There is no finding {number} of official {official_id}.

    Không có ghi nhận số {number} về cán bộ {official_id}.
    """


class FindingRepliedBefore(Conflict):
    """The official {official_id} replied to finding {number} on {replied_on}.

    Cán bộ {official_id} đã giải trình về ghi nhận số {number} ngày {replied_on}.
    """


class OnlyThePerson(Forbidden):
    """This is for the official {official_id} to say, not for {actor}.

    Nội dung này do chính cán bộ {official_id} nêu, không phải {actor}.
    """


Params = TypeVar("Params", bound=Parameters)


class Findings:
    """The findings of officials, and their replies, as far as seen."""

    def __init__(self) -> None:
        self._replied: dict[tuple[str, int], date | None] = {}

    def evolve(self, event: Event) -> None:
        match event:
            case FindingRecorded():
                self._replied[event.official_id, event.number] = None
            case FindingReplied():
                self._replied[event.official_id, event.number] = event.effective_on
            case _:
                pass

    def require_unreplied(self, official_id: str, number: int) -> None:
        """Pass if there is such a finding, and no reply to it.

        Raises:
            FindingUnknown, FindingRepliedBefore.
        """
        named = {"official_id": official_id, "number": number}
        if (official_id, number) not in self._replied:
            raise FindingUnknown(**named)
        replied_on = self._replied[official_id, number]
        if replied_on is not None:
            raise FindingRepliedBefore(**named, replied_on=replied_on)

    def require_recorded(self, official_id: str, numbers: Iterable[int]) -> None:
        """Pass if there are findings of these numbers.

        Raises:
            FindingUnknown.
        """
        for number in numbers:
            if (official_id, number) not in self._replied:
                raise FindingUnknown(official_id=official_id, number=number)


def findings_of(official_id: str) -> Selector:
    """What was found of the official, and replied."""
    return Selector(types=[FindingRecorded, FindingReplied], tags=[f"official:{official_id}"])


class ConductCommand(Command[Params]):
    """A command about one official's conduct."""

    def __init__(self, context: Context, params: Params, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id
        self.organisation = Organisation()
        self.regulations = Regulations()
        self.findings = Findings()

    def consistency_boundary(self) -> list[Selector]:
        known = Selector(types=[OfficialRegistered], tags=[f"official:{self.official_id}"])
        return [known, findings_of(self.official_id)]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.regulations.evolve(event)
        self.findings.evolve(event)

    def require_official(self) -> None:
        """Pass if the official is known.

        Raises:
            OfficialUnknown.
        """
        if self.official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=self.official_id)


class Seen(Parameters):
    """The manifestation, by the regulation that lists it; what was seen; the evidence."""

    regulation_id: RegulationName
    manifestation: ManifestationCode
    finding: Text
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=50)]


class RecordFinding(ConductCommand[Seen]):
    """The inspecting unit records it in its own name; `on_behalf_of` names the unit."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        OfficialUnknown,
        RegulationUnknown,
        ManifestationUnlisted,
    )

    def consistency_boundary(self) -> list[Selector]:
        unit = self.context.on_behalf_of
        named = [] if unit is None else [unit_selector(unit)]
        catalogue = policy_selector(self.params.regulation_id)
        return [*super().consistency_boundary(), catalogue, *named]

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        unit = self.require_body()
        self.organisation.open_unit(unit, on)
        self.require_official()
        require_listed(self.regulations, params.regulation_id, params.manifestation, on)
        own = (one for one in self.recorded if isinstance(one, FindingRecorded))
        self.emit(
            FindingRecorded(
                effective_on=on,
                official_id=self.official_id,
                number=_next(one for one in own if one.official_id == self.official_id),
                inspected_by=unit,
                regulation_id=params.regulation_id,
                manifestation=params.manifestation,
                finding=params.finding,
                evidence=params.evidence,
            )
        )


class FindingReply(Parameters):
    """Which finding, and what the person says to it."""

    number: FindingNumber
    reply: Text


class ReplyToFinding(ConductCommand[FindingReply]):
    """The official whom the finding is about replies, once."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        OfficialUnknown,
        OnlyThePerson,
        FindingUnknown,
        FindingRepliedBefore,
    )

    def execute(self) -> None:
        params, actor = self.params, self.context.actor
        self.require_official()
        if actor.official_id not in {None, self.official_id}:
            raise OnlyThePerson(official_id=self.official_id, actor=actor.id)
        self.findings.require_unreplied(self.official_id, params.number)
        self.emit(
            FindingReplied(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                number=params.number,
                reply=params.reply,
            )
        )


def require_listed(
    regulations: Regulations, regulation_id: str, manifestation: str, on: date
) -> None:
    """Pass if the catalogue of the regulation in force on the day lists the manifestation.

    Raises:
        RegulationUnknown, ManifestationUnlisted.
    """
    by_then = [one for one in regulations.revisions(regulation_id) if one.effective_on <= on]
    if not by_then:
        raise RegulationUnknown(regulation_id=regulation_id)
    catalogue = adopted(by_then[-1].vocabulary, by_then[-1].policy).manifestations
    listed = () if catalogue is None else catalogue.listed
    if manifestation not in {one.code for one in listed}:
        raise ManifestationUnlisted(regulation_id=regulation_id, on=on, manifestation=manifestation)


def _next(findings: Iterable[FindingEvent]) -> int:
    return max((one.number for one in findings), default=0) + 1
