"""Running: a command's work with the settings loaded; what fails for reasons outside says so."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
import httpx
import uvloop
from pydantic import ValidationError

from domain.kernel import Refusal
from service.cli.output import fail
from service.database.embedded import EmbeddedPostgres
from service.database.engine import Pool, create_pool
from service.database.migrate import migrate
from service.demo.loading import SampleRefused
from service.log.events import LogUnavailable
from service.observability.logs import configure
from service.read_models.rebuild import RebuildUnderWay, SwapRefused
from service.settings import Misconfigured, Settings, variable

Result = TypeVar("Result")

EXPECTED: tuple[type[Exception], ...] = (
    Misconfigured,
    Refusal,
    SampleRefused,
    LogUnavailable,
    RebuildUnderWay,
    SwapRefused,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    httpx.HTTPError,
)


def run(work: Callable[[Settings], Coroutine[None, None, Result]]) -> Result:
    """Do the work; an expected failure ends in its sentence and exit code 1."""
    settings = load()
    configure(settings.log_level, settings.log_format)
    for chatty in ("alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return run_with(settings, work)


def run_with(
    settings: Settings, work: Callable[[Settings], Coroutine[None, None, Result]]
) -> Result:
    """The same, where settings and log lines are the caller's matter."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work(settings))
    except OSError as failure:
        fail(f"{failure}. `giaoviec doctor` says what may be wrong.")
    except EXPECTED as failure:
        fail(str(failure) or type(failure).__name__)


def load() -> Settings:
    """The settings of the environment; what is wrong with them ends the command."""
    try:
        return Settings()
    except ValidationError as error:
        fail(" ".join(settings_faults(error)))


def settings_faults(error: ValidationError) -> list[str]:
    """What is wrong with the environment, each under the variable's name."""
    faults = ((str(fault["loc"][0]), fault["msg"]) for fault in error.errors())
    return [
        f"{variable(name) if name in Settings.model_fields else name}: {message}."
        for name, message in faults
    ]


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The database's address: the one given, or the embedded server's, running and migrated."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync)
    url = await asyncio.to_thread(server.start)
    try:
        await migrate(url)
        yield url
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Pool]:
    """A few connections in the service's role."""
    async with database(settings) as url, await create_pool(url, size=4) as pool:
        yield pool
