"""Search over HTTP in 100,000 tasks: one reader types words as yet unfinished, another a phrase.

Titles and goals are put together from words that reports use: some stand in one task in three, some
in a few. Every kind of thing is searched, and 600 officials are known by name. Beside it the same
questions are put to PostgreSQL's own full-text index, and to LIKE.
"""

import asyncio
import random
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import asyncpg
import httpx

from bench import full_text, sample_log
from bench.command import P50, Load
from bench.harness import Contender, Result, Rounds
from bench.listing import serving
from bench.load import Shot
from domain.kernel import Event
from domain.tasks.events import CompletionConfirmed, TaskRegistered
from projections.projection import Projection
from projections.search.citations import CITATIONS
from projections.search.index import SEARCH_POSTS, SEARCH_TASKS, SEARCH_UNITS
from service.access.roles import Role
from service.database.engine import create_pool
from service.read_models.rebuild import prepare, rebuild

LEDGER = "bench"
TASKS = 100_000
OFFICIALS = 600
AT_ONCE = 16
ENDED_OF = 3
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
QUESTIONS = {"prefixes": PREFIXES, "phrases": PHRASES}
OURS, FULL_TEXT, LIKE = "ours", "full-text index", "LIKE"
ROOMS = {OURS: "v1", FULL_TEXT: "full-text", LIKE: "like"}


def sentence(chance: random.Random) -> str:
    """A sentence of words that reports use."""
    place = " ".join(chance.sample(SYLLABLES, 2))
    deed, what = chance.choice(DEEDS), chance.choice(OBJECTS)
    return f"{deed} {what} tại xã {place} {chance.choice(MARKS)}".strip()


def tasks() -> Iterator[Event]:
    """The registration of each task, and for one in three how it ended; the same in every run."""
    chance = random.Random(2021)  # noqa: S311  a sample, not a secret
    for number in range(TASKS):
        registered, *_, confirmed = sample_log.life(number)
        if isinstance(registered, TaskRegistered) and isinstance(confirmed, CompletionConfirmed):
            goal = ". ".join(sentence(chance) for _ in range(2))
            said = {"title": sentence(chance), "goal": goal}
            proposal = sample_log.PROPOSAL.model_copy(update=said)
            yield registered.model_copy(update={"proposal": proposal})
            if number % ENDED_OF == 0:
                yield confirmed


def officials() -> list[tuple[str, str]]:
    """Their ids and names."""
    chance = random.Random(2021)  # noqa: S311  a sample, not a secret
    return [
        (f"named-{number}", " ".join(["Nguyễn", *chance.sample(SYLLABLES, 2)]))
        for number in range(OFFICIALS)
    ]


async def register_officials(host: str, port: int, token: str) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    day = (sample_log.FIRST_DAY + timedelta(days=400)).isoformat()
    async with httpx.AsyncClient(
        base_url=f"http://{host}:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:

        async def register(official_id: str, full_name: str) -> None:
            body = {"official_id": official_id, "full_name": full_name, "effective_on": day}
            async with gate:
                reply = await client.post(f"/v1/{LEDGER}/officials/register", json=body)
                reply.raise_for_status()

        await asyncio.gather(*(register(*official) for official in officials()))


async def index(url: str) -> None:
    """The log, the index of it, and the plain table of the same texts."""
    owner = await asyncpg.connect(url)
    try:
        await sample_log.store(owner, LEDGER, tasks())
        async with await create_pool(url, size=4) as pool:
            searched: tuple[Projection, ...]
            searched = (SEARCH_TASKS, SEARCH_UNITS, SEARCH_POSTS, *CITATIONS)
            for projection in searched:
                await prepare(pool, projection)
                await rebuild(pool, projection)
        await full_text.fill(owner, LEDGER, officials())
    finally:
        await owner.close()


async def agree(host: str, port: int, token: str) -> None:
    """Pass only if the full-text index finds as much, up to a page.

    Raises:
        RuntimeError: it does not; then it means nothing which is faster.
    """
    async with httpx.AsyncClient(
        base_url=f"http://{host}:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:
        for question in (*PREFIXES, *PHRASES):
            numbers = []
            for contender in (OURS, FULL_TEXT):
                reply = await client.get(_path(contender, question))
                numbers.append(len(reply.raise_for_status().json()["items"]))
            if len(set(numbers)) > 1:
                raise RuntimeError(f"{question}: found {numbers} by ours and by theirs")


def _path(contender: str, question: str) -> str:
    return f"/{ROOMS[contender]}/{LEDGER}/search?{urlencode({'q': question})}"


async def run(url: str) -> list[Result]:
    """How long one reader waits, in the median, for the first 50 hits."""
    await index(url)
    async with serving(url, full_text.with_postgresql, Role.AUTHORITY) as (host, port, token):
        await register_officials(host, port, token)
        await agree(host, port, token)
        load = await Load.start()

        def asking(contender: str, questions: tuple[str, ...]) -> Contender:
            paths = [_path(contender, question) for question in questions]
            return load.firing(Shot(host, port, paths, token, connections=1, seconds=SECONDS))

        turns = await Rounds(
            {
                f"{kind}, {contender}": asking(contender, questions)
                for kind, questions in QUESTIONS.items()
                for contender in ROOMS
            }
        ).run()
        await load.end()

    def times(name: str, kind: str, other: str, target: float) -> Result:
        """How many times as long the other takes."""
        return turns.ratio(name, f"{kind}, {other}", f"{kind}, {OURS}", P50, target=target)

    return [
        times("search_prefix_vs_full_text", "prefixes", FULL_TEXT, 1),
        times("search_phrase_vs_full_text", "phrases", FULL_TEXT, 1),
        times("search_prefix_vs_like", "prefixes", LIKE, 2),
        times("search_phrase_vs_like", "phrases", LIKE, 2),
    ]
