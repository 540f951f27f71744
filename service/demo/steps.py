"""Steps: the commands that load a sample province, in ordered chains."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from domain.kernel import Event, Parameters


class Province(NamedTuple):
    """A sample's ledger and its name."""

    ledger: str
    name: str


class Client(StrEnum):
    """The clients of the service. The one that registers or claims does not approve or confirm."""

    REGISTRY = "demo-registry"
    COMMITTEE = "demo-committee"
    VISITOR = "demo-visitor"


@dataclass(frozen=True, slots=True)
class Step:
    """One command.

    Attributes:
        path: its path below the ledger, without the slash.
        params: its parameters.
        event: the event that it leads to.
        by: the client that sends it.
    """

    path: str
    params: Parameters
    event: type[Event]
    by: Client = Client.REGISTRY

    def body(self) -> bytes:
        return self.params.model_dump_json(exclude_none=True).encode()


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps about one subject (`task:ID`), each sent when the previous one is done.

    A chain of a later stage may continue the same subject.
    """

    subject: str
    steps: tuple[Step, ...]
