"""Numbers: none is given twice, whatever was annulled meanwhile; what is annulled stood."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.domain.record.naive.facts import Breach, Fact

# What is numbered, by the fields within which its numbers are unique.
NUMBERED: dict[str, tuple[str, ...]] = {
    "task.obstacle_raised": ("task_id", "number"),
    "task.reminder_issued": ("task_id", "number"),
    "task.solution_proposed": ("task_id", "number"),
    "task.part_delegated": ("task_id", "number"),
    "task.revision_requested": ("task_id", "number"),
    "task.plan_submitted": ("task_id", "revision"),
    "task.scored": ("task_id", "revision"),
    "monitoring.visit_recorded": ("unit_id", "number"),
    "monitoring.replacement_requested": ("unit_id", "number"),
    "monitoring.recommendation_made": ("unit_id", "number"),
    "monitoring.good_practice_recorded": ("unit_id", "number"),
    "monitoring.programme_submitted": ("unit_id", "official_id", "since", "year", "revision"),
    "monitoring.annual_report_submitted": ("unit_id", "official_id", "since", "year", "revision"),
}


def breaches_of_numbers(log: Sequence[Fact]) -> Iterator[Breach]:
    given: set[tuple[Any, ...]] = set()
    gone: set[int] = set()
    types = {fact.position: fact.type for fact in log}
    for fact in log:
        if fact.type in NUMBERED:
            number = (fact.type, *(fact.said[field] for field in NUMBERED[fact.type]))
            if number in given:
                yield Breach("a number is given twice", fact.position, str(number))
            given.add(number)
        elif fact.type == "event.annulled":
            for position in fact.said["positions"]:
                if position in gone or position >= fact.position:
                    yield Breach("what is annulled stood before", fact.position, str(position))
                elif types[position] == "event.annulled":
                    yield Breach("an annulment is not annulled", fact.position, str(position))
                gone.add(position)
