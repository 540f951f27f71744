"""Files: every value is the text that was written, and every fault has its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regulations.files.faults import Mark, Unreadable
from domain.regulations.files.tree import MOST_BYTES, decoded, read
from domain.regulations.policies import checked
from tests.domain.regulations.spoilt import SAMPLE, lines


def test_a_value_stays_the_text_that_was_written() -> None:
    tree = read("a: 0.30\nb: no\nc: 1_0\nd: [~, 0x10, '1', 2026-01-05]\ne:\n")
    assert tree.data == {
        "a": "0.30",
        "b": "no",
        "c": "1_0",
        "d": ["~", "0x10", "1", "2026-01-05"],
        "e": "",
    }
    assert tree.marks[("d", 3)] == Mark(4, 19)
    assert tree.marks[("b",)] == Mark(2, 1)
    assert tree.faults == ()


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "1:1: tệp không có nội dung"),
        ("- a\n", "1:1: tệp phải gồm các mục «tên: giá trị»"),
        ("[a]: b\n", "1:1: tên mục phải là chữ"),
        ("a: 1\n---\nb: 2\n", "2:1: mỗi tệp chỉ có một quy định"),
        ("a: \x01\n", "1:4: ký tự U+0001 không phải văn bản"),
        ("a:\n\tb: c\n", "2:1: không đúng cú pháp YAML: thụt dòng bằng tab"),
        ("a: b: c\n", "1:5: không đúng cú pháp YAML: dấu hai chấm thừa"),
        ("a: [1, 2\nb: 3\n", "2:2: không đúng cú pháp YAML: thiếu dấu phẩy hoặc dấu ]"),
        ("a: " + "[" * 200_000, "1:15: a.0.0.0.0.0.0.0.0.0.0.0: lồng nhau quá 12 tầng"),
        ("a: [" + "x," * 20_000 + "]", "1:8001: quá 4000 giá trị"),
        ("#" * (MOST_BYTES + 1), "1:1: tệp có 262145 byte, quá 256 KiB"),
    ],
)
def test_what_is_no_regulation_in_yaml_is_told_with_its_place(source: str, says: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(source)
    (fault,) = unreadable.value.faults
    assert fault.line("f").removeprefix("f:").startswith(says)


def test_all_that_makes_yaml_ambiguous_is_told_at_once() -> None:
    source = "%YAML 1.1\n---\na: &x 1\nb: *x\nc: !!int 3\nd: {e: 1, e: 2}\n"
    assert [fault.line("f", "en") for fault in read(source).faults] == [
        "f:1:1: a directive (%) is not allowed",
        "f:3:4: a: an anchor (&) is not allowed",
        "f:4:4: b: an alias (*) is not allowed",
        "f:5:4: c: a tag (!) is not allowed",
        "f:6:11: d.e: given twice, first on line 6",
    ]
    assert [line for line in lines(source) if "d.e" in line] == [
        "bad.yaml:6:11: d.e: được nêu hai lần, lần đầu ở dòng 6"
    ]


def test_a_file_that_is_not_utf_8_is_told_by_its_line() -> None:
    assert decoded("Tỉnh ủy".encode()) == "Tỉnh ủy"
    with pytest.raises(Unreadable) as unreadable:
        decoded("a: 1\nb: Tỉnh".encode("utf-16-le"))
    assert unreadable.value.faults[0].mark.line == 2


@given(st.data())
def test_whatever_a_file_holds_is_answered_by_faults(data: st.DataObject) -> None:
    rows = SAMPLE.splitlines()
    at = data.draw(st.integers(0, len(rows) - 1))
    cut = data.draw(st.integers(0, len(rows[at])))
    put = data.draw(
        st.sampled_from(["", "{", "]", ": ", "- ", "&a ", "0", "%", "null", "\n", "\t", "'", "#"])
    )
    rows[at] = rows[at][:cut] + put + rows[at][cut + data.draw(st.integers(0, 9)) :]
    found = checked("\n".join(rows))
    bad = [fault for fault in found.faults if fault.weight == "fault"]
    assert (found.policy is None) == bool(bad)
    for fault in found.faults:
        assert 1 <= fault.mark.line <= len(rows) + 2
        assert fault.vietnamese
        assert fault.english
