"""Places: the units of Tuyên Quang as they were in 2019, before any later merger."""

from datetime import date

from domain.organisation.events import UnitEstablished, UnitKind
from domain.organisation.units import NewUnit
from service.demo.steps import Chain, Province, Step

PROVINCE = Province("tuyen-quang", "Tỉnh Tuyên Quang")
COMMITTEE = "ban-thuong-vu-tinh-uy"
FOUNDED_ON = date(2015, 1, 1)

DISTRICTS = {
    "yen-son": "Yên Sơn",
    "ham-yen": "Hàm Yên",
    "na-hang": "Na Hang",
    "lam-binh": "Lâm Bình",
    "chiem-hoa": "Chiêm Hóa",
    "son-duong": "Sơn Dương",
    "thanh-pho": "Tuyên Quang",
}
CITY = "thanh-pho"

COMMUNES = {
    "xa-thai-son": ("Xã Thái Sơn", "ham-yen"),
    "xa-lang-quan": ("Xã Lăng Quán", "yen-son"),
    "xa-nhu-khe": ("Xã Nhữ Khê", "yen-son"),
}

DEPARTMENTS = {
    "so-tai-nguyen-moi-truong": "Sở Tài nguyên và Môi trường",
    "so-noi-vu": "Sở Nội vụ",
    "so-ke-hoach-dau-tu": "Sở Kế hoạch và Đầu tư",
    "so-tai-chinh": "Sở Tài chính",
    "so-nong-nghiep": "Sở Nông nghiệp và Phát triển nông thôn",
    "so-giao-thong": "Sở Giao thông vận tải",
    "so-xay-dung": "Sở Xây dựng",
    "so-cong-thuong": "Sở Công Thương",
    "so-y-te": "Sở Y tế",
    "so-giao-duc": "Sở Giáo dục và Đào tạo",
    "so-lao-dong": "Sở Lao động - Thương binh và Xã hội",
    "so-van-hoa": "Sở Văn hóa, Thể thao và Du lịch",
    "so-tu-phap": "Sở Tư pháp",
    "so-khoa-hoc": "Sở Khoa học và Công nghệ",
    "so-thong-tin": "Sở Thông tin và Truyền thông",
    "so-ngoai-vu": "Sở Ngoại vụ",
    "thanh-tra-tinh": "Thanh tra tỉnh",
    "ban-dan-toc": "Ban Dân tộc",
}

PARTY_AGENCIES = {
    "ban-to-chuc": "Ban Tổ chức Tỉnh ủy",
    "ban-tuyen-giao": "Ban Tuyên giáo Tỉnh ủy",
    "ban-dan-van": "Ban Dân vận Tỉnh ủy",
    "ban-noi-chinh": "Ban Nội chính Tỉnh ủy",
    "uy-ban-kiem-tra": "Ủy ban Kiểm tra Tỉnh ủy",
    "van-phong-tinh-uy": "Văn phòng Tỉnh ủy",
}

MASS_ORGANISATIONS = {
    "mat-tran": "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
    "lien-doan-lao-dong": "Liên đoàn Lao động tỉnh",
    "hoi-nong-dan": "Hội Nông dân tỉnh",
    "hoi-phu-nu": "Hội Liên hiệp Phụ nữ tỉnh",
    "tinh-doan": "Tỉnh đoàn",
    "hoi-cuu-chien-binh": "Hội Cựu chiến binh tỉnh",
}


def district_name(district: str) -> str:
    """The district with its kind before it, as it stands within a sentence or a title."""
    kind = "thành phố" if district == CITY else "huyện"
    return f"{kind} {DISTRICTS[district]}"


def party_committee_name(district: str) -> str:
    kind = "Thành ủy" if district == CITY else "Huyện ủy"
    return f"{kind} {DISTRICTS[district]}"


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def unit_levels() -> list[list[Chain]]:
    """The units from the province down. A level depends on the levels above it."""
    province = [_unit(PROVINCE.ledger, PROVINCE.name, UnitKind.PROVINCE)]
    provincial = [
        _unit("tinh-uy", "Tỉnh ủy Tuyên Quang", UnitKind.PARTY_COMMITTEE, PROVINCE.ledger),
        _unit(
            "ubnd-tinh",
            "Ủy ban nhân dân tỉnh Tuyên Quang",
            UnitKind.PEOPLES_COMMITTEE,
            PROVINCE.ledger,
        ),
        *(
            _unit(id_, _capital(district_name(id_)), UnitKind.DISTRICT, PROVINCE.ledger)
            for id_ in DISTRICTS
        ),
    ]
    return [province, provincial, [*_agencies(), *_in_districts()]]


def _agencies() -> list[Chain]:
    front, *mass = MASS_ORGANISATIONS.items()
    return [
        _unit(
            COMMITTEE,
            "Ban Thường vụ Tỉnh ủy Tuyên Quang",
            UnitKind.STANDING_COMMITTEE,
            "tinh-uy",
        ),
        *(_unit(*item, UnitKind.DEPARTMENT, "ubnd-tinh") for item in DEPARTMENTS.items()),
        *(_unit(*item, UnitKind.PARTY_AGENCY, "tinh-uy") for item in PARTY_AGENCIES.items()),
        _unit(*front, UnitKind.FRONT, PROVINCE.ledger),
        *(_unit(*item, UnitKind.MASS_ORGANISATION, PROVINCE.ledger) for item in mass),
    ]


def _in_districts() -> list[Chain]:
    units = []
    for district in DISTRICTS:
        people = f"Ủy ban nhân dân {district_name(district)}"
        units += [
            _unit(
                f"huyen-uy-{district}",
                party_committee_name(district),
                UnitKind.PARTY_COMMITTEE,
                district,
            ),
            _unit(f"ubnd-{district}", people, UnitKind.PEOPLES_COMMITTEE, district),
        ]
    for commune, (name, district) in COMMUNES.items():
        units.append(_unit(commune, name, UnitKind.COMMUNE, district))
    return units


def _unit(unit_id: str, name: str, kind: UnitKind, parent_id: str | None = None) -> Chain:
    params = NewUnit(
        unit_id=unit_id, name=name, kind=kind, parent_id=parent_id, effective_on=FOUNDED_ON
    )
    return Chain(f"unit:{unit_id}", (Step("units/establish", params, UnitEstablished),))
