"""Every verb over HTTP, each sent by two at once: one acts, and the other is told who did what."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest

from projections import PROJECTIONS
from service.app import VERBS
from tests.domain.record.naive import breaches
from tests.giaoviec import START_S, Giaoviec, Served
from tests.journeys.every_verb import STEPS
from tests.journeys.feed import feed
from tests.journeys.steps import OFFICES, Step
from tests.service.province import version_in

LEDGER = "moi-dong-tu"
API = f"/v1/{LEDGER}"
# What is about several objects has no version; `tests/service/put_right` tries those verbs.
PATHS = {verb.path: verb for verbs in VERBS for verb in verbs if not verb.of_several}


class Told(NamedTuple):
    """What the two who sent a step were answered."""

    step: Step
    won: httpx.Response
    lost: httpx.Response
    winner: str


@pytest.fixture(scope="module")
def tokens(giaoviec: Giaoviec, served: Served) -> dict[str, list[str]]:
    """Of two registrars, of two clerks of the committee's office, and two of an official."""
    assert served.address
    giaoviec.done("ledger", "create", LEDGER, "Mọi động từ")
    named = ("--role", "official", "--official", "c", "--ledger", LEDGER)
    own = [giaoviec.done("token", "create", f"c-{n}", *named).strip() for n in (1, 2)]
    return {"c": own} | {
        name: [giaoviec.new_token(f"{name}-{n}", *units) for n in (1, 2)]
        for name, units in (("registrar", ()), ("clerk", OFFICES))
    }


@pytest.fixture(scope="module")
async def told(served: Served, tokens: dict[str, list[str]]) -> AsyncIterator[list[Told]]:
    """The journey: every step sent by two, who know the same version."""
    async with httpx.AsyncClient(base_url=served.address, timeout=60) as http:
        yield [await _race(http, tokens[step.by], step) for step in STEPS]


async def _race(http: httpx.AsyncClient, tokens: list[str], step: Step) -> Told:
    senders = [{"Authorization": f"Bearer {token}"} for token in tokens]
    seen = await http.post(f"{API}{step.path}?dry_run=true", json=step.said, headers=senders[0])
    assert seen.status_code == 200, f"{step.path}: {seen.text}"
    known = {} if PATHS[step.verb].creates else {"If-Match": seen.headers["etag"]}
    one, two = await asyncio.gather(
        *(
            http.post(f"{API}{step.path}", json=step.said, headers={**sender, **known})
            for sender in senders
        )
    )
    clients = [f"official:{step.by}" if step.by == "c" else f"client:{step.by}-{n}" for n in (1, 2)]
    if one.is_success:
        return Told(step, one, two, clients[0])
    assert two.is_success, f"{step.path}: {one.text} {two.text}"
    return Told(step, two, one, clients[1])


@pytest.fixture(scope="module")
def clerk(served: Served, tokens: dict[str, list[str]]) -> httpx.Client:
    return served.client(tokens["clerk"][0])


def test_the_journey_uses_every_verb(told: list[Told]) -> None:
    assert {step.verb for step, *_ in told} == set(PATHS)


def test_of_two_one_acts_and_the_other_is_told_who_did_what(told: list[Told]) -> None:
    for step, won, lost, winner in told:
        done, refused = won.json(), lost.json()
        assert lost.status_code in {409, 412}, f"{step.path}: {lost.text}"
        last = refused["last_event"]
        events = {event["position"]: event["type"] for event in done["events"]}
        assert last["actor"] == winner, step.path
        assert last["type"] == events[last["position"]], step.path
        assert last["recorded_at"] == done["recorded_at"], step.path


def test_what_a_dry_run_shows_is_what_happens(
    told: list[Told], served: Served, tokens: dict[str, list[str]], clerk: httpx.Client
) -> None:
    head = clerk.get(f"{API}/events?limit=1").json()["head"]
    assert head == sum(len(won.json()["events"]) for _, won, *_ in told)
    registrar = served.client(tokens["registrar"][0])
    said = {"unit_id": "u-moi", "name": "Đơn vị", "kind": "commune"}
    seen = registrar.post(f"{API}/units/establish?dry_run=true", json=said)
    assert seen.status_code == 200
    assert [event["type"] for event in seen.json()["events"]] == ["unit.established"]
    assert clerk.get(f"{API}/events?limit=1").json()["head"] == head
    slip = registrar.post(f"{API}/units/establish?dryrun=true", json=said)
    assert (slip.status_code, slip.json()["errors"][0]["parameter"]) == (422, "dryrun")


def test_what_goes_on_as_another_task_says_where_that_is(told: list[Told]) -> None:
    begun = [won for step, won, *_ in told if PATHS[step.verb].begins is not None]
    assert len(begun) == 2
    for reply in begun:
        said = reply.json()
        assert reply.status_code == 201
        assert reply.headers["location"] == f"{API}/tasks/{said['new_task_id']}"
        assert said["task_id"] != said["new_task_id"]


def test_afterwards_the_read_models_know_it_all(told: list[Told], clerk: httpx.Client) -> None:
    head = max(won.json()["position"] for _, won, *_ in told)
    tasks = clerk.get(f"{API}/tasks?limit=200&min_position={head}").json()["items"]
    states = {task["task_id"]: task["state"] for task in tasks}
    assert states["v-chinh"] == "carried_over"
    assert states["v-xong"] == "completed"
    assert states["v-tu-choi"] == "rejected"
    assert states["v-huy"] == "cancelled"
    by_id = {task["task_id"]: task for task in tasks}
    assert by_id["v-chinh"]["carried_over_to"] == "v-tiep"
    assert by_id["v-tiep"]["continued_from"] == "v-chinh"
    assert by_id["v-hang-nam"]["instances"] == ["v-nam-2022"]
    assert by_id["v-chinh"]["parts_share_percent"] == "20.00"
    for task in tasks:
        reply = clerk.get(f"{API}/tasks/{task['task_id']}")
        assert version_in(reply.headers["etag"]) == f'"{task["position"]}"'
        events = clerk.get(f"{API}/tasks/{task['task_id']}/history?limit=1").json()["items"]
        assert events[0]["position"] == task["position"]


def test_a_naive_reading_of_the_log_finds_nothing_that_cannot_be(
    told: list[Told], clerk: httpx.Client
) -> None:
    log = feed(clerk, LEDGER)
    assert len(log) >= len(told)
    assert breaches(log) == []


def test_every_read_model_is_what_a_new_fold_of_the_whole_life_gives(
    told: list[Told], giaoviec: Giaoviec, clerk: httpx.Client
) -> None:
    """First the rows that grew event by event, then those built anew: digest for digest."""
    head = max(won.json()["position"] for _, won, *_ in told)
    names = {projection.name for projection in PROJECTIONS}
    grown = _verified(giaoviec, head)
    assert set(grown) == names
    giaoviec.done("projections", "rebuild")
    assert _verified(giaoviec, head) == grown
    assert all(grown.values()), "each has rows"
    assert clerk.get(f"{API}/tasks/v-chinh/dossier?min_position={head}").is_success


def _verified(giaoviec: Giaoviec, head: int) -> dict[str, str]:
    """The digest of every read model's rows of the ledger, at the head of its log."""
    deadline = time.monotonic() + START_S
    while any(row["position"] < head for row in _status(giaoviec)):
        assert time.monotonic() < deadline
    found = json.loads(giaoviec.done("projections", "verify", "--json"))
    ours = [row for row in found if row["ledger"] == LEDGER]
    assert all(row["equal"] and row["position"] == head for row in ours)
    return {row["projection"]: row["digest"] for row in ours}


def _status(giaoviec: Giaoviec) -> list[dict[str, Any]]:
    found = json.loads(giaoviec.done("projections", "status", "--json"))
    return [row for row in found if row["ledger"] == LEDGER]
