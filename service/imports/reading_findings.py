"""Findings on reading: what a file says that is not taken as it stands, by the reader's codes."""

from collections.abc import Mapping

from service.imports.findings import Finding, Message
from service.imports.reading.bounds import Unreadable

SAVE_AS_UTF_8 = Message(
    "in Excel: Save As, CSV UTF-8 (comma delimited); or send the XLSX file itself",
    "trong Excel: Lưu thành, CSV UTF-8 (Comma delimited); hoặc gửi chính tệp XLSX",
)
SAVE_AS_XLSX = Message(
    "save it as an Excel workbook (.xlsx) without a password",
    "lưu thành Excel Workbook (.xlsx), không đặt mật khẩu",
)
SEND_IN_PARTS = Message("send it in several files", "chia thành nhiều tệp")
LIST_ALONE = Message(
    "copy the list alone into a new workbook, as values",
    "chép riêng danh sách sang bảng tính mới, dán dạng giá trị",
)
SHORTEN = Message("shorten the text of the cell", "rút gọn nội dung của ô")
ITS_OWN_FILE = Message(
    "send each of them as a file of its own, if it is to be imported",
    "gửi mỗi trang tính thành một tệp riêng nếu cần nhập",
)

# Nothing can be taken from the file.
FAULTS: Mapping[str, Finding] = {
    "utf_16": Finding(
        Message("it is UTF-16, not UTF-8", "tệp là UTF-16, không phải UTF-8"), SAVE_AS_UTF_8
    ),
    "not_utf_8": Finding(
        Message("it is not UTF-8 from here on", "từ đây không phải UTF-8"), SAVE_AS_UTF_8
    ),
    "windows": Finding(
        Message(
            "it is not UTF-8 from here on: it may be in Windows-1258, TCVN3 or VNI",
            "từ đây không phải UTF-8: có thể là bảng mã Windows-1258, TCVN3 hoặc VNI",
        ),
        SAVE_AS_UTF_8,
    ),
    "not_split": Finding(
        Message("the row cannot be split: {fault}", "không tách được hàng này thành các ô"),
        Message(
            'close every quotation mark, and write "" for one within a cell',
            'đóng mọi dấu nháy kép, và viết "" cho dấu nháy trong ô',
        ),
    ),
    "is_workbook": Finding(
        Message("it is a workbook, sent as CSV", "tệp là bảng tính nhưng gửi dạng CSV"),
        Message(
            "send it with the media type or the ending of XLSX",
            "gửi với kiểu nội dung hoặc đuôi tệp XLSX",
        ),
    ),
    "no_workbook": Finding(
        Message(
            "it is not a workbook that can be read: {fault}",
            "tệp hỏng, hoặc không phải bảng tính Excel (.xlsx)",
        ),
        SAVE_AS_XLSX,
    ),
    "is_text": Finding(
        Message("it is text, sent as a workbook", "tệp là văn bản (CSV) nhưng gửi dạng bảng tính"),
        Message(
            "send it with the media type or the ending of CSV",
            "gửi với kiểu nội dung hoặc đuôi tệp CSV",
        ),
    ),
    "old_workbook": Finding(
        Message(
            "it is a workbook of Excel 97 to 2003 (.xls)",
            "tệp là bảng tính của Excel 97-2003 (.xls)",
        ),
        SAVE_AS_XLSX,
    ),
    "protected": Finding(
        Message("it is locked with a password", "tệp bị khóa bằng mật khẩu"),
        Message(
            "in Excel: File, Info, Protect Workbook, Encrypt with Password; clear it, and save",
            "trong Excel: Tệp, Thông tin, Bảo vệ Sổ làm việc, Mã hóa với Mật khẩu; "
            "xóa mật khẩu rồi lưu",
        ),
    ),
    "binary_workbook": Finding(
        Message(
            "it is a binary workbook of Excel (.xlsb)", "tệp là bảng tính nhị phân Excel (.xlsb)"
        ),
        SAVE_AS_XLSX,
    ),
    "open_document": Finding(
        Message("it is an OpenDocument file (.ods)", "tệp có dạng OpenDocument (.ods)"),
        SAVE_AS_XLSX,
    ),
    "web_page": Finding(
        Message(
            "it is a web page or XML, as some programmes write under the ending .xls",
            "tệp là trang web hoặc XML, như một số phần mềm xuất ra với đuôi .xls",
        ),
        Message(
            "open it in Excel, and save it as an Excel workbook (.xlsx)",
            "mở bằng Excel, rồi lưu thành Excel Workbook (.xlsx)",
        ),
    ),
    "database": Finding(
        Message(
            "it is a table of dBASE or FoxPro (.dbf)", "tệp là bảng dữ liệu dBASE, FoxPro (.dbf)"
        ),
        Message(
            "open it in Excel, and save it as an Excel workbook (.xlsx)",
            "mở bằng Excel, rồi lưu thành Excel Workbook (.xlsx)",
        ),
    ),
    "archive": Finding(
        Message("it is packed (zip, rar, 7z or gz)", "tệp là tệp nén (zip, rar, 7z, gz)"),
        Message(
            "unpack it, and send each list as a file of its own",
            "giải nén, rồi gửi từng danh sách thành một tệp riêng",
        ),
    ),
    "document": Finding(
        Message(
            "it is a document or a picture, not a sheet",
            "tệp là văn bản trình bày hoặc hình ảnh, không phải bảng tính",
        ),
        Message("copy the list into a workbook (.xlsx)", "chép danh sách sang bảng tính (.xlsx)"),
    ),
    "no_sheet": Finding(
        Message(
            "the workbook has no sheet with cells: only charts",
            "bảng tính không có trang tính chứa ô, chỉ có biểu đồ",
        ),
        LIST_ALONE,
    ),
    "document_type": Finding(
        Message(
            "it is not a workbook that can be read: its XML declares a document type",
            "không phải bảng tính đọc được: XML bên trong khai báo kiểu tài liệu",
        ),
        SAVE_AS_XLSX,
    ),
    "only_hidden": Finding(
        Message(
            "the list stands in a hidden sheet only: {names}",
            "danh sách chỉ có ở trang tính bị ẩn: {names}",
        ),
        Message("unhide the sheet", "bỏ ẩn trang tính"),
    ),
    "rows": Finding(
        Message("there are more than {most} rows", "có hơn {most} hàng"), SEND_IN_PARTS
    ),
    "cells": Finding(Message("there are more than {most} cells", "có hơn {most} ô"), SEND_IN_PARTS),
    "characters": Finding(
        Message("its cells hold more than {most} characters", "các ô có hơn {most} ký tự"),
        SEND_IN_PARTS,
    ),
    "strings": Finding(
        Message("it has more than {most} different texts", "có hơn {most} đoạn chữ khác nhau"),
        SEND_IN_PARTS,
    ),
    "sheets": Finding(
        Message("it has more than {most} sheets", "có hơn {most} trang tính"), LIST_ALONE
    ),
    "long_cell": Finding(
        Message(
            "a cell holds more than {most} characters, as no spreadsheet's can",
            "có ô dài hơn {most} ký tự, vượt mức của bảng tính",
        ),
        SHORTEN,
    ),
    "parts": Finding(
        Message("its archive has more than {most} parts", "tệp nén có hơn {most} phần"), LIST_ALONE
    ),
    "unpacked": Finding(
        Message("it unpacks to more than {most} MiB", "giải nén ra hơn {most} MiB"), LIST_ALONE
    ),
    "memory": Finding(
        Message("reading it takes more than {most} MiB", "đọc tệp cần hơn {most} MiB bộ nhớ"),
        LIST_ALONE,
    ),
    "time": Finding(
        Message("reading it takes more than {most} seconds", "đọc tệp mất hơn {most} giây"),
        LIST_ALONE,
    ),
    "died": Finding(
        Message(
            "the process that reads it ended on it (status {status})",
            "tiến trình đọc tệp đã dừng vì tệp này (mã {status})",
        ),
        LIST_ALONE,
    ),
}

# The file is taken, and this of it is told.
TOLD: Mapping[str, Finding] = {
    "other_sheets": Finding(
        Message(
            "the sheet “{read}” is read; others are not: {names}",
            "chỉ đọc trang tính “{read}”; không đọc: {names}",
        ),
        ITS_OWN_FILE,
    ),
    "hidden_sheets": Finding(
        Message("hidden sheets are not read: {names}", "không đọc trang tính bị ẩn: {names}"),
        ITS_OWN_FILE,
    ),
    "hidden_row": Finding(
        Message(
            "the row is hidden or filtered out: it is not taken",
            "hàng bị ẩn hoặc bị lọc: không được nhập",
        ),
        Message(
            "unhide it, or clear the filter, if it is to be imported",
            "bỏ ẩn hoặc bỏ lọc nếu cần nhập hàng này",
        ),
    ),
    "hidden_rows": Finding(
        Message(
            "the rows {first} to {last} are hidden or filtered out: they are not taken",
            "các hàng {first} đến {last} bị ẩn hoặc bị lọc: không được nhập",
        ),
        Message(
            "unhide them, or clear the filter, if they are to be imported",
            "bỏ ẩn hoặc bỏ lọc nếu cần nhập các hàng này",
        ),
    ),
    "hidden_column": Finding(
        Message(
            "the column {letters} is hidden; it is taken all the same",
            "cột {letters} bị ẩn nhưng vẫn được nhập",
        ),
        Message(
            "clear it if it is not to be imported; else nothing",
            "xóa nội dung cột nếu không cần nhập; nếu cần thì không phải sửa",
        ),
    ),
    "merged_across": Finding(
        Message(
            "{reference} is merged over several columns: it counts for the first of them",
            "{reference} gộp nhiều cột: chỉ tính cho cột đầu",
        ),
        Message(
            "unmerge it, and fill in each column",
            "bỏ gộp ô, rồi điền từng cột",
        ),
    ),
    "far_cells": Finding(
        Message(
            "{count} cells far to the right of the list are not taken, {first} first",
            "{count} ô ở xa bên phải danh sách không được nhập, đầu tiên là {first}",
        ),
        Message("clear them", "xóa nội dung các ô đó"),
    ),
}

# Of a single cell: it shows something else than what the file keeps, or nothing.
DOUBTS: Mapping[str, Finding] = {
    "formula": Finding(
        Message("its formula has no stored value", "công thức chưa có giá trị được lưu"),
        Message(
            "open and save the file in Excel, or paste the values",
            "mở và lưu lại tệp bằng Excel, hoặc dán dạng giá trị",
        ),
    ),
    "error": Finding(
        Message("it shows the error {detail}", "ô báo lỗi {detail}"),
        Message("correct the formula, or write the value", "sửa công thức, hoặc ghi giá trị"),
    ),
    "no_number": Finding(
        Message(
            "“{detail}” is kept as a number and is none",
            "“{detail}” lưu dạng số nhưng không phải số",
        ),
        Message("write the value anew", "ghi lại giá trị"),
    ),
    "digits": Finding(
        Message(
            "{detail} has more digits than a spreadsheet keeps",
            "{detail} có nhiều chữ số hơn mức bảng tính lưu được",
        ),
        Message("format the cell as text, and write it anew", "định dạng ô là Text rồi ghi lại"),
    ),
    "scaled": Finding(
        Message(
            "it keeps {detail} and shows it in thousands or millions",
            "ô lưu {detail} nhưng hiển thị theo nghìn hoặc triệu",
        ),
        Message(
            "write the number in full, in a plain number format",
            "ghi đủ số, với định dạng số thông thường",
        ),
    ),
    "no_day": Finding(
        Message(
            "{detail} is formatted as a day and is none",
            "{detail} định dạng ngày nhưng không phải ngày",
        ),
        Message("write the day anew, such as 25/12/2021", "ghi lại ngày, ví dụ 25/12/2021"),
    ),
    "part_of_day": Finding(
        Message(
            "it keeps the day {detail} and shows only a part of it",
            "ô lưu ngày {detail} nhưng chỉ hiển thị một phần",
        ),
        Message(
            "format it as dd/mm/yyyy, or as text if it is no day",
            "định dạng dd/mm/yyyy, hoặc Text nếu không phải ngày",
        ),
    ),
}


def fault_of(unreadable: Unreadable) -> Finding:
    """Why nothing can be taken from the file."""
    finding = FAULTS[unreadable.code].about(**unreadable.values)
    return finding.at(unreadable.row or (1 if unreadable.code == "utf_16" else 0))
