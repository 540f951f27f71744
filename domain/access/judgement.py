"""Judgement: whether the caller may give this command, on the state that the command decides on.

It is asked of the command at hand only; what is recorded is not judged again by today's rights.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from eventsourcing.dcb.domain import Selector

from domain.access.authority import Authority, NotApart, NotForOneself
from domain.access.belonging import Belonging
from domain.access.callers import Caller
from domain.access.roles import Relation
from domain.kernel import Command, Context, Event
from domain.organisation.events import PostCreated, UnitEstablished, UnitRetyped
from domain.organisation.organisation import Organisation
from domain.organisation.selectors import lifetime
from domain.organisation.unit_kinds import Level
from domain.record.annulment import Named
from domain.record.standing import State
from domain.tasks.events import TaskEvent
from domain.tasks.matters.delegation import PartReported
from domain.timeline import timeline

Recorded = Mapping[int, Event]


class Judgement:
    """The caller before one command.

    Args:
        authority: the caller and the rule.
        context: the day of the decision, and the body in whose name it is given.
    """

    def __init__(self, authority: Authority, context: Context) -> None:
        self._authority = authority
        self._caller, self._rule = authority.caller, authority.rule
        self._granted = authority.granted
        self._context = context

    def naming(self) -> list[Selector]:
        """Whether the body exists in whose name the command is given."""
        body = self._context.on_behalf_of
        return [] if body is None else lifetime(body)

    def placing(self, recorded: Recorded) -> list[Selector]:
        """What else must be seen to tell whether that body is one of the caller's."""
        body = self._context.on_behalf_of
        if body is None:
            return []
        belonging = self._belonging(recorded)
        seeing = belonging.existing([body])
        if self._rule.kinds:
            seeing.append(Selector(types=[UnitRetyped], tags=[f"unit:{body}"]))
        if self._rule.above_communes:
            return [*seeing, *belonging.seeing_above([body])]
        return seeing if self._caller.has_every_unit else [*seeing, *belonging.seeing([body])]

    def require_name(self, recorded: Recorded) -> None:
        """Pass if the command is given in the name of no body, or of one of the caller's own.

        Raises:
            UnitUnknown, UnitNotOpen: the body does not exist on the day.
            NotRelated.
        """
        body = self._context.on_behalf_of
        if body is None:
            return
        belonging = self._belonging(recorded)
        belonging.on_day.open_unit(body, self._context.effective_on)
        if not self._caller.has_every_unit and not belonging.includes(body):
            raise self._authority.unrelated(f"unit:{body}", Relation.OWN_NAME)
        units = belonging.on_day.units
        line = [units[one] for one in belonging.on_day.with_all_above(body) if one in units]
        if self._rule.above_communes and any(one.level is Level.BASE for one in line):
            raise self._authority.unrelated(f"unit:{body}", Relation.ABOVE_COMMUNES)
        if self._rule.kinds and units[body].kind not in self._rule.kinds:
            raise self._authority.unrelated(f"unit:{body}", Relation.PARTY_COMMITTEE)

    @property
    def is_settled(self) -> bool:
        """Whether the caller may, whatever it is that happens."""
        return (
            Relation.LEDGER in self._granted
            or self._caller.has_every_unit
            or (Relation.OWN_NAME in self._granted and self._context.on_behalf_of is not None)
        )

    def concerned(self, happens: Iterable[Event], named: Iterable[Named]) -> list[Event]:
        """What the caller must stand to: what happens, and by units what is annulled too.

        Which reports an official may annul, the annulment says itself.
        """
        annulled = named if self._caller.units else ()
        return [*happens, *(one.event for one in annulled)]

    def relating(self, concerned: Iterable[Event], recorded: Recorded) -> list[Selector]:
        """What else must be seen to tell how the caller stands to what is concerned."""
        state = self._state(recorded)
        units = {one for event in concerned for one in self._units(event, state)}
        return self._belonging(recorded).seeing(sorted(units))

    def require_related(self, concerned: Iterable[Event], recorded: Recorded) -> None:
        """Pass if the caller stands to all that is concerned as the rule says.

        Raises:
            NotRelated.
        """
        state, belonging = self._state(recorded), self._belonging(recorded)
        for event in concerned:
            in_own_name = self._context.on_behalf_of is not None and isinstance(event, TaskEvent)
            if in_own_name or self._is_own(event):
                continue
            if not any(map(belonging.includes, self._units(event, state))):
                raise self._authority.unrelated(event.tags()[0])

    def require_not_oneself(self, command: Command[Any], happens: Iterable[Event]) -> None:
        """Pass unless the official who acts decides on what is about the same official.

        Raises:
            NotForOneself.
        """
        person = self._caller.official_id
        if self._rule.by_oneself or person is None:
            return
        organisation = getattr(command, "organisation", None) or Organisation()
        for event in happens:
            post_id, on = getattr(event, "post_id", None), self._context.effective_on
            held = post_id is not None and organisation.holds(person, post_id, on)
            if held or f"official:{person}" in event.tags():
                raise NotForOneself(action=self._authority.action, official_id=person)

    def apart_from(self, subject: str, recorded: Recorded, happens: Sequence[Event]) -> list[int]:
        """The positions of what stands of the subject, of which the recorder may not decide."""
        if not self._rule.apart_from:
            return []
        return [
            entry.at.position
            for entry in timeline(recorded)
            if isinstance(entry.event, self._rule.apart_from)
            and subject in entry.event.tags()
            and self._is_decided_on(entry.event, happens)
        ]

    def _is_decided_on(self, reported: Event, happens: Sequence[Event]) -> bool:
        """Whether it is that of the thing's events which the decision names."""
        fields = self._rule.apart_by
        return not fields or any(
            all(getattr(event, name, None) == getattr(reported, name) for name in fields)
            for event in happens
        )

    def require_apart(self, recorders: Mapping[int, Caller]) -> None:
        """Pass if the caller is not one with whoever recorded what is decided on.

        Raises:
            NotApart.
        """
        for position, recorder in recorders.items():
            if self._caller.is_one_with(recorder):
                raise NotApart(action=self._authority.action, position=position)

    def _is_own(self, event: Event) -> bool:
        """Whether the event is of the official who acts."""
        person = self._caller.official_id
        return Relation.OWN_PERSON in self._granted and (
            # Whether the official works in the unit that was given the part, the command asks.
            f"official:{person}" in event.tags() or isinstance(event, PartReported)
        )

    def _units(self, event: Event, state: State) -> Iterator[str]:
        """The units by which a relation to the event may hold, as the rule grants them."""
        own = event.parent_id if isinstance(event, UnitEstablished) else _field(event, "unit_id")
        if Relation.OWN_UNIT in self._granted:
            yield from filter(None, (own, _field(event, "delegate_unit")))
        if Relation.MANAGING_BODY in self._granted:
            managing = event.managed_by if isinstance(event, PostCreated) else None
            yield from filter(None, (managing, state.deciding_body(event)))
        if Relation.OWN_AGENCY in self._granted and own is not None:
            monitoring = state.monitoring.monitoring
            linked = (monitoring.allocation(own), monitoring.open_span(own))
            yield from (one.agency_id for one in linked if one is not None)

    def _state(self, recorded: Recorded) -> State:
        """The state as of the last day seen, where a relation depends on it."""
        state = State()
        if self._granted & {Relation.MANAGING_BODY, Relation.OWN_AGENCY}:
            for entry in timeline(recorded):
                state.evolve(entry.event)
        return state

    def _belonging(self, recorded: Recorded) -> Belonging:
        context = self._context
        return Belonging(self._caller.units, recorded, context.effective_on, context.today)


def _field(event: Event, name: str) -> str | None:
    value = getattr(event, name, None)
    return value if isinstance(value, str) else None
