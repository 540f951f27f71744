"""Roles: the one table of who may do what. It is coarse; each command checks the details itself."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """The role of a token, which decides its permissions."""

    INSPECTOR = "inspector"
    OFFICIAL = "official"
    AUTHORITY = "authority"
    ADMINISTRATOR = "administrator"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"


class Permission(StrEnum):
    """Classes of verbs: reading, an official's own acts, a body's decisions, and the set-up."""

    READ = "read"
    ACT = "act"
    DECIDE = "decide"
    ORGANISE = "organise"
    ADMINISTER = "administer"


ALLOWED: Mapping[Role, frozenset[Permission]] = {
    Role.INSPECTOR: frozenset({Permission.READ}),
    Role.OFFICIAL: frozenset({Permission.READ, Permission.ACT}),
    Role.AUTHORITY: frozenset({Permission.READ, Permission.ACT, Permission.DECIDE}),
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.INTEGRATOR: frozenset({Permission.READ}),
    Role.OPERATOR: frozenset({Permission.ADMINISTER}),
}
