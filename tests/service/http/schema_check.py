"""A check for Schemathesis: only a rule of the field refuses what follows the description.

What the description allows may still contradict itself or a rule, such as a deadline before the
assignment. Each such rule has a problem type of its own, which the operation lists.
`/problems/not-valid` is for what does not follow the description, and never answers what does.
"""

import re
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.generation.meta import TestPhase

from service.entity_tags import LIST_PATTERN

# The generator takes `If-Match: 0` for valid, whatever the pattern says.
MISTAKEN = "If-Match"


@schemathesis.check
def refused_by_rule(_: CheckContext, response: Response, case: Case[Any]) -> None:
    if response.status_code != 422 or case.meta is None:  # no case of the generator
        return
    if (
        case.meta.phase.name is TestPhase.STATEFUL
    ):  # what one answer says goes into the next request
        return
    if case.meta.generation.mode.is_positive:
        problem = response.json()
        found = problem.get("errors", [])
        if not re.search(LIST_PATTERN, str(case.headers.get(MISTAKEN, "*"))):
            found = [fault for fault in found if fault.get("header") != MISTAKEN]
        assert problem["type"] != "/problems/not-valid" or not found, found
