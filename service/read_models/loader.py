"""Loader: `python -m service.read_models.loader` folds parts of logs, each in a process of its own.

It leads a session of its own. It reads one order a line, forks, and goes on to the next; what the
forks have to say are lines of its output, as `Loaders` reads them. It loads its modules once. It
ends with its input, and with it whatever it has begun: so no process is left when the service dies.
"""

import gc
import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

import uvloop

from projections import PROJECTIONS
from projections.folding import FoldFailed
from service.database.engine import create_pool
from service.read_models.bulk import Bulk, Loaded, Part
from service.read_models.events import Span
from service.read_models.tables import ReadTable

# A pipe takes 4,096 bytes at once.
LONGEST_TOLD = 500

BY_NAME = {projection.name: projection for projection in PROJECTIONS}


@dataclass(frozen=True, slots=True)
class Order:
    """A part of a log that is to be folded into the tables of these projections.

    Attributes:
        number: of the order; whatever is said of it names it.
        url: of the database.
        role: that its connections set.
    """

    number: int
    url: str
    role: str | None
    projections: list[str]
    schema: str
    part: Part

    @classmethod
    def read(cls, line: bytes) -> "Order":
        """The order in the line."""
        values = json.loads(line)
        ledger, until, things = values.pop("part")
        return cls(**values, part=Part(ledger, until, Span(*things)))


def main() -> None:
    """Fork for every order, until the input ends."""
    forks: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _reap(forks))
    # What is loaded is shared with the forks as long as nothing touches it.
    gc.freeze()
    for line in sys.stdin.buffer:
        order = Order.read(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        fork = os.fork()
        if not fork:
            os._exit(_folded(order))
        forks[fork] = order.number
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    os.killpg(0, signal.SIGKILL)


def _reap(forks: dict[int, int]) -> None:
    while forks:
        fork, status = os.waitpid(-1, os.WNOHANG)
        if not fork:
            return
        number = forks.pop(fork)
        if status:
            _say(number, died=os.waitstatus_to_exitcode(status))


def _folded(order: Order) -> int:
    """Carry out the order in this process, a fork; its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    try:
        loaded = uvloop.run(_load(order))
    except FoldFailed as failed:
        _say(
            order.number,
            failed=[failed.projection, failed.position, str(failed.__cause__)[:LONGEST_TOLD]],
        )
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        _say(order.number, error=f"{type(error).__name__}: {error}"[:LONGEST_TOLD])
    else:
        _say(order.number, loaded=loaded)
    return 0


async def _load(order: Order) -> list[Loaded]:
    def told(done: int, _: int) -> None:
        _say(order.number, done=done)

    tables = [ReadTable(BY_NAME[name], order.schema) for name in order.projections]
    async with (
        await create_pool(order.url, size=2, role=order.role) as pool,
        pool.acquire() as reader,
        pool.acquire() as writer,
        writer.transaction(),  # for all that is written piece by piece
    ):
        return await Bulk(reader, writer, tables, told).load_part(order.part, anew=False)


def _say(number: int, **what: Any) -> None:  # noqa: ANN401  whatever JSON has
    """Write a line at once: shorter than a pipe takes, it is not mixed with another's."""
    os.write(sys.stdout.fileno(), json.dumps({"order": number, **what}).encode() + b"\n")


if __name__ == "__main__":
    main()
