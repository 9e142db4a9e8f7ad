"""Walking through JSON: every value is found whole, wherever the pieces that are read happen to end."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.history.jsonwalk import Walk, decode
from rules.errors import HistoryError

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', "\\", '\\"]}', "{[", "]}"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)


def walk_over(text: str, piece: int) -> Walk:
    stream = io.BytesIO(text.encode())
    return Walk(lambda _: stream.read(piece), "export.json")


def values_of(walk: Walk) -> list[object]:
    return [walk.value() for _ in walk.elements()]


def deep(levels: int) -> Any:
    return [deep(levels - 1), "]"] if levels else {"a": '}"'}


@given(st.lists(values, max_size=5), st.integers(1, 40), st.sampled_from([None, 1]))
def test_every_value_is_found_whole(items: list[Any], piece: int, indent: int | None) -> None:
    walk = walk_over(json.dumps(items, ensure_ascii=False, indent=indent), piece)
    assert [decode(walk.raw()) for _ in walk.elements()] == items
    assert walk.peek() == b""


@given(st.dictionaries(texts, values, max_size=5), st.integers(1, 40), st.sets(st.integers(0, 4)))
def test_values_that_are_skipped_leave_the_others_whole(told: dict[str, Any], piece: int, skipped: set[int]) -> None:
    walk = walk_over(json.dumps(told, ensure_ascii=False), piece)
    found = {}
    for number, key in enumerate(walk.members()):
        if number in skipped:
            walk.skip()
        else:
            found[key] = walk.value()
    assert found == {key: value for number, (key, value) in enumerate(told.items()) if number not in skipped}


@pytest.mark.parametrize("piece", [3, 1000])
def test_values_nested_deeper_than_usual_are_found_too(piece: int) -> None:
    told = [deep(30), 1, deep(12)]
    walk = walk_over(json.dumps(told), piece)
    assert [decode(walk.raw()) for _ in walk.elements()] == told
    walk = walk_over(json.dumps(told), piece)
    for _ in walk.elements():
        walk.skip()
    assert walk.peek() == b""


def test_the_place_of_a_fault_is_its_line_and_column_whatever_was_read_before() -> None:
    text = '[1,\n {"a": "x\\ny"},\n\n  oops]'
    for piece in range(1, len(text) + 1):
        walk = walk_over(text, piece)
        with pytest.raises(HistoryError, match=r"^export.json:4:3: no good JSON"):
            values_of(walk)


@given(st.integers(1, 30), st.integers(1, 20))
def test_a_file_that_breaks_off_is_told_with_what_was_read(cut: int, piece: int) -> None:
    text = '[{"id": 1}, {"id": "two"}, 3]'
    walk = walk_over(text[: min(cut, len(text) - 1)], piece)
    with pytest.raises(HistoryError, match="breaks off"):
        values_of(walk)
