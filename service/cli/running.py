"""Running: a command runs with its settings loaded, and reports failures from outside in a line."""

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
from service.database.placement import find_home
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
    """Load the settings and run the work. An expected failure prints its message; exit code 1."""
    settings = load()
    configure(settings.log_level, settings.log_format)
    for chatty in ("alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return run_with(settings, work)


def run_with(
    settings: Settings, work: Callable[[Settings], Coroutine[None, None, Result]]
) -> Result:
    """Run the work with settings and logging that the caller has prepared."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work(settings))
    except OSError as failure:
        fail(f"{failure}. `giaoviec doctor` says what may be wrong.")
    except EXPECTED as failure:
        fail(str(failure) or type(failure).__name__)


def load() -> Settings:
    """Load the settings from the environment. If they are not valid, the command ends."""
    try:
        return Settings()
    except ValidationError as error:
        fail(" ".join(settings_faults(error)))


def settings_faults(error: ValidationError) -> list[str]:
    """List the faults of the environment, each with the name of its variable."""
    faults = ((str(fault["loc"][0]), fault["msg"]) for fault in error.errors())
    return [
        f"{variable(name) if name in Settings.model_fields else name}: {message}."
        for name, message in faults
    ]


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """Yield the URL of a database that there is. An embedded server is started and migrated first.

    Raises:
        Misconfigured: there is none. Only `serve`, `demo` and `migrate` make one.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    if find_home(settings.data_dir) is None:
        raise Misconfigured(
            f"there is no database in {settings.data_dir.absolute()}, and DATABASE_URL is not set. "
            "Run the command in the folder where the service was started, set GIAOVIEC_DATA_DIR "
            "to its data folder, or make a new database there: giaoviec migrate."
        )
    server = EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync)
    url = await asyncio.to_thread(server.start)
    try:
        await migrate(url)
        yield url
    finally:
        await asyncio.to_thread(server.stop)


def run_connected(work: Callable[[Pool], Coroutine[None, None, Result]]) -> Result:
    """Run the work with a pool of connections to the database of the settings."""

    async def with_pool(settings: Settings) -> Result:
        async with connected(settings) as pool:
            return await work(pool)

    return run(with_pool)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Pool]:
    """Yield a small pool of connections in the service's role."""
    async with database(settings) as url, await create_pool(url, size=4) as pool:
        yield pool
