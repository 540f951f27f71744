"""A process that writes to a log until it is killed: `python -m tests.service.log.writer …`.

It prints a line per answer, so the test that kills it knows what was acknowledged.
"""

import asyncio
import random
import sys

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import create_pool
from service.log.events import AppendConditionFailed, Idempotency, LogEvent, NotStorable
from service.log.log import Log

CALLERS = 4
CONTESTED = 5
POISON = "!"


async def write(log: Log, ledger: str, name: str, requests: int) -> None:
    """Send one caller's requests, each with its own key. Some fail, some conflict with others."""
    choose = random.Random(name)  # noqa: S311  so that a second run asks the same
    for number in range(requests):
        size = choose.randint(1, 3)
        kind = choose.random()
        poisonous = kind < 0.1
        key = f"{name}-{number}{POISON if poisonous else ''}"
        tags = [f"contested:{choose.randrange(CONTESTED)}", f"key:{key}"]
        events = [LogEvent("written", f"{key}.{nth}".encode(), tags) for nth in range(size)]
        condition = None
        if poisonous:
            events[-1].actor = "nul\0"
        elif kind < 0.5:  # two fifths may conflict
            query = DCBQuery([DCBQueryItem(["written"], tags[:1])])
            head = (await log.boundary(ledger, query)).head
            condition = DCBAppendCondition(query, after=head)
        try:
            done = await log.append(
                ledger,
                events,
                condition,
                idempotency=Idempotency("writer", key, key.encode()),
                reply=key.encode(),
            )
        except AppendConditionFailed:
            answer = "conflict"
        except NotStorable:
            answer = "refused"
        else:
            answer = f"{done.first_position} {done.last_position} {int(done.replayed)}"
        sys.stdout.write(f"{key} {answer}\n")
        sys.stdout.flush()


async def main(url: str, ledger: str, name: str, requests: int) -> None:
    async with await create_pool(url, size=CALLERS + 1) as pool, Log(pool) as log:
        await asyncio.gather(
            *(write(log, ledger, f"{name}{caller}", requests) for caller in range(CALLERS))
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
