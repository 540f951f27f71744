"""A service killed while things are put right: each replacement is there whole, or not at all.

And where two services put the same thing right at once, one of them does.
"""

import signal
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.databases import empty_database
from tests.domain.record.naive import breaches
from tests.domain.record.naive.facts import Fact
from tests.giaoviec import START_S, Giaoviec, Served
from tests.journeys.every_verb import BEGINNING, ORGANISATION, PEOPLE
from tests.journeys.feed import feed
from tests.journeys.steps import OFFICES, Step

LEDGER = "dinh-chinh"
API = f"/v1/{LEDGER}"
REPORT = f"{API}/tasks/v-chinh/report-progress"
REPORTS, CLIENTS, KILLED = 60, 6, 3
# So many are done when the service is killed.
UNDER_WAY = 5


class Office:
    """The service on a database of its own, with a task under way and reports on it."""

    def __init__(self, giaoviec: Giaoviec) -> None:
        self.giaoviec = giaoviec
        self.served = Served(giaoviec)
        giaoviec.done("ledger", "create", LEDGER, "Đính chính")
        self.tokens = {
            name: giaoviec.new_token(name, *units)
            for name, units in (("registrar", ()), ("clerk", OFFICES))
        }

    def client(self, served: Served | None = None) -> httpx.Client:
        return (served or self.served).client(self.tokens["registrar"])

    def does(self, step: Step) -> None:
        with self.served.client(self.tokens[step.by]) as client:
            reply = client.post(f"{API}{step.path}", json=step.said)
        assert reply.is_success, reply.text

    def killed(self) -> None:
        self.served.process.send_signal(signal.SIGKILL)
        self.served.process.communicate(timeout=START_S)
        self.served = Served(self.giaoviec)

    def log(self) -> list[Fact]:
        with self.client() as client:
            return feed(client, LEDGER)


@pytest.fixture(scope="module")
async def office(
    server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    async with empty_database(server_url) as url:
        office = Office(Giaoviec(tmp_path_factory.mktemp("killed"), url))
        for step in (*ORGANISATION, *PEOPLE, *BEGINNING[:5]):
            office.does(step)
        yield office
        assert office.served.stop()[0] == 0


def reported(office: Office) -> list[int]:
    """The positions of new reports, all of them wrong."""
    with office.client() as client:
        replies = [
            client.post(REPORT, json={"effective_on": "2021-02-01", "narrative": "sai"})
            for _ in range(REPORTS)
        ]
    return [reply.json()["position"] for reply in replies]


def replaces(client: httpx.Client, wrong: int) -> httpx.Response:
    """The report is replaced; the key says that it is the same request when it is sent again."""
    said = {
        "effective_on": "2021-02-02",
        "narrative": f"đúng {wrong}",
        "replaces": {"positions": [wrong], "reason": "ghi nhầm"},
    }
    return client.post(REPORT, json=said, headers={"Idempotency-Key": f"dinh-chinh-{wrong}"})


def killed_amid(office: Office, positions: list[int]) -> int:
    """Replace the reports, by many at once, and kill the service amid it; how many were done."""
    told: list[int] = []

    def work(mine: list[int]) -> None:
        with office.client() as client:
            for wrong in mine:
                try:
                    told.append(replaces(client, wrong).status_code)
                except httpx.TransportError:
                    return

    workers = [
        threading.Thread(target=work, args=(positions[nth::CLIENTS],)) for nth in range(CLIENTS)
    ]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + START_S
    while len(told) < UNDER_WAY:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    office.killed()
    for worker in workers:
        worker.join(timeout=START_S)
    return told.count(200)


def whole(log: list[Fact], positions: list[int]) -> set[int]:
    """Which of the events are replaced; right after its annulment stands what replaces it."""
    replaced = set()
    for fact in log:
        if fact.type == "event.annulled" and fact.said["positions"][0] in positions:
            [wrong] = fact.said["positions"]
            instead = log[fact.position]
            assert (instead.position, instead.type) == (
                fact.position + 1,
                "task.progress_reported",
            )
            assert instead.said["narrative"] == f"đúng {wrong}"
            assert wrong not in replaced
            replaced.add(wrong)
    named = [f.said["narrative"] for f in log if f.type == "task.progress_reported"]
    assert sorted(f"đúng {wrong}" for wrong in replaced) == sorted(
        narrative
        for narrative in named
        if narrative.startswith("đúng") and int(narrative.split()[1]) in positions
    )
    return replaced


def test_killed_amid_replacements_each_is_whole_or_absent_and_a_retry_doubles_nothing(
    office: Office,
) -> None:
    amid = 0
    for _ in range(KILLED):
        positions = reported(office)
        told = killed_amid(office, positions)
        replaced = whole(office.log(), positions)
        assert told <= len(replaced)
        amid += 0 < len(replaced) < len(positions)
        with office.client() as client:
            replies = [replaces(client, wrong) for wrong in positions]
        assert {reply.status_code for reply in replies} == {200}
        again = {
            wrong
            for wrong, reply in zip(positions, replies, strict=True)
            if "Idempotency-Replayed" in reply.headers
        }
        assert again == replaced
        assert whole(office.log(), positions) == {*positions}
    assert amid, "some life ends amid it"
    assert breaches(office.log()) == []


def test_of_two_services_that_put_the_same_right_at_once_one_does(office: Office) -> None:
    positions = reported(office)[:20]
    other = Served(office.giaoviec)
    with office.client() as one, office.client(other) as two, ThreadPoolExecutor(2) as both:
        for wrong in positions:
            replies = list(both.map(_put_right, (one, two), (wrong, wrong)))
            assert sorted(reply.status_code for reply in replies) == [200, 409]
            lost = next(reply for reply in replies if reply.status_code == 409)
            assert lost.json()["type"].endswith("annulled-before")
    assert other.stop()[0] == 0
    log = office.log()
    gone = [at for f in log if f.type == "event.annulled" for at in f.said["positions"]]
    assert [gone.count(wrong) for wrong in positions] == [1] * len(positions)
    assert breaches(log) == []


def _put_right(client: httpx.Client, wrong: int) -> httpx.Response:
    replacing: dict[str, Any] = {"positions": [wrong], "reason": "ghi nhầm"}
    said = {"effective_on": "2021-02-03", "narrative": "đúng", "replaces": replacing}
    return client.post(REPORT, json=said)
