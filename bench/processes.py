"""Two processes that serve one ledger against one, over as many connections.

A load generator stands beside each process. Where there are few cores, the processes, the database
and the generators share them, so two processes cannot answer twice as much there; whether they
would on a larger machine is told by the processor time that a command takes, of the processes and
the database together.
"""

import asyncio
import os
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import asyncpg
import httpx
import psutil

from bench.command import BODY, PER_SECOND, SECONDS, Load, serving, tasks_in_progress
from bench.harness import Contender, Figures, Result, Rounds
from bench.load import Shot
from bench.read_models import processor_seconds

CONNECTIONS = 32
TASKS = 1_000
PER_PROCESSOR_SECOND = "requests/s of processor"
START_S = 60.0
# A second process gives so much of what the first gives.
TWICE, EACH = 1.7, 0.85


class Served(NamedTuple):
    """A process that serves, and the generator beside it."""

    process: psutil.Process
    port: int
    load: Load


def _environment(url: str, port: int) -> Mapping[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "GIAOVIEC_MASTER_KEY": b64encode(bytes(32)).decode(),
        "GIAOVIEC_OWNER_SERVES": "true",
        "GIAOVIEC_PORT": str(port),
        "GIAOVIEC_PROJECTOR": "false",
        "GIAOVIEC_LOG_LEVEL": "error",
    }


@asynccontextmanager
async def served(url: str) -> AsyncIterator[Served]:
    """A process of its own that serves the database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service", "serve", env=_environment(url, port)
    )
    load = await Load.start()
    try:
        async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
            while not await _answers(client, port):  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.1)
        yield Served(psutil.Process(process.pid), port, load)
    finally:
        await load.end()
        process.terminate()
        await process.wait()


async def _answers(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/healthz")).is_success
    except httpx.TransportError:
        return False


def against(
    of: Sequence[Served], database: psutil.Process, paths: Sequence[str], token: str
) -> Contender:
    """Commands to these processes, which share the connections and the tasks."""

    async def fire() -> Figures:
        took = [*(one.process for one in of), database]
        before = processor_seconds(took)
        shares = [
            one.load.firing(
                Shot(
                    "127.0.0.1", one.port, [*paths[at :: len(of)]], token, BODY,
                    CONNECTIONS // len(of), SECONDS,
                )
            )()
            for at, one in enumerate(of)
        ]  # fmt: skip
        per_second = sum(figures[PER_SECOND] for figures in await asyncio.gather(*shares))
        seconds = processor_seconds(took) - before
        return {PER_SECOND: per_second, PER_PROCESSOR_SECOND: per_second / seconds}

    return fire


async def run(url: str) -> list[Result]:
    """Commands per second, and per second of the processors, with two processes and with one."""
    async with serving(url) as (host, port, token):
        paths = await tasks_in_progress(host, port, token, TASKS)
    owner = await asyncpg.connect(url)
    database = psutil.Process(owner.get_server_pid()).parent()
    await owner.close()
    if database is None:
        raise RuntimeError("PostgreSQL is not on this machine")
    async with AsyncExitStack() as stack:
        two = [await stack.enter_async_context(served(url)) for _ in range(2)]
        turns = await Rounds(
            {
                "two processes": against(two, database, paths, token),
                "one process": against(two[:1], database, paths, token),
            }
        ).run()
    return [
        turns.ratio("two_processes", "two processes", "one process", PER_SECOND, target=TWICE),
        turns.ratio(
            "two_processes_each", "two processes", "one process", PER_PROCESSOR_SECOND, target=EACH
        ),
    ]
