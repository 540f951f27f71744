"""The composition root: the one place where the parts of the service are put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from service.access.authentication import Authentication
from service.access.callers import PERIOD_S, Callers
from service.access.failures import Failures
from service.access.identities import Identities
from service.access.key_sets import KeySource, fetcher
from service.access.oidc import AccessTokens, Provider
from service.access.pace import Pace
from service.access.record import AccessRecord
from service.access.recorders import Recorders
from service.access.tokens import Tokens
from service.components import Service
from service.database.engine import Pool
from service.databases import Databases
from service.delivery import feed
from service.foundation import laid
from service.handle import Clock, CommandHandler, utc_now
from service.http import (
    commands,
    commands_described,
    derivation,
    docs,
    imports,
    ledgers,
    openapi,
    operations,
    permissions,
    problems,
    reads,
    regulations,
    snapshots,
    trial,
)
from service.http.addresses import Below
from service.http.appraisal import APPRAISAL_VERBS
from service.http.conduct import CONDUCT_VERBS
from service.http.cross_origin import cross_origin
from service.http.dispatch import Dispatch
from service.http.dispatch import reads as reads_of
from service.http.indicators import INDICATOR_VERBS
from service.http.intake import Intake
from service.http.monitoring import MONITORING_VERBS
from service.http.monitoring_papers import MONITORING_PAPER_VERBS
from service.http.organisation import ORGANISATION_VERBS
from service.http.read_retries import RetriedReads
from service.http.record import RECORD_VERBS
from service.http.recorded import Recorded
from service.http.regulations import REGULATION_VERBS
from service.http.representations import Represented
from service.http.requests import Observed
from service.http.routed import Routed
from service.http.tasks import TASK_VERBS
from service.http.territory import TERRITORY_VERBS
from service.imports.dry_run import dry_run_handler
from service.imports.endings import PERIOD_SECONDS, Endings
from service.imports.jobs import Jobs
from service.imports.worker import ImportWorker
from service.kept_regulations import KeptRegulations
from service.listening.listeners import Listeners
from service.listening.tail import Tails
from service.log.codec import Codec
from service.log.known_requests import PERIOD_SECONDS as KNOWN_SECONDS
from service.log.known_requests import KnownRequests
from service.log.master_keys import MasterKeys
from service.log.parts import PERIOD_SECONDS as PARTS_SECONDS
from service.log.parts import Parts, require_all_parts
from service.log.rotation import require_master_keys
from service.log.sealing import PersonKeys
from service.missed_reports import PERIOD_SECONDS as MISSED_SECONDS
from service.missed_reports import MissedReports
from service.observability.metrics import Metrics
from service.observability.operated import Together
from service.read_models.snapshot_worker import SnapshotWorker
from service.read_models.snapshots import Snapshots
from service.search import Search
from service.sent_files import SentFiles
from service.server import ORDERLY_SHARE
from service.settings import Settings
from service.streams import Streams
from service.turns import Turns

VERBS = (
    TASK_VERBS,
    ORGANISATION_VERBS,
    TERRITORY_VERBS,
    MONITORING_VERBS,
    MONITORING_PAPER_VERBS,
    REGULATION_VERBS,
    INDICATOR_VERBS,
    APPRAISAL_VERBS,
    CONDUCT_VERBS,
    RECORD_VERBS,
)

# So many dry runs of a ledger are decided at once; what they see is in memory meanwhile.
DRY_RUNS = 8

log = structlog.get_logger()


def create_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """The service as an ASGI application; its parts live from its start to its end."""
    metrics, callers = Metrics(), Callers()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            service = await _start(settings, clock, metrics, stack)
            databases = Databases(service, await _others(settings, clock, service, stack))
            await databases.require_found()
            parts = dict(databases.named())
            if databases.others:
                together = Together(parts)
                service = replace(service, readiness=together, scrape=together)
            app.state.service, app.state.databases = service, databases
            service.tasks.repeat("callers", callers.tell, PERIOD_S)
            log.info("started")
            yield
            service.closing.set()
            await callers.tell()
            log.info("stopping")
            # What the database does not let end in order ends without it.
            patience = settings.shutdown_seconds * ORDERLY_SHARE
            for part in parts.values():
                asyncio.get_running_loop().call_later(patience, part.end_connections)

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
    app.state.callers = callers
    for part in (
        ledgers,
        derivation,
        trial,
        regulations,
        reads,
        imports,
        snapshots,
        feed,
        operations,
        docs,
    ):
        app.include_router(part.router)
    app.include_router(permissions.permissions(*VERBS))
    if settings.docs_page:
        app.include_router(docs.page)
        app.router.routes.append(docs.ASSETS)
    app.router.routes.insert(
        0, Dispatch([*commands.routes(*VERBS), *regulations.NOT_READ, *reads_of(app)])
    )
    described = commands_described.described(*VERBS)
    openapi.install(app, described, settings.root_path or "/")
    problems.install(app, described)
    app.add_middleware(RetriedReads, seconds=settings.request_seconds)
    app.add_middleware(Recorded)
    if settings.databases:
        app.add_middleware(Routed)
    app.add_middleware(Represented)
    # A file in a body must fit in beside what else there is.
    held_bytes = max(settings.in_flight_bytes, 2 * settings.import_limit_bytes)
    intake = Intake(settings.requests_in_flight, held_bytes)
    app.add_middleware(Observed, metrics=metrics, intake=intake, callers=callers)
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


async def _others(
    settings: Settings, clock: Clock, home: Service, stack: AsyncExitStack
) -> dict[str, Service]:
    """The services of the other databases, by the patterns of their ledgers."""
    by_url: dict[str, Service] = {}
    for pattern, url in settings.databases:
        if url not in by_url:
            by_url[url] = await _start(
                settings.of_other(pattern, url), clock, Metrics(), stack, home
            )
    return {pattern: by_url[url] for pattern, url in settings.databases}


async def _start(
    settings: Settings,
    clock: Clock,
    metrics: Metrics,
    stack: AsyncExitStack,
    home: Service | None = None,
) -> Service:
    """Start the parts in the order of their needs; the stack ends them in the reverse order.

    Args:
        settings: of the database.
        clock: of the host.
        metrics: of what is done on the database.
        stack: ends the parts.
        home: the service that knows who calls and shares its bounds, if that is another.

    Raises:
        Misconfigured: the set-up does not let the service run.
    """
    master_keys = MasterKeys(settings.load_master_keys())
    base = await laid(settings, clock, metrics, stack)
    pool, background, tasks = base.pool, base.background, base.tasks
    await require_master_keys(pool, master_keys)
    await require_all_parts(pool)
    keys = PersonKeys(pool, master_keys, base.notifications)
    codec = Codec(keys)
    regulations = KeptRegulations(codec)
    base.epochs.on_new(keys.forget_all)
    tails = Tails(base.sources, codec)
    base.epochs.on_new(tails.end_all)
    await base.start(settings, stack)
    access_record = AccessRecord(background, tasks, settings.access_record_days)
    await access_record.start()
    # After the tasks have ended, and before the connections are closed.
    stack.push_async_callback(access_record.close)
    jobs = Jobs(background, keys)
    if home is None:
        tokens = Tokens(pool, lifetime=timedelta(days=settings.token_days))
        access_tokens = await _access_tokens(settings, pool, stack)
        failures = Failures(settings.failed_authentications)
        authentication = Authentication(tokens, failures, access_tokens)
        recorders, streams = (
            Recorders(pool),
            Streams(settings.streams, settings.streams_per_token, metrics),
        )
        closing, files = base.closing, SentFiles(settings.sent_file_bytes)
        pace = Pace(settings.reads_per_token)
        listeners = Listeners(closing)
    else:
        tokens, authentication, recorders = home.tokens, home.authentication, home.recorders
        streams, closing, files = home.streams, home.closing, home.files
        listeners, pace = home.listeners, home.pace
    handler = CommandHandler(
        base.log,
        codec,
        metrics,
        recorders,
        base.clocks.now,
        ahead_days=settings.ahead_days,
        patience_s=settings.request_seconds,
    )
    dry_run = partial(dry_run_handler, pool, master_keys, recorders, base.clocks.now)
    endings = Endings(background, settings.import_findings_days)
    tasks.repeat("import_findings", endings.expire, PERIOD_SECONDS)
    missed = MissedReports(
        background,
        base.log,
        handler,
        regulations,
        clock=base.clocks.now,
        days=settings.missed_report_days,
    )
    tasks.repeat("missed_reports", missed.round, MISSED_SECONDS)
    known = KnownRequests(background, settings.idempotency_days)
    tasks.repeat("known_requests", known.keep, KNOWN_SECONDS)
    tasks.repeat("log_parts", Parts(background).extend, PARTS_SECONDS)
    refused = access_record.refused
    worker = ImportWorker(
        jobs, endings, tokens, handler, dry_run, refused, tasks, settings.imports_at_once
    )
    worker.start()
    kept = Snapshots(background, most=settings.snapshots_kept, days=settings.snapshot_days)
    snapshot_worker = SnapshotWorker(kept, base.url, tasks)
    snapshot_worker.start()
    # Before the log is closed, so that nothing is cut off that could still be recorded.
    stack.push_async_callback(tasks.stop)
    stack.push_async_callback(access_record.close)
    return Service(
        settings=settings,
        database_url=base.url,
        pool=pool,
        log=base.log,
        sources=base.sources,
        keys=keys,
        codec=codec,
        regulations=regulations,
        projector=base.projector,
        search=Search(pool, codec, keys),
        streams=streams,
        listeners=listeners,
        tails=tails,
        closing=closing,
        files=files,
        tokens=tokens,
        access_record=access_record,
        authentication=authentication,
        pace=pace,
        recorders=recorders,
        commands=handler,
        lanes=base.lanes,
        background=background,
        turns=Turns(settings.waiting_per_client, settings.request_seconds),
        dry_runs=Turns(settings.waiting_per_client, settings.request_seconds, DRY_RUNS),
        metrics=metrics,
        tasks=tasks,
        readiness=base.readiness,
        scrape=base.scrape,
        clock=clock,
        clocks=base.clocks,
        imports=jobs,
        import_worker=worker,
        import_endings=endings,
        snapshots=kept,
        snapshot_worker=snapshot_worker,
        given_up=base.given_up,
    )


async def _access_tokens(
    settings: Settings, pool: Pool, stack: AsyncExitStack
) -> AccessTokens | None:
    """What verifies the access tokens of the OIDC provider that the settings name."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    client = await stack.enter_async_context(fetcher())
    keys = KeySource(settings.oidc_issuer, settings.oidc_keys_url, client)
    stack.push_async_callback(keys.close)
    provider = Provider(settings.oidc_issuer, settings.oidc_audience)
    return AccessTokens(provider, keys, Identities(pool))
