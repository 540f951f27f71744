"""Codec: what happened, as canonical JSON (RFC 8785), and back, from every version ever written."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag

from domain.catalogue import EVENT_TYPES
from domain.kernel import Event, EventTypeUnknown, Raw
from domain.values import Basis
from service.log.events import LogEvent, SealedWith
from service.log.sealing import PersonKeys, Seal

# No field is ever called so: `$` begins no name in Python.
SEALED = "$sealed"
SUBJECT = "official_id"


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
        if event.PERSONAL:
            seal = await self._keys.seal(ledger, raw[SUBJECT])
            sealed_with = SealedWith(raw[SUBJECT], seal.digest)
            for field in event.PERSONAL:
                if raw[field] is not None:
                    raw[field] = {SEALED: seal.close(event.TYPE, field, raw[field])}
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
        """As `decode`, with the keys of all persons looked up at once.

        A key that this process remembers may be of a log that was set back since: what it does not
        open, the stored one does.
        """
        raws = {
            index: json.loads(item.data) for index, item in enumerate(stored) if may_be_sealed(item)
        }
        subjects = {raw[SUBJECT] for raw in raws.values() if raw.get(SUBJECT) is not None}
        if not subjects:
            return _decoded(stored, raws, {})
        try:
            return _decoded(stored, raws, await self._keys.seals(ledger, subjects))
        except InvalidTag:
            self._keys.forget(ledger, subjects)
            return _decoded(stored, raws, await self._keys.seals(ledger, subjects))


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
    event = _class(stored)
    return bool(event.PERSONAL) or (
        stored.schema_version != event.VERSION and SEALED.encode() in stored.data
    )


def decode_plain(stored: Stored) -> Event:
    """An event that holds nothing sealed, in its current version.

    Raises:
        EventTypeUnknown: it was written by a later version of the programme.
    """
    event = _class(stored)
    if stored.schema_version == event.VERSION:
        return event.model_validate_json(stored.data)
    return _current(stored, json.loads(stored.data))


def _decoded(
    stored: Sequence[Stored], raws: Mapping[int, Raw], seals: Mapping[str, Seal | None]
) -> list[Event]:
    return [
        _current(item, _opened(item, raws[index], seals)) if index in raws else decode_plain(item)
        for index, item in enumerate(stored)
    ]


def _class(stored: Stored) -> type[Event]:
    event = EVENT_TYPES.get(stored.type)
    if event is None:
        raise EventTypeUnknown(stored.type)
    return event


def _current(stored: Stored, raw: Raw) -> Event:
    """The event in its current version, validated as JSON exactly as a current event is."""
    event = _class(stored)
    return event.model_validate_json(json.dumps(event.upcast(stored.schema_version, raw)))


def _opened(stored: Stored, raw: Raw, seals: Mapping[str, Seal | None]) -> Raw:
    seal = seals.get(raw.get(SUBJECT, ""))
    return {field: _opened_field(stored, field, value, seal) for field, value in raw.items()}


def _opened_field(stored: Stored, field: str, value: Any, seal: Seal | None) -> Any:  # noqa: ANN401  JSON
    if not isinstance(value, dict) or SEALED not in value:
        return value
    return None if seal is None else seal.open(stored.type, field, value[SEALED])
