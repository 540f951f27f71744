"""Error texts: what a log line tells of an error: its kind, where it was, and no data in its text.

What stands in quotes, in brackets or after the first line of such a text may be what somebody sent,
or what the database holds.
"""

import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, TypeAlias

import structlog

Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

LONGEST = 300
HIDDEN = "'…'"
_DATA = re.compile(
    r"""(?<!\w)(?:
        '(?:\\.|[^'\\])*(?:'|$) | "(?:\\.|[^"\\])*(?:"|$) | “[^”]*(?:”|$)
        | \[.*(?:\]|$) | \{.*(?:\}|$)
        | (?<=query\ argument\ \$\d:\ ).* | (?<=query\ argument\ \$\d\d:\ ).*
    )""",
    re.VERBOSE,
)
# Local variables are never shown: they may be tokens and personal data.
_STACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def without_data(text: str) -> str:
    """The first line of an error's text, without what may be data in it."""
    first, *_ = text.splitlines() or [""]
    return _DATA.sub(HIDDEN, first)[:LONGEST]


def stacks(exc_info: Raised) -> list[dict[str, Any]]:
    """The error and those behind it: kind, text without data, and the lines where it was."""
    return [_told(stack) for stack in _STACKS(exc_info)]


def written(found: Sequence[Mapping[str, Any]]) -> str:
    """The same for people, what was first on top."""
    lines: list[str] = []
    for stack in reversed(found):
        lines += [f"  {one['filename']}:{one['lineno']} {one['name']}" for one in stack["frames"]]
        lines.append(f"{stack['exc_type']}: {stack['exc_value']}")
        for within in stack.get("exceptions", ()):
            lines.append(written(within))
    return "\n".join(lines)


def _told(stack: Mapping[str, Any]) -> dict[str, Any]:
    within = [[_told(one) for one in group] for group in stack.get("exceptions", ())]
    return {
        **stack,
        "exc_value": without_data(stack["exc_value"]),
        "exc_notes": [],
        "syntax_error": None,
        "exceptions": within,
    }
