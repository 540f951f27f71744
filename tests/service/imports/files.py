"""Small files such as offices send: two units, a post, an official, and tasks."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

UNITS = """\
DANH SÁCH ĐƠN VỊ;;;;
STT;Tên đơn vị;LOẠI ĐƠN VỊ;Trực thuộc;Có hiệu lực từ
1;Ban Thường vụ;Ban Thường vụ;;01/01/2015
2;Huyện Hàm Yên;huyện;Ban Thường vụ;2015-01-01
"""
POSTS = """\
post_id,unit,title,kind,managed_by,heads_unit,effective_on
secretary,huyen-ham-yen,Bí thư Huyện ủy,District party secretary,ban-thuong-vu,x,01/01/2015
"""
OFFICIALS = """\
Mã cán bộ;Họ và tên;Mã chức danh;Giữ chức vụ từ
official-017;Cán bộ 017;secretary;01/07/2018
"""
TASK_HEADINGS = (
    "Mã việc",
    "Hình thức",
    "Cán bộ",
    "Chức danh",
    "Tên việc",
    "Mục tiêu",
    "Chỉ tiêu",
    "Lộ trình",
    "Loại việc",
    "Lĩnh vực",
    "Thời hạn giao",
    "Cơ quan quyết định",
    "Ngày đăng ký",
    "Số văn bản phê duyệt",
    "Ngày văn bản phê duyệt",
    "Cơ quan ban hành văn bản phê duyệt",
    "Số văn bản giao việc",
    "Ngày văn bản giao việc",
    "Cơ quan ban hành văn bản giao việc",
)
KILNS = {
    "Mã việc": "kilns",
    "Cán bộ": "official-017",
    "Chức danh": "secretary",
    "Tên việc": "Chấm dứt lò gạch thủ công",
    "Mục tiêu": "Không còn lò gạch thủ công",
    "Chỉ tiêu": "Lò đã dỡ: 2.098 lò; Giải ngân: 90,3 %",
    "Lộ trình": "Vận động: 30/06/2021; Tháo dỡ: 31/12/2021",
    "Loại việc": "Tồn tại; Khó",
    "Lĩnh vực": "Môi trường",
    "Thời hạn giao": "giai đoạn 2021-2025",
    "Cơ quan quyết định": "Ban Thường vụ",
    "Ngày đăng ký": "25/12/2020",
    "Số văn bản phê duyệt": "30-QĐ/TU",
    "Ngày văn bản phê duyệt": "04/01/2021",
    "Cơ quan ban hành văn bản phê duyệt": "Tỉnh ủy",
    "Số văn bản giao việc": "31-QĐ/TU",
    "Ngày văn bản giao việc": "05/01/2021",
    "Cơ quan ban hành văn bản giao việc": "Tỉnh ủy",
}


def tasks(*changes: dict[str, str]) -> str:
    """A row for each set of changes to the task of the kilns."""
    rows = [{**KILNS, **change} for change in changes]
    lines = [TASK_HEADINGS, *([row.get(name, "") for name in TASK_HEADINGS] for row in rows)]
    return "".join(";".join(f'"{cell}"' for cell in line) + "\n" for line in lines)


def workbook(*rows: Sequence[object]) -> bytes:
    """An XLSX file with those rows."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
