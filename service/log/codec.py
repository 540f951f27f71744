"""Codec: what happened, as canonical JSON (RFC 8785), and back, from every version ever written."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from pydantic_core import from_json

from domain.catalogue import EVENT_TYPES
from domain.kernel import Event, EventTypeUnknown, Raw
from domain.values import RECORDED, Basis
from service.log.events import LogEvent, SealedWith
from service.log.sealing import PersonKeys, Seal
from service.off_loop import AT_ONCE, off_loop

# No field is ever called so: `$` begins no name in Python.
SEALED = "$sealed"
SUBJECT = "official_id"

log = structlog.get_logger()


class StoredEvent(NamedTuple):
    """The part of a stored event that decoding needs."""

    type: str
    schema_version: int
    data: bytes

    @classmethod
    def of(cls, row: Any) -> "StoredEvent":  # noqa: ANN401  a row of the driver
        """From a row of the log, or of a query that selects these columns."""
        return cls(row["type"], row["schema_version"], row["data"])


class Stored(Protocol):
    """What decoding needs of an event: `LogEvent` and `BoundaryEvent` both have it."""

    @property
    def type(self) -> str: ...
    @property
    def schema_version(self) -> int: ...
    @property
    def data(self) -> bytes: ...


class Decoded(NamedTuple):
    """An event in its current version.

    Attributes:
        event: personal data that was erased, or cannot be read, is None.
        erased: personal data stands in it whose key was destroyed.
        unreadable: personal data stands in it that was not erased and cannot be read: it is
            damaged, or its person's key is missing or is damaged.
    """

    event: Event
    erased: bool = False
    unreadable: bool = False


class Codec:
    """Encodes and decodes the events of all ledgers.

    Args:
        keys: of the persons whose data the events hold.
    """

    def __init__(self, keys: PersonKeys) -> None:
        self._keys = keys

    async def encode(  # noqa: PLR0913  the facts beside an event are many, each by its name
        self,
        ledger: str,
        event: Event,
        *,
        actor: str,
        on_behalf_of: str | None = None,
        basis: Basis | None = None,
        correlation_id: UUID | None = None,
        causation_id: UUID | None = None,
        token_id: str | None = None,
    ) -> LogEvent:
        """The event as it is stored, under the tags of its own fields, its personal data sealed.

        Raises:
            PersonErased: it holds personal data of a person whose key was destroyed.
        """
        raw = event.model_dump(mode="json")
        sealed_with = None
        if _holds_personal(event, raw):
            seal = await self._keys.seal(ledger, raw[SUBJECT])
            sealed_with = SealedWith(raw[SUBJECT], seal.digest)
            _close(event, raw, seal)
        return LogEvent(
            type=event.TYPE,
            data=canonical(raw),
            tags=event.tags(),
            schema_version=event.VERSION,
            effective_on=event.effective_on,
            actor=actor,
            on_behalf_of=on_behalf_of,
            basis=None if basis is None else basis.model_dump(mode="json"),
            correlation_id=correlation_id,
            causation_id=causation_id,
            token_id=token_id,
            sealed_with=sealed_with,
        )

    async def digest(self, ledger: str, request: bytes, official_id: str | None = None) -> bytes:
        """The digest of a request that sends the official's personal data, if one's."""
        return await self._keys.digest(ledger, request, official_id)

    def forget(self, ledger: str, events: Sequence[LogEvent]) -> None:
        """Read the keys anew with which these events are sealed: they may be others by now."""
        self._keys.forget(
            ledger, [event.sealed_with.subject for event in events if event.sealed_with is not None]
        )

    async def decode(self, ledger: str, stored: Stored) -> Event:
        """The event again, in its current version; erased personal data as None.

        Raises:
            EventTypeUnknown: it was written by a later version of the programme.
        """
        [event] = await self.decode_all(ledger, [stored])
        return event

    async def decode_all(self, ledger: str, stored: Sequence[Stored]) -> list[Event]:
        """As `decode`, with the keys of all persons looked up at once."""
        return [decoded.event for decoded in await self.decode_marked(ledger, stored)]

    async def decode_marked(self, ledger: str, stored: Sequence[Stored]) -> list[Decoded]:
        """As `decode_all`, and which of the events hold data that cannot be read.

        A key that this process keeps may be of a log that was set back since: what it does not
        open, the stored one does. What that does not open either is damaged: it fails its event,
        and no other.
        """
        raws = {
            index: json.loads(item.data) for index, item in enumerate(stored) if may_be_sealed(item)
        }
        subjects = {raw[SUBJECT] for raw in raws.values() if raw.get(SUBJECT) is not None}
        many = len(stored)
        if not subjects:
            return await off_loop(many, _decoded, stored, raws, {})
        seals = await self._keys.seals(ledger, subjects)
        decoded = await off_loop(many, _decoded, stored, raws, seals)
        if any(one.unreadable for one in decoded):
            self._keys.forget(ledger, subjects)
            seals = await self._keys.seals(ledger, subjects)
            decoded = await off_loop(many, _decoded, stored, raws, seals)
            for item, one in zip(stored, decoded, strict=True):
                if one.unreadable:
                    log.error(
                        "event_unreadable",
                        ledger=ledger,
                        type=item.type,
                        official_id=_subject(item),
                    )
        return decoded


def canonical(raw: Raw) -> bytes:
    """RFC 8785, for what events hold: text, whole numbers within ±2^53, ASCII names, no floats.

    Within these the standard library's form is the canonical one (a test compares them).
    """
    return json.dumps(
        raw, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def may_be_sealed(stored: Stored) -> bool:
    """Whether fields of this event may be sealed; of others `decode_plain` is all that is needed.

    An old version may have sealed fields that the current one no longer has.
    """
    event = _class(stored.type)
    return bool(event.PERSONAL or event.PERSONAL_WITHIN) or (
        stored.schema_version != event.VERSION and SEALED.encode() in stored.data
    )


def decode_plain(stored: Stored) -> Event:
    """An event that holds nothing sealed, in its current version.

    Raises:
        EventTypeUnknown: it was written by a later version of the programme.
    """
    event = _class(stored.type)
    if stored.schema_version == event.VERSION:
        return event.model_validate_json(stored.data, context=RECORDED)
    return _current(stored, json.loads(stored.data))


def fields_of(
    kinds: Sequence[str], schema_versions: Sequence[int], data: Sequence[bytes]
) -> list[Raw]:
    """The fields of events as JSON has them, in the current version; what is sealed stays sealed.

    Raises:
        EventTypeUnknown: one was written by a later version of the programme.
    """
    found: list[Raw] = []
    for first in range(0, len(data), AT_ONCE):
        together = b",".join(data[first : first + AT_ONCE])
        found += from_json(b"[%b]" % together)
    # Very many are of few types and versions.
    written = {*zip(kinds, schema_versions, strict=True)}
    older = {one for one in written if one[1] != _class(one[0]).VERSION}
    if older:
        for at, one in enumerate(zip(kinds, schema_versions, strict=True)):
            if one in older:
                kind, version = one
                found[at] = _class(kind).upcast(version, found[at])
    return found


def _decoded(
    stored: Sequence[Stored], raws: Mapping[int, Raw], seals: Mapping[str, Seal | None]
) -> list[Decoded]:
    decoded: list[Decoded] = []
    for index, item in enumerate(stored):
        if index in raws:
            opening = _Opening(item.type, raws[index].get(SUBJECT, ""), seals)
            raw = opening.opened(raws[index])
            decoded.append(Decoded(_current(item, raw), opening.erased, opening.failed))
        else:
            decoded.append(Decoded(decode_plain(item)))
    return decoded


def _class(kind: str) -> type[Event]:
    event = EVENT_TYPES.get(kind)
    if event is None:
        raise EventTypeUnknown(kind)
    return event


def _current(stored: Stored, raw: Raw) -> Event:
    """The event in its current version, read as a current event is."""
    event = _class(stored.type)
    current = json.dumps(event.upcast(stored.schema_version, raw))
    return event.model_validate_json(current, context=RECORDED)


class _Opening:
    """Opens the fields of one event.

    Attributes:
        erased: something in it was erased.
        failed: something in it cannot be read, though it was not erased.
    """

    def __init__(self, kind: str, subject: str, seals: Mapping[str, Seal | None]) -> None:
        self.erased = self.failed = False
        self._kind = kind
        self._is_missing = subject not in seals
        self._seal = seals.get(subject)

    def opened(self, value: Any, path: str = "") -> Any:  # noqa: ANN401  JSON
        """The value with every sealed text in it opened, or None in its place."""
        if isinstance(value, list):
            return [self.opened(item, path) for item in value]
        if not isinstance(value, dict):
            return value
        if SEALED in value:
            return self._text(path, value[SEALED])
        start = f"{path}." if path else ""
        return {name: self.opened(inner, start + name) for name, inner in value.items()}

    def _text(self, path: str, sealed: str) -> str | None:
        if self._seal is None:
            self.failed |= self._is_missing
            self.erased |= not self._is_missing
            return None
        try:
            return self._seal.open(self._kind, path, sealed)
        except (InvalidTag, ValueError):
            self.failed = True
            return None


def _holds_personal(event: Event, raw: Raw) -> bool:
    """Whether there is any text to seal."""
    return any(raw[name] is not None for name in event.PERSONAL) or any(
        raw[name] for name in event.PERSONAL_WITHIN
    )


def _close(event: Event, raw: Raw, seal: Seal) -> None:
    """Seal the personal data in the raw event."""
    for field in event.PERSONAL:
        _close_field(event, raw, field, field, seal)
    for listing, fields in event.PERSONAL_WITHIN.items():
        for value in raw[listing]:
            for field in fields:
                _close_field(event, value, field, f"{listing}.{field}", seal)


def _close_field(event: Event, holder: Raw, field: str, path: str, seal: Seal) -> None:
    if holder[field] is not None:
        holder[field] = {SEALED: seal.close(event.TYPE, path, holder[field])}


def _subject(stored: Stored) -> str:
    """The person whose data the event holds, by id."""
    return str(json.loads(stored.data).get(SUBJECT))
