"""Differences: what a revision changes, rule by rule: added, dropped, or worded otherwise."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.provisions import Key, Provision, provisions


class Difference(NamedTuple):
    """One rule that differs: as it was, and as it is; None where there is none."""

    kind: Literal["added", "dropped", "changed"]
    key: Key
    old: Provision | None
    new: Provision | None


def differences(old: Policy, new: Policy) -> Iterator[Difference]:
    """What differs, in the order of the new revision; what was dropped comes last."""
    before = {provision.key: provision for provision in provisions(old)}
    after = {provision.key: provision for provision in provisions(new)}
    for key, provision in after.items():
        earlier = before.get(key)
        if earlier is None:
            yield Difference("added", key, None, provision)
        elif (earlier.content, earlier.sentence) != (provision.content, provision.sentence):
            yield Difference("changed", key, earlier, provision)
    for key, provision in before.items():
        if key not in after:
            yield Difference("dropped", key, provision, None)
