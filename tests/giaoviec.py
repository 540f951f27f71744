"""The command line as a user has it: its own process, on a set-up of its own."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
START_S = 180
# A demo loads thousands of rows; on a slow machine that is busy it takes minutes.
RUN_S = 900
# Those from 32,768 on are given to whoever asks for any.
CHOSEN_PORTS = (10_000, 32_768)


class Giaoviec:
    """The command line on one set-up: a data folder, and a database unless it is embedded."""

    def __init__(self, data_dir: Path, database_url: str | None = None) -> None:
        self.data_dir = data_dir
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "GIAOVIEC_DATA_DIR": str(data_dir),
            "GIAOVIEC_EMBEDDED_FSYNC": "false",
            "GIAOVIEC_PORT": "0",
            # What a day brings by itself is tested where it is meant.
            "GIAOVIEC_MISSED_REPORT_DAYS": "0",
            "GIAOVIEC_FAILED_AUTHENTICATIONS": "1000000",
            "GIAOVIEC_REQUEST_SECONDS": "60",
            "GIAOVIEC_READ_WAIT_SECONDS": "60",
            "PYTHONPATH": str(ROOT),
        }
        if database_url is not None:
            self.environment["DATABASE_URL"] = database_url
            self.environment["GIAOVIEC_MASTER_KEY"] = b64encode(bytes(32)).decode()

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  our own programme
            [sys.executable, "-m", "service", *words],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=RUN_S)
        return process.returncode, out, err

    def done(self, *words: str) -> str:
        """Standard output of a command that succeeds."""
        code, out, err = self.run(*words)
        assert code == 0, err
        return out

    def figures(self) -> dict[str, Any]:
        """What `demo --once --json` prints."""
        found: dict[str, Any] = json.loads(self.done("demo", "--once", "--json"))
        return found

    def new_token(self, name: str, *units: str) -> str:
        """A new token of an office that stands for these units, or for every one."""
        named = [word for unit in units or ("*",) for word in ("--unit", unit)]
        return self.done("token", "create", name, "--role", "authority", *named).strip()

    def token(self, client: str) -> str:
        """A token of the sample's own clients."""
        path = self.data_dir / "demo" / f"{client}.token"
        return path.read_text(encoding="ascii").strip()


class Served:
    """The command line's service, answering at an address."""

    def __init__(self, giaoviec: Giaoviec) -> None:
        self.giaoviec = giaoviec
        self._clients: list[httpx.Client] = []
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.process = giaoviec.start("serve", GIAOVIEC_PORT=str(port))
        wait_until_ready(self.address, self.process)

    def client(self, token: str, language: str = "en") -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        client = httpx.Client(base_url=self.address, headers=headers, timeout=60)
        self._clients.append(client)
        return client

    def stop(self) -> tuple[int, str]:
        """End it as an operator does; exit code and standard error."""
        for client in self._clients:
            client.close()
        self.process.terminate()
        _, err = self.process.communicate(timeout=START_S)
        return self.process.returncode, err


def free_port() -> int:
    """A port that nobody has, and that the system gives to nobody who asks for any.

    Else another test could be given it before it is used.
    """
    while True:
        port = random.SystemRandom().randrange(*CHOSEN_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def wait_until_ready(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.05)
    process.kill()
    raise AssertionError(process.communicate()[1])
