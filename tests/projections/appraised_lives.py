"""Random but possible lives of papers: in a cycle of ratings, of units, of a task, on a commune."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.appraisal.cycle_events import (
    CycleClosed,
    CycleOpened,
    FormerAgencyReported,
    LevelProposed,
    OfficialEnrolled,
    ScoresGiven,
    SelfAssessed,
)
from domain.appraisal.events import UnitRated
from domain.kernel import Event
from domain.monitoring.events import PaperMissed
from domain.tasks.events import PlanSubmitted, ProgressReported
from tests.domain.cast import IN_PROGRESS, SHARED
from tests.examples.freeze import example_path

FIRST_DAY = date(2021, 7, 5)
OFFICIALS, UNITS = ("o1", "o2"), ("u1", "u2")
LEVELS = ("EXCELLENT", "GOOD")
# What a unit's result is for: the year and a part of it.
PERIODS = ((date(2021, 1, 1), date(2021, 12, 31)), (date(2021, 1, 1), date(2021, 6, 30)))


def example(event: type[Event], **changed: Any) -> Event:
    """The frozen example of the event, with these fields changed."""
    frozen = example_path(event.TYPE, event.VERSION).read_bytes()
    return event.model_validate_json(frozen).model_copy(update=changed)


@st.composite
def papers_given(draw: st.DrawFn) -> list[Event]:
    """What is given in a cycle, two units' results, plans and reports; their days never go back."""
    events = [*IN_PROGRESS, example(CycleOpened, effective_on=FIRST_DAY)]
    events += [
        example(OfficialEnrolled, effective_on=FIRST_DAY, official_id=who) for who in OFFICIALS
    ]
    task_id = SHARED["task_id"]
    on = FIRST_DAY
    for _ in range(draw(st.integers(4, 16))):
        on += timedelta(days=draw(st.sampled_from([0, 0, 1, 20])))
        level, who = draw(st.sampled_from(LEVELS)), draw(st.sampled_from(OFFICIALS))
        unit, (from_on, to_on) = draw(st.sampled_from(UNITS)), draw(st.sampled_from(PERIODS))
        period = {"from_on": from_on, "to_on": to_on}
        events.append(
            draw(
                st.sampled_from(
                    (
                        example(OfficialEnrolled, effective_on=on, official_id=who, agency=unit),
                        example(SelfAssessed, effective_on=on, official_id=who, claimed=level),
                        example(FormerAgencyReported, effective_on=on, official_id=who),
                        example(ScoresGiven, effective_on=on, official_id=who),
                        example(LevelProposed, effective_on=on, official_id=who, level=level),
                        example(UnitRated, effective_on=on, unit_id=unit, level=level, **period),
                        example(PlanSubmitted, effective_on=on, task_id=task_id),
                        example(ProgressReported, effective_on=on, task_id=task_id),
                        example(PaperMissed, effective_on=on, year=from_on.year),
                    )
                )
            )
        )
    if draw(st.booleans()):
        events.append(example(CycleClosed, effective_on=on))
    return events
