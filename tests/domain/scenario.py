"""The one shape of a domain test: given events, when a command, then events or a refusal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pytest
from eventsourcing.dcb.domain import Selector

from domain.kernel import Actor, Command, Context, Event, Refusal, boundary, matches
from domain.record.contradictions import ContradictsLater
from domain.record.decision import comes_last, folded, require_consistent, standing_on
from domain.values import Basis

CLERK = Actor("client:registry")
OFFICE = Actor("client:committee-office")
TODAY = date(2021, 12, 31)
DECISION = Basis(
    number="1234-QĐ/TU", issued_on=date(2021, 1, 5), issuing_body="Ban Thường vụ Tỉnh ủy"
)


def decide(history: Sequence[Event], build: Callable[[], Command[Any]]) -> list[Event]:
    """What the command records, seeing of the history its boundary only, as the service does."""
    stored = dict(enumerate(history, 1))
    recorded: dict[int, Event] = {}

    def see(selectors: Sequence[Selector]) -> bool:
        new = [at for at, one in stored.items() if at not in recorded and matches(selectors, one)]
        recorded.update((at, stored[at]) for at in new)
        ordered = sorted(recorded.items())
        recorded.clear()
        recorded.update(ordered)
        return bool(new)

    command = build()
    while see(boundary(command)):
        command = folded(build, recorded, ())
    command.execute()
    happens = [tagged.decision for tagged in command.collect_events()]
    if happens and not comes_last(recorded, happens):
        while see(standing_on(command.context, recorded, (), happens)):
            pass
        require_consistent(command.context, recorded, (), happens)
    return happens


@dataclass(frozen=True)
class Scenario:
    """Events that happened, and perhaps a command that is given then."""

    history: tuple[Event, ...]
    build: Callable[[], Command[Any]] | None = None

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
        return Scenario(self.history, partial(build, context, parameters, *ids))

    def decide(self) -> list[Event]:
        """What happens; a refusal passes through."""
        assert self.build is not None
        return decide(self.history, self.build)

    def then(self, *expected: Event) -> "Scenario":
        """Exactly these events happen; the scenario goes on after them."""
        assert self.decide() == list(expected)
        return Scenario((*self.history, *expected))

    def refuses(self, refusal: type[Refusal]) -> None:
        """The command is refused for this reason, in words an official can read."""
        assert self.build is not None
        with pytest.raises(refusal) as caught:
            decide(self.history, self.build)
        assert type(caught.value) is refusal
        assert refusal in {*type(self.build()).REFUSALS, ContradictsLater}
        for language in ("en", "vi"):
            assert "{" not in caught.value.detail(language)

    def contradicts(self, *later: Event) -> None:
        """The command is refused because exactly these events would no longer hold."""
        assert self.build is not None
        with pytest.raises(ContradictsLater) as caught:
            decide(self.history, self.build)
        assert [one.event for one in caught.value.contradictions] == list(later)
        for language in ("en", "vi"):
            assert "{" not in caught.value.detail(language)


BY_BODY: dict[str, Any] = {"by": OFFICE, "on_behalf_of": "btv-tinh-uy", "basis": DECISION}


def given(*events: Event) -> Scenario:
    return Scenario(events)
