"""Serving: commands that serve or project until a signal, and apply the migrations."""

from typing import Annotated

import structlog
import typer

from service.cli.output import err
from service.cli.running import run
from service.settings import Settings

log = structlog.get_logger()


def serve(
    *,
    migrate: Annotated[
        bool, typer.Option(help="Bring the database's schema up to date first.")
    ] = True,
) -> None:
    """Serve the API until SIGINT or SIGTERM, on the database given or on the embedded one."""
    from service.app import create_app  # noqa: PLC0415  only whoever serves waits for its imports
    from service.database.migrate import migrate as apply  # noqa: PLC0415  likewise
    from service.server import (  # noqa: PLC0415  likewise
        Server,
        end_by_force_after,
        listening,
        operations_served,
        settle_memory,
    )

    async def work(settings: Settings) -> None:
        if migrate and settings.owner_url is not None:
            await apply(settings.owner_url)
        app = create_app(settings)
        with listening(settings) as socket:
            async with app.router.lifespan_context(app):
                host, port = socket.getsockname()[:2]
                scheme = "http" if settings.tls_certificate_file is None else "https"
                log.info("listening", address=f"{scheme}://{host}:{port}")
                settle_memory()
                end_by_force_after(settings.shutdown_seconds, app.state.service.closing)
                async with operations_served(app.state.service, settings):
                    await Server(app, settings).serve([socket])

    run(work)


def project() -> None:
    """Keep the read models up to date until SIGINT or SIGTERM, where `serve` leaves that out."""
    from service.projecting import project as work  # noqa: PLC0415  slow to load

    run(work)


def migrate() -> None:
    """Bring the database's schema up to date; run it with the login that owns the database."""
    from service.database.embedded import EmbeddedPostgres  # noqa: PLC0415  slow to load
    from service.database.logins import EMBEDDED_LOGIN  # noqa: PLC0415  slow to load
    from service.database.migrate import migrate as apply  # noqa: PLC0415  slow to load

    async def work(settings: Settings) -> list[str]:
        if settings.owner_url is not None:
            return await apply(settings.owner_url)
        with EmbeddedPostgres(settings.data_dir, fsync=settings.embedded_fsync) as url:
            return await apply(url, login=EMBEDDED_LOGIN)

    applied = run(work)
    err().print(f"Applied: {', '.join(applied)}." if applied else "Nothing to apply.")
