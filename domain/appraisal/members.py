"""Members: what was decided of those who hold posts in a unit, for the rating of whoever heads it.

A regulation may limit the head's level when one of them is disciplined, or rated as not having
completed the work. Nobody counts as the own member.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from eventsourcing.dcb.domain import Selector

from domain.appraisal.events import DisciplineDecided, Level
from domain.appraisal.products import Span
from domain.appraisal.rating_events import RatingDecided, RatingMoved
from domain.kernel import Event
from domain.organisation.events import TenureEnded, TenureStarted
from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import adopted
from domain.regulations.vocabulary_1.evidence import Positions
from domain.regulations.vocabulary_1.levelling import FactExcluded
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.shapes import Condition
from domain.timeline import Entry

DECISIONS: tuple[type[Event], ...] = (DisciplineDecided, RatingDecided, RatingMoved)
OF_MEMBERS: frozenset[Condition] = frozenset({"member_disciplined", "member_not_completed"})


def looks_at_members(policy: Policy) -> bool:
    """Whether anything in the regulation depends on a member of the unit."""
    return bool(conditions_of_members(policy))


def conditions_of_members(policy: Policy) -> frozenset[Condition]:
    """On which conditions of members of the unit anything in the regulation depends."""
    required = (one for level in policy.levels for one in level.require)
    named = {
        *(override.when for override in policy.overrides),
        *(one.without for one in required if isinstance(one, FactExcluded)),
        *(part.reduced.when for part in policy.points if part.reduced is not None),
    }
    return OF_MEMBERS & named


def some_look_at_members(recorded: Iterable[Event]) -> bool:
    """Whether one of the revisions seen does."""
    revisions = (one for one in recorded if isinstance(one, PolicyAdopted))
    return any(looks_at_members(adopted(one.vocabulary, one.policy)) for one in revisions)


def seeing_members(units: Collection[str], recorded: Mapping[int, Event]) -> Iterator[Selector]:
    """Who held posts in the units, and what was decided of them, as far as what is seen tells."""
    for unit_id in sorted(units):
        yield held_in(unit_id)
    started = (one for one in recorded.values() if isinstance(one, TenureStarted))
    for official_id in dict.fromkeys(one.official_id for one in started if one.unit_id in units):
        yield decided_of(official_id)


def held_in(unit_id: str) -> Selector:
    """Who held posts in the unit."""
    return Selector(types=[TenureStarted, TenureEnded], tags=[f"unit:{unit_id}"])


def decided_of(official_id: str) -> Selector:
    """What was decided of a member, and is anything to the head."""
    return Selector(types=DECISIONS, tags=[f"official:{official_id}"])


def of_members(
    unit_id: str, head: str, span: Span, entries: Iterable[Entry]
) -> dict[Condition, Positions]:
    """The conditions that hold by what was decided of members in the period, and for it."""
    held: dict[str, set[str]] = {}
    disciplined: list[int] = []
    levels: dict[tuple[str, str, str, date], tuple[int, Level]] = {}
    for entry in entries:
        event, at = entry.event, entry.at.position
        match event:
            case TenureStarted(unit_id=of) if of == unit_id and event.effective_on <= span.to_on:
                held.setdefault(event.official_id, set()).add(event.post_id)
            case TenureEnded(unit_id=of) if of == unit_id and event.effective_on <= span.to_on:
                held.get(event.official_id, set()).discard(event.post_id)
            case DisciplineDecided(official_id=who) if who != head and held.get(who):
                if event.effective_on in span:
                    disciplined.append(at)
            case RatingDecided() if (event.from_on, event.to_on) == span:
                levels[_of(event)] = at, event.level
            case RatingMoved() if _of(event) in levels:
                levels[_of(event)] = at, event.to_level
            case _:
                pass
    failed = [
        at
        for (who, *_), (at, level) in levels.items()
        if level == "NOT_COMPLETED" and who != head and held.get(who)
    ]
    found: dict[Condition, list[int]] = {
        "member_disciplined": disciplined,
        "member_not_completed": failed,
    }
    return {condition: tuple(positions) for condition, positions in found.items() if positions}


def _of(event: RatingDecided | RatingMoved) -> tuple[str, str, str, date]:
    """What tells the rating from the official's others."""
    return event.official_id, event.regulation, event.cycle, event.from_on
