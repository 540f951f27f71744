"""Roles: the one table of who may do what. Coarse; a command checks its own relations again."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a token is for."""

    INSPECTOR = "inspector"
    OFFICIAL = "official"
    AUTHORITY = "authority"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Classes of verbs: reading, an official's own, a body's decisions, the set-up."""

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
}
