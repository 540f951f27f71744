"""The wire format of `log.append`: a request is rows, a batch of requests is columns.

Transposed rows, and tags joined into one text, were the fastest of the formats measured.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery

from service.log.events import LogEvent, NotStorable, SealedWith

SEPARATOR = "\x1f"

EventRow: TypeAlias = tuple[
    UUID,
    str,
    int,
    date,
    str,
    str | None,
    str | None,
    UUID | None,
    UUID | None,
    str,
    bytes,
    str | None,
]
ItemRow: TypeAlias = tuple[str, str]
Columns: TypeAlias = list[Sequence[Any] | str | int | None]

PARAMETERS = (
    *("text", "timestamptz", "interval", "bigint", "uuid"),
    *("text", "text[]", "text[]", "bytea[]", "bytea[]", "integer[]", "integer[]"),
    *("bigint", "integer[]", "text[]", "text[]", "bigint[]"),
    *("integer[]", "text[]", "bytea[]"),
    *("integer[]", "uuid[]", "text[]", "smallint[]", "date[]", "text[]", "text[]", "text[]"),
    *("uuid[]", "uuid[]", "text[]", "bytea[]", "text[]"),
)
EVENT_COLUMNS = 12
PLACES = ", ".join(f"${number}::{kind}" for number, kind in enumerate(PARAMETERS, 1))
APPEND = f"SELECT * FROM log.append({PLACES})"  # noqa: S608  constants only


class Sender(NamedTuple):
    """What the sender of a batch believes; the log appends nothing if it does not hold.

    Attributes:
        now: by the sender's clock.
        skew: how far the server's clock may differ; None: whatever it says.
        seen: the ledger's last position that the sender knows, if any.
        seen_id: the id of the event there.
    """

    now: datetime | None = None
    skew: timedelta | None = None
    seen: int | None = None
    seen_id: UUID | None = None


class RequestRow(NamedTuple):
    """One request in the wire format.

    Attributes:
        identity: client, key, digest, reply; all None without an idempotency key.
        events: the request's events.
        items: the items of its append condition; empty without a condition.
        after: the position after which its condition applies.
        epoch: in which its boundary was read, if known.
        keys: with which its events are sealed.
    """

    identity: tuple[str | None, str | None, bytes | None, bytes | None]
    events: list[EventRow]
    items: list[ItemRow]
    after: int
    epoch: str | None = None
    keys: Sequence[SealedWith] = ()


def event_row(event: LogEvent) -> EventRow:
    """Convert an event to the wire format.

    Raises:
        NotStorable: a tag is empty, repeated or holds U+001F.
    """
    return (
        event.id,
        event.type,
        event.schema_version,
        event.effective_on,
        event.actor,
        event.on_behalf_of,
        None if event.basis is None else json.dumps(event.basis, ensure_ascii=False),
        event.correlation_id,
        event.causation_id,
        joined(event.tags),
        event.data,
        event.token_id,
    )


def item_rows(query: DCBQuery) -> list[ItemRow]:
    """Return a query's items. A query without items matches every event: one empty item."""
    if not query.items:
        return [("", "")]
    return [(joined(item.tags), _joined_types(tuple(item.types))) for item in query.items]


def condition_rows(condition: DCBAppendCondition | None) -> tuple[list[ItemRow], int]:
    """Return the items of an append condition and the position after which they apply."""
    if condition is None:
        return [], 0
    return item_rows(condition.fail_if_events_match), condition.after or 0


def joined(words: list[str]) -> str:
    """Join words into one text.

    Raises:
        NotStorable: a word is empty, repeated or holds U+001F.
    """
    text = SEPARATOR.join(words)
    if not words:
        return text
    if not all(words) or text.count(SEPARATOR) >= len(words) or len(set(words)) < len(words):
        raise NotStorable(f"tags and types are distinct words without U+001F: {words!r}")
    return text


# A decision names the same types again and again, and dozens of them.
@lru_cache(maxsize=1024)
def _joined_types(types: tuple[str, ...]) -> str:
    return joined(list(types))


def split(text: str) -> list[str]:
    """Split a text into the words that were `joined`."""
    return text.split(SEPARATOR) if text else []


def columns(requests: Sequence[RequestRow]) -> Columns:
    """Return the arguments of `APPEND` after the ledger and its sender."""
    sizes = [len(request.events) for request in requests]
    lasts = [*accumulate(sizes)]
    items = [
        (number, tags, types, request.after)
        for number, request in enumerate(requests, 1)
        for tags, types in request.items
    ]
    keys = [(number, *key) for number, request in enumerate(requests, 1) for key in request.keys]
    return [
        _epoch(requests),
        *_transposed((request.identity for request in requests), 4),
        [last - size + 1 for last, size in zip(lasts, sizes, strict=True)],
        lasts,
        min((after for *_, after in items), default=None),
        *_transposed(items, 4),
        *_transposed(keys, 3),
        [number for number, size in enumerate(sizes, 1) for _ in range(size)],
        *_transposed(chain.from_iterable(request.events for request in requests), EVENT_COLUMNS),
    ]


def _epoch(requests: Sequence[RequestRow]) -> str | None:
    """Return the epoch of all boundaries. Those of several epochs are in none: all fail."""
    epochs = {request.epoch for request in requests if request.epoch is not None}
    return max(epochs) if len(epochs) == 1 else "" if epochs else None


def _transposed(rows: Iterable[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """Turn rows into columns. One without any value is empty: the log fills it with nulls."""
    return [
        () if column[0] is None and column.count(None) == len(column) else column
        for column in zip(*rows, strict=True)
    ] or [()] * width
