"""Search hits: the tasks, units, posts and documents that a query of the index finds."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    null,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, distinct_on

from projections.days import AS_OF, valid
from projections.projection import Projection
from projections.search.citations import CITATIONS
from projections.search.index import SEARCH_POSTS, SEARCH_TASKS, SEARCH_UNITS
from projections.statement import (
    LEDGER,
    LIMIT,
    NO_TEXT,
    Statement,
    counted,
    standing,
    statement,
    word,
)

CITED_FOR_SHOWN = 20

SEARCHED: Mapping[str, tuple[Projection, ...]] = {
    "task": (SEARCH_TASKS,),
    "unit": (SEARCH_UNITS,),
    "post": (SEARCH_POSTS,),
    "document": CITATIONS,
}
# For what a document is cited, as a hit names them.
CITED_FOR: Mapping[str, str] = {
    "task_ids": "task_id",
    "unit_ids": "unit_id",
    "post_ids": "post_id",
    "official_ids": "official_id",
    "regulation_ids": "regulation_id",
    "cycle_ids": "cycle_id",
    "unit_kind_ids": "unit_kind_id",
}
# What orders hits, within a ledger and a query.
MARKS = ("tier", "ended", "id", "kind")
SHOWN = (*MARKS, "title", "unit_id", "issued_on", "issuing_body")

_TSQUERY = cast(bindparam("tsquery", type_=Text), TSQUERY)
_TIERS = cast(bindparam("tiers", type_=ARRAY(Text)), ARRAY(TSQUERY))
_SAMPLE: ColumnElement[int] = bindparam("sample", type_=Integer)
_CAP: ColumnElement[int] = bindparam("cap", type_=Integer)
_FROM = tuple_(bindparam("from_ended", type_=Boolean), bindparam("from_id", type_=Text))


@lru_cache(maxsize=64)
def hits(kinds: frozenset[str], *, sampled: bool) -> Statement:
    """Things of these kinds that `tsquery` finds: one row.

    Its columns: `position`; `items`, a JSON array (null when empty) in order of their marks; and
    `full`, the kinds of which `cap` were found, so that later ones were left out.

    Arguments: ledger, limit; `as_of`, today; `tsquery` and `tiers`, text forms of `tsquery`, and
    `first_tier`, the number of the first of these; `cap`, how many of a kind are taken, by `ended`
    and id, from `from_ended` and `from_id` on; `after_tier`, `after_ended`, `after_id` and
    `after_kind`, after which items are shown. If `sampled`, only the first `sample` of a kind are
    looked at.
    """
    matches = _matches(kinds, sampled=sampled)
    full = select(matches.c.kind).group_by(matches.c.kind).having(func.count() >= _CAP)
    ranked = select(matches, _tier(matches.c.words).label("tier")).cte("ranked")
    after = tuple_(
        bindparam("after_tier", type_=BigInteger),
        bindparam("after_ended", type_=Boolean),
        bindparam("after_id", type_=Text),
        bindparam("after_kind", type_=Text),
    )
    item = (
        select(*(ranked.c[name] for name in SHOWN), *_cited_for(ranked))
        .where(tuple_(*(ranked.c[name] for name in MARKS)) > after)
        .order_by(*(ranked.c[name] for name in MARKS))
        .limit(LIMIT)
        .subquery("item")
    )
    return statement(
        select(
            standing(*(of.name for kind in sorted(kinds) for of in SEARCHED[kind])).label(
                "position"
            ),
            select(cast(func.json_agg(literal_column("item")), Text))
            .select_from(item)
            .scalar_subquery()
            .label("items"),
            func.array(full.scalar_subquery()).label("full"),
        )
    )


@lru_cache(maxsize=64)
def frequencies(kinds: frozenset[str]) -> Statement:
    """How many of the first `sample` things of each kind are of which tier: rows.

    Arguments: as for `hits`, but for `limit` and what is shown.
    """
    matches = _matches(kinds, sampled=True)
    ranked = select(matches.c.kind, _tier(matches.c.words).label("tier")).subquery("ranked")
    return statement(
        select(ranked.c.kind, ranked.c.tier, func.count().label("number")).group_by(
            ranked.c.kind, ranked.c.tier
        )
    )


@lru_cache(maxsize=64)
def matching(kinds: frozenset[str]) -> Statement:
    """How many things of these kinds `tsquery` finds.

    Arguments: ledger, as_of, tsquery, cap, from_ended, from_id, as for `hits`.
    """
    return counted(select(_matches(kinds, sampled=False).c.id))


def _tier(words: ColumnElement[Any]) -> ColumnElement[int]:
    """The number of the first tier that these words match."""
    query = func.unnest(_TIERS).table_valued("query", with_ordinality="number").render_derived()
    first = (
        select(func.min(query.c.number) - literal_column("1"))
        .where(_finds(words, query.c.query))
        .scalar_subquery()
    )
    return bindparam("first_tier", type_=BigInteger) + first


def _finds(column: ColumnElement[Any], query: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.bool_op("@@")(query)


def _matches(kinds: frozenset[str], *, sampled: bool) -> CTE:
    """What is found of each kind, in order, at most `cap`."""
    parts = [
        (_documents(sampled=sampled) if kind == "document" else _things(kind, sampled=sampled))
        for kind in sorted(kinds)
    ]
    return union_all(*(part.subquery().select() for part in parts)).cte("matches")


def _things(kind: str, *, sampled: bool) -> Select[Any]:
    [projection] = SEARCHED[kind]
    key = projection.key[0]
    table = _looked_at(projection.table, ("ended", key), sampled=sampled)
    return (
        select(
            word(kind).label("kind"),
            table.c.ended,
            table.c[key].label("id"),
            table.c.title,
            (NO_TEXT if kind == "unit" else table.c.unit_id).label("unit_id"),
            cast(null(), Date).label("issued_on"),
            NO_TEXT.label("issuing_body"),
            table.c.words,
        )
        .where(table.c.ledger == LEDGER, *valid(table), _finds(table.c.words, _TSQUERY))
        .where(tuple_(table.c.ended, table.c[key]) >= _FROM)
        .order_by(table.c.ended, table.c[key])
        .limit(_CAP)
    )


def _documents(*, sampled: bool) -> Select[Any]:
    """Each document once, for whatever it is cited."""
    cited = _citations(sampled=sampled).c
    document = (
        select(cited.document_id, cited.number, cited.issued_on, cited.issuing_body, cited.words)
        .ext(distinct_on(cited.document_id))
        .where(_finds(cited.words, _TSQUERY))
        .order_by(cited.document_id)
        .limit(_CAP)
        .subquery("citation")
    )
    return select(
        word("document").label("kind"),
        false().label("ended"),
        document.c.document_id.label("id"),
        document.c.number.label("title"),
        NO_TEXT.label("unit_id"),
        document.c.issued_on,
        document.c.issuing_body,
        document.c.words,
    )


def _citations(*, sampled: bool) -> FromClause:
    """Citations for things of every kind, from a place on; or the first `sample` of them all."""
    columns = ("document_id", "number", "issued_on", "issuing_body", "words")
    parts = []
    for projection in CITATIONS:
        table = _looked_at(projection.table, ("document_id",), sampled=sampled)
        part = select(*(table.c[name] for name in columns)).where(
            table.c.ledger == LEDGER,
            table.c.cited_on <= AS_OF,
            tuple_(false(), table.c.document_id) >= _FROM,
        )
        # Where all are looked up, each table's own index of words is used.
        parts.append(part if sampled else part.where(_finds(table.c.words, _TSQUERY)))
    cited = union_all(*parts).subquery("cited")
    if not sampled:
        return cited
    first = select(cited).order_by(cited.c.document_id).limit(_SAMPLE)
    return first.subquery("first")


def _looked_at(table: Table, order: Sequence[str], *, sampled: bool) -> FromClause:
    """The table, or the first `sample` rows of it in order, from a place on."""
    if not sampled:
        return table
    columns = [table.c[name] for name in order]
    place = columns if len(columns) > 1 else [false(), *columns]
    return (
        select(table)
        .where(table.c.ledger == LEDGER, tuple_(*place) >= _FROM)
        .order_by(*columns)
        .limit(_SAMPLE)
        .subquery()
    )


def _cited_for(hit: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401  a query's columns
    """Some of the tasks, units, posts and so on that a document is cited for."""
    return [_citing(hit, key).label(name) for name, key in CITED_FOR.items()]


def _citing(hit: Any, key: str) -> ColumnElement[Any]:  # noqa: ANN401  a query's columns
    few: ColumnElement[int] = literal_column(str(CITED_FOR_SHOWN))
    tables = (projection.table.c for projection in CITATIONS if key in projection.table.c)
    found = (
        select(cited[key].label("id"))
        .where(cited.ledger == LEDGER, cited.document_id == hit.c.id, cited.cited_on <= AS_OF)
        .distinct()
        .order_by(cited[key])
        .limit(few)
        .subquery()
        .select()
        for cited in tables
    )
    matches = union(*found).subquery().c
    first = select(matches.id).order_by(matches.id).limit(few).scalar_subquery()
    return case((hit.c.kind == word("document"), func.array(first)))
