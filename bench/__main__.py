"""`python -m bench`: run all benchmarks and keep what they find; with names: run those and look."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import asyncpg
import uvloop

from bench.harness import Result
from bench.report import keep, show
from service.database.embedded import EmbeddedPostgres
from service.database.engine import with_database
from service.database.migrate import migrate

# Each has `async def run(url: str) -> list[Result]`; `url` is a fresh migrated database's owner.
BENCHMARKS = (
    "append",
    "lanes",
    "command",
    "processes",
    "streams",
    "rebuild",
    "read_models",
    "snapshot",
    "refold",
    "known",
    "listing",
    "access",
    "inbox",
    "appraisal",
    "explaining",
    "search",
    "coverage",
    "importing",
    "workbook_read",
    "workbook_written",
    "exporting",
    "cli_start",
)

# A server in use writes its log into files it had before; a new one makes each file first.
AGEING = (
    "ALTER SYSTEM SET min_wal_size = '1GB'",
    "SELECT pg_reload_conf()",
    "CREATE TABLE aged ()",
    *["INSERT INTO aged DEFAULT VALUES; SELECT pg_switch_wal()"] * 64,
    "CHECKPOINT",
)


async def run(server_url: str, names: Sequence[str]) -> tuple[list[Result], str]:
    """Every benchmark on a database of its own, all on one server; the results and its version."""
    results: list[Result] = []
    server = await asyncpg.connect(server_url)
    try:
        for statement in AGEING:
            await server.execute(statement)
        for name in names:
            await server.execute(f"CREATE DATABASE bench_{name}")
            url = with_database(server_url, f"bench_{name}")
            await migrate(url)
            results += await importlib.import_module(f"bench.{name}").run(url)
            await server.execute(f"DROP DATABASE bench_{name} WITH (FORCE)")
        return results, str(await server.fetchval("SHOW server_version"))
    finally:
        await server.close()


def main() -> int:
    """0 where every promise is kept."""
    names = sys.argv[1:] or BENCHMARKS
    with TemporaryDirectory() as folder:
        # Root's server runs as another user, who reaches no folder of root's.
        root_home = Path(gettempdir()) / "giaoviec-bench"
        server = EmbeddedPostgres(Path(folder), fsync=True, root_home=root_home)
        url = server.start()
        try:
            results, server_version = uvloop.run(run(url, names))
        finally:
            server.stop()
            server.remove()
    show(results)
    if names == BENCHMARKS:
        keep(results, server_version)
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
