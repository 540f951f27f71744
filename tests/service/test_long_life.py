"""A task's own length: a command on a task with a thousand reports reads what it needs, no more."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.access.authority import Authority
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.roles import Permission, Relation, Role
from domain.access.rule import Rule
from domain.kernel import Actor, Command, Event, Parameters
from domain.record.contradictions import ContradictsLater
from domain.tasks.ending.completion import Claim, ClaimCompletion
from domain.tasks.events import ProgressReported
from domain.tasks.work.progress import ProgressReport, ReportProgress
from service.access.recorders import Recorders
from service.database.engine import Pool
from service.entity_tags import of_version
from service.handle import CommandHandler
from service.log.codec import Codec, Stored
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.requests import CommandRequest, VersionStale
from tests.domain.cast import EVIDENCE, IN_PROGRESS, SHARED, TASK

NOW = datetime(2021, 5, 31, 3, tzinfo=UTC)
FEW, MANY = 10, 1_000
ANYBODY = Authority(
    "report_progress",
    Rule(permission=Permission.ACT, may={Role.AUTHORITY: frozenset({Relation.WHOLE_LEDGER})}),
    Caller(Role.AUTHORITY, units=frozenset({EVERY_UNIT})),
)


class Counting(Codec):
    """Counts the events that it decodes, and their bytes."""

    events = 0
    data_bytes = 0

    async def decode_all(self, ledger: str, stored: Sequence[Stored]) -> list[Event]:
        self.events += len(stored)
        self.data_bytes += sum(len(one.data) for one in stored)
        return await super().decode_all(ledger, stored)


@pytest.fixture
async def log(pool: Pool) -> AsyncIterator[Log]:
    async with Log(pool) as log:
        yield log


def handler_of(pool: Pool, log: Log, codec: Codec) -> CommandHandler:
    return CommandHandler(log, codec, Metrics(), Recorders(pool), clock=lambda: NOW)


def report(on: date) -> ProgressReported:
    return ProgressReported(
        effective_on=on, narrative="Đã tháo dỡ thêm.", share_percent=None, values=(), **SHARED
    )


async def lived(log: Log, codec: Codec, reports: int, on: date) -> str:
    """A ledger with a task in progress, on which so much was reported."""
    ledger = f"test-{uuid4().hex[:12]}"
    await log.create_ledger(ledger, ledger)
    events = [*IN_PROGRESS, *[report(on)] * reports]
    encoded = [await codec.encode(ledger, event, actor="client:test") for event in events]
    await log.append(ledger, encoded)
    return ledger


def request(
    ledger: str,
    command: type[Command[Any]],
    params: Parameters,
    if_match: frozenset[str] | None = None,
) -> CommandRequest:
    return CommandRequest(
        ledger=ledger,
        command=command,
        params=params,
        ids={"task_id": TASK},
        subject=f"task:{TASK}",
        actor=Actor("client:test"),
        authority=ANYBODY,
        correlation_id=uuid4(),
        if_match=if_match,
    )


REPORT = ProgressReport(narrative="Đã tháo dỡ hết.")
CLAIM = Claim(summary="Đã tháo dỡ hết.", values=(), evidence=(EVIDENCE,))


@pytest.mark.parametrize(
    ("command", "params", "if_match"),
    [
        (ReportProgress, REPORT, None),
        (ReportProgress, REPORT, frozenset({"*"})),
        (ClaimCompletion, CLAIM, None),
    ],
)
async def test_a_command_reads_no_more_after_a_thousand_reports_than_after_ten(
    pool: Pool,
    log: Log,
    command: type[Command[Any]],
    params: Parameters,
    if_match: frozenset[str] | None,
) -> None:
    read: list[tuple[int, int]] = []
    for reports in (FEW, MANY):
        codec = Counting(PersonKeys(pool, bytes(32)))
        handler = handler_of(pool, log, codec)
        ledger = await lived(log, codec, reports, date(2021, 2, 1))
        outcome = await handler.handle(request(ledger, command, params, if_match))
        assert outcome.version == outcome.position == len(IN_PROGRESS) + reports + 1
        read.append((codec.events, codec.data_bytes))
    assert read[1] == read[0]


async def test_a_report_that_came_meanwhile_is_seen_by_whoever_named_a_version(
    pool: Pool, log: Log
) -> None:
    codec = Codec(PersonKeys(pool, bytes(32)))
    handler = handler_of(pool, log, codec)
    ledger = await lived(log, codec, FEW, date(2021, 2, 1))
    version = len(IN_PROGRESS) + FEW
    stale = frozenset({of_version(version - 1)})
    with pytest.raises(VersionStale):
        await handler.handle(request(ledger, ReportProgress, REPORT, stale))
    named = frozenset({of_version(version)})
    outcome = await handler.handle(request(ledger, ReportProgress, REPORT, named))
    assert outcome.version == version + 1


async def test_what_is_recorded_late_is_held_against_every_report(pool: Pool, log: Log) -> None:
    codec = Codec(PersonKeys(pool, bytes(32)))
    handler = handler_of(pool, log, codec)
    ledger = await lived(log, codec, FEW, date(2021, 2, 1))
    late = CLAIM.model_copy(update={"effective_on": date(2021, 1, 20)})
    with pytest.raises(ContradictsLater) as refused:
        await handler.handle(request(ledger, ClaimCompletion, late))
    assert len(refused.value.contradictions) == FEW
