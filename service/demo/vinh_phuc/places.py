"""Places: the province's districts, agencies and departments, and the posts that are assessed."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from domain.organisation.events import UnitKind
from service.demo.files import File, written
from service.demo.organisation import COMMITTEE
from service.demo.steps import Province
from service.imports.file_kinds import FileKind

PROVINCE = Province("vinh-phuc", "Tỉnh Vĩnh Phúc")
FOUNDED_ON, HELD_SINCE = "01/01/2015", "01/01/2021"
TAM_DAO = "tam-dao"
DISTRICTS = {
    "vinh-yen": "Thành phố Vĩnh Yên",
    "phuc-yen": "Thành phố Phúc Yên",
    "binh-xuyen": "Huyện Bình Xuyên",
    "lap-thach": "Huyện Lập Thạch",
    "song-lo": "Huyện Sông Lô",
    TAM_DAO: "Huyện Tam Đảo",
    "tam-duong": "Huyện Tam Dương",
    "vinh-tuong": "Huyện Vĩnh Tường",
    "yen-lac": "Huyện Yên Lạc",
}
PARTY_AGENCIES = {
    "ban-to-chuc": "Ban Tổ chức Tỉnh ủy",
    "ban-tuyen-giao": "Ban Tuyên giáo Tỉnh ủy",
    "ban-dan-van": "Ban Dân vận Tỉnh ủy",
    "ban-noi-chinh": "Ban Nội chính Tỉnh ủy",
    "uy-ban-kiem-tra": "Ủy ban Kiểm tra Tỉnh ủy",
    "van-phong-tinh-uy": "Văn phòng Tỉnh ủy",
    "truong-chinh-tri": "Trường Chính trị tỉnh",
}
FRONT = {"mat-tran": "Ủy ban Mặt trận Tổ quốc tỉnh"}
UNIONS = {
    "lien-doan-lao-dong": "Liên đoàn Lao động tỉnh",
    "hoi-phu-nu": "Hội Liên hiệp Phụ nữ tỉnh",
    "tinh-doan": "Tỉnh đoàn",
    "hoi-nong-dan": "Hội Nông dân tỉnh",
    "hoi-cuu-chien-binh": "Hội Cựu chiến binh tỉnh",
}
DEPARTMENTS_OF_2021 = {
    "so-giao-duc": "Sở Giáo dục và Đào tạo",
    "so-ke-hoach": "Sở Kế hoạch và Đầu tư",
    "so-tai-chinh": "Sở Tài chính",
    "so-tai-nguyen": "Sở Tài nguyên và Môi trường",
    "so-xay-dung": "Sở Xây dựng",
    "so-y-te": "Sở Y tế",
}
DEPARTMENTS_OF_2022 = {
    **DEPARTMENTS_OF_2021,
    "so-cong-thuong": "Sở Công Thương",
    "so-nong-nghiep": "Sở Nông nghiệp và Phát triển nông thôn",
    "so-giao-thong": "Sở Giao thông vận tải",
    "so-khoa-hoc": "Sở Khoa học và Công nghệ",
    "so-lao-dong": "Sở Lao động - Thương binh và Xã hội",
    "so-noi-vu": "Sở Nội vụ",
}
# Each kind of unit with what its file calls it.
UNITS: Mapping[UnitKind, tuple[str, Mapping[str, str]]] = {
    UnitKind.DISTRICT: ("Huyện", DISTRICTS),
    UnitKind.PARTY_AGENCY: ("Cơ quan Đảng", PARTY_AGENCIES),
    UnitKind.FRONT: ("Mặt trận", FRONT),
    UnitKind.MASS_ORGANISATION: ("Đoàn thể", UNIONS),
    UnitKind.DEPARTMENT: ("Sở", DEPARTMENTS_OF_2022),
}
Row: TypeAlias = Mapping[str, str]


class Head(NamedTuple):
    """A post that is assessed, and who holds it."""

    unit_id: str
    post_id: str
    title: str
    official_id: str


def heads() -> list[Head]:
    """Of a district both the secretary and the chair, of other units the head."""
    posts: list[tuple[str, str, str]] = []
    for district, name in DISTRICTS.items():
        posts += [
            (district, f"bi-thu-{district}", f"Bí thư cấp ủy {name}"),
            (district, f"chu-tich-{district}", f"Chủ tịch Ủy ban nhân dân {name}"),
        ]
    for kind, (_, units) in UNITS.items():
        if kind is not UnitKind.DISTRICT:
            posts += [(unit, f"dung-dau-{unit}", f"Người đứng đầu {units[unit]}") for unit in units]
    return [Head(*post, f"can-bo-{number:03}") for number, post in enumerate(posts, start=1)]


def files() -> list[File]:
    """The files in the order in which they build on one another, the same on every run."""
    tables = {
        FileKind.UNITS: _units(),
        FileKind.POSTS: _posts(),
        FileKind.OFFICIALS: _officials(),
    }
    return [File(kind, f"{kind.value}.csv", written(rows)) for kind, rows in tables.items()]


def _units() -> Iterator[Row]:
    yield _unit(PROVINCE.ledger, PROVINCE.name, "Tỉnh", parent="")
    yield _unit(COMMITTEE, "Ban Thường vụ Tỉnh ủy Vĩnh Phúc", "Ban thường vụ")
    for kind, units in UNITS.values():
        for unit_id, name in units.items():
            yield _unit(unit_id, name, kind)


def _unit(unit_id: str, name: str, kind: str, parent: str = PROVINCE.ledger) -> Row:
    return {
        "Mã đơn vị": unit_id,
        "Tên đơn vị": name,
        "Loại đơn vị": kind,
        "Trực thuộc": parent,
        "Có hiệu lực từ": FOUNDED_ON,
    }


def _posts() -> Iterator[Row]:
    for head in heads():
        yield {
            "Mã chức danh": head.post_id,
            "Đơn vị": head.unit_id,
            "Chức danh": head.title,
            "Loại chức danh": "leader",
            "Cơ quan quản lý": COMMITTEE,
            "Số lượng": "1",
            "Có hiệu lực từ": FOUNDED_ON,
        }


def _officials() -> Iterator[Row]:
    for head in heads():
        yield {
            "Mã cán bộ": head.official_id,
            "Họ và tên": f"Cán bộ {head.official_id[-3:]}",
            "Mã chức danh": head.post_id,
            "Giữ chức vụ từ": HELD_SINCE,
        }
