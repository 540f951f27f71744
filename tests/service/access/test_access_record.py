"""The access record: who was refused, and who read or took away what is about persons."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from service.access.entries import Entry, operator
from service.access.record import EXPIRE, AccessNotRecorded, AccessRecord
from service.access.refusals import MOST_KINDS, MOST_SINGLE, Refusals
from service.access.roles import Role
from service.components import Service
from service.database.engine import Pool
from service.handle import utc_now
from service.supervision import Tasks
from tests.service.conftest import ClientOf
from tests.service.imports.office import Office
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

WHO, OTHER = "official-017", "official-018"
WAIT_S = 60.0
TOKEN_ID = "0123456789abcdef"  # noqa: S105  no secret


async def entries(
    inspector: httpx.AsyncClient, ledger: str, least: int, **asked: str
) -> list[dict[str, Any]]:
    """What the record holds of it, oldest first, once it holds as much."""
    async with asyncio.timeout(WAIT_S):
        while True:
            reply = await inspector.get(
                f"/v1/{ledger}/access-record", params={"sort": "entry", "limit": 200, **asked}
            )
            assert reply.status_code == 200, reply.text
            found: list[dict[str, Any]] = reply.json()["items"]
            if len(found) >= least:
                return found
            await asyncio.sleep(0.01)


@pytest.fixture
async def inspector(client_of: ClientOf) -> httpx.AsyncClient:
    return await client_of(Role.INSPECTOR)


@pytest.fixture
async def kilns(province: Province) -> Province:
    """A task under way, which the read models know."""
    await province.task_in_progress("kilns")
    head = (await province.client.get(f"/v1/{province.ledger}/events?limit=1")).json()["head"]
    for name in ("officials", "tenures", "tasks"):
        reply = await province.client.get(f"/v1/{province.ledger}/{name}?min_position={head}")
        assert reply.status_code == 200, reply.text
    return province


def token_of(client: httpx.AsyncClient) -> str:
    """The id of the client's token."""
    return str(client.headers["Authorization"]).split("_")[1]


async def test_what_is_about_a_person_is_read_on_record(
    client_of: ClientOf, kilns: Province, inspector: httpx.AsyncClient
) -> None:
    office = await client_of(Role.AUTHORITY, units=[COMMITTEE])
    told = f"official:{WHO}"
    reads: tuple[tuple[str, str, set[str], str | None], ...] = (
        (f"/officials/{WHO}", "read_official", {told}, None),
        (f"/officials/{WHO}/record", "read_official_record", {told}, None),
        (f"/officials/{WHO}/history", "read_official_history", {told}, None),
        ("/officials", "list_officials", {told}, None),
        ("/tasks/kilns/dossier", "read_task_dossier", {"task:kilns", told}, None),
        ("/units?format=csv", "list_units", set(), "csv"),
        ("/tasks?format=xlsx", "list_tasks", set(), "xlsx"),
        ("/events", "read_events", set(), None),
    )
    for number, (path, action, subjects, form) in enumerate(reads, 1):
        reply = await office.get(
            f"/v1/{kilns.ledger}{path}", headers={"X-Request-ID": f"asked-{action}"}
        )
        assert reply.status_code == 200, reply.text
        recorded = await entries(inspector, kilns.ledger, number, token_id=token_of(office))
        entry = recorded[-1]
        assert (entry["action"], entry["form"]) == (action, form)
        assert (entry["outcome"], entry["problem"]) == ("allowed", None)
        assert subjects <= set(entry["subjects"]), entry
        assert (entry["role"], entry["units"]) == ("authority", [COMMITTEE])
        assert (entry["address"], entry["request_id"]) == ("127.0.0.1", f"asked-{action}")
        assert entry["position"] == int(reply.headers["Giaoviec-Position"])
    for path in ("/tasks", "/units", "/events?after=100000"):
        await office.get(f"/v1/{kilns.ledger}{path}")
    asked = {"ground": "retention_ended", "on_behalf_of": COMMITTEE, "basis": DECISION}
    reply = await Province(office, kilns.ledger).says(f"/officials/{WHO}/request-erasure", asked)
    assert reply.is_success, reply.text
    recorded = await entries(inspector, kilns.ledger, len(reads) + 1, token_id=token_of(office))
    assert [entry["action"] for entry in recorded[len(reads) :]] == ["request_erasure"]


async def test_what_a_rule_or_a_token_forbids_is_on_record(
    client_of: ClientOf, kilns: Province, inspector: httpx.AsyncClient
) -> None:
    official = await client_of(Role.OFFICIAL, official_id=OTHER)
    elsewhere = await client_of(Role.AUTHORITY, units=["elsewhere"], ledgers=["no-such"])
    refused = (
        (official, "/tasks/kilns/approve", "approve_task", "role-forbids"),
        (official, "/tasks/kilns/report-progress", "report_progress", "not-answerable"),
        (elsewhere, "/tasks/kilns/approve", "approve_task", "ledger-unknown"),
    )
    for client, path, action, problem in refused:
        said = {"narrative": "Đã dỡ."} if path.endswith("progress") else {}
        reply = await Province(client, kilns.ledger).says(path, said)
        assert reply.json()["type"] == f"/problems/{problem}", reply.text
        asked = {"token_id": token_of(client), "action": action}
        [entry] = await entries(inspector, kilns.ledger, 1, **asked)
        assert (entry["outcome"], entry["problem"]) == ("refused", problem)
        assert entry["subjects"] == ["task:kilns"]
    assert entry["position"] is not None, "where the log stood"


async def test_who_has_no_token_is_counted_by_address_and_minute(
    stranger: httpx.AsyncClient, service: Service, ledger: str, inspector: httpx.AsyncClient
) -> None:
    for path in ("tasks", "units", "officials/a"):
        reply = await stranger.get(f"/v1/{ledger}/{path}")
        assert reply.status_code == 401
    await service.access_record.write_all()
    counted = await entries(inspector, ledger, 1, action="authenticate", sort="-entry")
    assert (counted[0]["problem"], counted[0]["address"]) == ("not-authenticated", "127.0.0.1")
    assert sum(one["times"] for one in counted) >= 3
    assert {one["actor"] for one in counted} == {None}


async def test_an_official_sees_who_looked_at_what_is_the_official_s(
    client_of: ClientOf, kilns: Province
) -> None:
    own = await client_of(Role.OFFICIAL, official_id=WHO)
    await kilns.client.get(f"/v1/{kilns.ledger}/officials/{WHO}")
    mine = {"subject": f"official:{WHO}", "action": "read_official"}
    [entry] = await entries(own, kilns.ledger, 1, **mine)
    assert entry["token_id"] == token_of(kilns.client)
    for subject in ({"subject": f"official:{OTHER}"}, {}):
        reply = await own.get(f"/v1/{kilns.ledger}/access-record", params=subject)
        assert (reply.status_code, reply.json()["type"]) == (403, "/problems/not-related")
    reply = await kilns.client.get(f"/v1/{kilns.ledger}/access-record")
    assert (reply.status_code, reply.json()["type"]) == (403, "/problems/role-forbids")


async def test_tokens_are_made_and_revoked_on_record(
    service: Service, ledger: str, inspector: httpx.AsyncClient
) -> None:
    token, _ = await service.tokens.create(
        f"clerk-of-{ledger}", Role.AUTHORITY, units=[COMMITTEE], ledgers=[ledger]
    )
    await service.tokens.revoke(token.id)
    recorded = await entries(inspector, ledger, 2, subject=f"token:{token.id}")
    assert [entry["action"] for entry in recorded] == ["create_token", "revoke_token"]
    assert {entry["actor"] for entry in recorded} == {operator()}
    for_all, _ = await service.tokens.create(f"for-all-{ledger}", Role.INTEGRATOR)
    assert await entries(inspector, ledger, 1, subject=f"token:{for_all.id}")


async def test_what_a_rule_refuses_of_a_file_is_on_record(
    client_of: ClientOf, kilns: Province, inspector: httpx.AsyncClient
) -> None:
    elsewhere = await client_of(Role.ADMINISTRATOR, units=["elsewhere"])
    job = await Office(elsewhere, kilns.ledger).imports(
        "units", f"Mã đơn vị,Tên đơn vị,Loại,Trực thuộc\nxa-a,Xã A,xã,{DISTRICT}\n"
    )
    assert job["refused"] == 1, job
    asked = {"token_id": token_of(elsewhere), "action": "establish_unit"}
    [entry] = await entries(inspector, kilns.ledger, 1, **asked)
    assert (entry["outcome"], entry["problem"]) == ("refused", "not-related")
    assert entry["subjects"] == ["unit:xa-a"]


async def test_a_list_is_taken_away_page_after_page_on_record_and_tried_for_nothing(
    client_of: ClientOf, kilns: Province, inspector: httpx.AsyncClient
) -> None:
    office = await client_of(Role.AUTHORITY, units=[COMMITTEE])
    first = await office.get(f"/v1/{kilns.ledger}/units?limit=1")
    assert (await office.get(first.headers["Link"].partition(">")[0][1:])).is_success
    asked = {"ground": "retention_ended", "on_behalf_of": COMMITTEE, "basis": DECISION}
    verb = f"/v1/{kilns.ledger}/officials/{WHO}/request-erasure?dry_run=true"
    assert (await office.post(verb, json=asked)).is_success
    await office.get(f"/v1/{kilns.ledger}/officials/{WHO}")
    recorded = await entries(inspector, kilns.ledger, 2, token_id=token_of(office))
    taken = [(entry["action"], entry["form"]) for entry in recorded]
    assert taken == [("list_units", "json"), ("read_official", None)]


async def test_the_record_is_taken_away_on_record(
    kilns: Province, inspector: httpx.AsyncClient
) -> None:
    await kilns.client.get(f"/v1/{kilns.ledger}/officials/{WHO}")
    await entries(inspector, kilns.ledger, 1, action="read_official")
    table = await inspector.get(f"/v1/{kilns.ledger}/access-record?format=csv")
    assert "read_official" in table.text
    asked = {"action": "list_access_record", "token_id": token_of(inspector)}
    taken = [entry for entry in await entries(inspector, kilns.ledger, 2, **asked) if entry["form"]]
    assert [entry["form"] for entry in taken] == ["csv"]


async def test_nothing_of_a_person_is_given_that_cannot_be_recorded(
    kilns: Province, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(service.access_record, "_most", 0)
        for path in (f"/officials/{WHO}", "/tasks?format=csv", "/events"):
            reply = await kilns.client.get(f"/v1/{kilns.ledger}{path}")
            assert reply.status_code == 503, path
            assert reply.json()["type"] == "/problems/access-not-recorded"
        assert (await kilns.client.get(f"/v1/{kilns.ledger}/tasks")).status_code == 200
    reply = await kilns.client.get(f"/v1/{kilns.ledger}/officials/{WHO}")
    assert reply.status_code == 200


def entry(**said: Any) -> Entry:
    whole = {"action": "read_task", "outcome": "refused", "recorded_at": utc_now(), **said}
    return Entry(**whole)


async def becomes_writable(record: AccessRecord) -> None:
    """Wait until it is tried again, by itself."""
    async with asyncio.timeout(WAIT_S):
        while not record._is_written:  # noqa: ASYNC110, SLF001  nothing tells
            await asyncio.sleep(0.01)


class Away:
    """A database that is found to be away after a while."""

    def __init__(self) -> None:
        self.asked, self.found = asyncio.Event(), asyncio.Event()

    async def execute(self, *_: object) -> None:
        self.asked.set()
        await self.found.wait()
        raise ConnectionError


async def test_what_could_not_be_written_is_not_given_and_a_refusal_is_written_later(
    pool: Pool, ledger: str
) -> None:
    tasks = Tasks()
    record = AccessRecord(pool, tasks, days=730)
    with pytest.raises(AccessNotRecorded):
        await record.accept(entry(in_ledger=ledger))
    await record.start()
    away = record._pool = Away()  # type: ignore[assignment]  # noqa: SLF001  it is away
    record.refused(entry(in_ledger=ledger, token_id=TOKEN_ID))
    # It is counted in a minute that is not over, whenever this test runs.
    later = utc_now() + timedelta(hours=1)
    record.refused(entry(address="203.0.113.7", problem=ledger, recorded_at=later))
    first = asyncio.ensure_future(record.accept(entry(in_ledger=ledger)))
    await away.asked.wait()
    second = asyncio.ensure_future(record.accept(entry(in_ledger=ledger)))
    await asyncio.sleep(0)
    away.found.set()
    for told in (first, second, record.accept(entry(in_ledger=ledger))):
        with pytest.raises(AccessNotRecorded):
            await asyncio.wait_for(told, WAIT_S)
    record._pool = pool  # noqa: SLF001  it is there again
    await becomes_writable(record)
    await asyncio.gather(*(record.accept(entry(in_ledger=ledger)) for _ in range(50)))
    counted = "SELECT count(*) FROM access.record WHERE $1 IN (in_ledger, problem)"
    assert await pool.fetchval(counted, ledger) == 51
    record.done(entry(in_ledger=ledger))
    await record.close()
    await tasks.stop()
    assert await pool.fetchval(counted, ledger) == 53


async def test_so_many_bytes_wait_and_no_more(pool: Pool, ledger: str) -> None:
    record = AccessRecord(pool, Tasks(), days=730, most=1_000)
    for _ in range(20):
        record.refused(entry(in_ledger=ledger, token_id=TOKEN_ID, subjects=("a" * 100,)))
    assert record._bytes < 2_000  # noqa: SLF001  what it holds
    await record.write_all()
    rows = await pool.fetch("SELECT times FROM access.record WHERE in_ledger = $1", ledger)
    assert sum(row["times"] for row in rows) == 20
    assert len(rows) < 20


def test_whoever_guesses_does_not_fill_the_disk() -> None:
    refusals, now = Refusals(), utc_now()
    for number in range(5_000):
        address, action = f"198.51.{number % 250}.{number // 250}", f"read_{number}"
        assert not refusals.is_single(entry(address=address, action=action, recorded_at=now))
        refusals.count(entry(address=address, action=action, recorded_at=now))
    single = [refusals.is_single(entry(token_id=TOKEN_ID, recorded_at=now)) for _ in range(100)]
    assert sum(single) == MOST_SINGLE
    counted = list(refusals.all())
    assert len(counted) == MOST_KINDS + 1
    assert sum(one.times for one in counted) == 5_000
    refusals.count(entry(recorded_at=now - timedelta(minutes=2)))
    refusals.count(entry(recorded_at=now + timedelta(minutes=2)))
    assert [one.times for one in refusals.over()] == [1]


async def test_the_record_is_only_ever_added_to_and_goes_by_months(
    owner_pool: Pool, pool: Pool
) -> None:
    months = "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    months += "WHERE i.inhparent = 'access.record'::regclass ORDER BY 1"
    record = AccessRecord(pool, Tasks(), days=730)
    await record.keep_months()  # a month may have begun since the database was made
    before = [row[0] for row in await pool.fetch(months)]
    assert len(before) >= 5
    for table in ("record", before[1]):
        for change in (
            f"UPDATE access.{table} SET times = 2",  # noqa: S608  of this test
            f"DELETE FROM access.{table}",  # noqa: S608  of this test
        ):
            with pytest.raises(asyncpg.RestrictViolationError):
                await owner_pool.execute(change)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(change)
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner_pool.execute(f"TRUNCATE access.{table}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(f"DROP TABLE access.{before[0]}")
    await owner_pool.execute(
        "CREATE TABLE access.record_2019_01 PARTITION OF access.record "
        "FOR VALUES FROM ('2019-01-01 00:00+00') TO ('2019-02-01 00:00+00')"
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.fetchval(EXPIRE, 179)
    await record.keep_months()
    assert [row[0] for row in await pool.fetch(months)] == before
