"""A standby that is awaited: nothing is acknowledged before it has it, whoever asks again."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.checker import Outcome, tags_in_order
from tests.faults.conftest import Report, Serve, Site
from tests.faults.postgres import PostgresServer, answers, standby_of, wait_for

pytestmark = pytest.mark.faults

UNIT = "standing-committee"


@pytest.fixture
def standby(postgres: PostgresServer, site: Site) -> Iterator[PostgresServer]:
    with standby_of(postgres) as standby:
        wait_for(lambda: answers(standby.url(site.database)), "the standby has the database")
        yield standby
        standby.thaw()
        postgres.set("synchronous_standby_names", "")


def test_what_the_standby_lacks_is_not_acknowledged_to_whoever_sends_it_again(
    site: Site, postgres: PostgresServer, standby: PostgresServer, serve: Serve, report: Report
) -> None:
    service = serve(site.url, GIAOVIEC_REQUEST_SECONDS="3")

    def establish(unit_id: str = UNIT) -> int:
        reply = httpx.post(
            f"{service.address}/v1/{site.ledger}/units/establish",
            json={
                "unit_id": unit_id,
                "name": unit_id,
                "kind": "department",
                "effective_on": "2021-01-04",
            },
            headers={"Authorization": f"Bearer {site.token}", "Idempotency-Key": unit_id},
            timeout=60,
        )
        return reply.status_code

    def visible() -> bool:
        postgres.terminate_backends("wait_event = 'SyncRep'")
        return recorded() > 0

    def recorded() -> int:
        tags = tags_in_order(postgres, site.database, site.ledger)
        return sum(f"unit:{UNIT}" in each for each in tags)

    # What a first command writes beside its events: when the token was used, and keys.
    assert establish("before") == 201
    postgres.set("synchronous_standby_names", "*")
    standby.freeze()
    statuses: list[int] = []
    first = threading.Thread(target=lambda: statuses.append(establish()))
    first.start()
    wait_for(visible, "the commit is visible before the standby has it")
    first.join()
    assert [*statuses, establish(), establish()] == [503] * 3

    standby.thaw()
    seconds = wait_for(lambda: establish() == 201, "the standby has it, and it is acknowledged")
    row = Outcome(
        "awaited standby frozen",
        rounds=1,
        acknowledged=1,
        lost=int(recorded() == 0),
        doubled=int(recorded() > 1),
        seconds=round(seconds, 2),
    )
    report(row)
