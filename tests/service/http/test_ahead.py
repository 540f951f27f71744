"""Decided ahead: no read as of today says otherwise than before; as of its day it shows."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest

from service.database.engine import Pool
from service.handle import today, utc_now
from tests.service.http.decided_ahead import (
    DECISIONS,
    FIRST,
    HEIR,
    LEAVER,
    NEW_COMMUNE,
    NEW_POST,
    NEW_UNIT,
    NEWCOMER,
    OLD_POST,
    ORDER,
    SEATS,
    SECOND,
    Decision,
    day_of,
    decide_ahead,
    prepare,
)
from tests.service.http.lists import LISTS, addressed, busy, snapshot
from tests.service.http.yen_son import OTHER, OTHER_DISTRICT, OTHER_POST, SECRETARY, Reader
from tests.service.province import DISTRICT, POST, Province

DAYS_AHEAD = 20
BEFORE_DECIDING = "before-deciding"
TODAY = today(utc_now)
# It shows what was recorded, whenever it counts; so do histories.
OF_THE_RECORD = {"/scheduled", "/access-record"}
# What a read does not take: it is of today, or of two positions that it names.
WITHOUT = {"/search": {"as_of", "known_at"}, "/changes": {"known_at"}}
GROUPS = {
    "/completion-rates": ("none", "unit", "official", "field", "kind", "term", "origin", "year"),
    "/task-states": ("none", "unit", "post", "official", "field", "kind", "term", "year"),
    "/overdue-trend": ("none", "unit", "post", "official", "term"),
}
WORDS = ("tươi", ORDER["number"], "h", "dân", "văn phòng", "xa", "yên sơn", "chi cục", "ủy viên")
YEARLY = ("programmes", "annual-reports", "reviews", "agencies", "figures")
YEARS = ("2022", *(f"{TODAY.year + years}" for years in range(3)))
SUBJECTS = {
    "tasks": ("kilns", "roads", "school", "dam", "hamlets", "meetings", "houses", "lamps", "wells",
              "bridge", "houses-2027", "hamlets-2027"),
    "officials": (LEAVER, SECRETARY, OTHER, HEIR, NEWCOMER, FIRST, SECOND, "giam-doc-1"),
    "units": (DISTRICT, OTHER_DISTRICT, "xa-1", "xa-3", "xa-4", "xa-5", "xa-6", "chi-bo-3",
              NEW_UNIT, NEW_COMMUNE),
    "posts": (POST, OTHER_POST, SEATS, OLD_POST, NEW_POST),
}  # fmt: skip
# Of these nothing is there today.
TO_COME = {
    "tasks": ("houses-2027", "hamlets-2027"),
    "units": (NEW_UNIT, NEW_COMMUNE),
    "posts": (NEW_POST,),
}
ENDLESS = "infinity"
ASPECTS = {
    "tasks": ("", "/dossier", "/responsibilities"),
    "officials": ("", "/portfolio", "/responsibilities"),
    "units": ("", "/lineage"),
    "posts": ("",),
}


class Asked(NamedTuple):
    """A read and its parameters."""

    path: str
    params: Mapping[str, str]


class Answer(NamedTuple):
    """What a read says."""

    status: int
    says: Any


class Decided(NamedTuple):
    """A ledger in which everything is decided ahead.

    Attributes:
        position: the last before the decisions; a snapshot is made of it.
        first: from which day the first decision counts.
        reader: reads what is recorded by now.
        said: what each read answered before: as of today by default, and by name.
    """

    position: int
    first: date
    reader: Reader
    said: dict[str, list[Answer]]


def every_read() -> list[Asked]:
    """Every list, and every thing of which something is decided."""
    lists = {path: params for path, params in LISTS.items() if path not in OF_THE_RECORD}
    asked = [
        Asked(addressed(path), {**params, "limit": "200"})
        for path, params in lists.items()
        if not path.endswith("/history")
    ]
    asked += [Asked(one.path, {**one.params, "format": "jsonl"}) for one in asked]
    asked += [Asked(path, {"group_by": by}) for path, groups in GROUPS.items() for by in groups]
    asked += [Asked(f"/monitoring/{of}", {"year": year}) for of, year in product(YEARLY, YEARS)]
    asked += [Asked(path, {"q": words}) for path in ("/search", "/tasks") for words in WORDS]
    asked += [Asked("/commune-coverage", {}), Asked("/cell-attendance", {"missing": "true"})]
    asked += [Asked("/commune-coverage/pending-retirements", {"within_days": "365"})]
    for kind, ids in SUBJECTS.items():
        asked += [Asked(f"/{kind}/{one}{of}", {}) for one, of in product(ids, ASPECTS[kind])]
    return asked


READS = every_read()


async def answer(reader: Reader, asked: Asked, **params: str | int) -> Answer:
    """What the read says, but for where it stands and for ends that are yet to come."""
    taken = {name: params[name] for name in params.keys() - WITHOUT.get(asked.path, set())}
    reply = await reader.says(asked.path, **{**asked.params, **taken})
    if not reply.is_success:
        return Answer(reply.status_code, reply.json()["type"])
    if "format" in asked.params:
        return Answer(200, [settled(json.loads(line)) for line in reply.text.splitlines()])
    return Answer(200, settled(reply.json()))


def settled(said: Any) -> Any:
    """The same without the position, which says what is recorded, and without an end to come.

    What runs on a day says its last day once that is decided, as of every day.
    """
    if isinstance(said, list):
        return [settled(one) for one in said]
    if not isinstance(said, dict):
        return said
    kept = {name: settled(value) for name, value in said.items() if name != "position"}
    if "to_on" in kept and (kept["to_on"] or ENDLESS) > TODAY.isoformat():
        of_its_end = {"to_on", "ended_position"} | ({"cause"} if "post_id" in kept else set())
        return {name: value for name, value in kept.items() if name not in of_its_end}
    return kept


async def answers(reader: Reader, **params: str | int) -> list[Answer]:
    return [await answer(reader, asked, **params) for asked in READS]


def is_to_come(asked: Asked) -> bool:
    """Whether it is of something that is not there today."""
    _, kind, of, *_ = f"{asked.path}/".split("/")
    return of in TO_COME.get(kind, ())


def differing(said: list[Answer], before: list[Answer]) -> list[tuple[Asked, Answer, Answer]]:
    """Which reads say otherwise than before: what they said, and what they say."""
    return [
        (asked, then, now)
        for asked, then, now in zip(READS, before, said, strict=True)
        if then != now
    ]


@pytest.fixture(scope="module")
async def decided(administrator: httpx.AsyncClient, owner_pool: Pool) -> Decided:
    """The busy ledger, in which every kind of decision is taken ahead of its day."""
    name = f"test-{uuid4().hex[:12]}"
    await owner_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", name)
    province = Province(administrator, name)
    await busy(province)
    position = await prepare(province)
    reader = Reader(province, position)
    said = {
        "by default": await answers(reader),
        "today": await answers(reader, as_of=TODAY.isoformat()),
        "last year": await answers(reader, as_of=f"{TODAY.year - 1}-06-30"),
    }
    first = TODAY + timedelta(days=DAYS_AHEAD)
    last = await decide_ahead(province, first)
    await snapshot(province, BEFORE_DECIDING, position)
    return Decided(position, first, Reader(province, last), said)


async def test_until_the_day_every_read_says_what_it_said(decided: Decided) -> None:
    assert differing(await answers(decided.reader), decided.said["by default"]) == []
    today_again = await answers(decided.reader, as_of=TODAY.isoformat())
    assert differing(today_again, decided.said["today"]) == []
    earlier = await answers(decided.reader, as_of=f"{TODAY.year - 1}-06-30")
    assert differing(earlier, decided.said["last year"]) == []


async def test_every_read_says_something_but_of_what_is_yet_to_come(decided: Decided) -> None:
    """Else nothing would be compared."""
    for asked, said in zip(READS, decided.said["today"], strict=True):
        assert said.status == (404 if is_to_come(asked) else 200), (asked, said)


async def test_what_was_known_before_says_what_was_said_before(decided: Decided) -> None:
    for known_at in (BEFORE_DECIDING, decided.position):
        known = await answers(decided.reader, known_at=known_at, as_of=TODAY.isoformat())
        assert differing(known, decided.said["today"]) == [], known_at


@pytest.mark.parametrize("number", range(len(DECISIONS)), ids=lambda at: DECISIONS[at].verb)
async def test_as_of_its_day_a_decision_shows(decided: Decided, number: int) -> None:
    decision, on = DECISIONS[number], day_of(decided.first, number)
    before, then = [
        await shown(decided.reader, decision, day) for day in (on - timedelta(days=1), on)
    ]
    assert before != then


async def shown(reader: Reader, decision: Decision, on: date) -> Any:
    """What the read says of that field, of its item or of each of its items."""
    path, _, query = decision.shown.partition("?")
    asked = dict(part.split("=") for part in query.split("&") if part)
    reply = await reader.says(path, **asked, as_of=on.isoformat())
    if reply.status_code == 404:
        return None
    body = reply.json()
    if "item" in body:
        return settled(body["item"][decision.field])
    return [settled(item[decision.field]) for item in body["items"]]
