"""Watch: how long `/healthz` is away while a service is attacked, and what memory that takes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
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
        away_s: the longest that the service computed before it answered `/healthz`.
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

    def look() -> None:
        with httpx.Client(timeout=120) as client:
            while not done.is_set():
                began, worked = time.monotonic(), computed()
                assert client.get(f"{service.address}/healthz").is_success
                watch.held_up_s = max(watch.held_up_s, time.monotonic() - began)
                watch.away_s = max(watch.away_s, computed() - worked)
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
