"""Annulment: events recorded wrongly count no more, from the beginning. The log keeps them.

What a body decided, that body or its heirs annul. What was reported, its author annuls, or the body
that decides on the thing. What was recorded of the organisation, an administrator annuls, citing
the document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from eventsourcing.dcb.domain import Selector
from pydantic import model_validator

from domain.kernel import (
    BodyRequired,
    Command,
    Conflict,
    Context,
    DocumentRequired,
    Event,
    Forbidden,
    Invalid,
    NotFound,
    NotTheEntitledBody,
    Parameters,
    Positions,
    Refusal,
)
from domain.organisation.entitlement import require_decides, seeing_heirs
from domain.organisation.events import OfficialErased
from domain.record.standing import State
from domain.schemas import given, never
from domain.timeline import EventsAnnulled, annulments, place_of
from domain.values import Misstated, Text

# The kinds of events by which the organisation is set up, as their types begin.
ORGANISATION_KINDS = frozenset({"unit", "unit_kind", "post", "official", "tenure"})


class EventsUnknown(NotFound):
    """There are no events {positions} in this ledger.

    Sổ này không có sự kiện {positions}.
    """


class PositionRepeated(Invalid):
    """Position {position} is named twice.

    Vị trí {position} được nêu hai lần.
    """


class AnnulledBefore(Conflict):
    """Event {position} was annulled by {annulment} already.

    Sự kiện {position} đã bị hủy bỏ ghi nhận tại {annulment}.
    """


class AnnulmentStands(Conflict):
    """Event {position} is an annulment: it is not annulled. Record anew what it annulled.

    Sự kiện {position} là một hủy bỏ ghi nhận, không thể hủy bỏ tiếp. Hãy ghi nhận lại nội dung đó.
    """


class ErasureStands(Conflict):
    """Event {position} is an erasure: the key is destroyed, and nothing brings the data back.

    Sự kiện {position} là việc xóa dữ liệu cá nhân: khóa đã bị hủy, không thể khôi phục.
    """


class ReplacesAnotherKind(Invalid):
    """What is recorded is of kind {recorded_kind}: it cannot take the place of {replaced_kind}.

    Nội dung ghi nhận thuộc loại “{recorded_kind}”, không thể thay cho loại “{replaced_kind}”.
    """


class NotTheAuthor(Forbidden):
    """Event {position} was reported by {author}: {actor} may not annul or replace it.

    Sự kiện {position} do {author} báo cáo: {actor} không được đính chính hay hủy bỏ ghi nhận.
    """


class OnlyAnAdministrator(Forbidden):
    """Event {position} is of the organisation: only an administrator may annul or replace it.

    Sự kiện {position} thuộc về tổ chức: chỉ quản trị viên được đính chính hay hủy bỏ ghi nhận.
    """


@dataclass(frozen=True, slots=True)
class Named:
    """An event that is to be annulled, and who recorded it in whose name."""

    position: int
    event: Event
    actor: str
    on_behalf_of: str | None


ANNULLING: tuple[type[Refusal], ...] = (
    EventsUnknown,
    PositionRepeated,
    AnnulledBefore,
    AnnulmentStands,
    ErasureStands,
    NotTheAuthor,
    OnlyAnAdministrator,
    BodyRequired,
    NotTheEntitledBody,
    DocumentRequired,
)


class Annulment(Parameters):
    """Which events count no more, and why; all of them or none."""

    model_config = never(given("effective_on"), given("replaces"))

    positions: Positions
    reason: Text

    @model_validator(mode="after")
    def _counts_from_the_beginning(self) -> Self:
        if self.effective_on is not None:
            raise Misstated(
                "an annulment counts from the beginning: leave out effective_on",
                "hủy bỏ ghi nhận có hiệu lực từ đầu: không nêu effective_on",
            )
        if self.replaces is not None:
            raise Misstated(
                "name the events in positions, and leave out replaces",
                "nêu các sự kiện trong positions, không nêu replaces",
            )
        return self


class AnnulEvents(Command[Annulment]):
    """These events count no more, from the beginning."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = ANNULLING

    def consistency_boundary(self) -> list[Selector]:
        return []

    def evolve(self, event: Event) -> None:
        """Nothing is decided on a state: what stands on the events is checked apart."""

    def execute(self) -> None:
        """The annulment itself is recorded for every command alike."""


def annulment(
    context: Context,
    named: Sequence[Named],
    reason: str,
    instead: Sequence[Event],
    recorded: Mapping[int, Event],
) -> EventsAnnulled:
    """The event by which the named ones count no more, and `instead` is recorded in their place."""
    on, place = place_of({one.position: one.event for one in named}, annulments(recorded))
    tags = [tag for one in named for tag in one.event.tags()]
    tags += [tag for event in instead for tag in event.tags()]
    return EventsAnnulled(
        effective_on=on,
        positions=tuple(one.position for one in named),
        tagged=tuple(dict.fromkeys(tags)),
        replacements=len(instead),
        place=place,
        annulled_by=context.on_behalf_of,
        reason=reason,
    )


def require_annullable(named: Iterable[Named], recorded: Mapping[int, Event]) -> None:
    """Pass if none is an annulment or an erasure, and none of what is recorded annuls one of them.

    Raises:
        AnnulmentStands, ErasureStands, AnnulledBefore.
    """
    noted = annulments(recorded)
    for one in named:
        if isinstance(one.event, EventsAnnulled):
            raise AnnulmentStands(position=one.position)
        if isinstance(one.event, OfficialErased):
            raise ErasureStands(position=one.position)
        by = noted.by(one.position)
        if by is not None:
            raise AnnulledBefore(position=one.position, annulment=by)


def require_kind(named: Sequence[Named], instead: Sequence[Event]) -> None:
    """Pass if something recorded is of the kind of something that it replaces.

    Raises:
        ReplacesAnotherKind.
    """
    replaced, recorded = {kind(one.event) for one in named}, {kind(one) for one in instead}
    if not replaced & recorded:
        raise ReplacesAnotherKind(recorded_kind=sorted(recorded), replaced_kind=sorted(replaced))


def bodies_of(named: Iterable[Named], context: Context, state: State) -> list[Selector]:
    """What became of the bodies that decided or decide, where another body asks to annul."""
    bodies = (one.on_behalf_of or state.deciding_body(one.event) for one in named)
    entitled = {body for body in bodies if body is not None}
    return seeing_heirs(state.organisation, entitled, context.on_behalf_of, context.today)


def require_may_annul(context: Context, named: Iterable[Named], state: State) -> None:
    """Pass if the caller may annul every one of the events.

    Raises:
        BodyRequired, NotTheEntitledBody, OnlyAnAdministrator, DocumentRequired, NotTheAuthor.
    """
    for one in named:
        if kind(one.event) in ORGANISATION_KINDS and context.organises:
            if context.basis is None:
                raise DocumentRequired
        elif one.on_behalf_of is not None:
            if context.on_behalf_of is None:
                raise BodyRequired
            require_decides(
                state.organisation, one.on_behalf_of, context.on_behalf_of, context.today
            )
        elif kind(one.event) in ORGANISATION_KINDS:
            raise OnlyAnAdministrator(position=one.position)
        elif not _is_author(context, one):
            _require_deciding_body(context, one, state)


def _is_author(context: Context, one: Named) -> bool:
    """Whether the caller recorded the event, or is the official of whom it is."""
    acting = context.actor.official_id
    return context.actor.id == one.actor or (
        acting is not None and acting == getattr(one.event, "official_id", None)
    )


def _require_deciding_body(context: Context, one: Named, state: State) -> None:
    entitled = state.deciding_body(one.event)
    if entitled is None or context.on_behalf_of is None:
        raise NotTheAuthor(position=one.position, author=one.actor, actor=context.actor.id)
    require_decides(state.organisation, entitled, context.on_behalf_of, context.today)


def kind(event: Event) -> str:
    """The kind of thing the event is of, as its type begins."""
    return event.TYPE.partition(".")[0]
