"""Tree: a YAML file becomes lists, mappings and text, each with its line and column.

Every value stays the text that was written: `0.30`, `no` and `1_0` are not numbers or truths here.
Size, depth and number of values are bounded. What makes YAML ambiguous is refused: anchors,
aliases, tags, directives, several documents, a key given twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import yaml  # type: ignore[import-untyped]  # its stubs are not among our tools

from domain.regulations.files.faults import Fault, Mark, Marks, Path, Unreadable

MOST_BYTES = 256 * 2**10
MOST_DEPTH = 12
MOST_VALUES = 4_000

Data: TypeAlias = str | list[Any] | dict[str, Any]


class Tree(NamedTuple):
    """What a file says, and where. An entry's mark is its key's, an item's its own.

    `faults` are those of its YAML, of which it can be read all the same.
    """

    data: dict[str, Any]
    marks: Marks
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end is not read yet; `key` is of the entry that comes next."""

    path: Path
    data: list[Data] | dict[str, Data]
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    """What is read so far."""

    root: Data | None = None
    values: int = 0
    documents: int = 0
    open: list[_Open] = field(default_factory=list)
    marks: dict[Path, Mark] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, event: Any) -> None:  # noqa: ANN401  the library has no types
        """Take the next event of the parser.

        Raises:
            Unreadable: there is more than is read.
        """
        match event:
            case yaml.DocumentStartEvent():
                self._document(event)
            case yaml.AliasEvent():
                self._refuse(event, "không dùng bí danh (*)", "an alias (*) is not allowed")
                self._place(event, "")
            case yaml.ScalarEvent():
                self._require_plain(event)
                self._scalar(event)
            case yaml.SequenceStartEvent():
                self._begin(event, [])
            case yaml.MappingStartEvent():
                self._begin(event, {})
            case yaml.CollectionEndEvent():
                self.open.pop()
            case _:
                pass

    def _document(self, event: Any) -> None:  # noqa: ANN401  the YAML parser's own, untyped
        self.documents += 1
        if self.documents > 1:
            english = "one file holds one regulation, without a second document (---)"
            vietnamese = "mỗi tệp chỉ có một quy định, không có tài liệu thứ hai (---)"
            raise Unreadable([*self.faults, _fault(event, (), vietnamese, english)])
        if event.version is not None or event.tags:
            self._refuse(event, "không dùng chỉ thị (%)", "a directive (%) is not allowed")

    def _scalar(self, event: Any) -> None:  # noqa: ANN401  the YAML parser's own, untyped
        here = self.open[-1] if self.open else None
        if here is None or isinstance(here.data, list) or here.key is not None:
            self._place(event, event.value)
            return
        here.key, path = event.value, (*here.path, event.value)
        if event.value in here.data:
            first = self.marks[path].line
            vietnamese = f"được nêu hai lần, lần đầu ở dòng {first}"
            self.faults.append(
                _fault(event, path, vietnamese, f"given twice, first on line {first}")
            )
            return
        self.marks[path] = _mark(event)

    def _begin(self, event: Any, data: list[Data] | dict[str, Data]) -> None:  # noqa: ANN401  the YAML parser's own, untyped
        self._require_plain(event)
        here = self.open[-1] if self.open else None
        if here is not None and isinstance(here.data, dict) and here.key is None:
            english, vietnamese = "a key must be text", "tên mục phải là chữ"
            raise Unreadable([*self.faults, _fault(event, here.path, vietnamese, english)])
        path = self._place(event, data)
        self.open.append(_Open(path, data))
        if len(self.open) > MOST_DEPTH:
            english = f"more than {MOST_DEPTH} levels deep"
            vietnamese = f"lồng nhau quá {MOST_DEPTH} tầng"
            raise Unreadable([*self.faults, _fault(event, path, vietnamese, english)])

    def _place(self, event: Any, data: Data) -> Path:  # noqa: ANN401  the YAML parser's own, untyped
        """Put the value where it belongs, and return its path."""
        self.values += 1
        if self.values > MOST_VALUES:
            english, vietnamese = f"more than {MOST_VALUES} values", f"quá {MOST_VALUES} giá trị"
            raise Unreadable([*self.faults, _fault(event, (), vietnamese, english)])
        here = self.open[-1] if self.open else None
        if here is None:
            self.root = data
            self.marks[()] = _mark(event)
            return ()
        if isinstance(here.data, list):
            here.data.append(data)
            path: Path = (*here.path, len(here.data) - 1)
            self.marks[path] = _mark(event)
            return path
        if here.key is None:
            return here.path  # an alias in the place of a key, refused already
        path = (*here.path, here.key)
        here.data.setdefault(here.key, data)
        here.key = None
        return path

    def _require_plain(self, event: Any) -> None:  # noqa: ANN401  the YAML parser's own, untyped
        if event.anchor is not None:
            self._refuse(event, "không dùng neo (&)", "an anchor (&) is not allowed")
        if event.tag is not None:
            self._refuse(event, "không dùng thẻ kiểu (!)", "a tag (!) is not allowed")

    def _refuse(self, event: Any, vietnamese: str, english: str) -> None:  # noqa: ANN401  the YAML parser's own, untyped
        here = self.open[-1] if self.open else _Open((), [])
        path = here.path if here.key is None else (*here.path, here.key)
        self.faults.append(_fault(event, path, vietnamese, english))


def read(source: str) -> Tree:
    """The tree of the file.

    Raises:
        Unreadable: it is no YAML, or more or other YAML than is read.
    """
    size = len(source.encode(errors="surrogatepass"))
    if size > MOST_BYTES:
        limit = MOST_BYTES // 2**10
        english = f"the file has {size} bytes, more than {limit} KiB"
        raise _unreadable(Mark(1, 1), f"tệp có {size} byte, quá {limit} KiB", english)
    reader = _Reader()
    for event in _events(source, reader):
        reader.take(event)
    if reader.root is None:
        raise _unreadable(Mark(1, 1), "tệp không có nội dung", "the file is empty")
    if not isinstance(reader.root, dict):
        english = "the file must consist of entries `key: value`"
        raise _unreadable(reader.marks[()], "tệp phải gồm các mục «tên: giá trị»", english)
    return Tree(reader.root, reader.marks, tuple(reader.faults))


def decoded(content: bytes) -> str:
    """The file's text.

    Raises:
        Unreadable: it is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as wrong:
        before = content[: wrong.start]
        mark = Mark(before.count(b"\n") + 1, 1)
        english = "this line is not UTF-8; save the file as UTF-8"
        vietnamese = "dòng này không phải UTF-8; hãy lưu tệp với bảng mã UTF-8"
        raise _unreadable(mark, vietnamese, english) from None


def _events(source: str, reader: _Reader) -> Iterator[Any]:
    """The parser's events, one by one: what is too deep is given up before it is read.

    Raises:
        Unreadable: it is no YAML.
    """
    try:
        yield from yaml.parse(source, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as unreadable:
        before = source[: unreadable.position]
        mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        code = f"U+{unreadable.character:04X}"
        english = f"character {code} is not text"
        fault = Fault(
            mark=mark, path=(), vietnamese=f"ký tự {code} không phải văn bản", english=english
        )
        raise Unreadable([*reader.faults, fault]) from None
    except yaml.MarkedYAMLError as malformed:
        place = malformed.problem_mark or malformed.context_mark
        problem = " ".join(filter(None, (malformed.context, malformed.problem)))
        fault = Fault(
            mark=Mark(place.line + 1, place.column + 1),
            path=(),
            vietnamese=f"không đúng cú pháp YAML: {_in_vietnamese(malformed.problem or problem)}",
            english=f"not YAML: {problem}",
        )
        raise Unreadable([*reader.faults, fault]) from None


# What the parser says most often, by how it begins.
SYNTAX = {
    "mapping values are not allowed": "dấu hai chấm thừa; giá trị có dấu hai chấm thì đặt trong "
    "ngoặc kép",
    "found character '\\t'": "thụt dòng bằng tab; hãy dùng dấu cách",
    "found character": "ký tự này không được mở đầu giá trị; hãy đặt giá trị trong ngoặc kép",
    "expected ',' or ']'": "thiếu dấu phẩy hoặc dấu ] đóng danh sách",
    "expected ',' or '}'": "thiếu dấu phẩy hoặc dấu } đóng nhóm mục",
    "found unexpected end of stream": "thiếu dấu ngoặc kép đóng",
    "expected <block end>": "thụt dòng không thẳng với các dòng trên",
    "could not find expected ':'": "thiếu dấu hai chấm sau tên mục",
}


def _in_vietnamese(problem: str) -> str:
    found = (words for beginning, words in SYNTAX.items() if problem.startswith(beginning))
    return next(found, problem)


def _mark(event: Any) -> Mark:  # noqa: ANN401  the YAML parser's own, untyped
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _fault(event: Any, path: Path, vietnamese: str, english: str) -> Fault:  # noqa: ANN401  the YAML parser's own, untyped
    return Fault(mark=_mark(event), path=path, vietnamese=vietnamese, english=english)


def _unreadable(mark: Mark, vietnamese: str, english: str) -> Unreadable:
    return Unreadable([Fault(mark=mark, path=(), vietnamese=vietnamese, english=english)])
