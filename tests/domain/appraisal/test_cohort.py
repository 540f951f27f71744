"""A cohort is derived as each official by oneself, whatever became of their tasks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.appraisal.cohort import Units
from domain.appraisal.derivation import Question, derive, digest, evidence, seeing
from domain.appraisal.events import DisciplineDecided, UnitRated
from domain.appraisal.products import Span
from domain.appraisal.rating_events import OfCycle
from domain.appraisal.shortcomings import DegradationEstablished, UnitShortcomingEstablished
from domain.kernel import Event
from domain.organisation.events import TenureStarted
from domain.regulations.vocabulary_1.counting import Weights
from domain.regulations.vocabulary_1.rating import rate
from domain.tasks.changes import ObjectiveCauseConfirmed
from domain.tasks.events import CompletionReturned, TaskHandedOver
from domain.timeline import EventsAnnulled, timeline
from tests.domain.appraisal.cohorts import selected, together
from tests.domain.appraisal.cycle import END, opened
from tests.domain.appraisal.rated import DUE, IN_TIME, LATE, SCORED, task
from tests.domain.cast import (
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    FOUNDED,
    PREDECESSOR,
    SECRETARY,
    SUCCESSOR,
    post,
)
from tests.domain.regulations.spoilt import policy
from tests.projections.lives import BODY, UNITS, histories
from tests.projections.lives import OFFICIALS as LEADS

OF = OfCycle.model_validate(SCORED)
OFFICIALS = (CHAIR, PREDECESSOR, SUCCESSOR)


def by_oneself(history: Sequence[Event], official_id: str) -> Mapping[int, Event]:
    """What a decision on the official reads."""
    recorded: dict[int, Event] = {}
    while True:
        found = selected(seeing(official_id, recorded), history)
        if found.keys() == recorded.keys():
            return found
        recorded = found


def of_chair(*events: Event) -> list[Event]:
    how: dict[str, Any] = {
        "official_id": CHAIR,
        "post_id": CHAIRMAN,
        "unit_id": DISTRICT_STATE,
        "addressed_to": "post",
    }
    return [
        one.model_copy(update={name: how[name] for name in how if hasattr(one, name)})
        for one in events
    ]


def test_a_cohort_is_derived_as_each_official_by_oneself() -> None:
    of_unit = UnitRated(
        effective_on=END,
        unit_id=DISTRICT_STATE,
        decided_by=COMMITTEE,
        from_on=OF.from_on,
        to_on=OF.to_on,
        level="GOOD",
    )
    disciplined = DisciplineDecided(
        effective_on=END, official_id=CHAIR, decided_by=COMMITTEE, form="warning", reason="Sai"
    )
    degraded = DegradationEstablished(
        effective_on=END, official_id=CHAIR, established_by=COMMITTEE, reason="Sai"
    )
    wasteful = UnitShortcomingEstablished(
        effective_on=END,
        unit_id=DISTRICT_STATE,
        established_by=COMMITTEE,
        shortcoming="waste",
        reason="Sai",
    )
    history = opened(*of_chair(*task("v-9", IN_TIME)), of_unit, disciplined, degraded, wasteful)
    entries = timeline(dict(enumerate(history, 1)))
    questions = [Question.of(OF, one) for one in OFFICIALS]
    alone = {one.official_id: evidence(one, entries) for one in questions}
    assert together(history, questions) == alone
    assert [len(alone[one].products) for one in OFFICIALS] == [1, 4, 0]
    found = {"disciplined", "degraded", "unit_waste", "unit_not_excellent"}
    assert alone[CHAIR].conditions.keys() >= found
    assert alone[CHAIR].conditions.keys() >= {"disciplined", "unit_not_excellent"}


def test_what_is_looked_up_for_a_cohort_is_all_that_any_of_them_needs() -> None:
    of: dict[str, Any] = {"task_id": "v-2", "post_id": SECRETARY, "unit_id": DISTRICT_PARTY}
    handed = TaskHandedOver(
        **of,
        effective_on=IN_TIME,
        from_official=PREDECESSOR,
        to_official=SUCCESSOR,
        state_summary="Đang làm",
        decided_by=COMMITTEE,
    )
    cause = ObjectiveCauseConfirmed(
        effective_on=END,
        task_id="v-3",
        confirmed_by=COMMITTEE,
        occurrence="missed_deadline",
        occurred_on=DUE,
        cause="Bão",
    )
    begun = [one for one in task("v-2", LATE) if one.effective_on < IN_TIME]
    others = task("v-8", IN_TIME)
    history = opened(*others[:3], *begun, handed, *task("v-3", LATE), cause, *others[3:])
    questions = [Question.of(OF, one) for one in OFFICIALS]
    entries = timeline(dict(enumerate(history, 1)))
    whole = {one.official_id: evidence(one, entries) for one in questions}
    for officials in (OFFICIALS, (SUCCESSOR,)):
        of_these = [one for one in questions if one.official_id in officials]
        assert together(history, of_these) == {one: whole[one] for one in officials}
    assert sum(one.missed_excused for one in whole[PREDECESSOR].products) == 1
    assert len(whole[SUCCESSOR].products) == 1


def test_results_of_a_unit_are_looked_up_once_for_all_parts() -> None:
    rated = UnitRated(
        effective_on=END,
        unit_id=DISTRICT_PARTY,
        decided_by=COMMITTEE,
        from_on=OF.from_on,
        to_on=OF.to_on,
        level="GOOD",
    )
    history = opened(*task("v-2", IN_TIME), rated)
    questions = [Question.of(OF, one) for one in (PREDECESSOR, SUCCESSOR)]
    units, seen = Units(), Units()
    assert together(history, questions, units)[PREDECESSOR].conditions
    assert units.of(DISTRICT_PARTY) == {len(history): rated}
    seen.know([DISTRICT_PARTY], {})
    without = together(history, questions, seen)
    assert "unit_not_excellent" not in without[PREDECESSOR].conditions


def annulled(at: int, event: Event, replacements: int) -> EventsAnnulled:
    return EventsAnnulled(
        effective_on=event.effective_on,
        positions=(at,),
        tagged=tuple(event.tags()),
        replacements=replacements,
        place=at,
        annulled_by=BODY,
        reason="Nhầm",
    )


def test_what_is_recorded_in_the_place_of_another_stands_where_that_stood() -> None:
    begun = task("v-8", IN_TIME)[:3]
    assigned = begun[-1]
    handed = TaskHandedOver(
        effective_on=assigned.effective_on,
        task_id="v-8",
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        from_official=PREDECESSOR,
        to_official=SUCCESSOR,
        state_summary="Đang làm",
        decided_by=COMMITTEE,
    )
    history = [*begun, handed, annulled(len(begun), assigned, replacements=1), assigned]
    questions = [Question.of(OF, one) for one in (PREDECESSOR, SUCCESSOR)]
    found = together(history, questions)
    assert [len(found[one.official_id].products) for one in questions] == [0, 1]


@st.composite
def years(draw: st.DrawFn) -> list[Event]:
    """Lives of tasks of four officials, two of whom head the units; some events annulled."""
    events: list[Event] = []
    for official_id, unit_id in zip(LEADS, UNITS, strict=False):
        events += [
            post(f"post-{unit_id}", unit_id, heads=True),
            TenureStarted(
                effective_on=FOUNDED,
                official_id=official_id,
                post_id=f"post-{unit_id}",
                unit_id=unit_id,
            ),
        ]
    events += draw(histories())
    lived = [at for at, one in enumerate(events, 1) if at > 2 * len(UNITS)]
    for at in sorted(draw(st.sets(st.sampled_from(lived), max_size=3))):
        event = events[at - 1]
        replaced = draw(st.booleans())
        events.append(annulled(at, event, int(replaced)))
        if replaced:
            moved = draw(st.booleans())
            events.append(event.model_copy(update={"effective_on": END}) if moved else event)
    decided: dict[str, Any] = {"effective_on": END, "reason": "Kết luận"}
    found: list[Event] = [
        DegradationEstablished(**decided, official_id="o1", established_by=BODY),
        DisciplineDecided(**decided, official_id="o3", decided_by=BODY, form="warning"),
        UnitShortcomingEstablished(
            **decided, unit_id="u2", established_by=BODY, shortcoming="waste"
        ),
        *(
            ObjectiveCauseConfirmed(
                effective_on=END,
                task_id=one.task_id,
                confirmed_by=BODY,
                occurrence="returned_claim",
                occurred_on=one.effective_on,
                cause="Bão",
            )
            for one in events
            if isinstance(one, CompletionReturned)
        ),
    ]
    return events + [one for one in found if draw(st.booleans())]


@given(years(), st.sets(st.sampled_from(LEADS), min_size=1), st.sampled_from([3, 12]))
def test_every_tree_of_a_cohort_is_that_of_the_official_alone(
    history: list[Event], officials: set[str], month: int
) -> None:
    by, span = policy(), Span(date(2021, 1, 1), date(2021, month, 31))
    questions = [
        Question(official_id=one, cohort="unit_heads", span=span) for one in sorted(officials)
    ]
    found, weights, units = together(history, questions), Weights(by), Units()
    part_by_part = [together(history, [one], units) for one in questions]
    assert found == {name: one for part in part_by_part for name, one in part.items()}
    alone = {one.official_id: by_oneself(history, one.official_id) for one in questions}
    assert found == {
        one.official_id: evidence(one, timeline(alone[one.official_id])) for one in questions
    }
    assert [digest(rate(by, known, weights).step) for known in found.values()] == [
        digest(derive(by, one, alone[one.official_id]).step) for one in questions
    ]
