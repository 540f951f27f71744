"""What no reader can see, or would see elsewhere than it stands, is refused; the log is read on."""

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.values import RECORDED, Line, Text

LINE, TEXT = TypeAdapter(Line), TypeAdapter(Text)

NOT_OF_TEXT = {
    "a noncharacter": "\ufffe",
    "another": "\uffff",
    "one of Arabic presentation forms": "\ufdd0",
    "an override of the order": "\u202e",
    "an isolate of the order": "\u2067",
    "an annotation": "\ufff9",
    "a tag": "\U000e0041",
    "an escape of a terminal": "\x1b",
}
NOT_OF_LINE = {
    "a blank without width": "\u200b",
    "a byte order mark": "\ufeff",
    "a soft hyphen": "\xad",
    "a mark of the order": "\u200f",
    "a filler": "\u3164",
}
BLANK = ("\u200b", "\u3164", "\u2800", "\u200d\u200d", "\ufe0f", "\u3000 ")
FINE = (
    "Ủy ban nhân dân xã Yên Sơn",
    "U\u0309y ban nha\u0302n da\u0302n",
    "Dự án 🏗️ cầu",
    "Gia đình 👨\u200d👩\u200d👧",
    "“Ngoặc” – gạch…",
)


def fault(of: TypeAdapter[str], text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        of.validate_python(text)
    [error] = refused.value.errors()
    return str(error["msg"])


@pytest.mark.parametrize("character", NOT_OF_TEXT.values(), ids=NOT_OF_TEXT)
def test_no_text_holds_it(character: str) -> None:
    for of in (LINE, TEXT):
        assert f"U+{ord(character):04X} at index 3" in fault(of, f"Tên{character} xã")


@pytest.mark.parametrize("character", NOT_OF_LINE.values(), ids=NOT_OF_LINE)
def test_no_line_hides_it(character: str) -> None:
    assert f"U+{ord(character):04X} at index 3" in fault(LINE, f"Tên{character} xã")
    assert TEXT.validate_python(f"Tên{character} xã")


@pytest.mark.parametrize("separator", ["\n", "\u2028", "\u2029", "\t"])
def test_a_line_is_one(separator: str) -> None:
    assert "one line" in fault(LINE, f"a{separator}b")


@pytest.mark.parametrize("text", BLANK)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert "blank" in fault(TEXT, text)
    assert fault(LINE, text)


@pytest.mark.parametrize("text", FINE)
def test_what_offices_write_is_taken(text: str) -> None:
    for of in (LINE, TEXT):
        assert of.validate_python(text)


@pytest.mark.parametrize("character", {**NOT_OF_TEXT, **NOT_OF_LINE}.values())
def test_what_was_recorded_before_is_read_as_it_is(character: str) -> None:
    assert LINE.validate_python(f"Xã{character}", context=RECORDED) == f"Xã{character}"
