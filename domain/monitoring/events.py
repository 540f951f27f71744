"""What happens to the monitoring of communes. In all of it `unit_id` is the commune.

So it stands in the history of the commune, of the officials and of the agency alike. A monitor is
told from the next by `since`, the first day of the span.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, StrictBool, StrictInt

from domain.kernel import Event
from domain.values import Day, Line, OfficialId, PostId, Quantity, Slug, Text, UnitId

Number = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
YearlyPaper: TypeAlias = Literal["programme", "annual_report", "review"]
CalendarYear = Annotated[StrictInt, Field(ge=1900, le=2199)]


class ReleaseCause(StrEnum):
    """Why a commune is monitored no longer: what became of the monitor, or of the commune."""

    RETIREMENT = "retirement"
    TRANSFER = "transfer"
    DISMISSAL = "dismissal"
    RESIGNATION = "resignation"
    END_OF_TERM = "end_of_term"
    DEATH = "death"
    RELEASED = "released"
    UNIT_ENDED = "unit_ended"


class Level(StrEnum):
    """The four national levels of completion, the highest first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


class MonitoringEvent(Event):
    """An event of the monitoring of one commune."""

    unit_id: UnitId


class QuotaSet(Event):
    """How many of an agency's leaders monitor communes: its quota (D9). `unit_id` is the agency."""

    TYPE: ClassVar[str] = "monitoring.quota_set"
    VIETNAMESE: ClassVar[str] = "giao số lượng lãnh đạo theo dõi xã"

    unit_id: UnitId
    leaders: Annotated[StrictInt, Field(ge=0, le=1000)]
    set_by: UnitId


class CommuneAllocated(MonitoringEvent):
    """The commune's monitor is one of the agency's leaders from `effective_on` (D9).

    `exception` is why the agency is allocated more communes than its leaders may monitor.
    """

    TYPE: ClassVar[str] = "monitoring.commune_allocated"
    VIETNAMESE: ClassVar[str] = "phân bổ xã"

    agency_id: UnitId
    allocated_by: UnitId
    exception: Text | None = None


class AllocationWithdrawn(MonitoringEvent):
    """The commune is allocated to no agency from `effective_on`."""

    TYPE: ClassVar[str] = "monitoring.allocation_withdrawn"
    VIETNAMESE: ClassVar[str] = "thu hồi phân bổ xã"

    agency_id: UnitId
    withdrawn_by: UnitId
    reason: Text


class MonitorAssigned(MonitoringEvent):
    """The official, in a leading post of the agency, monitors the commune from `effective_on`.

    `exception` is why the official monitors more communes than the regulation says (D6).
    `follows` is the commune merged into this one or split, whose monitor goes on here.
    """

    TYPE: ClassVar[str] = "monitoring.monitor_assigned"
    VIETNAMESE: ClassVar[str] = "phân công theo dõi xã"

    official_id: OfficialId
    post_id: PostId
    agency_id: UnitId
    assigned_by: UnitId
    exception: Text | None = None
    follows: UnitId | None = None


class MonitorReplaced(MonitoringEvent):
    """Another official monitors the commune from `effective_on`, without a day between (D8)."""

    TYPE: ClassVar[str] = "monitoring.monitor_replaced"
    VIETNAMESE: ClassVar[str] = "thay người theo dõi xã"

    from_official: OfficialId
    to_official: OfficialId
    post_id: PostId
    agency_id: UnitId
    replaced_by: UnitId
    reason: Text
    handover_note: Text
    exception: Text | None = None


class MonitorReleased(MonitoringEvent):
    """Nobody monitors the commune from `effective_on` (D7). `since` is when the official began.

    `released_by` is None where no body decided on it, but the tenure or the commune ended.
    """

    TYPE: ClassVar[str] = "monitoring.monitor_released"
    VIETNAMESE: ClassVar[str] = "thôi theo dõi xã"

    official_id: OfficialId
    post_id: PostId
    agency_id: UnitId
    since: Day
    cause: ReleaseCause
    reason: Text
    released_by: UnitId | None = None


class SpanEvent(MonitoringEvent):
    """An event of one monitor's span in a commune."""

    official_id: OfficialId
    since: Day


class ProgrammeSubmitted(SpanEvent):
    """The monitor's programme for the year; a later revision replaces it (D2, D10)."""

    TYPE: ClassVar[str] = "monitoring.programme_submitted"
    VIETNAMESE: ClassVar[str] = "chương trình theo dõi xã"

    year: CalendarYear
    revision: Annotated[StrictInt, Field(ge=1)]
    content: Text
    planned_visits: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None


class VisitRecorded(SpanEvent):
    """The monitor was in the commune on `effective_on` (D12); numbered within the commune."""

    TYPE: ClassVar[str] = "monitoring.visit_recorded"
    VIETNAMESE: ClassVar[str] = "làm việc tại xã"

    number: Number
    occasion: Slug
    content: Text


class AnnualReportSubmitted(SpanEvent):
    """The monitor's report on the year (D11); a later revision replaces it."""

    TYPE: ClassVar[str] = "monitoring.annual_report_submitted"
    VIETNAMESE: ClassVar[str] = "báo cáo năm về theo dõi xã"

    year: CalendarYear
    revision: Annotated[StrictInt, Field(ge=1)]
    content: Text


class MonitorReviewed(SpanEvent):
    """The commune's committee gives its year-end form on the monitor (D13, D16), once a year."""

    TYPE: ClassVar[str] = "monitoring.monitor_reviewed"
    VIETNAMESE: ClassVar[str] = "nhận xét cán bộ theo dõi xã"

    year: CalendarYear
    level: Level
    remarks: Text
    reviewed_by: UnitId


class CommendationProposed(SpanEvent):
    """The commune's committee proposes to commend the monitor for the year (D14)."""

    TYPE: ClassVar[str] = "monitoring.commendation_proposed"
    VIETNAMESE: ClassVar[str] = "đề nghị biểu dương"

    year: CalendarYear
    reason: Text
    proposed_by: UnitId


class CommendationDecided(SpanEvent):
    """The body commends the monitor, or does not."""

    TYPE: ClassVar[str] = "monitoring.commendation_decided"
    VIETNAMESE: ClassVar[str] = "quyết định biểu dương"

    year: CalendarYear
    commended: StrictBool
    reason: Text
    decided_by: UnitId


class ReplacementRequested(SpanEvent):
    """The commune's committee asks for another monitor (D15); numbered within the commune."""

    TYPE: ClassVar[str] = "monitoring.replacement_requested"
    VIETNAMESE: ClassVar[str] = "đề nghị thay người theo dõi"

    number: Number
    reason: Text
    requested_by: UnitId


class ReplacementAnswered(SpanEvent):
    """The body grants the request, or does not; the replacement itself is an event of its own."""

    TYPE: ClassVar[str] = "monitoring.replacement_answered"
    VIETNAMESE: ClassVar[str] = "trả lời đề nghị thay người theo dõi"

    number: Number
    granted: StrictBool
    answer: Text
    answered_by: UnitId


class RecommendationMade(SpanEvent):
    """The monitor recommends something to a body (D19); numbered within the commune."""

    TYPE: ClassVar[str] = "monitoring.recommendation_made"
    VIETNAMESE: ClassVar[str] = "kiến nghị"

    number: Number
    to_body: UnitId
    content: Text
    answer_due_on: Day | None = None


class RecommendationAnswered(MonitoringEvent):
    """The body answers the recommendation."""

    TYPE: ClassVar[str] = "monitoring.recommendation_answered"
    VIETNAMESE: ClassVar[str] = "trả lời kiến nghị"

    number: Number
    answer: Text
    answered_by: UnitId


class GoodPracticeRecorded(SpanEvent):
    """A new model or creative way of working, to be replicated (D20)."""

    TYPE: ClassVar[str] = "monitoring.good_practice_recorded"
    VIETNAMESE: ClassVar[str] = "ghi nhận cách làm hay"

    number: Number
    title: Line
    content: Text


class PaperMissed(SpanEvent):
    """The yearly paper was due on `due_on` and has not come; a `review` is that of the official."""

    TYPE: ClassVar[str] = "monitoring.paper_missed"
    VIETNAMESE: ClassVar[str] = "quá hạn mà chưa có văn bản hằng năm về theo dõi xã"

    paper: YearlyPaper
    year: CalendarYear
    due_on: Day


class AgencyAssessed(Event):
    """The agency's leadership of its monitors in the year (D17). `unit_id` is the agency."""

    TYPE: ClassVar[str] = "monitoring.agency_assessed"
    VIETNAMESE: ClassVar[str] = "đánh giá cơ quan theo dõi"

    unit_id: UnitId
    year: CalendarYear
    level: Level
    remarks: Text
    assessed_by: UnitId


class Measure(StrEnum):
    """What a report on a year gives as a figure, of monitoring or of tasks; shares are in percent.

    Tasks are those assigned in the year, by the four states; `tasks_done_share` is of those done or
    overdue.
    """

    COMMUNES = "communes"
    COVERED_COMMUNES = "covered_communes"
    COVERED_SHARE = "covered_share"
    MONITORS = "monitors"
    VISITS = "visits"
    REVIEWS = "reviews"
    COMMENDATIONS_PROPOSED = "commendations_proposed"
    COMMENDATION_SHARE = "commendation_share"
    TASKS = "tasks"
    TASKS_DONE_IN_TIME = "tasks_done_in_time"
    TASKS_DONE_LATE = "tasks_done_late"
    TASKS_OPEN_IN_TIME = "tasks_open_in_time"
    TASKS_OPEN_OVERDUE = "tasks_open_overdue"
    TASKS_DONE_SHARE = "tasks_done_share"


class FigureReported(Event):
    """A body reports a figure, held beside what the log gives. `unit_id` is the reporting body."""

    TYPE: ClassVar[str] = "monitoring.figure_reported"
    VIETNAMESE: ClassVar[str] = "báo cáo số liệu"

    unit_id: UnitId
    year: CalendarYear
    measure: Measure
    reported: Quantity


# What is written of a commune's monitors.
PAPERS = (
    ProgrammeSubmitted,
    VisitRecorded,
    AnnualReportSubmitted,
    MonitorReviewed,
    CommendationProposed,
    CommendationDecided,
    ReplacementRequested,
    ReplacementAnswered,
    RecommendationMade,
    RecommendationAnswered,
    GoodPracticeRecorded,
)
