"""Before the body decides: the official, the former agency, the council, and who proposes."""

from datetime import date
from typing import Any

import pytest

from domain.appraisal.assessing import (
    AssessOneself,
    FormerAgencyGivesOtherwise,
    FormerAgencyTakesNoPart,
    NotTheFormerAgency,
    OnlyOneself,
    ProposeLevel,
    ReportFormerWork,
    WorkedThereTooShort,
    whole_months,
)
from domain.appraisal.councils import (
    FormCouncil,
    GiveScores,
    MayNotJudgeOneself,
    NoCouncil,
    NotOfTheCouncil,
)
from domain.appraisal.cycle_events import (
    CouncilFormed,
    CycleClosed,
    FormerAgencyReported,
    LevelProposed,
    ScoresGiven,
    SelfAssessed,
)
from domain.appraisal.cycles import CycleIsClosed, NotInTheCycle
from domain.appraisal.rating import (
    DecidedOtherThanProposed,
    DecideRating,
    GivenByTheCouncil,
    ScoresUnusable,
)
from domain.appraisal.rating_events import RatingDecided
from domain.kernel import Actor, NotTheEntitledBody
from domain.organisation.organisation import OfficialUnknown
from tests.domain.appraisal.cycle import CYCLE, END, OF, OPENED, enrolled, opened
from tests.domain.appraisal.rated import SCORED
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDOVER,
    PREDECESSOR,
    SECRETARY,
    SUCCESSOR,
    leaves,
)
from tests.domain.scenario import BY_BODY, Scenario, given

SENDS = ("leavers: {former_agency: sends_scores}    # hoặc: gives_opinion_after_months: 6",)
OPINION = [(SENDS[0], "leavers: {gives_opinion_after_months: 6}")]
ON: dict[str, Any] = {"on": END, **BY_BODY}
BASIC: dict[str, Any] = {"effective_on": END, "cycle_id": CYCLE, "official_id": PREDECESSOR}
COUNCIL = CouncilFormed(
    effective_on=OPENED,
    cycle_id=CYCLE,
    formed_by=COMMITTEE,
    block=None,
    members=(PREDECESSOR, CHAIR),
)
OF_BLOCK = COUNCIL.model_copy(update={"block": "state", "members": (SUCCESSOR,)})
GENERAL: dict[str, Any] = {"scores": ({"part": "general", "points": "28.5"},)}
SCORED_BY_COUNCIL = ScoresGiven.model_validate(
    {**BASIC, "judged_by": (CHAIR,), **GENERAL, "grades": ()}
)
LEFT = leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER)
IN_CYCLE = given(*opened(enrolled(PREDECESSOR)))


def test_an_official_assesses_oneself_also_after_leaving() -> None:
    said: dict[str, Any] = {"official_id": PREDECESSOR, "claimed": "EXCELLENT", "text": "Đã xong"}
    own = SelfAssessed(**BASIC, claimed="EXCELLENT", text="Đã xong")
    person = Actor(f"official:{PREDECESSOR}")
    for scenario in (IN_CYCLE, IN_CYCLE.given(LEFT)):
        scenario.when(AssessOneself, CYCLE, by=person, on=END, **said).then(own)
    other = Actor(f"official:{CHAIR}")
    IN_CYCLE.when(AssessOneself, CYCLE, by=other, on=END, **said).refuses(OnlyOneself)
    unnamed = {**said, "official_id": CHAIR}
    IN_CYCLE.when(AssessOneself, CYCLE, on=END, **unnamed).refuses(NotInTheCycle)
    closed = CycleClosed(effective_on=END, cycle_id=CYCLE, decided_by=COMMITTEE, shares=())
    IN_CYCLE.given(closed).when(AssessOneself, CYCLE, on=END, **said).refuses(CycleIsClosed)


def test_the_former_agency_sends_scores_or_an_opinion_as_the_regulation_says() -> None:
    quarter = {"from_on": "2021-01-01", "to_on": "2021-03-31", "points": "95"}
    scores: dict[str, Any] = {"scores": (quarter,)}
    opinion: dict[str, Any] = {"opinion": "Tận tụy"}

    def report(*replaced: tuple[str, str], left: Any = LEFT, **said: Any) -> Scenario:
        scenario = given(*opened(enrolled(PREDECESSOR), left, replaced=replaced))
        by = {"on": END, "on_behalf_of": DISTRICT_PARTY, "official_id": PREDECESSOR}
        return scenario.when(ReportFormerWork, CYCLE, **{**by, **said})

    reported = {**BASIC, "former_agency": DISTRICT_PARTY, "scores": (), "opinion": None}
    report(**scores).then(FormerAgencyReported.model_validate({**reported, **scores}))
    report(**opinion).refuses(FormerAgencyGivesOtherwise)
    none = (SENDS[0], "leavers: {former_agency: takes_no_part}")
    report(none, **scores).refuses(FormerAgencyTakesNoPart)
    report((SENDS[0] + "\n", ""), **scores).refuses(FormerAgencyTakesNoPart)
    report(on_behalf_of=DISTRICT_STATE, **scores).refuses(NotTheFormerAgency)
    # Five months of the year are too few for an opinion, six are enough.
    report(*OPINION, **opinion).refuses(WorkedThereTooShort)
    in_july = leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, date(2021, 7, 1))
    enough = report(*OPINION, left=in_july, **opinion)
    enough.then(FormerAgencyReported.model_validate({**reported, **opinion}))
    report(*OPINION, left=in_july, **scores).refuses(FormerAgencyGivesOtherwise)
    assert whole_months(date(2021, 1, 31), date(2021, 2, 28)) == 0
    with pytest.raises(ValueError, match="either scores or an opinion"):
        report(**scores, **opinion)


def test_a_council_is_formed_by_the_body_for_a_block_or_the_whole_cycle() -> None:
    on: dict[str, Any] = {**ON, "on": OPENED}
    form = IN_CYCLE.when(FormCouncil, CYCLE, **on, members=(PREDECESSOR, CHAIR))
    form.then(COUNCIL)
    other = {**on, "on_behalf_of": AGENCY}
    IN_CYCLE.when(FormCouncil, CYCLE, **other, members=(CHAIR,)).refuses(NotTheEntitledBody)
    IN_CYCLE.when(FormCouncil, CYCLE, **on, members=("nobody",)).refuses(OfficialUnknown)


def test_the_council_of_the_block_scores_and_no_member_scores_oneself() -> None:
    def score(scenario: Scenario, official_id: str = PREDECESSOR, **said: Any) -> Scenario:
        how = {**ON, "judged_by": (CHAIR,), **GENERAL, **said}
        return scenario.when(GiveScores, CYCLE, official_id=official_id, **how)

    judged = IN_CYCLE.given(COUNCIL)
    score(judged).then(SCORED_BY_COUNCIL)
    score(judged, judged_by=(CHAIR, PREDECESSOR)).refuses(MayNotJudgeOneself)
    score(judged, judged_by=(SUCCESSOR,)).refuses(NotOfTheCouncil)
    score(judged, on_behalf_of=AGENCY).refuses(NotTheEntitledBody)
    score(IN_CYCLE).refuses(NoCouncil)
    for part, points in (("general", "31"), ("results", "10")):
        score(judged, scores=({"part": part, "points": points},)).refuses(ScoresUnusable)
    # Of a block that has a council of its own, that one judges.
    of_block = judged.given(enrolled(CHAIR, DISTRICT_STATE, block="state"), OF_BLOCK)
    score(of_block, CHAIR, judged_by=(PREDECESSOR,)).refuses(NotOfTheCouncil)
    [event] = score(of_block, CHAIR, judged_by=(SUCCESSOR,)).decide()
    assert isinstance(event, ScoresGiven)
    assert event.judged_by == (SUCCESSOR,)


def test_what_the_council_gave_counts_and_the_rating_stands_on_it() -> None:
    scenario = IN_CYCLE.given(COUNCIL, SCORED_BY_COUNCIL)
    [event] = scenario.when(DecideRating, PREDECESSOR, **ON, **OF, level="GOOD").decide()
    assert isinstance(event, RatingDecided)
    assert (str(event.derived_points), event.scores) == ("95.5800", ())
    assert len(scenario.history) in event.stands_on
    stated = {**OF, "of": SCORED}
    scenario.when(DecideRating, PREDECESSOR, **ON, **stated, level="GOOD").refuses(
        GivenByTheCouncil
    )


def test_an_agency_proposes_and_the_body_decides_otherwise_only_with_a_reason() -> None:
    proposal: dict[str, Any] = {"official_id": PREDECESSOR, "level": "COMPLETED"}
    proposed = LevelProposed(
        **BASIC,
        proposed_by=DISTRICT_PARTY,
        addressed_to=COMMITTEE,
        level="COMPLETED",
        reason=None,
    )
    by: dict[str, Any] = {"on": END, "on_behalf_of": DISTRICT_PARTY}
    IN_CYCLE.when(ProposeLevel, CYCLE, **by, **proposal).then(proposed)
    other = {**by, "on_behalf_of": DISTRICT_STATE}
    IN_CYCLE.when(ProposeLevel, CYCLE, **other, **proposal).refuses(NotTheEntitledBody)
    scenario = IN_CYCLE.given(proposed)

    def decide(**said: Any) -> Scenario:
        return scenario.when(DecideRating, PREDECESSOR, **ON, **OF, **said)

    decide(level="GOOD").refuses(DecidedOtherThanProposed)
    for said in ({"level": "COMPLETED"}, {"level": "GOOD", "reason": "Vượt tiến độ"}):
        [event] = decide(**said).decide()
        assert isinstance(event, RatingDecided)
        assert event.level == said["level"]
