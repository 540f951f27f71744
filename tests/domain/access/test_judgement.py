"""Judgement: every command, by every role, in the name of each kind of unit, as the table says."""

from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest

from domain.access.authority import Authority, NotApart, NotRelated, RoleForbids
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.judgement import Judgement
from domain.access.roles import Relation, Role
from domain.access.rules import called, rule_of
from domain.access.verbs import VERBS
from domain.kernel import Actor, Command, Context, Event, Refusal
from domain.monitoring.events import (
    CommendationDecided,
    CommendationProposed,
    RecommendationAnswered,
    RecommendationMade,
    ReplacementAnswered,
    ReplacementRequested,
)
from domain.monitoring.monitors.allocation import AllocateCommune
from domain.monitoring.papers.agency_assessment import AssessAgency
from domain.monitoring.papers.commendation import DecideCommendation
from domain.monitoring.papers.recommendation import AnswerRecommendation
from domain.monitoring.papers.replacement_request import AnswerReplacementRequest
from domain.organisation.events import UnitMerged, UnitRetyped
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.regulations.adoption import RegulateCommuneMonitoring
from tests.domain.cast import unit

PROVINCE, DISTRICT, COMMUNE, OTHER, ENDED = "tinh", "yen-son", "thai-son", "ham-yen", "xa-cu"
ON = date(2021, 6, 1)
RECORDED = dict(
    enumerate(
        (
            unit(PROVINCE, "province"),
            unit(DISTRICT, "district", PROVINCE),
            unit(COMMUNE, "commune", DISTRICT),
            unit(OTHER, "district", PROVINCE),
            unit(ENDED, "commune", OTHER),
            UnitMerged(effective_on=date(2021, 3, 1), unit_id=ENDED, into=COMMUNE),
        ),
        1,
    )
)
WITH_UNITS = (Role.AUTHORITY, Role.ADMINISTRATOR, Role.INSPECTOR)
# The units of a token, the body in whose name it speaks, and what is wrong with that.
SPEAKING: tuple[tuple[str, str | None, type[Refusal] | None], ...] = (
    (DISTRICT, None, None),
    (DISTRICT, DISTRICT, None),
    (DISTRICT, COMMUNE, None),
    (PROVINCE, COMMUNE, None),
    (ENDED, COMMUNE, None),
    (DISTRICT, OTHER, NotRelated),
    (DISTRICT, PROVINCE, NotRelated),
    (COMMUNE, DISTRICT, NotRelated),
    (ENDED, OTHER, NotRelated),
    (DISTRICT, "nowhere", UnitUnknown),
    (ENDED, ENDED, UnitNotOpen),
    ("nowhere", DISTRICT, NotRelated),
    (EVERY_UNIT, OTHER, None),
    (EVERY_UNIT, "nowhere", UnitUnknown),
)


def judged(action: type[Command[Any]], caller: Caller, body: str | None) -> type[Refusal] | None:
    """The refusal with which the caller is met before the command decides, if any."""
    authority = Authority(called(action), rule_of(action), caller)
    context = Context(Actor("client:test"), ON, ON, on_behalf_of=body)
    try:
        authority.require_role(in_name_of=body)
        Judgement(authority, context).require_name(RECORDED)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("own", "body", "refusal"), SPEAKING)
def test_every_command_meets_every_caller_as_the_table_says(
    role: Role, own: str, body: str | None, refusal: type[Refusal] | None
) -> None:
    units = frozenset({own}) if role in WITH_UNITS else frozenset()
    caller = Caller(role, official_id=None, units=units)
    for action in VERBS:
        granted = rule_of(action).relations(role)
        if not granted or (body is not None and not units):
            expected: type[Refusal] | None = RoleForbids
        elif (granted == {Relation.WHOLE_LEDGER} and own != EVERY_UNIT) or (
            # None of these units is a Party committee.
            rule_of(action).kinds and refusal is None and body is not None
        ):
            expected = NotRelated
        else:
            expected = refusal
        assert judged(action, caller, body) is expected, called(action)


def test_what_is_decided_for_all_communes_is_decided_by_a_party_committee() -> None:
    recorded = {
        1: unit("huyen-uy", "party_committee"),
        2: unit("thuong-vu", "standing_committee"),
        3: unit("so", "department"),
        4: unit(PROVINCE, "province"),
        5: unit("cu", "party_committee"),
        6: UnitRetyped(
            effective_on=date(2021, 2, 1), unit_id="cu", kind="department", former_kind="division"
        ),
    }
    caller = Caller(Role.AUTHORITY, units=frozenset({EVERY_UNIT}))
    for action in (RegulateCommuneMonitoring, AllocateCommune, AssessAgency):
        authority = Authority(called(action), rule_of(action), caller)
        for body, may in (("huyen-uy", True), ("thuong-vu", True), ("so", False), ("cu", False)):
            context = Context(Actor("client:test"), ON, ON, on_behalf_of=body)
            with nullcontext() if may else pytest.raises(NotRelated, match="Party committee"):
                Judgement(authority, context).require_name(recorded)


def test_whoever_proposed_or_asked_does_not_answer_that_and_answers_another() -> None:
    of_span: dict[str, Any] = {"unit_id": COMMUNE, "since": date(2021, 1, 1)}
    on: dict[str, Any] = {"effective_on": ON, "unit_id": COMMUNE}
    proposed: dict[str, Any] = {"official_id": "an", "reason": "Tốt", "proposed_by": COMMUNE}
    asked: dict[str, Any] = {"official_id": "an", "reason": "Ốm", "requested_by": COMMUNE}
    made: dict[str, Any] = {"official_id": "an", "to_body": DISTRICT, "content": "Sửa đường."}
    recorded: dict[int, Event] = {
        1: CommendationProposed(effective_on=ON, year=2020, **proposed, **of_span),
        2: CommendationProposed(effective_on=ON, year=2021, **proposed, **of_span),
        3: ReplacementRequested(effective_on=ON, number=1, **asked, **of_span),
        4: ReplacementRequested(effective_on=ON, number=2, **asked, **of_span),
        5: RecommendationMade(effective_on=ON, number=1, answer_due_on=None, **made, **of_span),
        6: RecommendationMade(effective_on=ON, number=2, answer_due_on=None, **made, **of_span),
    }
    answered: dict[str, Any] = {"number": 2, "answer": "Đồng ý.", "answered_by": DISTRICT}
    answers: dict[type[Command[Any]], tuple[int, Event]] = {
        DecideCommendation: (
            2,
            CommendationDecided(
                **on,
                official_id="an",
                since=date(2021, 1, 1),
                year=2021,
                commended=True,
                reason="Tốt",
                decided_by=DISTRICT,
            ),
        ),
        AnswerReplacementRequest: (
            4,
            ReplacementAnswered(
                **on, official_id="an", since=date(2021, 1, 1), granted=True, **answered
            ),
        ),
        AnswerRecommendation: (6, RecommendationAnswered(**on, **answered)),
    }
    caller = Caller(Role.AUTHORITY, units=frozenset({DISTRICT}))
    for action, (position, event) in answers.items():
        judgement = Judgement(
            Authority(called(action), rule_of(action), caller), Context(Actor("client:x"), ON, ON)
        )
        assert judgement.apart_from(f"unit:{COMMUNE}", recorded, [event]) == [position]
        with pytest.raises(NotApart):
            judgement.require_apart({position: Caller(Role.AUTHORITY, units=caller.units)})


def test_two_clients_are_one_by_token_person_or_unit_and_else_apart() -> None:
    office = Caller(Role.AUTHORITY, "an", frozenset({DISTRICT}), "1")
    assert office.is_one_with(Caller(Role.INSPECTOR, None, frozenset(), "1"))
    assert office.is_one_with(Caller(Role.OFFICIAL, "an", frozenset(), "2"))
    assert office.is_one_with(Caller(Role.AUTHORITY, "binh", frozenset({DISTRICT, OTHER}), "3"))
    assert not office.is_one_with(Caller(Role.AUTHORITY, "binh", frozenset({OTHER}), "4"))
    whole = Caller(Role.AUTHORITY, None, frozenset({EVERY_UNIT}), "5")
    assert whole.is_one_with(Caller(Role.AUTHORITY, None, frozenset({EVERY_UNIT}), "6"))
    assert not whole.is_one_with(Caller(Role.AUTHORITY, "an", frozenset({EVERY_UNIT}), "7"))
    assert not whole.is_one_with(Caller(Role.AUTHORITY, None, frozenset({OTHER}), "8"))
