"""The file of tasks: a row is registered, approved and assigned, or commissioned and assigned.

How far a row goes, its documents say: without an approval it stays registered, without a decision
of assignment it is approved only. Whoever registers may not approve: decisions are the second
caller's.
"""

import re
from collections.abc import Iterator, Mapping

from domain.tasks.beginning.approval import ApproveTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.beginning.commission import CommissionTask
from domain.tasks.beginning.registration import RegisterTask
from service.access.roles import Permission
from service.imports.cell_parsers import (
    Cell,
    choice,
    day,
    fold,
    number,
    parts,
    reference,
    references,
    slug,
    term,
)
from service.imports.findings import NotUnderstood, Words
from service.imports.layout import Column, Kind, Step, Values, basis, cited, given
from service.imports.organisation import word

AT_ONCE = 16
LONGEST_CODE = 36
ORIGINS = {
    "dang ky": "registered",
    "registered": "registered",
    "dat hang": "commissioned",
    "commissioned": "commissioned",
}
KINDS = {
    "viec dot pha": "breakthrough",
    "dot pha": "breakthrough",
    "viec moi": "new",
    "moi": "new",
    "viec kho": "hard",
    "kho": "hard",
    "viec ton tai": "backlog",
    "ton tai": "backlog",
    "viec ton dong": "backlog",
    "ton dong": "backlog",
    "viec chua co tien le": "unprecedented",
    "chua co tien le": "unprecedented",
}
INDICATOR = re.compile(
    r"(?P<name>.+?)\s*:\s*(?P<target>[+\-\u2212]?[0-9][0-9.,]*)\s*(?P<measure>.+)"
)
MILESTONE = re.compile(r"(?P<title>.+?)\s*:\s*(?P<due_on>[0-9][0-9/.-]+)")


def kinds(cell: Cell) -> tuple[str, ...]:
    """Why the task counts as a breakthrough: known words, or the province's own."""
    found = [part for piece in parts(cell) for part in piece.split(",") if part.strip()]
    return tuple(dict.fromkeys(KINDS.get(fold(part)) or word(part) for part in found))


def indicators(cell: Cell) -> tuple[dict[str, object], ...]:
    """`Lò đã dỡ: 98 lò; Giải ngân: 90,3 %`.

    Raises:
        NotUnderstood: a part is not a name, a number and what it counts.
    """
    found: list[dict[str, object]] = []
    for part in parts(cell):
        said = INDICATOR.fullmatch(part)
        if said is None:
            raise NotUnderstood(
                Words(f"“{part}” is not a target", f"“{part}” không phải là chỉ tiêu"),
                Words(
                    "write name: number measure, such as Lò đã dỡ: 98 lò; several between ;",
                    "viết tên: số đơn vị tính, ví dụ Lò đã dỡ: 98 lò; nhiều chỉ tiêu cách bằng ;",
                ),
            )
        found.append(_indicator(said["name"], number(said["target"]), said["measure"], len(found)))
    return tuple(found)


def roadmap(cell: Cell) -> tuple[dict[str, object], ...]:
    """`Vận động: 30/06/2021; Tháo dỡ: 31/12/2021`.

    Raises:
        NotUnderstood: a part is not a step and its day.
    """
    found = []
    for part in parts(cell):
        said = MILESTONE.fullmatch(part)
        if said is None:
            raise NotUnderstood(
                Words(f"“{part}” is not a step", f"“{part}” không phải là một bước của lộ trình"),
                Words(
                    "write step: day, such as Vận động: 30/06/2021; several between ;",
                    "viết bước: ngày, ví dụ Vận động: 30/06/2021; nhiều bước cách bằng ;",
                ),
            )
        found.append({"title": said["title"], "due_on": day(said["due_on"])})
    return tuple(found)


def _indicator(name: str, target: object, measure: str, index: int) -> dict[str, object]:
    """Its code is made from its name; the number tells those of one name apart."""
    code = slug(name, "_", LONGEST_CODE)
    code = code if code[:1].isalpha() else f"i_{code}"
    return {
        "code": f"{code}_{index + 1}" if index else code,
        "name": name,
        "target": target,
        "measure": measure,
    }


def _proposal(values: Values) -> Mapping[str, object]:
    targets = list(values.get("indicators", ()))
    if "indicator" in values or "target" in values:
        name, measure = values.get("indicator", values["title"]), values.get("measure")
        single = _indicator(name, values.get("target"), "", len(targets))
        targets.append(given(**{**single, "measure": measure}))
    return given(
        title=values["title"],
        goal=values["goal"],
        indicators=targets,
        roadmap=values["roadmap"],
        kinds=values["kinds"],
        field=values["field"],
        term=values["term"],
        due_on=values.get("due_on"),
        original_due_on=values.get("original_due_on"),
    )


def task_id(values: Values) -> str:
    """The id given, or the same for whoever is given the same task for the same term."""
    named: str | None = values.get("task_id")
    who = values.get("official") or values["post"]
    return named or slug(f"{who} {values['term'].label} {values['title']}")


def _steps(values: Values) -> Iterator[Step]:
    name = task_id(values)
    commissioned = values.get("origin") == "commissioned"
    approval, decision = cited(values, "approval_"), cited(values, "assignment_")
    approved_on = values.get("approved_on") or values.get("approval_issued_on")
    assigned_on = values.get("assigned_on") or values.get("assignment_issued_on")
    body = values.get("decided_by")
    beginning = given(
        task_id=name,
        post_id=values["post"],
        proposal=_proposal(values),
        effective_on=values.get("registered_on") or approved_on or assigned_on,
    )
    if commissioned:
        said = beginning | given(on_behalf_of=body, basis=approval or decision)
        cites = "approval_" if approval else "assignment_"
        decide = Permission.DECIDE
        yield Step("commission", CommissionTask, "task", name, decide, said, document=cites)
    else:
        said = beginning | given(official_id=values.get("official"))
        yield Step("register", RegisterTask, "task", name, Permission.ACT, said)
        if approval is None and decision is not None:
            raise NotUnderstood(
                Words("it is assigned and was not approved", "được giao nhưng chưa được phê duyệt"),
                Words(
                    "give the number, date and issuer of the approval",
                    "ghi số, ngày và cơ quan ban hành văn bản phê duyệt",
                ),
            )
        if approval is not None:
            said = given(on_behalf_of=body, basis=approval, effective_on=approved_on)
            decide = Permission.DECIDE
            yield Step(
                "approve",
                ApproveTask,
                "task",
                name,
                decide,
                said,
                decides=True,
                document="approval_",
            )
    if decision is not None:
        said = given(
            post_id=values["post"],
            official_id=values.get("official"),
            coordinators=values.get("coordinators"),
            on_behalf_of=body,
            basis=decision,
            effective_on=assigned_on,
        )
        yield Step(
            "assign",
            AssignTask,
            "task",
            name,
            Permission.DECIDE,
            said,
            decides=True,
            document="assignment_",
        )


TASKS = Kind(
    "tasks",
    (
        Column("task_id", ("Mã việc", "Mã", "Id"), reference, place="task_id"),
        Column("official", ("Cán bộ", "Mã cán bộ", "Official id"), reference, place="official_id"),
        Column(
            "post",
            ("Chức danh", "Mã chức danh", "Post id"),
            reference,
            required=True,
            place="post_id",
        ),
        Column("origin", ("Hình thức", "Nguồn"), choice(ORIGINS, ("đăng ký", "đặt hàng"))),
        Column("title", ("Tên việc", "Nội dung", "Task"), required=True, place="proposal.title"),
        Column("goal", ("Mục tiêu",), required=True, place="proposal.goal"),
        Column("indicators", ("Chỉ tiêu",), indicators, place="proposal.indicators"),
        Column("indicator", ("Tên chỉ tiêu",)),
        Column("target", ("Chỉ tiêu giao", "Mức phấn đấu"), number),
        Column("measure", ("Đơn vị tính",)),
        Column("roadmap", ("Lộ trình",), roadmap, required=True, place="proposal.roadmap"),
        Column("kinds", ("Loại việc", "Kind"), kinds, required=True, place="proposal.kinds"),
        Column("field", ("Lĩnh vực",), word, required=True, place="proposal.field"),
        Column(
            "term",
            ("Thời hạn giao", "Giai đoạn", "Năm"),
            term,
            required=True,
            place="proposal.term",
        ),
        Column("due_on", ("Hạn hoàn thành", "Thời hạn", "Due"), day, place="proposal.due_on"),
        Column("original_due_on", ("Hạn ban đầu",), day, place="proposal.original_due_on"),
        Column("coordinators", ("Đơn vị phối hợp", "Phối hợp"), references, place="coordinators"),
        Column(
            "decided_by",
            ("Cơ quan quyết định", "Cơ quan giao"),
            reference,
            place="on_behalf_of",
        ),
        Column("registered_on", ("Ngày đăng ký",), day),
        Column("approved_on", ("Có hiệu lực phê duyệt từ",), day),
        *basis("approval_", "văn bản phê duyệt", "approval"),
        Column("assigned_on", ("Ngày giao", "Giao từ ngày"), day),
        *basis("assignment_", "văn bản giao việc", "assignment"),
    ),
    steps=_steps,
    at_once=AT_ONCE,
)
