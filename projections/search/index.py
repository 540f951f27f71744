"""Search index: the words by which tasks, units and posts are found.

A row holds what a thing is called, every other text about it, and the words of both as a `tsvector`
that is made here: PostgreSQL's own parser would read `30-QĐ/TU` as a path, and has no Vietnamese.
Nothing is searched as of a past day, so a thing has one row; it has another from the day of what
was recorded ahead, and the first holds until then.
Names of officials are not here: they are sealed in the log, and nothing keeps them in clear.
"""

from collections.abc import Iterable
from typing import Annotated, TypedDict, TypeVar

from sqlalchemy import Index, Table
from sqlalchemy.dialects.postgresql import TSVECTOR

from domain.catalogue import EVENT_TYPES
from domain.organisation import events as organisation
from domain.tasks import changes
from domain.tasks import events as tasks
from projections.projection import (
    Fold,
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    superseded,
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


def vector(title: str, texts: Iterable[str] = ()) -> str:
    """The text form of the `tsvector` of a title and of other texts.

    No phrase reaches from one line into the next.
    """
    places: dict[str, list[str]] = {}
    place = size = 0
    for number, line in enumerate((title, *texts)):
        for word in words(line):
            place += 1
            word_lexemes = lexemes(*word)
            if number == 0:
                word_lexemes += tuple(OF_TITLE + lexeme for lexeme in word_lexemes)
            for lexeme in word_lexemes:
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
    return " ".join(f"'{lexeme}':{','.join(numbers)}" for lexeme, numbers in places.items())


class SearchRow(Version):
    """What a search finds: by its title, and by the other texts about it."""

    ended: bool
    title: str
    texts: list[str]
    words: Annotated[str, TSVECTOR()]


class SearchTask(SearchRow):
    """A task that a search finds."""

    task_id: Name
    unit_id: Name


class SearchUnit(SearchRow):
    """A unit that a search finds."""

    unit_id: Name


class SearchPost(SearchRow):
    """A post that a search finds."""

    post_id: Name
    unit_id: Name


def search_table(name: str, row: type[SearchRow], key: str) -> Table:
    """A table of things of one kind; those that have ended come last."""
    table = read_table(name, row)
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


F = TypeVar("F", bound=SearchRow)


def entered(event: RecordedEvent, title: str, texts: Iterable[str] = ()) -> SearchRow:
    """What every row begins with."""
    lines = list(dict.fromkeys(texts))
    return {
        **opened(event),
        "ended": False,
        "title": title,
        "texts": lines,
        "words": vector(title, lines),
    }


def changed(row: F, event: RecordedEvent, later: F) -> Rows[F]:
    """The later row in place of the row, or beside it if it was recorded ahead of its day."""
    if event.ahead:
        return superseded(row, event, later)
    later["position"] = event.position
    return (later,)


def reworded(row: F, event: RecordedEvent, title: str, texts: list[str]) -> Rows[F]:
    """The same thing, by other words."""
    later = row.copy()
    later["title"], later["texts"], later["words"] = title, texts, vector(title, texts)
    return changed(row, event, later)


def ended(row: F | None, event: RecordedEvent) -> Rows[F]:
    before = require_open_row(row, event)
    later = before.copy()
    later["ended"] = True
    return changed(before, event, later)


TASKS_TABLE = search_table("search_tasks", SearchTask, "task_id")
UNITS_TABLE = search_table("search_units", SearchUnit, "unit_id")
POSTS_TABLE = search_table("search_posts", SearchPost, "post_id")


def proposed(_: SearchTask | None, event: RecordedEvent[ProposedData]) -> Rows[SearchTask]:
    data, proposal = event.data, event.data["proposal"]
    row = entered(event, proposal["title"], _of_proposal(proposal))
    return ({"task_id": data["task_id"], "unit_id": data["unit_id"], **row},)


def _of_proposal(proposal: ProposalData) -> list[str]:
    return [
        proposal["goal"],
        *(indicator["name"] for indicator in proposal["indicators"]),
        *(step["title"] for step in proposal["roadmap"]),
    ]


def with_texts(
    row: SearchTask, event: RecordedEvent, lines: Iterable[str], title: str
) -> Rows[SearchTask]:
    """A task is found by every text there ever was about it, former titles among them."""
    before = [] if title == row["title"] else [row["title"]]
    texts = list(dict.fromkeys([*row["texts"], *before, *lines]))
    if title == row["title"] and texts == row["texts"]:
        return ()
    return reworded(row, event, title, texts)


def amended(task: SearchTask | None, event: RecordedEvent[ProposedData]) -> Rows[SearchTask]:
    row, proposal = require_open_row(task, event), event.data["proposal"]
    return with_texts(row, event, _of_proposal(proposal), proposal["title"])


def corrected(task: SearchTask | None, event: RecordedEvent[CorrectedData]) -> Rows[SearchTask]:
    row, reading = require_open_row(task, event), event.data["reading"]
    title = reading.get("title") if reading["kind"] == "proposal" else None
    return with_texts(row, event, (), title or row["title"])


def planned(task: SearchTask | None, event: RecordedEvent[PlanData]) -> Rows[SearchTask]:
    row = require_open_row(task, event)
    steps = [step["title"] for step in event.data["steps"]]
    return with_texts(row, event, steps, row["title"])


def titled(task: SearchTask | None, event: RecordedEvent[TitledData]) -> Rows[SearchTask]:
    """A part, a solution or an effect, by its title."""
    row = require_open_row(task, event)
    return with_texts(row, event, [event.data["title"]], row["title"])


def led(task: SearchTask | None, event: RecordedEvent) -> Rows[SearchTask]:
    """The task is where whoever leads it is."""
    row, unit_id = require_open_row(task, event), new_lead(event).unit_id
    return () if unit_id == row["unit_id"] else changed(row, event, {**row, "unit_id": unit_id})


def unit_established(_: SearchUnit | None, event: RecordedEvent[UnitData]) -> Rows[SearchUnit]:
    return ({"unit_id": event.data["unit_id"], **entered(event, event.data["name"])},)


def renamed(unit: SearchUnit | None, event: RecordedEvent[UnitData]) -> Rows[SearchUnit]:
    """A unit is found by its former names, too."""
    row, title = require_open_row(unit, event), event.data["name"]
    texts = [name for name in dict.fromkeys([*row["texts"], row["title"]]) if name != title]
    return reworded(row, event, title, texts)


def post_created(_: SearchPost | None, event: RecordedEvent[PostData]) -> Rows[SearchPost]:
    data = event.data
    row = entered(event, data["title"])
    return ({"post_id": data["post_id"], "unit_id": data["unit_id"], **row},)


# The titles of what hangs on a task are texts about it.
TITLED = [
    name
    for name, event in EVENT_TYPES.items()
    if issubclass(event, tasks.TaskEvent) and "title" in event.model_fields
]

TASK_FOLDS: dict[str, Fold[SearchTask]] = {
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
    version=2,
    table=TASKS_TABLE,
    row=SearchTask,
    key=("task_id",),
    folds=TASK_FOLDS,
)
SEARCH_UNITS = Projection(
    version=3,
    table=UNITS_TABLE,
    row=SearchUnit,
    key=("unit_id",),
    folds={
        organisation.UnitEstablished.TYPE: unit_established,
        organisation.UnitRenamed.TYPE: renamed,
        organisation.UnitClosed.TYPE: ended,
        organisation.UnitMerged.TYPE: ended,
        organisation.UnitSplit.TYPE: ended,
    },
)
SEARCH_POSTS = Projection(
    version=2,
    table=POSTS_TABLE,
    row=SearchPost,
    key=("post_id",),
    folds={
        organisation.PostCreated.TYPE: post_created,
        organisation.PostAbolished.TYPE: ended,
    },
)
