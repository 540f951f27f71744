"""Events of the log: the library's DCB types, extended with this service's own attributes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBSequencedEvent
from eventsourcing.persistence import IntegrityError
from uuid_utils.compat import uuid7

from domain.kernel import Conflict, NotFound
from service.database.outages import NotNow

EPOCH = datetime.fromtimestamp(0, UTC)


class SealedWith(NamedTuple):
    """The key of a person with which an event is sealed.

    Attributes:
        subject: the person.
        digest: SHA-256 of the key as it is stored, wrapped.
    """

    subject: str
    digest: bytes


@dataclass
class LogEvent(DCBEvent):
    """A stored event.

    Attributes:
        type: the stable name, such as `task.handed_over`.
        data: canonical JSON (RFC 8785), UTF-8.
        tags: `prefix:id`, each once, in order.
        id: UUIDv7 (RFC 9562).
        schema_version: the version of `data`, from 1.
        effective_on: the day it counts from (the second clock).
        actor: who acted, `official:ID` or `client:NAME`.
        on_behalf_of: the deciding body's unit id.
        basis: the document cited: number, issued_on, issuing_body.
        correlation_id: the request that began it.
        causation_id: the event or request that led to it.
        token_id: of the token or the identity that recorded it; None before tokens were named.
        sealed_with: the key that must be stored when the event is recorded; not read again.
    """

    id: UUID = field(default_factory=uuid7)
    schema_version: int = 1
    effective_on: date = date.min
    actor: str = ""
    on_behalf_of: str | None = None
    basis: dict[str, Any] | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    token_id: str | None = None
    sealed_with: SealedWith | None = field(default=None, compare=False)


@dataclass
class RecordedEvent(DCBSequencedEvent):
    """An event with its position (contiguous from 1) and the instant it was recorded (UTC)."""

    event: LogEvent
    recorded_at: datetime = EPOCH


@dataclass
class Condition(DCBAppendCondition):
    """An append condition, and the epoch in which its boundary was read: in another it fails."""

    epoch: str | None = None


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The key that a client sent with a request, and the request's digest.

    Attributes:
        client: the token's id; keys of different clients are independent.
        key: as sent in `Idempotency-Key`.
        digest: of the request, under a key of the ledger or the person; the same key with another
            digest is refused.
        plain: SHA-256 of the request, as digests were stored by earlier versions.
    """

    client: str
    key: str
    digest: bytes
    plain: bytes | None = None

    def is_of(self, stored: bytes) -> bool:
        """Whether a stored digest is this request's."""
        return stored in {self.digest, self.plain}


@dataclass(frozen=True, slots=True)
class Appended:
    """The outcome of an append: its first and last position, and the reply stored with its key."""

    first_position: int
    last_position: int
    recorded_at: datetime
    reply: bytes
    replayed: bool


class BoundaryEvent(NamedTuple):
    """The part of an event that a fold needs. It is small because every command reads it."""

    position: int
    type: str
    schema_version: int
    tags: list[str]
    data: bytes


class Selected(NamedTuple):
    """Events in order, column by column: where very many are read for one answer."""

    positions: Sequence[int]
    types: Sequence[str]
    versions: Sequence[int]
    data: Sequence[bytes]


class Boundary(NamedTuple):
    """The events that a command's decision depends on, as of one instant.

    Attributes:
        events: the events of the boundary, in order.
        head: the ledger's last position then: the `after` of the append condition.
        replay: the earlier append with the same idempotency key, if there is one.
        epoch: the log's epoch then.
        occurs: whether an event of the type that was asked about was ever recorded.
    """

    events: list[BoundaryEvent]
    head: int
    replay: Appended | None
    epoch: str | None = None
    occurs: bool = False


class Read(NamedTuple):
    """Matching events in order, and the position up to which they are complete.

    Attributes:
        events: the matching events.
        head: the ledger's last position; with a limit the last event's position, or None
            without events (as in `DCBRecorder.read`).
    """

    events: list[RecordedEvent]
    head: int | None


class Ledger(NamedTuple):
    """One authority's log: its id and its name."""

    ledger: str
    name: str
    created_at: datetime


class AppendConditionFailed(IntegrityError):
    """An event that the condition excludes was recorded meanwhile."""


class KeysMissing(AppendConditionFailed):
    """A person's key that the events are sealed with is not stored: seal them again."""


class IdempotencyKeyReused(Exception):
    """The key was used before for another request."""


class LogBusy(NotNow):
    """The log's queue is full: try again later. Nothing was written."""


class LogUnavailable(NotNow):
    """The database cannot be reached or refuses to write. Nothing was written."""


class ClocksDisagree(LogUnavailable):
    """The clocks of host and database, or of the last event, are too far apart to record when.

    Attributes:
        seconds: how far.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "the clocks of this host, of the database and of the last event are up to "
            f"{seconds:.0f} s apart, so nothing was recorded: set them by a time server (NTP)"
        )
        self.seconds = seconds


class LedgerAhead(LogUnavailable):
    """The ledger's last event lies in the future. Nothing was written.

    Attributes:
        seconds: how far.
        until: when the ledger is written again.
    """

    def __init__(self, seconds: float, until: datetime) -> None:
        super().__init__(
            f"the ledger's last event lies {seconds:.0f} s in the future, as a clock was wrong: "
            f"nothing is recorded in it until {until:%Y-%m-%d %H:%M:%S} UTC"
        )
        self.seconds = seconds
        self.until = until


class LogSetBack(LogUnavailable):
    """The log does not hold an event that this process has seen in it. Nothing was written."""


class OutcomeUnknown(NotNow):
    """The connection was lost before the log answered: retry with the same idempotency key."""


class PositionTaken(Exception):
    """A position beyond the ledger's last one is taken: the log was changed beside the service."""


class NotStorable(ValueError):
    """The database cannot hold this event or request: the cause says why. Nothing was written."""


class LedgerUnknown(NotFound):
    """There is no ledger {ledger}.

    Không tìm thấy sổ “{ledger}”.
    """


class LedgerExists(Conflict):
    """There is a ledger {ledger} already.

    Đã có sổ {ledger}.
    """
