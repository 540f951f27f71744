"""Three PostgreSQL nodes under Patroni, with etcd, on loopback: as an operator would set them up.

Patroni and etcd are Debian's packages, which `make faults` installs where it may. A commit is
acknowledged once a second node has it (`synchronous_mode_strict`).
"""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil

from service.database import supervisor
from tests.faults.postgres import (
    DATABASE,
    OWNER,
    answers,
    as_account,
    binaries,
    column,
    execute,
    own,
    private_folder,
    wait_for,
)
from tests.giaoviec import free_port

NODES = 3
LONG_S = 180
PROGRAMMES = ("etcd", "patroni")
# A leader that is silent for the first of these seconds has lost its place.
SETTINGS = {"ttl": 10, "loop_wait": 1, "retry_timeout": 3, "maximum_lag_on_failover": 1_048_576}


def missing() -> str:
    """Why there can be no such cluster here; empty if there can."""
    absent = [programme for programme in PROGRAMMES if shutil.which(programme) is None]
    return f"not installed: {', '.join(absent)} (Debian's etcd-server, patroni)" if absent else ""


class Node:
    """A PostgreSQL server and the Patroni that keeps it.

    Args:
        name: of the node.
        folder: that its account may enter.
        etcd: port of etcd.
        password: of the owner, who also replicates.
    """

    def __init__(self, name: str, folder: Path, etcd: int, password: str) -> None:
        self.name = name
        self.port, self.api = free_port(), free_port()
        self.cluster = folder / name
        self._config = folder / f"{name}.json"  # JSON is YAML
        self._log = folder.with_name(f"{folder.name}-{name}.log")
        self._patroni: subprocess.Popen[bytes] | None = None
        logins = {"username": OWNER, "password": password}
        document = {
            "scope": "giaoviec",
            "name": name,
            "restapi": at_port(self.api),
            "etcd3": {"host": f"127.0.0.1:{etcd}"},
            "bootstrap": {
                "dcs": {
                    **SETTINGS,
                    "synchronous_mode": True,
                    "synchronous_mode_strict": True,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True},
                },
                "initdb": [{"encoding": "UTF8"}, "no-locale", "data-checksums"],
            },
            "postgresql": {
                **at_port(self.port),
                "data_dir": str(self.cluster),
                "bin_dir": str(binaries()),
                "pgpass": str(folder / f"{name}.pgpass"),
                "authentication": dict.fromkeys(("superuser", "replication", "rewind"), logins),
                "pg_hba": [
                    f"host {name} all 127.0.0.1/32 scram-sha-256" for name in ("all", "replication")
                ],
                "parameters": {
                    "unix_socket_directories": "",
                    "shared_buffers": "64MB",
                    "wal_log_hints": "on",
                    "timezone": "UTC",
                },
            },
        }
        self._config.touch(mode=0o600)
        self._config.write_text(json.dumps(document), encoding="utf-8")
        own(self._config)

    @property
    def log(self) -> str:
        """What Patroni and the server have written."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start Patroni, which starts the server or joins the others."""
        with self._log.open("ab") as output:
            self._patroni = subprocess.Popen(  # noqa: S603  Patroni, with our file
                [str(shutil.which("patroni")), str(self._config)],
                cwd="/",
                env={**supervisor.ENVIRONMENT, "PATH": os.environ["PATH"]},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **as_account(),
            )

    def kill(self) -> None:
        """Kill Patroni and every process of the server (kill -9), as a host that dies."""
        if self._patroni is not None:
            self._patroni.kill()
            self._patroni.wait()
            self._patroni = None
        for process in supervisor.processes_of(self.cluster):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue

    def members(self) -> list[dict[str, Any]]:
        """What this node knows of the cluster; nothing where it does not answer."""
        try:
            reply = httpx.get(f"http://127.0.0.1:{self.api}/cluster", timeout=5)
            members: list[dict[str, Any]] = reply.json()["members"]
        except (httpx.TransportError, ValueError, KeyError):
            return []
        return members

    def remove(self) -> None:
        self.kill()
        self._log.unlink(missing_ok=True)


class PatroniCluster:
    """Three nodes, of which one leads and one has every commit that was acknowledged."""

    def __init__(self, folder: Path, etcd: int) -> None:
        self._password = secrets.token_hex(16)
        self.nodes = [
            Node(f"node{number}", folder, etcd, self._password) for number in range(1, NODES + 1)
        ]

    def url(self, database: str = DATABASE) -> str:
        """For the service: all nodes; it takes the one that may write."""
        return f"{self._url(self.nodes, database)}?target_session_attrs=read-write"

    def _url(self, nodes: Sequence[Node], database: str) -> str:
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in nodes)
        return f"postgresql://{OWNER}:{self._password}@{hosts}/{database}"

    def start(self) -> None:
        """Start every node, and make the database, which all of them must have."""
        for node in self.nodes:
            node.start()
        self.wait_whole()
        execute(self.url("postgres"), f"CREATE DATABASE {DATABASE}")
        for node in self.nodes:
            url = self._url([node], DATABASE)
            wait_for(partial(answers, url), f"{node.name} has the database")

    def column(self, sql: str, database: str = DATABASE) -> list[Any]:
        """The first column of a query's rows, from the leader once there is one."""
        url = self.url(database)
        wait_for(partial(answers, url), "a node may write", LONG_S)
        return column(url, sql)

    @property
    def leader(self) -> Node:
        """The node that leads, as the nodes themselves say."""
        found: list[Node] = []

        def leads() -> bool:
            found[:] = [node for node in self.nodes if _role(node) == "leader"]
            return len(found) == 1

        wait_for(leads, "one node leads", LONG_S)
        return found[0]

    def wait_whole(self) -> float:
        """Wait until every node follows and one of them synchronously. Return the seconds."""
        return wait_for(self._is_whole, f"every node follows: {self._logs()}", LONG_S)

    def _is_whole(self) -> bool:
        for node in self.nodes:
            members = node.members()
            roles = sorted(member["role"] for member in members)
            if roles != ["leader", "replica", "sync_standby"]:
                return False
            if {member["state"] for member in members} - {"running", "streaming"}:
                return False
        return True

    def _logs(self) -> str:
        return "\n".join(node.log[-1500:] for node in self.nodes)

    def remove(self) -> None:
        for node in self.nodes:
            node.remove()


def _role(node: Node) -> str:
    roles = [one["role"] for one in node.members() if one["name"] == node.name]
    return roles[0] if roles else ""


def at_port(port: int) -> dict[str, str]:
    return dict.fromkeys(("listen", "connect_address"), f"127.0.0.1:{port}")


@contextmanager
def etcd(folder: Path) -> Iterator[int]:
    """A running etcd of one member. Its port."""
    client, peer = free_port(), free_port()
    log = folder.with_name(f"{folder.name}-etcd.log")
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  etcd, with our words
            [
                *(str(shutil.which("etcd")), "--data-dir", str(folder / "etcd")),
                *("--listen-client-urls", f"http://127.0.0.1:{client}"),
                *("--advertise-client-urls", f"http://127.0.0.1:{client}"),
                *("--listen-peer-urls", f"http://127.0.0.1:{peer}"),
                *("--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}"),
                *("--initial-cluster", f"default=http://127.0.0.1:{peer}"),
            ],
            cwd="/",
            env=supervisor.ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            **as_account(),
        )
    try:
        yield client
    finally:
        process.kill()
        process.wait()
        log.unlink()


@contextmanager
def patroni_cluster() -> Iterator[PatroniCluster]:
    """A running cluster with an empty database; removed afterwards."""
    folder = private_folder()
    with etcd(folder) as port:
        cluster = PatroniCluster(folder, port)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.remove()
            shutil.rmtree(folder, ignore_errors=True)
