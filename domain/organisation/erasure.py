"""Erasure of an official's personal data: one person asks, another one decides, citing the law.

The event that erases holds no personal data; the log destroys the person's key together with it.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import model_validator

from domain.kernel import (
    BodyRequired,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Forbidden,
    Parameters,
    Refusal,
)
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import (
    ErasureGround,
    ErasureRefusal,
    OfficialErased,
    OfficialErasureRefused,
    OfficialErasureRequested,
)
from domain.organisation.organisation import (
    OfficialUnknown,
    Organisation,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.selectors import lifetime, official_selector
from domain.schemas import given, never
from domain.values import Misstated

ERASURE_EVENTS: tuple[type[Event], ...] = (
    OfficialErasureRequested,
    OfficialErasureRefused,
    OfficialErased,
)


def erasure_selector(official_id: str) -> Selector:
    """What was asked and decided of the erasure of the official's data."""
    return Selector(types=ERASURE_EVENTS, tags=[f"official:{official_id}"])


def require_erasable(
    organisation: Organisation,
    event: OfficialErasureRequested | OfficialErasureRefused | OfficialErased,
) -> None:
    """Pass if the official is known.

    Raises:
        OfficialUnknown.
    """
    organisation.require_official(event.official_id)


class ErasedBefore(Conflict):
    """The personal data of official {official_id} was erased before.

    Dữ liệu cá nhân của cán bộ {official_id} đã được xóa trước đây.
    """


class ErasureAwaitsDecision(Conflict):
    """The erasure of official {official_id} is requested already and awaits a decision.

    Đã có đề nghị xóa dữ liệu cá nhân của cán bộ {official_id}, đang chờ quyết định.
    """


class ErasureNotRequested(Conflict):
    """No erasure of official {official_id} awaits a decision: it is requested first.

    Chưa có đề nghị xóa dữ liệu cá nhân của cán bộ {official_id} chờ quyết định: cần đề nghị trước.
    """


class OfficialInOffice(Conflict):
    """The official {official_id} holds posts: {posts}. The data of who is in office is kept.

    Cán bộ {official_id} đang giữ chức danh {posts}. Dữ liệu của người đương chức được lưu giữ.
    """


class RequesterMayNotDecide(Forbidden):
    """Who asked for the erasure may not decide on it, nor another client of that body: {actor}.

    Người đề nghị xóa, hoặc phần mềm khác của cùng cơ quan, không được quyết định: {actor}.
    """


Params = TypeVar("Params", bound="OnItsDay")


class OnItsDay(Parameters):
    """What is said of an erasure counts from the day on which it is recorded, and is final."""

    model_config = never(given("effective_on"), given("replaces"))

    @model_validator(mode="after")
    def _counts_at_once(self) -> Self:
        if self.effective_on is not None:
            raise Misstated(
                "an erasure counts from the day it is recorded: leave out effective_on",
                "việc xóa có hiệu lực từ ngày ghi: không nêu effective_on",
            )
        if self.replaces is not None:
            raise Misstated(
                "an erasure replaces nothing: leave out replaces",
                "việc xóa không đính chính gì: không nêu replaces",
            )
        return self


class ErasureCommand(OrganisationCommand[Params]):
    """What the verbs of an erasure share: the official, the posts held, and what was asked for."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        OfficialUnknown,
        ErasedBefore,
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        DocumentRequired,
    )

    def __init__(self, context: Context, params: Params, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id
        self.requested: OfficialErasureRequested | None = None
        self.is_erased = False

    def consistency_boundary(self) -> list[Selector]:
        body = self.context.on_behalf_of
        return [
            official_selector(self.official_id),
            erasure_selector(self.official_id),
            *([] if body is None else lifetime(body)),
        ]

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        match event:
            case OfficialErasureRequested():
                self.requested = event
            case OfficialErasureRefused():
                self.requested = None
            case OfficialErased():
                self.is_erased = True
            case _:
                pass

    def require_standing(self) -> None:
        """Pass if the official is known and not erased, and the body that acts exists.

        Raises:
            OfficialUnknown, ErasedBefore, UnitUnknown, UnitNotOpen.
        """
        self.organisation.require_official(self.official_id)
        if self.is_erased:
            raise ErasedBefore(official_id=self.official_id)
        if self.context.on_behalf_of is not None:
            self.organisation.open_unit(self.context.on_behalf_of, self.context.today)

    def posts_held(self, on: date) -> Sequence[str]:
        """The posts that the official holds on the day or will hold."""
        tenures = self.organisation.tenures
        return sorted(
            {one.post_id for one in tenures if self._is_own(one.official_id, one.to_on, on)}
        )

    def _is_own(self, official_id: str, to_on: date, on: date) -> bool:
        return official_id == self.official_id and to_on > on

    def request(self) -> OfficialErasureRequested:
        """The request that awaits a decision, by another person than the one who asked.

        Raises:
            ErasureNotRequested, BodyRequired, RequesterMayNotDecide.
        """
        if self.requested is None:
            raise ErasureNotRequested(official_id=self.official_id)
        body, actor = self.require_body(), self.context.actor
        asked_in_person = self.requested.requested_by.startswith("official:")
        are_persons = asked_in_person and actor.official_id is not None
        if (
            actor.id == self.requested.requested_by
            or actor.official_id == self.official_id
            or (body == self.requested.requested_for and not are_persons)
        ):
            raise RequesterMayNotDecide(actor=actor.id)
        return self.requested


class ErasureRequest(OnItsDay):
    """On what ground; the document is cited in `basis`."""

    ground: ErasureGround


class RequestErasure(ErasureCommand[ErasureRequest]):
    """The official or a body asks to erase the official's personal data, citing the document.

    The request of whom is in office is recorded too, and refused at once.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ErasureCommand.REFUSALS,
        ErasureAwaitsDecision,
    )

    def execute(self) -> None:
        self.require_standing()
        if self.requested is not None:
            raise ErasureAwaitsDecision(official_id=self.official_id)
        self.require_basis()
        body, actor, on = self.context.on_behalf_of, self.context.actor, self.context.effective_on
        if actor.official_id != self.official_id:
            body = self.require_body()
        self.emit(
            OfficialErasureRequested(
                effective_on=on,
                official_id=self.official_id,
                ground=self.params.ground,
                requested_by=actor.id,
                requested_for=body,
            )
        )
        if self.posts_held(on):
            self.emit(
                OfficialErasureRefused(
                    effective_on=on,
                    official_id=self.official_id,
                    reason=ErasureRefusal.IN_OFFICE,
                    refused_by=None,
                )
            )


DECIDING: tuple[type[Refusal], ...] = (
    *ErasureCommand.REFUSALS,
    ErasureNotRequested,
    RequesterMayNotDecide,
)


class RefusedErasure(OnItsDay):
    """Why the data is kept; the document is cited in `basis`."""

    reason: ErasureRefusal


class RefuseErasure(ErasureCommand[RefusedErasure]):
    """The body refuses the erasure, with the reason."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = DECIDING

    def execute(self) -> None:
        self.require_standing()
        self.request()
        self.require_basis()
        self.emit(
            OfficialErasureRefused(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                reason=self.params.reason,
                refused_by=self.require_body(),
            )
        )


class Erasure(OnItsDay):
    """An erasure says nothing but its document, in `basis`."""


class EraseOfficial(ErasureCommand[Erasure]):
    """The body erases the personal data of an official for good, as another asked for.

    With this event the person's key is destroyed. It cannot be annulled.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*DECIDING, OfficialInOffice)

    def execute(self) -> None:
        self.require_standing()
        requested, body = self.request(), self.require_body()
        self.require_basis()
        posts = self.posts_held(self.context.effective_on)
        if posts:
            raise OfficialInOffice(official_id=self.official_id, posts=posts)
        self.emit(
            OfficialErased(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                ground=requested.ground,
                erased_by=body,
            )
        )
