"""Kinds of units, naively: those that a ledger declared, and what units say of theirs."""

from collections.abc import Iterator, Sequence

from tests.domain.record.naive.facts import Breach, Fact

Means = tuple[object, object]


def breaches_of_kinds(facts: Sequence[Fact]) -> Iterator[Breach]:
    """Of kinds that were declared or ended; of the others of the default catalogue nothing."""
    means: dict[str, Means | None] = {}
    for fact in facts:
        kind = str(fact.said.get("unit_kind_id") or fact.said.get("kind"))
        if fact.type in {"unit.established", "unit.retyped"}:
            rule = _of_unit(fact, means[kind]) if kind in means else ""
        elif fact.type.startswith("unit_kind."):
            rule = _of_kind(fact, kind, means)
        else:
            continue
        if rule:
            yield Breach(rule, fact.position, f"{fact.type} {fact.on} {fact.said}")


def _of_unit(fact: Fact, means: Means | None) -> str:
    if means is None:
        return "a unit becomes of a kind that there is"
    same = means == (fact.said["level"], fact.said["monitored"])
    return "" if same else "a unit says what its kind means"


def _of_kind(fact: Fact, kind: str, means: dict[str, Means | None]) -> str:
    before, is_known = means.get(kind), kind in means
    if fact.type == "unit_kind.declared":
        means[kind] = (fact.said["level"], fact.said["monitored"])
        return "a kind is declared while there is none" if before else ""
    if fact.type == "unit_kind.ended":
        means[kind] = None
        return "a kind ends while there is one" if is_known and not before else ""
    if before is not None:
        means[kind] = (before[0], fact.said["monitored"])
    return "a kind changes while there is one" if is_known and not before else ""
