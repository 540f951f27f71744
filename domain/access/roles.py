"""Roles and relations: what a caller is, and how one must stand to a thing to act on it."""

from enum import StrEnum


class Role(StrEnum):
    """The role of a token, which decides what it may do."""

    INSPECTOR = "inspector"
    OFFICIAL = "official"
    AUTHORITY = "authority"
    ADMINISTRATOR = "administrator"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"


class Permission(StrEnum):
    """Classes of actions: reading, an official's own acts, a body's decisions, and the set-up."""

    READ = "read"
    ACT = "act"
    DECIDE = "decide"
    ORGANISE = "organise"
    ADMINISTER = "administer"


class Relation(StrEnum):
    """How a caller stands to the thing that an action is about.

    Attributes:
        ANYONE: the caller needs no token.
        LEDGER: the token is for the ledger; no more is asked.
        OWN_PERSON: it is the caller's own: the task that the caller proposed, answers for or works
            on, the commune monitored, the cell attended.
        OWN_UNIT: it is of one of the caller's units, or of a unit below one.
        OWN_AGENCY: the commune is allocated to one of the caller's units, or monitored from there.
        MANAGING_BODY: one of the caller's units manages the post or assigned the task.
        OWN_NAME: it is done in the name of one of the caller's units, which exists on that day.
        ABOVE_COMMUNES: it is done in the name of a body that is not of a commune.
        PARTY_COMMITTEE: it is done in the name of a Party committee or its standing committee.
        WHOLE_LEDGER: the token stands for every unit of the ledger.
    """

    ANYONE = "anyone"
    LEDGER = "ledger"
    OWN_PERSON = "own-person"
    OWN_UNIT = "own-unit"
    OWN_AGENCY = "own-agency"
    MANAGING_BODY = "managing-body"
    OWN_NAME = "own-name"
    ABOVE_COMMUNES = "above-communes"
    PARTY_COMMITTEE = "party-committee"
    WHOLE_LEDGER = "whole-ledger"
