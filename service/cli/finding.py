"""Finding: the result of one check of the set-up."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The result's state; a check is skipped while something else has to be mended first.

    A warning is of what works, and is weaker than it should be.
    """

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, its state, and how to mend it if it is wrong."""

    check: str
    state: State
    says: str
    mend: str = ""


def ok(check: str, says: str) -> Finding:
    return Finding(check, State.OK, says)


def warned(check: str, says: str, mend: str) -> Finding:
    return Finding(check, State.WARNING, says, mend)


def wrong(check: str, says: str, mend: str) -> Finding:
    return Finding(check, State.WRONG, says, mend)


def skipped(check: str, says: str) -> Finding:
    return Finding(check, State.SKIPPED, says)
