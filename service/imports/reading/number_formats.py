r"""Number formats: what a sheet shows of a number: `00000` shows 4282 as 04282, `0%` as 428200%.

A per cent sign multiplies only where it is the format's own: `0.0"%"` and `0\%` merely print it.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

# The formats that workbooks name by number alone (ECMA-376, part 1, 18.8.30).
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "0.0E+0",
    49: "@",
} | dict.fromkeys((*range(27, 37), *range(50, 59)), "dd/mm/yyyy")
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>General)|(?P<date>AM/PM|A/P|[dmyhsDMYHS]+)"
    r"|(?P<place>[0#?])|(?P<own>[.,%/@]|[Ee][+\-])|(?P<other>.)",
    re.DOTALL,
)
ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
COLOUR = re.compile(r"[a-z]+ ?[0-9]*", re.IGNORECASE)
# A spreadsheet keeps 15 digits of a number.
DIGITS_KEPT = 15
ONE = Decimal(1)
# Excel takes 1900 for a leap year: its day 60 never was.
DAY_THAT_NEVER_WAS = 60
BEGIN_1900, BEGIN_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  a sheet's days have no zone
# The last day of 9999 in the system of 1904.
LAST_SERIAL = 2_957_004
SECONDS_OF_A_DAY = 86_400


class Token(NamedTuple):
    """One part of a format, and what kind of part it is."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a format, for positive, negative, zero and text.

    Attributes:
        shows: the parts of a date that are shown: some of y, m, d, h, s.
        percents: how often the value is multiplied by a hundred.
        is_scaled: whether it is shown in thousands or millions.
        is_plain: whether its parts can be shown here: no fraction, exponent or condition.
    """

    tokens: tuple[Token, ...]
    shows: frozenset[str]
    percents: int
    is_scaled: bool
    is_grouped: bool
    is_plain: bool

    @property
    def is_general(self) -> bool:
        return any(token.kind == "general" for token in self.tokens) or not self.tokens


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format."""
    parts: list[list[Token]] = [[]]
    for match in TOKEN.finditer(code):
        kind = match.lastgroup or "blank"
        if kind == "other" and match[0] == ";":
            parts.append([])
        else:
            text = match[kind] if kind != "blank" else " "
            parts[-1].append(Token(kind, text))
    return tuple(map(_section, parts))


def _section(tokens: list[Token]) -> Section:
    shows: set[str] = set()
    is_plain = True
    for kind, text in tokens:
        if kind == "date" and text[0] not in "Aa":
            shows |= set(text.lower())
        elif kind == "bracket":
            is_elapsed = ELAPSED.fullmatch(text) is not None
            shows |= set("hs") if is_elapsed else set()
            is_plain &= is_elapsed or COLOUR.fullmatch(text) is not None
        elif kind == "own":
            is_plain &= text in ".,%"
    if shows & {"h", "s"} and not shows & {"y", "d"}:
        shows.discard("m")  # minutes
    own = "".join(text for kind, text in tokens if kind in {"place", "own"})
    digits = own.replace("%", "").partition(".")
    return Section(
        tuple(tokens),
        frozenset(shows),
        own.count("%"),
        is_scaled=digits[0].endswith(",") or digits[2].endswith(","),
        is_grouped=re.search(r"[0#?],[0#?]", own) is not None,
        is_plain=is_plain,
    )


def section_for(code: str, number: Decimal) -> tuple[Section, bool]:
    """The section that shows the number, and whether a minus is put before it."""
    found = sections(code)
    if number < 0 and len(found) > 1:
        return found[1], False
    if number == 0 and len(found) > 2:  # noqa: PLR2004  positive; negative; zero
        return found[2], False
    return found[0], number < 0


def number_of(raw: str) -> Decimal:
    """The number that a cell keeps; what a binary fraction adds beyond 15 digits is no figure."""
    return Decimal(format(float(raw), f".{DIGITS_KEPT}g"))


def shown_number(number: Decimal, section: Section, *, minus: bool) -> str | None:
    """The number as the section shows it in Vietnam: 2.101; 90,3. None where it is not shown so."""
    if section.is_general:
        return f"{number:f}".replace(".", ",")
    if not section.is_plain or section.is_scaled:
        return None
    with suppress(InvalidOperation):  # more decimals than anyone shows
        return _filled(number, section, minus=minus)
    return None


def _filled(number: Decimal, section: Section, *, minus: bool) -> str:
    """The number in the places of the section."""
    scaled = abs(number).scaleb(2 * section.percents)
    point = next(
        (i for i, token in enumerate(section.tokens) if token == Token("own", ".")),
        len(section.tokens),
    )
    before, after = section.tokens[:point], section.tokens[point + 1 :]
    places = [token.text for token in after if token.kind == "place"]
    rounded = scaled.quantize(ONE.scaleb(-len(places)), ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:f}".partition(".")
    fraction = _decimals(after, decimals)
    return f"{'-' if minus else ''}{_whole(before, whole, section)}{fraction}".strip()


def _whole(tokens: Sequence[Token], digits: str, section: Section) -> str:
    """The digits before the point, filled into their places from the right."""
    left = [] if digits == "0" else list(digits)
    shown: list[str] = []
    count = 0

    def put(digit: str) -> None:
        nonlocal count
        if section.is_grouped and count and count % 3 == 0:
            shown.append(".")
        shown.append(digit)
        count += 1

    places = [i for i, token in enumerate(tokens) if token.kind == "place"]
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind == "place":
            if left or token.text == "0":
                put(left.pop() if left else "0")
            while left and index == places[0]:
                put(left.pop())
        else:
            shown.append(_printed(token)[::-1])
    return "".join(shown)[::-1]


def _decimals(tokens: Sequence[Token], digits: str) -> str:
    """The digits after the point, and what follows them."""
    shown: list[str] = []
    places = [token.text for token in tokens if token.kind == "place"]
    least = max((i + 1 for i, place in enumerate(places) if place == "0"), default=0)
    kept = digits.rstrip("0").ljust(least, "0")
    left = list(kept)
    for token in tokens:
        if token.kind != "place":
            shown.append(_printed(token))
        elif left:
            shown.append(left.pop(0))
    return ("," if kept else "") + "".join(shown)


def _printed(token: Token) -> str:
    if token.kind in {"bracket", "date"} or token == Token("own", ","):
        return ""
    return token.text


def moment(number: Decimal, *, from_1904: bool) -> datetime | None:
    """The instant that a number of days is, in either system; None if there is none."""
    if from_1904:
        begin = BEGIN_1904
    elif int(number) == DAY_THAT_NEVER_WAS:
        return None
    else:
        begin = BEGIN_1900 + timedelta(days=1) if number < DAY_THAT_NEVER_WAS else BEGIN_1900
    if not 0 <= number < LAST_SERIAL:
        return None
    return begin + timedelta(seconds=round(float(number) * SECONDS_OF_A_DAY))


def shown_moment(at: datetime, shows: frozenset[str]) -> str | None:
    """What is shown of an instant; None where that is not enough to tell the day or the year."""
    clock = f"{at:%H:%M:%S}" if "s" in shows else f"{at:%H:%M}"
    days = shows - {"h", "s"}
    if not days:
        return clock
    if days == {"d", "m", "y"}:
        return f"{at:%d/%m/%Y} {clock}" if shows & {"h", "s"} else f"{at:%d/%m/%Y}"
    if shows & {"h", "s"}:
        return None
    return {frozenset("y"): f"{at:%Y}", frozenset("my"): f"{at:%m/%Y}"}.get(frozenset(days))
