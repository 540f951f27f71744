"""A service on the embedded PostgreSQL survives faults of the server, or ends and says why."""

import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from service.database import placement
from service.database.embedded import READY_LINE, EmbeddedPostgres
from tests.faults.checker import Outcome
from tests.faults.conftest import Report
from tests.giaoviec import Giaoviec, Served

PATIENCE_S = 120


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(Giaoviec(tmp_path / "data"))
    yield served
    if served.process.poll() is None:
        served.stop()
    EmbeddedPostgres(tmp_path / "data").remove()


def home_of(served: Served) -> Path:
    home = placement.find_home(served.giaoviec.data_dir)
    assert home is not None
    return home


def keeper_of(home: Path) -> psutil.Process | None:
    for process in psutil.process_iter():
        try:
            if str(home / "users") in " ".join(process.cmdline()):
                return process
        except psutil.Error:
            continue
    return None


def postmaster_of(home: Path, *, besides: AbstractSet[int] = frozenset()) -> psutil.Process:
    """Wait for a ready postmaster that is none of these."""
    pid_file = home / "cluster" / "postmaster.pid"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(OSError, psutil.Error):
            lines = pid_file.read_text(encoding="utf-8").splitlines()
            if len(lines) == READY_LINE and "ready" in lines[-1] and int(lines[0]) not in besides:
                return psutil.Process(int(lines[0]))
        time.sleep(0.1)
    raise AssertionError("no server became ready")


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_ready(served: Served) -> bool:
    assert served.process.poll() is None, "the service ended"
    try:
        return httpx.get(f"{served.address}/readyz", timeout=10).is_success
    except httpx.TimeoutException:
        return False


def authority(served: Served) -> httpx.Client:
    """A client whose token another process makes."""
    words = ("token", "create", "authority", "--role", "authority", "--unit", "*")
    return served.client(served.giaoviec.done(*words).strip())


def records(served: Served, client: httpx.Client, ledger: str) -> None:
    """Another process opens the ledger, and this one records in it."""
    served.giaoviec.done("ledger", "create", ledger, "Tỉnh Mẫu")
    unit = {"unit_id": "xa", "name": "Xã Mẫu", "kind": "commune"}
    reply = client.post(f"/v1/{ledger}/units/establish", json=unit)
    assert reply.status_code == 201, reply.text


def outcome(fault: str, rounds: int, seconds: float, client: httpx.Client) -> Outcome:
    """What became of the command that was acknowledged in each ledger, before and after."""
    held = [
        [event["subject"] for event in client.get(f"/v1/{ledger}/events").json()["events"]]
        for ledger in ("before", "after")
    ]
    return Outcome(
        fault,
        rounds,
        acknowledged=len(held),
        lost=sum("unit:xa" not in subjects for subjects in held),
        doubled=sum(subjects.count("unit:xa") > 1 for subjects in held),
        seconds=round(seconds, 2),
    )


def test_a_service_whose_keeper_was_killed_serves_again(served: Served, report: Report) -> None:
    home = home_of(served)
    client = authority(served)
    records(served, client, "before")
    keeper = keeper_of(home)
    assert keeper is not None

    keeper.kill()

    began = time.monotonic()
    keeper.wait(PATIENCE_S)
    until(lambda: keeper_of(home) and is_ready(served))
    seconds = time.monotonic() - began
    records(served, client, "after")
    report(outcome("embedded: keeper killed (-9)", 1, seconds, client))
    assert served.stop()[0] == 0


@pytest.mark.faults
def test_a_service_whose_server_crashed_seven_times_serves_again(
    served: Served, report: Report
) -> None:
    home = home_of(served)
    client = authority(served)
    records(served, client, "before")
    killed: set[int] = set()
    for _ in range(7):
        postmaster = postmaster_of(home, besides=killed)
        killed.add(postmaster.pid)

        postmaster.kill()

    began = time.monotonic()
    postmaster_of(home, besides=killed)
    until(lambda: is_ready(served))
    seconds = time.monotonic() - began
    records(served, client, "after")
    report(outcome("embedded: server killed (-9) in a row", len(killed), seconds, client))


@pytest.mark.faults
def test_a_service_whose_server_cannot_start_again_ends_and_says_why(served: Served) -> None:
    home = home_of(served)
    control = home / "cluster" / "global" / "pg_control"
    control.unlink()

    postmaster_of(home).kill()

    _, err = served.process.communicate(timeout=PATIENCE_S)
    assert served.process.returncode == 1
    assert "the embedded PostgreSQL does not stay up" in err
    assert "pg_control" in err
    assert "Traceback" not in err.rpartition("giaoviec:")[2]
