"""Random but possible lives of tasks: what the commands would have let happen."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from domain.kernel import Event
from domain.tasks import events as tasks
from domain.tasks.proposal import Evidence, Indicator, IndicatorValue, Milestone, Proposal
from domain.tasks.term import Period, Year, Yearly

FIRST_DAY = date(2021, 1, 4)
OFFICIALS = ("o1", "o2", "o3", "o4")
UNITS = ("u1", "u2")
BODY = "standing-committee"
EVIDENCE = Evidence(title="Biên bản", sha256="0" * 64, address="https://example.vn/1")


@dataclass
class Life:
    """A task under way; `official` is None until somebody answers for it."""

    task_id: str
    day: date
    official: str | None = None
    unit: str = "u1"
    since: date = FIRST_DAY
    state: str = "new"
    claimed_on: date = FIRST_DAY
    events: list[Event] = field(default_factory=list)

    @property
    def post(self) -> str:
        return f"post-{self.unit}"

    @property
    def answered(self) -> dict[str, str]:
        return {
            "task_id": self.task_id,
            "official_id": self.official or "o1",
            "post_id": self.post,
            "unit_id": self.unit,
        }


NEXT = {
    "new": ("registered", "commissioned"),
    "registered": ("approved", "rejected", "cancelled"),
    "ready": ("assigned", "cancelled"),
    "in_progress": ("reported", "reported", "planned", "handed_over", "transferred", "offered",
                    "claimed", "cancelled"),
    "claimed": ("confirmed", "confirmed", "returned"),
    "completed": ("scored",),
}  # fmt: skip


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    term = draw(
        st.sampled_from(
            [
                Year(kind="year", year=2021),
                Yearly(kind="yearly", from_year=2021),
                Period(kind="period", from_on=date(2021, 1, 1), to_on=date(2025, 12, 31)),
            ]
        )
    )
    return Proposal.model_validate({
        "title": draw(st.sampled_from(["Lò gạch", "A\\B\tC", 'Đường "mới"', "{a,b}"])).replace(
            "\t", " "
        ),
        "goal": draw(st.sampled_from(["Chấm dứt", "hai\ndòng\tvà \\ gạch"])),
        "indicators": [Indicator.model_validate(
            {"code": "kilns", "name": "Lò", "target": "98.50", "measure": "lò"}
        )],
        "roadmap": [Milestone(title="Bước 1", due_on=date(2021, 6, 1))],
        "kinds": draw(st.sampled_from([("hard",), ("hard", "backlog"), ("new",)])),
        "field": draw(st.sampled_from(["environment", "land"])),
        "term": term,
        "due_on": draw(st.sampled_from([None, date(2021, 3, 1), date(2021, 9, 1)])),
    })  # fmt: skip


@st.composite
def lives(draw: st.DrawFn, task_id: str) -> list[Event]:
    """One task's events, in order, their days never going back."""
    life = Life(task_id, FIRST_DAY)
    for _ in range(draw(st.integers(1, 12))):
        steps = NEXT.get(life.state)
        if steps is None:
            break
        life.day += timedelta(days=draw(st.sampled_from([0, 0, 1, 20, 90])))
        step = draw(st.sampled_from(steps))
        life.events.append(draw(happens(life, step)))
    return life.events


@st.composite
def happens(draw: st.DrawFn, life: Life, step: str) -> Event:  # noqa: C901, PLR0911, PLR0912  one case a verb
    day, who, task = life.day, life.answered, {"task_id": life.task_id}
    match step:
        case "registered":
            life.state, life.unit = "registered", draw(st.sampled_from(UNITS))
            return tasks.TaskRegistered(
                effective_on=day,
                managed_by=BODY,
                registered_by="official:o1",
                proposal=draw(proposals()),
                **life.answered,
            )
        case "commissioned":
            life.state = "ready"
            return tasks.TaskCommissioned(
                effective_on=day,
                commissioned_by=BODY,
                post_id=life.post,
                unit_id=life.unit,
                registered_by="client:office",
                proposal=draw(proposals()),
                **task,
            )
        case "approved":
            life.state = "ready"
            return tasks.TaskApproved(effective_on=day, approved_by=BODY, **who)
        case "rejected":
            life.state = "rejected"
            return tasks.TaskRejected(effective_on=day, rejected_by=BODY, reason="trùng", **who)
        case "assigned":
            life.state, life.since = "in_progress", day
            life.official, life.unit = (
                draw(st.sampled_from(OFFICIALS)),
                draw(st.sampled_from(UNITS)),
            )
            return tasks.TaskAssigned(
                effective_on=day,
                assigned_by=BODY,
                addressed_to="post",
                coordinators=draw(st.sampled_from([(), ("u1", "u2")])),
                due_on=draw(st.sampled_from([None, date(2021, 5, 1), date(2021, 12, 31)])),
                **life.answered,
            )
        case "handed_over" | "transferred" if day <= life.since:
            return _report(life)
        case "handed_over":
            before, life.official, life.since = life.official, _other(life), day
            return tasks.TaskHandedOver(
                effective_on=day,
                from_official=before or "",
                to_official=life.official,
                post_id=life.post,
                unit_id=life.unit,
                state_summary="đang làm",
                **task,
            )
        case "transferred":
            before, post, unit = life.official, life.post, life.unit
            life.official, life.since = _other(life), day
            life.unit = "u2" if unit == "u1" else "u1"
            return tasks.TaskTransferred(
                effective_on=day,
                from_official=before or "",
                from_post=post,
                from_unit=unit,
                to_official=life.official,
                to_post=life.post,
                to_unit=life.unit,
                decided_by=BODY,
                reason="điều chuyển",
                **task,
            )
        case "offered":
            return tasks.HandoverOffered(
                effective_on=day,
                from_official=life.official or "",
                to_official=_other(life),
                post_id=life.post,
                unit_id=life.unit,
                state_summary="đang làm",
                **task,
            )
        case "planned":
            return tasks.PlanSubmitted(
                effective_on=day, revision=1, summary="kế hoạch", steps=(), **who
            )
        case "claimed":
            life.state, life.claimed_on = "claimed", day
            return tasks.CompletionClaimed(
                effective_on=day,
                claimed_by="official:o1",
                summary="xong",
                values=(IndicatorValue.model_validate({"code": "kilns", "actual": "98.5"}),),
                evidence=(EVIDENCE,),
                **who,
            )
        case "confirmed":
            life.state = "completed"
            return tasks.CompletionConfirmed(
                effective_on=day, confirmed_by=BODY, completed_on=life.claimed_on, **who
            )
        case "returned":
            life.state = "in_progress"
            return tasks.CompletionReturned(
                effective_on=day, returned_by=BODY, reason="thiếu", **who
            )
        case "scored":
            return tasks.TaskScored.model_validate({
                "effective_on": day, "scored_by": BODY, "revision": 1, "criteria": (),
                "score_points": "90.50", "max_points": "100", **who,
            })  # fmt: skip
        case "cancelled":
            life.state = "cancelled"
            return tasks.TaskCancelled.model_validate({
                "effective_on": day, "cancelled_by": BODY, "reason": "không cần", **who,
                "official_id": life.official,
            })  # fmt: skip
        case _:
            return _report(life)


def _report(life: Life) -> Event:
    return tasks.ProgressReported.model_validate({
        "effective_on": life.day, "narrative": "đang làm", "share_percent": "20.50",
        "values": [{"code": "kilns", "actual": "12"}], **life.answered,
    })  # fmt: skip


def _other(life: Life) -> str:
    return next(official for official in OFFICIALS if official != life.official)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A few tasks' lives, interleaved."""
    waiting = [draw(lives(f"t{number}")) for number in range(draw(st.integers(1, 4)))]
    events: list[Event] = []
    while waiting := [life for life in waiting if life]:
        events.append(draw(st.sampled_from(waiting)).pop(0))
    return events


@st.composite
def histories_and_days(draw: st.DrawFn) -> tuple[list[Event], date]:
    """A history and a day that matters in it, the one before or the one after."""
    events = draw(histories())
    days = {event.effective_on for event in events}
    for event in events:
        if isinstance(event, tasks.TaskAssigned) and event.due_on is not None:
            days.add(event.due_on)
    day = draw(st.sampled_from(sorted(days)))
    return events, day + timedelta(days=draw(st.sampled_from([-1, 0, 1])))
