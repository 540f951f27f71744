"""Missed papers of cycles: what the regulation asks for and did not come is recorded once."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.appraisal.closing import CloseCycle
from domain.appraisal.cycle_events import (
    CycleClosed,
    CyclePaperMissed,
    LevelProposed,
    PaperOfCycle,
    SelfAssessed,
)
from domain.appraisal.cycles import CycleUnknown
from domain.appraisal.events import UnitRated
from domain.duties.missed_cycle_papers import CyclePaperNotMissing, RecordMissedCyclePaper
from domain.kernel import Event
from tests.domain.appraisal.cycle import CYCLE, END, enrolled, opened, rated
from tests.domain.cast import CHAIR, COMMITTEE, DISTRICT_PARTY, DISTRICT_STATE, PREDECESSOR
from tests.domain.scenario import BY_BODY, Scenario, given

SAMPLE = "  - {paper: rating, each: year, day: 14, month: 12}\n"
ASKED = SAMPLE + (
    "  - {paper: review, each: year, day: 15, month: 12}\n"
    "  - {paper: unit_result, each: year, day: 20, month: 12}\n"
)
DUE: dict[PaperOfCycle, date] = {
    "self_assessment": date(2021, 12, 10),
    "official_review": date(2021, 12, 15),
    "rating": date(2021, 12, 14),
    "unit_result": date(2021, 12, 20),
}
PAPERS = sorted(DUE)
ABOUT: dict[str, dict[str, Any]] = {
    "self_assessment": {"unit_id": DISTRICT_PARTY, "official_id": PREDECESSOR},
    "official_review": {"unit_id": DISTRICT_PARTY, "official_id": PREDECESSOR},
    "rating": {"unit_id": COMMITTEE, "official_id": PREDECESSOR},
    "unit_result": {"unit_id": DISTRICT_PARTY, "official_id": None},
}
OF: dict[str, Any] = {"effective_on": END, "cycle_id": CYCLE, "official_id": PREDECESSOR}
RESULT = UnitRated(
    effective_on=END,
    unit_id=DISTRICT_PARTY,
    decided_by=COMMITTEE,
    from_on=date(2021, 1, 1),
    to_on=END,
    level="GOOD",
)
GIVEN: dict[str, Event] = {
    "self_assessment": SelfAssessed(**OF, claimed="GOOD", text="Đạt"),
    "official_review": LevelProposed(
        **OF, proposed_by=DISTRICT_PARTY, addressed_to=COMMITTEE, level="GOOD", reason=None
    ),
    "rating": rated(PREDECESSOR, "GOOD"),
    "unit_result": RESULT,
}
IN_CYCLE = given(*opened(enrolled(PREDECESSOR), replaced=[(SAMPLE, ASKED)]))
CLOSED = CycleClosed(effective_on=END, cycle_id=CYCLE, decided_by=COMMITTEE, shares=())


def said(paper: Any, **other: Any) -> dict[str, Any]:
    return {"paper": paper, "due_on": DUE[paper], **ABOUT[paper], **other}


def looked(history: Scenario, paper: Any, on: date = END, **other: Any) -> Scenario:
    return history.when(RecordMissedCyclePaper, CYCLE, on=on, **said(paper, **other))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_that_did_not_come_by_its_day_is_told_once(paper: PaperOfCycle) -> None:
    on = DUE[paper] + timedelta(1)
    missed = CyclePaperMissed(**said(paper), effective_on=on, cycle_id=CYCLE)
    after = looked(IN_CYCLE, paper, on).then(missed)
    looked(after, paper).then()


@pytest.mark.parametrize("paper", PAPERS)
def test_what_came_or_is_not_asked_for_is_not_missing(paper: PaperOfCycle) -> None:
    other = {"official_id": CHAIR} if paper != "unit_result" else {"unit_id": DISTRICT_STATE}
    for history, on, named in (
        (IN_CYCLE.given(GIVEN[paper]), END, {}),
        (IN_CYCLE.given(CLOSED), END, {}),
        (IN_CYCLE, DUE[paper], {}),
        (IN_CYCLE, END, {"due_on": DUE[paper] - timedelta(1)}),
        (IN_CYCLE, END, {"unit_id": DISTRICT_STATE}),
        (IN_CYCLE, END, other),
    ):
        looked(history, paper, on, **named).refuses(CyclePaperNotMissing)
    looked(given(), paper).refuses(CycleUnknown)


def test_a_regulation_that_does_not_ask_for_it_finds_none_missing() -> None:
    history = given(*opened(enrolled(PREDECESSOR)))
    looked(history, "unit_result").refuses(CyclePaperNotMissing)
    of_others = ASKED.replace("day: 20,", "only_for: [deputies], day: 20,")
    history = given(*opened(enrolled(PREDECESSOR), replaced=[(SAMPLE, of_others)]))
    looked(history, "unit_result").refuses(CyclePaperNotMissing)


def test_the_result_of_a_unit_counts_from_before_the_cycle_was_opened_and_of_its_days() -> None:
    early = RESULT.model_copy(update={"effective_on": date(2021, 11, 1)})
    looked(IN_CYCLE.given(early), "unit_result").refuses(CyclePaperNotMissing)
    half = RESULT.model_copy(update={"to_on": date(2021, 6, 30)})
    assert looked(IN_CYCLE.given(half), "unit_result").decide()


def test_what_is_told_stands_in_the_way_of_nothing_that_is_recorded_late() -> None:
    told = looked(IN_CYCLE, "rating", date(2022, 1, 5)).decide()
    history = IN_CYCLE.given(*told, rated(PREDECESSOR, "GOOD"))
    closing = history.when(CloseCycle, CYCLE, on=END, **BY_BODY)
    assert closing.decide_with_all_in_sight() == [CLOSED]
    closing.then(CLOSED)
