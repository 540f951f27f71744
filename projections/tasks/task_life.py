"""A task's life: its own events up to a day, in their order, as they read once put right."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from domain.kernel import Event
from domain.tasks import changes
from domain.tasks.task import Task, TaskStateEvent, Unregistered, evolve
from domain.timeline import moment
from projections.folding import Folding
from projections.projection import Projection, R, RecordedEvent
from projections.put_right import PutRight
from projections.tasks.dossier_sections import Recorded

Known: TypeAlias = Recorded[Any]

CORRECTABLE = {*changes.CorrectedReport.model_fields, *changes.CorrectedClaim.model_fields}


class Life:
    """The task's timeline up to the day, and the events of any kinds in it.

    `lines` holds the annulled events too, where they would stand.
    """

    def __init__(self, recorded: Sequence[Known], put_right: PutRight, as_of: date) -> None:
        noted = put_right.annulments
        self.lines = sorted(
            (one for one in recorded if one.event.effective_on <= as_of),
            key=lambda one: moment(one.event, noted, one.position),
        )
        self.recorded = [one for one in self.lines if one.position not in noted]
        self.corrections = self.of(changes.TaskCorrected)
        self.put_right = put_right

    @property
    def position(self) -> int:
        """Of the last event in it, or of what annulled or replaced one."""
        return max(
            *(one.position for one in self.recorded),
            *(self.put_right.last_change(one.position) for one in self.lines),
        )

    def of(self, *kinds: type[Event]) -> list[Known]:
        return [one for one in self.recorded if isinstance(one.event, kinds)]

    def corrections_of(self, one: Known) -> list[Known]:
        return [made for made in self.corrections if made.event.sequence == one.sequence]

    def reading(self, one: Known) -> dict[str, Any]:
        """The fields of a report or a claim that may be corrected, as they read."""
        names = CORRECTABLE & type(one.event).model_fields.keys()
        reading = {name: getattr(one.event, name) for name in names}
        for correction in self.corrections_of(one):
            given = {name: getattr(correction.event.reading, name, None) for name in names}
            reading.update({name: value for name, value in given.items() if value is not None})
        return reading

    def task(self) -> Task:
        task: Task = Unregistered()
        for one in self.recorded:
            if isinstance(one.event, TaskStateEvent):
                task = evolve(task, one.event)
        return task

    def rows(self, projection: Projection[R]) -> list[R]:
        """The rows that these events make in a read model."""
        folding = Folding(projection, {})
        folding.fold(
            RecordedEvent(one.position, one.type, one.event.model_dump(mode="json"))
            for one in self.recorded
            if one.type in projection.folds
        )
        return folding.changed()
