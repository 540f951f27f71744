"""What fault tests share: a server to injure, databases on it, and the table of what became of it.

A test takes `postgres` (a server of its own kind, mended after each test), `site` (a migrated
database on it with a ledger and a token), `proxy` (between a service and that server) and
`serve` (starts service processes), and reports its row with `report`.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic
from urllib.parse import urlsplit

import pytest
from typing_extensions import TypeVar

from service.access.roles import Role
from service.access.tokens import Tokens
from service.database.engine import create_pool
from service.database.migrate import migrate
from service.log.log import Log
from service.read_models.projector import Projector
from tests.faults.checker import Outcome
from tests.faults.postgres import DATABASE, PostgresServer, copied, in_thread, postgres_server
from tests.faults.processes import ServiceProcess, service_process
from tests.faults.proxy import Proxy, proxy_to

PROPERTY = "fault"
ROWS = Path(__file__).parents[2] / "build" / "faults.jsonl"

Where = TypeVar("Where", default=PostgresServer)
Serve = Callable[..., ServiceProcess]
Report = Callable[[Outcome], None]


@dataclass(frozen=True)
class Site(Generic[Where]):
    """A migrated database, a ledger in it, and the token of an administrator."""

    server: Where
    url: str
    ledger: str
    token: str

    @property
    def database(self) -> str:
        return urlsplit(self.url).path.removeprefix("/")


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresServer]:
    """A running server, whose own database has all tables and is copied for every site."""

    async def make_tables(url: str) -> None:
        await migrate(url)
        async with await create_pool(url, size=2) as pool:
            await Projector(pool, Log(pool)).prepare()

    with postgres_server() as server:
        in_thread(lambda: make_tables(server.url()))
        yield server


@pytest.fixture
def postgres(cluster: PostgresServer) -> Iterator[PostgresServer]:
    """The server, whole; whatever a test did to it is mended afterwards."""
    yield cluster
    cluster.thaw()
    if not cluster.answers():
        cluster.kill()
        cluster.start()
    cluster.execute("ALTER SYSTEM RESET ALL", database="postgres")
    cluster.execute("SELECT pg_reload_conf()", database="postgres")


@pytest.fixture
def site(postgres: PostgresServer) -> Site:
    """A database of this test's own."""
    return prepared(postgres, copied(postgres, DATABASE, f"fault_{secrets.token_hex(6)}"))


def prepared(server: Where, url: str, ledger: str = "faults") -> Site[Where]:
    """The migrated database, with a ledger and a token in it."""

    async def prepare() -> str:
        async with await create_pool(url, size=2, role=None) as pool:
            await pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
            return (await Tokens(pool).create("faults", Role.AUTHORITY, units=["*"]))[1]

    return Site(server, url, ledger, in_thread(prepare))


def token_of_operator(site: Site[Any]) -> str:
    """A token of whoever runs the service, made in its database."""

    async def create() -> str:
        async with await create_pool(site.url, size=1, role=None) as pool:
            return (await Tokens(pool).create("operator", Role.OPERATOR))[1]

    text: str = in_thread(create)
    return text


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[Proxy]:
    """A proxy to the server."""
    with proxy_to(postgres.port) as proxy:
        yield proxy


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start ready service processes: `serve(url, GIAOVIEC_POOL_SIZE="2")`."""
    with ExitStack() as stack:

        def start(database_url: str | None, **settings: str) -> ServiceProcess:
            return stack.enter_context(service_process(tmp_path, database_url, **settings))

        yield start


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """Add a row to the table that `make faults` prints, and require that it holds."""

    def add(row: Outcome) -> None:
        record_property(PROPERTY, asdict(row))
        assert row.holds, row

    return add


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, and keep its rows in `build/faults.jsonl`."""
    rows = [
        value
        for one in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, value in one.user_properties
        if name == PROPERTY and one.when == "call"
    ]
    if not rows:
        return
    ROWS.parent.mkdir(exist_ok=True)
    ROWS.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    width = max(len(row["fault"]) for row in rows)
    terminalreporter.section("faults")
    heading = ("fault", "rounds", "acknowledged", "lost", "doubled", "seconds")
    terminalreporter.write_line("{:{w}} {:>7} {:>13} {:>5} {:>8} {:>8}".format(*heading, w=width))
    for row in rows:
        line = "{fault:{w}} {rounds:>7} {acknowledged:>13} {lost:>5} {doubled:>8} {seconds:>8}"
        terminalreporter.write_line(line.format(**row, w=width))
