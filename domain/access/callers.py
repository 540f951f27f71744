"""Callers: who gives a command, as the rules see it: a role, a person, and the units stood for."""

from dataclasses import dataclass

from domain.access.roles import Role

# Stands for every unit of the ledger: before there are units, and for a whole authority's programs.
EVERY_UNIT = "*"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who gives a command.

    Attributes:
        role: what the token may do.
        official_id: the person who acts, where one is named.
        units: the units that the token stands for, each with those below it, or `EVERY_UNIT`.
        token_id: of the token, which is never used again.
    """

    role: Role
    official_id: str | None = None
    units: frozenset[str] = frozenset()
    token_id: str = ""

    @property
    def has_every_unit(self) -> bool:
        return EVERY_UNIT in self.units

    @property
    def sets_up(self) -> bool:
        """Whether the caller may put the organisation right, where it is the caller's."""
        return self.role is Role.ADMINISTRATOR or (
            self.role is Role.AUTHORITY and self.has_every_unit
        )

    def is_one_with(self, other: "Caller") -> bool:
        """Whether both are one for the separation of duties: by the token, the person or a unit.

        A token for every unit stands for no unit of its own; but two of them of which neither names
        a person are one.
        """
        return (
            (self.token_id != "" and self.token_id == other.token_id)
            or (self.official_id is not None and self.official_id == other.official_id)
            or not self.units.isdisjoint(other.units - {EVERY_UNIT})
            or (self.is_anybody and other.is_anybody)
        )

    @property
    def is_anybody(self) -> bool:
        """Whether the caller is the whole ledger, and no person in particular."""
        return self.has_every_unit and self.official_id is None
