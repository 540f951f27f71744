"""Counting: measures of products, and the points that they give. Exact; rounded once, at the end.

A measure of nothing is not zero: it is unknown, and so are the points that need it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from math import lcm
from typing import NamedTuple, TypeAlias

from domain.regulations.vocabulary_1.amounts import percent, plain, reaches
from domain.regulations.vocabulary_1.evidence import Evidence, Product
from domain.regulations.vocabulary_1.levelling import Whose
from domain.regulations.vocabulary_1.measuring import Counted, Measure, Occurrence, Part, Rounding
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.shapes import CONDITION_WORDS, GIVER_WORDS, Names
from domain.regulations.vocabulary_1.steps import Step, Telling, shown, shown_percent

# What of a product counts, its weight as two whole numbers; where it stands in the log does not.
Kind: TypeAlias = tuple[int, ...]
# How many there are of each kind.
Counts: TypeAlias = frozenset[tuple[Kind, int]]
ZERO, ONE = Fraction(0), Fraction(1)
# In how many parts a point is told, by the unit to which the total is rounded.
PARTS: Mapping[str, int] = {"1": 1, "0.1": 10, "0.01": 100, "0.001": 1_000}


class EvidenceUnusable(ValueError):
    """The evidence says what the regulation has no place for, such as too many points."""


class Result:
    """A value, unknown if it cannot be said, and how it was found.

    Attributes:
        value: the value.
        step: how it was found; told once, when it is first read.
    """

    __slots__ = ("_step", "_telling", "value")

    def __init__(self, value: Fraction | None, telling: Telling) -> None:
        self.value = value
        self._telling = telling
        self._step: Step | None = None

    @property
    def step(self) -> Step:
        if self._step is None:
            self._step = self._telling()
        return self._step


class Tally:
    """Products, and how many there are of each kind: most are alike in all that counts."""

    __slots__ = ("_kinds", "counts", "kinds", "products")

    def __init__(self, products: Sequence[Product]) -> None:
        self.products = products
        self._kinds: list[Kind] = [
            (*product.weight.as_integer_ratio(), *product[1:-1]) for product in products
        ]
        self.kinds: Mapping[Kind, int] = Counter(self._kinds)
        self.counts: Counts = frozenset(self.kinds.items())

    def positions(self) -> dict[int, None]:
        """The events that say what the products are, each once."""
        return dict.fromkeys(at for product in self.products for at in product.positions)

    def positions_of(self, kinds: Collection[Kind]) -> dict[int, None]:
        """The events of products of these kinds, each once."""
        of_each = zip(self.products, self._kinds, strict=True)
        return dict.fromkeys(
            at for product, kind in of_each if kind in kinds for at in product.positions
        )


def _of_kind(kind: Kind) -> Product:
    numerator, denominator, *rest = kind
    return Product._make((Fraction(numerator, denominator), *rest, ()))


def require_usable(weights: "Weights", evidence: Evidence, kinds: Iterable[Kind]) -> None:
    """Pass if the evidence, with products of these kinds, has only what the policy has a place for.

    Raises:
        EvidenceUnusable: it has more.
    """
    most, graded_by = weights.most, weights.graded_by
    for name, scored in evidence.scores.items():
        given = scored.given
        if name not in most or given.numerator < 0 or not reaches(most[name], given):
            raise EvidenceUnusable(f"{name} is no part that is scored {given}")
    for name, graded in evidence.grades.items():
        if graded.given not in graded_by.get(name, ()):
            raise EvidenceUnusable(f"{name} is no criterion that is graded {graded.given}")
    if not all(map(_is_usable, kinds)):
        raise EvidenceUnusable("a product has no weight, or more is excused than happened")


@lru_cache(maxsize=1024)
def _is_usable(kind: Kind) -> bool:
    product = _of_kind(kind)
    return (
        product.weight > 0
        and 0 <= product.missed_excused <= product.missed_deadlines
        and 0 <= product.returned_excused <= product.returned_claims
        and 0 <= product.failures_excused <= product.content_failures <= product.returned_claims
    )


def is_counted(counted: Counted, product: Product, *, excuses: bool) -> bool:
    """Whether the product is one of those."""
    missed = product.missed_deadlines - (product.missed_excused if excuses else 0)
    returned = product.returned_claims - (product.returned_excused if excuses else 0)
    match counted:
        case "assigned":
            return True
        case "completed":
            return product.completed
        case "accepted":
            return product.completed and returned == 0
        case "in_time":
            return product.completed and missed == 0
        case "late":
            return missed > 0
        case "exceeded":
            return product.completed and product.exceeded


def _credit(measure: Measure, product: Product) -> Fraction:
    """How much of the product's weight is counted."""
    excuses = measure.unless is not None
    counted: Counted = "completed" if measure.is_lenient else measure.count
    if not is_counted(counted, product, excuses=excuses):
        return ZERO
    if measure.minus is None:
        return ONE
    happened: Mapping[Occurrence | None, tuple[int, int]] = {
        "returned_claim": (product.returned_claims, product.returned_excused),
        "content_failure": (product.content_failures, product.failures_excused),
        "missed_deadline": (product.missed_deadlines, product.missed_excused),
    }
    times, excused = happened[measure.per]
    deducted = measure.minus * (times - (excused if excuses else 0))
    return max(ZERO, 1 - deducted)


class Weighed(NamedTuple):
    """What one product of a kind adds to a measure: to the whole, and to what is counted of it.

    Both are whole numbers, over a denominator.
    """

    whole: int
    counted: int
    over: int


class Share(NamedTuple):
    """What is counted of some products, and the whole of them; the value is unknown of nothing."""

    value: Fraction | None
    of: Weighed


class Weights:
    """What each kind of product adds to each measure of a policy; weighed once.

    So is what so many of each kind come to: of many officials it is the same.

    Attributes:
        policy: whose measures.
        most: points of each part that is given.
        graded_by: the grades of each criterion.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.most = {part.name: part.most for part in policy.points if part.given_by is not None}
        criteria = policy.criteria
        self.graded_by = {one.name: criteria.grades for one in criteria.of} if criteria else {}
        self._of = {name: _OfMeasure(measure) for name, measure in policy.measures.items()}
        self._shares: dict[Counts, _Shares] = {}

    def of(self, name: str) -> Mapping[Kind, Weighed | None]:
        """What each kind adds to the measure; None where it is not among those that it is of."""
        return self._of[name]

    def shares(self, counts: Counts) -> "_Shares":
        """The measures of so many products of each kind."""
        known = self._shares.get(counts)
        if known is None:
            known = self._shares[counts] = _Shares(self, counts)
        return known


class _OfMeasure(dict[Kind, Weighed | None]):
    """What each kind of product adds to one measure, weighed when it is first looked up."""

    def __init__(self, measure: Measure) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, kind: Kind) -> Weighed | None:
        weighed = self[kind] = _weighed(self._measure, _of_kind(kind))
        return weighed


def _weighed(measure: Measure, product: Product) -> Weighed | None:
    if not is_counted(measure.of, product, excuses=measure.unless is not None):
        return None
    whole = product.weight if measure.weighted_by else ONE
    counted = whole * _credit(measure, product)
    over = lcm(whole.denominator, counted.denominator)
    return Weighed(int(whole * over), int(counted * over), over)


class _Shares(dict[str, Share]):
    """The measures of so many products of each kind, each summed when it is first looked up."""

    def __init__(self, weights: Weights, counts: Counts) -> None:
        super().__init__()
        self._weights = weights
        self._counts = counts
        self._means: dict[str, Fraction | None] = {}

    def mean(self, part: Part, of: Names) -> Fraction | None:
        """The points of a part that is the mean of these measures."""
        if part.name not in self._means:
            values = [share.value for share in map(self.__getitem__, of) if share.value is not None]
            is_known = len(values) == len(of)
            self._means[part.name] = part.most * summed(values) / len(of) if is_known else None
        return self._means[part.name]

    def __missing__(self, name: str) -> Share:
        of = self._weights.of(name)
        whole = counted = 0
        over = 1
        for kind, many in self._counts:
            weighed = of[kind]
            if weighed is None:
                continue
            adds, counts, parts = weighed
            if parts != over:
                common = lcm(over, parts)
                whole, counted = whole * (common // over), counted * (common // over)
                adds, counts = adds * (common // parts), counts * (common // parts)
                over = common
            whole += adds * many
            counted += counts * many
        value = Fraction(counted, whole) if whole else None
        share = self[name] = Share(value, Weighed(whole, counted, over))
        return share


def _measure_step(weights: Weights, name: str, tally: Tally, whose: Whose, found: Weighed) -> Step:
    of = weights.of(name)
    counted_kinds = {kind for kind in tally.kinds if (one := of[kind]) and one.counted}
    positions = tally.positions_of(counted_kinds)
    label = name if whose == "own" else f"{name} của đơn vị"
    counted, whole = Fraction(found.counted, found.over), Fraction(found.whole, found.over)
    share = "không xác định" if not whole else shown_percent(counted / whole)
    return Step(
        path=("measures", name),
        says=f"{label}: {counted} / {whole} = {share}",
        article=weights.policy.measures[name].article,
        positions=tuple(positions),
        considered=tuple(one for one in tally.positions() if one not in positions),
    )


class Measures:
    """The measures of one official by a policy; each is found once, when it is asked for."""

    def __init__(self, weights: Weights, own: Tally, unit: Tally) -> None:
        self.policy = weights.policy
        self._weights = weights
        self._of: Mapping[Whose, tuple[Tally, _Shares]] = {
            "own": (own, weights.shares(own.counts)),
            "unit": (unit, weights.shares(unit.counts)),
        }
        self._known: dict[tuple[Whose, str], Result] = {}

    def of(self, whose: Whose, name: str) -> Result:
        """The measure of the official's own products, or of those of the unit."""
        key = whose, name
        known = self._known.get(key)
        if known is None:
            tally, shares = self._of[whose]
            value, found = shares[name]
            telling = partial(_measure_step, self._weights, name, tally, whose, found)
            known = self._known[key] = Result(value, telling)
        return known

    def mean(self, part: Part, of: Names) -> Fraction | None:
        """The points of a part that is the mean of these measures of the own products."""
        _, shares = self._of["own"]
        return shares.mean(part, of)


def summed(values: Iterable[Fraction]) -> Fraction:
    """The sum, brought to lowest terms once, at the end."""
    whole, over = 0, 1
    for value in values:
        numerator, denominator = value.as_integer_ratio()
        whole, over = whole * denominator + numerator * over, over * denominator
    return Fraction(whole, over)


class _Source(NamedTuple):
    """The points of a part before any reduction, what they are the mean of, a score's events."""

    value: Fraction | None
    of: tuple[Result, ...] = ()
    positions: tuple[int, ...] = ()


def _part(policy: Policy, at: int, evidence: Evidence, measures: Measures) -> Result:
    part = policy.points[at]
    source = _source(part, evidence, measures)
    value = source.value
    reduced = part.reduced
    reducing = None if reduced is None else evidence.conditions.get(reduced.when)
    if reduced is not None and reducing is not None and value is not None:
        value *= reduced.to
    return Result(value, partial(_part_step, part, at, source, value, reducing))


def _part_step(
    part: Part, at: int, source: _Source, value: Fraction | None, reducing: tuple[int, ...] | None
) -> Step:
    reduced = ""
    if part.reduced is not None and reducing is not None:
        condition = CONDITION_WORDS[part.reduced.when]
        reduced = f" (chỉ tính {percent(part.reduced.to)}: {condition})"
    found = "chưa xác định" if value is None else shown(value, 4)
    by = f", do {GIVER_WORDS[part.given_by]} chấm" if part.given_by else ""
    return Step(
        path=("points", at),
        says=f"{part.name} (tối đa {plain(part.most)}{by}){reduced} = {found}",
        article=part.article,
        positions=source.positions + (reducing or ()),
        steps=tuple(result.step for result in source.of),
    )


def _source(part: Part, evidence: Evidence, measures: Measures) -> _Source:
    if part.mean_of is not None:
        results = tuple(measures.of("own", name) for name in part.mean_of)
        return _Source(measures.mean(part, part.mean_of), results)
    scored = evidence.scores.get(part.name)
    return _Source(None) if scored is None else _Source(scored.given, (), scored.positions)


def totalled(evidence: Evidence, measures: Measures) -> Result:
    """The sum of all parts, exact."""
    policy = measures.policy
    parts = [_part(policy, at, evidence, measures) for at in range(len(policy.points))]
    values = [part.value for part in parts if part.value is not None]
    total = summed(values) if len(values) == len(parts) else None
    return Result(total, partial(_total_step, total, parts))


def _total_step(total: Fraction | None, parts: Sequence[Result]) -> Step:
    found = "chưa xác định" if total is None else shown(total, 6)
    steps = tuple(part.step for part in parts)
    return Step(path=("points",), says=f"tổng điểm = {found}", steps=steps)


def rounded(rounding: Rounding, value: Fraction) -> Fraction:
    """The value, rounded as the regulation says."""
    parts = PARTS[rounding.to]
    numerator, denominator = value.as_integer_ratio()
    whole, rest = divmod(numerator * parts, denominator)
    match rounding.mode:
        case "half_up":
            whole += 2 * rest >= denominator
        case "half_even":
            whole += 2 * rest > denominator or (2 * rest == denominator and whole % 2)
        case "up":
            whole += rest > 0
        case "down":
            pass
    return Fraction(whole, parts)
