"""The day of a handover, seen from the day before, that day, and later."""

from typing import Any

import httpx
import pytest

from service.demo.tuyen_quang.year_2020 import HANDED_OVER, elected, predecessor
from tests.giaoviec import Served

DAY_BEFORE, THAT_DAY = "2020-06-09", "2020-06-10"


@pytest.fixture(scope="module")
def visitor(figures: dict[str, Any], served: Served) -> httpx.Client:
    assert figures
    return served.client(served.giaoviec.token("demo-visitor"))


def asked(visitor: httpx.Client, path: str, **query: str) -> dict[str, Any]:
    reply = visitor.get(f"/v1/tuyen-quang/{path}", params=query)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


@pytest.mark.parametrize("task_id", HANDED_OVER)
def test_the_predecessor_answers_until_the_day_before(visitor: httpx.Client, task_id: str) -> None:
    path = f"tasks/{task_id}/responsibilities"
    (before,) = asked(visitor, path, as_of=DAY_BEFORE)["items"]
    (then,) = asked(visitor, path, as_of=THAT_DAY)["items"]
    assert (before["official_id"], before["to_on"]) == (predecessor(), DAY_BEFORE)
    assert (then["official_id"], then["from_on"]) == (elected(), THAT_DAY)


@pytest.mark.parametrize("task_id", HANDED_OVER)
def test_the_task_as_of_that_day_is_with_the_successor(visitor: httpx.Client, task_id: str) -> None:
    before = asked(visitor, f"tasks/{task_id}", as_of=DAY_BEFORE)["item"]
    then = asked(visitor, f"tasks/{task_id}", as_of=THAT_DAY)["item"]
    assert (before["official_id"], before["offered_to"]) == (predecessor(), elected())
    assert (then["official_id"], then["offered_to"]) == (elected(), None)


def test_the_rates_of_both_change_on_that_day_and_not_before(visitor: httpx.Client) -> None:
    def assigned(official_id: str, day: str) -> tuple[int, int, int]:
        (row,) = asked(
            visitor,
            "completion-rates",
            group_by="official",
            official=official_id,
            year="2020",
            as_of=day,
        )["items"]
        return row["assigned"], row["received"], row["handed_over"]

    assert assigned(predecessor(), DAY_BEFORE) == (2, 0, 0)
    assert assigned(elected(), DAY_BEFORE) == (3, 0, 0)
    assert assigned(predecessor(), THAT_DAY) == (0, 0, 2)
    assert assigned(elected(), THAT_DAY) == (5, 2, 0)


def test_the_post_changed_hands_before_the_tasks_did(visitor: httpx.Client) -> None:
    for day, official_id in (("2020-05-31", predecessor()), ("2020-06-01", elected())):
        (tenure,) = asked(visitor, "tenures", post="bi-thu-yen-son", as_of=day)["items"]
        assert tenure["official_id"] == official_id


def test_the_handover_stands_in_the_history_of_the_task_and_of_both_officials(
    visitor: httpx.Client,
) -> None:
    for path in (
        f"tasks/{HANDED_OVER[0]}/history",
        f"officials/{predecessor()}/history",
        f"officials/{elected()}/history",
    ):
        handed_over = [
            event
            for event in asked(visitor, path, limit="200")["items"]
            if event["type"] == "task.handed_over" and event["data"]["task_id"] == HANDED_OVER[0]
        ]
        assert [event["effective_on"] for event in handed_over] == [THAT_DAY]


def test_of_the_five_tasks_two_are_completed_at_the_end_of_the_year(visitor: httpx.Client) -> None:
    (row,) = asked(
        visitor, "completion-rates", group_by="official", official=elected(), as_of="2020-12-31"
    )["items"]
    assert row["completion"]["fraction"] == "2/4"
    assert row["completion"]["percent"] == "50.00"
