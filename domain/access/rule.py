"""A rule: by which relations a role may do something, what is kept apart; and the usual rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from domain.access.roles import Permission, Relation, Role
from domain.kernel import Event
from domain.organisation.events import UnitKind

Grants: TypeAlias = Mapping[Role, frozenset[Relation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do something.

    Attributes:
        permission: the class of the action.
        may: by which relations each role may; a role that is not named may not.
        apart_from: whoever recorded one of these events of the same thing may not: neither the
            person, nor the token, nor a client of the same unit.
        apart_by: fields that tell which of these events of the thing is decided on, where it may
            have several; none where all of them are meant.
        by_oneself: whether it may be done by the official whom it is about.
        above_communes: whether the body must be none of a commune, nor below one.
        kinds: of which kinds the body must be; any where none is named.
        recorded: whether the access record keeps who did it; refusals it keeps always.
    """

    permission: Permission
    may: Grants = field(default_factory=dict)
    apart_from: tuple[type[Event], ...] = ()
    apart_by: tuple[str, ...] = ()
    by_oneself: bool = True
    above_communes: bool = False
    kinds: frozenset[UnitKind] = frozenset()
    recorded: bool = False

    def relations(self, role: Role) -> frozenset[Relation]:
        """By which relations the role may; none where it may not."""
        return self.may.get(role, frozenset())


def any_of(*relations: Relation) -> frozenset[Relation]:
    return frozenset(relations)


IN_OWN_NAME = any_of(Relation.OWN_NAME)
OF_THE_LEDGER = any_of(Relation.LEDGER)
RECORDING = any_of(
    Relation.OWN_UNIT, Relation.OWN_AGENCY, Relation.MANAGING_BODY, Relation.WHOLE_LEDGER
)
SETTING_UP = any_of(Relation.OWN_UNIT, Relation.MANAGING_BODY, Relation.WHOLE_LEDGER)
THE_WHOLE = any_of(Relation.WHOLE_LEDGER)

NOBODY = Rule(permission=Permission.ADMINISTER)
# An official's own work; a unit's client records it for the officials of its own.
OWN_WORK = Rule(
    permission=Permission.ACT,
    may={Role.OFFICIAL: any_of(Relation.OWN_PERSON), Role.AUTHORITY: RECORDING},
)
# Registering, and telling the cases of a task, is what an import does, whoever then decides.
REGISTERING = Rule(permission=Permission.ACT, may={**OWN_WORK.may, Role.ADMINISTRATOR: RECORDING})
# What only the person says; whoever stands for the whole ledger records it for the person.
IN_PERSON = Rule(
    permission=Permission.ACT,
    may={Role.OFFICIAL: any_of(Relation.OWN_PERSON), Role.AUTHORITY: THE_WHOLE},
)
# What is for the person alone, nobody says for the person.
BY_ONESELF = Rule(permission=Permission.ACT, may={Role.OFFICIAL: any_of(Relation.OWN_PERSON)})
# Only what was recorded wrongly is put right by whoever set it up.
PUTTING_RIGHT = Rule(
    permission=Permission.ACT,
    may={
        **OWN_WORK.may,
        Role.AUTHORITY: RECORDING | IN_OWN_NAME,
        Role.ADMINISTRATOR: SETTING_UP,
    },
)
DECISION = Rule(permission=Permission.DECIDE, may={Role.AUTHORITY: IN_OWN_NAME}, by_oneself=False)
# The regulations 18, 19, 20-QĐi/TU (2018) and 26-QĐ/TU (2022), and what is allocated and assessed
# by them, are of the standing committee of a Party committee, or of that; of no commune's.
FOR_ALL_COMMUNES = replace(
    DECISION,
    above_communes=True,
    kinds=frozenset({UnitKind.PARTY_COMMITTEE, UnitKind.STANDING_COMMITTEE}),
)
SET_UP = Rule(
    permission=Permission.ORGANISE,
    may={Role.AUTHORITY: THE_WHOLE, Role.ADMINISTRATOR: SETTING_UP},
    by_oneself=False,
)
# An official belongs to no unit before holding a post.
SET_UP_OF_PERSONS = Rule(
    permission=Permission.ORGANISE,
    may={Role.AUTHORITY: THE_WHOLE, Role.ADMINISTRATOR: OF_THE_LEDGER},
    by_oneself=False,
)
# One asks for oneself, or a body in its own name; another one decides.
ERASURE_REQUEST = Rule(
    permission=Permission.ACT,
    may={Role.OFFICIAL: any_of(Relation.OWN_PERSON), Role.AUTHORITY: IN_OWN_NAME},
    recorded=True,
)
SET_UP_OF_ALL = Rule(
    permission=Permission.ORGANISE,
    may={Role.AUTHORITY: THE_WHOLE, Role.ADMINISTRATOR: THE_WHOLE},
)


# A unit reports its own figures, and resolves what was addressed to it, in its own name or not.
REPORTING = Rule(
    permission=Permission.DECIDE,
    may={Role.AUTHORITY: any_of(Relation.OWN_UNIT, Relation.OWN_NAME, Relation.WHOLE_LEDGER)},
)
RESOLVING = Rule(
    permission=Permission.ACT, may={**OWN_WORK.may, Role.AUTHORITY: RECORDING | IN_OWN_NAME}
)


def decision_apart_from(*events: type[Event], by: tuple[str, ...] = ()) -> Rule:
    """A body's decision on what somebody reported, proposed or asked for."""
    return replace(DECISION, apart_from=events, apart_by=by)


def reading(*roles: Role) -> Rule:
    return Rule(permission=Permission.READ, may=dict.fromkeys(roles, OF_THE_LEDGER))


OPEN_TO_ALL = Rule(permission=Permission.READ, may=dict.fromkeys(Role, any_of(Relation.ANYONE)))
READING = reading(*(role for role in Role if role is not Role.OPERATOR))
# What tells of a person more than a name, or of everything at once.
ON_PERSONS = replace(READING, recorded=True)
RECORD_OF_A_PERSON = replace(reading(Role.OFFICIAL, Role.AUTHORITY), recorded=True)
SELF_CHECKS = replace(reading(Role.OFFICIAL), recorded=True)
# Who had access: inspectors see all of it, officials who looked at what is theirs.
ON_ACCESS = Rule(
    permission=Permission.READ,
    may={Role.INSPECTOR: OF_THE_LEDGER, Role.OFFICIAL: any_of(Relation.OWN_PERSON)},
    recorded=True,
)
# Findings of a file may name persons.
ON_FILES = reading(Role.AUTHORITY, Role.ADMINISTRATOR)
SENDING = Rule(permission=Permission.ORGANISE, may=ON_FILES.may)
ON_SNAPSHOTS = Rule(permission=Permission.DECIDE, may=ON_FILES.may)
# How persons are rated is not for every reader.
ON_RATINGS = replace(reading(Role.AUTHORITY, Role.ADMINISTRATOR, Role.INSPECTOR), recorded=True)
# An official sees the own rating and its steps: an objection names one of them.
ON_ONE_S_RATINGS = replace(
    ON_RATINGS, may={**ON_RATINGS.may, Role.OFFICIAL: any_of(Relation.OWN_PERSON)}
)
# A draft may be tried on a person, which decides nothing.
DERIVING = replace(SENDING, recorded=True)
OPENING = Rule(
    permission=Permission.ADMINISTER,
    may=dict.fromkeys((Role.ADMINISTRATOR, Role.OPERATOR), OF_THE_LEDGER),
)
OF_ONE_S_OWN = any_of(Relation.OWN_UNIT, Relation.MANAGING_BODY, Relation.WHOLE_LEDGER)
