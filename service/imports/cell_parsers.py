"""Forms: how offices write numbers, days, terms and choices. What could mean two things is refused.

A dot groups thousands and a comma begins the decimals: 2.101 is two thousand and more, 90,3 is
ninety and a bit. `90.3` is refused: whoever writes it would also write 1.500 for one and a half.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TypeAlias

from domain.tasks.term import Period, Year, Yearly
from service.imports.findings import NotUnderstood, Words

Cell: TypeAlias = str | Decimal | date | bool
Reader: TypeAlias = Callable[[Cell], object]

LONGEST_ID = 64
DIGEST_LENGTH = 10
SPACES = "[ \u00a0\u202f]"
NUMBER = re.compile(
    rf"(?P<sign>[+\-\u2212]?)(?P<whole>[0-9]{{1,3}}(?:(?:\.[0-9]{{3}})+|(?:{SPACES}[0-9]{{3}})+)|[0-9]+)"
    r"(?:,(?P<decimals>[0-9]+))?"
)
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
VIETNAMESE_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
DAY_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2}) nam ([0-9]{4})")
YEAR = re.compile(r"(?:nam )?([0-9]{4})")
YEARLY = re.compile(r"(?:hang nam|yearly|every year)(?: (?:tu|from)(?: nam)? ([0-9]{4}))?")
YEARS = re.compile(r"(?:giai doan |period )?([0-9]{4}) ?(?:-|\u2013|\u2014|den|to) ?([0-9]{4})")
DAYS = re.compile(r"(?:tu |from )?(\S+) ?(?:-|\u2013|\u2014|den|to) (\S+)")
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

TRUE = frozenset({"co", "x", "dung", "yes", "true", "1"})
FALSE = frozenset({"khong", "sai", "no", "false", "0"})


def plain(text: str) -> str:
    """Small letters without tone marks or accents; Đ, and the Ð often typed for it, is d."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("ð", "d"))
    return "".join(letter for letter in bare if unicodedata.category(letter) != "Mn")


def fold(text: str) -> str:
    """The words of a heading or a choice, as they compare."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))


def slug(text: str, joint: str = "-", longest: int = LONGEST_ID) -> str:
    """An id made from a name: the same name gives the same id, on every run."""
    made = fold(text).replace(" ", joint)
    if len(made) <= longest:
        return made
    ending = joint + sha256(made.encode()).hexdigest()[:DIGEST_LENGTH]
    return made[: longest - len(ending)] + ending


def text(cell: Cell) -> str:
    """What a cell says, as text; numbers and days as a Vietnamese office writes them."""
    match cell:
        case bool():
            return "có" if cell else "không"
        case Decimal():
            return written(cell)
        case date():
            return f"{cell:%d/%m/%Y}"
    return cell


def written(number: Decimal) -> str:
    """The number in the Vietnamese form: 2.101; 90,3."""
    whole, _, decimals = f"{number:,f}".partition(".")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def number(cell: Cell) -> Decimal:
    """A number, exactly.

    Raises:
        NotUnderstood: it is none, or its dot may mean two things.
    """
    if isinstance(cell, Decimal):
        return cell
    found = NUMBER.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if found is None:
        raise NotUnderstood(
            Words(f"“{text(cell)}” is not a number", f"“{text(cell)}” không phải là số"),
            Words(
                "write 2.101 for two thousand one hundred and one, and 90,3 for the decimals",
                "viết 2.101 cho hai nghìn một trăm linh một, và 90,3 cho số thập phân",
            ),
        )
    sign = "-" if found["sign"] in {"-", "\u2212"} else ""
    whole = re.sub(r"[^0-9]", "", found["whole"])
    return Decimal(f"{sign}{whole}.{found['decimals'] or ''}")


def whole(cell: Cell) -> int:
    """A whole number.

    Raises:
        NotUnderstood: it is none.
    """
    found = number(cell)
    if found != found.to_integral_value():
        raise NotUnderstood(
            Words(f"{found} is not a whole number", f"{found} không phải số nguyên"),
            Words("write it without decimals", "viết không có phần thập phân"),
        )
    return int(found)


def day(cell: Cell) -> date:
    """A day: 25/12/2021, 2021-12-25, or in words.

    Raises:
        NotUnderstood: it is none that exists.
    """
    if isinstance(cell, date):
        return cell
    said = text(cell).strip()
    try:
        if iso := ISO_DAY.fullmatch(said):
            return date(*map(int, iso.groups()))
        if found := VIETNAMESE_DAY.fullmatch(said):
            return date(int(found[4]), int(found[3]), int(found[1]))
        if found := DAY_IN_WORDS.fullmatch(fold(said)):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass  # no such day: told as any other that cannot be read
    raise NotUnderstood(
        Words(f"“{said}” is not a day that exists", f"“{said}” không phải là ngày có thật"),
        Words(
            "write day/month/year with four digits for the year, such as 25/12/2021",
            "viết ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 25/12/2021",
        ),
    )


def truth(cell: Cell) -> bool:
    """Yes or no.

    Raises:
        NotUnderstood: it is neither.
    """
    if isinstance(cell, bool):
        return cell
    said = fold(text(cell))
    if said in TRUE | FALSE:
        return said in TRUE
    raise NotUnderstood(
        Words(f"“{text(cell)}” is neither yes nor no", f"“{text(cell)}” không phải có hoặc không"),
        Words("write có or không, or x for yes", "viết có hoặc không, hoặc đánh dấu x"),
    )


def term(cell: Cell) -> Year | Yearly | Period:
    """A term: 2021; hằng năm từ 2021; 2021-2025; 01/03/2021 - 30/06/2022.

    Raises:
        NotUnderstood: it is none.
    """
    said = " ".join(plain(str(cell) if isinstance(cell, Decimal) else text(cell)).split())
    if found := YEAR.fullmatch(said):
        return _valid(Year, said, {"kind": "year", "year": int(found[1])})
    if (found := YEARLY.fullmatch(said)) and found[1]:
        return _valid(Yearly, said, {"kind": "yearly", "from_year": int(found[1])})
    if found := YEARS.fullmatch(said):
        first, last = (int(year) for year in found.groups())
        if first <= last:
            return Period(kind="period", from_on=date(first, 1, 1), to_on=date(last, 12, 31))
    elif found := DAYS.fullmatch(said):
        from_on, to_on = day(found[1]), day(found[2])
        return _valid(Period, said, {"kind": "period", "from_on": from_on, "to_on": to_on})
    raise _no_term(said)


def _valid(
    kind: type[Year] | type[Yearly] | type[Period], said: str, facts: Mapping[str, object]
) -> Year | Yearly | Period:
    try:
        return kind.model_validate(facts)
    except ValueError:
        raise _no_term(said) from None


def _no_term(said: str) -> NotUnderstood:
    return NotUnderstood(
        Words(f"“{said}” is not a term", f"“{said}” không phải thời hạn giao việc"),
        Words(
            "write 2021, hằng năm từ 2021, 2021-2025, or 01/03/2021 - 30/06/2022",
            "viết 2021, hằng năm từ 2021, 2021-2025, hoặc 01/03/2021 - 30/06/2022",
        ),
    )


def reference(cell: Cell) -> str:
    """An id as it stands; of a name, the id that is made from it."""
    said = text(cell).strip() if not isinstance(cell, Decimal) else f"{cell:f}"
    return said if ID.fullmatch(said) else slug(said)


def references(cell: Cell) -> tuple[str, ...]:
    """Ids or names, between semicolons or in lines of their own."""
    return tuple(reference(part) for part in parts(cell))


def parts(cell: Cell) -> list[str]:
    """What stands between semicolons or in lines of its own."""
    return [part.strip() for part in re.split(r"[;\n]", text(cell)) if part.strip()]


def choice(of: Mapping[str, str], vietnamese: Iterable[str]) -> Reader:
    """Reads one of the words that stand for a value, and raises NotUnderstood for any other.

    Args:
        of: the values, by folded words.
        vietnamese: the words to be shown to who writes another.
    """
    known = Words(
        f"write one of: {', '.join(sorted(set(of.values())))}",
        f"viết một trong: {', '.join(vietnamese)}",
    )

    def read(cell: Cell) -> str:
        found = of.get(fold(text(cell)))
        if found is None:
            raise NotUnderstood(
                Words(f"“{text(cell)}” is not known here", f"Chưa rõ “{text(cell)}” là gì"),
                known,
            )
        return found

    return read
