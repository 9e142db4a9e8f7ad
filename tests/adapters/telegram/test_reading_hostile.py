"""Whatever comes for an update: it is read, or refused at once with an ordinary exception."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.reading import Reader, Told
from rules.events import decode, encode

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.json"))
UPDATES = [path.read_text() for path in FIXTURES]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", "text", "url", "message_id", "chat"]), st.integers(), max_size=2),
    st.just([["😀\ud83d"]]),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything inside."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


def changed(update: Any, path: tuple[Any, ...], odd: Any, *, drop: bool) -> None:
    for key in path[:-1]:
        try:
            update = update[key]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change has taken it away
    try:
        if drop:
            del update[path[-1]]
        else:
            update[path[-1]] = odd
    except (KeyError, IndexError, TypeError):
        return


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(UPDATES),
    st.lists(st.tuples(st.integers(0, 10_000), st.booleans(), ODD), min_size=1, max_size=4),
)
def test_a_damaged_update_is_read_or_refused(raw: str, damage: list[tuple[int, bool, Any]]) -> None:
    update = json.loads(raw)
    ways = places(update)
    for number, drop, odd in damage:
        changed(update, ways[number % len(ways)], odd, drop=drop)
    try:
        told = Reader("tg", 42).read(update)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return
    assert isinstance(told, Told)
    for event in told.events:  # what is told can be kept and taken out again
        try:
            kept = encode(event)
        except UnicodeEncodeError:
            continue  # the inbox cleans what no database could keep
        assert decode(kept) == event


@settings(max_examples=100, deadline=None)
@given(st.recursive(ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner)))
def test_what_is_no_update_at_all_is_refused_or_says_nothing(odd: Any) -> None:
    for update in ({"update_id": 1, "message": odd}, {"update_id": 1, "future": odd}, {"message": odd}):
        try:
            told = Reader("tg", 42).read(update)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        assert told == Told()
