"""Tenures: an official is appointed to a post, and one day no longer holds it.

What a leaver answers for decides on the end of a tenure too: the verb stands with the tasks.
"""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import EndCause, TenureEnded, TenureStarted
from domain.organisation.organisation import (
    FOREVER,
    NotThePostHolder,
    OfficialUnknown,
    Organisation,
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


def starting(organisation: Organisation, post_id: str, official_id: str, on: date) -> TenureStarted:
    """The event by which the official holds the post from that day.

    Raises:
        PostUnknown, PostNotOpen, OfficialUnknown, AlreadyHoldsPost, PostOccupied.
    """
    post = organisation.open_post(post_id, on)
    if official_id not in organisation.officials:
        raise OfficialUnknown(official_id=official_id)
    holders = {t.official_id for t in organisation.tenures if t.post_id == post_id and t.to_on > on}
    if official_id in holders:
        raise AlreadyHoldsPost(official_id=official_id, post_id=post_id, on=on)
    if len(holders) >= post.seats:
        raise PostOccupied(post_id=post_id, seats=post.seats, on=on, holders=sorted(holders))
    return TenureStarted(
        effective_on=on, official_id=official_id, post_id=post_id, unit_id=post.unit_id
    )


STARTING: tuple[type[Refusal], ...] = (
    PostUnknown,
    PostNotOpen,
    OfficialUnknown,
    AlreadyHoldsPost,
    PostOccupied,
)


def ending(
    organisation: Organisation, post_id: str, official_id: str, on: date, cause: EndCause
) -> TenureEnded:
    """The event by which the official no longer holds the post from that day.

    Raises:
        PostUnknown, NotThePostHolder, TenureWouldBeEmpty.
    """
    if post_id not in organisation.posts:
        raise PostUnknown(post_id=post_id)
    running = [
        t
        for t in organisation.tenures
        if t.official_id == official_id and t.post_id == post_id and t.to_on == FOREVER
    ]
    if not running:
        raise NotThePostHolder(official_id=official_id, post_id=post_id, on=on)
    if on <= running[0].from_on:
        raise TenureWouldBeEmpty(from_on=running[0].from_on, on=on)
    return TenureEnded(
        effective_on=on,
        official_id=official_id,
        post_id=post_id,
        unit_id=organisation.posts[post_id].unit_id,
        cause=cause,
    )


ENDING: tuple[type[Refusal], ...] = (PostUnknown, NotThePostHolder, TenureWouldBeEmpty)


class Appointment(Parameters):
    """Who is appointed."""

    official_id: OfficialId


class Appoint(OrganisationCommand[Appointment]):
    """The official holds the post from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = STARTING

    def __init__(self, context: Context, params: Appointment, post_id: str) -> None:
        super().__init__(context, params)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        return [post_selector(self.post_id), official_selector(self.params.official_id)]

    def execute(self) -> None:
        on = self.context.effective_on
        self.emit(starting(self.organisation, self.post_id, self.params.official_id, on))
