"""Entity tags: how headers list them, and which of them is of a version."""

import pytest

from service.entity_tags import NoTags, field, listed, names_version, of_body


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("*", {"*"}),
        (' "42" ', {'"42"'}),
        ('"42", W/"43"', {'"42"', 'W/"43"'}),
        ('"a,b" ,"c,d"', {'"a,b"', '"c,d"'}),
        (',"42",, "43",', {'"42"', '"43"'}),
        ('"42.0f-gzip"', {'"42.0f-gzip"'}),
        ('"é"', {'"é"'}),
        ('""', {'""'}),
    ],
)
def test_a_list_of_tags_is_read_as_the_standard_has_it(text: str, tags: set[str]) -> None:
    assert listed(text) == tags


@pytest.mark.parametrize(
    "text", ["", "42", "'42'", '"42', '"4 2"', '*, "42"', '"42" "43"', 'w/"1"']
)
def test_what_is_no_list_of_tags_is_refused(text: str) -> None:
    with pytest.raises(NoTags):
        listed(text)


def test_lines_of_a_header_are_one_list() -> None:
    headers = [(b"if-match", b'"1"'), (b"accept", b"*/*"), (b"if-match", b'W/"2", "3"')]
    assert listed(field(headers, b"if-match") or "") == {'"1"', 'W/"2"', '"3"'}
    assert field(headers, b"if-none-match") is None


def test_a_tag_is_of_a_version_by_what_stands_before_its_dot() -> None:
    tag = of_body(b"{}", '"42"', "-gzip")
    assert names_version(tag, 42)
    assert names_version('"42"', 42)
    assert not names_version(tag, 4)
    assert not names_version(f"W/{tag}", 42)
    assert not names_version(of_body(b"{}"), 42)


def test_a_tag_is_of_one_body_in_one_coding() -> None:
    tags = {
        of_body(body, version, end)
        for body in (b"a", b"b")
        for version in ('"1"', "")
        for end in ("", "-gzip")
    }
    assert len(tags) == 8
