"""Other rows: those that stand in a list and are not of it, and are passed over and told.

They number the columns, repeat the headings, sum the list up, sign it, or stand below it as notes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from service.imports.findings import Finding, Message
from service.imports.layout import Column
from service.imports.lines import Line, shown
from service.imports.reading.words import FEWEST_HEADINGS, normalise

NUMBERED = re.compile(r"\(?([0-9]{1,2}|[A-Z])\)?(?: ?=.*)?")
TOTALS = re.compile(r"(tong( cong| so)?|cong)( .*)?")
SIGNATURES = re.compile(
    r"(nguoi (lap|tong hop|kiem tra|ky|phe duyet)|thu truong|tm|kt|tl|tuq|noi nhan|ky ten|da ky"
    r"|ky (va )?ghi ro)( .*)?|(.* )?ngay( \d+)? thang( \d+)? nam( \d+)?"
)
NOTES = re.compile(r"(ghi chu|chu thich|luu y|nguon|notes?|source)( .*)?")
LONGEST_QUOTE = 60
IF_OF_THE_LIST = Message(
    "nothing, if it is none of the list; else fill in its columns",
    "không cần sửa nếu hàng không thuộc danh sách; nếu thuộc thì điền đủ các cột",
)
NUMBERS_COLUMNS = Finding(
    Message("the row numbers the columns: passed over", "hàng đánh số cột: được bỏ qua"),
    IF_OF_THE_LIST,
)
REPEATS_HEADINGS = Finding(
    Message("the row repeats the headings: passed over", "hàng lặp lại tiêu đề: được bỏ qua"),
    IF_OF_THE_LIST,
)
SUMS_UP = Finding(
    Message("“{text}” sums up: passed over", "“{text}” là hàng tổng: được bỏ qua"), IF_OF_THE_LIST
)
STANDS_BELOW = Finding(
    Message(
        "“{text}” stands below the list: passed over",
        "“{text}” nằm dưới danh sách: được bỏ qua",
    ),
    IF_OF_THE_LIST,
)


class OtherRows:
    """Tells the rows of a list from the others.

    Args:
        headings: the line of the headings.
        columns: by their index in a line.
        given: the names of columns whose values are given beside the file.
    """

    def __init__(
        self, headings: Line, columns: Mapping[int, Column], given: frozenset[str]
    ) -> None:
        self._headings = headings
        self._known = [
            (index, normalise(heading))
            for index in sorted(columns)
            if isinstance(heading := headings.cells[index], str)
        ]
        self._required = [
            index
            for index, column in columns.items()
            if column.required and column.name not in given
        ]
        self.findings: list[Finding] = []

    def without(self, lines: Sequence[Line]) -> list[Line]:
        """The lines of the list."""
        ended = len(lines)
        while ended and self._lacks(lines[ended - 1]):
            ended -= 1
        listed = list(self._above(lines[:ended]))
        return [*listed, *self._below(lines[ended:], lines[ended - 1] if ended else None)]

    def _above(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The lines of the list down to its last that is complete."""
        begins = True
        for line in lines:
            if self._repeats(line):
                self._pass_over(line, REPEATS_HEADINGS)
                begins = True
            elif begins and self._numbers(line):
                self._pass_over(line, NUMBERS_COLUMNS)
            elif self._lacks(line) and TOTALS.fullmatch(self._first(line)):
                self._pass_over(line, SUMS_UP)
            else:
                begins = False
                yield line

    def _below(self, lines: Sequence[Line], last: Line | None) -> Iterator[Line]:
        """The lines of the list that are not complete and stand at its end."""
        number = last.number if last else self._headings.number
        is_below = False
        for line in lines:
            first = self._first(line)
            if self._repeats(line):
                self._pass_over(line, REPEATS_HEADINGS)
            elif last is None and not is_below and self._numbers(line):
                self._pass_over(line, NUMBERS_COLUMNS)
            elif TOTALS.fullmatch(first):
                self._pass_over(line, SUMS_UP)
                is_below = True
            elif (
                is_below
                or SIGNATURES.fullmatch(first)
                or NOTES.fullmatch(first)
                or (last is not None and line.number > number + 1 and self._is_remark(line))
            ):
                self._pass_over(line, STANDS_BELOW)
                is_below = True
            else:
                yield line
            number = line.number

    def _repeats(self, line: Line) -> bool:
        """Whether the line's texts are the headings of their columns."""
        cells, same = line.cells, 0
        for index, heading in self._known:
            cell = cells[index] if index < len(cells) else None
            if isinstance(cell, str):
                if normalise(cell) != heading:
                    return False
                same += 1
        return same >= FEWEST_HEADINGS

    def _numbers(self, line: Line) -> bool:
        """Whether the line's cells are (1), (2), (3): every column's number in turn."""
        filled = [shown(cell) for cell in line.cells if cell is not None]
        matches = [NUMBERED.fullmatch(cell) for cell in filled]
        if len(filled) < FEWEST_HEADINGS or not all(matches):
            return False
        marks = [match[1] for match in matches if match]
        numbers = [int(mark) for mark in marks if mark.isdigit()]
        begin = numbers[0] if numbers else 0
        return numbers == list(range(begin, begin + len(numbers))) and begin <= FEWEST_HEADINGS

    def _lacks(self, line: Line) -> bool:
        """Whether a column is empty that every row must fill."""
        cells = line.cells
        if len(cells) >= len(self._headings.cells) and None not in cells:
            return False
        return any(index >= len(cells) or cells[index] is None for index in self._required)

    def _is_remark(self, line: Line) -> bool:
        """Whether the line fills a cell or two only, and not what every row must."""
        filled = sum(cell is not None for cell in line.cells)
        return filled <= FEWEST_HEADINGS and self._lacks(line)

    @staticmethod
    def _first(line: Line) -> str:
        """The words of the line's first text."""
        return next((normalise(cell) for cell in line.cells if isinstance(cell, str)), "")

    def _pass_over(self, line: Line, finding: Finding) -> None:
        quoted = next(shown(cell) for cell in line.cells if cell is not None)
        self.findings.append(finding.about(text=quoted[:LONGEST_QUOTE]).at(line.number))
