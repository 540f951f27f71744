"""Steps: the commands that load a sample province, in chains that each keep their order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from domain.kernel import Event, Parameters


class Province(NamedTuple):
    """A sample's ledger, and what it is called."""

    ledger: str
    name: str


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
    params: Parameters
    event: type[Event]
    by: Client = Client.REGISTRY

    def body(self) -> bytes:
        return self.params.model_dump_json(exclude_none=True).encode()


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps about one subject (`task:ID`), each sent when the one before is done.

    A later stage may go on with the same subject.
    """

    subject: str
    steps: tuple[Step, ...]
