"""The one shape of a domain test: given events, when a command, then events or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from domain.kernel import Actor, Command, Context, Event, Refusal, boundary, matches
from domain.values import Basis

CLERK = Actor("client:registry")
OFFICE = Actor("client:committee-office")
TODAY = date(2021, 12, 31)
DECISION = Basis(
    number="1234-QĐ/TU", issued_on=date(2021, 1, 5), issuing_body="Ban Thường vụ Tỉnh ủy"
)


def decide(history: Sequence[Event], command: Command[Any]) -> list[Event]:
    """What the command emits, seeing of the history its boundary only, as the service does."""
    seen: set[int] = set()
    while True:
        selectors = boundary(command)
        fresh = [
            index
            for index, event in enumerate(history)
            if index not in seen and matches(selectors, event)
        ]
        if not fresh:
            break
        for index in fresh:
            history[index].mutate(command)
        seen.update(fresh)
    command.execute()
    return [tagged.decision for tagged in command.collect_events()]


@dataclass(frozen=True)
class Scenario:
    """Events that happened, and perhaps a command that is given then."""

    history: tuple[Event, ...]
    command: Command[Any] | None = None

    def given(self, *events: Event) -> "Scenario":
        return Scenario((*self.history, *events))

    def when(
        self,
        command_type: type[Command[Any]],
        *ids: str,
        by: Actor = CLERK,
        on: date = TODAY,
        on_behalf_of: str | None = None,
        basis: Basis | None = None,
        **params: Any,
    ) -> "Scenario":
        context = Context(by, TODAY, on, on_behalf_of, basis)
        parameters = command_type.PARAMETERS.model_validate(params)
        build: Any = command_type
        return Scenario(self.history, build(context, parameters, *ids))

    def decide(self) -> list[Event]:
        """What happens; a refusal passes through."""
        assert self.command is not None
        return decide(self.history, self.command)

    def then(self, *expected: Event) -> "Scenario":
        """Exactly these events happen; the scenario goes on after them."""
        assert self.decide() == list(expected)
        return Scenario((*self.history, *expected))

    def refuses(self, refusal: type[Refusal]) -> None:
        """The command is refused for this reason, in words an official can read."""
        assert self.command is not None
        with pytest.raises(refusal) as caught:
            decide(self.history, self.command)
        assert type(caught.value) is refusal
        assert refusal in type(self.command).REFUSALS
        for language in ("en", "vi"):
            assert "{" not in caught.value.detail(language)


BY_BODY: dict[str, Any] = {"by": OFFICE, "on_behalf_of": "btv-tinh-uy", "basis": DECISION}


def given(*events: Event) -> Scenario:
    return Scenario(events)
