"""Noted: what of a request belongs into the access record, noted by whoever answers it.

It travels in the request's scope, from the first to the last who have a part in the answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from starlette.types import Scope

from domain.access.rule import NOBODY, Rule
from domain.access.rules import Action, called, rule_of
from domain.kernel import Refusal
from service.access.callers import Callers
from service.access.principals import Principal

NOTED = "giaoviec.noted"


@dataclass(slots=True)
class Noted:
    """What is known of the request by now.

    Attributes:
        action: what is done, by its name in the table of rules.
        rule: the row of that table.
        by: who calls, once that is known.
        refusal: the kind of the refusal, if it was refused.
        form: in which a list is taken away: a file, or page after page.
        subjects: the tags of whom it tells about beside those in the address.
        tells_nothing: whether the answer holds nothing of what was asked for.
        callers: who tell in the log that somebody authenticated.
    """

    action: str = ""
    rule: Rule = NOBODY
    by: Principal | None = None
    refusal: type[Refusal] | None = None
    form: str | None = None
    subjects: set[str] = field(default_factory=set)
    tells_nothing: bool = False
    callers: Callers | None = None


def noted(scope: Scope) -> Noted:
    """What is noted of the request; of one that nobody records, nothing is kept."""
    found: Noted | None = scope.get(NOTED)
    return Noted() if found is None else found


def note_action(scope: Scope, action: Action) -> None:
    """Note what is to be done, before it is known who calls."""
    one = noted(scope)
    one.action, one.rule = called(action), rule_of(action)


def officials_in(tags: Iterable[str]) -> Iterator[str]:
    """The officials whom the tags name."""
    for tag in tags:
        kind, _, id_ = tag.partition(":")
        if kind == "official":
            yield id_


def note_told(scope: Scope, officials: Iterable[str]) -> None:
    """Note of which officials the answer tells what is personal."""
    noted(scope).subjects.update(f"official:{one}" for one in officials)
