"""A ledger whose last event lies in the future is told of everywhere, and no other waits."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx

from service.handle import VIETNAM
from tests.faults.conftest import Serve, Site
from tests.faults.postgres import wait_for
from tests.giaoviec import ROOT

# As a service on a host of the future would have recorded it, before the clock was put right.
AHEAD = """
INSERT INTO log.ledgers (ledger, name) VALUES ('ahead', 'ahead');
INSERT INTO log.events (
    ledger, position, event_id, type, schema_version, recorded_at, effective_on, actor,
    correlation_id, tags, data
)
VALUES (
    'ahead', 1, gen_random_uuid(), 'unit.closed', 1, now() + interval '1 day', '2021-01-04',
    'someone', gen_random_uuid(), '{}', '{"effective_on": "2021-01-04", "unit_id": "a"}'
)
"""


def test_a_ledger_ahead_is_told_by_the_service_and_by_doctor_and_no_other_waits(
    site: Site, serve: Serve
) -> None:
    site.server.execute(AHEAD, database=site.database)
    service = serve(site.url)

    def register(ledger: str) -> httpx.Response:
        return httpx.post(
            f"{service.address}/v1/{ledger}/officials/register",
            json={"official_id": "someone", "full_name": "Cán bộ"},
            headers={"Authorization": f"Bearer {site.token}", "Accept-Language": "vi"},
            timeout=60,
        )

    refused = register("ahead")
    assert refused.status_code == 503, refused.text
    problem = refused.json()
    assert problem["type"] == "/problems/ledger-ahead"
    until = datetime.fromisoformat(problem["until"])
    assert abs(until - datetime.now(UTC) - timedelta(days=1)) < timedelta(minutes=10)
    there = until.astimezone(VIETNAM)
    assert f"từ {there:%H:%M} ngày {there:%d/}" in problem["detail"]
    assert register(site.ledger).status_code == 201

    def is_told() -> bool:
        """The others are served."""
        status, body = service.ready()
        return (
            status == httpx.codes.OK
            and body["status"] == "degraded"
            and any(fault.startswith("ledger ahead: ") for fault in body["faults"])
        )

    wait_for(is_told, "/readyz tells of it")

    done = subprocess.run(
        [sys.executable, "-m", "service", "doctor", "--json"],
        check=False,
        cwd=ROOT,
        env=service.environment,
        capture_output=True,
        text=True,
    )
    [found] = [each for each in json.loads(done.stdout) if each["check"] == "last events"]
    assert found["state"] == "wrong"
    assert "ahead" in found["says"]
    assert done.returncode != 0
