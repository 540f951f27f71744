"""Layout of tasks: a row is registered, approved and assigned, or commissioned and assigned.

Its documents decide how far a row goes: without an approval it stays registered, without a decision
of assignment it is approved only. Whoever registers may not approve: the approver gives the
decisions.
"""

import re
from collections.abc import Iterator
from functools import partial

from domain.tasks.beginning.approval import ApproveTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.beginning.commission import CommissionTask
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.events import TaskCommissioned, TaskRegistered
from service.imports.cell_parsers import (
    Cell,
    by_word,
    choice,
    day,
    items,
    number,
    reference,
    references,
    slug,
    term,
)
from service.imports.findings import Finding, Message, NotUnderstood
from service.imports.layout import (
    Column,
    RowLayout,
    Step,
    Values,
    cited_document,
    document_columns,
    without_none,
)
from service.imports.organisation import category
from service.imports.reading.words import normalise

CONCURRENCY = 16
LONGEST_CODE = 36
ORIGINS = {"registered": ("đăng ký",), "commissioned": ("đặt hàng",)}
TASK_KINDS = by_word(
    {
        "breakthrough": ("việc đột phá", "đột phá"),
        "new": ("việc mới", "mới"),
        "hard": ("việc khó", "khó"),
        "backlog": ("việc tồn tại", "tồn tại", "việc tồn đọng", "tồn đọng"),
        "unprecedented": ("việc chưa có tiền lệ", "chưa có tiền lệ"),
    }
)
# The number keeps all its digits, and what follows it begins as a measure does: with a letter or a
# sign. So neither 98 is nine of a measure 8, nor 5/10, 3-4, 12 000, 1e3 or a day a number and a
# measure.
INDICATOR = re.compile(
    r"(?P<name>.+?)\s*:\s*(?P<target>[+\-\u2212]?[0-9][0-9.,]*+)\s*+"
    r"(?![eE][+\-\u2212]?[0-9])(?P<measure>[^\W\d_].*|[%‰°₫$€].*)",
    re.DOTALL,
)
# A measure with a number of its own is a range, a day, a fraction or a second target.
OTHER_NUMBER = re.compile(r"(?<![^\W_])[0-9]")
# A title with a day of its own is another step.
MILESTONE = re.compile(
    r"(?P<title>(?:(?!:\s*[0-9]+[/.-][0-9]).)+?)\s*:\s*(?P<due_on>[0-9][0-9/.-]+)", re.DOTALL
)
NOT_A_TARGET = Finding(
    Message("“{item}” is not a target", "“{item}” không phải là chỉ tiêu"),
    Message(
        "write name: number measure, such as Lò đã dỡ: 98 lò; several between ;",
        "viết tên: số đơn vị tính, ví dụ Lò đã dỡ: 98 lò; nhiều chỉ tiêu cách bằng ;",
    ),
)
NOT_A_STEP = Finding(
    Message("“{item}” is not a step", "“{item}” không phải là một bước của lộ trình"),
    Message(
        "write step: day, such as Vận động: 30/06/2021; several between ;",
        "viết bước: ngày, ví dụ Vận động: 30/06/2021; nhiều bước cách bằng ;",
    ),
)
NOT_APPROVED = Finding(
    Message("it is assigned and was not approved", "được giao nhưng chưa được phê duyệt"),
    Message(
        "give the number, date and issuer of the approval",
        "ghi số, ngày và cơ quan ban hành văn bản phê duyệt",
    ),
)


def kinds(cell: Cell) -> tuple[str, ...]:
    """Why the task counts as a breakthrough: known words, or the province's own."""
    names = [name for item in items(cell) for name in item.split(",") if name.strip()]
    return tuple(dict.fromkeys(TASK_KINDS.get(normalise(name)) or category(name) for name in names))


def indicators(cell: Cell) -> tuple[dict[str, object], ...]:
    """Names, numbers and what they count: `Lò đã dỡ: 98 lò; Giải ngân: 90,3 %`."""
    return tuple(
        _indicator(item["name"], number(item["target"]), _measure(item), index)
        for index, item in enumerate(_matched(cell, INDICATOR, NOT_A_TARGET))
    )


def _measure(item: re.Match[str]) -> str:
    """What the number counts.

    Raises:
        NotUnderstood: there is another number in it.
    """
    measure = item["measure"]
    if OTHER_NUMBER.search(measure):
        raise NotUnderstood(NOT_A_TARGET.what.about(item=item[0]), NOT_A_TARGET.mend)
    return measure


def roadmap(cell: Cell) -> tuple[dict[str, object], ...]:
    """Steps and their days: `Vận động: 30/06/2021; Tháo dỡ: 31/12/2021`."""
    return tuple(
        {"title": item["title"], "due_on": day(item["due_on"])}
        for item in _matched(cell, MILESTONE, NOT_A_STEP)
    )


def _matched(cell: Cell, pattern: re.Pattern[str], otherwise: Finding) -> Iterator[re.Match[str]]:
    """The items of a list, each as the pattern takes it apart."""
    for item in items(cell):
        match = pattern.fullmatch(item)
        if match is None:
            raise NotUnderstood(otherwise.what.about(item=item), otherwise.mend)
        yield match


def _indicator(name: str, target: object, measure: str | None, index: int) -> dict[str, object]:
    """An indicator whose code is made from its name; the index tells those of one name apart."""
    code = slug(name, "_", LONGEST_CODE)
    code = code if code[:1].isalpha() else f"i_{code}"
    code = f"{code}_{index + 1}" if index else code
    return without_none(code=code, name=name, target=target, measure=measure)


def _proposal(values: Values) -> dict[str, object]:
    """The proposal, with the indicator that has columns of its own after those of the list."""
    proposal: dict[str, object] = TASKS.params(values)["proposal"]
    targets = list(values.get("indicators", ()))
    if "indicator" in values or "target" in values:
        name = values.get("indicator", values["title"])
        target, measure = values.get("target"), values.get("measure")
        targets.append(_indicator(name, target, measure, len(targets)))
    return {**proposal, "indicators": targets}


def _task_id(values: Values) -> str:
    """The id given, or one that is always the same for the same leader, term and title."""
    task_id: str | None = values.get("task_id")
    leader = values.get("official") or values["post"]
    return task_id or slug(f"{leader} {values['term'].label} {values['title']}")


def _steps(values: Values) -> Iterator[Step]:
    task_id = _task_id(values)
    step = partial(Step, subject="task", subject_id=task_id)
    begun = partial(
        step,
        recorded=(TaskRegistered, TaskCommissioned),
        made_from=None if "task_id" in values else values["title"],
    )
    decision = partial(step, decides=True)
    approval = cited_document(values, "approval_")
    assignment = cited_document(values, "assignment_")
    approved_on = values.get("approved_on") or values.get("approval_issued_on")
    assigned_on = values.get("assigned_on") or values.get("assignment_issued_on")
    body = without_none(on_behalf_of=values.get("decided_by"))
    leader = without_none(official_id=values.get("official"))
    beginning = without_none(
        task_id=task_id,
        post_id=values["post"],
        proposal=_proposal(values),
        effective_on=values.get("registered_on") or approved_on or assigned_on,
    )
    if values.get("origin") == "commissioned":
        params = beginning | body | without_none(basis=approval or assignment)
        prefix = "approval_" if approval else "assignment_"
        yield begun("commission", CommissionTask, params=params, document=prefix)
    else:
        params = beginning | leader
        yield begun("register", RegisterTask, params=params)
        if approval is None and assignment is not None:
            raise NotUnderstood(NOT_APPROVED.what, NOT_APPROVED.mend)
        if approval is not None:
            params = body | without_none(basis=approval, effective_on=approved_on)
            yield decision("approve", ApproveTask, params=params, document="approval_")
    if assignment is not None:
        assigned = without_none(
            post_id=values["post"],
            coordinators=values.get("coordinators"),
            basis=assignment,
            effective_on=assigned_on,
        )
        params = leader | body | assigned
        yield decision("assign", AssignTask, params=params, document="assignment_")


TASKS = RowLayout(
    "tasks",
    (
        Column("task_id", ("Mã việc", "Mã", "Id"), reference),
        Column(
            "official",
            ("Cán bộ", "Mã cán bộ", "Official id"),
            reference,
            path="official_id",
            refers_to="official",
        ),
        Column(
            "post",
            ("Chức danh", "Mã chức danh", "Post id"),
            reference,
            required=True,
            path="post_id",
            refers_to="post",
        ),
        Column("origin", ("Hình thức", "Nguồn"), choice(ORIGINS)),
        Column("title", ("Tên việc", "Nội dung", "Task"), required=True, path="proposal.title"),
        Column("goal", ("Mục tiêu",), required=True, path="proposal.goal"),
        Column("indicators", ("Chỉ tiêu",), indicators, path="proposal.indicators"),
        Column("indicator", ("Tên chỉ tiêu",)),
        Column("target", ("Chỉ tiêu giao", "Mức phấn đấu"), number),
        Column("measure", ("Đơn vị tính",)),
        Column("roadmap", ("Lộ trình",), roadmap, required=True, path="proposal.roadmap"),
        Column("kinds", ("Loại việc", "Kind"), kinds, required=True, path="proposal.kinds"),
        Column("field", ("Lĩnh vực",), category, required=True, path="proposal.field"),
        Column(
            "term",
            ("Kỳ thực hiện", "Thời hạn giao", "Giai đoạn", "Năm"),
            term,
            required=True,
            path="proposal.term",
        ),
        Column("due_on", ("Hạn hoàn thành", "Thời hạn", "Due"), day, path="proposal.due_on"),
        Column("original_due_on", ("Hạn ban đầu",), day, path="proposal.original_due_on"),
        Column("coordinators", ("Đơn vị phối hợp", "Phối hợp"), references, refers_to="unit"),
        Column(
            "decided_by",
            ("Cơ quan quyết định", "Cơ quan giao"),
            reference,
            path="on_behalf_of",
            refers_to="unit",
        ),
        Column("registered_on", ("Ngày đăng ký",), day),
        Column("approved_on", ("Có hiệu lực phê duyệt từ",), day),
        *document_columns("approval_", "văn bản phê duyệt", "approval"),
        Column("assigned_on", ("Ngày giao", "Giao từ ngày"), day),
        *document_columns("assignment_", "văn bản giao việc", "assignment"),
    ),
    steps=_steps,
    concurrency=CONCURRENCY,
    id_column="task_id",
)
