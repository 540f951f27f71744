"""Rating: what a regulation gives is derived from the log, and a body decides beside it."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from domain.appraisal.derivation import Question, derive, digest
from domain.appraisal.events import DisciplineDecided, UnitRated
from domain.appraisal.facts import CycleNotOver
from domain.appraisal.products import Span, happenings, products
from domain.appraisal.rating import (
    AboveTheCeiling,
    DecidedOtherwise,
    DecideRating,
    NotOfTheRegulation,
    RegulationNotInForce,
    ScoresUnusable,
)
from domain.appraisal.rating_events import OfCycle, RatingDecided
from domain.kernel import BodyRequired, DocumentRequired, Event, NotTheEntitledBody
from domain.organisation.organisation import OfficialUnknown
from domain.regulations.policies import adopted
from domain.regulations.regulations import RegulationUnknown
from domain.regulations.vocabulary_1.evidence import Product
from domain.regulations.vocabulary_1.rating import Rating
from domain.tasks.changes import ObjectiveCauseConfirmed, TaskRevised, TaskVacated
from domain.tasks.events import TaskCancelled, TaskHandedOver
from domain.timeline import timeline
from tests.domain.appraisal.rated import (
    DUE,
    FOUR_TASKS,
    HISTORY,
    IN_TIME,
    LATE,
    SCORED,
    YEAR,
    regulation,
    task,
)
from tests.domain.cast import (
    COMMITTEE,
    DISTRICT_PARTY,
    ORGANISATION,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    SUCCESSOR,
)
from tests.domain.scenario import BY_BODY, Scenario, given

SPAN = Span(YEAR["from_on"], YEAR["to_on"])
END = date(2021, 12, 31)
RATED = given(*HISTORY)


def numbered(events: Iterable[Event]) -> Mapping[int, Event]:
    return dict(enumerate(events, 1))


def product_of(*events: Event, official_id: str = PREDECESSOR) -> list[Product]:
    made = products(*SPAN, happenings(timeline(numbered(events))))
    return list(made.of_officials.get(official_id, ()))


def derived(events: list[Event], of: Mapping[str, Any] = SCORED) -> Rating:
    revision = regulation()
    policy = adopted(revision.vocabulary, revision.policy)
    question = Question.of(OfCycle.model_validate(of), PREDECESSOR)
    return derive(policy, question, numbered(events))


def test_a_product_is_a_task_due_or_completed_in_the_period_by_whoever_led_it() -> None:
    [late] = product_of(*task("v", LATE, assigned={"conversion_weight": 2}))
    assert (late.weight, late.completed, late.missed_deadlines) == (Fraction(2), True, 1)
    assert product_of(*task("v", LATE), official_id=SUCCESSOR) == []
    earlier = task("v", date(2021, 2, 1), assigned={"due_on": date(2020, 12, 1)})
    assert [one.missed_deadlines for one in product_of(*earlier)] == [1]
    later = {"due_on": date(2022, 6, 1)}
    assert product_of(*task("v", date(2022, 1, 2), assigned=later)) == []
    # Completed after the period: in it, the deadline was missed and nothing was completed.
    [left] = product_of(*task("v", date(2022, 1, 2)))
    assert (left.completed, left.missed_deadlines) == (False, 1)


def test_what_became_of_a_task_decides_whose_product_it_is() -> None:
    begun, of = task("v", IN_TIME)[:3], {**SHARED, "task_id": "v"}
    handed = TaskHandedOver(
        effective_on=IN_TIME,
        task_id="v",
        from_official=PREDECESSOR,
        to_official=SUCCESSOR,
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        state_summary="Đang làm",
        decided_by=COMMITTEE,
    )
    assert product_of(*begun, handed) == []
    assert len(product_of(*begun, handed, official_id=SUCCESSOR)) == 1
    vacated = TaskVacated(**of, effective_on=IN_TIME, vacated_by=COMMITTEE, reason="Nghỉ")
    assert product_of(*begun, vacated) == []
    cancelled = TaskCancelled(**of, effective_on=IN_TIME, cancelled_by=COMMITTEE, reason="Thôi")
    assert product_of(*begun, cancelled) == []


def test_a_deadline_missed_and_then_revised_stays_missed_unless_its_cause_is_objective() -> None:
    begun = task("v", LATE, assigned={"due_on": date(2021, 6, 1)})
    revised = TaskRevised(
        **{**SHARED, "task_id": "v"},
        effective_on=date(2021, 6, 15),
        revised_by=COMMITTEE,
        request=None,
        reason="Khó khăn",
        targets=(),
        due_on=DUE,
    )
    life = [*begun[:3], revised, *begun[3:]]
    [twice] = product_of(*life)
    assert (twice.missed_deadlines, twice.missed_excused) == (2, 0)
    cause = ObjectiveCauseConfirmed(
        effective_on=END,
        task_id="v",
        confirmed_by=COMMITTEE,
        occurrence="missed_deadline",
        occurred_on=DUE,
        cause="Bão",
    )
    [excused] = product_of(*life, cause)
    assert (excused.missed_deadlines, excused.missed_excused) == (2, 1)
    assert excused.positions[-1] == len(life) + 1


def test_the_level_is_derived_from_the_log_and_every_step_names_its_events() -> None:
    rating = derived(HISTORY)
    # Of four one is late: neither level that asks for all in time holds, nor at most 20 % late.
    assert (rating.level, rating.points) == (None, Fraction("95.58"))
    wanted = {at for at, one in enumerate(HISTORY, 1) if getattr(one, "task_id", "") != ""}
    looked_at = rating.step.stands_on()
    assert looked_at <= wanted
    assert {at for at, one in enumerate(HISTORY, 1) if one is FOUR_TASKS[-1]} <= looked_at
    assert digest(rating.step) == digest(derived(HISTORY).step)
    assert digest(rating.step) != digest(derived(HISTORY[:-1]).step)
    # Without scores the points are not known, and the body decides.
    assert (derived(HISTORY, YEAR).level, derived(HISTORY, YEAR).points) == (None, None)


def test_discipline_and_the_result_of_the_unit_hold_within_their_period() -> None:
    in_time = [*HISTORY[: -len(FOUR_TASKS)], *task("v", IN_TIME, exceeded=True)]
    assert derived(in_time).level == "EXCELLENT"
    reprimand = DisciplineDecided(
        effective_on=END,
        official_id=PREDECESSOR,
        decided_by=COMMITTEE,
        form="reprimand",
        reason="Vi phạm",
    )
    assert derived([*in_time, reprimand]).level == "NOT_COMPLETED"
    before = reprimand.model_copy(update={"effective_on": date(2020, 12, 31)})
    other = reprimand.model_copy(update={"official_id": SUCCESSOR})
    assert derived([*in_time, before, other]).level == "EXCELLENT"
    of_unit = UnitRated(
        effective_on=END,
        unit_id=DISTRICT_PARTY,
        decided_by=COMMITTEE,
        from_on=SPAN.from_on,
        to_on=SPAN.to_on,
        level="NOT_COMPLETED",
    )
    assert derived([*in_time, of_unit]).level == "COMPLETED"
    of_quarter = of_unit.model_copy(update={"to_on": date(2021, 3, 31)})
    assert derived([*in_time, of_quarter]).level == "EXCELLENT"


def decide(scenario: Scenario, official_id: str = PREDECESSOR, **said: Any) -> Scenario:
    decision = {"on": END, **BY_BODY, "of": SCORED, "level": "GOOD"}
    return scenario.when(DecideRating, official_id, **{**decision, **said})


def test_the_body_decides_where_the_regulation_leaves_it_to_the_body() -> None:
    [event] = decide(RATED).decide()
    assert isinstance(event, RatingDecided)
    rating = derived(HISTORY)
    assert (event.level, event.derived, str(event.derived_points)) == ("GOOD", None, "95.5800")
    assert (event.tree_sha256, event.regulation_sha256) == (digest(rating.step), "1" * 64)
    assert set(event.stands_on) == rating.step.stands_on()
    assert event.tags() == [f"official:{PREDECESSOR}", f"unit:{COMMITTEE}"]


def test_another_level_than_the_regulation_gives_needs_its_reason_and_may_not_be_too_high() -> None:
    excellent = given(*HISTORY[: -len(FOUR_TASKS)], *task("v", IN_TIME, exceeded=True))
    decide(excellent).refuses(DecidedOtherwise)
    [event] = decide(excellent, reason="Tập thể chưa đạt").decide()
    assert isinstance(event, RatingDecided)
    assert (event.derived, event.level, event.reason) == ("EXCELLENT", "GOOD", "Tập thể chưa đạt")
    [same] = decide(excellent, level="EXCELLENT").decide()
    assert isinstance(same, RatingDecided)
    assert same.reason is None
    of_unit = UnitRated(
        effective_on=END,
        unit_id=DISTRICT_PARTY,
        decided_by=COMMITTEE,
        from_on=SPAN.from_on,
        to_on=SPAN.to_on,
        level="NOT_COMPLETED",
    )
    decide(RATED.given(of_unit), level="GOOD").refuses(AboveTheCeiling)


def test_a_rating_is_decided_by_the_body_of_the_regulation_once_the_cycle_is_over() -> None:
    decide(RATED, on_behalf_of=None).refuses(BodyRequired)
    decide(RATED, on_behalf_of=DISTRICT_PARTY).refuses(NotTheEntitledBody)
    decide(RATED, basis=None).refuses(DocumentRequired)
    decide(RATED, on=date(2021, 12, 30)).refuses(CycleNotOver)
    decide(RATED, "nobody").refuses(OfficialUnknown)
    decide(given(*ORGANISATION)).refuses(RegulationUnknown)
    before = {**SCORED, "from_on": date(2020, 1, 1), "to_on": date(2020, 12, 31)}
    decide(RATED, of=before).refuses(RegulationNotInForce)
    for wrong in ({"cycle": "month"}, {"cohort": "drivers"}):
        decide(RATED, of={**SCORED, **wrong}).refuses(NotOfTheRegulation)
    much = ({"part": "general", "points": "31"},)
    decide(RATED, of={**SCORED, "scores": much}).refuses(ScoresUnusable)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        OfCycle.model_validate({**YEAR, "to_on": date(2020, 12, 31)})
