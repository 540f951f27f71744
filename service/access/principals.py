"""Principals: who calls, and on whose authority. Every token belongs to a holder.

An official acts in person. A unit stands for itself and its subtree, and an inspectorate for the
units that it inspects; a person may act for either, and is named then. An integrator reads the feed
and the lists. An operator keeps tokens, keys and health, and decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.kernel import Actor, Forbidden
from service.access.roles import ALLOWED, Permission, Role
from service.log.events import LedgerUnknown

# Stands for every unit of the ledger: before there are units, and for a whole authority's programs.
EVERY_UNIT = "*"


class RoleForbids(Forbidden):
    """A token of role {role} may not {permission} here.

    Mã truy cập vai trò “{role}” không được {permission} ở đây.
    """


class HolderKind(StrEnum):
    """What a token belongs to."""

    OFFICIAL = "official"
    UNIT = "unit"
    INSPECTORATE = "inspectorate"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"


KINDS: Mapping[Role, HolderKind] = {
    Role.OFFICIAL: HolderKind.OFFICIAL,
    Role.AUTHORITY: HolderKind.UNIT,
    Role.ADMINISTRATOR: HolderKind.UNIT,
    Role.INSPECTOR: HolderKind.INSPECTORATE,
    Role.INTEGRATOR: HolderKind.INTEGRATOR,
    Role.OPERATOR: HolderKind.OPERATOR,
}
NAMES_UNITS = frozenset({HolderKind.UNIT, HolderKind.INSPECTORATE})


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token belongs to.

    Attributes:
        kind: what it is.
        official_id: the person who acts: always of an official, and of a unit or an inspectorate
            where a person is named.
    """

    kind: HolderKind
    official_id: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: what the token or the identity says, and the actor that events will name.

    Attributes:
        token_id: of the token or of the identity. It is never used again, as a name may be.
        units: which a unit stands for, or an inspectorate inspects, each with its subtree, or
            `EVERY_UNIT`; empty for other holders.
        ledgers: which it is for. None: all.
    """

    token_id: str
    name: str
    role: Role
    actor: Actor
    holder: Holder
    units: frozenset[str]
    ledgers: frozenset[str] | None

    @property
    def has_every_unit(self) -> bool:
        return EVERY_UNIT in self.units

    def require(self, permission: Permission, ledger: str | None = None) -> None:
        """Require the permission, and that the ledger is among the caller's if one is given.

        Raises:
            RoleForbids: the role does not hold the permission.
            LedgerUnknown: the ledger is not the caller's, who is not told whether there is one.
        """
        if permission not in ALLOWED[self.role]:
            raise RoleForbids(role=self.role.value, permission=permission.value)
        if ledger is not None and not self.is_for(ledger):
            raise LedgerUnknown(ledger=ledger)

    def is_for(self, ledger: str) -> bool:
        return self.ledgers is None or ledger in self.ledgers
