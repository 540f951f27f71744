"""A cursor serves the list, filters, order and day it is of; whatever else it holds is refused."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service.http.yen_son import Reader


async def answer(reader: Reader, path: str, **query: object) -> tuple[int, dict[str, Any]]:
    asked = {name: str(value) for name, value in query.items()}
    asked["min_position"] = str(reader.position)
    reply = await reader.client.get(f"/v1/{reader.ledger}/{path}", params=asked)
    return reply.status_code, reply.json()


async def cursor_of(reader: Reader, path: str, **query: object) -> str:
    status, page = await answer(reader, path, limit=1, **query)
    assert status == 200, page
    assert page["next_cursor"], "the list has one item only"
    return str(page["next_cursor"])


def parts(cursor: str) -> list[Any]:
    opened: list[Any] = json.loads(urlsafe_b64decode(cursor))
    return opened


def forged(text: str | bytes) -> str:
    return urlsafe_b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize(
    ("path", "other", "query"),
    [
        ("units", "units", {"kind": "commune"}),
        ("tasks", "tasks", {"state": "in_progress"}),
        ("tasks", "tasks", {"sort": "-task_id"}),
        ("tasks", "active-tasks", {}),
        ("tasks", "tasks", {"as_of": "2021-01-01"}),
        ("posts", "units", {}),
    ],
)
async def test_a_cursor_serves_no_other_list_filters_order_or_day(
    busy_ledger: Reader, path: str, other: str, query: dict[str, str]
) -> None:
    cursor = await cursor_of(busy_ledger, path)
    assert (await answer(busy_ledger, path, cursor=cursor, limit=2))[0] == 200
    status, problem = await answer(busy_ledger, other, cursor=cursor, **query)
    assert (status, problem["type"]) == (422, "/problems/cursor-unusable")


async def test_forged_cursors_are_refused(busy_ledger: Reader) -> None:
    epoch, listing, day, *mark = parts(await cursor_of(busy_ledger, "units"))
    for text in (
        "[" * 1490,
        json.dumps([epoch, listing, "9999-12-31", *mark]),
        json.dumps([epoch, listing, "0001-01-01", *mark]),
        json.dumps([epoch, listing, day, "\0"]),
        json.dumps([epoch, listing, day, "\ud800"]),
        json.dumps([epoch, listing, day, 10**400]),
        json.dumps([epoch, listing, day, *mark, *mark]),
        json.dumps([epoch, listing, day]),
        json.dumps({"epoch": epoch}),
        b"\xff\xfe",
        "NaN",
        "1e999",
    ):
        status, problem = await answer(busy_ledger, "units", cursor=forged(text))
        assert (status, problem["type"]) == (422, "/problems/cursor-unusable"), text


async def test_whatever_a_cursor_holds_is_no_fault_of_the_service(busy_ledger: Reader) -> None:
    begun = {
        path: parts(await cursor_of(busy_ledger, path))[:3] for path in ("units", "tasks", "posts")
    }
    seen: list[tuple[str, str]] = []

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from(sorted(begun)),
        st.lists(st.text() | st.integers() | st.floats() | st.none(), max_size=4),
    )
    def collect(path: str, mark: list[object]) -> None:
        seen.append((path, forged(json.dumps([*begun[path], *mark], ensure_ascii=True))))

    collect()
    for path, cursor in seen:
        status, _ = await answer(busy_ledger, path, cursor=cursor[:2000])
        assert status in {200, 422}, cursor
