"""Findings on a territory's file: what is wrong with it, and how to mend it.

Their sentences keep places for the values of the row, and for what the comparison adds.
"""

from service.imports.findings import Finding, Message

CORRECT_CODE = Message("write the code that the official list gives", "ghi mã theo danh mục")
CORRECT_EXTENT = Message(
    "give every part its row, each for a part; or one row for the whole",
    "mỗi phần một hàng, đều là nhập một phần; hoặc một hàng cho toàn bộ",
)
SEE_LINEAGE = Message(
    "what was recorded stays: see the unit's lineage, and remove or correct the row",
    "điều đã ghi được giữ nguyên: xem quan hệ kế thừa của đơn vị, rồi bỏ hoặc sửa hàng",
)
FROM_LIST_TO_ACT = Message(
    "record what happened by its verbs (rename, retype, move, merge), or send a conversion table",
    "ghi việc đã xảy ra bằng thao tác riêng (đổi tên, đổi loại, chuyển, nhập), hoặc gửi bảng "
    "chuyển đổi",
)

# Of either file.
EMPTY = Finding(
    Message("this cell is empty", "ô này để trống"),
    Message("fill it in", "điền nội dung"),
)
OTHER_SPELLING = Finding(
    Message(
        "it is spelled “{name}” on record; it is taken for the same unit",
        "trong sổ viết là “{name}”; được coi là cùng một đơn vị",
    ),
    Message(
        "rename the unit if its name on record is wrong",
        "đổi tên đơn vị nếu tên trong sổ chưa đúng",
    ),
)
REUSED_CODE = Finding(
    Message(
        "the code {before.code} was that of {before.name}, and is given anew: "
        "the new unit has the id {unit_id}",
        "mã {before.code} từng là của {before.name}, nay được cấp lại: "
        "đơn vị mới có mã định danh {unit_id}",
    ),
    Message(
        "nothing, if the list is right: units are told apart by their ids",
        "không cần sửa nếu danh mục đúng: các đơn vị phân biệt bằng mã định danh",
    ),
)

OTHER_KIND = Finding(
    Message(
        "the name {name} says another kind than the column: {kind}",
        "tên {name} ghi loại khác với cột loại: {vietnamese}",
    ),
    Message("correct the name or the kind", "sửa tên hoặc loại đơn vị"),
)

# Of a unit list.
SAME_COMMUNE = Finding(
    Message(
        "row {first} lists {unit_name} of the same district under the code {other}: "
        "it may be one commune",
        "hàng {first} cũng có {unit_name} cùng huyện với mã {other}: có thể là cùng một xã",
    ),
    Message(
        "nothing, if there are two; else annul what was recorded of the wrong code",
        "không cần sửa nếu là hai xã; nếu là một thì hủy bỏ ghi nhận của mã sai",
    ),
)
REPEATED_CODE = Finding(
    Message("row {first} has this code, too", "hàng {first} cũng có mã này"),
    Message("give each unit its own code", "mỗi đơn vị một mã riêng"),
)
UNKNOWN_TYPE = Finding(
    Message(
        "“{unit_type}” is no kind of units of the base level on {day}",
        "ngày {day} không có loại đơn vị cấp xã nào là “{unit_type}”",
    ),
    Message(
        "write one of: {kinds}; or declare the kind in the ledger first",
        "viết một trong: {kinds}; hoặc khai báo loại đơn vị đó trong sổ trước",
    ),
)
CHANGED_BETWEEN = Finding(
    Message(
        "row {first} gives this code to another unit on {before}",
        "hàng {first} ghi mã này cho đơn vị khác vào ngày {before}",
    ),
    FROM_LIST_TO_ACT,
)
OTHER_UNIT = Finding(
    Message(
        "the code {known.code} is on record for {known.name} ({known.kind}{under}), and the list "
        "gives it to {unit_name} ({unit_type}, {district})",
        "mã {known.code} đang ghi cho {known.name} ({known_type}{under}), danh sách ghi cho "
        "{unit_name} ({listed_type}, {district})",
    ),
    FROM_LIST_TO_ACT,
)
NOT_LISTED = Finding(
    Message(
        "{unit.name} ({unit.code}) is on record on {day} and not in the list",
        "{unit.name} ({unit.code}) có trong sổ vào ngày {day} nhưng không có trong danh sách",
    ),
    FROM_LIST_TO_ACT,
)

# Of a conversion table.
REPEATED_ROW = Finding(
    Message("it says the same as row {first}", "trùng với hàng {first}"),
    Message("remove one of the two rows", "bỏ một trong hai hàng"),
)
OTHER_PROVINCES = Finding(
    Message(
        "{rows} rows are of provinces of which this ledger holds no communes ({codes}): "
        "they are passed over",
        "{rows} hàng thuộc các tỉnh không có xã trong sổ này ({codes}): được bỏ qua",
    ),
    Message(
        "nothing, if the ledger is of another province; else import its unit list first",
        "không cần sửa nếu sổ thuộc tỉnh khác; nếu không, nhập danh sách đơn vị của tỉnh trước",
    ),
)
NO_PROVINCE = Finding(
    Message(
        "{provinces} provinces stand under the code {code} on {day}: {rows} rows are not taken",
        "có {count} tỉnh mang mã {code} vào ngày {day}: {rows} hàng không được nhập",
    ),
    Message(
        "establish the province under the code {code} from {day} or earlier first",
        "thành lập tỉnh với mã {code} từ ngày {day} hoặc sớm hơn rồi nhập lại",
    ),
)
UNKNOWN_CODE = Finding(
    Message(
        "no unit stands under the code {old_code} on {before}",
        "không có đơn vị nào mang mã {old_code} vào ngày {before}",
    ),
    CORRECT_CODE,
)
CODE_OF_OTHER_DAYS = Finding(
    Message(
        "no unit stands under the code {old_code} on {before} ({bearers}, on other days)",
        "không có đơn vị nào mang mã {old_code} vào ngày {before} (chỉ vào ngày khác: {bearers})",
    ),
    CORRECT_CODE,
)
WRONG_CODE = Finding(
    Message(
        "the code {known.code} is that of {known.name} on {before}, not of {old_name}",
        "mã {known.code} vào ngày {before} là của {known.name}, không phải {old_name}",
    ),
    CORRECT_CODE,
)
NAMED_UNDER = Message("{old_name} stands under {codes}", "{old_name} mang mã {codes}")
SEVERAL_SUCCESSORS = Finding(
    Message(
        "the rows give the code {new_code} to several units: {names}",
        "các hàng ghi mã {new_code} cho nhiều đơn vị: {names}",
    ),
    Message(
        "give them one name, kind and province, or codes of their own",
        "ghi thống nhất tên, loại và tỉnh, hoặc mỗi đơn vị một mã riêng",
    ),
)
SEVERAL_MONITORS = Finding(
    Message(
        "several rows say that the monitor goes on there: {numbers}",
        "nhiều hàng cùng ghi cán bộ theo dõi tiếp tục: {numbers}",
    ),
    Message("mark one of them at most", "chỉ đánh dấu nhiều nhất một hàng"),
)
UNKNOWN_KIND = Finding(
    Message(
        "“{new_name}” does not begin with a kind of units of {effective_on}",
        "“{new_name}” không bắt đầu bằng loại đơn vị nào của ngày {effective_on}",
    ),
    Message("begin it with one of: {kinds}", "bắt đầu bằng một trong: {kinds}"),
)
HAS_COMMUNES = Finding(
    Message(
        "{old_name} has communes on {before}: they go where their own rows say",
        "{old_name} vào ngày {before} còn có xã: mỗi xã phải có hàng riêng",
    ),
    Message(
        "give each of its communes a row; a district without communes alone has one",
        "ghi mỗi xã của huyện một hàng; chỉ huyện không có xã mới ghi hàng của huyện",
    ),
)
CHANGED_SINCE = Finding(
    Message(
        "{old_name} changed after {effective_on} on record",
        "{old_name} trong sổ đã thay đổi sau ngày {effective_on}",
    ),
    SEE_LINEAGE,
)
WENT_ELSEWHERE = Finding(
    Message(
        "{old_name} ended by {effective_on} on record, and did not go where the row says",
        "{old_name} trong sổ đã kết thúc trước hoặc vào ngày {effective_on}, không theo hướng nêu "
        "ở hàng",
    ),
    SEE_LINEAGE,
)
REST_NOT_TOLD = Finding(
    Message(
        "only a part goes here, and no row says where the rest goes",
        "chỉ một phần nhập vào đây, không hàng nào nêu phần còn lại",
    ),
    CORRECT_EXTENT,
)
WHOLE_IN_PARTS = Finding(
    Message(
        "it goes whole to one unit, and stands in several rows: {numbers}",
        "được nhập toàn bộ vào một đơn vị nhưng có ở nhiều hàng: {numbers}",
    ),
    CORRECT_EXTENT,
)
NO_SUCCESSOR = Finding(
    Message(
        "{unit.name} ({unit.code}) exists until {day} and no row says where it goes",
        "{unit.name} ({unit.code}) tồn tại đến ngày {day} nhưng không hàng nào nêu đơn vị kế thừa",
    ),
    Message(
        "add a row for it, also if it stays as it is",
        "thêm một hàng cho đơn vị, kể cả khi giữ nguyên",
    ),
)
