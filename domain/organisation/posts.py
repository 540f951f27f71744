"""Posts: places in a unit, each managed by a body that appoints to it and assigns to its holder."""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictBool, StrictInt

from domain.kernel import Conflict, Context, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import PostAbolished, PostCreated
from domain.organisation.organisation import (
    PostNotOpen,
    PostUnknown,
    UnitNotOpen,
    UnitUnknown,
    post_selector,
    posts_of_unit_selector,
    unit_selector,
)
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

    def __init__(self, context: Context, params: NewPost, post_id: str) -> None:
        super().__init__(context, params)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        selectors = [
            post_selector(self.post_id),
            unit_selector(self.params.unit_id),
            unit_selector(self.params.managed_by),
        ]
        if self.params.heads_unit:
            selectors.append(posts_of_unit_selector(self.params.unit_id))
        return selectors

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        if self.post_id in self.organisation.posts:
            raise PostExists(post_id=self.post_id)
        self.organisation.open_unit(params.unit_id, on)
        self.organisation.open_unit(params.managed_by, on)
        if params.heads_unit:
            self._require_only_head()
        self.emit(
            PostCreated(
                effective_on=on,
                post_id=self.post_id,
                unit_id=params.unit_id,
                title=params.title,
                kind=params.kind,
                managed_by=params.managed_by,
                heads_unit=params.heads_unit,
                seats=params.seats,
            )
        )

    def _require_only_head(self) -> None:
        if self.params.seats != 1:
            raise HeadHasOneSeat(seats=self.params.seats)
        for post in self.organisation.posts.values():
            heads = post.unit_id == self.params.unit_id and post.heads_unit
            if heads and post.to_on > self.context.effective_on:
                raise UnitHasHead(unit_id=self.params.unit_id, head=post.post_id)


class PostAbolition(Parameters):
    """Why the post is abolished."""

    reason: Text


class AbolishPost(OrganisationCommand[PostAbolition]):
    """The post's last day was the day before the effective day; nobody holds it any more."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (PostUnknown, PostNotOpen, PostHeld)

    def __init__(self, context: Context, params: PostAbolition, post_id: str) -> None:
        super().__init__(context, params)
        self.post_id = post_id

    def consistency_boundary(self) -> list[Selector]:
        return [post_selector(self.post_id)]

    def execute(self) -> None:
        on = self.context.effective_on
        post = self.organisation.open_post(self.post_id, on)
        holders = [t.official_id for t in self.organisation.tenures if t.to_on > on]
        if holders:
            raise PostHeld(post_id=self.post_id, on=on, holders=holders)
        self.emit(
            PostAbolished(
                effective_on=on,
                post_id=self.post_id,
                unit_id=post.unit_id,
                reason=self.params.reason,
            )
        )
