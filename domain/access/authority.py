"""Authority: whether the caller may give this command, on the state that the command decides on.

It is asked of the command at hand only; what is recorded is not judged again by today's rights.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from eventsourcing.dcb.domain import Selector

from domain.access.belonging import Belonging
from domain.access.callers import Caller
from domain.access.roles import Permission, Relation, Role
from domain.access.rules import Rule
from domain.kernel import Command, Context, Event, Forbidden, Refusal
from domain.organisation.events import PostCreated, UnitEstablished
from domain.organisation.organisation import Organisation, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import existence
from domain.record.standing import State
from domain.tasks.events import TaskEvent
from domain.tasks.matters.delegation import PartReported
from domain.timeline import timeline


class RoleForbids(Forbidden):
    """A token of role {role} may not {permission} here.

    Mã truy cập vai trò “{role}” không được {permission} ở đây.
    """


class NotRelated(Forbidden):
    """The rule for {action} asks for {relation}; this token has no such relation to {thing}.

    Quy tắc {action} đòi hỏi {relation}; mã truy cập này không có quan hệ đó với {thing}.
    """


class NotForOneself(Forbidden):
    """The rule for {action} keeps it from whom it is about: {official_id} may not do it here.

    Quy tắc {action} không cho phép tự quyết định cho mình: {official_id} không được làm việc này.
    """


class NotApart(Forbidden):
    """The rule for {action} keeps it apart from {event_type}, which the same side recorded.

    Quy tắc {action} phải tách khỏi người ghi nhận: {event_type} do chính bên này ghi nhận.
    """


OF_RELATIONS: tuple[type[Refusal], ...] = (
    NotRelated,
    NotForOneself,
    NotApart,
    UnitUnknown,
    UnitNotOpen,
)


class Authority:
    """The caller before one command.

    Attributes:
        action: what the command is called in refusals.
        rule: the command's row.
    """

    def __init__(self, action: str, rule: Rule, caller: Caller, context: Context) -> None:
        self.action, self.rule, self.caller = action, rule, caller
        self._context = context
        self._granted = rule.relations(caller.role)

    def require_role(self) -> None:
        """Pass if the role may do this at all, which is known before anything is read.

        Raises:
            RoleForbids, NotRelated.
        """
        role, permission = self.caller.role, self.rule.permission
        if not self._granted:
            raise RoleForbids(role=role.value, permission=permission.value)
        if self._context.on_behalf_of is not None and not self.caller.units:
            raise RoleForbids(role=role.value, permission=Permission.DECIDE.value)
        if self._granted == {Relation.WHOLE_LEDGER} and not self.caller.has_every_unit:
            raise self._refusal(EVERYTHING)

    def boundary(self, recorded: Mapping[int, Event]) -> list[Selector]:
        """Whether the body in whose name it is done exists, and is one of the caller's units."""
        body = self._context.on_behalf_of
        if body is None:
            return []
        belonging = self._belonging(recorded)
        if self.caller.has_every_unit:
            return existence(belonging.on_day, [body], list(recorded.values()))
        own = existence(belonging.on_day, [body], list(recorded.values()))
        return [*own, *belonging.seeing([body])]

    def require_name(self, recorded: Mapping[int, Event]) -> None:
        """Pass if the command is given in the name of no body, or of one of the caller's own.

        Raises:
            UnitUnknown, UnitNotOpen: the body does not exist on the day.
            NotRelated.
        """
        body, on = self._context.on_behalf_of, self._context.effective_on
        if body is None:
            return
        belonging = self._belonging(recorded)
        belonging.on_day.open_unit(body, on)
        if not self.caller.has_every_unit and not belonging.includes(body):
            raise self._refusal(f"unit:{body}", Relation.OWN_NAME)

    def is_settled(self) -> bool:
        """Whether no more need be seen: of what happens, or of whom it is about."""
        return (
            Relation.LEDGER in self._granted
            or self.caller.has_every_unit
            or (Relation.OWN_NAME in self._granted and self._context.on_behalf_of is not None)
        )

    def concerning(
        self, happens: Sequence[Event], recorded: Mapping[int, Event]
    ) -> list[Selector]:
        """What else must be seen to tell how the caller stands to what happens."""
        state = _state(recorded)
        units = {one for event in happens for one in self._units(event, state)}
        return self._belonging(recorded).seeing(sorted(units))

    def require_related(
        self, happens: Sequence[Event], recorded: Mapping[int, Event]
    ) -> None:
        """Pass if the caller stands to all that happens as the rule says.

        Raises:
            NotRelated.
        """
        state, belonging = _state(recorded), self._belonging(recorded)
        for event in happens:
            in_own_name = self._context.on_behalf_of is not None and isinstance(event, TaskEvent)
            if in_own_name or self._is_own(event):
                continue
            if not any(map(belonging.includes, self._units(event, state))):
                raise self._refusal(event.tags()[0] if event.tags() else event.TYPE)

    def require_not_oneself(self, command: Command[Any], happens: Iterable[Event]) -> None:
        """Pass unless the caller decides on what is about the caller.

        Raises:
            NotForOneself.
        """
        person = self.caller.official_id
        if self.rule.by_oneself or person is None:
            return
        organisation = getattr(command, "organisation", None) or Organisation()
        for event in happens:
            post_id = getattr(event, "post_id", None)
            on = self._context.effective_on
            held = post_id is not None and organisation.holds(person, post_id, on)
            if held or f"official:{person}" in event.tags():
                raise NotForOneself(action=self.action, official_id=person)

    def apart_from(self, subject: str, recorded: Mapping[int, Event]) -> list[int]:
        """The positions of what stands of the subject and was recorded by whoever must differ."""
        return [
            entry.at.position
            for entry in (timeline(recorded) if self.rule.apart_from else ())
            if isinstance(entry.event, self.rule.apart_from) and subject in entry.event.tags()
        ]

    def require_apart(self, event_type: str, recorder: Caller) -> None:
        """Pass if the caller is not one with whoever recorded that.

        Raises:
            NotApart.
        """
        if self.caller.is_one_with(recorder):
            raise NotApart(action=self.action, event_type=event_type)

    def _is_own(self, event: Event) -> bool:
        """Whether the event is of the person who acts."""
        person = self.caller.official_id
        return Relation.OWN_PERSON in self._granted and (
            # Whether the person works in the unit that was given the part, the command asks.
            f"official:{person}" in event.tags() or isinstance(event, PartReported)
        )

    def _units(self, event: Event, state: State) -> Iterator[str]:
        """The units by which a relation to the event may hold, as the rule grants them."""
        of_thing = event.parent_id if isinstance(event, UnitEstablished) else _unit(event)
        if Relation.OWN_UNIT in self._granted:
            yield from filter(None, (of_thing, getattr(event, "delegate_unit", None)))
        if Relation.MANAGING_BODY in self._granted:
            managing = event.managed_by if isinstance(event, PostCreated) else None
            yield from filter(None, (managing, state.deciding_body(event)))
        if Relation.OWN_AGENCY in self._granted and of_thing is not None:
            monitoring = state.monitoring.monitoring
            allocation, span = monitoring.allocation(of_thing), monitoring.open_span(of_thing)
            yield from (one.agency_id for one in (allocation, span) if one is not None)

    def _belonging(self, recorded: Mapping[int, Event]) -> Belonging:
        context = self._context
        return Belonging(self.caller.units, recorded, context.effective_on, context.today)

    def _refusal(self, thing: str, *relations: Relation) -> NotRelated:
        asked = sorted(relation.value for relation in relations or self._granted)
        return NotRelated(action=self.action, relation=asked, thing=thing)


EVERYTHING = "the whole ledger"


def _unit(event: Event) -> str | None:
    unit_id = getattr(event, "unit_id", None)
    return unit_id if isinstance(unit_id, str) else None


def _state(recorded: Mapping[int, Event]) -> State:
    """The state as of the last day seen."""
    state = State()
    for entry in timeline(recorded):
        state.evolve(entry.event)
    return state
