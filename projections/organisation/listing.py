"""Directory listing: units, posts, officials and tenures of a day, by filter, page by page."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    column,
    distinct,
    exists,
    false,
    func,
    select,
    table,
    tuple_,
)

from projections.days import AS_OF, last_day, running, valid
from projections.organisation.officials import OFFICIALS
from projections.organisation.officials import TABLE as OFFICIALS_TABLE
from projections.organisation.posts import POSTS
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.organisation.tenures import TABLE as TENURES_TABLE
from projections.organisation.tenures import TENURES
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.organisation.units import UNITS
from projections.projection import Projection
from projections.statement import LEDGER, LIMIT, Statement, paged, standing, statement

LOG_EVENTS = table(
    "events",
    column("ledger"),
    column("position"),
    column("type", Text),
    column("schema_version"),
    column("data"),
    schema="log",
)


def _said(name: str, equal_to: ColumnElement[Any]) -> ColumnElement[bool]:
    return equal_to == bindparam(name, type_=Text)


def _exists_from_to(of: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401  a table's columns
    return [of.valid_from.label("from_on"), last_day(of.valid_to).label("to_on")]


class Listing(NamedTuple):
    """How one kind of entry is listed.

    Attributes:
        columns: of an item, by name.
        filters: by the names readers give them.
        marks: columns that order the list and continue it.
    """

    projections: tuple[Projection, ...]
    columns: Mapping[str, ColumnElement[Any]]
    conditions: tuple[ColumnElement[bool], ...]
    filters: Mapping[str, ColumnElement[bool]]
    marks: tuple[str, ...]


_UNIT, _POST, _OFFICIAL, _TENURE = (
    UNITS_TABLE.c,
    POSTS_TABLE.c,
    OFFICIALS_TABLE.c,
    TENURES_TABLE.c,
)
_OF_ITS_DAY = (
    exists()
    .where(
        _POST.ledger == _TENURE.ledger,
        _POST.post_id == _TENURE.post_id,
        *valid(POSTS_TABLE),
        _said("post_kind", _POST.kind),
    )
    .correlate(TENURES_TABLE)
)

UNIT_LISTING = Listing(
    (UNITS,),
    {
        **{name: _UNIT[name] for name in ("unit_id", "name", "kind", "code", "parent_id")},
        **{made.name: made for made in _exists_from_to(_UNIT)},
        "position": _UNIT.position,
    },
    valid(UNITS_TABLE),
    {
        "unit": _said("unit", _UNIT.unit_id),
        "kind": _said("kind", _UNIT.kind),
        "code": _said("code", _UNIT.code),
        "parent": _said("parent", _UNIT.parent_id),
    },
    ("unit_id",),
)
POST_LISTING = Listing(
    (POSTS,),
    {
        **{
            name: _POST[name]
            for name in ("post_id", "unit_id", "title", "kind", "managed_by", "heads_unit", "seats")
        },
        **{made.name: made for made in _exists_from_to(_POST)},
        "position": _POST.position,
    },
    valid(POSTS_TABLE),
    {
        "post": _said("post", _POST.post_id),
        "unit": _said("unit", _POST.unit_id),
        "kind": _said("kind", _POST.kind),
        "managed_by": _said("managed_by", _POST.managed_by),
    },
    ("post_id",),
)
TENURE_LISTING = Listing(
    (TENURES, POSTS),
    {
        **{name: _TENURE[name] for name in ("official_id", "post_id", "unit_id", "from_on")},
        "to_on": last_day(_TENURE.until_on),
        "cause": _TENURE.cause,
        "position": _TENURE.position,
    },
    running(TENURES_TABLE),
    {
        "official": _said("official", _TENURE.official_id),
        "post": _said("post", _TENURE.post_id),
        "unit": _said("unit", _TENURE.unit_id),
        "post_kind": _OF_ITS_DAY,
    },
    ("post_id", "official_id"),
)


LISTINGS: Mapping[str, Listing] = {
    "units": UNIT_LISTING,
    "posts": POST_LISTING,
    "tenures": TENURE_LISTING,
}


@lru_cache(maxsize=256)
def entries(kind: str, filters: frozenset[str], *, continued: bool) -> Statement:
    """One page of `units`, `posts` or `tenures`.

    Arguments: ledger, as_of, limit, each filter's, and `after_0` … for the mark's values.
    """
    listing = LISTINGS[kind]
    marks = [listing.columns[name] for name in listing.marks]
    query = (
        select(*(made.label(name) for name, made in listing.columns.items()))
        .where(listing.projections[0].table.c.ledger == LEDGER, *listing.conditions)
        .where(*(listing.filters[name] for name in sorted(filters)))
        .order_by(*marks)
    )
    if continued:
        after = [bindparam(f"after_{number}", type_=Text) for number in range(len(marks))]
        query = query.where(tuple_(*marks) > tuple_(*after))
    names = [projection.name for projection in listing.projections]
    return paged(query, tuple(listing.columns), names)


@lru_cache(maxsize=64)
def officials(filters: frozenset[str], *, continued: bool) -> Statement:
    """Rows of officials, each beside the event that names the person.

    One row more than `limit` if others follow. Arguments: ledger, as_of, limit, `official`,
    `pending_retirement`, and `after_0`.
    """
    pending = func.coalesce(_OFFICIAL.retires_on > AS_OF, false())
    conditions = {
        "official": _said("official", _OFFICIAL.official_id),
        "pending_retirement": pending == bindparam("pending_retirement", type_=Boolean),
    }
    named = and_(
        LOG_EVENTS.c.ledger == _OFFICIAL.ledger,
        LOG_EVENTS.c.position == _OFFICIAL.named_position,
    )
    query = (
        select(
            standing(OFFICIALS.name).label("standing"),
            _OFFICIAL.official_id,
            _OFFICIAL.retires_on,
            pending.label("pending_retirement"),
            _OFFICIAL.position,
            LOG_EVENTS.c.type,
            LOG_EVENTS.c.schema_version,
            LOG_EVENTS.c.data,
        )
        .join(LOG_EVENTS, named)
        .where(_OFFICIAL.ledger == LEDGER, *valid(OFFICIALS_TABLE))
        .where(*(conditions[name] for name in sorted(filters)))
        .order_by(_OFFICIAL.official_id)
        .limit(LIMIT + 1)
    )
    if continued:
        query = query.where(_OFFICIAL.official_id > bindparam("after_0", type_=Text))
    return statement(query)


@lru_cache(maxsize=64)
def headcount(filters: frozenset[str]) -> Statement:
    """Persons and posts held on the day, in all (`post_kind` null) and by kind of post (A4, B17).

    One row each. Arguments: ledger, as_of, and each filter's of the tenures.
    """
    at_post = and_(
        _POST.ledger == _TENURE.ledger, _POST.post_id == _TENURE.post_id, *valid(POSTS_TABLE)
    )
    return statement(
        select(
            _POST.kind.label("post_kind"),
            func.count(distinct(_TENURE.official_id)).label("persons"),
            func.count(distinct(_TENURE.post_id)).label("posts"),
        )
        .select_from(TENURES_TABLE)
        .join(POSTS_TABLE, at_post, isouter=True)
        .where(_TENURE.ledger == LEDGER, *TENURE_LISTING.conditions)
        .where(*(TENURE_LISTING.filters[name] for name in sorted(filters)))
        .group_by(func.grouping_sets(tuple_(), tuple_(_POST.kind)))
        .order_by(func.grouping(_POST.kind).desc(), _POST.kind)
    )
