"""Answers: what statements of the read models give, after any events, folded in batches."""

import json
from collections.abc import Sequence
from typing import Any

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain.kernel import Event
from projections.statement import Statement
from tests.projections.conftest import Recorder

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
batches = st.sampled_from([1, 3, 500])


async def recorded(recorder: Recorder, events: Sequence[Event], batch: int) -> str:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    return ledger


async def fetched(
    recorder: Recorder, ledger: str, statement: Statement, **params: object
) -> Sequence[asyncpg.Record]:
    values = {"ledger": ledger, "limit": 200, **params}
    return await recorder.pool.fetch(statement.sql, *statement.arguments(values))


async def items(
    recorder: Recorder, ledger: str, statement: Statement, **params: object
) -> list[dict[str, Any]]:
    rows = await fetched(recorder, ledger, statement, **params)
    return [json.loads(row["item"]) for row in rows if row["item"] is not None]
