"""A real command over HTTP against a no-op on the same server, and how evenly it is answered.

The command is a progress report: authenticate, read the boundary, decide, append; fsync is on. The
no-op is a FastAPI route that validates the same body and answers at once. A late command reports
for a day before the last one: all that stands later must still hold with it. Every official has ten
tasks. The load comes from a process of its own; read models are kept by another process in such a
set-up, and here by none.
"""

import asyncio
import json
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Self

import httpx
from pydantic import SecretStr

from bench.harness import Contender, Figures, Result, Rounds
from bench.load import Score, Shot
from domain.tasks.work.progress import ProgressReport
from service.access.roles import Role
from service.app import create_app
from service.observability import logs
from service.server import Server, listening, settle_memory
from service.settings import Settings
from tests.service.province import COMMITTEE, DECISION, DISTRICT, PROPOSAL, Province

LEDGER = "bench"
TASKS = 3000
TASKS_OF_A_POST = 10
AT_ONCE = 16
REPORT = {
    "narrative": "Đã vận động các hộ tháo dỡ 92 trên 98 lò gạch thủ công. " * 4,
    "share_percent": "93.88",
    "values": [{"code": "kilns", "actual": 92}],
}
BODY = json.dumps(REPORT)
LATE_BODY = json.dumps({**REPORT, "effective_on": "2021-06-01"})
SECONDS = 2.0
PER_SECOND = "requests/s"
# In milliseconds.
P50, P99 = "p50", "p99"


class Load:
    """The load generator's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the load generator needs pipes")
        self._orders, self._scores = process.stdin, process.stdout

    @classmethod
    async def start(cls) -> Self:
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.load", stdin=pipe, stdout=pipe
            )
        )

    def firing(self, shot: Shot) -> Contender:
        """A contender that fires the shot; it gives `PER_SECOND`, `P50` and `P99`."""

        async def fire() -> Figures:
            score = await self._fire(shot)
            if score.refused:
                raise RuntimeError(f"{shot.paths[0]}: {score.refused} requests were refused")
            return {PER_SECOND: score.per_second, P50: score.p50_ms, P99: score.p99_ms}

        return fire

    async def _fire(self, shot: Shot) -> Score:
        self._orders.write(json.dumps(asdict(shot)).encode() + b"\n")
        return Score(**json.loads(await self._scores.readline()))

    async def end(self) -> None:
        self._orders.close()
        await self._process.wait()


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[tuple[str, int, str]]:
    """The service with the no-op beside it: its host and port, and a token."""
    settings = Settings(
        database_url=url,
        port=0,
        master_key=SecretStr(b64encode(bytes(32)).decode()),
        projector=False,
    )
    logs.configure("warning", "console")
    app = create_app(settings)

    @app.post("/noop")
    async def noop(report: ProgressReport) -> dict[str, int]:
        return {"length": len(report.narrative)}

    async with app.router.lifespan_context(app):
        socket = listening(settings)
        server = Server(app, settings)
        settle_memory()
        task = asyncio.create_task(server.serve([socket]))
        _, token = await app.state.service.tokens.create("bench", Role.AUTHORITY, units=["*"])
        await app.state.service.log.create_ledger(LEDGER, "Benchmark")
        yield settings.host, socket.getsockname()[1], token
        server.should_exit = True
        await task


async def tasks_in_progress(host: str, port: int, token: str, tasks: int = TASKS) -> list[str]:
    """The addresses at which progress is reported, of tasks made and reported on over HTTP."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(
        base_url=f"http://{host}:{port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    ) as client:
        province = Province(client, LEDGER)
        await province.establish()

        async def make(post: int) -> list[str]:
            async with gate:
                tasks = await tasks_of_a_post(province, post)
            return [f"/v1/{LEDGER}/tasks/{task}/report-progress" for task in tasks]

        made = await asyncio.gather(*map(make, range(tasks // TASKS_OF_A_POST)))
        return [path for paths in made for path in paths]


async def tasks_of_a_post(province: Province, post: int) -> list[str]:
    """The tasks of one official, commissioned, assigned and reported on."""
    post_id, official_id = f"post-{post}", f"official-{post}"
    await province.does("/officials/register", official_id=official_id, full_name="Cán bộ")
    created = {"post_id": post_id, "unit_id": DISTRICT, "title": "…", "kind": "district_chairman"}
    await province.does("/posts/create", **created, managed_by=COMMITTEE)
    await province.does(f"/posts/{post_id}/appoint", official_id=official_id)
    decided = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    tasks = [f"task-{post}-{number}" for number in range(TASKS_OF_A_POST)]
    for task in tasks:
        commission = {"task_id": task, "post_id": post_id, "proposal": PROPOSAL}
        await province.does("/tasks/commission", **commission, **decided)
        await province.does(f"/tasks/{task}/assign", **decided)
        (await province.says(f"/tasks/{task}/report-progress", REPORT)).raise_for_status()
    return tasks


async def run(url: str) -> list[Result]:
    """Commands and late ones per second, over 32 connections; the spread over 32 and over 8."""
    async with serving(url) as (host, port, token):
        load = await Load.start()

        def against(paths: Sequence[str], connections: int, body: str = BODY) -> Contender:
            return load.firing(Shot(host, port, list(paths), token, body, connections, SECONDS))

        reports = await tasks_in_progress(host, port, token)
        turns = await Rounds(
            {
                "commands": against(reports, 32),
                "no-ops": against(["/noop"], 32),
                "late commands": against(reports, 32, LATE_BODY),
                "commands, 8 connections": against(reports, 8),
            }
        ).run()
        await load.end()
    return [
        turns.ratio("command_vs_noop", "commands", "no-ops", PER_SECOND, target=0.6),
        turns.ratio("late_vs_command", "late commands", "commands", PER_SECOND, target=0.5),
        *(
            turns.within(name, of, P99, P50, target=3, at_most=True)
            for name, of in (
                ("command_p99_over_p50", "commands"),
                ("command_p99_over_p50_of_8", "commands, 8 connections"),
            )
        ),
    ]
