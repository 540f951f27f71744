"""The one shape of a domain test: given events, when a command, then events or a refusal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

import pytest
from eventsourcing.dcb.domain import Selector

from domain.kernel import Actor, Beginning, Command, Context, Event, Refusal, boundary, matches
from domain.record.annulment import (
    ANNULLING,
    AnnulEvents,
    Annulment,
    Named,
    ReplacesAnotherKind,
    annulment,
    require_annullable,
    require_kind,
)
from domain.record.contradictions import ContradictsLater
from domain.record.decision import comes_last, folded, require_consistent, standing_on
from domain.timeline import EventsAnnulled
from domain.values import Basis

CLERK = Actor("client:registry")
OFFICE = Actor("client:committee-office")
TODAY = date(2021, 12, 31)
DECISION = Basis(
    number="1234-QĐ/TU", issued_on=date(2021, 1, 5), issuing_body="Ban Thường vụ Tỉnh ủy"
)
MISTYPED = "Ghi nhầm"
EVERY_COMMAND: tuple[type[Refusal], ...] = (ContradictsLater, ReplacesAnotherKind, *ANNULLING)


EVERYTHING = Selector()


def decide(
    history: Sequence[Event],
    build: Callable[[], Command[Any]],
    named: Sequence[Named] = (),
    in_sight: Sequence[Selector] = (),
) -> list[Event]:
    """What the command records, seeing of the history its boundary only, as the service does.

    `named` is annulled by it; `in_sight` is seen besides.
    """
    stored = dict(enumerate(history, 1))
    recorded: dict[int, Event] = {}

    def see(selectors: Sequence[Selector]) -> bool:
        new = [at for at in _selected(stored, selectors) if at not in recorded]
        recorded.update((at, stored[at]) for at in new)
        ordered = sorted(recorded.items())
        recorded.clear()
        recorded.update(ordered)
        return bool(new)

    replaced = [one.position for one in named]
    see([*in_sight, *_histories(named)])
    command = folded(build, recorded, replaced)
    while see(boundary(command)):
        command = folded(build, recorded, replaced)
    if named:
        require_annullable(named, recorded)
    command.execute()
    happens = [tagged.decision for tagged in command.collect_events()]
    if named and happens:
        require_kind(named, happens)
    if named or (happens and not comes_last(recorded, happens)):
        while see(standing_on(command.context, recorded, named, happens)):
            pass
        require_consistent(command.context, recorded, named, happens)
    return happens


def _selected(stored: Mapping[int, Event], selectors: Sequence[Selector]) -> set[int]:
    """The positions of what these select; of what begins a thing, the first."""
    beginnings = [one for one in selectors if isinstance(one, Beginning)]
    usual = [_with_annulments(one) for one in selectors if not isinstance(one, Beginning)]
    selected = {at for at, one in stored.items() if matches(usual, one)}
    for beginning in beginnings:
        first = (at for at, one in stored.items() if matches([beginning], one))
        selected |= set(islice(first, 1))
    return selected


def _with_annulments(selector: Selector) -> Selector:
    """What annuls the events of a type is selected with them."""
    if not selector.types:
        return selector
    return Selector(types=[*selector.types, EventsAnnulled], tags=selector.tags)


def _histories(named: Sequence[Named]) -> list[Selector]:
    first = dict.fromkeys(one.event.tags()[0] for one in named)
    return [Selector(types=[type(one.event) for one in named], tags=[tag]) for tag in first]


@dataclass(frozen=True)
class Scenario:
    """Events that happened, and perhaps a command that is given then.

    Attributes:
        history: in the order of recording.
        build: the command.
        authors: who recorded what in the name of which body, by position; the registry, else.
    """

    history: tuple[Event, ...]
    build: Callable[[], Command[Any]] | None = None
    authors: Mapping[int, tuple[Actor, str | None]] = field(default_factory=dict)

    def given(
        self, *events: Event, by: Actor = CLERK, on_behalf_of: str | None = None
    ) -> "Scenario":
        first = len(self.history) + 1
        authors = dict.fromkeys(range(first, first + len(events)), (by, on_behalf_of))
        return Scenario((*self.history, *events), authors={**self.authors, **authors})

    def when(  # noqa: PLR0913  each is a field of the command's context
        self,
        command_type: type[Command[Any]],
        *ids: str,
        by: Actor = CLERK,
        on: date = TODAY,
        on_behalf_of: str | None = None,
        basis: Basis | None = None,
        organises: bool = False,
        **params: Any,
    ) -> "Scenario":
        context = Context(by, TODAY, on, on_behalf_of, basis, organises)
        parameters = command_type.PARAMETERS.model_validate(params)
        build: Any = command_type
        return replace(self, build=partial(build, context, parameters, *ids))

    def annulling(self, *events: Event, **context: Any) -> "Scenario":
        """These events of the history are annulled, as they stand in it last."""
        positions = self._positions(events)
        return self.when(AnnulEvents, **context, positions=positions, reason=MISTYPED)

    def replacing(
        self, events: Sequence[Event], command_type: type[Command[Any]], *ids: str, **params: Any
    ) -> "Scenario":
        """The command is given, and these events of the history are annulled."""
        replaces = {"positions": self._positions(events), "reason": MISTYPED}
        return self.when(command_type, *ids, **params, replaces=replaces)

    def decide(self) -> list[Event]:
        """What happens; a refusal passes through."""
        assert self.build is not None
        return decide(self.history, self.build, self._named())

    def decide_with_all_in_sight(self) -> list[Event]:
        """What would happen if the command saw everything that is recorded."""
        assert self.build is not None
        return decide(self.history, self.build, self._named(), [EVERYTHING])

    def then(self, *expected: Event) -> "Scenario":
        """Exactly these events happen; the scenario goes on after them, and what is annulled."""
        assert self.build is not None
        assert self.decide() == list(expected)
        recorded, named = list(expected), self._named()
        if named:
            context = self.build().context
            history = dict(enumerate(self.history, 1))
            recorded.insert(0, annulment(context, named, MISTYPED, expected, history))
        return replace(self, history=(*self.history, *recorded), build=None)

    def refuses(self, refusal: type[Refusal]) -> None:
        """The command is refused for this reason, in words an official can read."""
        assert self.build is not None
        with pytest.raises(refusal) as caught:
            self.decide()
        assert type(caught.value) is refusal
        assert refusal in {*type(self.build()).REFUSALS, *EVERY_COMMAND}
        for language in ("en", "vi"):
            assert "{" not in caught.value.detail(language)

    def contradicts(self, *later: Event) -> None:
        """The command is refused, as these events would no longer hold, in their order."""
        self.refuses(ContradictsLater)
        with pytest.raises(ContradictsLater) as caught:
            self.decide()
        assert [one.event for one in caught.value.contradictions] == list(later)
        positions = [one.position for one in caught.value.contradictions]
        assert positions == self._positions(later)

    def _positions(self, events: Sequence[Event]) -> list[int]:
        """Where the events stand last in the history."""
        return [max(at for at, one in enumerate(self.history, 1) if one == e) for e in events]

    def _named(self) -> list[Named]:
        """What the command annuls."""
        assert self.build is not None
        params = self.build().params
        positions: Sequence[int] = ()
        if isinstance(params, Annulment):
            positions = params.positions
        elif params.replaces is not None:
            positions = params.replaces.positions
        authors = {at: self.authors.get(at, (CLERK, None)) for at in positions}
        return [Named(at, self.history[at - 1], by.id, body) for at, (by, body) in authors.items()]


# An administrator of the organisation, who cites the document.
BY_ADMINISTRATOR: dict[str, Any] = {"organises": True, "basis": DECISION}
BY_BODY: dict[str, Any] = {"by": OFFICE, "on_behalf_of": "btv-tinh-uy", "basis": DECISION}


def given(*events: Event) -> Scenario:
    return Scenario(events)
