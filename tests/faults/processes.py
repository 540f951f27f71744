"""A service process as a user starts it: `python -m service serve`, on loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.faults.postgres import wait_for
from tests.giaoviec import ROOT, START_S, free_port

MASTER_KEY = b64encode(bytes(32)).decode()


class ServiceProcess:
    """A process that serves one database. It writes its log as JSON into a file.

    Args:
        folder: for its log.
        database_url: of its database; None lets it use the embedded one.
        settings: of its environment.
    """

    def __init__(self, folder: Path, database_url: str | None, settings: dict[str, str]) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.operations_port = free_port()
        self.operations = f"http://127.0.0.1:{self.operations_port}"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GIAOVIEC_", "DATABASE_"))},
            "PYTHONPATH": str(ROOT),
            "GIAOVIEC_DATA_DIR": str(folder / "data"),
            "GIAOVIEC_EMBEDDED_FSYNC": "false",
            "GIAOVIEC_LOG_FORMAT": "json",
            "GIAOVIEC_PORT": str(self.port),
            "GIAOVIEC_OPERATIONS_PORT": str(self.operations_port),
            **settings,
        }
        if database_url is not None:
            self.environment |= {"DATABASE_URL": database_url, "GIAOVIEC_MASTER_KEY": MASTER_KEY}
        self._log = folder / f"service-{self.port}.log"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "service", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=output,
            )

    def start(self) -> None:
        """Start it again with the same settings. It is not ready at once."""
        self.process = self._start()

    def restart(self) -> float:
        """Start it again with the same settings. Return the seconds until it is ready."""
        self.start()
        return self.wait_ready()

    def wait_ready(self, seconds: float = START_S) -> float:
        """Wait until `/readyz` answers 200. Return how many seconds that took."""

        def ready() -> bool:
            assert self.process.poll() is None, self.text[-4000:]
            return self.ready()[0] == httpx.codes.OK

        return wait_for(ready, f"the service is ready: {self.text[-4000:]}", seconds)

    def ready(self) -> tuple[int, Any]:
        """Status of `/readyz` and body of its details; 0 where nothing answers."""
        status, details = self.get("/readyz/details", at=self.operations)
        if status == httpx.codes.OK and details["status"] == "not_ready":
            status = httpx.codes.SERVICE_UNAVAILABLE
        return status, details

    def get(self, path: str, token: str = "", at: str = "") -> tuple[int, Any]:
        """Status and body of a GET, at the service's address if left out; 0 if nothing answers."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            reply = httpx.get(f"{at or self.address}{path}", headers=headers, timeout=60)
        except httpx.TransportError:
            return 0, None
        is_json = reply.headers.get("Content-Type", "").split(";")[0].endswith("json")
        return reply.status_code, reply.json() if is_json else reply.text

    def metric(self, name: str) -> float:
        """The sum of a metric's series."""
        _, text = self.get("/metrics", at=self.operations)
        lines = [line for line in text.splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
        assert lines, f"no metric {name}"
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    @property
    def text(self) -> str:
        """All that it wrote to standard error."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def lines(self, event: str = "", level: str = "") -> list[dict[str, Any]]:
        """Its log lines, those of this event and of this level where one is given."""
        parsed = [json.loads(line) for line in self.text.splitlines() if line.startswith("{")]
        return [
            line
            for line in parsed
            if event in {"", line.get("event")} and level in {"", line.get("level")}
        ]

    def kill(self) -> None:
        """End it at once (kill -9)."""
        self.process.kill()
        self.process.wait()

    def terminate(self, seconds: float = 120) -> float:
        """Ask it to end (SIGTERM). Return how many seconds that took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(seconds)
        return time.monotonic() - began

    def freeze(self) -> None:
        """Stop it (SIGSTOP), as a host that hangs."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after `freeze`."""
        self.process.send_signal(signal.SIGCONT)

    @property
    def memory_bytes(self) -> int:
        """What it has in memory (rss)."""
        memory: int = psutil.Process(self.process.pid).memory_info().rss
        return memory


@contextmanager
def service_process(
    folder: Path, database_url: str | None, **settings: str
) -> Iterator[ServiceProcess]:
    """A ready service; killed afterwards if it still runs.

    Args:
        folder: for its log and its data.
        database_url: of its database; None lets it use the embedded one.
        settings: of its environment, such as `GIAOVIEC_POOL_SIZE="2"`.
    """
    service = ServiceProcess(folder, database_url, settings)
    try:
        service.wait_ready()
        yield service
    finally:
        service.kill()
