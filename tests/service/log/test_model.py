"""Whatever is appended in whatever order, the log equals a list in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.popo import InMemoryDCBRecorder
from eventsourcing.persistence import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.database.engine import Pool
from service.log.events import Idempotency, IdempotencyKeyReused, LogEvent
from service.log.log import Log

WORDS = ["a", "b", "c"]
TYPES = ["t", "u"]

tags = st.lists(st.sampled_from(WORDS), max_size=3, unique=True)
events = st.builds(DCBEvent, st.sampled_from(TYPES), st.binary(max_size=4), tags)
items = st.builds(DCBQueryItem, st.lists(st.sampled_from(TYPES), max_size=2, unique=True), tags)
queries = st.builds(DCBQuery, st.lists(items, max_size=3))
conditions = st.builds(DCBAppendCondition, queries, st.none() | st.integers(0, 12))
keys = st.builds(
    Idempotency, st.just("c"), st.sampled_from(["k1", "k2"]), st.sampled_from([b"1", b"2"])
)


@dataclass
class Append:
    events: list[DCBEvent]
    condition: DCBAppendCondition | None
    key: Idempotency | None


appends = st.builds(
    Append, st.lists(events, min_size=1, max_size=3), st.none() | conditions, st.none() | keys
)


@dataclass
class Model:
    """The library's recorder in memory, and the keys beside it."""

    recorder: InMemoryDCBRecorder = field(default_factory=InMemoryDCBRecorder)
    stored: dict[str, tuple[bytes, int, int]] = field(default_factory=dict)

    def append(self, step: Append) -> str:
        if step.key is not None and step.key.key in self.stored:
            digest, first, last = self.stored[step.key.key]
            return f"{first} to {last} again" if digest == step.key.digest else "other request"
        try:
            last = self.recorder.append(step.events, step.condition)
        except IntegrityError:
            return "refused"
        first = last - len(step.events) + 1
        if step.key is not None:
            self.stored[step.key.key] = (step.key.digest, first, last)
        return f"{first} to {last}"


async def outcome(log: Log, ledger: str, step: Append) -> str:
    events = [LogEvent(event.type, event.data, event.tags) for event in step.events]
    try:
        done = await log.append(ledger, events, step.condition, idempotency=step.key)
    except IntegrityError:
        return "refused"
    except IdempotencyKeyReused:
        return "other request"
    return f"{done.first_position} to {done.last_position}{' again' if done.replayed else ''}"


@pytest.fixture(scope="module")
async def log(pool: Pool) -> AsyncIterator[Log]:
    async with Log(pool) as log:
        yield log


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(appends, max_size=12), query=queries, after=st.integers(0, 12))
async def test_the_log_equals_a_list_in_memory(
    log: Log, steps: list[Append], query: DCBQuery, after: int
) -> None:
    model, ledger = Model(), f"model-{uuid4().hex}"
    await log.create_ledger(ledger, "model")
    for step in steps:
        assert await outcome(log, ledger, step) == model.append(step)
    for limit in (None, 2):
        expected = model.recorder.read(query, after=after, limit=limit)
        read = await log.read(ledger, query, after=after, limit=limit)
        assert [(each.position, each.event.type, each.event.tags) for each in read.events] == [
            (each.position, each.event.type, each.event.tags) for each in expected
        ]
        assert (read.head or 0) == (expected.head or 0)
    boundary = await log.boundary(ledger, query, after=after)
    assert [(each.position, each.data) for each in boundary.events] == [
        (each.position, each.event.data) for each in model.recorder.read(query, after=after)
    ]
