"""Messages for people have no word, day or id as only a programme reads it."""

from datetime import UTC, date, datetime

import pytest

from domain.tasks.command import TaskNotInProgress
from domain.wording import worded


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2024, 5, 1), "01/5/2024"),
        (date(2024, 2, 3), "03/02/2024"),
        (date(2024, 12, 31), "31/12/2024"),
    ],
)
def test_days_are_written_as_an_office_writes_them(day: date, written: str) -> None:
    assert worded("on", day, "vi") == written
    assert worded("on", day, "en") == day


def test_an_instant_stays_what_a_client_can_send() -> None:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    assert worded("known_at", at, "vi") == at


def test_a_state_is_said_in_words() -> None:
    refusal = TaskNotInProgress(task_id="kilns", state="claimed")
    assert "“đã báo cáo hoàn thành”" in refusal.detail("vi")
    assert "claimed" in refusal.detail("en")


def test_who_acts_is_named_as_a_person_would() -> None:
    assert worded("actor", "official:cb-1", "vi") == "cán bộ cb-1"
    assert worded("actor", "client:portal", "en") == "client portal"
    assert worded("address", "https://x.test/a", "vi") == "https://x.test/a"


def test_several_are_parted_by_commas() -> None:
    assert worded("holders", ("cb-1", "cb-2"), "vi") == "cb-1, cb-2"
    assert worded("positions", (1, 2), "en") == "1, 2"
