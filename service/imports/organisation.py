"""The organisation's files: units, posts and who manages them, officials and what they hold."""

from collections.abc import Iterator, Mapping

from domain.organisation.events import UnitKind
from domain.organisation.officials import RegisterOfficial
from domain.organisation.posts import CreatePost
from domain.organisation.tenures import Appoint
from domain.organisation.units import EstablishUnit
from service.access.roles import Permission
from service.imports.cell_parsers import (
    Cell,
    choice,
    day,
    fold,
    reference,
    slug,
    text,
    truth,
    whole,
)
from service.imports.layout import Column, Kind, Step, Values, basis, cited, given

LONGEST_KIND = 40

UNIT_WORDS: Mapping[UnitKind, tuple[str, ...]] = {
    UnitKind.PROVINCE: ("tỉnh", "thành phố trực thuộc Trung ương"),
    UnitKind.DISTRICT: ("huyện", "quận", "thị xã", "thành phố"),
    UnitKind.COMMUNE: ("xã",),
    UnitKind.WARD: ("phường",),
    UnitKind.TOWN: ("thị trấn",),
    UnitKind.DEPARTMENT: ("sở", "sở, ban, ngành", "ban, ngành"),
    UnitKind.DIVISION: ("phòng",),
    UnitKind.PARTY_COMMITTEE: ("đảng bộ", "cấp ủy", "tỉnh ủy", "huyện ủy", "đảng ủy"),
    UnitKind.STANDING_COMMITTEE: ("ban thường vụ",),
    UnitKind.PARTY_AGENCY: ("cơ quan Đảng", "ban Đảng"),
    UnitKind.PEOPLES_COUNCIL: ("hội đồng nhân dân", "HĐND"),
    UnitKind.PEOPLES_COMMITTEE: ("ủy ban nhân dân", "UBND"),
    UnitKind.FRONT: ("mặt trận", "Mặt trận Tổ quốc"),
    UnitKind.MASS_ORGANISATION: ("đoàn thể", "tổ chức chính trị - xã hội"),
    UnitKind.CENTRAL_VERTICAL_AGENCY: ("ngành dọc", "cơ quan ngành dọc Trung ương"),
    UnitKind.PUBLIC_SERVICE: ("đơn vị sự nghiệp",),
    UnitKind.ENTERPRISE: ("doanh nghiệp",),
}
UNIT_KINDS = {
    fold(word): kind.value for kind, words in UNIT_WORDS.items() for word in (kind.value, *words)
}
EFFECTIVE_ON = Column(
    "effective_on",
    ("Có hiệu lực từ", "Ngày có hiệu lực", "Effective on"),
    day,
    place="effective_on",
)
DOCUMENT = basis("document_", "văn bản", "document")


def word(cell: Cell) -> str:
    """A class of the province's own, such as `district_party_secretary`."""
    return slug(text(cell), "_", LONGEST_KIND)


def _unit(values: Values) -> Iterator[Step]:
    unit_id = values.get("unit_id") or slug(values["name"])
    said = given(
        unit_id=unit_id,
        name=values["name"],
        kind=values["kind"],
        code=values.get("code"),
        parent_id=values.get("parent"),
        effective_on=values.get("effective_on"),
        basis=cited(values),
    )
    yield Step("establish", EstablishUnit, "unit", unit_id, Permission.ORGANISE, said)


def _post(values: Values) -> Iterator[Step]:
    post_id = values.get("post_id") or slug(f"{values['title']} {values['unit']}")
    said = given(
        post_id=post_id,
        unit_id=values["unit"],
        title=values["title"],
        kind=values["kind"],
        managed_by=values["managed_by"],
        heads_unit=values.get("heads_unit"),
        seats=values.get("seats"),
        effective_on=values.get("effective_on"),
        basis=cited(values),
    )
    yield Step("create", CreatePost, "post", post_id, Permission.ORGANISE, said)


def _official(values: Values) -> Iterator[Step]:
    official_id, since = values["official_id"], values.get("held_since")
    said = given(
        official_id=official_id,
        full_name=values["full_name"],
        contact=values.get("contact"),
        effective_on=values.get("effective_on") or since,
    )
    yield Step("register", RegisterOfficial, "official", official_id, Permission.ORGANISE, said)
    if "post" in values:
        appointment = given(official_id=official_id, effective_on=since, basis=cited(values))
        verb = f"appoint {official_id}"
        yield Step(verb, Appoint, "post", values["post"], Permission.ORGANISE, appointment)


UNITS = Kind(
    "units",
    (
        Column("unit_id", ("Mã đơn vị", "Mã", "Id"), reference, place="unit_id"),
        Column("name", ("Tên đơn vị", "Tên", "Unit"), required=True, place="name"),
        Column(
            "kind",
            ("Loại đơn vị", "Loại", "Kind"),
            choice(UNIT_KINDS, (words[0] for words in UNIT_WORDS.values())),
            required=True,
            place="kind",
        ),
        Column("code", ("Mã số", "Mã hành chính", "Code"), place="code"),
        Column(
            "parent",
            ("Đơn vị cấp trên", "Trực thuộc", "Parent id"),
            reference,
            place="parent_id",
        ),
        EFFECTIVE_ON,
        *DOCUMENT,
    ),
    steps=_unit,
)
POSTS = Kind(
    "posts",
    (
        Column("post_id", ("Mã chức danh", "Mã", "Id"), reference, place="post_id"),
        Column(
            "unit", ("Đơn vị", "Mã đơn vị", "Unit id"), reference, required=True, place="unit_id"
        ),
        Column("title", ("Chức danh", "Tên chức danh", "Post"), required=True, place="title"),
        Column("kind", ("Loại chức danh", "Loại"), word, required=True, place="kind"),
        Column(
            "managed_by",
            ("Cơ quan quản lý", "Diện quản lý", "Managed by"),
            reference,
            required=True,
            place="managed_by",
        ),
        Column("heads_unit", ("Đứng đầu đơn vị", "Người đứng đầu", "Head"), truth),
        Column("seats", ("Số lượng", "Số người", "Holders"), whole, place="seats"),
        EFFECTIVE_ON,
        *DOCUMENT,
    ),
    steps=_post,
)
OFFICIALS = Kind(
    "officials",
    (
        Column("official_id", ("Mã cán bộ", "Mã", "Id"), reference, required=True),
        Column("full_name", ("Họ và tên", "Họ tên", "Name"), required=True, place="full_name"),
        Column("contact", ("Liên hệ", "Điện thoại", "Thư điện tử"), place="contact"),
        Column("post", ("Chức danh", "Mã chức danh", "Post id"), reference, place="post_id"),
        Column(
            "held_since", ("Giữ chức vụ từ", "Ngày bổ nhiệm", "Since"), day, place="effective_on"
        ),
        EFFECTIVE_ON,
        *DOCUMENT,
    ),
    steps=_official,
)
