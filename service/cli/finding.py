"""Finding: what one check of the set-up came to."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How the matter stands; skipped where something else has to be mended first."""

    OK = "ok"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, how it stands, and for what is wrong how to mend it."""

    check: str
    state: State
    says: str
    mend: str = ""


def ok(check: str, says: str) -> Finding:
    return Finding(check, State.OK, says)


def wrong(check: str, says: str, mend: str) -> Finding:
    return Finding(check, State.WRONG, says, mend)


def skipped(check: str, says: str) -> Finding:
    return Finding(check, State.SKIPPED, says)
