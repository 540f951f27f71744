"""Metrics: their text stays within the bound of every reply, whatever is asked."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from service.handle import utc_now
from service.observability.metrics import MOST_ANSWERS, MOST_PLACES, MOST_TASKS, Metrics
from service.read_models.standings import Standing
from tests.hostile.test_fuzz import MOST_BYTES

STATUSES = (200, 202, 304, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 431, 500, 503, 504)


def answers(document: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Every operation, answered by every status."""
    return [
        (method.upper(), path, status)
        for status in STATUSES
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    ]


def test_the_metrics_stay_small_whatever_was_answered(app: FastAPI) -> None:
    metrics = Metrics()
    every = answers(app.openapi())
    assert len(every) > 2 * MOST_ANSWERS
    for answer in (*every, *every):
        metrics.note_answer(*answer, seconds=0.004)
    metrics.note_tasks({f"task {number}": True for number in range(MOST_TASKS)})
    places = (f"{'p' * 20}-{number}" for number in range(MOST_PLACES))
    metrics.note_projections(
        [
            Standing("gaps_of_communes", place, 10**6, 10**6, "running", None, None, utc_now())
            for place in places
        ],
        {},
    )
    text = metrics.text()
    assert len(text) < MOST_BYTES
    counted = [
        float(line.rpartition(b" ")[2])
        for line in text.splitlines()
        if line.startswith(b"giaoviec_http_requests_total")
    ]
    assert sum(counted) == 2 * len(every)
    assert b"_created" not in text
    assert b'area="/v1/{ledger}/tasks"' in text
    assert b'route="others"' in text
