"""Lists, whichever they are: page by page they give the whole, each item once and in order."""

from typing import Any

import pytest
from fastapi import FastAPI

from projections import LISTINGS
from projections.listing import Listing
from service.http.reads.columns import columns_of
from service.http.reads.lists import page_of
from service.http.reads.query import LONGEST_PAGE
from service.language import Language
from tests.service.http.lists import LISTS, UNPAGED, addressed, described_lists
from tests.service.http.yen_son import Reader

FEWEST = 3


def test_no_list_is_left_out(app: FastAPI) -> None:
    described = described_lists(app.openapi())
    assert described.keys() == {f"/v1/{{ledger}}{path}" for path in LISTS} | UNPAGED
    for path, operation in described.items():
        asked = {parameter["name"] for parameter in operation.get("parameters", ())}
        assert ({"cursor", "limit", "format"} <= asked) == (path not in UNPAGED), path


@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("path", LISTS)
async def test_a_list_read_page_by_page_is_the_whole_list(
    busy_ledger: Reader, path: str, limit: int
) -> None:
    whole = await busy_ledger.reads(addressed(path), **LISTS[path], limit=LONGEST_PAGE)
    assert whole["next_cursor"] is None
    assert len(whole["items"]) >= FEWEST
    reply = await busy_ledger.says(addressed(path), **LISTS[path], limit=limit)
    found: list[dict[str, Any]] = reply.json()["items"]
    while "next" in reply.links and len(found) <= len(whole["items"]):
        reply = await busy_ledger.client.get(reply.links["next"]["url"])
        assert 1 <= len(reply.json()["items"]) <= limit
        found += reply.json()["items"]
    assert found == whole["items"]


def named(listing: Listing) -> str:
    return listing.name


@pytest.mark.parametrize("listing", LISTINGS, ids=named)
async def test_every_page_is_what_its_list_declares(busy_ledger: Reader, listing: Listing) -> None:
    path = f"/{listing.path}"
    reply = await busy_ledger.says(addressed(path), **LISTS[path])
    page_of(listing).model_validate_json(reply.content)
    assert len(reply.json()["items"]) >= FEWEST


@pytest.mark.parametrize("listing", LISTINGS, ids=named)
def test_every_column_of_a_list_is_headed_in_vietnamese(listing: Listing) -> None:
    english: Language = "en"
    for column in columns_of(listing.row or listing.item):
        assert column.heading("vi").casefold() != column.heading(english).casefold()
