"""A cohort as the service looks it up: from a history, without a log."""

from collections.abc import Iterable, Sequence

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cohort import OF_TASKS, Cohort, Units
from domain.appraisal.derivation import Question
from domain.kernel import Event, matches
from domain.regulations.vocabulary_1.evidence import Evidence
from domain.timeline import EventsAnnulled


def selected(selectors: Iterable[Selector], history: Sequence[Event]) -> dict[int, Event]:
    """What the log gives for these: whatever they select, what annuls such events too."""
    wider = [
        Selector(types=[*one.types, EventsAnnulled], tags=one.tags) if one.tags else one
        for one in selectors
    ]
    return {at: one for at, one in enumerate(history, 1) if matches(wider, one)}


def together(
    history: Sequence[Event],
    questions: Sequence[Question],
    units: Units | None = None,
    *,
    members: bool = False,
) -> dict[str, Evidence]:
    """What is known of these, looked up for all."""
    cohort = Cohort(questions, units, members=members)
    while unseen := cohort.unseen():
        found = selected(unseen, history)
        cohort.take({at: one for at, one in found.items() if one.TYPE not in OF_TASKS})
        cohort.take_of_tasks(
            (at, one.TYPE, one.model_dump(mode="json"))
            for at, one in found.items()
            if one.TYPE in OF_TASKS
        )
    return dict(cohort.evidence())
