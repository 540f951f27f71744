"""Names: which unit, post or official a name in a row stands for.

A name is no key: one that could mean two is told. It is compared with its marks, wherever the tone
stands, so that Tân Thanh is not Tân Thành; where no unit bears it, the id made from it is taken, as
it may have been given.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event
from domain.organisation.events import (
    OfficialRegistered,
    PostAbolished,
    PostCreated,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitRenamed,
    UnitSplit,
)
from projections.search.vietnamese import Word, words
from service.handle import CommandHandler
from service.imports.cell_parsers import Made, Named
from service.imports.findings import Finding, Message, NotUnderstood
from service.imports.layout import Referent
from service.imports.made_ids import MadeIds
from service.imports.sheets import Row, Sheet

EVENTS: tuple[type[Event], ...] = (
    UnitEstablished,
    UnitRenamed,
    UnitClosed,
    UnitMerged,
    UnitSplit,
    PostCreated,
    PostAbolished,
    OfficialRegistered,
)
WRITE_THE_ID = Message("write the id instead of the name", "ghi mã thay cho tên")
MEANS_SEVERAL = Finding(
    Message("“{name}” could mean several: {known}", "“{name}” có thể là: {known}"), WRITE_THE_ID
)
DIFFERS_BY_MARKS = Finding(
    Message(
        "nothing is called “{name}”; {known} differs by its marks only",
        "không có “{name}”; {known} chỉ khác dấu",
    ),
    Message("correct the name, or write the id", "sửa lại tên, hoặc ghi mã"),
)
TAKEN_AS_SPELLED = Finding(
    Message(
        "“{name}” is taken for {taken}; {known} differs by its marks only",
        "“{name}” được hiểu là {taken}; {known} chỉ khác dấu",
    ),
    Message(
        "nothing, if the marks are right; else write the id",
        "không cần sửa nếu dấu đúng; nếu sai thì ghi mã",
    ),
)
MADE_OF_ANOTHER = Finding(
    Message(
        "“{text}” would be {made_id}, which stands for “{other}”",
        "“{text}” sẽ thành {made_id}, mã này đã dùng cho “{other}”",
    ),
    Message(
        "if they are one, write both alike; else write an id, such as {made_id}_2",
        "nếu là một thì ghi giống nhau; nếu khác thì ghi mã, ví dụ {made_id}_2",
    ),
)
MOST_NAMED = 5
Spelled: TypeAlias = tuple[Word, ...]


class Bearer(NamedTuple):
    """What bears a name, and whether it still does and still is."""

    id: str
    name: str
    spelled: Spelled
    is_current: bool


class Names:
    """The names on record in a ledger, with those that an import adds; read once, when needed."""

    def __init__(self, commands: CommandHandler, ledger: str, made_ids: MadeIds) -> None:
        self._commands = commands
        self._made_ids = made_ids
        self._ledger = ledger
        self._is_read = False
        self._by_words: dict[tuple[Referent, tuple[str, ...]], dict[tuple[str, str], Spelled]] = (
            defaultdict(dict)
        )
        self._current: dict[tuple[Referent, str], str] = {}
        self._lock = asyncio.Lock()

    async def resolve(self, sheet: Sheet, row: Row) -> tuple[dict[str, Any], list[Finding]]:
        """The row's values with the ids of what its names stand for, and what is told of them.

        Raises:
            RowNotUnderstood: a name could mean two, or none.
        """
        values, notes = dict(row.values), list[Finding]()
        for column in sheet.layout.columns:
            value = values.get(column.name)
            if value is None:
                continue
            heading = sheet.heading(column.name)
            several = value if isinstance(value, tuple) else (value,)
            if column.refers_to is None:
                self._require_one_text(column.name, several, row.number, heading)
                continue
            found: list[str] = []
            for each in several:
                if not isinstance(each, Named):
                    found.append(each)
                    continue
                try:
                    meant, note = await self._meant(column.refers_to, each)
                except NotUnderstood as fault:
                    finding = Finding(fault.what, fault.mend, row.number, heading)
                    raise RowNotUnderstood(finding) from None
                found.append(meant)
                notes += [] if note is None else [note.at(row.number, heading)]
            values[column.name] = tuple(found) if isinstance(value, tuple) else found[0]
        return values, notes

    async def keep(self, row: Row) -> None:
        """Keep the texts of the ids that are recorded with the row."""
        for column, value in row.values.items():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Made):
                    await self._made_ids.keep(self._ledger, column, each)

    def _require_one_text(
        self, column: str, several: tuple[object, ...], row: int, heading: str | None
    ) -> None:
        """Pass unless an id made from a text stands for another, that differs by its marks.

        A text without any marks may be the other, written without them.

        Raises:
            RowNotUnderstood.
        """
        for each in several:
            if not isinstance(each, Made) or not any(word.spelled for word in words(each.written)):
                continue
            other = self._made_ids.text_of(column, each, each.written)
            if tuple(words(other)) != tuple(words(each.written)):
                finding = MADE_OF_ANOTHER.about(text=each.written, made_id=each, other=other)
                raise RowNotUnderstood(finding.at(row, heading))

    def add(self, kind: Referent, object_id: str, name: str) -> None:
        """Know the name of what an import has recorded."""
        spelled = tuple(words(name))
        self._by_words[kind, _bare(spelled)][object_id, name] = spelled
        self._current[kind, object_id] = name

    async def _meant(self, kind: Referent, named: Named) -> tuple[str, Finding | None]:
        """The id that the name stands for, and what is told of it.

        Raises:
            NotUnderstood.
        """
        async with self._lock:
            if not self._is_read:
                await self._load()
        spelled = tuple(words(named.written))
        alike = list(self._bearers(kind, spelled))
        same = [bearer for bearer in alike if bearer.spelled == spelled]
        same = [bearer for bearer in same if bearer.is_current] or same
        others = [b for b in alike if b.is_current and b.id not in {bearer.id for bearer in same}]
        is_unmarked = not any(word.spelled for word in spelled)
        if not same and is_unmarked and len({bearer.id for bearer in others}) == 1:
            same, others = others, []
        if len({bearer.id for bearer in same}) > 1 or (is_unmarked and same and others):
            raise _not_understood(MEANS_SEVERAL, named, [*same, *others])
        if same:
            note = TAKEN_AS_SPELLED.about(
                name=named.written, taken=_listed(same[:1]), known=_listed(others)
            )
            return same[0].id, note if others else None
        if others:
            finding = MEANS_SEVERAL if is_unmarked else DIFFERS_BY_MARKS
            raise _not_understood(finding, named, others)
        return str(named), None

    def _bearers(self, kind: Referent, spelled: Spelled) -> Iterator[Bearer]:
        """What bears a name of these words, whatever their marks."""
        for (object_id, name), own in self._by_words.get((kind, _bare(spelled)), {}).items():
            is_current = self._current.get((kind, object_id)) == name
            yield Bearer(object_id, name, own, is_current)

    async def _load(self) -> None:
        """Read the names on record, beneath those that the import has added meanwhile."""
        added = dict(self._current)
        for event in await self._commands.read_timeline(self._ledger, [Selector(types=EVENTS)]):
            match event:
                case UnitEstablished() | UnitRenamed():
                    self.add("unit", event.unit_id, event.name)
                case UnitClosed() | UnitMerged() | UnitSplit():
                    self._current.pop(("unit", event.unit_id), None)
                case PostCreated():
                    self.add("post", event.post_id, event.title)
                case PostAbolished():
                    self._current.pop(("post", event.post_id), None)
                case OfficialRegistered() if event.full_name is not None:
                    self.add("official", event.official_id, event.full_name)
        self._current |= added
        self._is_read = True


class RowNotUnderstood(Exception):
    """A name in a row could mean two things, or none."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what.en)
        self.finding = finding


def _bare(spelled: Spelled) -> tuple[str, ...]:
    return tuple(word.folded for word in spelled)


def _listed(bearers: list[Bearer]) -> str:
    shown = {bearer.id: f"{bearer.name} ({bearer.id})" for bearer in bearers}
    return ", ".join([*shown.values()][:MOST_NAMED])


def _not_understood(finding: Finding, named: Named, bearers: list[Bearer]) -> NotUnderstood:
    about = finding.about(name=named.written, known=_listed(bearers))
    return NotUnderstood(about.what, about.mend)
