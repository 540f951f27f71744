"""Search index: the words by which tasks, units and posts are found.

A row holds what a thing is called, whatever was said of it, and the words of both as a `tsvector`
that is made here: PostgreSQL's own parser would read `30-QĐ/TU` as a path, and has no Vietnamese.
Names of officials are not here: they are sealed in the log, and nothing keeps them in clear.
"""

from collections.abc import Iterable
from typing import Any, TypedDict, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from domain.catalogue import EVENT_TYPES
from domain.organisation import events as organisation
from domain.tasks import changes
from domain.tasks import events as tasks
from projections.projection import (
    Fold,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    text_id,
)
from projections.search.vietnamese import words
from projections.task_events import (
    CorrectedData,
    PlanData,
    ProposalData,
    ProposedData,
    TitledData,
    new_lead,
)

# A tsvector holds 1 MiB and numbers its words up to 16,383; what follows is not found.
MOST_BYTES = 600_000
MOST_WORDS = 16_000
BYTES_PER_PLACE = 8
LONGEST_ROW_BYTES = 8160
# A word with its marks stands beside the same without them, and those of a title a second time: by
# these they are told apart. (The index does not hold the weights a tsvector has for titles.)
SPELLED = "="
OF_TITLE = "^"


def vector(title: str, said: Iterable[str] = ()) -> str:
    """The text form of the `tsvector` of a title and of what else is said.

    No phrase reaches from one line into the next.
    """
    places: dict[str, list[str]] = {}
    place = size = 0
    for number, line in enumerate((title, *said)):
        for word in words(line):
            place += 1
            found = lexemes(*word)
            if number == 0:
                found += tuple(OF_TITLE + lexeme for lexeme in found)
            for lexeme in found:
                places.setdefault(lexeme, []).append(str(place))
                size += len(lexeme.encode()) + BYTES_PER_PLACE
            if size > MOST_BYTES or place >= MOST_WORDS:
                return _written(places)
        place += 1
    return _written(places)


def lexemes(folded: str, spelled: str) -> tuple[str, ...]:
    """What stands in the index for a word."""
    return (folded, SPELLED + spelled) if spelled else (folded,)


def _written(places: dict[str, list[str]]) -> str:
    """Words hold letters, digits and marks only: nothing in them needs an escape."""
    return " ".join(f"'{lexeme}':{','.join(found)}" for lexeme, found in places.items())


def found_by(name: str, key: str, *columns: Column[Any]) -> Table:
    """A table of things of one kind; those that have ended come last."""
    table = read_table(
        name,
        text_id(key),
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("ended", Boolean, nullable=False),
        Column("title", Text, nullable=False),
        Column("said", ARRAY(Text), nullable=False),
        *columns,
        Column("words", TSVECTOR, nullable=False),
    )
    Index(f"{name}_order", table.c.ledger, table.c.ended, table.c[key])
    index_words(table)
    return table


def index_words(table: Table) -> None:
    """Without a list of pending entries, which every search would have to read through.

    Words stay in their row: phrases are checked there, and unpacking them would cost most.
    """
    table.kwargs["postgresql_with"] = {"toast_tuple_target": LONGEST_ROW_BYTES}
    Index(
        f"{table.name}_words",
        table.c.words,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


class UnitData(TypedDict):
    """A unit, and what it is called."""

    unit_id: str
    name: str


class PostData(TypedDict):
    """A post, and what it is called."""

    post_id: str
    unit_id: str
    title: str


class FoundRow(Version):
    """What is found: by its title, and by what else was said of it."""

    ended: bool
    title: str
    said: list[str]
    words: str


class TaskFound(FoundRow):
    """A task that can be found."""

    task_id: str
    unit_id: str


class UnitFound(FoundRow):
    """A unit that can be found."""

    unit_id: str


class PostFound(FoundRow):
    """A post that can be found."""

    post_id: str
    unit_id: str


F = TypeVar("F", bound=FoundRow)


def entered(event: RecordedEvent, title: str, said: Iterable[str] = ()) -> FoundRow:
    """What every row begins with."""
    lines = list(dict.fromkeys(said))
    return {
        **opened(event),
        "ended": False,
        "title": title,
        "said": lines,
        "words": vector(title, lines),
    }


def changed(row: F | None, event: RecordedEvent) -> F:
    """A new row of the same thing: there is one of it, for now."""
    later = require_open_row(row, event).copy()
    later["position"] = event.position
    return later


def reworded(row: F, event: RecordedEvent, title: str, said: list[str]) -> Rows[F]:
    """The same thing, by other words."""
    later = changed(row, event)
    later["title"], later["said"], later["words"] = title, said, vector(title, said)
    return (later,)


def ended(row: F | None, event: RecordedEvent) -> Rows[F]:
    later = changed(row, event)
    later["ended"] = True
    return (later,)


TASKS_TABLE = found_by("search_tasks", "task_id", text_id("unit_id"))
UNITS_TABLE = found_by("search_units", "unit_id")
POSTS_TABLE = found_by("search_posts", "post_id", text_id("unit_id"))


def proposed(_: TaskFound | None, event: RecordedEvent[ProposedData]) -> Rows[TaskFound]:
    data, proposal = event.data, event.data["proposal"]
    row = entered(event, proposal["title"], _of_proposal(proposal))
    return ({"task_id": data["task_id"], "unit_id": data["unit_id"], **row},)


def _of_proposal(proposal: ProposalData) -> list[str]:
    return [
        proposal["goal"],
        *(indicator["name"] for indicator in proposal["indicators"]),
        *(step["title"] for step in proposal["roadmap"]),
    ]


def said_further(
    row: TaskFound, event: RecordedEvent, lines: Iterable[str], title: str
) -> Rows[TaskFound]:
    """A task is found by all that was ever said of it, former titles among it."""
    before = [] if title == row["title"] else [row["title"]]
    said = list(dict.fromkeys([*row["said"], *before, *lines]))
    if title == row["title"] and said == row["said"]:
        return ()
    return reworded(row, event, title, said)


def amended(task: TaskFound | None, event: RecordedEvent[ProposedData]) -> Rows[TaskFound]:
    row, proposal = require_open_row(task, event), event.data["proposal"]
    return said_further(row, event, _of_proposal(proposal), proposal["title"])


def corrected(task: TaskFound | None, event: RecordedEvent[CorrectedData]) -> Rows[TaskFound]:
    row, reading = require_open_row(task, event), event.data["reading"]
    title = reading.get("title") if reading["kind"] == "proposal" else None
    return said_further(row, event, (), title or row["title"])


def planned(task: TaskFound | None, event: RecordedEvent[PlanData]) -> Rows[TaskFound]:
    row = require_open_row(task, event)
    steps = [step["title"] for step in event.data["steps"]]
    return said_further(row, event, steps, row["title"])


def titled(task: TaskFound | None, event: RecordedEvent[TitledData]) -> Rows[TaskFound]:
    """A part, a solution or an effect, by its title."""
    row = require_open_row(task, event)
    return said_further(row, event, [event.data["title"]], row["title"])


def led(task: TaskFound | None, event: RecordedEvent) -> Rows[TaskFound]:
    """The task is where whoever leads it is."""
    row, unit_id = require_open_row(task, event), new_lead(event).unit_id
    return () if unit_id == row["unit_id"] else ({**changed(row, event), "unit_id": unit_id},)


def unit_established(_: UnitFound | None, event: RecordedEvent[UnitData]) -> Rows[UnitFound]:
    return ({"unit_id": event.data["unit_id"], **entered(event, event.data["name"])},)


def renamed(unit: UnitFound | None, event: RecordedEvent[UnitData]) -> Rows[UnitFound]:
    """A unit is found by its former names, too."""
    row, title = require_open_row(unit, event), event.data["name"]
    said = [name for name in dict.fromkeys([*row["said"], row["title"]]) if name != title]
    return reworded(row, event, title, said)


def post_created(_: PostFound | None, event: RecordedEvent[PostData]) -> Rows[PostFound]:
    data = event.data
    row = entered(event, data["title"])
    return ({"post_id": data["post_id"], "unit_id": data["unit_id"], **row},)


# What hangs on a task and has a title is among what was said of it.
TITLED = [
    name
    for name, event in EVENT_TYPES.items()
    if issubclass(event, tasks.TaskEvent) and "title" in event.model_fields
]

TASK_FOLDS: dict[str, Fold[TaskFound]] = {
    **dict.fromkeys(TITLED, titled),
    tasks.TaskRegistered.TYPE: proposed,
    tasks.TaskCommissioned.TYPE: proposed,
    changes.TaskContinued.TYPE: proposed,
    changes.TaskAmended.TYPE: amended,
    changes.TaskCorrected.TYPE: corrected,
    tasks.PlanSubmitted.TYPE: planned,
    tasks.TaskAssigned.TYPE: led,
    tasks.TaskTransferred.TYPE: led,
    changes.VacancyFilled.TYPE: led,
    tasks.TaskRejected.TYPE: ended,
    tasks.TaskCancelled.TYPE: ended,
    tasks.CompletionConfirmed.TYPE: ended,
    changes.TaskCarriedOver.TYPE: ended,
}

SEARCH_TASKS = Projection(
    version=1,
    table=TASKS_TABLE,
    row=TaskFound,
    key=("task_id",),
    since="valid_from",
    until="valid_to",
    folds=TASK_FOLDS,
)
SEARCH_UNITS = Projection(
    version=2,
    table=UNITS_TABLE,
    row=UnitFound,
    key=("unit_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.UnitEstablished.TYPE: unit_established,
        organisation.UnitRenamed.TYPE: renamed,
        organisation.UnitClosed.TYPE: ended,
        organisation.UnitMerged.TYPE: ended,
        organisation.UnitSplit.TYPE: ended,
    },
)
SEARCH_POSTS = Projection(
    version=1,
    table=POSTS_TABLE,
    row=PostFound,
    key=("post_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.PostCreated.TYPE: post_created,
        organisation.PostAbolished.TYPE: ended,
    },
)
