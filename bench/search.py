"""Search over HTTP in 100,000 tasks: one reader types words as yet unfinished, another a phrase.

Titles and goals are put together from words that reports use: some stand in one task in three, some
in a few. Every kind of thing is searched, and 600 officials are known by name.
"""

import asyncio
import random
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import asyncpg
import httpx

from bench import sample_log
from bench.command import Load, serving
from bench.harness import Contender, Figures, Result, Rounds
from bench.load import Shot
from domain.kernel import Event
from domain.tasks.events import CompletionConfirmed, TaskRegistered
from projections.projection import Projection
from projections.search.citations import CITATIONS
from projections.search.index import SEARCH_POSTS, SEARCH_TASKS, SEARCH_UNITS
from service.database.engine import create_pool
from service.read_models.rebuild import prepare, rebuild

LEDGER = "bench"
TASKS = 100_000
OFFICIALS = 600
AT_ONCE = 16
ENDED_OF = 3
P50 = "ms"
SECONDS = 2.0

DEEDS = (
    "Xây dựng", "Chấm dứt", "Nâng cấp", "Sắp xếp", "Hoàn thành", "Di dời", "Đẩy mạnh", "Rà soát",
    "Giải quyết", "Huy động", "Tháo dỡ", "Số hóa", "Cải tạo", "Vận động", "Kiểm tra",
)  # fmt: skip
OBJECTS = (
    "lò gạch thủ công", "nhà văn hóa thôn", "đường bê tông nông thôn", "cụm công nghiệp",
    "bãi rác tạm", "công trình thủy lợi", "trạm y tế đạt chuẩn", "hồ sơ đất đai tồn đọng",
    "chợ trung tâm", "trường đạt chuẩn quốc gia", "nhà tạm, nhà dột nát", "vùng trồng cam",
    "thủ tục hành chính", "dự án chậm tiến độ", "hợp tác xã kiểu mới", "khu du lịch sinh thái",
    "đơn thư khiếu nại kéo dài", "nguồn nước sạch", "mỏ cát trái phép", "cán bộ dôi dư",
)  # fmt: skip
SYLLABLES = (
    "Hòa",
    "Bình",
    "Yên",
    "Sơn",
    "Hàm",
    "Thái",
    "Long",
    "Minh",
    "Tân",
    "Phú",
    "Đức",
    "Ninh",
    "Trung",
    "Môn",
    "Xuân",
    "Vân",
    "Kiến",
    "Thiết",
    "Hùng",
    "Lợi",
    "Quý",
    "Quân",
    "Lực",
    "Hành",
    "Nhữ",
    "Khê",
    "Thắng",
    "Quan",
    "Mỹ",
    "Bằng",
    "Tứ",
    "Quận",
    "Đội",
    "Cấn",
    "Lang",
    "Quán",
    "Thượng",
    "Ấm",
    "Đông",
    "Thọ",
)
MARKS = ("đầu năm", "trước mùa mưa", "giai đoạn 2021-2025", "theo kế hoạch", "đúng tiến độ", "")

PHRASES = (
    '"lò gạch thủ công"', '"trạm y tế" Hòa Bình', "công trình thủy lợi", '"nha van hoa"',
    '"xã Đội Cấn"', "Tháo dỡ mỏ cát trái phép", '"cam xây dựng"', '"12-QĐ/TU"',
)  # fmt: skip
PREFIXES = (
    "lò gạ", "nâng cấp trạ", "xa doi c", "hoà bì", "x", "xây d", "khu du lịch s", "Thượng Ấ",
)  # fmt: skip


def tasks() -> Iterator[Event]:
    """The registration of each task, and for one in three how it ended; the same in every run."""
    chance = random.Random(2021)  # noqa: S311  a sample, not a secret

    def sentence() -> str:
        place = " ".join(chance.sample(SYLLABLES, 2))
        deed, what = chance.choice(DEEDS), chance.choice(OBJECTS)
        return f"{deed} {what} tại xã {place} {chance.choice(MARKS)}".strip()

    for number in range(TASKS):
        registered, *_, confirmed = sample_log.life(number)
        if isinstance(registered, TaskRegistered) and isinstance(confirmed, CompletionConfirmed):
            goal = ". ".join(sentence() for _ in range(2))
            proposal = sample_log.PROPOSAL.model_copy(update={"title": sentence(), "goal": goal})
            yield registered.model_copy(update={"proposal": proposal})
            if number % ENDED_OF == 0:
                yield confirmed


async def register_officials(host: str, port: int, token: str) -> None:
    chance, gate = random.Random(2021), asyncio.Semaphore(AT_ONCE)  # noqa: S311  a sample
    day = (sample_log.FIRST_DAY + timedelta(days=400)).isoformat()
    async with httpx.AsyncClient(
        base_url=f"http://{host}:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:

        async def register(number: int) -> None:
            name = " ".join(["Nguyễn", *chance.sample(SYLLABLES, 2)])
            said = {"official_id": f"named-{number}", "full_name": name, "effective_on": day}
            async with gate:
                reply = await client.post(f"/v1/{LEDGER}/officials/register", json=said)
                reply.raise_for_status()

        await asyncio.gather(*map(register, range(OFFICIALS)))


async def index(url: str) -> None:
    """The log, and the index of it."""
    owner = await asyncpg.connect(url)
    try:
        await sample_log.store(owner, LEDGER, tasks())
    finally:
        await owner.close()
    searched: tuple[Projection, ...] = (SEARCH_TASKS, SEARCH_UNITS, SEARCH_POSTS, *CITATIONS)
    async with await create_pool(url, size=4) as pool:
        for projection in searched:
            await prepare(pool, projection)
            await rebuild(pool, projection)


async def run(url: str) -> list[Result]:
    """How long one reader waits, in the median, for the first 50 hits."""
    await index(url)
    async with serving(url) as (host, port, token):
        await register_officials(host, port, token)
        load = await Load.start()

        def asking(questions: tuple[str, ...]) -> Contender:
            paths = [f"/v1/{LEDGER}/search?{urlencode({'q': said})}" for said in questions]
            shot = Shot(host, port, paths, token, connections=1, seconds=SECONDS)

            async def fire() -> Figures:
                score = await load.fire(shot)
                if score.refused:
                    raise RuntimeError(f"{score.refused} requests were refused")
                return {P50: score.p50_ms}

            return fire

        turns = await Rounds({"prefixes": asking(PREFIXES), "phrases": asking(PHRASES)}).run()
        await load.end()
    return [
        turns.figure("search_prefix_p50_ms", "prefixes", P50, target=20, at_most=True),
        turns.figure("search_phrase_p50_ms", "phrases", P50, target=20, at_most=True),
    ]
