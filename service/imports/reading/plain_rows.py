"""Plain rows: those in the form in which spreadsheet programs write them, read at once.

A parser calls back seven times for a cell, and a list has half a million. So a row that is nothing
but cells in the usual form is taken apart by one expression, which must account for every character
of it; whatever else there is, the parser gets. What both read is the same, and tested to be.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable
from operator import itemgetter
from typing import IO, Literal, NamedTuple, TypeAlias
from xml.parsers.expat import XMLParserType

from service.imports.reading.bounds import Unreadable

# The whole cell; its column, style and type; its formula, value and inline text.
CELL = re.compile(
    r'(<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")? ?(?:/>|>'
    r"(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    r"(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>"
    r"|<is><t ?/></is>)?</c>))"
)
ROW = re.compile(r'\s*<row r="([0-9]+)"([^<>]*?)(/?)>')
BEGIN_OF_ROW, END_OF_ROW = "<row ", "</row>"
WHOLE_CELL = itemgetter(0)
BEGIN_OF_ROWS = b"<sheetData>"
# Beyond these it is not a list.
LONGEST_HEAD, LONGEST_ROW = 2**18, 2**22
USUAL_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?'
    rb'(?: standalone="[a-z]+")? ?\?>)?\s*'
    rb'<worksheet(?: [^<>]*)? xmlns="[^"]*"[^<>]*>(?:[^!?]|[^<][!?])*'
)
# What hides from the expressions where a row ends.
MARKUP = ("<!", "<?")
ENTITY = re.compile(r"(&(?:#[0-9]+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);|&)")
NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
ATTRIBUTE = re.compile(r'([\w:]+)="([^"&<]*)"')

PlainXml: TypeAlias = tuple[str, str, str, str, str, str, str]


class PlainRow(NamedTuple):
    """A row whose every character is accounted for.

    Attributes:
        has_escapes: whether any text of it is written with entities, escapes or returns.
    """

    number: int
    attributes: str
    cells: list[PlainXml]
    has_escapes: bool


def plain_row(start: re.Match[str], body: str) -> PlainRow | None:
    """The row that begins with that tag and has that body, if it is plain."""
    cells: list[PlainXml] = CELL.findall(body) if body else []
    if sum(map(len, map(WHOLE_CELL, cells))) != len(body):
        return None
    has_escapes = "&" in body or "_x" in body or "\r" in body
    return PlainRow(int(start[1]), start[2], cells, has_escapes)


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a start tag."""
    return dict(ATTRIBUTE.findall(text))


def resolved(text: str) -> str:
    """The text with its entities resolved: the five of XML, and numbers.

    Raises:
        Unreadable: it has others.
    """
    if "&" not in text:
        return text
    parts = ENTITY.split(text)
    parts[1::2] = map(CHARACTERS.__getitem__, parts[1::2])
    return "".join(parts)


class Characters(dict[str, str]):
    """What each entity stands for; a number is computed when it first comes."""

    def __missing__(self, entity: str) -> str:
        if not entity.startswith("&#"):
            raise Unreadable("no_workbook", fault="Entity")
        digits = entity[2:-1]
        self[entity] = chr(int(digits[1:], 16) if digits[0] == "x" else int(digits))
        return self[entity]


CHARACTERS = Characters(NAMED)


class RowStream:
    """The XML of a sheet for the parser, without the plain rows, which are taken as they pass by.

    It leaves them all to the parser where the XML is not the usual: UTF-8, without a prefix.
    """

    def __init__(
        self, file: IO[bytes], take: Callable[[PlainRow], None], reader: XMLParserType
    ) -> None:
        self._file = file
        self._take = take
        self._reader = reader
        self._head = b""
        self._decoder = getincrementaldecoder("utf-8")()
        self._text = ""
        self._state: Literal["head", "rows", "rest"] = "head"

    def read(self, size: int) -> bytes:
        """The next piece that the parser is to get; empty at the end of the file."""
        while piece := self._file.read(size):
            if self._state == "head":
                piece = self._begun(self._head + piece)
            if self._state == "rows":
                piece = self._rows(self._text + self._decoder.decode(piece))
            if self._state == "rest" and piece:
                return piece
        left, self._head, self._text = self._head + self._text.encode(), b"", ""
        return left

    def _begun(self, head: bytes) -> bytes:
        """What follows the beginning of the rows, once it has been read."""
        begin = head.find(BEGIN_OF_ROWS)
        if begin < 0 and len(head) < LONGEST_HEAD:
            self._head = head
            return b""
        self._head = b""
        begin += len(BEGIN_OF_ROWS)
        if begin < len(BEGIN_OF_ROWS) or not USUAL_HEAD.fullmatch(head[:begin]):
            self._state = "rest"
            return head
        self._state = "rows"
        self._reader.Parse(head[:begin], False)  # noqa: FBT003  expat's own signature
        return head[begin:]

    def _parse(self, text: str) -> None:
        self._reader.Parse(text.encode(), False)  # noqa: FBT003  expat's own signature

    def _rows(self, text: str) -> bytes:
        """Take the plain rows, and keep what has not been read to its end.

        Returns:
            All that is left, if the parser is to have it.
        """
        place = end = 0
        while match := ROW.match(text, place):
            begin = end = match.end()
            if not match[3]:
                end = text.find(END_OF_ROW, begin)
                if end < 0:
                    break
            row = plain_row(match, text[begin:end])
            end += 0 if match[3] else len(END_OF_ROW)
            if row is not None:
                self._take(row)
            elif any(mark in text[begin:end] for mark in MARKUP):
                break
            else:
                self._parse(text[place:end])
            place = end
        self._text = text[place:]
        begun = self._text.lstrip()[: len(BEGIN_OF_ROW)]
        is_cut = BEGIN_OF_ROW.startswith(begun) and (match is None or end < 0)
        if is_cut and len(self._text) < LONGEST_ROW:
            return b""
        self._state = "rest"
        left, self._text = self._text.encode(), ""
        return left + self._decoder.getstate()[0]
