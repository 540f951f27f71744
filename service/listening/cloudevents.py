"""CloudEvents 1.0: the JSON format in which integrators receive the log's events."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel import EVENT_TYPES, Event
from service.access.fields import without_field
from service.log.codec import Codec, may_be_sealed
from service.log.events import LogEvent, RecordedEvent

TYPE_PREFIX = "vn.giaoviec."
SUBJECTS = ("task:", "official:", "post:", "unit:")


class CloudEvent(BaseModel):
    """An event of the log (CloudEvents 1.0, JSON format), with its place and clocks."""

    model_config = ConfigDict(extra="forbid")

    specversion: Literal["1.0"]
    id: Annotated[str, Field(description="`LEDGER/POSITION`: unique, and the same for ever.")]
    source: Annotated[str, Field(description="The ledger's address.")]
    type: Annotated[str, Field(description="Such as `vn.giaoviec.task.handed_over`.")]
    time: Annotated[datetime, Field(description="When it was recorded (UTC).")]
    subject: Annotated[str, Field(description="The object it is about, such as `task:t1`.")]
    datacontenttype: Literal["application/json"]
    dataschema: Annotated[str, Field(description="The type and the version of its shape.")]
    position: Annotated[int, Field(ge=1, description="Its number in the ledger, without gaps.")]
    effectiveon: Annotated[date, Field(description="The day from which it counts.")]
    actor: str
    tags: Annotated[str, Field(description="Everybody and everything it touches, by commas.")]
    onbehalfof: str | None = None
    basis: Annotated[str | None, Field(description="The document cited, as a JSON text.")] = None
    correlationid: str | None = None
    causationid: str | None = None
    tokenid: str | None = None
    erased: Annotated[
        bool, Field(description="Whether personal data of it was erased: it is null in `data`.")
    ] = False
    unreadable: Annotated[
        bool,
        Field(
            description="Whether personal data of it is damaged: it is null, and was not erased."
        ),
    ] = False
    data: dict[str, Any]


async def as_cloudevents(
    codec: Codec,
    ledger: str,
    recorded: Sequence[RecordedEvent],
    closed: Collection[type[Event]],
) -> list[bytes]:
    """Encode the events as CloudEvents, each in its current version.

    Erased data is null, and so is what cannot be read: the attributes tell which. Of `closed`
    events what not everybody reads is null as well, such as the contact of an official.
    """
    opened = [item.event for item in recorded if not _is_current(item.event, closed)]
    decoded = iter(await codec.decode_marked(ledger, opened))
    encoded: list[bytes] = []
    for item in recorded:
        if _is_current(item.event, closed):
            encoded.append(_json(ledger, item, {}, item.event.data))
            continue
        event, erased, unreadable = next(decoded)
        marks = {"erased": erased, "unreadable": unreadable}
        told = {name: True for name, holds in marks.items() if holds}
        encoded.append(_json(ledger, item, told, _data(event, closed)))
    return encoded


def _data(event: Event, closed: Collection[type[Event]]) -> bytes:
    told = without_field(event) if type(event) in closed else event
    return told.model_dump_json().encode()


def _is_current(event: LogEvent, closed: Collection[type[Event]]) -> bool:
    """Whether the stored bytes can be delivered: all is open, and the version is current."""
    kind = EVENT_TYPES[event.type]
    is_open = kind not in closed and not may_be_sealed(event)
    return is_open and event.schema_version == kind.VERSION


def _json(ledger: str, item: RecordedEvent, marks: Mapping[str, bool], data: bytes) -> bytes:
    event = item.event
    attributes: dict[str, object] = {
        "specversion": "1.0",
        "id": f"{ledger}/{item.position}",
        "source": f"/v1/{ledger}",
        "type": TYPE_PREFIX + event.type,
        "time": item.recorded_at.isoformat().replace("+00:00", "Z"),
        "subject": _subject(event.tags),
        "datacontenttype": "application/json",
        "dataschema": f"urn:giaoviec:event:{event.type}:{EVENT_TYPES[event.type].VERSION}",
        "position": item.position,
        "effectiveon": event.effective_on.isoformat(),
        "actor": event.actor,
        "tags": ",".join(event.tags),
    }
    if event.on_behalf_of is not None:
        attributes["onbehalfof"] = event.on_behalf_of
    if event.basis is not None:
        attributes["basis"] = json.dumps(event.basis, ensure_ascii=False)
    if event.correlation_id is not None:
        attributes["correlationid"] = str(event.correlation_id)
    if event.causation_id is not None:
        attributes["causationid"] = str(event.causation_id)
    if event.token_id is not None:
        attributes["tokenid"] = event.token_id
    attributes.update(marks)
    envelope = json.dumps(attributes, ensure_ascii=False, separators=(",", ":")).encode()
    return b'%b,"data":%b}' % (envelope[:-1], data)


def _subject(tags: Sequence[str]) -> str:
    """Return the tag of the object that the event is about, such as the task of a task's event."""
    return next((tag for kind in SUBJECTS for tag in tags if tag.startswith(kind)), "")
