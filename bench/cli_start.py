"""The start of the command line: help of every kind of command, and of a command as it was before.

Before, whatever was asked for, every command was loaded with all that it works with.
"""

import asyncio
import sys
import time

from bench.harness import Contender, Figures, Result, Rounds

SECONDS = "seconds"
STARTS = (("import", "-h"), ("doctor", "-h"), ("token", "create", "-h"), ("--version",))
NOW = "from service.cli import app; import sys; app(sys.argv[1:])"
# What `service.cli` named at its top before commands were loaded when they are called.
BEFORE = f"""
import alembic, fastapi, httpx, projections, sqlalchemy
import service.cli.demo, service.cli.doctor, service.cli.imports, service.cli.ledgers
import service.cli.projections, service.cli.serving, service.cli.tokens
import service.cli.checks_of_database, service.cli.checks_of_machine
import service.database.embedded, service.database.migrate, service.demo.loading
import service.demo.samples, service.log.log, service.read_models.projector
{NOW}
"""


def starting(programme: str) -> Contender:
    """A contender that starts the command line once for each of `STARTS`."""

    async def start() -> Figures:
        began = time.perf_counter()
        for words in STARTS:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", programme, *words, stdout=asyncio.subprocess.DEVNULL
            )
            if await process.wait() != 0:
                raise RuntimeError(f"it did not start: {words}")
        return {SECONDS: (time.perf_counter() - began) / len(STARTS)}

    return start


async def run(url: str) -> list[Result]:  # noqa: ARG001  no benchmark of a database
    """How long a start takes against one that loads everything, in turns."""
    turns = await Rounds({"as it is": starting(NOW), "as it was": starting(BEFORE)}).run()
    return [
        turns.ratio("cli_start", "as it is", "as it was", SECONDS, target=0.4, at_most=True),
    ]
