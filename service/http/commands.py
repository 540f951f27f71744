"""Commands over HTTP: a verb of the domain is one line in a table; this serves and describes it.

Served as bare ASGI rather than through FastAPI's parameter machinery, which costs more than the
decision itself; FastAPI describes the same verbs in the OpenAPI document.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any

from fastapi import Header, Path
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uuid_utils.compat import uuid7

from domain.kernel import Command, EffectiveInTheFuture, Refusal
from domain.values import ID_PATTERN
from service.access.roles import Permission
from service.handle import Contended, Order, Outcome, VersionStale
from service.http import bodies
from service.http.access import OF_A_LEDGER, Credentials, LedgerName, authenticated
from service.http.faults import (
    BodyMissing,
    BodyNotJson,
    BodyNotUnicode,
    BodyTooDeep,
    BodyTooLarge,
    Fault,
    KeyUsedOtherwise,
    LogFull,
    MediaTypeUnsupported,
    MethodNotAllowed,
    NameRepeated,
    NotValid,
    NumberInexact,
    OutcomeLost,
    Where,
)
from service.http.problems import declared, response
from service.log.events import Idempotency
from service.log.sealing import PersonErased
from service.parts import Service

KEY_PATTERN = r"^[!-~]{1,255}$"
IF_MATCH_PATTERN = r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'
ID = re.compile(ID_PATTERN)
KEY = re.compile(KEY_PATTERN)
IF_MATCH = re.compile(IF_MATCH_PATTERN)

BODY_REFUSALS: tuple[type[Refusal], ...] = (
    BodyMissing,
    BodyNotJson,
    BodyNotUnicode,
    BodyTooDeep,
    NameRepeated,
    NumberInexact,
    BodyTooLarge,
    MediaTypeUnsupported,
)
EVERY_VERB: tuple[type[Refusal], ...] = (
    *OF_A_LEDGER,
    *BODY_REFUSALS,
    EffectiveInTheFuture,
    KeyUsedOtherwise,
    Contended,
    VersionStale,
    PersonErased,
    LogFull,
    OutcomeLost,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A command and where it is served, below `/v1/{ledger}`.

    Attributes:
        path: names the subject as `{SUBJECT_id}`, unless the command creates it.
        command: the domain's class.
        subject: the kind of object the command is about, which is its tag's prefix.
        permission: what the caller's role must hold.
    """

    path: str
    command: type[Command[Any]]
    subject: str
    permission: Permission

    @property
    def id_name(self) -> str:
        return f"{self.subject}_id"

    @property
    def creates(self) -> bool:
        return f"{{{self.id_name}}}" not in self.path

    @property
    def status(self) -> int:
        return 201 if self.creates else 200

    @property
    def refusals(self) -> tuple[type[Refusal], ...]:
        return (*EVERY_VERB, *self.command.REFUSALS)


class Happened(BaseModel):
    """One event that the command led to."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[int, Field(ge=1, description="Its number in the ledger.")]
    type: Annotated[str, Field(description="Such as `task.handed_over`.")]


class CommandReply(BaseModel):
    """What a command led to. The object's own id stands beside, as `task_id` and the like."""

    model_config = ConfigDict(extra="allow")

    ledger: str
    position: Annotated[
        int, Field(ge=0, description="Of the last event: the object's version. See `min_position`.")
    ]
    events: list[Happened]
    unchanged: Annotated[bool, Field(description="Nothing was to do; nothing was recorded.")]
    effective_on: date
    recorded_at: datetime | None


class VerbEndpoint:
    """Serves one verb: parse, one call, respond."""

    def __init__(self, verb: Verb) -> None:
        self.verb = verb
        self.path = f"/v1/{{ledger}}{verb.path}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self
        if scope["method"] != "POST":
            refusal = MethodNotAllowed(method=scope["method"])
            await response(refusal, scope, {"Allow": "POST"})(scope, receive, send)
            return
        service: Service = scope["app"].state.service
        order = await self._order(service, scope, receive)
        outcome = await service.commands.handle(order)
        await self._reply(order.ledger, outcome)(scope, receive, send)

    async def _order(self, service: Service, scope: Scope, receive: Receive) -> Order:
        """What is asked, by whom.

        Raises:
            Refusal: of the caller, the address, the headers or the body.
        """
        verb = self.verb
        principal = await authenticated(scope, service.tokens)
        ids = _ids(scope["path_params"])
        ledger = ids.pop("ledger")
        principal.require(verb.permission, ledger)
        key, if_match = _demands(scope)
        body = await bodies.read(scope, receive, service.settings.body_limit_bytes)
        said, document = bodies.parse(verb.command.PARAMETERS, body)
        if verb.creates:
            ids[verb.id_name] = getattr(said, verb.id_name) or str(uuid7())
        idempotency = None
        if key is not None:
            digest = _digest(scope["path"], document, if_match)
            idempotency = Idempotency(principal.token_id, key, digest)
        return Order(
            ledger=ledger,
            command=verb.command,
            said=said,
            ids=ids,
            subject=f"{verb.subject}:{ids[verb.id_name]}",
            actor=principal.actor,
            correlation_id=scope["correlation_id"],
            idempotency=idempotency,
            if_match=if_match,
        )

    def _reply(self, ledger: str, outcome: Outcome) -> Response:
        verb, first = self.verb, outcome.position - len(outcome.types) + 1
        subject_id = outcome.subject.partition(":")[2]
        headers = {
            "ETag": f'"{outcome.position}"',
            "Giaoviec-Position": str(outcome.position),
        }
        if verb.creates:
            headers["Location"] = f"/v1/{ledger}/{verb.subject}s/{subject_id}"
        if outcome.replayed:
            headers["Idempotency-Replayed"] = "true"
        body = {
            "ledger": ledger,
            verb.id_name: subject_id,
            "position": outcome.position,
            "events": [
                {"position": first + index, "type": name}
                for index, name in enumerate(outcome.types)
            ],
            "unchanged": not outcome.types,
            "effective_on": outcome.effective_on.isoformat(),
            "recorded_at": outcome.recorded_at and _instant(outcome.recorded_at),
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


def described(*tables: tuple[Verb, ...]) -> list[APIRoute]:
    """The same verbs as FastAPI describes them; never served."""
    return [_described(verb) for table in tables for verb in table]


def _described(verb: Verb) -> APIRoute:
    async def endpoint() -> None:
        raise NotImplementedError

    name = verb.path.rpartition("/")[2].replace("-", "_")
    parameters = {
        "ledger": LedgerName,
        **({} if verb.creates else {verb.id_name: Annotated[str, Path(pattern=ID_PATTERN)]}),
        "idempotency_key": Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                pattern=KEY_PATTERN,
                description="Makes a retry safe: the same key and request are carried out once, "
                "and the first reply is given again. Kept for ever, per token.",
            ),
        ],
        "if_match": Annotated[
            str | None,
            Header(
                alias="If-Match",
                pattern=IF_MATCH_PATTERN,
                description="The object's version you know, as its ETag; refused if it moved on.",
            ),
        ],
        "credentials": Credentials,
        "said": verb.command.PARAMETERS,
    }
    optional = {"idempotency_key", "if_match"}
    signature = Signature(
        [
            Parameter(
                parameter,
                Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=None if parameter in optional else Parameter.empty,
            )
            for parameter, annotation in parameters.items()
        ]
    )
    endpoint.__signature__ = signature  # type: ignore[attr-defined]  # inspect honours it
    summary, _, rest = cleandoc(verb.command.__doc__ or "").partition("\n")
    return APIRoute(
        f"/v1/{{ledger}}{verb.path}",
        endpoint,
        methods=["POST"],
        name=name,
        operation_id=f"{name}_{verb.subject}",
        status_code=verb.status,
        summary=summary,
        description=rest.strip() or summary,
        tags=[f"{verb.subject}s"],
        response_model=CommandReply,
        responses={
            verb.status: {"description": "Done.", "headers": _reply_headers(creates=verb.creates)},
            **declared(*verb.refusals),
        },
    )


def _reply_headers(*, creates: bool) -> Mapping[str, Any]:
    texts = {
        "ETag": "The object's version, for If-Match.",
        "Giaoviec-Position": "The position of the last event, for min_position.",
        **({"Location": "The object created."} if creates else {}),
    }
    return {
        name: {"description": text, "schema": {"type": "string"}, "required": True}
        for name, text in texts.items()
    } | {
        "Idempotency-Replayed": {
            "description": "`true` if this is the stored reply to an earlier request.",
            "schema": {"type": "string", "enum": ["true"]},
        }
    }


def _ids(path_params: Mapping[str, str]) -> dict[str, str]:
    faults = [
        _mismatch("parameter", name, ID_PATTERN)
        for name, value in path_params.items()
        if ID.fullmatch(value) is None
    ]
    if faults:
        raise NotValid(faults)
    return dict(path_params)


def _demands(scope: Scope) -> tuple[str | None, frozenset[str] | None]:
    """The idempotency key, and the entity tags of If-Match, if sent.

    Raises:
        NotValid: either is malformed.
    """
    key = tags = None
    for name, value in scope["headers"]:
        if name == b"idempotency-key":
            key = value.decode("latin-1")
            if KEY.fullmatch(key) is None:
                raise NotValid([_mismatch("header", "Idempotency-Key", KEY_PATTERN)])
        elif name == b"if-match":
            text = value.decode("latin-1")
            if IF_MATCH.fullmatch(text) is None:
                raise NotValid([_mismatch("header", "If-Match", IF_MATCH_PATTERN)])
            tags = frozenset(tag.strip() for tag in text.split(","))
    return key, tags


def _mismatch(where: Where, at: str, pattern: str) -> Fault:
    english = f"String should match pattern '{pattern}'"
    return Fault(where, at, "string_pattern_mismatch", english, {"pattern": pattern})


def _digest(path: str, document: object, if_match: frozenset[str] | None) -> bytes:
    """The same for the same request, however its JSON is spaced and ordered."""
    request = ["POST", path, document, sorted(if_match) if if_match else None]
    return sha256(json.dumps(request, sort_keys=True).encode()).digest()


def _instant(moment: datetime) -> str:
    """RFC 3339, in UTC."""
    return moment.isoformat().replace("+00:00", "Z")
