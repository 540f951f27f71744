"""Of the documents cited each is found once, under what cites it first."""

from datetime import date

from domain.kernel import Event
from domain.organisation.events import TenureStarted, UnitEstablished
from domain.record.periods import PeriodAdjusted
from domain.timeline import EventsAnnulled
from domain.values import Basis
from projections.search.citations import CITATIONS
from projections.search.questions import Sought
from service.log.sealing import PersonKeys
from service.search import BEGINNING, SAMPLE, Search
from tests.examples.freeze import domain_events
from tests.projections.conftest import Recorder

DAY = date(2021, 1, 4)


async def test_of_many_documents_each_is_shown_once_whatever_it_is_cited_for(
    recorder: Recorder,
) -> None:
    """More are cited than are looked at first; for tenures many that are not sought."""
    ledger = await recorder.new_ledger()
    events: list[Event] = []
    for number in range(2 * SAMPLE):
        who = {"effective_on": DAY, "official_id": f"o{number}", "post_id": f"p{number}"}
        events.append(TenureStarted.model_validate({**who, "unit_id": "u"}))
        if number % 10 == 0:
            unit = {"effective_on": DAY, "unit_id": f"u{number}", "name": "Xã", "kind": "commune"}
            events.append(UnitEstablished.model_validate(unit))
    sought = [number % 5 == 0 or isinstance(e, UnitEstablished) for number, e in enumerate(events)]
    bodies = ["Ban Thường vụ" if wanted else "Sở Nội vụ" for wanted in sought]
    bases = [
        Basis(number=f"{number // 2 * 2}-QĐ", issued_on=DAY, issuing_body=body)
        for number, body in enumerate(bodies)
    ]
    await recorder.record(ledger, events, bases)
    await recorder.fold(ledger, 500)
    search = Search(recorder.pool, recorder.codec, PersonKeys(recorder.pool, bytes(32)))
    after, seen = BEGINNING, []
    while page := (
        await search.find(ledger, Sought.of("thường vụ"), ("document",), DAY, after, 90)
    ).hits:
        seen += [hit.mark for hit in page]
        after = seen[-1]
    assert seen == sorted(set(seen))
    assert len(seen) == len({basis.number for basis in bases if "Ban" in basis.issuing_body})


def test_whatever_cites_a_document_is_indexed_under_what_it_is_about_first() -> None:
    for name, event in domain_events().items():
        if event in {EventsAnnulled, PeriodAdjusted}:  # which are of several
            continue
        [citing] = [projection for projection in CITATIONS if name in projection.folds]
        assert {part for part, _ in event.TAGGED} >= set(citing.key), name
        assert event.TAGGED[0][0] == citing.key[0], name
