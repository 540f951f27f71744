"""Derivation: from what the log knows of an official in a period to a level, by a policy alone.

The same events and the same policy give the same tree of steps, whoever derives it and when.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any, NamedTuple, TypedDict

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import ScoresGiven
from domain.appraisal.events import DisciplineDecided, UnitRated
from domain.appraisal.members import of_members, seeing_members
from domain.appraisal.products import PRODUCT_EVENTS, Products, Span, happenings, products
from domain.appraisal.rating_events import OfCycle
from domain.appraisal.shortcomings import (
    DegradationEstablished,
    UnitShortcomingEstablished,
)
from domain.kernel import Event
from domain.organisation.events import PostCreated, TenureEnded, TenureStarted
from domain.regulations.vocabulary_1.evidence import Evidence, Graded, Positions, Product, Scored
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating import Rating, rate
from domain.regulations.vocabulary_1.shapes import Condition
from domain.regulations.vocabulary_1.steps import Step
from domain.tasks.events import TaskEvent
from domain.tasks.leadership import LEADERSHIP
from domain.timeline import Entry, timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose rating is asked for.

    Attributes:
        official_id: whose.
        cohort: to which the official belongs.
        span: the days of the cycle.
        scores: points by the parts that are given.
        grades: grades by the criteria.
        cycle_id: the cycle that was opened for it, if one was: its council's scores count too.
    """

    official_id: str
    cohort: str
    span: Span
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    cycle_id: str | None = None

    @classmethod
    def of(cls, of: OfCycle, official_id: str, cycle_id: str | None = None) -> "Question":
        """What is asked of that official."""
        return cls(
            official_id=official_id,
            cohort=of.cohort,
            span=Span(of.from_on, of.to_on),
            scores={one.part: Fraction(one.points) for one in of.scores},
            grades={one.criterion: one.grade for one in of.grades},
            cycle_id=cycle_id,
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """The post held on the last day, and the unit that it is of."""

    post_id: str
    unit_id: str
    heads: bool


def seeing(
    official_id: str,
    recorded: Mapping[int, Event],
    cycle_id: str | None = None,
    *,
    members: bool = False,
) -> Iterator[Selector]:
    """What must be seen of the log, as far as what is seen tells: until nothing is new.

    Args:
        official_id: whose rating is asked for.
        recorded: what is seen.
        cycle_id: the cycle that was opened for it, if one was.
        members: whether the regulation looks at members of the unit.
    """
    if cycle_id is not None:
        tags = [f"official:{official_id}", f"cycle:{cycle_id}"]
        yield Selector(types=[ScoresGiven], tags=tags)
    yield Selector(types=list(LEADERSHIP), tags=[f"official:{official_id}"])
    tasks = (one.task_id for one in recorded.values() if isinstance(one, TaskEvent))
    yield from seeing_around((official_id,), recorded, dict.fromkeys(tasks), members=members)


def seeing_around(
    official_ids: Collection[str],
    recorded: Mapping[int, Event],
    tasks: Iterable[str],
    *,
    members: bool = False,
) -> Iterator[Selector]:
    """What officials held and were disciplined for, results of their units, all of the tasks."""
    for official_id in official_ids:
        yield of_official(official_id)
    posts, units, heading = _held_by(frozenset(official_ids), recorded)
    for post_id in posts:
        yield of_post(post_id)
    for unit_id in units:
        yield of_unit(unit_id)
    for unit_id in sorted(heading & units.keys()):
        yield led_in(unit_id)
    if members:
        yield from seeing_members(heading & units.keys(), recorded)
    for task_id in tasks:
        yield of_task(task_id)


def of_official(official_id: str) -> Selector:
    """What the official held and was disciplined for."""
    return Selector(
        types=[TenureStarted, TenureEnded, DisciplineDecided, DegradationEstablished],
        tags=[f"official:{official_id}"],
    )


def of_post(post_id: str) -> Selector:
    """Whether the post heads its unit."""
    return Selector(types=[PostCreated], tags=[f"post:{post_id}"])


def of_unit(unit_id: str) -> Selector:
    """The unit's results and shortcomings."""
    return Selector(types=[UnitRated, UnitShortcomingEstablished], tags=[f"unit:{unit_id}"])


def led_in(unit_id: str) -> Selector:
    """Who led tasks in the unit."""
    return Selector(types=list(LEADERSHIP), tags=[f"unit:{unit_id}"])


def of_task(task_id: str) -> Selector:
    """All that counts of what happened to the task."""
    return Selector(types=list(PRODUCT_EVENTS), tags=[f"task:{task_id}"])


class _Around(NamedTuple):
    """What the officials are seen to have held, in the order in which it is seen."""

    posts: dict[str, None]
    units: dict[str, None]
    heading: set[str]


def _held_by(official_ids: frozenset[str], recorded: Mapping[int, Event]) -> _Around:
    named = _Around({}, {}, set())
    for one in recorded.values():
        match one:
            case TenureStarted() if one.official_id in official_ids:
                named.posts[one.post_id] = named.units[one.unit_id] = None
            case PostCreated() if one.heads_unit:
                named.heading.add(one.unit_id)
            case _:
                pass
    return named


def derive(policy: Policy, question: Question, recorded: Mapping[int, Event]) -> Rating:
    """The level that follows, and how.

    Args:
        policy: the regulation.
        question: whose, and what others gave.
        recorded: what is seen of the log, by position.

    Raises:
        EvidenceUnusable: scores or grades are given that the policy has no place for.
    """
    return rate(policy, evidence(question, timeline(recorded)))


def evidence(question: Question, entries: list[Entry]) -> Evidence:
    """All that is known of the official in the period."""
    return known(question, entries, products(*question.span, happenings(entries)))


def known(question: Question, entries: Sequence[Entry], made: Products) -> Evidence:
    """What is known of the official in the period.

    Args:
        question: whose.
        entries: what the official held, and what was decided, in the order of the timeline.
        made: the products of the period.
    """
    held = _held(question.official_id, question.span.to_on, entries)
    return Evidence(
        cohort=question.cohort,
        products=made.of_officials.get(question.official_id, ()),
        unit_products=_of_headed(held, made),
        **_given(question, entries),
        conditions=_conditions(question, held, entries),
    )


def _of_headed(held: _Held | None, made: Products) -> tuple[Product, ...] | None:
    """The products of the unit that the official heads, if any."""
    if held is None or not held.heads:
        return None
    return made.of_units.get(held.unit_id, ())


class _Given(TypedDict):
    """What others gave."""

    scores: dict[str, Scored]
    grades: dict[str, Graded]


def _given(question: Question, entries: Sequence[Entry]) -> _Given:
    """What is stated, and what the council of the cycle gave last."""
    scores = {name: Scored(given=given) for name, given in question.scores.items()}
    grades = {name: Graded(given=given) for name, given in question.grades.items()}
    for entry in entries:
        event, at = entry.event, (entry.at.position,)
        if isinstance(event, ScoresGiven) and (event.cycle_id, event.official_id) == (
            question.cycle_id,
            question.official_id,
        ):
            for one in event.scores:
                scores[one.part] = Scored(given=Fraction(one.points), positions=at)
            for grade in event.grades:
                grades[grade.criterion] = Graded(given=grade.grade, positions=at)
    return {"scores": scores, "grades": grades}


def _held(official_id: str, on: date, entries: Sequence[Entry]) -> _Held | None:
    heads: dict[str, bool] = {}
    held: dict[str, _Held] = {}
    for entry in entries:
        event = entry.event
        match event:
            case PostCreated():
                heads[event.post_id] = event.heads_unit
            case TenureStarted(official_id=who) if who == official_id and event.effective_on <= on:
                held[event.post_id] = _Held(event.post_id, event.unit_id, heads=False)
            case TenureEnded(official_id=who) if who == official_id and event.effective_on <= on:
                held.pop(event.post_id, None)
            case _:
                pass
    posts = [
        _Held(one.post_id, one.unit_id, heads.get(one.post_id, False)) for one in held.values()
    ]
    return next((one for one in posts if one.heads), posts[-1] if posts else None)


def _conditions(
    question: Question, held: _Held | None, entries: Sequence[Entry]
) -> dict[Condition, Positions]:
    """What was decided of the official and the unit in the period, and the unit's level for it."""
    found: dict[Condition, Positions] = {} if held is None else _of_unit(held, question, entries)
    if held is not None and held.heads:
        found |= of_members(held.unit_id, question.official_id, question.span, entries)
    for entry in entries:
        condition = _condition(entry.event, question.official_id, held)
        if condition is not None and entry.event.effective_on in question.span:
            found[condition] = (*found.get(condition, ()), entry.at.position)
    return found


def _condition(event: Event, official_id: str, held: _Held | None) -> Condition | None:
    """What holds by the event alone, of the official or of the unit."""
    match event:
        case DisciplineDecided(official_id=who) if who == official_id:
            return "disciplined"
        case DegradationEstablished(official_id=who) if who == official_id:
            return "degraded"
        case UnitShortcomingEstablished(unit_id=unit) if held and unit == held.unit_id:
            return "unit_corruption" if event.shortcoming == "corruption" else "unit_waste"
        case _:
            return None


def _of_unit(
    held: _Held, question: Question, entries: Sequence[Entry]
) -> dict[Condition, Positions]:
    rated = [
        (entry.at.position, entry.event.level)
        for entry in entries
        if isinstance(entry.event, UnitRated)
        and entry.event.unit_id == held.unit_id
        and (entry.event.from_on, entry.event.to_on) == question.span
    ]
    if not rated:
        return {}
    position, level = rated[-1]
    holds: Mapping[Condition, bool] = {
        "unit_not_completed": level == "NOT_COMPLETED",
        "unit_not_good": level not in {"EXCELLENT", "GOOD"},
        "unit_not_excellent": level != "EXCELLENT",
    }
    return {condition: (position,) for condition, is_so in holds.items() if is_so}


def tree(step: Step) -> dict[str, Any]:
    """The step and those that it is made of, as plain values."""
    return {
        "path": list(step.path),
        "says": step.says,
        "article": step.article,
        "positions": list(step.positions),
        "considered": list(step.considered),
        "steps": [tree(one) for one in step.steps],
    }


def digest(step: Step) -> str:
    """The SHA-256 of the tree."""
    text = json.dumps(tree(step), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
