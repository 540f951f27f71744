"""Running: a command runs with its settings loaded, and reports failures from outside in a line."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

import uvloop
from pydantic import ValidationError

from service.cli.output import err, fail, fail_of_system
from service.cli.token_given import APPROVER, CALLER
from service.observability.logs import configure
from service.settings import Misconfigured, Settings, variable

if TYPE_CHECKING:
    from service.database.engine import Pool

Result = TypeVar("Result")

# Named, not imported: a command does not wait for modules that it does not use.
EXPECTED = frozenset(
    {
        "service.misconfigured.Misconfigured",
        "domain.kernel.Refusal",
        "service.demo.loading.SampleRefused",
        "service.log.events.LogUnavailable",
        "service.read_models.rebuild.RebuildUnderWay",
        "service.read_models.rebuild.SwapRefused",
        "asyncpg.exceptions._base.PostgresError",
        "asyncpg.exceptions._base.InterfaceError",
        "asyncpg.exceptions._base.InternalClientError",
        "httpx.HTTPError",
    }
)
# Variables of the options of commands, beside those of the settings.
OF_OPTIONS = ("GIAOVIEC_LEDGER", CALLER, APPROVER)
PREFIX = "GIAOVIEC_"


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
        fail_of_system(failure)
    except Exception as failure:
        if not _is_expected(failure):
            raise
        fail(str(failure) or type(failure).__name__)


def _is_expected(failure: Exception) -> bool:
    kinds = type(failure).__mro__
    return not EXPECTED.isdisjoint(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds)


def load() -> Settings:
    """Load the settings from the environment. If they are not valid, the command ends."""
    for slip in misspelt_variables():
        err().print(f"giaoviec: {slip}")
    try:
        return Settings()
    except ValidationError as error:
        fail(" ".join(settings_faults(error)))


def misspelt_variables() -> list[str]:
    """List the variables of the environment that look like settings and are none."""
    known = [*map(variable, Settings.model_fields), *OF_OPTIONS]
    slips = [name for name in os.environ if name.startswith(PREFIX) and name not in known]
    nearest = {name: get_close_matches(name, known, n=1) for name in slips}
    return [
        f"{name} is not a setting" + (f": did you mean {near[0]}?" if near else ".")
        for name, near in nearest.items()
    ]


def settings_faults(error: ValidationError) -> list[str]:
    """List the faults of the environment; of one variable with its name, of several as they are."""
    return [_fault(*map(str, fault["loc"][:1]), says=fault["msg"]) for fault in error.errors()]


def _fault(*names: str, says: str) -> str:
    named = (variable(name) if name in Settings.model_fields else name for name in names)
    return ": ".join((*named, f"{says}."))


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """Yield the URL of a database that there is. An embedded server is started and migrated first.

    Raises:
        Misconfigured: there is none. Only `serve`, `demo` and `migrate` make one.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    # Only whoever uses the embedded server waits for these imports.
    from service.database.embedded import EmbeddedPostgres  # noqa: PLC0415  slow to load
    from service.database.logins import EMBEDDED_LOGIN  # noqa: PLC0415  slow to load
    from service.database.migrate import migrate  # noqa: PLC0415  slow to load
    from service.database.placement import find_home  # noqa: PLC0415  slow to load

    if find_home(settings.data_dir) is None:
        raise Misconfigured(
            f"there is no database in {settings.data_dir.absolute()}, and DATABASE_URL is not set. "
            "Run the command in the folder where the service was started, set GIAOVIEC_DATA_DIR "
            "to its data folder, or make a new database there: giaoviec migrate."
        )
    server = EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync)
    owner_url = await asyncio.to_thread(server.start)
    try:
        await migrate(owner_url, login=EMBEDDED_LOGIN)
        yield server.service_url
    finally:
        await asyncio.to_thread(server.stop)


def run_connected(work: Callable[["Pool"], Coroutine[None, None, Result]]) -> Result:
    """Run the work with a pool of connections to the database of the settings."""

    async def with_pool(settings: Settings) -> Result:
        async with connected(settings) as pool:
            return await work(pool)

    return run(with_pool)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator["Pool"]:
    """Yield a small pool of connections in the service's role."""
    from service.database.engine import create_pool  # noqa: PLC0415  after the settings

    async with database(settings) as url, await create_pool(url, size=4) as pool:
        yield pool
