"""Cell parsers: numbers, days, terms and choices as offices write them; a doubtful one is refused.

A dot groups thousands and a comma begins the decimals: 2.101 is two thousand and more, 90,3 is
ninety and a bit. `90.3` is refused: whoever writes it would also write 1.500 for one and a half.
`1,234` is refused too: a comma before three digits may group thousands, as English does.

Every parser raises NotUnderstood for a cell that is not what it parses, or may mean two things.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TypeAlias

from domain.tasks.term import Period, Year, Yearly
from service.imports.findings import Message, NotUnderstood
from service.imports.reading.words import normalise, without_marks


class Figure(Decimal):
    """A number of a sheet.

    Attributes:
        shown: what the sheet shows of it; None if its format cannot be told.
        is_grouped: whether thousands are set apart.
    """

    __slots__ = ("is_grouped", "shown")
    shown: str | None
    is_grouped: bool

    @classmethod
    def of(cls, number: str, shown: str | None, *, is_grouped: bool = False) -> "Figure":
        """The figure, as the reader writes it."""
        figure = cls(number)
        figure.shown, figure.is_grouped = shown, is_grouped
        return figure


Cell: TypeAlias = str | Decimal | date | bool
Parser: TypeAlias = Callable[[Cell], object]

LONGEST_ID = 64
DIGEST_LENGTH = 10
SPACES = "[ \u00a0\u202f]"
NUMBER = re.compile(
    rf"(?P<sign>[+\-\u2212]?)(?P<whole>[0-9]{{1,3}}(?:(?:\.[0-9]{{3}})+|(?:{SPACES}[0-9]{{3}})+)|[0-9]+)"
    r"(?:,(?P<decimals>[0-9]+))?"
)
# 0,125 and 1.234,567 and 1234,567 are decimals: no group of thousands is written so.
THOUSANDS_OR_DECIMALS = re.compile(r"[+\-\u2212]?[1-9][0-9]{0,2},[0-9]{3}")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
VIETNAMESE_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
DAY_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2}) nam ([0-9]{4})")
YEAR = re.compile(r"(?:nam )?([0-9]{4})")
YEARLY = re.compile(r"(?:hang nam|yearly|every year)(?: (?:tu|from)(?: nam)? ([0-9]{4}))?")
YEARS = re.compile(r"(?:giai doan |period )?([0-9]{4}) ?(?:-|\u2013|\u2014|den|to) ?([0-9]{4})")
DAYS = re.compile(r"(?:tu |from )?(\S+) ?(?:-|\u2013|\u2014|den|to) (\S+)")
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

# What may be shown of a number that is a code or a telephone.
LABEL = re.compile(r"[+(]?[0-9][0-9 ()\-]*")
AS_TEXT = Message("format the cell as text, and write it anew", "định dạng ô là Text rồi ghi lại")

TRUE = frozenset({"co", "x", "dung", "yes", "true", "1"})
FALSE = frozenset({"khong", "sai", "no", "false", "0"})


def slug(text: str, joint: str = "-", longest: int = LONGEST_ID) -> str:
    """An id made from a name: the same name gives the same id, on every run."""
    words = normalise(text).replace(" ", joint)
    if len(words) <= longest:
        return words
    ending = joint + sha256(words.encode()).hexdigest()[:DIGEST_LENGTH]
    return words[: longest - len(ending)] + ending


def text(cell: Cell) -> str:
    """The cell as text: what the sheet shows of it."""
    match cell:
        case bool():
            return "có" if cell else "không"
        case Figure(shown=str(shown)):
            return shown
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case date():
            return f"{cell:%d/%m/%Y}"
    return cell


def label(cell: Cell) -> str:
    """A code, a telephone or a document number: digits that a spreadsheet takes for a number."""
    digits = text(cell)
    if isinstance(cell, str):
        return digits
    is_told = isinstance(cell, Decimal) and not (isinstance(cell, Figure) and _is_doubtful(cell))
    if is_told and LABEL.fullmatch(digits):
        return digits
    raise NotUnderstood(
        Message(
            f"the sheet keeps it as a number or a day, and shows {digits}",
            f"bảng tính lưu dạng số hoặc ngày, hiển thị {digits}",
        ),
        AS_TEXT,
    )


def _is_doubtful(figure: Figure) -> bool:
    """Whether the sheet shows the number otherwise than by its digits."""
    return figure.shown is None or figure.is_grouped


def format_number(number: Decimal) -> str:
    """The number in the Vietnamese form: 2.101; 90,3."""
    whole, _, decimals = f"{number:,f}".partition(".")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def number(cell: Cell) -> Decimal:
    """A number, exactly."""
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, str) and THOUSANDS_OR_DECIMALS.fullmatch(cell.strip()):
        grouped, decimals = cell.strip().replace(",", "."), f"{cell.strip()}0"
        raise NotUnderstood(
            Message(
                f"“{cell.strip()}” may be thousands or decimals",
                f"“{cell.strip()}” có thể là hàng nghìn hoặc số thập phân",
            ),
            Message(
                f"write {grouped} for thousands, or {decimals} for decimals",
                f"viết {grouped} nếu là hàng nghìn, hoặc {decimals} nếu là số thập phân",
            ),
        )
    match = NUMBER.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        raise NotUnderstood(
            Message(f"“{text(cell)}” is not a number", f"“{text(cell)}” không phải là số"),
            Message(
                "write 2.101 for two thousand one hundred and one, and 90,3 for the decimals",
                "viết 2.101 cho hai nghìn một trăm linh một, và 90,3 cho số thập phân",
            ),
        )
    sign = "-" if match["sign"] in {"-", "\u2212"} else ""
    whole = re.sub(r"[^0-9]", "", match["whole"])
    return Decimal(f"{sign}{whole}.{match['decimals'] or ''}")


def whole(cell: Cell) -> int:
    """A whole number."""
    value = number(cell)
    if value != value.to_integral_value():
        raise NotUnderstood(
            Message(f"{text(cell)} is not a whole number", f"{text(cell)} không phải số nguyên"),
            Message("write it without decimals", "viết không có phần thập phân"),
        )
    return int(value)


def day(cell: Cell) -> date:
    """A day that exists: 25/12/2021, 2021-12-25, or in words."""
    if isinstance(cell, date):
        return cell
    written = text(cell).strip()
    with suppress(ValueError):  # no such day: refused like any other that cannot be read
        if iso := ISO_DAY.fullmatch(written):
            return date(*map(int, iso.groups()))
        if match := VIETNAMESE_DAY.fullmatch(written):
            return date(int(match[4]), int(match[3]), int(match[1]))
        if match := DAY_IN_WORDS.fullmatch(normalise(written)):
            return date(int(match[3]), int(match[2]), int(match[1]))
    raise NotUnderstood(
        Message(f"“{written}” is not a day that exists", f"“{written}” không phải là ngày có thật"),
        Message(
            "write day/month/year with four digits for the year, such as 25/12/2021",
            "viết ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 25/12/2021",
        ),
    )


def boolean(cell: Cell) -> bool:
    """Yes or no."""
    if isinstance(cell, bool):
        return cell
    answer = normalise(text(cell))
    if answer in TRUE | FALSE:
        return answer in TRUE
    raise NotUnderstood(
        Message(
            f"“{text(cell)}” is neither yes nor no", f"“{text(cell)}” không phải có hoặc không"
        ),
        Message("write có or không, or x for yes", "viết có hoặc không, hoặc đánh dấu x"),
    )


def term(cell: Cell) -> Year | Yearly | Period:
    """A term: 2021; hằng năm từ 2021; 2021-2025; 01/03/2021 - 30/06/2022."""
    shown = str(cell) if isinstance(cell, Decimal) else text(cell)
    written = " ".join(without_marks(shown).split())
    with suppress(ValueError):  # no such term: refused like any other that cannot be read
        if match := YEAR.fullmatch(written):
            return Year(kind="year", year=int(match[1]))
        if (match := YEARLY.fullmatch(written)) and match[1]:
            return Yearly(kind="yearly", from_year=int(match[1]))
        if match := YEARS.fullmatch(written):
            from_on, to_on = date(int(match[1]), 1, 1), date(int(match[2]), 12, 31)
            return Period(kind="period", from_on=from_on, to_on=to_on)
        if match := DAYS.fullmatch(written):
            return Period(kind="period", from_on=day(match[1]), to_on=day(match[2]))
    raise NotUnderstood(
        Message(f"“{shown}” is not a term", f"“{shown}” không phải kỳ thực hiện"),
        Message(
            "write 2021, hằng năm từ 2021, 2021-2025, or 01/03/2021 - 30/06/2022",
            "viết 2021, hằng năm từ 2021, 2021-2025, hoặc 01/03/2021 - 30/06/2022",
        ),
    )


class Made(str):
    """An id made from a text, which may be made from another that differs by its marks.

    Attributes:
        written: the text.
    """

    __slots__ = ("written",)
    written: str


class Named(Made):
    """The id made from a name, by which another thing is referred to."""

    __slots__ = ()


def made(written: str, joint: str, longest: int) -> Made:
    """The id made from a text that names a category."""
    category = Made(slug(written, joint, longest))
    category.written = written
    return category


def reference(cell: Cell) -> str:
    """An id as it is; of a name, the id that is made from it."""
    written = label(cell).strip()
    if ID.fullmatch(written):
        return written
    named = Named(slug(written))
    named.written = written
    return named


def references(cell: Cell) -> tuple[str, ...]:
    """Ids or names, between semicolons or in lines of their own."""
    return tuple(reference(item) for item in items(cell))


def items(cell: Cell) -> list[str]:
    """The items of a list, between semicolons or in lines of their own."""
    return [item.strip() for item in re.split(r"[;\n]", text(cell)) if item.strip()]


def by_word(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The values by every normalised word that stands for them, their own names among them."""
    return {normalise(word): value for value, own in words.items() for word in (value, *own)}


def choice(words: Mapping[str, Sequence[str]], shown: Iterable[str] = ()) -> Parser:
    """A parser of the words that stand for a value.

    Args:
        words: the Vietnamese words for each value.
        shown: what may be written, where another word is; the first word for each by default.
    """
    values = by_word(words)
    vietnamese = ", ".join(shown or (own[0] for own in words.values()))
    mend = Message(f"write one of: {', '.join(sorted(words))}", f"viết một trong: {vietnamese}")

    def parse(cell: Cell) -> str:
        value = values.get(normalise(text(cell)))
        if value is None:
            raise NotUnderstood(
                Message(
                    f"“{text(cell)}” is not known here", f"“{text(cell)}” không thuộc danh mục"
                ),
                mend,
            )
        return value

    return parse
