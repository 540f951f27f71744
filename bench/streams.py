"""Commands beside many listeners: ten a second, with so many streams and with one.

Every command's event goes out to every stream. The listeners are read by a process of their own,
which is checked to have received every event. `GIAOVIEC_BENCH_STREAMS` says how many there are.
"""

import asyncio
import json
import os
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import NamedTuple

import httpx
from pydantic import SecretStr

from bench.command import BODY, LEDGER, P50, Load, tasks_of_a_post
from bench.harness import Figures, Result, Rounds
from bench.load import Shot
from bench.stream_readers import Order
from service.access.roles import Role
from service.app import create_app
from service.components import Service
from service.observability import logs
from service.server import Server, listening, settle_memory
from service.settings import Settings
from tests.service.province import Province

STREAMS = int(os.environ.get("GIAOVIEC_BENCH_STREAMS", "1000"))
# Streams of one token.
SHARED_BY = 50
EVERY_S = 0.1
SECONDS = 5.0
CAUGHT_UP_S = 30.0


class Served(NamedTuple):
    """The service, where it listens, and the tokens of its listeners."""

    service: Service
    host: str
    port: int
    token: str
    listeners: list[str]


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[Served]:
    """The service with room for the streams."""
    settings = Settings(
        database_url=url,
        port=0,
        master_key=SecretStr(b64encode(bytes(32)).decode()),
        projector=False,
        streams=STREAMS + 1,
        connections=STREAMS + 100,
        connections_per_address=STREAMS + 100,
    )
    logs.configure("warning", "console")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        socket = listening(settings)
        server = Server(app, settings)
        settle_memory()
        task = asyncio.create_task(server.serve([socket]))
        _, token = await service.tokens.create("bench", Role.AUTHORITY, units=["*"])
        listeners = [
            (await service.tokens.create(f"listener-{number}", Role.INTEGRATOR))[1]
            for number in range(-(-STREAMS // SHARED_BY))
        ]
        await service.log.create_ledger(LEDGER, "Benchmark")
        yield Served(service, settings.host, socket.getsockname()[1], token, listeners)
        server.should_exit = True
        await task


@asynccontextmanager
async def listeners(served: Served, streams: int) -> AsyncIterator["Counting"]:
    """So many streams from the ledger's end on."""
    head = await served.service.log.head(LEDGER)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.stream_readers", stdin=pipe, stdout=pipe
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the readers need pipes")
    path = f"/v1/{LEDGER}/events/stream?after={head}"
    order = Order(served.host, served.port, path, served.listeners, streams)
    process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
    await process.stdout.readline()
    yield Counting(process.stdin, process.stdout, head)
    process.stdin.close()
    await process.wait()


class Counting(NamedTuple):
    """The process of the listeners, and the position after which they listen."""

    orders: asyncio.StreamWriter
    counts: asyncio.StreamReader
    head: int

    async def have_all(self, service: Service) -> None:
        """Return once every listener has received every event."""
        awaited = await service.log.head(LEDGER) - self.head
        async with asyncio.timeout(CAUGHT_UP_S):
            while True:
                self.orders.write(b"\n")
                least, _ = json.loads(await self.counts.readline())
                if least >= awaited:
                    return
                await asyncio.sleep(EVERY_S)


async def tasks(served: Served) -> list[str]:
    """The addresses at which progress of tasks is reported."""
    async with httpx.AsyncClient(
        base_url=f"http://{served.host}:{served.port}",
        headers={"Authorization": f"Bearer {served.token}"},
        timeout=60,
    ) as client:
        province = Province(client, LEDGER)
        await province.establish()
        made = await tasks_of_a_post(province, 0)
    return [f"/v1/{LEDGER}/tasks/{task}/report-progress" for task in made]


async def run(url: str) -> list[Result]:
    """The median time of commands with all streams over that with one."""
    async with serving(url) as served:
        load = await Load.start()
        paths = await tasks(served)
        shot = Shot(served.host, served.port, paths, served.token, BODY, 1, SECONDS, every=EVERY_S)
        fire = load.firing(shot)

        async def beside(streams: int) -> Figures:
            async with listeners(served, streams) as counting:
                figures = await fire()
                await counting.have_all(served.service)
                return figures

        many, one = f"commands, {STREAMS} streams", "commands, one stream"
        turns = await Rounds({many: lambda: beside(STREAMS), one: lambda: beside(1)}).run()
        await load.end()
    return [turns.ratio("command_many_streams", many, one, P50, target=1.5, at_most=True)]
