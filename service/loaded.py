"""Loaded: a command that has folded the timeline of its day, and what it is to record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from domain.access.judgement import Judgement
from domain.kernel import Command, Context, Event
from domain.record.annulment import Named, annulment
from domain.record.periods import adjustments
from service.entity_tags import names_version, of_version, strong
from service.read_set import ReadSet
from service.requests import CommandRequest, VersionStale, VersionWeak


@dataclass(slots=True)
class Loaded:
    """A command that has folded the timeline of its day.

    Attributes:
        seen: of the log.
        judgement: whether the caller may.
        named: what is annulled.
        adjusted: the closed periods that are adjusted: the last day closed, by body.
    """

    command: Command[Any]
    seen: ReadSet
    judgement: Judgement
    named: Sequence[Named] = ()
    adjusted: Mapping[str, date] = field(default_factory=dict)

    @property
    def happens(self) -> list[Event]:
        """What the command records beside the annulment."""
        return [tagged.decision for tagged in self.command.new_decisions]


def builder(request: CommandRequest, context: Context) -> Callable[[], Command[Any]]:
    """Makes the command, which has folded nothing yet."""
    # The constructors of commands differ in their last parameter, the id in the path.
    command_class: Callable[..., Command[Any]] = request.command
    return partial(command_class, context, request.params, **request.ids)


def recording(request: CommandRequest, loaded: Loaded) -> list[Event]:
    """What is recorded: the annulment, right after it what happens, and what it adjusts."""
    context, recording = loaded.command.context, loaded.happens
    if request.annuls is not None:
        _, reason = request.annuls
        recorded = loaded.seen.events
        annulled = annulment(context, loaded.named, reason, recording, recorded)
        recording = [annulled, *recording]
    return [*recording, *adjustments(context, loaded.adjusted, recording)]


async def require_version(request: CommandRequest, loaded: Loaded) -> None:
    if request.if_match is None:
        return
    version = await loaded.seen.version(request.subject)
    if any(names_version(tag, version) for tag in request.if_match):
        return
    if "*" in request.if_match and version:
        return
    for tag in sorted(request.if_match):
        if names_version(strong(tag), version):
            raise VersionWeak(current=strong(tag), sent=tag)
    raise VersionStale(current=of_version(version))
