"""Replacement: a unit proposes that an official does not keep a post; the managing body answers.

It may stand on findings. The tenure itself ends by its own verb, with whom the tasks go to (E3).
"""

from datetime import date
from typing import Annotated, ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictBool

from domain.conduct.events import FindingNumber, ReplacementDecided, ReplacementProposed
from domain.conduct.findings import Findings, FindingUnknown, findings_of
from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    NotFound,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.organisation.entitlement import BodyCommand
from domain.organisation.organisation import (
    NotThePostHolder,
    OfficialUnknown,
    PostNotOpen,
    PostUnknown,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.selectors import official_selector, post_selector, unit_selector
from domain.values import PostId, Text

Params = TypeVar("Params", bound=Parameters)


class ReplacementUnknown(NotFound):
    """There is no proposal {number} to replace the official {official_id}.

    Không có đề xuất số {number} về việc thay thế, điều chuyển cán bộ {official_id}.
    """


class ReplacementSettled(Conflict):
    """Proposal {number} to replace the official {official_id} was answered on {settled_on}.

    Đề xuất số {number} về việc thay thế, điều chuyển cán bộ {official_id} đã được trả lời ngày
    {settled_on}.
    """


class ReplacementAwaited(Conflict):
    """Proposal {number} to replace the official {official_id} in that post awaits an answer.

    Đề xuất số {number} về việc thay thế, điều chuyển cán bộ {official_id} đang chờ trả lời.
    """


class Replacements:
    """The replacements that were proposed, and answered, as far as seen."""

    def __init__(self) -> None:
        self._proposed: dict[tuple[str, int], ReplacementProposed] = {}
        self._settled: dict[tuple[str, int], date] = {}

    def evolve(self, event: Event) -> None:
        match event:
            case ReplacementProposed():
                self._proposed[event.official_id, event.number] = event
            case ReplacementDecided():
                self._settled[event.official_id, event.number] = event.effective_on
            case _:
                pass

    def awaiting(self, official_id: str, number: int) -> ReplacementProposed:
        """The proposal of that number, which is not answered yet.

        Raises:
            ReplacementUnknown, ReplacementSettled.
        """
        key = official_id, number
        if key not in self._proposed:
            raise ReplacementUnknown(official_id=official_id, number=number)
        if key in self._settled:
            settled_on = self._settled[key]
            raise ReplacementSettled(official_id=official_id, number=number, settled_on=settled_on)
        return self._proposed[key]

    def require_none_awaited(self, official_id: str, post_id: str) -> None:
        """Pass if no proposal about that post awaits an answer.

        Raises:
            ReplacementAwaited.
        """
        for (of, number), proposed in self._proposed.items():
            same = (of, proposed.post_id) == (official_id, post_id)
            if same and (of, number) not in self._settled:
                raise ReplacementAwaited(official_id=official_id, number=number)


def replacements_of(official_id: str) -> Selector:
    """What was proposed about the official's posts, and answered."""
    return Selector(
        types=[ReplacementProposed, ReplacementDecided], tags=[f"official:{official_id}"]
    )


class ReplacementCommand(BodyCommand[Params]):
    """A command about the replacement of one official."""

    def __init__(self, context: Context, params: Params, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id
        self.findings = Findings()
        self.replacements = Replacements()

    def consistency_boundary(self) -> list[Selector]:
        return [official_selector(self.official_id), replacements_of(self.official_id)]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.findings.evolve(event)
        self.replacements.evolve(event)


class ProposedReplacement(Parameters):
    """Which post the official should not keep, by which findings if any, and why."""

    post_id: PostId
    findings: Annotated[tuple[FindingNumber, ...], Field(max_length=50)] = ()
    reason: Text


class ProposeReplacement(ReplacementCommand[ProposedReplacement]):
    """A unit proposes it in its own name."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        OfficialUnknown,
        PostUnknown,
        PostNotOpen,
        NotThePostHolder,
        FindingUnknown,
        ReplacementAwaited,
    )

    def consistency_boundary(self) -> list[Selector]:
        unit = self.context.on_behalf_of
        named = [] if unit is None else [unit_selector(unit)]
        own = [findings_of(self.official_id), post_selector(self.params.post_id)]
        return [*super().consistency_boundary(), *own, *named]

    def execute(self) -> None:
        params, on, who = self.params, self.context.effective_on, self.official_id
        unit = self.require_body()
        self.organisation.open_unit(unit, on)
        self.organisation.require_official(who)
        self.organisation.open_post(params.post_id, on)
        self.organisation.require_holder(who, params.post_id, on)
        self.findings.require_recorded(who, params.findings)
        self.replacements.require_none_awaited(who, params.post_id)
        proposed = (one.number for one in self.recorded if isinstance(one, ReplacementProposed))
        self.emit(
            ReplacementProposed(
                effective_on=on,
                official_id=who,
                number=max(proposed, default=0) + 1,
                post_id=params.post_id,
                proposed_by=unit,
                managed_by=self.organisation.posts[params.post_id].managed_by,
                findings=params.findings,
                reason=params.reason,
            )
        )


class ReplacementDecision(Parameters):
    """Which proposal, whether it is accepted, and why."""

    number: FindingNumber
    accepted: StrictBool
    reason: Text


class DecideReplacement(ReplacementCommand[ReplacementDecision]):
    """The body that manages the post answers, citing its document."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        NotTheEntitledBody,
        DocumentRequired,
        OfficialUnknown,
        ReplacementUnknown,
        ReplacementSettled,
    )

    def consistency_boundary(self) -> list[Selector]:
        posts = {one.post_id for one in self.recorded if isinstance(one, ReplacementProposed)}
        seen = [post_selector(post_id) for post_id in sorted(posts)]
        return [*super().consistency_boundary(), *seen, *self.seeing_heirs()]

    def bodies(self) -> set[str]:
        return {post.managed_by for post in self.organisation.posts.values()}

    def execute(self) -> None:
        params, who = self.params, self.official_id
        self.organisation.require_official(who)
        proposed = self.replacements.awaiting(who, params.number)
        body = self.require_entitled(self.organisation.posts[proposed.post_id].managed_by)
        self.require_basis()
        self.emit(
            ReplacementDecided(
                effective_on=self.context.effective_on,
                official_id=who,
                number=params.number,
                post_id=proposed.post_id,
                decided_by=body,
                accepted=params.accepted,
                reason=params.reason,
            )
        )
