"""Steps: the commands that load the sample province, in chains that each keep their order."""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel import Event, Parameters


class Client(StrEnum):
    """Who calls the service. Whoever registers or claims does not approve or confirm."""

    REGISTRY = "demo-registry"
    COMMITTEE = "demo-committee"
    VISITOR = "demo-visitor"


@dataclass(frozen=True, slots=True)
class Step:
    """One command.

    Attributes:
        path: its address below the ledger, without the slash.
        said: its parameters.
        event: what it leads to.
        by: who sends it.
    """

    path: str
    said: Parameters
    event: type[Event]
    by: Client = Client.REGISTRY

    def body(self) -> bytes:
        return self.said.model_dump_json(exclude_none=True).encode()


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps about one subject (`task:ID`), each sent when the one before is done."""

    subject: str
    steps: tuple[Step, ...]

    def key(self, index: int) -> str:
        """The idempotency key of a step: the same on every run."""
        return f"sample:{self.subject}:{index}"
