"""Samples: what the demo loads, in order, and the figures it reads back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

from service.demo.files import File
from service.demo.ha_noi import figures as ha_noi
from service.demo.ha_noi import story as ha_noi_story
from service.demo.hoa_binh import figures as hoa_binh
from service.demo.hoa_binh import places, story
from service.demo.queries import Figures
from service.demo.steps import Chain, Province
from service.demo.tuyen_quang import figures as tuyen_quang
from service.demo.tuyen_quang import province, province_2021, put_right
from service.demo.tuyen_quang.places import PROVINCE as TUYEN_QUANG
from service.demo.vinh_phuc import figures as vinh_phuc
from service.demo.vinh_phuc import story as vinh_phuc_story
from service.demo.vinh_phuc.places import PROVINCE as VINH_PHUC


@dataclass(frozen=True, slots=True)
class Sample:
    """A ledger's files and commands.

    Attributes:
        title: the title of its progress bar.
        stages: the files and chains of commands; each stage follows when the previous one is done.
        read_figures: reads its figures from the service, by name.
    """

    title: str
    province: Province
    stages: Callable[[], Sequence[Sequence[Chain | File]]]
    read_figures: Callable[[httpx.AsyncClient, str], Awaitable[Figures]]

    def size(self) -> int:
        """Return the number of its commands and rows."""
        return sum(
            part.rows if isinstance(part, File) else len(part.steps)
            for stage in self.stages()
            for part in stage
        )


def _tuyen_quang() -> list[Sequence[Chain | File]]:
    return [*province.stages(), *put_right.stages()]


async def _read_tuyen_quang(http: httpx.AsyncClient, token: str) -> Figures:
    reports = await tuyen_quang.read_figures(http, token)
    return reports | await put_right.read_figures(http, token)


def _hoa_binh() -> list[Sequence[Chain | File]]:
    return [
        [places.official_list()],
        *story.stages(),
        [places.conversion()],
        *story.stages_after(),
    ]


SAMPLES = (
    Sample("Tuyên Quang, 2019 to 2021", TUYEN_QUANG, _tuyen_quang, _read_tuyen_quang),
    Sample(
        "Tuyên Quang, province-wide, from files",
        province_2021.PROVINCE,
        lambda: [[file] for file in province_2021.files()],
        province_2021.read_figures,
    ),
    Sample("Hoà Bình, 2023 to 2025", places.PROVINCE, _hoa_binh, hoa_binh.read_figures),
    Sample("Vĩnh Phúc, 2021 and 2022", VINH_PHUC, vinh_phuc_story.stages, vinh_phuc.read_figures),
    Sample("Hà Nội, 2023", ha_noi_story.PROVINCE, ha_noi_story.stages, ha_noi.read_figures),
)
