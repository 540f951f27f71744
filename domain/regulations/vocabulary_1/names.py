"""Names: a name that a file uses must be one that it gives, and gives once."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from difflib import get_close_matches

from domain.regulations.files.checking import Told
from domain.regulations.files.faults import Path


def unknown(path: Path, name: str, known: Iterable[str], what: tuple[str, str]) -> Told:
    """That there is no such name, and which known one is nearest to it."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    vietnamese, english = f"không có {what[0]} «{name}»", f"there is no {what[1]} `{name}`"
    if near:
        return Told(path, f"{vietnamese}; có phải «{near[0]}»?", f"{english}; is it `{near[0]}`?")
    return Told(path, vietnamese, english)


def repeated(part: str, names: Iterable[Hashable], what: tuple[str, str]) -> Iterator[Told]:
    """Those that stand in the list twice."""
    seen: Counter[Hashable] = Counter()
    for at, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            shown = " ".join(filter(None, map(str, name))) if isinstance(name, tuple) else name
            yield Told(
                (part, at),
                f"{what[0]} «{shown}» được nêu hai lần",
                f"{what[1]} `{shown}` is given twice",
            )
