"""Snapshots over HTTP: ordered, followed, listed, dropped; and what their tables answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest

from projections.projection import SCHEMA
from projections.record.changes import Change
from projections.search.hits import frequencies, hits
from projections.sources import in_schema
from projections.statement import Statement
from service import search as searching
from service.access.roles import Role
from service.components import Service
from service.handle import VIETNAM, utc_now
from service.http.reads.columns import columns_of
from service.http.reads.query import LONGEST_PAGE
from service.http.reads.reading import Reading
from service.language import Language
from service.read_models import snapshots as keeping
from service.read_models.snapshots import SnapshotUnknown, snapshot_at
from tests.service.conftest import ClientOf
from tests.service.http.lists import LISTS, WAIT_SECONDS, addressed, followed, snapshot
from tests.service.http.monitored_communes import monitored_communes
from tests.service.http.test_record import DECIDED, annul, problem, read, report
from tests.service.http.yen_son import Reader
from tests.service.province import DISTRICT, POST, Province

Answers: TypeAlias = dict[str, Any]

HEAD = "the-head"
SHARED = [HEAD, "before-vacancies"]
COMPARES = "/changes"
ROWS = Reading.rows


@pytest.fixture(autouse=True)
async def _kept_apart(service: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Slots need no rest here, and what any test makes is dropped, unless others read it."""
    monkeypatch.setattr(keeping, "REST_SECONDS", -1.0)
    await _drop_what_nobody_reads(service)
    yield
    await _drop_what_nobody_reads(service)


async def _drop_what_nobody_reads(service: Service) -> None:
    await service.pool.execute("DELETE FROM jobs.snapshots WHERE name <> ALL ($1)", SHARED)
    service.snapshot_worker.wake()


def over(monkeypatch: pytest.MonkeyPatch, schema: str | None) -> None:
    """Let every read go to that schema."""

    async def rows(self: Reading, statement: Statement, **params: object) -> Sequence[Any]:
        return await ROWS(self, in_schema(statement, schema or SCHEMA), **params)

    def there(of: Callable[..., Statement]) -> Callable[..., Statement]:
        return lambda *asked, **how: in_schema(of(*asked, **how), schema or SCHEMA)

    monkeypatch.setattr(Reading, "rows", rows)
    monkeypatch.setattr(searching, "hits", there(hits))
    monkeypatch.setattr(searching, "frequencies", there(frequencies))


@pytest.mark.parametrize("path", [path for path in LISTS if path != COMPARES])
async def test_every_list_over_a_snapshot_of_the_head_is_the_live_one(
    busy_ledger: Reader,
    administrator: httpx.AsyncClient,
    service: Service,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = await busy_ledger.reads(addressed(path), **LISTS[path], limit=LONGEST_PAGE)
    head = await snapshot_of_head(service, Province(administrator, busy_ledger.ledger))
    over(monkeypatch, head)
    known = await busy_ledger.reads(addressed(path), **LISTS[path], limit=LONGEST_PAGE)
    assert known == live


async def snapshot_of_head(service: Service, province: Province) -> str:
    try:
        return (await snapshot_at(service.pool, province.ledger, HEAD)).schema
    except SnapshotUnknown:
        await snapshot(province, HEAD)
    return (await snapshot_at(service.pool, province.ledger, HEAD)).schema


ASKED = {
    "/tasks": {},
    "/active-tasks": {},
    "/completion-rates": {"group_by": "unit"},
    "/officials/official-017/responsibilities": {},
    "/tasks/kilns": {},
    f"/posts/{POST}": {},
    "/vacancies": {},
    "/tenures": {},
    "/commune-coverage": {},
    "/commune-coverage/communes": {},
    "/commune-coverage/officials": {},
    "/backdated": {},
    "/scheduled": {},
}


async def answers(province: Province, position: int) -> dict[str, Any]:
    """What is answered now, as of a day long after; `position` is where the log stands."""
    found: Answers = {}
    for path, params in ASKED.items():
        for day in ("2021-05-15", "2021-12-31"):
            asked = {**params, "as_of": day, "min_position": position}
            found[f"{path} {day}"] = await read(province, path, **asked)
    return found


async def test_what_a_snapshot_answers_is_what_was_answered_then(
    province: Province, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered: dict[int, Answers] = {}

    async def remember(position: int) -> int:
        remembered[position] = await answers(province, position)
        return position

    await province.task_in_progress("kilns")
    await monitored_communes(province)
    await remember(await report(province, "2021-06-01", "tháng 6"))
    late = await remember(await report(province, "2021-05-01", "tháng 5"))
    done = await province.does(
        "/tasks/kilns/vacate", effective_on="2021-06-10", reason="Nghỉ chế độ", **DECIDED
    )
    vacated = await remember(done["position"])
    done = await province.does(
        "/units/establish",
        name="Chi cục",
        kind="division",
        effective_on=(utc_now() + timedelta(days=40)).date().isoformat(),
    )
    await remember(done["position"])
    await annul(province, late)
    reply = await annul(province, vacated, **DECIDED)
    assert reply.status_code == 200, reply.text
    await remember(reply.json()["position"])
    for position, then in remembered.items():
        assert await snapshot(province, f"at-{position}", position) == position
        kept = await snapshot_at(service.pool, province.ledger, position)
        assert kept == await snapshot_at(service.pool, province.ledger, f"at-{position}")
        over(monkeypatch, kept.schema)
        assert await answers(province, 0) == then
        over(monkeypatch, None)


async def test_an_instant_is_the_last_position_recorded_by_then(province: Province) -> None:
    await province.task_in_progress("kilns")
    first = await report(province, "2021-06-01", "tháng 6")
    between = utc_now()
    await report(province, "2021-07-01", "tháng 7")
    assert await snapshot(province, "meeting", between) == first


async def test_a_snapshot_is_followed_listed_and_dropped(province: Province) -> None:
    address = f"/v1/{province.ledger}/snapshots"
    reply = await province.says("/snapshots", {"known_at": 2, "name": "meeting"})
    assert reply.status_code == 202
    assert reply.headers["Location"] == f"{address}/meeting"
    assert reply.json()["state"] == "waiting"
    taken = await province.says("/snapshots", {"known_at": 3, "name": "meeting"})
    assert problem(taken) == (409, "snapshot-name-taken")
    kept = await followed(province.client, reply.headers["Location"])
    assert kept["events_done"] == kept["events_total"] > 0
    assert (kept["position"], kept["error"]) == (2, None)
    assert kept["made_by"].startswith("client:authority")
    assert kept["expires_at"] > kept["ended_at"] > kept["created_at"]
    assert (await province.client.get(address)).json() == {"items": [kept]}
    dropped = await province.client.delete(f"{address}/meeting")
    assert (dropped.status_code, dropped.content) == (204, b"")
    assert problem(await province.client.delete(f"{address}/meeting")) == (404, "snapshot-unknown")
    assert problem(await province.client.get(f"{address}/meeting")) == (404, "snapshot-unknown")
    assert (await province.client.get(address)).json() == {"items": []}


@pytest.mark.parametrize(
    ("known_at", "name", "where"),
    [
        (0, "meeting", "#/known_at"),
        (-1, "meeting", "#/known_at"),
        (1.5, "meeting", "#/known_at"),
        ("2021-05-31", "meeting", "#/known_at"),
        ("2021-05-31T08:00:00", "meeting", "#/known_at"),
        ("12", "meeting", "#/known_at"),
        (None, "meeting", "#/known_at"),
        (1, "1st", "#/name"),
        (1, "", "#/name"),
    ],
)
async def test_a_snapshot_that_is_not_described_is_refused_where_it_is_wrong(
    province: Province, known_at: object, name: str, where: str
) -> None:
    reply = await province.says("/snapshots", {"known_at": known_at, "name": name})
    assert problem(reply) == (422, "not-valid")
    assert [fault["pointer"] for fault in reply.json()["errors"]] == [where]


async def test_a_snapshot_of_what_is_not_recorded_is_refused(
    province: Province, administrator: httpx.AsyncClient, ledger: str
) -> None:
    head = (await read(province, "/events", limit=1))["head"]
    beyond = await province.says("/snapshots", {"known_at": head + 1, "name": "meeting"})
    assert problem(beyond) == (422, "position-not-recorded")
    assert (beyond.json()["position"], beyond.json()["head"]) == (head + 1, head)
    tomorrow = (utc_now() + timedelta(days=1)).isoformat()
    ahead = await province.says("/snapshots", {"known_at": tomorrow, "name": "meeting"})
    assert problem(ahead) == (422, "instant-ahead")
    early = {"known_at": "1999-12-31T00:00:00Z", "name": "meeting"}
    assert problem(await province.says("/snapshots", early)) == (422, "nothing-recorded-yet")
    unknown = await administrator.post("/v1/no-such-ledger/snapshots", json=early)
    assert unknown.status_code == 404
    assert (await administrator.get(f"/v1/{ledger}/snapshots")).json() == {"items": []}


async def test_who_decides_makes_snapshots_and_who_reads_sees_them(
    province: Province, client_of: ClientOf
) -> None:
    inspector, authority = [await client_of(role) for role in (Role.INSPECTOR, Role.AUTHORITY)]
    address = f"/v1/{province.ledger}/snapshots"
    order = {"known_at": 1, "name": "meeting"}
    assert problem(await inspector.post(address, json=order)) == (403, "role-forbids")
    assert (await authority.post(address, json=order)).status_code == 202
    assert (await inspector.get(f"{address}/meeting")).status_code == 200
    assert problem(await inspector.delete(f"{address}/meeting")) == (403, "role-forbids")
    assert (await authority.delete(f"{address}/meeting")).status_code == 204


async def test_a_dropped_snapshot_leaves_nothing_to_read(
    province: Province, service: Service
) -> None:
    await snapshot(province, "meeting", 1)
    kept = await snapshot_at(service.pool, province.ledger, "meeting")
    await province.client.delete(f"/v1/{province.ledger}/snapshots/meeting")
    with pytest.raises(SnapshotUnknown):
        await snapshot_at(service.pool, province.ledger, "meeting")
    with pytest.raises(asyncpg.UndefinedTableError):
        await read_until_it_is_gone(service, kept.schema)


async def read_until_it_is_gone(service: Service, schema: str) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            await service.pool.fetch(f"SELECT FROM {schema}.tasks")


async def changes(
    province: Province, since: str | int, **params: str | int
) -> dict[tuple[str, str], Any]:
    """By thing and field."""
    found = (await read(province, "/changes", **{"from": since, **params}))["items"]
    return {(item["id"], item["field"]): item for item in found}


async def test_changes_name_what_is_answered_otherwise_and_why(province: Province) -> None:
    await province.task_in_progress("kilns")
    await province.task_in_progress("roads")
    first = await report(province, "2021-06-01", "tháng 6")
    await snapshot(province, "meeting", first)
    vacated = await province.does(
        "/tasks/kilns/vacate", effective_on="2021-06-10", reason="Nghỉ chế độ", **DECIDED
    )
    last = await province.does(
        "/tasks/roads/cancel", effective_on="2021-06-02", reason="nhầm việc", **DECIDED
    )
    found = await changes(province, "meeting", as_of="2021-12-31", min_position=last["position"])
    common = {"before_percent": None, "after_percent": None, "backdated": True}
    assert found == {
        ("kilns", "leader"): {
            "kind": "task",
            "id": "kilns",
            "field": "leader",
            "before": "official-017",
            "after": None,
            "because": [vacated["position"]],
            **common,
        },
        ("kilns", "state"): {
            "kind": "task",
            "id": "kilns",
            "field": "state",
            "before": "in_progress",
            "after": "vacant",
            "because": [vacated["position"]],
            **common,
        },
        ("roads", "state"): {
            "kind": "task",
            "id": "roads",
            "field": "state",
            "before": "in_progress",
            "after": "cancelled",
            "because": [last["position"]],
            **common,
        },
        (DISTRICT, "completion_rate"): {
            "kind": "unit",
            "id": DISTRICT,
            "field": "completion_rate",
            "before": "0/2",
            "after": "0/1",
            **common,
            "before_percent": "0.00",
            "after_percent": "0.00",
            "because": [vacated["position"], last["position"]],
        },
    }
    before_it_counts = await changes(province, first, as_of="2021-05-01")
    assert before_it_counts == {}
    one = await changes(province, first, as_of="2021-12-31", id="roads")
    assert [*one] == [("roads", "state")]
    middle = vacated["position"]
    await snapshot(province, "middle", middle)
    between = await changes(province, "meeting", to=middle, as_of="2021-12-31")
    assert {of for of, _ in between} == {"kilns"}
    same = await changes(province, "meeting", to="meeting")
    assert same == {}


async def test_changes_name_who_monitors_a_commune(province: Province) -> None:
    await monitored_communes(province)
    head = (await read(province, "/events", limit=1))["head"]
    await snapshot(province, "meeting", head)
    day = utc_now().astimezone(VIETNAM).date().isoformat()
    done = await province.does(
        "/communes/xa-1/release-monitor", effective_on=day, reason="Nhận nhiệm vụ khác", **DECIDED
    )
    found = await changes(province, "meeting", kind="commune", min_position=done["position"])
    assert found == {
        ("xa-1", "monitor"): {
            "kind": "commune",
            "id": "xa-1",
            "field": "monitor",
            "before": "giam-doc-1",
            "after": None,
            "before_percent": None,
            "after_percent": None,
            "because": [done["position"]],
            "backdated": False,
        }
    }
    assert await changes(province, "meeting", kind="unit") == {}


async def test_changes_are_taken_away_as_a_file(busy_ledger: Reader) -> None:
    asked = {"from": "before-vacancies", "as_of": "2021-12-31"}
    whole = await busy_ledger.reads("/changes", **asked, limit=LONGEST_PAGE)
    lines = (await busy_ledger.says("/changes", **asked, format="jsonl")).text.splitlines()
    assert [json.loads(line) for line in lines] == whole["items"]
    table = await busy_ledger.client.get(
        f"/v1/{busy_ledger.ledger}/changes",
        params={**asked, "format": "csv"},
        headers={"Accept-Language": "vi"},
    )
    assert table.text.splitlines()[0].startswith("Đối tượng,Mã,Nội dung thay đổi,Trước,Sau")


def test_every_column_of_changes_is_headed_in_vietnamese() -> None:
    english: Language = "en"
    for column in columns_of(Change):
        assert column.heading("vi").casefold() != column.heading(english).casefold()


async def test_changes_between_what_is_neither_are_refused(province: Province) -> None:
    await province.task_in_progress("kilns")
    head = await report(province, "2021-06-01", "tháng 6")
    await snapshot(province, "early", 2)
    await snapshot(province, "late", head)

    async def refused(since: str | int | None = None, **to: str | int) -> tuple[int, str]:
        params = to if since is None else {"from": since, **to}
        return problem(await province.client.get(f"/v1/{province.ledger}/changes", params=params))

    assert await refused("no-such") == (404, "snapshot-unknown")
    assert await refused(3) == (404, "snapshot-unknown")
    assert await refused("early", to=3) == (404, "snapshot-unknown")
    assert await refused(head + 1) == (422, "position-not-recorded")
    assert await refused("late", to="early") == (422, "changes-reversed")
    assert await refused() == (422, "not-valid")
    for wrong in ("0", "-1", "1.5", "Early", ""):
        assert await refused(wrong) == (422, "not-valid")
    reply = await province.client.get(
        f"/v1/{province.ledger}/changes", params={"from": "early", "to": head}
    )
    assert reply.json()["position"] == head
