"""Row faults: why a row is not imported, told by row, column, what, and how to mend it."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from pydantic import ValidationError

from domain.kernel import Conflict, Forbidden, NotFound, Refusal
from projections.search.vietnamese import words
from service.imports.cell_parsers import DIGEST_LENGTH, LONGEST_ID
from service.imports.findings import Finding, Message, NotUnderstood
from service.imports.layout import Step
from service.imports.names import RowNotUnderstood
from service.imports.sheets import Row, Sheet
from service.validation import body_faults, message

NO_APPROVER = Finding(
    Message(
        "it is to be approved, and nobody is named who may",
        "cần phê duyệt nhưng chưa nêu người có thẩm quyền",
    ),
    Message(
        "name a second caller: whoever registers a task may not approve it",
        "nêu mã truy cập thứ hai: người đăng ký không được tự phê duyệt",
    ),
)
MADE_ID_TAKEN = Finding(
    Message(
        "the id made from “{text}”, {made_id}, is that of “{other}”",
        "mã tạo từ “{text}”, {made_id}, là của “{other}”",
    ),
    Message("give the row an id of its own", "đặt mã riêng cho hàng"),
)
OTHER_CONTENTS = Finding(
    Message(
        "this row was imported before, with other contents",
        "hàng này đã được nhập trước đây với nội dung khác",
    ),
    Message(
        "what was recorded stays: change it by its own verb, or annul it and send the row again, "
        "or give the row an id of its own",
        "điều đã ghi được giữ nguyên: sửa bằng thao tác riêng, hoặc hủy bỏ điều đã ghi rồi gửi lại "
        "hàng, hoặc đặt mã khác cho hàng",
    ),
)
CORRECT_CELL = Message("correct the cell", "sửa lại ô này")
MENDS: Mapping[type[Refusal], Message] = {
    NotFound: Message(
        "import what is named first, or correct the id",
        "nhập đối tượng đó trước, hoặc sửa lại mã",
    ),
    Forbidden: Message(
        "name the entitled body, or import with another token",
        "ghi đúng cơ quan có thẩm quyền, hoặc dùng mã truy cập khác",
    ),
    Conflict: Message(
        "remove the row if it is recorded already, else correct it to what is on record",
        "bỏ hàng nếu đã được ghi, nếu không thì sửa cho khớp với dữ liệu đã có",
    ),
    Refusal: Message("correct the row and import again", "sửa hàng này rồi nhập lại"),
}


class StepInvalid(Exception):
    """The parameters that a row gives are not what the command takes."""

    def __init__(self, step: Step, cause: ValidationError) -> None:
        super().__init__()
        self.step = step
        self.cause = cause


class ApproverMissing(Exception):
    """The row is to be approved, and nobody is named who may."""


class RecordedOtherwise(Exception):
    """The row was imported before, with other contents."""


class MadeIdTaken(Exception):
    """The id that is made from a text was made from another, that differs by its marks.

    Attributes:
        other_id: the id that is always made from this text, where that of its words is taken.
    """

    def __init__(self, made_id: str, text: str, other: str) -> None:
        super().__init__(made_id)
        self.finding = MADE_ID_TAKEN.about(text=text, made_id=made_id, other=other)
        digest = sha256(repr([*words(text)]).encode()).hexdigest()[:DIGEST_LENGTH]
        self.other_id = f"{made_id[: LONGEST_ID - len(digest) - 1]}-{digest}"


# What refuses a row, and leaves the others as they are.
FAULTS = (
    NotUnderstood,
    RowNotUnderstood,
    StepInvalid,
    ApproverMissing,
    RecordedOtherwise,
    MadeIdTaken,
    Refusal,
)


def findings_of(fault: Exception, sheet: Sheet, row: Row) -> tuple[Finding, ...]:
    """What is wrong with a row that one of the FAULTS refuses."""
    match fault:
        case NotUnderstood():
            return (Finding(fault.what, fault.mend, row.number),)
        case RowNotUnderstood() | MadeIdTaken():
            return (fault.finding.at(row.number, fault.finding.column),)
        case ApproverMissing():
            return (NO_APPROVER.at(row.number),)
        case StepInvalid():
            return tuple(_invalid(fault, sheet, row))
        case Refusal():
            return (_refused(fault, sheet, row),)
    return (OTHER_CONTENTS.at(row.number),)


def _invalid(invalid: StepInvalid, sheet: Sheet, row: Row) -> Iterator[Finding]:
    """What is wrong with a step, each error under the column that the value came from."""
    errors = invalid.cause.errors(include_url=False, include_input=False)
    for error, fault in zip(errors, body_faults(errors, {}), strict=True):
        param = ".".join(str(part) for part in error["loc"])
        names = [
            column.name
            for column in sheet.layout.columns
            if column.param and param.startswith(column.param)
            if not column.param.startswith("basis.")
            or column.name.startswith(invalid.step.document)
        ]
        # Of the columns that may be meant, one that the row fills.
        name = next((name for name in names if name in row.values), names[0] if names else None)
        what = Message(message(fault, "en"), message(fault, "vi"))
        yield Finding(what, CORRECT_CELL, row.number, name and sheet.heading(name))


def _refused(refusal: Refusal, sheet: Sheet, row: Row) -> Finding:
    """The refusal, under the column whose value it names: rather its day than the row's own id."""
    extensions = sorted(
        refusal.extensions,
        key=lambda extension: (extension != "effective_on", extension in row.values),
    )
    headings = (
        sheet.heading(name)
        for extension in extensions
        for name, value in row.values.items()
        if str(value) == str(refusal.extensions[extension])
    )
    what = Message(refusal.detail("en"), refusal.detail("vi"))
    mend = next(words for kind, words in MENDS.items() if isinstance(refusal, kind))
    return Finding(what, mend, row.number, next(headings, None))
