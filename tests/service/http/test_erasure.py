"""An erased person's name is nowhere: in no table, file, reply, log line or dump, now or later."""

import asyncio
import json
import os
import re
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
import structlog

from domain.organisation.events import OfficialErased
from service.access.roles import Role
from service.components import Service
from service.database.engine import Pool
from service.database.placement import wheel_binaries
from service.http import commands
from service.imports.file_kinds import FileKind
from service.imports.jobs import Upload
from tests.service.conftest import ClientOf
from tests.service.http.lists import CONDUCT, inspected, snapshot
from tests.service.imports.office import Office
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, Province

WHO, OTHER = "official-021", "official-018"
TOKEN_DIGITS = 10
READS = (
    "/officials",
    f"/officials/{WHO}",
    f"/officials/{WHO}/history",
    f"/officials/{WHO}/record",
    f"/officials/{WHO}/responsibilities",
    "/tenures",
    "/tasks",
    "/tasks/kilns",
    "/tasks/kilns/history",
    "/events",
    "/imports",
    "/changes?from_position=1",
    "/pending-retirements",
)
# What a snapshot from before the erasure answers.
SNAPSHOT = "before-erasure"
READS_OF_BEFORE = tuple(
    f"{path}?known_at={SNAPSHOT}"
    for path in ("/officials", "/tenures", "/tasks", f"/officials/{WHO}")
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What answers from the log itself, or has its own parameters.
UNWAITED = re.compile(r"imports|events|\?")
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg_toast%'
"""


class Person(NamedTuple):
    """An official whose name has a word that stands nowhere else, and where it was recorded."""

    word: str
    name: str
    province: Province
    job: str


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process puts temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
async def person(
    province: Province, administrator: httpx.AsyncClient, client_of: ClientOf
) -> Person:
    """One who held a post, planned, delegated, stands in imported files, self-checked, and left."""
    word = f"Xoa{uuid4().hex[:TOKEN_DIGITS]}"
    name = f"Nguyễn Thị {word}"
    reply = await province.says(
        "/officials/register",
        {"official_id": WHO, "full_name": name, "contact": f"{word}@example.vn"},
        {"Idempotency-Key": f"register-{word[3:]}"},
    )
    assert reply.is_success, reply.text
    away = {"cause": "transfer", "effective_on": "2021-01-05"}
    await province.does(f"/posts/{POST}/end-tenure", official_id="official-017", **away)
    await province.does(f"/posts/{POST}/appoint", official_id=WHO, effective_on="2021-01-06")
    decided = {"on_behalf_of": COMMITTEE, "basis": DECISION, "effective_on": "2021-01-07"}
    proposal = await _proposal()
    await province.does(
        "/tasks/commission", task_id="kilns", post_id=POST, proposal=proposal, **decided
    )
    await province.does("/tasks/kilns/assign", **decided)
    step = {"title": "Vận động", "due_on": "2021-06-30", "performed_by": f"chị {word}"}
    later = {"effective_on": "2021-01-08"}
    await province.does("/tasks/kilns/submit-plan", summary="Kế hoạch", steps=[step], **later)
    await province.does(
        "/tasks/kilns/delegate-part",
        title="Phần một",
        due_on="2021-06-30",
        delegate_person=f"anh trai của {word}",
        **later,
    )
    await inspected(province)
    own = Province(await client_of(Role.OFFICIAL, official_id=WHO), province.ledger)
    check = {"regulation_id": CONDUCT, "manifestation": "7", "seen": f"{word} còn nể nang."}
    await own.does(f"/officials/{WHO}/make-self-check", **check, remedy=f"{word} sẽ sửa.")
    office = Office(administrator, province.ledger)
    rows = f"Mã cán bộ;Họ và tên;Mã chức danh;Giữ chức vụ từ\n{WHO};{name};{word};32/07/2018\n"
    job = await office.imports("officials", rows, file=f"danh-sach-{word}.csv")
    assert word in json.dumps(job, ensure_ascii=False), job
    await province.does(
        f"/posts/{POST}/end-tenure",
        official_id=WHO,
        cause="retirement",
        effective_on="2021-02-01",
        succession={"official_id": OTHER, "state_summary": "Đang làm."},
        on_behalf_of=COMMITTEE,
        basis=DECISION,
    )
    return Person(word, name, province, job["job"])


@pytest.fixture
async def before(person: Person) -> AsyncIterator[None]:
    """A snapshot from before the erasure."""
    await snapshot(person.province, SNAPSHOT)
    yield
    await person.province.client.delete(f"/v1/{person.province.ledger}/snapshots/{SNAPSHOT}")


async def _proposal() -> dict[str, Any]:
    from tests.service.province import PROPOSAL  # noqa: PLC0415  it is shared, and not to be changed

    return {**PROPOSAL}


async def asked(province: Province, verb: str, body: str, **params: object) -> httpx.Response:
    return await province.says(
        f"/officials/{WHO}/{verb}", {"on_behalf_of": body, "basis": DECISION, **params}
    )


async def erased(person: Person, client_of: ClientOf) -> int:
    """Two persons erase: one asks, another decides. The position of the event."""
    reply = await asked(person.province, "request-erasure", DISTRICT, ground="retention_ended")
    assert reply.is_success, reply.text
    decider = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), person.province.ledger)
    reply = await asked(decider, "erase", COMMITTEE)
    assert reply.is_success, reply.text
    assert [event["type"] for event in reply.json()["events"]] == [OfficialErased.TYPE]
    position: int = reply.json()["position"]
    return position


async def places(owner: Pool, word: str) -> list[str]:
    """Every table of which a row holds the word, in any column, as text or as bytes."""
    holding: list[str] = []
    for (table,) in await owner.fetch(TABLES):
        holds = await owner.fetchval(
            f"SELECT EXISTS (SELECT FROM {table} t WHERE t::text ILIKE $1 OR t::text ILIKE $2)",  # noqa: S608  the database's own names
            f"%{word}%",
            f"%{word.encode().hex()}%",
        )
        if holds:
            holding.append(table)
    return holding


async def replies(person: Person, position: int, operator: httpx.AsyncClient) -> dict[str, str]:
    """What everything that is read answers, lists as files too."""
    found: dict[str, str] = {}
    province = person.province
    of_person = (f"/search?q={person.word}", f"/imports/{person.job}")
    for path in (*READS, *READS_OF_BEFORE, *of_person):
        for accept in ("application/json", "text/csv", XLSX):
            reply = await province.client.get(
                f"/v1/{province.ledger}{path}",
                params=None if UNWAITED.search(path) else {"min_position": position},
                headers={"Accept": accept},
            )
            assert reply.status_code in {200, 400, 404, 406, 422}, (path, reply.text)
            found[f"{path} {accept}"] = _read(reply)
    found["metrics"] = (await operator.get("/metrics")).text
    return found


def _read(reply: httpx.Response) -> str:
    """What stands in the reply; of a workbook, in all its parts."""
    if reply.headers["content-type"] != XLSX:
        return reply.text
    with ZipFile(BytesIO(reply.content)) as book:
        return "".join(book.read(part).decode() for part in book.namelist())


def holding(found: dict[str, str], word: str) -> list[str]:
    return [place for place, text in found.items() if word.lower() in text.lower()]


@pytest.mark.usefixtures("before")
async def test_the_name_is_read_in_many_places_before_it_is_erased(
    person: Person, service: Service, operator: httpx.AsyncClient
) -> None:
    head = await service.log.head(person.province.ledger)
    found = holding(await replies(person, head, operator), person.word)
    for path in ("/officials", f"/officials/{WHO}/record", "/events", "/tasks/kilns/history"):
        assert f"{path} application/json" in found, found
    for path in ("/officials", f"/officials?known_at={SNAPSHOT}"):
        for accept in ("application/json", "text/csv", XLSX):
            assert f"{path} {accept}" in found, found
    assert f"/search?q={person.word} application/json" in found
    assert f"/imports/{person.job} application/json" in found


@pytest.mark.usefixtures("before")
async def test_an_erased_name_is_nowhere(  # noqa: PLR0913, PLR0917  a name may be in so many places
    person: Person,
    client_of: ClientOf,
    operator: httpx.AsyncClient,
    service: Service,
    owner_pool: Pool,
    database_url: str,
    files: Path,
) -> None:
    province, word = person.province, person.word
    head = await service.log.head(province.ledger)
    await replies(person, head, operator)  # whatever is kept of names is kept from now on
    assert await places(owner_pool, word) == [], "it was never stored as it is read"
    with structlog.testing.capture_logs() as lines:
        position = await erased(person, client_of)
        found = await replies(person, position, operator)
        assert holding(found, word) == []
        feed = json.loads(found["/events application/json"])["events"]
        assert {"official.registered", "task.plan_submitted"} <= {
            event["type"].removeprefix("vn.giaoviec.") for event in feed if event.get("erased")
        }
        for name in ("officials", "tasks", "search_documents_of_officials"):
            await service.projector.rebuild(name)
        assert holding(await replies(person, position, operator), word) == []
    assert word.lower() not in str(lines).lower()
    assert await places(owner_pool, word) == []
    assert not await asyncio.to_thread(_files_holding, files, word)
    server = Path(await owner_pool.fetchval("SHOW data_directory"))
    assert not await asyncio.to_thread(_files_holding, server, word), "nor in its log or its WAL"
    dump = await asyncio.to_thread(_dump, database_url)
    assert b"official.erased" in dump
    assert word.lower().encode() not in dump.lower()
    assert word.encode().hex().encode() not in dump.lower()


def _files_holding(folder: Path, word: str) -> list[Path]:
    """The files and folders that hold the word; other tests' databases come and go meanwhile."""
    held: list[Path] = []
    for parent, folders, files in os.walk(folder):
        held += [Path(parent, name) for name in folders if word in name]
        for path in (Path(parent, name) for name in files):
            with suppress(FileNotFoundError):
                if word in path.name or (path.is_file() and word.encode() in path.read_bytes()):
                    held.append(path)
    return held


def _dump(url: str) -> bytes:
    dump = wheel_binaries() / "pg_dump"
    return subprocess.run([dump, url], capture_output=True, check=True).stdout  # noqa: S603  ours


async def test_the_key_goes_with_the_event_or_both_stay(
    person: Person, client_of: ClientOf, owner_pool: Pool, service: Service
) -> None:
    ledger = person.province.ledger
    key = "SELECT wrapped_key FROM log.person_keys WHERE ledger = $1 AND subject = $2"
    assert await owner_pool.fetchval(key, ledger, WHO)
    head = await service.log.head(ledger)
    event = OfficialErased(
        effective_on="2021-01-01", official_id=WHO, ground="retention_ended", erased_by=COMMITTEE
    )
    stored = await service.codec.encode(ledger, event, actor="client:x")
    async with owner_pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO log.events (ledger, position, event_id, type, schema_version, "
            "recorded_at, effective_on, actor, tags, data) "
            "VALUES ($1, $2, $3, $4, 1, now(), now(), 'client:x', $5, $6)",
            *(ledger, head + 1, stored.id, stored.type, stored.tags, stored.data),
        )
        assert await connection.fetchval(key, ledger, WHO) is None
        await transaction.rollback()
    assert await owner_pool.fetchval(key, ledger, WHO)
    await erased(person, client_of)
    assert await owner_pool.fetchval(key, ledger, WHO) is None


async def test_a_digest_gives_no_name_back(person: Person, owner_pool: Pool) -> None:
    """Whoever has the whole database guesses the request, name and all, and finds nothing."""
    ledger = person.province.ledger
    guess = {"official_id": WHO, "full_name": person.name, "contact": f"{person.word}@example.vn"}
    for document in (guess, {**guess, "effective_on": None}):
        plain = commands._digest(f"/v1/{ledger}/officials/register", document, None)  # noqa: SLF001  what was stored
        stored = await owner_pool.fetch("SELECT digest FROM log.requests WHERE ledger = $1", ledger)
        assert stored
        assert plain not in [row["digest"] for row in stored]


async def test_a_request_that_named_the_person_is_known_until_the_erasure_and_refused_after(
    person: Person, client_of: ClientOf
) -> None:
    again = (
        "/officials/register",
        {"official_id": WHO, "full_name": person.name, "contact": f"{person.word}@example.vn"},
        {"Idempotency-Key": f"register-{person.word[3:]}"},
    )
    reply = await person.province.says(*again)
    assert reply.headers["Idempotency-Replayed"] == "true"
    other = await person.province.says(again[0], {**again[1], "full_name": "Khác"}, again[2])
    assert other.status_code == 422, other.text
    await erased(person, client_of)
    reply = await person.province.says(*again)
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/person-erased")


async def test_a_file_under_way_is_left_at_an_erasure(
    person: Person, client_of: ClientOf, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing() -> None:
        return None

    monkeypatch.setattr(service.imports, "claim", nothing)
    job = await service.imports.submit(
        Upload(
            ledger=person.province.ledger,
            kind=FileKind.OFFICIALS,
            file_format="csv",
            file=person.name,
            content=person.name.encode(),
            dry_run=False,
            proposer_token="none",  # noqa: S106  no secret
            approver_token=None,
            correlation_id=uuid4(),
        )
    )
    assert job.file == person.name
    await erased(person, client_of)
    job = await service.imports.find(job.ledger, job.job)
    assert (job.state, job.file, job.sha256) == ("failed", "-", "")
    [finding], total = await service.imports.findings(job)
    assert total == 1
    assert "send the file again" in finding.mend.en


async def test_a_damaged_name_fails_its_line_and_not_the_page(
    province: Province, service: Service, owner_pool: Pool
) -> None:
    async with owner_pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE log.events DISABLE TRIGGER append_only")
        await connection.execute(
            "UPDATE log.events SET data = convert_to(regexp_replace("
            "convert_from(data, 'UTF8'), '(sealed\":\")....', '\\1AAAA'), 'UTF8') "
            "WHERE ledger = $1 AND type = 'official.registered' AND tags[1] = $2",
            *(province.ledger, "official:official-017"),
        )
        await connection.execute("ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only")
    head = await service.log.head(province.ledger)
    reply = await province.client.get(
        f"/v1/{province.ledger}/officials", params={"min_position": head}
    )
    damaged, whole = reply.json()["items"]
    assert (damaged["full_name"], damaged["erased"], damaged["unreadable"]) == (None, False, True)
    assert (whole["full_name"], whole["unreadable"]) == ("Cán bộ 017", False)
    timeline = await province.client.get(f"/v1/{province.ledger}/officials/official-017/history")
    assert [item["unreadable"] for item in timeline.json()["items"]][-1]
    registered = {"types": "official.registered"}
    feed = await province.client.get(f"/v1/{province.ledger}/events", params=registered)
    damaged, whole = feed.json()["events"]
    assert (damaged["data"]["full_name"], damaged["unreadable"]) == (None, True)
    assert "erased" not in damaged
    assert whole["data"]["full_name"] == "Cán bộ 017"
    assert "unreadable" not in whole


async def test_who_holds_a_post_is_not_erased_and_the_request_is_recorded(
    province: Province,
) -> None:
    verb = "/officials/official-017/request-erasure"
    cited = {"basis": DECISION, "ground": "consent_withdrawn"}
    reply = await province.says(verb, {"on_behalf_of": DISTRICT, **cited})
    assert [event["type"] for event in reply.json()["events"]] == [
        "official.erasure_requested",
        "official.erasure_refused",
    ]
    history = await province.client.get(f"/v1/{province.ledger}/officials/official-017/history")
    assert history.json()["items"][0]["data"]["reason"] == "in_office"


async def test_the_record_is_handed_to_the_official_and_to_who_decides(
    province: Province, client_of: ClientOf, service: Service
) -> None:
    head = await service.log.head(province.ledger)
    address = f"/v1/{province.ledger}/officials/official-017/record?min_position={head}"
    for role, who, status in (
        (Role.OFFICIAL, "official-017", 200),
        (Role.OFFICIAL, "official-018", 403),
        (Role.INSPECTOR, None, 403),
        (Role.AUTHORITY, None, 200),
    ):
        client = await client_of(role, **({} if who is None else {"official_id": who}))
        reply = await client.get(address)
        assert reply.status_code == status, (role, reply.text)
        if status == 200:
            item = reply.json()["item"]
            assert item["full_name"] == "Cán bộ 017"
            assert item["events"][0]["type"] == "official.registered"
            assert [tenure["post_id"] for tenure in item["tenures"]] == [POST]
