"""Search: tasks, officials, units, posts and documents by words, as one list, the best first."""

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Request
from pydantic import Field

from projections.filters import LONGEST_SEARCH, SearchWords
from projections.listing import Described, ListItem, Shown
from projections.marks import text_value, whole_value
from projections.organisation.officials import OFFICIALS
from projections.search.hits import SEARCHED
from projections.search.questions import Match, Place, Sought
from service.http.reads.exporting import Exported
from service.http.reads.lists import serve_pages
from service.http.reads.query import OfDay, UpToDate
from service.http.reads.reading import Reading, Reply, as_items, total_of
from service.search import BEGINNING, OFFICIAL, Hit, Mark

router = APIRouter()

KINDS = ("task", OFFICIAL, "unit", "post", "document")
ONE_KIND = f"({'|'.join(KINDS)})"
# There are never so many tiers as letters.
TIER = partial(whole_value, most=LONGEST_SEARCH - 1)
Kind: TypeAlias = Literal["task", "official", "unit", "post", "document"]


class Question(UpToDate, Exported):
    """What is sought, among what."""

    q: Annotated[
        SearchWords,
        Field(
            description='Words, of which the last may be unfinished, and phrases in "quotation '
            'marks". Case, marks and where the tone is written make no difference to what is '
            "found; with marks, what has the same marks comes first.",
            examples=["lò gạch", "dinh cong", '"Bí thư Huyện ủy"'],
        ),
    ]
    kinds: Annotated[
        str,
        Field(
            pattern=f"^{ONE_KIND}(,{ONE_KIND}){{0,4}}$",
            description="Among things of these kinds, after one another with commas.",
        ),
    ] = ",".join(KINDS)


class SearchHit(ListItem):
    """Something found, under the name it has now.

    `match` says how: the words as one `phrase`, all the `words`, or the last only as the `prefix`
    of a word; `place` where: in the `title`, or not only there but in the `text` of what else is
    said of it; `spelled` whether with the marks that were asked for. `ended` is what is completed,
    cancelled, rejected, carried over, closed or abolished. A document has its number as title, and
    the ids of what it is cited for: up to 20 each of tasks, units, posts, officials, regulations,
    kinds of units. One cited for a tenure names the official and the post.
    """

    kind: Kind
    id: str
    title: str
    ended: Annotated[bool, Shown(vi="Đã kết thúc")]
    match: Annotated[Match, Shown(vi="Cách khớp")]
    place: Annotated[Place, Shown(vi="Nơi khớp")]
    spelled: Annotated[bool, Shown(vi="Khớp cả dấu")]
    unit_id: str | None
    issued_on: date | None
    issuing_body: str | None
    task_ids: Annotated[list[str] | None, Shown(vi="Các mã việc")]
    unit_ids: Annotated[list[str] | None, Shown(vi="Các mã đơn vị")]
    post_ids: Annotated[list[str] | None, Shown(vi="Các mã chức danh")]
    official_ids: Annotated[list[str] | None, Shown(vi="Các mã cán bộ")]
    regulation_ids: Annotated[list[str] | None, Shown(vi="Các mã quy định")]
    cycle_ids: Annotated[list[str] | None, Shown(vi="Các mã chu kỳ xếp loại")]
    unit_kind_ids: Annotated[list[str] | None, Shown(vi="Các mã loại đơn vị")]


async def _hits(request: Request, ledger: str, params: Question, _: str) -> Reply:
    kinds = sorted(set(params.kinds.split(",")))
    projections = [of for kind in kinds for of in SEARCHED.get(kind, (OFFICIALS,))]
    day = OfDay(min_position=params.min_position)
    source = request.app.state.service.sources.primary
    reading = await Reading.of_day(request, ledger, day, projections, source=source)
    parsers = (TIER, _truth, text_value, text_value)
    reading = reading.at("search", params, None, parsers)
    after = Mark(*reading.mark) if reading.mark else BEGINNING
    matches = await reading.service.search.find(
        ledger, Sought.of(params.q), kinds, reading.as_of, after, params.limit + 1
    )
    shown = matches.hits[: params.limit]
    mark = _marked(shown[-1].mark) if len(matches.hits) > params.limit else None
    items = as_items([_item(hit) for hit in shown])
    further = ""
    if params.count:
        sought = Sought.of(params.q)
        further = total_of(await reading.service.search.count(ledger, sought, kinds, reading.as_of))
    return reading.reply(items, matches.position, mark, further)


def _item(hit: Hit) -> dict[str, Any]:
    tier = hit.tier
    how = {"match": tier.match, "place": tier.place, "spelled": tier.spelled}
    return {**hit.shown, **how}


def _marked(mark: Mark) -> tuple[str, ...]:
    return (str(mark.tier), str(mark.ended).lower(), mark.id, mark.kind)


def _truth(text: str) -> bool:
    """A mark's truth.

    Raises:
        ValueError: it is none.
    """
    if text not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return text == "true"


SEARCH = Described(
    name="search",
    operation="search",
    tag="search",
    answers="What is called so, or of what so is said: tasks, officials, units, posts, documents.",
    page="One page of hits.",
    item=SearchHit,
    filters=Question,
)
serve_pages(router, SEARCH, Question, _hits)
