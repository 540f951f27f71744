"""Evidence: what a rating is derived from: products, scores, grades, and conditions that hold.

Every fact names the events of the log that it stands on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from domain.regulations.vocabulary_1.shapes import Condition

Positions: TypeAlias = tuple[int, ...]


class Product(NamedTuple):
    """One product that was assigned.

    Attributes:
        weight: the conversion weight fixed at assignment.
        completed: whether its completion is confirmed.
        exceeded: whether it exceeds what was required.
        missed_deadlines: how often a deadline was missed; of these an objective cause is confirmed
            for `missed_excused`.
        returned_claims: how often the claim of completion was returned; of these an objective
            cause is confirmed for `returned_excused`.
        content_failures: how many of these were for failures of the content; of them an objective
            cause is confirmed for `failures_excused`.
        positions: the events that say so.
    """

    weight: Fraction = Fraction(1)
    completed: bool = False
    exceeded: bool = False
    missed_deadlines: int = 0
    missed_excused: int = 0
    returned_claims: int = 0
    returned_excused: int = 0
    content_failures: int = 0
    failures_excused: int = 0
    positions: Positions = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Points that somebody gave, and the events that say so."""

    given: Fraction
    positions: Positions = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A grade that somebody gave, and the events that say so."""

    given: str
    positions: Positions = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known of one official in one cycle.

    Attributes:
        cohort: to which the official belongs.
        products: the official's own.
        unit_products: those of the unit that the official leads; None if there is none.
        scores: by the parts of the points that are given.
        grades: by the criteria.
        conditions: those that hold, with the events that say so.
    """

    cohort: str = ""
    products: tuple[Product, ...] = ()
    unit_products: tuple[Product, ...] | None = None
    scores: Mapping[str, Scored] = field(default_factory=dict)
    grades: Mapping[str, Graded] = field(default_factory=dict)
    conditions: Mapping[Condition, Positions] = field(default_factory=dict)
