"""Changes: which answers of a day differ between two positions of the log, and by which events.

Who leads a task, its state and deadline; who monitors a commune; a unit's completion rate. The day
is the same for both: they differ by what was recorded between. Each side is the read models of one
position, in a schema of their own.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, Text, cast, literal_column, select, union_all

from domain.tasks.events import CompletionClaimed, CompletionReturned, TaskApproved
from domain.timeline import EventsAnnulled
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.intervals import TABLE as COMMUNES
from projections.days import of_day
from projections.listing import ListItem, Shown
from projections.projection import Projection
from projections.sources import in_schema
from projections.statement import MOST_COUNTED, Statement, statement, word
from projections.tasks.accountability import ACCOUNTABILITY
from projections.tasks.completion_rates import rates
from projections.tasks.tasks import TABLE as TASKS_TABLE
from projections.tasks.tasks import TASKS

Kind: TypeAlias = Literal["task", "commune", "unit"]
Field: TypeAlias = Literal["leader", "state", "deadline", "monitor", "completion_rate"]

COMPARED: tuple[Projection, ...] = (TASKS, COMMUNE_COVERAGE, ACCOUNTABILITY)
ORDER = ("kind", "id", "field")

# What can move the answers about a task or a unit, and about a commune.
OF_TASKS = (
    *ACCOUNTABILITY.types,
    TaskApproved.TYPE,
    CompletionClaimed.TYPE,
    CompletionReturned.TYPE,
    EventsAnnulled.TYPE,
)
OF_COMMUNES = (*COMMUNE_COVERAGE.types, EventsAnnulled.TYPE)


class Change(ListItem):
    """An answer of the day that is another at the later position.

    `before` and `after` are what it was and is: an official, a state, a day, a rate as a fraction
    with its percent beside it; null where there was or is none. `because` are the positions between
    that concern it, and `backdated` is whether one of them counts from before the day on which the
    first position was recorded.
    """

    kind: Annotated[Kind, Shown(vi="Đối tượng")]
    id: str
    field: Annotated[Field, Shown(vi="Nội dung thay đổi")]
    before: Annotated[str | None, Shown(vi="Trước")]
    after: Annotated[str | None, Shown(vi="Sau")]
    before_percent: Annotated[str | None, Shown(vi="Trước (%)")]
    after_percent: Annotated[str | None, Shown(vi="Sau (%)")]
    because: Annotated[list[int], Shown(vi="Do các sự kiện có số thứ tự")]
    backdated: Annotated[bool, Shown(vi="Có hiệu lực từ trước mốc đầu")]


def _answers() -> Select[Any]:
    """Rows of `kind`, `id`, `field` and `value`, of the ledger and the day."""
    tasks, rate = TASKS_TABLE.c, rates("unit", frozenset()).subquery("rate").c
    owed = rate.assigned - rate.transferred - rate.cancelled
    fraction = cast(rate.completed, Text).concat(literal_column("'/'")).concat(cast(owed, Text))
    of_task: dict[Field, ColumnElement[Any]] = {
        "leader": tasks.official_id,
        "state": tasks.state,
        "deadline": tasks.due_on,
    }
    answers = union_all(
        *(
            _answer("task", field, tasks.task_id, value).where(*of_day(TASKS_TABLE))
            for field, value in of_task.items()
        ),
        _answer("commune", "monitor", COMMUNES.c.unit_id, COMMUNES.c.official_id).where(
            *of_day(COMMUNES)
        ),
        _answer("unit", "completion_rate", rate.group, fraction),
    ).subquery("answers")
    return select(answers)


def _answer(
    kind: Kind, field: Field, of: ColumnElement[str], value: ColumnElement[Any]
) -> Select[Any]:
    texts = {"kind": word(kind), "id": of, "field": word(field), "value": cast(value, Text)}
    columns: list[ColumnElement[Any]] = [
        text.collate("C").label(name) for name, text in texts.items()
    ]
    return select(*columns)


ANSWERS = statement(_answers())


@lru_cache(maxsize=1024)
def compared(
    before: str, after: str, narrowed_by: frozenset[str] = frozenset(), *, continued: bool = False
) -> Statement:
    """A page: `position` and `head`, and of each change `kind`, `id`, `field`, `before`, `after`.

    One more than `limit` if others follow; one without a kind if nothing differs. `position` is
    where the later side stands, `head` where the log does. Arguments: ledger, as_of, limit, those
    of `ORDER` by which it is narrowed, and `after_0`, `after_1`, `after_2`.

    Args:
        before: the schema of the earlier position.
        after: that of the later one.
        narrowed_by: names of `ORDER` that are given.
        continued: whether it goes on after a mark.
    """
    marks = tuple(f"after_{at}" for at, _ in enumerate(ORDER)) if continued else ()
    given = sorted(narrowed_by)
    names = (*ANSWERS.names, "limit", *given, *marks)
    place = {name: f"${at}" for at, name in enumerate(names, 1)}
    after_mark = ""
    if continued:
        values = ", ".join(f"{place[mark]}::text" for mark in marks)
        after_mark = f" AND ({', '.join(ORDER)}) > ({values})"
    read = ", ".join(f"'{projection.name}'" for projection in COMPARED)
    sql = f"""
        WITH {_differing(before, after, place, given)}{after_mark}
            ORDER BY kind, id, field
            LIMIT {place["limit"]}::int + 1
        )
        SELECT at.*, differing.*
        FROM (
            SELECT coalesce(min(position), 0) AS position, log.head({place["ledger"]}) AS head
            FROM {after}.positions
            WHERE ledger = {place["ledger"]} AND projection IN ({read})
        ) at LEFT JOIN differing ON true
        ORDER BY kind, id, field
        """  # noqa: S608  constants of the programme only
    return Statement(sql, names, ANSWERS.constants, ANSWERS.query)


@lru_cache(maxsize=1024)
def differences(before: str, after: str, narrowed_by: frozenset[str] = frozenset()) -> Statement:
    """How many changes all pages have together: one row, `total`; arguments as for `compared`."""
    given = sorted(narrowed_by)
    names = (*ANSWERS.names, *given)
    place = {name: f"${at}" for at, name in enumerate(names, 1)}
    sql = f"""
        WITH {_differing(before, after, place, given)}
            LIMIT {MOST_COUNTED + 1}
        )
        SELECT count(*) AS total FROM differing
        """  # noqa: S608  constants of the programme only
    return Statement(sql, names, ANSWERS.constants, ANSWERS.query)


def _differing(before: str, after: str, place: Mapping[str, str], given: Sequence[str]) -> str:
    """The beginning of a query: what differs of what is given, open for what else must hold."""
    narrowed = "".join(f" AND {name} = {place[name]}::text" for name in given)
    return f"""before AS ({in_schema(ANSWERS, before).sql}),
        after AS ({in_schema(ANSWERS, after).sql}),
        differing AS (
            SELECT kind, id, field, before.value AS before, after.value AS after
            FROM before FULL JOIN after USING (kind, id, field)
            WHERE before.value IS DISTINCT FROM after.value{narrowed}"""  # noqa: S608  likewise


@lru_cache(maxsize=1024)
def causes(before: str, after: str) -> Statement:
    """Of each thing that changed: `kind`, `id`, the positions between, and whether one is `early`.

    A unit's rate changes by the tasks whose lines in the unit changed. What counts from after the
    day asked about moves no answer. Arguments: ledger, as_of, `kinds` and `ids` of the things,
    `from` and `to`, the positions; `day`, before which an event is early; `of_tasks` and
    `of_communes`, the types of events that count.
    """
    names = ("ledger", "kinds", "ids", "from", "to", "day", "of_tasks", "of_communes", "as_of")
    lines = "SELECT * FROM {}.accountability WHERE ledger = $1 AND unit_id = one.id"
    old, new = lines.format(before), lines.format(after)
    sql = f"""
        SELECT one.kind, one.id, array_agg(DISTINCT e.position ORDER BY e.position) AS positions,
            bool_or(e.effective_on < $6::date) AS early
        FROM unnest($2::text[], $3::text[]) AS one (kind, id)
        CROSS JOIN LATERAL (
            SELECT 'task:' || one.id AS tag WHERE one.kind = 'task'
            UNION ALL
            SELECT 'unit:' || one.id WHERE one.kind = 'commune'
            UNION ALL
            SELECT 'task:' || task_id
            FROM (({old} EXCEPT {new}) UNION ({new} EXCEPT {old})) moved
            WHERE one.kind = 'unit'
        ) of
        JOIN log.words w ON w.ledger = $1 AND w.word = of.tag
        JOIN log.tagged t ON t.tag = w.id
            AND t.position > $4::bigint AND t.position <= $5::bigint
            AND t.type = ANY (
                CASE WHEN one.kind = 'commune'
                THEN ARRAY(SELECT id FROM log.words WHERE ledger = $1 AND word = ANY ($8::text[]))
                ELSE ARRAY(SELECT id FROM log.words WHERE ledger = $1 AND word = ANY ($7::text[]))
                END
            )
        JOIN log.events e ON e.ledger = $1 AND e.position = t.position
            AND e.effective_on <= $9::date
        GROUP BY one.kind, one.id
        """  # noqa: S608  constants of the programme only
    return Statement(sql, names, {}, ANSWERS.query)
