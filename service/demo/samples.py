"""Samples: what the demo loads, in order, and the figures it reads back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from service.demo.hoa_binh import figures as hoa_binh
from service.demo.hoa_binh import places, story
from service.demo.loading import Loader
from service.demo.queries import Figures
from service.demo.steps import Chain, Client, Province
from service.demo.tuyen_quang import figures as tuyen_quang
from service.demo.tuyen_quang import province, province_2021
from service.demo.tuyen_quang.places import PROVINCE as TUYEN_QUANG
from service.demo.uploads import File, Uploader

Stages: TypeAlias = Sequence[Sequence[Chain]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A ledger's files and commands.

    Attributes:
        title: the title of its progress bar.
        files: the files sent before the commands.
        stages: the commands; each stage follows when the previous one is done.
        files_after: the files sent after the commands.
        stages_after: the commands that follow these files.
        read_figures: reads its figures from the service, by name.
    """

    title: str
    province: Province
    read_figures: Callable[[httpx.AsyncClient, str], Awaitable[Figures]]
    files: Callable[[], Sequence[File]] = tuple
    stages: Callable[[], Stages] = tuple
    files_after: Callable[[], Sequence[File]] = tuple
    stages_after: Callable[[], Stages] = tuple

    def size(self) -> int:
        """Return the number of its commands and rows."""
        stages = (*self.stages(), *self.stages_after())
        steps = sum(len(chain.steps) for stage in stages for chain in stage)
        return steps + sum(file.rows for file in (*self.files(), *self.files_after()))

    async def load(
        self,
        http: httpx.AsyncClient,
        tokens: Mapping[Client, str],
        advance: Callable[[int], None],
    ) -> None:
        """Load the sample, or complete what an earlier run left unfinished.

        Raises:
            SampleRefused: the service refused a command or a row.
        """
        uploader = Uploader(http, tokens, self.province, advance)
        await uploader.send(self.files())
        loader = Loader(http, tokens, self.province, advance)
        await loader.load(self.stages())
        await uploader.send(self.files_after())
        await loader.load(self.stages_after())


async def _province_2021(http: httpx.AsyncClient, token: str) -> Figures:
    return {"province_2021": await province_2021.read_figures(http, token)}


SAMPLES = (
    Sample(
        "Tuyên Quang, 2019 to 2021", TUYEN_QUANG, tuyen_quang.read_figures, stages=province.stages
    ),
    Sample(
        "Tuyên Quang, province-wide, from files",
        province_2021.PROVINCE,
        _province_2021,
        files=province_2021.files,
    ),
    Sample(
        "Hoà Bình, 2023 to 2025",
        places.PROVINCE,
        hoa_binh.read_figures,
        files=places.files,
        stages=story.stages,
        files_after=places.files_after,
        stages_after=story.stages_after,
    ),
)
