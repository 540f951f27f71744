"""Roles: what a token may be. What each may do stands in the domain's table of rules."""

from domain.access.roles import Permission, Relation, Role

__all__ = ["Permission", "Relation", "Role"]
