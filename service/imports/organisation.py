"""Layouts of the organisation: units, posts and who manages them, officials and their tenures."""

from collections.abc import Iterator, Mapping

from domain.organisation.events import OfficialRegistered, PostCreated, UnitEstablished
from domain.organisation.officials import RegisterOfficial
from domain.organisation.posts import CreatePost
from domain.organisation.tenures import Appoint
from domain.organisation.unit_kinds import DEFAULT_KINDS
from domain.organisation.units import EstablishUnit
from service.imports.cell_parsers import (
    ID,
    Cell,
    boolean,
    by_word,
    choice,
    day,
    label,
    made,
    reference,
    slug,
    text,
    whole,
)
from service.imports.layout import (
    Column,
    RowLayout,
    Step,
    Values,
    cited_document,
    document_columns,
    without_none,
)
from service.imports.reading.words import normalise

LONGEST_KIND = 40

# Of the default catalogue; a kind that a ledger declared is written by its id.
UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    kind.kind: kind.names for kind in DEFAULT_KINDS.values()
}
UNIT_KIND_BY_WORD = by_word(UNIT_WORDS)
WORD_OF_KIND = choice(UNIT_WORDS)
EFFECTIVE_ON = Column("effective_on", ("Có hiệu lực từ", "Ngày có hiệu lực", "Effective on"), day)
DOCUMENT = document_columns("document_", "văn bản", "document")


def category(cell: Cell) -> str:
    """A category of the province's own, such as `district_party_secretary`."""
    return made(text(cell), "_", LONGEST_KIND)


def unit_kind(cell: Cell) -> object:
    """The kind that a word of the default catalogue means; an id of another as it stands."""
    written = text(cell).strip()
    is_declared = ID.fullmatch(written) and normalise(written) not in UNIT_KIND_BY_WORD
    return written if is_declared else WORD_OF_KIND(cell)


def _unit(values: Values) -> Iterator[Step]:
    unit_id = values.get("unit_id") or slug(values["name"])
    params = {**UNITS.params(values), "unit_id": unit_id}
    yield Step(
        "establish",
        EstablishUnit,
        "unit",
        unit_id,
        params,
        recorded=(UnitEstablished,),
        made_from=None if "unit_id" in values else values["name"],
        name=values["name"],
    )


def _post(values: Values) -> Iterator[Step]:
    post_id = values.get("post_id") or slug(f"{values['title']} {values['unit']}")
    params = {**POSTS.params(values), "post_id": post_id}
    yield Step(
        "create",
        CreatePost,
        "post",
        post_id,
        params,
        recorded=(PostCreated,),
        made_from=None if "post_id" in values else values["title"],
        name=values["title"],
    )


def _official(values: Values) -> Iterator[Step]:
    official_id, since = values["official_id"], values.get("held_since")
    params = without_none(
        official_id=official_id,
        full_name=values["full_name"],
        contact=values.get("contact"),
        effective_on=values.get("effective_on") or since,
    )
    yield Step(
        "register",
        RegisterOfficial,
        "official",
        official_id,
        params,
        recorded=(OfficialRegistered,),
        same=("full_name", "contact"),
        name=values["full_name"],
    )
    if "post" in values:
        appointment = without_none(
            official_id=official_id, effective_on=since, basis=cited_document(values)
        )
        verb = f"appoint {official_id}"
        yield Step(verb, Appoint, "post", values["post"], appointment)


UNITS = RowLayout(
    "units",
    (
        Column("unit_id", ("Mã đơn vị", "Mã", "Id"), reference),
        Column("name", ("Tên đơn vị", "Tên", "Unit"), required=True),
        Column("kind", ("Loại đơn vị", "Loại", "Kind"), unit_kind, required=True),
        Column("code", ("Mã số", "Mã hành chính", "Code"), label),
        Column(
            "parent",
            ("Đơn vị cấp trên", "Trực thuộc", "Parent id"),
            reference,
            path="parent_id",
            refers_to="unit",
        ),
        EFFECTIVE_ON,
        *DOCUMENT,
    ),
    steps=_unit,
    names="unit",
    day="effective_on",
)
POSTS = RowLayout(
    "posts",
    (
        Column("post_id", ("Mã chức danh", "Mã", "Id"), reference),
        Column(
            "unit",
            ("Đơn vị", "Mã đơn vị", "Unit id"),
            reference,
            required=True,
            path="unit_id",
            refers_to="unit",
        ),
        Column("title", ("Chức danh", "Tên chức danh", "Post"), required=True),
        Column("kind", ("Loại chức danh", "Loại"), category, required=True),
        Column(
            "managed_by",
            ("Cơ quan quản lý", "Diện quản lý", "Managed by"),
            reference,
            required=True,
            refers_to="unit",
        ),
        Column("heads_unit", ("Đứng đầu đơn vị", "Người đứng đầu", "Head"), boolean),
        Column("seats", ("Số lượng", "Số người", "Holders"), whole),
        EFFECTIVE_ON,
        *DOCUMENT,
    ),
    steps=_post,
    names="post",
    day="effective_on",
)
OFFICIALS = RowLayout(
    "officials",
    (
        Column("official_id", ("Mã cán bộ", "Mã", "Id"), reference, required=True, path=""),
        Column("full_name", ("Họ và tên", "Họ tên", "Name"), required=True),
        Column("contact", ("Liên hệ", "Điện thoại", "Thư điện tử"), label),
        Column(
            "post",
            ("Chức danh", "Mã chức danh", "Post id"),
            reference,
            path="post_id",
            refers_to="post",
        ),
        Column(
            "held_since", ("Giữ chức vụ từ", "Ngày bổ nhiệm", "Since"), day, path="effective_on"
        ),
        EFFECTIVE_ON,
        *DOCUMENT,
    ),
    steps=_official,
    names="official",
)
