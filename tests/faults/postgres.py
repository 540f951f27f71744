"""A PostgreSQL server of a test's own, on TCP loopback, that may be killed, frozen and restarted.

It uses the wheel's binaries, or those in PGBIN. As root it runs under the account `nobody`. Its
calls block.
"""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from service.database import placement, supervisor
from service.database.engine import Connection, with_database
from tests.giaoviec import free_port

OWNER = "giaoviec"
DATABASE = "giaoviec"
ROOT_HOME = Path(tempfile.gettempdir()) / "giaoviec-tests"
WAIT_S = 120
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # A killed process loses nothing that it has given to the system. Power is not cut here.
    "fsync": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresServer:
    """A server with a cluster of its own.

    Args:
        folder: of the cluster, made by `private_folder` or by a base backup.
        settings: of the server, over those of every test.
        password: of its owner.
    """

    def __init__(self, folder: Path, settings: dict[str, str], password: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = {**SETTINGS, **settings, "port": str(self.port)}
        self.password = password
        self.postmaster: subprocess.Popen[bytes] | None = None
        self._log = folder.with_name(f"{folder.name}.log")

    def url(self, database: str = DATABASE, login: str = OWNER, password: str | None = None) -> str:
        secret = password or self.password
        return f"postgresql://{login}:{secret}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> None:
        """Make the cluster and its database."""
        secret = self.folder / "password"
        cluster = self.folder / "cluster"
        secret.touch(mode=0o600)
        secret.write_text(self.password, encoding="ascii")
        own(secret)
        self.run(
            *("initdb", "-D", str(cluster), "--username", OWNER, "--encoding", "UTF8"),
            *("--no-locale", "--no-sync", "--auth", "scram-sha-256", "--pwfile", str(secret)),
        )
        self.start()
        self.execute(f"CREATE DATABASE {DATABASE}", database="postgres")

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> str:
        """What the server has written."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it and wait until it takes connections. It waits for what a killed one left."""
        wait_for(lambda: not self.processes(), "the processes of the killed server end")
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        options = [word for pair in self.settings.items() for word in ("-c", "=".join(pair))]
        with self._log.open("ab") as output:
            self.postmaster = subprocess.Popen(  # noqa: S603  PostgreSQL's own programme
                [str(binaries() / "postgres"), "-D", str(self.cluster), *options],
                cwd="/",
                env=supervisor.ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **as_account(),
            )
        wait_for(self.answers, f"PostgreSQL starts: {self.log[-2000:]}")

    def answers(self) -> bool:
        """Whether it takes connections now."""
        return answers(self.url("postgres"))

    def stop(self) -> None:
        """End it in order: its clients are disconnected."""
        if self.postmaster is not None:
            self.thaw()
            self.postmaster.send_signal(signal.SIGINT)
            self.postmaster.wait(WAIT_S)
            self.postmaster = None

    def kill(self) -> None:
        """Kill the postmaster and every process of it at once (kill -9)."""
        self._signal(signal.SIGKILL, self.processes())
        self._reap()

    def kill_postmaster(self) -> None:
        """Kill the postmaster alone (kill -9): the backends see it and end."""
        assert self.postmaster is not None
        self.postmaster.kill()
        self._reap()

    def kill_backend(self, pid: int | None = None) -> None:
        """Kill one client's backend (kill -9): the server disconnects all and recovers."""
        if pid is None:
            [pid] = self.column(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            )
        os.kill(pid, signal.SIGKILL)

    def terminate_backends(self, condition: str = "true") -> int:
        """End the clients' sessions for which this SQL condition on pg_stat_activity holds."""
        return len(
            self.column(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608  a test's own
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
                f"AND ({condition})"
            )
        )

    def freeze(self) -> None:
        """Stop every process of it (SIGSTOP), as a host that hangs: it accepts, and is silent."""
        self._signal(signal.SIGSTOP, self.processes())

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT, self.processes())

    def set(self, name: str, value: str) -> None:
        """Change a setting of the running server; one that needs a restart counts after it."""
        self.execute(f"ALTER SYSTEM SET {name} = '{value}'", database="postgres")
        self.execute("SELECT pg_reload_conf()", database="postgres")

    def rename_database(self, name: str, new_name: str) -> None:
        """Give a database another name; its sessions are ended first."""
        self.terminate_backends(f"datname = '{name}'")
        self.execute(f"ALTER DATABASE {name} RENAME TO {new_name}", database="postgres")

    def execute(self, sql: str, database: str = DATABASE) -> None:
        """Run a statement as the owner, on a connection of its own."""
        execute(self.url(database), sql)

    def column(self, sql: str, database: str = DATABASE) -> list[Any]:
        """The first column of a query's rows."""
        return column(self.url(database), sql)

    def run(self, programme: str, *words: str) -> None:
        """Run one of PostgreSQL's programmes under the server's account."""
        done = subprocess.run(  # noqa: S603  PostgreSQL's own programme
            [str(binaries() / programme), *words],
            check=False,
            cwd="/",
            env=supervisor.ENVIRONMENT,
            capture_output=True,
            text=True,
            **as_account(),
        )
        assert done.returncode == 0, done.stderr

    def processes(self) -> list[psutil.Process]:
        """The processes of this server."""
        return supervisor.processes_of(self.cluster)

    def remove(self) -> None:
        """End it and delete its cluster."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._log.unlink(missing_ok=True)

    def _reap(self) -> None:
        if self.postmaster is not None:
            self.postmaster.wait(WAIT_S)
            self.postmaster = None

    @staticmethod
    def _signal(number: signal.Signals, processes: list[psutil.Process]) -> None:
        for process in processes:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue


def binaries() -> Path:
    """The folder of PostgreSQL's programmes, where the server's account may run them."""
    given = os.environ.get("PGBIN")
    if given:
        return Path(given)
    return placement.reachable_binaries(
        placement.wheel_binaries(), ROOT_HOME, placement.server_account()
    )


def own(path: Path) -> None:
    """Give a file to the server's account."""
    account = placement.server_account()
    if account is not None:
        os.chown(path, account.uid, account.gid)


def as_account() -> dict[str, Any]:
    """How a process is started under the server's account."""
    account = placement.server_account()
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def private_folder() -> Path:
    """A new folder that only the server's account may enter."""
    path = Path(tempfile.gettempdir()) / f"giaoviec-faults-{secrets.token_hex(6)}"
    return placement.private_folder(path, placement.server_account())


@contextmanager
def postgres_server(**settings: str) -> Iterator[PostgresServer]:
    """A running server with a new cluster; removed afterwards."""
    server = PostgresServer(private_folder(), settings, secrets.token_hex(16))
    try:
        server.initialise()
        yield server
    finally:
        server.remove()


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[PostgresServer]:
    """A running hot standby of the server, which replays what it records; removed afterwards."""
    standby = PostgresServer(private_folder(), {}, primary.password)
    try:
        primary.run(
            *("pg_basebackup", "-d", primary.url("postgres"), "-D", str(standby.cluster)),
            *("--write-recovery-conf", "--checkpoint", "fast", "--no-sync"),
        )
        standby.start()
        yield standby
    finally:
        standby.remove()


def copied(server: PostgresServer, template: str, name: str) -> str:
    """The URL of a new database, a copy of that one."""
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}", database="postgres")
    return with_database(server.url(), name)


def wait_for(condition: Callable[[], bool], what: str, seconds: float = WAIT_S) -> float:
    """Wait until the condition holds, and return how many seconds that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def in_thread(work: Callable[[], Any]) -> Any:
    """Run a coroutine on a loop of its own, also where a loop is running already."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(lambda: asyncio.run(work())).result()


def execute(url: str, sql: str) -> None:
    """Run a statement on a connection of its own."""
    in_thread(lambda: _on_connection(url, lambda connection: connection.execute(sql)))


def column(url: str, sql: str) -> list[Any]:
    """The first column of a query's rows."""
    rows = in_thread(lambda: _on_connection(url, lambda connection: connection.fetch(sql)))
    return [row[0] for row in rows]


def answers(url: str) -> bool:
    """Whether a connection is taken there now."""
    try:
        execute(url, "SELECT")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


async def _on_connection(url: str, work: Callable[[Connection], Awaitable[Any]]) -> Any:
    """Do the work on a connection of its own, within a bounded time."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
    try:
        return await work(connection)
    finally:
        connection.terminate()
