"""Permissions: what the caller may do here, and to one thing now; from the table of rules."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from eventsourcing.dcb.domain import Selector
from fastapi import APIRouter, Depends, Request
from pydantic import Field

from domain.access.belonging import Belonging
from domain.access.operations import OPERATIONS
from domain.access.roles import Permission, Relation, Role
from domain.access.rule import Rule
from domain.access.rules import called, rule_of
from domain.access.standing import Thing, may, relations_to, thing_of
from domain.kernel import Event, Invalid
from domain.monitoring.monitoring import monitoring_of_commune
from domain.organisation.events import TenureStarted
from domain.organisation.selectors import lifetime, official_selector, post_selector
from domain.tasks.events import TaskEvent
from domain.tasks.possible import is_possible, whole
from domain.tasks.whole_task import WholeTask
from domain.timeline import timeline
from domain.values import ID_PATTERN, Value
from service.access.principals import HolderKind, Principal
from service.components import Service
from service.handle import today
from service.http.access import OF_A_LEDGER, LedgerName, Reader
from service.http.commands import Verb
from service.http.problems import declared
from service.http.reads.query import QueryParams, described, query_params
from service.read_set import ReadSet


class ThingsAmbiguous(Invalid):
    """Ask about one thing at a time: name one of {names}.

    Mỗi lần chỉ hỏi về một đối tượng: nêu một trong {names}.
    """


Id = Annotated[str | None, Field(pattern=ID_PATTERN)]
# What may be asked about, and the kind of thing that it is.
KINDS = {
    "task_id": "task",
    "unit_id": "unit",
    "commune_id": "unit",
    "post_id": "post",
    "official_id": "official",
}


class OfThing(QueryParams):
    """The thing asked about; without one, of the ledger as a whole."""

    task_id: Annotated[Id, Field(description="What may be done to this task.")] = None
    unit_id: Annotated[Id, Field(description="What may be done to this unit.")] = None
    commune_id: Annotated[Id, Field(description="What may be done to this commune.")] = None
    post_id: Annotated[Id, Field(description="What may be done to this post.")] = None
    official_id: Annotated[Id, Field(description="What may be done to this official.")] = None

    def named(self) -> tuple[str, str] | None:
        """The kind and the id of the thing, if one is named.

        Raises:
            ThingsAmbiguous: several are.
        """
        named = [(KINDS[name], value) for name, value in self if value is not None]
        if len(named) > 1:
            raise ThingsAmbiguous(names=sorted(KINDS))
        return named[0] if named else None


class PermittedAction(Value):
    """An action that the role has, and whether the caller may do it to the thing."""

    action: Annotated[str, Field(description="Its name in the table of rules.")]
    path: Annotated[str | None, Field(description="Where a command is sent; null of a read.")]
    permission: Permission
    relations: Annotated[
        list[Relation], Field(description="By which relations to the thing: any one is enough.")
    ]
    may: Annotated[
        bool | None,
        Field(description="Of the thing asked about; null where the relation depends on a thing."),
    ]


class CallerPermissions(Value):
    """Who the caller is here, and what may be done. All that is not listed is refused."""

    role: Role
    holder: HolderKind
    official_id: str | None
    units: list[str]
    thing: str | None
    held: Annotated[list[Relation], Field(description="How the caller stands to the thing.")]
    actions: list[PermittedAction]


def permissions(*tables: Sequence[Verb]) -> APIRouter:
    """The route, which knows these verbs."""
    router = APIRouter(tags=["record"])
    verbs = [verb for table in tables for verb in table]

    @router.get(
        "/v1/{ledger}/permissions",
        operation_id="read_permissions",
        responses=declared(*OF_A_LEDGER, ThingsAmbiguous),
        openapi_extra=described(OfThing),
    )
    async def read_permissions(
        request: Request,
        ledger: LedgerName,
        by: Reader,
        params: Annotated[OfThing, Depends(query_params(OfThing))],
    ) -> CallerPermissions:
        """What this caller may do here; of a thing, which verbs may be given to it now.

        Of a task its state counts too, and what is open of it. What is allowed may still be refused
        for what the command itself finds.
        """
        service: Service = request.app.state.service
        named = params.named()
        at = At(named, Thing(), _anywhere(by))
        if named is not None:
            at = await _standing(service, ledger, by, *named)
        actions = [*_of_verbs(verbs, by, at), *(_of_reads(by) if named is None else ())]
        return CallerPermissions(
            role=by.role,
            holder=by.holder.kind,
            official_id=by.holder.official_id,
            units=sorted(by.units),
            thing=None if named is None else ":".join(named),
            held=sorted(at.held),
            actions=actions,
        )

    return router


class At(NamedTuple):
    """What the caller asks about: its kind and id, how the caller stands to it, and its state."""

    named: tuple[str, str] | None
    thing: Thing
    held: frozenset[Relation]
    task: WholeTask | None = None

    def allows(self, verb: Verb) -> bool:
        """Whether the state of the task, if it is one, allows the verb."""
        return self.task is None or is_possible(verb.command, self.task)


# By these relations nothing depends on a thing.
ANYWHERE = frozenset({Relation.LEDGER, Relation.ANYONE})


def _anywhere(by: Principal) -> frozenset[Relation]:
    """How the caller stands to whatever there is in the ledger."""
    every = {Relation.WHOLE_LEDGER} if by.caller.has_every_unit else set()
    return ANYWHERE | every


def _of_verbs(verbs: Sequence[Verb], by: Principal, at: At) -> Iterator[PermittedAction]:
    for verb in verbs:
        rule = rule_of(verb.command)
        if not by.relations(rule) or (at.named is not None and not _is_of(verb, at.named[0])):
            continue
        allowed = may(rule, by.caller, at.thing, at.held) and at.allows(verb)
        yield PermittedAction(
            action=called(verb.command),
            path=verb.path,
            permission=rule.permission,
            relations=sorted(rule.relations(by.role)),
            may=allowed or (None if at.named is None and _depends(rule, by) else False),
        )


def _depends(rule: Rule, by: Principal) -> bool:
    """Whether the caller may do it to some thing, and not to another."""
    return rule.relations(by.role) != {Relation.WHOLE_LEDGER} or by.caller.has_every_unit


def _is_of(verb: Verb, kind: str) -> bool:
    return verb.subject == kind and verb.named_in_path


def _of_reads(by: Principal) -> Iterator[PermittedAction]:
    for action, rule in OPERATIONS.items():
        if by.relations(rule):
            yield PermittedAction(
                action=action,
                path=None,
                permission=rule.permission,
                relations=sorted(rule.relations(by.role)),
                may=None if rule.relations(by.role).isdisjoint(ANYWHERE) else True,
            )


async def _standing(service: Service, ledger: str, by: Principal, kind: str, thing_id: str) -> At:
    """The thing, and how the caller stands to it today."""
    selectors = _selectors(kind, thing_id)
    seen = await ReadSet.of(service.log, service.codec, ledger, selectors, None)
    assert isinstance(seen, ReadSet)  # noqa: S101  only a key has a stored outcome
    if kind == "official":
        posts = {one.post_id for one in seen.events.values() if isinstance(one, TenureStarted)}
        await seen.widen(map(post_selector, sorted(posts)))
    thing, on = thing_of(kind, thing_id, seen.events), today(service.clock)
    task = _task(thing_id, seen.events, on) if kind == "task" else None

    def belonging() -> Belonging:
        return Belonging(by.units, seen.events, on, on)

    while await seen.widen(belonging().seeing(sorted(thing.all_units))):
        pass
    return At((kind, thing_id), thing, relations_to(thing, by.caller, belonging()), task)


def _task(task_id: str, recorded: Mapping[int, Event], on: date) -> WholeTask:
    """The task with what stands of it by that day."""
    past = (entry.event for entry in timeline(recorded) if entry.at.on <= on)
    own = (one for one in past if isinstance(one, TaskEvent) and one.task_id == task_id)
    return whole(task_id, own)


def _selectors(kind: str, thing_id: str) -> list[Selector]:
    match kind:
        case "unit":
            return [*lifetime(thing_id), monitoring_of_commune(thing_id)]
        case "post":
            return [post_selector(thing_id)]
        case "official":
            return [official_selector(thing_id)]
    return [Selector(tags=[f"task:{thing_id}"])]
