"""A load that is killed in the middle, on the embedded server, and taken up again."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.database.embedded import EmbeddedPostgres
from tests.giaoviec import Giaoviec, Served, free_port
from tests.journeys.test_sample_province import EVENTS, expected

INTERRUPTED = 130
PATIENCE_S = 180


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Giaoviec]:
    data_dir = tmp_path / "data"
    yield Giaoviec(data_dir)
    EmbeddedPostgres(data_dir).remove()


def test_a_load_ended_and_then_killed_is_taken_up_again_and_doubles_nothing(
    embedded: Giaoviec,
) -> None:
    assert _broken_off(embedded, signal.SIGINT, beyond=300) == INTERRUPTED
    assert _broken_off(embedded, signal.SIGKILL, beyond=700) == -signal.SIGKILL

    figures = embedded.figures()
    assert figures == expected(figures)

    served = Served(embedded)
    visitor = served.client(embedded.token("demo-visitor"))
    assert visitor.get("/v1/tuyen-quang/events").json()["head"] == EVENTS
    verified = json.loads(embedded.done("projections", "verify", "--json"))
    assert all(row["equal"] for row in verified)
    assert served.stop()[0] == 0


def _broken_off(giaoviec: Giaoviec, how: signal.Signals, beyond: int) -> int:
    """Begin a load and end it in the middle; the exit code."""
    port = free_port()
    process = giaoviec.start("demo", "--once", "--json", "--port", str(port))
    assert _events_recorded(giaoviec, process, port, beyond) < EVENTS
    process.send_signal(how)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert out == ""
    return process.returncode


def _events_recorded(
    giaoviec: Giaoviec, process: subprocess.Popen[str], port: int, beyond: int
) -> int:
    """Wait until there are more than so many events; how many there are then."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        try:
            token = giaoviec.token("demo-visitor")
            reply = httpx.get(
                f"http://127.0.0.1:{port}/v1/tuyen-quang/events?limit=1",
                headers={"Authorization": f"Bearer {token}"},
            )
            if reply.is_success and reply.json()["head"] > beyond:
                return int(reply.json()["head"])
        except (FileNotFoundError, httpx.TransportError):
            pass  # not there yet
        time.sleep(0.02)
    raise AssertionError("the load did not get under way")
