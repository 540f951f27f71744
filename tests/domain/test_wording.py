"""Messages for people have no word, day or id as only a programme reads it."""

import re
from datetime import UTC, date, datetime

import pytest

from domain.access.authority import Authority
from domain.access.callers import Caller
from domain.access.roles import Permission, Relation, Role
from domain.access.rules import called, rule_of
from domain.access.verbs import VERBS
from domain.action_words import ACTIONS
from domain.organisation.unit_kinds import DEFAULT_KINDS
from domain.organisation.units import EstablishUnit
from domain.tasks.command import TaskNotInProgress
from domain.wording import RELATIONS, RELATIONS_IN_ENGLISH, WORDS, worded


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


def test_every_action_role_permission_relation_and_kind_of_units_has_words() -> None:
    assert {called(command) for command in VERBS} <= ACTIONS.keys()
    for name, choices in (
        ("role", Role),
        ("permission", Permission),
        ("relation", Relation),
        ("kind", DEFAULT_KINDS),
    ):
        assert {str(choice) for choice in choices} == WORDS[name].keys()
    assert RELATIONS_IN_ENGLISH.keys() == RELATIONS.keys()


def test_no_word_of_the_programme_is_left_in_vietnamese() -> None:
    for words in WORDS.values():
        for word in words.values():
            assert not re.search(r"[a-z]_[a-z]|[a-z]-[a-z]", word), word


def test_a_refusal_for_want_of_a_relation_reads_as_a_sentence() -> None:
    caller = Caller(Role.ADMINISTRATOR, None, frozenset({"ham-yen"}), "token-1")
    refusal = Authority("establish_unit", rule_of(EstablishUnit), caller).unrelated("unit:yen-son")
    assert refusal.extensions["action"] == "establish_unit"
    assert refusal.detail("vi") == (
        "Để thành lập đơn vị, mã truy cập phải có một trong các quan hệ sau với đơn vị yen-son: "
        "do cơ quan mình quản lý chức danh hoặc giao việc, thuộc đơn vị mình hoặc đơn vị trực "
        "thuộc, thay mặt toàn bộ sổ."
    )
    assert refusal.detail("en") == (
        "“establish unit” needs one of these relations to unit yen-son, and the token has none: "
        "of a post or task that its own unit manages or assigned, of its own unit or of one below "
        "it, for the whole ledger."
    )


def test_several_are_parted_by_commas() -> None:
    assert worded("holders", ("cb-1", "cb-2"), "vi") == "cb-1, cb-2"
    assert worded("positions", (1, 2), "en") == "1, 2"
