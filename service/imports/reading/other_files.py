"""Other files: what is sent as a list and is none, by how it begins, so that its sender is told.

A name's ending says little: reports of other programmes are web pages called `.xls`, and a workbook
with a password is packed like one of Excel 97.
"""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
# The parts of a compound file have their names in UTF-16.
PROTECTED_PART = "EncryptedPackage".encode("utf-16-le")
WORD_PART = "WordDocument".encode("utf-16-le")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"PK\x05\x06")
DOCUMENTS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
PAGES = (b"<", b"mime-version:")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
PACKED = b"PK\x03\x04"
PARTS_OF_PACKAGES = frozenset({"[Content_Types].xml", "_rels/.rels"})
LOOKED_AT_BYTES = 1024
# dBASE and FoxPro: a version, and the day on which the file was written, in three bytes.
DBASE_VERSIONS = b"\x02\x03\x30\x31\x32\x83\x8b\xf5"
DBASE_HEADER_BYTES = 32
LAST_MONTH, LAST_DAY = 12, 31


def other_file(data: bytes) -> str | None:
    """The code of what the file is, if it is neither a workbook that can be read nor text."""
    if data.startswith(COMPOUND_FILE):
        return _in_compound_file(data)
    if data.startswith(PACKED):
        return _in_archive(data)
    head = data[:LOOKED_AT_BYTES].removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    if head.startswith(PAGES):
        return "web_page"
    if data.startswith(ARCHIVES):
        return "archive"
    if data.startswith(DOCUMENTS):
        return "document"
    return "database" if _is_dbase(data) else None


def is_text(data: bytes) -> bool:
    """Whether the file is made of letters, in whatever encoding."""
    return data.startswith(UTF_16_MARKS) or (
        not data.startswith(PACKED) and b"\0" not in data[:LOOKED_AT_BYTES]
    )


def _in_compound_file(data: bytes) -> str:
    if PROTECTED_PART in data:
        return "protected"
    return "document" if WORD_PART in data else "old_workbook"


def _in_archive(data: bytes) -> str | None:
    """What is packed, by the names of its parts; None for a workbook, and for a damaged archive."""
    try:
        with ZipFile(BytesIO(data)) as packed:
            names = set(packed.namelist())
    except BadZipFile:
        return None
    if "xl/workbook.bin" in names:
        return "binary_workbook"
    if "mimetype" in names:
        return "open_document"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "document"
    return None if names & PARTS_OF_PACKAGES else "archive"


def _is_dbase(data: bytes) -> bool:
    header = data[:DBASE_HEADER_BYTES]
    if len(header) < DBASE_HEADER_BYTES or header[0] not in DBASE_VERSIONS:
        return False
    _, _, month, day = header[:4]
    return 1 <= month <= LAST_MONTH and 1 <= day <= LAST_DAY and 0 in header[12:]
