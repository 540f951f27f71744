"""Layout of cases: the portfolio of one task, such as 712 projects, one case a row."""

from collections.abc import Iterator

from domain.tasks.work.cases import RecordCase
from service.imports.cell_parsers import day, label, reference
from service.imports.layout import Column, RowLayout, Step, Values, without_none


def _case(values: Values) -> Iterator[Step]:
    params = without_none(
        code=values["code"],
        title=values["title"],
        in_charge=values.get("in_charge"),
        processed_on=values.get("processed_on"),
        outcome=values.get("outcome"),
        effective_on=values.get("effective_on"),
    )
    yield Step(f"record-case {values['code']}", RecordCase, "task", values["task"], params)


CASES = RowLayout(
    "cases",
    (
        Column("task", ("Mã việc", "Việc", "Task id"), reference, required=True, path=""),
        Column("code", ("Mã vụ việc", "Mã dự án", "Số hiệu", "Case"), label, required=True),
        Column("title", ("Tên vụ việc", "Tên dự án", "Nội dung", "Title"), required=True),
        Column("in_charge", ("Đơn vị phụ trách", "Đơn vị", "In charge")),
        Column("processed_on", ("Ngày xử lý", "Ngày xử lý xong", "Processed"), day),
        Column("outcome", ("Kết quả xử lý", "Kết quả", "Outcome")),
        Column("effective_on", ("Có hiệu lực từ", "Ngày ghi nhận", "Effective"), day),
    ),
    steps=_case,
)
