"""Patterns: what each pattern of the API asks for, in words."""

from collections.abc import Mapping

from service.entity_tags import LIST_PATTERN
from service.language import Language

WORDS: Mapping[str, Mapping[Language, str]] = {
    r"^[a-z0-9][a-z0-9._-]{0,63}$": {
        "en": "must be an id such as 'yen-son': 1 to 64 of a-z, 0-9, '.', '_' and '-', "
        "beginning with a letter or a digit",
        "vi": "phải là mã như 'yen-son': 1 đến 64 ký tự gồm a-z, 0-9, '.', '_' và '-', "
        "bắt đầu bằng chữ cái hoặc chữ số",
    },
    r"^[a-z][a-z0-9._-]{0,63}$": {
        "en": "must be a name of 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter",
        "vi": "phải là tên gồm 1 đến 64 ký tự a-z, 0-9, '.', '_' và '-', bắt đầu bằng chữ cái",
    },
    r"^[a-z][a-z0-9_]{0,39}$": {
        "en": "must be a word such as 'land_use': 1 to 40 of a-z, 0-9 and '_', beginning with "
        "a letter",
        "vi": "phải là từ khóa như 'land_use': 1 đến 40 ký tự gồm a-z, 0-9 và '_', bắt đầu bằng "
        "chữ cái",
    },
    r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$": {
        "en": "must be a code of 1 to 20 letters without marks, digits, '.' and '-', beginning "
        "with a letter or a digit",
        "vi": "phải là mã số gồm 1 đến 20 chữ cái không dấu, chữ số, '.' và '-', bắt đầu bằng chữ "
        "cái hoặc chữ số",
    },
    r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,39}$": {
        "en": "must be a code of 1 to 40 letters without marks, digits, '.', '_', '/' and '-', "
        "beginning with a letter or a digit",
        "vi": "phải là mã gồm 1 đến 40 chữ cái không dấu, chữ số, '.', '_', '/' và '-', bắt đầu "
        "bằng chữ cái hoặc chữ số",
    },
    r"^(official|unit):[a-z0-9][a-z0-9._-]{0,63}$": {
        "en": "must be 'official:' or 'unit:' and an id, such as 'unit:yen-son'",
        "vi": "phải là 'official:' hoặc 'unit:' kèm mã, như 'unit:yen-son'",
    },
    r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$": {
        "en": "must be a year, a quarter or a month, such as '2021', '2021-Q2' or '2021-05'",
        "vi": "phải là năm, quý hoặc tháng, như '2021', '2021-Q2' hoặc '2021-05'",
    },
    r"^[a-z0-9_]+(\.[a-z0-9_]+)*$": {
        "en": "must be the path of a step of the explanation, such as 'levels.0'",
        "vi": "phải là đường dẫn của một bước trong phần giải thích, ví dụ 'levels.0'",
    },
    r"^[0-9a-z/-]+$": {
        "en": "must be made of a-z, 0-9, '/' and '-'",
        "vi": "chỉ gồm các ký tự a-z, 0-9, '/' và '-'",
    },
    r"^[!-~]{1,255}$": {
        "en": "must be 1 to 255 visible ASCII characters, without blanks",
        "vi": "phải là 1 đến 255 ký tự ASCII in được, không có dấu cách",
    },
    LIST_PATTERN: {
        "en": "must be '*' or entity tags in quotes, separated by commas, such as '\"42\"'",
        "vi": "phải là '*' hoặc các thẻ phiên bản trong ngoặc kép, cách nhau bằng dấu phẩy, "
        "như '\"42\"'",
    },
    r"^[0-9A-Za-z][0-9A-Za-z._:+-]{0,63}$": {
        "en": "must be a position, an instant (RFC 3339) or the name of a snapshot",
        "vi": "phải là số thứ tự sự kiện, thời điểm (RFC 3339) hoặc tên bản chụp",
    },
    r"^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$": {
        "en": "must be an instant with its offset from UTC, such as 2021-06-30T17:00:00Z",
        "vi": "phải là thời điểm kèm múi giờ, ví dụ 2021-06-30T17:00:00Z",
    },
    r"^([1-9][0-9]{0,14}|[a-z][a-z0-9._-]{0,63})$": {
        "en": "must be a position or the name of a snapshot",
        "vi": "phải là số thứ tự sự kiện hoặc tên bản chụp",
    },
    r"^[A-Za-z0-9_=-]+$": {
        "en": "must be the cursor of a page, as it was given",
        "vi": "phải là mã trang đúng như đã nhận được",
    },
    r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$": {
        "en": "must be a month such as 2021-05",
        "vi": "phải là tháng, dạng 2021-05",
    },
    r"^([0-9a-f]{12}-)?[0-9]{1,15}$": {
        "en": "must be a position or the cursor of the feed, such as '4711' or '5f0c9d27ab31-4711'",
        "vi": "phải là số thứ tự sự kiện hoặc mã đọc tiếp của luồng sự kiện, như '4711' hoặc "
        "'5f0c9d27ab31-4711'",
    },
    r"^[a-z_]{1,40}\.[a-z_]{1,60}$": {
        "en": "must be a type of event such as 'task.handed_over'",
        "vi": "phải là loại sự kiện như 'task.handed_over'",
    },
    r"^[a-z]+:[a-z0-9][a-z0-9._-]{0,63}$": {
        "en": "must be a tag such as 'unit:yen-son'",
        "vi": "phải là nhãn như 'unit:yen-son'",
    },
    r"^(task|official|unit|post|document)(,(task|official|unit|post|document)){0,4}$": {
        "en": "must be one or more of task, official, unit, post and document, separated by commas",
        "vi": "phải là một hoặc nhiều loại trong task, official, unit, post, document, "
        "cách nhau bằng dấu phẩy",
    },
    r"^[0-9a-f]{16}$": {
        "en": "must be the id of a token: 16 hexadecimal digits, in lower case",
        "vi": "phải là mã số của mã truy cập gồm 16 chữ số hệ 16, viết thường",
    },
    r"^[0-9a-f]{64}$": {
        "en": "must be a SHA-256 in 64 hexadecimal digits, in lower case",
        "vi": "phải là mã SHA-256 gồm 64 chữ số hệ 16, viết thường",
    },
    r"^(https?|ftp|file|urn|s3):[!-~]+$": {
        "en": "must be an address that begins with http:, https:, ftp:, file:, urn: or s3:",
        "vi": "phải là địa chỉ bắt đầu bằng http:, https:, ftp:, file:, urn: hoặc s3:",
    },
}


def described(pattern: object, language: Language) -> str | None:
    """What the pattern asks for; None for one that nobody has put into words."""
    words = WORDS.get(str(pattern))
    return None if words is None else words[language]
