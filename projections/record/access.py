"""Access: who was refused, and who read or took away what is about persons; it is beside the log.

What is of no ledger, such as a token for all of them, stands in the record of each.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, DateTime, Integer, Text, cast, column, func, or_, table
from sqlalchemy.dialects.postgresql import ARRAY, array

from domain.access.authority import NotRelated
from projections.filters import Filters, Instant, Printable, TokenId, Word, where
from projections.history import UNTIL
from projections.listing import Listing, ListItem, Shown
from projections.record.events import instant_text
from projections.statement import LEDGER

INSTANT = DateTime(timezone=True)
ENTRIES = table(
    "record",
    column("entry", BigInteger),
    column("recorded_at", INSTANT),
    column("in_ledger", Text),
    column("position", BigInteger),
    *(column(name, Text) for name in ("action", "form", "outcome", "problem")),
    column("subjects", ARRAY(Text)),
    *(column(name, Text) for name in ("actor", "token_id", "role", "official_id")),
    column("units", ARRAY(Text)),
    *(column(name, Text) for name in ("address", "request_id")),
    column("times", Integer),
    schema="access",
)


class AccessEntry(ListItem):
    """What somebody did or was refused, of whom, from where, and when by both clocks.

    `position`: of the log that the answer contained, or at which the log stood. `times` is more
    than one where refusals alike were counted within a minute; of these `recorded_at` is the
    beginning.
    """

    entry: Annotated[int, Shown(vi="Số mục")]
    recorded_at: Annotated[datetime, Shown(instant_text(ENTRIES.c.recorded_at), vi="Ghi nhận lúc")]
    position: Annotated[int | None, Shown()]
    action: Annotated[
        str, Shown(vi="Hành động"), Field(description="Its name in the table of rules.")
    ]
    form: Annotated[str | None, Shown(vi="Dạng tệp")]
    outcome: Annotated[
        Literal["allowed", "refused"], Shown(vi="Kết quả"), Field(description="What came of it.")
    ]
    problem: Annotated[str | None, Shown(vi="Lý do từ chối")]
    subjects: Annotated[list[str], Shown(vi="Về đối tượng")]
    actor: Annotated[
        str | None,
        Shown(vi="Người thực hiện"),
        Field(description="Who did it, as events name it; null where no valid token was sent."),
    ]
    token_id: Annotated[
        str | None, Shown(vi="Mã truy cập"), Field(description="By which token or identity.")
    ]
    role: Annotated[str | None, Shown(vi="Vai trò"), Field(description="The role of the token.")]
    official_id: Annotated[
        str | None, Shown(), Field(description="The official whom the token names.")
    ]
    units: Annotated[list[str], Shown(vi="Thay mặt các đơn vị")]
    address: Annotated[
        str | None, Shown(vi="Địa chỉ mạng"), Field(description="From where it was asked.")
    ]
    request_id: Annotated[str | None, Shown(vi="Mã yêu cầu")]
    times: Annotated[int, Shown(vi="Số lần")]


class AccessFilters(Filters):
    """Whose accesses, to what, and when."""

    actor: Printable | None = where(
        ENTRIES.c.actor, "Of this one, such as `official:official-017` or `client:portal-1`."
    )
    token_id: TokenId | None = where(ENTRIES.c.token_id, "By the token or identity of this id.")
    action: Word | None = where(
        ENTRIES.c.action, "Such as `read_official`: an action of the table of rules."
    )
    subject: str | None = where(
        lambda subject: ENTRIES.c.subjects.contains(cast(array([subject]), ARRAY(Text))),
        "About this one, by its tag, such as `official:official-017`.",
        pattern=r"^[a-z]+:[a-z0-9][a-z0-9._-]{0,63}$",
    )
    outcome: Literal["allowed", "refused"] | None = where(
        ENTRIES.c.outcome, "Only what was allowed, or what was refused."
    )
    recorded_from: Instant | None = where(
        lambda instant: ENTRIES.c.recorded_at >= instant,
        "At this instant or later (RFC 3339).",
        of=INSTANT,
        argument=datetime.fromisoformat,
    )
    recorded_before: Instant | None = where(
        lambda instant: ENTRIES.c.recorded_at < instant,
        "Before this instant (RFC 3339).",
        of=INSTANT,
        argument=datetime.fromisoformat,
    )
    sort: Annotated[
        Literal["-entry", "entry"],
        Field(description="By the order of writing; a minus turns it round."),
    ] = "-entry"


ACCESS_RECORD = Listing(
    name="access-record",
    tag="record",
    answers="Who was refused, and who read or took away what is about persons: by which token, "
    "from where, and when. Officials see it of themselves, with `subject`.",
    page="One page of the access record, the last written first.",
    item=AccessEntry,
    filters=AccessFilters,
    refusals=(NotRelated,),
    projections=(),
    table=ENTRIES,
    holds=(
        or_(ENTRIES.c.in_ledger == LEDGER, ENTRIES.c.in_ledger.is_(None)),
        func.coalesce(ENTRIES.c.position, 0) <= UNTIL,
    ),
    order={"entry": ("entry",)},
)
