"""The composition root: the one place where the parts of the service are put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version

import httpx
import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from service.access.authentication import Authentication
from service.access.failures import Failures
from service.access.identities import Identities
from service.access.key_sets import FETCH_S, KeySource
from service.access.oidc import AccessTokens, Provider
from service.access.recorders import Recorders
from service.access.tokens import Tokens
from service.clocks import PERIOD_S, Clocks
from service.components import Service
from service.database.embedded import EmbeddedPostgres
from service.database.engine import ANY_SERVER, BACKGROUND, Pool, create_pool, of_requests
from service.database.logins import EMBEDDED_LOGIN, require_bounded
from service.database.migrate import migrate, pending
from service.database.recovery import running
from service.delivery import feed
from service.handle import Clock, CommandHandler, utc_now
from service.http import (
    commands,
    commands_described,
    docs,
    imports,
    ledgers,
    openapi,
    operations,
    permissions,
    problems,
    reads,
    snapshots,
)
from service.http.addresses import Below
from service.http.cross_origin import cross_origin
from service.http.intake import Intake
from service.http.monitoring import MONITORING_VERBS
from service.http.monitoring_papers import MONITORING_PAPER_VERBS
from service.http.organisation import ORGANISATION_VERBS
from service.http.record import RECORD_VERBS
from service.http.representations import Represented
from service.http.requests import Observed
from service.http.tasks import TASK_VERBS
from service.http.territory import TERRITORY_VERBS
from service.imports.dry_run import dry_run_handler
from service.imports.endings import PERIOD_SECONDS, Endings
from service.imports.jobs import Jobs
from service.imports.worker import ImportWorker
from service.log.codec import Codec
from service.log.epochs import Epochs
from service.log.lanes import open_lanes
from service.log.log import Log
from service.log.master_keys import MasterKeys
from service.log.notifications import Notifications
from service.log.rotation import require_master_keys
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.observability.readiness import Readiness
from service.read_models.projector import Projector
from service.read_models.snapshot_worker import SnapshotWorker
from service.read_models.snapshots import Snapshots
from service.search import Search
from service.server import ORDERLY_SHARE
from service.settings import Misconfigured, Settings
from service.sources import Primary, Replica, Sources
from service.supervision import Tasks
from service.turns import Turns

VERBS = (
    TASK_VERBS,
    ORGANISATION_VERBS,
    TERRITORY_VERBS,
    MONITORING_VERBS,
    MONITORING_PAPER_VERBS,
    RECORD_VERBS,
)

# One listens and one announces; two move the read models; one is for imports and snapshots.
BACKGROUND_CONNECTIONS = 8

log = structlog.get_logger()


def create_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """The service as an ASGI application; its parts live from its start to its end."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            service = await _start(settings, clock, metrics, stack)
            app.state.service = service
            log.info("started")
            yield
            service.closing.set()
            log.info("stopping")
            # What the database does not let end in order ends without it.
            patience = settings.shutdown_seconds * ORDERLY_SHARE
            asyncio.get_running_loop().call_later(patience, service.end_connections)

    app = FastAPI(
        title="Giao Việc",
        summary="Breakthrough tasks of officials, as a record that can be proved.",
        version=_version(),
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.router.routes.extend(commands.routes(*VERBS))
    for part in (ledgers, reads, imports, snapshots, feed, operations, docs):
        app.include_router(part.router)
    app.include_router(permissions.permissions(*VERBS))
    app.router.routes.append(docs.ASSETS)
    described = commands_described.described(*VERBS)
    openapi.install(app, described, settings.root_path or "/")
    problems.install(app, described)
    app.add_middleware(Represented)
    # A file in a body must fit in beside what else there is.
    held_bytes = max(settings.in_flight_bytes, 2 * settings.import_limit_bytes)
    app.add_middleware(
        Observed, metrics=metrics, intake=Intake(settings.requests_in_flight, held_bytes)
    )
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, **cross_origin(settings.cors_origins))
    if settings.root_path:
        app.add_middleware(Below, prefix=settings.root_path)
    return app


def _version() -> str:
    """The version of the package; that of a folder with its sources only is not known."""
    try:
        return version("giaoviec")
    except PackageNotFoundError:
        return "0"


async def _start(
    settings: Settings, clock: Clock, metrics: Metrics, stack: AsyncExitStack
) -> Service:
    """Start the parts in the order of their needs; the stack ends them in the reverse order.

    Raises:
        Misconfigured: the set-up does not let the service run.
    """
    master_keys = MasterKeys(settings.load_master_keys())
    given_up = asyncio.Event()
    url = await _database(settings, stack, given_up)
    patience = of_requests(settings.request_seconds)
    pool = await stack.enter_async_context(
        await create_pool(url, size=settings.pool_size, patience=patience)
    )
    background = await stack.enter_async_context(
        await create_pool(url, size=BACKGROUND_CONNECTIONS, patience=BACKGROUND, least=2)
    )
    lanes = await stack.enter_async_context(
        open_lanes(url, connections=settings.writer_connections, seconds=settings.request_seconds)
    )
    tasks = Tasks(metrics.note_restart)
    stack.push_async_callback(tasks.stop)
    notifications = Notifications(background, tasks)
    await require_master_keys(pool, master_keys)
    keys = PersonKeys(pool, master_keys, notifications)
    codec = Codec(keys)
    epochs = Epochs(background, notifications, settings.seen_path, tasks)
    epochs.on_new(keys.forget_all)
    clocks = Clocks(background, clock, most_seconds=settings.clock_skew_seconds)
    await clocks.check()
    tasks.repeat("clocks", clocks.check, PERIOD_S)
    event_log = await stack.enter_async_context(
        Log(
            pool,
            notifications,
            epochs=epochs,
            lanes=lanes,
            background=background,
            patience_s=settings.request_seconds,
            most_skew=timedelta(seconds=settings.clock_skew_seconds),
        )
    )
    await epochs.start()
    stack.push_async_callback(epochs.stop)
    notifications.start()
    replica = await _replica(settings, event_log, background, stack)
    sources = Sources(Primary(pool, event_log), replica)
    projector = Projector(
        pool, event_log, building=partial(_connections, url), working=background, tasks=tasks
    )
    if settings.projector:
        await projector.start()
    readiness = Readiness(
        background,
        projector,
        tasks,
        clocks,
        sources,
        bound=timedelta(seconds=settings.clock_skew_seconds),
        standstill_seconds=settings.standstill_seconds,
    )
    readiness.start()
    tokens = Tokens(pool, lifetime=timedelta(days=settings.token_days))
    jobs = Jobs(background, keys)
    access_tokens = await _access_tokens(settings, pool, stack)
    failures = Failures(settings.failed_authentications)
    handler = CommandHandler(
        event_log,
        codec,
        metrics,
        Recorders(pool),
        clocks.now,
        ahead_days=settings.ahead_days,
    )
    dry_run = partial(dry_run_handler, pool, master_keys, clocks.now)
    endings = Endings(background, settings.import_findings_days)
    tasks.repeat("import_findings", endings.expire, PERIOD_SECONDS)
    worker = ImportWorker(jobs, endings, tokens, handler, dry_run, tasks)
    worker.start()
    kept = Snapshots(background, most=settings.snapshots_kept, days=settings.snapshot_days)
    snapshot_worker = SnapshotWorker(kept, url, tasks)
    snapshot_worker.start()
    # Before the log is closed, so that nothing is cut off that could still be recorded.
    stack.push_async_callback(tasks.stop)
    return Service(
        settings=settings,
        database_url=url,
        pool=pool,
        log=event_log,
        sources=sources,
        keys=keys,
        codec=codec,
        projector=projector,
        search=Search(pool, codec, keys),
        tokens=tokens,
        authentication=Authentication(tokens, failures, access_tokens),
        commands=handler,
        lanes=lanes,
        background=background,
        turns=Turns(settings.waiting_per_client, settings.request_seconds),
        metrics=metrics,
        tasks=tasks,
        readiness=readiness,
        clock=clock,
        clocks=clocks,
        imports=jobs,
        import_worker=worker,
        import_endings=endings,
        snapshots=kept,
        snapshot_worker=snapshot_worker,
        given_up=given_up,
    )


@asynccontextmanager
async def _connections(url: str) -> AsyncIterator[Pool]:
    """Two connections beside those of the commands and the readers."""
    async with await create_pool(url, size=2) as pool:
        yield pool


async def _access_tokens(
    settings: Settings, pool: Pool, stack: AsyncExitStack
) -> AccessTokens | None:
    """What verifies the access tokens of the OIDC provider that the settings name."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    client = await stack.enter_async_context(httpx.AsyncClient(timeout=FETCH_S))
    keys = KeySource(settings.oidc_issuer, settings.oidc_keys_url, client)
    stack.push_async_callback(keys.close)
    provider = Provider(settings.oidc_issuer, settings.oidc_audience)
    return AccessTokens(provider, keys, Identities(pool))


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
