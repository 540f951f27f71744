"""Tenures: an official is appointed to a post, and one day no longer holds it."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import EndCause, TenureEnded, TenureStarted
from domain.organisation.organisation import (
    FOREVER,
    NotThePostHolder,
    OfficialUnknown,
    PostNotOpen,
    PostUnknown,
    official_selector,
    post_selector,
)
from domain.values import OfficialId


class PostOccupied(Conflict):
    """All {seats} seats of the post {post_id} are taken on or after {on}, by {holders}.

    Cả {seats} vị trí của chức danh {post_id} đã có người giữ từ ngày {on}: {holders}.
    """


class AlreadyHoldsPost(Conflict):
    """The official {official_id} holds the post {post_id} on or after {on} already.

    Cán bộ {official_id} đã giữ chức danh {post_id} từ ngày {on}.
    """


class TenureWouldBeEmpty(Invalid):
    """The tenure began on {from_on}: it can end on a later day only, not on {on}.

    Nhiệm kỳ bắt đầu ngày {from_on}: chỉ có thể kết thúc sau ngày đó, không phải {on}.
    """


class Appointment(Parameters):
    """Who is appointed."""

    official_id: OfficialId


class Appoint(OrganisationCommand[Appointment]):
    """The official holds the post from the effective day."""

    PARAMETERS: ClassVar[type[Parameters]] = Appointment
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        PostUnknown,
        PostNotOpen,
        OfficialUnknown,
        AlreadyHoldsPost,
        PostOccupied,
    )

    def __init__(self, context: Context, said: Appointment, post_id: str) -> None:
        super().__init__(context, said)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        return [post_selector(self.post_id), official_selector(self.said.official_id)]

    def execute(self) -> None:
        on, official_id = self.context.effective_on, self.said.official_id
        post = self.organisation.open_post(self.post_id, on)
        if official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=official_id)
        holders = {
            t.official_id
            for t in self.organisation.tenures
            if t.post_id == self.post_id and t.to_on > on
        }
        if official_id in holders:
            raise AlreadyHoldsPost(official_id=official_id, post_id=self.post_id, on=on)
        if len(holders) >= post.seats:
            raise PostOccupied(
                post_id=self.post_id, seats=post.seats, on=on, holders=sorted(holders)
            )
        self.emit(
            TenureStarted(
                effective_on=on,
                official_id=official_id,
                post_id=self.post_id,
                unit_id=post.unit_id,
            )
        )


class EndOfTenure(Parameters):
    """Whose tenure ends, and why."""

    official_id: OfficialId
    cause: EndCause


class EndTenure(OrganisationCommand[EndOfTenure]):
    """The official no longer holds the post from the effective day."""

    PARAMETERS: ClassVar[type[Parameters]] = EndOfTenure
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        PostUnknown,
        NotThePostHolder,
        TenureWouldBeEmpty,
    )

    def __init__(self, context: Context, said: EndOfTenure, post_id: str) -> None:
        super().__init__(context, said)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        return [post_selector(self.post_id)]

    def execute(self) -> None:
        on, official_id = self.context.effective_on, self.said.official_id
        if self.post_id not in self.organisation.posts:
            raise PostUnknown(post_id=self.post_id)
        running = [
            t
            for t in self.organisation.tenures
            if t.official_id == official_id and t.post_id == self.post_id and t.to_on == FOREVER
        ]
        if not running:
            raise NotThePostHolder(official_id=official_id, post_id=self.post_id, on=on)
        if on <= running[0].from_on:
            raise TenureWouldBeEmpty(from_on=running[0].from_on, on=on)
        self.emit(
            TenureEnded(
                effective_on=on,
                official_id=official_id,
                post_id=self.post_id,
                unit_id=self.organisation.posts[self.post_id].unit_id,
                cause=self.said.cause,
            )
        )
