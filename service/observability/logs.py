"""Log lines: structured, as JSON for machines or as coloured columns for people."""

import logging
import sys
from typing import Literal, TextIO

import structlog

from service import error_texts
from service.terminal import harmless


def configure(level: str, form: Literal["json", "console"]) -> None:
    """Write log lines of at least `level` to standard error, those of libraries included."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    finish = [*_CONSOLE] if form == "console" else [*_JSON]
    structlog.configure(
        processors=[*shared, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _harmless_values(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Escape what a terminal would obey, and what would begin a line; JSON escapes it anyway."""
    return {
        name: harmless(value).replace("\n", "\\n") if isinstance(value, str) else value
        for name, value in event.items()
    }


def _harmless_traceback(written: TextIO, failure: structlog.typing.ExcInfo) -> None:
    written.write(f"\n{harmless(error_texts.written(error_texts.stacks(failure)))}")


_CONSOLE: list[structlog.typing.Processor] = [
    _harmless_values,
    structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=_harmless_traceback
    ),
]
_JSON: list[structlog.typing.Processor] = [
    structlog.processors.ExceptionRenderer(error_texts.stacks),
    structlog.processors.JSONRenderer(),
]
