"""Cycles: opened by the rules in force, levels decided in them, closed when every cap is kept."""

from datetime import date
from typing import Any

import pytest

from domain.appraisal.caps import CapExceeded, ShareUnknown
from domain.appraisal.closing import (
    CloseCycle,
    ExceptionTooSmall,
    GrantException,
    MoveRating,
    NoExceptionAllowed,
    NoSuchCap,
    NotAllRated,
    NothingToFit,
    NotLower,
)
from domain.appraisal.cycle_events import CapExceptionGranted, CycleClosed
from domain.appraisal.cycles import CycleIsClosed, CycleUnknown, NotInTheCycle
from domain.appraisal.facts import CycleNotOver
from domain.appraisal.opening import CycleOpenedBefore, EnrolOfficials, GroupMissing, OpenCycle
from domain.appraisal.rating import (
    DecideRating,
    NotOfTheCycle,
    NotOfTheRegulation,
    RatedInItsCycle,
)
from domain.appraisal.rating_events import RatingDecided, RatingMoved
from domain.kernel import DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from tests.domain.appraisal.cycle import (
    CYCLE,
    CYCLE_OPENED,
    END,
    NAMED,
    OF,
    OPENED,
    SHARED,
    enrolled,
    opened,
    rated,
    whole,
)
from tests.domain.appraisal.rated import HISTORY, YEAR, regulation
from tests.domain.cast import CHAIR, COMMITTEE, DISTRICT_PARTY, DISTRICT_STATE, PREDECESSOR
from tests.domain.scenario import BY_BODY, Scenario, given

EXCELLENT, GOOD = "EXCELLENT", "GOOD"
ON_END: dict[str, Any] = {"on": END, **BY_BODY}


def levels(excellent: int, good: int) -> dict[str, str]:
    """So many officials at each level."""
    of = [EXCELLENT] * excellent + [GOOD] * good
    return {f"o-{number:03}": level for number, level in enumerate(of)}


def close(*events: Any, replaced: Any = (), **said: Any) -> Scenario:
    return given(*opened(*events, replaced=replaced)).when(CloseCycle, CYCLE, **ON_END, **said)


def test_a_cycle_is_opened_by_the_revision_in_force_on_its_last_day() -> None:
    of = {name: YEAR[name] for name in ("regulation", "cycle", "cohort", "from_on", "to_on")}
    later = regulation().model_copy(update={"effective_on": date(2021, 7, 1), "sha256": "3" * 64})
    revised = CYCLE_OPENED.model_copy(update={"regulation_sha256": "3" * 64})
    begin = given(*HISTORY)
    by: dict[str, Any] = {"on": OPENED, **BY_BODY}
    begin.when(OpenCycle, CYCLE, **by, **of).then(CYCLE_OPENED)
    begin.given(later).when(OpenCycle, CYCLE, **by, **of).then(revised)
    begin.when(OpenCycle, CYCLE, **by, **{**of, "cycle": "month"}).refuses(NotOfTheRegulation)
    begin.when(OpenCycle, CYCLE, **{**by, "basis": None}, **of).refuses(DocumentRequired)
    other = {**by, "on_behalf_of": DISTRICT_PARTY}
    begin.when(OpenCycle, CYCLE, **other, **of).refuses(NotTheEntitledBody)
    given(*opened()).when(OpenCycle, CYCLE, **by, **of).refuses(CycleOpenedBefore)
    with pytest.raises(ValueError, match="ends before it begins"):
        begin.when(OpenCycle, CYCLE, **{**of, "to_on": date(2020, 1, 1)})


def test_officials_are_enrolled_with_the_groups_that_caps_are_within() -> None:
    one = {"official_id": PREDECESSOR, "agency": DISTRICT_PARTY, "duty_group": "heads"}
    two = {"official_id": CHAIR, "agency": DISTRICT_STATE, "duty_group": "heads"}

    def enrol(*officials: Any, **context: Any) -> Scenario:
        scenario = given(*opened())
        by = {**BY_BODY, "on": OPENED, **context}
        return scenario.when(EnrolOfficials, CYCLE, officials=officials, **by)

    enrol(one, two).then(enrolled(PREDECESSOR), enrolled(CHAIR, DISTRICT_STATE))
    enrol({**one, "duty_group": None}).refuses(GroupMissing)
    enrol({**one, "official_id": "nobody"}).refuses(OfficialUnknown)
    enrol({**one, "agency": "nowhere"}).refuses(UnitUnknown)
    enrol(one, on=date(2021, 11, 1)).refuses(CycleUnknown)
    with pytest.raises(ValueError, match="given twice"):
        enrol(one, one)


def test_a_rating_is_decided_in_its_cycle_by_the_revision_pinned() -> None:
    later = regulation(("points: 70", "points: 75")).model_copy(
        update={"effective_on": date(2021, 7, 1), "sha256": "3" * 64}
    )
    scenario = given(*opened(enrolled(PREDECESSOR)), later)

    def decide(official_id: str = PREDECESSOR, **said: Any) -> Scenario:
        return scenario.when(DecideRating, official_id, **ON_END, level=GOOD, **{**OF, **said})

    [event] = decide().decide()
    assert isinstance(event, RatingDecided)
    assert (event.cycle_id, event.regulation_sha256) == (CYCLE, "1" * 64)
    assert f"cycle:{CYCLE}" in event.tags()
    decide(cycle_id=None).refuses(RatedInItsCycle)
    decide(cycle_id="nam-2020").refuses(CycleUnknown)
    decide(CHAIR).refuses(NotInTheCycle)
    decide(of={**YEAR, "to_on": date(2021, 6, 30)}).refuses(NotOfTheCycle)
    over = scenario.given(event, CYCLE_CLOSED)
    over.when(DecideRating, PREDECESSOR, **ON_END, level=GOOD, **OF).refuses(CycleIsClosed)


CYCLE_CLOSED = CycleClosed(effective_on=END, cycle_id=CYCLE, decided_by=COMMITTEE, shares=())


def test_two_accountable_persons_of_one_unit_get_different_levels() -> None:
    # Tam Đảo, 2021: the secretary excellent, the chairman good, from the results of one unit.
    uncapped = [("at_most: 20%", "at_most: 100%")]
    close(*whole({PREDECESSOR: EXCELLENT, CHAIR: GOOD}), replaced=uncapped).then(CYCLE_CLOSED)


def test_20_percent_of_141_is_23_or_28_by_the_field_of_the_denominator() -> None:
    better = [("of: rated_good  ", "of: rated_good_or_better")]
    close(*whole(levels(23, 118))).then(CYCLE_CLOSED)
    with pytest.raises(CapExceeded) as refused:
        close(*whole(levels(24, 117))).decide()
    assert refused.value.extensions_in("en")["groups"] == [
        {
            "level": EXCELLENT,
            "group": [DISTRICT_PARTY, "heads"],
            "allowed": 23,
            "present": 24,
            "article": None,
        }
    ]
    assert "24 EXCELLENT, 23 allowed" in refused.value.detail("en")
    assert "24 người, được 23" in refused.value.detail("vi")
    close(*whole(levels(28, 113)), replaced=better).then(CYCLE_CLOSED)
    close(*whole(levels(29, 112)), replaced=better).refuses(CapExceeded)
    # Each group by itself: 2 of 10 in one agency, 0 of 10 in the other.
    other = {f"p-{number}": GOOD for number in range(10)}
    apart = [*whole(levels(2, 8)), *whole(other, agency=DISTRICT_STATE)]
    close(*apart).refuses(CapExceeded)
    close(*whole({**levels(2, 8), **other})).then(CYCLE_CLOSED)


def test_a_cycle_is_closed_once_it_is_over_and_all_are_rated() -> None:
    close(enrolled(PREDECESSOR)).refuses(NotAllRated)
    early = given(*opened(enrolled(CHAIR), rated(CHAIR, GOOD, OPENED)))
    early.when(CloseCycle, CYCLE, **BY_BODY, on=date(2021, 12, 30)).refuses(CycleNotOver)
    close(CYCLE_CLOSED).refuses(CycleIsClosed)
    given(*HISTORY).when(CloseCycle, CYCLE, **ON_END).refuses(CycleUnknown)
    # What stands on the opening is not left without it.
    given(*opened(enrolled(PREDECESSOR))).annulling(CYCLE_OPENED).contradicts(enrolled(PREDECESSOR))


def test_a_move_to_fit_a_cap_is_an_event_of_its_own_with_its_reason() -> None:
    scenario = given(*opened(*whole({**levels(1, 3), PREDECESSOR: EXCELLENT})))

    def move(official_id: str = PREDECESSOR, **said: Any) -> Scenario:
        how = {**NAMED, "to_level": GOOD, "reason": "Ít việc vượt yêu cầu hơn", **said}
        return scenario.when(MoveRating, official_id, **ON_END, **how)

    moved = RatingMoved(
        **SHARED,
        effective_on=END,
        official_id=PREDECESSOR,
        decided_by=COMMITTEE,
        from_level="EXCELLENT",
        to_level="GOOD",
        allowed=0,
        present=2,
        article=None,
        reason="Ít việc vượt yêu cầu hơn",
    )
    move().then(moved)
    move(to_level=EXCELLENT).refuses(NotLower)
    move("o-001").refuses(NoSuchCap)
    move(CHAIR).refuses(NotInTheCycle)
    scenario = scenario.given(enrolled(CHAIR))
    move().refuses(NotAllRated)
    scenario = given(*opened(*whole({**levels(0, 9), PREDECESSOR: EXCELLENT})))
    move().refuses(NothingToFit)
    scenario = scenario.given(moved)
    scenario.when(CloseCycle, CYCLE, **ON_END).then(CYCLE_CLOSED)


def test_an_exception_cites_the_article_that_allows_it() -> None:
    two = whole(levels(2, 3))

    def grant(replaced: Any = (), **said: Any) -> Scenario:
        how = {"level": EXCELLENT, "group": (DISTRICT_PARTY, "heads"), "allowed": 2, **said}
        scenario = given(*opened(*two, replaced=replaced))
        return scenario.when(GrantException, CYCLE, **ON_END, reason="Dẫn đầu tỉnh", **how)

    granted = CapExceptionGranted(
        effective_on=END,
        cycle_id=CYCLE,
        decided_by=COMMITTEE,
        level="EXCELLENT",
        group=(DISTRICT_PARTY, "heads"),
        allowed=2,
        article="10.2",
        reason="Dẫn đầu tỉnh",
    )
    grant().then(granted)
    close(*two, granted).then(CYCLE_CLOSED)
    close(*two, granted.model_copy(update={"allowed": 1})).refuses(CapExceeded)
    grant(group=(DISTRICT_STATE, "heads")).refuses(NoSuchCap)
    grant(allowed=0).refuses(ExceptionTooSmall)
    none = [('  exception: {by: decision, article: "10.2"}\n', "")]
    grant(none).refuses(NoExceptionAllowed)


def test_a_cap_that_refers_to_another_group_needs_its_share() -> None:
    among = [
        ("at_most: 20%\n", "share_among: party_members\n"),
        ("cycles: [quarter, year]", "cycles: [quarter, year]\ngroups: [party_members]"),
    ]
    share = {"group": "party_members", "have": 1, "rated": 5}
    one_of_six = whole(levels(1, 5))
    close(*one_of_six, replaced=among).refuses(ShareUnknown)
    done = CYCLE_CLOSED.model_copy(
        update={"shares": close(shares=(share,), replaced=among).build().params.shares}  # type: ignore[misc]  # it is built
    )
    close(*one_of_six, replaced=among, shares=(share,)).then(done)
    less = {**share, "have": 0}
    close(*one_of_six, replaced=among, shares=(less,)).refuses(CapExceeded)
