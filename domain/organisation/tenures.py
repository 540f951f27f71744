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
    NotThePostHolder,
    OfficialUnknown,
    Organisation,
    PostNotOpen,
    PostUnknown,
)
from domain.organisation.selectors import official_selector, post_selector
from domain.values import OfficialId


class PostOccupied(Conflict):
    """All {seats} seats of the post {post_id} are taken on {on}, by {holders}.

    Cả {seats} vị trí của chức danh {post_id} đã có người giữ vào ngày {on}: {holders}.
    """


class AlreadyHoldsPost(Conflict):
    """The official {official_id} holds the post {post_id} on {on} already.

    Cán bộ {official_id} đã giữ chức danh {post_id} vào ngày {on}.
    """


class TenureWouldBeEmpty(Invalid):
    """The tenure began on {from_on}: it can end on a later day only, not on {on}.

    Thời gian giữ chức vụ bắt đầu ngày {from_on}: chỉ có thể kết thúc sau ngày đó, không phải {on}.
    """


def require_startable(organisation: Organisation, event: TenureStarted) -> None:
    """Pass if the post exists on the day, the official is known, and a seat is free.

    Raises:
        PostUnknown, PostNotOpen, OfficialUnknown, AlreadyHoldsPost, PostOccupied.
    """
    post_id, official_id, on = event.post_id, event.official_id, event.effective_on
    organisation.require_open_post(post_id, on)
    organisation.require_official(official_id)
    holders = {tenure.official_id for tenure in organisation.tenures_of(post_id, on)}
    if official_id in holders:
        raise AlreadyHoldsPost(official_id=official_id, post_id=post_id, on=on)
    post = organisation.posts.get(post_id)
    if post is not None and len(holders) >= post.seats:
        raise PostOccupied(post_id=post_id, seats=post.seats, on=on, holders=sorted(holders))


def starting(organisation: Organisation, post_id: str, official_id: str, on: date) -> TenureStarted:
    """The event by which the official holds the post from that day.

    Raises:
        PostUnknown, PostNotOpen, OfficialUnknown, AlreadyHoldsPost, PostOccupied.
    """
    unit_id = organisation.open_post(post_id, on).unit_id
    started = TenureStarted(
        effective_on=on, official_id=official_id, post_id=post_id, unit_id=unit_id
    )
    require_startable(organisation, started)
    return started


STARTING: tuple[type[Refusal], ...] = (
    PostUnknown,
    PostNotOpen,
    OfficialUnknown,
    AlreadyHoldsPost,
    PostOccupied,
)


def require_endable(organisation: Organisation, event: TenureEnded) -> None:
    """Pass if the official holds the post, for a day at least.

    Raises:
        NotThePostHolder, TenureWouldBeEmpty.
    """
    post_id, official_id, on = event.post_id, event.official_id, event.effective_on
    since = [
        tenure.from_on
        for tenure in organisation.tenures_of(post_id, on)
        if tenure.official_id == official_id
    ]
    if not since:
        raise NotThePostHolder(official_id=official_id, post_id=post_id, on=on)
    if on <= since[0]:
        raise TenureWouldBeEmpty(from_on=since[0], on=on)


def ending(
    organisation: Organisation, post_id: str, official_id: str, on: date, cause: EndCause
) -> TenureEnded:
    """The event by which the official no longer holds the post from that day.

    Raises:
        PostUnknown, NotThePostHolder, TenureWouldBeEmpty.
    """
    if post_id not in organisation.posts:
        raise PostUnknown(post_id=post_id)
    ended = TenureEnded(
        effective_on=on,
        official_id=official_id,
        post_id=post_id,
        unit_id=organisation.posts[post_id].unit_id,
        cause=cause,
    )
    require_endable(organisation, ended)
    return ended


ENDING: tuple[type[Refusal], ...] = (PostUnknown, NotThePostHolder, TenureWouldBeEmpty)


class Appointment(Parameters):
    """Who is appointed."""

    official_id: OfficialId


class Appoint(OrganisationCommand[Appointment]):
    """The official holds the post from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = STARTING
    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: Appointment, post_id: str) -> None:
        super().__init__(context, params)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        return [post_selector(self.post_id), official_selector(self.params.official_id)]

    def execute(self) -> None:
        on = self.context.effective_on
        self.emit(starting(self.organisation, self.post_id, self.params.official_id, on))
