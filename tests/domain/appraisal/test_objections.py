"""Objections: to a step of the explanation, answered by it; and what is then decided anew."""

from typing import Any

from domain.appraisal.caps import CapExceeded
from domain.appraisal.cycle_events import CycleClosed
from domain.appraisal.cycles import (
    CycleIsClosed,
    NotRatedYet,
    ObjectionAnsweredBefore,
    ObjectionUnknown,
)
from domain.appraisal.objections import (
    AnswerObjection,
    ObjectToRating,
    OnlyThePersonRated,
    ReopenedAlready,
    ReopenRating,
    StepUnknown,
)
from domain.appraisal.rating import DecideRating
from domain.appraisal.rating_events import (
    ObjectionAnswered,
    ObjectionRaised,
    RatingDecided,
    RatingReopened,
)
from domain.kernel import Actor, NotTheEntitledBody
from tests.domain.appraisal.cycle import (
    CYCLE,
    END,
    NAMED,
    OF,
    SHARED,
    enrolled,
    opened,
    rated,
    whole,
)
from tests.domain.cast import CHAIR, COMMITTEE, DISTRICT_PARTY, PREDECESSOR
from tests.domain.scenario import BY_BODY, Scenario, given

ON: dict[str, Any] = {"on": END, **BY_BODY}
# Six are good: one of them may become excellent by 20 % of those who are only good.
SIX = {f"o-{number}": "GOOD" for number in range(5)}
CLOSED = CycleClosed(effective_on=END, cycle_id=CYCLE, decided_by=COMMITTEE, shares=())
HISTORY = opened(*whole(SIX), enrolled(PREDECESSOR), rated(PREDECESSOR, "GOOD"), CLOSED)
RATED = given(*HISTORY)
PERSON = Actor(f"official:{PREDECESSOR}")
OBJECTION = {**NAMED, "step": "levels.2", "reason": "Việc chậm là do bão"}
RAISED = ObjectionRaised(
    **SHARED,
    effective_on=END,
    official_id=PREDECESSOR,
    number=1,
    rating_position=len(HISTORY) - 1,
    step="levels.2",
    says="COMPLETED (Điều 8.3) = chưa xác định: chưa có đủ điểm",
    article="8.3",
    addressed_to=COMMITTEE,
    reason="Việc chậm là do bão",
)
ANSWER: dict[str, Any] = {**NAMED, "number": 1, "answer": "Đúng, có bão"}


def answered(*, upheld: bool) -> ObjectionAnswered:
    return ObjectionAnswered(
        **SHARED,
        effective_on=END,
        official_id=PREDECESSOR,
        number=1,
        answered_by=COMMITTEE,
        upheld=upheld,
        answer="Đúng, có bão",
    )


def decide(scenario: Scenario, level: str = "GOOD") -> Scenario:
    return scenario.when(DecideRating, PREDECESSOR, **ON, **OF, level=level)


def test_an_official_objects_to_a_step_of_the_explanation() -> None:
    objects = RATED.when(ObjectToRating, PREDECESSOR, by=PERSON, on=END, **OBJECTION)
    [event] = objects.decide()
    assert isinstance(event, ObjectionRaised)
    assert event.says.startswith("COMPLETED (Điều 8.3) = ")
    assert event == RAISED.model_copy(update={"says": event.says})
    second = RATED.given(event).when(ObjectToRating, PREDECESSOR, on=END, **OBJECTION)
    assert getattr(second.decide()[0], "number", None) == 2
    other = Actor(f"official:{CHAIR}")
    refused = RATED.when(ObjectToRating, PREDECESSOR, by=other, on=END, **OBJECTION)
    refused.refuses(OnlyThePersonRated)
    unknown = {**OBJECTION, "step": "levels.9"}
    RATED.when(ObjectToRating, PREDECESSOR, on=END, **unknown).refuses(StepUnknown)
    unrated = given(*opened(enrolled(PREDECESSOR)))
    unrated.when(ObjectToRating, PREDECESSOR, on=END, **OBJECTION).refuses(NotRatedYet)


def test_an_objection_that_is_upheld_has_the_rating_decided_anew() -> None:
    raised = RATED.given(RAISED)
    decide(raised).refuses(CycleIsClosed)
    raised.when(AnswerObjection, PREDECESSOR, **ON, **ANSWER, upheld=True).then(
        answered(upheld=True)
    )
    upheld = raised.given(answered(upheld=True))
    [event] = decide(upheld, "EXCELLENT").decide()
    assert isinstance(event, RatingDecided)
    assert (event.level, event.cycle_id) == ("EXCELLENT", CYCLE)
    # The cap holds for what is decided anew, and it is decided once.
    full = whole({"o-9": "EXCELLENT"})
    decide(upheld.given(*full), "EXCELLENT").refuses(CapExceeded)
    decide(upheld.given(event)).refuses(CycleIsClosed)
    rejected = raised.given(answered(upheld=False))
    decide(rejected).refuses(CycleIsClosed)


def test_an_objection_is_answered_once_by_the_body() -> None:
    raised = RATED.given(RAISED)
    by = {**ON, "on_behalf_of": DISTRICT_PARTY}
    raised.when(AnswerObjection, PREDECESSOR, **by, **ANSWER, upheld=True).refuses(
        NotTheEntitledBody
    )
    RATED.when(AnswerObjection, PREDECESSOR, **ON, **ANSWER, upheld=True).refuses(ObjectionUnknown)
    done = raised.given(answered(upheld=False))
    done.when(AnswerObjection, PREDECESSOR, **ON, **ANSWER, upheld=True).refuses(
        ObjectionAnsweredBefore
    )
    # What is answered is not annulled alone.
    done.annulling(RAISED).contradicts(answered(upheld=False))


def test_a_rating_is_reopened_with_its_reason_and_decided_anew() -> None:
    reopened = RatingReopened(
        **SHARED,
        effective_on=END,
        official_id=PREDECESSOR,
        decided_by=COMMITTEE,
        reason="Sự kiện căn cứ đã bị hủy bỏ",
    )
    why: dict[str, Any] = {**NAMED, "reason": "Sự kiện căn cứ đã bị hủy bỏ"}
    RATED.when(ReopenRating, PREDECESSOR, **ON, **why).then(reopened)
    again = RATED.given(reopened)
    again.when(ReopenRating, PREDECESSOR, **ON, **why).refuses(ReopenedAlready)
    assert len(decide(again).decide()) == 1
    unrated = given(*opened(enrolled(PREDECESSOR)))
    unrated.when(ReopenRating, PREDECESSOR, **ON, **why).refuses(NotRatedYet)


def test_an_objection_is_addressed_to_the_body_that_the_regulation_names_for_it() -> None:
    named = ("leavers:", f"deciders: [{{matter: objection, body: {DISTRICT_PARTY}}}]\nleavers:")
    rated_so = (enrolled(PREDECESSOR), rated(PREDECESSOR, "GOOD"), CLOSED)
    history = given(*opened(*rated_so, replaced=[named]))
    [raised] = history.when(ObjectToRating, PREDECESSOR, on=END, by=PERSON, **OBJECTION).decide()
    assert isinstance(raised, ObjectionRaised)
    assert raised.addressed_to == DISTRICT_PARTY
