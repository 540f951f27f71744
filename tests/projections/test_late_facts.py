"""Whatever is recorded late, annulled or replaced, the rows are those that a rebuild makes."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.values import Basis
from service.read_models import events as log_events
from service.read_models.bulk import Bulk
from service.read_models.events import Counts, by_kind
from service.read_models.rebuild import SCRATCH
from service.read_models.tables import ReadTable
from tests.projections.conftest import Recorder
from tests.projections.out_of_order import CITED, RECORDS, RECORDS_OF_PAPERS, Record

BASIS = Basis.model_validate_json(CITED)
EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],  # every try takes a second: what fails is not made smaller
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


async def differing(recorder: Recorder, ledger: str) -> list[tuple[str, Sequence[str]]]:
    """The projections whose rows are not those of a new fold of the log, and which rows."""
    found = []
    live = {table.projection: table for table in recorder.tables}
    async with recorder.pool.acquire() as reader, recorder.pool.acquire() as writer:
        head = await recorder.log.head(ledger)
        recorded = await Counts().up_to(reader, ledger, head)
        for kind in by_kind(live):
            scratch = [ReadTable(projection, SCRATCH) for projection in kind]
            async with writer.transaction():
                for table in scratch:
                    await table.create(writer)
                await Bulk(reader, writer, scratch).load(ledger, head, recorded)
            for table in scratch:
                difference = await live[table.projection].compare(writer, table, ledger)
                await table.drop(writer)
                found.append((table.name, difference.things))
    return [one for one in found if one[1]]


LOGS = settings(EXAMPLES, max_examples=12)
SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=5)
CHUNKS = st.sampled_from([2, 5, log_events.CHUNK_EVENTS])


@EXAMPLES
@given(record=RECORDS, sizes=SIZES, chunk=CHUNKS)
async def test_batches_of_any_size_make_the_rows_that_a_rebuild_makes(
    recorder: Recorder,
    record: Record,
    sizes: list[int],
    chunk: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_events, "CHUNK_EVENTS", chunk)
    await are_as_rebuilt(recorder, record, sizes)


@LOGS
@given(record=RECORDS_OF_PAPERS, sizes=SIZES, chunk=CHUNKS)
async def test_papers_make_the_rows_that_a_rebuild_makes(
    recorder: Recorder,
    record: Record,
    sizes: list[int],
    chunk: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_events, "CHUNK_EVENTS", chunk)
    await are_as_rebuilt(recorder, record, sizes)


async def are_as_rebuilt(recorder: Recorder, record: Record, sizes: list[int]) -> None:
    ledger = await recorder.new_ledger()
    for number, events in enumerate(record.appends):
        await recorder.record(ledger, events, [BASIS] * len(events))
        if number % 3 == 0:
            await recorder.fold(ledger, sizes[number % len(sizes)])
    await recorder.fold(ledger, sizes[0])
    assert await differing(recorder, ledger) == []
