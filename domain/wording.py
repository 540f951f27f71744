"""Wording: how values read within a sentence for people, in Vietnamese or English.

Days and numbers are written as an official would write them (Decree 30/2020/ND-CP, appendix I), and
what the API calls by a word of its own, such as a state, by the word of the office.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from domain.action_words import ACTIONS

STATES: Mapping[str, str] = {
    "unregistered": "chưa đăng ký",
    "registered": "đã đăng ký",
    "ready": "chờ giao",
    "rejected": "không được chấp thuận",
    "cancelled": "đã hủy bỏ",
    "in_progress": "đang thực hiện",
    "claimed": "đã báo cáo hoàn thành",
    "completed": "đã hoàn thành",
    "vacant": "khuyết người chịu trách nhiệm",
    "carried_over": "đã chuyển tiếp",
}
ROLES: Mapping[str, str] = {
    "inspector": "cơ quan kiểm tra",
    "official": "cán bộ",
    "authority": "cơ quan có thẩm quyền",
    "administrator": "quản trị viên",
    "integrator": "đơn vị tích hợp",
    "operator": "đơn vị vận hành",
}
PERMISSIONS: Mapping[str, str] = {
    "read": "tra cứu",
    "act": "ghi nhận công việc của cán bộ",
    "decide": "quyết định thay mặt cơ quan",
    "organise": "cập nhật tổ chức, nhân sự",
    "administer": "quản trị dịch vụ",
}
RELATIONS_IN_ENGLISH: Mapping[str, str] = {
    "anyone": "needs no token",
    "ledger": "for the ledger",
    "own-person": "the official's own",
    "own-unit": "of its own unit or of one below it",
    "own-agency": "a commune that its own agency monitors",
    "managing-body": "of a post or task that its own unit manages or assigned",
    "own-name": "in the name of its own unit",
    "above-communes": "in the name of a body above the communes",
    "party-committee": "in the name of a Party committee or its standing committee",
    "whole-ledger": "for the whole ledger",
}
RELATIONS: Mapping[str, str] = {
    "anyone": "không cần mã truy cập",
    "ledger": "được dùng cho sổ",
    "own-person": "của chính cán bộ",
    "own-unit": "thuộc đơn vị mình hoặc đơn vị trực thuộc",
    "own-agency": "xã do cơ quan mình theo dõi",
    "managing-body": "do cơ quan mình quản lý chức danh hoặc giao việc",
    "own-name": "nhân danh đơn vị mình",
    "above-communes": "nhân danh cơ quan trên cấp xã",
    "party-committee": "nhân danh cấp ủy hoặc ban thường vụ cấp ủy",
    "whole-ledger": "thay mặt toàn bộ sổ",
}
THINGS: Mapping[str, str] = {
    "cell": "chi bộ",
    "cycle": "chu kỳ xếp loại",
    "event": "sự kiện",
    "monitoring": "theo dõi xã",
    "official": "cán bộ",
    "period": "khóa sổ",
    "post": "chức danh",
    "regulation": "quy định",
    "task": "việc",
    "tenure": "giữ chức danh",
    "unit": "đơn vị",
    "unit_kind": "loại đơn vị",
}
MATTERS: Mapping[str, str] = {
    "obstacle": "khó khăn, vướng mắc",
    "reminder": "đôn đốc",
    "solution": "giải pháp",
    "revision": "đề nghị điều chỉnh",
    "part": "phần việc",
    "replacement": "đề nghị thay người theo dõi",
    "recommendation": "kiến nghị",
    "objection": "kiến nghị về xếp loại",
}
# Of the kinds of units that every ledger has; the catalogue adds them.
UNIT_KINDS: dict[str, str] = {}
STEPS: Mapping[str, str] = {"month": "tháng", "quarter": "quý", "year": "năm"}
# Of every type of event; each class of events adds its own.
EVENTS: dict[str, str] = {}
# The words for the values of an extension or a field of that name.
WORDS: Mapping[str, Mapping[str, str]] = {
    "state": STATES,
    "role": ROLES,
    "permission": PERMISSIONS,
    "action": ACTIONS,
    "relation": RELATIONS,
    "thing": {"ledger": "toàn bộ sổ"},
    "kind": UNIT_KINDS,
    "former_kind": UNIT_KINDS,
    "step": STEPS,
    "event_type": EVENTS,
    "matter": MATTERS,
    "grouping": {"block": "khối", "duty_group": "nhóm có nhiệm vụ tương đồng"},
    "reading": {"progress": "tiến độ", "claim": "báo cáo hoàn thành", "proposal": "đề xuất"},
    "recorded_kind": THINGS,
    "replaced_kind": THINGS,
}
ACTORS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "official": "cán bộ",
        "client": "phần mềm",
        "unit": "đơn vị",
        "unit_kind": "loại đơn vị",
        "post": "chức danh",
        "task": "việc",
    },
    "en": {
        "official": "official",
        "client": "client",
        "unit": "unit",
        "unit_kind": "kind of units",
        "post": "post",
        "task": "task",
    },
}
# The months 1 and 2 and days below 10 take a zero, other months none.
LAST_MONTH_WITH_ZERO = 2


def worded(name: str, value: object, language: str) -> object:
    """The value as a sentence in that language has it.

    Args:
        name: what the sentence calls it, such as `state`.
        value: days, texts, numbers, or several of them.
        language: `vi` or `en`.
    """
    if isinstance(value, str):
        if language == "vi":
            value = WORDS.get(name, {}).get(value, value)
        elif name == "action":
            value = value.replace("_", " ")
        elif name == "relation":
            value = RELATIONS_IN_ENGLISH.get(value, value)
        return _actor(str(value), language)
    if isinstance(value, date) and not isinstance(value, datetime) and language == "vi":
        return day(value)
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return ", ".join(str(worded(name, one, language)) for one in value)
    return value


def day(value: date) -> str:
    """The day as an office writes it: 01/5/2024, 03/02/2024."""
    month = f"{value.month:02}" if value.month <= LAST_MONTH_WITH_ZERO else str(value.month)
    return f"{value.day:02}/{month}/{value.year}"


def _actor(text: str, language: str) -> str:
    """`official:cb-1` as “official cb-1”."""
    prefix, colon, name = text.partition(":")
    word = ACTORS[language].get(prefix) if colon and name and " " not in text else None
    return text if word is None else f"{word} {name}"
