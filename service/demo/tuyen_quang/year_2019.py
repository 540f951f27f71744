"""2019: 25 tasks of 25 officials in 21 posts; ten of them ordered to settle old cases (A4, B2, B3).

Nine of those ten long-standing cases were settled, among them the brick kilns of Hàm Yên. Which
one was left, the report does not say: here it is the one of Sơn Dương's chairman.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.tasks.proposal import Indicator
from domain.tasks.term import Year
from domain.values import Basis
from service.demo.organisation import DEPARTMENTS
from service.demo.steps import Chain
from service.demo.tuyen_quang.lives import Life, Matter, one
from service.demo.tuyen_quang.people import CHANGED_IN_2019, chairman, head, holders, secretary
from service.demo.tuyen_quang.places import DISTRICTS

TERM = Year(kind="year", year=2019)
# The reports name no document of 2019.
DECISION = Basis(
    number="Văn bản mẫu 2019",
    issued_on=date(2019, 2, 25),
    issuing_body="Ban Thường vụ Tỉnh ủy Tuyên Quang",
)
KILNS = "2019-lo-gach-ham-yen"
ASSIGNED_ON = date(2019, 3, 1)
SUCCESSORS_ASSIGNED_ON = date(2019, 8, 1)
CASE = one("cases_resolved", "Vụ việc tồn đọng kéo dài được giải quyết", "vụ việc")

ORDERED_FROM = {
    secretary("na-hang"): "Giải quyết vướng mắc về đền bù, di dân tái định cư công trình thủy điện "
    "Tuyên Quang",
    secretary("chiem-hoa"): "Giải quyết vướng mắc về đền bù công trình thủy điện Chiêm Hóa",
    secretary("yen-son"): "Giải quyết vướng mắc trong giải phóng mặt bằng một số công trình huyện "
    "Yên Sơn",
    secretary("ham-yen"): "Giải quyết vụ việc tồn đọng kéo dài trên địa bàn huyện Hàm Yên",
    secretary("son-duong"): "Giải quyết vụ việc tồn đọng kéo dài trên địa bàn huyện Sơn Dương",
    chairman("na-hang"): "Giải phóng mặt bằng xây dựng các công trình tại huyện Na Hang",
    chairman("chiem-hoa"): "Giải quyết vụ việc tồn đọng kéo dài trên địa bàn huyện Chiêm Hóa",
    chairman("son-duong"): "Giải quyết vướng mắc kéo dài về đền bù trên địa bàn huyện Sơn Dương",
    head("so-tai-nguyen-moi-truong"): "Giải quyết vướng mắc kéo dài về bồi thường, đất đai",
}
UNSETTLED = chairman("son-duong")


def chains() -> list[Chain]:
    """The 25 tasks: 10 ordered, 15 registered by officials themselves."""
    return [_kilns().chain(), *_ordered(), *_registered()]


def _kilns() -> Life:
    """98 kilns in the district, 92 of them in one commune, gone in three months (B20 to B22)."""
    district = DISTRICTS["ham-yen"]
    matter = Matter(
        title="Xóa bỏ lò gạch thủ công tại xã Thái Sơn và trên địa bàn huyện Hàm Yên",
        goal="Chấm dứt hoạt động và tháo dỡ toàn bộ lò gạch thủ công; theo lộ trình của tỉnh, việc "
        "này phải xong trong năm 2017.",
        field="environment",
        kinds=("backlog", "hard"),
        indicators=(
            _count("kilns_ham_yen", f"Lò gạch thủ công đã tháo dỡ, huyện {district}", 98),
            _count("kilns_thai_son", "Trong đó: tại xã Thái Sơn", 92),
            CASE,
        ),
    )
    post_id = chairman("ham-yen")
    life = Life(KILNS, post_id, matter, TERM, DECISION).commissioned(date(2019, 2, 25))
    life.assigned(ASSIGNED_ON, holders(post_id, ASSIGNED_ON)[0]).planned(date(2019, 3, 8))
    return life.reported(
        date(2019, 4, 15),
        "Đã gặp từng chủ lò; đề xuất và được Thường trực Huyện ủy Hàm Yên thống nhất hỗ trợ mỗi hộ "
        "tháo dỡ 5.000.000 đồng/lò và chuyển đổi nghề nghiệp.",
    ).completed(
        date(2019, 6, 1),
        "Sau ba tháng đã tháo dỡ toàn bộ 98 lò, trong đó xã Thái Sơn 92 lò; đã san lấp, hoàn thổ.",
        confirmed_on=date(2019, 6, 20),
    )


def _ordered() -> Iterator[Chain]:
    for post_id, title in ORDERED_FROM.items():
        matter = Matter(
            title=title,
            goal="Giải quyết dứt điểm vụ việc tồn đọng kéo dài.",
            field="land",
            kinds=("backlog", "hard"),
            indicators=(CASE,),
        )
        life = Life(f"2019-dat-hang-{post_id}", post_id, matter, TERM, DECISION)
        life.commissioned(date(2019, 2, 25))
        life.assigned(ASSIGNED_ON, holders(post_id, ASSIGNED_ON)[0]).planned(date(2019, 3, 15))
        if post_id == UNSETTLED:
            life.reported(date(2019, 12, 15), "Đã đối thoại; chưa thống nhất được phương án.", 40)
        else:
            life.completed(
                date(2019, 12, 10),
                "Đã đối thoại, thống nhất chủ trương; vụ việc được giải quyết.",
                confirmed_on=date(2019, 12, 20),
            )
        yield life.chain()


def _registered() -> Iterator[Chain]:
    """Eleven posts; where one changed hands, both holders had a task of their own."""
    for unit_id in list(DEPARTMENTS)[1:12]:
        first = _department(unit_id, ASSIGNED_ON)
        if unit_id not in CHANGED_IN_2019:
            yield first.reported(date(2019, 12, 15), "Đã có kết quả cụ thể.", 60).chain()
            continue
        yield first.completed(
            date(2019, 6, 14), "Đã hoàn thành.", confirmed_on=date(2019, 6, 25)
        ).chain()
        second = _department(unit_id, SUCCESSORS_ASSIGNED_ON)
        yield second.reported(date(2019, 12, 15), "Đã có kết quả cụ thể.", 50).chain()


def _department(unit_id: str, assigned_on: date) -> Life:
    """The task of whoever headed the department on that day, up to its plan."""
    post_id = head(unit_id)
    official_id = holders(post_id, assigned_on)[0]
    matter = Matter(
        title=f"Việc đột phá năm 2019: {DEPARTMENTS[unit_id]}",
        goal="Tạo chuyển biến rõ rệt trong lĩnh vực phụ trách.",
        field=unit_id.replace("-", "_"),
        kinds=("breakthrough",),
    )
    month = assigned_on.month
    life = Life(f"2019-{unit_id}-{month:02d}", post_id, matter, TERM, DECISION)
    life.registered(date(2019, month - 1, 10), official_id, approved_on=date(2019, month - 1, 26))
    return life.assigned(assigned_on, official_id).planned(date(2019, month, 20))


def _count(code: str, name: str, target: int) -> Indicator:
    return Indicator(code=code, name=name, target=Decimal(target), measure="lò")
