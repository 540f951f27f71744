"""The embedded PostgreSQL: a server of the service's own, for trial and tests."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from service.database import placement, supervisor
from service.database.logins import EMBEDDED_LOGIN
from service.settings import Misconfigured

OWNER = "giaoviec"
DATABASE = "giaoviec"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # of 104 to 108 bytes, depending on the system
START_S = 120
LOG_BYTES = 8 * 2**20
READY_LINE = 8  # of postmaster.pid
CONNECTIONS = 200

# Two cores, next to the service itself.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
NO_FSYNC = {"fsync": "off", "full_page_writes": "off"}


class EmbeddedServerFailed(Misconfigured):
    """The embedded PostgreSQL did not start; the message ends with the server's own output."""


class ServerInUse(Exception):
    """The data are not removed while another process uses the server."""


class EmbeddedPostgres:
    """A server per data folder. Processes share it; it stops when the last of them leaves.

    It listens on a Unix socket in a private folder and authenticates by peer, so there is no port
    and no password. All calls block: use a thread from async code.

    Args:
        data_dir: the service's data folder; created if it does not exist.
        fsync: whether the server waits for the disk. The first process that starts it decides.
        binaries: the folder of `postgres` and `initdb`; by default the wheel's.
        root_home: the folder of servers that root starts, and of their data.
        connections: how many the server takes at once. The first process decides, as above.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        fsync: bool = True,
        binaries: Path | None = None,
        root_home: Path = placement.ROOT_HOME,
        connections: int = CONNECTIONS,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._fsync = fsync
        self._binaries = binaries
        self._root_home = root_home
        self._connections = connections
        self._account = placement.server_account()
        self._home: Path | None = None
        self._users_lock: int | None = None
        self._is_new = False

    def start(self) -> str:
        """Start the server or join the running one. Return its URL, `postgresql://…`.

        Raises:
            Misconfigured: the server cannot run here; the message says why.
        """
        if self.started:
            raise RuntimeError("already started")
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _exclusively(self._data_dir / "postgresql.lock"):
            home = placement.home_of(self._data_dir, self._root_home, self._account)
            self._home = home
            self._users_lock = _lock_file(home / "users", fcntl.LOCK_SH)
            try:
                self._run(home)
            except BaseException:
                self._release()
                raise
        return self.url

    def restart(self) -> None:
        """Start the server again, for the processes that use it, if its supervisor has ended.

        Raises:
            EmbeddedServerFailed: it does not start.
            OSError: its folder is gone, or its leftovers do not end.
        """
        with _exclusively(self._data_dir / "postgresql.lock"):
            self._run(self.home)

    @property
    def is_supervised(self) -> bool:
        """Whether the supervisor runs, which starts a crashed server again."""
        return _supervisor_runs(self.home)

    @property
    def is_new(self) -> bool:
        """Whether this object created the cluster."""
        return self._is_new

    @property
    def started(self) -> bool:
        """Whether this object uses the server."""
        return self._users_lock is not None

    @property
    def home(self) -> Path:
        """The folder of the cluster, its socket and its log. It is known once started."""
        if self._home is None:
            raise RuntimeError("not started")
        return self._home

    @property
    def url(self) -> str:
        """The server's URL, for its owner, who is a superuser."""
        return self._url_of(OWNER)

    @property
    def service_url(self) -> str:
        """The server's URL, for the service, whose login migration makes."""
        return self._url_of(EMBEDDED_LOGIN)

    def stop(self) -> bool:
        """Leave the server. Return whether it has stopped, because no other process uses it."""
        home = self.home
        self._release()
        probe = os.open(home / "users", os.O_RDWR)
        try:
            while _supervisor_runs(home):
                if _try_lock(probe, fcntl.LOCK_EX):
                    fcntl.flock(probe, fcntl.LOCK_UN)  # unused; the supervisor stops it
                elif _try_lock(probe, fcntl.LOCK_SH):
                    return False
                time.sleep(supervisor.POLL_S / 4)
        finally:
            os.close(probe)
        return True

    def remove(self) -> None:
        """Delete the stopped server's data.

        Raises:
            ServerInUse: another process uses the server.
        """
        with _exclusively(self._data_dir / "postgresql.lock"):
            home = placement.home_of(self._data_dir, self._root_home, self._account)
            if _supervisor_runs(home):
                raise ServerInUse(str(self._data_dir))
            shutil.rmtree(self._socket_folder(home), ignore_errors=True)
            placement.forget_home(self._data_dir, home)

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _url_of(self, login: str) -> str:
        folder = self._socket_folder(self.home)
        return f"postgresql://{login}@/{DATABASE}?host={quote(str(folder), safe='/')}"

    def _release(self) -> None:
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def _run(self, home: Path) -> None:
        """Let a supervisor run the server, and wait until the server answers."""
        lock = os.open(home / "keeper", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _try_lock(lock, fcntl.LOCK_EX):
                supervisor.remove_leftovers(home / "cluster", self._socket_folder(home) / SOCKET)
                self._start_supervisor(home, lock)
        finally:
            os.close(lock)
        deadline = time.monotonic() + START_S
        while not self.ready():
            if not _supervisor_runs(home):
                raise EmbeddedServerFailed(f"PostgreSQL does not start. {_log_tail(home)}")
            if time.monotonic() > deadline:
                raise EmbeddedServerFailed(f"PostgreSQL is not ready yet. {_log_tail(home)}")
            time.sleep(0.02)

    def _start_supervisor(self, home: Path, lock: int) -> None:
        """Start the supervisor. It inherits the lock on its file and holds it until it ends."""
        binaries = placement.reachable_binaries(
            self._binaries or placement.wheel_binaries(), self._root_home, self._account
        )
        cluster = home / "cluster"
        if not cluster.exists():
            self._make_cluster(binaries, home)
        _require_same_version(binaries, cluster)
        own = placement.own_account()
        (home / "hba.conf").write_text("local all all peer map=own\n", encoding="utf-8")
        logins = "".join(f'own "{own.name}" {login}\n' for login in (OWNER, EMBEDDED_LOGIN))
        (home / "ident.conf").write_text(logins, encoding="utf-8")
        account = self._account
        spec = {
            "command": self._command(binaries, home),
            "cluster": str(cluster),
            "socket": str(self._socket_folder(home) / SOCKET),
            "users": str(home / "users"),
            "uid": None if account is None else account.uid,
            "gid": None if account is None else account.gid,
        }
        with _log_file(home) as output:
            subprocess.run(  # noqa: S603  our own programme
                [sys.executable, "-P", supervisor.__file__, json.dumps(spec)],
                check=True,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[lock],
            )

    def _command(self, binaries: Path, home: Path) -> list[str]:
        socket_folder = placement.private_folder(self._socket_folder(home), self._account)
        settings = {
            **SERVER_SETTINGS,
            "max_connections": str(self._connections),
            **({} if self._fsync else NO_FSYNC),
            "hba_file": str(home / "hba.conf"),
            "ident_file": str(home / "ident.conf"),
            "unix_socket_directories": '"{}"'.format(str(socket_folder).replace('"', '""')),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(binaries / "postgres"), "-D", str(home / "cluster"), *options]

    def _make_cluster(self, binaries: Path, home: Path) -> None:
        """Create the cluster and its database beside its place and move it there.

        It is complete or absent.
        """
        unfinished = home / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        placement.private_folder(unfinished, self._account)
        completed = self._run_programme(
            *(str(binaries / "initdb"), "-D", str(unfinished), "--username", OWNER),
            *("--encoding", "UTF8", "--no-locale", "--data-checksums", "--no-instructions"),
            *("--auth", "peer", *([] if self._fsync else ["--no-sync"])),
        )
        if completed.returncode != 0:
            raise EmbeddedServerFailed(f"initdb failed. {completed.stderr.strip()}")
        completed = self._run_programme(
            *(str(binaries / "postgres"), "--single", "-F", "-D", str(unfinished), "postgres"),
            text=f"CREATE DATABASE {DATABASE}\n",
        )
        if completed.returncode != 0 or "ERROR" in completed.stderr:
            raise EmbeddedServerFailed(f"the database was not made. {completed.stderr.strip()}")
        unfinished.rename(home / "cluster")
        self._is_new = True

    def _run_programme(self, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a programme of PostgreSQL's as the server's account, with the text as its input."""
        account = self._account
        return subprocess.run(  # noqa: S603  PostgreSQL's own programme
            command,
            check=False,
            cwd="/",
            env=supervisor.ENVIRONMENT,
            input=text,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            capture_output=True,
            text=True,
        )

    def _socket_folder(self, home: Path) -> Path:
        """Return a folder beside the cluster; a temporary one if that path is too long."""
        beside = home / "socket"
        if len(os.fsencode(beside / SOCKET)) <= LONGEST_SOCKET_PATH:
            return beside
        digest = sha256(os.fsencode(home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"giaoviec-{os.geteuid()}-{digest}"

    def ready(self) -> bool:
        """Whether the server takes connections now."""
        home = self.home
        try:
            state = (home / "cluster" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        if len(state) < READY_LINE or state[READY_LINE - 1].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as caller:
            return caller.connect_ex(str(self._socket_folder(home) / SOCKET)) == 0


def _require_same_version(binaries: Path, cluster: Path) -> None:
    version = subprocess.run(  # noqa: S603  PostgreSQL's own programme
        [str(binaries / "postgres"), "--version"], check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    made_by = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    if version.split(".")[0] != made_by:
        raise Misconfigured(
            f"{cluster} was made by PostgreSQL {made_by}, this is {version}: dump it with the old "
            "programme (pg_dump) and restore it into a new data folder."
        )


def _lock_file(path: Path, operation: int) -> int:
    """Wait for the lock. Return a descriptor that holds it until closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, operation)
    return descriptor


def _try_lock(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _exclusively(path: Path) -> Iterator[None]:
    descriptor = _lock_file(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _supervisor_runs(home: Path) -> bool:
    probe = os.open(home / "keeper", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        return not _try_lock(probe, fcntl.LOCK_SH)
    finally:
        os.close(probe)


@contextmanager
def _log_file(home: Path) -> Iterator[int]:
    """Open the server's log for appending. A large log is rotated; one older file stays."""
    path = home / "server.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(home / "server.log.1")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _log_tail(home: Path) -> str:
    path = home / "server.log"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    return "\n".join([f"The end of {path}:", *lines[-8:]])
