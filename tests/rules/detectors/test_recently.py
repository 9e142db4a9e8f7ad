"""An author's last messages as one text: what was split is whole again, within bounds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.recently import Recently

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@given(st.text(min_size=3, max_size=200).filter(lambda text: text.strip()), st.data())
def test_a_text_that_was_cut_anywhere_is_restored(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(1, len(text) - 1), min_size=1, max_size=3)))
    pieces = [text[first:last] for first, last in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    pieces = [piece for piece in pieces if piece.strip()]
    recently = Recently()
    for number, piece in enumerate(pieces):
        together = recently.joined("g", "a", after(number), piece, f"m{number}")
        if number:
            assert together is not None
            assert together.text == "".join(pieces[: number + 1])
            assert together.others == tuple(f"m{earlier}" for earlier in range(number))


def test_the_first_message_has_nothing_to_be_joined_with() -> None:
    assert Recently().joined("g", "a", NOON, "hello", "1") is None


def test_authors_and_groups_are_kept_apart() -> None:
    recently = Recently()
    recently.joined("g", "a", NOON, "one", "1")
    assert recently.joined("g", "b", NOON, "two", "2") is None
    assert recently.joined("h", "a", NOON, "two", "3") is None


def test_what_is_old_is_not_joined() -> None:
    recently = Recently(within=timedelta(minutes=3))
    recently.joined("g", "a", NOON, "one", "1")
    assert recently.joined("g", "a", after(180), "two", "2") is not None
    assert recently.joined("g", "a", after(361), "three", "3") is None


def test_only_the_last_few_are_joined() -> None:
    recently = Recently(messages=3)
    for number in range(5):
        together = recently.joined("g", "a", after(number), str(number), f"m{number}")
    assert together is not None
    assert together == ("234", ("m2", "m3"), "23")


def test_a_message_told_again_gives_the_same_and_counts_once() -> None:
    recently = Recently()
    recently.joined("g", "a", after(0), "one", "1")
    first = recently.joined("g", "a", after(1), "two", "2")
    assert recently.joined("g", "a", after(1), "two", "2") == first
    recently.joined("g", "a", after(2), "three", "3")
    assert recently.joined("g", "a", after(1), "two", "2") == first
    assert recently.joined("g", "a", after(0), "one", "1") is None


def test_an_edit_takes_the_place_of_what_was_said_and_is_seen_with_what_followed() -> None:
    recently = Recently()
    recently.joined("g", "a", after(0), "one ", "1")
    recently.joined("g", "a", after(1), "two", "2")
    edited = recently.joined("g", "a", after(5), "first ", "1")
    assert edited == ("first two", ("2",), "two")
    assert recently.joined("g", "a", after(5), "first ", "1") == edited
    assert recently.joined("g", "a", after(6), "!", "3") == ("first two!", ("1", "2"), "first two")


def test_a_late_message_takes_its_place_in_time() -> None:
    recently = Recently()
    recently.joined("g", "a", after(2), "two", "2")
    assert recently.joined("g", "a", after(1), "one", "1") is None
    assert recently.joined("g", "a", after(3), "three", "3") == ("onetwothree", ("1", "2"), "onetwo")


def test_a_message_without_words_is_no_part() -> None:
    recently = Recently()
    recently.joined("g", "a", after(0), "one", "1")
    assert recently.joined("g", "a", after(1), " \n", "2") is None
    assert recently.joined("g", "a", after(2), "two", "3") == ("onetwo", ("1",), "one")


def test_the_one_who_was_silent_longest_is_forgotten_first() -> None:
    recently = Recently(authors=2)
    for number, author in enumerate("abac"):
        recently.joined("g", author, after(number), author, f"m{number}")
    assert len(recently) == 2
    assert recently.joined("g", "a", after(5), "!", "m5") == ("aa!", ("m0", "m2"), "aa")
    assert recently.joined("g", "b", after(6), "!", "m6") is None


def test_the_silent_are_forgotten_though_nobody_pushes_them_out() -> None:
    recently = Recently()
    for number in range(100):
        recently.joined("g", f"a{number}", NOON, "hello", f"m{number}")
    for number in range(100):
        recently.joined("g", "z", after(1000 + number), "hello", f"n{number}")
    assert len(recently) == 1


def test_of_a_long_text_both_ends_are_kept() -> None:
    recently = Recently()
    recently.joined("g", "a", NOON, "b" * 600 + "x" * 100_000 + "e" * 600, "1")
    together = recently.joined("g", "a", after(1), "!", "2")
    assert together is not None
    assert together.text == "b" * 512 + "e" * 512 + "!"


def test_somebody_can_be_forgotten() -> None:
    recently = Recently()
    recently.joined("g", "a", NOON, "one", "1")
    recently.joined("g", "b", NOON, "one", "2")
    recently.forget("a")
    assert recently.joined("g", "a", after(1), "two", "3") is None
    assert recently.joined("g", "b", after(1), "two", "4") is not None


@pytest.mark.parametrize("wrong", [{"messages": 1}, {"authors": 0}, {"within": timedelta(0)}])
def test_bounds_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two messages, one author and some time"):
        Recently(**wrong)  # type: ignore[arg-type]


def test_the_words_of_one_message_are_told_while_they_are_known() -> None:
    recently = Recently()
    recently.joined("g", "a", NOON, "one", "1")
    recently.joined("g", "a", after(1), "two", "2")
    assert [recently.words("g", "a", message) for message in ("1", "2", "3")] == ["one", "two", ""]
    assert recently.words("h", "a", "1") == ""
