"""Running sentences: who is rated, what is due when, who decides, who leaves, in Vietnamese."""

from domain.regulations.vocabulary_1.organising import (
    CYCLE_WORDS,
    MATTER_WORDS,
    MONTHS_IN_QUARTER,
    PAPER_WORDS,
    CellMeetings,
    Cohort,
    Decider,
    Duty,
    Leavers,
    OpinionGiven,
)
from domain.regulations.vocabulary_1.shapes import article
from domain.wording import day

DAY_OFF_WORDS = {
    "next_working_day": "; trúng ngày nghỉ thì lùi sang ngày làm việc kế tiếp",
    "previous_working_day": "; trúng ngày nghỉ thì sớm lên ngày làm việc liền trước",
    "same_day": "",
}
EACH_WORDS = {"month": "Hằng tháng", "quarter": "Hằng quý", "year": "Hằng năm"}


def of_cohort(cohort: Cohort) -> str:
    """Who belongs together, and how many tasks each has."""
    titled = f" ({cohort.title})" if cohort.title else ""
    tasks = f", mỗi đầu mối được giao {cohort.tasks} việc" if cohort.tasks else ""
    return f"Nhóm đối tượng {cohort.name}{titled}{article(cohort.article)}{tasks}."


def of_decider(decider: Decider) -> str:
    """Which body decides the matter."""
    matter, cited = MATTER_WORDS[decider.matter], article(decider.article)
    return f"Việc {matter} do {decider.body} quyết định{cited}."


def of_duty(duty: Duty) -> str:
    """By which day the paper is due."""
    which = f"ngày {'cuối' if duty.day == 'last' else duty.day}"
    match duty.each:
        case "month":
            place = " tháng sau" if duty.next_period else " của tháng"
        case "quarter":
            place = f" tháng thứ {duty.month or MONTHS_IN_QUARTER} của quý"
            place += " sau" if duty.next_period else ""
        case "year":
            place = f" tháng {duty.month}" + (" năm sau" if duty.next_period else "")
    bound = "trước" if duty.strictly_before else "chậm nhất"
    grace = f"; cho thêm {duty.grace_days} ngày" if duty.grace_days else ""
    since = f"; áp dụng từ {day(duty.from_on)}" if duty.from_on else ""
    only = f" (chỉ với {', '.join(duty.only_for)})" if duty.only_for else ""
    return (
        f"{EACH_WORDS[duty.each]}{only}{article(duty.article)}: {PAPER_WORDS[duty.paper]} {bound} "
        f"{which}{place}{DAY_OFF_WORDS[duty.if_day_off]}{grace}{since}."
    )


def of_cell_meetings(meetings: CellMeetings) -> str:
    """How often an official attends, and on which scale the meetings are judged."""
    return (
        f"Mỗi tháng dự ít nhất {meetings.each_month} buổi sinh hoạt chi bộ"
        f"{article(meetings.article)}; chất lượng chấm trên thang {meetings.scale_points} điểm."
    )


def of_leavers(leavers: Leavers) -> str:
    """What the former agency contributes, and how those who were absent are rated."""
    if isinstance(leavers, OpinionGiven):
        what = (
            f"cơ quan cũ cho ý kiến nếu người đó đã làm việc ở đó từ "
            f"{leavers.gives_opinion_after_months} tháng trở lên"
        )
    elif leavers.former_agency == "sends_scores":
        each = f" {CYCLE_WORDS[leavers.each]}" if leavers.each else ""
        what = f"cơ quan cũ gửi kết quả chấm điểm{each} cho cơ quan mới"
    else:
        what = "cơ quan cũ không tham gia"
    gone = ", trừ khi cơ quan cũ không còn" if leavers.unless_dissolved else ""
    absent = {
        None: "",
        "rated_on_time_worked": "; người nghỉ ốm, nghỉ thai sản được xếp theo thời gian làm việc",
        "decided_by_body": "; người nghỉ ốm, nghỉ thai sản do cơ quan quyết định",
    }[leavers.absent]
    return f"Người chuyển công tác{article(leavers.article)}: {what}{gone}{absent}."
