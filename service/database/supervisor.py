"""Supervisor: the process that runs the embedded PostgreSQL while other processes use it.

Every process that uses the server holds a shared lock on the users' file. The kernel releases the
lock of a killed process. So the server stops after its last user however that user ends, restarts
if it crashes while in use, and never runs twice. `embedded.py` starts the supervisor as a
programme:

    python -P supervisor.py '{"command": […], "cluster": "…", "socket": "…", "users": "…", …}'
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

POLL_S = 0.1
FAST_SHUTDOWN_S = 60
CRASHES_IN_A_ROW = 5
STABLE_S = 30
PR_SET_PDEATHSIG = 1
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """The server to run.

    Attributes:
        command: the server's command line.
        cluster: its data folder.
        socket: its socket.
        users: the file on which every process that uses the server holds a shared lock.
        uid: the account that runs the server if the supervisor is root.
        gid: that account's group.
    """

    command: Sequence[str]
    cluster: Path
    socket: Path
    users: Path
    uid: int | None
    gid: int | None


def main(spec: ServerSpec) -> int:
    """Run the server until it is unused or cannot run. Return the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    users = os.open(spec.users, os.O_RDONLY)
    server: subprocess.Popen[bytes] | None = None
    crashes, began = 0, 0.0
    try:
        while not _is_unused(users):
            if server is None:
                remove_leftovers(spec.cluster, spec.socket)
                server, began = _start(spec), time.monotonic()
            elif server.poll() is not None:
                crashes = 1 if time.monotonic() - began > STABLE_S else crashes + 1
                if crashes == CRASHES_IN_A_ROW:
                    return 1
                server = None
            time.sleep(POLL_S)
    finally:
        if server is not None and server.poll() is None:
            _stop(psutil.Process(server.pid))
    return 0


def remove_leftovers(cluster: Path, socket: Path) -> None:
    """Stop what a killed supervisor or server left running, and remove its stale lock files.

    PostgreSQL trusts the process id in `postmaster.pid` and in the socket's lock file. A truncated
    id, or one that now belongs to a zombie or another programme, would prevent the start. This
    function recognises the server's processes by their working folder instead. All must have ended
    before the files are removed: two servers on one folder would destroy it.
    """
    deadline = time.monotonic() + FAST_SHUTDOWN_S
    while living := processes_of(cluster):
        numbers = {process.pid for process in living}
        for process in living:
            if _parent(process) not in numbers:
                _stop(process)
        if time.monotonic() > deadline:
            raise TimeoutError(f"processes {numbers} of {cluster} do not end")
        time.sleep(POLL_S)
    for stale in (cluster / "postmaster.pid", socket.with_name(f"{socket.name}.lock")):
        stale.unlink(missing_ok=True)


def processes_of(cluster: Path) -> list[psutil.Process]:
    """Return the processes of the server on this folder, zombies excluded."""
    folder = str(cluster.resolve())
    processes = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and process.cwd() == folder:
                processes.append(process)
        except psutil.Error:
            continue  # the process ended, is a zombie, or belongs to another account
    return processes


def _is_unused(users: int) -> bool:
    """Return whether the last user has left. If so, new users wait until this process ends."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(spec: ServerSpec) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  the command is built by embedded.py
        spec.command,
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        user=spec.uid,
        group=spec.gid,
        extra_groups=None if spec.uid is None else [],
        preexec_fn=_end_with_supervisor,  # noqa: PLW1509  the supervisor has one thread
    )


def _end_with_supervisor() -> None:
    """On Linux, end the server if its supervisor is killed. Elsewhere the next start ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _stop(server: psutil.Process) -> None:
    """Shut down fast, by force if needed. Crash recovery repairs what a forced stop leaves."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            server.send_signal(number)
            server.wait(FAST_SHUTDOWN_S)
        except psutil.TimeoutExpired:
            continue
        except psutil.Error:
            return
        return


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.Error:
        return None


if __name__ == "__main__":
    arguments = json.loads(sys.argv[1])
    paths = {name: Path(arguments[name]) for name in ("cluster", "socket", "users")}
    spec = ServerSpec(arguments["command"], **paths, uid=arguments["uid"], gid=arguments["gid"])
    if os.fork():
        os._exit(0)  # the process that starts a supervisor does not wait for it
    os.setsid()  # and its Ctrl-C does not reach the server
    sys.exit(main(spec))
