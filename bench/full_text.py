"""Search by PostgreSQL's own means: the same texts, folded, in a plain table, and routes to it.

One asks its full-text index over the configuration `simple`, the best rank first, titles weighing
most, as its manual does it; the other compares with LIKE, titles first. Both have it easier: names
of officials stand here in clear, and nothing is known of marks, of lines and of documents.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, FastAPI, Request, Response

from projections.search.questions import Sought
from projections.search.vietnamese import fold
from service.http.access import LedgerName, Reader
from service.http.reads.query import query_params
from service.http.reads.reading import MEDIA_TYPE
from service.http.reads.search import Question

CREATE = """
CREATE TABLE read.bench_texts (
    ledger text NOT NULL, kind text NOT NULL, id text NOT NULL, ended boolean NOT NULL,
    title text NOT NULL, unit_id text, folded_title text NOT NULL, folded_text text NOT NULL,
    words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', folded_title), 'A')
        || to_tsvector('simple', folded_text)
    ) STORED
)
"""
COLUMNS = "ledger kind id ended title unit_id folded_title folded_text"
# After the rows, so that the index has no list of pending entries.
INDEX = """
CREATE INDEX ON read.bench_texts USING gin (words);
CREATE UNIQUE INDEX ON read.bench_texts (ledger, ended, id, kind);
GRANT SELECT ON read.bench_texts TO giaoviec_service;
VACUUM (ANALYZE) read.bench_texts
"""
TASKS = "SELECT ledger, 'task', task_id, ended, title, unit_id, texts FROM read.search_tasks"
FULL_TEXT = """
SELECT json_agg(hit)::text FROM (
    SELECT kind, id, title, ended, unit_id
    FROM read.bench_texts
    WHERE ledger = $1 AND words @@ $2::text::tsquery
    ORDER BY ts_rank(words, $2::text::tsquery) DESC, ended, id, kind
    LIMIT $3
) hit
"""
LIKE = """
SELECT json_agg(hit)::text FROM (
    SELECT kind, id, title, ended, unit_id
    FROM read.bench_texts
    WHERE ledger = $1 AND folded_title || ' ' || folded_text LIKE ALL ($2::text[])
    ORDER BY (folded_title LIKE ALL ($2::text[])) DESC, ended, id, kind
    LIMIT $3
) hit
"""


async def fill(owner: asyncpg.Connection, ledger: str, names: Iterable[tuple[str, str]]) -> None:
    """The texts that the search index holds, and officials' names by their ids."""
    await owner.execute(CREATE)
    rows = [
        (*shown, title, unit_id, fold(title), " ".join(map(fold, lines)))
        for *shown, title, unit_id, lines in await owner.fetch(TASKS)
    ]
    rows += [
        (ledger, "official", official_id, False, name, None, fold(name), "")
        for official_id, name in names
    ]
    await owner.copy_records_to_table(
        "bench_texts", schema_name="read", records=rows, columns=COLUMNS.split()
    )
    for statement in INDEX.split(";"):
        await owner.execute(statement)


def patterns(sought: Sought) -> list[str]:
    """What LIKE compares with: each phrase, and each other word."""
    parts = [*sought.phrases, *((word,) for word in sought.loose)]
    return [f"%{' '.join(word.folded for word in part)}%" for part in parts]


def with_postgresql(app: FastAPI) -> None:
    """Add the routes that ask the plain table."""

    async def answer(request: Request, sql: str, *arguments: object) -> Response:
        items = await request.app.state.service.pool.fetchval(sql, *arguments)
        return Response(f'{{"items": {items or "[]"}}}', media_type=MEDIA_TYPE)

    @app.get("/full-text/{ledger}/search", operation_id="search")
    async def by_full_text(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[Question, Depends(query_params(Question))],
    ) -> Any:  # noqa: ANN401  no model
        query = Sought.of(params.q).every
        return await answer(request, FULL_TEXT, ledger, query, params.limit)

    @app.get("/like/{ledger}/search", operation_id="search")
    async def by_like(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[Question, Depends(query_params(Question))],
    ) -> Any:  # noqa: ANN401  no model
        return await answer(request, LIKE, ledger, patterns(Sought.of(params.q)), params.limit)
