"""Authority: who gives a command and by which rule; what the role alone decides.

Whether the role may do it at all is known before anything is read. How the caller stands to the
thing is judged within the command, on the state that it decides on.
"""

from dataclasses import dataclass

from domain.access.callers import Caller
from domain.access.roles import Permission, Relation
from domain.access.rule import Rule
from domain.kernel import Forbidden, Refusal
from domain.organisation.organisation import UnitNotOpen, UnitUnknown


class RoleForbids(Forbidden):
    """A token of role {role} may not {permission} here.

    Mã truy cập vai trò “{role}” không được {permission} ở đây.
    """


class NotRelated(Forbidden):
    """“{action}” needs one of these relations to {thing}, and the token has none: {relation}.

    Để {action}, mã truy cập phải có một trong các quan hệ sau với {thing}: {relation}.
    """


class NotForOneself(Forbidden):
    """“{action}” is not for the official whom it is about: {official_id}.

    Cán bộ {official_id} không được tự {action} về chính mình.
    """


class NotApart(Forbidden):
    """“{action}” is not for whoever recorded event {position}, nor for the same unit.

    Bên đã ghi nhận sự kiện {position}, hoặc cùng đơn vị với bên đó, không được {action}.
    """


OF_RELATIONS: tuple[type[Refusal], ...] = (
    NotRelated,
    NotForOneself,
    NotApart,
    UnitUnknown,
    UnitNotOpen,
)
WHOLE_LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Authority:
    """The caller of one command, and the rule for it.

    Attributes:
        action: what the command is called in refusals.
    """

    action: str
    rule: Rule
    caller: Caller

    @property
    def granted(self) -> frozenset[Relation]:
        """By which relations the caller's role may do this."""
        return self.rule.relations(self.caller.role)

    def require_role(self, *, in_name_of: str | None = None) -> None:
        """Pass if the role may do this at all, and in the name of such a body if one is named.

        Raises:
            RoleForbids, NotRelated.
        """
        role = self.caller.role.value
        if not self.granted:
            raise RoleForbids(role=role, permission=self.rule.permission.value)
        if in_name_of is not None and not self.caller.units:
            raise RoleForbids(role=role, permission=Permission.DECIDE.value)
        if self.granted == {Relation.WHOLE_LEDGER} and not self.caller.has_every_unit:
            raise self.unrelated(WHOLE_LEDGER)

    def unrelated(self, thing: str, *relations: Relation) -> NotRelated:
        """The refusal for want of these relations, or of any that the rule asks for."""
        asked = sorted(relation.value for relation in relations or self.granted)
        return NotRelated(action=self.action, relation=asked, thing=thing)
