"""2020: 52 tasks of 22 officials: 5 secretaries, 4 chairmen, 13 directors (B17).

Five of them are those of Yên Sơn (B18, B19): three given to the chairman of the district's People's
Committee; two given to the secretary of its Party committee and handed over when the chairman was
elected secretary. Of the five, two were completed, one went to Tuyên Quang city with the territory
it concerns, and two, given for a period, go on. Which two were completed, the report does not say.
"""

from collections.abc import Iterator
from datetime import date

from domain.tasks.term import Period, Year
from service.demo.organisation import DEPARTMENTS
from service.demo.steps import Chain
from service.demo.tuyen_quang.lives import REGULATION, Life, Matter, one
from service.demo.tuyen_quang.people import chairman, head, holders, secretary
from service.demo.tuyen_quang.places import CITY, DISTRICTS

YEAR = Year(kind="year", year=2020)
PERIOD = Period(kind="period", from_on=date(2020, 1, 1), to_on=date(2025, 12, 31))
REGISTERED_ON = date(2020, 5, 21)
APPROVED_ON = date(2020, 5, 24)
ASSIGNED_ON = date(2020, 5, 25)
PLANNED_ON = date(2020, 5, 29)
OFFERED_ON = date(2020, 6, 5)
HANDED_OVER_ON = date(2020, 6, 10)
TRANSFERRED_ON = date(2020, 9, 1)
HANDED_OVER = ("2020-yen-son-ban-giao-1", "2020-yen-son-ban-giao-2")

OFFICES = (
    *(secretary(district) for district in (CITY, "lam-binh", "na-hang", "ham-yen")),
    *(chairman(district) for district in ("ham-yen", "chiem-hoa", "son-duong")),
    *(head(unit_id) for unit_id in list(DEPARTMENTS)[:13]),
)
TASKS_BESIDE_YEN_SON = 47
# The first task of these offices is one that the reports name.
NAMED = {
    secretary(CITY): ("Xây dựng thành phố Tuyên Quang đạt tiêu chí đô thị loại II", "urban"),
    secretary("lam-binh"): (
        "Xây dựng trung tâm huyện Lâm Bình đạt tiêu chí đô thị loại V",
        "urban",
    ),
    secretary("na-hang"): ("Giải phóng mặt bằng thi công các dự án ở huyện Na Hang", "land"),
}


def chains() -> list[Chain]:
    """The 52 tasks."""
    return [*_own(), *_taken_over(), *_others()]


def elected() -> str:
    """The official of Yên Sơn: chairman until June 2020, secretary since."""
    return holders(chairman("yen-son"), ASSIGNED_ON)[0]


def predecessor() -> str:
    """The secretary of Yên Sơn until June 2020."""
    return holders(secretary("yen-son"), ASSIGNED_ON)[0]


def _own() -> Iterator[Chain]:
    """The three tasks of the chairman, who keeps them as secretary."""
    post_id, official_id = chairman("yen-son"), elected()
    resort = _clearance("Giải phóng mặt bằng phát triển Khu du lịch suối khoáng Mỹ Lâm")
    yield (
        _registered("2020-yen-son-my-lam", post_id, official_id, resort, PERIOD)
        .transferred(
            TRANSFERRED_ON,
            chairman(CITY),
            "Điều chuyển địa giới hành chính của huyện: địa bàn Mỹ Lâm về thành phố Tuyên Quang.",
        )
        .chain()
    )
    cemetery = _clearance("Giải phóng mặt bằng Công viên nghĩa trang ở xã Lăng Quán")
    waste = _clearance(
        "Giải phóng mặt bằng mở rộng khu xử lý rác và giải quyết các vấn đề liên quan "
        "tại xã Nhữ Khê"
    )
    for task_id, matter, done_on in (
        ("2020-yen-son-lang-quan", cemetery, date(2020, 11, 16)),
        ("2020-yen-son-nhu-khe", waste, date(2020, 12, 4)),
    ):
        life = _registered(task_id, post_id, official_id, matter, YEAR)
        yield life.completed(
            done_on, "Đã giải phóng xong mặt bằng.", confirmed_on=date(2020, 12, 15)
        ).chain()


def _taken_over() -> Iterator[Chain]:
    """The two tasks of the predecessor, who leaves the post before they are handed over."""
    for number, task_id in enumerate(HANDED_OVER, start=1):
        matter = _clearance(
            f"Giải phóng mặt bằng các dự án ở huyện {DISTRICTS['yen-son']}: nhóm {number}"
        )
        life = _registered(task_id, secretary("yen-son"), predecessor(), matter, PERIOD)
        life.handed_over(OFFERED_ON, HANDED_OVER_ON, elected())
        yield life.reported(
            date(2020, 12, 15), "Đang tiếp tục thực hiện theo lộ trình.", 30
        ).chain()


def _others() -> Iterator[Chain]:
    """47 tasks of the other 20: three each for the first seven, two each for the rest."""
    for index, post_id in enumerate(OFFICES):
        official_id = holders(post_id, ASSIGNED_ON)[0]
        third = TASKS_BESIDE_YEN_SON - 2 * len(OFFICES) > index
        for number in range(1, 4 if third else 3):
            yield _other(post_id, official_id, number)


def _other(post_id: str, official_id: str, number: int) -> Chain:
    title, field = NAMED.get(post_id, ("", "")) if number == 1 else ("", "")
    matter = Matter(
        title=title or f"Việc đột phá số {number}, giai đoạn 2020-2025",
        goal="Giải quyết việc khó, việc tồn tại của địa bàn, lĩnh vực phụ trách.",
        field=field or "breakthrough",
        kinds=("breakthrough", "hard"),
    )
    life = _registered(f"2020-{post_id}-{number}", post_id, official_id, matter, PERIOD)
    life.reported(date(2020, 12, 15), "Đang thực hiện theo lộ trình.", 25)
    if field == "urban":
        life.completed(date(2021, 5, 14), "Đã đạt tiêu chí đô thị.", confirmed_on=date(2021, 5, 31))
    return life.chain()


def _registered(
    task_id: str, post_id: str, official_id: str, matter: Matter, term: Year | Period
) -> Life:
    """A task chosen and registered by the official, up to its plan."""
    life = Life(task_id, post_id, matter, term, REGULATION)
    life.registered(REGISTERED_ON, official_id, approved_on=APPROVED_ON)
    return life.assigned(ASSIGNED_ON, official_id).planned(PLANNED_ON)


def _clearance(title: str) -> Matter:
    return Matter(
        title=title,
        goal="Giải quyết vướng mắc kéo dài về đất đai và đền bù; bàn giao mặt bằng.",
        field="land",
        kinds=("hard", "backlog"),
        indicators=(one("sites_cleared", "Mặt bằng được bàn giao", "công trình"),),
    )
