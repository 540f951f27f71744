"""Findings on a territory's file: what is wrong with it, and how to mend it."""

from collections.abc import Sequence
from datetime import date

from service.imports.findings import Finding, Message
from service.imports.sheets import Row
from service.imports.territory.plan import Plan
from service.imports.territory.units import ONE_DAY, UnitHistory, UnitVersion, same_name

CORRECT_CODE = Message("write the code that the official list gives", "ghi mã theo danh mục")


def repeated_row(plan: Plan, row: Row, first: int) -> Finding:
    return plan.finding(
        row,
        "old_code",
        Message(f"it says the same as row {first}", f"trùng với hàng {first}"),
        Message("remove one of the two rows", "bỏ một trong hai hàng"),
    )


def other_provinces(plan: Plan, rows: Sequence[Row]) -> Finding:
    codes = ", ".join(sorted({row.values["old_province_code"] for row in rows}))
    return plan.finding(
        rows[0],
        "old_province_code",
        Message(
            f"{len(rows)} rows are of provinces of which this ledger holds no communes ({codes}): "
            "they are passed over",
            f"{len(rows)} hàng thuộc các tỉnh không có xã trong sổ này ({codes}): được bỏ qua",
        ),
        Message(
            "nothing, if the ledger is of another province; else import its unit list first",
            "không cần sửa nếu sổ thuộc tỉnh khác; nếu không, nhập danh sách đơn vị của tỉnh trước",
        ),
    )


def no_province(plan: Plan, rows: Sequence[Row], provinces: int) -> Finding:
    code, day = rows[0].values["new_province_code"], rows[0].values["effective_on"]
    return plan.finding(
        rows[0],
        "new_province_code",
        Message(
            f"{provinces or 'no'} provinces stand under the code {code} on {day}: "
            f"{len(rows)} rows are not taken",
            f"có {provinces} tỉnh mang mã {code} vào ngày {day}: {len(rows)} hàng không được nhập",
        ),
        Message(
            f"establish the province under the code {code} from {day} or earlier first",
            f"thành lập tỉnh với mã {code} từ ngày {day} hoặc sớm hơn rồi nhập lại",
        ),
    )


def unknown_code(plan: Plan, row: Row, history: UnitHistory) -> Finding:
    code, before = row.values["old_code"], row.values["effective_on"] - ONE_DAY
    bearers = sorted({unit.name for unit in history.by_code.get(code, [])})
    beside = f" ({', '.join(bearers)}, on other days)" if bearers else ""
    vietnamese = f" (chỉ vào ngày khác: {', '.join(bearers)})" if bearers else ""
    return plan.finding(
        row,
        "old_code",
        Message(
            f"no unit stands under the code {code} on {before}{beside}",
            f"không có đơn vị nào mang mã {code} vào ngày {before}{vietnamese}",
        ),
        CORRECT_CODE,
    )


def wrong_code(plan: Plan, row: Row, known: UnitVersion, history: UnitHistory) -> Finding:
    """The code is another unit's; if a unit of that name is on record, its code is given."""
    name, before = row.values["old_name"], row.values["effective_on"] - ONE_DAY
    province = history.province(known, before)
    namesakes = [
        unit
        for unit in history.communes(before)
        if same_name(name, unit.name) and history.province(unit, before) == province
    ]
    mend = CORRECT_CODE
    if namesakes:
        codes = ", ".join(sorted(unit.code or "-" for unit in namesakes))
        mend = Message(f"{name} stands under {codes}", f"{name} mang mã {codes}")
    return plan.finding(
        row,
        "old_code",
        Message(
            f"the code {known.code} is that of {known.name} on {before}, not of {name}",
            f"mã {known.code} vào ngày {before} là của {known.name}, không phải {name}",
        ),
        mend,
    )


def several_continuing_monitors(plan: Plan, row: Row, marked: Sequence[Row]) -> Finding:
    """A commune has one monitor, and a monitor that goes on does so in one place."""
    numbers = ", ".join(str(other.number) for other in marked)
    return plan.finding(
        row,
        "monitor_goes_on",
        Message(
            f"several rows say that the monitor goes on there: {numbers}",
            f"nhiều hàng cùng ghi cán bộ theo dõi tiếp tục: {numbers}",
        ),
        Message("mark one of them at most", "chỉ đánh dấu nhiều nhất một hàng"),
    )


def unknown_kind(plan: Plan, row: Row) -> Finding:
    return plan.finding(
        row,
        "new_name",
        Message("the name does not say of what kind it is", "tên không cho biết loại đơn vị"),
        Message("begin it with Xã, Phường or Thị trấn", "bắt đầu bằng Xã, Phường hoặc Thị trấn"),
    )


def changed_since(plan: Plan, row: Row, *, ended: bool) -> Finding:
    """The unit changed after the day, or it ended by then and went elsewhere."""
    name, day = row.values["old_name"], row.values["effective_on"]
    what = Message(
        f"{name} changed after {day} on record", f"{name} trong sổ đã thay đổi sau ngày {day}"
    )
    if ended:
        what = Message(
            f"{name} ended by {day} on record, and did not go where the row says",
            f"{name} trong sổ đã kết thúc trước hoặc vào ngày {day}, không theo hướng nêu ở hàng",
        )
    return plan.finding(
        row,
        "old_code",
        what,
        Message(
            "what was recorded stays: see the unit's lineage, and remove or correct the row",
            "điều đã ghi được giữ nguyên: xem quan hệ kế thừa của đơn vị, rồi bỏ hoặc sửa hàng",
        ),
    )


def no_successor(unit: UnitVersion, day: date) -> Finding:
    return Finding(
        0,
        None,
        Message(
            f"{unit.name} ({unit.code}) exists until {day} and no row says where it goes",
            f"{unit.name} ({unit.code}) tồn tại đến ngày {day} nhưng không hàng nào nêu đơn vị "
            "kế thừa",
        ),
        Message(
            "add a row for it, also if it stays as it is",
            "thêm một hàng cho đơn vị, kể cả khi giữ nguyên",
        ),
    )


def contradictory_extents(plan: Plan, rows: Sequence[Row]) -> list[Finding]:
    """The contradiction between the rows of one unit, which is merged whole or in parts."""
    extents = [row.values.get("merge_note") for row in rows]
    if len(rows) == 1 and extents[0] == "part":
        what = Message(
            "only a part goes here, and no row says where the rest goes",
            "chỉ một phần nhập vào đây, không hàng nào nêu phần còn lại",
        )
    elif len(rows) > 1 and "whole" in extents:
        numbers = ", ".join(str(row.number) for row in rows)
        what = Message(
            f"it goes whole to one unit, and stands in several rows: {numbers}",
            f"được nhập toàn bộ vào một đơn vị nhưng có ở nhiều hàng: {numbers}",
        )
    else:
        return []
    mend = Message(
        "give every part its row, each for a part; or one row for the whole",
        "mỗi phần một hàng, đều là nhập một phần; hoặc một hàng cho toàn bộ",
    )
    return [plan.finding(row, "merge_note", what, mend) for row in rows]


def other_spelling(plan: Plan, row: Row, column: str, name: str) -> Finding:
    """A note: the name on record has another spelling."""
    return plan.finding(
        row,
        column,
        Message(
            f"it is spelled “{name}” on record; it is taken for the same unit",
            f"trong sổ viết là “{name}”; được coi là cùng một đơn vị",
        ),
        Message(
            "rename the unit if its name on record is wrong",
            "đổi tên đơn vị nếu tên trong sổ chưa đúng",
        ),
    )


def reused_code(plan: Plan, row: Row, column: str, before: UnitVersion, unit_id: str) -> Finding:
    """A note: the code was another unit's."""
    return plan.finding(
        row,
        column,
        Message(
            f"the code {before.code} was that of {before.name}, and is given anew: "
            f"the new unit has the id {unit_id}",
            f"mã {before.code} từng là của {before.name}, nay được cấp lại: "
            f"đơn vị mới có mã định danh {unit_id}",
        ),
        Message(
            "nothing, if the list is right: units are told apart by their ids",
            "không cần sửa nếu danh mục đúng: các đơn vị phân biệt bằng mã định danh",
        ),
    )
