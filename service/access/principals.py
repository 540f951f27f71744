"""Principals: who calls, and on whose authority. Every token belongs to a holder.

An official acts in person. A unit stands for itself and its subtree, and an inspectorate for the
units that it inspects; a person may act for either, and is named then. An integrator reads the feed
and the lists. An operator keeps tokens, keys and health, and decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from domain.access.authority import Authority, RoleForbids
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.roles import Relation, Role
from domain.kernel import Actor, Command, Forbidden
from service.log.events import LedgerUnknown

if TYPE_CHECKING:
    from domain.access.rule import Rule
    from domain.access.rules import Action

__all__ = ["EVERY_UNIT", "KINDS", "NAMES_UNITS", "Holder", "HolderKind", "Principal", "RoleForbids"]


class ScopeForbids(Forbidden):
    """Your access token is narrowed by its scope, and {permission} is not in it.

    Phạm vi (scope) của mã truy cập không gồm quyền {permission}.
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
        scopes: the permissions to which an access token narrows it. None: it does not.
    """

    token_id: str
    name: str
    role: Role
    actor: Actor
    holder: Holder
    units: frozenset[str]
    ledgers: frozenset[str] | None
    scopes: frozenset[str] | None = None

    @property
    def caller(self) -> Caller:
        """The caller as the rules see it."""
        return Caller(self.role, self.holder.official_id, self.units, self.token_id)

    def require(self, action: "Action", ledger: str | None = None) -> None:
        """Require a rule by which the role may do this, and a ledger that is among the caller's.

        How the caller must stand to the thing is asked where the thing is known.

        Raises:
            RoleForbids: no rule lets the role do it.
            ScopeForbids: the access token is narrowed to other permissions.
            LedgerUnknown: the ledger is not the caller's, who is not told whether there is one.
        """
        from domain.access.rules import rule_of  # noqa: PLC0415  it names every command

        rule = rule_of(action)
        if not rule.relations(self.role):
            raise RoleForbids(role=self.role.value, permission=rule.permission.value)
        if not self.relations(rule):
            raise ScopeForbids(permission=rule.permission.value)
        if ledger is not None and not self.is_for(ledger):
            raise LedgerUnknown(ledger=ledger)

    def authority(
        self, command: type[Command[Any]], ledger: str, *, in_name_of: str | None = None
    ) -> Authority:
        """The authority to give the command, as far as the role decides that.

        Raises:
            RoleForbids, ScopeForbids, NotRelated, LedgerUnknown.
        """
        from domain.access.rules import called, rule_of  # noqa: PLC0415  it names every command

        self.require(command, ledger)
        authority = Authority(called(command), rule_of(command), self.caller)
        authority.require_role(in_name_of=in_name_of)
        return authority

    def relations(self, rule: "Rule") -> frozenset[Relation]:
        """By which relations the caller may; none where the role or the scope forbids it."""
        is_within = self.scopes is None or rule.permission in self.scopes
        return rule.relations(self.role) if is_within else frozenset()

    def is_for(self, ledger: str) -> bool:
        return self.ledgers is None or ledger in self.ledgers
