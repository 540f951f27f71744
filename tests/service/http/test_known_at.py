"""Known at: answers about one subject are what was said when the log stood there."""

import asyncio
from typing import Any

from service.components import Service
from tests.service.http.lists import followed
from tests.service.http.test_record import DECIDED, annul, problem, read, report
from tests.service.province import POST, Province

ASKED = (
    "/tasks/kilns",
    "/tasks/kilns/dossier",
    "/tasks/kilns/history",
    "/tasks/kilns/responsibilities",
    "/officials/official-017",
    "/officials/official-017/portfolio",
    "/officials/official-017/responsibilities",
    "/officials/official-018/responsibilities",
    f"/posts/{POST}",
    "/units/yen-son",
    "/units/yen-son/lineage",
)
ON = "2021-12-31"


async def said(province: Province, **params: str | int) -> dict[str, Any]:
    """Every answer, as of one day."""
    return {
        path: await read(province, path, as_of=ON, **params)
        for path in ASKED
        if not path.endswith("/history")
    } | {path: await read(province, path, **params) for path in ASKED if path.endswith("/history")}


def without_place(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers but for where the read models stood, which are shared by all subjects."""
    return {path: {**answer, "position": None} for path, answer in answers.items()}


async def test_what_was_said_is_what_is_said_of_what_was_known(province: Province) -> None:
    await province.task_in_progress("kilns")
    remembered: dict[int, dict[str, Any]] = {}

    async def remember(position: int) -> int:
        remembered[position] = await said(province, min_position=position)
        return position

    first = await remember(await report(province, "2021-05-01", "tháng 5"))
    await remember(await report(province, "2021-03-01", "tháng 3, ghi muộn"))
    left = await province.does(
        f"/posts/{POST}/end-tenure",
        official_id="official-017",
        cause="retirement",
        effective_on="2021-07-01",
        succession={"official_id": "official-018", "state_summary": "92 trên 98 lò"},
        **DECIDED,
    )
    await remember(left["position"])
    renamed = await province.does(
        "/units/yen-son/rename",
        name="Yên Sơn mới",
        effective_on="2021-08-01",
        basis=DECIDED["basis"],
    )
    await remember(renamed["position"])
    annulled = await annul(province, first)
    await remember(annulled.json()["position"])
    for position, answers in remembered.items():
        known = await said(province, known_at=position)
        assert without_place(known) == without_place(answers), position


async def test_a_rebuild_meanwhile_changes_no_answer(province: Province, service: Service) -> None:
    """Statements that connections keep prepared go on, though other tables have taken the place."""
    await province.task_in_progress("kilns")
    at = await report(province, "2021-05-01", "tháng 5")
    before = await said(province, known_at=at)
    for _ in range(5):  # on every connection of the pool
        await asyncio.gather(*(said(province, known_at=at) for _ in range(5)))
    for name in ("tasks", "responsibilities", "units", "officials", "posts"):
        await service.projector.rebuild(name)
    for each in await asyncio.gather(*(said(province, known_at=at) for _ in range(10))):
        assert without_place(each) == without_place(before)


async def test_an_instant_is_the_last_position_recorded_by_then(province: Province) -> None:
    await province.task_in_progress("kilns")
    done = await province.says("/tasks/kilns/report-progress", {"narrative": "một"})
    await province.says("/tasks/kilns/report-progress", {"narrative": "hai"})
    at = done.json()["recorded_at"]
    found = await read(province, "/tasks/kilns/dossier", known_at=at)
    assert [one["narrative"] for one in found["item"]["reports"]] == ["một"]
    assert found["position"] == done.json()["position"]


async def test_what_cannot_be_known_is_refused(province: Province) -> None:
    await province.task_in_progress("kilns")

    async def asked(known_at: str, path: str = "/tasks/kilns") -> tuple[int, str]:
        address = f"/v1/{province.ledger}{path}"
        return problem(await province.client.get(address, params={"known_at": known_at}))

    assert await asked("1000000") == (422, "position-not-recorded")
    assert await asked("0") == (422, "nothing-recorded-yet")
    assert await asked("1990-01-01T00:00:00Z") == (422, "nothing-recorded-yet")
    assert await asked("2190-01-01T00:00:00Z") == (422, "instant-ahead")
    assert await asked("2021-01-01T00:00:00") == (422, "not-valid")
    assert await asked("1", "/tasks/kilns") == (404, "task-unknown")
    assert await asked("1", "/active-tasks") == (422, "snapshot-required")


WHOLE = (
    "/active-tasks",
    "/tasks",
    "/completion-rates?group_by=official",
    "/task-states?group_by=unit",
    "/units",
    "/tenures",
    "/commune-coverage",
    "/overdue-trend?group_by=unit",
)


async def of_all(province: Province, **params: str | int) -> dict[str, Any]:
    answers = {}
    for path in WHOLE:
        plain, _, query = path.partition("?")
        given = dict(part.split("=") for part in query.split("&") if part)
        answers[path] = await read(province, plain, as_of=ON, **given, **params)
    return answers


async def test_of_the_whole_ledger_a_snapshot_says_what_was_said(province: Province) -> None:
    await province.task_in_progress("kilns")
    position = await report(province, "2021-05-01", "tháng 5")
    remembered = await of_all(province, min_position=position)
    done = await province.says("/snapshots", {"known_at": position, "name": "meeting"})
    assert done.status_code == 202, done.text
    cancelled = await province.does(
        "/tasks/kilns/cancel", reason="…", effective_on="2021-06-01", **DECIDED
    )
    made = await followed(province.client, done.headers["Location"])
    assert made["state"] == "done", made
    for known_at in (position, "meeting"):
        known = await of_all(province, known_at=known_at)
        assert without_place(known) == without_place(remembered)
    now = await read(province, "/active-tasks", as_of=ON, min_position=cancelled["position"])
    assert now["items"] == []
