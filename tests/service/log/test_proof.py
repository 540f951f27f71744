"""Twelve writers in three processes, two of them killed and restarted, and readers that follow.

There is no gap, no event is skipped or recorded twice, no acknowledged event is lost, and time is
in order.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from service.database.engine import Pool
from service.log.events import RecordedEvent
from service.log.log import Log
from tests.service.log.writer import CALLERS, CONTESTED, POISON

ROOT = Path(__file__).parents[3]
REQUESTS = 60
KILLED_AFTER_ANSWERS = 60


async def started(url: str, ledger: str, name: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.service.log.writer", url, ledger, name, str(REQUESTS)),
        cwd=ROOT,
        stdout=PIPE,
    )


async def answers(process: Process, *, kill_after: int | None = None) -> list[str]:
    """Read a writer's answers; after `kill_after` of them it is killed (SIGKILL)."""
    assert process.stdout is not None
    lines: list[str] = []
    while line := await process.stdout.readline():
        if line.endswith(b"\n"):
            lines.append(line.decode().strip())
        if kill_after is not None and len(lines) == kill_after:
            process.kill()
    await process.wait()
    return lines


async def written(url: str, ledger: str, name: str, *, killed: bool) -> list[str]:
    """Return all answers of one writer. A killed one restarts and sends the same requests again."""
    answered: list[str] = []
    if killed:
        process = await started(url, ledger, name)
        answered += await answers(process, kill_after=KILLED_AFTER_ANSWERS)
        assert process.returncode == -9
    process = await started(url, ledger, name)
    answered += await answers(process)
    assert process.returncode == 0
    return answered


async def followed(log: Log, ledger: str, query: DCBQuery | None, end: asyncio.Event) -> list[int]:
    """Return the positions that a following reader sees until the end."""
    seen: list[int] = []

    async def follow() -> None:
        async for page in log.subscribe(ledger, query, after=0):
            seen.extend(each.position for each in page)

    following = asyncio.create_task(follow())
    await end.wait()
    last = (await log.read(ledger, query)).events[-1].position
    while not seen or seen[-1] < last:  # noqa: ASYNC110  others bring it about
        await asyncio.sleep(0.01)
    following.cancel()
    return seen


def positions_tagged(recorded: list[RecordedEvent], tag: str) -> list[int]:
    return [each.position for each in recorded if tag in each.event.tags]


async def test_nothing_is_lost_doubled_or_skipped_among_writers_that_fail_conflict_and_die(
    database_url: str, pool: Pool, ledger: str
) -> None:
    async with Log(pool) as log, asyncio.timeout(60):
        end = asyncio.Event()
        contested = DCBQuery([DCBQueryItem([], [f"contested:{CONTESTED - 1}"])])
        readers = [
            asyncio.create_task(followed(log, ledger, query, end))
            for query in (None, None, contested)
        ]
        answered = await asyncio.gather(
            written(database_url, ledger, "a", killed=False),
            written(database_url, ledger, "b", killed=True),
            written(database_url, ledger, "c", killed=True),
        )
        end.set()
        seen = await asyncio.gather(*readers)
        recorded = (await log.read(ledger)).events

    positions = [each.position for each in recorded]
    assert positions == [*range(1, len(positions) + 1)], "no gap"
    instants = [each.recorded_at for each in recorded]
    assert instants == sorted(instants), "time in order"
    assert seen[:2] == [positions, positions], "no reader skipped or repeated an event"
    assert seen[2] == positions_tagged(recorded, f"contested:{CONTESTED - 1}")

    by_key: dict[str, list[int]] = {}
    for each in recorded:
        by_key.setdefault(each.event.data.decode().rpartition(".")[0], []).append(each.position)
    doubled = Counter(each.event.data for each in recorded)
    assert set(doubled.values()) == {1}, "none twice"
    lines = [line for of_process in answered for line in of_process]
    outcomes: dict[str, str] = {}
    for line in lines:
        key, _, answer = line.partition(" ")
        if answer[0].isdigit():
            first, last, _ = answer.split()
            assert by_key[key] == [*range(int(first), int(last) + 1)], "none acknowledged is lost"
        assert (answer == "refused") == key.endswith(POISON), "none suffers for another's poison"
        outcomes[key] = answer
    assert len(outcomes) == 3 * CALLERS * REQUESTS, "everyone was answered"
    for key in by_key:
        assert outcomes[key][0].isdigit(), "none is recorded that was refused"
    kinds = Counter(answer.split()[-1] for answer in outcomes.values())
    assert min(kinds["refused"], kinds["conflict"], kinds["0"], kinds["1"]) > 0, kinds
