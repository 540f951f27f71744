"""Rules: the one table of who may do what. What no row grants is refused.

An action is a command, or a read by the id of its operation. A row says by which relations to the
thing each role may do it: any one of them is enough. What a body decides is besides kept apart from
whoever reported, proposed or asked for it, and from the official whom it is about.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from domain.access.operations import OPERATIONS
from domain.access.roles import Relation, Role
from domain.access.rule import NOBODY, OF_ONE_S_OWN, Grants, Rule, any_of
from domain.access.verbs import VERBS
from domain.kernel import Command

Action: TypeAlias = type[Command[Any]] | str


# Fields that not every reader of the list reads; to others they are null.
FIELDS: Mapping[str, Grants] = {
    "official.contact": {
        Role.OFFICIAL: any_of(Relation.OWN_PERSON),
        Role.AUTHORITY: OF_ONE_S_OWN,
        Role.ADMINISTRATOR: OF_ONE_S_OWN,
        Role.INSPECTOR: OF_ONE_S_OWN,
    },
    # What awaits an official, or a body.
    "inbox": {
        Role.OFFICIAL: any_of(Relation.OWN_PERSON),
        Role.AUTHORITY: OF_ONE_S_OWN,
        Role.INSPECTOR: OF_ONE_S_OWN,
    },
    # What was found about an official; also to the units that found it.
    "task.finding": {
        Role.OFFICIAL: any_of(Relation.OWN_PERSON),
        Role.AUTHORITY: OF_ONE_S_OWN,
        Role.INSPECTOR: OF_ONE_S_OWN,
    },
    # What officials see in themselves is for nobody else.
    "conduct.self_check": {Role.OFFICIAL: any_of(Relation.OWN_PERSON)},
    # Whose level a draft of a regulation would change.
    "rating.person": {Role.AUTHORITY: OF_ONE_S_OWN},
    # All that is kept of a person, as it is handed over to that person.
    "official.record": {
        Role.OFFICIAL: any_of(Relation.OWN_PERSON),
        Role.AUTHORITY: OF_ONE_S_OWN,
    },
}


def called(action: Action) -> str:
    """What refusals and questions call the action: `approve_task`, `list_tasks`."""
    if isinstance(action, str):
        return action
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action.__name__).lower()


def rule_of(action: Action) -> Rule:
    """The row of the action; one that grants nothing where there is none."""
    if isinstance(action, str):
        return OPERATIONS.get(action, NOBODY)
    return VERBS.get(action, NOBODY)
