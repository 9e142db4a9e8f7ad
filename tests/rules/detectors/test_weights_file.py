"""The file of weights: what goes in comes out, and what is wrong with a file is said."""

import numpy as np
import pytest

from rules.detectors.weights import FORMAT, MAGIC, ModelError, packed, unpacked


def some() -> bytes:
    return packed("one", "3", {"a": np.arange(6, dtype=np.int8).reshape(2, 3), "b": np.array([0.5, 2.0], np.float32)})


def test_arrays_come_back_as_they_were() -> None:
    held = unpacked(some())
    assert (held.version, held.features) == ("one", "3")
    assert held.array("a", np.int8, 2, 3).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert held.array("b", np.float32, -1).tolist() == [0.5, 2.0]


def test_the_same_arrays_make_the_same_bytes() -> None:
    assert some() == some()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no file of weights"),
        (b"PK\x03\x04" + bytes(100), "no file of weights"),
        (MAGIC + bytes([FORMAT + 1]) + some()[5:], "reads format"),
        (some()[:-1], "checksum"),
        (some()[:60] + b"\0" + some()[61:], "checksum"),
        (some() + b"more", "checksum"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(data: bytes, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        unpacked(data)


@pytest.mark.parametrize(
    ("name", "kind", "shape"),
    [("c", np.int8, (2, 3)), ("a", np.float32, (2, 3)), ("a", np.int8, (3, 2)), ("a", np.int8, (6,))],
)
def test_an_array_that_was_not_expected_is_refused(name: str, kind: type[np.generic], shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="the weights hold"):
        unpacked(some()).array(name, kind, *shape)


def test_numbers_that_are_none_are_refused() -> None:
    held = unpacked(packed("one", "3", {"b": np.array([np.nan], np.float32)}))
    with pytest.raises(ModelError, match="not finite"):
        held.array("b", np.float32, 1)
