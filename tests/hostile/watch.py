"""Watch: how long `/healthz` is away while a service is attacked, and what memory that takes."""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection

import psutil

from tests.faults.processes import ServiceProcess

MIB = 2**20
PAUSE_S = 0.02
AWAY_S = 1.0
# Other work of the machine may hold up a process that does nothing; for so long it does not.
HELD_UP_S = 30.0


@dataclass
class Watch:
    """What was seen meanwhile.

    Attributes:
        away_s: the longest that the service is known to have computed before it answered
            `/healthz`. What it computed while a busy machine held us up does not count.
        held_up_s: the longest that the answer took in all, whatever else the machine did.
        grown_bytes: how much more memory than before the service and its children had at most.
    """

    away_s: float = 0.0
    held_up_s: float = 0.0
    grown_bytes: int = 0


@contextmanager
def watched(service: ServiceProcess, *, memory_mib: int, away_s: float = AWAY_S) -> Iterator[Watch]:
    """Watch the service while the context lasts; then require the bounds."""
    watch, done = Watch(), threading.Event()
    before = _memory(service)
    process = psutil.Process(service.process.pid)

    def computed() -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    def ask(client: HTTPConnection) -> float:
        """Ask once; how much was computed before a moment at which there was no answer yet."""
        client.request("GET", "/healthz")
        began = now = computed()
        last = began
        while not _is_readable(client):
            last = now
            _is_readable(client, PAUSE_S)
            now = computed()
        with client.getresponse() as reply:
            assert reply.status == HTTPStatus.OK
            reply.read()
        return last - began

    def look() -> None:
        with closing(HTTPConnection("127.0.0.1", service.port, timeout=120)) as client:
            while not done.is_set():
                began = time.monotonic()
                watch.away_s = max(watch.away_s, ask(client))
                watch.held_up_s = max(watch.held_up_s, time.monotonic() - began)
                watch.grown_bytes = max(watch.grown_bytes, _memory(service) - before)
                done.wait(PAUSE_S)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield watch
    finally:
        done.set()
        looking.join()
    assert watch.away_s < away_s, watch
    assert watch.held_up_s < HELD_UP_S, watch
    assert watch.grown_bytes < memory_mib * MIB, watch


def _is_readable(client: HTTPConnection, seconds: float = 0.0) -> bool:
    """Whether its answer begins within the time."""
    asked = select.poll()
    asked.register(client.sock, select.POLLIN)
    return bool(asked.poll(seconds * 1000))


def _memory(service: ServiceProcess) -> int:
    """What the process and its children have in memory (rss)."""
    own = psutil.Process(service.process.pid)
    total = 0
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
