"""Personal record, read: all that is kept of an official, to be handed to that person.

The official reads it in person; for others a body that decides hands it over.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from domain.access.authority import NotRelated
from domain.access.rules import FIELDS
from domain.organisation.organisation import OfficialUnknown
from projections.history import timeline
from projections.organisation.officials import OFFICIALS
from projections.organisation.tenures import TENURES
from projections.put_right import PutRight, marking
from projections.versions import version_of
from service.access.fields import RECORD
from service.http.access import LedgerName, Reader
from service.http.reads.directory import OfficialWithTenures, official
from service.http.reads.fields import readable
from service.http.reads.history import TimelineEvent, as_timeline
from service.http.reads.query import OfDay, Single, described, query_params, refusals, with_ids
from service.http.reads.reading import Reading, as_items
from service.off_loop import off_loop

router = APIRouter()
# No official's record is as long; it is handed over whole.
WHOLE = 10**9


class PersonalRecord(OfficialWithTenures):
    """All that is kept of an official: name, contact, posts, and every event that names the id."""

    events: list[TimelineEvent]


class PersonalRecordReply(Single):
    """One official's record."""

    item: PersonalRecord


async def personal_record(
    request: Request,
    ledger: LedgerName,
    caller: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
    **path: str,
) -> Response:
    """Read it.

    Raises:
        OfficialUnknown: there is none.
        NotRelated: the caller is neither that official nor of a body to which the official belongs.
    """
    official_id = path["official_id"]
    tag = f"official:{official_id}"
    reading = await Reading.of_day(request, ledger, params, (OFFICIALS, TENURES), tag)
    found = await official(reading, official_id, params)
    if found is None:
        raise OfficialUnknown(official_id=official_id)
    if not await readable(reading, RECORD, [official_id]):
        granted = sorted(relation.value for relation in FIELDS[RECORD][caller.role])
        raise NotRelated(action="read_official_record", relation=granted, thing=tag)
    known = min(found.position, reading.until)
    whole = timeline(newest_first=False, continued=False)
    rows = await reading.rows(whole, tag=tag, limit=WHOLE)
    put_right = PutRight(await reading.rows(marking(), tag=tag))
    items = await as_timeline(reading, rows, put_right)
    events = (await off_loop(len(items), as_items, items)).decode()
    [version] = await reading.row(version_of("official"), tag=tag, until=known)
    return reading.single(f'{found.item[:-1]}, "events": [{events}]}}', known, version)


router.add_api_route(
    "/v1/{ledger}/officials/{official_id}/record",
    with_ids(personal_record, OfDay, "official"),
    methods=["GET"],
    operation_id="read_official_record",
    name="read_official_record",
    description="All that is kept of an official, to be handed to that person.",
    tags=["officials"],
    response_model=PersonalRecordReply,
    responses=refusals(OfficialUnknown, NotRelated),
    openapi_extra=described(OfDay),
)
