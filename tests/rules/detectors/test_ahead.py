"""Looking ahead says what a search of the stretch itself would say."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.ahead import Ahead

SEARCHES = {1: re.compile("[b-c]"), 3: re.compile("[ab]{3}")}


@given(
    st.text("abcd ", max_size=40),
    st.lists(st.tuples(st.integers(0, 45), st.integers(0, 12)), max_size=12),
    st.sampled_from(sorted(SEARCHES)),
)
def test_it_says_what_a_search_of_the_stretch_says(text: str, asked: list[tuple[int, int]], length: int) -> None:
    ahead = Ahead(SEARCHES[length], text, length)
    for first, size in sorted(asked):
        found = SEARCHES[length].search(text, first, first + size) is not None
        assert ahead.is_within(first, first + size) is found
