"""Foundation: what every process stands on that runs for long: the database, its log and clocks.

A process that serves builds on it; one that keeps the read models up to date needs no more.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from service.clocks import PERIOD_S, Clocks
from service.database.embedded import EmbeddedPostgres
from service.database.engine import ANY_SERVER, BACKGROUND, Pool, create_pool, of_requests
from service.database.logins import EMBEDDED_LOGIN, require_bounded
from service.database.migrate import migrate, pending
from service.database.recovery import running
from service.handle import Clock
from service.log.epochs import Epochs
from service.log.lanes import Lanes, open_lanes
from service.log.log import Log
from service.log.notifications import Notifications
from service.observability.metrics import Metrics
from service.observability.readiness import Readiness
from service.observability.scrape import Scrape
from service.read_models.projector import Projector
from service.settings import Misconfigured, Settings
from service.sources import Primary, Replica, Sources
from service.supervision import Tasks

# One listens and two announce; two move the read models; one is for what comes now and then.
BACKGROUND_CONNECTIONS = 6


@dataclass(frozen=True, slots=True)
class Foundation:
    """The parts. They are at work once `start` was called.

    Attributes:
        url: of the database.
        closing: is set when the process begins to stop.
        given_up: is set when the process cannot go on and ends by itself.
    """

    url: str
    pool: Pool
    background: Pool
    lanes: Lanes
    tasks: Tasks
    notifications: Notifications
    epochs: Epochs
    clocks: Clocks
    log: Log
    sources: Sources
    projector: Projector
    metrics: Metrics
    readiness: Readiness
    scrape: Scrape
    closing: asyncio.Event
    given_up: asyncio.Event

    async def start(self, settings: Settings, stack: AsyncExitStack) -> None:
        """Begin to listen, to keep the read models up to date, and to look whether all is well."""
        await self.epochs.start()
        stack.push_async_callback(self.epochs.stop)
        self.notifications.start()
        if settings.projector:
            await self.projector.start()
        else:
            # What is read is there, also before the process that projects has begun.
            await self.projector.prepare()
        stack.push_async_callback(self.projector.stop)
        self.readiness.start()


async def laid(
    settings: Settings, clock: Clock, metrics: Metrics, stack: AsyncExitStack
) -> Foundation:
    """Lay it; the stack ends its parts in the reverse order.

    Raises:
        Misconfigured: the set-up does not let the process run.
    """
    given_up = asyncio.Event()
    url = await _database(settings, stack, given_up)
    patience = of_requests(settings.request_seconds)
    pool = await stack.enter_async_context(
        await create_pool(url, size=settings.pool_size, patience=patience)
    )
    most = BACKGROUND_CONNECTIONS + settings.imports_at_once
    background = await stack.enter_async_context(
        await create_pool(url, size=most, patience=BACKGROUND, least=2)
    )
    lanes = await stack.enter_async_context(
        open_lanes(url, connections=settings.writer_connections, seconds=settings.request_seconds)
    )
    tasks = Tasks(metrics.note_restart)
    stack.push_async_callback(tasks.stop)
    notifications = Notifications(background, tasks)
    epochs = Epochs(background, notifications, settings.seen_path, tasks)
    clocks = Clocks(background, clock, most_seconds=settings.clock_skew_seconds)
    await clocks.check()
    tasks.repeat("clocks", clocks.check, PERIOD_S)
    bound = timedelta(seconds=settings.clock_skew_seconds)
    event_log = await stack.enter_async_context(
        Log(
            pool,
            notifications,
            epochs=epochs,
            lanes=lanes,
            background=background,
            patience_s=settings.request_seconds,
            most_skew=bound,
        )
    )
    replica = await _replica(settings, event_log, background, stack)
    sources = Sources(Primary(pool, event_log), replica)
    projector = Projector(
        pool,
        event_log,
        building=partial(_connections, url),
        working=background,
        tasks=tasks,
        notifications=notifications,
    )
    readiness = Readiness(
        background,
        projector,
        tasks,
        clocks,
        sources,
        bound=bound,
        standstill_seconds=settings.standstill_seconds,
    )
    scrape = Scrape(metrics, readiness, projector, tasks, clocks, sources, pool, background)
    return Foundation(
        url=url,
        pool=pool,
        background=background,
        lanes=lanes,
        tasks=tasks,
        notifications=notifications,
        epochs=epochs,
        clocks=clocks,
        log=event_log,
        sources=sources,
        projector=projector,
        metrics=metrics,
        readiness=readiness,
        scrape=scrape,
        closing=asyncio.Event(),
        given_up=given_up,
    )


@asynccontextmanager
async def _connections(url: str) -> AsyncIterator[Pool]:
    """Two connections beside those of the commands and the readers."""
    async with await create_pool(url, size=2) as pool:
        yield pool


async def _replica(
    settings: Settings, event_log: Log, primary: Pool, stack: AsyncExitStack
) -> Replica | None:
    """The replica that the settings name. It may be away: its connections are opened as needed."""
    if settings.replica_url is None:
        return None
    pool = await create_pool(
        settings.replica_url,
        size=settings.pool_size,
        patience=of_requests(settings.request_seconds),
        least=0,
        server=ANY_SERVER,
    )
    opened = await stack.enter_async_context(pool)
    replica = Replica(opened, event_log, primary, settings.standstill_seconds)
    # One that is away, or of another database, is not read from the start.
    await replica.fault()
    return replica


async def _database(settings: Settings, stack: AsyncExitStack, given_up: asyncio.Event) -> str:
    """Where the log is: the embedded server, brought up to date, or the one given."""
    if settings.database_url is None:
        server = EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync)
        owner_url = await stack.enter_async_context(running(server, given_up.set))
        await migrate(owner_url, login=EMBEDDED_LOGIN)
        return server.service_url
    lacking = await pending(settings.database_url)
    if lacking:
        raise Misconfigured(
            f"The database lacks the migrations {', '.join(lacking)}: run `giaoviec migrate`."
        )
    await require_bounded(settings, settings.database_url)
    return settings.database_url
