"""What was decided of members of a unit limits the level of its head, if a regulation says so."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.appraisal.derivation import Question, evidence
from domain.appraisal.events import DisciplineDecided
from domain.appraisal.rating import AboveTheCeiling, DecideRating
from domain.appraisal.rating_events import OfCycle, RatingDecided, RatingMoved
from domain.kernel import Event
from domain.timeline import timeline
from tests.domain.appraisal.cohorts import together
from tests.domain.appraisal.cycle import END, SHARED, rated
from tests.domain.appraisal.rated import YEAR, regulation
from tests.domain.cast import (
    CHAIR,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_STATE,
    ORGANISATION,
    PREDECESSOR,
    SUCCESSOR,
    holds,
    leaves,
)
from tests.domain.scenario import BY_BODY, given

OVERRIDES = "overrides:                                # xét sau điểm"
OF_MEMBERS = """
  - {when: member_disciplined, no_better_than: GOOD}
  - {when: member_not_completed, no_better_than: COMPLETED}"""
LIMITING = regulation((OVERRIDES, f"{OVERRIDES}{OF_MEMBERS}"))
JOINED = holds(SUCCESSOR, DEPUTIES, DISTRICT_STATE)
DISCIPLINED = DisciplineDecided(
    effective_on=END, official_id=SUCCESSOR, decided_by=COMMITTEE, form="warning", reason="Sai"
)
FAILED = rated(SUCCESSOR, "NOT_COMPLETED")
MOVED = RatingMoved(
    **SHARED,
    effective_on=END,
    official_id=SUCCESSOR,
    decided_by=COMMITTEE,
    from_level="COMPLETED",
    to_level="NOT_COMPLETED",
    allowed=0,
    present=1,
    article=None,
    reason="Đứng sau",
)
OF: dict[str, Any] = {"of": YEAR, "reason": "Vượt tiến độ"}


def decide(official_id: str, level: str, *events: Event) -> Any:
    history = given(*ORGANISATION, JOINED, LIMITING, *events)
    return history.when(DecideRating, official_id, on=END, **BY_BODY, **OF, level=level)


@pytest.mark.parametrize(
    ("decided", "most", "above"),
    [
        ((DISCIPLINED,), "GOOD", "EXCELLENT"),
        ((FAILED,), "COMPLETED", "GOOD"),
        ((rated(SUCCESSOR, "COMPLETED"), MOVED), "COMPLETED", "GOOD"),
    ],
)
def test_what_was_decided_of_a_member_limits_the_head_and_nobody_else(
    decided: tuple[Event, ...], most: str, above: str
) -> None:
    decide(CHAIR, above, *decided).refuses(AboveTheCeiling)
    [rating] = decide(CHAIR, most, *decided).decide()
    assert isinstance(rating, RatingDecided)
    assert len(ORGANISATION) + 2 + len(decided) in rating.stands_on
    for official_id in (SUCCESSOR, PREDECESSOR):
        assert decide(official_id, "EXCELLENT", *decided).decide()


def test_only_members_of_the_period_count_and_a_rating_only_as_it_was_decided_last() -> None:
    left = leaves(SUCCESSOR, DEPUTIES, DISTRICT_STATE, date(2021, 6, 1))
    for events in (
        (left, DISCIPLINED),
        (left, FAILED),
        (DISCIPLINED.model_copy(update={"effective_on": YEAR["from_on"] - timedelta(1)}),),
        (FAILED.model_copy(update={"from_on": date(2021, 7, 1)}),),
        (FAILED, rated(SUCCESSOR, "COMPLETED")),
    ):
        assert decide(CHAIR, "EXCELLENT", *events).decide(), events


def test_a_regulation_that_looks_at_no_members_does_not_read_them() -> None:
    history = given(*ORGANISATION, JOINED, regulation(), DISCIPLINED, FAILED)
    [rating] = history.when(
        DecideRating, CHAIR, on=END, **BY_BODY, **OF, level="EXCELLENT"
    ).decide()
    assert isinstance(rating, RatingDecided)
    assert not {len(history.history), len(history.history) - 1} & set(rating.stands_on)


def test_members_count_for_a_cohort_as_for_one_head() -> None:
    history = (*ORGANISATION, JOINED, DISCIPLINED, FAILED)
    question = Question.of(OfCycle.model_validate(YEAR), CHAIR)
    alone = evidence(question, timeline(dict(enumerate(history, 1))))
    assert alone.conditions.keys() == {"member_disciplined", "member_not_completed"}
    assert together(history, [question], members=True) == {CHAIR: alone}
