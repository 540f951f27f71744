"""Citations: for which tasks, units, posts, officials, tenures and so on a document is cited.

Each is of the thing its event is about first; a tenure's links the official and the post. A row is
of one thing and one document, on the day it was last cited for it, and is never open. What cites it
ahead of its day has a row of its own, so that it is not found before.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Annotated, Any, TypedDict

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import TSVECTOR

from domain.catalogue import EVENT_TYPES
from domain.kernel import Event
from domain.organisation import events as organisation
from domain.record.periods import PeriodAdjusted
from domain.timeline import EventsAnnulled
from projections.projection import (
    Fold,
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    read_table,
)
from projections.search.index import index_words, vector


class Citation(TypedDict):
    """A document, and the day it was last cited; beside it stand the columns of the thing's key.

    `citation` is the document's id, with the day if it was cited ahead of it.
    """

    citation: Name
    document_id: Name
    cited_on: IsoDay
    position: Place
    number: str
    issued_on: IsoDay
    issuing_body: str
    words: Annotated[str, TSVECTOR()]


def citing(*key: str) -> Fold[Citation]:
    """The document on which something happened to the thing of that key."""

    def cited(_: Citation | None, event: RecordedEvent) -> Rows[Citation]:
        basis = event.basis
        if basis is None:
            return ()
        named = (basis["number"], basis["issued_on"], basis["issuing_body"])
        document_id = sha256("\n".join(named).encode()).hexdigest()[:32]
        thing: Any = {name: event.data[name] for name in key}
        return (
            {
                **thing,
                "citation": f"{document_id}.{event.day}" if event.ahead else document_id,
                "document_id": document_id,
                "cited_on": event.day,
                "position": event.position,
                "number": named[0],
                "issued_on": named[1],
                "issuing_body": named[2],
                "words": vector(named[0], (named[2],)),
            },
        )

    return cited


def citations(name: str, key: tuple[str, ...], events: Iterable[type[Event]]) -> Projection:
    """The documents cited for things of one kind."""
    shape: Any = TypedDict  # mypy knows none whose keys come from elsewhere
    row = shape(name, {**dict.fromkeys(key, Name), **Citation.__annotations__})
    table = read_table(name, row)
    Index(f"{name}_order", table.c.ledger, table.c.document_id, *(table.c[part] for part in key))
    index_words(table)
    return Projection(
        version=2,
        table=table,
        row=row,
        key=key,
        since="citation",
        until="cited_on",
        folds={event.TYPE: citing(*key) for event in events},
        cites=True,
    )


def events_about(thing: str) -> Iterator[type[Event]]:
    """The events that stand first under such a thing's tag; of several, an event is of none."""
    of_several = {EventsAnnulled, PeriodAdjusted}
    events = (event for event in EVENT_TYPES.values() if event not in of_several)
    return (event for event in events if event.TAGGED[0][1] == thing)


OF_TENURES = (organisation.TenureStarted, organisation.TenureEnded)

CITATIONS: tuple[Projection, ...] = (
    citations("search_documents", ("task_id",), events_about("task")),
    citations("search_documents_of_units", ("unit_id",), events_about("unit")),
    citations("search_documents_of_posts", ("post_id",), events_about("post")),
    citations(
        "search_documents_of_officials",
        ("official_id",),
        (event for event in events_about("official") if event not in OF_TENURES),
    ),
    citations(
        "search_documents_of_tenures",
        ("official_id", "post_id"),
        OF_TENURES,
    ),
    citations("search_documents_of_regulations", ("regulation_id",), events_about("regulation")),
    citations("search_documents_of_cycles", ("cycle_id",), events_about("cycle")),
    citations("search_documents_of_unit_kinds", ("unit_kind_id",), events_about("unit_kind")),
)
