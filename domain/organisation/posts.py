"""Posts: places in a unit, each managed by a body that appoints to it and assigns to its holder."""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictBool, StrictInt

from domain.kernel import Conflict, Context, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import PostAbolished, PostCreated
from domain.organisation.organisation import (
    Organisation,
    PostNotOpen,
    PostUnknown,
    UnitNotOpen,
    UnitUnknown,
)
from domain.organisation.selectors import existence, post_selector, posts_of_unit_selector
from domain.values import Line, PostId, Slug, Text, UnitId


class PostExists(Conflict):
    """There is a post {post_id} already.

    Đã có chức danh {post_id}.
    """


class UnitHasHead(Conflict):
    """The unit {unit_id} is headed by the post {head} already.

    Đơn vị {unit_id} đã có chức danh đứng đầu là {head}.
    """


class HeadHasOneSeat(Invalid):
    """A post that heads a unit has one seat, not {seats}.

    Chức danh đứng đầu đơn vị chỉ có một người giữ, không phải {seats}.
    """


class PostHeld(Conflict):
    """The post {post_id} is still held on {on} by {holders}.

    Chức danh {post_id} vẫn có người giữ vào ngày {on}: {holders}.
    """


def require_creatable(organisation: Organisation, event: PostCreated) -> None:
    """Pass if there is no such post, its unit and its managing body exist, and a head is the only.

    Raises:
        PostExists, UnitUnknown, UnitNotOpen, UnitHasHead.
    """
    on = event.effective_on
    if event.post_id in organisation.posts:
        raise PostExists(post_id=event.post_id)
    organisation.require_open_unit(event.unit_id, on)
    organisation.require_open_unit(event.managed_by, on)
    if not event.heads_unit:
        return
    for post in organisation.posts.values():
        if post.unit_id == event.unit_id and post.heads_unit and post.is_open(on):
            raise UnitHasHead(unit_id=event.unit_id, head=post.post_id)


def require_abolishable(organisation: Organisation, event: PostAbolished) -> None:
    """Pass if the post exists on the day, and nobody holds it.

    Raises:
        PostUnknown, PostNotOpen, PostHeld.
    """
    post_id, on = event.post_id, event.effective_on
    organisation.require_open_post(post_id, on)
    holders = [tenure.official_id for tenure in organisation.tenures_of(post_id, on)]
    if holders:
        raise PostHeld(post_id=post_id, on=on, holders=holders)


class NewPost(Parameters):
    """The post to create; `post_id` is made by the service if left out.

    `managed_by` is the body whose decision appoints to the post and assigns tasks to its holder.
    """

    post_id: PostId | None = None
    unit_id: UnitId
    title: Line
    kind: Slug
    managed_by: UnitId
    heads_unit: StrictBool = False
    seats: Annotated[StrictInt, Field(ge=1, le=100)] = 1


class CreatePost(OrganisationCommand[NewPost]):
    """A post exists in the unit from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        PostExists,
        UnitUnknown,
        UnitNotOpen,
        UnitHasHead,
        HeadHasOneSeat,
    )
    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: NewPost, post_id: str) -> None:
        super().__init__(context, params)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        selectors = [
            post_selector(self.post_id),
            *existence(
                self.organisation, (self.params.unit_id, self.params.managed_by), self.recorded
            ),
        ]
        if self.params.heads_unit:
            selectors.append(posts_of_unit_selector(self.params.unit_id))
        return selectors

    def execute(self) -> None:
        params = self.params
        if params.heads_unit and params.seats != 1:
            raise HeadHasOneSeat(seats=params.seats)
        created = PostCreated(
            effective_on=self.context.effective_on,
            post_id=self.post_id,
            unit_id=params.unit_id,
            title=params.title,
            kind=params.kind,
            managed_by=params.managed_by,
            heads_unit=params.heads_unit,
            seats=params.seats,
        )
        require_creatable(self.organisation, created)
        self.emit(created)


class PostAbolition(Parameters):
    """Why the post is abolished."""

    reason: Text


class AbolishPost(OrganisationCommand[PostAbolition]):
    """The post's last day was the day before the effective day; nobody holds it any more."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (PostUnknown, PostNotOpen, PostHeld)
    AHEAD: ClassVar[bool] = True

    def __init__(self, context: Context, params: PostAbolition, post_id: str) -> None:
        super().__init__(context, params)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        return [post_selector(self.post_id)]

    def execute(self) -> None:
        on = self.context.effective_on
        abolished = PostAbolished(
            effective_on=on,
            post_id=self.post_id,
            unit_id=self.organisation.open_post(self.post_id, on).unit_id,
            reason=self.params.reason,
        )
        require_abolishable(self.organisation, abolished)
        self.emit(abolished)
