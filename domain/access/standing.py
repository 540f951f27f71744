"""Standing: how a caller stands to one thing now, and by that which actions the rules allow.

What a command then finds of its own may still refuse it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.access.belonging import Belonging
from domain.access.callers import Caller
from domain.access.roles import Relation
from domain.access.rule import Rule
from domain.kernel import Event
from domain.organisation.events import PostCreated, TenureEnded, TenureStarted
from domain.record.standing import State
from domain.tasks.events import TaskEvent
from domain.timeline import timeline


@dataclass(frozen=True, slots=True)
class Thing:
    """What there is to know of a thing for the rules.

    Attributes:
        officials: whose it is.
        units: of which units it is.
        agencies: the agencies that monitor the commune.
        bodies: those that manage it, or decide on it.
    """

    officials: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()

    @property
    def all_units(self) -> frozenset[str]:
        return self.units | self.agencies | self.bodies


def thing_of(kind: str, thing_id: str, recorded: Mapping[int, Event]) -> Thing:
    """The thing, as of the last day that is recorded."""
    state = State()
    events = [entry.event for entry in timeline(recorded)]
    for event in events:
        state.evolve(event)
    match kind:
        case "task":
            return _task(thing_id, events, state)
        case "unit":
            monitoring = state.monitoring.monitoring
            span, allocation = monitoring.open_span(thing_id), monitoring.allocation(thing_id)
            linked = [one for one in (span, allocation) if one is not None]
            return Thing(
                officials=frozenset() if span is None else frozenset({span.official_id}),
                units=frozenset({thing_id}),
                agencies=frozenset(one.agency_id for one in linked),
                bodies=frozenset() if span is None else frozenset({span.assigned_by}),
            )
    return _of_posts(kind, thing_id, events)


def _task(task_id: str, events: Iterable[Event], state: State) -> Thing:
    own = [one for one in events if isinstance(one, TaskEvent) and one.task_id == task_id]
    if not own:
        return Thing()
    last = next((one for one in reversed(own) if hasattr(one, "unit_id")), own[-1])
    tags = [tag.partition(":") for tag in last.tags()]
    body = state.deciding_body(own[-1])
    return Thing(
        officials=frozenset(value for prefix, _, value in tags if prefix == "official"),
        units=frozenset({last.unit_id}) if hasattr(last, "unit_id") else frozenset(),
        bodies=frozenset() if body is None else frozenset({body}),
    )


def _of_posts(kind: str, thing_id: str, events: Iterable[Event]) -> Thing:
    """A post; or an official, by the posts held."""
    posts: dict[str, PostCreated] = {}
    held: dict[tuple[str, str], str] = {}
    for event in events:
        match event:
            case PostCreated():
                posts[event.post_id] = event
            case TenureStarted():
                held[event.post_id, event.official_id] = event.unit_id
            case TenureEnded():
                held.pop((event.post_id, event.official_id), None)
            case _:
                pass
    mine = [at for at in held if at[1 if kind == "official" else 0] == thing_id]
    created = [one for post_id, one in posts.items() if kind == "post" and post_id == thing_id]
    created += [posts[post_id] for post_id, _ in mine if kind == "official" and post_id in posts]
    return Thing(
        officials=frozenset({thing_id} if kind == "official" else {one for _, one in mine}),
        units=frozenset([held[at] for at in mine] + [one.unit_id for one in created]),
        bodies=frozenset(one.managed_by for one in created),
    )


def relations_to(thing: Thing, caller: Caller, belonging: Belonging) -> frozenset[Relation]:
    """How the caller stands to the thing."""
    every = caller.has_every_unit

    def is_own(units: Iterable[str]) -> bool:
        return every or any(map(belonging.includes, units))

    holds = {
        Relation.ANYONE: True,
        Relation.LEDGER: True,
        Relation.WHOLE_LEDGER: every,
        Relation.OWN_PERSON: caller.official_id in thing.officials,
        Relation.OWN_UNIT: is_own(thing.units),
        Relation.OWN_AGENCY: is_own(thing.agencies),
        Relation.MANAGING_BODY: is_own(thing.bodies),
        # Which body is entitled, the command asks; where one is known, it is that one.
        Relation.OWN_NAME: bool(caller.units) and (not thing.bodies or is_own(thing.bodies)),
    }
    return frozenset(relation for relation, held in holds.items() if held)


def may(rule: Rule, caller: Caller, thing: Thing, held: frozenset[Relation]) -> bool:
    """Whether the rule lets the caller do this to the thing."""
    oneself = not rule.by_oneself and caller.official_id in thing.officials
    return not oneself and not held.isdisjoint(rule.relations(caller.role))
