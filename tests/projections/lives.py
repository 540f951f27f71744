"""Random but possible lives of tasks: what the commands would have let happen."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.kernel import Event
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.matters.delegation import PartDelegated, PartReported
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.proposal import Evidence, Indicator, IndicatorValue, Milestone, Proposal
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from domain.tasks.term import Period, Year, Yearly
from domain.tasks.work.effects import EffectRecorded
from domain.tasks.work.results import PartialResultRecorded

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
    beside: dict[str, date] = field(default_factory=dict)
    obstacles: int = 0
    settled: int = 0
    parts: int = 0

    @property
    def post(self) -> str:
        return f"post-{self.unit}"

    def led_by(self, official: str) -> None:
        self.official, self.since, self.state = official, self.day, "in_progress"
        self.beside.pop(official, None)

    @property
    def answered(self) -> dict[str, str]:
        return {
            "task_id": self.task_id,
            "official_id": self.official or "o1",
            "post_id": self.post,
            "unit_id": self.unit,
        }


NEXT = {
    "new": ("registered", "commissioned", "commissioned", "continued"),
    "registered": ("approved", "approved", "amended", "rejected", "cancelled",
                   "corrected_proposal"),
    "ready": (*["assigned"] * 5, "amended", "cancelled"),
    "in_progress": ("reported", "reported", "planned", "handed_over", "transferred", "offered",
                    "claimed", "cancelled", "vacated", "revised", "corrected", "with_result",
                    "corrected_proposal", "added", "released", "handed_beside", "obstacle",
                    "resolved", *["delegated", "part_reported", "part_reported"] * 2, "effect",
                    "carried_over",
                    "transferred", "transferred", "vacated", "added", "added", "corrected"),
    "vacant": ("filled", "filled", "filled", "corrected_proposal", "cancelled", "carried_over"),
    "claimed": ("confirmed", "confirmed", "returned"),
    "completed": ("scored", "corrected_proposal"),
    "carried_over": ("corrected_proposal",),
}  # fmt: skip


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    year, yearly = Year(kind="year", year=2021), Yearly(kind="yearly", from_year=2021)
    period = Period(kind="period", from_on=date(2021, 1, 1), to_on=date(2025, 12, 31))
    term = draw(st.sampled_from([year, yearly, period]))
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
    for _ in range(draw(st.integers(1, 24))):
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
            life.unit = draw(st.sampled_from(UNITS))
            life.led_by(draw(st.sampled_from(OFFICIALS)))
            return tasks.TaskAssigned(
                effective_on=day,
                assigned_by=BODY,
                addressed_to="post",
                coordinators=draw(st.sampled_from([(), ("u1", "u2")])),
                due_on=draw(st.sampled_from([None, date(2021, 5, 1), date(2021, 12, 31)])),
                **life.answered,
            )
        case "handed_over" | "transferred" | "vacated" | "carried_over" if day <= life.since:
            return _nothing(life)
        case "handed_over":
            before = life.official
            life.led_by(_other(life))
            return tasks.TaskHandedOver(
                effective_on=day,
                from_official=before or "",
                to_official=life.official or "",
                post_id=life.post,
                unit_id=life.unit,
                state_summary="đang làm",
                **task,
            )
        case "transferred":
            before, post, unit = life.official, life.post, life.unit
            life.led_by(draw(st.sampled_from(OFFICIALS)))
            life.unit = draw(st.sampled_from(UNITS))
            return tasks.TaskTransferred(
                effective_on=day,
                from_official=before or "",
                from_post=post,
                from_unit=unit,
                to_official=life.official or "",
                to_post=f"{life.post}-other",
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
        case "reported":
            return _report(draw, life)
        case _:
            return draw(changes_of(life, step))


@st.composite
def changes_of(draw: st.DrawFn, life: Life, step: str) -> Event:  # noqa: C901, PLR0911, PLR0912  one case a verb
    """What leads off the main road; where a step cannot be, something that changes nothing."""
    day, who, task = life.day, life.answered, {"task_id": life.task_id}
    place = {**task, "post_id": life.post, "unit_id": life.unit}
    reading: Any
    match step:
        case "continued":
            life.state = "ready"
            return changes.TaskContinued(
                effective_on=day, link="carried_from", from_task="t-old", continued_by=BODY,
                registered_by="client:office", proposal=draw(proposals()), **place,
            )  # fmt: skip
        case "amended":
            return changes.TaskAmended(
                effective_on=day, official_id=None, amended_by=BODY, reason="rõ hơn",
                proposal=draw(proposals()), **place,
            )  # fmt: skip
        case "vacated":
            life.state, life.since = "vacant", day
            vacated = changes.TaskVacated(effective_on=day, vacated_by=BODY, reason="nghỉ", **who)
            life.official = None
            return vacated
        case "filled":
            life.unit = draw(st.sampled_from(UNITS))
            life.led_by(draw(st.sampled_from(OFFICIALS)))
            return changes.VacancyFilled(
                effective_on=day, filled_by=BODY, state_summary="đang làm", **life.answered
            )
        case "carried_over":
            life.state = "carried_over"
            return changes.TaskCarriedOver(
                effective_on=day, carried_by=BODY, official_id=life.official, to_task="t-new",
                reason="hết kỳ", **place,
            )  # fmt: skip
        case "revised":
            return changes.TaskRevised.model_validate({
                "effective_on": day, "revised_by": BODY, "request": None, "reason": "khó",
                "targets": draw(st.sampled_from([(), ({"code": "kilns", "target": "50"},)])),
                "due_on": draw(st.sampled_from([None, "2021-04-01", "2022-03-31"])), **who,
            })  # fmt: skip
        case "corrected" if reports := _ordinals(life, tasks.ProgressReported):
            reading = {"kind": "progress", "share_percent": "35.00"}
            if draw(st.booleans()):
                reading["values"] = [{"code": "kilns", "actual": "44"}]
            return _corrected(life, draw(st.sampled_from(reports)), reading)
        case "corrected_proposal":
            reading = {"kind": "proposal", "field": draw(st.sampled_from(["land", "forest"]))}
            return _corrected(life, 1, reading)
        case "with_result":
            return PartialResultRecorded.model_validate({
                "effective_on": day, "summary": "một phần", "evidence": (),
                "values": [{"code": "kilns", "actual": "60.5"}], **who,
            })  # fmt: skip
        case "added" if others := [o for o in OFFICIALS if o not in {life.official, *life.beside}]:
            official = draw(st.sampled_from(others))
            life.beside[official] = day
            who["official_id"] = official
            return CoAccountableAdded(effective_on=day, added_by=BODY, **who)
        case "released" | "handed_beside" if some := [
            o for o in life.beside if life.beside[o] < day
        ]:
            gone = draw(st.sampled_from(some))
            del life.beside[gone]
            taken = [o for o in OFFICIALS if o not in {life.official, gone, *life.beside}]
            if step == "released" or not taken:
                who["official_id"] = gone
                return CoAccountableReleased(
                    effective_on=day, released_by=BODY, reason="xong", **who
                )
            life.beside[taken[0]] = day
            return CoAccountabilityHandedOver(
                effective_on=day, from_official=gone, to_official=taken[0], decided_by=BODY,
                state_summary="đang làm", **place,
            )  # fmt: skip
        case "obstacle":
            life.obstacles += 1
            return ObstacleRaised(
                effective_on=day, number=life.obstacles, field="land", description="vướng",
                addressed_to="u2", **who,
            )  # fmt: skip
        case "resolved" if life.settled < life.obstacles:
            life.settled += 1
            return ObstacleResolved(
                effective_on=day, number=life.settled, addressed_to="u2", resolved_by=None,
                resolution="xong", **who,
            )  # fmt: skip
        case "delegated" if life.parts < 3:
            life.parts += 1
            return PartDelegated.model_validate({
                "effective_on": day, "number": life.parts, "title": "Phần", "delegate_unit": "u2",
                "delegate_official": None, "delegate_person": None, "due_on": day,
                "weight_percent": draw(st.sampled_from([None, "30"])), **who,
            })  # fmt: skip
        case "part_reported" if life.parts:
            number = draw(st.integers(1, life.parts))
            return PartReported.model_validate({
                "effective_on": day, "number": number, "delegate_unit": "u2", "narrative": "làm",
                "delegate_official": None, "share_percent": draw(st.sampled_from(["33.33", "80"])),
                **who,
            })  # fmt: skip
        case _:
            return _nothing(life)


def _nothing(life: Life) -> Event:
    return EffectRecorded.model_validate({
        "effective_on": life.day, "kind": "lesson", "title": "Bài học", "description": "dân vận",
        "evidence": [EVIDENCE], **life.answered,
    })  # fmt: skip


def _ordinals(life: Life, kind: type[Event]) -> list[int]:
    return [number for number, event in enumerate(life.events, 1) if isinstance(event, kind)]


def _corrected(life: Life, sequence: int, reading: dict[str, Any]) -> Event:
    corrected = life.events[sequence - 1].TYPE
    return changes.TaskCorrected.model_validate({
        "effective_on": life.day, "sequence": sequence, "corrected_type": corrected,
        "decided_by": BODY, "reading": reading, "reason": "nhầm", **life.answered,
    })  # fmt: skip


def _report(draw: st.DrawFn, life: Life) -> Event:
    return tasks.ProgressReported.model_validate({
        "effective_on": life.day, "narrative": "đang làm",
        "share_percent": draw(st.sampled_from([None, "20.50", "70.00"])),
        "values": draw(st.sampled_from([(), ({"code": "kilns", "actual": "12"},)])),
        **life.answered,
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
def with_day(draw: st.DrawFn, events: list[Event]) -> tuple[list[Event], date]:
    """The events and a day that matters in them, the one before or the one after."""
    days = {event.effective_on for event in events}
    assigned = (event for event in events if isinstance(event, tasks.TaskAssigned))
    days |= {event.due_on for event in assigned if event.due_on is not None}
    day = draw(st.sampled_from(sorted(days)))
    return events, day + timedelta(days=draw(st.sampled_from([-1, 0, 1])))


def histories_and_days() -> st.SearchStrategy[tuple[list[Event], date]]:
    return histories().flatmap(with_day)
