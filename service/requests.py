"""Requests: a command as its caller sends it, and what becomes of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from domain.access.authority import Authority
from domain.kernel import Actor, Command, Conflict, Event, Parameters, Refusal
from domain.record.annulment import Annulment
from service.log.events import Appended, Idempotency


class Contended(Conflict):
    """Others kept changing what this depends on; it was tried {attempts} times. Send it again.

    Dữ liệu liên quan liên tục thay đổi; đã thử {attempts} lần. Hãy gửi lại yêu cầu.
    """


class VersionStale(Refusal):
    """The version you know is not the current one, which is {current}. Read it and decide anew.

    Phiên bản đã biết không phải phiên bản hiện hành {current}. Hãy đọc lại rồi quyết định.
    """


class VersionWeak(VersionStale):
    """The tag {sent} is weak, and If-Match compares strongly: send {current}, as it was given.

    Thẻ {sent} là thẻ yếu, trong khi If-Match so sánh chặt: hãy gửi {current} đúng như đã nhận.
    """


class TooManyWaiting(Refusal):
    """You have {limit} commands waiting here; this one was not recorded. Send it again shortly.

    Bạn đang có {limit} yêu cầu chờ ở đây; yêu cầu này chưa được ghi. Hãy gửi lại sau giây lát.
    """


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command and its context, as the caller sent it.

    Attributes:
        ledger: the ledger that the command changes.
        command: the command's class.
        params: the parameters that the caller sent.
        ids: the ids in the path, by the names of the constructor's parameters.
        subject: the tag of the object the command is about, `task:ID`.
        actor: the actor that the events will name.
        authority: by which rule the caller may give it, and who that is.
        correlation_id: the id of the request.
        idempotency: the request's key and digest, if the caller sent a key.
        if_match: the accepted entity tags of the subject; `*` accepts any, None requires none.
        created: the tag of the object that the command creates, if it creates one.
        client_reference: the client's own id of what it sends, such as a row of a file.
        client: the id of the token that sent it, which events name; clients take turns.
    """

    ledger: str
    command: type[Command[Any]]
    params: Parameters
    ids: Mapping[str, str]
    subject: str
    actor: Actor
    authority: Authority
    correlation_id: UUID
    idempotency: Idempotency | None = None
    if_match: frozenset[str] | None = None
    created: str | None = None
    client_reference: UUID | None = None
    client: str = ""

    @property
    def annuls(self) -> tuple[Sequence[int], str] | None:
        """The positions of the events that the command annuls, and why, if it annuls any."""
        match self.params:
            case Annulment(positions=positions, reason=reason):
                return positions, reason
            case Parameters(replaces=replaced) if replaced is not None:
                return replaced.positions, replaced.reason
        return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a command.

    Attributes:
        subject: the tag of the object it was about; of the first request, in a replay.
        created: the tag of the object it created, likewise; None if it created none.
        position: the last event's position, or the subject's version if nothing changed.
        version: the subject's version: the position of the last event that carries its tag.
        types: the types of the recorded events, in order; the last one is at `position`.
        effective_on: the day from which the events count.
        recorded_at: the instant they were recorded (UTC); None if nothing changed.
        replayed: whether this is the stored outcome of an earlier request with the same key.
        client_reference: the request's reference; the first request's, in a replay.
    """

    subject: str
    created: str | None
    position: int
    version: int
    types: tuple[str, ...]
    effective_on: date
    recorded_at: datetime | None
    replayed: bool = False
    client_reference: UUID | None = None

    @classmethod
    def replay(cls, stored: Appended) -> Self:
        """The outcome that was stored with the key of an earlier request."""
        subject, types, effective_on, *further = json.loads(stored.reply)
        # Older replies are shorter: commands could not create another object then, and requests
        # had no client reference.
        usual: list[Any] = [subject, 0, None]
        created, since, reference = further + usual[len(further) :]
        return cls(
            subject=subject,
            created=created,
            position=stored.last_position,
            version=version_after(stored.last_position, since),
            types=tuple(types),
            effective_on=date.fromisoformat(effective_on),
            recorded_at=stored.recorded_at,
            replayed=True,
            client_reference=None if reference is None else UUID(reference),
        )


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a command would record. A dry run records nothing.

    Attributes:
        subject: the tag of the object it is about.
        position: the ledger's position at which the command was decided.
        version: the subject's version, for `if_match` of the command itself.
        events: the events that would be recorded, in order.
        effective_on: the day from which the events would count.
    """

    subject: str
    position: int
    version: int
    events: tuple[Event, ...]
    effective_on: date


def version_after(last_position: int, since: int) -> int:
    """The subject's version after events up to that position.

    `since` is how many events stand after the one that is its version; where none of them changes
    the subject, it is the version that it had, less than 0.
    """
    return last_position - since if since >= 0 else -since
