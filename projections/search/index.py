"""Search index: the words by which tasks, units and posts are found.

A row holds what a thing is called, every other text about it, and the words of both as a `tsvector`
that is made here: PostgreSQL's own parser would read `30-QĐ/TU` as a path, and has no Vietnamese.
Nothing is searched as of a past day, so a thing has one row; it has another from the day of what
was recorded ahead, and the first holds until then.
Names of officials are not here: they are sealed in the log, and nothing keeps them in clear.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple, TypedDict, TypeVar

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
# Reports are made of some thousands of syllables, in capitals or with a comma too: a few MB.
MOST_REMEMBERED = 16_384
LONGEST_REMEMBERED = 24
# A word with its marks stands beside the same without them, and those of a title a second time: by
# these they are told apart. (The index does not hold the weights a tsvector has for titles.)
SPELLED = "="
OF_TITLE = "^"


class Entry(NamedTuple):
    """A word as a `tsvector` is written.

    Attributes:
        around: what stands there for it, before, between and after the places where it stands.
        size: how many bytes of the vector it takes.
    """

    around: tuple[str, ...]
    size: int


def vector(title: str, texts: Iterable[str] = ()) -> str:
    """The text form of the `tsvector` of a title and of other texts.

    No phrase reaches from one line into the next. A word that comes again is written again, with
    its place: PostgreSQL puts them together.
    """
    written: list[str] = []
    place = size = 0
    for line in (title, *texts):
        # Every line but the title comes after a place that no word has.
        long, short = (_of_text, _text_remembered) if place else (_of_title, _title_remembered)
        for piece in line.split():
            entries = short if len(piece) <= LONGEST_REMEMBERED else long
            for around, of_word in entries(piece):
                place += 1
                written.append(str(place).join(around))
                size += of_word
                if size > MOST_BYTES or place >= MOST_WORDS:
                    return " ".join(written)
        place += 1
    return " ".join(written)


def lexemes(folded: str, spelled: str) -> tuple[str, ...]:
    """What stands in the index for a word."""
    return (folded, SPELLED + spelled) if spelled else (folded,)


def _of_text(piece: str) -> tuple[Entry, ...]:
    """The words of what stands between two spaces of a text."""
    return tuple(_entry(lexemes(*word)) for word in words(piece))


def _of_title(piece: str) -> tuple[Entry, ...]:
    """The same of a title: each stands there a second time, as a word of a title."""
    every = (lexemes(*word) for word in words(piece))
    return tuple(_entry((*own, *(OF_TITLE + lexeme for lexeme in own))) for own in every)


def _entry(of_word: Sequence[str]) -> Entry:
    """Words hold letters, digits and marks only: nothing in them needs an escape."""
    first, *others = (f"'{lexeme}':" for lexeme in of_word)
    size = sum(len(lexeme.encode()) + BYTES_PER_PLACE for lexeme in of_word)
    return Entry((first, *(f" {other}" for other in others), ""), size)


# One argument of text is looked up soonest.
_text_remembered = lru_cache(maxsize=MOST_REMEMBERED)(_of_text)
_title_remembered = lru_cache(maxsize=MOST_REMEMBERED)(_of_title)


class SearchRow(Version):
    """What a search finds: by its title, and by the other texts about it."""

    ended: bool
    title: str
    texts: list[str]
    words: Annotated[str, TSVECTOR()]


class Texts(list[str]):
    """Texts in their order, each once; another one is added without looking through all."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        super().__init__(dict.fromkeys(texts))
        self._held = set(self)

    def __contains__(self, text: object) -> bool:
        return text in self._held

    def add(self, text: str) -> None:
        if text not in self._held:
            self._held.add(text)
            self.append(text)

    def drop(self, text: str) -> None:
        if text in self._held:
            self._held.remove(text)
            self.remove(text)


# The words of a row whose texts have changed: they are made when it is stored.
UNWRITTEN = ""


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
    return {
        **opened(event),
        "ended": False,
        "title": title,
        "texts": Texts(texts),
        "words": UNWRITTEN,
    }


def stored(row: F) -> F:
    """The row with its words, whatever texts were added to it before."""
    if row["words"] != UNWRITTEN:
        return row
    written = row.copy()
    written["words"] = vector(row["title"], row["texts"])
    return written


def texts_of(row: SearchRow, event: RecordedEvent) -> Texts:
    """The texts of the later row, to be added to; a row that stands beside it keeps its own."""
    texts = row["texts"]
    return texts if isinstance(texts, Texts) and not event.ahead else Texts(texts)


def changed(row: F, event: RecordedEvent, later: F) -> Rows[F]:
    """The later row in place of the row, or beside it if it was recorded ahead of its day."""
    if event.ahead:
        return superseded(row, event, later)
    later["position"] = event.position
    return (later,)


def reworded(row: F, event: RecordedEvent, title: str, texts: Texts) -> Rows[F]:
    """The same thing, by other words."""
    later = row.copy()
    later["title"], later["texts"], later["words"] = title, texts, UNWRITTEN
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
    texts = texts_of(row, event)
    new = [line for line in (*before, *lines) if line not in texts]
    if title == row["title"] and not new:
        return ()
    for line in new:
        texts.add(line)
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
    texts = texts_of(row, event)
    texts.add(row["title"])
    texts.drop(title)
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
    stored=stored,
    key=("task_id",),
    folds=TASK_FOLDS,
)
SEARCH_UNITS = Projection(
    version=3,
    table=UNITS_TABLE,
    row=SearchUnit,
    stored=stored,
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
    stored=stored,
    key=("post_id",),
    folds={
        organisation.PostCreated.TYPE: post_created,
        organisation.PostAbolished.TYPE: ended,
    },
)
