"""Table process: the program that writes the tables, in a process that ends with its client."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar, cast

from service.table_writer import Table

# How often the end of a client is looked for, and how long the program may take for a page or for
# the rest of its work.
LOOK_S = 0.25
LONGEST_S = 300.0
# What it says of one page.
ANSWER_BYTES = 2**24

Answer = TypeVar("Answer")


class TableNotWritten(Exception):
    """The process that writes tables failed; the message is its own."""


class TableProcess:
    """The program at work. `writing` starts and ends it.

    Args:
        process: that runs it.
        require_client: raises where nobody waits for the file any more.
    """

    def __init__(self, process: Process, require_client: Callable[[], Awaitable[None]]) -> None:
        self._process = process
        self._require_client = require_client
        self._orders = cast("asyncio.StreamWriter", process.stdin)
        self._answers = cast("asyncio.StreamReader", process.stdout)

    async def tell(self, message: bytes) -> None:
        """Give it a message.

        Raises:
            TableNotWritten.
        """
        self._orders.write(b"%d\n" % len(message))
        self._orders.write(message)
        try:
            await self._orders.drain()
        except ConnectionError:
            await self._fail()

    async def page(self, page: bytes) -> Mapping[str, Sequence[str]]:
        """Give it a page; what it lacks the names of, by kind.

        Raises:
            ClientDisconnect, TableNotWritten.
        """
        await self.tell(page)
        answer = await self._patiently(self._answers.readline())
        if not answer:
            await self._fail()
        lacking: Mapping[str, Sequence[str]] = json.loads(answer)
        return lacking

    async def end(self) -> None:
        """Let it write what is left.

        Raises:
            ClientDisconnect, TableNotWritten.
        """
        await self.tell(b"")
        if await self._patiently(self._process.wait()):
            await self._fail()

    async def _patiently(self, answer: Awaitable[Answer]) -> Answer:
        """Wait for it as long as the client waits."""
        asked = asyncio.ensure_future(answer)
        try:
            async with asyncio.timeout(LONGEST_S):
                while not (await asyncio.wait([asked], timeout=LOOK_S))[0]:
                    await self._require_client()
        finally:
            asked.cancel()
        return asked.result()

    async def _fail(self) -> None:
        told = await cast("asyncio.StreamReader", self._process.stderr).read()
        raise TableNotWritten(told.decode(errors="replace")[-2000:])


@asynccontextmanager
async def writing(
    table: Table, file: Path, require_client: Callable[[], Awaitable[None]]
) -> AsyncIterator[TableProcess]:
    """Run the program as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.table_writer", file),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        limit=ANSWER_BYTES,
    )
    try:
        program = TableProcess(process, require_client)
        await program.tell(json.dumps(table).encode())
        yield program
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
