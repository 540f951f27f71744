"""Search index: the words by which tasks, units and posts are found.

A row holds what a thing is called, whatever was said of it, and the words of both as a `tsvector`
that is made here: PostgreSQL's own parser would read `30-QĐ/TU` as a path, and has no Vietnamese.
Names of officials are not here: they are sealed in the log, and nothing keeps them in clear.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from domain.organisation import events as organisation
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.matters import delegation, solutions
from domain.tasks.work import effects
from projections.projection import (
    Fold,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    read_table,
    require_open_row,
    text_id,
)
from projections.search.vietnamese import words

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


def entered(
    event: RecordedEvent, key: str, title: str, said: Iterable[str] = (), **further: object
) -> Rows:
    lines = list(dict.fromkeys(said))
    return first_version(
        event,
        {
            key: event.data[key],
            "ended": False,
            "title": title,
            "said": lines,
            "words": vector(title, lines),
            **further,
        },
    )


def changed(row: Row | None, event: RecordedEvent, **changes: object) -> Rows:
    """The same thing, by the same words: there is one row of it, for now."""
    return ({**require_open_row(row, event), "position": event.position, **changes},)


def ended(row: Row | None, event: RecordedEvent) -> Rows:
    return changed(row, event, ended=True)


TASKS_TABLE = found_by("search_tasks", "task_id", text_id("unit_id"))
UNITS_TABLE = found_by("search_units", "unit_id")
POSTS_TABLE = found_by("search_posts", "post_id", text_id("unit_id"))


def proposed(_: Row | None, event: RecordedEvent) -> Rows:
    proposal = event.data["proposal"]
    return entered(
        event,
        "task_id",
        proposal["title"],
        _of_proposal(proposal),
        unit_id=event.data["unit_id"],
    )


def _of_proposal(proposal: Row) -> list[str]:
    return [
        proposal["goal"],
        *(indicator["name"] for indicator in proposal["indicators"]),
        *(step["title"] for step in proposal["roadmap"]),
    ]


def said_further(task: Row | None, event: RecordedEvent, lines: Iterable[str], title: str) -> Rows:
    """A task is found by all that was ever said of it, former titles among it."""
    row = require_open_row(task, event)
    before = [] if title == row["title"] else [row["title"]]
    said = list(dict.fromkeys([*row["said"], *before, *lines]))
    if title == row["title"] and said == row["said"]:
        return ()
    return changed(row, event, title=title, said=said, words=vector(title, said))


def amended(task: Row | None, event: RecordedEvent) -> Rows:
    proposal = event.data["proposal"]
    return said_further(task, event, _of_proposal(proposal), proposal["title"])


def corrected(task: Row | None, event: RecordedEvent) -> Rows:
    title = event.data["reading"].get("title") or require_open_row(task, event)["title"]
    return said_further(task, event, (), title)


def planned(task: Row | None, event: RecordedEvent) -> Rows:
    steps = [step["title"] for step in event.data["steps"]]
    return said_further(task, event, steps, require_open_row(task, event)["title"])


def titled(task: Row | None, event: RecordedEvent) -> Rows:
    """A part, a solution or an effect, by its title."""
    return said_further(task, event, [event.data["title"]], require_open_row(task, event)["title"])


def moved(task: Row | None, event: RecordedEvent) -> Rows:
    unit = event.data.get("to_unit") or event.data["unit_id"]
    return (
        ()
        if unit == require_open_row(task, event)["unit_id"]
        else changed(task, event, unit_id=unit)
    )


def unit_established(_: Row | None, event: RecordedEvent) -> Rows:
    return entered(event, "unit_id", event.data["name"])


def renamed(unit: Row | None, event: RecordedEvent) -> Rows:
    """A unit is found by its former names, too."""
    row, title = require_open_row(unit, event), event.data["name"]
    said = [name for name in dict.fromkeys([*row["said"], row["title"]]) if name != title]
    return changed(row, event, title=title, said=said, words=vector(title, said))


def post_created(_: Row | None, event: RecordedEvent) -> Rows:
    return entered(event, "post_id", event.data["title"], unit_id=event.data["unit_id"])


TASK_FOLDS: dict[str, Fold] = {
    tasks.TaskRegistered.TYPE: proposed,
    tasks.TaskCommissioned.TYPE: proposed,
    changes.TaskContinued.TYPE: proposed,
    changes.TaskAmended.TYPE: amended,
    changes.TaskCorrected.TYPE: corrected,
    tasks.PlanSubmitted.TYPE: planned,
    delegation.PartDelegated.TYPE: titled,
    solutions.SolutionProposed.TYPE: titled,
    effects.EffectRecorded.TYPE: titled,
    tasks.TaskAssigned.TYPE: moved,
    tasks.TaskTransferred.TYPE: moved,
    changes.VacancyFilled.TYPE: moved,
    tasks.TaskRejected.TYPE: ended,
    tasks.TaskCancelled.TYPE: ended,
    tasks.CompletionConfirmed.TYPE: ended,
    changes.TaskCarriedOver.TYPE: ended,
}

SEARCH_TASKS = Projection(
    version=1,
    table=TASKS_TABLE,
    key=("task_id",),
    since="valid_from",
    until="valid_to",
    folds=TASK_FOLDS,
)
SEARCH_UNITS = Projection(
    version=2,
    table=UNITS_TABLE,
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
    key=("post_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.PostCreated.TYPE: post_created,
        organisation.PostAbolished.TYPE: ended,
    },
)
