"""Commands over HTTP: a verb of the domain is one line in a table; this serves it.

Served as bare ASGI rather than through FastAPI's parameter machinery, which costs more than the
decision itself; `commands_described` lets FastAPI describe the same verbs in the OpenAPI document.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uuid_utils.compat import uuid7

from domain.access.authority import OF_RELATIONS
from domain.kernel import Command, EffectiveInTheFuture, Refusal, personal
from domain.record.annulment import ANNULLING, ReplacesAnotherKind
from domain.record.contradictions import ContradictsLater
from domain.record.periods import PeriodIsClosed
from domain.values import ID_PATTERN
from service import entity_tags
from service.components import Service
from service.http import bodies, faults
from service.http.access import AUTHENTICATED, authenticated
from service.http.addresses import address, path_of
from service.http.noted import note_action, noted
from service.http.problems import instant, of_other_methods
from service.log.codec import SUBJECT
from service.log.events import Idempotency, LedgerUnknown
from service.log.sealing import PersonErased
from service.off_loop import off_loop
from service.read_set import TooMuchToDecide
from service.requests import (
    CommandRequest,
    Contended,
    DryRun,
    Outcome,
    TooManyWaiting,
    VersionStale,
    VersionWeak,
)
from service.validation import Fault, Where

KEY_PATTERN = r"^[!-~]{1,255}$"
ID = re.compile(ID_PATTERN)
KEY = re.compile(KEY_PATTERN)

BODY_REFUSALS: tuple[type[Refusal], ...] = (
    faults.BodyMissing,
    faults.BodyNotJson,
    faults.BodyNotUnicode,
    faults.BodyTooDeep,
    faults.NameRepeated,
    faults.NumberInexact,
    faults.BodyTooLarge,
    faults.TooManyValues,
    faults.NotPossible,
    faults.MediaTypeUnsupported,
)
EVERY_VERB: tuple[type[Refusal], ...] = (
    *AUTHENTICATED,
    LedgerUnknown,
    *OF_RELATIONS,
    *BODY_REFUSALS,
    EffectiveInTheFuture,
    ContradictsLater,
    *ANNULLING,
    ReplacesAnotherKind,
    PeriodIsClosed,
    faults.KeyUsedOtherwise,
    Contended,
    VersionStale,
    VersionWeak,
    PersonErased,
    TooManyWaiting,
    faults.LogFull,
    faults.OutcomeLost,
    faults.ClocksDisagree,
    faults.LedgerAhead,
    TooMuchToDecide,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A command and where it is served, below `/v1/{ledger}`.

    Attributes:
        path: names the subject as `{SUBJECT_id}`, unless the command creates it.
        command: the domain's class.
        subject: the kind of object the command is about, which is its tag's prefix.
        begins: the parameter with the id of another such object that the command begins; made if
            left out.
        fixed_id: the id of the subject, where the path itself names the only such one.
        of_several: whether the command is about several objects, and the reply names none.
    """

    path: str
    command: type[Command[Any]]
    subject: str
    begins: str | None = None
    fixed_id: str | None = None
    of_several: bool = False

    @property
    def id_name(self) -> str:
        return f"{self.subject}_id"

    @property
    def creates(self) -> bool:
        return self.fixed_id is None and not self.named_in_path and not self.of_several

    @property
    def is_personal(self) -> bool:
        """Whether personal data of the official that the command names is sent with it."""
        return bool(personal(self.command.PARAMETERS)) and self.id_name == SUBJECT

    @property
    def named_in_path(self) -> bool:
        return f"{{{self.id_name}}}" in self.path

    @property
    def new_id_name(self) -> str | None:
        """What the id of the object is called that the command creates or begins."""
        return self.id_name if self.creates else self.begins

    def subject_in(self, ids: Mapping[str, str]) -> str:
        """The tag of the object the command is about; empty where it is about several."""
        return "" if self.of_several else f"{self.subject}:{self.fixed_id or ids[self.id_name]}"

    def ids_of(self, subject: str) -> dict[str, str]:
        """The id of that object, as a reply names it."""
        return {} if self.of_several else {self.id_name: _id(subject)}

    @property
    def operation_id(self) -> str:
        """What the verb is called in the description of the interface, and in the rules."""
        name = self.path.rpartition("/")[2].replace("-", "_")
        return "_".join([name, *(self.fixed_id or self.subject).split("-")])

    @property
    def status(self) -> int:
        return 201 if self.new_id_name else 200

    @property
    def refusals(self) -> tuple[type[Refusal], ...]:
        return (*EVERY_VERB, *self.command.REFUSALS)


class VerbEndpoint:
    """Serves one verb: parse, one call, respond."""

    def __init__(self, verb: Verb) -> None:
        self.verb = verb
        self.path = f"/v1/{{ledger}}{verb.path}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self
        if scope["method"] != "POST":
            await of_other_methods(scope, ["POST"])(scope, receive, send)
            return
        service: Service = scope["app"].state.service
        is_dry_run = _is_dry_run(scope)
        request = await self._request(service, scope, receive)
        if is_dry_run:
            noted(scope).tells_nothing = True
            async with service.dry_runs.turn(request.ledger, request.client):
                found = await service.commands.dry_run(request)
                reply = await off_loop(
                    len(found.events), self._dry_run_reply, request.ledger, found
                )
        else:
            async with service.turns.turn(request.ledger, request.client):
                reply = self._reply(scope, request.ledger, await service.commands.handle(request))
        await reply(scope, receive, send)

    async def _request(self, service: Service, scope: Scope, receive: Receive) -> CommandRequest:
        """The command that the request gives, and who gives it.

        Raises:
            Refusal: of the caller, the address, the headers or the body.
        """
        verb = self.verb
        note_action(scope, verb.command)
        principal = await authenticated(scope, service.authentication)
        ids = _ids(scope["path_params"])
        ledger = ids.pop("ledger")
        principal.require(verb.command, ledger)
        key, if_match = _demands(scope)
        body = await bodies.read(scope, receive, service.settings.body_limit_bytes)
        params, document = bodies.parse(verb.command.PARAMETERS, body)
        authority = principal.authority(verb.command, ledger, in_name_of=params.on_behalf_of)
        created = None
        if verb.new_id_name is not None:
            ids[verb.new_id_name] = getattr(params, verb.new_id_name) or str(uuid7())
            created = f"{verb.subject}:{ids[verb.new_id_name]}"
        idempotency = None
        if key is not None:
            await service.log.require_ledger(ledger)
            plain = _digest(path_of(scope), document, if_match)
            person = ids[SUBJECT] if verb.is_personal else None
            digest = await service.keys.digest(ledger, plain, person)
            idempotency = Idempotency(principal.token_id, key, digest, plain)
        return CommandRequest(
            ledger=ledger,
            command=verb.command,
            params=params,
            ids=ids,
            subject=verb.subject_in(ids),
            actor=principal.actor,
            authority=authority,
            correlation_id=scope["correlation_id"],
            idempotency=idempotency,
            if_match=if_match,
            created=created,
            client=principal.token_id,
        )

    def _dry_run_reply(self, ledger: str, dry_run: DryRun) -> Response:
        body = {
            "ledger": ledger,
            **self.verb.ids_of(dry_run.subject),
            "dry_run": True,
            "position": dry_run.position,
            "events": [
                {"type": event.TYPE, "data": event.model_dump(mode="json")}
                for event in dry_run.events
            ],
            "unchanged": not dry_run.events,
            "effective_on": dry_run.effective_on.isoformat(),
        }
        headers = {
            "ETag": entity_tags.of_version(dry_run.version),
            "Giaoviec-Position": str(dry_run.position),
        }
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, headers=headers, media_type="application/json")

    def _reply(self, scope: Scope, ledger: str, outcome: Outcome) -> Response:
        verb, first = self.verb, outcome.position - len(outcome.types) + 1
        headers = {
            "ETag": entity_tags.of_version(outcome.version),
            "Giaoviec-Position": str(outcome.position),
        }
        ids = verb.ids_of(outcome.subject)
        if verb.new_id_name is not None and outcome.created is not None:
            ids[verb.new_id_name] = _id(outcome.created)
            path = f"/v1/{ledger}/{verb.subject}s/{ids[verb.new_id_name]}"
            headers["Location"] = address(scope, path)
        if outcome.replayed:
            headers["Idempotency-Replayed"] = "true"
        body = {
            "ledger": ledger,
            **ids,
            "position": outcome.position,
            "events": [
                {"position": first + index, "type": name}
                for index, name in enumerate(outcome.types)
            ],
            "unchanged": not outcome.types,
            "effective_on": outcome.effective_on.isoformat(),
            "recorded_at": outcome.recorded_at and instant(outcome.recorded_at),
        }
        return Response(json.dumps(body), verb.status, headers, "application/json")


def routes(*tables: tuple[Verb, ...]) -> list[Route]:
    """What serves the verbs.

    A verb that creates takes every method of its path, to answer 405 itself: `/tasks/register`
    must not be read as the task named `register`.
    """
    endpoints = [VerbEndpoint(verb) for table in tables for verb in table]
    return [
        Route(endpoint.path, endpoint, methods=None if endpoint.verb.creates else ["POST"])
        for endpoint in endpoints
    ]


def _id(tag: str) -> str:
    return tag.partition(":")[2]


def _is_dry_run(scope: Scope) -> bool:
    """Whether the request is a dry run.

    Raises:
        NotValid: it is not clear. A slip in the address must not turn a dry run into the real one.
    """
    query: bytes = scope["query_string"]
    if not query:
        return False
    parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    slips = [
        Fault("parameter", name, "extra_forbidden", "Extra inputs are not permitted", {})
        for name, _ in parameters
        if name != "dry_run"
    ]
    values = {value for name, value in parameters if name == "dry_run"}
    if not values <= {"true", "false"} or len(values) > 1:
        english = "Input should be true or false, once"
        slips.append(Fault("parameter", "dry_run", "bool_parsing", english, {}))
    if slips:
        raise faults.NotValid(slips)
    return values == {"true"}


def _ids(path_params: Mapping[str, str]) -> dict[str, str]:
    slips = [
        _mismatch("parameter", name, ID_PATTERN)
        for name, value in path_params.items()
        if ID.fullmatch(value) is None
    ]
    if slips:
        raise faults.NotValid(slips)
    return dict(path_params)


def _demands(scope: Scope) -> tuple[str | None, frozenset[str] | None]:
    """The idempotency key, and the entity tags of If-Match, if sent.

    Raises:
        NotValid: either is malformed.
    """
    key = entity_tags.field(scope["headers"], b"idempotency-key")
    if key is not None and KEY.fullmatch(key) is None:
        raise faults.NotValid([_mismatch("header", "Idempotency-Key", KEY_PATTERN)])
    tags = entity_tags.field(scope["headers"], b"if-match")
    try:
        return key, None if tags is None else entity_tags.listed(tags)
    except entity_tags.NoTags:
        pattern = entity_tags.LIST_PATTERN
        raise faults.NotValid([_mismatch("header", "If-Match", pattern)]) from None


def _mismatch(where: Where, at: str, pattern: str) -> Fault:
    english = f"String should match pattern '{pattern}'"
    return Fault(where, at, "string_pattern_mismatch", english, {"pattern": pattern})


def _digest(path: str, document: object, if_match: frozenset[str] | None) -> bytes:
    """The same for the same request, however its JSON is spaced and ordered."""
    request = ["POST", path, document, sorted(if_match) if if_match else None]
    return sha256(json.dumps(request, sort_keys=True).encode()).digest()
