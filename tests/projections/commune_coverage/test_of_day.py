"""Whatever happens to communes, what is read of a day is what a recount of the events gives."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel import Event
from projections.commune_coverage.communes import COMMUNE_MONITORS, COMMUNES_BY_COVERAGE
from projections.commune_coverage.gaps import COVERAGE_GAPS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.of_day import CoverageBucket, counted, coverage
from projections.commune_coverage.trend import COVERAGE_TREND, with_the_others
from projections.commune_coverage.uncovered_days import UNCOVERED_DAYS
from projections.listing import page
from projections.projection import SCHEMA
from service.read_models.rebuild import verify
from service.read_models.tables import ReadTable
from tests.projections.answers import fetched, items
from tests.projections.commune_lives import FIRST_DAY, territories
from tests.projections.conftest import Recorder
from tests.projections.recount_of_communes import communes as recounted

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
batches = st.sampled_from([1, 3, 500])
NONE: frozenset[str] = frozenset()
ONE_DAY = timedelta(days=1)


def decisive(events: Sequence[Event]) -> list[date]:
    """The days on which something changes, and those beside them."""
    return sorted({event.effective_on + n * ONE_DAY for event in events for n in (-1, 0, 1)})


def every_day(events: Sequence[Event]) -> Iterator[date]:
    """Every day from before the first event to after the last."""
    last = events[-1].effective_on + ONE_DAY
    for number in range((last - FIRST_DAY).days + 2):
        yield FIRST_DAY + (number - 1) * ONE_DAY


async def recorded(recorder: Recorder, events: Sequence[Event], batch: int) -> str:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    return ledger


@EXAMPLES
@given(events=territories(), batch=batches)
async def test_on_every_day_every_commune_has_one_monitor_or_one_gap(
    recorder: Recorder, events: list[Event], batch: int
) -> None:
    ledger = await recorded(recorder, events, batch)
    for day in decisive(events):
        listed = await items(recorder, ledger, page(COMMUNES_BY_COVERAGE), as_of=day)
        assert len(listed) == len({item["unit_id"] for item in listed})
        assert {
            item["unit_id"]: tuple(
                item[name] for name in (
                    "name", "district_id", "official_id", "agency_id", "cause", "last_official"
                )
            )
            for item in listed
        } == {name: tuple(commune) for name, commune in recounted(events, day).items()}  # fmt: skip
        assert all(item["covered"] == (item["cause"] is None) for item in listed)


@EXAMPLES
@given(events=territories(), batch=batches)
async def test_covered_and_gaps_are_all_communes(
    recorder: Recorder, events: list[Event], batch: int
) -> None:
    ledger = await recorded(recorder, events, batch)
    for day in decisive(events):
        by_hand = recounted(events, day).values()
        monitored = Counter(one.official_id for one in by_hand if one.official_id is not None)
        rows = await fetched(recorder, ledger, counted(NONE), as_of=day)
        figures = coverage(CoverageBucket(*row[1:]) for row in rows)
        assert figures["communes"] == len(by_hand)
        assert figures["covered"] == monitored.total()
        assert figures["uncovered"] == len(by_hand) - monitored.total()
        assert figures["officials"] == len(monitored)
        assert figures["with_two_or_more"] == sum(n > 1 for n in monitored.values())
        listed = await items(recorder, ledger, page(COMMUNE_MONITORS), as_of=day, at_least=2)
        assert {one["official_id"]: one["number_of_communes"] for one in listed} == {
            name: n for name, n in monitored.items() if n > 1
        }


@EXAMPLES
@given(events=territories(), batch=batches)
async def test_the_days_without_a_monitor_are_those_of_the_gaps(
    recorder: Recorder, events: list[Event], batch: int
) -> None:
    ledger = await recorded(recorder, events, batch)
    days = list(every_day(events))
    asked = {"from_on": days[0], "to_on": days[-1]}
    stood = [recounted(events, day) for day in days]
    by_commune = Counter(name for day in stood for name in day)
    bare = Counter(name for day in stood for name, one in day.items() if one.official_id is None)
    rows = await items(recorder, ledger, page(UNCOVERED_DAYS, by="commune"), **asked)
    assert {row["group"]: row["commune_days"] for row in rows} == by_commune
    assert (
        +Counter({row["group"]: row["commune_days"] - row["monitored_days"] for row in rows})
        == bare
    )
    listed = await items(recorder, ledger, page(COVERAGE_GAPS), **asked)
    lasted: Counter[str] = Counter()
    for gap in listed:
        lasted[gap["unit_id"]] += gap["days"]
    assert lasted == bare
    districts = Counter(one.district_id for day in stood for one in day.values())
    rows = await items(recorder, ledger, page(UNCOVERED_DAYS, by="district"), **asked)
    assert {row["group"]: row["commune_days"] for row in rows} == districts


@EXAMPLES
@given(events=territories(), batch=batches, district=st.sampled_from([None, "d1"]))
async def test_every_point_of_the_trend_is_what_its_day_gives(
    recorder: Recorder, events: list[Event], batch: int, district: str | None
) -> None:
    ledger = await recorded(recorder, events, batch)
    days = decisive(events)
    filters = {} if district is None else {"district": district}
    asked = {**filters, "days": days, "from_on": days[0], "to_on": days[-1], "limit": len(days)}
    points = await items(recorder, ledger, page(COVERAGE_TREND, frozenset(filters)), **asked)
    for day, point in zip(days, with_the_others(points, asked), strict=True):
        by_hand = [
            one for one in recounted(events, day).values() if district in {None, one.district_id}
        ]
        monitors = [one.official_id for one in by_hand if one.official_id is not None]
        assert point["on"] == day.isoformat()
        assert (point["communes"], point["covered"], point["uncovered"], point["officials"]) == (
            len(by_hand), len(monitors), len(by_hand) - len(monitors), len(set(monitors)),
        )  # fmt: skip


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(events=territories(), batch=batches)
async def test_a_new_fold_of_the_log_gives_the_same_rows(
    recorder: Recorder, events: list[Event], batch: int
) -> None:
    ledger = await recorded(recorder, events, batch)
    found = await verify(recorder.pool, COMMUNE_COVERAGE)
    assert [one.differing for one in found if one.ledger == ledger] == [()]
    async with recorder.pool.acquire() as connection:
        digest = await ReadTable(COMMUNE_COVERAGE, SCHEMA).digest(connection, ledger)
    assert digest == next(one.digest for one in found if one.ledger == ledger)
