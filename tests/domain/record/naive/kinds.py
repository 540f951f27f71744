"""Kinds of units, naively: those that a ledger declared, and what units say of theirs."""

from collections.abc import Iterator, Sequence

from tests.domain.record.naive.facts import Breach, Fact


def breaches_of_kinds(facts: Sequence[Fact]) -> Iterator[Breach]:
    """Of kinds that were declared or ended; of the others of the default catalogue nothing."""
    means: dict[str, tuple[object, object] | None] = {}
    for fact in facts:
        said = fact.said
        kind = said.get("unit_kind_id") or said.get("kind")
        rule = ""
        if fact.type == "unit_kind.declared":
            if means.get(kind) is not None:
                rule = "a kind is declared while there is none"
            means[kind] = (said["level"], said["monitored"])
        elif fact.type == "unit_kind.changed" and kind in means:
            before = means[kind]
            if before is None:
                rule = "a kind changes while there is one"
            else:
                means[kind] = (before[0], said["monitored"])
        elif fact.type == "unit_kind.ended":
            if kind in means and means[kind] is None:
                rule = "a kind ends while there is one"
            means[kind] = None
        elif fact.type in {"unit.established", "unit.retyped"} and kind in means:
            if means[kind] is None:
                rule = "a unit becomes of a kind that there is"
            elif means[kind] != (said["level"], said["monitored"]):
                rule = "a unit says what its kind means"
        if rule:
            yield Breach(rule, fact.position, f"{fact.type} {fact.on} {said}")
