"""Appending: ours against the library's recorders and against raw inserts of the same rows."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from time import perf_counter
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem, DCBRecorder
from eventsourcing.dcb.postgres_tt import PostgresTTDCBFactory
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment
from uuid_utils.compat import uuid7

from bench.harness import Figures, Result, Rounds
from service.database.engine import Connection, create_pool
from service.log.events import AppendConditionFailed, Idempotency, LogEvent
from service.log.log import Log
from service.log.wire import event_row

SECONDS = 1.5
CALLERS = 128
THREADS = 8
LEDGER = "bench"
DATA = os.urandom(300).hex().encode()
TYPE = "task.progress_reported"
DIGEST = bytes(32)
PER_SECOND = "appends/s"
P50, P99 = "p50", "p99"


def tags_of(caller: str, number: int) -> list[str]:
    return [f"task:{caller}", f"official:{number % 500}", f"unit:{number % 50}"]


def only_own(caller: str, after: int) -> DCBAppendCondition:
    """Nothing happened to the caller's task since he looked."""
    return DCBAppendCondition(DCBQuery([DCBQueryItem([], [f"task:{caller}"])]), after)


async def ours(log: Log, callers: int, conflicts: float = 0) -> Figures:
    """Callers at once; of their conditions such a share looks back too far, and fails."""
    took: list[float] = []
    end = perf_counter() + SECONDS

    async def call(caller: str) -> None:
        after = number = 0
        while (began := perf_counter()) < end:
            number += 1
            event = LogEvent(TYPE, DATA, tags_of(caller, number), actor="official:x")
            fails = after > 0 and number % 100 < conflicts * 100
            try:
                done = await log.append(
                    LEDGER,
                    [event],
                    only_own(caller, after - 1 if fails else after),
                    idempotency=Idempotency("bench", f"{caller}-{number}", DIGEST),
                    reply=b"{}",
                )
                after = done.last_position
            except AppendConditionFailed:
                if not fails:
                    raise
            took.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(call(str(uuid7())) for _ in range(callers)))
    return figures(took, perf_counter() - began)


def in_threads(threads: int, append: Callable[[str, int, int], int]) -> Figures:
    """The same, for a recorder that blocks: `append(caller, number, after)` gives its position."""
    took: list[float] = []
    end = perf_counter() + SECONDS

    def call() -> None:
        caller = str(uuid7())
        after = number = 0
        while (began := perf_counter()) < end:
            number += 1
            after = append(caller, number, after)
            took.append(perf_counter() - began)

    workers = [threading.Thread(target=call) for _ in range(threads)]
    began = perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return figures(took, perf_counter() - began)


def figures(took: list[float], seconds: float) -> Figures:
    took.sort()
    return {
        PER_SECOND: len(took) / seconds,
        P50: took[len(took) // 2],
        P99: took[len(took) * 99 // 100],
    }


def stock(recorder: ApplicationRecorder, threads: int) -> Callable[[], Awaitable[Figures]]:
    def append(caller: str, number: int, _: int) -> int:
        recorder.insert_events([StoredEvent(UUID(caller), number, TYPE, DATA)])
        return 0

    return lambda: asyncio.to_thread(in_threads, threads, append)


def stock_dcb(recorder: DCBRecorder, threads: int) -> Callable[[], Awaitable[Figures]]:
    def append(caller: str, number: int, after: int) -> int:
        event = DCBEvent(TYPE, DATA, tags_of(caller, number))
        return recorder.append([event], only_own(caller, after))

    return lambda: asyncio.to_thread(in_threads, threads, append)


RAW_TABLES = """
CREATE SCHEMA raw;
CREATE TABLE raw.events (LIKE log.events INCLUDING ALL);
CREATE TABLE raw.event_tags (
    ledger text COLLATE "C", tag text COLLATE "C", position bigint, type text COLLATE "C",
    PRIMARY KEY (ledger, tag, position) INCLUDE (type)
);
"""
RAW_EVENTS = """
INSERT INTO raw.events
SELECT 'bench', position, id, type, version, now(), effective_on, actor, body, basis::jsonb,
       correlation_id, causation_id, string_to_array(tags, U&'\\001f'), data,
       token_id
FROM unnest(
    $1::bigint[], $2::uuid[], $3::text[], $4::smallint[], $5::date[], $6::text[], $7::text[],
    $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::bytea[], $13::text[]
) AS e (
    position, id, type, version, effective_on, actor, body, basis, correlation_id, causation_id,
    tags, data, token_id
)
"""
RAW_TAGS = """
INSERT INTO raw.event_tags SELECT 'bench', * FROM unnest($1::text[], $2::bigint[], $3::text[])
"""


class Raw:
    """Multi-row inserts of the same rows, batch after batch on one connection, and nothing else."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._position = 0

    async def __call__(self) -> Figures:
        took: list[float] = []
        end = perf_counter() + SECONDS
        began_all = perf_counter()
        while (began := perf_counter()) < end:
            await self._insert(str(uuid7()))
            took += [perf_counter() - began] * CALLERS
        return figures(took, perf_counter() - began_all)

    async def _insert(self, caller: str) -> None:
        first = self._position + 1
        self._position += CALLERS
        events = [
            LogEvent(TYPE, DATA, tags_of(caller, number), actor="official:x")
            for number in range(CALLERS)
        ]
        rows = [(first + nth, *event_row(event)) for nth, event in enumerate(events)]
        tags = [
            (tag, first + nth, event.type) for nth, event in enumerate(events) for tag in event.tags
        ]
        async with self._connection.transaction():
            await self._connection.execute(RAW_EVENTS, *zip(*rows, strict=True))
            await self._connection.execute(RAW_TAGS, *zip(*tags, strict=True))


def environment(url: str) -> Environment:
    """The library's settings for the same server."""
    parts = urlsplit(url)
    return Environment(
        "bench",
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parts.path[1:],
            "POSTGRES_HOST": parse_qs(parts.query)["host"][0],
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": parts.username or "",
            "POSTGRES_PASSWORD": "-",
            "POSTGRES_POOL_SIZE": str(THREADS),
            "POSTGRES_MAX_OVERFLOW": str(THREADS),
        },
    )


async def run(url: str) -> list[Result]:
    """Every figure of the log's appends, each contender on tables of its own."""
    factory, dcb_factory = PostgresFactory(environment(url)), PostgresTTDCBFactory(environment(url))
    recorder = await asyncio.to_thread(factory.application_recorder)
    dcb_recorder = await asyncio.to_thread(dcb_factory.dcb_recorder)
    raw = await asyncpg.connect(url)
    await raw.execute(RAW_TABLES)
    try:
        async with await create_pool(url, size=4) as pool, Log(pool) as log:
            await log.create_ledger(LEDGER, "Benchmark")
            turns = await Rounds(
                {
                    "ours": lambda: ours(log, CALLERS),
                    "stock, 8 threads": stock(recorder, THREADS),
                    "ours, 10 % conflicts": lambda: ours(log, CALLERS, conflicts=0.1),
                    "stock DCB, 8 threads": stock_dcb(dcb_recorder, THREADS),
                    "raw inserts": Raw(raw),
                    "ours, 1 caller": lambda: ours(log, 1),
                    "stock, 1 thread": stock(recorder, 1),
                }
            ).run()
    finally:
        await raw.close()
        await asyncio.to_thread(factory.close)
        await asyncio.to_thread(dcb_factory.close)
    rate = PER_SECOND
    return [
        turns.ratio("append_vs_stock", "ours", "stock, 8 threads", rate, target=8),
        turns.ratio("append_vs_stock_dcb", "ours", "stock DCB, 8 threads", rate, target=5),
        turns.ratio("append_vs_raw", "ours", "raw inserts", rate, target=0.8),
        turns.within("append_p99_over_p50", "ours", P99, P50, target=2.5, at_most=True),
        turns.within(
            "append_p99_over_p50_conflicts",
            "ours, 10 % conflicts",
            P99,
            P50,
            target=2.5,
            at_most=True,
        ),
        turns.ratio(
            "append_one_caller_vs_stock", "ours, 1 caller", "stock, 1 thread", rate, target=1.2
        ),
    ]
