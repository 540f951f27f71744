"""Regulations over HTTP: a file is checked, and adopted by a body as the next revision."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import StrictStr
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from domain.regulations.files.checking import Checked
from domain.regulations.policies import checked
from domain.regulations.policy_adoption import AdoptPolicy
from domain.regulations.vocabulary_1.policy import Policy
from domain.values import Value
from service.components import Service
from service.http import bodies
from service.http.access import OF_A_LEDGER, Reader
from service.http.commands import BODY_REFUSALS, Verb
from service.http.dispatch import Read
from service.http.problems import declared, of_other_methods
from service.language import Language, language_of
from service.regulation_files import (
    FileFault,
    RuleDifference,
    RuleSentence,
    differences_of,
    faults_of,
    rules_of,
)

REGULATION_VERBS = (Verb("/regulations/{regulation_id}/adopt", AdoptPolicy, "regulation"),)

router = APIRouter(tags=["regulations"])


class RegulationDraft(Value):
    """A regulation's file, and one that it is compared with, if any."""

    source: StrictStr
    compared_with: StrictStr | None = None


class RegulationChecked(Value):
    """What is told of a file; nothing of it is recorded.

    A file with a fault has no rules and is not compared; nor is it with another that has one.
    """

    adoptable: bool
    faults: list[FileFault]
    rules: list[RuleSentence]
    differences: list[RuleDifference]


async def draft(request: Request) -> RegulationDraft:
    """Parse the files from the body."""
    service: Service = request.app.state.service
    body = await bodies.read(request.scope, request.receive, service.settings.body_limit_bytes)
    return bodies.parse(RegulationDraft, body)[0]


@router.post(
    "/v1/{ledger}/regulations/check",  # noqa: FAST003  whoever may read is asked of the ledger
    operation_id="check_regulation",
    responses=declared(*OF_A_LEDGER, *BODY_REFUSALS),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/RegulationDraft"},
                    "example": {"source": "regulation: mau-01\ncommunes_per_official: 1\n"},
                }
            },
        }
    },
)
async def check_regulation(
    request: Request, _: Reader, files: Annotated[RegulationDraft, Depends(draft)]
) -> RegulationChecked:
    """Check a regulation's file, explain its rules, and compare it; nothing is recorded."""
    return await asyncio.to_thread(_checked, files, language_of(request.scope))


class _OtherMethods:
    """Answers the other methods of what is posted: it is not the regulation named `check`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await of_other_methods(scope, ["POST"])(scope, receive, send)


POSTED = ("/v1/{ledger}/regulations/check", "/v1/{ledger}/regulations/try")
router.routes.extend(Route(path, _OtherMethods(), include_in_schema=False) for path in POSTED)
# Reads are looked up before the other routes.
NOT_READ = [
    Read(path, _OtherMethods(), methods=["GET"], include_in_schema=False) for path in POSTED
]


def _checked(files: RegulationDraft, language: Language) -> RegulationChecked:
    found = checked(files.source)
    other: Checked[Policy] | None = None
    if files.compared_with is not None:
        other = checked(files.compared_with)
    return RegulationChecked(
        adoptable=found.policy is not None,
        faults=faults_of(found, language),
        rules=rules_of(found),
        differences=[] if other is None else differences_of(other, found),
    )
