"""Papers of monitoring: who may give which, for whom, and how often."""

from datetime import date
from typing import Any

from domain.kernel import Actor, BodyRequired, DocumentRequired, NotTheEntitledBody
from domain.monitoring.events import (
    AnnualReportSubmitted,
    CommendationDecided,
    CommendationProposed,
    GoodPracticeRecorded,
    Level,
    MonitorReviewed,
    ProgrammeSubmitted,
    RecommendationAnswered,
    RecommendationMade,
    ReplacementAnswered,
    ReplacementRequested,
    VisitRecorded,
)
from domain.monitoring.monitoring import CommuneUnmonitored, NotTheMonitor
from domain.monitoring.papers.annual_report import SubmitAnnualReport
from domain.monitoring.papers.command import NotOfTheCommune, OnlyTheMonitor
from domain.monitoring.papers.commendation import DecideCommendation, ProposeCommendation
from domain.monitoring.papers.good_practice import RecordGoodPractice
from domain.monitoring.papers.papers import (
    NoProposalOpen,
    NoSpanInYear,
    PaperSettled,
    PaperUnknown,
    ProposedAlready,
    ReviewedAlready,
    YearNotBegun,
)
from domain.monitoring.papers.programme import SubmitProgramme
from domain.monitoring.papers.recommendation import (
    AnswerDueBeforeRecommendation,
    AnswerRecommendation,
    MakeRecommendation,
    NotTheBodyAsked,
)
from domain.monitoring.papers.replacement_request import (
    AnswerReplacementRequest,
    RequestAwaitsAnswer,
    RequestReplacement,
)
from domain.monitoring.papers.review import ReviewMonitor
from domain.monitoring.papers.visits import RecordVisit
from domain.organisation.events import UnitClosed, UnitMerged
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.commune import (
    AGENCY,
    BY_COMMITTEE,
    BY_FIRST,
    BY_PARTY,
    BY_SECOND,
    COMMITTEE,
    COMMUNE,
    FIRST,
    MONITOR,
    MONITORED,
    OTHER_BODY,
    PARTY,
    REMARKS,
    REPLACED,
    SECOND,
    SUCCEEDED,
    TODAY,
)
from tests.domain.scenario import DECISION

PROGRAMME: dict[str, Any] = {"year": 2021, "content": "Mỗi quý một lần", "planned_visits": 4}
REPORT: dict[str, Any] = {"year": 2021, "content": "Đã đi 5 lần"}
VISIT: dict[str, Any] = {"occasion": "party_meeting", "content": "Dự họp"}
REVIEW: dict[str, Any] = {"year": 2021, "level": Level.GOOD, "remarks": REMARKS}


def programme(revision: int, on: date, **of: Any) -> ProgrammeSubmitted:
    return ProgrammeSubmitted(effective_on=on, revision=revision, **{**PROGRAMME, **of})


def visit(number: int, on: date, **of: Any) -> VisitRecorded:
    return VisitRecorded(effective_on=on, number=number, **VISIT, **of)


def test_a_monitor_submits_a_programme_and_revises_it() -> None:
    params: dict[str, Any] = {"by": MONITOR, **PROGRAMME}
    submitted = MONITORED.when(SubmitProgramme, COMMUNE, on=date(2021, 1, 5), **params).then(
        programme(1, date(2021, 1, 5), **BY_FIRST)
    )
    submitted.when(SubmitProgramme, COMMUNE, on=date(2021, 2, 5), **params).then(
        programme(2, date(2021, 2, 5), **BY_FIRST)
    )
    submitted.when(SubmitProgramme, COMMUNE, on=date(2021, 1, 4), **params).then(
        programme(2, date(2021, 1, 4), **BY_FIRST)
    )


def test_each_monitor_of_a_commune_has_a_programme_of_their_own() -> None:
    first = SUCCEEDED.given(programme(1, date(2021, 1, 5), **BY_FIRST))
    first.when(SubmitProgramme, COMMUNE, on=TODAY, **PROGRAMME).then(
        programme(1, TODAY, **BY_SECOND)
    )
    first.when(SubmitProgramme, COMMUNE, on=TODAY, official_id=FIRST, **PROGRAMME).then(
        programme(2, TODAY, **BY_FIRST)
    )


def test_a_programme_is_for_the_next_year_at_the_latest() -> None:
    next_year: dict[str, Any] = {**PROGRAMME, "year": 2022}
    MONITORED.when(SubmitProgramme, COMMUNE, on=TODAY, **next_year).then(
        programme(1, TODAY, **BY_FIRST, year=2022)
    )
    MONITORED.when(SubmitProgramme, COMMUNE, on=TODAY, **{**PROGRAMME, "year": 2023}).refuses(
        YearNotBegun
    )


def test_nobody_submits_what_is_another_monitors() -> None:
    stranger = Actor(f"official:{SECOND}")
    papers: list[tuple[Any, dict[str, Any]]] = [
        (SubmitProgramme, PROGRAMME),
        (SubmitAnnualReport, REPORT),
    ]
    for verb, params in papers:
        own = MONITORED.when(verb, COMMUNE, by=stranger, on=TODAY, **params)
        own.refuses(NoSpanInYear)
        of_other = MONITORED.when(verb, COMMUNE, by=stranger, on=TODAY, official_id=FIRST, **params)
        of_other.refuses(OnlyTheMonitor)
    MONITORED.when(RecordVisit, COMMUNE, by=stranger, on=TODAY, **VISIT).refuses(NotTheMonitor)
    MONITORED.when(RecordVisit, COMMUNE, by=stranger, on=TODAY, official_id=FIRST, **VISIT).refuses(
        OnlyTheMonitor
    )


def test_a_report_is_on_a_year_that_has_begun_also_by_who_has_left() -> None:
    reported = AnnualReportSubmitted(effective_on=TODAY, revision=1, **REPORT, **BY_FIRST)
    SUCCEEDED.when(SubmitAnnualReport, COMMUNE, by=MONITOR, on=TODAY, **REPORT).then(reported).when(
        SubmitAnnualReport, COMMUNE, by=MONITOR, on=TODAY, **REPORT
    ).then(reported.model_copy(update={"revision": 2}))
    SUCCEEDED.when(SubmitAnnualReport, COMMUNE, on=TODAY, **{**REPORT, "year": 2022}).refuses(
        YearNotBegun
    )
    SUCCEEDED.when(SubmitAnnualReport, COMMUNE, on=TODAY, **{**REPORT, "year": 2019}).refuses(
        CommuneUnmonitored
    )


def test_a_visit_lies_within_the_monitors_span() -> None:
    SUCCEEDED.when(RecordVisit, COMMUNE, by=MONITOR, on=date(2021, 6, 30), **VISIT).then(
        visit(1, date(2021, 6, 30), **BY_FIRST)
    ).when(RecordVisit, COMMUNE, on=REPLACED, **VISIT).then(visit(2, REPLACED, **BY_SECOND)).when(
        RecordVisit, COMMUNE, on=date(2021, 6, 29), official_id=FIRST, **VISIT
    ).then(visit(3, date(2021, 6, 29), **BY_FIRST))
    SUCCEEDED.when(RecordVisit, COMMUNE, on=REPLACED, official_id=FIRST, **VISIT).refuses(
        NotTheMonitor
    )
    SUCCEEDED.when(RecordVisit, COMMUNE, on=date(2020, 2, 29), **VISIT).refuses(CommuneUnmonitored)


def test_the_communes_party_committee_reviews_its_monitor_once_a_year() -> None:
    reviewed = MonitorReviewed(effective_on=TODAY, reviewed_by=PARTY, **REVIEW, **BY_SECOND)
    after = SUCCEEDED.when(ReviewMonitor, COMMUNE, **BY_PARTY, **REVIEW).then(reviewed)
    after.when(ReviewMonitor, COMMUNE, **BY_PARTY, **REVIEW).refuses(ReviewedAlready)
    first = MonitorReviewed(effective_on=TODAY, reviewed_by=COMMUNE, **REVIEW, **BY_FIRST)
    after.when(
        ReviewMonitor, COMMUNE, on=TODAY, on_behalf_of=COMMUNE, official_id=FIRST, **REVIEW
    ).then(first)
    SUCCEEDED.when(ReviewMonitor, COMMUNE, **BY_PARTY, **{**REVIEW, "year": 2022}).refuses(
        YearNotBegun
    )


def test_nobody_but_the_commune_speaks_for_it() -> None:
    params: dict[str, Any] = {"year": 2021, "reason": REMARKS}
    spoken: list[tuple[Any, dict[str, Any]]] = [
        (ReviewMonitor, REVIEW),
        (ProposeCommendation, params),
        (RequestReplacement, {"reason": REMARKS}),
    ]
    for verb, words in spoken:
        MONITORED.when(verb, COMMUNE, **BY_COMMITTEE, **words).refuses(NotOfTheCommune)
        MONITORED.when(verb, COMMUNE, on=TODAY, **words).refuses(BodyRequired)
        MONITORED.when(verb, COMMUNE, on=TODAY, on_behalf_of="ma", **words).refuses(UnitUnknown)


PROPOSED = CommendationProposed(
    effective_on=date(2021, 11, 1), year=2021, reason=REMARKS, proposed_by=PARTY, **BY_FIRST
)
DECIDES: dict[str, Any] = {"official_id": FIRST, "year": 2021, "reason": REMARKS}


def decided(*, commended: bool, by: str = COMMITTEE) -> CommendationDecided:
    return CommendationDecided(
        effective_on=TODAY,
        year=2021,
        commended=commended,
        reason=REMARKS,
        decided_by=by,
        **BY_FIRST,
    )


def test_a_commendation_is_proposed_once_and_decided_once() -> None:
    params: dict[str, Any] = {"year": 2021, "reason": REMARKS}
    proposed = MONITORED.when(
        ProposeCommendation, COMMUNE, on=date(2021, 11, 1), on_behalf_of=PARTY, **params
    ).then(PROPOSED)
    proposed.when(ProposeCommendation, COMMUNE, **BY_PARTY, **params).refuses(ProposedAlready)
    commended: dict[str, Any] = {**DECIDES, "commended": True, "basis": DECISION}
    proposed.when(DecideCommendation, COMMUNE, **BY_COMMITTEE, **commended).then(
        decided(commended=True)
    ).when(DecideCommendation, COMMUNE, **BY_COMMITTEE, **commended).refuses(NoProposalOpen)


def test_who_assigned_decides_on_a_commendation_by_document() -> None:
    proposed = MONITORED.given(PROPOSED)
    no, yes = {**DECIDES, "commended": False}, {**DECIDES, "commended": True}
    proposed.when(DecideCommendation, COMMUNE, **BY_COMMITTEE, **no).then(decided(commended=False))
    proposed.when(DecideCommendation, COMMUNE, **BY_COMMITTEE, **yes).refuses(DocumentRequired)
    proposed.when(DecideCommendation, COMMUNE, on=TODAY, **no).refuses(BodyRequired)
    other: dict[str, Any] = {"on": TODAY, "on_behalf_of": OTHER_BODY}
    proposed.when(DecideCommendation, COMMUNE, **other, **no).refuses(NotTheEntitledBody)
    early: dict[str, Any] = {"on": date(2021, 10, 1), "on_behalf_of": COMMITTEE}
    proposed.when(DecideCommendation, COMMUNE, **early, **no).refuses(NoProposalOpen)


def test_where_the_body_that_assigned_is_no_more_another_decides() -> None:
    gone = UnitClosed(effective_on=TODAY, unit_id=COMMITTEE, reason="Sáp nhập tỉnh")
    params: dict[str, Any] = {
        "on": TODAY,
        "on_behalf_of": OTHER_BODY,
        **DECIDES,
        "commended": False,
    }
    MONITORED.given(PROPOSED, gone).when(DecideCommendation, COMMUNE, **params).then(
        decided(commended=False, by=OTHER_BODY)
    )


def test_where_the_body_that_assigned_was_merged_its_successor_decides() -> None:
    merged = UnitMerged(effective_on=TODAY, unit_id=COMMITTEE, into=OTHER_BODY)
    no: dict[str, Any] = {"on": TODAY, **DECIDES, "commended": False}
    ended = MONITORED.given(PROPOSED, merged)
    ended.when(DecideCommendation, COMMUNE, on_behalf_of=OTHER_BODY, **no).then(
        decided(commended=False, by=OTHER_BODY)
    )
    ended.when(DecideCommendation, COMMUNE, on_behalf_of=AGENCY, **no).refuses(NotTheEntitledBody)
    ended.when(DecideCommendation, COMMUNE, on_behalf_of=COMMITTEE, **no).refuses(UnitNotOpen)


def requested(number: int, **of: Any) -> ReplacementRequested:
    return ReplacementRequested(
        effective_on=TODAY, number=number, reason=REMARKS, requested_by=PARTY, **of
    )


def test_a_replacement_is_requested_and_answered_before_it_is_requested_again() -> None:
    answer: dict[str, Any] = {"granted": False, "answer": "Tiếp tục theo dõi"}
    asks: dict[str, Any] = {**BY_PARTY, "reason": REMARKS}
    pending = MONITORED.when(RequestReplacement, COMMUNE, **asks).then(requested(1, **BY_FIRST))
    pending.when(RequestReplacement, COMMUNE, **asks).refuses(RequestAwaitsAnswer)
    pending.when(AnswerReplacementRequest, COMMUNE, **BY_PARTY, number=1, **answer).refuses(
        NotTheEntitledBody
    )
    pending.when(AnswerReplacementRequest, COMMUNE, **BY_COMMITTEE, number=2, **answer).refuses(
        PaperUnknown
    )
    answered = pending.when(
        AnswerReplacementRequest, COMMUNE, **BY_COMMITTEE, number=1, **answer
    ).then(
        ReplacementAnswered(
            effective_on=TODAY, number=1, answered_by=COMMITTEE, **answer, **BY_FIRST
        )
    )
    answered.when(AnswerReplacementRequest, COMMUNE, **BY_COMMITTEE, number=1, **answer).refuses(
        PaperSettled
    )
    answered.when(RequestReplacement, COMMUNE, **asks).then(requested(2, **BY_FIRST))


def test_a_recommendation_is_answered_once_by_the_body_it_was_made_to() -> None:
    params: dict[str, Any] = {
        "to_body": OTHER_BODY,
        "content": "Tăng biên chế",
        "answer_due_on": date(2021, 12, 15),
    }
    made = MONITORED.when(MakeRecommendation, COMMUNE, by=MONITOR, on=TODAY, **params).then(
        RecommendationMade(effective_on=TODAY, number=1, **params, **BY_FIRST)
    )
    answer: dict[str, Any] = {"number": 1, "answer": "Đồng ý"}
    made.when(AnswerRecommendation, COMMUNE, **BY_COMMITTEE, **answer).refuses(NotTheBodyAsked)
    early: dict[str, Any] = {"on": date(2021, 11, 30), "on_behalf_of": OTHER_BODY}
    made.when(AnswerRecommendation, COMMUNE, **early, **answer).refuses(PaperUnknown)
    by_other: dict[str, Any] = {"on": TODAY, "on_behalf_of": OTHER_BODY}
    made.when(AnswerRecommendation, COMMUNE, **by_other, **answer).then(
        RecommendationAnswered(
            effective_on=TODAY, unit_id=COMMUNE, answered_by=OTHER_BODY, **answer
        )
    ).when(AnswerRecommendation, COMMUNE, **by_other, **answer).refuses(PaperSettled)


def test_a_recommendation_is_made_to_a_body_that_can_still_answer() -> None:
    params: dict[str, Any] = {"to_body": OTHER_BODY, "content": "Tăng biên chế"}
    before: dict[str, Any] = {**params, "answer_due_on": date(2021, 11, 30)}
    MONITORED.when(MakeRecommendation, COMMUNE, on=TODAY, **before).refuses(
        AnswerDueBeforeRecommendation
    )
    nobody: dict[str, Any] = {**params, "to_body": "ma"}
    MONITORED.when(MakeRecommendation, COMMUNE, on=TODAY, **nobody).refuses(UnitUnknown)


def test_good_practices_are_numbered_within_the_commune() -> None:
    params: dict[str, Any] = {"title": "Tổ tự quản", "content": "Mỗi thôn một tổ"}
    MONITORED.when(RecordGoodPractice, COMMUNE, by=MONITOR, on=TODAY, **params).then(
        GoodPracticeRecorded(effective_on=TODAY, number=1, **params, **BY_FIRST)
    ).when(RecordGoodPractice, COMMUNE, by=MONITOR, on=TODAY, **params).then(
        GoodPracticeRecorded(effective_on=TODAY, number=2, **params, **BY_FIRST)
    )


def test_what_is_recorded_late_has_a_number_of_its_own() -> None:
    params: dict[str, Any] = {"to_body": OTHER_BODY, "content": "Tăng biên chế"}
    late = date(2021, 3, 1)
    made = MONITORED.when(MakeRecommendation, COMMUNE, on=TODAY, **params).then(
        RecommendationMade(effective_on=TODAY, number=1, **params, **BY_FIRST)
    )
    both = made.when(MakeRecommendation, COMMUNE, on=late, **params).then(
        RecommendationMade(effective_on=late, number=2, **params, **BY_FIRST)
    )
    answer: dict[str, Any] = {"on": date(2021, 4, 1), "on_behalf_of": OTHER_BODY, "answer": "Có"}
    both.when(AnswerRecommendation, COMMUNE, **answer, number=1).refuses(PaperUnknown)
    [answered] = both.when(AnswerRecommendation, COMMUNE, **answer, number=2).decide()
    assert isinstance(answered, RecommendationAnswered)


def test_a_review_recorded_late_leaves_no_room_for_a_later_one() -> None:
    reviewed = MonitorReviewed(effective_on=TODAY, reviewed_by=PARTY, **REVIEW, **BY_FIRST)
    late: dict[str, Any] = {"on": date(2021, 11, 1), "on_behalf_of": PARTY}
    assert contradicted(
        MONITORED.given(reviewed).when(ReviewMonitor, COMMUNE, **late, **REVIEW)
    ) == [(reviewed, ReviewedAlready)]
    params: dict[str, Any] = {"year": 2021, "reason": REMARKS}
    early: dict[str, Any] = {"on": date(2021, 10, 1), "on_behalf_of": PARTY}
    assert contradicted(
        MONITORED.given(PROPOSED).when(ProposeCommendation, COMMUNE, **early, **params)
    ) == [(PROPOSED, ProposedAlready)]


def test_an_answer_recorded_late_leaves_no_room_for_a_later_one() -> None:
    asked = MONITORED.given(requested(1, **BY_FIRST).model_copy(update={"effective_on": REPLACED}))
    answer: dict[str, Any] = {"number": 1, "granted": False, "answer": REMARKS}
    answered = ReplacementAnswered(effective_on=TODAY, answered_by=COMMITTEE, **answer, **BY_FIRST)
    early: dict[str, Any] = {"on": REPLACED, "on_behalf_of": COMMITTEE}
    late = asked.given(answered).when(AnswerReplacementRequest, COMMUNE, **early, **answer)
    assert contradicted(late) == [(answered, PaperSettled)]
