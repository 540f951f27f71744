"""Schemas of values say what their validators take: what a client reads of them is true."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain import values

NUMBERS = ("Quantity", "Percent", "WeightPercent", "Points", "PointTotal")
DIGITS = st.text("0123456789+-.", min_size=1, max_size=24)
CHARACTERS = st.text(
    st.sampled_from("a \t\n\r\x00\x1f\x7f\x85\xa0\u1680\u2003\u2028\ufeffĐ\U0001f3d7")
    | st.characters(categories=["Cf", "Zl", "Zp", "Zs", "Mn"], max_codepoint=0xFFFF)
    | st.sampled_from("\ufdd0\ufdef\ufffe\uffff\u202e\u2066\u3164\u2800\u200d\ufe0f\ufffa")
)


def takes(name: str, value: object) -> bool:
    try:
        TypeAdapter(getattr(values, name)).validate_python(value)
    except ValidationError:
        return False
    return True


def described(name: str) -> list[dict[str, Any]]:
    schema = TypeAdapter[Any](getattr(values, name)).json_schema()
    options: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return options


def matches(name: str, text: str) -> bool:
    [pattern] = [option["pattern"] for option in described(name) if option["type"] == "string"]
    return re.search(pattern[:-1] + r"\Z", text) is not None


@pytest.mark.parametrize("name", NUMBERS)
@given(text=DIGITS)
def test_a_number_in_text_is_taken_where_its_pattern_says_so(name: str, text: str) -> None:
    assert takes(name, text) == matches(name, text)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-0",
        "-.0",
        "+5",
        "5.",
        ".5",
        "007",
        "1.2300",
        "99.99",
        "100",
        "100.0",
        "100.01",
        "1000",
        "1000.01",
        "100000",
        "100000.00",
        "100001",
        "99999999999999.9999",
        "100000000000000",
        "0.00001",
        ".",
        "-",
        "+",
        "1e2",
    ],
)
def test_at_the_edges_a_number_is_taken_where_its_pattern_says_so(name: str, text: str) -> None:
    assert takes(name, text) == matches(name, text)


@pytest.mark.parametrize("name", ["Line", "Text"])
@given(text=CHARACTERS)
def test_text_is_taken_where_its_pattern_says_so(name: str, text: str) -> None:
    assert takes(name, text) == matches(name, text)


@pytest.mark.parametrize(
    "text", ["1900-01-01", "1899-12-31", "2199-12-31", "2200-01-01", "2021-5-1", "2021-13-01"]
)
def test_a_day_is_taken_where_its_pattern_says_so(text: str) -> None:
    assert takes("Day", text) == matches("Day", text)
