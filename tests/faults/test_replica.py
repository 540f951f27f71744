"""The replica: a hot standby answers reads, says where it stands, and is waited for when asked."""

import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from tests.faults.conftest import Serve, Site, prepared, token_of_operator
from tests.faults.postgres import DATABASE, PostgresServer, answers, copied, standby_of, wait_for
from tests.faults.processes import ServiceProcess, service_process
from tests.giaoviec import ROOT

WAIT_S = 2


@dataclass
class Replicated:
    """A service that reads from a standby of its database."""

    site: Site
    standby: PostgresServer
    client: httpx.Client
    service: ServiceProcess

    def register(self) -> int:
        """Record something new. Its position."""
        reply = self.client.post(
            "/officials/register",
            json={
                "official_id": f"o-{uuid4().hex}",
                "full_name": "Cán bộ 017",
                "effective_on": "2021-01-04",
            },
        )
        assert reply.status_code == 201, reply.text
        position: int = reply.json()["position"]
        return position

    def get(self, path: str, **params: object) -> httpx.Response:
        return self.client.get(path, params={key: str(value) for key, value in params.items()})

    def replay(self, verb: str) -> None:
        """Let the standby `pause` or `resume` its replay."""
        self.standby.execute(f"SELECT pg_wal_replay_{verb}()", database="postgres")

    def folded(self) -> int:
        """Where the read models of the database itself stand."""
        [position] = self.site.server.column(
            "SELECT min(position) FROM read.positions "  # noqa: S608  a test's own ledger
            f"WHERE ledger = '{self.site.ledger}'",
            self.site.database,
        )
        return int(position)

    def caught_up(self, position: int) -> bool:
        """Whether the standby answers from that position on."""
        return self.stands_at("/officials") >= position

    def degraded(self) -> list[str]:
        """What `/readyz` says of a service that goes on answering."""
        status, body = self.service.ready()
        assert status == 200, body
        return list(body["faults"])

    def doctor(self) -> dict[str, str]:
        """What `giaoviec doctor` finds of the replica."""
        findings = subprocess.run(
            [sys.executable, "-m", "service", "doctor", "--json"],
            cwd=ROOT,
            env={**self.service.environment, "GIAOVIEC_PORT": "0"},
            capture_output=True,
            check=False,
        )
        [found] = [one for one in json.loads(findings.stdout) if one["check"] == "replica"]
        return dict(found)

    def stands_at(self, path: str) -> int:
        reply = self.get(path)
        assert reply.status_code == 200, reply.text
        return int(reply.headers["Giaoviec-Position"])


@pytest.fixture(scope="module")
def whole(
    cluster: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicated]:
    with standby_of(cluster) as standby:
        database = f"replica_{secrets.token_hex(6)}"
        site = prepared(cluster, copied(cluster, DATABASE, database))
        replica_url = standby.url(database)
        wait_for(lambda: answers(replica_url), "the standby has the database")
        with (
            service_process(
                tmp_path_factory.mktemp("replica"),
                site.url,
                GIAOVIEC_REPLICA_URL=replica_url,
                GIAOVIEC_READ_WAIT_SECONDS=str(WAIT_S),
                GIAOVIEC_STANDSTILL_SECONDS=str(WAIT_S),
            ) as service,
            httpx.Client(
                base_url=f"{service.address}/v1/{site.ledger}",
                headers={"Authorization": f"Bearer {site.token}", "Accept-Language": "en"},
                timeout=30,
            ) as client,
        ):
            yield Replicated(site, standby, client, service)


@pytest.fixture
def replicated(whole: Replicated) -> Iterator[Replicated]:
    """The standby replays before each test, and after it."""
    position = whole.register()
    wait_for(lambda: whole.caught_up(position), "the standby follows")
    yield whole
    if not whole.standby.answers():
        whole.standby.start()
    whole.replay("resume")


@pytest.mark.parametrize("path", ["/officials", "/events"])
def test_a_read_stands_where_the_replica_stands(replicated: Replicated, path: str) -> None:
    replicated.replay("pause")
    before = replicated.stands_at(path)
    position = replicated.register()
    wait_for(lambda: replicated.folded() >= position, "the database itself has it")
    assert replicated.stands_at(path) == before
    replicated.replay("resume")
    wait_for(lambda: replicated.stands_at(path) > before, "what was recorded is replayed")


@pytest.mark.parametrize(
    ("path", "problem"),
    [("/officials", "projection-behind"), ("/officials/{official}/history", "replica-behind")],
)
def test_what_is_recorded_and_not_replayed_is_behind_and_not_unknown(
    replicated: Replicated, path: str, problem: str
) -> None:
    [event] = replicated.get("/events", limit=1).json()["events"]
    path = path.format(official=event["subject"].removeprefix("official:"))
    replicated.replay("pause")
    position = replicated.register()
    reply = replicated.get(path, min_position=position)
    assert (reply.status_code, reply.json()["type"]) == (503, f"/problems/{problem}")
    assert reply.json()["standing"] < position
    reply = replicated.get(path, min_position=position + 1)
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/position-not-recorded")


def test_a_reader_who_has_read_further_than_the_replica_is_not_refused(
    replicated: Replicated,
) -> None:
    replicated.replay("pause")
    position = replicated.register()
    page = replicated.get("/events", after=position).json()
    assert (page["events"], page["head"]) == ([], position)


def test_a_ledger_that_is_not_replayed_yet_is_not_unknown(replicated: Replicated) -> None:
    replicated.replay("pause")
    service = replicated.client.base_url.join("/")
    operator = {"Authorization": f"Bearer {token_of_operator(replicated.site)}"}
    for path in ("/officials", "/events"):
        ledger = f"new-{uuid4().hex[:12]}"
        body = {"ledger": ledger, "name": "Tỉnh mới"}
        opened = replicated.client.post(service.join("/v1/ledgers"), json=body, headers=operator)
        assert opened.is_success, opened.text
        reply = replicated.client.get(service.join(f"/v1/{ledger}{path}"))
        assert (reply.status_code, reply.headers["Giaoviec-Position"]) == (200, "0"), reply.text


def test_a_read_waits_for_its_position_to_be_replayed(replicated: Replicated) -> None:
    replicated.replay("pause")
    position = replicated.register()
    resuming = threading.Timer(WAIT_S / 4, replicated.replay, ["resume"])
    resuming.start()
    reply = replicated.get("/officials", min_position=position)
    resuming.join()
    assert reply.status_code == 200, reply.text
    assert int(reply.headers["Giaoviec-Position"]) >= position


def test_a_reader_who_waits_is_told_of_what_is_replayed(replicated: Replicated) -> None:
    before = replicated.stands_at("/events")
    replicated.replay("pause")
    position = replicated.register()
    resuming = threading.Timer(WAIT_S / 4, replicated.replay, ["resume"])
    resuming.start()
    page = replicated.get("/events", after=before, wait=20).json()
    resuming.join()
    assert [event["position"] for event in page["events"]][-1:] == [position]


@pytest.mark.faults
def test_the_database_answers_while_the_replica_is_away(replicated: Replicated) -> None:
    replicated.standby.kill()
    position = replicated.register()

    def answered() -> bool:
        reply = replicated.get("/officials", min_position=position)
        assert reply.status_code in {200, 503}, reply.text
        return reply.status_code == 200

    wait_for(answered, "the database answers")
    replicated.standby.start()
    replicated.replay("pause")
    after = replicated.register()
    wait_for(lambda: replicated.stands_at("/officials") < after, "the replica answers again")


def test_a_replica_that_lags_is_measured_and_told_of_and_the_service_goes_on(
    replicated: Replicated,
) -> None:
    wait_for(lambda: replicated.degraded() == [], "nothing is wrong")
    assert replicated.service.metric("giaoviec_replica_up") == 1
    replicated.replay("pause")
    replicated.register()
    wait_for(lambda: bool(replicated.degraded()), "/readyz tells of it")
    [fault] = replicated.degraded()
    assert fault.startswith("replica: it is 1 events behind")
    assert replicated.service.metric("giaoviec_replica_lag_events") == 1
    assert replicated.service.metric("giaoviec_replica_lag_seconds") >= WAIT_S
    found = replicated.doctor()
    assert (found["state"], found["says"][:24]) == ("wrong", "it is 1 events behind, t")
    replicated.replay("resume")
    wait_for(lambda: replicated.degraded() == [], "it has caught up")
    assert replicated.service.metric("giaoviec_replica_lag_events") == 0


def test_what_is_no_standby_of_the_database_is_told_of_and_not_read(
    site: Site, serve: Serve
) -> None:
    service = serve(site.url, GIAOVIEC_REPLICA_URL=site.url)
    status, body = service.ready()
    assert (status, body["status"]) == (200, "degraded"), body
    assert "the database itself is read: it is no standby" in body["faults"][0]
    assert service.metric("giaoviec_replica_up") == 0
    assert service.get(f"/v1/{site.ledger}/officials", site.token)[0] == 200


@pytest.mark.faults
def test_a_replica_that_is_away_is_told_of_and_no_read_fails_once_it_is_known(
    replicated: Replicated,
) -> None:
    wait_for(lambda: replicated.degraded() == [], "nothing is wrong")
    replicated.standby.kill()
    wait_for(lambda: bool(replicated.degraded()), "/readyz tells of it")
    assert replicated.degraded()[0].startswith("replica: the database itself is read: ")
    assert replicated.service.metric("giaoviec_replica_up") == 0
    assert replicated.doctor()["state"] == "wrong"
    for _ in range(100):
        assert replicated.get("/officials").status_code == 200
    replicated.standby.start()
    wait_for(lambda: replicated.degraded() == [], "it is read again")
    assert replicated.service.metric("giaoviec_replica_up") == 1
